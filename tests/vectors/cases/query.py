"""GET: the hash covers one compact JSON object of the decoded parameters, in their order."""

import json
import random
from urllib.parse import quote, quote_plus

from .build import ABSENT, VectorFile, bearer

ANSWER = (
    "to=19432445023&endpoint_type=phone&from=12016131021&conversation_uuid=CON-59d439b9-3e75-4f7d-a5c9-8030aee26ac4"
    "&uuid=aade2718c73eada70cfd2096847a1d52&region_url=https%3A%2F%2Fapi-us-3.vonage.com"
)
ANSWER_OBJECT = (
    b'{"to":"19432445023","endpoint_type":"phone","from":"12016131021",'
    b'"conversation_uuid":"CON-59d439b9-3e75-4f7d-a5c9-8030aee26ac4","uuid":"aade2718c73eada70cfd2096847a1d52",'
    b'"region_url":"https://api-us-3.vonage.com"}'
)


def written(pairs: list[tuple[str, str]]) -> bytes:
    return json.dumps(dict(pairs), separators=(",", ":"), ensure_ascii=False).encode()


def collect(file: VectorFile) -> None:
    def accept(name: str, query: str, hashed: bytes) -> None:
        why = "the decoded parameters are what is signed"
        file.accept(name, why, bearer(file.token(body=hashed)), method="GET", query=query, body=b"")

    def reject(name: str, query: str, hashed: bytes, why: str, impact: str = "tamper") -> None:
        token = bearer(file.token(body=hashed))
        file.reject(name, "payload.mismatch", why, token, method="GET", query=query, body=b"", impact=impact)

    accept("a captured answer webhook", ANSWER, ANSWER_OBJECT)
    for name, query, hashed in (
        ("no parameters", "", b"{}"),
        ("empty pieces", "&&a=1&", b'{"a":"1"}'),
        ("an empty value", "a=", b'{"a":""}'),
        ("no equals sign", "a", b'{"a":""}'),
        ("an empty name", "=1", b'{"":"1"}'),
        ("an equals sign in the value", "a=b=c", b'{"a":"b=c"}'),
        ("plus is a space", "a=b+c", b'{"a":"b c"}'),
        ("an escaped plus", "a=b%2Bc", b'{"a":"b+c"}'),
        ("small and large hexadecimal digits", "a=%2f%2F", b'{"a":"//"}'),
        ("signs that need no escape", "a=:,/?@!$'()*;", b'{"a":":,/?@!$\'()*;"}'),
        ("a quote and a backslash", "a=%22%5C", b'{"a":"\\"\\\\"}'),
        ("control characters", "a=%08%0C%0A%0D%09%00%1F", b'{"a":"\\b\\f\\n\\r\\t\\u0000\\u001f"}'),
        ("a delete character", "a=%7F", b'{"a":"\x7f"}'),
        ("UTF-8", "a=%C3%A9%E2%80%A8%F0%9F%98%80", '{"a":"é\u2028😀"}'.encode()),
        ("raw UTF-8", "a=\xc3\xa9", '{"a":"é"}'.encode()),
        ("a nested value is text", "a=%7B%22b%22%3A1%7D", b'{"a":"{\\"b\\":1}"}'),
        ("null is text", "a=null", b'{"a":"null"}'),
        ("a number is text", "a=1.50", b'{"a":"1.50"}'),
        ("names that differ in case", "a=1&A=2", b'{"a":"1","A":"2"}'),
        ("an escaped ampersand in a name", "a%26b=1", b'{"a&b":"1"}'),
    ):
        accept(name, query, hashed)

    ab = b'{"a":"1","b":"2"}'
    for name, query, hashed, why in (
        ("another value", "a=1&b=3", ab, "the hash covers it"),
        ("one more parameter", "a=1&b=2&c=3", ab, "the hash covers what is there"),
        ("one parameter less", "a=1", ab, "the hash covers what is there"),
        ("another order", "b=2&a=1", ab, "the order is that of the URL"),
        ("the raw query was hashed", "a=1&b=2", b"a=1&b=2", "never seen from the sender"),
        ("spaces in the object", "a=1", b'{"a": "1"}', "the object is compact"),
        ("an escaped slash", "a=%2F", b'{"a":"\\/"}', "the slash is not escaped"),
        ("escaped letters", "a=%C3%A9", b'{"a":"\\u00e9"}', "letters are not escaped"),
        ("a nested value as an object", "a=%7B%22b%22%3A1%7D", b'{"a":{"b":1}}', "a form that must be enabled"),
        ("null as null", "a=null", b'{"a":null}', "a form that must be enabled"),
        ("nested and null", "a=%5B1%5D&b=null", b'{"a":[1],"b":null}', "a form that must be enabled"),
        ("the hash of nothing", "", b"", "no parameters are an empty object"),
        ("a parameter of one's own in front", "token=x&a=1", b'{"a":"1"}', "none is configured"),
    ):
        reject(name, query, hashed, why)
    for name, query in (
        ("a name twice", "a=1&a=1"),
        ("a name twice, once escaped", "a=1&%61=2"),
        ("a name twice without values", "a&a"),
        ("a percent sign alone", "a=1&b=%"),
        ("a cut escape", "a=1&b=%4"),
        ("no hexadecimal digits", "a=1&b=%zz"),
        ("a foreign escape", "a=1&b=%u0041"),
        ("bytes that are no UTF-8", "a=1&b=%ff"),
        ("half a surrogate pair", "a=1&b=%ed%a0%80"),
        ("raw bytes that are no UTF-8", "a=1&b=\xff"),
        ("a fragment", "a=1&b=2#c"),
        ("a line break", "a=1&b=2\n"),
        ("too many parameters", "&".join(f"p{number}=1" for number in range(257))),
    ):
        reject(name, query, ab, "two programs may read it in two ways", "strictness")
    file.reject(
        "a body",
        "payload.mismatch",
        "nothing signs the body of a GET",
        bearer(file.token(body=b'{"a":"1"}')),
        method="GET",
        query="a=1",
        body=b"x",
        impact="tamper",
    )
    file.reject(
        "the hash of the body",
        "payload.mismatch",
        "a GET is verified by its query",
        bearer(file.token()),
        method="GET",
        query="",
    )
    file.reject(
        "no hash",
        "claims.missing",
        "required for every method",
        bearer(file.token(payload_hash=ABSENT)),
        method="GET",
        query="a=1",
        body=b"",
    )
    file.accept(
        "no hash, and none required",
        "as for a body",
        bearer(file.token(payload_hash=ABSENT)),
        method="GET",
        query="a=1",
        body=b"",
        options={"require_payload_hash": False},
    )
    file.reject(
        "no hash, none required, two readings",
        "payload.mismatch",
        "the parameters are handed out",
        bearer(file.token(payload_hash=ABSENT)),
        method="GET",
        query="a=1&a=2",
        body=b"",
        options={"require_payload_hash": False},
    )
    at_random(accept)


def at_random(accept: object) -> None:
    """Parameters of any letters, escaped in any way that means the same."""
    assert callable(accept)
    source = random.Random(4711)
    letters = "abcXYZ019 _-.~+&=%#?/\\\"'\n\t\x01\x7fé߀语😀\u2028"
    for number in range(60):
        names: dict[str, str] = {}
        for _ in range(source.randrange(8)):
            name = "".join(source.choices(letters, k=source.randrange(1, 6)))
            names[name] = "".join(source.choices(letters, k=source.randrange(10)))
        pairs = list(names.items())
        pieces = []
        for name, value in pairs:
            escape = source.choice((quote, quote_plus, lambda text: quote(text, safe="/:,'()*!")))
            pieces.append(f"{escape(name)}={escape(value)}")
        accept(f"at random, {number}", "&".join(pieces), written(pairs))
