#include "replay_source.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* An option that changes nothing is a misunderstanding, and better said than passed over. */
static bool is_idle(const char *option, bool given)
{
    if (given) {
        fprintf(stderr, "server: %s means nothing to this replay store\n", option);
    }
    return given;
}

/* The text of --replay is never shown: a URL may hold a password. */
static bool open_store(const options *opts, const char *text, hookproof_store **out)
{
    hookproof_status status = HOOKPROOF_E_CONFIG;
    *out = NULL;
    if (strcmp(text, "memory") == 0) {
        uint64_t capacity = opts->replay_capacity > 0 ? opts->replay_capacity : HOOKPROOF_DEFAULT_STORE_CAPACITY;
        if (is_idle("--replay-namespace", opts->replay_namespace != NULL)) {
            return false;
        }
        status = hookproof_store_new_memory(capacity, HOOKPROOF_COLD_START_ALLOW, hookproof_now(), out);
    } else if (starts_with(text, "file:")) {
        const char *path = text + strlen("file:");
        if (is_idle("--replay-namespace", opts->replay_namespace != NULL)
            || is_idle("--replay-capacity", opts->replay_capacity > 0)) {
            return false;
        }
        status = hookproof_store_new_file(path, strlen(path), HOOKPROOF_DURABILITY_PROCESS_CRASH, out);
    } else if (starts_with(text, "redis") && strstr(text, "://") != NULL) {
        const char *name = opts->replay_namespace != NULL ? opts->replay_namespace : "hookproof";
        if (is_idle("--replay-capacity", opts->replay_capacity > 0)) {
            return false;
        }
        status = hookproof_store_new_redis(text, strlen(text), name, strlen(name), out);
    } else {
        fputs("server: --replay: choose memory, file:PATH or redis://HOST:PORT[/DB]; try --help\n", stderr);
        return false;
    }
    if (status != HOOKPROOF_OK) {
        const char *error = *out != NULL ? hookproof_store_error(*out).ptr : hookproof_status_message(status).ptr;
        fprintf(stderr, "server: --replay: %s\n", error);
        return false;
    }
    return true;
}

hookproof_store *replay_source_open(const options *opts)
{
    const char *text = opts->replay != NULL ? opts->replay : getenv("HOOKPROOF_REPLAY");
    hookproof_store *store = NULL;
    if (text == NULL || *text == '\0') {
        fputs("server: no replay store: say with --replay, or in HOOKPROOF_REPLAY, where to remember which requests were\n"
              "server: there: memory, file:PATH or redis://HOST:PORT[/DB]; --help explains them\n",
              stderr);
        return NULL;
    }
    bool ready = open_store(opts, text, &store);
    if (ready && opts->replay_budget > 0
        && hookproof_store_set_budget_ms(store, opts->replay_budget) != HOOKPROOF_OK) {
        fprintf(stderr, "server: --replay-budget: not a number from 1 to %d\n", HOOKPROOF_MAX_STORE_BUDGET_MS);
        ready = false;
    }
    if (!ready) {
        hookproof_store_free(store);
        return NULL;
    }
    fprintf(stderr, "server: replay: %s\n", hookproof_store_extent(store).ptr);
    return store;
}
