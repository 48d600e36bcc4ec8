#include "api.h"
#include "check.h"

#include <limits.h>
#include <string.h>

static const struct {
    hookproof_status status;
    const char *name;
    int32_t http_status;
} statuses[] = {
    {HOOKPROOF_OK, "ok", 200},
    {HOOKPROOF_E_NULL, "error.null", 503},
    {HOOKPROOF_E_UTF8, "error.utf8", 503},
    {HOOKPROOF_E_ARGUMENT, "error.argument", 503},
    {HOOKPROOF_E_CONFIG, "error.config", 503},
    {HOOKPROOF_E_STATE, "error.state", 503},
    {HOOKPROOF_E_INTERNAL, "error.internal", 503},
    {HOOKPROOF_PENDING_BODY, "pending.body", 503},
    {HOOKPROOF_PENDING_REPLAY, "pending.replay", 503},
    {HOOKPROOF_NO_EFFECT, "no_effect", 503},
    {HOOKPROOF_R_HEADER_MISSING, "header.missing", 503},
    {HOOKPROOF_R_HEADER_MALFORMED, "header.malformed", 401},
    {HOOKPROOF_R_HEADER_DUPLICATED, "header.duplicated", 401},
    {HOOKPROOF_R_TOKEN_TOO_LARGE, "token.too_large", 401},
    {HOOKPROOF_R_TOKEN_MALFORMED, "token.malformed", 401},
    {HOOKPROOF_R_TOKEN_ALGORITHM, "token.algorithm", 401},
    {HOOKPROOF_R_TOKEN_CRITICAL, "token.critical", 401},
    {HOOKPROOF_R_KEY_UNKNOWN, "key.unknown", 503},
    {HOOKPROOF_R_KEY_INACTIVE, "key.inactive", 503},
    {HOOKPROOF_R_KEY_MISMATCH, "key.mismatch", 503},
    {HOOKPROOF_R_KEY_UNAVAILABLE, "key.unavailable", 503},
    {HOOKPROOF_R_SIGNATURE_INVALID, "signature.invalid", 503},
    {HOOKPROOF_R_CLAIMS_MALFORMED, "claims.malformed", 503},
    {HOOKPROOF_R_CLAIMS_MISSING, "claims.missing", 503},
    {HOOKPROOF_R_ISSUER_MISMATCH, "issuer.mismatch", 503},
    {HOOKPROOF_R_APPLICATION_MISMATCH, "application.mismatch", 503},
    {HOOKPROOF_R_TIME_STALE, "time.stale", 503},
    {HOOKPROOF_R_TIME_FUTURE, "time.future", 503},
    {HOOKPROOF_R_TIME_EXPIRED, "time.expired", 503},
    {HOOKPROOF_R_TIME_NOT_YET_VALID, "time.not_yet_valid", 503},
    {HOOKPROOF_R_PAYLOAD_TOO_LARGE, "payload.too_large", 413},
    {HOOKPROOF_R_PAYLOAD_MISMATCH, "payload.mismatch", 503},
    {HOOKPROOF_R_REPLAY_DUPLICATE, "replay.duplicate", 200},
    {HOOKPROOF_R_REPLAY_IN_PROGRESS, "replay.in_progress", 503},
    {HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE, "replay.store_unavailable", 503},
    {HOOKPROOF_R_REPLAY_STORE_FULL, "replay.store_full", 503},
};

void test_status(void)
{
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        hookproof_status status = statuses[i].status;
        hookproof_str hint = hookproof_status_hint(status);
        CHECK_TEXT(hookproof_status_name(status), statuses[i].name);
        CHECK(hookproof_status_message(status).len > 0);
        CHECK(hint.ptr != NULL && strlen(hint.ptr) == hint.len);
        CHECK(hookproof_status_http_status(status) == statuses[i].http_status);
        CHECK(hookproof_status_is_refusal(status) == (status >= HOOKPROOF_R_HEADER_MISSING));
    }
    CHECK_TEXT(hookproof_status_name(HOOKPROOF_R_REQUEST_UNSUPPORTED), "request.unsupported");

    /* Numbers of a newer library, and no numbers at all: never accepted. */
    const hookproof_status unknown[] = {7, 53, 99, 103, 999, INT_MAX, -1, INT_MIN};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        CHECK_TEXT(hookproof_status_name(unknown[i]), "unknown");
        CHECK(hookproof_status_message(unknown[i]).len > 0);
        CHECK_TEXT(hookproof_status_hint(unknown[i]), "");
        CHECK(hookproof_status_http_status(unknown[i]) == 503);
        CHECK(hookproof_status_is_refusal(unknown[i]) == (unknown[i] >= 100));
    }
}
