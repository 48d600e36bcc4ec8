"""HTTP by hand, for requests that no client library would send."""

import contextlib
import socket
from dataclasses import dataclass
from typing import Self


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def steady(self) -> tuple[int, list[tuple[str, str]], bytes]:
        """Everything a sender could tell two answers apart by, without the time of day."""
        return self.status, [(k, v) for k, v in self.headers if k.lower() != "date"], self.body


def head(authorization: bytes | None, *fields: bytes, method: bytes = b"POST", target: bytes = b"/hook") -> bytes:
    """A request head; `fields` are further lines."""
    lines = [method + b" " + target + b" HTTP/1.1", b"Host: localhost"]
    if authorization is not None:
        lines.append(b"Authorization: " + authorization)
    return b"\r\n".join([*lines, *fields]) + b"\r\n\r\n"


def post(authorization: bytes | None, body: bytes, *fields: bytes, **request_line: bytes) -> bytes:
    return head(authorization, b"Content-Length: %d" % len(body), *fields, **request_line) + body


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


class Connection:
    def __init__(self, port: int, timeout: float = 10) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._input = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._input.close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def finish_sending(self) -> None:
        self.socket.shutdown(socket.SHUT_WR)

    def answer(self, bodiless: bool = False) -> Answer:
        """The next answer; a connection that ends without one is a failure."""
        answer = self.answer_or_end(bodiless)
        assert answer is not None, "the connection ended without an answer"
        return answer

    def answer_or_end(self, bodiless: bool = False) -> Answer | None:
        """The next answer, None when the connection ends without one."""
        try:
            line = self._input.readline()
        except ConnectionError:
            return None
        if not line:
            return None
        status = int(line.split(b" ", 2)[1])
        headers = []
        while (line := self._input.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers.append((name, value.strip()))
        answer = Answer(status, headers, b"")
        if not bodiless and status >= 200:
            answer.body = self._input.read(int(answer.header("Content-Length") or 0))
        return answer


def exchange(port: int, request: bytes, timeout: float = 10) -> Answer:
    """One request on a connection of its own."""
    answer = exchange_or_end(port, request, timeout)
    assert answer is not None, "the connection ended without an answer"
    return answer


def exchange_or_end(port: int, request: bytes, timeout: float = 10) -> Answer | None:
    """As `exchange`; None when the connection ends without an answer."""
    with Connection(port, timeout) as connection:
        with contextlib.suppress(ConnectionError):
            connection.send(request)
        return connection.answer_or_end(bodiless=request.startswith(b"HEAD"))
