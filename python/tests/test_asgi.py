"""FastAPI and Starlette under uvicorn."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from glue_server import ACCOUNT, BODY, Server, signer
from glue_suite import REFUSED, GlueSuite
from hookproof.testing import Signer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    command = ["-m", "uvicorn", "app_asgi:app", "--host", "127.0.0.1", "--port", "{port}"]
    with Server(tmp_path_factory.mktemp("asgi"), command) as server:
        yield server


class TestFastAPI(GlueSuite):
    """A router that is included in another."""

    def test_a_background_task_that_fails_after_the_answer(self, server: Server) -> None:
        headers = signer().headers(BODY)
        assert server.request("/webhooks/background", headers).status == 200
        server.wait_for("RuntimeError: the background task fails")
        # What was answered with 200 is done, whatever came after it.
        assert self.works(server, "ok", headers) == 0

    def test_a_handler_that_is_cancelled(self, server: Server) -> None:
        headers = signer().headers(BODY)
        answer = server.request("/webhooks/timeout", headers)
        assert (answer.status, answer.body) == (504, b"too late")
        assert self.works(server, "ok", headers) == 1

    def test_get(self, server: Server) -> None:
        self.check_get(server, "/webhooks/call")

    def test_a_body_that_was_read_before(self, server: Server) -> None:
        """What a middleware has kept is there; what it has used up does not fit, and nothing hangs."""
        form = signer().headers(BODY, content_type="application/x-www-form-urlencoded")
        assert server.request("/trap/body", form).status == 200
        for how in ("form", "stream"):
            headers = signer().headers(BODY, content_type="application/x-www-form-urlencoded")
            answer = server.request(f"/trap/{how}", headers)
            assert (answer.status, answer.body) == (503, REFUSED)
            assert self.works(server, "ok", {**headers, "Content-Type": "application/json"}) == 1

    def test_a_dependency_where_nothing_is_verified(self, server: Server) -> None:
        assert server.request("/unprotected", signer().headers(query=""), None, method="GET").status == 500
        server.wait_for("no webhook was verified")

    def test_the_body_that_does_not_fit_the_model(self, server: Server) -> None:
        body = b'{"channel":"whatsapp"}'
        headers = signer().headers(body)
        assert server.request("/webhooks/ok", headers, body).status == 422
        assert server.request("/webhooks/status/200", headers, body).status == 200


class TestMounted(GlueSuite):
    """A Starlette application, wrapped and mounted."""

    prefix = "/mounted"
    # The middleware stands before the routes, and refuses what no genuine webhook is.
    other_methods = {503}


class TestRouted(GlueSuite):
    """Starlette's middleware of a mount."""

    prefix = "/routed"
    other_methods = {503}


def test_expect_continue(server: Server) -> None:
    """A client that asks before it sends is told by the answer itself."""
    token = Signer(ACCOUNT, "another").sign(b"")
    head = (
        f"POST /webhooks/ok HTTP/1.1\r\nHost: h\r\nAuthorization: {token}\r\nContent-Length: 1000\r\n"
        "Expect: 100-continue\r\n\r\n"
    )
    with server.connect() as connection:
        connection.sendall(head.encode())
        assert connection.recv(1024).startswith(b"HTTP/1.1 503 ")


def test_a_body_that_takes_too_long(server: Server) -> None:
    """The age is judged again when the body is complete."""
    headers = signer().headers(BODY, iat=int(time.time()) - 296)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with server.connect() as connection:
        connection.sendall(
            f"POST /webhooks/ok HTTP/1.1\r\nHost: h\r\n{head}Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY[:5]
        )
        # Long enough that a slow machine has judged the head before.
        time.sleep(5.5)
        connection.sendall(BODY[5:])
        assert connection.recv(1024).startswith(b"HTTP/1.1 503 ")
    server.wait_for("time.stale")
