"""Plays a sequence, in every way to hand over a body and each time from the beginning."""

from __future__ import annotations

import threading

from hookproof import Received, StoreFailed, WebhookRefused
from hookproof.testing import Clock

from . import door
from .door import WAYS, Request, Way, way_name
from .entry import Unreadable
from .finding import Finding, not_applicable
from .processes import Processes
from .sequence import Concurrent, End, Pour, Restart, Sequence, Step, Switch, Verify, When


def play(sequence: Sequence) -> Finding:
    if not sequence.applicable:
        return not_applicable(sequence.id)
    performances = []
    for way in WAYS:
        stage = _Stage(sequence, way)
        try:
            for number, step in enumerate(sequence.steps):
                stage.play(number, step)
        finally:
            stage.end()
        performances.append(stage)
    first = performances[0]
    finding = Finding(sequence.id, first.verdict(), first.refused)
    for way, other in zip(WAYS, performances, strict=True):
        if other.verdict() != first.verdict():
            # Two sound verifiers may differ on a disputed case, but one must not differ with itself.
            got = f"one-shot {first.verdict()}, {way_name(way)} {other.verdict()}"
            return finding.fail("one verdict in every way", got)
    if sequence.disputed:
        finding.kind = "disputed"
    elif first.failed is not None:
        finding.fail(*first.failed)
    return finding


class _Stage:
    """One performance under way, and what came of its steps."""

    def __init__(self, sequence: Sequence, way: Way) -> None:
        # Why the last request that was refused was.
        self.refused = ""
        # What was expected of the first step that came out otherwise, and what it said.
        self.failed: tuple[str, str] | None = None
        self._sequence = sequence
        self._way = way
        self._clock = Clock(0)
        self._verifier = sequence.verifier(self._clock)
        self._processes = Processes(sequence.capacity)
        self._kept: dict[int, Received | None] = {}
        self._now: int | None = None
        self._answers: list[str] = []

    def verdict(self) -> str:
        return " ".join(self._answers)

    def end(self) -> None:
        self._kept.clear()
        self._processes.end()

    def play(self, number: int, step: Step) -> None:
        match step:
            case Verify():
                self._verify(number, step)
            case End():
                self._end(step)
            case Pour():
                self._pour(step)
            case Concurrent():
                self._race(step)
            case Switch(up=up):
                self._processes.switch(up)
                self._note("-")
            case Restart(now=now):
                self._restart(now)

    def _note(self, answer: str, expected: str | None = None) -> None:
        """Notes the answer to the next step; with an expectation it is not the right one."""
        if expected is not None and self.failed is None:
            self.failed = (f"in step {len(self._answers)} {expected}", answer)
        self._answers.append(answer)

    def _time(self, when: When) -> int:
        """The time of a step, which goes on for the steps without one."""
        self._now = self._now if when is None else when
        if self._now is None:
            raise Unreadable(f"case {self._sequence.id}: no step has a time yet")
        self._clock.now = self._now
        return self._now

    def _receive(self, request: Request, process: int, now: int) -> Received:
        return door.receive(self._verifier, request, self._processes.store(process), now, self._way)

    def _verify(self, number: int, step: Verify) -> None:
        now = self._time(step.now)
        reason, code, replay = "", 0, ""
        try:
            received = self._receive(step.request, step.process, now)
            self._kept[number] = received
            replay = received.webhook.replay
        except WebhookRefused as refusal:
            self.refused = reason = str(refusal.reason)
            code = refusal.code
        # An acceptance must say what it knows of repeats.
        marked = bool(reason) or replay == ("unavailable" if self._processes.is_down else "claimed")
        answer = f"reject:{reason}" if reason else "accept" if marked else f"accept:{replay}"
        self._note(answer, None if marked and step.expectation.holds(reason, code) else str(step.expectation))

    def _end(self, step: End) -> None:
        self._time(step.now)
        # Without an acceptance there is no answer, and one was expected.
        effect = self._effect(step) if step.step in self._kept else "-"
        holds = effect == step.expectation if step.expectation else effect in ("done", "no_effect")
        self._note(effect, None if holds else step.expectation or "done or no_effect")

    def _effect(self, step: End) -> str:
        received = self._kept[step.step]
        if received is None:
            return "no_effect"
        try:
            return "done" if (received.confirm() if step.how == "confirm" else received.release()) else "no_effect"
        except StoreFailed:
            return "error"

    def _pour(self, step: Pour) -> None:
        """Receives and confirms all requests of a flood."""
        now = self._time(step.now)
        accepted, refused = 0, ""
        for request in step.flood.requests(self._sequence.signer):
            try:
                if self._receive(request, 0, now).confirm():
                    accepted += 1
                else:
                    refused = refused or "replay.store_unavailable"
            except WebhookRefused as refusal:
                refused = refused or str(refusal.reason)
            except StoreFailed:
                refused = refused or "replay.store_unavailable"
        if step.accepts is not None:
            self._count(accepted, step.accepts)
        elif refused:
            self.refused = refused
            self._note(f"reject:{refused}", "done")
        else:
            self._note("done")

    def _race(self, step: Concurrent) -> None:
        """Many threads receive one request at the same moment; all but those accepted must be told that it is a
        repeat."""
        now = self._time(step.now)
        stores = [self._processes.store(number) for number in range(step.processes)]
        start = threading.Barrier(max(step.count, 1))
        answers: list[str | None] = [None] * step.count

        def receive(number: int) -> None:
            store = stores[number % len(stores)]
            start.wait(60)
            try:
                door.receive(self._verifier, step.request, store, now, self._way)
                answers[number] = ""
            except WebhookRefused as refusal:
                answers[number] = str(refusal.reason)

        threads = [threading.Thread(target=receive, args=(number,)) for number in range(step.count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if None in answers:
            raise Unreadable(f"case {self._sequence.id}: a thread raised")
        repeats = ("", "replay.in_progress", "replay.duplicate")
        stray = next((answer for answer in answers if answer not in repeats), None)
        if stray is None:
            self._count(answers.count(""), step.accepts)
        else:
            self.refused = stray
            self._note(f"reject:{stray}", f"accepts:{step.accepts}")

    def _count(self, accepted: int, expected: int) -> None:
        self._note(f"accepts:{accepted}", None if accepted == expected else f"accepts:{expected}")

    def _restart(self, when: When) -> None:
        cold_until = self._time(when) if self._sequence.refuses_cold else None
        self._now = self._now if when is None else when
        if self._sequence.capacity is not None:
            # With the memory its claims are gone: ending what is gone has no effect.
            self._kept = dict.fromkeys(self._kept)
        self._processes.restart(cold_until)
        self._note("-")
