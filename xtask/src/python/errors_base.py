"""The names of all reasons."""


class ConfigError(ValueError):
    """A setting, a key or a namespace that is refused, without its value."""

    __slots__ = ("place", "rule")

    def __init__(self, place: str, rule: str) -> None:
        super().__init__(f"{place}: {rule}")
        self.place = place
        """Which setting."""
        self.rule = rule
        """What it must be."""

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.place, self.rule)


class StoreFailed(Exception):
    """A claim that could not be confirmed or released: the store was away."""

    __slots__ = ("detail",)

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
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
