"""A slow, obvious replay store: the second opinion on every sequence.

Written from the rules of the stores alone: a dictionary, searched from end to end where a
real store would be clever. What a request is refused for before any store is asked, the
reference verifier says.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import reference

GRACE = 60
FLOOD_ACCOUNT = "a1b2c3d4"

Identity = tuple[str, str]
Object = Mapping[str, object]


@dataclass
class Entry:
    """What a store knows of one identity. Without a deadline it is done."""

    owner: int
    issued_at: int
    deadline: int | None


@dataclass
class Store:
    """One store. A capacity makes it a memory store: it purges when it is full, and a file at every turn."""

    capacity: int | None
    cold_until: int | None = None
    entries: dict[Identity, Entry] = field(default_factory=dict)
    longest: int = 0
    purged: int | None = None
    owners: int = 0

    def claim(self, identity: Identity, issued_at: int, now: int, window: int, lease: int) -> str | int:
        """The owner's number, or the reason of the refusal."""
        self.longest = max(self.longest, window)
        entry = self.entries.get(identity)
        if entry is not None:
            if entry.deadline is None:
                return "replay.duplicate"
            if now < entry.deadline:
                return "replay.in_progress"
            return self._enter(identity, issued_at, now + lease)
        if self.cold_until is not None and issued_at <= self.cold_until:
            return "replay.store_unavailable"
        if self.capacity is None:
            self._purge(now)
        if self._may_have_been_there(issued_at):
            return "time.stale"
        if self._is_full() and not self._purge(now):
            self._drop_lapsed(now)
        if self._may_have_been_there(issued_at):
            return "time.stale"
        if self._is_full():
            return "replay.store_full"
        return self._enter(identity, issued_at, now + lease)

    def confirm(self, identity: Identity, owner: int) -> bool:
        entry = self.entries.get(identity)
        if entry is None or entry.owner != owner:
            return False
        entry.deadline = None
        return True

    def release(self, identity: Identity, owner: int) -> bool:
        entry = self.entries.get(identity)
        if entry is None or entry.owner != owner or entry.deadline is None:
            return False
        del self.entries[identity]
        return True

    def _enter(self, identity: Identity, issued_at: int, deadline: int) -> int:
        self.owners += 1
        self.entries[identity] = Entry(self.owners, issued_at, deadline)
        return self.owners

    def _is_full(self) -> bool:
        return self.capacity is not None and len(self.entries) >= self.capacity

    def _may_have_been_there(self, issued_at: int) -> bool:
        return self.purged is not None and issued_at <= self.purged

    def _purge(self, now: int) -> bool:
        """Forgets what no verifier would take any more, and remembers how far that went."""
        over = [identity for identity, entry in self.entries.items() if now > entry.issued_at + self.longest]
        for identity in over:
            issued_at = self.entries.pop(identity).issued_at
            self.purged = issued_at if self.purged is None else max(self.purged, issued_at)
        return bool(over)

    def _drop_lapsed(self, now: int) -> None:
        for identity, entry in list(self.entries.items()):
            if entry.deadline is not None and now >= entry.deadline:
                del self.entries[identity]


@dataclass
class Claim:
    """Without a store nothing was claimed: it did not answer, and that was accepted."""

    store: Store | None
    identity: Identity = ("", "")
    owner: int = 0
    confirmed: bool = False


@dataclass(frozen=True)
class Rules:
    """The config of a sequence over that of its file."""

    leeway: int
    max_age: int
    lease: int
    capacity: int
    store: str
    store_down: str
    cold_start: str
    expected_application_id: str | None

    @property
    def window(self) -> int:
        return self.max_age + self.leeway + GRACE


class FaultError(Exception):
    """The sequence makes no sense."""


class Player:
    """Plays one sequence. Each step comes out as the runners print it."""

    def __init__(self, file: Object, sequence: Object) -> None:
        config, own = file["default_config"], sequence["config"]
        assert isinstance(config, dict) and isinstance(own, dict)
        if own.keys() - config.keys():
            raise FaultError("a setting is not known")
        self.rules = Rules(**(config | own))
        self.shared = self.rules.store != "memory"
        if self.shared and "capacity" in own:
            raise FaultError("a file has no capacity")
        keyring = file["keyring"]
        assert isinstance(keyring, dict)
        self.settings = reference.Settings(
            keyring={key: [secret.encode() for secret in secrets] for key, secrets in keyring.items()},
            leeway=self.rules.leeway,
            max_age=self.rules.max_age,
            expected_issuer="Vonage",
            expected_application_id=self.rules.expected_application_id,
            require_payload_hash=True,
            max_header_bytes=8192,
        )
        requests, steps = sequence["requests"], sequence["steps"]
        assert isinstance(requests, dict) and isinstance(steps, list)
        self.requests, self.steps = requests, steps
        self.stores: dict[int, Store] = {}
        self.cold_until: int | None = None
        self.down = False
        self.now: int | None = None
        self.claims: dict[int, Claim] = {}

    def play(self) -> list[str]:
        return [self._step(number, step) for number, step in enumerate(self.steps)]

    def _step(self, number: int, step: dict[str, object]) -> str:
        match step["do"]:
            case "verify":
                return self._verify(number, step)
            case "confirm" | "release":
                return self._end(step)
            case "flood":
                return "done" if self._flood(step) == step["count"] else "reject:"
            case "flood_again":
                return f"accepts:{self._flood(step)}"
            case "concurrent":
                return self._concurrent(step)
            case "store":
                if not self.shared:
                    raise FaultError("a memory store cannot be switched off")
                self.down = {"down": True, "up": False}[_text(step["state"])]
                return "-"
            case "restart":
                return self._restart(step)
            case other:
                raise FaultError(f"step {other} is not known")

    def _verify(self, number: int, step: Object) -> str:
        outcome = self._receive(_text(step["request"]), self._time(step), _count(step, "process", 0))
        if isinstance(outcome, str):
            return f"reject:{outcome}"
        self.claims[number] = outcome
        return "accept"

    def _receive(self, name: str, now: int, process: int) -> Claim | str:
        given = self.requests[name]
        token = _text(given["authorization"])
        request = reference.Request(
            method=b"POST",
            fields=[token.encode("latin-1")],
            body=base64.b64decode(given["body"], validate=True),
            now=now,
        )
        reason = reference.judge(request, self.settings)
        if reason:
            return reason
        claims = _read_claims(token)
        identity = (_text(claims["api_key"]), _text(claims["jti"]))
        issued_at = claims["iat"]
        assert isinstance(issued_at, reference.Number)
        return self._claim(identity, int(issued_at.text), now, process)

    def _claim(self, identity: Identity, issued_at: int, now: int, process: int) -> Claim | str:
        if self.down:
            return Claim(None) if self.rules.store_down == "accept_and_flag" else "replay.store_unavailable"
        store = self._store(process)
        outcome = store.claim(identity, issued_at, now, self.rules.window, self.rules.lease)
        return outcome if isinstance(outcome, str) else Claim(store, identity, outcome)

    def _store(self, process: int) -> Store:
        number = 0 if self.shared else process
        if number not in self.stores:
            self.stores[number] = Store(None) if self.shared else Store(self.rules.capacity, self.cold_until)
        return self.stores[number]

    def _end(self, step: Object) -> str:
        self._time(step)
        claim = self.claims.get(_count(step, "step"))
        if claim is None:
            return "-"
        confirms = step["do"] == "confirm"
        if claim.confirmed:
            return "done" if confirms else "no_effect"
        if claim.store is None:
            return "no_effect"
        if self.down:
            return "error"
        if claim.store not in self.stores.values():
            raise FaultError("the process that made this claim is gone")
        if confirms:
            claim.confirmed = claim.store.confirm(claim.identity, claim.owner)
            return "done" if claim.confirmed else "no_effect"
        return "done" if claim.store.release(claim.identity, claim.owner) else "no_effect"

    def _flood(self, step: Object) -> int:
        """How many of the requests are accepted and confirmed."""
        now, issued_at = self._time(step), _count(step, "iat")
        if not -self.rules.leeway <= now - issued_at <= self.rules.max_age:
            return 0
        accepted = 0
        for number in range(_count(step, "count")):
            identity = (FLOOD_ACCOUNT, f"{step['prefix']}{number:06}")
            claim = self._claim(identity, issued_at, now, 0)
            if isinstance(claim, Claim) and claim.store is not None:
                accepted += claim.store.confirm(claim.identity, claim.owner)
        return accepted

    def _concurrent(self, step: Object) -> str:
        """At the same moment is one after the other, in some order."""
        now, processes = self._time(step), _count(step, "processes", 1)
        outcomes = [
            self._receive(_text(step["request"]), now, number % processes) for number in range(_count(step, "count"))
        ]
        strays = [reason for reason in outcomes if isinstance(reason, str) and not _is_repeat(reason)]
        if strays:
            return f"reject:{strays[0]}"
        return f"accepts:{sum(isinstance(outcome, Claim) for outcome in outcomes)}"

    def _restart(self, step: Object) -> str:
        if "now" in step:
            self._time(step)
        if not self.shared:
            self.stores = {}
            if self.rules.cold_start == "refuse":
                self.cold_until = self._time(step)
        return "-"

    def _time(self, step: Object) -> int:
        if "now" in step:
            self.now = _count(step, "now")
        if self.now is None:
            raise FaultError("no step has a time yet")
        return self.now


def expected(step: Object) -> str:
    """What a step says must come out; for a refusal without a reason that is only `reject:`."""
    match step["do"]:
        case "verify" if step["expect"] == "accept":
            return "accept"
        case "verify":
            return f"reject:{step.get('reason', '')}"
        case "confirm" | "release":
            return _text(step.get("expect", "done"))
        case "flood":
            return "done"
        case "flood_again" | "concurrent":
            return f"accepts:{step['expect_accepts']}"
    return "-"


def _is_repeat(reason: str) -> bool:
    return reason in ("replay.in_progress", "replay.duplicate")


def _read_claims(field_value: str) -> dict[str, object]:
    """The claims of a token that was verified."""
    part = re.split(" +", field_value)[1].split(".")[1]
    return reference.strict_object(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _text(value: object) -> str:
    assert isinstance(value, str)
    return value


def _count(step: Object, name: str, default: int | None = None) -> int:
    value = step.get(name, default)
    assert isinstance(value, int)
    return value
