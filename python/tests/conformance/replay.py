"""`signed-webhook-replay/1`"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hookproof import Verifier
from hookproof.testing import Signer

from . import keys
from .door import Request
from .entry import Entry
from .sequence import Concurrent, End, Flood, Pour, Restart, Sequence, Step, Switch, Verify, When
from .vector import expectation

FORMAT = "signed-webhook-replay/1"

_CONFIG = (
    "leeway",
    "max_age",
    "lease",
    "capacity",
    "store",
    "store_down",
    "cold_start",
    "expected_application_id",
)
_FLOOD_ACCOUNT = "a1b2c3d4"
"""The account of the requests that floods are made of."""


def sequences(file: Any) -> Iterator[Sequence]:
    for value in Entry("?", file).listed("sequences"):
        yield _sequence(file, Entry(Entry("?", value).text("id"), value))


def _sequence(file: Any, entry: Entry) -> Sequence:
    config = _Config(entry.of(file), entry)
    capacity = config.capacity()
    application_id = config.optional_text("expected_application_id")
    # The file's keyring, unless the sequence has one of its own.
    accounts = keys.read(entry if entry.optional("keyring") is not None else entry.of(file))
    reader = _Steps(_requests(entry), in_memory=capacity is not None)
    steps = [reader.read(entry.of(step)) for step in entry.listed("steps")]

    options = config.verifier_options()
    if keys.configured(accounts, application_id, options) is None:
        raise entry.fault("the configuration is refused")
    secrets = accounts.get(_FLOOD_ACCOUNT)
    if not secrets:
        raise entry.fault(f"the keyring has no secret of {_FLOOD_ACCOUNT}")
    return Sequence(
        id=entry.id,
        disputed=entry.optional("debatable") is True,
        # The room of a file is that of the disk.
        applicable=reader.applicable and (capacity is not None or "capacity" not in config.own),
        keys=keys.ring(accounts, application_id),
        options=options,
        capacity=capacity,
        refuses_cold=config.choice("cold_start", "allow", "refuse") == "refuse",
        signer=Signer(_FLOOD_ACCOUNT, secrets[0], application_id=application_id),
        steps=[step for step in steps if step is not None],
    )


def _requests(entry: Entry) -> dict[str, Request]:
    requests = {}
    for name, value in entry.object("requests").value.items():
        request = entry.of(value).only(("authorization", "body"))
        requests[name] = Request(headers=request.fields("Authorization"), body=request.body())
    return requests


class _Config:
    """A sequence's settings over the file's."""

    def __init__(self, file: Entry, entry: Entry) -> None:
        self.own: dict[str, Any] = entry.object("config").only(_CONFIG).value
        defaults = file.object("default_config").only(_CONFIG).value
        self._entry = entry.of({**defaults, **self.own})

    def optional_text(self, name: str) -> str | None:
        return None if self._entry.optional(name) is None else self._entry.text(name)

    def seconds(self, name: str) -> int:
        return self._entry.count(name)

    def choice(self, name: str, *words: str) -> str:
        """One of a few words."""
        word = self._entry.text(name)
        if word not in words:
            raise self._entry.fault(f"{name} {word} is not known")
        return word

    def verifier_options(self) -> dict[str, Any]:
        flags = self.choice("store_down", "refuse", "accept_and_flag") == "accept_and_flag"
        options: dict[str, Any] = {name: self.seconds(name) for name in ("leeway", "max_age", "lease")}
        try:
            Verifier({"a": "b"}, **options)
        except ValueError as error:
            raise self._entry.fault(str(error)) from None
        return {**options, "dangerously_accept_and_flag_store_failures": flags}

    def capacity(self) -> int | None:
        """None for a file."""
        if self.choice("store", "memory", "file", "shared") != "memory":
            return None
        return self._entry.count("capacity")


class _Steps:
    """Reads steps in their order."""

    def __init__(self, requests: dict[str, Request], in_memory: bool) -> None:
        self.applicable = True
        self._requests = requests
        self._in_memory = in_memory
        # For each step so far, whether it leaves a claim.
        self._claims: list[bool] = []
        # The last flood, which a step may repeat.
        self._flood: Flood | None = None

    def read(self, step: Entry) -> Step | None:
        """A step, or None if it is beyond this door."""
        kind = step.text("do")
        readers = {
            "verify": self._verify,
            "confirm": self._end,
            "release": self._end,
            "flood": self._pour,
            "flood_again": self._pour,
            "store": self._switch,
            "restart": self._restart,
            "concurrent": self._concurrent,
            "fork": self._fork,
        }
        if kind not in readers:
            raise step.fault(f"step {kind} is not known")
        read = readers[kind](step)
        self._claims.append(kind == "verify")
        return read

    def _verify(self, step: Entry) -> Step:
        step.only(("do", "why", "request", "now", "expect", "codes", "reason", "process"))
        return Verify(self._request(step), _when(step), expectation(step, "codes"), step.count("process", 0))

    def _end(self, step: Entry) -> Step:
        step.only(("do", "why", "step", "now", "expect"))
        of = step.count("step")
        if of >= len(self._claims) or not self._claims[of]:
            raise step.fault(f"step {of} claims nothing")
        expect = step.optional_text("expect")
        how: Any = step.text("do")
        match expect:
            case "":
                return End(of, how, _when(step), None)
            case "done" | "no_effect" | "error":
                return End(of, how, _when(step), expect)
        raise step.fault(f"expect {expect} is not known")

    def _pour(self, step: Entry) -> Step:
        again = step.text("do") == "flood_again"
        step.only(("do", "why", "now", "iat", "prefix", "count", *(("expect_accepts",) if again else ())))
        flood = self._flood
        if flood is None or not again or step.optional("prefix") is not None:
            issued_at = step.as_integer(step.member("iat"), "iat")
            flood = Flood(step.text("prefix"), issued_at, step.count("count"))
        if again:
            return Pour(flood, _when(step), step.count("expect_accepts"))
        self._flood = flood
        return Pour(flood, _when(step), None)

    def _switch(self, step: Entry) -> Step:
        state = step.only(("do", "why", "state")).text("state")
        if state not in ("up", "down"):
            raise step.fault(f"state {state} is not known")
        # A memory store cannot be switched off.
        self.applicable &= not self._in_memory
        return Switch(state == "up")

    def _restart(self, step: Entry) -> Step:
        return Restart(_when(step.only(("do", "why", "now"))))

    def _concurrent(self, step: Entry) -> Step:
        step.only(("do", "why", "request", "now", "count", "processes", "expect_accepts"))
        processes = max(step.count("processes", 1), 1)
        return Concurrent(
            self._request(step), _when(step), step.count("count"), processes, step.count("expect_accepts")
        )

    def _fork(self, _step: Entry) -> None:
        # The processes of a sequence are stores of one process: see processes.py.
        self.applicable = False

    def _request(self, step: Entry) -> Request:
        name = step.text("request")
        if name not in self._requests:
            raise step.fault(f"there is no request {name}")
        return self._requests[name]


def _when(step: Entry) -> When:
    now = step.optional("now")
    return None if now is None else step.as_integer(now, "now")
