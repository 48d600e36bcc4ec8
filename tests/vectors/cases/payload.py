"""The body: the form of payload_hash, and every byte of what it covers."""

import base64
import hashlib
import hmac
import json

from .build import (
    BODY,
    SECRET,
    Raw,
    VectorFile,
    bearer,
    large_body,
    sha256_hex,
)

MIB = 1024 * 1024


def collect(file: VectorFile) -> None:
    _good(file)
    _form(file)
    _other_hashes(file)
    _changed(file)
    _size(file)


def _good(file: VectorFile) -> None:
    digest = sha256_hex(BODY)
    mixed = "".join(letter.upper() if index % 2 else letter for index, letter in enumerate(digest))
    file.accept(
        "hash in upper case",
        "32 bytes are compared, not letters",
        bearer(file.token(payload_hash=digest.upper())),
    )
    file.accept(
        "hash in mixed case",
        "32 bytes are compared, not letters",
        bearer(file.token(payload_hash=mixed)),
    )
    for name, body in (
        ("no byte", b""),
        ("one byte", b"x"),
        ("one NUL", b"\0"),
        ("NULs inside", b'{"a":"\0\0"}\0'),
        ("bytes that are no UTF-8", b"\xff\xfe\x80{\xc3("),
        ("all 256 bytes", bytes(range(256))),
        ("line ends", b'{\r\n "a": 1\r\n}\r\n'),
        ("a byte order mark", b'\xef\xbb\xbf{"a":1}'),
        ("white space only", b" \t\r\n"),
        ("text that is no JSON", b"{not json"),
        ("a form", b"a=1&b=%20&c=+"),
        ("letters beyond ASCII", '{"text":"h\u00e9 \U0001f600"}'.encode()),
        ("numbers at their limits", b'{"a":1e400,"b":1.0,"b":-0}'),
        (
            "a multipart message",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
        ),
    ):
        file.accept(
            f"body: {name}",
            "bytes, never read as text",
            bearer(file.token(body=body)),
            body=body,
        )
    for size in (55, 56, 63, 64, 65, 119, 128, 4095, 4096, 65536):
        body, text = large_body(size)
        file.accept(
            f"body of {size} bytes",
            "edges of the hash's blocks and of buffers",
            bearer(file.token(body=body)),
            body=text,
        )


def _form(file: VectorFile) -> None:
    digest = sha256_hex(BODY)
    for name, value in (
        ("empty", ""),
        ("63 digits", digest[:-1]),
        ("65 digits", digest + "0"),
        ("62 digits", digest[:-2]),
        ("66 digits", digest + "00"),
        ("128 digits", digest * 2),
        ("one digit", "0"),
        ("a letter g", digest[:-1] + "g"),
        ("a letter G first", "G" + digest[1:]),
        ("0x and 62 digits", "0x" + digest[2:]),
        ("0x and 64 digits", "0x" + digest),
        ("a space before", " " + digest),
        ("a space behind", digest + " "),
        ("a space for a digit", " " + digest[1:]),
        ("a line feed behind", digest + "\n"),
        ("a line feed for the last digit", digest[:-1] + "\n"),
        ("a NUL behind", digest + "\0"),
        ("a NUL for the last digit", digest[:-1] + "\0"),
        ("a minus first", "-" + digest[1:]),
        ("a plus first", "+" + digest[1:]),
        ("colons", ":".join(digest[at : at + 2] for at in range(0, 64, 2))),
        ("the name before it", "sha256=" + digest),
        ("quotes", f'"{digest}"'),
        ("base64", base64.b64encode(bytes.fromhex(digest)).decode()),
        ("base64url", base64.urlsafe_b64encode(bytes.fromhex(digest)).decode()[:43]),
        ("SHA-1", hashlib.sha1(BODY).hexdigest()),
        ("SHA-384", hashlib.sha384(BODY).hexdigest()),
        ("SHA-512", hashlib.sha512(BODY).hexdigest()),
        ("MD5", hashlib.md5(BODY).hexdigest()),
        ("wide digits", "\uff10" * 64),
        ("Arabic digits", "\u0660" * 64),
        ("64 bytes of wide digits", "\uff10" * 21 + "0"),
        ("an e with an accent", digest[:-1] + "\u00e9"),
        ("a percent sign", "%" + digest[1:]),
        ("a low line", digest[:31] + "_" + digest[32:]),
        ("the word null", "null"),
        ("the body itself", BODY.decode()),
    ):
        file.reject(
            f"hash: {name}",
            "claims.malformed",
            "64 hexadecimal digits",
            bearer(file.token(payload_hash=value)),
        )
    for text in (
        "null",
        "true",
        "false",
        "0",
        "[]",
        f'["{digest}"]',
        "{}",
        '{"sha256":1}',
    ):
        shown = text if len(text) < 40 else "a list with the right hash"
        file.reject(
            f"hash is {shown}",
            "claims.malformed",
            "a string",
            bearer(file.token(payload_hash=Raw(text))),
            impact="tamper",
        )
    file.reject(
        "hash null, body empty",
        "claims.malformed",
        "nothing stands for an empty body but its hash",
        bearer(file.token(payload_hash=None)),
        body=b"",
        impact="tamper",
    )
    file.reject(
        "hash empty, body empty",
        "claims.malformed",
        "nothing stands for an empty body but its hash",
        bearer(file.token(payload_hash="")),
        body=b"",
        impact="tamper",
    )


def _other_hashes(file: VectorFile) -> None:
    digest = hashlib.sha256(BODY).digest()
    for name, value in (
        ("all zero", bytes(32)),
        ("all ones", b"\xff" * 32),
        ("its bytes reversed", digest[::-1]),
        ("its first bit changed", bytes([digest[0] ^ 0x80]) + digest[1:]),
        ("its last bit changed", digest[:-1] + bytes([digest[-1] ^ 1])),
        ("its first half only", digest[:16] + bytes(16)),
        ("its last half only", bytes(16) + digest[16:]),
        ("SHA-256 of the hash", hashlib.sha256(digest).digest()),
        (
            "SHA-256 of the hash's digits",
            hashlib.sha256(digest.hex().encode()).digest(),
        ),
        ("HMAC of the body", hmac.new(SECRET, BODY, hashlib.sha256).digest()),
        ("SHA3-256", hashlib.sha3_256(BODY).digest()),
        ("BLAKE2s", hashlib.blake2s(BODY).digest()),
        ("SHA-512, cut", hashlib.sha512(BODY).digest()[:32]),
        ("SHA-256 of nothing", hashlib.sha256(b"").digest()),
        (
            "SHA-256 of the body in base64",
            hashlib.sha256(base64.b64encode(BODY)).digest(),
        ),
        ("SHA-256 of the word null", hashlib.sha256(b"null").digest()),
        ("SHA-256 of {}", hashlib.sha256(b"{}").digest()),
    ):
        file.reject(
            f"hash: {name}",
            "payload.mismatch",
            "SHA-256 of the body, nothing else",
            bearer(file.token(payload_hash=value.hex())),
            impact="tamper",
        )


def _changed(file: VectorFile) -> None:
    value = {"to": "447700900000", "text": "h\u00e9llo", "n": 1}
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    plain = text.encode()
    lines = b'{\n "a": 1\n}\n'
    for name, hashed, body in (
        ("a line feed added", plain, plain + b"\n"),
        ("a line end added", plain, plain + b"\r\n"),
        ("the last line feed removed", lines, lines[:-1]),
        ("LF turned into CRLF", lines, lines.replace(b"\n", b"\r\n")),
        ("CRLF turned into LF", lines.replace(b"\n", b"\r\n"), lines),
        ("CR turned into LF", lines.replace(b"\n", b"\r"), lines),
        ("a byte order mark added", plain, b"\xef\xbb\xbf" + plain),
        ("a byte order mark removed", b"\xef\xbb\xbf" + plain, plain),
        ("a space added inside", plain, plain.replace(b":", b": ", 1)),
        ("a space added before", plain, b" " + plain),
        ("a space added behind", plain, plain + b" "),
        ("white space removed", json.dumps(value).encode(), plain),
        ("written again with indents", plain, json.dumps(value, indent=2).encode()),
        (
            "written again with escapes",
            plain,
            json.dumps(value, separators=(",", ":")).encode(),
        ),
        (
            "written again with the keys sorted",
            plain,
            json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True).encode(),
        ),
        ("a solidus escaped", b'{"u":"a/b"}', b'{"u":"a\\/b"}'),
        ("1 turned into 1.0", plain, plain.replace(b":1}", b":1.0}")),
        ("a number turned into a string", plain, plain.replace(b":1}", b':"1"}')),
        ("in Latin-1", plain, text.encode("latin-1")),
        ("in UTF-16", plain, text.encode("utf-16-le")),
        ("in another normal form", plain, text.replace("\u00e9", "e\u0301").encode()),
        ("repaired", b"a\xffb", "a\ufffdb".encode()),
        ("in upper case", plain, plain.upper()),
        ("one digit changed", plain, plain.replace(b"447700900000", b"447700900001")),
        ("one bit changed in the first byte", plain, bytes([plain[0] ^ 1]) + plain[1:]),
        (
            "one bit changed in the last byte",
            plain,
            plain[:-1] + bytes([plain[-1] ^ 1]),
        ),
        ("the last byte removed", plain, plain[:-1]),
        ("the first byte removed", plain, plain[1:]),
        ("removed", plain, b""),
        ("added to nothing", b"", plain),
        ("one NUL added to nothing", b"", b"\0"),
        ("a NUL added", plain, plain + b"\0"),
        ("a NUL removed", plain + b"\0", plain),
        ("cut at its NUL", b"a\0b", b"a"),
        ("changed behind its NUL", b"a\0b", b"a\0c"),
        ("twice in a row", plain, plain + plain),
        ("a member added", plain, plain[:-1] + b',"x":1}'),
        ("a second object behind it", plain, plain + b"{}"),
        ("in base64", plain, base64.b64encode(plain)),
        ("its hash", plain, sha256_hex(plain).encode()),
        ("of another webhook", plain, BODY),
        ("+ turned into a space in a form", b"a=1+2", b"a=1 2"),
        ("%20 turned into + in a form", b"a=1%202", b"a=1+2"),
        ("the fields of a form exchanged", b"a=1&b=2", b"b=2&a=1"),
        ("one byte of many changed", bytes(5000), bytes(4999) + b"\1"),
    ):
        file.reject(
            f"body {name}",
            "payload.mismatch",
            "every byte counts",
            bearer(file.token(body=hashed)),
            body=body,
            impact="tamper",
        )


def _size(file: VectorFile) -> None:
    for name, size in (("a byte less than 1 MiB", MIB - 1), ("1 MiB", MIB)):
        body, text = large_body(size)
        file.accept(
            f"body of {name}",
            "the limit itself is allowed",
            bearer(file.token(body=body)),
            body=text,
        )
    for name, size in (("a byte more than 1 MiB", MIB + 1), ("2 MiB", 2 * MIB)):
        body, text = large_body(size)
        file.reject(
            f"body of {name}",
            "payload.too_large",
            "at most 1 MiB, rightly signed or not",
            bearer(file.token(body=body)),
            body=text,
            impact="dos",
        )
    _, text = large_body(MIB + 1)
    file.reject(
        "body of a byte more than 1 MiB with another hash",
        "payload.too_large",
        "the size comes before the hash",
        bearer(file.token()),
        body=text,
        impact="dos",
    )
    _, text = large_body(MIB)
    file.reject(
        "body of 1 MiB with another hash",
        "payload.mismatch",
        "within the limit the hash is judged",
        bearer(file.token()),
        body=text,
        impact="tamper",
    )
    body, text = large_body(MIB + 1)
    for name, reason, token in (
        ("stale", "time.stale", file.token(body=body, iat=0)),
        (
            "wrongly signed",
            "signature.invalid",
            file.token(body=body, secret=b"attacker"),
        ),
        ("of another issuer", "issuer.mismatch", file.token(body=body, iss="Nexmo")),
    ):
        file.reject(
            f"body of a byte more than 1 MiB, {name}",
            reason,
            "the token is settled before the body",
            bearer(token),
            body=text,
            impact="dos",
        )
