"""What the glue of all frameworks shares."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g, request
from glue_server import ACCOUNT, BODY, SECRET, Answer, Server, signer
from hookproof import ConfigError, KeySource, MemoryStore, Verifier, WebhookRefused
from hookproof._glue import Receiver, declared_length
from hookproof.asgi import WebhookMiddleware
from hookproof.flask import WebhookReceiver
from hookproof.stores import AsyncHostStore, HostStore
from redis_server import redis_server

GUNICORN = ["-m", "gunicorn", "--bind", "127.0.0.1:{port}", "--threads", "4", "--no-control-socket"]
COMMANDS = {
    "fastapi": ["-m", "uvicorn", "app_asgi:app", "--host", "127.0.0.1", "--port", "{port}"],
    "flask": [*GUNICORN, "app_flask:app"],
    "django": [*GUNICORN, "app_django:application"],
    "aiohttp": ["app_aiohttp.py", "{port}"],
}


def test_no_framework_comes_with_the_package() -> None:
    frameworks = {"asgiref", "starlette", "fastapi", "flask", "werkzeug", "django", "aiohttp", "redis"}
    for modules in ("hookproof, hookproof.testing", "hookproof.asgi, hookproof.aws_lambda"):
        code = f"import sys, {modules}; found = {frameworks} & set(sys.modules); assert not found, found"
        subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("framework", COMMANDS)
def test_a_store_that_goes_away_during_the_work(framework: str, tmp_path: Path) -> None:
    """The work is done: its answer is sent, and the log says that the claim could not be confirmed."""
    answers: list[Answer] = []
    with redis_server(tmp_path) as port:
        environment = {"REDIS_PORT": str(port)}
        with Server(tmp_path, COMMANDS[framework], environment=environment) as server:
            sender = threading.Thread(
                target=lambda: answers.append(server.request("/webhooks/slow", signer().headers(BODY)))
            )
            sender.start()
            server.wait_for_work(1)
            subprocess.run(["redis-cli", "-p", str(port), "shutdown", "nosave"], check=True, timeout=30)
            sender.join()
            assert answers[0].status == 200, server.log()
            server.wait_for("a claim could not be ended")
            # And a store that is away accepts nothing.
            assert server.request("/webhooks/ok", signer().headers(BODY)).status == 503
            server.wait_for("replay.store_unavailable")
            assert len(server.journal()) == 2


def test_websockets_are_refused() -> None:
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        pytest.fail("it is guarded")

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    guarded = WebhookMiddleware(app, Verifier({ACCOUNT: SECRET}), MemoryStore())
    asyncio.run(guarded({"type": "websocket", "path": "/", "headers": []}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize(
    ("name", "status", "answered"), [("ApiError", 429, 503), ("HTTPException", 405, None), ("HTTPException", 200, 503)]
)
def test_an_exception_that_names_a_status(name: str, status: int, answered: int | None) -> None:
    """Only a framework's own becomes an answer further out; that of a client of another service is a 500 there."""
    sent: list[Any] = []
    error = type(name, (Exception,), {"status_code": status})

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise error

    async def receive() -> Any:
        return {"type": "http.request", "body": BODY}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(name.encode(), value.encode()) for name, value in signer().headers(BODY).items()]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}
    guarded = WebhookMiddleware(app, Verifier({ACCOUNT: SECRET}), MemoryStore())
    with pytest.raises(error):
        asyncio.run(guarded(scope, receive, send))
    assert (sent[0]["status"] if sent else None) == answered


@pytest.mark.parametrize("kind", ["http.response.pathsend", "http.response.zerocopysend"])
def test_an_answer_that_the_server_reads_from_a_file(kind: str) -> None:
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": kind})

    async def receive() -> Any:
        return {"type": "http.request", "body": BODY}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    headers = [(name.encode(), value.encode()) for name, value in signer().headers(BODY).items()]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}
    asyncio.run(WebhookMiddleware(app, Verifier({ACCOUNT: SECRET}), MemoryStore())(scope, receive, send))
    assert sent == ["http.response.start", kind]


def test_lengths_that_are_none() -> None:
    texts = [None, "", "-1", "1 ", "\u00b2", "\u0662", "1" * 19, b"\xb2"]
    assert [declared_length(text) for text in texts] == [None] * len(texts)
    assert (declared_length("12"), declared_length(b"12")) == (12, 12)


def test_an_application_that_answers_nothing() -> None:
    """Neither an answer nor an exception: the work is not done."""
    sent: list[Any] = []
    bodies = [{"type": "http.request", "body": BODY}] * 2
    store = MemoryStore()
    worked = 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal worked
        worked += 1
        if worked == 1:
            await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Any:
        return bodies.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(name.encode(), value.encode()) for name, value in signer().headers(BODY).items()]
    guarded = WebhookMiddleware(app, Verifier({ACCOUNT: SECRET}), store)
    for _ in range(2):
        scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}
        asyncio.run(guarded(scope, receive, send))
    assert [message.get("status") for message in sent] == [503, None, 503, None] and worked == 2


class SlowStore(AsyncHostStore):
    """Answers when it is told to."""

    budget = 5.0

    def __init__(self) -> None:
        super().__init__("tests")
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.released: list[str] = []

    async def claim(self, question: Any, now: int) -> Any:
        self.asked.set()
        await self.may_answer.wait()
        return "claimed"

    async def confirm(self, identity: str, owner: str, now: int) -> bool:
        pytest.fail("nobody has done the work")

    async def release(self, identity: str, owner: str, now: int) -> bool:
        self.released.append(owner)
        return True


def test_a_request_that_is_cancelled_while_it_is_claimed() -> None:
    """Nobody will ever end that claim: it is given back as soon as it is there."""

    async def run() -> list[str]:
        store = SlowStore()
        pending = Verifier({ACCOUNT: SECRET}).begin(headers=signer().headers(BODY))
        pending.update(BODY)
        task = asyncio.create_task(pending.receive(store).aclaim())
        await store.asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not store.released
        store.may_answer.set()
        for _ in range(100):
            if store.released:
                break
            await asyncio.sleep(0.01)
        return store.released

    assert len(asyncio.run(run())) == 1


def test_a_blocking_store_whose_request_is_cancelled() -> None:
    asked, may_answer, released = threading.Event(), threading.Event(), threading.Event()

    class Blocking(HostStore):
        def claim(self, question: Any, now: int) -> Any:
            asked.set()
            assert may_answer.wait(20)
            return "claimed"

        def confirm(self, identity: str, owner: str, now: int) -> bool:
            pytest.fail("nobody has done the work")

        def release(self, identity: str, owner: str, now: int) -> bool:
            released.set()
            return True

    async def run() -> None:
        pending = Verifier({ACCOUNT: SECRET}).begin(headers=signer().headers(BODY))
        pending.update(BODY)
        task = asyncio.create_task(pending.receive(Blocking("tests")).aclaim())
        await asyncio.to_thread(asked.wait, 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        may_answer.set()
        assert await asyncio.to_thread(released.wait, 20)

    asyncio.run(run())


def test_sms_webhooks_with_their_own_signature() -> None:
    """The parameters stay where the view looks for them."""
    app = Flask(__name__)

    @app.post("/")
    @WebhookReceiver(Verifier({ACCOUNT: SECRET}, profile="sms_sha256"), MemoryStore())
    def view() -> str:
        assert g.webhook.event.from_ == "447700900321"
        return request.form["text"]

    parameters = f"api-key={ACCOUNT}&msisdn=447700900321&to=447700900555&messageId=0C&text=Hi+there&type=text"
    form = signer().sign_sms(parameters)
    client = app.test_client()
    content = "application/x-www-form-urlencoded"
    assert client.post("/", data=form, content_type=content).text == "Hi there"
    assert client.post("/", data=form, content_type=content).text == "refused\n"
    changed = form.replace("Hi", "Ho")
    assert client.post("/", data=changed, content_type=content).status_code in (401, 503)


def test_what_cannot_be_received_is_refused_at_the_start() -> None:
    verifier = Verifier({ACCOUNT: SECRET})
    with pytest.raises(ConfigError, match="KeySource"):
        Receiver(Verifier(KeySource(lambda _: SECRET), profile="sms_sha256"), MemoryStore())
    with pytest.raises(ConfigError, match="duplicates"):
        Receiver(verifier, MemoryStore(), duplicates="perhaps")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="must be a Verifier"):
        Receiver({ACCOUNT: SECRET}, MemoryStore())  # type: ignore[arg-type]


def test_a_server_that_keeps_the_header_for_itself() -> None:
    """As mod_wsgi does without WSGIPassAuthorization On: the refusal says where to look."""
    app = Flask(__name__)
    refusals: list[WebhookRefused] = []
    receiver = WebhookReceiver(
        Verifier({ACCOUNT: SECRET}), MemoryStore(), on_refused=lambda refusal, _: refusals.append(refusal)
    )
    app.post("/")(receiver(lambda: "done"))
    inner = app.wsgi_app

    def strips(environ: Any, start_response: Any) -> Any:
        del environ["HTTP_AUTHORIZATION"]
        return inner(environ, start_response)

    app.wsgi_app = strips  # type: ignore[method-assign]
    answer = app.test_client().post("/", data=BODY, headers=signer().headers(BODY))
    # The sender keeps the message until the server is mended.
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert refusals[0].reason == "header.missing" and "WSGIPassAuthorization On" in refusals[0].hint
