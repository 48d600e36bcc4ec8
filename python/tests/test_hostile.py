"""What a stranger or a framework may hand over: it is refused, and nothing else happens."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hookproof import HeaderRefused, MemoryStore, PayloadRefused, Verifier, WebhookRefused, parse_unsigned
from hookproof.events import Event
from hookproof.testing import Clock, Signer

ACCOUNT, SECRET, BODY, NOW = "a1b2c3d4", "a secret", b'{"text":"hello"}', 1_767_225_600
VERIFIER = Verifier({ACCOUNT: SECRET}, clock=Clock(NOW))
SIGNER = Signer(ACCOUNT, SECRET, clock=Clock(NOW))
VALUE = SIGNER.sign(BODY)
ROUNDS = 3_000


def refused(headers: Any, body: Any = BODY, **call: Any) -> WebhookRefused:
    with pytest.raises(WebhookRefused) as caught:
        VERIFIER.verify(body, headers=headers, **call)
    return caught.value


class Raising:
    """A mapping whose method, or the look for it, raises."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def items(self) -> Any:
        raise self.error


class RaisingAttribute(Raising):
    @property
    def items(self) -> Any:
        raise self.error


def raising_midway(error: BaseException) -> Iterator[tuple[str, str]]:
    yield "Host", "example.com"
    raise error


@pytest.mark.parametrize("error", [OSError("gone"), ValueError(), TypeError(), MemoryError(), RecursionError()])
@pytest.mark.parametrize("make", [Raising, RaisingAttribute, raising_midway])
def test_a_mapping_that_raises_is_a_header_that_is_missing(make: Callable[[Any], Any], error: Exception) -> None:
    refusal = refused(make(error))
    assert refusal.reason == "header.missing" and refusal.__cause__ is error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1), GeneratorExit()])
def test_what_ends_the_program_is_no_refusal(error: BaseException) -> None:
    with pytest.raises(type(error)):
        VERIFIER.verify(BODY, headers=Raising(error))


@pytest.mark.parametrize(
    "value",
    [7, 7.5, True, object(), {"a": 1}, {VALUE}, bytearray(VALUE.encode()), memoryview(VALUE.encode()), type, ...],
)
def test_values_that_are_no_text_are_no_token(value: Any) -> None:
    assert refused({"Authorization": value}).reason in ("header.malformed", "token.malformed")
    assert refused({"Authorization": [value]}).reason in ("header.malformed", "token.malformed")


@pytest.mark.parametrize(
    "value", ["\ud800", "Bearer \udcff", "Bearer \u0142", "\x00", "Bearer " + "\U0001f600" * 70_000, "B" * 10_000_000]
)
def test_text_that_is_no_latin_1(value: str) -> None:
    assert refused({"Authorization": value}).reason.split(".")[0] in ("header", "token")
    assert refused({value: VALUE}).reason == "header.missing"
    genuine = {"Authorization": VALUE}
    for place in ("method", "account"):
        assert refused(genuine, **{place: value}).reason in ("request.unsupported", "key.mismatch")
    assert refused(genuine, b"", method="GET", query=value).reason == "payload.mismatch"
    # No signature covers the query of a POST, and the usual profile has no routes.
    for place in ("query", "route"):
        assert VERIFIER.verify(BODY, headers=genuine, **{place: value}).api_key == ACCOUNT  # type: ignore[arg-type]


class Text(str):
    """A str whose own methods lie."""

    def __eq__(self, other: object) -> bool:
        raise OSError("compared")

    def __hash__(self) -> int:
        return str.__hash__(self)

    def lower(self) -> str:
        raise OSError("lowered")

    def __str__(self) -> str:
        return "Bearer of.another.token"

    def encode(self, *_: Any) -> bytes:
        raise OSError("encoded")


class Bytes(bytes):
    """Bytes whose own methods lie."""

    def __len__(self) -> int:
        return 0

    def __bytes__(self) -> bytes:
        return b"others"

    def __buffer__(self, flags: int) -> memoryview:
        return memoryview(b"others")


def test_subclasses_are_what_they_hold() -> None:
    assert VERIFIER.verify(BODY, headers={Text("Authorization"): Text(VALUE)}).api_key == ACCOUNT
    assert VERIFIER.verify(Bytes(BODY), headers={"Authorization": VALUE}).body == BODY
    with pytest.raises(PayloadRefused):
        VERIFIER.verify(Bytes(b"another body"), headers={"Authorization": VALUE})


def test_a_mapping_that_changes_while_it_is_read() -> None:
    class Changing(dict[str, str]):
        def items(self) -> Any:
            for item in super().items():
                yield item
                self.clear()

    assert refused(Changing({"Host": "x", "Authorization": VALUE})).reason == "header.missing"


def test_a_body_that_is_changed_afterwards() -> None:
    body = bytearray(BODY)
    webhook = VERIFIER.verify(body, headers={"Authorization": VALUE})
    body[:] = b"x" * len(body)
    assert webhook.body == BODY and webhook.event.unknown == {"/text": "hello"}
    view = memoryview(bytearray(BODY * 2))
    assert VERIFIER.verify(view[: len(BODY)], headers={"Authorization": VALUE}).body == BODY
    every_other = bytes(letter for one in BODY for letter in (one, 0))
    assert VERIFIER.verify(memoryview(every_other)[::2], headers={"Authorization": VALUE}).body == BODY


def test_a_body_that_is_changed_meanwhile() -> None:
    """Either body is found, and never a mixture that was not there."""
    one, other = b"a" * 200_000, b"b" * 200_000
    headers = SIGNER.headers(one)
    body = bytearray(one)
    ended = threading.Event()

    def change() -> None:
        while not ended.is_set():
            body[:] = other
            body[:] = one

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(200):
            try:
                assert VERIFIER.verify(body, headers=headers).body == one
            except PayloadRefused as refusal:
                assert refusal.reason == "payload.mismatch"
    finally:
        ended.set()
        thread.join()


@pytest.mark.parametrize("body", ["text", None, 7, [1], memoryview(b"abcd").cast("i"), {"a": 1}])
def test_a_body_that_is_no_bytes_is_a_wrong_call(body: Any) -> None:
    with pytest.raises(TypeError, match="raw bytes"):
        VERIFIER.verify(body, headers={"Authorization": VALUE})
    with pytest.raises(TypeError, match="raw bytes"):
        VERIFIER.begin(headers={"Authorization": VALUE}).update(body)
    released = memoryview(BODY)
    released.release()
    with pytest.raises((TypeError, ValueError)):
        VERIFIER.verify(released, headers={"Authorization": VALUE})


def changed(chance: random.Random, value: bytes) -> bytes:
    """The value with some bytes of it replaced, left out, repeated or put in."""
    text = bytearray(value)
    for _ in range(chance.randrange(1, 6)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((0, 1, 1, 2, 30)))
        text[start:end] = chance.choice(
            (b"", bytes(chance.randbytes(chance.randrange(4))), bytes(text[start:end]) * 2, b".", b"=", b" ", b"\x00")
        )
    return bytes(text)


def some_headers(chance: random.Random, value: bytes) -> Any:
    text: Any = chance.choice((value, value.decode("latin-1"), [value], (value, value), [], None, chance.random()))
    name: Any = chance.choice(("Authorization", b"authorization", "AUTHORIZATION", "Authorization\x00", b"\xff", 7))
    pairs = [("Host", "example.com"), (name, text), (chance.randbytes(5), chance.randbytes(5))]
    chance.shuffle(pairs)
    return chance.choice(
        (lambda: dict(pairs), lambda: pairs, lambda: iter(pairs), lambda: [list(one) for one in pairs])
    )()


@pytest.mark.parametrize("profile", ["standard", "video", "contact_center", "cloud_runtime", "sms_sha256"])
def test_any_bytes_are_accepted_or_refused(profile: Any) -> None:
    chance = random.Random(f"seed of {profile}")
    verifier = Verifier({ACCOUNT: SECRET}, profile=profile, clock=Clock(NOW))
    store = MemoryStore()
    signed = SIGNER.sign_sms("msisdn=447700900321&to=447700900555&messageId=0C&text=Hi&type=text&api-key=" + ACCOUNT)
    for _ in range(ROUNDS):
        body = chance.choice((BODY, signed.encode(), b"", changed(chance, BODY), changed(chance, signed.encode())))
        call: dict[str, Any] = {
            "headers": some_headers(chance, chance.choice((VALUE.encode(), changed(chance, VALUE.encode())))),
            "method": chance.choice(("POST", "GET", "PUT", b"\xff", "", chance.randbytes(3))),
            "query": chance.choice((None, "", "a=b", signed, changed(chance, signed.encode()))),
            "route": chance.choice((None, ACCOUNT, "\ud800")),
        }
        try:
            webhook = verifier.verify(body, **call)
            assert isinstance(webhook.event, Event)
        except WebhookRefused as refusal:
            assert refusal.code > 0 and SECRET not in str(refusal)
        try:
            call["headers"] = {"Authorization": changed(chance, VALUE.encode())}
            pending = verifier.begin(content_length=chance.choice((None, 0, len(body), 1 << 70)), **call)
            for start in range(0, len(body), 7):
                pending.update(memoryview(body)[start : start + 7])
            pending.finish_once(store)
        except WebhookRefused:
            pass
        assert isinstance(parse_unsigned(body, carrier=chance.choice(("json", "form", "query"))), Event)


def test_nothing_is_read_into_a_header_that_is_not_there() -> None:
    with pytest.raises(HeaderRefused, match="header.missing"):
        VERIFIER.verify(BODY, headers=[("Host", "x"), ("Authorization:", VALUE), ("\u0130uthorization", VALUE)])
