/* Signs a webhook as the vendor would, for tests of your own endpoint:
 *
 *   HOOKPROOF_SECRET=... ./sign --api-key a1b2c3d4 <event.json >header.txt
 *   curl -H @header.txt --data-binary @event.json http://127.0.0.1:8080/webhooks/inbound
 *
 * The secret comes from the environment, because other users of the machine can read command lines. */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <hookproof.h>

enum { EXIT_USAGE = 2, JTI_BYTES = 16 };

static const char help[] =
    "usage: sign --api-key KEY [--iat SECONDS] [--jti ID] [--application-id ID] <body\n"
    "\n"
    "Prints the Authorization field of a POST with this body, signed with the text in HOOKPROOF_SECRET.\n"
    "\n"
    "  --api-key KEY         the account\n"
    "  --iat SECONDS         Unix time of signing, default now\n"
    "  --jti ID              id of the message, default random\n"
    "  --application-id ID   application_id claim, default none\n"
    "  --help                this text\n";

typedef struct options {
    const char *api_key, *application_id, *jti;
    int64_t iat;
} options;

static bool random_jti(char text[2 * JTI_BYTES + 1])
{
    unsigned char bytes[JTI_BYTES];
    if (getentropy(bytes, sizeof bytes) != 0) {
        return false;
    }
    for (size_t i = 0; i < JTI_BYTES; i++) {
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    }
    return true;
}

/* The caller frees *body. */
static bool read_body(FILE *from, char **body, size_t *body_len)
{
    size_t room = 0;
    *body = NULL;
    *body_len = 0;
    do {
        if (*body_len == room) {
            room = room > 0 ? 2 * room : 4096;
            char *grown = realloc(*body, room);
            if (grown == NULL) {
                return false;
            }
            *body = grown;
        }
        *body_len += fread(*body + *body_len, 1, room - *body_len, from);
    } while (!feof(from) && !ferror(from));
    return !ferror(from);
}

static hookproof_status sign(const options *opts, const char *secret, const char *body, size_t body_len)
{
    hookproof_signer *signer = NULL;
    hookproof_status status =
        hookproof_signer_new(opts->api_key, strlen(opts->api_key), secret, strlen(secret), &signer);
    if (status == HOOKPROOF_OK && opts->application_id != NULL) {
        status = hookproof_signer_set_application_id(signer, opts->application_id, strlen(opts->application_id));
    }
    if (status == HOOKPROOF_OK) {
        status = hookproof_signer_sign_body(signer, body, body_len, opts->iat, opts->jti, strlen(opts->jti));
    }
    if (status == HOOKPROOF_OK) {
        printf("Authorization: %s\n", hookproof_signer_header(signer).ptr);
    }
    hookproof_signer_free(signer);
    return status;
}

int main(int argc, char **argv)
{
    static const struct option names[] = {{"api-key", required_argument, NULL, 'k'},
                                          {"application-id", required_argument, NULL, 'a'},
                                          {"iat", required_argument, NULL, 'i'},
                                          {"jti", required_argument, NULL, 'j'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    char jti[2 * JTI_BYTES + 1], *end = NULL;
    options opts = {.iat = hookproof_now()};
    int name = 0;
    while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
        switch (name) {
        case 'k':
            opts.api_key = optarg;
            break;
        case 'a':
            opts.application_id = optarg;
            break;
        case 'i':
            errno = 0;
            opts.iat = strtoll(optarg, &end, 10);
            if (end == optarg || *end != '\0' || errno != 0) {
                fprintf(stderr, "sign: --iat: not a number: %s\n", optarg);
                return EXIT_USAGE;
            }
            break;
        case 'j':
            opts.jti = optarg;
            break;
        case 'h':
            fputs(help, stdout);
            return EXIT_SUCCESS;
        default:
            fputs("try --help\n", stderr);
            return EXIT_USAGE;
        }
    }
    const char *secret = getenv("HOOKPROOF_SECRET");
    if (optind != argc || opts.api_key == NULL || secret == NULL || *secret == '\0') {
        fputs("sign: needs --api-key, and the secret in HOOKPROOF_SECRET; try --help\n", stderr);
        return EXIT_USAGE;
    }
    if (opts.jti == NULL) {
        if (!random_jti(jti)) {
            fprintf(stderr, "sign: no random jti: %s\n", strerror(errno));
            return EXIT_FAILURE;
        }
        opts.jti = jti;
    }
    char *body = NULL;
    size_t body_len = 0;
    hookproof_status status = HOOKPROOF_E_INTERNAL;
    if (!read_body(stdin, &body, &body_len)) {
        fputs("sign: cannot read the body\n", stderr);
    } else {
        status = sign(&opts, secret, body, body_len);
        if (status != HOOKPROOF_OK) {
            fprintf(stderr, "sign: %s\n", hookproof_status_message(status).ptr);
        }
    }
    free(body);
    return status == HOOKPROOF_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
