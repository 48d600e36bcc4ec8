"""Strict JSON in header and claims. RFC 8259, RFC 7493."""

from .build import BODY, HEADER, NOW, Raw, VectorFile, bearer, sha256_hex, sign, write


def collect(file: VectorFile) -> None:
    _good_claims(file)
    _good_header(file)
    for name, text, why, impact in _FAULTS:
        file.reject(
            f"claims: {name}",
            "token.malformed",
            why,
            bearer(file.token(extra=text)),
            impact=impact,
        )
    for name, text, why, impact in _FAULTS:
        if name in _HEADER_FAULTS:
            file.reject(
                f"header: {name}",
                "token.malformed",
                why,
                bearer(file.token(header=write({"alg": "HS256"}, text))),
                impact=impact,
            )
    _limits(file)
    _whole_text(file)
    _known_names(file)
    _order(file)


def _nested(kind: str, count: int) -> str:
    """A member whose value nests `count` deep."""
    if kind == "lists":
        return '"x":' + "[" * count + "]" * count
    if kind == "objects":
        return '"x":' + '{"x":' * (count - 1) + "{}" + "}" * (count - 1)
    pairs, rest = divmod(count, 2)
    return '"x":' + '[{"x":' * pairs + ("[]" if rest else "1") + "}]" * pairs


def _some_members(count: int) -> str:
    return ",".join(f'"m{number}":{number}' for number in range(count))


_TWICE = "which of the two counts depends on the reader, RFC 8259 4"
_SURROGATE = "half a character: readers repair, drop or refuse it, RFC 7493 2.1"
_NUMBER = "becomes infinite, or throws, RFC 7493 2.2"
_GRAMMAR = "not JSON as RFC 8259 has it"
_UTF8 = "the text is UTF-8 throughout, in what is skipped too, RFC 8259 8.1"

# Name, members to add, why, impact.
_FAULTS: tuple[tuple[str, str | bytes, str, str], ...] = (
    ("an unknown name twice", '"x":1,"x":2', _TWICE, "forgery"),
    ("an unknown name twice, same value", '"x":1,"x":1', _TWICE, "strictness"),
    ("a name twice after unescaping", '"x":1,"\\u0078":2', _TWICE, "forgery"),
    ("a name twice, both escaped", '"\\u0078":1,"\\u0078":2', _TWICE, "forgery"),
    ("the empty name twice", '"":1,"":2', _TWICE, "strictness"),
    ("a name twice in a nested object", '"x":{"y":1,"y":2}', _TWICE, "strictness"),
    ("a name twice in a list's object", '"x":[0,{"y":1,"y":2}]', _TWICE, "strictness"),
    (
        "a name twice after unescaping, four deep",
        '"x":{"x":[{"a\\u0062":1,"ab":2}]}',
        _TWICE,
        "strictness",
    ),
    (
        "a name beyond the BMP twice, one as a pair of escapes",
        '"\U0001f600":1,"\\ud83d\\ude00":2',
        _TWICE,
        "strictness",
    ),
    (
        "a solidus name twice, one escaped",
        '"a/b":1,"a\\/b":2',
        _TWICE,
        "strictness",
    ),
    ("a lone high surrogate in a value", '"x":"\\ud800"', _SURROGATE, "strictness"),
    ("a lone low surrogate in a value", '"x":"\\udc00"', _SURROGATE, "strictness"),
    ("the last low surrogate alone", '"x":"a\\uDFFFb"', _SURROGATE, "strictness"),
    ("surrogates in the wrong order", '"x":"\\ude00\\ud83d"', _SURROGATE, "strictness"),
    ("two high surrogates", '"x":"\\ud83d\\ud83d"', _SURROGATE, "strictness"),
    (
        "a high surrogate before a pair",
        '"x":"\\ud83d\\ud83d\\ude00"',
        _SURROGATE,
        "strictness",
    ),
    ("a high surrogate before a letter", '"x":"\\ud83da"', _SURROGATE, "strictness"),
    (
        "a high surrogate before another escape",
        '"x":"\\ud83d\\n\\ude00"',
        _SURROGATE,
        "strictness",
    ),
    ("a lone surrogate in a name", '"\\ud800":1', _SURROGATE, "strictness"),
    (
        "a lone surrogate in a nested name",
        '"x":{"\\udfff":1}',
        _SURROGATE,
        "strictness",
    ),
    ("a lone surrogate in a list", '"x":["\\ud800"]', _SURROGATE, "strictness"),
    (
        "a lone surrogate sixteen deep",
        '"x":' + "[" * 15 + '"\\ud800"' + "]" * 15,
        _SURROGATE,
        "strictness",
    ),
    ("17 deep in lists", _nested("lists", 16), "at most 16", "dos"),
    ("17 deep in objects", _nested("objects", 16), "at most 16", "dos"),
    ("17 deep in both", _nested("both", 16), "at most 16", "dos"),
    ("200 deep in lists", _nested("lists", 199), "at most 16", "dos"),
    ("2000 brackets, not closed", '"x":' + "[" * 2000, "no recursion", "dos"),
    (
        "65 members in a nested object",
        '"x":{' + _some_members(65) + "}",
        "at most 64",
        "dos",
    ),
    (
        "65 members in a list's object",
        '"x":[{' + _some_members(65) + "}]",
        "at most 64",
        "dos",
    ),
    ("a number beyond a double", '"x":1e400', _NUMBER, "strictness"),
    ("a negative number beyond a double", '"x":-1e400', _NUMBER, "strictness"),
    ("1e309", '"x":1e309', _NUMBER, "strictness"),
    ("twice the largest double", '"x":3.6e308', _NUMBER, "strictness"),
    ("a nested number beyond a double", '"x":[{"y":1E+999}]', _NUMBER, "strictness"),
    ("309 nines", '"x":' + "9" * 309, _NUMBER, "strictness"),
    ("an exponent beyond 64 bits", '"x":1e99999999999999999999', _NUMBER, "strictness"),
    ("NaN", '"x":NaN', _GRAMMAR, "strictness"),
    ("Infinity", '"x":Infinity', _GRAMMAR, "strictness"),
    ("-Infinity", '"x":-Infinity', _GRAMMAR, "strictness"),
    ("a leading zero", '"x":01', _GRAMMAR, "strictness"),
    ("a leading zero after the sign", '"x":-01', _GRAMMAR, "strictness"),
    ("a plus sign", '"x":+1', _GRAMMAR, "strictness"),
    ("a trailing point", '"x":1.', _GRAMMAR, "strictness"),
    ("a leading point", '"x":.5', _GRAMMAR, "strictness"),
    ("no exponent after e", '"x":1e', _GRAMMAR, "strictness"),
    ("hexadecimal", '"x":0x10', _GRAMMAR, "strictness"),
    ("a separator in a number", '"x":1_000', _GRAMMAR, "strictness"),
    ("a minus alone", '"x":-', _GRAMMAR, "strictness"),
    ("digits of another script", '"x":\u0661', _GRAMMAR, "strictness"),
    ("True for true", '"x":True', _GRAMMAR, "strictness"),
    ("undefined", '"x":undefined', _GRAMMAR, "strictness"),
    ("an overlong solidus", b'"x":"\xc0\xaf"', _UTF8, "strictness"),
    ("a broken sequence", b'"x":"\xe2\x28\xa1"', _UTF8, "strictness"),
    ("a continuation byte alone", b'"x":"\x80"', _UTF8, "strictness"),
    ("a surrogate in UTF-8", b'"x":"\xed\xa0\x80"', _UTF8, "strictness"),
    (
        "a pair of surrogates in UTF-8",
        b'"x":"\xed\xa0\xbd\xed\xb8\x80"',
        _UTF8,
        "strictness",
    ),
    ("a code point above 10FFFF", b'"x":"\xf4\x90\x80\x80"', _UTF8, "strictness"),
    ("a truncated sequence", b'"x":"\xf0\x9f\x98"', _UTF8, "strictness"),
    ("Latin-1", '"x":"é"'.encode("latin-1"), _UTF8, "strictness"),
    ("FF in a name", b'"\xff":1', _UTF8, "strictness"),
    ("FF in a nested value", b'"x":{"y":["\xff"]}', _UTF8, "strictness"),
    ("FF in a nested name", b'"x":{"\xff":1}', _UTF8, "strictness"),
    ("a tab in a string", '"x":"a\tb"', _GRAMMAR, "strictness"),
    ("a line feed in a string", '"x":"a\nb"', _GRAMMAR, "strictness"),
    ("a NUL in a string", '"x":"a\0b"', _GRAMMAR, "strictness"),
    ("a control in a name", '"a\x1fb":1', _GRAMMAR, "strictness"),
    ("escape \\x41", '"x":"\\x41"', _GRAMMAR, "strictness"),
    ("escape \\'", '"x":"\\\'"', _GRAMMAR, "strictness"),
    ("escape \\0", '"x":"\\0"', _GRAMMAR, "strictness"),
    ("escape \\U0001f600", '"x":"\\U0001f600"', _GRAMMAR, "strictness"),
    ("escape of three digits", '"x":"\\u12g4"', _GRAMMAR, "strictness"),
    ("escape cut short", '"x":"\\u12"', _GRAMMAR, "strictness"),
    ("escape with a sign", '"x":"\\u+041"', _GRAMMAR, "strictness"),
    ("a trailing comma", '"x":1,', _GRAMMAR, "strictness"),
    ("two commas", '"x":1,,"y":2', _GRAMMAR, "strictness"),
    ("a trailing comma in a list", '"x":[1,]', _GRAMMAR, "strictness"),
    ("a comment", '"x":1/* y */', _GRAMMAR, "strictness"),
    ("a line comment", '"x":1//y\n', _GRAMMAR, "strictness"),
    ("single quotes", "'x':1", _GRAMMAR, "strictness"),
    ("a bare name", "x:1", _GRAMMAR, "strictness"),
    ("a number for a name", "1:1", _GRAMMAR, "strictness"),
    ("no colon", '"x" 1', _GRAMMAR, "strictness"),
    ("no value", '"x":', _GRAMMAR, "strictness"),
    ("a name alone", '"x"', _GRAMMAR, "strictness"),
    ("a string not closed", '"x":"', _GRAMMAR, "strictness"),
    ("brackets that cross", '"x":[{]}', _GRAMMAR, "strictness"),
    ("a form feed for white space", '"x":\f1', _GRAMMAR, "strictness"),
    ("a no-break space for white space", '"x":\u00a01', _GRAMMAR, "strictness"),
)

_HEADER_FAULTS = frozenset(
    {
        "an unknown name twice",
        "a name twice after unescaping",
        "a name twice in a nested object",
        "a name twice in a list's object",
        "a lone high surrogate in a value",
        "a lone surrogate in a name",
        "a lone surrogate in a nested name",
        "surrogates in the wrong order",
        "17 deep in lists",
        "17 deep in objects",
        "65 members in a nested object",
        "a number beyond a double",
        "309 nines",
        "NaN",
        "a leading zero",
        "an overlong solidus",
        "a surrogate in UTF-8",
        "FF in a name",
        "FF in a nested value",
        "a tab in a string",
        "escape \\x41",
    }
)

_GOOD_MEMBERS: tuple[tuple[str, str, str], ...] = (
    ("a pair of surrogate escapes", '"x":"\\ud83d\\ude00"', "one character"),
    ("a pair of surrogate escapes in a name", '"\\uD83D\\uDE00":1', "one character"),
    ("U+FFFF and U+FDD0", '"x":"\uffff\\ufdd0"', "noncharacters are characters here"),
    ("an escaped NUL", '"x":"a\\u0000b"', "legal in a member that is skipped"),
    ("an escaped NUL in a name", '"a\\u0000b":1,"a":2', "names are no C strings"),
    ("DEL in a string", '"x":"\x7f"', "legal, RFC 8259 7"),
    ("U+2028 in a string", '"x":"\u2028"', "legal, RFC 8259 7"),
    ("a byte order mark inside a string", '"x":"\ufeff"', "a character there"),
    ("all short escapes", '"x":"\\"\\\\\\/\\b\\f\\n\\r\\t"', "RFC 8259 7"),
    ("brackets inside a string", '"x":"' + "[{" * 20 + '"', "not depth"),
    ("a quote and brackets", '"x":"\\"' + "[" * 20 + '"', "not depth"),
    ("the empty name", '"":1', "a name like others"),
    ("names that differ in case", '"x":1,"X":2', "two names"),
    ("names that differ in their form", '"\u00e9":1,"e\u0301":2', "two names"),
    ("one name in two objects", '"x":{"n":1},"y":{"n":2}', "unique in each object"),
    ("a claim's name in a nested object", '"x":{"iss":"x","iat":0}', "skipped"),
    ("a large list", '"x":[' + ",".join("0" * 100) + "]", "only members are counted"),
    ("1e308", '"x":1e308', "a double holds it"),
    ("the largest double", '"x":1.7976931348623157e308', "a double holds it"),
    ("the largest double, negative", '"x":-1.7976931348623157e308', "as above"),
    ("308 nines", '"x":' + "9" * 308, "a double holds it"),
    ("2^64", '"x":18446744073709551616', "beyond an integer, not beyond a double"),
    ("2^53 + 1", '"x":9007199254740993', "inexact in a double, not beyond it"),
    ("many digits after the point", '"x":0.' + "1" * 400, "inexact, not beyond"),
    ("zero with a large exponent", '"x":0e400', "zero"),
    ("minus zero", '"x":-0', "legal, RFC 8259 6"),
    ("1E+2", '"x":1E+2', "legal, RFC 8259 6"),
    ("every kind of value", '"x":[null,true,false,1.5,"",{},[]]', "all skipped"),
)


def _good_claims(file: VectorFile) -> None:
    for name, text, why in _GOOD_MEMBERS:
        file.accept(f"claims: {name}", why, bearer(file.token(extra=text)))
    file.accept(
        "iss with an escape",
        "compared after unescaping",
        bearer(file.token(iss=Raw('"\\u0056onage"'))),
    )
    file.accept(
        "iss in escapes only",
        "compared after unescaping",
        bearer(file.token(iss=Raw('"\\u0056\\u006f\\u006e\\u0061\\u0067\\u0065"'))),
    )
    file.accept(
        "api_key with an escape",
        "compared after unescaping",
        bearer(file.token(api_key=Raw('"a1b2c3d\\u0034"'))),
    )
    file.accept(
        "payload_hash with an escape",
        "compared after unescaping",
        bearer(file.token(payload_hash=Raw(f'"\\u{ord(sha256_hex(BODY)[0]):04x}{sha256_hex(BODY)[1:]}"'))),
    )
    names = {
        "iat": "\\u0069at",
        "jti": "j\\u0074i",
        "iss": "is\\u0073",
        "payload_hash": "payload\\u005fhash",
        "api_key": "api\\u005Fkey",
        "application_id": "\\u0061pplication_id",
    }
    text = write(file.claims()).decode()
    for name, escaped in names.items():
        text = text.replace(f'"{name}":', f'"{escaped}":')
    file.accept(
        "every claim's name with an escape",
        "compared after unescaping",
        bearer(sign(text.encode())),
    )
    text = write(file.claims()).decode()
    spaced = text.replace(",", " ,\r\n\t").replace(":", "\n: ").replace("{", "{\r\n ")
    file.accept(
        "white space everywhere",
        "RFC 8259 2; RFC 7515 A.1 has line ends",
        bearer(sign(spaced.encode())),
    )
    file.accept(
        "white space around the claims",
        "RFC 8259 2",
        bearer(sign(b" \t\r\n" + write(file.claims()) + b" \t\r\n")),
    )
    claims = dict(reversed(file.claims().items()))
    file.accept("claims in reverse order", "order has no meaning", bearer(sign(write(claims))))
    for kind in ("lists", "objects", "both"):
        file.accept(
            f"claims: 16 deep in {kind}",
            "the limit itself is allowed",
            bearer(file.token(extra=_nested(kind, 15))),
        )


def _good_header(file: VectorFile) -> None:
    for name, text, why in _GOOD_MEMBERS:
        if name in (
            "a pair of surrogate escapes",
            "an escaped NUL",
            "one name in two objects",
            "the largest double",
            "every kind of value",
        ):
            header = write({"alg": "HS256"}, text)
            file.accept(f"header: {name}", why, bearer(file.token(header=header)))
    file.accept(
        "white space everywhere in the header",
        "RFC 7515 A.1 has line ends",
        bearer(file.token(header=b'\r\n{\r\n "alg" :\t"HS256" , "typ": "JWT" }\n')),
    )
    for kind in ("lists", "objects", "both"):
        header = write({"alg": "HS256"}, _nested(kind, 15))
        file.accept(
            f"header: 16 deep in {kind}",
            "the limit itself is allowed",
            bearer(file.token(header=header)),
        )


def _limits(file: VectorFile) -> None:
    more = 64 - len(file.claims())
    file.accept(
        "claims: 64 members",
        "the limit itself is allowed",
        bearer(file.token(extra=_some_members(more))),
    )
    file.reject(
        "claims: 65 members",
        "token.malformed",
        "at most 64",
        bearer(file.token(extra=_some_members(more + 1))),
        impact="dos",
    )
    file.accept(
        "header: 64 members",
        "the limit itself is allowed",
        bearer(file.token(header=write({"alg": "HS256"}, _some_members(63)))),
    )
    file.reject(
        "header: 65 members",
        "token.malformed",
        "at most 64",
        bearer(file.token(header=write({"alg": "HS256"}, _some_members(64)))),
        impact="dos",
    )
    file.accept(
        "claims: 64 members in a nested object",
        "each object is counted by itself",
        bearer(file.token(extra='"x":{' + _some_members(64) + "}")),
    )
    file.accept(
        "header: 64 members in a nested object",
        "each object is counted by itself",
        bearer(file.token(header=write({"alg": "HS256"}, '"x":{' + _some_members(64) + "}"))),
    )


def _whole_text(file: VectorFile) -> None:
    for name, before, after in (
        ("a byte order mark before", b"\xef\xbb\xbf", b""),
        ("a byte order mark behind", b"", b"\xef\xbb\xbf"),
        ("text behind", b"", b"x"),
        ("a closing brace behind", b"", b"}"),
        ("a comma behind", b"", b","),
        ("an empty object behind", b"", b"{}"),
        ("a NUL behind", b"", b"\0"),
        ("a NUL before", b"\0", b""),
        ("a form feed behind", b"", b"\f"),
        ("a no-break space behind", b"", "\u00a0".encode()),
        ("a vertical tab before", b"\v", b""),
        ("a prefix against inclusion", b")]}',\n", b""),
        ("invalid UTF-8 behind", b"", b"\xff"),
    ):
        file.reject(
            f"claims: {name}",
            "token.malformed",
            "one object, white space around it and nothing else",
            bearer(sign(before + write(file.claims()) + after)),
        )
    for encoding in ("utf-16-le", "utf-16-be", "utf-16", "utf-32-le"):
        # The byte order mark that "utf-16" writes must not depend on the machine.
        text = write(file.claims()).decode()
        data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16" else text.encode(encoding)
        file.reject(
            f"claims in {encoding}",
            "token.malformed",
            "UTF-8 only; some readers guess",
            bearer(sign(data)),
        )
    file.reject(
        "claims not closed",
        "token.malformed",
        _GRAMMAR,
        bearer(sign(write(file.claims())[:-1])),
    )


def _known_names(file: VectorFile) -> None:
    for extra, why in (
        (f'"iat":{NOW}', "the same value does not help"),
        ('"iat":0', "fresh for one reader, old for the other"),
        ('"\\u0069at":0', "compared after unescaping"),
        ('"jti":"other"', "two identities for one token"),
        ('"iss":"Nexmo"', "which of the two counts"),
        ('"api_key":"b9f8e7d6"', "one tenant speaks for another"),
        ('"api\\u005fkey":"b9f8e7d6"', "one tenant speaks for another"),
        (f'"payload_hash":"{"0" * 64}"', "two bodies for one token"),
        ('"application_id":"x"', "which of the two counts"),
    ):
        file.reject(
            f"claims: also {extra}",
            "token.malformed",
            why,
            bearer(file.token(extra=extra)),
            impact="forgery",
        )
    for extra in ('"exp":1767229200,"exp":1', '"nbf":0,"\\u006ebf":0'):
        file.reject(
            f"claims: {extra}",
            "token.malformed",
            _TWICE,
            bearer(file.token(extra=extra)),
        )
    for header in (
        b'{"alg":"HS256","alg":"HS256"}',
        b'{"alg":"none","alg":"HS256"}',
        b'{"alg":"HS256","\\u0061lg":"none"}',
        b'{"alg":"HS256","typ":"JWT","typ":"JWT"}',
        b'{"alg":"HS256","kid":"a","kid":"b"}',
    ):
        file.reject(
            f"header {header.decode()}",
            "token.malformed",
            _TWICE,
            bearer(file.token(header=header)),
            impact="forgery",
        )


def _order(file: VectorFile) -> None:
    file.reject(
        "a JSON fault in claims signed with a wrong secret",
        "token.malformed",
        "the form is settled before the key is looked up",
        bearer(file.token(extra='"x":1,"x":2', secret=b"attacker")),
    )
    file.reject(
        "a JSON fault after a missing api_key",
        "token.malformed",
        "the whole text is read before a member is looked at",
        bearer(sign(b'{"iss":"Vonage","x":[1,]}')),
    )
    file.reject(
        "a JSON fault after crit",
        "token.malformed",
        "the whole text is read before a member is looked at",
        bearer(file.token(header=HEADER[:-1] + b',"crit":[],"x":\xff}')),
    )
