"""The example server, in processes of its own, under a real HTTP client."""

from __future__ import annotations

import http.client
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hookproof.testing import Signer

SERVER = Path(__file__).resolve().parents[2] / "examples/python/server.py"
SECRET = "the signature secret of your dashboard"
BODY = b'{"channel":"whatsapp","message_uuid":"m","from":"447700900321","message_type":"text","text":"Hi"}'

Start = Callable[[], int]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    keyring = {"version": 1, "accounts": [{"api_key": "a1b2c3d4", "secrets": [{"label": "l", "secret": SECRET}]}]}
    (tmp_path / "keyring.json").write_text(json.dumps(keyring))
    environment = {
        **os.environ,
        "HOOKPROOF_KEYRING": str(tmp_path / "keyring.json"),
        "HOOKPROOF_STORE": str(tmp_path / "seen.db"),
        "FAIL_WHILE": str(tmp_path / "fail"),
    }
    servers: list[subprocess.Popen[str]] = []

    def run() -> int:
        with (tmp_path / f"{len(servers)}.log").open("w") as log:
            server = subprocess.Popen(
                [sys.executable, str(SERVER), "0"], env=environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        servers.append(server)
        assert server.stdout is not None
        return int(server.stdout.readline())

    yield run
    for server in servers:
        server.send_signal(signal.SIGINT)
        server.wait(30)
        assert server.stdout is not None
        server.stdout.close()
    log = "".join(path.read_text() for path in tmp_path.glob("*.log"))
    assert SECRET not in log and "Bearer" not in log


def post(port: int, body: bytes, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/webhooks/inbound", body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_two_servers_and_one_file(start: Start, tmp_path: Path) -> None:
    first, second = start(), start()
    signer = Signer("a1b2c3d4", SECRET)
    genuine = signer.headers(BODY)
    assert post(first, BODY, genuine) == 200
    assert post(second, BODY, genuine) == 200  # a duplicate: the sender's retries end
    assert "replay.duplicate" in (tmp_path / "1.log").read_text()
    assert post(first, BODY + b" ", signer.headers(BODY)) == 503
    assert post(first, BODY, {"Content-Type": "application/json"}) == 503
    assert post(first, BODY, signer.headers(BODY, iat=1)) == 503
    assert post(first, BODY, {"Authorization": "Bearer " + "x" * 100}) == 401
    assert post(first, BODY, Signer("a1b2c3d4", "wrong").headers(BODY)) == 503


def test_failed_work_is_done_at_the_retry(start: Start, tmp_path: Path) -> None:
    port = start()
    genuine = Signer("a1b2c3d4", SECRET).headers(BODY)
    (tmp_path / "fail").touch()
    assert post(port, BODY, genuine) == 503
    (tmp_path / "fail").unlink()
    assert post(port, BODY, genuine) == 200
    log = (tmp_path / "0.log").read_text()
    assert log.count("messages inbound/whatsapp from 447700900321") == 2 and "replay" not in log


def test_a_large_forgery(start: Start) -> None:
    port = start()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest("POST", "/webhooks/inbound")
    connection.putheader("Authorization", Signer("a1b2c3d4", "wrong").sign(b""))
    connection.putheader("Content-Length", str(50_000_000))
    connection.endheaders()
    # Answered before the body is sent.
    assert connection.getresponse().status == 503
    connection.close()


def test_curl_lines_of_the_command(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sample that is signed by a token, as `hookproof sign` prints it for a shell."""
    monkeypatch.syspath_prepend(str(SERVER.parents[2] / "tests/servers"))
    command = importlib.import_module("command")
    keyring = {"label": "l", "secret": command.SECRET}
    accounts = [{"api_key": command.API_KEY, "secrets": [keyring]}]
    (tmp_path / "keyring.json").write_text(json.dumps({"version": 1, "accounts": accounts}))
    port = start()
    for sample in command.samples():
        line = command.hookproof("sign", "--sample", sample["name"], "--url", f"http://127.0.0.1:{port}/")
        assert command.answer(line) == "200", sample["name"]
    line = command.hookproof("sign", "--url", f"http://127.0.0.1:{port}/", body=bytes(range(256)))
    assert command.answer(line) == "200"
    assert command.answer(line.replace(b"printf '", b"printf 'x")) == "503"
