"""What the case modules share: signing, JSON as written, and the file being collected.

This is the second implementation of signing. It stands on the standard library alone and
never calls the product, so that a fault in one of them shows up in the other.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import TypedDict, Unpack

NOW = 1767225600
ACCOUNT = "a1b2c3d4"
OTHER_ACCOUNT = "b9f8e7d6"
SECRET = b"vector-secret-A-6c1f0d9e7b4a8253"
OTHER_SECRET = b"vector-secret-B-90a8b7c6d5e4f321"
APPLICATION = "aaaaaaaa-bbbb-cccc-dddd-0123456789ab"
BODY = b'{"message_uuid":"7b2c2c0e-0000-4000-8000-000000000001","text":"hello"}'

HEADER = b'{"alg":"HS256","typ":"JWT"}'

DEFAULT_OPTIONS: dict[str, object] = {
    "leeway": 60,
    "max_age": 300,
    "expected_issuer": "Vonage",
    "expected_application_id": None,
    "require_payload_hash": True,
    "max_header_bytes": 8192,
    "seen": [],
}

# The generic word of each reason that a case may be refused for.
WORDS = {
    "header.missing": "unsigned",
    "header.malformed": "malformed_header",
    "header.duplicated": "malformed_header",
    "token.too_large": "too_large",
    "token.malformed": "malformed_token",
    "token.algorithm": "unsupported_algorithm",
    "token.critical": "unsupported_critical",
    "key.unknown": "unknown_key",
    "signature.invalid": "bad_signature",
    "claims.malformed": "malformed_token",
    "claims.missing": "missing_claim",
    "issuer.mismatch": "wrong_issuer",
    "application.mismatch": "wrong_application",
    "time.stale": "stale",
    "time.future": "from_future",
    "time.expired": "expired",
    "time.not_yet_valid": "not_yet_valid",
    "payload.too_large": "too_large",
    "payload.mismatch": "payload_mismatch",
    "replay.duplicate": "replayed",
    "replay.in_progress": "in_progress",
    "replay.store_full": "store_full",
    "replay.store_unavailable": "store_unavailable",
    "request.unsupported": "unsupported_request",
}

IMPACTS = frozenset({"interop", "strictness", "forgery", "tamper", "replay", "tenant", "dos"})

Text = str | dict[str, object]
Authorization = Text | list[str] | None
Secret = bytes | str
Keyring = Mapping[str, list[Secret]]

DEFAULT_KEYRING: Keyring = {ACCOUNT: [SECRET], OTHER_ACCOUNT: [OTHER_SECRET]}


class Given(TypedDict, total=False):
    """What a case may say beside its header field; the rest stays as usual."""

    body: bytes | Text
    keyring: Keyring
    now: int
    options: Mapping[str, object]
    method: str
    query: str


class Raw:
    """A JSON value that is written as it stands."""

    def __init__(self, text: str | bytes) -> None:
        self.text = text.encode() if isinstance(text, str) else text


class Absent:
    """Stands for a claim to leave out."""


ABSENT = Absent()


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def mac(signed: str, secret: bytes = SECRET) -> bytes:
    """The HS256 signature of a signing input in which one code point is one byte."""
    return hmac.new(secret, signed.encode("latin-1"), hashlib.sha256).digest()


def seal(header_part: str, claims_part: str, secret: bytes = SECRET) -> str:
    """A token over two parts as they stand, well formed or not."""
    signed = f"{header_part}.{claims_part}"
    return f"{signed}.{b64url(mac(signed, secret))}"


def sign(claims: bytes, header: bytes = HEADER, secret: bytes = SECRET) -> str:
    return seal(b64url(header), b64url(claims), secret)


def write(members: Mapping[str, object], extra: str | bytes = b"") -> bytes:
    """JSON text of an object, its members in the order given, `extra` members last."""
    parts: list[bytes] = []
    for name, value in members.items():
        if isinstance(value, Absent):
            continue
        if isinstance(value, Raw):
            text = value.text
        else:
            text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
        parts.append(json.dumps(name, ensure_ascii=False).encode() + b":" + text)
    if extra:
        parts.append(extra.encode() if isinstance(extra, str) else extra)
    return b"{" + b",".join(parts) + b"}"


def bearer(token: str) -> str:
    return f"Bearer {token}"


def large_body(size: int) -> tuple[bytes, Text]:
    """A body of zero bytes: as it is, and as the compact base64 of a vector file."""
    whole, rest = divmod(size, 3)
    tail = b64(bytes(rest))
    return bytes(size), {"parts": [{"repeat": "AAAA", "count": whole}, tail]}


class VectorFile:
    """One file being collected. Cases are numbered in the order they are added."""

    def __init__(self, subject: str, prefix: str) -> None:
        self.subject = subject
        self.prefix = prefix
        self.cases: list[dict[str, object]] = []

    @property
    def next_id(self) -> str:
        return f"{self.prefix}{len(self.cases) + 1:03}"

    def claims(
        self,
        changes: Mapping[str, object] | None = None,
        *,
        body: bytes = BODY,
        **more_changes: object,
    ) -> dict[str, object]:
        """Good claims for the next case, with changes; `ABSENT` leaves one out."""
        claims: dict[str, object] = {
            "iat": NOW,
            "jti": f"{self.next_id.lower()}-4c10-bfdf-3fbe8ce511b5",
            "iss": "Vonage",
            "payload_hash": sha256_hex(body),
            "api_key": ACCOUNT,
            "application_id": APPLICATION,
        }
        return claims | dict(changes or {}) | more_changes

    def token(
        self,
        changes: Mapping[str, object] | None = None,
        *,
        header: bytes = HEADER,
        extra: str | bytes = b"",
        body: bytes = BODY,
        secret: bytes = SECRET,
        **more_changes: object,
    ) -> str:
        """A token for the next case, good but for what is given."""
        claims = self.claims(changes, body=body, **more_changes)
        return sign(write(claims, extra), header, secret)

    def accept(
        self,
        name: str,
        why: str,
        authorization: Authorization,
        **given: Unpack[Given],
    ) -> None:
        self._add(name, why, authorization, "interop", "", given)

    def reject(
        self,
        name: str,
        reason: str,
        why: str,
        authorization: Authorization,
        *,
        impact: str = "strictness",
        **given: Unpack[Given],
    ) -> None:
        if reason not in WORDS:
            raise ValueError(f"{self.next_id}: {reason!r} is no reason of this format")
        self._add(name, why, authorization, impact, reason, given)

    def _add(
        self,
        name: str,
        why: str,
        authorization: Authorization,
        impact: str,
        reason: str,
        given: Given,
    ) -> None:
        if impact not in IMPACTS:
            raise ValueError(f"{self.next_id}: {impact!r} is no impact")
        body = given.get("body", BODY)
        ring = given.get("keyring", DEFAULT_KEYRING)
        case: dict[str, object] = {
            "id": self.next_id,
            "name": name,
            "class": self.subject if reason else "positive-control",
            "why": why,
            "impact": impact,
        }
        for field in ("method", "query"):
            if field in given:
                case[field] = given[field]
        case |= {
            "authorization": authorization,
            "body": b64(body) if isinstance(body, bytes) else body,
            "keyring": {key: [_secret(secret) for secret in secrets] for key, secrets in ring.items()},
            "now": given.get("now", NOW),
            "options": dict(given.get("options", {})),
            "expect": "reject" if reason else "accept",
            "acceptable_codes": [WORDS[reason]] if reason else [],
        }
        if reason:
            case["reason"] = reason
        case["debatable"] = False
        self.cases.append(case)

    def text(self) -> str:
        """The file as it is committed."""
        file = {
            "format": "signed-webhook-attacks/1",
            "now": NOW,
            "default_options": DEFAULT_OPTIONS,
            "notes": [
                "written by generate.py, which says how; change it there",
                "authorization: null | text | list of texts | {parts: [text | {repeat, count}]}",
                "in every such text one code point is one byte (latin-1)",
                "body: base64 text | {parts: [...]} giving base64 text",
                "keyring: api_key -> secrets; a secret is text (its UTF-8 bytes) or {b64}",
                "reason: the exact name of the refusal; acceptable_codes: its generic word",
            ],
            "cases": self.cases,
        }
        return json.dumps(file, indent=1) + "\n"


def _secret(secret: Secret) -> object:
    """Readable ASCII stays text; every other secret is written as its bytes."""
    if isinstance(secret, str):
        return secret
    if secret.isascii() and secret.decode("ascii").isprintable():
        return secret.decode("ascii")
    return {"b64": b64(secret)}


Collector = Callable[[VectorFile], None]
