"""A case of one request, whatever its format, and when it passes."""

from __future__ import annotations

from dataclasses import dataclass, field

from hookproof import errors

from . import word
from .door import WAYS, Trial, way_name
from .entry import Entry
from .finding import Finding, not_applicable

_NUMBERS = {name: code for code, (_, name, _) in errors._BY_CODE.items()}
_SIGNATURE_INVALID, _REQUEST_UNSUPPORTED = _NUMBERS["signature.invalid"], _NUMBERS["request.unsupported"]


@dataclass
class Expectation:
    """What must come out: accepted, refused for one of the words and for the reason where there are any, or whether the
    signature holds."""

    accepted: bool = False
    words: list[str] = field(default_factory=list)
    reason: str = ""
    signature: bool | None = None

    def holds(self, reason: str, code: int) -> bool:
        if self.signature is not None:
            # The numbers follow the order of the checks, the unsupported request apart.
            past = reason in ("", "sms.missing") or _SIGNATURE_INVALID < code < _REQUEST_UNSUPPORTED
            return self.signature == past
        if self.accepted:
            return not reason
        known = not self.words or any(word.names(one, reason) for one in self.words)
        return bool(reason) and known and self.reason in ("", reason)

    def __str__(self) -> str:
        if self.signature is not None:
            return f"signature_ok {str(self.signature).lower()}"
        if self.accepted:
            return "accept"
        words = f" {'|'.join(self.words)}" if self.words else ""
        return f"reject{words}" + (f" ({self.reason})" if self.reason else "")


def expectation(entry: Entry, words: str) -> Expectation:
    """The members `expect`, `reason` and, by the name it has in the format, the list of words."""
    expect, reason = entry.text("expect"), entry.optional_text("reason")
    known = [entry.as_text(one, words) for one in entry.listed(words)]
    if expect not in ("accept", "reject"):
        raise entry.fault("expect is neither accept nor reject")
    if expect == "accept" and reason:
        raise entry.fault("a case to accept has a reason")
    return Expectation(expect == "accept", known, reason)


def of_signature(secret: str, good: bool) -> Expectation:
    """A verifier with an empty secret must not come to be, whatever it is to judge."""
    return Expectation(signature=good) if secret else Expectation(reason="config_error")


def judge(id: str, trial: Trial | None, expected: Expectation, disputed: bool) -> Finding:
    if trial is None:
        return not_applicable(id)
    reason, code = trial.answer(None)
    finding = Finding(id, "reject" if reason else "accept", reason)
    for way in WAYS[1:]:
        other, _ = trial.answer(way)
        if other != reason:
            # Two sound verifiers may differ on a disputed case, but one must not differ with itself.
            got = f"one-shot {reason or 'ok'}, {way_name(way)} {other or 'ok'}"
            return finding.fail("one verdict in every way", got)
    if disputed:
        finding.kind = "disputed"
    elif not expected.holds(reason, code):
        finding.fail(str(expected), f"reject {word.of_reason(reason)} ({reason})" if reason else "accept")
    return finding
