"""Processes that end and begin anew."""

from .sequence import SequenceFile, accept, confirm, flood, flood_again, refuse, release, restart

BUSY = "replay.in_progress"
DONE = "replay.duplicate"
COLD = "replay.store_unavailable"


def collect(file: SequenceFile) -> None:
    _memory(file)
    for store in ("file", "shared"):
        _kept(file, store)


def _memory(file: SequenceFile) -> None:
    file.add(
        "a memory store forgets",
        "the hole that is written down: file and shared stores have none",
        [accept(), confirm(0), restart(), accept(at=1), confirm(3), refuse(DONE, at=2)],
    )
    file.add(
        "a memory store forgets claims",
        "the process that held it is gone",
        [accept(), restart(), accept(at=1)],
    )
    file.add(
        "a memory store forgets a flood",
        "all of it",
        [flood("rrs003-", 50), flood_again("rrs003-", 50, 0), restart(), flood_again("rrs003-", 50, 50, 1, 0)],
        {},
    )
    requests = {
        "a": file.token(),
        "at": file.token("at", iat=10),
        "after": file.token("after", iat=11),
        "before": file.token("before", iat=9),
    }
    file.add(
        "a cold start that refuses",
        "what was issued until the start may have been used before it",
        [
            accept("a"),
            confirm(0),
            restart(10),
            refuse(COLD, "a", 11, also=["cold_start"]),
            refuse(COLD, "before", 11, also=["cold_start"]),
            refuse(COLD, "at", 11, also=["cold_start"]),
            accept("after", 11),
            refuse(BUSY, "after", 12),
        ],
        requests,
        cold_start="refuse",
    )
    requests = {"a": file.token(), "b": file.token("b", iat=6)}
    file.add(
        "a cold start at the time of the last step",
        "a restart without a time is one at that of the step before",
        [accept("a", 5), restart(), refuse(COLD, "a", 6), accept("b", 6)],
        requests,
        cold_start="refuse",
    )
    file.add(
        "a cold start refuses until the token is stale",
        "the window shuts behind it",
        [accept(), restart(10), refuse(COLD, at=300), refuse("time.stale", at=301)],
        cold_start="refuse",
    )
    file.add(
        "the first start is no cold one",
        "nothing was there before the sequence",
        [accept(), confirm(0), refuse(DONE, at=1)],
        cold_start="refuse",
    )
    file.add(
        "a token from ahead at a cold start",
        "issued after the start by its own word: add the leeway where senders' clocks are ahead",
        [accept(), confirm(0), restart(10), accept(at=11)],
        {"a": file.token(iat=60)},
        cold_start="refuse",
    )
    requests = {"a": file.token(), "b": file.token("b", iat=20)}
    file.add(
        "two cold starts",
        "the later one counts",
        [accept("a"), restart(10), accept("b", 20), confirm(2), restart(30), refuse(COLD, "b", 31)],
        requests,
        cold_start="refuse",
    )
    file.add(
        "a bad request at a cold start",
        "no store is asked about it",
        [accept("a"), restart(10), refuse("payload.mismatch", "bad", 11), refuse(COLD, "a", 11)],
        {"a": file.token(), "bad": file.token(sent=b"{}")},
        cold_start="refuse",
    )
    file.add(
        "a cold start is no outage",
        "accept and flag is for a store that is away, not for one that knows why it must refuse",
        [accept(), restart(10), refuse(COLD, at=11)],
        cold_start="refuse",
        store_down="accept_and_flag",
    )


def _kept(file: SequenceFile, store: str) -> None:
    file.add(
        f"done, {store}",
        "a restart forgets nothing",
        [accept(), confirm(0), restart(), refuse(DONE, at=1), restart(), refuse(DONE, at=300)],
        store=store,
    )
    file.add(
        f"at work, {store}",
        "the lease runs on: nobody knows yet that the owner is gone",
        [accept(), restart(), refuse(BUSY, at=29), accept(at=30)],
        store=store,
    )
    file.add(
        f"confirmed after the restart, {store}",
        "the claim is known by its owner, not by the process",
        [accept(), restart(), confirm(0, 5), refuse(DONE, at=6)],
        store=store,
    )
    file.add(
        f"released after the restart, {store}",
        "the claim is known by its owner, not by the process",
        [accept(), restart(), release(0, 5), accept(at=6)],
        store=store,
    )
    file.add(
        f"old owner after the restart, {store}",
        "owners are never the same twice, over restarts too",
        [
            accept(),
            restart(),
            accept(at=30),
            confirm(0, expect="no_effect"),
            release(0, expect="no_effect"),
            refuse(BUSY, at=31),
            confirm(2),
        ],
        store=store,
    )
    file.add(
        f"a start that need not be cold, {store}",
        "the store remembers what was before: it refuses nothing new",
        [restart(10), accept(at=11), confirm(1), restart(20), refuse(DONE, at=21)],
        store=store,
        cold_start="refuse",
    )
    requests = {"a": file.token(), "b": file.token("b", iat=1000)}
    file.add(
        f"what was purged, {store}",
        "how far the purge went is kept too",
        [
            accept("a"),
            confirm(0),
            accept("b", 1000),
            restart(),
            refuse("time.stale", "a", 1, also=["replayed"]),
        ],
        requests,
        store=store,
    )
    prefix = f"{file.next_id.lower()}-"
    file.add(
        f"a flood, {store}",
        "all of it is known",
        [flood(prefix, 50), restart(), flood_again(prefix, 50, 0, 1, 0)],
        {},
        store=store,
    )
