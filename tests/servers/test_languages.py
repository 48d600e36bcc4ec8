"""Servers in different languages on one store: what one has accepted is a repeat at all others."""

import concurrent.futures
import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import API_KEY, SECRET, answer, hookproof, samples
from languages import LANGUAGES, Server
from places import ACCOUNT
from running_redis import RunningRedis, need_redis
from running_server import keyring
from signing import bearer
from wire import exchange, post

BODY = b'{"channel":"sms","message_uuid":"aaaaaaaa-bbbb-cccc-dddd-0123456789ab","text":"Hello"}'
COPIES = 4


@pytest.fixture(scope="module", params=["redis", "file"])
def servers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    with contextlib.ExitStack() as stack:
        if request.param == "redis":
            need_redis()
            store = stack.enter_context(RunningRedis()).url
        else:
            path: Path = tmp_path_factory.mktemp("store") / "seen.db"
            store = f"file:{path}"
        yield [stack.enter_context(Server(language, keyring(ACCOUNT), store)) for language in LANGUAGES]


def test_what_one_accepts_is_a_duplicate_at_the_others(servers: list[Server]) -> None:
    for first in servers:
        request = post(bearer(ACCOUNT, BODY), BODY)
        before = {server.port: server.duplicates() for server in servers}
        assert exchange(first.port, request).status == 200, first.log()
        for other in servers:
            assert exchange(other.port, request).status == 200, other.log()
            other.await_duplicates(before[other.port] + 1)


def test_one_webhook_to_all_at_once_is_accepted_once(servers: list[Server]) -> None:
    for _ in range(5):
        request = post(bearer(ACCOUNT, BODY), BODY)
        ports = [server.port for server in servers for _ in range(COPIES)]
        before = sum(server.refusals() for server in servers)
        start = threading.Barrier(len(ports))

        def send(port: int, request: bytes = request, start: threading.Barrier = start) -> int:
            start.wait()
            return exchange(port, request).status

        with concurrent.futures.ThreadPoolExecutor(len(ports)) as pool:
            statuses = list(pool.map(send, ports))
        assert set(statuses) <= {200, 503}
        # All but one were told that it is a repeat, or that somebody else is at work.
        end = time.monotonic() + 10
        while sum(server.refusals() for server in servers) - before < len(ports) - 1 and time.monotonic() < end:
            time.sleep(0.01)
        logs = "\n".join(server.log() for server in servers)
        assert sum(server.refusals() for server in servers) - before == len(ports) - 1, logs


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_command_prints_for_a_shell(language: str, tmp_path: Path) -> None:
    """`hookproof sign` makes a line for curl: a real shell and curl, and the server of each language."""
    accounts = keyring((API_KEY, SECRET.encode()))
    with Server(language, accounts, f"file:{tmp_path / 'seen.db'}") as server:
        url = ("--url", f"http://127.0.0.1:{server.port}/webhooks/inbound")
        for sample in samples():
            assert answer(hookproof("sign", "--sample", sample["name"], *url)) == "200", sample["name"] + server.log()
        for body in (
            bytes(range(256)),
            b"'\"`$(exit 1) ${HOME} \\ \n !! %s # ; & | < >",
            b"@/etc/hostname",
            b"\x00",
            b"",
        ):
            assert answer(hookproof("sign", *url, body=body)) == "200", server.log()
        line = hookproof("sign", *url, body=b'{"a":1}')
        assert answer(line.replace(b'"a":1', b'"a":2')) == "503"
