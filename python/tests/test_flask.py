"""Flask under gunicorn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, Response
from glue_server import ACCOUNT, BODY, SECRET, Server, signer
from glue_suite import REFUSED, GlueSuite
from hookproof import AsyncRedisStore, KeySource, MemoryStore, Verifier
from hookproof.flask import WebhookReceiver


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    command = [
        "-m",
        "gunicorn",
        "app_flask:app",
        "--bind",
        "127.0.0.1:{port}",
        "--workers",
        "2",
        "--threads",
        "4",
        "--no-control-socket",
    ]
    with Server(tmp_path_factory.mktemp("flask"), command) as server:
        yield server


class TestFlask(GlueSuite):
    """Decorated views."""

    # Flask answers OPTIONS by itself.
    other_methods = {405, 200}

    def test_get(self, server: Server) -> None:
        self.check_get(server, "/webhooks/call")
        query = "from=447700900321"
        headers = signer().headers(query=query)
        # Flask's HEAD of a GET is worked on by no view.
        assert server.request(f"/webhooks/call?{query}", headers, None, method="HEAD").status == 503

    def test_a_body_that_was_read_before(self, server: Server) -> None:
        """`request.json` keeps the body; `request.form` does not, and what is not there does not fit."""
        assert server.request("/trap/json", signer().headers(BODY)).status == 200
        assert server.request("/trap/form", signer().headers(BODY)).status == 200
        body = b"msisdn=447700900321&text=Hi"
        before = server.journal()
        headers = signer().headers(body, content_type="application/x-www-form-urlencoded")
        answer = server.request("/trap/form", headers, body)
        assert (answer.status, answer.body) == (503, REFUSED)
        server.wait_for("payload.mismatch")
        assert server.journal() == before

    def test_a_limit_of_the_application(self, server: Server) -> None:
        """MAX_CONTENT_LENGTH holds as ever, and what it stops is not claimed."""
        headers = signer().headers(BODY)
        assert server.request("/trap/limit", headers).status == 413
        assert self.works(server, "ok", headers) == 1


class TestBlueprint(GlueSuite):
    """A blueprint's `before_request`."""

    prefix = "/blueprint"
    # It comes before Flask's own answer to OPTIONS.
    other_methods = {405, 503}


class TestCoroutines(GlueSuite):
    """Views that are coroutine functions."""

    prefix = "/async"
    other_methods = {405, 200}


def test_an_exception_that_is_passed_on() -> None:
    """As in an application's own tests."""
    app = Flask(__name__)
    app.testing = True
    verifier, store = Verifier({ACCOUNT: SECRET}), MemoryStore()
    fails = True

    @app.post("/")
    @WebhookReceiver(verifier, store)
    def view() -> str:
        if fails:
            raise RuntimeError("the work fails")
        return "done"

    headers = signer().headers(BODY)
    with pytest.raises(RuntimeError):
        app.test_client().post("/", data=BODY, headers=headers)
    fails = False
    assert app.test_client().post("/", data=BODY, headers=headers).text == "done"


def test_what_runs_after_the_request_is_part_of_the_work() -> None:
    """A commit, for example."""
    app = Flask(__name__)
    outcomes: list[int | None] = [None, 500, 200]
    worked = 0

    @app.post("/")
    @WebhookReceiver(Verifier({ACCOUNT: SECRET}), MemoryStore())
    def view() -> str:
        nonlocal worked
        worked += 1
        return "done"

    @app.after_request
    def commit(response: Response) -> Response:
        outcome = outcomes[worked - 1]
        if outcome is None:
            raise RuntimeError("the commit fails")
        response.status_code = outcome
        return response

    headers = signer().headers(BODY)
    answers = [app.test_client().post("/", data=BODY, headers=headers) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [503, 503, 200, 200]
    assert answers[1].headers["Retry-After"] == "5" and worked == 3


def test_refusals_are_reported() -> None:
    app = Flask(__name__)
    told: list[str] = []

    def report(refusal: Exception, request: object) -> None:
        told.append(str(refusal))
        raise RuntimeError("the report fails")

    app.post("/")(WebhookReceiver(Verifier({ACCOUNT: SECRET}), MemoryStore(), on_refused=report)(lambda: ""))
    assert app.test_client().post("/", data=BODY).status_code == 503
    assert len(told) == 1 and told[0].startswith("header.missing")


def test_the_retry_status_is_the_verifiers() -> None:
    app = Flask(__name__)

    @app.post("/")
    @WebhookReceiver(Verifier({ACCOUNT: SECRET}, retry_status=429), MemoryStore())
    def view() -> str:
        raise RuntimeError("the work fails")

    answer = app.test_client().post("/", data=BODY, headers=signer().headers(BODY))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")


def test_what_is_awaited_is_refused() -> None:
    import redis.asyncio

    store = AsyncRedisStore(redis.asyncio.Redis())
    with pytest.raises(TypeError, match="must not be awaited"):
        WebhookReceiver(Verifier({ACCOUNT: SECRET}), store)

    async def load(_: str) -> str:
        return SECRET

    with pytest.raises(TypeError, match="must not be awaited"):
        WebhookReceiver(Verifier(KeySource(load)), MemoryStore())
    with pytest.raises(TypeError, match="must be one of hookproof's stores"):
        WebhookReceiver(Verifier({ACCOUNT: SECRET}), {})  # type: ignore[arg-type]
