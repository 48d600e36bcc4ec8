"""The signature: HMAC-SHA-256 over header and claims as received. RFC 7515 5.2."""

import base64
import hashlib
import hmac
import json

from .build import (
    ABSENT,
    ACCOUNT,
    BODY,
    HEADER,
    NOW,
    OTHER_ACCOUNT,
    SECRET,
    VectorFile,
    b64url,
    bearer,
    mac,
    sign,
    write,
)


def collect(file: VectorFile) -> None:
    _good(file)
    _changed_bits(file)
    _constants(file)
    _other_functions(file)
    _other_inputs(file)
    _other_secrets(file)
    _changed_parts(file)
    _order(file)


def _parts(file: VectorFile) -> tuple[str, str]:
    return b64url(HEADER), b64url(write(file.claims()))


def _forged(file: VectorFile, name: str, why: str, tag: bytes) -> None:
    """A token whose signature is `tag`, made for the claims of the next case."""
    header, claims = _parts(file)
    file.reject(
        name,
        "signature.invalid",
        why,
        bearer(f"{header}.{claims}.{b64url(tag)}"),
        impact="forgery",
    )


def _good(file: VectorFile) -> None:
    file.accept("a plain signature", "the plain case", bearer(file.token()))
    for letters, name in (("-", "a hyphen"), ("_", "a low line"), ("-_", "both")):
        number = 0
        while not set(letters) <= set(file.token(n=number).rsplit(".", 1)[1]):
            number += 1
        file.accept(
            f"a signature with {name}",
            "the letters in which the alphabets differ",
            bearer(file.token(n=number)),
        )
    for first, name in ((b"\0", "NUL"), (b"\xff", "FF")):
        number = 0
        while True:
            token = file.token(n=number)
            signature = token.rsplit(".", 1)[1]
            if base64.urlsafe_b64decode(signature + "=").startswith(first):
                break
            number += 1
        file.accept(
            f"a signature that begins with {name}",
            "it is no text",
            bearer(token),
        )
    file.accept(
        "header and claims with white space",
        "signed as received, never written again",
        bearer(sign(b" " + write(file.claims()) + b"\n", b'{ "alg": "HS256" }')),
    )
    file.accept(
        "header in another order",
        "signed as received, never written again",
        bearer(file.token(header=b'{"typ":"JWT","alg":"HS256"}')),
    )


def _changed_bits(file: VectorFile) -> None:
    for byte, bit in (
        (0, 7),
        (0, 0),
        (1, 3),
        (7, 4),
        (15, 5),
        (16, 1),
        (30, 6),
        (31, 0),
    ):
        header, claims = _parts(file)
        tag = bytearray(mac(f"{header}.{claims}"))
        tag[byte] ^= 1 << bit
        _forged(file, f"bit {bit} of byte {byte} changed", "every bit counts", bytes(tag))
    header, claims = _parts(file)
    tag = bytearray(mac(f"{header}.{claims}"))
    tag[0] ^= 1
    tag[31] ^= 1
    _forged(file, "two bits changed alike", "differences do not cancel", bytes(tag))
    header, claims = _parts(file)
    tag = bytearray(mac(f"{header}.{claims}"))
    tag[0], tag[31] = tag[31], tag[0]
    _forged(file, "first and last byte exchanged", "places count", bytes(tag))
    header, claims = _parts(file)
    right = mac(f"{header}.{claims}")
    _forged(file, "the first half right", "all 32 bytes count", right[:16] + bytes(16))
    header, claims = _parts(file)
    right = mac(f"{header}.{claims}")
    _forged(file, "the last half right", "all 32 bytes count", bytes(16) + right[16:])
    header, claims = _parts(file)
    right = mac(f"{header}.{claims}")
    _forged(
        file,
        "all bits inverted",
        "every bit counts",
        bytes(byte ^ 255 for byte in right),
    )
    header, claims = _parts(file)
    _forged(file, "bytes reversed", "places count", mac(f"{header}.{claims}")[::-1])


def _constants(file: VectorFile) -> None:
    for name, tag in (
        ("32 zero bytes", bytes(32)),
        ("32 bytes FF", b"\xff" * 32),
        ("32 letters", b"A" * 32),
        ("the secret itself", SECRET),
    ):
        _forged(file, name, "no value stands for any signature", tag)


def _other_functions(file: VectorFile) -> None:
    def signed() -> bytes:
        return ".".join(_parts(file)).encode()

    _forged(file, "SHA-256 without a key", "anyone could", hashlib.sha256(signed()).digest())
    _forged(
        file,
        "SHA-256 of secret and text",
        "no HMAC",
        hashlib.sha256(SECRET + signed()).digest(),
    )
    _forged(
        file,
        "SHA-256 of text and secret",
        "no HMAC",
        hashlib.sha256(signed() + SECRET).digest(),
    )
    for name in ("sha384", "sha512", "sha3_256", "blake2s"):
        _forged(
            file,
            f"HMAC with {name}, 32 bytes of it",
            "another function",
            hmac.new(SECRET, signed(), name).digest()[:32],
        )
    _forged(
        file,
        "HMAC of the HMAC",
        "once",
        hmac.new(SECRET, mac(signed().decode()), hashlib.sha256).digest(),
    )
    _forged(
        file,
        "HMAC with key and text exchanged",
        "another function",
        hmac.new(signed(), SECRET, hashlib.sha256).digest(),
    )


def _other_inputs(file: VectorFile) -> None:
    for name, why, signed in (
        ("the texts not encoded", "the encoded text is signed", "{h}.{c}"),
        ("the claims only", "the header is signed too", "{C}"),
        ("the header only", "the claims are signed too", "{H}"),
        ("the parts without their dot", "the dot is signed too", "{H}{C}"),
        ("the parts with two dots", "one dot", "{H}..{C}"),
        ("the parts and a dot behind", "nothing behind", "{H}.{C}."),
        ("the parts exchanged", "header first", "{C}.{H}"),
        ("the whole field", "the token only", "Bearer {H}.{C}"),
        ("the parts with padding", "as received", "{H}=.{C}=="),
        ("the parts and a line feed", "as received", "{H}.{C}\n"),
        ("nothing", "the text is signed", ""),
    ):
        header, claims = _parts(file)
        text = signed.format(h=HEADER.decode(), c=write(file.claims()).decode(), H=header, C=claims)
        _forged(file, f"HMAC of {name}", why, mac(text))
    _forged(file, "HMAC of the body", "the token is signed", mac(BODY.decode()))
    header, claims = _parts(file)
    other = b64url(b'{"typ":"JWT","alg":"HS256"}')
    _forged(
        file,
        "HMAC of the header in another order",
        "signed as received, never written again",
        mac(f"{other}.{claims}"),
    )
    header, _ = _parts(file)
    spaced = json.dumps(file.claims()).encode()
    _forged(
        file,
        "HMAC of the claims written with spaces",
        "signed as received, never written again",
        mac(f"{header}.{b64url(spaced)}"),
    )


def _other_secrets(file: VectorFile) -> None:
    for name, secret in (
        ("the empty secret", b""),
        ("32 zero bytes", bytes(32)),
        ("the api_key", ACCOUNT.encode()),
        ("another account's api_key", OTHER_ACCOUNT.encode()),
        ("the issuer", b"Vonage"),
        ("the word secret", b"secret"),
        ("the word null", b"null"),
        ("the secret and a NUL and more", SECRET + b"\0x"),
        ("the secret without its last byte", SECRET[:-1]),
        ("the secret in base64", base64.b64encode(SECRET)),
        ("the secret in hexadecimal", SECRET.hex().encode()),
        ("the hash of the secret", hashlib.sha256(SECRET).digest()),
    ):
        header, claims = _parts(file)
        _forged(
            file,
            f"signed with {name}",
            "the account's secret only",
            mac(f"{header}.{claims}", secret),
        )


def _changed_parts(file: VectorFile) -> None:
    """A right signature, of another text."""

    def add(name: str, why: str, impact: str, value: str) -> None:
        file.reject(name, "signature.invalid", why, bearer(value), impact=impact)

    for change in (
        {"iat": NOW + 1},
        {"jti": "another"},
        {"payload_hash": "0" * 64},
        {"application_id": "bbbbbbbb-bbbb-cccc-dddd-0123456789ab"},
        {"iss": "Nexmo"},
        {"exp": NOW + 3600},
    ):
        header, _, signature = file.token().split(".")
        claims = b64url(write(file.claims(change)))
        add(
            f"{next(iter(change))} changed after signing",
            "the claims are what is signed",
            "tamper",
            f"{header}.{claims}.{signature}",
        )
    _, claims, signature = file.token().split(".")
    header = b64url(b'{"alg":"HS256"}')
    add(
        "header exchanged after signing",
        "the header is signed too",
        "tamper",
        f"{header}.{claims}.{signature}",
    )
    _, claims, signature = file.token().split(".")
    header = b64url(b'{"alg":"HS256","typ":"JWT","kid":"x"}')
    add(
        "kid added after signing",
        "the header is signed too",
        "tamper",
        f"{header}.{claims}.{signature}",
    )
    header, _, signature = file.token().split(".")
    claims = b64url(write(file.claims()) + b" ")
    add(
        "a space added to the claims after signing",
        "the text is signed, not its meaning",
        "replay",
        f"{header}.{claims}.{signature}",
    )
    header, claims = _parts(file)
    other = file.token(jti="another").rsplit(".", 1)[1]
    add(
        "the signature of another token",
        "it fits one text",
        "forgery",
        f"{header}.{claims}.{other}",
    )


def _order(file: VectorFile) -> None:
    for name, change in (
        ("iat missing", {"iat": ABSENT}),
        ("jti null", {"jti": None}),
        ("another issuer", {"iss": "Nexmo"}),
        ("stale", {"iat": 0}),
        ("expired", {"exp": 1}),
        ("no payload_hash", {"payload_hash": ABSENT}),
    ):
        file.reject(
            f"a wrong signature and {name}",
            "signature.invalid",
            "nothing is said about claims before the signature holds",
            bearer(file.token(change, secret=b"attacker")),
            impact="forgery",
        )
    file.reject(
        "a wrong signature and another body",
        "signature.invalid",
        "a stranger's body is not hashed",
        bearer(file.token(secret=b"attacker")),
        body=b"another",
        impact="forgery",
    )
