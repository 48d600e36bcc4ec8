"""How long an identity is kept, and clocks that do not go straight on."""

from .sequence import SequenceFile, accept, confirm, refuse, release

BUSY = "replay.in_progress"
DONE = "replay.duplicate"
FULL = "replay.store_full"
STALE = "time.stale"
WEEK = 7 * 24 * 3600


def collect(file: SequenceFile) -> None:
    _window(file)
    _kept(file)
    _clock(file)
    _mark(file)
    _last_second(file)


def _window(file: SequenceFile) -> None:
    for store in ("memory", "file"):
        file.add(
            f"the last second of the window, {store}",
            "when the token is forgotten the window must be shut",
            [accept(at=300), confirm(0), refuse(DONE, at=300), refuse(STALE, at=301), refuse(STALE, at=100_000)],
            store=store,
        )
        file.add(
            f"a token from ahead, {store}",
            "its window ends later, and it is kept as long",
            [accept(), confirm(0), refuse(DONE, at=360), refuse(STALE, at=361)],
            {"a": file.token(iat=60)},
            store=store,
        )
    file.add(
        "leeway 0",
        "a second ahead is refused, and uses up nothing",
        [refuse("time.future"), accept(at=1), confirm(1), refuse(DONE, at=301), refuse(STALE, at=302)],
        {"a": file.token(iat=1)},
        leeway=0,
    )
    file.add(
        "max_age 0",
        "good for one second, and once in it",
        [accept(), confirm(0), refuse(DONE), refuse(STALE, at=1)],
        max_age=0,
    )
    for store in ("memory", "file"):
        file.add(
            f"max_age of a week, {store}",
            "kept as long as it is good",
            [accept(), confirm(0), refuse(DONE, at=WEEK), refuse(STALE, at=WEEK + 1)],
            max_age=WEEK,
            store=store,
        )


def _kept(file: SequenceFile) -> None:
    """How long, as a full store shows: kept until iat + max_age + leeway + 60, and no longer."""

    def kept(name: str, why: str, until: int, iat: int = 0, **config: object) -> None:
        requests = {"a": file.token(iat=iat), "b": file.token("b", iat=until), "c": file.token("c", iat=until + 1)}
        file.add(
            name,
            why,
            [accept("a"), confirm(0), refuse(FULL, "b", until), accept("c", until + 1)],
            requests,
            capacity=1,
            **config,
        )

    kept("kept for the window and a minute", "300 + 60 + 60 s after its iat", 420)
    kept("a token from ahead is kept longer", "it counts from the iat, not from now", 480, iat=60)
    kept("an old token is kept no longer", "it counts from the iat, not from now", 220, iat=-200)
    kept("kept with leeway 0", "300 + 0 + 60 s", 360, leeway=0)
    kept("kept with max_age 0", "0 + 60 + 60 s", 120, max_age=0)
    kept("kept with max_age of a week", "a week + 60 + 60 s", WEEK + 120, max_age=WEEK)
    kept("kept with the largest leeway", "300 + 3,600 + 60 s", 3_960, leeway=3_600)


def _clock(file: SequenceFile) -> None:
    for store in ("memory", "file"):
        file.add(
            f"the clock steps back, done, {store}",
            "what is done stays done",
            [accept(at=50), confirm(0), refuse(DONE, at=0), refuse(DONE, at=-60)],
            store=store,
        )
        file.add(
            f"the clock steps back, at work, {store}",
            "a claim lasts until its deadline, whatever the clock did since",
            [accept(at=50), refuse(BUSY, at=0), refuse(BUSY, at=79), accept(at=80)],
            store=store,
        )
        file.add(
            f"the clock leaps ahead over a lease, and returns, {store}",
            "the second owner keeps its lease",
            [
                accept(),
                accept(at=40),
                refuse(BUSY, at=5),
                confirm(0, expect="no_effect"),
                confirm(1),
                refuse(DONE, at=6),
            ],
            store=store,
        )
        file.add(
            f"the clock leaps ahead, nobody is claimed, and returns, {store}",
            "a stale request asks no store, so nothing is purged",
            [accept(), confirm(0), refuse(STALE, at=1000), refuse(DONE, at=1)],
            store=store,
        )
    requests = {"a": file.token(), "b": file.token("b", iat=1000)}
    file.add(
        "the clock leaps ahead and returns, room enough",
        "a memory store purges when it needs room; another may say stale",
        [
            accept("a"),
            confirm(0),
            accept("b", 1000),
            confirm(2),
            refuse(DONE, "a", 1, also=["stale"]),
            refuse("time.future", "b", 1),
        ],
        requests,
    )


def _mark(file: SequenceFile) -> None:
    def leap(name: str, why: str, **config: object) -> None:
        requests = {
            "a": file.token(),
            "b": file.token("b", iat=1000),
            "same": file.token("same"),
            "newer": file.token("newer", iat=1),
        }
        file.add(
            name,
            why,
            [
                accept("a"),
                confirm(0),
                accept("b", 1000),
                release(2),
                refuse(STALE, "a", 1, also=["replayed"]),
                refuse(STALE, "same", 1),
                accept("newer", 1),
            ],
            requests,
            **config,
        )

    leap(
        "the clock leaps ahead and returns, no room",
        "what was purged may have been there: so may all that is as old",
        capacity=1,
    )
    leap(
        "the clock leaps ahead and returns, file",
        "what was purged may have been there: so may all that is as old",
        store="file",
    )
    leap(
        "the clock leaps ahead and returns, shared",
        "what was purged may have been there: so may all that is as old",
        store="shared",
    )
    requests = {
        "old": file.token("old", iat=-100),
        "a": file.token(),
        "b": file.token("b", iat=350),
        "c": file.token("c", iat=-99),
    }
    for store in ("memory", "file"):
        room: dict[str, object] = {"capacity": 2} if store == "memory" else {}
        file.add(
            f"only what was purged moves the mark, {store}",
            "not the present time, and not what is kept",
            [
                accept("old"),
                confirm(0),
                accept("a"),
                confirm(2),
                accept("b", 350),
                release(4),
                refuse(STALE, "old", 1, also=["replayed"]),
                accept("c", 1),
                refuse(DONE, "a", 1),
            ],
            requests,
            store=store,
            **room,
        )
    requests = {"a": file.token(), "b": file.token("b", iat=-50), "c": file.token("c", iat=-100)}
    file.add(
        "a released identity does not move the mark",
        "it was never done: an older token is still good",
        [accept("a"), release(0), accept("b"), release(2), accept("c")],
        requests,
        capacity=1,
    )
    requests = {"a": file.token(), "b": file.token("b", iat=-50), "c": file.token("c", iat=-100)}
    file.add(
        "a lapsed claim that gave its room does not move the mark",
        "its work may begin again: the same token and older ones are still good",
        [accept("a"), accept("b", 30), release(1), accept("c", 31), release(3), accept("a", 32)],
        requests,
        capacity=1,
    )
    requests = {"a": file.token(), "b": file.token("b", iat=1000)}
    for store in ("memory", "file"):
        room = {"capacity": 1} if store == "memory" else {}
        file.add(
            f"a claim past its time is purged like what is done, {store}",
            "its owner may have done the work: the mark moves, and a late confirm has no effect",
            [accept("a"), accept("b", 1000), confirm(0, expect="no_effect"), release(1), refuse(STALE, "a", 1)],
            requests,
            store=store,
            **room,
        )


def _last_second(file: SequenceFile) -> None:
    """What is in the last second of its time stays, though what is a second older goes."""
    requests = {
        "old": file.token("old", iat=-1),
        "a": file.token(),
        "b": file.token("b", iat=420),
        "c": file.token("c", iat=420),
    }
    for store in ("memory", "file"):
        room: dict[str, object] = {"capacity": 2} if store == "memory" else {}
        full = [refuse(FULL, "c", 420)] if store == "memory" else []
        file.add(
            f"kept in the last second, while a neighbour goes, {store}",
            "a purge takes what is past its time and not a second more",
            [
                accept("old"),
                confirm(0),
                accept("a"),
                confirm(2),
                accept("b", 420),
                confirm(4),
                *full,
                refuse(DONE, "a", 1, also=["stale"]),
                refuse(STALE, "old", 1, also=["replayed"]),
            ],
            requests,
            store=store,
            **room,
        )
