#include "payload.h"

#include <stdio.h>
#include <string.h>

bool payload_is_one(const json_t *file)
{
    return json_object_get(file, "api") != NULL && json_object_get(file, "payload") != NULL;
}

static const char *text_of(const struct place *place, const json_t *object, const char *name)
{
    return vector_text(place, vector_member(place, object, name), name);
}

/* NULL, 0 where it is not there. */
static const char *wire_of(const struct place *place, const json_t *file, const char *name, size_t *len)
{
    const json_t *wire = vector_optional(file, name);
    *len = wire == NULL ? 0 : json_string_length(wire);
    return wire == NULL ? NULL : vector_text(place, wire, name);
}

static hookproof_verifier *verifier_of(const struct place *place, const json_t *signature, const json_t *claims)
{
    const char *api_key = text_of(place, claims, "api_key");
    const json_t *secret = vector_member(place, signature, "secret");
    hookproof_keyring *keyring = hookproof_keyring_new();
    hookproof_verifier *verifier = NULL;
    if (hookproof_keyring_add_secret(keyring, api_key, strlen(api_key), "sample", 6, vector_text(place, secret, "secret"),
                                     json_string_length(secret)) != HOOKPROOF_OK ||
        hookproof_verifier_new(NULL, keyring, &verifier) != HOOKPROOF_OK)
        vector_fault(place, "the sample's secret is refused");
    hookproof_keyring_free(keyring);
    return verifier;
}

static void run_signed(const struct place *place, const json_t *file, const json_t *signature, struct payload *payload)
{
    const json_t *claims = vector_member(place, signature, "claims");
    const char *method = text_of(place, file, "method");
    const char *header = text_of(place, signature, "authorization");
    size_t query_len, body_len;
    const char *query = wire_of(place, file, "wire_query", &query_len);
    const char *body = wire_of(place, file, "wire_body", &body_len);
    int64_t now = vector_integer(place, vector_member(place, claims, "iat"), "iat");
    hookproof_verifier *verifier = verifier_of(place, signature, claims);
    hookproof_result *result = NULL;
    hookproof_status status =
        hookproof_verifier_verify(verifier, method, strlen(method), header, strlen(header), 1, query, query_len, NULL, 0,
                                  NULL, 0, body, body_len, now, &result);
    if (status == HOOKPROOF_OK)
        status = hookproof_event_new(result, body, body_len, &payload->event);
    if (status != HOOKPROOF_OK)
        payload->reason = hookproof_status_name(status).ptr;
    hookproof_result_free(result);
    hookproof_verifier_free(verifier);
}

static void run_unsigned(const struct place *place, const json_t *file, struct payload *payload)
{
    const json_t *type = vector_optional(file, "content_type");
    bool get = strcmp(text_of(place, file, "method"), "GET") == 0;
    bool form = type != NULL && strstr(vector_text(place, type, "content_type"), "form-urlencoded") != NULL;
    int32_t carrier = get ? HOOKPROOF_CARRIER_QUERY : form ? HOOKPROOF_CARRIER_FORM : HOOKPROOF_CARRIER_JSON;
    size_t len;
    const char *wire = wire_of(place, file, get ? "wire_query" : "wire_body", &len);
    if (hookproof_event_new_unsigned(carrier, wire, len, &payload->event) != HOOKPROOF_OK)
        vector_fault(place, "an event that nobody signed cannot be read");
}

void payload_run(struct place *place, const json_t *file, struct payload *payload)
{
    const char *api = text_of(place, file, "api");
    const char *event = text_of(place, file, "event");
    const json_t *signature = vector_optional(file, "sample_signature");
    snprintf(payload->id, sizeof payload->id, "%s %s", api, event);
    place->id = payload->id;
    payload->reason = "";
    if (signature != NULL)
        run_signed(place, file, signature, payload);
    else
        run_unsigned(place, file, payload);
    payload->passed = payload->event != NULL && strcmp(hookproof_event_api(payload->event).ptr, api) == 0 &&
                      strcmp(hookproof_event_kind(payload->event).ptr, event) == 0 &&
                      hookproof_event_is_signed(payload->event) == (signature != NULL);
}

void payload_free(struct payload *payload)
{
    hookproof_event_free(payload->event);
    payload->event = NULL;
}
