"""The package as an application uses it. The rules themselves are the core's, and its vectors test them."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import doctest
import importlib
import json
import multiprocessing
import os
import pickle
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import hookproof
import pytest
from hookproof import (
    ConfigError,
    FileStore,
    HeaderRefused,
    KeyRefused,
    Keyring,
    KeySource,
    MemoryStore,
    PayloadRefused,
    ReplayRefused,
    Secret,
    SignatureRefused,
    SmsRefused,
    TimeRefused,
    TokenRefused,
    Verifier,
    WebhookRefused,
    errors,
    parse_unsigned,
)
from hookproof.events import Event, MessagesInbound, SmsInbound
from hookproof.testing import Clock, Signer

ACCOUNT = "a1b2c3d4"
SECRET = "the signature secret of your dashboard"
BODY = b'{"channel":"whatsapp","message_uuid":"m","from":"447700900321","message_type":"text","text":"Hi","price":0.10}'
NOW = 1_767_225_600
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def verifier(clock: Clock) -> Verifier:
    return Verifier({ACCOUNT: SECRET}, clock=clock)


@pytest.fixture
def signer(clock: Clock) -> Signer:
    return Signer(ACCOUNT, SECRET, clock=clock)


def test_what_is_genuine_is_accepted(verifier: Verifier, signer: Signer) -> None:
    webhook = verifier.verify(BODY, headers=signer.headers(BODY, jti="id-1"))
    assert (webhook.api_key, webhook.jti, webhook.age_seconds, webhook.key_label) == (ACCOUNT, "id-1", 0, "key-1")
    assert webhook.body == BODY and webhook.replay == "not_checked" and webhook.payload_form == "body"
    assert webhook.claims["iss"] == "Vonage" and json.loads(webhook.claims_json) == webhook.claims
    match webhook.event:
        case Event(api="messages", from_="447700900321", signed=True, detail=MessagesInbound(text=text)):
            assert text == "Hi"
        case other:
            pytest.fail(repr(other))
    assert webhook.event.unknown == {"/price": Decimal("0.10")}


@pytest.mark.parametrize(
    ("change", "kind", "reason"),
    [
        ({"headers": {}}, HeaderRefused, "header.missing"),
        ({"body": b"other"}, PayloadRefused, "payload.mismatch"),
        ({"now": NOW + 3600}, TimeRefused, "time.stale"),
        ({"now": NOW - 3600}, TimeRefused, "time.future"),
        ({"headers": {"Authorization": "Bearer a.b.c"}}, TokenRefused, "token.malformed"),
        ({"headers": {"Authorization": "Basic x"}}, HeaderRefused, "header.malformed"),
        ({"account": "other"}, KeyRefused, "key.mismatch"),
    ],
)
def test_each_refusal_has_its_class(
    verifier: Verifier, signer: Signer, change: dict[str, Any], kind: type[WebhookRefused], reason: str
) -> None:
    call: dict[str, Any] = {"body": BODY, "headers": signer.headers(BODY), **change}
    with pytest.raises(kind) as caught:
        verifier.verify(call.pop("body"), **call)
    refusal = caught.value
    assert refusal.reason == reason and refusal.hint and str(refusal).startswith(reason)
    assert refusal.retry == (refusal.http_status == 503)
    again = pickle.loads(pickle.dumps(refusal))
    assert type(again) is kind and again.reason == reason and str(again) == str(refusal)


def test_other_keys(clock: Clock, signer: Signer) -> None:
    headers = signer.headers(BODY)
    with pytest.raises(SignatureRefused, match="signature.invalid"):
        Verifier({ACCOUNT: "another secret"}, clock=clock).verify(BODY, headers=headers)
    with pytest.raises(KeyRefused, match="key.unknown"):
        Verifier({"b1b2c3d4": SECRET}, clock=clock).verify(BODY, headers=headers)
    dated = Secret("old", SECRET, not_after=datetime.fromtimestamp(NOW - 1, UTC))
    with pytest.raises(KeyRefused, match="key.inactive"):
        Verifier({ACCOUNT: [dated]}, clock=clock).verify(BODY, headers=headers)
    both = Verifier({ACCOUNT: ["another", SECRET.encode()]}, clock=clock)
    assert both.verify(BODY, headers=headers).key_label == "key-2"
    text = json.dumps({"version": 1, "accounts": [{"api_key": ACCOUNT, "secrets": [{"label": "l", "secret": SECRET}]}]})
    for keys in (text, text.encode(), Keyring.from_json(text)):
        assert Verifier(keys, clock=clock).verify(BODY, headers=headers).key_label == "l"


def test_the_keyring_is_replaced(verifier: Verifier, signer: Signer) -> None:
    assert verifier.replace_keyring({ACCOUNT: "another secret"}) == 2
    with pytest.raises(SignatureRefused):
        verifier.verify(BODY, headers=signer.headers(BODY))
    with pytest.raises(ConfigError):
        verifier.replace_keyring({})
    assert verifier.generation == 2


@pytest.mark.parametrize(
    "headers",
    [
        lambda value: {"authorization": value},
        lambda value: {b"AUTHORIZATION": value.encode()},
        lambda value: [(b"host", b"x"), (b"authorization", value.encode())],
        lambda value: iter([("Authorization", value)]),
        lambda value: {"Authorization": [value]},
    ],
)
def test_headers_in_any_shape(verifier: Verifier, signer: Signer, headers: Any) -> None:
    assert verifier.verify(BODY, headers=headers(signer.sign(BODY))).api_key == ACCOUNT


def test_headers_that_no_request_should_have(verifier: Verifier, signer: Signer) -> None:
    value = signer.sign(BODY)
    for headers, reason in [
        ([("Authorization", value), ("authorization", value)], "header.duplicated"),
        ({"Authorization": value + "\u20ac"}, "token.malformed"),
        ({"Authorization": "Bearer \xff"}, "token.malformed"),
        ({"Authorization": 7}, None),
        ({"Authorization": None}, None),
        ({7: "x", None: "y"}, "header.missing"),
    ]:
        with pytest.raises(WebhookRefused) as caught:
            verifier.verify(BODY, headers=headers)  # type: ignore[arg-type]
        assert reason is None or caught.value.reason == reason, headers

    class Broken(dict[str, str]):
        def items(self) -> Any:
            raise OSError("the connection is gone")

    with pytest.raises(HeaderRefused) as caught:
        verifier.verify(BODY, headers=Broken())
    assert isinstance(caught.value.__cause__, OSError)


def test_calls_that_are_wrong(verifier: Verifier, signer: Signer) -> None:
    headers = signer.headers(BODY)
    with pytest.raises(TypeError, match="raw bytes"):
        verifier.verify(BODY.decode(), headers=headers)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        verifier.verify(None, headers=headers)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        verifier.verify(BODY, headers="Authorization")  # type: ignore[arg-type]
    for options in ({"max_age": -1}, {"max_age": 10**9}, {"leeway": timedelta(microseconds=1)}, {"profile": "none"}):
        with pytest.raises(ValueError) as caught:
            Verifier({ACCOUNT: SECRET}, **options)
        assert isinstance(caught.value, ConfigError)
    refused: list[dict[str, Any]] = [{}, {ACCOUNT: ""}, {"": SECRET}, {ACCOUNT: []}]
    for keys in refused:
        with pytest.raises(ConfigError):
            Verifier(keys)


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview])
def test_bodies_of_any_buffer(verifier: Verifier, signer: Signer, make: Any) -> None:
    assert verifier.verify(make(BODY), headers=signer.headers(BODY)).body == BODY
    large = b"x" * 300_000
    assert verifier.verify(make(large), headers=signer.headers(large)).body == large
    with pytest.raises(PayloadRefused, match="too_large"):
        verifier.verify(b"x" * (1 << 20) + b"x", headers=signer.headers(BODY))


def test_get_webhooks(verifier: Verifier, signer: Signer) -> None:
    query = "to=447700900555&from=447700900321&uuid=u&conversation_uuid=CON-1&note=a+b%26"
    webhook = verifier.verify(b"", headers=signer.headers(query=query), method="GET", query=query)
    assert dict(webhook.query)["note"] == "a b&" and webhook.query_value("uuid") == "u"
    assert (webhook.event.api, webhook.event.event, webhook.event.from_) == ("voice", "answer", "447700900321")
    with pytest.raises(PayloadRefused):
        verifier.verify(b"", headers=signer.headers(query=query), method="GET", query=query + "&a=1")


@pytest.mark.parametrize("method", ["md5hash", "md5", "sha1", "sha256", "sha512"])
def test_the_signature_of_the_sms_api(clock: Clock, signer: Signer, method: Any) -> None:
    sms = Verifier({ACCOUNT: SECRET}, profile=f"sms_{method}", clock=clock)  # type: ignore[arg-type]
    form = signer.sign_sms(
        f"msisdn=447700900321&to=447700900555&messageId=0C&text=Hi&type=text&api-key={ACCOUNT}", method=method
    )
    calls: list[dict[str, Any]] = [{"body": form.encode()}, {"body": b"", "method": "GET", "query": form}]
    for call in calls:
        webhook = sms.verify(headers={}, **call)
        assert isinstance(webhook.event.detail, SmsInbound) and webhook.event.from_ == "447700900321"
    with pytest.raises(SmsRefused, match="sms.signature_invalid"):
        sms.verify(form.encode() + b"&more=1", headers={})
    with pytest.raises(SmsRefused, match="sms.unsigned"):
        sms.verify(BODY, headers=signer.headers(BODY))


def test_what_nobody_has_signed() -> None:
    event = parse_unsigned(b"msisdn=447700900321&to=447700900555&messageId=0C&text=Hi&type=text", carrier="form")
    assert (event.api, event.signed, event.from_) == ("sms", False, "447700900321")
    assert parse_unsigned(b"\xff", carrier="json").event == "unreadable"
    message = parse_unsigned(b'{"channel":"whatsapp","message_uuid":"m","from":null,"message_type":"text","text":null}')
    assert message.nulls == ("from_",) and isinstance(message.detail, MessagesInbound)
    assert message.detail.nulls == ("text",) and message.detail.text is None


def test_the_event_of_every_sample() -> None:
    count = 0
    for path in sorted((REPOSITORY / "tests/payloads").glob("*.json")):
        sample = json.loads(path.read_text())
        kind = sample["content_type"] or ""
        carrier: Any = "query" if sample["method"] == "GET" else "form" if "form" in kind else "json"
        event = parse_unsigned(sample["wire_query" if carrier == "query" else "wire_body"].encode(), carrier=carrier)
        assert (event.api, event.event) == (sample["api"], sample["event"]), path.name
        detail = json.loads(event.json)["detail"]
        assert (event.detail is None) == (json.loads(event.json)["record"] == "Other")
        for name in detail:
            assert hasattr(event.detail, name), name
        count += 1
    assert count > 60


def test_received_once_and_released_when_the_work_fails(verifier: Verifier, signer: Signer) -> None:
    store, headers = MemoryStore(), signer.headers(BODY)
    with pytest.raises(RuntimeError), verifier.receive(BODY, headers=headers, store=store):
        raise RuntimeError("the database is away")
    with verifier.receive(BODY, headers=headers, store=store) as received:
        assert received.webhook.replay == "claimed"
        with pytest.raises(ReplayRefused) as caught, verifier.receive(BODY, headers=headers, store=store):
            pytest.fail("it is worked on")
        assert caught.value.reason == "replay.in_progress" and caught.value.http_status == 503
    with pytest.raises(ReplayRefused) as caught, verifier.receive(BODY, headers=headers, store=store):
        pytest.fail("it is done")
    assert caught.value.reason == "replay.duplicate" and caught.value.http_status == 200
    with verifier.receive(BODY, headers=headers, store=store, duplicates="hand_on") as received:
        assert received.webhook.is_duplicate


def test_an_answer_that_is_no_success_releases(verifier: Verifier, signer: Signer) -> None:
    store, headers = MemoryStore(), signer.headers(BODY)
    for status in (503, 404, 302):
        with verifier.receive(BODY, headers=headers, store=store) as received:
            received.answer(status)
    with verifier.receive(BODY, headers=headers, store=store) as received:
        received.answer(204)
    with pytest.raises(ReplayRefused), verifier.receive(BODY, headers=headers, store=store):
        pytest.fail("it is done")


def test_async(verifier: Verifier, signer: Signer, tmp_path: Path) -> None:
    async def run(store: Any) -> None:
        headers = signer.headers(BODY)
        async with verifier.receive(BODY, headers=headers, store=store) as received:
            assert received.webhook.event.from_ == "447700900321"
        with pytest.raises(ReplayRefused):
            async with verifier.receive(BODY, headers=headers, store=store):
                pytest.fail("it is done")
        other = signer.headers(BODY)
        assert (await verifier.averify_once(BODY, headers=other, store=store)).replay == "recorded"

    asyncio.run(run(MemoryStore()))
    asyncio.run(run(FileStore(tmp_path / "seen.db")))


def test_streamed(verifier: Verifier, signer: Signer) -> None:
    pending = verifier.begin(headers=signer.headers(BODY), content_length=len(BODY))
    for start in range(0, len(BODY), 7):
        pending.update(BODY[start : start + 7])
    webhook = pending.finish()
    assert webhook.body is None and webhook.read_event(BODY).from_ == "447700900321"
    with pytest.raises(ValueError, match="streamed"):
        _ = webhook.event
    with pytest.raises(ValueError, match="not the one"):
        webhook.read_event(BODY + b" ")
    with pytest.raises(RuntimeError):
        pending.finish()
    with pytest.raises(PayloadRefused, match="too_large"):
        verifier.begin(headers=signer.headers(BODY), content_length=1 << 40)


def test_a_streamed_body_that_is_kept(verifier: Verifier, signer: Signer) -> None:
    pending = verifier.begin(headers=signer.headers(BODY), keep_body=True)
    for byte in BODY:
        pending.update(bytes([byte]))
    with pending.receive(MemoryStore()) as received:
        assert received.webhook.body == BODY and received.webhook.event.from_ == "447700900321"
    small = Verifier({ACCOUNT: SECRET}, max_body_bytes=10, clock=verifier.now)
    pending = small.begin(headers=signer.headers(BODY), keep_body=True)
    with pytest.raises(PayloadRefused, match="too_large"):
        pending.update(BODY)


def test_what_to_answer_when_the_work_failed() -> None:
    verifier = Verifier({ACCOUNT: SECRET})
    assert (verifier.retry_status, verifier.retry_after) == (503, 5)
    assert Verifier({ACCOUNT: SECRET}, retry_status=429).retry_status == 429


def test_keys_that_are_loaded(clock: Clock, signer: Signer) -> None:
    asked: list[str] = []

    def load(api_key: str) -> str | None:
        asked.append(api_key)
        if api_key == "broken":
            raise OSError("no database")
        return SECRET if api_key == ACCOUNT else None

    verifier = Verifier(KeySource(load), clock=clock)
    for _ in range(3):
        verifier.verify(BODY, headers=signer.headers(BODY))
    with pytest.raises(KeyRefused, match="key.unknown"):
        verifier.verify(BODY, headers=Signer("other", SECRET, clock=clock).headers(BODY))
    with pytest.raises(KeyRefused, match="key.unavailable"):
        verifier.verify(BODY, headers=Signer("broken", SECRET, clock=clock).headers(BODY))
    assert asked == [ACCOUNT, "other", "broken"]

    async def aload(api_key: str) -> str | None:
        return load(api_key)

    awaited = Verifier(KeySource(aload), clock=clock)
    assert asyncio.run(awaited.averify(BODY, headers=signer.headers(BODY))).api_key == ACCOUNT


def test_a_key_source_that_blocks_holds_up_no_event_loop(clock: Clock, signer: Signer) -> None:
    ticks = threading.Event()

    def load(_: str) -> str:
        # The loop goes on meanwhile, or nobody would set it.
        assert ticks.wait(20)
        return SECRET

    async def run() -> str:
        asyncio.get_running_loop().call_later(0.05, ticks.set)
        pending = await patient.abegin(headers=signer.headers(BODY))
        pending.update(BODY)
        return pending.finish().api_key

    patient = Verifier(KeySource(load, timeout=30), clock=clock)
    assert asyncio.run(run()) == ACCOUNT


def test_an_answer_that_is_no_status(verifier: Verifier, signer: Signer) -> None:
    store = MemoryStore()
    headers = signer.headers(BODY)
    with pytest.raises(OverflowError), verifier.receive(BODY, headers=headers, store=store) as received:
        received.answer(10**30)
    assert not received.is_open
    with verifier.receive(BODY, headers=headers, store=store):
        pass


def test_a_key_source_without_a_thread(clock: Clock, signer: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal that the sender keeps, and the next load is made."""

    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    verifier = Verifier(KeySource(lambda _: SECRET, max_loads=1), clock=clock)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        with pytest.raises(KeyRefused, match=r"key\.unavailable"):
            verifier.verify(BODY, headers=signer.headers(BODY))
    assert verifier.verify(BODY, headers=signer.headers(BODY)).api_key == ACCOUNT


def test_requests_that_wait_for_one_load_that_is_given_up(clock: Clock, signer: Signer) -> None:
    async def never(_: str) -> str:
        await asyncio.Event().wait()
        return SECRET

    async def run() -> list[object]:
        first = asyncio.create_task(hasty.averify(BODY, headers=signer.headers(BODY)))
        await asyncio.sleep(0.2)
        second = asyncio.create_task(hasty.averify(BODY, headers=signer.headers(BODY)))
        return list(await asyncio.gather(first, second, return_exceptions=True))

    hasty = Verifier(KeySource(never, timeout=0.5), clock=clock)
    outcomes = asyncio.run(run())
    assert all(isinstance(one, KeyRefused) and one.reason == "key.unavailable" for one in outcomes), outcomes


def test_secrets_stay_inside(verifier: Verifier, signer: Signer) -> None:
    secret = Secret("production", SECRET)
    webhook = verifier.verify(BODY, headers=signer.headers(BODY))
    for thing in (verifier, secret, Keyring({ACCOUNT: SECRET}), signer, webhook, MemoryStore()):
        assert SECRET not in repr(thing) and SECRET not in str(thing)
    for held in (verifier, secret, Keyring({ACCOUNT: SECRET}), webhook, MemoryStore()):
        with pytest.raises(TypeError):
            pickle.dumps(held)
        with pytest.raises(TypeError):
            copy.copy(held)
    with pytest.raises(WebhookRefused) as caught:
        verifier.verify(b"my private text", headers=signer.headers(BODY))
    assert "private" not in str(caught.value) and SECRET not in repr(caught.value)


def test_one_verifier_for_many_threads(verifier: Verifier, signer: Signer) -> None:
    store, body = MemoryStore(), b"x" * 5000
    tokens = [signer.headers(body) for _ in range(200)]
    accepted: list[str] = []

    def work() -> None:
        for headers in tokens:
            with contextlib.suppress(ReplayRefused):
                accepted.append(verifier.verify_once(body, headers=headers, store=store).jti)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(accepted) == len(set(accepted)) == 200


def _work(path: str, tokens: list[dict[str, str]], accepted: Any) -> None:
    verifier, store = Verifier({ACCOUNT: SECRET}), FileStore(path)
    for headers in tokens:
        with contextlib.suppress(ReplayRefused):
            accepted.put(verifier.verify_once(BODY, headers=headers, store=store).jti)
    accepted.put(None)


@pytest.mark.parametrize("how", ["fork", "spawn"])
def test_one_file_for_many_processes(tmp_path: Path, how: str) -> None:
    signer = Signer(ACCOUNT, SECRET)
    tokens = [signer.headers(BODY) for _ in range(50)]
    context = multiprocessing.get_context(how)
    accepted = context.Queue()
    path = str(tmp_path / "seen.db")
    before = FileStore(path)  # a child of a fork inherits it and must not use it
    workers = [context.Process(target=_work, args=(path, tokens, accepted)) for _ in range(4)]  # type: ignore[attr-defined]
    for worker in workers:
        worker.start()
    found = []
    ended = 0
    while ended < len(workers):
        jti = accepted.get(timeout=60)
        ended += jti is None
        found += [jti] * (jti is not None)
    for worker in workers:
        worker.join(60)
    assert len(found) == len(set(found)) == 50
    with pytest.raises(ReplayRefused):
        Verifier({ACCOUNT: SECRET}).verify_once(BODY, headers=tokens[0], store=before)


def test_a_file_that_is_open_at_a_fork(signer: Signer, verifier: Verifier, tmp_path: Path) -> None:
    store, headers = FileStore(tmp_path / "seen.db"), signer.headers(BODY)
    verifier.verify_once(BODY, headers=headers, store=store)
    child = os.fork()
    if child == 0:
        try:
            verifier.verify_once(BODY, headers=signer.headers(BODY), store=store)
            verifier.verify_once(BODY, headers=headers, store=store)
            os._exit(1)
        except ReplayRefused as refusal:
            os._exit(0 if refusal.reason == "replay.duplicate" else 2)
        finally:
            os._exit(3)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert verifier.verify_once(BODY, headers=signer.headers(BODY), store=store).replay == "recorded"


def test_the_table_of_reasons() -> None:
    page = (REPOSITORY / "docs/reasons.md").read_text()
    rows = re.findall(r"^\| (\d+) \| \[`([a-z._]+)`\]\(.*?\) \| (\w+) \|", page, re.MULTILINE)
    assert len(rows) == len(errors._BY_CODE) > 25
    for code, name, family in rows:
        kind, reason, hint = errors._BY_CODE[int(code)]
        assert (reason, kind.__name__) == (name, family.capitalize() + "Refused") and hint


def modules() -> Iterator[str]:
    for path in (REPOSITORY / "python/hookproof").glob("*.py"):
        if path.stem != "__init__":
            yield f"hookproof.{path.stem}"


@pytest.mark.parametrize("name", sorted(modules()))
def test_the_documentation(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert outcome.failed == 0


def test_the_version() -> None:
    assert hookproof.__version__ == "0.1.0"
