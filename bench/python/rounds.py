"""Candidates that run in turns, and the ratios of their times. Prints lines as `bench/src/row.rs` does."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

_SLICE_NS = 2_000_000


class Candidate:
    """Something whose time is taken."""

    def __init__(self, call: Callable[[], object]) -> None:
        self._call = call
        self._calls = 1
        # The least of three: a pause of the process must not make the slices too short.
        while min(self._time() for _ in range(3)) < _SLICE_NS / 2:
            self._calls *= 2
        self.times: list[float] = []

    def slice(self) -> None:
        self.times.append(self._time() / self._calls)

    def _time(self) -> int:
        call, calls = self._call, range(self._calls)
        start = time.perf_counter_ns()
        for _ in calls:
            call()
        return time.perf_counter_ns() - start


def run_rounds(rounds: int, candidates: Sequence[Candidate]) -> None:
    """Gives every candidate a slice in every round, each round starting with another one."""
    for number in range(rounds):
        first = number % len(candidates)
        for candidate in (*candidates[first:], *candidates[:first]):
            candidate.slice()


def ratio(
    what: str, one: Candidate, name: str, other: Candidate, *, most: float | None = None, least: float | None = None
) -> None:
    """Prints how long `one` takes in units of `other`."""
    ratios = [a / b for a, b in zip(one.times, other.times, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    bar, met = "-", "-"
    if most is not None:
        bar, met = f"<= {most:g}", "yes" if middle <= most else "NO"
    elif least is not None:
        bar, met = f">= {least:g}", "yes" if middle >= least else "NO"
    measured, against = (shown(statistics.median(times)) for times in (one.times, other.times))
    print_row(what, measured, f"{name} {against}", f"{middle:.3f}", f"{low:.3f} .. {high:.3f}", bar, met)


def print_row(what: str, measured: str, against: str, ratio: str, quartiles: str, bar: str, met: str) -> None:
    print(what, measured, against, ratio, quartiles, bar, "-", met, sep="\t", flush=True)


def shown(nanoseconds: float) -> str:
    """A time for people."""
    return f"{nanoseconds:.0f} ns" if nanoseconds < 1e5 else f"{nanoseconds / 1e6:.2f} ms"
