"""The example server and its replay stores: what is worked on once, what may come again, and what outlives a crash."""

import json
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from places import ACCOUNT, OTHER_SECRET, Journal, Place, a_place, in_redis
from running_redis import RunningRedis, library, need_redis
from running_server import RunningServer, binary, keyring
from signing import bearer
from wire import Answer, Connection, exchange, head, post

BODY = b'{"channel":"sms","message_uuid":"aaaaaaaa-bbbb-cccc-dddd-0123456789ab","text":"Hello"}'
CONTENT = b'[{"action":"talk","text":"Hello"}]\n'


@pytest.fixture(params=["memory", "file", "redis"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with a_place(request.param, tmp_path) as place:
        yield place


@pytest.fixture(params=["file", "redis"])
def shared_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with a_place(request.param, tmp_path) as place:
        yield place


@pytest.fixture
def redis() -> Iterator[RunningRedis]:
    need_redis()
    with RunningRedis() as redis:
        yield redis


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


def genuine(target: bytes = b"/hook") -> bytes:
    """A request with a token of its own."""
    return post(bearer(ACCOUNT, BODY), BODY, target=target)


def assert_done(server: RunningServer, answer: Answer, reason: str = "ok") -> None:
    assert (answer.status, answer.body, answer.header("Retry-After")) == (200, b"ok\n", None)
    assert server.verdicts()[-1] == reason


def assert_to_retry(server: RunningServer, answer: Answer, reason: str) -> None:
    assert (answer.status, answer.body, answer.header("Retry-After")) == (503, b"refused\n", "5")
    assert server.verdicts()[-1] == reason


def send_aside(port: int, request: bytes) -> tuple[threading.Thread, list[Answer]]:
    """Sends from another thread; the answer is in the list once the thread is joined."""
    answers: list[Answer] = []
    thread = threading.Thread(target=lambda: answers.append(exchange(port, request)))
    thread.start()
    return thread, answers


def await_line(journal: Journal, word: str) -> None:
    end = time.monotonic() + 10
    while word not in journal.words():
        assert time.monotonic() < end, f"no {word!r} in {journal.words()}"
        time.sleep(0.005)


# Once


def test_replayed_request_is_not_worked_on(place: Place, journal: Journal) -> None:
    with place.server(*journal.options) as server:
        request = genuine()
        first = exchange(server.port, request)
        assert_done(server, first)
        again = exchange(server.port, request)
        assert_done(server, again, "replay.duplicate")
        # Who replays learns nothing that the first answer did not tell.
        assert again.steady() == first.steady()
        assert_done(server, exchange(server.port, genuine()))
        assert journal.words() == ["handled", "confirmed"] * 2
        assert server.stop() == 0
        assert "stopped after 2 events" in server.log()


def test_the_token_counts_and_not_how_it_is_sent(place: Place, journal: Journal) -> None:
    value = bearer(ACCOUNT, BODY)
    with place.server(*journal.options) as server:
        assert_done(server, exchange(server.port, post(value, BODY)))
        for other in (
            post(value, BODY, method=b"PUT"),
            post(value, BODY, target=b"/elsewhere?x=1"),
            post(value.replace(b"Bearer ", b"bearer   "), BODY),
        ):
            assert_done(server, exchange(server.port, other), "replay.duplicate")
        assert journal.handled() == 1


def test_retry_after_the_work_failed(place: Place, journal: Journal, tmp_path: Path) -> None:
    outage = tmp_path / "outage"
    with place.server(*journal.options, "--fail-while", str(outage)) as server:
        request = genuine()
        outage.touch()
        for _ in range(3):
            assert_to_retry(server, exchange(server.port, request), "handler.failed")
        outage.unlink()
        assert_done(server, exchange(server.port, request))
        assert_done(server, exchange(server.port, request), "replay.duplicate")
        assert journal.words() == ["released"] * 3 + ["handled", "confirmed"]


def test_answer_with_content_comes_again_for_a_repeat(place: Place, journal: Journal, tmp_path: Path) -> None:
    outage = tmp_path / "outage"
    with place.server(*journal.options, "--fail-while", str(outage)) as server:
        request = genuine(b"/voice/answer?from=447700900001")
        outage.touch()
        assert_to_retry(server, exchange(server.port, request), "handler.failed")
        outage.unlink()
        answers = [exchange(server.port, request) for _ in range(3)]
        assert [(answer.status, answer.body) for answer in answers] == [(200, CONTENT)] * 3
        assert {answer.header("Content-Type") for answer in answers} == {"application/json"}
        assert answers[1].steady() == answers[0].steady()
        marks = re.findall(r"200 ok POST /voice/answer \(\d+ body bytes, (\w+)\)", server.log())
        assert marks == ["claimed", "duplicate", "duplicate"]
        assert journal.words() == ["released", "handled", "confirmed"]
        # An outage is nothing to a repeat, whose work is done.
        outage.touch()
        assert exchange(server.port, request).body == CONTENT


def test_other_paths_have_no_content(place: Place) -> None:
    with place.server() as server:
        for target in (b"/voice/answers", b"/voice", b"/x/voice/answer", b"/voice/answer/"):
            request = genuine(target)
            assert_done(server, exchange(server.port, request))
            assert_done(server, exchange(server.port, request), "replay.duplicate")


def test_request_in_progress(place: Place, journal: Journal) -> None:
    with place.server(*journal.options, "--work", "1500") as server:
        for target in (b"/hook", b"/voice/answer"):
            request = genuine(target)
            thread, answers = send_aside(server.port, request)
            time.sleep(0.3)
            assert_to_retry(server, exchange(server.port, request), "replay.in_progress")
            thread.join()
            assert [answer.status for answer in answers] == [200]
        assert journal.words() == ["handled", "confirmed"] * 2


def test_many_at_once_with_one_token(place: Place, journal: Journal) -> None:
    with place.server(*journal.options, "--work", "20") as server:
        for _ in range(5):
            request = genuine()
            threads, lists = zip(*(send_aside(server.port, request) for _ in range(12)), strict=True)
            for thread in threads:
                thread.join()
            statuses = [answer.status for answers in lists for answer in answers]
            assert len(statuses) == 12 and 200 in statuses and set(statuses) <= {200, 503}
            assert exchange(server.port, request).status == 200
        assert journal.words() == ["handled", "confirmed"] * 5
        assert set(server.verdicts()) == {"ok", "replay.in_progress", "replay.duplicate"}


def test_refused_request_uses_nothing_up(place: Place, journal: Journal) -> None:
    with place.server(*journal.options) as server:
        value = bearer(ACCOUNT, BODY)
        refused = [
            (post(value, BODY + b" "), "payload.mismatch"),
            (post(value + b"A", BODY), "token.malformed"),
            (head(value, method=b"GET"), "payload.mismatch"),
            (head(value, method=b"DELETE"), "request.unsupported"),
            (post(value, BODY, b"Authorization: " + value), "header.duplicated"),
            (post(bearer(OTHER_SECRET, BODY), BODY), "signature.invalid"),
        ]
        for request, reason in refused:
            exchange(server.port, request)
            assert server.verdicts()[-1] == reason
        with Connection(server.port) as connection:
            connection.send(post(value, BODY)[:-1])
        server.await_log("- closed POST /hook")
        assert_done(server, exchange(server.port, post(value, BODY)))
        # Nor does a refused repeat change what is known.
        exchange(server.port, post(value, BODY + b" "))
        assert_done(server, exchange(server.port, post(value, BODY)), "replay.duplicate")
        assert journal.words() == ["handled", "confirmed"]


def test_peer_that_does_not_wait_for_the_answer(place: Place, journal: Journal) -> None:
    """Its work is done and confirmed, so that its retry is a repeat."""
    with place.server(*journal.options, "--work", "100") as server:
        request = genuine()
        with Connection(server.port) as connection:
            connection.send(request)
            await_line(journal, "handled")
        await_line(journal, "confirmed")
        assert_done(server, exchange(server.port, request), "replay.duplicate")


# The lease


def test_work_that_outlasts_its_lease(place: Place, journal: Journal) -> None:
    """A retry takes it over; the first answer goes out all the same, and the log says that it was overtaken."""
    with place.server(*journal.options, "--lease", "1", "--work", "2600") as server:
        request = genuine()
        first, first_answers = send_aside(server.port, request)
        time.sleep(1.3)
        second, second_answers = send_aside(server.port, request)
        first.join()
        second.join()
        assert [answer.status for answer in first_answers + second_answers] == [200, 200]
        server.await_log(r"^server: overtaken POST /hook: ")
        assert sorted(journal.words()) == ["confirmed", "handled", "handled", "overtaken"]
        assert_done(server, exchange(server.port, request), "replay.duplicate")


def test_lease_frees_what_a_killed_server_held(shared_place: Place, journal: Journal) -> None:
    request = genuine()
    slow = shared_place.server(*journal.options, "--lease", "2", "--work", "60000")
    with slow as server, Connection(server.port) as connection:
        connection.send(request)
        time.sleep(0.5)
        server.process.kill()
        assert connection.answer_or_end() is None
    with shared_place.server(*journal.options, "--lease", "2") as server:
        assert_to_retry(server, exchange(server.port, request), "replay.in_progress")
        time.sleep(2.2)
        assert_done(server, exchange(server.port, request))
        assert_done(server, exchange(server.port, request), "replay.duplicate")
    assert journal.words() == ["handled", "confirmed"]


# How far a store reaches


def test_what_a_restart_forgets(place: Place, journal: Journal) -> None:
    request = genuine()
    with place.server(*journal.options) as server:
        assert_done(server, exchange(server.port, request))
        server.process.kill()
    with place.server(*journal.options) as server:
        assert_done(server, exchange(server.port, request), "replay.duplicate" if place.shared else "ok")
    assert journal.handled() == (1 if place.shared else 2)


def test_what_other_processes_know(place: Place, journal: Journal) -> None:
    request = genuine()
    with place.server(*journal.options) as one, place.server(*journal.options, "--work", "800") as other:
        assert_done(one, exchange(one.port, request))
        assert_done(other, exchange(other.port, request), "replay.duplicate" if place.shared else "ok")
        request = genuine()
        thread, answers = send_aside(other.port, request)
        time.sleep(0.2)
        answer = exchange(one.port, request)
        thread.join()
        if place.shared:
            assert_to_retry(one, answer, "replay.in_progress")
        else:
            assert_done(one, answer)
        assert [answer.status for answer in answers] == [200]


def test_keys_may_change_under_a_store(place: Place) -> None:
    """The identity is the account and the id, whichever secret signed them."""
    with place.server() as server:
        claims = {"jti": "one-and-the-same", "iat": int(time.time())}
        assert_done(server, exchange(server.port, post(bearer(ACCOUNT, BODY, **claims), BODY)))
        server.reload(keyring(ACCOUNT, OTHER_SECRET), 2)
        again = post(bearer(OTHER_SECRET, BODY, **claims), BODY)
        assert_done(server, exchange(server.port, again), "replay.duplicate")


def test_namespaces_of_one_redis_are_apart(redis: RunningRedis) -> None:
    request = genuine()
    with in_redis(redis).server() as one, in_redis(redis).server() as other:
        assert_done(one, exchange(one.port, request))
        assert_done(other, exchange(other.port, request))


# A store that does not answer, or has no room


def test_full_memory_refuses_and_forgets_nothing() -> None:
    with RunningServer(keyring(ACCOUNT), "--replay-capacity", "2") as server:
        first, second, third = genuine(), genuine(), genuine()
        assert_done(server, exchange(server.port, first))
        assert_done(server, exchange(server.port, second))
        assert_to_retry(server, exchange(server.port, third), "replay.store_full")
        for request in (first, second):
            assert_done(server, exchange(server.port, request), "replay.duplicate")


def test_redis_goes_and_comes(redis: RunningRedis, journal: Journal) -> None:
    with in_redis(redis).server(*journal.options) as server:
        done, new = genuine(), genuine()
        assert_done(server, exchange(server.port, done))
        redis.kill()
        for request in (done, new):
            assert_to_retry(server, exchange(server.port, request), "replay.store_unavailable")
        # What does not reach the store is refused as ever.
        exchange(server.port, post(bearer(OTHER_SECRET, BODY), BODY))
        assert server.verdicts()[-1] == "signature.invalid"
        redis.start()
        end = time.monotonic() + 10
        while (answer := exchange(server.port, new)).status != 200:
            assert time.monotonic() < end, "the server does not find the store again"
            time.sleep(0.05)
        assert_done(server, answer)
        assert_done(server, exchange(server.port, done), "replay.duplicate")
        assert journal.words() == ["handled", "confirmed"] * 2


def test_server_starts_without_redis(redis: RunningRedis) -> None:
    redis.kill()
    with in_redis(redis).server() as server:
        assert exchange(server.port, head(None, method=b"GET", target=b"/health")).status == 200
        assert_to_retry(server, exchange(server.port, genuine()), "replay.store_unavailable")
        redis.start()
        end = time.monotonic() + 10
        while exchange(server.port, genuine()).status != 200:
            assert time.monotonic() < end, "the server does not find the store"
            time.sleep(0.05)


def test_confirm_that_fails(redis: RunningRedis, journal: Journal) -> None:
    """The work is done: the answer goes out, and the log says what did not."""
    with in_redis(redis).server(*journal.options, "--lease", "2", "--work", "600") as server:
        request = genuine()
        thread, answers = send_aside(server.port, request)
        await_line(journal, "handled")
        redis.kill()
        thread.join()
        assert_done(server, answers[0])
        server.await_log(r"^server: unconfirmed POST /hook: redis: ")
        redis.start()
        # The price: once the lease is over, a repeat is worked on.
        end = time.monotonic() + 10
        while exchange(server.port, request).status != 200:
            assert time.monotonic() < end
            time.sleep(0.1)
        assert journal.words() == ["handled", "unconfirmed", "handled", "confirmed"]


def test_hanging_redis_is_given_up_within_the_budget(redis: RunningRedis) -> None:
    patient = in_redis(redis)
    place = Place(patient.replay, ("--replay-budget", "200"), patient.library)
    with place.server() as server:
        end = time.monotonic() + 10
        while exchange(server.port, genuine()).status != 200:
            assert time.monotonic() < end
        redis.process.send_signal(signal.SIGSTOP)
        start = time.monotonic()
        assert_to_retry(server, exchange(server.port, genuine()), "replay.store_unavailable")
        assert 0.15 < time.monotonic() - start < 1.5
        redis.process.send_signal(signal.SIGCONT)
        end = time.monotonic() + 10
        while exchange(server.port, genuine()).status != 200:
            assert time.monotonic() < end, "the server does not find the store again"
            time.sleep(0.05)


def test_redis_that_evicts_is_refused() -> None:
    need_redis()
    evicting = ("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")
    with RunningRedis(*evicting) as redis, in_redis(redis).server() as server:
        assert_to_retry(server, exchange(server.port, genuine()), "replay.store_unavailable")
        server.await_log(r"replay\.store_unavailable POST .*allkeys-lru")


def test_file_that_is_taken_away(tmp_path: Path) -> None:
    directory = tmp_path / "store"
    directory.mkdir(mode=0o700)
    with Place(f"file:{directory}/seen.db").server() as server:
        assert_done(server, exchange(server.port, genuine()))
        shutil.rmtree(directory)
        assert_to_retry(server, exchange(server.port, genuine()), "replay.store_unavailable")


def test_two_servers_make_one_file_at_once(tmp_path: Path, journal: Journal) -> None:
    place = Place(f"file:{tmp_path}/seen.db")
    servers: list[RunningServer] = []
    threads = [threading.Thread(target=lambda: servers.append(place.server(*journal.options))) for _ in range(6)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(servers) == 6
        request = genuine()
        assert [exchange(server.port, request).status for server in servers] == [200] * 6
        assert journal.handled() == 1
    finally:
        for server in servers:
            server.__exit__()


# Choosing


def start(*options: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A start that is expected to fail."""
    environment = {"HOOKPROOF_KEYRING": json.dumps(keyring(ACCOUNT)), **(env or {})}
    command = [str(binary()), "--port", "0", *options]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=10)


def test_no_store_is_no_choice() -> None:
    for env in ({}, {"HOOKPROOF_REPLAY": ""}):
        result = start(env=env)
        assert (result.returncode, result.stdout) == (1, "")
        for choice in ("memory", "file:PATH", "redis://HOST:PORT[/DB]", "HOOKPROOF_REPLAY"):
            assert choice in result.stderr


WRONG_CHOICES: dict[str, tuple[list[str], str]] = {
    "unknown": (["--replay", "none"], "choose memory, file:PATH or redis://HOST:PORT"),
    "memory with a name": (["--replay", "memory:x"], "choose memory"),
    "no capacity": (["--replay", "memory", "--replay-capacity", "1000000000000"], "capacity"),
    "memory has no namespace": (["--replay", "memory", "--replay-namespace", "x"], "--replay-namespace"),
    "a file has no capacity": (["--replay", "file:/tmp/x", "--replay-capacity", "9"], "--replay-capacity"),
    "no path": (["--replay", "file:"], "--replay: path"),
    "no such directory": (["--replay", "file:/nonexistent/seen.db"], "its directory is not there"),
    "a directory": (["--replay", "file:/usr"], "--replay: path"),
    "budget": (["--replay", "memory", "--replay-budget", "60001"], "--replay-budget"),
    "lease": (["--replay", "memory", "--lease", "3601"], "lease"),
    "journal": (["--replay", "memory", "--journal", "/nonexistent/journal"], "--journal"),
}


@pytest.mark.parametrize("case", WRONG_CHOICES)
def test_wrong_choice(case: str) -> None:
    options, message = WRONG_CHOICES[case]
    result = start(*options)
    assert (result.returncode, result.stdout) == (1, "") and message in result.stderr


@pytest.mark.parametrize("option", ["--replay-capacity", "--replay-budget", "--lease"])
def test_option_that_is_no_number(option: str) -> None:
    for text in ("0", "-1", "x", ""):
        assert start("--replay", "memory", option, text).returncode == 2


def test_library_without_redis_says_so() -> None:
    result = start("--replay", "redis://user:hunter2@127.0.0.1:1")
    assert result.returncode == 1 and "this library was built without the feature redis" in result.stderr
    assert "hunter2" not in result.stderr


def test_password_is_never_shown() -> None:
    env = {"LD_LIBRARY_PATH": str(library())}
    wrong = start(env={**env, "HOOKPROOF_REPLAY": "redis://user:hunter2@:x/y"})
    assert wrong.returncode == 1 and "hunter2" not in wrong.stderr and "--replay: url" in wrong.stderr
    hidden = {**env, "HOOKPROOF_REPLAY": "redis://user:hunter2@127.0.0.1:1"}
    with RunningServer(keyring(ACCOUNT), replay=None, env=hidden) as server:
        assert_to_retry(server, exchange(server.port, genuine()), "replay.store_unavailable")
        assert "hunter2" not in server.log()


def test_start_says_what_the_store_covers(place: Place) -> None:
    words = {"memory": "threads of this process", "file": "processes of this machine", "redis": "all machines"}
    with place.server() as server:
        said = server.await_log(r"^server: replay: (.+)$").group(1)
        assert words[place.replay.split(":")[0]] in said


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed")
def test_memory_is_clean(place: Place, journal: Journal, tmp_path: Path) -> None:
    report, outage = tmp_path / "valgrind.log", tmp_path / "outage"
    valgrind = (
        "valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full", "--show-leak-kinds=all",
        "--errors-for-leak-kinds=definite,indirect,possible", f"--log-file={report}",
    )  # fmt: skip
    options = (*journal.options, "--fail-while", str(outage))
    with place.server(*options, wrapper=valgrind) as server:

        def statuses(request: bytes, count: int) -> list[int]:
            return [exchange(server.port, request, timeout=60).status for _ in range(count)]

        for target in (b"/hook", b"/voice/answer"):
            request = genuine(target)
            outage.touch()
            assert statuses(request, 2) == [503, 503]
            outage.unlink()
            assert statuses(request, 3) == [200, 200, 200]
        with Connection(server.port, 60) as connection:
            connection.send(genuine())
        server.await_log(r"(?s)(body bytes.*){11}", timeout=60)
        code = server.stop(timeout=120)
    assert code == 0, report.read_text()
    assert journal.handled() == 3
