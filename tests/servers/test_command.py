"""What `hookproof sign` prints for a shell, given to a shell: a real curl, and the example server in C."""

import json
import os
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from running_server import ROOT, RunningServer, keyring

ACCOUNT = ("a1b2c3d4", b"k-8d2f6c1e0b9a47538d2f6c1e0b9a4753")


@cache
def command() -> Path:
    subprocess.run(["cargo", "build", "--quiet", "--locked", "-p", "hookproof-cli"], cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "debug/hookproof"


def hookproof(*arguments: str, body: bytes = b"") -> bytes:
    environment = {**os.environ, "HOOKPROOF_SECRET": ACCOUNT[1].decode(), "HOOKPROOF_API_KEY": ACCOUNT[0]}
    environment.pop("HOOKPROOF_KEYRING", None)
    run = subprocess.run(
        [command(), *arguments], input=body, env=environment, capture_output=True, check=True, timeout=60
    )
    return run.stdout


def samples() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(hookproof("samples", "--format", "json"))["samples"]
    return [sample for sample in listed if sample["signed"] == "token"]


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with RunningServer(keyring(ACCOUNT)) as server:
        yield server
        assert server.stop() == 0


def answer(line: bytes) -> str:
    """The HTTP status that the line gets in the plainest of shells; what it prints besides goes away."""
    line = line.rstrip(b"\n") + b" --silent --max-time 30 --output /dev/null --write-out '%{http_code}'\n"
    run = subprocess.run(["sh"], input=line, capture_output=True, check=True, timeout=60)
    return run.stdout.decode()


def test_every_sample_pasted_into_a_shell(server: RunningServer) -> None:
    listed = samples()
    assert len(listed) > 50
    for sample in listed:
        line = hookproof("sign", "--sample", sample["name"], "--url", f"http://127.0.0.1:{server.port}/hook")
        assert answer(line) == "200", sample["name"]


@pytest.mark.parametrize(
    "body",
    [
        bytes(range(256)),
        b"@/etc/hostname",
        b"'\"`$(exit 1) ${HOME} \\ \\n !! %s %% # ; & | < >",
        b"line\nline\r\nline\n",
        b"\n",
        b"\x00",
        "é 👋 \u2028".encode(),
        b"\xff\xfe",
        b"--help",
        b"",
    ],
)
def test_bodies_arrive_byte_for_byte(server: RunningServer, body: bytes) -> None:
    line = hookproof("sign", "--url", f"http://127.0.0.1:{server.port}/hook", body=body)
    assert answer(line) == "200"
    assert answer(line.replace(b"--request POST", b"--request PUT --header 'X: y'")) == "200"  # a duplicate


def test_a_query_arrives_as_it_is(server: RunningServer) -> None:
    query = "to=1&from=%2B44&text=it%27s+%22x%22&list[]={1,2}&a=%C3%A9"
    line = hookproof("sign", "--query", query, "--url", f"http://127.0.0.1:{server.port}/hook")
    assert answer(line) == "200"


def test_a_changed_body_is_refused(server: RunningServer) -> None:
    line = hookproof("sign", "--url", f"http://127.0.0.1:{server.port}/hook", body=b'{"a":1}')
    assert answer(line.replace(b'"a":1', b'"a":2')) == "503"
    assert server.verdicts()[-1] == "payload.mismatch"
