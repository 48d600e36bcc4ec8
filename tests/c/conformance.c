/* Runs vector files through the C ABI.

   conformance [--json] [--chunk N]... FILE...

   Prints a line for every failing case and the sums of each file, or with --json one object for every
   case. Exit status: 0 all passed, 1 a case failed or a format is not known, 2 usage, 3 a file could
   not be read. */
#include "payload.h"
#include "player.h"
#include "vector.h"
#include "word.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct counts {
    size_t passed;
    size_t failed;
    size_t disputed;
    size_t not_applicable;
};

struct run {
    bool json;
    struct chunks chunks;
    struct counts counts;
    bool unknown_format;
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static void print_json(const char *file, const char *id, const char *verdict, const char *reason)
{
    json_t *line = json_pack("{s:s, s:s, s:s, s:s, s:s}", "file", file, "id", id, "verdict", verdict, "reason", reason,
                             "code", word_of_reason(reason));
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(line);
}

static void print_failure(FILE *out, const struct vector *vector, const struct verdict *verdict)
{
    fprintf(out, "%s expected ", vector->id);
    if (verdict->disagreement[0] != '\0') {
        fprintf(out, "one verdict in every way got %s\n", verdict->disagreement);
        return;
    }
    vector_print_expectation(vector, out);
    if (verdict->accepted)
        fputs(" got accept\n", out);
    else
        fprintf(out, " got reject %s (%s)\n", word_of_reason(verdict->reason), verdict->reason);
}

static void run_case(struct run *run, const char *file, const struct vector *vector)
{
    if (!vector->applicable) {
        run->counts.not_applicable++;
        if (run->json)
            print_json(file, vector->id, "not_applicable", "");
        return;
    }
    struct verdict verdict = door_judge(&vector->request, &run->chunks);
    if (run->json)
        print_json(file, vector->id, verdict.accepted ? "accept" : "reject", verdict.reason);
    /* Two sound verifiers may differ on a disputed case, but one must not differ with itself. */
    if (verdict.disagreement[0] == '\0' && vector->disputed) {
        run->counts.disputed++;
    } else if (verdict.disagreement[0] == '\0' && vector_passes(vector, &verdict)) {
        run->counts.passed++;
    } else {
        run->counts.failed++;
        print_failure(run->json ? stderr : stdout, vector, &verdict);
    }
}

static void run_attacks(struct run *run, struct place *place, const json_t *file)
{
    const json_t *cases = vector_member(place, file, "cases");
    for (size_t i = 0; i < json_array_size(cases); i++) {
        struct vector vector = {0};
        attack_read(place, file, json_array_get(cases, i), &vector);
        run_case(run, place->file, &vector);
        vector_free(&vector);
    }
}

static void run_sequence(struct run *run, struct place *place, const struct sequence *sequence)
{
    if (!sequence->applicable) {
        run->counts.not_applicable++;
        if (run->json)
            print_json(place->file, sequence->id, "not_applicable", "");
        return;
    }
    struct performance performance = {0};
    player_play(place, sequence, &run->chunks, &performance);
    if (run->json)
        print_json(place->file, sequence->id, (const char *)performance.verdict.data, performance.reason);
    FILE *out = run->json ? stderr : stdout;
    /* As above: one must not differ with itself. */
    if (performance.disagreement[0] != '\0') {
        run->counts.failed++;
        fprintf(out, "%s expected one verdict in every way got %s\n", sequence->id, performance.disagreement);
    } else if (sequence->disputed) {
        run->counts.disputed++;
    } else if (performance.failed) {
        run->counts.failed++;
        fprintf(out, "%s expected %s got %s\n", sequence->id, performance.expected, performance.got);
    } else {
        run->counts.passed++;
    }
    performance_free(&performance);
}

static void run_replays(struct run *run, struct place *place, const json_t *file)
{
    const json_t *sequences = vector_member(place, file, "sequences");
    for (size_t i = 0; i < json_array_size(sequences); i++) {
        struct sequence sequence = {0};
        replay_read(place, file, json_array_get(sequences, i), &sequence);
        run_sequence(run, place, &sequence);
        replay_free(&sequence);
    }
}

static void run_vendor(struct run *run, struct place *place, const json_t *file)
{
    for (size_t i = 0; i < json_array_size(file); i++) {
        struct vector vector = {0};
        vendor_read(place, i, json_array_get(file, i), &vector);
        run_case(run, place->file, &vector);
        vector_free(&vector);
    }
}

static void run_payload(struct run *run, struct place *place, const json_t *file)
{
    struct payload payload = {0};
    payload_run(place, file, &payload);
    bool read = payload.event != NULL;
    if (run->json) {
        json_t *line = json_pack("{s:s, s:s, s:s, s:s, s:s}", "file", place->file, "id", payload.id, "verdict",
                                 read ? "accept" : "reject", "reason", payload.reason, "code",
                                 word_of_reason(payload.reason));
        char *text = json_dumps(line, JSON_COMPACT);
        /* The event as it came: its keys have an order of their own. */
        if (read)
            printf("%.*s,\"event\":%s}\n", (int)strlen(text) - 1, text, hookproof_event_json(payload.event).ptr);
        else
            puts(text);
        free(text);
        json_decref(line);
    }
    if (payload.passed) {
        run->counts.passed++;
    } else {
        run->counts.failed++;
        fprintf(run->json ? stderr : stdout, "%s expected %s got %s %s\n", payload.id, read ? payload.id : "accept",
                read ? hookproof_event_api(payload.event).ptr : payload.reason,
                read ? hookproof_event_kind(payload.event).ptr : "");
    }
    payload_free(&payload);
}

/* The name of a format that has none in the file. */
static const char *format_name(const json_t *file)
{
    const char *format = json_string_value(json_object_get(file, "format"));
    return format != NULL ? format : "(none)";
}

static bool is_vendor(const json_t *file)
{
    return json_array_size(file) > 0 && json_object_get(json_array_get(file, 0), "kind") != NULL;
}

static void run_file(struct run *run, const char *path)
{
    json_error_t error;
    json_t *file = json_load_file(path, JSON_ALLOW_NUL, &error);
    if (file == NULL) {
        fprintf(stderr, "%s: %s\n", path, error.text);
        exit(3);
    }
    struct place place = {.file = base_name(path), .id = "-"};
    struct counts before = run->counts;
    const char *format = format_name(file);
    if (strcmp(format, "signed-webhook-attacks/1") == 0) {
        run_attacks(run, &place, file);
    } else if (strcmp(format, "signed-webhook-replay/1") == 0) {
        run_replays(run, &place, file);
    } else if (payload_is_one(file)) {
        run_payload(run, &place, file);
    } else if (is_vendor(file)) {
        run_vendor(run, &place, file);
    } else {
        fprintf(stderr, "%s: format %s is not known to this door yet\n", place.file, format);
        run->unknown_format = true;
        json_decref(file);
        return;
    }
    FILE *out = run->json ? stderr : stdout;
    fprintf(out, "%s:\n%zu passed, %zu failed, %zu disputed, %zu not applicable\n", place.file,
            run->counts.passed - before.passed, run->counts.failed - before.failed,
            run->counts.disputed - before.disputed, run->counts.not_applicable - before.not_applicable);
    json_decref(file);
}

static _Noreturn void usage(void)
{
    fputs("usage: conformance [--json] [--chunk N]... FILE...\n", stderr);
    exit(2);
}

static void add_chunk(struct chunks *chunks, const char *text)
{
    char *end = NULL;
    errno = 0;
    uintmax_t size = text == NULL || *text < '0' || *text > '9' ? 0 : strtoumax(text, &end, 10);
    if (size == 0 || *end != '\0' || errno != 0 || size > SIZE_MAX ||
        chunks->count == sizeof chunks->sizes / sizeof chunks->sizes[0])
        usage();
    chunks->sizes[chunks->count++] = (size_t)size;
}

int main(int argc, char **argv)
{
    struct run run = {0};
    int at = 1;
    if (hookproof_abi_version() != HOOKPROOF_ABI_VERSION) {
        fputs("the library loaded has another ABI than the header\n", stderr);
        return 3;
    }
    for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
        if (strcmp(argv[at], "--json") == 0)
            run.json = true;
        else if (strcmp(argv[at], "--chunk") == 0)
            add_chunk(&run.chunks, argv[++at]);
        else
            usage();
    }
    if (at >= argc)
        usage();
    if (run.chunks.count == 0)
        run.chunks = (struct chunks){.sizes = {1, 7, SIZE_MAX}, .count = 3};
    for (; at < argc; at++)
        run_file(&run, argv[at]);
    fprintf(run.json ? stderr : stdout, "%zu passed, %zu failed\n", run.counts.passed, run.counts.failed);
    return run.counts.failed > 0 || run.unknown_format ? 1 : 0;
}
