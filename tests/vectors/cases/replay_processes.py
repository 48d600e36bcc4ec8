"""Several threads and processes at once."""

from .sequence import SequenceFile, accept, concurrent, confirm, flood, flood_again, refuse, release

BUSY = "replay.in_progress"
DONE = "replay.duplicate"


def collect(file: SequenceFile) -> None:
    for store in ("file", "shared"):
        _one_store(file, store)
    _own_stores(file)
    for store in ("memory", "file"):
        _at_once(file, store)
    _processes_at_once(file)


def _one_store(file: SequenceFile, store: str) -> None:
    file.add(
        f"one accepts for all, {store}",
        "a sender's retry may reach any process",
        [accept(process=1), refuse(BUSY, at=1, process=2), refuse(BUSY, at=1), refuse(BUSY, at=1, process=1)],
        store=store,
    )
    file.add(
        f"done in one is done in all, {store}",
        "a sender's retry may reach any process",
        [accept(process=1), confirm(0), refuse(DONE, at=1, process=2), refuse(DONE, at=1, process=3)],
        store=store,
    )
    file.add(
        f"released by one, taken by another, {store}",
        "the retry is worked on wherever it lands",
        [accept(process=1), release(0), accept(at=1, process=2), refuse(BUSY, at=2, process=1)],
        store=store,
    )
    file.add(
        f"taken over by another process, {store}",
        "the old owner lives, in another process, and is told",
        [
            accept(process=1),
            accept(at=30, process=2),
            confirm(0, expect="no_effect"),
            release(0, expect="no_effect"),
            refuse(BUSY, at=31, process=1),
            confirm(1),
            refuse(DONE, at=32, process=1),
        ],
        store=store,
    )


def _own_stores(file: SequenceFile) -> None:
    file.add(
        "memory is each process's own",
        "one accept for each process: the reason why there are other stores",
        [
            accept(process=1),
            confirm(0),
            accept(process=2),
            refuse(DONE, at=1, process=1),
            refuse(BUSY, at=1, process=2),
        ],
    )
    requests = {"a": file.token(), "b": file.token("b")}
    file.add(
        "the room of memory is each process's own",
        "a full store fills no other",
        [accept("a", process=1), refuse("replay.store_full", "b", process=1), accept("b", process=2)],
        requests,
        capacity=1,
    )


def _at_once(file: SequenceFile, store: str) -> None:
    file.add(f"thirty-two at once, {store}", "exactly one wins", [concurrent(1)], store=store)
    file.add(
        f"at once after the release, {store}",
        "exactly one wins",
        [accept(), release(0), concurrent(1, at=1)],
        store=store,
    )
    file.add(
        f"at once after the confirm, {store}",
        "none wins",
        [accept(), confirm(0), concurrent(0, at=1), refuse(DONE, at=2)],
        store=store,
    )
    file.add(
        f"at once while one is at work, {store}",
        "none wins, and the claim is not harmed",
        [accept(), concurrent(0, at=29), confirm(0), refuse(DONE, at=30)],
        store=store,
    )
    file.add(
        f"at once when the lease ends, {store}",
        "exactly one takes over, and the old owner is told",
        [accept(), concurrent(1, at=30), confirm(0, expect="no_effect"), refuse(BUSY, at=31)],
        store=store,
    )
    prefix = f"{file.next_id.lower()}-"
    file.add(
        f"a flood twice, {store}",
        "each once",
        [flood(prefix, 100), flood_again(prefix, 100, 0), flood_again(prefix, 100, 0, 300, 0)],
        {},
        store=store,
    )


def _processes_at_once(file: SequenceFile) -> None:
    file.add(
        "at once in four processes, file",
        "exactly one wins",
        [concurrent(1, processes=4), refuse(BUSY, at=29, process=3), concurrent(1, at=30, processes=4)],
        store="file",
    )
    file.add(
        "at once in four processes, shared",
        "exactly one wins",
        [concurrent(1, count=16, processes=4)],
        store="shared",
    )
    file.add(
        "at once in four processes, memory",
        "one wins in each: the reason why there are other stores",
        [concurrent(4, processes=4), concurrent(0, at=29, processes=4)],
    )
    file.add(
        "at once for the last place",
        "exactly one wins, and the others are told why",
        [concurrent(1)],
        capacity=1,
    )
