#include "replay.h"

#include "member.h"

#include <stdlib.h>
#include <string.h>

/* The account of the requests that floods are made of. */
static const char flood_account[] = "a1b2c3d4";

/* Names of members, ended by NULL. */
typedef const char *const names[];

static names config_names = {"leeway",     "max_age",    "lease", "capacity", "store",
                             "store_down", "cold_start", "expected_application_id", NULL};

static const struct {
    const char *name;
    const char *members[9];
} step_kinds[] = {
    {"verify", {"do", "why", "request", "now", "expect", "codes", "reason", "process", NULL}},
    {"confirm", {"do", "why", "step", "now", "expect", NULL}},
    {"release", {"do", "why", "step", "now", "expect", NULL}},
    {"flood", {"do", "why", "now", "iat", "prefix", "count", NULL}},
    {"flood_again", {"do", "why", "now", "iat", "prefix", "count", "expect_accepts", NULL}},
    {"store", {"do", "why", "state", NULL}},
    {"restart", {"do", "why", "now", NULL}},
    {"concurrent", {"do", "why", "request", "now", "count", "processes", "expect_accepts", NULL}},
};

/* A door that passed over a member would judge another case than the one in the file. */
static void check_names(const struct place *place, const json_t *object, const char *const *known)
{
    if (!json_is_object(object))
        vector_fault(place, "not an object");
    for (void *at = json_object_iter((json_t *)(uintptr_t)object); at != NULL;
         at = json_object_iter_next((json_t *)(uintptr_t)object, at)) {
        const char *const *name = known;
        while (*name != NULL && strcmp(*name, json_object_iter_key(at)) != 0)
            name++;
        if (*name == NULL)
            vector_fault(place, "a member is not known");
    }
}

struct config {
    const struct place *place;
    const json_t *defaults;
    const json_t *own;
};

static const json_t *setting(const struct config *config, const char *name)
{
    const json_t *from = json_object_get(config->own, name) != NULL ? config->own : config->defaults;
    return vector_optional(from, name);
}

static uint32_t number(const struct config *config, const char *name)
{
    const json_t *value = setting(config, name);
    int64_t number = value == NULL ? -1 : vector_integer(config->place, value, name);
    if (number < 0 || number > UINT32_MAX)
        vector_fault(config->place, "a setting is missing or out of range");
    return (uint32_t)number;
}

/* Whether a setting is the first of two words. */
static bool is_first(const struct config *config, const char *name, const char *first, const char *second)
{
    const json_t *value = setting(config, name);
    const char *word = value == NULL ? "" : vector_text(config->place, value, name);
    if (strcmp(word, first) != 0 && strcmp(word, second) != 0)
        vector_fault(config->place, "a setting has a word that is not known");
    return strcmp(word, first) == 0;
}

static void read_store(const struct config *config, struct sequence *sequence)
{
    const json_t *store = setting(config, "store");
    sequence->in_memory = json_is_string(store) && strcmp(json_string_value(store), "memory") == 0;
    if (!sequence->in_memory)
        is_first(config, "store", "file", "shared");
    sequence->capacity = number(config, "capacity");
    sequence->refuses_cold = is_first(config, "cold_start", "refuse", "allow");
    /* The room of a file is that of the disk. */
    if (!sequence->in_memory && json_object_get(config->own, "capacity") != NULL)
        sequence->applicable = false;
}

static void read_verifier(const struct config *config, const json_t *keyring, struct sequence *sequence)
{
    struct request built = {.policy = hookproof_policy_new()};
    request_configured(&built, hookproof_policy_set_leeway(built.policy, number(config, "leeway")));
    request_configured(&built, hookproof_policy_set_max_age(built.policy, number(config, "max_age")));
    request_configured(&built, hookproof_policy_set_lease(built.policy, number(config, "lease")));
    if (is_first(config, "store_down", "accept_and_flag", "refuse"))
        request_configured(&built, hookproof_policy_dangerously_accept_and_flag_store_failures(built.policy));
    member_keyring(config->place, keyring, setting(config, "expected_application_id"), &built);
    request_configured(&built, hookproof_verifier_new(built.policy, built.keyring, &sequence->verifier));
    if (built.misconfigured)
        vector_fault(config->place, "the configuration is refused");
    request_free(&built);
}

static void read_signer(const struct config *config, const json_t *keyring, struct sequence *sequence)
{
    const json_t *secrets = vector_member(config->place, keyring, flood_account);
    const json_t *application_id = setting(config, "expected_application_id");
    struct bytes secret = {0};
    if (json_array_size(secrets) == 0)
        vector_fault(config->place, "the account of the floods has no secret");
    member_secret(config->place, json_array_get(secrets, 0), &secret);
    hookproof_status status = hookproof_signer_new(flood_account, sizeof flood_account - 1, secret.data, secret.len,
                                                   &sequence->signer);
    if (status == HOOKPROOF_OK && application_id != NULL)
        status = hookproof_signer_set_application_id(sequence->signer, json_string_value(application_id),
                                                     json_string_length(application_id));
    if (status != HOOKPROOF_OK)
        vector_fault(config->place, "the signer of the floods is refused");
    bytes_free(&secret);
}

static void read_requests(const struct place *place, const json_t *requests, struct sequence *sequence)
{
    static names members = {"authorization", "body", NULL};
    sequence->requests = calloc(json_object_size(requests) + 1, sizeof *sequence->requests);
    if (sequence->requests == NULL)
        vector_fault(place, "out of memory");
    for (void *at = json_object_iter((json_t *)(uintptr_t)requests); at != NULL;
         at = json_object_iter_next((json_t *)(uintptr_t)requests, at)) {
        const json_t *entry = json_object_iter_value(at);
        struct named_request *named = &sequence->requests[sequence->request_count++];
        check_names(place, entry, members);
        named->name = json_object_iter_key(at);
        bytes_append(&named->request.method, "POST", 4);
        member_authorization(place, vector_member(place, entry, "authorization"), &named->request);
        member_body(place, vector_member(place, entry, "body"), &named->request);
    }
}

/* The members of these names, where they are there, are numbers from 0 on. */
static void check_counts(const struct place *place, const json_t *step)
{
    static names counts = {"step", "count", "expect_accepts", "process", "processes", NULL};
    for (const char *const *name = counts; *name != NULL; name++) {
        const json_t *value = json_object_get(step, *name);
        if (value != NULL && vector_integer(place, value, *name) < 0)
            vector_fault(place, "a count is negative");
    }
}

static void need(const struct place *place, const json_t *step, names members)
{
    for (const char *const *name = members; *name != NULL; name++)
        vector_member(place, step, *name);
}

static void check_request(const struct place *place, const json_t *step, const struct sequence *sequence)
{
    const char *name = vector_text(place, vector_member(place, step, "request"), "request");
    for (size_t i = 0; i < sequence->request_count; i++)
        if (strcmp(sequence->requests[i].name, name) == 0)
            return;
    vector_fault(place, "a step has a request that is not there");
}

static bool is(const json_t *step, const char *kind)
{
    const char *what = json_string_value(json_object_get(step, "do"));
    return what != NULL && strcmp(what, kind) == 0;
}

static void check_end(const struct place *place, const json_t *steps, size_t at)
{
    const json_t *step = json_array_get(steps, at);
    const json_t *expect = vector_optional(step, "expect");
    size_t of = (size_t)vector_integer(place, vector_member(place, step, "step"), "step");
    if (of >= at || !is(json_array_get(steps, of), "verify"))
        vector_fault(place, "a step ends what claims nothing");
    if (expect != NULL) {
        const char *word = vector_text(place, expect, "expect");
        if (strcmp(word, "done") != 0 && strcmp(word, "no_effect") != 0 && strcmp(word, "error") != 0)
            vector_fault(place, "expect is not known");
    }
}

static void check_step(const struct place *place, const json_t *steps, size_t at, struct sequence *sequence)
{
    const json_t *step = json_array_get(steps, at);
    const json_t *now = vector_optional(step, "now");
    vector_text(place, vector_member(place, step, "do"), "do");
    if (is(step, "fork")) {
        sequence->applicable = false;
        return;
    }
    size_t kind = 0;
    while (kind < sizeof step_kinds / sizeof step_kinds[0] && !is(step, step_kinds[kind].name))
        kind++;
    if (kind == sizeof step_kinds / sizeof step_kinds[0])
        vector_fault(place, "a step is not known");
    check_names(place, step, step_kinds[kind].members);
    check_counts(place, step);
    if (now != NULL)
        vector_integer(place, now, "now");
    if (is(step, "verify")) {
        struct vector expectation = {0};
        check_request(place, step, sequence);
        member_expectation(place, step, "codes", &expectation);
    } else if (is(step, "confirm") || is(step, "release")) {
        check_end(place, steps, at);
    } else if (is(step, "flood")) {
        need(place, step, (names){"iat", "prefix", "count", NULL});
    } else if (is(step, "flood_again")) {
        need(place, step, (names){"expect_accepts", NULL});
    } else if (is(step, "concurrent")) {
        check_request(place, step, sequence);
        need(place, step, (names){"count", "expect_accepts", NULL});
    } else if (is(step, "store")) {
        const char *state = vector_text(place, vector_member(place, step, "state"), "state");
        if (strcmp(state, "up") != 0 && strcmp(state, "down") != 0)
            vector_fault(place, "state is neither up nor down");
        /* A memory store cannot be switched off. */
        sequence->applicable = sequence->applicable && !sequence->in_memory;
    }
}

void replay_read(struct place *place, const json_t *file, const json_t *entry, struct sequence *sequence)
{
    place->id = "?";
    sequence->id = place->id = vector_text(place, vector_member(place, entry, "id"), "id");
    struct config config = {
        .place = place,
        .defaults = vector_member(place, file, "default_config"),
        .own = vector_member(place, entry, "config"),
    };
    check_names(place, config.defaults, config_names);
    check_names(place, config.own, config_names);
    /* The file's keyring, unless the sequence has one of its own. */
    const json_t *keyring = vector_optional(entry, "keyring");
    if (keyring == NULL)
        keyring = vector_member(place, file, "keyring");

    sequence->applicable = true;
    sequence->disputed = json_is_true(vector_optional(entry, "debatable"));
    read_store(&config, sequence);
    read_verifier(&config, keyring, sequence);
    read_signer(&config, keyring, sequence);
    read_requests(place, vector_member(place, entry, "requests"), sequence);
    sequence->steps = vector_member(place, entry, "steps");
    for (size_t i = 0; i < json_array_size(sequence->steps); i++)
        check_step(place, sequence->steps, i, sequence);
}

void replay_free(struct sequence *sequence)
{
    for (size_t i = 0; i < sequence->request_count; i++)
        request_free(&sequence->requests[i].request);
    free(sequence->requests);
    hookproof_signer_free(sequence->signer);
    hookproof_verifier_free(sequence->verifier);
    *sequence = (struct sequence){0};
}
