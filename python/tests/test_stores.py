"""The stores that Python asks itself: a database, and a real Redis server through redis-py."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
import redis.asyncio
from hookproof import AsyncRedisStore, ConfigError, DBAPIStore, RedisStore, ReplayRefused, Verifier
from hookproof.stores import table_sql
from hookproof.testing import Signer
from redis_server import redis_server

BODY = b'{"text":"hello"}'
VERIFIER = Verifier({"a1b2c3d4": "a secret"})
SIGNER = Signer("a1b2c3d4", "a secret")


@pytest.fixture
def database(tmp_path: Path) -> DBAPIStore:
    path = tmp_path / "application.db"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=30)

    with connect() as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(table_sql())
    return DBAPIStore(connect, paramstyle="qmark")


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with redis_server(tmp_path_factory.mktemp("redis")) as port:
        yield port


@pytest.fixture
def server(port: int) -> Iterator[RedisStore]:
    with redis.Redis(port=port, socket_timeout=5) as client:
        client.flushall()
        yield RedisStore(client, "tests")


@pytest.fixture(params=["database", "server"])
def store(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def test_claimed_confirmed_and_released(store: Any) -> None:
    headers = SIGNER.headers(BODY)
    with pytest.raises(RuntimeError), VERIFIER.receive(BODY, headers=headers, store=store):
        raise RuntimeError("the work fails")
    with VERIFIER.receive(BODY, headers=headers, store=store) as received:
        assert received.webhook.replay == "claimed"
        with (
            pytest.raises(ReplayRefused, match="replay.in_progress"),
            VERIFIER.receive(BODY, headers=headers, store=store),
        ):
            pytest.fail("it is worked on")
    with pytest.raises(ReplayRefused, match="replay.duplicate"):
        VERIFIER.verify_once(BODY, headers=headers, store=store)
    once = SIGNER.headers(BODY)
    assert VERIFIER.verify_once(BODY, headers=once, store=store).replay == "recorded"
    with pytest.raises(ReplayRefused, match="replay.duplicate"):
        VERIFIER.verify_once(BODY, headers=once, store=store)


def test_one_accept_of_each(store: Any) -> None:
    tokens = [SIGNER.headers(BODY) for _ in range(20)]
    accepted: list[str] = []
    strays: list[str] = []

    def work() -> None:
        for headers in tokens:
            try:
                accepted.append(VERIFIER.verify_once(BODY, headers=headers, store=store).jti)
            except ReplayRefused as refusal:
                if refusal.reason != "replay.duplicate":
                    strays.append(f"{refusal.reason} {refusal.store_detail}")

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not strays and len(accepted) == len(set(accepted)) == 20


def test_awaited(port: int) -> None:
    async def run() -> None:
        async with redis.asyncio.Redis(port=port, socket_timeout=5) as client:
            store = AsyncRedisStore(client, "awaited")
            headers = SIGNER.headers(BODY)
            async with VERIFIER.receive(BODY, headers=headers, store=store) as received:
                assert received.webhook.replay == "claimed"
            with pytest.raises(ReplayRefused, match="replay.duplicate"):
                async with VERIFIER.receive(BODY, headers=headers, store=store):
                    pytest.fail("it is done")

    asyncio.run(run())


def test_a_store_that_is_away(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = redis.Redis(port=free.getsockname()[1], socket_timeout=1)
        store = RedisStore(nobody, "tests")
        with pytest.raises(ReplayRefused) as caught:
            VERIFIER.verify_once(BODY, headers=SIGNER.headers(BODY), store=store)
    assert caught.value.reason == "replay.store_unavailable" and caught.value.http_status == 503
    broken = DBAPIStore(lambda: sqlite3.connect(tmp_path / "no" / "database"), paramstyle="qmark")
    with pytest.raises(ReplayRefused, match="replay.store_unavailable"):
        VERIFIER.verify_once(BODY, headers=SIGNER.headers(BODY), store=broken)
    with pytest.raises(ConfigError):
        RedisStore(redis.Redis(), "no colon: here")
