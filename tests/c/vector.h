/* The cases of the vector files, whatever their format. */
#ifndef TESTS_VECTOR_H
#define TESTS_VECTOR_H

#include "door.h"
#include "request.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum expectation {
    EXPECT_ACCEPT,
    /* Refused, by one of the words where some are named, and by the reason where one is named. */
    EXPECT_REJECT,
    /* Accepted, or refused by a check that comes after the signature. */
    EXPECT_SIGNATURE_GOOD,
    /* Refused by the signature's check or before it. */
    EXPECT_SIGNATURE_BAD,
};

/* Starts as {0}; free with vector_free. Texts and JSON are borrowed from the file's JSON. */
struct vector {
    char own_id[32];
    const char *id;
    bool applicable;
    bool disputed;
    struct request request;
    enum expectation expectation;
    const json_t *words;
    const char *reason;
};

/* Where a file's reader stands, for the message about a file that is not as its format says. */
struct place {
    const char *file;
    const char *id;
};

/* Says what is wrong with the file and ends the program with status 3: a vector that cannot be read
   must not be passed over. */
_Noreturn void vector_fault(const struct place *place, const char *what);

/* The member of that name. Ends the program when it is absent. */
json_t *vector_member(const struct place *place, const json_t *object, const char *name);

/* The member of that name; NULL when it is absent or null. */
json_t *vector_optional(const json_t *object, const char *name);

/* What a member is, or the program ends. */
const char *vector_text(const struct place *place, const json_t *value, const char *name);
int64_t vector_integer(const struct place *place, const json_t *value, const char *name);
bool vector_bool(const struct place *place, const json_t *value, const char *name);

/* signed-webhook-attacks/1 */
void attack_read(struct place *place, const json_t *file, const json_t *entry, struct vector *vector);

/* vendor.json */
void vendor_read(struct place *place, size_t index, const json_t *entry, struct vector *vector);

bool vector_passes(const struct vector *vector, const struct verdict *verdict);

/* What is expected, in words. */
void vector_print_expectation(const struct vector *vector, FILE *out);

void vector_free(struct vector *vector);

#endif
