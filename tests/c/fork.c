/* Stores on both sides of a fork:

       fork [REQUESTS]        default: 10000

   A memory store goes on in the child with what the parent knew. A file store that was used before the fork, or
   made before it and used after it, accepts each request in exactly one process. A child of a process whose
   threads are at work never hangs, whatever a thread held at that moment. */
#define _DEFAULT_SOURCE

#include "check.h"
#include "fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Seconds after which a child counts as hung, also on a slow machine under valgrind. */
enum { CHILD_SECONDS = 120, FORKS_UNDER_LOAD = 20, BUSY_THREADS = 4, BUDGET_UNDER_LOAD_MS = 500 };

/* What all processes count in. */
struct counters {
    atomic_size_t repeats;
    atomic_size_t failures;
    atomic_uint accepted[];
};

static size_t counters_size(size_t count)
{
    return sizeof(struct counters) + count * sizeof(atomic_uint);
}

static struct counters *new_counters(size_t count)
{
    void *memory = mmap(NULL, counters_size(count), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        perror("mmap");
        exit(3);
    }
    return memory;
}

/* Runs body in a child. Nothing of the parent's output may be printed twice, and the child ends without the
   parent's clean-up. */
static pid_t in_child(void (*body)(void *), void *argument)
{
    fflush(stdout);
    pid_t child = fork();
    if (child < 0) {
        perror("fork");
        exit(3);
    }
    if (child == 0) {
        alarm(CHILD_SECONDS);
        body(argument);
        fflush(stdout);
        _exit(0);
    }
    return child;
}

static void wait_for(pid_t child)
{
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

struct race {
    const hookproof_verifier *verifier;
    const hookproof_store *store;
    const struct token *tokens;
    size_t from;
    size_t to;
    struct counters *counters;
};

/* Receives the requests from `from` to `to`, and counts. */
static void receive_all(void *argument)
{
    const struct race *race = argument;
    for (size_t i = race->from; i < race->to; i++) {
        hookproof_str header = {race->tokens[i].header, race->tokens[i].len};
        struct call call = fixture_receive(race->verifier, race->store, header);
        hookproof_result *result = NULL;
        hookproof_claim *claim = NULL;
        switch (call_receive(&call, &result, &claim)) {
        case HOOKPROOF_OK:
            atomic_fetch_add(&race->counters->accepted[i], 1);
            if (i % 2 == 0 && hookproof_claim_confirm(claim, NOW) != HOOKPROOF_OK)
                atomic_fetch_add(&race->counters->failures, 1);
            break;
        case HOOKPROOF_R_REPLAY_IN_PROGRESS:
        case HOOKPROOF_R_REPLAY_DUPLICATE:
            atomic_fetch_add(&race->counters->repeats, 1);
            break;
        default:
            /* The first one says why. */
            if (atomic_fetch_add(&race->counters->failures, 1) == 0)
                printf("request %zu: %s\n", i, hookproof_result_detail(result).ptr);
        }
        hookproof_claim_free(claim);
        hookproof_result_free(result);
    }
}

static void receive_range(const struct race *race, size_t from, size_t to)
{
    struct race part = *race;
    part.from = from;
    part.to = to;
    receive_all(&part);
}

/* Each of the requests was accepted so many times, in all processes together. */
static void check_accepted(struct counters *counters, size_t from, size_t to, unsigned times)
{
    size_t others = 0;
    for (size_t i = from; i < to; i++)
        others += atomic_load(&counters->accepted[i]) != times;
    CHECK(others == 0);
}

static struct race new_race(const hookproof_store *store, size_t count)
{
    return (struct race){
        .verifier = fixture_verifier(NULL),
        .store = store,
        .tokens = fixture_tokens(count),
        .to = count,
        .counters = new_counters(count),
    };
}

static void end_race(struct race *race, size_t count)
{
    munmap(race->counters, counters_size(count));
    fixture_free_tokens((struct token *)race->tokens, count);
    hookproof_verifier_free((hookproof_verifier *)race->verifier);
}

/* The child knows what the parent knew, and from then on neither learns of the other. */
static void test_memory(void)
{
    enum { KNOWN = 20, COUNT = 60 };
    hookproof_store *store = fixture_memory_store(COUNT);
    struct race race = new_race(store, COUNT);
    receive_range(&race, 0, KNOWN);
    check_accepted(race.counters, 0, KNOWN, 1);
    wait_for(in_child(receive_all, &race));
    check_accepted(race.counters, 0, KNOWN, 1);
    CHECK(atomic_load(&race.counters->repeats) == KNOWN);
    receive_range(&race, KNOWN, COUNT);
    check_accepted(race.counters, KNOWN, COUNT, 2);
    receive_range(&race, 0, COUNT);
    CHECK(atomic_load(&race.counters->repeats) == KNOWN + COUNT);
    CHECK(atomic_load(&race.counters->failures) == 0);
    end_race(&race, COUNT);
    hookproof_store_free(store);
}

static hookproof_store *file_store(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", fixture_directory(), name);
    return fixture_file_store(path);
}

/* A third of the requests before the fork, and all of them after it, in parent and child at once. */
static void test_file_used_before(size_t count)
{
    hookproof_store *store = file_store("used-before");
    struct race race = new_race(store, count);
    receive_range(&race, 0, count / 3);
    pid_t child = in_child(receive_all, &race);
    receive_all(&race);
    wait_for(child);
    check_accepted(race.counters, 0, count, 1);
    CHECK(atomic_load(&race.counters->failures) == 0);
    CHECK(atomic_load(&race.counters->repeats) == count + count / 3);
    /* The parent goes on. */
    receive_all(&race);
    CHECK(atomic_load(&race.counters->repeats) == 2 * count + count / 3);
    end_race(&race, count);
    hookproof_store_free(store);
}

/* Made by the parent, and used by two children first. */
static void test_file_made_before(size_t count)
{
    hookproof_store *store = file_store("made-before");
    struct race race = new_race(store, count);
    pid_t first = in_child(receive_all, &race);
    pid_t second = in_child(receive_all, &race);
    wait_for(first);
    wait_for(second);
    check_accepted(race.counters, 0, count, 1);
    CHECK(atomic_load(&race.counters->failures) == 0);
    CHECK(atomic_load(&race.counters->repeats) == count);
    receive_all(&race);
    CHECK(atomic_load(&race.counters->repeats) == 2 * count);
    end_race(&race, count);
    hookproof_store_free(store);
}

/* The parent has the file open when it forks, closes it while the child uses it, and makes another handle: both
   must still see what the other accepts. */
static void test_file_closed_by_parent(void)
{
    enum { COUNT = 400, OLD = COUNT / 4, CHILD = COUNT / 2 };
    hookproof_store *store = file_store("closed-by-parent");
    struct race race = new_race(store, COUNT);
    int to_parent[2];
    int to_child[2];
    char signal = 0;
    receive_range(&race, 0, OLD);
    if (pipe(to_parent) != 0 || pipe(to_child) != 0) {
        perror("pipe");
        exit(3);
    }
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(CHILD_SECONDS);
        receive_range(&race, OLD, CHILD);
        bool told = write(to_parent[1], &signal, 1) == 1 && read(to_child[0], &signal, 1) == 1;
        receive_range(&race, 0, COUNT);
        fflush(stdout);
        _exit(told ? 0 : 1);
    }
    CHECK(child > 0 && read(to_parent[0], &signal, 1) == 1);
    hookproof_store_free(store);
    store = file_store("closed-by-parent");
    race.store = store;
    receive_range(&race, CHILD, COUNT);
    CHECK(write(to_child[1], &signal, 1) == 1);
    wait_for(child);
    receive_range(&race, 0, COUNT);
    check_accepted(race.counters, 0, COUNT, 1);
    CHECK(atomic_load(&race.counters->failures) == 0);
    CHECK(atomic_load(&race.counters->repeats) == 2 * COUNT);
    for (size_t i = 0; i < 2; i++) {
        close(to_parent[i]);
        close(to_child[i]);
    }
    end_race(&race, COUNT);
    hookproof_store_free(store);
}

struct load {
    struct race race;
    atomic_bool stop;
};

static void *receive_all_along(void *argument)
{
    struct load *load = argument;
    while (!atomic_load(&load->stop))
        receive_all(&load->race);
    return NULL;
}

/* A child that gets an answer to each request. A lock that a thread held at the fork may make it refuse, and
   must not make it wait for ever. */
static void receive_some(void *argument)
{
    enum { SOME = 4 };
    const struct race *race = argument;
    for (size_t i = 0; i < SOME; i++) {
        hookproof_str header = {race->tokens[i].header, race->tokens[i].len};
        struct call call = fixture_receive(race->verifier, race->store, header);
        hookproof_status status = call_receive_and_forget(&call);
        if (status != HOOKPROOF_OK && status != HOOKPROOF_R_REPLAY_IN_PROGRESS &&
            status != HOOKPROOF_R_REPLAY_DUPLICATE && status != HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE)
            _exit(1);
    }
}

static void test_fork_under_load(hookproof_store *store)
{
    enum { COUNT = 50 };
    struct load load = {.race = new_race(store, COUNT)};
    /* Now, so that no child is the first: it does not count. */
    receive_all(&load.race);
    pthread_t threads[BUSY_THREADS];
    for (size_t i = 0; i < BUSY_THREADS; i++)
        if (pthread_create(&threads[i], NULL, receive_all_along, &load) != 0) {
            fputs("cannot start a thread\n", stderr);
            exit(3);
        }
    for (int i = 0; i < FORKS_UNDER_LOAD; i++)
        wait_for(in_child(receive_some, &load.race));
    atomic_store(&load.stop, true);
    for (size_t i = 0; i < BUSY_THREADS; i++)
        pthread_join(threads[i], NULL);
    check_accepted(load.race.counters, 0, COUNT, 1);
    CHECK(atomic_load(&load.race.counters->failures) == 0);
    end_race(&load.race, COUNT);
    hookproof_store_free(store);
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000;
    fixture_directory();
    test_memory();
    test_file_used_before(count);
    test_file_made_before(count);
    test_file_closed_by_parent();
    test_fork_under_load(fixture_memory_store(1000));
    hookproof_store *store = file_store("under-load");
    CHECK_STATUS(hookproof_store_set_budget_ms(store, BUDGET_UNDER_LOAD_MS), HOOKPROOF_OK);
    test_fork_under_load(store);
    return check_report();
}
