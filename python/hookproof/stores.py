"""The stores that remember which requests were there.

`MemoryStore` serves the threads of one process and `FileStore` the processes of one machine. The stores here are asked
through the application's own clients: Redis or Valkey, and any database with one of Python's interfaces. Programs in
other languages that use the same server and namespace are protected together.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from . import _native
from ._native import FileStore, MemoryStore, Question
from .errors import ConfigError, StoreFailed, WebhookRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._native import Duplicates, Judged, Webhook

__all__ = [
    "Answer",
    "AsyncHostStore",
    "AsyncRedisStore",
    "DBAPIStore",
    "DjangoStore",
    "FileStore",
    "HostClaim",
    "HostStore",
    "MemoryStore",
    "Question",
    "RedisStore",
    "table_sql",
]

Answer: TypeAlias = Literal["claimed", "in_progress", "duplicate", "unavailable", "full"]
"""What a store says to a claim."""


class _Namespaced:
    """What all stores have that Python asks."""

    def __init__(self, namespace: str) -> None:
        _native.check_namespace(namespace)
        self._namespace = namespace

    @property
    def namespace(self) -> str:
        """Part of every key. Programs that share it, and the server, protect each other."""
        return self._namespace

    @property
    def extent(self) -> str:
        """What the store covers, in words for a log at start-up."""
        return f"whatever shares the host's own store, namespace {self._namespace}"

    def __reduce__(self) -> Any:
        raise TypeError(f"{type(self).__name__} cannot be pickled or copied")

    def _ask(self, judged: Judged, duplicates: Duplicates, now: float, once: bool) -> Question:
        return judged.ask(self._namespace, self.extent, once, duplicates, now)


class HostStore(_Namespaced, ABC):
    """A store of your own. Each method is one atomic statement; what it raises makes the request
    `replay.store_unavailable`.

    A store must never forget an identity before its time, neither to make room nor for any other reason: caches that
    evict are no stores.
    """

    @abstractmethod
    def claim(self, question: Question, now: int) -> Answer:
        """Inserts `question.identity` with `question.owner` and the end of its lease, or takes it over if it is
        there, not
        done, and its lease is over; else leaves it. A `lease_seconds` of None means done at once. It must be kept for
        `question.keep_seconds`."""

    @abstractmethod
    def confirm(self, identity: str, owner: str, now: int) -> bool:
        """Marks the identity as done, if the owner has it. Whether it has."""

    @abstractmethod
    def release(self, identity: str, owner: str, now: int) -> bool:
        """Makes the identity free again, if the owner has it and it is not done. Whether that was so."""

    def _take(
        self, judged: Judged, duplicates: Duplicates, now: float, clock: Callable[[], float]
    ) -> tuple[Webhook, HostClaim | None]:
        question = self._ask(judged, duplicates, now, once=False)
        claim = HostClaim(self, question.identity, question.owner)
        answer, failure = self._answer(question, now)
        webhook = _settle(question, answer, failure, clock())
        return webhook, claim if webhook.replay == "claimed" else None

    def _record(self, judged: Judged, duplicates: Duplicates, now: float) -> Webhook:
        question = self._ask(judged, duplicates, now, once=True)
        answer, failure = self._answer(question, now)
        return _settle(question, answer, failure, now)

    def _answer(self, question: Question, now: float) -> tuple[Answer, Exception | None]:
        try:
            return self.claim(question, int(now)), None
        except Exception as error:
            return "unavailable", error


class AsyncHostStore(_Namespaced, ABC):
    """As `HostStore`, awaited: for `async with verifier.receive(...)` and the methods whose names begin with an a."""

    budget: float
    """Seconds that one answer may take."""

    @abstractmethod
    async def claim(self, question: Question, now: int) -> Answer:
        """See `HostStore.claim`."""

    @abstractmethod
    async def confirm(self, identity: str, owner: str, now: int) -> bool:
        """See `HostStore.confirm`."""

    @abstractmethod
    async def release(self, identity: str, owner: str, now: int) -> bool:
        """See `HostStore.release`."""

    async def _atake(
        self, judged: Judged, duplicates: Duplicates, now: float, clock: Callable[[], float]
    ) -> tuple[Webhook, HostClaim | None]:
        question = self._ask(judged, duplicates, now, once=False)
        claim = HostClaim(self, question.identity, question.owner)
        answer, failure = await self._aanswer(question, now)
        webhook = _settle(question, answer, failure, clock())
        return webhook, claim if webhook.replay == "claimed" else None

    async def _arecord(self, judged: Judged, duplicates: Duplicates, now: float) -> Webhook:
        question = self._ask(judged, duplicates, now, once=True)
        answer, failure = await self._aanswer(question, now)
        return _settle(question, answer, failure, now)

    async def _aanswer(self, question: Question, now: float) -> tuple[Answer, Exception | None]:
        import asyncio

        try:
            return await asyncio.wait_for(self.claim(question, int(now)), self.budget), None
        except Exception as error:
            return "unavailable", error


def _settle(question: Question, answer: Answer, failure: Exception | None, now: float) -> Webhook:
    try:
        return question.answer(answer, now)
    except WebhookRefused as refusal:
        # The application's own words, for its own log.
        raise refusal from failure


class HostClaim:
    """A claim in a store that Python asks."""

    __slots__ = ("_ended", "_identity", "_owner", "store")

    def __init__(self, store: HostStore | AsyncHostStore, identity: str, owner: str) -> None:
        self.store: HostStore | AsyncHostStore = store
        self._identity = identity
        self._owner = owner
        self._ended: Literal["confirmed", "released", "lost"] | None = None

    @property
    def is_open(self) -> bool:
        return self._ended is None

    def confirm(self, now: float) -> bool:
        if self._ended is not None:
            return self._ended == "confirmed"
        return self._note("confirmed", self._ask(self._sync().confirm, now))

    def release(self, now: float) -> bool:
        if self._ended is not None:
            return False
        return self._note("released", self._ask(self._sync().release, now))

    async def aconfirm(self, now: float) -> bool:
        if self._ended is not None:
            return self._ended == "confirmed"
        return self._note("confirmed", await self._aask(self._async().confirm, now))

    async def arelease(self, now: float) -> bool:
        if self._ended is not None:
            return False
        return self._note("released", await self._aask(self._async().release, now))

    def _note(self, ended: Literal["confirmed", "released"], effect: bool) -> bool:
        self._ended = ended if effect else "lost"
        return effect

    def _sync(self) -> HostStore:
        if isinstance(self.store, AsyncHostStore):
            raise TypeError("this store is awaited: use aconfirm() and arelease()")
        return self.store

    def _async(self) -> AsyncHostStore:
        if isinstance(self.store, HostStore):
            raise TypeError("this store is not awaited: use confirm() and release()")
        return self.store

    def _ask(self, verb: Callable[[str, str, int], bool], now: float) -> bool:
        try:
            return verb(self._identity, self._owner, int(now))
        except Exception as error:
            raise StoreFailed(f"the host's store did not answer ({type(error).__name__})") from error

    async def _aask(self, verb: Callable[[str, str, int], Any], now: float) -> bool:
        import asyncio

        try:
            return bool(await asyncio.wait_for(verb(self._identity, self._owner, int(now)), self._async().budget))
        except Exception as error:
            raise StoreFailed(f"the host's store did not answer ({type(error).__name__})") from error


class _RedisServer:
    """The scripts, and what a server must be: the same for both clients."""

    def __init__(self, client: Any, namespace: str) -> None:
        self.client = client
        self.namespace = namespace
        self.hashes: dict[str, str] = {}
        self.is_checked = False

    def arguments(self, question: Question) -> tuple[str, str, int, int]:
        lease = (question.lease_seconds or 0) * 1000
        return _native.redis_key(self.namespace, question.identity), question.owner, lease, question.keep_seconds * 1000

    def key(self, identity: str) -> str:
        return _native.redis_key(self.namespace, identity)

    def check(self, memory: Any, replication: Any) -> None:
        """A server that evicts would let repeats pass, and one that is no primary may not know them."""
        # A client of a cluster answers with one dict for each of its nodes.
        for info in _each(memory):
            if info.get("maxmemory_policy") != "noeviction":
                raise RuntimeError("the server's maxmemory-policy is not noeviction")
        for info in _each(replication):
            if info.get("role") not in ("master", "primary"):
                raise RuntimeError("the server is no primary")
        self.is_checked = True

    @staticmethod
    def word(answer: Any) -> str:
        return answer.decode("ascii", "replace") if isinstance(answer, bytes) else str(answer)

    def claimed(self, answer: Any) -> Answer:
        match self.word(answer):
            case "claimed":
                return "claimed"
            case "in_progress":
                return "in_progress"
            case "duplicate":
                return "duplicate"
        raise RuntimeError("the server gave no answer that is known")

    def effect(self, answer: Any) -> bool:
        word = self.word(answer)
        if word not in ("done", "no_effect"):
            raise RuntimeError("the server gave no answer that is known")
        return word == "done"

    def failed(self) -> None:
        # The next connection may be to another server.
        self.is_checked = False


def _each(info: Any) -> list[dict[str, Any]]:
    if any(isinstance(value, dict) and ("role" in value or "maxmemory_policy" in value) for value in info.values()):
        return list(info.values())
    return [info]


def _is(error: Exception, word: str) -> bool:
    return type(error).__name__ == word or str(error).startswith(word)


class RedisStore(HostStore):
    """Remembers on a Redis (6.2 or later) or Valkey server, through the application's own redis-py client.

    The client must have a `socket_timeout`: a server that does not answer would hold up requests for ever. The server
    must be a primary that evicts nothing (`maxmemory-policy noeviction`), which is asked on the first use and after
    each failure. Time is the server's. All verifiers of a namespace should have one `max_age`.
    """

    def __init__(self, client: Any, namespace: str = "default") -> None:
        super().__init__(namespace)
        _check_client(client, is_async=False)
        self._server = _RedisServer(client, namespace)

    @property
    def extent(self) -> str:
        return _redis_extent(self._namespace)

    def claim(self, question: Question, now: int) -> Answer:
        server = self._server
        key, owner, lease, keep = server.arguments(question)
        try:
            return server.claimed(self._run("claim", key, owner, lease, keep))
        except Exception as error:
            if _is_full(error):
                return "full"
            server.failed()
            raise

    def confirm(self, identity: str, owner: str, now: int) -> bool:
        return self._end("confirm", identity, owner)

    def release(self, identity: str, owner: str, now: int) -> bool:
        return self._end("release", identity, owner)

    def _end(self, name: str, identity: str, owner: str) -> bool:
        try:
            return self._server.effect(self._run(name, self._server.key(identity), owner))
        except Exception:
            self._server.failed()
            raise

    def _run(self, name: str, key: str, *arguments: object) -> Any:
        server, client = self._server, self._server.client
        if not server.is_checked:
            server.check(client.info("memory"), client.info("replication"))
        hash_of = server.hashes.get(name)
        if hash_of is not None:
            try:
                return client.evalsha(hash_of, 1, key, *arguments)
            except Exception as error:
                # A server that was restarted has lost its scripts.
                if not _is(error, "NoScriptError"):
                    raise
        server.hashes[name] = _script_hash(name)
        return client.eval(_native.REDIS_SCRIPTS[name], 1, key, *arguments)


class AsyncRedisStore(AsyncHostStore):
    """As `RedisStore`, through a client of `redis.asyncio`. `budget`: seconds (or a timedelta) that one answer may
    take."""

    def __init__(
        self, client: Any, namespace: str = "default", *, budget: float | timedelta = _native.STORE_BUDGET
    ) -> None:
        super().__init__(namespace)
        _check_client(client, is_async=True)
        self.budget: float = _budget(budget)
        self._server = _RedisServer(client, namespace)

    @property
    def extent(self) -> str:
        return _redis_extent(self._namespace)

    async def claim(self, question: Question, now: int) -> Answer:
        server = self._server
        key, owner, lease, keep = server.arguments(question)
        try:
            return server.claimed(await self._run("claim", key, owner, lease, keep))
        except Exception as error:
            if _is_full(error):
                return "full"
            server.failed()
            raise

    async def confirm(self, identity: str, owner: str, now: int) -> bool:
        return await self._end("confirm", identity, owner)

    async def release(self, identity: str, owner: str, now: int) -> bool:
        return await self._end("release", identity, owner)

    async def _end(self, name: str, identity: str, owner: str) -> bool:
        try:
            return self._server.effect(await self._run(name, self._server.key(identity), owner))
        except Exception:
            self._server.failed()
            raise

    async def _run(self, name: str, key: str, *arguments: object) -> Any:
        server, client = self._server, self._server.client
        if not server.is_checked:
            server.check(await client.info("memory"), await client.info("replication"))
        hash_of = server.hashes.get(name)
        if hash_of is not None:
            try:
                return await client.evalsha(hash_of, 1, key, *arguments)
            except Exception as error:
                if not _is(error, "NoScriptError"):
                    raise
        server.hashes[name] = _script_hash(name)
        return await client.eval(_native.REDIS_SCRIPTS[name], 1, key, *arguments)


def _redis_extent(namespace: str) -> str:
    return (
        f"all machines that use this Redis server and the namespace {namespace}; a restart of the server keeps what "
        "its persistence keeps, and a fail-over may lose the last writes"
    )


def _script_hash(name: str) -> str:
    import hashlib

    return hashlib.sha1(_native.REDIS_SCRIPTS[name].encode(), usedforsecurity=False).hexdigest()


def _is_full(error: Exception) -> bool:
    return _is(error, "OutOfMemoryError") or str(error).startswith("OOM")


def _check_client(client: Any, *, is_async: bool) -> None:
    import inspect

    evaluate = getattr(client, "eval", None)
    if evaluate is None or not hasattr(client, "evalsha"):
        raise ConfigError("client", "must be a client of redis-py")
    awaited = inspect.iscoroutinefunction(evaluate) or "asyncio" in type(client).__module__
    if awaited and not is_async:
        raise ConfigError("client", "is a client of redis.asyncio: use AsyncRedisStore")
    if not awaited and is_async:
        raise ConfigError("client", "is no client of redis.asyncio: use RedisStore")
    pool = getattr(client, "connection_pool", None)
    settings = getattr(pool, "connection_kwargs", None)
    if not is_async and isinstance(settings, dict) and settings.get("socket_timeout") is None:
        raise ConfigError("client", "must have a socket_timeout: a server that hangs would hold up requests for ever")


def _budget(value: float | timedelta) -> float:
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    if not 0.001 <= seconds <= 60:
        raise ConfigError("budget", "must be 0.001 to 60 seconds")
    return seconds


_TABLE = "hookproof_replay"

_SCHEMA = """\
CREATE TABLE {table} (
    identity    CHAR(32)     NOT NULL,
    namespace   VARCHAR(64)  NOT NULL,
    owner       CHAR(32)     NOT NULL,
    done        SMALLINT     NOT NULL,
    lease_until BIGINT       NOT NULL,
    keep_until  BIGINT       NOT NULL,
    PRIMARY KEY (identity)
);
CREATE INDEX {table}_keep_until ON {table} (keep_until);
"""

_CLAIM = (
    "INSERT INTO {table} (identity, namespace, owner, done, lease_until, keep_until) "
    "VALUES ({0}, {1}, {2}, {3}, {4}, {5}) "
    "ON CONFLICT (identity) DO UPDATE SET owner = excluded.owner, done = excluded.done, "
    "lease_until = excluded.lease_until, keep_until = CASE WHEN {table}.keep_until > excluded.keep_until "
    "THEN {table}.keep_until ELSE excluded.keep_until END "
    "WHERE {table}.done = 0 AND {table}.lease_until <= {6}"
)
_LOOK = "SELECT owner, done FROM {table} WHERE identity = {0}"
_CONFIRM = "UPDATE {table} SET done = 1 WHERE identity = {0} AND owner = {1}"
_RELEASE = "DELETE FROM {table} WHERE identity = {0} AND owner = {1} AND done = 0"
_PURGE = "DELETE FROM {table} WHERE keep_until < {0}"

# What is no longer needed is kept a day longer: a clock that falls back by less brings nothing back.
_PURGE_AFTER = 86_400
_PURGE_EVERY = 1_000

_MARKS: dict[str, Callable[[int], str]] = {
    "qmark": lambda number: "?",
    "format": lambda number: "%s",
    "pyformat": lambda number: "%s",
    "numeric": lambda number: f":{number + 1}",
}


def table_sql(table: str = _TABLE) -> str:
    """The SQL that makes the table of `DBAPIStore` and `DjangoStore`: for a migration, or to run by hand."""
    return _SCHEMA.format(table=_table(table))


def _table(table: str) -> str:
    import re

    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,47}(\.[A-Za-z_][A-Za-z0-9_]{0,47})?", table):
        raise ConfigError("table", "must be a plain name of a table, with its schema at most")
    return table


class _Table:
    """The statements on the table."""

    def __init__(self, table: str, paramstyle: str, namespace: str) -> None:
        mark = _MARKS.get(paramstyle)
        if mark is None:
            raise ConfigError("paramstyle", "must be qmark, format, pyformat or numeric")
        marks = [mark(number) for number in range(7)]
        table = _table(table)
        statements = (_CLAIM, _LOOK, _CONFIRM, _RELEASE, _PURGE)
        self.sql_claim, self.sql_look, self.sql_confirm, self.sql_release, self.sql_purge = (
            statement.format(*marks, table=table) for statement in statements
        )
        self.namespace = namespace
        self._claims = 0

    def claim(self, cursor: Any, question: Question, now: int) -> Answer:
        lease = question.lease_seconds
        row = (
            question.identity,
            self.namespace,
            question.owner,
            1 if lease is None else 0,
            now + (lease or 0),
            question.keep_until,
            now,
        )
        # What was there may have been released or purged before it was looked at.
        for _ in range(3):
            cursor.execute(self.sql_claim, row)
            if cursor.rowcount == 1:
                return "claimed"
            cursor.execute(self.sql_look, (question.identity,))
            held = cursor.fetchone()
            if held is not None:
                owner, done = held
                if str(owner).strip() == question.owner:
                    return "claimed"
                return "duplicate" if done else "in_progress"
        return "in_progress"

    def is_time_to_purge(self) -> bool:
        self._claims += 1
        return self._claims % _PURGE_EVERY == 1

    def purge(self, cursor: Any, now: int) -> None:
        cursor.execute(self.sql_purge, (now - _PURGE_AFTER,))

    def confirm(self, cursor: Any, identity: str, owner: str) -> bool:
        cursor.execute(self.sql_confirm, (identity, owner))
        return bool(cursor.rowcount == 1)

    def release(self, cursor: Any, identity: str, owner: str) -> bool:
        cursor.execute(self.sql_release, (identity, owner))
        return bool(cursor.rowcount == 1)


class DBAPIStore(HostStore):
    """Remembers in a table of a database, through any module of Python's database interface (PEP 249): PostgreSQL and
    SQLite have the statement that it needs. Make the table with `table_sql()`.

    `connect()` returns a connection: a new one, or one that a pool hands out and takes back on `close()`. Each
    answer is one transaction of its own on it, which is then closed: never the application's own transaction, whose
    end would take the claim along.
    """

    def __init__(
        self,
        connect: Callable[[], Any],
        *,
        paramstyle: Literal["qmark", "format", "pyformat", "numeric"],
        namespace: str = "default",
        table: str = _TABLE,
    ) -> None:
        super().__init__(namespace)
        if not callable(connect):
            raise TypeError("connect must be a callable that returns a connection")
        self._connect = connect
        self._table = _Table(table, paramstyle, namespace)

    def claim(self, question: Question, now: int) -> Answer:
        answer: Answer = self._run(self._table.claim, question, now)
        if self._table.is_time_to_purge():
            self._run(self._table.purge, now)
        return answer

    def confirm(self, identity: str, owner: str, now: int) -> bool:
        return bool(self._run(self._table.confirm, identity, owner))

    def release(self, identity: str, owner: str, now: int) -> bool:
        return bool(self._run(self._table.release, identity, owner))

    def _run(self, statement: Callable[..., Any], *arguments: Any) -> Any:
        connection = self._connect()
        try:
            try:
                cursor = connection.cursor()
                try:
                    outcome = statement(cursor, *arguments)
                finally:
                    cursor.close()
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
            return outcome
        finally:
            connection.close()


class DjangoStore(HostStore):
    """Remembers in a table of one of Django's databases (PostgreSQL or SQLite). Make the table in a migration:

        migrations.RunSQL(hookproof.stores.table_sql(), "DROP TABLE hookproof_replay")

    A claim is never part of the application's transaction, whose end would take it along: inside `atomic` the store
    refuses. A request under ATOMIC_REQUESTS is received around the view, in a middleware or decorator of
    `hookproof.django`, or with an alias of its own (`using`).
    """

    def __init__(self, using: str = "default", *, namespace: str = "default", table: str = _TABLE) -> None:
        super().__init__(namespace)
        self._using = using
        self._table = _Table(table, "format", namespace)

    def claim(self, question: Question, now: int) -> Answer:
        answer: Answer = self._run(self._table.claim, question, now)
        if self._table.is_time_to_purge():
            self._run(self._table.purge, now)
        return answer

    def confirm(self, identity: str, owner: str, now: int) -> bool:
        return bool(self._run(self._table.confirm, identity, owner))

    def release(self, identity: str, owner: str, now: int) -> bool:
        return bool(self._run(self._table.release, identity, owner))

    def _run(self, statement: Callable[..., Any], *arguments: Any) -> Any:
        from django.db import connections, transaction

        connection = connections[self._using]
        if connection.in_atomic_block:
            raise RuntimeError("a claim must not be part of the application's transaction")
        with transaction.atomic(using=self._using, durable=True), connection.cursor() as cursor:
            return statement(cursor, *arguments)


SyncStore: TypeAlias = MemoryStore | FileStore | HostStore
AnyStore: TypeAlias = MemoryStore | FileStore | HostStore | AsyncHostStore
