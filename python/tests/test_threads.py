"""One verifier for many threads, whose keyring is replaced meanwhile."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from hookproof import KeySource, MemoryStore, ReplayRefused, SignatureRefused, Verifier
from hookproof.testing import Signer

ACCOUNT, OLD, NEW = "a1b2c3d4", "the old secret", "the new secret"
THREADS = 8


def in_threads(work: Callable[[int], None], meanwhile: Callable[[], None] = lambda: None) -> None:
    """Runs the work in threads that begin together; what one of them raises fails the test."""
    raised: list[BaseException] = []
    start = threading.Barrier(THREADS + 1)

    def run(number: int) -> None:
        start.wait(60)
        try:
            work(number)
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    start.wait(60)
    meanwhile()
    for thread in threads:
        thread.join()
    assert not raised, raised


@pytest.mark.parametrize("size", [100, 100_000])
def test_a_rotation_under_load_loses_nothing(size: int) -> None:
    verifier = Verifier({ACCOUNT: [OLD, NEW]})
    body = b"x" * size
    headers = {secret: Signer(ACCOUNT, secret).headers(body) for secret in (OLD, NEW)}
    rotations = 200

    def work(number: int) -> None:
        generations = []
        for turn in range(200):
            webhook = verifier.verify(body, headers=headers[(OLD, NEW)[(number + turn) % 2]])
            generations.append(webhook.keyring_generation)
            # A label belongs to the ring that was used, whichever that was.
            assert webhook.key_label in ("key-1", "key-2")
        assert generations == sorted(generations)

    def rotate() -> None:
        for turn in range(rotations):
            assert verifier.replace_keyring({ACCOUNT: [OLD, NEW] if turn % 2 else [NEW, OLD]}) == turn + 2

    in_threads(work, rotate)
    assert verifier.generation == rotations + 1
    verifier.replace_keyring({ACCOUNT: NEW})
    with pytest.raises(SignatureRefused):
        verifier.verify(body, headers=headers[OLD])


def test_a_verification_under_way_keeps_its_ring() -> None:
    verifier, body = Verifier({ACCOUNT: OLD}), b"{}"
    pending = verifier.begin(headers=Signer(ACCOUNT, OLD).headers(body))
    verifier.replace_keyring({ACCOUNT: NEW})
    pending.update(body)
    assert pending.finish().keyring_generation == 1


def test_one_accept_of_each_while_keys_change() -> None:
    verifier, store, body = Verifier({ACCOUNT: [OLD, NEW]}), MemoryStore(), b"y" * 100_000
    requests = [Signer(ACCOUNT, secret).headers(body) for secret in (OLD, NEW) for _ in range(40)]
    accepted: Counter[str] = Counter()

    def work(number: int) -> None:
        for headers in requests[number:] + requests[:number]:
            try:
                with verifier.receive(body, headers=headers, store=store) as received:
                    accepted[received.webhook.jti] += 1
            except ReplayRefused as refusal:
                assert refusal.reason in ("replay.duplicate", "replay.in_progress")

    def rotate() -> None:
        for _ in range(100):
            verifier.replace_keyring({ACCOUNT: [NEW, OLD]})
            gc.collect()

    in_threads(work, rotate)
    assert len(accepted) == len(requests) and set(accepted.values()) == {1}


def test_one_result_for_many_threads() -> None:
    verifier, body = Verifier({ACCOUNT: OLD}), b'{"channel":"whatsapp","message_uuid":"m","text":"Hi"}'
    webhook = verifier.verify(body, headers=Signer(ACCOUNT, OLD).headers(body))
    seen: list[object] = []
    in_threads(lambda _: seen.append(webhook.event))
    assert len({id(event) for event in seen}) == 1


def test_one_stream_for_many_threads() -> None:
    """Each piece is taken whole, and the request is finished once."""
    verifier, piece = Verifier({ACCOUNT: OLD}), b"z" * 100_000
    small = piece[:10]
    body = (piece + small) * THREADS
    pending = verifier.begin(headers=Signer(ACCOUNT, OLD).headers(body))

    # The small pieces come while the large ones are hashed without the interpreter's lock. All are of one letter.
    def work(_: int) -> None:
        pending.update(piece)
        pending.update(small)

    in_threads(work)
    finished: list[object] = []

    def finish(_: int) -> None:
        try:
            finished.append(pending.finish())
        except RuntimeError as error:
            assert "finished" in str(error)

    in_threads(finish)
    assert len(finished) == 1


def test_keys_are_loaded_once_for_many_threads() -> None:
    asked: list[str] = []

    def load(api_key: str) -> str:
        asked.append(api_key)
        return OLD

    verifier, body = Verifier(KeySource(load)), b"k" * 100_000
    headers = Signer(ACCOUNT, OLD).headers(body)
    in_threads(lambda _: verifier.verify(body, headers=headers) and None)
    assert 1 <= len(asked) <= THREADS
    before = len(asked)
    in_threads(lambda _: verifier.verify(body, headers=headers) and None)
    assert len(asked) == before


def test_many_tasks_and_threads_at_once() -> None:
    verifier, store, body = Verifier({ACCOUNT: OLD}), MemoryStore(), b"{}"
    requests = [Signer(ACCOUNT, OLD).headers(body) for _ in range(50)]
    accepted: list[str] = []

    async def receive(headers: dict[str, str]) -> None:
        try:
            async with verifier.receive(body, headers=headers, store=store) as received:
                await asyncio.sleep(0)
                accepted.append(received.webhook.jti)
        except ReplayRefused:
            pass

    async def run() -> None:
        await asyncio.gather(*(receive(headers) for headers in requests))

    in_threads(lambda _: asyncio.run(run()))
    assert len(accepted) == len(set(accepted)) == len(requests)
