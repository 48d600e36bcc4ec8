"""The token: its parts, their encoding, the JOSE header. RFC 7515, RFC 4648 5."""

import hashlib
import hmac
import json

from .build import HEADER, SECRET, VectorFile, b64url, bearer, mac, seal, sign, write


def collect(file: VectorFile) -> None:
    _structure(file)
    _good_encoding(file)
    _bad_encoding(file)
    _header_text(file)
    _algorithm(file)
    _critical(file)
    _type(file)
    _ignored_members(file)
    _claims_text(file)
    _signature_length(file)
    _order(file)


def _structure(file: VectorFile) -> None:
    def add(name: str, why: str, form: str) -> None:
        header, claims, signature = file.token().split(".")
        value = form.format(h=header, c=claims, s=signature)
        file.reject(name, "token.malformed", why, bearer(value))

    add("no dot", "three parts", "{h}{c}{s}")
    add("header and claims only", "three parts", "{h}.{c}")
    add("header only", "three parts", "{h}")
    add("a dot alone", "three parts", ".")
    add("two dots alone", "each part has a content", "..")
    add("three dots alone", "three parts", "...")
    add("a dot at the end", "three parts", "{h}.{c}.{s}.")
    add("a dot at the start", "three parts", ".{h}.{c}.{s}")
    add("two dots after the header", "three parts", "{h}..{c}.{s}")
    add("a fourth part", "three parts", "{h}.{c}.{s}.{s}")
    add("five parts", "an encrypted token has five", "{h}.{c}.{c}.{c}.{s}")
    add("a thousand dots", "found by looking, never by splitting", "{h}" + "." * 1000)
    add("empty header", "each part has a content", ".{c}.{s}")
    add("empty claims", "detached content is not for webhooks", "{h}..{s}")
    add("empty signature", "an unsigned token", "{h}.{c}.")
    add("dots written as %2E", "nothing is decoded twice", "{h}%2E{c}%2E{s}")
    add("dots written as full stops of another script", "ASCII", "{h}\xb7{c}\xb7{s}")
    add("colons for dots", "three parts", "{h}:{c}:{s}")
    header, claims, signature = file.token().split(".")
    file.reject(
        "claims before the header",
        "token.algorithm",
        "the order is fixed, and claims name no algorithm",
        bearer(f"{claims}.{header}.{signature}"),
    )


def _spaced(text: bytes, length: int) -> bytes:
    """The object with spaces after its brace, so that its length modulo 3 is `length`."""
    return text[:1] + b" " * ((length - len(text)) % 3) + text[1:]


def _good_encoding(file: VectorFile) -> None:
    for length in range(3):
        file.accept(
            f"header length modulo 3 is {length}",
            "each form of the last group",
            bearer(file.token(header=_spaced(HEADER, length))),
        )
        claims = _spaced(write(file.claims()), length)
        file.accept(
            f"claims length modulo 3 is {length}",
            "each form of the last group",
            bearer(sign(claims)),
        )
    header, claims = _with_safe_letters(file)
    file.accept(
        "- and _ in header and claims",
        "the alphabet of RFC 4648 5",
        bearer(seal(b64url(header), b64url(claims))),
    )


def _with_safe_letters(file: VectorFile) -> tuple[bytes, bytes]:
    """Texts whose encoding holds both letters in which the two alphabets differ."""
    header = write({"alg": "HS256", "note": "~~~???>>>~~~???"})
    claims = write(file.claims(note="~~~???>>>~~~???>>"))
    for text in (header, claims):
        if not {"-", "_"} <= set(b64url(text)):
            raise ValueError("the text does not show what the case is for")
    return header, claims


def _with_unused_bit(part: str) -> str:
    """The same bytes in another text: one of the bits that stand for nothing is set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    if len(part) % 4 == 0:
        raise ValueError("no unused bits in this part")
    return part[:-1] + alphabet[alphabet.index(part[-1]) | 1]


def _bad_encoding(file: VectorFile) -> None:
    def add(name: str, why: str, token: str, impact: str = "strictness") -> None:
        file.reject(name, "token.malformed", why, bearer(token), impact=impact)

    two_texts = "two texts for one token would be two identities"

    header, claims = b64url(_spaced(HEADER, 1)), b64url(write(file.claims()))
    add("padding on the header, signed so", "unpadded", seal(header + "==", claims))
    header = b64url(HEADER)
    claims = b64url(_spaced(write(file.claims()), 2))
    add("padding on the claims, signed so", "unpadded", seal(header, claims + "="))
    add("padding on the signature", two_texts, file.token() + "=", "replay")
    add(
        "two signs of padding on the signature",
        two_texts,
        file.token() + "==",
        "replay",
    )

    header_text, claims_text = _with_safe_letters(file)
    header, claims = b64url(header_text), b64url(claims_text)
    standard = str.maketrans("-_", "+/")
    add(
        "standard alphabet in the header, signed so",
        "+ and / are not base64url",
        seal(header.translate(standard), claims),
    )
    header_text, claims_text = _with_safe_letters(file)
    header, claims = b64url(header_text), b64url(claims_text)
    add(
        "standard alphabet in the claims, signed so",
        "+ and / are not base64url",
        seal(header, claims.translate(standard)),
    )
    number = 0
    while True:
        token = file.token(note=number)
        signed, signature = token.rsplit(".", 1)
        if {"-", "_"} <= set(signature):
            break
        number += 1
    add(
        "standard alphabet in the signature",
        two_texts,
        f"{signed}.{signature.translate(standard)}",
        "replay",
    )

    header, claims = b64url(_spaced(HEADER, 1)), b64url(write(file.claims()))
    add(
        "an unused bit set in the header, signed so",
        "canonical, RFC 4648 3.5",
        seal(_with_unused_bit(header), claims),
    )
    header, claims = b64url(HEADER), b64url(_spaced(write(file.claims()), 1))
    add(
        "an unused bit set in the claims, signed so",
        "canonical, RFC 4648 3.5",
        seal(header, _with_unused_bit(claims)),
    )
    signed, signature = file.token().rsplit(".", 1)
    add(
        "an unused bit set in the signature",
        two_texts,
        f"{signed}.{_with_unused_bit(signature)}",
        "replay",
    )

    header = b64url(_spaced(HEADER, 0))
    claims = b64url(write(file.claims()))
    add(
        "a letter too many in the header, signed so",
        "a length of 1 modulo 4 encodes nothing",
        seal(header + "A", claims),
    )
    claims = b64url(_spaced(write(file.claims()), 0))
    add(
        "a letter too many in the claims, signed so",
        "a length of 1 modulo 4 encodes nothing",
        seal(b64url(HEADER), claims + "A"),
    )
    add(
        "the header is one letter",
        "a length of 1 modulo 4 encodes nothing",
        seal("A", b64url(write(file.claims()))),
    )
    for letter, name in (
        ("\xe9", "a byte above 127"),
        ("~", "a tilde"),
        ("%", "a percent sign"),
        ("!", "an exclamation mark"),
    ):
        header, claims = b64url(HEADER), b64url(write(file.claims()))
        add(
            f"{name} in the header, signed so",
            "not skipped",
            seal(header[:8] + letter + header[8:], claims),
        )
        header, claims = b64url(HEADER), b64url(write(file.claims()))
        add(
            f"{name} in the claims, signed so",
            "not skipped",
            seal(header, claims[:8] + letter + claims[8:]),
        )
        signed, signature = file.token().rsplit(".", 1)
        add(
            f"{name} in the signature",
            two_texts,
            f"{signed}.{signature[:8]}{letter}{signature[8:]}",
            "replay",
        )
    add(
        "header encoded twice",
        "decoded once",
        seal(b64url(b64url(HEADER).encode()), b64url(write(file.claims()))),
    )
    add(
        "plain JSON for the header",
        "the parts are encoded",
        seal('{"alg":"HS256"}', b64url(write(file.claims()))),
    )


def _header_text(file: VectorFile) -> None:
    for name, text in (
        ("a list", b'["HS256"]'),
        ("a list around the object", b"[" + HEADER + b"]"),
        ("a string", b'"HS256"'),
        ("a number", b"1"),
        ("null", b"null"),
        ("true", b"true"),
        ("one space", b" "),
        ("bare words", b"alg: HS256"),
        ("not closed", HEADER[:-1]),
        ("with text behind it", HEADER + b"x"),
        ("with a second object behind it", HEADER + HEADER),
        ("with a trailing comma", b'{"alg":"HS256",}'),
        ("with a comment", b'{"alg":"HS256"/*x*/}'),
        ("with single quotes", b"{'alg':'HS256'}"),
        ("with a byte order mark", b"\xef\xbb\xbf" + HEADER),
        ("in UTF-16", HEADER.decode().encode("utf-16-le")),
        ("with a NUL behind it", HEADER + b"\0"),
        ("raw bytes", bytes(range(128, 160))),
    ):
        file.reject(
            f"header: {name}",
            "token.malformed",
            "a JSON object and nothing else",
            bearer(file.token(header=text)),
        )


def _algorithm(file: VectorFile) -> None:
    def add(name: str, why: str, header: bytes, impact: str = "strictness") -> None:
        token = file.token(header=header)
        file.reject(name, "token.algorithm", why, bearer(token), impact=impact)

    file.accept(
        "alg written with escapes",
        "compared after unescaping",
        bearer(file.token(header=b'{"\\u0061lg":"HS\\u003256"}')),
    )
    file.accept(
        "alg alone",
        "typ is optional, RFC 7515 4.1.9",
        bearer(file.token(header=b'{"alg":"HS256"}')),
    )
    file.accept(
        "Alg none beside alg HS256",
        "names are case-sensitive, the other is unknown",
        bearer(file.token(header=b'{"alg":"HS256","Alg":"none"}')),
    )
    add("header is an empty object", "alg is required", b"{}")
    add("typ without alg", "alg is required", b'{"typ":"JWT"}')
    add("ALG for alg", "names are case-sensitive", b'{"ALG":"HS256"}')
    add("alg with a space in its name", "names are exact", b'{"alg ":"HS256"}')
    add("alg inside another member", "top level only", b'{"x":{"alg":"HS256"}}')
    for value in (
        "none",
        "None",
        "NONE",
        "nOnE",
        "",
        "hs256",
        "Hs256",
        "HS256 ",
        " HS256",
        "HS256\0",
        "HS256,none",
        "HS384",
        "HS512",
        "HS25",
        "HS2560",
        "HS256K",
        "HMAC-SHA256",
        "SHA256",
        "RS256",
        "ES256",
        "PS256",
        "EdDSA",
        "dir",
        "A256GCM",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
    ):
        add(
            f"alg {json.dumps(value)}, signed with HS256",
            "exactly HS256",
            write({"alg": value, "typ": "JWT"}),
            "forgery",
        )
    for text in ("null", "true", "256", '["HS256"]', '{"HS256":1}', '["HS256","none"]'):
        add(f"alg is {text}", "a string", f'{{"alg":{text},"typ":"JWT"}}'.encode())

    header, claims = b64url(b'{"alg":"none"}'), b64url(write(file.claims()))
    file.reject(
        "alg none without a signature",
        "token.algorithm",
        "an unsigned token, RFC 7519 6",
        bearer(f"{header}.{claims}."),
        impact="forgery",
    )
    signed = f"{b64url(write({'alg': 'HS512'}))}.{b64url(write(file.claims()))}"
    tag = hmac.new(SECRET, signed.encode(), hashlib.sha512).digest()
    file.reject(
        "alg HS512, signed with HMAC-SHA-512",
        "token.algorithm",
        "one algorithm, whatever the token asks for",
        bearer(f"{signed}.{b64url(tag)}"),
    )


def _critical(file: VectorFile) -> None:
    for name, values in (
        ("crit", ("null", "[]", '["exp"]', '["b64"]', '"b64"', "{}", "false", "0")),
        ("b64", ("true", "false", "null")),
        ("zip", ('"DEF"', '""', "null")),
        ("enc", ('"A128GCM"', "null", "1")),
    ):
        for value in values:
            file.reject(
                f"{name} is {value}",
                "token.critical",
                "what would change the token's meaning is refused in any form",
                bearer(file.token(header=f'{{"alg":"HS256","{name}":{value}}}'.encode())),
                impact="forgery",
            )
    file.reject(
        "crit and b64 together, content not encoded",
        "token.critical",
        "RFC 7797",
        bearer(file.token(header=b'{"alg":"HS256","b64":false,"crit":["b64"]}')),
        impact="forgery",
    )
    file.reject(
        "crit written with an escape",
        "token.critical",
        "compared after unescaping",
        bearer(file.token(header=b'{"alg":"HS256","cr\\u0069t":["exp"]}')),
        impact="forgery",
    )
    for header in (
        b'{"alg":"HS256","Crit":["exp"]}',
        b'{"alg":"HS256","x":{"crit":["exp"],"b64":false}}',
        b'{"alg":"HS256","critical":true}',
    ):
        file.accept(
            f"header {header.decode()}",
            "an unknown member, no crit",
            bearer(file.token(header=header)),
        )
    file.accept(
        "crit, b64, zip and enc among the claims",
        "they have a meaning in the header only",
        bearer(file.token(crit=["exp"], b64=False, zip="DEF", enc=None)),
    )


def _type(file: VectorFile) -> None:
    for value in ("JWT", "jwt", "Jwt", "application/jwt", "APPLICATION/JWT"):
        file.accept(
            f"typ {value}",
            "a media type's case has no meaning",
            bearer(file.token(header=write({"typ": value, "alg": "HS256"}))),
        )
    file.accept(
        "typ written with escapes",
        "compared after unescaping",
        bearer(file.token(header=b'{"alg":"HS256","t\\u0079p":"\\u004aWT"}')),
    )
    for value in (
        "",
        "JOSE",
        "JWS",
        "JWT ",
        " JWT",
        "JWT\0",
        "at+jwt",
        "application/at+jwt",
        "application/ jwt",
        "text/jwt",
        "JW",
        "JWTS",
        "\uff2a\uff37\uff34",
        "appl\u0131cation/jwt",
    ):
        file.reject(
            f"typ {json.dumps(value)}",
            "token.malformed",
            "a token for something else, RFC 8725 3.11",
            bearer(file.token(header=write({"alg": "HS256", "typ": value}))),
        )
    for text in ("null", "true", "1", '["JWT"]', '{"JWT":1}'):
        file.reject(
            f"typ is {text}",
            "token.malformed",
            "a string",
            bearer(file.token(header=f'{{"alg":"HS256","typ":{text}}}'.encode())),
        )


def _ignored_members(file: VectorFile) -> None:
    members: dict[str, object] = {
        "kid": "../../dev/null",
        "jku": "https://attacker.example/keys.json",
        "jwk": {"kty": "oct", "k": "YXR0YWNrZXI"},
        "x5u": "https://attacker.example/cert.pem",
        "x5c": ["MIIB"],
        "x5t": "AAAA",
        "x5t#S256": "AAAA",
        "cty": "json",
        "nonce": 1,
        "iss": "attacker",
    }
    for name, value in members.items():
        file.accept(
            f"{name} in the header",
            "never read: the key is chosen by the account",
            bearer(file.token(header=write({"alg": "HS256", name: value}))),
        )
    file.accept(
        "all of them together",
        "never read",
        bearer(file.token(header=write({"alg": "HS256"} | members))),
    )
    for name, value in (("kid", None), ("kid", 5), ("jwk", "x"), ("x5c", {})):
        file.accept(
            f"{name} is {json.dumps(value)}",
            "never read, so of any type",
            bearer(file.token(header=write({"alg": "HS256", name: value}))),
        )
    for name, value in (
        ("kid", "attacker"),
        ("jwk", {"kty": "oct", "k": b64url(b"attacker")}),
    ):
        file.reject(
            f"{name} names the key that signed",
            "signature.invalid",
            "the header never picks the key, RFC 8725 3.5",
            bearer(file.token(header=write({"alg": "HS256", name: value}), secret=b"attacker")),
            impact="forgery",
        )


def _claims_text(file: VectorFile) -> None:
    for name, form in (
        ("a list", b"[%b]"),
        ("a string", b'"x"'),
        ("a number", b"1767225600"),
        ("null", b"null"),
        ("false", b"false"),
        ("one space", b" "),
        ("raw bytes", b"\x80\x81\x82"),
        ("a nested token", b"eyJhbGciOiJIUzI1NiJ9.e30.AAAA"),
        ("a form", b"iss=Vonage&api_key=a1b2c3d4"),
    ):
        claims = form.replace(b"%b", write(file.claims()))
        file.reject(
            f"claims: {name}",
            "token.malformed",
            "a JSON object and nothing else",
            bearer(sign(claims)),
        )


def _signature_length(file: VectorFile) -> None:
    for name, cut in (
        ("no byte", 0),
        ("1 byte", 1),
        ("16 bytes, the first half", 16),
        ("31 bytes", 31),
    ):
        header, claims = b64url(HEADER), b64url(write(file.claims()))
        tag = mac(f"{header}.{claims}")[:cut]
        file.reject(
            f"signature of {name}",
            "token.malformed",
            "no truncated signatures, RFC 7518 3.2",
            bearer(f"{header}.{claims}.{b64url(tag)}"),
            impact="forgery",
        )
    for name, more in (("33 bytes", b"\0"), ("64 bytes", bytes(32))):
        header, claims = b64url(HEADER), b64url(write(file.claims()))
        tag = mac(f"{header}.{claims}") + more
        file.reject(
            f"signature of {name}, the right one first",
            "token.malformed",
            "exactly 32 bytes",
            bearer(f"{header}.{claims}.{b64url(tag)}"),
            impact="replay",
        )
    header, claims = b64url(HEADER), b64url(write(file.claims()))
    file.reject(
        "signature in hexadecimal",
        "token.malformed",
        "48 bytes when decoded",
        bearer(f"{header}.{claims}.{mac(f'{header}.{claims}').hex()}"),
    )


def _order(file: VectorFile) -> None:
    def add(name: str, reason: str, why: str, token: str) -> None:
        file.reject(name, reason, why, bearer(token))

    add(
        "alg none and crit",
        "token.algorithm",
        "alg comes before crit",
        file.token(header=b'{"crit":["exp"],"alg":"none"}'),
    )
    add(
        "crit and a wrong typ",
        "token.critical",
        "crit comes before typ",
        file.token(header=b'{"typ":"JOSE","crit":["exp"],"alg":"HS256"}'),
    )
    add(
        "alg none and claims that are no JSON",
        "token.algorithm",
        "the header is settled before the claims",
        sign(b"no json", header=b'{"alg":"none"}'),
    )
    add(
        "alg none and a repeated name in the header",
        "token.malformed",
        "the header's JSON comes before its meaning",
        file.token(header=b'{"alg":"none","x":1,"x":2}'),
    )
    add(
        "zip and claims that are not encoded",
        "token.critical",
        "the header is settled before the claims",
        b64url(b'{"alg":"HS256","zip":"DEF"}') + ".!!!.AAAA",
    )
    add(
        "alg none and no api_key",
        "token.algorithm",
        "the header is settled before the selector",
        sign(b"{}", header=b'{"alg":"none"}'),
    )
    add(
        "a short signature and no api_key",
        "token.malformed",
        "the token's form comes before the selector",
        f"{b64url(HEADER)}.{b64url(b'{}')}.AAAA",
    )
    add(
        "claims without members",
        "claims.missing",
        "a good token that claims nothing",
        sign(b"{}"),
    )
