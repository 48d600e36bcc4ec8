#include "member.h"

#include <stdio.h>
#include <string.h>

void member_latin1(const struct place *place, const json_t *text, const char *name, struct bytes *out)
{
    if (!bytes_append_latin1(out, vector_text(place, text, name), json_string_length(text)))
        vector_fault(place, "a code point above 255 stands for no byte");
}

/* A text, or {parts: [text | {repeat, count}]}. */
static void append_parts(const struct place *place, const json_t *value, const char *name, struct bytes *out)
{
    if (json_is_string(value)) {
        member_latin1(place, value, name, out);
        return;
    }
    const json_t *parts = vector_member(place, value, "parts");
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *part = json_array_get(parts, i);
        if (json_is_string(part)) {
            member_latin1(place, part, name, out);
            continue;
        }
        struct bytes piece = {0};
        member_latin1(place, vector_member(place, part, "repeat"), "repeat", &piece);
        int64_t count = vector_integer(place, vector_member(place, part, "count"), "count");
        for (int64_t n = 0; n < count; n++)
            bytes_append(out, piece.data, piece.len);
        bytes_free(&piece);
    }
}

void member_authorization(const struct place *place, const json_t *value, struct request *request)
{
    const json_t *field = value;
    request->header_count = 1;
    if (json_is_null(value)) {
        request->header_count = 0;
        return;
    }
    if (json_is_array(value)) {
        request->header_count = json_array_size(value);
        field = json_array_get(value, 0);
    }
    if (field != NULL)
        append_parts(place, field, "authorization", &request->header);
}

void member_body(const struct place *place, const json_t *value, struct request *request)
{
    struct bytes text = {0};
    append_parts(place, value, "body", &text);
    if (!bytes_append_base64(&request->body, (const char *)text.data, text.len))
        vector_fault(place, "body is not base64");
    bytes_free(&text);
}

void member_secret(const struct place *place, const json_t *value, struct bytes *out)
{
    if (json_is_string(value)) {
        bytes_append(out, json_string_value(value), json_string_length(value));
        return;
    }
    const json_t *b64 = vector_member(place, value, "b64");
    if (!bytes_append_base64(out, vector_text(place, b64, "b64"), json_string_length(b64)))
        vector_fault(place, "a secret is not base64");
}

static void add_secret(const struct place *place, struct request *request, const char *api_key, const json_t *value,
                       size_t index)
{
    char label[32];
    struct bytes secret = {0};
    snprintf(label, sizeof label, "key-%zu", index);
    member_secret(place, value, &secret);
    request_configured(request, hookproof_keyring_add_secret(request->keyring, api_key, strlen(api_key), label,
                                                             strlen(label), secret.data, secret.len));
    bytes_free(&secret);
}

void member_keyring(const struct place *place, const json_t *keyring, const json_t *application_id,
                         struct request *request)
{
    request->keyring = hookproof_keyring_new();
    for (void *at = json_object_iter((json_t *)(uintptr_t)keyring); at != NULL;
         at = json_object_iter_next((json_t *)(uintptr_t)keyring, at)) {
        const char *api_key = json_object_iter_key(at);
        const json_t *secrets = json_object_iter_value(at);
        for (size_t i = 0; i < json_array_size(secrets); i++)
            add_secret(place, request, api_key, json_array_get(secrets, i), i);
        if (application_id != NULL && json_array_size(secrets) > 0) {
            const char *text = vector_text(place, application_id, "expected_application_id");
            request_configured(request,
                               hookproof_keyring_add_application_id(request->keyring, api_key, strlen(api_key), text,
                                                                    json_string_length(application_id)));
        }
    }
}

bool member_setting(const struct place *place, const json_t *value, const char *name, struct request *request,
                    uint32_t *out)
{
    *out = 0;
    if (value == NULL)
        return false;
    int64_t number = vector_integer(place, value, name);
    bool fits = number >= 0 && number <= UINT32_MAX;
    request->misconfigured = request->misconfigured || !fits;
    if (fits)
        *out = (uint32_t)number;
    return fits;
}

void member_expectation(const struct place *place, const json_t *entry, const char *words, struct vector *vector)
{
    const char *expect = vector_text(place, vector_member(place, entry, "expect"), "expect");
    const json_t *reason = vector_optional(entry, "reason");
    vector->words = vector_member(place, entry, words);
    for (size_t i = 0; i < json_array_size(vector->words); i++)
        vector_text(place, json_array_get(vector->words, i), words);
    if (strcmp(expect, "accept") == 0)
        vector->expectation = EXPECT_ACCEPT;
    else if (strcmp(expect, "reject") == 0)
        vector->expectation = EXPECT_REJECT;
    else
        vector_fault(place, "expect is neither accept nor reject");
    if (reason != NULL && vector_text(place, reason, "reason")[0] != '\0')
        vector->reason = json_string_value(reason);
    if (vector->reason != NULL && vector->expectation == EXPECT_ACCEPT)
        vector_fault(place, "a case to accept has a reason");
}
