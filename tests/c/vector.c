#include "vector.h"

#include "word.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reasons between these numbers come from checks after the signature's; request.unsupported, beyond
   them, comes first of all. */
enum { SIGNATURE_REASON = HOOKPROOF_R_SIGNATURE_INVALID, REQUEST_REASONS = HOOKPROOF_R_REQUEST_UNSUPPORTED };

_Noreturn void vector_fault(const struct place *place, const char *what)
{
    fprintf(stderr, "%s: case %s: %s\n", place->file, place->id, what);
    exit(3);
}

json_t *vector_member(const struct place *place, const json_t *object, const char *name)
{
    json_t *member = json_object_get(object, name);
    if (member == NULL) {
        fprintf(stderr, "%s: case %s: %s is missing\n", place->file, place->id, name);
        exit(3);
    }
    return member;
}

json_t *vector_optional(const json_t *object, const char *name)
{
    json_t *member = json_object_get(object, name);
    return json_is_null(member) ? NULL : member;
}

static _Noreturn void wrong_type(const struct place *place, const char *name, const char *type)
{
    fprintf(stderr, "%s: case %s: %s is not %s\n", place->file, place->id, name, type);
    exit(3);
}

const char *vector_text(const struct place *place, const json_t *value, const char *name)
{
    if (!json_is_string(value))
        wrong_type(place, name, "a text");
    return json_string_value(value);
}

int64_t vector_integer(const struct place *place, const json_t *value, const char *name)
{
    if (!json_is_integer(value))
        wrong_type(place, name, "an integer");
    return json_integer_value(value);
}

bool vector_bool(const struct place *place, const json_t *value, const char *name)
{
    if (!json_is_boolean(value))
        wrong_type(place, name, "a boolean");
    return json_is_true(value);
}

static bool names_reason(const json_t *words, const char *reason)
{
    for (size_t i = 0; i < json_array_size(words); i++)
        if (word_names(json_string_value(json_array_get(words, i)), reason))
            return true;
    return json_array_size(words) == 0;
}

bool vector_passes(const struct vector *vector, const struct verdict *verdict)
{
    bool past_signature =
        verdict->accepted || verdict->status == HOOKPROOF_R_SMS_MISSING ||
        (verdict->status > SIGNATURE_REASON && verdict->status < REQUEST_REASONS);
    switch (vector->expectation) {
    case EXPECT_ACCEPT:
        return verdict->accepted;
    case EXPECT_REJECT:
        return !verdict->accepted && names_reason(vector->words, verdict->reason) &&
               (vector->reason == NULL || strcmp(vector->reason, verdict->reason) == 0);
    case EXPECT_SIGNATURE_GOOD:
        return past_signature;
    case EXPECT_SIGNATURE_BAD:
        return !past_signature;
    }
    return false;
}

void vector_print_expectation(const struct vector *vector, FILE *out)
{
    switch (vector->expectation) {
    case EXPECT_ACCEPT:
        fputs("accept", out);
        return;
    case EXPECT_SIGNATURE_GOOD:
        fputs("signature_ok true", out);
        return;
    case EXPECT_SIGNATURE_BAD:
        fputs("signature_ok false", out);
        return;
    case EXPECT_REJECT:
        break;
    }
    fputs("reject", out);
    for (size_t i = 0; i < json_array_size(vector->words); i++)
        fprintf(out, "%c%s", i == 0 ? ' ' : '|', json_string_value(json_array_get(vector->words, i)));
    if (vector->reason != NULL)
        fprintf(out, " (%s)", vector->reason);
}

void vector_free(struct vector *vector)
{
    request_free(&vector->request);
    *vector = (struct vector){0};
}
