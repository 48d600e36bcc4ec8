"""What came of one case."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("passed", "failed", "disputed", "not_applicable")


@dataclass
class Finding:
    """A case's verdict; `expected` and `got` where it failed."""

    id: str
    verdict: str
    reason: str = ""
    kind: str = "passed"
    expected: str = ""
    got: str = ""
    event: str | None = None

    def fail(self, expected: str, got: str) -> Finding:
        self.kind, self.expected, self.got = "failed", expected, got
        return self


def not_applicable(id: str) -> Finding:
    return Finding(id, "not_applicable", kind="not_applicable")
