"""What makes two requests the same one: the account and the `jti`, and nothing else."""

from .build import ACCOUNT, OTHER_ACCOUNT, OTHER_SECRET, Raw
from .sequence import (
    EVENT,
    LONGER_ACCOUNT,
    LONGER_SECRET,
    OLD_SECRET,
    Request,
    SequenceFile,
    accept,
    confirm,
    refuse,
)

BUSY = "replay.in_progress"
DONE = "replay.duplicate"


def collect(file: SequenceFile) -> None:
    _accounts(file)
    _same(file)
    _other(file)


def _accounts(file: SequenceFile) -> None:
    jti = file.jti()
    requests = {"a": file.token(), "b": file.token(jti=jti, api_key=OTHER_ACCOUNT, secret=OTHER_SECRET)}
    file.add(
        "one jti, two accounts",
        "one tenant must not use up another's events",
        [accept("a"), confirm(0), accept("b"), confirm(2), refuse(DONE, "a", 1), refuse(DONE, "b", 1)],
        requests,
    )
    jti = file.jti()
    requests = {"a": file.token(), "b": file.token(jti=jti, api_key=OTHER_ACCOUNT, secret=OTHER_SECRET)}
    file.add(
        "one jti, two accounts, file",
        "one tenant must not use up another's events",
        [accept("a"), accept("b"), refuse(BUSY, "a", 1), confirm(1), refuse(BUSY, "a", 1), refuse(DONE, "b", 1)],
        requests,
        store="file",
    )
    requests = {
        "a": file.token(jti="5-shifted"),
        "b": file.token(jti="-shifted", api_key=LONGER_ACCOUNT, secret=LONGER_SECRET),
    }
    for store in ("memory", "file"):
        file.add(
            f"account and jti join to the same text, {store}",
            "where one ends and the other begins counts",
            [accept("a"), confirm(0), accept("b")],
            requests,
            store=store,
        )


def _same(file: SequenceFile) -> None:
    def pair(name: str, why: str, other: Request) -> None:
        requests = {"a": file.token(), "b": other}
        steps = [accept("a"), refuse(BUSY, "b", 1), confirm(0), refuse(DONE, "b", 2)]
        file.add(name, why, steps, requests)

    pair(
        "old and new secret of one account, one jti",
        "a rotation must not open the door to replays",
        file.token(secret=OLD_SECRET),
    )
    pair("another iat, one jti", "the identity is not the time", file.token(iat=-1))
    pair("another body, one jti", "the identity is not the payload", file.token(body=b'{"event":"y"}'))
    pair(
        "another application, one jti",
        "the identity is not the application",
        file.token(application_id="aaaaaaaa-bbbb-cccc-dddd-000000000000"),
    )
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in file.jti())
    pair(
        "the jti in escapes",
        "the identity is the text that the JSON means",
        file.token(jti=Raw(f'"{escaped}"')),
    )
    pair(
        "the members of the header in another order",
        "one identity has many tokens",
        file.token(header=b'{"typ":"JWT","alg":"HS256"}'),
    )
    pair("further claims", "one identity has many tokens", file.token(extra_claim="x"))
    spaced = file.token()
    spaced["authorization"] = spaced["authorization"].replace("Bearer ", "bEARER   ")
    pair("the scheme written otherwise", "one identity has many header fields", spaced)


def _other(file: SequenceFile) -> None:
    def pair(name: str, why: str, first: str, second: str) -> None:
        requests = {"a": file.token(jti=first), "b": file.token(jti=second)}
        file.add(name, why, [accept("a"), confirm(0), accept("b", 1), confirm(2), refuse(DONE, "b", 2)], requests)

    jti = file.jti()
    pair("jti in other case", "a jti is bytes", jti, jti.upper())
    jti = file.jti()
    pair("jti with a space behind", "nothing is trimmed", jti, f"{jti} ")
    jti = file.jti()
    pair("jti that begins with the other", "nothing is cut", jti, f"{jti}0")
    pair("composed and decomposed letters", "nothing is normalised", "caf\u00e9-1", "cafe\u0301-1")
    long = "j" * 255
    pair("the longest jti, last byte", "all 256 bytes count", f"{long}0", f"{long}1")
    jti = file.jti()
    pair("jti that names the account", "the two are never mixed up", jti, f"{ACCOUNT}{jti}")
    requests = {"a": file.token(jti="1"), "b": file.token(jti="01", body=EVENT)}
    file.add("jti of digits", "a jti is no number", [accept("a"), confirm(0), accept("b")], requests)
