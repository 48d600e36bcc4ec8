"""Measures the Python package beside other ways to check the request that the directory holds: table.py DIRECTORY"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
from pathlib import Path

from hookproof import MemoryStore, Verifier
from peers import Peers
from rounds import Candidate, print_row, ratio, run_rounds, shown

ROUNDS = 101
IMPORTS = 15


def main() -> None:
    directory = Path(sys.argv[1])
    value = (directory / "header").read_text()
    body = (directory / "body").read_bytes()
    now = int((directory / "now").read_text())
    keyring = json.loads((directory / "keyring.json").read_bytes())
    secrets = {account["api_key"]: account["secrets"][0]["secret"] for account in keyring["accounts"]}
    headers = {
        "Host": "hooks.example.com",
        "User-Agent": "Vonage Webhooks/1.0",
        "Accept": "*/*",
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "X-Forwarded-For": "192.0.2.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Port": "443",
        "X-Request-Id": "2b6b7f3e0c0d4e5f",
        "Authorization": value,
    }
    verifier = Verifier(secrets)
    store = MemoryStore(1000)
    api_key = verifier.verify(body, headers=headers, now=now).api_key
    peers = Peers(headers, body, secrets, api_key, now)

    ours = Candidate(lambda: verifier.verify(body, headers=headers, now=now))
    claimed = Candidate(lambda: verifier.receive(body, headers=headers, store=store, now=now).claim().release())
    hashes = Candidate(peers.hashes)
    others = {
        "PyJWT + hashlib": Candidate(peers.pyjwt),
        "PyJWT + hashlib, the guide's recipe": Candidate(peers.recipe),
        "joserfc + hashlib": Candidate(peers.joserfc),
        "the SDK's helper, no body": Candidate(peers.helper),
        "by hand, with care": Candidate(peers.by_hand),
    }
    run_rounds(ROUNDS, [ours, claimed, hashes, *others.values()])
    ratio("Python", ours, "bare hashes", hashes, most=1)
    for name, other in others.items():
        ratio(name, other, "Python", ours, least=15 if name == "PyJWT + hashlib" else None)
    ratio("Python, claimed and released", claimed, "Python", ours)
    import_times("hookproof", "jwt")


def import_times(ours: str, theirs: str) -> None:
    """What an import takes in a new process, itself and all it imports."""
    times: dict[str, list[float]] = {ours: [], theirs: []}
    for _ in range(IMPORTS):
        for module, taken in times.items():
            taken.append(import_time(module))
    ratios = [a / b for a, b in zip(times[ours], times[theirs], strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    measured, against = (shown(statistics.median(taken)) for taken in times.values())
    print_row(f"import {ours}", measured, f"{theirs} {against}", f"{middle:.3f}", f"{low:.3f} .. {high:.3f}", "-", "-")


def import_time(module: str) -> float:
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"import {module}"], capture_output=True, text=True, check=True
    )
    line = re.search(rf"\| +(\d+) \| {module}$", run.stderr, re.MULTILINE)
    if line is None:
        raise SystemExit(f"python does not say what importing {module} took")
    return int(line[1]) * 1000.0


main()
