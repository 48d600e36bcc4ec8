"""The places where the example server can remember, as tests use them."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import running_redis
from running_server import RunningServer, keyring

ACCOUNT = ("a1b2c3d4", b"k-8d2f6c1e0b9a47538d2f6c1e0b9a4753")
OTHER_SECRET = ("a1b2c3d4", b"x-8d2f6c1e0b9a47538d2f6c1e0b9a4753")

# Far above what a store takes, for a busy machine must not read as a store that is away.
PATIENT = ("--replay-budget", "5000")


@dataclass(frozen=True)
class Place:
    """A choice of --replay. Servers that are started with the same one share what they know, except in memory."""

    replay: str
    options: tuple[str, ...] = PATIENT
    library: Path | None = None

    @property
    def shared(self) -> bool:
        return self.replay != "memory"

    def server(self, *options: str, wrapper: tuple[str, ...] = ()) -> RunningServer:
        """A server with a keyring that holds ACCOUNT."""
        env = {"LD_LIBRARY_PATH": str(self.library)} if self.library is not None else None
        everything = (*self.options, *options)
        return RunningServer(keyring(ACCOUNT), *everything, replay=self.replay, wrapper=wrapper, env=env)


@contextmanager
def a_place(kind: str, directory: Path) -> Iterator[Place]:
    """A fresh place of a kind: "memory", "file" or "redis"."""
    if kind == "memory":
        yield Place("memory")
    elif kind == "file":
        yield Place(f"file:{directory}/seen.db")
    else:
        running_redis.need_redis()
        with running_redis.RunningRedis() as redis:
            yield in_redis(redis)


def in_redis(redis: running_redis.RunningRedis) -> Place:
    namespace = f"test-{uuid.uuid4()}"
    return Place(redis.url, (*PATIENT, "--replay-namespace", namespace), running_redis.library())


@dataclass(frozen=True)
class Journal:
    """What the applications of all servers wrote: one line for each piece of work, one for what became of it."""

    path: Path

    @property
    def options(self) -> tuple[str, str]:
        return "--journal", str(self.path)

    def lines(self) -> list[tuple[str, str]]:
        """(word, jti) in the order of writing."""
        text = self.path.read_text() if self.path.exists() else ""
        pairs = [line.split(" ", 1) for line in text.splitlines()]
        return [(word, jti) for word, jti in pairs]

    def words(self) -> list[str]:
        return [word for word, _ in self.lines()]

    def handled(self) -> int:
        return self.words().count("handled")
