"""Writes our own vector files, or with --check compares them with what is committed.

Either way every case, those of starter.json included, is put to the reference verifier
first, and every sequence, those of replay-starter.json included, to the model of a replay
store; files are written only when they agree with all of them.
Nothing here depends on a clock, on randomness or on the order of a set.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import reference
import replay_model
from cases import (
    claims,
    header,
    json_text,
    keys,
    method,
    payload,
    query,
    replay_claim,
    replay_identity,
    replay_outage,
    replay_processes,
    replay_refused,
    replay_restart,
    replay_room,
    replay_time,
    signature,
    time,
    token,
)
from cases.build import WORDS, Collector, VectorFile
from cases.sequence import SequenceCollector, SequenceFile

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
    ("query", "QRY", query.collect),
)

SEQUENCES: tuple[tuple[str, str, SequenceCollector], ...] = (
    ("replay-claim", "RCL", replay_claim.collect),
    ("replay-identity", "RID", replay_identity.collect),
    ("replay-refused", "RRF", replay_refused.collect),
    ("replay-time", "RTM", replay_time.collect),
    ("replay-room", "RRM", replay_room.collect),
    ("replay-outage", "ROU", replay_outage.collect),
    ("replay-restart", "RRS", replay_restart.collect),
    ("replay-processes", "RPR", replay_processes.collect),
)

# Words that stand for a reason beside the one of WORDS.
MORE_WORDS = {"replay.store_unavailable": {"cold_start"}}


def build() -> dict[str, str]:
    """File name -> text."""
    texts: dict[str, str] = {}
    for subject, prefix, collect in FILES:
        file = VectorFile(subject, prefix)
        collect(file)
        texts[f"{subject}.json"] = file.text()
    for subject, prefix, collect_sequences in SEQUENCES:
        sequences = SequenceFile(prefix)
        collect_sequences(sequences)
        texts[f"{subject}.json"] = sequences.text()
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
        reason = reference.judge(*reference.read_case(file, case))
        verdict = "reject" if reason else "accept"
        if verdict != case["expect"]:
            faults.append(f"{place}: expected {case['expect']}, got {reason or 'accept'}")
        elif reason and WORDS[reason] not in case["acceptable_codes"]:
            faults.append(f"{place}: {reason} is none of {case['acceptable_codes']}")
        elif "reason" in case and case["reason"] != reason:
            faults.append(f"{place}: expected {case['reason']}, got {reason}")
        counts[verdict] += 1
    return faults


def object_to_sequences(name: str, file: Mapping[str, object], ids: set[str], counts: Counter[str]) -> list[str]:
    """What the model of a replay store, or plain sense, has against the sequences of a file."""
    faults: list[str] = []
    sequences = file["sequences"]
    assert isinstance(sequences, list)
    for sequence in sequences:
        place = f"{name} {sequence['id']} ({sequence['name']})"
        if sequence["id"] in ids:
            faults.append(f"{place}: the id is not unique")
        ids.add(sequence["id"])
        counts["played"] += 1
        try:
            outcomes = replay_model.Player(file, sequence).play()
        except replay_model.FaultError as fault:
            faults.append(f"{place}: {fault}")
            continue
        for number, (step, outcome) in enumerate(zip(sequence["steps"], outcomes, strict=True)):
            if not _fits(step, outcome):
                expected = replay_model.expected(step)
                faults.append(f"{place}: expected {expected} in step {number}, got {outcome}")
    return faults


def _fits(step: Mapping[str, object], outcome: str) -> bool:
    """Whether a step says what came out. A refusal may leave the reason open, but not the word."""
    expected = replay_model.expected(step)
    if not expected.startswith("reject:"):
        return outcome == expected
    verdict, _, reason = outcome.partition(":")
    codes = step["codes"]
    assert isinstance(codes, list)
    words = {WORDS.get(reason, "")} | MORE_WORDS.get(reason, set())
    return verdict == "reject" and bool(words & set(codes)) and expected in ("reject:", outcome)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit 1 and name the files that differ",
    )
    check = parser.parse_args().check

    texts = build()
    samples = {name: (FOLDER / name).read_text(encoding="utf-8") for name in ("starter.json", "replay-starter.json")}
    faults: list[str] = []
    ids: set[str] = set()
    total: Counter[str] = Counter()
    for name, text in (texts | samples).items():
        counts: Counter[str] = Counter()
        file = json.loads(text)
        if "sequences" in file:
            faults += object_to_sequences(name, file, ids, counts)
            print(f"{name}: {counts['played']} sequences played")
        else:
            faults += object_to(name, file, ids, counts)
            print(f"{name}: {counts['accept']} accepted, {counts['reject']} refused")
        total += counts
    print(
        f"total: {total['accept']} accepted, {total['reject']} refused,"
        f" {total['played']} sequences played, {len(faults)} disagreements"
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
