/* Times the C interface over the request that the directory holds.
 *
 *   bench DIRECTORY              reads "verify N" and "libjwt N" lines, answers each with nanoseconds; 0 for what
 *                                it was built without
 *   bench DIRECTORY verify N     does it N times, to be counted from outside
 */
#define _POSIX_C_SOURCE 200809L

#include <hookproof.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef HAVE_LIBJWT
#include <jwt.h>
#endif

typedef struct {
    char *bytes;
    size_t len;
} text;

static text header, body, secret;
static int64_t now;
static hookproof_verifier *verifier;

static _Noreturn void fail(const char *what) {
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static text read_file(const char *directory, const char *name) {
    char path[4096];
    int written = snprintf(path, sizeof path, "%s/%s", directory, name);
    if (written < 0 || (size_t)written >= sizeof path)
        fail("the directory's name is too long");
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail(path);
    text all = {malloc(1 << 20), 0};
    if (all.bytes == NULL)
        fail("no memory");
    all.len = fread(all.bytes, 1, (1 << 20) - 1, file);
    all.bytes[all.len] = '\0';
    if (ferror(file) || fclose(file) != 0)
        fail(path);
    return all;
}

static void verify(void) {
    hookproof_result *result = NULL;
    if (hookproof_verifier_verify(verifier, "POST", 4, header.bytes, header.len, 1, NULL, 0, NULL, 0, NULL, 0,
                                  body.bytes, body.len, now, &result) != HOOKPROOF_OK)
        fail(hookproof_result_detail(result).ptr);
    hookproof_result_free(result);
}

#ifdef HAVE_LIBJWT
static void libjwt(void) {
    jwt_t *token = NULL;
    if (jwt_decode(&token, header.bytes + strlen("Bearer "), (const unsigned char *)secret.bytes, (int)secret.len) != 0)
        fail("libjwt refused the token");
    jwt_free(token);
}
#endif

typedef void action(void);

static action *find(const char *name) {
    if (strcmp(name, "verify") == 0)
        return verify;
#ifdef HAVE_LIBJWT
    if (strcmp(name, "libjwt") == 0)
        return libjwt;
#endif
    return NULL;
}

static int64_t nanoseconds(void) {
    struct timespec time;
    if (clock_gettime(CLOCK_MONOTONIC, &time) != 0)
        fail("no clock");
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void answer_lines(void) {
    char name[16];
    uint64_t calls;
    while (scanf("%15s %" SCNu64, name, &calls) == 2) {
        action *call = find(name);
        int64_t start = nanoseconds();
        for (uint64_t done = 0; call != NULL && done < calls; done++)
            call();
        printf("%" PRId64 "\n", call != NULL ? nanoseconds() - start : 0);
        fflush(stdout);
    }
}

int main(int argc, char **argv) {
    if (argc != 2 && argc != 4)
        fail("usage: bench DIRECTORY [verify N]");
    header = read_file(argv[1], "header");
    body = read_file(argv[1], "body");
    secret = read_file(argv[1], "secret");
    text time_text = read_file(argv[1], "now");
    now = strtoll(time_text.bytes, NULL, 10);
    free(time_text.bytes);
    text json = read_file(argv[1], "keyring.json");
    hookproof_keyring *keyring = hookproof_keyring_new();
    if (hookproof_keyring_add_json(keyring, json.bytes, json.len) != HOOKPROOF_OK)
        fail(hookproof_keyring_error(keyring).ptr);
    free(json.bytes);
    if (hookproof_verifier_new(NULL, keyring, &verifier) != HOOKPROOF_OK)
        fail("no verifier");
    hookproof_keyring_free(keyring);

    if (argc == 2) {
        answer_lines();
    } else {
        action *call = find(argv[2]);
        if (call == NULL)
            fail("built without this");
        for (uint64_t left = strtoull(argv[3], NULL, 10); left > 0; left--)
            call();
    }
    hookproof_verifier_free(verifier);
    free(header.bytes);
    free(body.bytes);
    free(secret.bytes);
    return 0;
}
