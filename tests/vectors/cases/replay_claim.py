"""The life of a claim: claimed, confirmed, released, lapsed, taken over."""

from .sequence import SequenceFile, accept, confirm, refuse, release

BUSY = "replay.in_progress"
DONE = "replay.duplicate"
DAY = 24 * 3600


def collect(file: SequenceFile) -> None:
    for store in ("memory", "file"):
        _lease(file, store)
        _end(file, store)
        _old_owner(file, store)
    _odd_leases(file)


def _lease(file: SequenceFile, store: str) -> None:
    file.add(
        f"twice at once, {store}",
        "the first copy is at work: the sender may try again",
        [accept(), refuse(BUSY, at=1)],
        store=store,
    )
    file.add(
        f"one second before the lease ends, {store}",
        "a lease of 30 s covers 30 seconds",
        [accept(), refuse(BUSY, at=29)],
        store=store,
    )
    file.add(
        f"the second in which the lease ends, {store}",
        "at its deadline a claim is free to be taken over",
        [accept(), accept(at=30)],
        store=store,
    )
    file.add(
        f"a second after the lease, {store}",
        "whoever held it has died: the retry is worked on",
        [accept(), accept(at=31), confirm(1), refuse(DONE, at=32)],
        store=store,
    )
    file.add(
        f"a take-over begins a lease of its own, {store}",
        "or the second owner would be robbed at once",
        [accept(), accept(at=30), refuse(BUSY, at=59), accept(at=60)],
        store=store,
    )
    file.add(
        f"a refused copy does not prolong the lease, {store}",
        "or a sender that repeats every second would lock itself out",
        [accept(), refuse(BUSY, at=10), refuse(BUSY, at=29), accept(at=30)],
        store=store,
    )


def _end(file: SequenceFile, store: str) -> None:
    file.add(
        f"confirmed, then repeated, {store}",
        "the plain replay",
        [accept(), confirm(0), refuse(DONE, at=1), refuse(DONE, at=300)],
        store=store,
    )
    file.add(
        f"done does not lapse, {store}",
        "a lease ends claims, not what is done",
        [accept(), confirm(0), refuse(DONE, at=30), refuse(DONE, at=31)],
        store=store,
    )
    file.add(
        f"released, then repeated, {store}",
        "the work failed and the sender repeats the very same token",
        [accept(), release(0), accept(at=0), confirm(2), refuse(DONE, at=1)],
        store=store,
    )
    file.add(
        f"confirmed twice, {store}",
        "whose first confirm got no answer asks again: it is done all the same",
        [accept(), confirm(0), confirm(0), refuse(DONE, at=1)],
        store=store,
    )
    file.add(
        f"released twice, {store}",
        "the second release has nothing to release",
        [accept(), release(0), release(0, expect="no_effect"), accept(at=1)],
        store=store,
    )
    file.add(
        f"released after the confirm, {store}",
        "what is done never comes back",
        [accept(), confirm(0), release(0, expect="no_effect"), refuse(DONE, at=1)],
        store=store,
    )
    file.add(
        f"confirmed after the release, {store}",
        "the claim has ended; the identity stays free for the retry",
        [accept(), release(0), confirm(0, expect="no_effect"), accept(at=1)],
        store=store,
    )
    file.add(
        f"confirmed late, and nobody came, {store}",
        "a slow handler that nobody overtook has done its work",
        [accept(), confirm(0, 31), refuse(DONE, at=32)],
        store=store,
    )
    file.add(
        f"released late, and nobody came, {store}",
        "the claim still is its owner's",
        [accept(), release(0, 31), accept(at=32)],
        store=store,
    )
    file.add(
        f"confirmed when the token is long stale, {store}",
        "the work may outlast the window",
        [accept(), confirm(0, 100_000), refuse("time.stale", at=100_001)],
        store=store,
    )


def _old_owner(file: SequenceFile, store: str) -> None:
    file.add(
        f"old owner confirms, new one is at work, {store}",
        "its confirm must not end another's claim",
        [accept(), accept(at=30), confirm(0, 31, "no_effect"), refuse(BUSY, at=32), confirm(1), refuse(DONE, at=33)],
        store=store,
    )
    file.add(
        f"old owner releases, new one is at work, {store}",
        "or a third would work beside the second",
        [accept(), accept(at=30), release(0, 31, "no_effect"), refuse(BUSY, at=32)],
        store=store,
    )
    file.add(
        f"old owner confirms, new one has confirmed, {store}",
        "the work was done twice: the old owner is told so",
        [accept(), accept(at=30), confirm(1), confirm(0, expect="no_effect"), refuse(DONE, at=31)],
        store=store,
    )
    file.add(
        f"old owner releases, new one has confirmed, {store}",
        "what is done never comes back",
        [accept(), accept(at=30), confirm(1), release(0, expect="no_effect"), refuse(DONE, at=31)],
        store=store,
    )
    file.add(
        f"old owner confirms, new one has released, {store}",
        "the identity is free, and another's: a confirm would bury the retry",
        [accept(), accept(at=30), release(1), confirm(0, expect="no_effect"), accept(at=31)],
        store=store,
    )
    file.add(
        f"old owner releases what a third has claimed, {store}",
        "owners are never the same twice",
        [
            accept(),
            accept(at=30),
            release(1),
            accept(at=31),
            release(0, expect="no_effect"),
            release(1, expect="no_effect"),
            refuse(BUSY, at=32),
            confirm(3),
        ],
        store=store,
    )
    file.add(
        f"two take-overs, {store}",
        "only the last owner can end the claim",
        [
            accept(),
            accept(at=30),
            accept(at=60),
            confirm(0, expect="no_effect"),
            confirm(1, expect="no_effect"),
            refuse(BUSY, at=61),
            confirm(2),
            refuse(DONE, at=62),
        ],
        store=store,
    )


def _odd_leases(file: SequenceFile) -> None:
    file.add(
        "the shortest lease",
        "1 s: claimed for the rest of the second, free in the next",
        [accept(), refuse(BUSY), accept(at=1)],
        lease=1,
    )
    file.add(
        "the longest lease",
        "3,600 s",
        [accept(), refuse(BUSY, at=3_599), accept(at=3_600)],
        lease=3_600,
        max_age=DAY,
    )
    file.add(
        "the lease counts from the claim, not from the token",
        "an old token gets its full lease",
        [accept(at=200), refuse(BUSY, at=229), accept(at=230)],
    )
    file.add(
        "a lease beyond the window",
        "the token goes stale while its first copy is at work: the window is judged first",
        [accept(at=290), refuse(BUSY, at=300), refuse("time.stale", at=301)],
    )
