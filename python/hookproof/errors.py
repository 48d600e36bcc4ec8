"""Exceptions: one class for each family of reasons. Generated from the core's table (`cargo xtask python`)."""

# ruff: noqa: E501
from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

__all__ = [
    "ApplicationRefused",
    "ClaimsRefused",
    "ConfigError",
    "HeaderRefused",
    "IssuerRefused",
    "KeyRefused",
    "PayloadRefused",
    "Reason",
    "ReplayRefused",
    "RequestRefused",
    "SignatureRefused",
    "SmsRefused",
    "StoreFailed",
    "TimeRefused",
    "TokenRefused",
    "WebhookRefused",
]

Reason: TypeAlias = Literal[
    "header.missing",
    "header.malformed",
    "header.duplicated",
    "token.too_large",
    "token.malformed",
    "token.algorithm",
    "token.critical",
    "key.unknown",
    "key.inactive",
    "key.mismatch",
    "key.unavailable",
    "signature.invalid",
    "claims.malformed",
    "claims.missing",
    "issuer.mismatch",
    "application.mismatch",
    "time.stale",
    "time.future",
    "time.expired",
    "time.not_yet_valid",
    "payload.too_large",
    "payload.mismatch",
    "replay.duplicate",
    "replay.in_progress",
    "replay.store_unavailable",
    "replay.store_full",
    "request.unsupported",
    "sms.unsigned",
    "sms.malformed",
    "sms.missing",
    "sms.signature_invalid",
]
"""The names of all reasons."""


class ConfigError(ValueError):
    """A setting, a key or a namespace that is refused, without its value."""

    __slots__ = ("place", "rule")

    def __init__(self, place: str, rule: str) -> None:
        super().__init__(f"{place}: {rule}")
        self.place: str = place
        """Which setting."""
        self.rule: str = rule
        """What it must be."""

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.place, self.rule)


class StoreFailed(Exception):
    """A claim that could not be confirmed or released: the store was away."""

    __slots__ = ("detail",)

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail: str = detail
        """What the store says of it, for logs."""

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.detail,)


class WebhookRefused(Exception):
    """A request that is refused. Its text is one line for logs, without token, body or secret; do not send it to the client."""

    __slots__ = (
        "_details",
        "age_seconds",
        "code",
        "hint",
        "http_status",
        "key_label",
        "keyring_generation",
        "lints",
        "payload_fault",
        "reason",
        "retry",
        "retry_after",
        "store_detail",
        "untrusted_api_key",
    )

    reason: Reason | str
    """Why: `signature.invalid`."""
    code: int
    """The reason's number, the same in every language."""
    hint: str
    """What usually causes it, for whoever runs the server."""
    http_status: int
    """What to answer, by the verifier's table of advice."""
    retry: bool
    """Whether the sender tries again after this answer."""
    retry_after: int | None
    """Seconds for the field Retry-After."""
    untrusted_api_key: str | None
    """The account that the request names. Anybody may have written it."""
    key_label: str | None
    """The label of the secret that the signature fits, where it got so far."""
    keyring_generation: int | None
    age_seconds: int | None
    """Seconds from iat to the check, of a token whose signature was good."""
    lints: tuple[str, ...]
    """What looks wrong about the account's secrets."""
    payload_fault: str | None
    """What is known of a payload that does not fit."""
    store_detail: str | None
    """What the store says of its failure."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _refused, self._details

    _details: tuple[Any, ...]


def _refused(code: int, text: str, http_status: int, *details: Any) -> WebhookRefused:
    """The exception of a refusal; one of the base class for a reason that this table does not know."""
    class_, reason, hint = _BY_CODE.get(code, (WebhookRefused, f"unknown.{code}", ""))
    refusal = class_(text)
    refusal._details = (code, text, http_status, *details)
    refusal.code, refusal.reason, refusal.hint, refusal.http_status = code, reason, hint, http_status
    (
        refusal.retry,
        refusal.retry_after,
        refusal.untrusted_api_key,
        refusal.key_label,
        refusal.keyring_generation,
        refusal.age_seconds,
        refusal.lints,
        refusal.payload_fault,
        refusal.store_detail,
    ) = details
    return refusal


class HeaderRefused(WebhookRefused):
    """Family header: `header.missing`, `header.malformed`, `header.duplicated`."""

    __slots__ = ()


class TokenRefused(WebhookRefused):
    """Family token: `token.too_large`, `token.malformed`, `token.algorithm`, `token.critical`."""

    __slots__ = ()


class KeyRefused(WebhookRefused):
    """Family key: `key.unknown`, `key.inactive`, `key.mismatch`, `key.unavailable`."""

    __slots__ = ()


class SignatureRefused(WebhookRefused):
    """Family signature: `signature.invalid`."""

    __slots__ = ()


class ClaimsRefused(WebhookRefused):
    """Family claims: `claims.malformed`, `claims.missing`."""

    __slots__ = ()


class IssuerRefused(WebhookRefused):
    """Family issuer: `issuer.mismatch`."""

    __slots__ = ()


class ApplicationRefused(WebhookRefused):
    """Family application: `application.mismatch`."""

    __slots__ = ()


class TimeRefused(WebhookRefused):
    """Family time: `time.stale`, `time.future`, `time.expired`, `time.not_yet_valid`."""

    __slots__ = ()


class PayloadRefused(WebhookRefused):
    """Family payload: `payload.too_large`, `payload.mismatch`."""

    __slots__ = ()


class ReplayRefused(WebhookRefused):
    """Family replay: `replay.duplicate`, `replay.in_progress`, `replay.store_unavailable`, `replay.store_full`."""

    __slots__ = ()


class RequestRefused(WebhookRefused):
    """Family request: `request.unsupported`."""

    __slots__ = ()


class SmsRefused(WebhookRefused):
    """Family sms: `sms.unsigned`, `sms.malformed`, `sms.missing`, `sms.signature_invalid`."""

    __slots__ = ()


_BY_CODE: Final[dict[int, tuple[type[WebhookRefused], Reason, str]]] = {
    100: (
        HeaderRefused,
        "header.missing",
        "Some servers strip Authorization before the application sees it (Apache CGI and FPM need CGIPassAuth On, mod_wsgi needs WSGIPassAuthorization On, gateways may consume it); signed webhooks may be switched off for this application; the API may be one that never signs, such as Number Insight or the SMS API; in rare cases the sender itself omits it and signs the retry.",
    ),
    101: (
        HeaderRefused,
        "header.malformed",
        "Another authentication scheme may share the header; a proxy may have joined several fields with a comma.",
    ),
    102: (
        HeaderRefused,
        "header.duplicated",
        "A proxy may add its own Authorization field instead of replacing the one it received.",
    ),
    200: (
        TokenRefused,
        "token.too_large",
        "A genuine token has about 400 bytes; this one was not sent by Vonage.",
    ),
    201: (
        TokenRefused,
        "token.malformed",
        "Something may have cut, padded, trimmed or re-encoded the token on its way.",
    ),
    202: (
        TokenRefused,
        "token.algorithm",
        "A token of the outbound API (RS256) is no webhook signature; on Vonage Cloud Runtime the router's own token stands in Authorization.",
    ),
    203: (
        TokenRefused,
        "token.critical",
        "crit, b64, zip and enc never stand in a webhook's token.",
    ),
    300: (
        KeyRefused,
        "key.unknown",
        "The account's secret may be missing from the keyring; a subaccount has an api_key and a secret of its own; look at the untrusted api_key in the log.",
    ),
    301: (
        KeyRefused,
        "key.inactive",
        "The window may end before the last retries arrive (the sender retries for 24 hours); our clock may be wrong.",
    ),
    302: (
        KeyRefused,
        "key.mismatch",
        "The webhook URL of one account may be configured in another.",
    ),
    303: (
        KeyRefused,
        "key.unavailable",
        "The host reported that its key database did not answer; the verifier may have been built without a keyring and called without one.",
    ),
    400: (
        SignatureRefused,
        "signature.invalid",
        "The API secret may stand where the signature secret belongs; the secret may have been rotated; white space or quotes may have been copied with it (see the lints of the secrets tried).",
    ),
    500: (
        ClaimsRefused,
        "claims.malformed",
        "Times must be whole seconds, not milliseconds or text; payload_hash must be 64 hexadecimal digits.",
    ),
    501: (
        ClaimsRefused,
        "claims.missing",
        "Tokens of some products have no api_key or payload_hash and need their own profile; application_id is required where the keyring names applications for the account.",
    ),
    520: (
        IssuerRefused,
        "issuer.mismatch",
        "The token may have been made by a test tool that holds the same secret.",
    ),
    530: (
        ApplicationRefused,
        "application.mismatch",
        "A new application may be missing from the keyring; the webhook URL may be shared by several applications.",
    ),
    600: (
        TimeRefused,
        "time.stale",
        "Our clock may be ahead; a proxy or queue may hold requests back; a late retry may carry its first token (see the retry window).",
    ),
    601: (
        TimeRefused,
        "time.future",
        "Our clock is probably behind: check NTP.",
    ),
    602: (
        TimeRefused,
        "time.expired",
        "Our clock may be ahead; the request may have been held back on its way.",
    ),
    603: (
        TimeRefused,
        "time.not_yet_valid",
        "Our clock is probably behind: check NTP.",
    ),
    700: (
        PayloadRefused,
        "payload.too_large",
        "Raise the policy's ceiling if a genuine webhook was refused.",
    ),
    701: (
        PayloadRefused,
        "payload.mismatch",
        "The body must be the raw bytes received: a framework may have parsed and serialised it again, decoded its characters, trimmed it or read it empty before; a proxy may rewrite bodies. For a GET it must be the raw query, in its order: gateways that hand over decoded parameters only (API Gateway payload version 1, load balancers in front of functions) need payload version 2, whose rawQueryString is the one.",
    ),
    800: (
        ReplayRefused,
        "replay.duplicate",
        "The sender may not have seen our answer to the first one; somebody may be sending a captured request again; two endpoints may share one store.",
    ),
    801: (
        ReplayRefused,
        "replay.in_progress",
        "The sender's time-out may be shorter than the handler's run; after a crash the claim is free again when its lease ends.",
    ),
    802: (
        ReplayRefused,
        "replay.store_unavailable",
        "The store may be down, slow, full of other work or refused by its rules (see the store's own detail in the log); a memory store with the strict cold start refuses what was issued before it began.",
    ),
    803: (
        ReplayRefused,
        "replay.store_full",
        "Its capacity may be too small for the rate and the window, or the disk may be full; a store forgets nothing to make room.",
    ),
    900: (
        RequestRefused,
        "request.unsupported",
        "Set the webhook's method to POST in the dashboard (Voice may use GET), or name the method in the policy.",
    ),
    1000: (
        SmsRefused,
        "sms.unsigned",
        "Signatures on SMS webhooks are added only after asking the vendor's support for them; an account whose SMS setting is the Messages API gets webhooks that are signed by a token instead: verify those with the profile standard.",
    ),
    1001: (
        SmsRefused,
        "sms.malformed",
        "The body must be the raw bytes received: a form or one flat JSON object; a GET must come with its raw query and without a body; a webhook of the Messages API has nested values and is signed by a token.",
    ),
    1002: (
        SmsRefused,
        "sms.missing",
        "A request without them could be sent again at any time; old captures and tests of other libraries have no nonce.",
    ),
    1003: (
        SmsRefused,
        "sms.signature_invalid",
        "The account's signature method in the dashboard may be another one (md5hash and md5 differ); the API secret may stand where the signature secret belongs; a framework or proxy may have changed, trimmed or dropped a parameter.",
    ),
}
