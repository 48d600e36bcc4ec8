#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXIT_USAGE = 2 };

static const char help[] =
    "usage: server [--keyring FILE] [--port N] [--max-body BYTES] [--timeout SECONDS]\n"
    "\n"
    "Verifies signed webhooks on 127.0.0.1 and answers as the sender should see it.\n"
    "\n"
    "  --keyring FILE      keyring JSON; without it the text in HOOKPROOF_KEYRING. SIGHUP reads FILE again\n"
    "  --port N            port to listen on, default 8080; 0 takes a free one and prints it\n"
    "  --max-body BYTES    largest body accepted, default 1048576\n"
    "  --timeout SECONDS   longest silence on a connection and longest time for a body, default 15\n"
    "  --help              this text\n"
    "\n"
    "GET /health answers 200 without verification. SIGTERM and SIGINT stop the server.\n";

static bool parse_number(const char *name, const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
    char *end = NULL;
    errno = 0;
    uint64_t value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || value < min || value > max) {
        fprintf(stderr, "server: --%s: not a number from %" PRIu64 " to %" PRIu64 ": %s\n", name, min, max, text);
        return false;
    }
    *out = value;
    return true;
}

bool options_parse(options *out, int argc, char **argv, int *exit_code)
{
    static const struct option names[] = {{"keyring", required_argument, NULL, 'k'},
                                          {"port", required_argument, NULL, 'p'},
                                          {"max-body", required_argument, NULL, 'b'},
                                          {"timeout", required_argument, NULL, 't'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    uint64_t port = 8080, max_body = 1024 * 1024, timeout = 15;
    bool valid = true;
    int name = 0;
    *out = (options){0};
    *exit_code = EXIT_USAGE;
    while (valid && (name = getopt_long(argc, argv, "", names, NULL)) != -1) {
        switch (name) {
        case 'k':
            out->keyring_file = optarg;
            break;
        case 'p':
            valid = parse_number("port", optarg, 0, UINT16_MAX, &port);
            break;
        case 'b':
            valid = parse_number("max-body", optarg, 0, 1 << 30, &max_body);
            break;
        case 't':
            valid = parse_number("timeout", optarg, 1, 3600, &timeout);
            break;
        case 'h':
            fputs(help, stdout);
            *exit_code = EXIT_SUCCESS;
            return false;
        default:
            fputs("try --help\n", stderr);
            valid = false;
        }
    }
    if (valid && optind != argc) {
        fprintf(stderr, "server: unexpected argument: %s\n", argv[optind]);
        valid = false;
    }
    out->port = (uint16_t)port;
    out->max_body = max_body;
    out->timeout = (unsigned int)timeout;
    return valid;
}
