"""Real servers for the tests of the frameworks, and a client that hides nothing."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

from hookproof.testing import Signer

APPS = Path(__file__).resolve().parent / "apps"
ACCOUNT = "a1b2c3d4"
SECRET = "the signature secret of your dashboard"
BODY = b'{"channel":"whatsapp","message_uuid":"m","from":"447700900321","message_type":"text","text":"Hi \xc3\xa9"}'
PATIENCE = 60


def signer() -> Signer:
    return Signer(ACCOUNT, SECRET)


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Server:
    """A server in processes of its own. `command` is what a user would type; `{port}` stands for a free port."""

    def __init__(
        self,
        place: Path,
        command: Sequence[str],
        *,
        directory: Path = APPS,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.place = place
        self.port = _free_port()
        keyring = {"version": 1, "accounts": [{"api_key": ACCOUNT, "secrets": [{"label": "l", "secret": SECRET}]}]}
        (place / "keyring.json").write_text(json.dumps(keyring))
        (place / "journal").touch()
        self._log = (place / "log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, *(word.format(port=self.port) for word in command)],
            cwd=directory,
            env={
                **os.environ,
                "HOOKPROOF_KEYRING": str(place / "keyring.json"),
                "HOOKPROOF_STORE": str(place / "seen.db"),
                "JOURNAL": str(place / "journal"),
                "PYTHONUNBUFFERED": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
                **(environment or {}),
            },
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise

    def _wait(self) -> None:
        for _ in range(PATIENCE * 20):
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended: {self.log()}")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"the server does not answer: {self.log()}")

    def log(self) -> str:
        return (self.place / "log").read_text()

    def journal(self) -> list[str]:
        """What the application worked on: a line for each time."""
        return (self.place / "journal").read_text().splitlines()

    def request(
        self, path: str, headers: Mapping[str, str], body: bytes | None = BODY, *, method: str = "POST"
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def raw(self, head: bytes, body: bytes = b"") -> bytes:
        """What the server answers to these bytes, until it closes the connection or the answer is whole."""
        with self.connect() as connection:
            connection.sendall(head + body)
            response = http.client.HTTPResponse(connection)
            response.begin()
            return b"%d %s" % (response.status, response.read())

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def wait_for(self, text: str) -> None:
        """Until the log has a text."""
        for _ in range(PATIENCE * 20):
            if text in self.log():
                return
            time.sleep(0.05)
        raise AssertionError(f"{text} is not in the log: {self.log()}")

    def wait_for_work(self, times: int) -> None:
        """Until the journal has so many lines."""
        for _ in range(PATIENCE * 20):
            if len(self.journal()) >= times:
                return
            time.sleep(0.05)
        raise AssertionError(f"the work was not done {times} times: {self.journal()} {self.log()}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the server and all its workers, and sees that none is left."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        # What Python itself starts beside workers ends a little later.
        for _attempt in range(100):
            left = members(self.process.pid)
            if not left:
                break
            time.sleep(0.05)
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._log.close()
        log = self.log()
        assert SECRET not in log and "Bearer " not in log, log
        assert not left, f"processes were left running: {left} {log}"


def members(session: int) -> list[int]:
    """The processes of a session that are alive."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        state, _, _, its_session = text.rpartition(")")[2].split()[:4]
        if int(its_session) == session and state not in "ZX":
            found.append(int(stat.parent.name))
    return found


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
