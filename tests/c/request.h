/* One request of a vector file, with the verifier's configuration it is to be judged by. */
#ifndef TESTS_REQUEST_H
#define TESTS_REQUEST_H

#include "bytes.h"

#include <hookproof.h>
#include <stdbool.h>
#include <stdint.h>

/* An identity that is done. The texts are borrowed. */
struct seen {
    const char *api_key;
    size_t api_key_len;
    const char *jti;
    size_t jti_len;
};

/* Starts as {0}; free with request_free. */
struct request {
    struct bytes method;
    struct bytes header;
    size_t header_count;
    struct bytes query;
    /* For profiles that choose the secret by it. */
    struct bytes route;
    struct bytes body;
    int64_t now;
    /* NULL where the configuration was refused on the way here. */
    hookproof_policy *policy;
    hookproof_keyring *keyring;
    bool misconfigured;
    /* What was there before. Without any, no store is asked. */
    struct seen *seen;
    size_t seen_count;
};

/* Notes a configuration call's outcome. */
void request_configured(struct request *request, hookproof_status status);

void request_free(struct request *request);

#endif
