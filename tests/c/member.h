/* Members that the cases of several formats share. Each reader ends the program if the member is not as its format
   says. */
#ifndef TESTS_MEMBER_H
#define TESTS_MEMBER_H

#include "vector.h"

/* A text of one byte for each code point. */
void member_latin1(const struct place *place, const json_t *text, const char *name, struct bytes *out);

/* null, a text, parts, or a list of them: the value of the header and how many there are. */
void member_authorization(const struct place *place, const json_t *value, struct request *request);

/* base64, or parts that join to it. */
void member_body(const struct place *place, const json_t *value, struct request *request);

/* Makes the request's keyring. Every account expects the application, unless that is NULL. */
void member_keyring(const struct place *place, const json_t *keyring, const json_t *application_id,
                    struct request *request);

/* The bytes of a secret: a text, or {b64}. */
void member_secret(const struct place *place, const json_t *value, struct bytes *out);

/* A number for a setting; one that the argument's type cannot hold is a refused configuration. */
bool member_setting(const struct place *place, const json_t *value, const char *name, struct request *request,
                    uint32_t *out);

/* expect, reason and the list of words, which has another name in each format. */
void member_expectation(const struct place *place, const json_t *entry, const char *words, struct vector *vector);

#endif
