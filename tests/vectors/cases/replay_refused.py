"""A request that is refused uses up nothing: no identity and no room."""

from .build import ABSENT, APPLICATION, NOW, OTHER_ACCOUNT, OTHER_SECRET
from .sequence import Request, SequenceFile, accept, confirm, refuse, release

STRANGER = "nobody01"


def collect(file: SequenceFile) -> None:
    _burn_nothing(file)
    _later_good(file)
    _by_the_store(file)


def _burn_nothing(file: SequenceFile) -> None:
    def bad(name: str, reason: str, request: Request, **config: object) -> None:
        requests = {"bad": request, "a": file.token()}
        file.add(
            f"{name} does not use up the jti",
            "or a stranger on the path could burn events",
            # Room for one: a refused request must not take it.
            [refuse(reason, "bad"), accept("a"), refuse(reason, "bad", 1), confirm(1), refuse(reason, "bad", 2)],
            requests,
            capacity=1,
            **config,
        )

    bad("another body", "payload.mismatch", file.token(sent=b"{}"))
    bad("no body", "payload.mismatch", file.token(sent=b""))
    bad("another secret", "signature.invalid", file.token(secret=OTHER_SECRET))
    bad("another account's name", "signature.invalid", file.token(api_key=OTHER_ACCOUNT))
    bad("an unknown account", "key.unknown", file.token(api_key=STRANGER))
    bad("another issuer", "issuer.mismatch", file.token(iss="Nexmo"))
    bad(
        "another application",
        "application.mismatch",
        file.token(application_id="aaaaaaaa-bbbb-cccc-dddd-000000000000"),
        expected_application_id=APPLICATION,
    )
    bad("no payload_hash", "claims.missing", file.token(payload_hash=ABSENT))
    bad("a payload_hash that is none", "claims.malformed", file.token(payload_hash="00"))
    bad("an old iat", "time.stale", file.token(iat=-400))
    bad("an iat too far ahead", "time.future", file.token(iat=100))
    bad("a past exp", "time.expired", file.token(exp=1))
    bad("alg none", "token.algorithm", file.token(header=b'{"alg":"none"}'))
    bad("a critical extension", "token.critical", file.token(header=b'{"alg":"HS256","crit":["x"],"x":1}'))
    bad("a field that is no bearer token", "header.malformed", file.token(before="x "))


def _later_good(file: SequenceFile) -> None:
    file.add(
        "from the future, then in time",
        "the very same token is good when our clock has caught up",
        [
            refuse("time.future"),
            refuse("time.future", at=39),
            accept(at=40),
            confirm(2),
            refuse("replay.duplicate", at=41),
        ],
        {"a": file.token(iat=100)},
    )
    file.add(
        "not yet valid, then in time",
        "the same by nbf",
        [refuse("time.not_yet_valid"), accept(at=10)],
        {"a": file.token(nbf=NOW + 70)},
    )
    file.add(
        "stale while the clock was ahead",
        "no store was asked, nothing was purged: back in time the token is good",
        [refuse("time.stale", at=1000), accept(at=1)],
        store="file",
    )
    requests = {"bad": file.token(sent=b"{}"), "a": file.token()}
    file.add(
        "a bad copy of what is at work, file",
        "it neither ends the claim nor learns of it",
        [accept("a"), refuse("payload.mismatch", "bad", 1), confirm(0), refuse("payload.mismatch", "bad", 2)],
        requests,
        store="file",
    )
    requests = {"bad": file.token(secret=OTHER_SECRET), "a": file.token()}
    file.add(
        "a bad copy of a lapsed claim",
        "it does not take over",
        [accept("a"), refuse("signature.invalid", "bad", 40), confirm(0), refuse("replay.duplicate", "a", 41)],
        requests,
    )


def _by_the_store(file: SequenceFile) -> None:
    file.add(
        "refused as in progress",
        "the copy that came too early is good after the release",
        [accept(), refuse("replay.in_progress", at=1), release(0), accept(at=2)],
    )
    requests = {"a": file.token(), "b": file.token("b")}
    file.add(
        "refused as full",
        "the retry finds room",
        [accept("a"), refuse("replay.store_full", "b"), release(0), accept("b", 1), confirm(3)],
        requests,
        capacity=1,
    )
    requests = {"a": file.token(), "b": file.token(iat=-300)}
    file.add(
        "a refusal says the window before the store",
        "what is stale is stale, also when it is done",
        [accept("b"), confirm(0), refuse("time.stale", "b", 1), refuse("replay.duplicate", "a", 1)],
        requests,
    )
