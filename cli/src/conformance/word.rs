//! The generic words of the vector files.

/// The generic word of a reason's dotted name: the first of the format's map that holds it. A name without one is its
/// own word.
pub(super) fn of_reason(reason: &str) -> &str {
    match reason {
        "header.missing" | "sms.unsigned" => "unsigned",
        "header.malformed" | "header.duplicated" => "malformed_header",
        "token.malformed" | "claims.malformed" | "sms.malformed" => "malformed_token",
        "token.algorithm" => "unsupported_algorithm",
        "token.critical" => "unsupported_critical",
        "token.too_large" | "payload.too_large" => "too_large",
        "key.unknown" | "key.inactive" | "key.mismatch" | "key.unavailable" => "unknown_key",
        "signature.invalid" | "sms.signature_invalid" => "bad_signature",
        "claims.missing" | "sms.missing" => "missing_claim",
        "issuer.mismatch" => "wrong_issuer",
        "application.mismatch" => "wrong_application",
        "time.stale" => "stale",
        "time.future" => "from_future",
        "time.expired" => "expired",
        "time.not_yet_valid" => "not_yet_valid",
        "payload.mismatch" => "payload_mismatch",
        "replay.duplicate" => "replayed",
        "replay.in_progress" => "in_progress",
        "replay.store_full" => "store_full",
        "replay.store_unavailable" => "store_unavailable",
        "request.unsupported" => "unsupported_request",
        other => other,
    }
}

/// Whether a word stands for a reason. One reason has two words: a store that cannot be asked, and one that knows too
/// little to answer.
pub(super) fn names(word: &str, reason: &str) -> bool {
    word == of_reason(reason) || (word == "cold_start" && reason == "replay.store_unavailable")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_word() {
        for reason in hookproof::Reason::ALL {
            assert_ne!(of_reason(reason.name()), reason.name());
            assert!(names(of_reason(reason.name()), reason.name()));
        }
        assert!(names("cold_start", "replay.store_unavailable") && !names("cold_start", "replay.store_full"));
    }
}
