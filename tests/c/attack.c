/* signed-webhook-attacks/1 */
#include "member.h"

#include <stdint.h>
#include <stdlib.h>
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

static void read_policy(const struct place *place, const json_t *defaults, const json_t *options,
                        struct request *request)
{
    uint32_t number;
    request->policy = hookproof_policy_new();
    if (member_setting(place, option(defaults, options, "leeway"), "leeway", request, &number))
        request_configured(request, hookproof_policy_set_leeway(request->policy, number));
    if (member_setting(place, option(defaults, options, "max_age"), "max_age", request, &number))
        request_configured(request, hookproof_policy_set_max_age(request->policy, number));
    if (member_setting(place, option(defaults, options, "max_header_bytes"), "max_header_bytes", request, &number))
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

/* The route of profiles that choose the secret by it: the first account of the keyring, by its name. */
static void read_route(const json_t *keyring, struct request *request)
{
    const char *first = NULL;
    for (void *at = json_object_iter((json_t *)(uintptr_t)keyring); at != NULL;
         at = json_object_iter_next((json_t *)(uintptr_t)keyring, at)) {
        const char *name = json_object_iter_key(at);
        if (first == NULL || strcmp(name, first) < 0)
            first = name;
    }
    if (first != NULL)
        bytes_append(&request->route, first, strlen(first));
}

static void read_seen(const struct place *place, const json_t *list, struct request *request)
{
    request->seen_count = json_array_size(list);
    if (request->seen_count == 0)
        return;
    request->seen = calloc(request->seen_count, sizeof *request->seen);
    if (request->seen == NULL)
        vector_fault(place, "out of memory");
    for (size_t i = 0; i < request->seen_count; i++) {
        const json_t *identity = json_array_get(list, i);
        const json_t *api_key = vector_member(place, identity, "api_key");
        const json_t *jti = vector_member(place, identity, "jti");
        request->seen[i] = (struct seen){
            .api_key = vector_text(place, api_key, "api_key"),
            .api_key_len = json_string_length(api_key),
            .jti = vector_text(place, jti, "jti"),
            .jti_len = json_string_length(jti),
        };
    }
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
    member_expectation(place, entry, "acceptable_codes", vector);

    vector->applicable = true;
    if (method == NULL)
        bytes_append(&request->method, "POST", 4);
    else
        member_latin1(place, method, "method", &request->method);
    if (query != NULL)
        member_latin1(place, query, "query", &request->query);
    request->now = vector_integer(place, now != NULL ? now : vector_member(place, file, "now"), "now");
    member_authorization(place, vector_member(place, entry, "authorization"), request);
    member_body(place, vector_member(place, entry, "body"), request);
    member_keyring(place, vector_member(place, entry, "keyring"), option(defaults, options, "expected_application_id"),
                 request);
    read_policy(place, defaults, options, request);
    if (profile != NULL) {
        const char *name = vector_text(place, profile, "profile");
        if (hookproof_policy_set_profile(request->policy, name, strlen(name)) != HOOKPROOF_OK)
            vector_fault(place, "the profile is not known");
    }
    read_route(vector_member(place, entry, "keyring"), request);
    read_seen(place, option(defaults, options, "seen"), request);
}
