/* The library's answer to a request, asked for in every way the C ABI offers. */
#ifndef TESTS_DOOR_H
#define TESTS_DOOR_H

#include "request.h"

#include <stdbool.h>
#include <stddef.h>

/* Instead of a size: the body is handed over with the request. */
enum { WHOLE = 0 };

/* Sizes of the pieces in which a body is streamed. SIZE_MAX is the whole body. */
struct chunks {
    size_t sizes[16];
    size_t count;
};

struct verdict {
    /* The dotted name of the reason, or "config_error"; empty when accepted. Static. */
    const char *reason;
    hookproof_status status;
    bool accepted;
    /* What is known about repeats, as one word, of an acceptance by a store. Static. */
    const char *replay;
    /* What two ways disagree on; empty when all agree. */
    char disagreement[256];
};

/* Verifies and claims the request, whose own time does not count, in one way: a piece's size, or WHOLE. */
hookproof_status door_receive(const struct request *request, const hookproof_verifier *verifier,
                              const hookproof_store *store, size_t piece, int64_t now, hookproof_claim **claim,
                              struct verdict *verdict);

struct verdict door_judge(const struct request *request, const struct chunks *chunks);

#endif
