"""The example C server, started for real and spoken to over sockets."""

import hashlib
import http.client
import json
import random
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from running_server import RunningServer, binary, keyring
from signing import bearer, claims, token
from wire import Answer, Connection, chunk, exchange, exchange_or_end, head, post

ACCOUNT = ("a1b2c3d4", b"k-8d2f6c1e0b9a47538d2f6c1e0b9a4753")
OTHER_SECRET = ("a1b2c3d4", b"x-8d2f6c1e0b9a47538d2f6c1e0b9a4753")
STRANGER = ("ffffffff", b"k-8d2f6c1e0b9a47538d2f6c1e0b9a4753")
BODY = b'{"channel":"sms","message_uuid":"aaaaaaaa-bbbb-cccc-dddd-0123456789ab","text":"Hello"}'
MEGABYTE = 1024 * 1024
CHUNKED = b"Transfer-Encoding: chunked"


@pytest.fixture(scope="module")
def shared() -> Iterator[RunningServer]:
    """One server for the tests that leave it as they found it. At the end it must still stop in good order."""
    with RunningServer(keyring(ACCOUNT)) as server:
        yield server
        assert server.stop() == 0


def genuine(body: bytes = BODY, *fields: bytes, **claim_changes: Any) -> bytes:
    return post(bearer(ACCOUNT, body, **claim_changes), body, *fields)


def assert_accepted(answer: Answer) -> None:
    assert (answer.status, answer.body) == (200, b"ok\n")


def assert_refused(server: RunningServer, answer: Answer, status: int, reason: str) -> None:
    assert (answer.status, answer.body) == (status, b"refused\n")
    assert answer.header("Retry-After") == ("5" if status == 503 else None)
    assert server.verdicts()[-1] == reason


def assert_alive(server: RunningServer) -> None:
    assert server.process.poll() is None
    assert_accepted(exchange(server.port, genuine()))


# Verdicts


def test_genuine(shared: RunningServer) -> None:
    answer = exchange(shared.port, genuine())
    assert_accepted(answer)
    assert answer.header("Retry-After") is None
    assert shared.verdicts()[-1] == "ok"


@pytest.mark.parametrize("method", [b"POST", b"PUT", b"PATCH"])
def test_methods_with_a_body(shared: RunningServer, method: bytes) -> None:
    assert_accepted(exchange(shared.port, post(bearer(ACCOUNT, BODY), BODY, method=method)))


@pytest.mark.parametrize("method", [b"get", b"DELETE", b"OPTIONS", b"post"])
def test_other_methods(shared: RunningServer, method: bytes) -> None:
    answer = exchange(shared.port, head(bearer(ACCOUNT, b""), method=method))
    assert_refused(shared, answer, 503, "request.unsupported")


def test_head_request(shared: RunningServer) -> None:
    answer = exchange(shared.port, head(bearer(ACCOUNT, b""), method=b"HEAD"))
    assert (answer.status, answer.body) == (503, b"")


def test_health_needs_no_signature(shared: RunningServer) -> None:
    assert_accepted(exchange(shared.port, head(None, method=b"GET", target=b"/health")))
    # Nothing but GET /health passes by the verifier.
    assert_refused(shared, exchange(shared.port, post(None, b"", target=b"/health")), 503, "header.missing")
    answer = exchange(shared.port, head(None, method=b"GET", target=b"/health/x"))
    assert_refused(shared, answer, 503, "header.missing")


def test_get_is_verified_by_its_query(shared: RunningServer) -> None:
    value = bearer(ACCOUNT, b'{"to":"15550001111","text":"a b/c"}')
    good = b"/voice/answer?to=15550001111&text=a%20b%2Fc"
    answer = exchange(shared.port, head(value, method=b"GET", target=good))
    assert (answer.status, b"talk" in answer.body) == (200, True)
    assert shared.verdicts()[-1] == "ok"
    for target in (good + b"&x=1", good.replace(b"a%20b", b"a%20c"), good + b"&to=1", b"/voice/answer"):
        answer = exchange(shared.port, head(value, method=b"GET", target=target))
        assert_refused(shared, answer, 503, "payload.mismatch")


def test_query_of_a_post_changes_nothing(shared: RunningServer) -> None:
    assert_accepted(exchange(shared.port, post(bearer(ACCOUNT, BODY), BODY, target=b"/hook?a=%20b&c")))


def test_every_byte_of_the_body_counts(shared: RunningServer) -> None:
    body = bytes(range(256)) * 40
    assert_accepted(exchange(shared.port, genuine(body)))
    authorization = bearer(ACCOUNT, body)
    for altered in (body[:-1], body + b"\n", body.replace(b"\x00", b"\x01", 1)):
        assert_refused(shared, exchange(shared.port, post(authorization, altered)), 503, "payload.mismatch")


REFUSALS: dict[str, tuple[int, Callable[[], bytes]]] = {
    "header.missing": (503, lambda: post(None, BODY)),
    "header.malformed": (401, lambda: post(b"Basic YTpi", BODY)),
    "header.duplicated": (401, lambda: genuine(BODY, b"Authorization: " + bearer(ACCOUNT, BODY))),
    "token.too_large": (401, lambda: post(b"Bearer " + b"a" * 9000, BODY)),
    "token.malformed": (401, lambda: post(b"Bearer a.b", BODY)),
    "token.algorithm": (
        401,
        lambda: post(b"Bearer " + token(ACCOUNT[1], claims(ACCOUNT[0], BODY), {"alg": "none"}), BODY),
    ),
    "token.critical": (
        401,
        lambda: post(b"Bearer " + token(ACCOUNT[1], claims(ACCOUNT[0], BODY), {"alg": "HS256", "crit": None}), BODY),
    ),
    "key.unknown": (503, lambda: post(bearer(STRANGER, BODY), BODY)),
    "signature.invalid": (503, lambda: post(bearer(OTHER_SECRET, BODY), BODY)),
    "claims.missing": (503, lambda: genuine(payload_hash=None)),
    "claims.malformed": (503, lambda: genuine(jti=7)),
    "issuer.mismatch": (503, lambda: genuine(iss="vonage")),
    "time.stale": (503, lambda: genuine(iat=int(time.time()) - 320)),
    "time.future": (503, lambda: genuine(iat=int(time.time()) + 90)),
    "time.expired": (503, lambda: genuine(exp=int(time.time()) - 1)),
    "payload.mismatch": (503, lambda: post(bearer(ACCOUNT, BODY), BODY.replace(b"Hello", b"Hallo"))),
}


@pytest.mark.parametrize("reason", REFUSALS)
def test_refusal(shared: RunningServer, reason: str) -> None:
    status, request = REFUSALS[reason]
    assert_refused(shared, exchange(shared.port, request()), status, reason)


def test_refusals_look_alike(shared: RunningServer) -> None:
    """The sender learns the status, which tells it what to do, and nothing else."""
    answers: dict[int, set[str]] = {}
    for status, request in REFUSALS.values():
        answers.setdefault(status, set()).add(repr(exchange(shared.port, request()).steady()))
    assert {status: len(seen) for status, seen in answers.items()} == {401: 1, 503: 1}


# The header field


@pytest.mark.parametrize("name", [b"Authorization", b"authorization", b"AUTHORIZATION", b"aUTHORIZATION"])
@pytest.mark.parametrize("scheme", [b"Bearer ", b"bearer ", b"BEARER   "])
def test_case_of_field_and_scheme(shared: RunningServer, name: bytes, scheme: bytes) -> None:
    value = scheme + bearer(ACCOUNT, BODY).removeprefix(b"Bearer ")
    assert_accepted(exchange(shared.port, post(None, BODY, name + b": " + value)))


def test_two_fields_are_refused_whatever_they_hold(shared: RunningServer) -> None:
    value = bearer(ACCOUNT, BODY)
    for second in (value, b"", b"Basic YTpi"):
        for pair in ((value, second), (second, value)):
            fields = [b"AUTHORIZATION: " + pair[0], b"authorization: " + pair[1]]
            assert_refused(shared, exchange(shared.port, post(None, BODY, *fields)), 401, "header.duplicated")


def test_a_trailer_is_no_header(shared: RunningServer) -> None:
    trailer = b"0\r\nAuthorization: " + bearer(ACCOUNT, BODY) + b"\r\n\r\n"
    with Connection(shared.port) as connection:
        connection.send(head(None, CHUNKED, b"Trailer: Authorization") + chunk(BODY) + trailer)
        assert_refused(shared, connection.answer(), 503, "header.missing")


# The body on the wire


def test_chunked_in_tiny_pieces(shared: RunningServer) -> None:
    body = BODY * 8
    with Connection(shared.port) as connection:
        connection.send(head(bearer(ACCOUNT, body), CHUNKED))
        for i in range(len(body)):
            connection.send(chunk(body[i : i + 1]))
        connection.send(b"0\r\n\r\n")
        assert_accepted(connection.answer())


def test_chunked_by_a_client_library(shared: RunningServer) -> None:
    body = random.Random(1).randbytes(300_000)
    client = http.client.HTTPConnection("127.0.0.1", shared.port, timeout=10)
    pieces = (body[i : i + 7001] for i in range(0, len(body), 7001))
    client.request("POST", "/", pieces, {"Authorization": bearer(ACCOUNT, body).decode()}, encode_chunked=True)
    assert client.getresponse().status == 200
    client.close()


def test_no_body_at_all(shared: RunningServer) -> None:
    assert_accepted(exchange(shared.port, genuine(b"")))
    assert_accepted(exchange(shared.port, head(bearer(ACCOUNT, b""))))


def test_largest_body(shared: RunningServer) -> None:
    assert_accepted(exchange(shared.port, genuine(b"m" * MEGABYTE)))


def test_too_large_declared_is_answered_before_the_body_is_sent(shared: RunningServer) -> None:
    body = b"m" * (MEGABYTE + 1)
    answer = exchange(shared.port, head(bearer(ACCOUNT, body), b"Content-Length: %d" % len(body)))
    assert_refused(shared, answer, 413, "payload.too_large")
    # Who is nobody learns no limit.
    answer = exchange(shared.port, head(bearer(OTHER_SECRET, body), b"Content-Length: %d" % len(body)))
    assert_refused(shared, answer, 503, "signature.invalid")


def test_too_large_chunked(shared: RunningServer) -> None:
    body = b"m" * (MEGABYTE + 1)
    with Connection(shared.port) as connection:
        connection.send(head(bearer(ACCOUNT, body), CHUNKED) + chunk(body) + b"0\r\n\r\n")
        assert_refused(shared, connection.answer(), 413, "payload.too_large")


def test_endless_chunked_is_cut_off(shared: RunningServer) -> None:
    with Connection(shared.port) as connection:
        connection.send(head(bearer(ACCOUNT, b""), CHUNKED))
        with pytest.raises(ConnectionError):
            for _ in range(64):
                connection.send(chunk(b"m" * MEGABYTE))
    assert_alive(shared)


def test_max_body_option() -> None:
    with RunningServer(keyring(ACCOUNT), "--max-body", "100") as server:
        assert_accepted(exchange(server.port, genuine(b"m" * 100)))
        assert_refused(server, exchange(server.port, genuine(b"m" * 101)), 413, "payload.too_large")
        chunked = head(bearer(ACCOUNT, b"m" * 101), CHUNKED) + chunk(b"m" * 101) + b"0\r\n\r\n"
        assert_refused(server, exchange(server.port, chunked), 413, "payload.too_large")


def test_expect_continue(shared: RunningServer) -> None:
    expecting = (b"Content-Length: %d" % len(BODY), b"Expect: 100-continue")
    with Connection(shared.port) as connection:
        connection.send(head(bearer(ACCOUNT, BODY), *expecting))
        assert connection.answer().status == 100
        connection.send(BODY)
        assert_accepted(connection.answer())
    for refused, status, reason in (
        (head(bearer(OTHER_SECRET, BODY), *expecting), 503, "signature.invalid"),
        (head(bearer(OTHER_SECRET, BODY), *expecting, method=b"PATCH"), 503, "signature.invalid"),
        (head(b"Basic YTpi", *expecting), 401, "header.malformed"),
        (head(bearer(ACCOUNT, BODY), b"Content-Length: 1048577", b"Expect: 100-continue"), 413, "payload.too_large"),
    ):
        # The first thing to come is the final answer.
        assert_refused(shared, exchange(shared.port, refused), status, reason)


def test_forged_upload_costs_no_memory() -> None:
    body = bytes(50 * MEGABYTE)
    with RunningServer(keyring(ACCOUNT)) as server:
        for _ in range(8):
            assert_accepted(exchange(server.port, genuine()))
        before = server.memory_kb("VmRSS")
        for authorization in (bearer(OTHER_SECRET, body), None, bearer(ACCOUNT, body)):
            for method in (b"POST", b"PATCH"):
                exchange_or_end(server.port, post(authorization, body, method=method))
                with Connection(server.port) as connection:
                    connection.send(head(authorization, CHUNKED, method=method))
                    with pytest.raises(ConnectionError):
                        for _ in range(50):
                            connection.send(chunk(body[:MEGABYTE]))
        # Of a signed chunked body the permitted 1 MiB is kept, in a buffer that may be twice as large while it grows.
        assert server.memory_kb("VmHWM") - before < 8 * 1024
        assert "ok" not in server.verdicts()[8:]
        assert_alive(server)


def test_pipelined_requests(shared: RunningServer) -> None:
    with Connection(shared.port) as connection:
        connection.send(genuine() + post(bearer(OTHER_SECRET, BODY), BODY) + genuine())
        assert [connection.answer().status for _ in range(3)] == [200, 503, 200]


def test_1000_requests_on_one_connection(shared: RunningServer) -> None:
    """Small refused requests leave the connection usable, and no verdict leaks into the next request."""
    requests = [(200, genuine()), (503, REFUSALS["payload.mismatch"][1]()), (401, REFUSALS["token.malformed"][1]())]
    requests += [(503, post(None, BODY)), (503, head(None, method=b"GET"))]
    order = random.Random(2)
    with Connection(shared.port) as connection:
        for _ in range(1000):
            status, request = order.choice(requests)
            connection.send(request)
            assert connection.answer().status == status


def test_many_at_once(shared: RunningServer) -> None:
    failures = []

    def send(number: int) -> None:
        source = random.Random(number)
        with Connection(shared.port) as connection:
            for _ in range(50):
                body = source.randbytes(source.randrange(20_000))
                good = source.random() < 0.5
                connection.send(post(bearer(ACCOUNT if good else OTHER_SECRET, body), body))
                answer = connection.answer()
                if answer is None or answer.status != (200 if good else 503):
                    failures.append(answer)

    threads = [threading.Thread(target=send, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


# Peers that misbehave


MALFORMED = {
    "nothing": b"",
    "empty lines": b"\r\n\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    "method alone": b"POST\r\n\r\n",
    "unknown version": b"POST / HTTP/9.9\r\nHost: x\r\n\r\n",
    "no host": b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    "long target": head(None, target=b"/" + b"a" * 100_000),
    "long field": head(b"Bearer " + b"a" * 200_000),
    "many fields": head(None, *[b"A%d: b" % i for i in range(20_000)]),
    "field without colon": head(None, b"Authorization Bearer"),
    "bytes beyond ASCII": post(b"Bearer \xff\xfe\x80.\xc3\x28.\xf0", BODY),
    "control characters": post(b"Bearer \x01\x02\x7f", BODY),
    "NUL in the field": post(b"Bearer \x00" + b"a.b.c", BODY),
    "negative length": head(None, b"Content-Length: -1"),
    "length no number": head(None, b"Content-Length: ten"),
    "length beyond 64 bits": head(bearer(ACCOUNT, b""), b"Content-Length: 99999999999999999999999"),
    "length of 64 bits": head(bearer(ACCOUNT, b""), b"Content-Length: 18446744073709551615"),
    "chunk size no number": head(bearer(ACCOUNT, BODY), CHUNKED) + b"zz\r\nabc\r\n0\r\n\r\n",
    "chunk size beyond 64 bits": head(bearer(ACCOUNT, BODY), CHUNKED) + b"f" * 30 + b"\r\nabc\r\n",
    "chunk longer than its size": head(bearer(ACCOUNT, BODY), CHUNKED) + b"3\r\nabcdef\r\n0\r\n\r\n",
    "unknown coding": head(bearer(ACCOUNT, BODY), b"Transfer-Encoding: gzip") + BODY,
}


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_request(shared: RunningServer, case: str) -> None:
    seen = len(shared.verdicts())
    with Connection(shared.port) as connection:
        try:
            connection.send(MALFORMED[case])
            connection.finish_sending()
        except OSError:
            pass
        answer = connection.answer_or_end()
    assert answer is None or answer.status >= 400
    assert "ok" not in shared.verdicts()[seen:]
    assert_alive(shared)


def test_random_bytes_never_pass(shared: RunningServer) -> None:
    source = random.Random(3)
    template = genuine()
    for _ in range(300):
        data = bytearray(template)
        for _ in range(source.randrange(1, 6)):
            data[source.randrange(len(data))] = source.randrange(256)
        with Connection(shared.port) as connection:
            try:
                connection.send(bytes(data))
                connection.finish_sending()
            except OSError:
                pass
            connection.answer_or_end()
    assert_alive(shared)


def test_folded_field(shared: RunningServer) -> None:
    """What an obsolete folding adds to a field is never lost on the way to a verdict."""
    value = bearer(ACCOUNT, BODY)
    for folded in (value + b"\r\n " + value, value + b"\r\n x", value[:60] + b"\r\n " + value[60:]):
        answer = exchange(shared.port, post(folded, BODY))
        assert answer is None or answer.status in (400, 401, 503)
    assert_alive(shared)


def test_length_shorter_than_the_body(shared: RunningServer) -> None:
    """Only the declared bytes are the body; what follows is no part of it, and no request either."""
    with Connection(shared.port) as connection:
        connection.send(head(bearer(ACCOUNT, BODY), b"Content-Length: %d" % (len(BODY) - 3)) + BODY)
        assert_refused(shared, connection.answer(), 503, "payload.mismatch")
        connection.finish_sending()
        rest = connection.answer_or_end()
        assert rest is None or rest.status >= 400
    assert_alive(shared)


def test_length_longer_than_the_body(shared: RunningServer) -> None:
    seen = len(shared.verdicts())
    with Connection(shared.port) as connection:
        connection.send(head(bearer(ACCOUNT, BODY), b"Content-Length: %d" % (len(BODY) + 3)) + BODY)
        connection.finish_sending()
        assert connection.answer_or_end() is None
    assert shared.verdicts()[seen:] == []
    assert_alive(shared)


def test_early_close_leaves_nothing_behind() -> None:
    with RunningServer(keyring(ACCOUNT)) as server:
        assert_alive(server)
        before = server.open_files()
        memory = server.memory_kb("VmRSS")
        body = b"m" * MEGABYTE
        for _ in range(100):
            with Connection(server.port) as connection:
                connection.send(genuine(body)[:-1000])
        end = time.monotonic() + 10
        while time.monotonic() < end and (
            server.log().count("- closed POST /hook") < 100 or server.open_files() > before
        ):
            time.sleep(0.02)
        assert server.log().count("- closed POST /hook") == 100
        assert server.open_files() <= before
        assert server.memory_kb("VmRSS") - memory < 16 * 1024
        assert_alive(server)


def test_slow_body_is_accepted(shared: RunningServer) -> None:
    body = BODY[:20]
    with Connection(shared.port) as connection:
        for byte in genuine(body):
            connection.send(bytes([byte]))
            time.sleep(0.002)
        assert_accepted(connection.answer())


def test_trickle_is_cut_off() -> None:
    with RunningServer(keyring(ACCOUNT), "--timeout", "1") as server:
        with Connection(server.port) as connection:
            connection.send(head(bearer(ACCOUNT, b"m" * 1000), b"Content-Length: 1000"))
            start = time.monotonic()
            with pytest.raises(ConnectionError):
                for _ in range(100):
                    connection.send(b"m")
                    time.sleep(0.1)
            assert 0.9 < time.monotonic() - start < 5
        server.await_log("- closed POST /hook")
        assert_alive(server)


def test_silence_is_cut_off() -> None:
    with RunningServer(keyring(ACCOUNT), "--timeout", "1") as server:
        for sent in (b"", b"POST / HT", head(bearer(ACCOUNT, BODY), b"Content-Length: 100")):
            with Connection(server.port) as connection:
                connection.send(sent)
                answer = connection.answer_or_end()
                assert answer is None or answer.status >= 400
        assert_alive(server)


def test_body_that_ends_outside_the_window_is_stale() -> None:
    with RunningServer(keyring(ACCOUNT)) as server:
        request = genuine(iat=int(time.time()) - 298)
        with Connection(server.port) as connection:
            connection.send(request[:-1])
            time.sleep(4)
            connection.send(request[-1:])
            assert_refused(server, connection.answer(), 503, "time.stale")


# The log


def test_log_keeps_secrets_and_tokens_out() -> None:
    requests = [genuine()] + [request() for _, request in REFUSALS.values()]
    with RunningServer(keyring(ACCOUNT)) as server:
        for request in requests:
            exchange(server.port, request)
        exchange(server.port, post(bearer(ACCOUNT, BODY), BODY, target=b"/hook?key=in-the-query"))
        log = server.log()
        assert len(server.verdicts()) == len(requests) + 1
        # One line at the start says what the store covers.
        assert len(log.splitlines()) == 1 + len(requests) + 1
    assert ACCOUNT[1].decode() not in log
    assert "Hello" not in log and "in-the-query" not in log
    assert hashlib.sha256(BODY).hexdigest() not in log
    for request in requests:
        for part in re.findall(rb"[A-Za-z0-9_-]{20,}", request.split(b"\r\n\r\n")[0]):
            assert part.decode() not in log
    assert "eyJ" not in log


def test_log_line_cannot_be_forged(shared: RunningServer) -> None:
    start = shared.log_size()
    targets = [b"/\x1b[31m\x08\xff", b"/" + b"a" * 5000, b"/\rserver:", b"/a%0aserver:%20200%20ok%20POST"]
    for target in targets:
        exchange_or_end(shared.port, post(None, BODY, target=target))
    account = "x\nserver: 200 ok POST /forged"
    exchange(shared.port, post(bearer((account, ACCOUNT[1]), BODY), BODY))
    exchange(shared.port, post(bearer(("\u202e\U0001f600é" * 8, ACCOUNT[1]), BODY), BODY))
    text = shared.log(start)
    assert " 200 ok" not in re.sub(r"%20", "", text) and "a" * 200 not in text
    assert all(line.startswith("server: ") and line.isprintable() for line in text.splitlines())


# The keyring


def test_reload_under_load() -> None:
    """Secrets are rotated without a gap, and no genuine request is refused meanwhile."""
    secrets = [("a1b2c3d4", b"rotation-%06d-0123456789abcdef0123" % i) for i in range(1000)]
    current = 0
    in_flight: dict[int, int | None] = {}
    outcomes = {"sent": 0}
    refused = []
    done = threading.Event()
    lock = threading.Lock()

    with RunningServer(keyring(secrets[0])) as server:

        def send(number: int) -> None:
            source = random.Random(number)
            connection = Connection(server.port)
            while not done.is_set():
                with lock:
                    mine = in_flight[number] = current
                body = source.randbytes(source.randrange(3000))
                connection.send(post(bearer(secrets[mine], body), body))
                answer = connection.answer_or_end()
                with lock:
                    in_flight[number] = None
                    outcomes["sent"] += 1
                if answer is None or answer.status != 200:
                    refused.append((mine, answer))
                    return
            connection.close()

        threads = [threading.Thread(target=send, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        generation = 1
        end = time.monotonic() + 6
        while time.monotonic() < end and not refused:
            server.reload(keyring(secrets[current], secrets[current + 1]), generation + 1)
            with lock:
                current += 1
            while any(mine is not None and mine < current for mine in list(in_flight.values())) and not refused:
                time.sleep(0.001)
            server.reload(keyring(secrets[current]), generation + 2)
            generation += 2
            time.sleep(0.02)
        done.set()
        for thread in threads:
            thread.join()
        assert refused == []
        assert generation > 40 and outcomes["sent"] > 500
        assert server.verdicts().count("ok") == outcomes["sent"]
        # The rotation was real: the first secret has ended.
        assert_refused(server, exchange(server.port, post(bearer(secrets[0], BODY), BODY)), 503, "signature.invalid")
        assert server.stop() == 0


def test_request_under_way_keeps_its_ring() -> None:
    with RunningServer(keyring(ACCOUNT)) as server, Connection(server.port) as connection:
        connection.send(head(bearer(ACCOUNT, BODY), b"Content-Length: %d" % len(BODY), b"Expect: 100-continue"))
        assert connection.answer().status == 100  # so the token has been judged
        server.reload(keyring(OTHER_SECRET), 2)
        connection.send(BODY)
        assert_accepted(connection.answer())
        assert_refused(server, exchange(server.port, genuine()), 503, "signature.invalid")
        assert_accepted(exchange(server.port, post(bearer(OTHER_SECRET, BODY), BODY)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"version": 1, "accounts": []}',
        '{"version": 2, "accounts": []}',
        '{"version": 1, "accounts": [{"api_key": "a", "secrets": [{"label": "l", "secret": ""}]}]}',
        json.dumps(keyring(OTHER_SECRET)).replace("secrets", "secret_s"),
        " " * (2 * MEGABYTE),
    ],
    ids=["empty", "cut off", "no account", "other version", "empty secret", "unknown member", "too long"],
)
def test_invalid_ring_leaves_the_old_one(text: str) -> None:
    with RunningServer(keyring(ACCOUNT)) as server:
        server.write_keyring(text)
        server.process.send_signal(signal.SIGHUP)
        server.await_log(r"keyring not reloaded: generation 1 stays$")
        reason = server.await_log(r"^server: keyring \S+/keyring.json: (.+)$").group(1)
        assert len(reason) > 10
        assert OTHER_SECRET[1].decode() not in server.log()
        assert_alive(server)
        server.reload(keyring(OTHER_SECRET), 2)
        assert_accepted(exchange(server.port, post(bearer(OTHER_SECRET, BODY), BODY)))


def test_missing_file_on_reload_leaves_the_old_ring() -> None:
    with RunningServer(keyring(ACCOUNT)) as server:
        server.keyring_file.unlink()
        server.process.send_signal(signal.SIGHUP)
        server.await_log(r"keyring \S+: cannot read it: No such file or directory")
        assert_alive(server)


def test_keyring_from_the_environment() -> None:
    variable = {"HOOKPROOF_KEYRING": json.dumps(keyring(ACCOUNT))}
    with RunningServer(None, env=variable) as server:
        assert_alive(server)
        server.process.send_signal(signal.SIGHUP)
        server.await_log("keyring not reloaded: it came from HOOKPROOF_KEYRING")
        assert_alive(server)
    # A named file wins.
    with RunningServer(keyring(OTHER_SECRET), env=variable) as server:
        assert_accepted(exchange(server.port, post(bearer(OTHER_SECRET, BODY), BODY)))
        assert_refused(server, exchange(server.port, genuine()), 503, "signature.invalid")


def test_odd_secrets_are_warned_about() -> None:
    odd = ("a1b2c3d4", b"8d2f6c1e0b9a47538d2f6c1e0b9a4753 with its line end\n")
    with RunningServer(keyring(odd)) as server:
        server.await_log(r"warning: a1b2c3d4/key0: .*newline")
        assert odd[1].decode().strip() not in server.log()
        assert_accepted(exchange(server.port, post(bearer(odd, BODY), BODY)))


# Start and stop


def run(*options: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [binary(), *options], env=env or {}, capture_output=True, text=True, timeout=10, stdin=subprocess.DEVNULL
    )


def test_help() -> None:
    result = run("--help")
    assert result.returncode == 0 and result.stdout.startswith("usage: server ") and result.stderr == ""


@pytest.mark.parametrize(
    "options",
    [
        ["--no-such-option"],
        ["--port"],
        ["--port", "65536"],
        ["--port", "-1"],
        ["--port", "80x"],
        ["--port", ""],
        ["--max-body", "1073741825"],
        ["--max-body", "1M"],
        ["--timeout", "0"],
        ["keyring.json"],
    ],
    ids=" ".join,
)
def test_bad_option(options: list[str]) -> None:
    result = run(*options)
    assert result.returncode == 2 and result.stdout == "" and result.stderr.strip()


def test_start_failures(tmp_path: Path) -> None:
    ring = tmp_path / "ring.json"
    secret = ACCOUNT[1].decode()
    for text, message in (
        (None, "cannot read it: No such file or directory"),
        ("", "ring.json: "),
        (json.dumps(keyring(ACCOUNT))[:-4], "ring.json: "),
        ('{"version": 1, "accounts": []}', "ring.json: "),
    ):
        if text is not None:
            ring.write_text(text)
        result = run("--port", "0", "--keyring", str(ring))
        assert (result.returncode, result.stdout) == (1, "")
        assert message in result.stderr and secret not in result.stderr
    result = run("--port", "0", "--keyring", str(tmp_path))
    assert result.returncode == 1 and "Is a directory" in result.stderr
    for env in ({}, {"HOOKPROOF_KEYRING": ""}):
        result = run("--port", "0", env=env)
        assert result.returncode == 1 and "--keyring" in result.stderr
    result = run("--port", "0", env={"HOOKPROOF_KEYRING": "{"})
    assert result.returncode == 1 and "HOOKPROOF_KEYRING: " in result.stderr


def test_port_in_use(tmp_path: Path) -> None:
    ring = tmp_path / "ring.json"
    ring.write_text(json.dumps(keyring(ACCOUNT)))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("--port", str(port), "--keyring", str(ring), "--replay", "memory")
    assert (result.returncode, result.stdout) == (1, "")
    assert "Address already in use" in result.stderr and f"127.0.0.1:{port}" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_at_once_with_requests_open(number: int) -> None:
    with RunningServer(keyring(ACCOUNT)) as server, Connection(server.port) as idle, Connection(server.port) as busy:
        busy.send(head(bearer(ACCOUNT, BODY), b"Content-Length: 100", b"Expect: 100-continue"))
        assert busy.answer().status == 100
        assert_alive(server)
        start = time.monotonic()
        assert server.stop(number) == 0
        assert time.monotonic() - start < 5
        assert idle.answer_or_end() is None and busy.answer_or_end() is None
        assert "server: stopped after 1 events" in server.log()


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed")
def test_memory_is_clean(tmp_path: Path) -> None:
    report = tmp_path / "valgrind.log"
    valgrind = (
        "valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full", "--show-leak-kinds=all",
        "--errors-for-leak-kinds=definite,indirect,possible", f"--log-file={report}",
    )  # fmt: skip
    with RunningServer(keyring(ACCOUNT), wrapper=valgrind) as server:
        big = b"m" * (MEGABYTE + 1)
        requests = [genuine(), genuine(b"m" * 100_000), *(request() for _, request in REFUSALS.values())]
        requests += [head(bearer(ACCOUNT, BODY), CHUNKED) + chunk(BODY) + b"0\r\n\r\n"]
        requests += [head(bearer(ACCOUNT, big), CHUNKED) + chunk(big) + b"0\r\n\r\n"]
        requests += [head(bearer(OTHER_SECRET, big), b"Content-Length: %d" % len(big))]
        statuses = [exchange(server.port, request, timeout=60).status for request in requests]
        assert statuses[:2] == [200, 200] and statuses[-3:] == [200, 413, 503]
        for case in MALFORMED.values():
            with Connection(server.port, 60) as connection:
                try:
                    connection.send(case)
                    connection.finish_sending()
                except OSError:
                    pass
                connection.answer_or_end()
        with Connection(server.port) as connection:
            connection.send(genuine(b"m" * 100_000)[:-1])
        server.await_log("- closed POST", timeout=60)
        server.reload(keyring(ACCOUNT, OTHER_SECRET), 2)
        server.write_keyring("{")
        server.process.send_signal(signal.SIGHUP)
        server.await_log("generation 2 stays", timeout=60)
        with Connection(server.port) as connection:
            connection.send(genuine(b"m" * 100_000)[:-1])
            assert_accepted(exchange(server.port, genuine(), timeout=60))
            code = server.stop(timeout=120)
    assert code == 0, report.read_text()
