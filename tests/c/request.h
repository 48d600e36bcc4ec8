/* One request of a vector file, with the verifier's configuration it is to be judged by. */
#ifndef TESTS_REQUEST_H
#define TESTS_REQUEST_H

#include "bytes.h"

#include <hookproof.h>
#include <stdbool.h>
#include <stdint.h>

/* Starts as {0}; free with request_free. */
struct request {
    struct bytes method;
    struct bytes header;
    size_t header_count;
    struct bytes query;
    struct bytes body;
    int64_t now;
    /* NULL where the configuration was refused on the way here. */
    hookproof_policy *policy;
    hookproof_keyring *keyring;
    bool misconfigured;
};

/* Notes a configuration call's outcome. */
void request_configured(struct request *request, hookproof_status status);

void request_free(struct request *request);

#endif
