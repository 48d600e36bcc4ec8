"""The hookproof command, and a shell that runs what it prints."""

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
API_KEY, SECRET = "a1b2c3d4", "k-8d2f6c1e0b9a47538d2f6c1e0b9a4753"


@cache
def command() -> Path:
    subprocess.run(["cargo", "build", "--quiet", "--locked", "-p", "hookproof-cli"], cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "debug/hookproof"


def hookproof(*arguments: str, body: bytes = b"") -> bytes:
    environment = {**os.environ, "HOOKPROOF_SECRET": SECRET, "HOOKPROOF_API_KEY": API_KEY}
    environment.pop("HOOKPROOF_KEYRING", None)
    run = subprocess.run(
        [command(), *arguments], input=body, env=environment, capture_output=True, check=True, timeout=60
    )
    return run.stdout


def samples() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(hookproof("samples", "--format", "json"))["samples"]
    return [sample for sample in listed if sample["signed"] == "token"]


def answer(line: bytes) -> str:
    """The HTTP status that the line gets in the plainest of shells; what it prints besides goes away."""
    line = line.rstrip(b"\n") + b" --silent --max-time 30 --output /dev/null --write-out '%{http_code}'\n"
    run = subprocess.run(["sh"], input=line, capture_output=True, check=True, timeout=60)
    return run.stdout.decode()
