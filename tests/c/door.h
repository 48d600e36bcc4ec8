/* The library's answer to a request, asked for in every way the C ABI offers. */
#ifndef TESTS_DOOR_H
#define TESTS_DOOR_H

#include "request.h"

#include <stdbool.h>
#include <stddef.h>

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
    /* What two ways disagree on; empty when all agree. */
    char disagreement[256];
};

struct verdict door_judge(const struct request *request, const struct chunks *chunks);

#endif
