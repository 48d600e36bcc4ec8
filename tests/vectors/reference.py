"""A slow, obvious verifier: the second opinion on every vector.

Written from the rules of the standard profile alone, step by step in their order, with
nothing shared with the product or with the code that signs the vectors. It is no library:
it compares secrets with `==` and stops at the first that fits.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

METHODS = (b"POST", b"PUT", b"PATCH")
MAX_PARAMETERS = 256
MAX_BODY_BYTES = 1024 * 1024
MAX_API_KEY_BYTES = 128
MAX_JTI_BYTES = 256
MAX_NUMERIC_DATE = 253402300799
MAX_MEMBERS = 64
MAX_DEPTH = 16

BEARER = re.compile(rb"[Bb][Ee][Aa][Rr][Ee][Rr] +([^\x00-\x20\x7f,]+)")
BASE64URL = re.compile(rb"[A-Za-z0-9_-]*")
INTEGER = re.compile(r"0|[1-9][0-9]{0,11}")
HEX_HASH = re.compile(r"[0-9A-Fa-f]{64}")


class RefusedError(Exception):
    """The request is refused; the text is the reason's name."""


class NotStrictError(Exception):
    """A text is not JSON as the rules want it."""


@dataclass(frozen=True)
class Number:
    """A JSON number as it was written."""

    text: str


@dataclass(frozen=True)
class Request:
    method: bytes
    fields: list[bytes]
    body: bytes
    now: int
    query: bytes = b""


@dataclass(frozen=True)
class Settings:
    keyring: Mapping[str, list[bytes]]
    leeway: int
    max_age: int
    expected_issuer: str
    expected_application_id: str | None
    require_payload_hash: bool
    max_header_bytes: int
    # What is done already, by api_key and jti.
    seen: frozenset[tuple[str, str]] = frozenset()


def judge(request: Request, settings: Settings) -> str:
    """The reason of the refusal, or nothing when the request is accepted."""
    try:
        _verify(request, settings)
    except RefusedError as refusal:
        return str(refusal)
    return ""


def _verify(request: Request, settings: Settings) -> None:
    # Step 0
    if request.method not in (*METHODS, b"GET"):
        raise RefusedError("request.unsupported")

    token = _bearer_token(request.fields, settings.max_header_bytes)
    signed, claims, signature = _open(token)
    _check_signature(signed, claims, signature, settings)
    # Step 5, the account that a call names, cannot be said in a vector file.
    _check_claims(claims, settings)
    _check_identity(claims, settings)
    _check_time(claims, request.now, settings)

    # Step 9
    if len(request.body) > MAX_BODY_BYTES:
        raise RefusedError("payload.too_large")

    # Step 10; the clock stands still in a vector, so that step 8 would give the same.
    payload = _query_object(request) if request.method == b"GET" else request.body
    if "payload_hash" in claims:
        claimed = bytes.fromhex(_text(claims["payload_hash"]))
        if claimed != hashlib.sha256(payload).digest():
            raise RefusedError("payload.mismatch")

    # Step 11
    if (_text(claims["api_key"]), _text(claims["jti"])) in settings.seen:
        raise RefusedError("replay.duplicate")


def _query_object(request: Request) -> bytes:
    """What a GET's hash covers, if its query has one reading and it has no body."""
    if request.body or b"#" in request.query or any(byte < 0x20 or byte == 0x7F for byte in request.query):
        raise RefusedError("payload.mismatch")
    pieces = [piece for piece in request.query.split(b"&") if piece]
    if len(pieces) > MAX_PARAMETERS:
        raise RefusedError("payload.mismatch")
    members: dict[str, str] = {}
    for piece in pieces:
        name, _, value = piece.partition(b"=")
        if _unescape(name) in members:
            raise RefusedError("payload.mismatch")
        members[_unescape(name)] = _unescape(value)
    return json.dumps(members, separators=(",", ":"), ensure_ascii=False).encode()


def _unescape(text: bytes) -> str:
    if re.search(rb"%(?![0-9A-Fa-f]{2})", text):
        raise RefusedError("payload.mismatch")
    raw = re.sub(rb"%(..)", lambda match: bytes.fromhex(match[1].decode()), text.replace(b"+", b" "), flags=re.S)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise RefusedError("payload.mismatch") from None


def _bearer_token(fields: list[bytes], max_header_bytes: int) -> bytes:
    """Step 1"""
    if not fields:
        raise RefusedError("header.missing")
    if len(fields) == 1 and fields[0] == b"":
        raise RefusedError("header.missing")
    if len(fields) > 1:
        raise RefusedError("header.duplicated")
    if len(fields[0]) > max_header_bytes:
        raise RefusedError("token.too_large")
    match = BEARER.fullmatch(fields[0])
    if match is None:
        raise RefusedError("header.malformed")
    return match[1]


def _open(token: bytes) -> tuple[bytes, dict[str, object], bytes]:
    """Step 2: what is signed, the claims, the signature."""
    parts = token.split(b".")
    if len(parts) != 3:
        raise RefusedError("token.malformed")

    header = _json_part(parts[0])
    if header.get("alg") != "HS256":
        raise RefusedError("token.algorithm")
    for name in ("crit", "b64", "zip", "enc"):
        if name in header:
            raise RefusedError("token.critical")
    if "typ" in header:
        kind = header["typ"]
        if not isinstance(kind, str) or not re.fullmatch("(application/)?jwt", kind, re.ASCII | re.IGNORECASE):
            raise RefusedError("token.malformed")

    claims = _json_part(parts[1])
    signature = _decode(parts[2])
    if len(signature) != 32:
        raise RefusedError("token.malformed")
    return parts[0] + b"." + parts[1], claims, signature


def _json_part(part: bytes) -> dict[str, object]:
    if part == b"":
        raise RefusedError("token.malformed")
    try:
        return strict_object(_decode(part))
    except NotStrictError:
        raise RefusedError("token.malformed") from None


def _decode(part: bytes) -> bytes:
    """Unpadded base64url; the one text that encodes its bytes, or nothing."""
    if not BASE64URL.fullmatch(part) or len(part) % 4 == 1:
        raise RefusedError("token.malformed")
    data = base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    if base64.urlsafe_b64encode(data).rstrip(b"=") != part:
        raise RefusedError("token.malformed")
    return data


def _check_signature(signed: bytes, claims: dict[str, object], signature: bytes, settings: Settings) -> None:
    # Step 3
    if "api_key" not in claims:
        raise RefusedError("claims.missing")
    api_key = claims["api_key"]
    if not _is_plain_text(api_key, MAX_API_KEY_BYTES):
        raise RefusedError("claims.malformed")

    # Step 4
    if api_key not in settings.keyring:
        raise RefusedError("key.unknown")
    for secret in settings.keyring[_text(api_key)]:
        if hmac.new(secret, signed, hashlib.sha256).digest() == signature:
            return
    raise RefusedError("signature.invalid")


def _check_claims(claims: dict[str, object], settings: Settings) -> None:
    """Step 6"""
    required = {"iat", "jti", "iss"}
    if settings.require_payload_hash:
        required.add("payload_hash")
    if settings.expected_application_id is not None:
        required.add("application_id")
    for name in ("iat", "jti", "iss", "payload_hash", "application_id", "exp", "nbf"):
        if name not in claims:
            if name in required:
                raise RefusedError("claims.missing")
            continue
        value = claims[name]
        if name in ("iat", "exp", "nbf"):
            good = _is_numeric_date(value)
        elif name == "jti":
            good = _is_plain_text(value, MAX_JTI_BYTES)
        elif name == "payload_hash":
            good = isinstance(value, str) and HEX_HASH.fullmatch(value) is not None
        else:
            good = isinstance(value, str)
        if not good:
            raise RefusedError("claims.malformed")


def _check_identity(claims: dict[str, object], settings: Settings) -> None:
    """Step 7"""
    if claims["iss"] != settings.expected_issuer:
        raise RefusedError("issuer.mismatch")
    wanted = settings.expected_application_id
    if wanted is not None and claims["application_id"] != wanted:
        raise RefusedError("application.mismatch")


def _check_time(claims: dict[str, object], now: int, settings: Settings) -> None:
    """Step 8"""
    age = now - _seconds(claims["iat"])
    if age > settings.max_age:
        raise RefusedError("time.stale")
    if -age > settings.leeway:
        raise RefusedError("time.future")
    if "exp" in claims and now >= _seconds(claims["exp"]):
        raise RefusedError("time.expired")
    if "nbf" in claims and _seconds(claims["nbf"]) > now + settings.leeway:
        raise RefusedError("time.not_yet_valid")


def _is_numeric_date(value: object) -> bool:
    return (
        isinstance(value, Number) and INTEGER.fullmatch(value.text) is not None and int(value.text) <= MAX_NUMERIC_DATE
    )


def _is_plain_text(value: object, most: int) -> bool:
    """1 to `most` bytes without control characters."""
    return (
        isinstance(value, str)
        and 1 <= len(value.encode()) <= most
        and not any(ord(letter) < 0x20 or ord(letter) == 0x7F for letter in value)
    )


def _text(value: object) -> str:
    assert isinstance(value, str)
    return value


def _seconds(value: object) -> int:
    assert isinstance(value, Number)
    return int(value.text)


def strict_object(data: bytes) -> dict[str, object]:
    """A JSON object by the strict rules; numbers come out as they were written."""
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise NotStrictError("not UTF-8") from None
    if text.startswith("\ufeff"):
        raise NotStrictError("a byte order mark")
    # Before the reader, which recurses.
    if _depth(text) > MAX_DEPTH:
        raise NotStrictError("too deep")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_members,
            parse_constant=_no_constant,
            parse_int=_number,
            parse_float=_number,
        )
    except json.JSONDecodeError:
        raise NotStrictError("not JSON") from None
    if not isinstance(value, dict):
        raise NotStrictError("not an object")
    _refuse_surrogates(value)
    return value


def _depth(text: str) -> int:
    """How deep brackets nest outside strings."""
    deepest = depth = 0
    in_string = escaped = False
    for letter in text:
        if escaped:
            escaped = False
        elif in_string:
            escaped = letter == "\\"
            in_string = letter != '"'
        elif letter == '"':
            in_string = True
        elif letter in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "}]":
            depth -= 1
    return deepest


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Called with the names unescaped, for every object."""
    if len(pairs) > MAX_MEMBERS:
        raise NotStrictError("too many members")
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotStrictError("a name twice")
    return members


def _no_constant(name: str) -> object:
    raise NotStrictError(f"{name} is not JSON")


def _number(text: str) -> Number:
    if float(text) in (float("inf"), float("-inf")):
        raise NotStrictError("a number beyond a double")
    return Number(text)


def _refuse_surrogates(value: object) -> None:
    """The reader joins pairs, so that every surrogate left over is a lone one."""
    if isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise NotStrictError("a lone surrogate")
    elif isinstance(value, dict):
        for name, member in value.items():
            _refuse_surrogates(name)
            _refuse_surrogates(member)
    elif isinstance(value, list):
        for item in value:
            _refuse_surrogates(item)


def read_case(file: Mapping[str, object], case: Mapping[str, object]) -> tuple[Request, Settings]:
    """A case of a vector file."""
    defaults, own = file["default_options"], case["options"]
    assert isinstance(defaults, dict) and isinstance(own, dict)
    options = defaults | own
    method = case.get("method", "POST")
    now, keyring = case["now"], case["keyring"]
    assert isinstance(now, int) and isinstance(keyring, dict)
    request = Request(
        method=_text(method).encode("latin-1"),
        fields=_fields(case["authorization"]),
        body=base64.b64decode(_join(case["body"]), validate=True),
        now=now,
        query=_text(case.get("query", "")).encode("latin-1"),
    )
    settings = Settings(
        keyring={key: [_secret(secret) for secret in secrets] for key, secrets in keyring.items()},
        leeway=options["leeway"],
        max_age=options["max_age"],
        expected_issuer=options["expected_issuer"],
        expected_application_id=options["expected_application_id"],
        require_payload_hash=options["require_payload_hash"],
        max_header_bytes=options["max_header_bytes"],
        seen=frozenset((_text(identity["api_key"]), _text(identity["jti"])) for identity in options["seen"]),
    )
    return request, settings


def _fields(authorization: object) -> list[bytes]:
    if authorization is None:
        return []
    if isinstance(authorization, list):
        return [_join(field) for field in authorization]
    return [_join(authorization)]


def _join(value: object) -> bytes:
    """A text, or parts to be joined; one code point is one byte."""
    if isinstance(value, str):
        return value.encode("latin-1")
    assert isinstance(value, dict)
    joined = b""
    for part in value["parts"]:
        if isinstance(part, dict):
            joined += part["repeat"].encode("latin-1") * part["count"]
        else:
            joined += part.encode("latin-1")
    return joined


def _secret(secret: object) -> bytes:
    if isinstance(secret, dict):
        return base64.b64decode(secret["b64"], validate=True)
    return _text(secret).encode()
