"""What every framework must do alike, over real HTTP. A test of a framework makes a class of this one.

Its application serves, below `prefix`, what is written in `apps/`: `ok`, `status/N`, `raise`, `handled/N` (an exception
that the application's own error handler answers with N), `stream`, `stream-broken`, `slow`, `answer` (duplicates are
handed on); and `/open`, which receives no webhooks.
"""

from __future__ import annotations

import contextlib
import socket
import time
from typing import ClassVar

import pytest
from glue_server import ACCOUNT, BODY, Server, signer
from hookproof.testing import Signer

REFUSED = b"refused\n"


class GlueSuite:
    prefix: ClassVar[str] = "/webhooks"
    # Whether the application learns of a request before the server has read its body.
    is_header_first: ClassVar[bool] = True
    # What is answered to methods that no handler has: by the framework, or by the verifier.
    other_methods: ClassVar[set[int]] = {405}

    def at(self, path: str) -> str:
        return f"{self.prefix}/{path}"

    def works(self, server: Server, path: str, headers: dict[str, str]) -> int:
        """How often a request is worked on when it is sent again."""
        before = len(server.journal())
        server.request(self.at(path), headers)
        return len(server.journal()) - before

    def test_genuine_and_replayed(self, server: Server) -> None:
        jti = f"genuine-{time.time_ns()}"
        headers = signer().headers(BODY, jti=jti)
        answer = server.request(self.at("ok"), headers)
        assert (answer.status, answer.body) == (200, "447700900321 Hi é".encode()), server.log()
        again = server.request(self.at("ok"), headers)
        assert (again.status, again.body) == (200, REFUSED)
        assert server.journal().count(f"ok {jti}") == 1
        server.wait_for("replay.duplicate")

    @pytest.mark.parametrize(
        ("case", "status"),
        [
            ("tampered", 503),
            ("unsigned", 503),
            ("stale", 503),
            ("future", 503),
            ("wrong secret", 503),
            ("no token", 401),
        ],
    )
    def test_refused(self, server: Server, case: str, status: int) -> None:
        before = server.journal()
        body, headers = BODY, signer().headers(BODY)
        if case == "tampered":
            body += b" "
        elif case == "unsigned":
            del headers["Authorization"]
        elif case == "stale":
            headers = signer().headers(BODY, iat=int(time.time()) - 3600)
        elif case == "future":
            headers = signer().headers(BODY, iat=int(time.time()) + 3600)
        elif case == "wrong secret":
            headers = Signer(ACCOUNT, "another").headers(BODY)
        else:
            headers["Authorization"] = "Bearer " + "x" * 400
        answer = server.request(self.at("ok"), headers, body)
        # One text for all.
        assert (answer.status, answer.body) == (status, REFUSED), server.log()
        assert answer.headers["Retry-After"] == ("5" if status == 503 else None)
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert server.journal() == before

    def test_a_large_forgery(self, server: Server) -> None:
        """Ten megabytes are announced, and the answer comes before one of them is sent."""
        token = Signer(ACCOUNT, "another").sign(b"")
        head = (
            f"POST {self.at('ok')} HTTP/1.1\r\nHost: h\r\nAuthorization: {token}\r\nContent-Length: 10000000\r\n\r\n"
        ).encode()
        if self.is_header_first:
            assert server.raw(head) == b"503 " + REFUSED
        whole = _send_slowly(server, head, b"x" * 10_000_000)
        assert whole.startswith(b"HTTP/1.1 503 "), whole

    def test_a_body_beyond_the_policy(self, server: Server) -> None:
        body = b"x" * (1024 * 1024 + 1)
        assert server.request(self.at("ok"), signer().headers(body), body).status == 413

    def test_a_body_in_parts(self, server: Server) -> None:
        """Without a declared length."""
        before = len(server.journal())
        token = signer().sign(BODY)
        head = (
            f"POST {self.at('ok')} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nAuthorization: {token}\r\n"
            "Transfer-Encoding: chunked\r\n\r\n"
        ).encode()
        parts = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (BODY[:7], BODY[7:]))
        assert server.raw(head, parts + b"0\r\n\r\n").startswith(b"200 ")
        assert len(server.journal()) == before + 1

    @pytest.mark.parametrize("status", [503, 500, 429, 404, 302])
    def test_a_handler_that_says_no(self, server: Server, status: int) -> None:
        headers = signer().headers(BODY)
        answer = server.request(self.at(f"status/{status}"), headers)
        assert answer.status == (503 if status == 500 else status)
        # Its retry is worked on.
        assert self.works(server, f"status/{status}", headers) == 1
        assert self.works(server, "ok", headers) == 1
        assert self.works(server, "ok", headers) == 0

    @pytest.mark.parametrize("status", [200, 202, 204, 205])
    def test_a_handler_that_says_yes(self, server: Server, status: int) -> None:
        headers = signer().headers(BODY)
        assert server.request(self.at(f"status/{status}"), headers).status == status
        assert self.works(server, "ok", headers) == 0

    def test_an_exception(self, server: Server) -> None:
        headers = signer().headers(BODY)
        answer = server.request(self.at("raise"), headers)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5"), server.log()
        assert b"the database is away" not in answer.body
        # After the framework has logged it.
        server.wait_for("RuntimeError: the database is away")
        assert self.works(server, "ok", headers) == 1

    def test_an_exception_that_the_application_answers(self, server: Server) -> None:
        headers = signer().headers(BODY)
        answer = server.request(self.at("handled/409"), headers)
        assert (answer.status, answer.body) == (409, b"handled")
        assert self.works(server, "ok", headers) == 1
        headers = signer().headers(BODY)
        assert server.request(self.at("handled/200"), headers).status == 200
        assert self.works(server, "ok", headers) == 0

    def test_a_streamed_answer(self, server: Server) -> None:
        headers = signer().headers(BODY)
        answer = server.request(self.at("stream"), headers)
        assert (answer.status, answer.body) == (200, b"part 0 part 1 part 2 ")
        assert self.works(server, "ok", headers) == 0

    def test_a_streamed_answer_that_breaks(self, server: Server) -> None:
        headers = signer().headers(BODY)
        with server.connect() as connection:
            connection.sendall(_head(self.at("stream-broken"), headers) + BODY)
            while connection.recv(65536):
                pass
        server.wait_for("RuntimeError: the stream breaks")
        assert self.works(server, "ok", headers) == 1

    def test_duplicates_that_are_handed_on(self, server: Server) -> None:
        headers = signer().headers(BODY)
        assert server.request(self.at("answer"), headers).body == b"ncco False"
        assert server.request(self.at("answer"), headers).body == b"ncco True"

    def test_repeated_fields(self, server: Server) -> None:
        token = signer().sign(BODY)
        head = (
            f"POST {self.at('ok')} HTTP/1.1\r\nHost: h\r\nAuthorization: {token}\r\nAuthorization: {token}\r\n"
            f"Content-Length: {len(BODY)}\r\n\r\n"
        ).encode()
        before = server.journal()
        assert server.raw(head, BODY) == b"401 " + REFUSED
        assert server.journal() == before

    def test_a_field_that_is_no_text(self, server: Server) -> None:
        head = (
            f"POST {self.at('ok')} HTTP/1.1\r\nHost: h\r\nContent-Length: {len(BODY)}\r\nAuthorization: Bearer "
        ).encode()
        for value in (b"\xff\xfe\x80", b"\xf0\x9f\x92\xa9" * 20, b"a.b.\xe9"):
            assert server.raw(head + value + b"\r\n\r\n", BODY).startswith((b"401 ", b"400 "))

    @pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "GET", "DELETE"])
    def test_other_methods(self, server: Server, method: str) -> None:
        before = server.journal()
        for headers in ({}, {"Authorization": signer().sign(b"")}):
            answer = server.request(self.at("ok"), headers, None, method=method)
            assert answer.status in self.other_methods, (answer.status, server.log())
        assert server.journal() == before

    def test_what_receives_no_webhooks(self, server: Server) -> None:
        answer = server.request("/open", {}, None, method="GET")
        assert (answer.status, answer.body) == (200, b"open")

    def test_a_client_that_goes_away_in_its_body(self, server: Server) -> None:
        before = server.journal()
        headers = signer().headers(BODY)
        with server.connect() as connection:
            connection.sendall(_head(self.at("ok"), headers) + BODY[:20])
            time.sleep(0.2)
        time.sleep(0.3)
        assert server.journal() == before
        # Nothing was claimed: its retry is worked on.
        assert self.works(server, "ok", headers) == 1

    def test_a_client_that_goes_away_in_the_work(self, server: Server) -> None:
        """The work goes on to its end, and is done: the retry is a duplicate."""
        headers = signer().headers(BODY)
        before = len(server.journal())
        with server.connect() as connection:
            connection.sendall(_head(self.at("slow"), headers) + BODY)
            server.wait_for_work(before + 1)
        server.wait_for_work(before + 2)
        deadline = time.monotonic() + 20
        while (again := server.request(self.at("ok"), headers)).status == 503 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert (again.status, again.body) == (200, REFUSED)
        assert len(server.journal()) == before + 2

    def check_get(self, server: Server, path: str) -> None:
        """A webhook whose parameters are signed."""
        # A framework's own reading of the query need not be what was signed.
        query = "from=447700900321&to=447700900555&conversation_uuid=CON-1&uuid=a%20b+c%c3%A9%7E"
        headers = signer().headers(query=query)
        answer = server.request(f"{path}?{query}", headers, None, method="GET")
        assert answer.status == 200 and b"447700900321" in answer.body, server.log()
        assert server.request(f"{path}?{query}", headers, None, method="GET").body == REFUSED
        changed = server.request(f"{path}?{query}&a=b", signer().headers(query=query), None, method="GET")
        assert (changed.status, changed.body) == (503, REFUSED)

    def check_cancelled(self, server: Server) -> None:
        """For servers that cancel the work of a client that has gone away."""
        headers = signer().headers(BODY)
        before = len(server.journal())
        with server.connect() as connection:
            connection.sendall(_head(self.at("slow"), headers) + BODY)
            server.wait_for_work(before + 1)
        deadline = time.monotonic() + 20
        while (again := server.request(self.at("ok"), headers)).status == 503 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert again.body.startswith(b"447700900321"), again
        time.sleep(1.2)
        assert len(server.journal()) == before + 2


def _head(path: str, headers: dict[str, str]) -> bytes:
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {path} HTTP/1.1\r\nHost: h\r\n{fields}Content-Length: {len(BODY)}\r\n\r\n".encode()


def _send_slowly(server: Server, head: bytes, body: bytes) -> bytes:
    """Sends a large body, and reads what is answered, also when the server stops reading before the end."""
    answer = b""
    with server.connect() as connection:
        connection.sendall(head)
        connection.setblocking(False)
        sent, deadline = 0, time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                sent += connection.send(body[sent : sent + 65536]) if sent < len(body) else 0
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:
                sent = len(body)
            try:
                part = connection.recv(65536)
                if not part:
                    break
                answer += part
                if b"\r\n\r\n" in answer:
                    break
            except BlockingIOError:
                pass
            except OSError:
                break
        connection.settimeout(None)
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    return answer
