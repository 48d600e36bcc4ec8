/* A sample webhook of the vendor's: verified where it is signed, and read as an event. */
#ifndef TESTS_PAYLOAD_H
#define TESTS_PAYLOAD_H

#include "vector.h"

#include <hookproof.h>
#include <jansson.h>
#include <stdbool.h>

/* What came of one. Free with payload_free. */
struct payload {
    char id[128];
    /* The dotted name of a refusal, or "". */
    const char *reason;
    hookproof_event *event;
    /* As the file says, signed and of that kind. */
    bool passed;
};

bool payload_is_one(const json_t *file);
void payload_run(struct place *place, const json_t *file, struct payload *payload);
void payload_free(struct payload *payload);

#endif
