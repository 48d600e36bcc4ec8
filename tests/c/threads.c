/* Eight threads verify with one verifier while another replaces its keyring 2,000 times. Both keyrings
   take the token, so no request may be refused, and the generation a thread sees never goes back. */
#include "check.h"
#include "fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { VERIFYING_THREADS = 8, REPLACEMENTS = 2000 };

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

static void start(pthread_t *thread, void *(*body)(void *), struct shared *shared)
{
    if (pthread_create(thread, NULL, body, shared) != 0) {
        fputs("cannot start a thread\n", stderr);
        exit(3);
    }
}

int main(void)
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
    return check_report();
}
