#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXIT_USAGE = 2 };

static const char help[] =
    "usage: server --replay STORE [--keyring FILE] [option ...]\n"
    "\n"
    "Verifies signed webhooks on 127.0.0.1, hands each to the application once, and answers as the sender should\n"
    "see it.\n"
    "\n"
    "  --keyring FILE           keyring JSON; without it the text in HOOKPROOF_KEYRING. SIGHUP reads FILE again\n"
    "  --port N                 port to listen on, default 8080; 0 takes a free one and prints it\n"
    "  --max-body BYTES         largest body accepted, default 1048576\n"
    "  --timeout SECONDS        longest silence on a connection and longest time for a body, default 15\n"
    "  --help                   this text\n"
    "\n"
    "Which requests were there before is remembered in\n"
    "  --replay memory          this process; a restart forgets it\n"
    "  --replay file:PATH       a file, for all processes of this machine; it survives a restart\n"
    "  --replay redis://HOST:PORT[/DB]   a Redis or Valkey server, for many machines\n"
    "                           Without --replay the text in HOOKPROOF_REPLAY, where a password belongs.\n"
    "  --replay-capacity N      requests that memory holds, default 262144\n"
    "  --replay-namespace NAME  part of every key in Redis, default hookproof: one for each application\n"
    "  --replay-budget MS       longest time for an answer of the store, default 50\n"
    "  --lease SECONDS          time for the application before a retry may take the request over, default 30\n"
    "\n"
    "For trying things out:\n"
    "  --journal FILE           the application writes a line for each webhook it handled, and what became of it\n"
    "  --fail-while FILE        the application fails as long as FILE exists, as if its database were away\n"
    "  --work MS                the application takes this long, default 0\n"
    "\n"
    "GET /health answers 200 without verification. A webhook to /voice/answer is answered with call control. SIGTERM\n"
    "and SIGINT stop the server.\n";

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
                                          {"replay", required_argument, NULL, 'r'},
                                          {"replay-namespace", required_argument, NULL, 'n'},
                                          {"replay-capacity", required_argument, NULL, 'c'},
                                          {"replay-budget", required_argument, NULL, 'g'},
                                          {"lease", required_argument, NULL, 'l'},
                                          {"journal", required_argument, NULL, 'j'},
                                          {"fail-while", required_argument, NULL, 'f'},
                                          {"work", required_argument, NULL, 'w'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    uint64_t port = 8080, max_body = 1024 * 1024, timeout = 15, capacity = 0, budget = 0, lease = 0, work = 0;
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
        case 'r':
            out->replay = optarg;
            break;
        case 'n':
            out->replay_namespace = optarg;
            break;
        case 'c':
            valid = parse_number("replay-capacity", optarg, 1, UINT64_MAX, &capacity);
            break;
        case 'g':
            valid = parse_number("replay-budget", optarg, 1, UINT32_MAX, &budget);
            break;
        case 'l':
            valid = parse_number("lease", optarg, 1, UINT32_MAX, &lease);
            break;
        case 'j':
            out->journal = optarg;
            break;
        case 'f':
            out->fail_while = optarg;
            break;
        case 'w':
            valid = parse_number("work", optarg, 0, 60000, &work);
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
    out->replay_capacity = capacity;
    out->replay_budget = (uint32_t)budget;
    out->lease = (uint32_t)lease;
    out->work = (unsigned int)work;
    return valid;
}
