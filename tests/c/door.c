#include "door.h"

#include "seen.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Single bytes of a body larger than this only test patience. */
enum { LARGE_BODY = 64 * 1024, LARGE_PIECE = 4096 + 1 };

__attribute__((format(printf, 2, 3))) static void disagree(struct verdict *verdict, const char *format, ...)
{
    if (verdict->disagreement[0] != '\0')
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(verdict->disagreement, sizeof verdict->disagreement, format, arguments);
    va_end(arguments);
}

/* The static text of a word, for its result does not last. */
static const char *replay_word(hookproof_str word)
{
    static const char *const words[] = {"not_checked", "claimed", "recorded", "duplicate", "unavailable"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i], word.ptr) == 0)
            return words[i];
    return "unknown";
}

/* What must hold of every result handle, whatever the verdict. */
static void inspect(struct verdict *verdict, const char *way, const hookproof_result *result, hookproof_status status)
{
    if (result == NULL) {
        disagree(verdict, "%s gave no result", way);
        return;
    }
    if (hookproof_result_status(result) != status)
        disagree(verdict, "the result of %s says %s, the call %s", way,
                 hookproof_status_name(hookproof_result_status(result)).ptr, hookproof_status_name(status).ptr);
    bool accepted = status == HOOKPROOF_OK;
    if ((hookproof_result_api_key(result).len > 0) != accepted || (hookproof_result_jti(result).len > 0) != accepted ||
        (hookproof_result_claims_json(result).len > 0) != accepted ||
        (hookproof_result_payload_form(result).len > 0) != accepted)
        disagree(verdict, "the claims of %s do not fit %s", way, hookproof_status_name(status).ptr);
    /* What is done is answered like an acceptance: it ends the sender's retries. */
    bool ends_retries = accepted || status == HOOKPROOF_R_REPLAY_DUPLICATE;
    if ((hookproof_result_http_status(result) == 200) != ends_retries)
        disagree(verdict, "the HTTP status of %s does not fit %s", way, hookproof_status_name(status).ptr);
}

static hookproof_status verify(const struct request *request, const hookproof_verifier *verifier,
                               hookproof_result **result)
{
    return hookproof_verifier_verify(verifier, (const char *)request->method.data, request->method.len,
                                     (const char *)request->header.data, request->header.len, request->header_count,
                                     (const char *)request->query.data, request->query.len, (const char *)request->route.data, request->route.len, NULL, 0,
                                     request->body.data, request->body.len, request->now, result);
}

/* Hands over the body in pieces. The verdict on it is not spoken yet, unless it came before. */
static hookproof_status stream(const struct request *request, const hookproof_verifier *verifier, size_t piece,
                               int64_t now, hookproof_result **result, struct verdict *verdict)
{
    if (piece == 1 && request->body.len > LARGE_BODY)
        piece = LARGE_PIECE;
    /* A body in one piece comes with its length, the others without: both are ways of their own. */
    bool whole = piece >= request->body.len;
    uint64_t declared = whole ? request->body.len : HOOKPROOF_LENGTH_UNKNOWN;
    hookproof_status status = hookproof_verifier_begin(
        verifier, (const char *)request->method.data, request->method.len, (const char *)request->header.data,
        request->header.len, request->header_count, (const char *)request->query.data, request->query.len, (const char *)request->route.data, request->route.len, NULL, 0, declared, now, result);
    inspect(verdict, "begin", *result, status);
    for (size_t at = 0; status == HOOKPROOF_PENDING_BODY && at < request->body.len;) {
        size_t left = request->body.len - at;
        size_t len = piece < left ? piece : left;
        status = hookproof_result_update(*result, request->body.data + at, len);
        at += len;
    }
    if (status == HOOKPROOF_PENDING_BODY)
        inspect(verdict, "update", *result, status);
    return status;
}

static hookproof_status stream_and_finish(const struct request *request, const hookproof_verifier *verifier,
                                          size_t piece, struct verdict *verdict)
{
    hookproof_result *result = NULL;
    hookproof_status status = stream(request, verifier, piece, request->now, &result, verdict);
    if (status == HOOKPROOF_PENDING_BODY)
        status = hookproof_result_finish(result, request->now);
    else if (hookproof_result_finish(result, request->now) != status)
        disagree(verdict, "finish changes the verdict %s", hookproof_status_name(status).ptr);
    inspect(verdict, "finish", result, status);
    if (hookproof_result_update(result, NULL, 0) != HOOKPROOF_E_STATE)
        disagree(verdict, "update after the verdict is let through");
    hookproof_result_free(result);
    return status;
}

hookproof_status door_receive(const struct request *request, const hookproof_verifier *verifier,
                              const hookproof_store *store, size_t piece, int64_t now, hookproof_claim **claim,
                              struct verdict *verdict)
{
    hookproof_result *result = NULL;
    hookproof_status status;
    *claim = NULL;
    if (piece == WHOLE) {
        status = hookproof_verifier_receive(
            verifier, store, (const char *)request->method.data, request->method.len,
            (const char *)request->header.data, request->header.len, request->header_count,
            (const char *)request->query.data, request->query.len, (const char *)request->route.data, request->route.len, NULL, 0, request->body.data,
            request->body.len, HOOKPROOF_DUPLICATES_REFUSE, now, &result, claim);
    } else {
        status = stream(request, verifier, piece, now, &result, verdict);
        if (status == HOOKPROOF_PENDING_BODY)
            status = hookproof_result_receive(result, store, HOOKPROOF_DUPLICATES_REFUSE, now, claim);
    }
    inspect(verdict, "receive", result, status);
    verdict->status = status;
    verdict->accepted = status == HOOKPROOF_OK;
    verdict->reason = verdict->accepted ? "" : hookproof_status_name(status).ptr;
    verdict->replay = verdict->accepted ? replay_word(hookproof_result_replay(result)) : "";
    if (verdict->accepted && (*claim != NULL) != (strcmp(verdict->replay, "claimed") == 0))
        disagree(verdict, "the claim does not fit %s", verdict->replay);
    hookproof_result_free(result);
    return status;
}

static hookproof_status receive_after(const struct request *request, const hookproof_verifier *verifier,
                                      size_t piece, struct verdict *verdict)
{
    hookproof_store *store = seen_store(request);
    if (store == NULL)
        return HOOKPROOF_E_CONFIG;
    struct verdict received = {0};
    hookproof_claim *claim = NULL;
    hookproof_status status = door_receive(request, verifier, store, piece, request->now, &claim, &received);
    if (received.disagreement[0] != '\0')
        disagree(verdict, "%s", received.disagreement);
    hookproof_claim_free(claim);
    hookproof_store_free(store);
    return status;
}

static void judge_whole(const struct request *request, const hookproof_verifier *verifier, struct verdict *verdict)
{
    if (request->seen_count > 0) {
        verdict->status = receive_after(request, verifier, WHOLE, verdict);
        return;
    }
    hookproof_result *result = NULL;
    verdict->status = verify(request, verifier, &result);
    inspect(verdict, "verify", result, verdict->status);
    hookproof_result_free(result);
    hookproof_status bare = verify(request, verifier, NULL);
    if (bare != verdict->status)
        disagree(verdict, "one-shot %s, without a result %s", hookproof_status_name(verdict->status).ptr,
                 hookproof_status_name(bare).ptr);
}

static void judge(const struct request *request, const hookproof_verifier *verifier, const struct chunks *chunks,
                  struct verdict *verdict)
{
    judge_whole(request, verifier, verdict);
    for (size_t i = 0; i < chunks->count; i++) {
        size_t piece = chunks->sizes[i];
        hookproof_status streamed = request->seen_count > 0 ? receive_after(request, verifier, piece, verdict)
                                                            : stream_and_finish(request, verifier, piece, verdict);
        if (streamed != verdict->status)
            disagree(verdict, "one-shot %s, streamed in pieces of %zu %s", hookproof_status_name(verdict->status).ptr,
                     piece, hookproof_status_name(streamed).ptr);
    }
}

struct verdict door_judge(const struct request *request, const struct chunks *chunks)
{
    struct verdict verdict = {.reason = "config_error", .status = HOOKPROOF_E_CONFIG};
    hookproof_verifier *verifier = NULL;
    if (request->misconfigured ||
        hookproof_verifier_new(request->policy, request->keyring, &verifier) != HOOKPROOF_OK)
        return verdict;
    judge(request, verifier, chunks, &verdict);
    hookproof_verifier_free(verifier);
    verdict.accepted = verdict.status == HOOKPROOF_OK;
    verdict.reason = verdict.accepted ? "" : hookproof_status_name(verdict.status).ptr;
    return verdict;
}
