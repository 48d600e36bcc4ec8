"""A sequence of steps against one replay store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from hookproof import Verifier
from hookproof.testing import Clock, Signer

from .door import Request
from .vector import Expectation

When: TypeAlias = int | None
"""The time of a step; without one it is the time of the step before."""

Outcome: TypeAlias = Literal["done", "no_effect", "error"]
"""What ending a claim did."""


@dataclass
class Flood:
    """Requests that differ in their `jti` alone: a prefix and six digits."""

    prefix: str
    issued_at: int
    count: int

    def requests(self, signer: Signer) -> Iterator[Request]:
        body = b'{"event":"x"}'
        for number in range(self.count):
            value = signer.sign(body, iat=self.issued_at, jti=f"{self.prefix}{number:06}")
            yield Request(headers=[("Authorization", value.encode())], body=body)


@dataclass
class Verify:
    """Receive a request, and keep the claim under the number of the step."""

    request: Request
    now: When
    expectation: Expectation
    process: int


@dataclass
class End:
    """End the claim of a step; without an expectation whether it still was the claim's to end plays no part."""

    step: int
    how: Literal["confirm", "release"]
    now: When
    expectation: Outcome | None


@dataclass
class Pour:
    """Receive a flood's requests and confirm each. All must be accepted, or so many of them."""

    flood: Flood
    now: When
    accepts: int | None


@dataclass
class Switch:
    """The store goes away, or comes back."""

    up: bool


@dataclass
class Restart:
    """Every process ends and begins anew."""

    now: When


@dataclass
class Concurrent:
    """Many threads, spread over so many processes, receive one request at the same moment."""

    request: Request
    now: When
    count: int
    processes: int
    accepts: int


Step: TypeAlias = Verify | End | Pour | Switch | Restart | Concurrent


@dataclass
class Sequence:
    """What there is to do, and with what. Without a capacity the store is a file for all processes."""

    id: str
    disputed: bool
    # False if a step is beyond this door.
    applicable: bool
    keys: Any
    options: dict[str, Any]
    capacity: int | None
    refuses_cold: bool
    signer: Signer
    steps: list[Step]

    def verifier(self, clock: Clock) -> Verifier:
        return Verifier(self.keys, clock=clock, **self.options)
