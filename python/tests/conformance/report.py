"""What a run prints. Text and JSON are the same in every language, so that two runs can be compared with `diff`."""

from __future__ import annotations

import json
import sys
from collections import Counter

from . import word
from .finding import KINDS, Finding


class Report:
    """The sums of a run. With JSON there is an object for each case, and the text goes to standard error."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._file: Counter[str] = Counter()
        self._all: Counter[str] = Counter()

    def case(self, file: str, finding: Finding) -> None:
        self._file[finding.kind] += 1
        if self._as_json:
            members = {"file": file, "id": finding.id, "verdict": finding.verdict, "reason": finding.reason}
            members["code"] = word.of_reason(finding.reason)
            line = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
            # The event as it came: its keys have an order of their own.
            print(line if finding.event is None else f'{line[:-1]},"event":{finding.event}}}')
        if finding.kind == "failed":
            self._line(f"{finding.id} expected {finding.expected} got {finding.got}")

    def file(self, file: str) -> None:
        """The sums of the file that ends here."""
        said = ", ".join(f"{self._file[kind]} {kind.replace('_', ' ')}" for kind in KINDS)
        self._line(f"{file}:\n{said}")
        self._all += self._file
        self._file.clear()

    def finish(self) -> bool:
        """The sums of all. True when no case failed."""
        self._line(f"{self._all['passed']} passed, {self._all['failed']} failed")
        return not self._all["failed"]

    def _line(self, line: str) -> None:
        print(line, file=sys.stderr if self._as_json else sys.stdout)
