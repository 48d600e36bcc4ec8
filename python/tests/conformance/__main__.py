"""Runs vector files through the Python package:

    python -m conformance [--json] FILE...

Prints a line for each failing case and the sums of each file, or with --json one object for each case. Exit status: 0
all passed, 1 a case failed or a format is not known, 2 usage, 3 a file could not be read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import attack, payload, player, replay, vendor
from .entry import Unreadable
from .finding import Finding
from .report import Report


def findings(file: Any) -> Iterator[Finding] | None:
    """The cases of a file; None if its format is not known."""
    if isinstance(file, dict):
        if file.get("format") == attack.FORMAT:
            return attack.findings(file)
        if file.get("format") == replay.FORMAT:
            return map(player.play, replay.sequences(file))
        if payload.is_one(file):
            return iter([payload.finding(file)])
    if isinstance(file, list) and file and isinstance(file[0], dict) and "kind" in file[0]:
        return vendor.findings(file)
    return None


def run(paths: list[str], as_json: bool) -> int:
    report = Report(as_json)
    all_known = True
    for path in paths:
        name = Path(path).name
        try:
            file = json.loads(Path(path).read_bytes())
            cases = findings(file)
            if cases is None:
                said = file.get("format") if isinstance(file, dict) else None
                print(f"{name}: format {said or '(none)'} is not known to this door yet", file=sys.stderr)
                all_known = False
                continue
            for finding in cases:
                report.case(name, finding)
        except Unreadable as error:
            print(f"conformance: {path}: {error}", file=sys.stderr)
            return 3
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            print(f"conformance: {path}: {type(error).__name__}: {error}", file=sys.stderr)
            return 3
        report.file(name)
    return 0 if report.finish() and all_known else 1


if __name__ == "__main__":
    arguments = sys.argv[1:]
    as_json = arguments[:1] == ["--json"]
    if not arguments[as_json:]:
        print("usage: python -m conformance [--json] FILE...", file=sys.stderr)
        sys.exit(2)
    sys.exit(run(arguments[as_json:], as_json))
