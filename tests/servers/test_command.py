"""What `hookproof sign` prints for a shell, given to a shell: a real curl, and the example server in C."""

from collections.abc import Iterator

import pytest
from command import API_KEY, SECRET, answer, hookproof, samples
from running_server import RunningServer, keyring


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with RunningServer(keyring((API_KEY, SECRET.encode()))) as server:
        yield server
        assert server.stop() == 0


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
