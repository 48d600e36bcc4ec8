"""Several real servers on one store, many senders, and kill -9: what was confirmed is never worked on again, and what
was not is worked on in the end.

HOOKPROOF_LONG=1 runs each load for longer.
"""

import os
import random
import time
from pathlib import Path

import pytest
from load import Fleet, Senders, judge
from places import ACCOUNT, Journal, Place, a_place, in_redis
from running_redis import RunningRedis, need_redis
from signing import bearer
from wire import exchange, post

LOAD_SECONDS = 60.0 if os.environ.get("HOOKPROOF_LONG") == "1" else 10.0
# Enough for the leases of killed servers to end, and for the retries after that.
DRAIN_SECONDS = 30.0
# With some work to do, a kill finds servers before, within and after it.
OPTIONS = ("--lease", "2", "--work", "20")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


def assert_kept(fleet: Fleet, senders: Senders, journal: Journal) -> None:
    """The promises, and that the load was one."""
    findings = judge(journal, senders)
    print(findings, dict(senders.answers), dict(fleet.verdicts()), f"kills={fleet.kills}")
    assert findings.broken() == {} and findings.overtaken <= findings.tokens / 500
    assert set(senders.answers) <= {"200", "503", "None"}
    verdicts = fleet.verdicts()
    assert set(verdicts) <= {"ok", "replay.duplicate", "replay.in_progress", "replay.store_unavailable"}
    assert findings.tokens > 20 * LOAD_SECONDS
    assert verdicts["replay.duplicate"] > findings.tokens / 4 and verdicts["replay.in_progress"] > 0
    log = fleet.log()
    assert "eyJ" not in log and ACCOUNT[1].decode() not in log


def kill_at_random(fleet: Fleet, seconds: float, seed: int) -> None:
    source = random.Random(seed)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(source.uniform(0.1, 0.7))
        fleet.kill(source.randrange(len(fleet.servers)))


@pytest.mark.parametrize(("kind", "size"), [("redis", 3), ("file", 8)])
def test_servers_are_killed(kind: str, size: int, tmp_path: Path, journal: Journal) -> None:
    with (
        a_place(kind, tmp_path) as place,
        Fleet(place, size, (*OPTIONS, *journal.options)) as fleet,
        Senders(fleet, journal, threads=24, seed=1) as senders,
    ):
        kill_at_random(fleet, LOAD_SECONDS, seed=2)
        assert senders.finish(DRAIN_SECONDS) == 0
        assert_kept(fleet, senders, journal)
        assert fleet.kills > LOAD_SECONDS
        assert senders.answers["None"] > 0
        # The store was there all the time.
        assert fleet.verdicts()["replay.store_unavailable"] == 0


def test_redis_is_killed(journal: Journal) -> None:
    need_redis()
    source = random.Random(3)
    with (
        RunningRedis() as redis,
        Fleet(in_redis(redis), 3, (*OPTIONS, *journal.options)) as fleet,
        Senders(fleet, journal, threads=24, seed=4) as senders,
    ):
        first = list(fleet.servers)
        end = time.monotonic() + LOAD_SECONDS
        while time.monotonic() < end:
            time.sleep(source.uniform(0.3, 1.2))
            redis.kill()
            # The connections that were open are dead; after that nothing can be accepted.
            time.sleep(0.3)
            for server in fleet.servers:
                answer = exchange(server.port, post(bearer(ACCOUNT, b"x"), b"x"))
                assert answer.status == 503
            time.sleep(source.uniform(0, 0.5))
            redis.start()
        assert senders.finish(DRAIN_SECONDS) == 0
        assert_kept(fleet, senders, journal)
        verdicts = fleet.verdicts()
        assert verdicts["replay.store_unavailable"] > LOAD_SECONDS
        # It recovered by itself.
        assert fleet.kills == 0 and fleet.servers == first


def test_the_judgement_finds_what_memory_lets_through(journal: Journal) -> None:
    """The same load on stores that do not know of each other: the promises break, and it is seen."""
    with (
        Fleet(Place("memory"), 3, (*OPTIONS, *journal.options)) as fleet,
        Senders(fleet, journal, threads=6, seed=5) as senders,
    ):
        time.sleep(2)
        assert senders.finish(DRAIN_SECONDS) == 0
        broken = judge(journal, senders).broken()
        assert len(broken["worked_on_after_confirm"]) > 10 and len(broken["worked_on_after_answer"]) > 10
        assert len(broken["confirmed_twice"]) > 10 and "never_worked_on" not in broken
