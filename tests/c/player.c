#define _POSIX_C_SOURCE 200809L

#include "player.h"

#include "member.h"
#include "processes.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The claim that a step left. An acceptance may leave none. */
struct kept {
    bool accepted;
    hookproof_claim *claim;
};

/* Requests that differ in their id alone: a prefix and six digits. */
struct flood {
    const char *prefix;
    int64_t issued_at;
    int64_t count;
};

/* One performance under way. */
struct stage {
    struct place *place;
    const struct sequence *sequence;
    size_t piece;
    struct processes processes;
    struct kept *kept;
    bool has_time;
    int64_t now;
    struct flood flood;
    size_t number;
    struct performance *performance;
};

static bool is(const json_t *step, const char *kind)
{
    return strcmp(json_string_value(json_object_get(step, "do")), kind) == 0;
}

static int64_t count_of(const struct stage *stage, const json_t *step, const char *name, int64_t otherwise)
{
    const json_t *value = vector_optional(step, name);
    return value == NULL ? otherwise : vector_integer(stage->place, value, name);
}

/* The time of a step, which goes on for the steps without one. */
static int64_t time_of(struct stage *stage, const json_t *step)
{
    const json_t *now = vector_optional(step, "now");
    if (now != NULL) {
        stage->now = json_integer_value(now);
        stage->has_time = true;
    }
    if (!stage->has_time)
        vector_fault(stage->place, "no step has a time yet");
    return stage->now;
}

static const struct request *request_of(const struct stage *stage, const json_t *step)
{
    const char *name = json_string_value(json_object_get(step, "request"));
    const struct named_request *named = stage->sequence->requests;
    while (strcmp(named->name, name) != 0)
        named++;
    return &named->request;
}

static void note(struct stage *stage, const char *answer)
{
    if (stage->number > 0)
        bytes_append(&stage->performance->verdict, " ", 1);
    bytes_append(&stage->performance->verdict, answer, strlen(answer));
}

/* Notes the first step that is not as expected. True where its texts are to be filled in. */
static bool fails(struct stage *stage, const char *got)
{
    if (stage->performance->failed)
        return false;
    stage->performance->failed = true;
    snprintf(stage->performance->got, sizeof stage->performance->got, "%s", got);
    return true;
}

static void expect_text(struct stage *stage, const char *got, const char *expected)
{
    if (strcmp(got, expected) != 0 && fails(stage, got))
        snprintf(stage->performance->expected, sizeof stage->performance->expected, "in step %zu %s", stage->number,
                 expected);
    note(stage, got);
}

static void disagree_if(struct performance *performance, const struct verdict *verdict)
{
    if (verdict->disagreement[0] != '\0' && performance->disagreement[0] == '\0')
        snprintf(performance->disagreement, sizeof performance->disagreement, "%s", verdict->disagreement);
}

static void play_verify(struct stage *stage, const json_t *step)
{
    int64_t now = time_of(stage, step);
    const hookproof_store *store =
        processes_store(&stage->processes, (uint64_t)count_of(stage, step, "process", 0));
    struct kept *kept = &stage->kept[stage->number];
    struct verdict verdict = {0};
    door_receive(request_of(stage, step), stage->sequence->verifier, store, stage->piece, now, &kept->claim, &verdict);
    kept->accepted = verdict.accepted;
    disagree_if(stage->performance, &verdict);

    char answer[64] = "accept";
    /* An acceptance must say what it knows of repeats. */
    const char *mark = stage->processes.is_down ? "unavailable" : "claimed";
    bool marked = !verdict.accepted || strcmp(verdict.replay, mark) == 0;
    if (!marked)
        snprintf(answer, sizeof answer, "accept:%s", verdict.replay);
    if (!verdict.accepted) {
        snprintf(answer, sizeof answer, "reject:%s", verdict.reason);
        stage->performance->reason = verdict.reason;
    }
    struct vector vector = {0};
    member_expectation(stage->place, step, "codes", &vector);
    if ((!marked || !vector_passes(&vector, &verdict)) && fails(stage, answer)) {
        FILE *out = fmemopen(stage->performance->expected, sizeof stage->performance->expected, "w");
        if (out == NULL)
            vector_fault(stage->place, "out of memory");
        fprintf(out, "in step %zu ", stage->number);
        vector_print_expectation(&vector, out);
        fclose(out);
    }
    note(stage, answer);
}

static void play_end(struct stage *stage, const json_t *step)
{
    int64_t now = time_of(stage, step);
    struct kept *kept = &stage->kept[json_integer_value(json_object_get(step, "step"))];
    const json_t *expect = vector_optional(step, "expect");
    /* Without an acceptance there is no answer, and one was expected. */
    const char *got = "-";
    if (kept->accepted) {
        hookproof_status status = is(step, "confirm") ? hookproof_claim_confirm(kept->claim, now)
                                                      : hookproof_claim_release(kept->claim, now);
        bool failed = status == HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE;
        got = status == HOOKPROOF_OK          ? "done"
              : status == HOOKPROOF_NO_EFFECT ? "no_effect"
              : failed                        ? "error"
                                              : hookproof_status_name(status).ptr;
    }
    /* Unless the file says what comes of it, whether it still was the claim's to end plays no part. */
    bool either = expect == NULL && strcmp(got, "no_effect") == 0;
    expect_text(stage, got, expect != NULL ? json_string_value(expect) : either ? "no_effect" : "done");
}

/* Receives and confirms one request. The reason of the refusal; empty when it went well. */
static const char *receive_and_confirm(struct stage *stage, const struct request *request, int64_t now)
{
    struct verdict verdict = {0};
    hookproof_claim *claim = NULL;
    door_receive(request, stage->sequence->verifier, processes_store(&stage->processes, 0), stage->piece, now, &claim,
                 &verdict);
    disagree_if(stage->performance, &verdict);
    if (verdict.accepted && hookproof_claim_confirm(claim, now) != HOOKPROOF_OK)
        verdict.reason = hookproof_status_name(HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE).ptr;
    hookproof_claim_free(claim);
    return verdict.reason;
}

/* How many requests of the flood went well. `*refused`: why the first of the others did not. */
static size_t pour(struct stage *stage, const struct flood *flood, int64_t now, const char **refused)
{
    static const char body[] = "{\"event\":\"x\"}";
    size_t accepted = 0;
    *refused = NULL;
    for (int64_t i = 0; i < flood->count; i++) {
        char jti[256];
        snprintf(jti, sizeof jti, "%s%06" PRId64, flood->prefix, i);
        if (hookproof_signer_sign_body(stage->sequence->signer, body, sizeof body - 1, flood->issued_at, jti,
                                       strlen(jti)) != HOOKPROOF_OK)
            vector_fault(stage->place, "a flood cannot be signed");
        hookproof_str header = hookproof_signer_header(stage->sequence->signer);
        struct request request = {.header_count = 1};
        bytes_append(&request.method, "POST", 4);
        bytes_append(&request.header, header.ptr, header.len);
        bytes_append(&request.body, body, sizeof body - 1);
        const char *reason = receive_and_confirm(stage, &request, now);
        if (reason[0] == '\0')
            accepted++;
        else if (*refused == NULL)
            *refused = reason;
        request_free(&request);
    }
    return accepted;
}

/* How many were accepted, unless one was refused for a reason that has no place here. */
static void note_accepts(struct stage *stage, const json_t *step, size_t accepted, const char *stray)
{
    char got[64], expected[64];
    if (stray == NULL) {
        snprintf(got, sizeof got, "accepts:%zu", accepted);
    } else {
        snprintf(got, sizeof got, "reject:%s", stray);
        stage->performance->reason = stray;
    }
    snprintf(expected, sizeof expected, "accepts:%" PRId64, count_of(stage, step, "expect_accepts", 0));
    expect_text(stage, got, expected);
}

static void play_flood(struct stage *stage, const json_t *step)
{
    const json_t *prefix = vector_optional(step, "prefix");
    bool again = is(step, "flood_again");
    struct flood flood = stage->flood;
    if (prefix != NULL) {
        flood.prefix = vector_text(stage->place, prefix, "prefix");
        flood.issued_at = vector_integer(stage->place, vector_member(stage->place, step, "iat"), "iat");
        flood.count = vector_integer(stage->place, vector_member(stage->place, step, "count"), "count");
    } else if (flood.prefix == NULL) {
        vector_fault(stage->place, "prefix is missing");
    }
    const char *refused;
    size_t accepted = pour(stage, &flood, time_of(stage, step), &refused);
    if (again) {
        note_accepts(stage, step, accepted, NULL);
        return;
    }
    stage->flood = flood;
    char answer[64] = "done";
    if (refused != NULL) {
        snprintf(answer, sizeof answer, "reject:%s", refused);
        stage->performance->reason = refused;
    }
    expect_text(stage, answer, "done");
}

/* One of those that come at the same moment. */
struct runner {
    pthread_t thread;
    pthread_barrier_t *start;
    const struct stage *stage;
    const struct request *request;
    const hookproof_store *store;
    struct verdict verdict;
};

static void *run(void *argument)
{
    struct runner *runner = argument;
    hookproof_claim *claim = NULL;
    pthread_barrier_wait(runner->start);
    door_receive(runner->request, runner->stage->sequence->verifier, runner->store, runner->stage->piece,
                 runner->stage->now, &claim, &runner->verdict);
    hookproof_claim_free(claim);
    return NULL;
}

static void play_concurrent(struct stage *stage, const json_t *step)
{
    size_t count = (size_t)count_of(stage, step, "count", 0);
    uint64_t processes = (uint64_t)count_of(stage, step, "processes", 1);
    struct runner *runners = calloc(count + 1, sizeof *runners);
    pthread_barrier_t start;
    time_of(stage, step);
    if (runners == NULL || count == 0 || pthread_barrier_init(&start, NULL, (unsigned)count) != 0)
        vector_fault(stage->place, "so many cannot come at once");
    for (size_t i = 0; i < count; i++) {
        runners[i].start = &start;
        runners[i].stage = stage;
        runners[i].request = request_of(stage, step);
        runners[i].store = processes_store(&stage->processes, processes == 0 ? 0 : i % processes);
    }
    for (size_t i = 0; i < count; i++)
        if (pthread_create(&runners[i].thread, NULL, run, &runners[i]) != 0)
            vector_fault(stage->place, "so many cannot come at once");
    size_t accepted = 0;
    const char *stray = NULL;
    for (size_t i = 0; i < count; i++) {
        pthread_join(runners[i].thread, NULL);
        const struct verdict *verdict = &runners[i].verdict;
        disagree_if(stage->performance, verdict);
        accepted += verdict->accepted;
        /* All others must be told that it is a repeat. */
        if (!verdict->accepted && verdict->status != HOOKPROOF_R_REPLAY_IN_PROGRESS &&
            verdict->status != HOOKPROOF_R_REPLAY_DUPLICATE)
            stray = stray == NULL ? verdict->reason : stray;
    }
    pthread_barrier_destroy(&start);
    free(runners);
    note_accepts(stage, step, accepted, stray);
}

static void play_restart(struct stage *stage, const json_t *step)
{
    if (stage->sequence->refuses_cold || vector_optional(step, "now") != NULL)
        stage->processes.cold_until = time_of(stage, step);
    stage->processes.is_cold = stage->sequence->refuses_cold;
    /* With the memory its claims are gone: ending what is gone has no effect. */
    for (size_t i = 0; i < stage->number && stage->sequence->in_memory; i++) {
        hookproof_claim_free(stage->kept[i].claim);
        stage->kept[i].claim = NULL;
    }
    processes_restart(&stage->processes);
    note(stage, "-");
}

static void play_step(struct stage *stage, const json_t *step)
{
    if (is(step, "verify")) {
        play_verify(stage, step);
    } else if (is(step, "confirm") || is(step, "release")) {
        play_end(stage, step);
    } else if (is(step, "concurrent")) {
        play_concurrent(stage, step);
    } else if (is(step, "restart")) {
        play_restart(stage, step);
    } else if (is(step, "store")) {
        processes_switch(&stage->processes, strcmp(json_string_value(json_object_get(step, "state")), "up") == 0);
        note(stage, "-");
    } else {
        play_flood(stage, step);
    }
}

static void perform(struct place *place, const struct sequence *sequence, size_t piece,
                    struct performance *performance)
{
    size_t count = json_array_size(sequence->steps);
    struct stage stage = {.place = place, .sequence = sequence, .piece = piece, .performance = performance};
    stage.kept = calloc(count + 1, sizeof *stage.kept);
    if (stage.kept == NULL)
        vector_fault(place, "out of memory");
    performance->reason = "";
    processes_begin(&stage.processes, sequence->in_memory, sequence->capacity);
    for (; stage.number < count; stage.number++)
        play_step(&stage, json_array_get(sequence->steps, stage.number));
    bytes_append(&performance->verdict, "", 1);
    for (size_t i = 0; i < count; i++)
        hookproof_claim_free(stage.kept[i].claim);
    free(stage.kept);
    processes_end(&stage.processes);
}

void player_play(struct place *place, const struct sequence *sequence, const struct chunks *chunks,
                 struct performance *performance)
{
    perform(place, sequence, WHOLE, performance);
    for (size_t i = 0; i < chunks->count && performance->disagreement[0] == '\0'; i++) {
        struct performance other = {0};
        perform(place, sequence, chunks->sizes[i], &other);
        if (other.disagreement[0] != '\0')
            memcpy(performance->disagreement, other.disagreement, sizeof other.disagreement);
        else if (strcmp((char *)other.verdict.data, (char *)performance->verdict.data) != 0)
            snprintf(performance->disagreement, sizeof performance->disagreement,
                     "one-shot %.200s, streamed in pieces of %zu %.200s", (char *)performance->verdict.data,
                     chunks->sizes[i], (char *)other.verdict.data);
        performance_free(&other);
    }
}

void performance_free(struct performance *performance)
{
    bytes_free(&performance->verdict);
    *performance = (struct performance){0};
}
