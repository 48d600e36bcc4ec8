package main

// wordOf is the generic word of a reason's dotted name. A name without one is its own word.
func wordOf(reason string) string {
	switch reason {
	case "header.missing", "sms.unsigned":
		return "unsigned"
	case "header.malformed", "header.duplicated":
		return "malformed_header"
	case "token.malformed", "claims.malformed", "sms.malformed":
		return "malformed_token"
	case "token.algorithm":
		return "unsupported_algorithm"
	case "token.critical":
		return "unsupported_critical"
	case "token.too_large", "payload.too_large":
		return "too_large"
	case "key.unknown", "key.inactive", "key.mismatch", "key.unavailable":
		return "unknown_key"
	case "signature.invalid", "sms.signature_invalid":
		return "bad_signature"
	case "claims.missing", "sms.missing":
		return "missing_claim"
	case "issuer.mismatch":
		return "wrong_issuer"
	case "application.mismatch":
		return "wrong_application"
	case "time.stale":
		return "stale"
	case "time.future":
		return "from_future"
	case "time.expired":
		return "expired"
	case "time.not_yet_valid":
		return "not_yet_valid"
	case "payload.mismatch":
		return "payload_mismatch"
	case "replay.duplicate":
		return "replayed"
	case "replay.in_progress":
		return "in_progress"
	case "replay.store_full":
		return "store_full"
	case "replay.store_unavailable":
		return "store_unavailable"
	case "request.unsupported":
		return "unsupported_request"
	}
	return reason
}

// names says whether a word stands for a reason. One reason has two words.
func names(word, reason string) bool {
	return word == wordOf(reason) || word == "cold_start" && reason == "replay.store_unavailable"
}
