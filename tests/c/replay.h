/* signed-webhook-replay/1: sequences of steps against one replay store. */
#ifndef TESTS_REPLAY_H
#define TESTS_REPLAY_H

#include "vector.h"

struct named_request {
    const char *name;
    struct request request;
};

/* Starts as {0}; free with replay_free. Texts and JSON are borrowed from the file's JSON. */
struct sequence {
    const char *id;
    /* False if a step is beyond this door. */
    bool applicable;
    bool disputed;
    bool in_memory;
    uint64_t capacity;
    /* A process that begins anew refuses what was issued before it began. */
    bool refuses_cold;
    hookproof_verifier *verifier;
    hookproof_signer *signer;
    struct named_request *requests;
    size_t request_count;
    /* Read: every step is known and has the members it needs. */
    const json_t *steps;
};

void replay_read(struct place *place, const json_t *file, const json_t *entry, struct sequence *sequence);

void replay_free(struct sequence *sequence);

#endif
