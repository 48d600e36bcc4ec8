"""Writes our own vector files, or with --check compares them with what is committed.

Either way every case, and every case of starter.json that needs no replay store, is put
to the reference verifier first; files are written only when it agrees with all of them.
Nothing here depends on a clock, on randomness or on the order of a set.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import reference
from cases import (
    claims,
    header,
    json_text,
    keys,
    method,
    payload,
    signature,
    time,
    token,
)
from cases.build import WORDS, Collector, VectorFile

FOLDER = Path(__file__).resolve().parent

# Name of the file without its ending, prefix of its ids, cases.
FILES: tuple[tuple[str, str, Collector], ...] = (
    ("header", "HDR", header.collect),
    ("token", "TOK", token.collect),
    ("json", "JSN", json_text.collect),
    ("keys", "KEY", keys.collect),
    ("signature", "SIG", signature.collect),
    ("claims", "CLM", claims.collect),
    ("time", "TIM", time.collect),
    ("payload", "PLD", payload.collect),
    ("method", "MET", method.collect),
)


def build() -> dict[str, str]:
    """File name -> text."""
    texts: dict[str, str] = {}
    for subject, prefix, collect in FILES:
        file = VectorFile(subject, prefix)
        collect(file)
        texts[f"{subject}.json"] = file.text()
    return texts


def object_to(name: str, file: Mapping[str, object], ids: set[str], counts: Counter[str]) -> list[str]:
    """What the reference verifier, or plain sense, has against the cases of a file."""
    faults: list[str] = []
    cases = file["cases"]
    assert isinstance(cases, list)
    for case in cases:
        place = f"{name} {case['id']} ({case['name']})"
        if case["id"] in ids:
            faults.append(f"{place}: the id is not unique")
        ids.add(case["id"])
        read = reference.read_case(file, case)
        if read is None:
            counts["skipped"] += 1
            continue
        reason = reference.judge(*read)
        verdict = "reject" if reason else "accept"
        if verdict != case["expect"]:
            faults.append(f"{place}: expected {case['expect']}, got {reason or 'accept'}")
        elif reason and WORDS[reason] not in case["acceptable_codes"]:
            faults.append(f"{place}: {reason} is none of {case['acceptable_codes']}")
        elif "reason" in case and case["reason"] != reason:
            faults.append(f"{place}: expected {case['reason']}, got {reason}")
        counts[verdict] += 1
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit 1 and name the files that differ",
    )
    check = parser.parse_args().check

    texts = build()
    starter = (FOLDER / "starter.json").read_text(encoding="utf-8")
    faults: list[str] = []
    ids: set[str] = set()
    total: Counter[str] = Counter()
    for name, text in (texts | {"starter.json": starter}).items():
        counts: Counter[str] = Counter()
        faults += object_to(name, json.loads(text), ids, counts)
        print(f"{name}: {counts['accept']} accepted, {counts['reject']} refused, {counts['skipped']} skipped")
        total += counts
    print(
        f"total: {total['accept']} accepted, {total['reject']} refused,"
        f" {total['skipped']} skipped, {len(faults)} disagreements"
    )
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        return 1

    differing = [name for name, text in texts.items() if _committed(name) != text]
    for name in differing:
        if check:
            print(f"{name} differs", file=sys.stderr)
        else:
            (FOLDER / name).write_text(texts[name], encoding="utf-8", newline="\n")
            print(f"{name} written")
    return 1 if check and differing else 0


def _committed(name: str) -> str | None:
    try:
        return (FOLDER / name).read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None


if __name__ == "__main__":
    sys.exit(main())
