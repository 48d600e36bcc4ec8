#include "word.h"

#include <string.h>

static const struct {
    const char *reason;
    const char *word;
} words[] = {
    {"header.missing", "unsigned"},
    {"header.malformed", "malformed_header"},
    {"header.duplicated", "malformed_header"},
    {"token.too_large", "too_large"},
    {"token.malformed", "malformed_token"},
    {"token.algorithm", "unsupported_algorithm"},
    {"token.critical", "unsupported_critical"},
    {"key.unknown", "unknown_key"},
    {"key.inactive", "unknown_key"},
    {"key.mismatch", "unknown_key"},
    {"key.unavailable", "unknown_key"},
    {"signature.invalid", "bad_signature"},
    {"claims.malformed", "malformed_token"},
    {"claims.missing", "missing_claim"},
    {"issuer.mismatch", "wrong_issuer"},
    {"application.mismatch", "wrong_application"},
    {"time.stale", "stale"},
    {"time.future", "from_future"},
    {"time.expired", "expired"},
    {"time.not_yet_valid", "not_yet_valid"},
    {"payload.too_large", "too_large"},
    {"payload.mismatch", "payload_mismatch"},
    {"replay.duplicate", "replayed"},
    {"replay.in_progress", "in_progress"},
    {"replay.store_full", "store_full"},
    {"replay.store_unavailable", "store_unavailable"},
    {"request.unsupported", "unsupported_request"},
    {"sms.unsigned", "unsigned"},
    {"sms.malformed", "malformed_token"},
    {"sms.missing", "missing_claim"},
    {"sms.signature_invalid", "bad_signature"},
};

const char *word_of_reason(const char *reason)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].reason, reason) == 0)
            return words[i].word;
    return reason;
}

bool word_names(const char *word, const char *reason)
{
    /* One reason has two words: a store that cannot be asked, and one that knows too little to answer. */
    return strcmp(word, word_of_reason(reason)) == 0 ||
           (strcmp(word, "cold_start") == 0 && strcmp(reason, "replay.store_unavailable") == 0);
}
