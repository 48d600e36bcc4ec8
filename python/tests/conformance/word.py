"""The generic words of the vector files."""

from __future__ import annotations

_WORDS = {
    "unsigned": ("header.missing", "sms.unsigned"),
    "malformed_header": ("header.malformed", "header.duplicated"),
    "malformed_token": ("token.malformed", "claims.malformed", "sms.malformed"),
    "unsupported_algorithm": ("token.algorithm",),
    "unsupported_critical": ("token.critical",),
    "too_large": ("token.too_large", "payload.too_large"),
    "unknown_key": ("key.unknown", "key.inactive", "key.mismatch", "key.unavailable"),
    "bad_signature": ("signature.invalid", "sms.signature_invalid"),
    "missing_claim": ("claims.missing", "sms.missing"),
    "wrong_issuer": ("issuer.mismatch",),
    "wrong_application": ("application.mismatch",),
    "stale": ("time.stale",),
    "from_future": ("time.future",),
    "expired": ("time.expired",),
    "not_yet_valid": ("time.not_yet_valid",),
    "payload_mismatch": ("payload.mismatch",),
    "replayed": ("replay.duplicate",),
    "in_progress": ("replay.in_progress",),
    "store_full": ("replay.store_full",),
    "store_unavailable": ("replay.store_unavailable",),
    "unsupported_request": ("request.unsupported",),
}
_WORD_OF = {reason: word for word, reasons in _WORDS.items() for reason in reasons}


def of_reason(reason: str) -> str:
    """The generic word of a reason. A name without one is its own word."""
    return _WORD_OF.get(reason, reason)


def names(word: str, reason: str) -> bool:
    """Whether a word stands for a reason. One reason has two words: a store that cannot be asked, and one that knows
    too little to answer."""
    return word == of_reason(reason) or (word == "cold_start" and reason == "replay.store_unavailable")
