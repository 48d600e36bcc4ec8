"""gunicorn with four workers that share a store, under clients that send everything more than once, while workers are
killed."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from glue_server import BODY, Server, signer
from redis_server import redis_server

TOKENS = 60
COPIES = 4
KILLS = 6
SENDERS = 8
LEASE = 6
DEADLINE = 90


class Senders:
    """Each copy of each token is sent until it is answered with 200, as the vendor does with what is answered 503."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.tokens = {f"t-{number}": signer().headers(BODY, jti=f"t-{number}") for number in range(TOKENS)}
        self.answers: Counter[str] = Counter()
        self.accepted: Counter[str] = Counter()
        self.strays: list[str] = []
        # The copies of one are neighbours, and are sent at the same time.
        self._waiting = [(0.0, jti) for jti in self.tokens for _ in range(COPIES)]
        self._lock = threading.Lock()
        self._open = len(self._waiting)
        self._end = time.monotonic() + DEADLINE

    def run(self) -> None:
        threads = [threading.Thread(target=self._send) for _ in range(SENDERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def is_over(self) -> bool:
        return self._open == 0 or time.monotonic() > self._end

    def _send(self) -> None:
        while not self.is_over():
            with self._lock:
                now = time.monotonic()
                due = next((entry for entry in self._waiting if entry[0] <= now), None)
                if due is not None:
                    self._waiting.remove(due)
            if due is None:
                time.sleep(0.02)
                continue
            jti = due[1]
            try:
                answer = self.server.request("/webhooks/work", self.tokens[jti])
                word = f"{answer.status} {answer.body.decode().strip()}"
            except (OSError, ValueError):
                word = "no answer"
            except Exception as error:
                word = f"no answer: {type(error).__name__}"
            with self._lock:
                self.answers[word] += 1
                if word == "200 worked on":
                    self.accepted[jti] += 1
                if word.startswith("200 "):
                    self._open -= 1
                else:
                    self._waiting.append((time.monotonic() + 0.1, jti))
                    if not word.startswith(("503 refused", "no answer")):
                        self.strays.append(word)


def workers(server: Server) -> list[int]:
    master = server.process.pid
    return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


def begins(server: Server) -> int:
    """The next worker that begins to work."""
    before = len(server.journal())
    for _ in range(200):
        journal = server.journal()
        if len(journal) > before:
            return int(journal[-1].split()[0])
        time.sleep(0.005)
    return 0


@pytest.mark.parametrize("store", ["file", "redis"])
@pytest.mark.parametrize("app", ["app_flask:app", "app_django:application"])
def test_one_accept_of_each(app: str, store: str, tmp_path: Path) -> None:
    if store == "file":
        check(app, tmp_path, {})
    else:
        with redis_server(tmp_path) as port:
            check(app, tmp_path, {"REDIS_PORT": str(port)})


def check(app: str, place: Path, environment: dict[str, str]) -> None:
    command = ["-m", "gunicorn", app, "--bind", "127.0.0.1:{port}", "--workers", "4", "--no-control-socket"]
    killed: set[int] = set()
    with Server(place, command, environment={**environment, "LEASE": str(LEASE)}) as server:
        senders = Senders(server)
        running = threading.Thread(target=senders.run)
        running.start()
        chance = random.Random(1)
        while len(killed) < KILLS and not senders.is_over():
            time.sleep(0.25)
            alive = [pid for pid in workers(server) if pid not in killed]
            # Any, and one that has just begun to work.
            victim = chance.choice(alive) if len(killed) % 3 == 0 else begins(server)
            if victim in alive and len(alive) >= 3:
                killed.add(victim)
                os.kill(victim, signal.SIGKILL)
        running.join()
        works: dict[str, list[int]] = defaultdict(list)
        for line in server.journal():
            pid, jti = line.split()
            works[jti].append(int(pid))
        told = f"{senders.answers} killed {len(killed)} {server.log()}"
    assert len(killed) >= 3 and any(len(pids) > 1 for pids in works.values()), told
    assert not senders.strays, (senders.strays, told)
    assert senders.is_over() and senders.answers.total() >= TOKENS * COPIES
    assert set(works) == set(senders.tokens), told
    for jti, pids in works.items():
        # Worked on once, and once more only for each worker that was killed at it.
        assert all(pid in killed for pid in pids[:-1]), (jti, pids, killed, told)
        assert senders.accepted[jti] <= len(pids), (jti, told)
    # Whatever was not answered was killed: of all the rest, exactly one copy was accepted.
    for jti in senders.tokens:
        assert senders.accepted[jti] == 1 or any(pid in killed for pid in works[jti]), (jti, works[jti], told)
    assert senders.answers["200 worked on"] + senders.answers["200 refused"] == TOKENS * COPIES, told
