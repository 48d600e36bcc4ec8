/* signed-webhook-attacks/1 */
#include "vector.h"

#include <stdio.h>
#include <string.h>

static const char *const option_names[] = {
    "leeway",           "max_age", "expected_issuer", "expected_application_id", "require_payload_hash",
    "max_header_bytes", "seen",
};

/* A door that passed over an option would judge another case than the one in the file. */
static void check_names(const struct place *place, const json_t *options)
{
    for (void *at = json_object_iter((json_t *)(uintptr_t)options); at != NULL;
         at = json_object_iter_next((json_t *)(uintptr_t)options, at)) {
        bool known = false;
        for (size_t i = 0; i < sizeof option_names / sizeof option_names[0]; i++)
            known = known || strcmp(option_names[i], json_object_iter_key(at)) == 0;
        if (!known)
            vector_fault(place, "an option is not known");
    }
}

/* The case's own value, else the file's default; NULL where neither says anything but null. */
static const json_t *option(const json_t *defaults, const json_t *options, const char *name)
{
    if (json_object_get(options, name) != NULL)
        return vector_optional(options, name);
    return vector_optional(defaults, name);
}

static void append_latin1(const struct place *place, const json_t *text, const char *name, struct bytes *out)
{
    if (!bytes_append_latin1(out, vector_text(place, text, name), json_string_length(text)))
        vector_fault(place, "a code point above 255 stands for no byte");
}

/* A text, or {parts: [text | {repeat, count}]}. */
static void append_parts(const struct place *place, const json_t *value, const char *name, struct bytes *out)
{
    if (json_is_string(value)) {
        append_latin1(place, value, name, out);
        return;
    }
    const json_t *parts = vector_member(place, value, "parts");
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *part = json_array_get(parts, i);
        if (json_is_string(part)) {
            append_latin1(place, part, name, out);
            continue;
        }
        struct bytes piece = {0};
        append_latin1(place, vector_member(place, part, "repeat"), "repeat", &piece);
        int64_t count = vector_integer(place, vector_member(place, part, "count"), "count");
        for (int64_t n = 0; n < count; n++)
            bytes_append(out, piece.data, piece.len);
        bytes_free(&piece);
    }
}

static void read_authorization(const struct place *place, const json_t *value, struct request *request)
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

static void read_body(const struct place *place, const json_t *value, struct request *request)
{
    struct bytes text = {0};
    append_parts(place, value, "body", &text);
    if (!bytes_append_base64(&request->body, (const char *)text.data, text.len))
        vector_fault(place, "body is not base64");
    bytes_free(&text);
}

static void add_secret(const struct place *place, struct request *request, const char *api_key, const json_t *value,
                       size_t index)
{
    char label[32];
    struct bytes secret = {0};
    snprintf(label, sizeof label, "key-%zu", index);
    if (json_is_string(value)) {
        bytes_append(&secret, json_string_value(value), json_string_length(value));
    } else {
        const json_t *b64 = vector_member(place, value, "b64");
        if (!bytes_append_base64(&secret, vector_text(place, b64, "b64"), json_string_length(b64)))
            vector_fault(place, "a secret is not base64");
    }
    request_configured(request, hookproof_keyring_add_secret(request->keyring, api_key, strlen(api_key), label,
                                                             strlen(label), secret.data, secret.len));
    bytes_free(&secret);
}

static void read_keyring(const struct place *place, const json_t *keyring, const json_t *application_id,
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

/* A number for a setting; one that the argument's type cannot hold is a refused configuration. */
static bool setting(const struct place *place, const json_t *value, const char *name, struct request *request,
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

static void read_policy(const struct place *place, const json_t *defaults, const json_t *options,
                        struct request *request)
{
    uint32_t number;
    request->policy = hookproof_policy_new();
    if (setting(place, option(defaults, options, "leeway"), "leeway", request, &number))
        request_configured(request, hookproof_policy_set_leeway(request->policy, number));
    if (setting(place, option(defaults, options, "max_age"), "max_age", request, &number))
        request_configured(request, hookproof_policy_set_max_age(request->policy, number));
    if (setting(place, option(defaults, options, "max_header_bytes"), "max_header_bytes", request, &number))
        request_configured(request, hookproof_policy_set_max_header_bytes(request->policy, number));
    const json_t *issuer = option(defaults, options, "expected_issuer");
    if (issuer != NULL)
        request_configured(request, hookproof_policy_set_expected_issuer(request->policy,
                                                                         vector_text(place, issuer, "expected_issuer"),
                                                                         json_string_length(issuer)));
    const json_t *require = option(defaults, options, "require_payload_hash");
    if (require != NULL && !vector_bool(place, require, "require_payload_hash"))
        request_configured(request, hookproof_policy_dangerously_allow_missing_payload_hash(request->policy));
}

static void read_expectation(const struct place *place, const json_t *entry, struct vector *vector)
{
    const char *expect = vector_text(place, vector_member(place, entry, "expect"), "expect");
    const json_t *reason = vector_optional(entry, "reason");
    vector->words = vector_member(place, entry, "acceptable_codes");
    for (size_t i = 0; i < json_array_size(vector->words); i++)
        vector_text(place, json_array_get(vector->words, i), "acceptable_codes");
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

void attack_read(struct place *place, const json_t *file, const json_t *entry, struct vector *vector)
{
    const json_t *defaults = json_object_get(file, "default_options");
    const json_t *options = vector_optional(entry, "options");
    const json_t *profile = vector_optional(entry, "profile");
    const json_t *method = vector_optional(entry, "method");
    const json_t *query = vector_optional(entry, "query");
    const json_t *now = vector_optional(entry, "now");
    struct request *request = &vector->request;

    place->id = "?";
    vector->id = place->id = vector_text(place, vector_member(place, entry, "id"), "id");
    check_names(place, defaults);
    check_names(place, options);
    vector->disputed = json_is_true(vector_optional(entry, "debatable"));
    read_expectation(place, entry, vector);

    bool standard = profile == NULL || strcmp(vector_text(place, profile, "profile"), "standard") == 0;
    bool get = method != NULL && strcmp(vector_text(place, method, "method"), "GET") == 0;
    bool seen = json_array_size(option(defaults, options, "seen")) > 0;
    vector->applicable = standard && !get && !seen;
    if (!vector->applicable)
        return;

    if (method == NULL)
        bytes_append(&request->method, "POST", 4);
    else
        append_latin1(place, method, "method", &request->method);
    if (query != NULL)
        append_latin1(place, query, "query", &request->query);
    request->now = vector_integer(place, now != NULL ? now : vector_member(place, file, "now"), "now");
    read_authorization(place, vector_member(place, entry, "authorization"), request);
    read_body(place, vector_member(place, entry, "body"), request);
    read_keyring(place, vector_member(place, entry, "keyring"), option(defaults, options, "expected_application_id"),
                 request);
    read_policy(place, defaults, options, request);
}
