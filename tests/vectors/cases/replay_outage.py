"""Stores that do not answer."""

from .sequence import SequenceFile, accept, confirm, down, refuse, release, restart, up

BUSY = "replay.in_progress"
DONE = "replay.duplicate"
AWAY = "replay.store_unavailable"


def collect(file: SequenceFile) -> None:
    _refuse(file)
    _end(file)
    _flag(file)


def _refuse(file: SequenceFile) -> None:
    def add(name: str, why: str, steps: list[dict[str, object]]) -> None:
        file.add(name, why, steps, store="shared")

    add(
        "away, and back",
        "fail closed, and use up nothing",
        [down(), refuse(AWAY), refuse(AWAY, at=1), up(), accept(at=2), confirm(4), refuse(DONE, at=3)],
    )
    add(
        "away when the replay comes",
        "what was done is still done",
        [accept(), confirm(0), down(), refuse(AWAY, at=1), up(), refuse(DONE, at=2)],
    )
    add(
        "away while a claim runs",
        "the lease runs on",
        [accept(), down(), refuse(AWAY, at=29), up(), refuse(BUSY, at=29), accept(at=30)],
    )
    add(
        "away in every process",
        "it is one store",
        [down(), refuse(AWAY), refuse(AWAY, process=1), up(), accept(process=1), refuse(BUSY)],
    )
    add(
        "away while we restart",
        "what was done is still done",
        [accept(), confirm(0), down(), restart(), refuse(AWAY, at=1), up(), refuse(DONE, at=2)],
    )
    requests = {"bad": file.token(sent=b"{}"), "a": file.token()}
    file.add(
        "a bad request while it is away",
        "no store is asked about it",
        [down(), refuse("payload.mismatch", "bad"), refuse(AWAY, "a"), refuse("time.stale", "a", 301)],
        requests,
        store="shared",
    )
    file.add(
        "a file that goes away",
        "the same of a file",
        [accept(), down(), refuse(AWAY, at=1), confirm(0, expect="error"), up(), confirm(0), refuse(DONE, at=2)],
        store="file",
    )


def _end(file: SequenceFile) -> None:
    def add(name: str, why: str, steps: list[dict[str, object]]) -> None:
        file.add(name, why, steps, store="shared")

    add(
        "a confirm that is lost, and tried again",
        "the claim stays open",
        [accept(), down(), confirm(0, expect="error"), up(), refuse(BUSY, at=1), confirm(0), refuse(DONE, at=2)],
    )
    add(
        "a release that is lost, and tried again",
        "the claim stays open",
        [accept(), down(), release(0, expect="error"), up(), refuse(BUSY, at=1), release(0), accept(at=2)],
    )
    add(
        "a confirm that is lost, and tried too late",
        "the lease ended and another has it",
        [accept(), down(), confirm(0, expect="error"), up(), accept(at=30), confirm(0, expect="no_effect"), confirm(4)],
    )
    add(
        "a release that is lost for good",
        "the lease ends the claim",
        [accept(), down(), release(0, expect="error"), up(), refuse(BUSY, at=29), accept(at=30)],
    )
    add(
        "a second confirm while it is away",
        "it is known to be done: nobody is asked",
        [accept(), confirm(0), down(), confirm(0), release(0, expect="no_effect")],
    )


def _flag(file: SequenceFile) -> None:
    def add(name: str, why: str, steps: list[dict[str, object]]) -> None:
        file.add(name, why, steps, store="shared", store_down="accept_and_flag")

    add(
        "accepted and flagged",
        "the choice to lose no event and risk a repeat; nothing is claimed",
        [down(), accept(), confirm(1, expect="no_effect"), release(1, expect="no_effect"), accept(at=1)],
    )
    add(
        "accepted and flagged, then repeated when it is back",
        "the store never learned of it",
        [down(), accept(), up(), accept(at=1), confirm(3), refuse(DONE, at=2)],
    )
    add(
        "done, then accepted and flagged",
        "the risk itself: what was done is accepted while the store is away",
        [accept(), confirm(0), down(), accept(at=1), up(), refuse(DONE, at=2)],
    )
    add(
        "accept and flag with a store that answers",
        "no difference",
        [accept(), refuse(BUSY, at=1), confirm(0), refuse(DONE, at=2)],
    )
    requests = {"bad": file.token(sent=b"{}"), "old": file.token("old", iat=-301)}
    file.add(
        "a bad request is never flagged",
        "only the store's part of the check is given up",
        [down(), refuse("payload.mismatch", "bad"), refuse("time.stale", "old")],
        requests,
        store="shared",
        store_down="accept_and_flag",
    )
