/* vendor.json: real tokens, each with the secret it was made for. */
#include "vector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The account of tokens whose claims cannot be read, or name none. */
static const char placeholder[] = "vendor";

/* The claims of a token of three parts as they stand; NULL when there are none to read. */
static json_t *read_claims(const char *token, size_t len)
{
    const char *end = token + len;
    const char *first = memchr(token, '.', len);
    const char *second = first == NULL ? NULL : memchr(first + 1, '.', (size_t)(end - first - 1));
    if (second == NULL || memchr(second + 1, '.', (size_t)(end - second - 1)) != NULL)
        return NULL;
    struct bytes text = {0};
    json_t *claims = NULL;
    if (bytes_append_base64url(&text, first + 1, (size_t)(second - first - 1)) && text.len > 0)
        claims = json_loadb((const char *)text.data, text.len, JSON_ALLOW_NUL, NULL);
    bytes_free(&text);
    if (!json_is_object(claims)) {
        json_decref(claims);
        return NULL;
    }
    return claims;
}

/* The profile that such a token belongs to: one whose claims name no account has its secret chosen by route. */
static const char *profile_of(const json_t *inputs, const json_t *claims)
{
    if (vector_optional(inputs, "header") != NULL)
        return "contact_center";
    return claims == NULL || json_is_string(json_object_get(claims, "api_key")) ? "standard" : "video";
}

/* The secret as it is, or decoded. */
static void read_secret(const struct place *place, const json_t *inputs, const json_t *secret, struct bytes *out)
{
    const json_t *encoding = vector_optional(inputs, "secret_encoding");
    if (encoding == NULL)
        bytes_append(out, json_string_value(secret), json_string_length(secret));
    else if (strcmp(vector_text(place, encoding, "secret_encoding"), "base64") != 0 ||
             !bytes_append_base64(out, json_string_value(secret), json_string_length(secret)))
        vector_fault(place, "the encoding of the secret is not known");
}

static void read_request(const struct place *place, const json_t *inputs, const json_t *token, const json_t *secret,
                         const json_t *claims, struct request *request)
{
    const json_t *method = vector_optional(inputs, "method");
    const json_t *body = vector_optional(inputs, "body");
    const json_t *now = vector_optional(inputs, "now");
    const char *profile = profile_of(inputs, claims);
    const char *account = json_string_value(json_object_get(claims, "api_key"));
    if (account == NULL || strcmp(profile, "standard") != 0)
        account = placeholder;
    if (now == NULL)
        now = json_object_get(claims, "iat");

    const char *name = method == NULL ? "POST" : vector_text(place, method, "method");
    bytes_append(&request->method, name, strlen(name));
    bytes_append(&request->header, "Bearer ", 7);
    if (!bytes_append_latin1(&request->header, json_string_value(token), json_string_length(token)))
        vector_fault(place, "a code point above 255 stands for no byte");
    request->header_count = 1;
    if (body != NULL)
        bytes_append(&request->body, vector_text(place, body, "body"), json_string_length(body));
    request->now = json_is_integer(now) ? json_integer_value(now) : 0;
    const json_t *query = vector_optional(inputs, "query");
    if (query != NULL)
        bytes_append(&request->query, vector_text(place, query, "query"), json_string_length(query));
    bytes_append(&request->route, placeholder, sizeof placeholder - 1);
    struct bytes raw = {0};
    read_secret(place, inputs, secret, &raw);
    request->keyring = hookproof_keyring_new();
    request->policy = hookproof_policy_new();
    request_configured(request, hookproof_policy_set_profile(request->policy, profile, strlen(profile)));
    request_configured(request, hookproof_keyring_add_secret(request->keyring, account, strlen(account), "vendor", 6,
                                                             raw.data, raw.len));
    bytes_free(&raw);
}

static void read_token(const struct place *place, const json_t *entry, struct vector *vector)
{
    const json_t *inputs = vector_member(place, entry, "inputs");
    const json_t *token = vector_member(place, inputs, "token");
    const json_t *secret = vector_member(place, inputs, "secret");
    const json_t *good = vector_member(place, vector_member(place, entry, "recomputed"), "hs256_signature_ok");
    vector_text(place, token, "token");
    vector_text(place, secret, "secret");
    bool empty_secret = json_string_length(secret) == 0;
    json_t *claims = read_claims(json_string_value(token), json_string_length(token));

    /* A verifier with an empty secret must not come to be, whatever the token is. */
    vector->applicable = true;
    bool holds = vector_bool(place, good, "hs256_signature_ok");
    vector->expectation = holds ? EXPECT_SIGNATURE_GOOD : EXPECT_SIGNATURE_BAD;
    if (empty_secret) {
        vector->expectation = EXPECT_REJECT;
        vector->reason = "config_error";
    }
    read_request(place, inputs, token, secret, claims, &vector->request);
    json_decref(claims);
}

/* A name or value of a form. */
static void append_escaped(struct bytes *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char escape[4];
        snprintf(escape, sizeof escape, "%%%02X", (unsigned char)text[i]);
        bytes_append(out, escape, 3);
    }
}

static void append_pair(struct bytes *out, const char *name, const json_t *value)
{
    if (out->len > 0)
        bytes_append(out, "&", 1);
    append_escaped(out, name, strlen(name));
    bytes_append(out, "=", 1);
    append_escaped(out, json_string_value(value), json_string_length(value));
}

/* The parameters as a form, judged at their own time; many have no nonce. */
static void read_sms(const struct place *place, const json_t *entry, struct vector *vector)
{
    const json_t *inputs = vector_member(place, entry, "inputs");
    const json_t *secret = vector_optional(inputs, "secret");
    if (secret == NULL)
        return; /* never published */
    const json_t *good = vector_member(place, vector_member(place, entry, "recomputed"), "verdict");
    const json_t *sig = vector_member(place, inputs, "sig");
    vector_text(place, secret, "secret");
    vector_text(place, sig, "sig");
    bool holds = vector_bool(place, good, "verdict");
    vector->applicable = true;
    vector->expectation = holds ? EXPECT_SIGNATURE_GOOD : EXPECT_SIGNATURE_BAD;
    if (json_string_length(secret) == 0) {
        vector->expectation = EXPECT_REJECT;
        vector->reason = "config_error";
    }

    struct request *request = &vector->request;
    const char *name;
    json_t *value;
    json_object_foreach(vector_member(place, inputs, "params"), name, value)
    {
        const char *text = vector_text(place, value, name);
        /* Whether blank values are part of what is signed, libraries of the vendor's own disagree. */
        vector->disputed |= text[strspn(text, " ")] == '\0';
        append_pair(&request->body, name, value);
        if (strcmp(name, "timestamp") == 0)
            request->now = strtoll(text, NULL, 10);
    }
    append_pair(&request->body, "sig", sig);
    bytes_append(&request->method, "POST", 4);
    bytes_append(&request->route, placeholder, sizeof placeholder - 1);

    char profile[32];
    snprintf(profile, sizeof profile, "sms_%s", vector_text(place, vector_member(place, inputs, "method"), "method"));
    request->keyring = hookproof_keyring_new();
    request->policy = hookproof_policy_new();
    request_configured(request, hookproof_policy_set_profile(request->policy, profile, strlen(profile)));
    request_configured(request, hookproof_policy_dangerously_allow_missing_nonce(request->policy));
    request_configured(request,
                       hookproof_keyring_add_secret(request->keyring, placeholder, strlen(placeholder), "vendor", 6,
                                                    json_string_value(secret), json_string_length(secret)));
}

void vendor_read(struct place *place, size_t index, const json_t *entry, struct vector *vector)
{
    snprintf(vector->own_id, sizeof vector->own_id, "vendor-%zu", index);
    vector->id = place->id = vector->own_id;
    const char *kind = vector_text(place, vector_member(place, entry, "kind"), "kind");
    if (strcmp(kind, "jwt") == 0)
        read_token(place, entry, vector);
    else if (strcmp(kind, "sms-sig") == 0)
        read_sms(place, entry, vector);
    else
        vector_fault(place, "the kind is not known");
}
