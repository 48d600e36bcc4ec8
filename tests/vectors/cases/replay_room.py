"""Full stores: they refuse, and forget nothing that must be kept."""

from .sequence import SequenceFile, accept, confirm, flood, flood_again, refuse, release

BUSY = "replay.in_progress"
DONE = "replay.duplicate"
FULL = "replay.store_full"


def collect(file: SequenceFile) -> None:
    _exact(file)
    _room(file)
    _known(file)


def _exact(file: SequenceFile) -> None:
    requests = {"a": file.token(), "b": file.token("b")}
    file.add(
        "room for one",
        "refuse the new, keep the old",
        [accept("a"), confirm(0), refuse(FULL, "b", also=["store_unavailable"]), refuse(DONE, "a")],
        requests,
        capacity=1,
    )
    requests = {name: file.token(name) for name in ("a", "b", "c")}
    file.add(
        "room for two",
        "exactly two",
        [accept("a"), accept("b"), refuse(FULL, "c"), refuse(BUSY, "a"), refuse(BUSY, "b")],
        requests,
        capacity=2,
    )
    file.add(
        "room for a thousand",
        "exactly a thousand, and all of them known",
        [flood("rrm003-", 1000), refuse(FULL), flood_again("rrm003-", 1000, 0), refuse(FULL, at=300)],
        capacity=1000,
    )
    file.add(
        "the last place of a thousand",
        "it is given, and only once",
        [flood("rrm004-", 999), accept("a"), refuse(BUSY, "a", 1), refuse(FULL, "b", 1)],
        {"a": file.token(), "b": file.token("b")},
        capacity=1000,
    )
    file.add(
        "more than there is room for",
        "a flood with room for three of its five",
        [flood_again("rrm005-", 5, 3), flood_again("rrm005-", 5, 0)],
        capacity=3,
    )


def _room(file: SequenceFile) -> None:
    requests = {"a": file.token(), "b": file.token("b")}
    file.add(
        "room by a release",
        "a released identity takes no place",
        [accept("a"), refuse(FULL, "b"), release(0), accept("b"), refuse(FULL, "a", 1)],
        requests,
        capacity=1,
    )
    requests = {"a": file.token(), "b": file.token("b")}
    file.add(
        "room by a lapsed claim",
        "its owner has died; should it live, its confirm has no effect",
        [accept("a"), refuse(FULL, "b", 29), accept("b", 30), confirm(0, expect="no_effect"), confirm(2)],
        requests,
        capacity=1,
    )
    requests = {"a": file.token(), "b": file.token("b")}
    file.add(
        "a lapsed claim that gave its room is released",
        "no effect, and the place stays the other's",
        [accept("a"), accept("b", 30), release(0, expect="no_effect"), refuse(BUSY, "b", 31), refuse(FULL, "a", 31)],
        requests,
        capacity=1,
    )
    requests = {name: file.token(name) for name in ("a", "b", "c", "d")}
    file.add(
        "a lapsed claim goes, what is done stays",
        "room is made from claims alone",
        [
            accept("a"),
            confirm(0),
            accept("b"),
            accept("c", 30),
            refuse(FULL, "d", 30),
            refuse(DONE, "a", 30),
            confirm(3),
            refuse(FULL, "d", 60),
        ],
        requests,
        capacity=2,
    )
    requests = {"a": file.token(), "b": file.token("b", iat=420), "c": file.token("c", iat=421)}
    file.add(
        "room by expiry",
        "the second after its time is over",
        [accept("a"), confirm(0), refuse(FULL, "b", 420), accept("c", 421), refuse(FULL, "b", 421)],
        requests,
        capacity=1,
    )
    requests = {"old": file.token("old", iat=-300), "b": file.token("b"), "c": file.token("c")}
    file.add(
        "what is past its time goes before lapsed claims",
        "the slow handler still can confirm",
        [
            accept("old"),
            confirm(0),
            accept("b", 90),
            refuse(FULL, "c", 119),
            accept("c", 121),
            confirm(2),
            confirm(4),
            refuse(DONE, "b", 122),
        ],
        requests,
        capacity=2,
    )
    file.add(
        "a flood passes",
        "after the window the room is there again, and the flood is stale",
        [
            flood("rrm012-", 1000),
            flood("rrm012b-", 1000, 421),
            flood_again("rrm012-", 1000, 0, 421, 0),
            flood_again("rrm012b-", 1000, 0, 422, 421),
        ],
        {},
        capacity=1000,
    )


def _known(file: SequenceFile) -> None:
    requests = {"a": file.token(), "b": file.token("b")}
    file.add(
        "a lapsed claim is taken over in a full store",
        "it needs no new place",
        [
            accept("a"),
            confirm(0),
            accept("b"),
            accept("b", 30),
            confirm(3),
            refuse(DONE, "b", 31),
            refuse(DONE, "a", 31),
        ],
        requests,
        capacity=2,
    )
    requests = {"a": file.token(), "b": file.token("b")}
    file.add(
        "a confirm in a full store",
        "what is claimed can always be done",
        [accept("a"), refuse(FULL, "b"), confirm(0), refuse(FULL, "b", 30), refuse(FULL, "b", 300)],
        requests,
        capacity=1,
    )
    requests = {"a": file.token(), "b": file.token("b")}
    file.add(
        "a full store does not accept and flag",
        "that is for a store that is away: this one knows that it cannot promise",
        [accept("a"), refuse(FULL, "b")],
        requests,
        capacity=1,
        store_down="accept_and_flag",
    )
