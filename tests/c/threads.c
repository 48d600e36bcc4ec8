/* What threads may do at once:

       threads [TOKENS]        default: 10000

   Eight threads verify with one verifier while another replaces its keyring 2,000 times. Both keyrings take the
   token, so no request may be refused, and the generation a thread sees never goes back.

   64 threads receive every one of TOKENS requests with one memory store: each request is accepted exactly once. */
#include "check.h"
#include "fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { VERIFYING_THREADS = 8, REPLACEMENTS = 2000, RECEIVING_THREADS = 64 };

struct shared {
    hookproof_verifier *verifier;
    struct call call;
    atomic_bool replaced_all;
    atomic_size_t accepted;
    atomic_size_t refused;
    atomic_size_t back_in_time;
};

/* One verification, one-shot or streamed. The generation of the ring that judged it, 0 when refused. */
static uint64_t verify_once(const struct call *call, bool streamed)
{
    hookproof_result *result = NULL;
    hookproof_status status = streamed ? call_begin(call, &result) : call_verify(call, &result);
    if (status == HOOKPROOF_PENDING_BODY)
        status = hookproof_result_update(result, call->body, call->body_len);
    if (status == HOOKPROOF_PENDING_BODY)
        status = hookproof_result_finish(result, call->now);
    uint64_t generation = status == HOOKPROOF_OK ? hookproof_result_keyring_generation(result) : 0;
    hookproof_result_free(result);
    return generation;
}

static void *verify_all_along(void *argument)
{
    struct shared *shared = argument;
    uint64_t newest = 0;
    bool last_round;
    size_t round = 0;
    do {
        last_round = atomic_load(&shared->replaced_all);
        uint64_t generation = verify_once(&shared->call, round++ % 2 == 1);
        atomic_fetch_add(generation == 0 ? &shared->refused : &shared->accepted, 1);
        if (generation != 0 && generation < newest)
            atomic_fetch_add(&shared->back_in_time, 1);
        newest = generation;
    } while (!last_round);
    return NULL;
}

static void *replace_all_along(void *argument)
{
    struct shared *shared = argument;
    for (int i = 0; i < REPLACEMENTS; i++) {
        hookproof_keyring *keyring = fixture_keyring(SECRET);
        if (i % 2 == 0 && hookproof_keyring_add_secret(keyring, TEXT(API_KEY), TEXT("next"), TEXT(OTHER_SECRET)) !=
                              HOOKPROOF_OK)
            atomic_fetch_add(&shared->refused, 1);
        if (hookproof_verifier_replace_keyring(shared->verifier, keyring) != HOOKPROOF_OK)
            atomic_fetch_add(&shared->refused, 1);
        hookproof_keyring_free(keyring);
    }
    atomic_store(&shared->replaced_all, true);
    return NULL;
}

static void start(pthread_t *thread, void *(*body)(void *), void *argument)
{
    if (pthread_create(thread, NULL, body, argument) != 0) {
        fputs("cannot start a thread\n", stderr);
        exit(3);
    }
}

static void test_replacements(void)
{
    hookproof_signer *signer = fixture_signer();
    struct shared shared = {.verifier = fixture_verifier(NULL)};
    shared.call = fixture_call(shared.verifier, fixture_signed_body(signer));

    pthread_t threads[VERIFYING_THREADS + 1];
    for (size_t i = 0; i < VERIFYING_THREADS; i++)
        start(&threads[i], verify_all_along, &shared);
    start(&threads[VERIFYING_THREADS], replace_all_along, &shared);
    for (size_t i = 0; i < VERIFYING_THREADS + 1; i++)
        pthread_join(threads[i], NULL);

    size_t accepted = atomic_load(&shared.accepted);
    printf("%zu verifications beside %d replacements\n", accepted, REPLACEMENTS);
    CHECK(atomic_load(&shared.refused) == 0);
    CHECK(atomic_load(&shared.back_in_time) == 0);
    CHECK(accepted >= VERIFYING_THREADS);
    CHECK(hookproof_verifier_generation(shared.verifier) == REPLACEMENTS + 1);
    hookproof_verifier_free(shared.verifier);
    hookproof_signer_free(signer);
}

struct race {
    const hookproof_verifier *verifier;
    const hookproof_store *store;
    const struct token *tokens;
    size_t count;
    /* For each token, how many threads it was accepted for. */
    atomic_uint *accepted;
    atomic_size_t repeats;
    atomic_size_t failures;
};

static void *receive_all(void *argument)
{
    struct race *race = argument;
    for (size_t i = 0; i < race->count; i++) {
        hookproof_str header = {race->tokens[i].header, race->tokens[i].len};
        struct call call = fixture_receive(race->verifier, race->store, header);
        hookproof_result *result = NULL;
        hookproof_claim *claim = NULL;
        switch (call_receive(&call, &result, &claim)) {
        case HOOKPROOF_OK:
            atomic_fetch_add(&race->accepted[i], 1);
            /* Done, or still at work: nobody else may have it in either case. */
            if (i % 2 == 0 && hookproof_claim_confirm(claim, NOW) != HOOKPROOF_OK)
                atomic_fetch_add(&race->failures, 1);
            break;
        case HOOKPROOF_R_REPLAY_IN_PROGRESS:
        case HOOKPROOF_R_REPLAY_DUPLICATE:
            atomic_fetch_add(&race->repeats, 1);
            break;
        default:
            atomic_fetch_add(&race->failures, 1);
        }
        hookproof_claim_free(claim);
        hookproof_result_free(result);
    }
    return NULL;
}

static void test_receiving(size_t count)
{
    hookproof_verifier *verifier = fixture_verifier(NULL);
    hookproof_store *store = fixture_memory_store(count);
    struct token *tokens = fixture_tokens(count);
    struct race race = {.verifier = verifier, .store = store, .tokens = tokens, .count = count};
    race.accepted = calloc(count, sizeof *race.accepted);
    if (race.accepted == NULL) {
        fputs("no memory\n", stderr);
        exit(3);
    }
    pthread_t threads[RECEIVING_THREADS];
    for (size_t i = 0; i < RECEIVING_THREADS; i++)
        start(&threads[i], receive_all, &race);
    for (size_t i = 0; i < RECEIVING_THREADS; i++)
        pthread_join(threads[i], NULL);

    size_t not_once = 0;
    for (size_t i = 0; i < count; i++)
        not_once += atomic_load(&race.accepted[i]) != 1;
    printf("%d threads with the same %zu requests: %zu not accepted exactly once\n", RECEIVING_THREADS, count, not_once);
    CHECK(not_once == 0);
    CHECK(atomic_load(&race.failures) == 0);
    CHECK(atomic_load(&race.repeats) == (RECEIVING_THREADS - 1) * count);
    free(race.accepted);
    fixture_free_tokens(tokens, count);
    hookproof_store_free(store);
    hookproof_verifier_free(verifier);
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000;
    test_replacements();
    test_receiving(count);
    return check_report();
}
