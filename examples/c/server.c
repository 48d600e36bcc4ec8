/* A webhook server in C: libmicrohttpd reads HTTP, libhookproof decides what is genuine.
 *
 * What it shows, and what a server of yours should keep:
 *   - the token is judged when the headers are in, before one byte of the body is read, so that a forged upload
 *     costs no memory;
 *   - the body is hashed as it arrives, and kept only for a request whose token was found good;
 *   - the verdict falls at the end of the body, with the time of that moment;
 *   - a request is claimed last of all, confirmed just before a 2xx leaves, and released when anything else does: it is
 *     worked on once, and a retry of work that failed is no repeat;
 *   - where the answer has content, a repeat gets it again without the work being done again;
 *   - every refusal answers the same text: the reason goes to the log, never to the sender;
 *   - one verifier serves all threads, and SIGHUP swaps its keyring without losing a request.
 *
 * It listens on the loopback address alone. Put a TLS proxy in front of it. */
#define _DEFAULT_SOURCE
#include <inttypes.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <hookproof.h>
#include <microhttpd.h>

#include "application.h"
#include "keyring_source.h"
#include "options.h"
#include "replay_source.h"

enum {
    POOL_THREADS = 4,           /* the replay store is asked in these: each waits for it, within its budget */
    CONNECTION_LIMIT = 256,     /* times max_body_bytes is the most that bodies can occupy */
    FIRST_BODY_BYTES = 4096,
    DRAIN_BYTES = 64 * 1024,    /* see drain */
    RETRY_SECONDS = 5,
    LABEL_BYTES = 128
};

typedef struct server {
    hookproof_verifier *verifier;
    hookproof_store *store;
    hookproof_str header_name;
    time_t body_seconds;
    application app;
} server;

typedef struct request {
    char *uri;                  /* as it stood in the request line, so that the query is still raw */
    char label[LABEL_BYTES];    /* "POST /path", made safe for the log */
    bool begun, answered, health;
    bool has_content;           /* its answer has */
    bool work_failed;           /* it was accepted, and the application could not do the work */
    hookproof_status verdict;
    hookproof_result *result;
    hookproof_claim *claim;     /* NULL: nothing to end */
    time_t started;             /* monotonic */
    size_t drained;
    unsigned char *body;
    size_t body_len, body_room;
} request;

static atomic_bool serving;

/* ---- Log ---- */

/* libmicrohttpd's own words are wanted while it starts ("Address already in use"). Later ones are about what peers
   sent, may quote it, and could be provoked at will. */
static void log_microhttpd(void *cls, const char *format, va_list arguments)
{
    (void)cls;
    if (!atomic_load(&serving)) {
        fputs("server: libmicrohttpd: ", stderr);
        vfprintf(stderr, format, arguments);
    }
}

/* Method and path come from the peer: only plain characters reach the log, and the query never does. */
static void make_label(request *req, const char *method)
{
    size_t used = 0;
    const char *parts[] = {method, " ", req->uri};
    for (size_t part = 0; part < 3; part++) {
        for (const char *from = parts[part]; *from != '\0' && used < LABEL_BYTES - 1; from++) {
            if (part == 2 && *from == '?') {
                break;
            }
            bool plain = (part == 1) || (*from > ' ' && *from < 0x7f);
            req->label[used++] = plain ? *from : '?';
        }
    }
    req->label[used] = '\0';
}

/* One call, so that the lines of several threads do not mix. */
static void log_answer(const request *req, unsigned int http_status)
{
    const char *name = hookproof_status_name(req->verdict).ptr;
    const char *detail = hookproof_status_message(req->verdict).ptr;
    hookproof_str replay = hookproof_result_replay(req->result);
    if (req->work_failed) {
        name = "handler.failed";
        detail = "the application could not do the work";
    } else if (req->result != NULL) {
        detail = hookproof_result_detail(req->result).ptr;
    }
    fprintf(stderr, "server: %u %s %s (%zu body bytes%s%s): %s\n", http_status, name, req->label, req->body_len,
            replay.len > 0 ? ", " : "", replay.ptr, detail);
}

/* ---- Keyring ---- */

/* A ring that cannot be loaded leaves the old one in place: a slip of the editor must not refuse every webhook. */
static void reload_keyring(const server *srv, const options *opts)
{
    hookproof_keyring *keyring = keyring_source_load(opts->keyring_file);
    if (keyring != NULL && hookproof_verifier_replace_keyring(srv->verifier, keyring) == HOOKPROOF_OK) {
        fprintf(stderr, "server: keyring reloaded: %zu accounts, generation %" PRIu64 "\n",
                hookproof_keyring_len(keyring), hookproof_verifier_generation(srv->verifier));
    } else {
        fprintf(stderr, "server: keyring not reloaded: generation %" PRIu64 " stays\n",
                hookproof_verifier_generation(srv->verifier));
    }
    hookproof_keyring_free(keyring);
}

/* ---- Verifier ---- */

static hookproof_verifier *make_verifier(const options *opts)
{
    hookproof_verifier *verifier = NULL;
    hookproof_policy *policy = hookproof_policy_new();
    if (policy == NULL || hookproof_policy_set_max_body_bytes(policy, opts->max_body) != HOOKPROOF_OK
        || (opts->lease > 0 && hookproof_policy_set_lease(policy, opts->lease) != HOOKPROOF_OK)) {
        fprintf(stderr, "server: cannot make a policy: %s\n", hookproof_policy_error(policy).ptr);
    } else {
        hookproof_keyring *keyring = keyring_source_load(opts->keyring_file);
        if (keyring != NULL) {
            hookproof_status status = hookproof_verifier_new(policy, keyring, &verifier);
            if (status != HOOKPROOF_OK) {
                fprintf(stderr, "server: cannot make a verifier: %s\n", hookproof_status_message(status).ptr);
            }
        }
        hookproof_keyring_free(keyring);
    }
    hookproof_policy_free(policy);
    return verifier;
}

/* ---- Claim ---- */

/* Ends the claim by what the sender is about to be told. Whatever the store says, the answer goes out: the work is
   done, or it is not. */
static void settle_claim(server *srv, const request *req, bool done)
{
    if (req->claim == NULL) {
        return;
    }
    const char *outcome = done ? "confirmed" : "released";
    hookproof_status status = done ? hookproof_claim_confirm(req->claim, hookproof_now())
                                   : hookproof_claim_release(req->claim, hookproof_now());
    if (status == HOOKPROOF_NO_EFFECT) {
        outcome = "overtaken";
        fprintf(stderr, "server: overtaken %s: the lease ended before the work did, so it may be done twice\n",
                req->label);
    } else if (status != HOOKPROOF_OK) {
        const char *error = hookproof_claim_error(req->claim).ptr;
        outcome = done ? "unconfirmed" : "unreleased";
        fprintf(stderr, "server: %s %s: %s\n", outcome, req->label,
                *error != '\0' ? error : hookproof_status_message(status).ptr);
    }
    application_settled(&srv->app, req->result, outcome);
}

/* ---- Request ---- */

static time_t monotonic_seconds(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* Called with the request line; what it returns is handed to every later callback of the request. Only here is the
   query still as it was sent: later libmicrohttpd has decoded it. */
static void *open_request(void *cls, const char *uri, struct MHD_Connection *connection)
{
    (void)cls;
    (void)connection;
    request *req = calloc(1, sizeof *req);
    if (req != NULL && (req->uri = strdup(uri != NULL ? uri : "")) == NULL) {
        free(req);
        return NULL;
    }
    if (req != NULL) {
        req->verdict = HOOKPROOF_E_INTERNAL;    /* calloc's 0 would read as accepted */
    }
    return req;
}

static void close_request(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_RequestTerminationCode code)
{
    server *srv = cls;
    (void)connection;
    (void)code;
    request *req = *context;
    if (req != NULL) {
        if (req->begun && !req->answered) {
            fprintf(stderr, "server: - closed %s: the connection ended before the request did\n", req->label);
        }
        if (!req->answered) {
            settle_claim(srv, req, false);      /* no answer could be made of what was claimed */
        }
        hookproof_claim_free(req->claim);
        hookproof_result_free(req->result);
        free(req->body);
        free(req->uri);
        free(req);
        *context = NULL;
    }
}

typedef struct field {
    hookproof_str name;
    const char *value;          /* of the first such field */
    size_t value_len;
    size_t count;
} field;

static enum MHD_Result count_field(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_len,
                                   const char *value, size_t value_len)
{
    field *wanted = cls;
    (void)kind;
    if (name_len == wanted->name.len && strncasecmp(name, wanted->name.ptr, name_len) == 0 && wanted->count++ == 0) {
        wanted->value = value;
        wanted->value_len = value_len;
    }
    return MHD_YES;
}

static uint64_t declared_length(struct MHD_Connection *connection)
{
    if (MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL) {
        return HOOKPROOF_LENGTH_UNKNOWN;
    }
    /* libmicrohttpd has refused by now what is not a plain number. */
    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return length != NULL ? strtoull(length, NULL, 10) : 0;
}

/* Method and headers are in, the body is not: this settles everything that the token says. */
static void begin_request(const server *srv, request *req, struct MHD_Connection *connection, const char *method,
                          uint64_t length)
{
    field header = {.name = srv->header_name};
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, count_field, &header);
    const char *query = strchr(req->uri, '?');
    query = query != NULL ? query + 1 : "";
    req->verdict = hookproof_verifier_begin(srv->verifier, method, strlen(method), header.value, header.value_len,
                                            header.count, query, strlen(query), NULL, 0, NULL, 0, length,
                                            hookproof_now(), &req->result);
}

static bool keep_body(request *req, const char *data, size_t len)
{
    if (len > req->body_room - req->body_len) {
        size_t room = req->body_room > 0 ? req->body_room : FIRST_BODY_BYTES;
        while (room - req->body_len < len) {
            room *= 2;          /* cannot overflow: update has refused what exceeds max_body_bytes */
        }
        unsigned char *body = realloc(req->body, room);
        if (body == NULL) {
            return false;
        }
        req->body = body;
        req->body_room = room;
    }
    memcpy(req->body + req->body_len, data, len);
    req->body_len += len;
    return true;
}

/* A little of a refused body is read and dropped: the answer then arrives safely and the connection lives on. More is
   not worth reading. MHD_NO ends the connection. */
static enum MHD_Result drain(request *req, size_t len)
{
    req->drained += len;
    return req->drained <= DRAIN_BYTES ? MHD_YES : MHD_NO;
}

static enum MHD_Result take_body(const server *srv, request *req, const char *data, size_t len)
{
    if (monotonic_seconds() - req->started > srv->body_seconds) {
        return MHD_NO;          /* a trickle: the idle timeout alone would let it go on for ever */
    }
    if (req->verdict == HOOKPROOF_PENDING_BODY) {
        req->verdict = hookproof_result_update(req->result, data, len);
        if (req->verdict == HOOKPROOF_PENDING_BODY) {
            return keep_body(req, data, len) ? MHD_YES : MHD_NO;
        }
    }
    return drain(req, len);
}

/* ---- Answer ---- */

static enum MHD_Result queue(request *req, struct MHD_Connection *connection, unsigned int http_status,
                             struct MHD_Response *response)
{
    enum MHD_Result queued = MHD_queue_response(connection, http_status, response);
    MHD_destroy_response(response);
    req->answered = true;
    return queued;
}

static struct MHD_Response *make_response(const request *req, unsigned int http_status, uint32_t retry_after)
{
    static const char accepted[] = "ok\n", refused[] = "refused\n";
    const char *text = http_status == MHD_HTTP_OK ? accepted : refused;
    const char *type = "text/plain";
    if (req->has_content && req->verdict == HOOKPROOF_OK && !req->work_failed) {
        text = application_content(req->result);
        type = "application/json";
    }
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);
    if (response != NULL) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
        if (retry_after > 0) {
            char seconds[16];
            snprintf(seconds, sizeof seconds, "%" PRIu32, retry_after);
            MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
        }
    }
    return response;
}

static enum MHD_Result answer_verdict(server *srv, request *req, struct MHD_Connection *connection)
{
    unsigned int http_status = (unsigned int)hookproof_status_http_status(req->verdict);
    uint32_t retry_after = RETRY_SECONDS;
    if (req->result != NULL) {
        http_status = (unsigned int)hookproof_result_http_status(req->result);
        retry_after = hookproof_result_retry_after(req->result);
    }
    if (req->verdict == HOOKPROOF_OK && !application_handle(&srv->app, req->result, req->body, req->body_len)) {
        req->work_failed = true;
        http_status = MHD_HTTP_SERVICE_UNAVAILABLE;
        retry_after = RETRY_SECONDS;
    }
    struct MHD_Response *response = make_response(req, http_status, retry_after);
    if (response == NULL) {
        return MHD_NO;          /* the sender hears nothing and tries again: close_request releases */
    }
    settle_claim(srv, req, http_status >= 200 && http_status <= 205);
    log_answer(req, http_status);
    return queue(req, connection, http_status, response);
}

/* A sender that waits for leave to send, or has much to send, gets a refusal now, and the connection is closed. One
   that pushes on regardless may see a reset instead of the answer, which a genuine sender retries just the same. */
static bool answers_at_once(const request *req, struct MHD_Connection *connection, uint64_t length)
{
    return req->verdict != HOOKPROOF_PENDING_BODY
        && (length > DRAIN_BYTES
            || MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_EXPECT) != NULL);
}

/* libmicrohttpd calls this once with the headers, then with each piece of the body, and last without a piece. */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *data, size_t *data_len, void **context)
{
    server *srv = cls;
    request *req = *context;
    (void)version;
    if (req == NULL) {
        return MHD_NO;
    }
    if (!req->begun) {
        uint64_t length = declared_length(connection);
        req->begun = true;
        req->started = monotonic_seconds();
        req->health = strcmp(url, "/health") == 0 && strcmp(method, MHD_HTTP_METHOD_GET) == 0;
        req->has_content = application_has_content(url);
        make_label(req, method);
        if (!req->health) {
            begin_request(srv, req, connection, method, length);
            if (answers_at_once(req, connection, length)) {
                return answer_verdict(srv, req, connection);
            }
        }
        return MHD_YES;
    }
    if (*data_len > 0) {
        size_t len = *data_len;
        *data_len = 0;
        return take_body(srv, req, data, len);
    }
    if (req->health) {
        struct MHD_Response *response = make_response(req, MHD_HTTP_OK, 0);
        return response != NULL ? queue(req, connection, MHD_HTTP_OK, response) : MHD_NO;
    }
    if (req->verdict == HOOKPROOF_PENDING_BODY) {
        int32_t duplicates = req->has_content ? HOOKPROOF_DUPLICATES_HAND_ON : HOOKPROOF_DUPLICATES_REFUSE;
        req->verdict = hookproof_result_receive(req->result, srv->store, duplicates, hookproof_now(), &req->claim);
    }
    return answer_verdict(srv, req, connection);
}

/* ---- Life of the server ---- */

static struct MHD_Daemon *listen_on_loopback(server *srv, const options *opts)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(opts->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    /* With epoll, libmicrohttpd 0.9.75 can miss the end of a connection that comes together with data, and then holds
       it until the timeout. At this number of connections poll is as fast. */
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_POLL | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG, opts->port, NULL, NULL, on_request, srv,
        MHD_OPTION_EXTERNAL_LOGGER, log_microhttpd, NULL,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned int)POOL_THREADS,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned int)CONNECTION_LIMIT,
        MHD_OPTION_CONNECTION_TIMEOUT, opts->timeout,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, open_request, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, close_request, srv,
        MHD_OPTION_END);
    if (daemon == NULL) {
        fprintf(stderr, "server: cannot listen on 127.0.0.1:%u\n", (unsigned int)opts->port);
    }
    return daemon;
}

/* Signals are blocked in every thread and taken here, one at a time: there is no handler to get wrong. */
static void serve_until_told(const server *srv, const options *opts, const sigset_t *signals)
{
    int signal_number = 0;
    while (sigwait(signals, &signal_number) == 0 && signal_number == SIGHUP) {
        if (opts->keyring_file != NULL) {
            reload_keyring(srv, opts);
        } else {
            fputs("server: keyring not reloaded: it came from HOOKPROOF_KEYRING, which cannot change now\n", stderr);
        }
    }
}

static int run(const options *opts)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);

    server srv = {.verifier = make_verifier(opts), .body_seconds = (time_t)opts->timeout};
    struct MHD_Daemon *daemon = NULL;
    if (srv.verifier != NULL && (srv.store = replay_source_open(opts)) != NULL && application_open(&srv.app, opts)) {
        srv.header_name = hookproof_verifier_header_name(srv.verifier);
        daemon = listen_on_loopback(&srv, opts);
        if (daemon != NULL) {
            atomic_store(&serving, true);
            const union MHD_DaemonInfo *bound = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
            printf("listening on 127.0.0.1:%u\n", bound != NULL ? (unsigned int)bound->port : (unsigned int)opts->port);
            fflush(stdout);
            serve_until_told(&srv, opts, &signals);
            MHD_stop_daemon(daemon);
            fprintf(stderr, "server: stopped after %lu events\n", atomic_load(&srv.app.events));
        }
        application_close(&srv.app);
    }
    hookproof_store_free(srv.store);
    hookproof_verifier_free(srv.verifier);
    return daemon != NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    options opts;
    int exit_code = EXIT_SUCCESS;
    if (!options_parse(&opts, argc, argv, &exit_code)) {
        return exit_code;
    }
    if (hookproof_abi_version() != HOOKPROOF_ABI_VERSION) {
        fprintf(stderr, "server: built for ABI %d of libhookproof, but found ABI %" PRIu32 "\n", HOOKPROOF_ABI_VERSION,
                hookproof_abi_version());
        return EXIT_FAILURE;
    }
    return run(&opts);
}
