"""The verifier in Rust. Use `hookproof`: names that begin with an underscore may change at any time."""

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NoReturn, Protocol, Self, TypeAlias, final

from typing_extensions import Buffer

from .events import Event, JsonValue
from .keys import KeySource

class SupportsItems(Protocol):
    """A header mapping of a framework: its `items()` yields names and values, repeated fields included."""

    def items(self) -> Iterable[Any]: ...

Headers: TypeAlias = SupportsItems | Iterable[tuple[str | bytes, object]]
SecretValue: TypeAlias = str | bytes | Secret
Secrets: TypeAlias = SecretValue | Iterable[SecretValue]
Keys: TypeAlias = Mapping[str, Secrets] | Keyring | str | bytes
Seconds: TypeAlias = int | timedelta
PayloadForm: TypeAlias = Literal[
    "body", "query", "query_nested", "query_null", "query_nested_null", "unhashed", "sms_query", "sms_form", "sms_json"
]
ReplayCheck: TypeAlias = Literal["not_checked", "claimed", "recorded", "duplicate", "unavailable"]
Duplicates: TypeAlias = Literal["refuse", "hand_on"]
SourceHint: TypeAlias = Literal["not_checked", "published", "added", "elsewhere", "unreadable"]
Carrier: TypeAlias = Literal["json", "form", "query"]
SmsMethod: TypeAlias = Literal["md5hash", "md5", "sha1", "sha256", "sha512"]
Profile: TypeAlias = Literal[
    "standard",
    "video",
    "contact_center",
    "cloud_runtime",
    "sms_md5hash",
    "sms_md5",
    "sms_sha1",
    "sms_sha256",
    "sms_sha512",
]

__version__: Final[str]
RETRY_WINDOW: Final[int]
"""A `max_age`, in seconds, that accepts every retry of the sender: 24 hours and a quarter."""
DEFAULT_STORE_CAPACITY: Final[int]
STORE_BUDGET: Final[float]
REDIS_SCRIPTS: Final[dict[str, str]]

@final
class Secret:
    """A signature secret with its label and, for a rotation, its dates. It is used as these bytes: nothing is trimmed.

    `not_before` and `not_after` are Unix seconds or aware datetimes, both inclusive.
    """

    def __new__(
        cls,
        label: str,
        value: str | bytes,
        *,
        not_before: int | datetime | None = None,
        not_after: int | datetime | None = None,
    ) -> Self: ...
    @property
    def label(self) -> str: ...
    def __reduce__(self) -> NoReturn: ...

@final
class Keyring:
    """Accounts with their secrets and applications: a mapping of api_key to one or several secrets."""

    def __new__(
        cls,
        accounts: Mapping[str, Secrets] | None = None,
        *,
        application_ids: Mapping[str, str | Iterable[str]] | None = None,
    ) -> Self: ...
    @staticmethod
    def from_json(text: str | bytes) -> Keyring:
        """A keyring from its versioned JSON text, the same for every language."""
    @staticmethod
    def unavailable() -> Keyring:
        """Stands for secrets that could not be loaded: what is well-formed is then refused as `key.unavailable`."""
    @property
    def api_keys(self) -> tuple[str, ...]: ...
    def labels(self, api_key: str) -> tuple[str, ...]: ...
    def lints(self) -> tuple[str, ...]:
        """What looks wrong about the secrets: `a1b2c3d4/production: ends with a newline`. They are used all the
        same."""
    def __len__(self) -> int: ...
    def __contains__(self, api_key: object, /) -> bool: ...
    def __reduce__(self) -> NoReturn: ...

class Verifier:
    def __new__(
        cls,
        keys: Keys | KeySource,
        *,
        profile: Profile = "standard",
        max_age: Seconds | None = None,
        leeway: Seconds | None = None,
        lease: Seconds | None = None,
        max_body_bytes: int | None = None,
        max_header_bytes: int | None = None,
        header_name: str | None = None,
        expected_issuer: str | None = None,
        body_methods: Iterable[str] | None = None,
        payload_forms: Iterable[Literal["query_nested", "query_null", "query_nested_null"]] | None = None,
        own_queries: Iterable[str] | None = None,
        advice: Literal["lossless", "conventional"] = "lossless",
        retry_status: Literal[503, 429] = 503,
        published_networks: bool = False,
        networks: Iterable[str] | None = None,
        clock: Callable[[], float] | None = None,
        dangerously_allow_missing_payload_hash: bool = False,
        dangerously_allow_missing_nonce: bool = False,
        dangerously_accept_and_flag_store_failures: bool = False,
    ) -> Self: ...
    def verify(
        self,
        body: Buffer,
        *,
        headers: Headers,
        method: str | bytes | None = None,
        query: str | bytes | None = None,
        route: str | None = None,
        account: str | None = None,
        keyring: Keyring | None = None,
        now: float | None = None,
    ) -> Webhook:
        """Verifies a whole request. No store is asked: it may be a repeat.

        - `body`: the raw bytes received, before any framework has parsed them.
        - `headers`: all of them, as the framework has them: a mapping or pairs, in any case, of str or bytes.
        - `method`: as in the request line; POST unless given.
        - `query`: the raw query of a GET, without the question mark.
        - `route`: your name for the endpoint, for profiles that choose the secret by it.
        - `account`: the api_key this endpoint serves; a valid token of another account is `key.mismatch`.
        - `keyring`: secrets for this call in place of the verifier's own.
        - `now`: Unix seconds; the verifier's clock unless given.

        Raises WebhookRefused, and nothing else for any request. TypeError or ValueError for a call that no request can
        cause, such as a body that is text.
        """
    def untrusted_account(
        self,
        body: Buffer | None = None,
        *,
        headers: Headers,
        method: str | bytes | None = None,
        query: str | bytes | None = None,
        route: str | None = None,
    ) -> str:
        """The account that the request names: the api_key of its token, its route, or the api-key of an SMS webhook,
        for which the body is needed. Anybody may have written it: it proves nothing, and is there to load secrets."""
    def replace_keyring(self, keys: Keys) -> int:
        """Replaces the keyring as a whole, and returns the generation of the new one. What is refused leaves the old
        one in place; a verification under way keeps the ring with which it began."""
    @property
    def generation(self) -> int: ...
    @property
    def header_name(self) -> str: ...
    @property
    def max_body_bytes(self) -> int: ...
    @property
    def retry_status(self) -> int:
        """What to answer when the work on an accepted request failed: the sender keeps it and tries again."""
    @property
    def retry_after(self) -> int | None:
        """Seconds for the field Retry-After beside that status."""
    @property
    def profile(self) -> Profile: ...
    def now(self) -> int:
        """The verifier's clock, in Unix seconds."""
    def source_hint(self, address: str) -> SourceHint:
        """How the address that a request came from relates to the networks of the options: `published` if Vonage has
        published its range, `added` if it is in one of `networks`. A hint for logs, never a proof: networks change,
        and behind a proxy the address is the proxy's."""
    def _judge(
        self,
        body: Buffer,
        *,
        headers: Headers,
        method: str | bytes | None = None,
        query: str | bytes | None = None,
        route: str | None = None,
        account: str | None = None,
        keyring: Keyring | None = None,
        now: float | None = None,
    ) -> Judged: ...
    def _begin(
        self,
        *,
        headers: Headers,
        method: str | bytes | None = None,
        query: str | bytes | None = None,
        route: str | None = None,
        account: str | None = None,
        content_length: int | None = None,
        keyring: Keyring | None = None,
        keep_body: bool = False,
        now: float | None = None,
    ) -> PendingBody: ...
    @property
    def _key_source(self) -> KeySource | None: ...
    def __reduce__(self) -> NoReturn: ...

@final
class Webhook:
    """Proof that a request passed every check. Everything it tells is covered by the signature."""

    __match_args__: Final = ("api_key", "event")
    @property
    def api_key(self) -> str:
        """The account: claim api_key, or the route with a profile that chooses the secret by it."""
    @property
    def jti(self) -> str: ...
    @property
    def issued_at(self) -> int:
        """Claim iat, in Unix seconds."""
    @property
    def age_seconds(self) -> int:
        """Seconds from iat to the check; negative when the token came from the future, within the leeway."""
    @property
    def application_id(self) -> str | None: ...
    @property
    def claims(self) -> dict[str, JsonValue]:
        """All claims, a new dict each time."""
    @property
    def claims_json(self) -> str:
        """All claims, as the JSON text that was signed."""
    @property
    def key_label(self) -> str:
        """The label of the secret that signed the token."""
    @property
    def keyring_generation(self) -> int: ...
    @property
    def payload_form(self) -> PayloadForm:
        """Which bytes of the request payload_hash was found to cover."""
    @property
    def body(self) -> bytes | None:
        """The raw body; None where it was streamed and never kept."""
    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The decoded parameters of a GET in their order: what the signature covers. Empty for a request with a
        body."""
    def query_value(self, name: str) -> str | None: ...
    @property
    def replay(self) -> ReplayCheck:
        """What is known about repeats."""
    @property
    def replay_extent(self) -> str:
        """What the store that was asked covers, in words; `not checked` without one."""
    @property
    def is_duplicate(self) -> bool:
        """A repeat of what is done, handed on to be answered again: do not do the work again."""
    @property
    def event(self) -> Event:
        """What the webhook says, as typed values. ValueError where the body was streamed: see `read_event`."""
    def read_event(self, body: Buffer) -> Event:
        """The event of a streamed body, given again: it is hashed and compared. ValueError if it is another body."""
    def __reduce__(self) -> NoReturn: ...

@final
class Judged:
    def claim(self, store: _Store, duplicates: Duplicates, now: float) -> tuple[Webhook, Claim | None]: ...
    def record_once(self, store: _Store, duplicates: Duplicates, now: float) -> Webhook: ...
    def ask(self, namespace: str, extent: str, once: bool, duplicates: Duplicates, now: float) -> Question: ...

@final
class Question:
    @property
    def identity(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def lease_seconds(self) -> int | None: ...
    @property
    def keep_seconds(self) -> int: ...
    @property
    def keep_until(self) -> int: ...
    def answer(
        self,
        answer: Literal["claimed", "in_progress", "duplicate", "unavailable", "full"],
        now: float,
    ) -> Webhook: ...

@final
class Claim:
    @property
    def is_open(self) -> bool: ...
    def confirm(self, now: float) -> bool: ...
    def release(self, now: float) -> bool: ...

@final
class PendingBody:
    @property
    def key_label(self) -> str: ...
    @property
    def keyring_generation(self) -> int: ...
    def update(self, chunk: Buffer) -> None: ...
    def finish(self, now: float) -> Webhook: ...
    def judge(self, now: float) -> Judged: ...

class _Store:
    @property
    def extent(self) -> str:
        """What the store covers, in words for a log at start-up."""
    def __reduce__(self) -> NoReturn: ...

@final
class MemoryStore(_Store):
    """Remembers for the threads of this process, and forgets everything when it ends.

    `capacity` identities, in memory that is taken at once: requests a second, times the seconds the policy accepts,
    and a
    minute. When it is full, requests are `replay.store_full`. With `cold_start="refuse"` what was issued at `now` or
    before is refused: another process may have accepted it before a restart.
    """

    def __new__(
        cls,
        capacity: int | None = None,
        *,
        cold_start: Literal["allow", "refuse"] = "allow",
        now: float | None = None,
    ) -> Self: ...

@final
class FileStore(_Store):
    """Remembers in one file, for the processes of one machine: gunicorn's workers, another language's server, and
    after a restart. Each process opens it on its first use.

    `durability="power_loss"` waits for the disk at each answer. `budget`: seconds one answer may take, 0.05 by default.
    """

    def __new__(
        cls,
        path: str | os.PathLike[str],
        *,
        durability: Literal["process_crash", "power_loss"] = "process_crash",
        budget: float | timedelta | None = None,
    ) -> Self: ...

@final
class Signer:
    def __new__(cls, api_key: str, secret: str | bytes) -> Self: ...
    def sign_body(self, body: Buffer, iat: int, jti: str) -> str: ...
    def sign_query(self, query: str, iat: int, jti: str) -> str: ...
    def sign_sms(
        self,
        parameters: str,
        method: SmsMethod,
        carrier: Literal["form", "query", "json"],
        timestamp: int,
        nonce: str,
    ) -> str: ...
    def sign_claims(self, claims: bytes) -> str: ...
    def __reduce__(self) -> NoReturn: ...

def parse_unsigned(payload: Buffer, carrier: Carrier) -> str: ...
def redis_key(namespace: str, identity: str) -> str: ...
def check_namespace(namespace: str) -> None: ...
def is_processed(http_status: int) -> bool: ...
