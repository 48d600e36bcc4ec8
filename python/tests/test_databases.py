"""The stores in a database: any of Python's interfaces to one, and Django's."""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django as framework
import pytest
from django.conf import settings
from django.db import connections, migrations, transaction
from hookproof import ConfigError, DBAPIStore, DjangoStore, ReplayRefused, Verifier
from hookproof.stores import table_sql
from hookproof.testing import Clock, Signer

ACCOUNT, SECRET, BODY, NOW = "a1b2c3d4", "a secret", b'{"text":"hello"}', 1_767_225_600
LEASE = 30
_ALIASES = itertools.count()


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def verifier(clock: Clock) -> Verifier:
    return Verifier({ACCOUNT: SECRET}, clock=clock, lease=LEASE)


@pytest.fixture
def headers(clock: Clock) -> dict[str, str]:
    return Signer(ACCOUNT, SECRET, clock=clock).headers(BODY)


class Connections:
    """Opens connections to one file, counts those that are open, and may be told to fail."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.open = 0
        self.fails_at = ""
        with sqlite3.connect(path) as connection:
            connection.executescript(table_sql())

    def __call__(self) -> Connection:
        if self.fails_at == "connect":
            raise sqlite3.OperationalError("the server is away")
        self.open += 1
        return Connection(self)

    def rows(self) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.path) as connection:
            return connection.execute(
                "SELECT namespace, done, lease_until, keep_until FROM hookproof_replay"
            ).fetchall()


class Connection:
    def __init__(self, source: Connections) -> None:
        self._source = source
        self._real = sqlite3.connect(source.path, timeout=30)

    def cursor(self) -> sqlite3.Cursor:
        self._fail("cursor")
        return self._real.cursor()

    def commit(self) -> None:
        self._fail("commit")
        self._real.commit()

    def rollback(self) -> None:
        self._real.rollback()

    def close(self) -> None:
        self._source.open -= 1
        self._real.close()

    def _fail(self, verb: str) -> None:
        if self._source.fails_at == verb:
            raise sqlite3.OperationalError(f"{verb} fails")


@pytest.fixture
def source(tmp_path: Path) -> Connections:
    return Connections(tmp_path / "application.db")


@pytest.fixture
def django(tmp_path: Path) -> Iterator[str]:
    """The alias of a database of Django's, with the table that a migration has made."""
    if not settings.configured:
        settings.configure()
        framework.setup()
    alias = f"hookproof_{next(_ALIASES)}"
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "django.db", "OPTIONS": {"timeout": 30}}
    connections.settings[alias] = connections.configure_settings({"default": database, alias: database})[alias]
    operation = migrations.RunSQL(table_sql(), "DROP TABLE hookproof_replay")
    with connections[alias].schema_editor() as editor:
        for statement in editor.connection.ops.prepare_sql_script(str(operation.sql)):
            editor.execute(statement, params=None)
    yield alias
    connections[alias].close()
    del connections.settings[alias]


@pytest.fixture(params=["sqlite3", "django"])
def store(request: pytest.FixtureRequest) -> Any:
    if request.param == "django":
        return DjangoStore(request.getfixturevalue("django"))
    return DBAPIStore(request.getfixturevalue("source"), paramstyle="qmark")


def reason(verifier: Verifier, headers: Any, store: Any) -> str:
    with pytest.raises(ReplayRefused) as caught:
        verifier.receive(BODY, headers=headers, store=store).claim()
    return str(caught.value.reason)


def test_claim_confirm_release(store: Any, verifier: Verifier, headers: Any) -> None:
    with pytest.raises(RuntimeError), verifier.receive(BODY, headers=headers, store=store):
        raise RuntimeError("the work fails")
    with verifier.receive(BODY, headers=headers, store=store) as received:
        assert received.webhook.replay == "claimed" and reason(verifier, headers, store) == "replay.in_progress"
    assert reason(verifier, headers, store) == "replay.duplicate"
    assert not received.release()
    with verifier.receive(BODY, headers=headers, store=store, duplicates="hand_on") as again:
        assert again.webhook.is_duplicate and not again.is_open


def test_a_lease_that_is_over(store: Any, verifier: Verifier, headers: Any, clock: Clock) -> None:
    slow = verifier.receive(BODY, headers=headers, store=store).claim()
    clock.advance(LEASE - 1)
    assert reason(verifier, headers, store) == "replay.in_progress"
    clock.advance(1)
    # Nobody has taken it: it is still his to end.
    other = verifier.receive(BODY, headers=headers, store=store).claim()
    assert not slow.confirm() and not slow.release()
    assert other.confirm() and other.confirm()
    assert reason(verifier, headers, store) == "replay.duplicate"


def test_a_late_end_of_what_nobody_took(store: Any, verifier: Verifier, headers: Any, clock: Clock) -> None:
    slow = verifier.receive(BODY, headers=headers, store=store).claim()
    clock.advance(LEASE * 2)
    assert slow.confirm() and reason(verifier, headers, store) == "replay.duplicate"


def test_one_owner_among_threads(store: Any, verifier: Verifier, headers: Any) -> None:
    answers: list[str] = []
    start = threading.Barrier(8)

    def work() -> None:
        start.wait(60)
        try:
            verifier.receive(BODY, headers=headers, store=store).claim()
            answers.append("claimed")
        except ReplayRefused as refusal:
            answers.append(f"{refusal.reason} {refusal.__cause__ or ''}".strip())
        finally:
            # A thread of Django's has a connection of its own.
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["claimed"] + ["replay.in_progress"] * 7


def test_each_answer_is_a_transaction_of_its_own(source: Connections, verifier: Verifier, headers: Any) -> None:
    store = DBAPIStore(source, paramstyle="qmark")
    for verb in ("connect", "cursor", "commit"):
        source.fails_at = verb
        with pytest.raises(ReplayRefused) as caught:
            verifier.verify_once(BODY, headers=headers, store=store)
        assert caught.value.reason == "replay.store_unavailable"
        assert isinstance(caught.value.__cause__, sqlite3.OperationalError) and source.open == 0
    source.fails_at = ""
    assert source.rows() == []
    with verifier.receive(BODY, headers=headers, store=store) as received:
        source.fails_at = "commit"
    # The work is done and its answer goes out; the lease ends the claim.
    assert received.store_failure is not None and source.open == 0
    assert [row[1] for row in source.rows()] == [0]


def test_what_is_over_is_purged(source: Connections, verifier: Verifier, clock: Clock) -> None:
    signer = Signer(ACCOUNT, SECRET, clock=clock)
    first = DBAPIStore(source, paramstyle="qmark")
    verifier.verify_once(BODY, headers=signer.headers(BODY), store=first)
    [(namespace, done, _, keep_until)] = source.rows()
    assert (namespace, done) == ("default", 1) and keep_until > NOW + 300
    # A store purges with its first claim, and not what a clock that falls back might need.
    for later, left in ((86_400, 2), (3_600, 2)):
        clock.advance(later)
        store = DBAPIStore(source, paramstyle="qmark")
        verifier.verify_once(BODY, headers=signer.headers(BODY), store=store)
        assert len(source.rows()) == left


def test_namespaces_share_a_table(source: Connections, verifier: Verifier, headers: Any) -> None:
    for namespace in ("one", "two"):
        store = DBAPIStore(source, paramstyle="qmark", namespace=namespace)
        assert verifier.verify_once(BODY, headers=headers, store=store).replay == "recorded"
        assert reason(verifier, headers, store) == "replay.duplicate"
    assert sorted(row[0] for row in source.rows()) == ["one", "two"]


def test_settings_that_are_refused(source: Connections) -> None:
    for options in (
        {"paramstyle": "named"},
        {"paramstyle": "qmark", "table": "t; DROP TABLE users"},
        {"paramstyle": "qmark", "table": "a.b.c"},
        {"paramstyle": "qmark", "namespace": ""},
    ):
        with pytest.raises(ConfigError):
            DBAPIStore(source, **options)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        DBAPIStore(source(), paramstyle="qmark")  # type: ignore[arg-type]


def test_a_claim_is_no_part_of_the_applications_transaction(django: str, verifier: Verifier, headers: Any) -> None:
    store = DjangoStore(django)
    with transaction.atomic(using=django):
        assert reason(verifier, headers, store) == "replay.store_unavailable"
    with pytest.raises(ZeroDivisionError), verifier.receive(BODY, headers=headers, store=store) as received:
        with pytest.raises(RuntimeError), transaction.atomic(using=django):
            raise RuntimeError("the application rolls back")
        assert reason(verifier, headers, store) == "replay.in_progress"
        _ = 1 / 0
    assert not received.is_open
    with verifier.receive(BODY, headers=headers, store=store), transaction.atomic(using=django):
        pass
    assert reason(verifier, headers, store) == "replay.duplicate"


def test_a_database_that_is_no_djangos(verifier: Verifier, headers: Any) -> None:
    assert reason(verifier, headers, DjangoStore("nowhere")) == "replay.store_unavailable"
