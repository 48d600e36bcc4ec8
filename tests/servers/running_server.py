"""The example server as a process: built once, started per test, its log read back."""

import json
import os
import re
import signal
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any, Self

# A keyring text, or whatever a test writes in its place.
Ring = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]


@cache
def binary() -> Path:
    """The server to test: the one that HOOKPROOF_SERVER names, else one built from this tree."""
    if named := os.environ.get("HOOKPROOF_SERVER"):
        return Path(named)
    subprocess.run([ROOT / "scripts/stage-lib"], check=True)
    subprocess.run(["make", "--quiet", "-C", ROOT / "examples/c", "all"], check=True)
    return ROOT / "build/examples/c/server"


def keyring(*accounts: tuple[str, bytes]) -> Ring:
    """A ring of (api_key, secret) pairs; one api_key may come several times."""
    rows: dict[str, list[dict[str, str]]] = {}
    for api_key, secret in accounts:
        secrets = rows.setdefault(api_key, [])
        secrets.append({"label": f"key{len(secrets)}", "secret": secret.decode()})
    return {"version": 1, "accounts": [{"api_key": k, "secrets": v} for k, v in rows.items()]}


class RunningServer:
    def __init__(
        self,
        ring: Ring | None,
        *options: str,
        replay: str | None = "memory",
        wrapper: tuple[str, ...] = (),
        env: dict[str, str] | None = None,
    ) -> None:
        self._directory = tempfile.TemporaryDirectory()
        directory = Path(self._directory.name)
        self.keyring_file = directory / "keyring.json"
        self._log = directory / "log"
        command: list[str | Path] = [*wrapper, binary(), "--port", "0", *options]
        if replay is not None:
            command += ["--replay", replay]
        if ring is not None:
            self.write_keyring(ring)
            command += ["--keyring", self.keyring_file]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, env={**os.environ, **(env or {})}
            )
        assert self.process.stdout is not None
        self._stdout = self.process.stdout
        ready = self._stdout.readline().decode()
        if not ready.startswith("listening on 127.0.0.1:"):
            said = self.log()
            self.__exit__()
            raise RuntimeError(f"the server did not start:\n{said}")
        self.port = int(ready.rsplit(":", 1)[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._stdout.close()
        self._directory.cleanup()

    def stop(self, number: int = signal.SIGTERM, timeout: float = 20) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout)

    def log(self, start: int = 0) -> str:
        with self._log.open("rb") as file:
            file.seek(start)
            return file.read().decode("utf-8", "replace")

    def log_size(self) -> int:
        return self._log.stat().st_size

    def await_log(self, pattern: str, timeout: float = 10, start: int = 0) -> re.Match[str]:
        """The first match from `start` on; a server that never writes it is a failure."""
        end = time.monotonic() + timeout
        while not (found := re.search(pattern, self.log(start), re.MULTILINE)):
            assert time.monotonic() < end, f"no line like {pattern!r} in:\n{self.log(start)}"
            time.sleep(0.005)
        return found

    def verdicts(self) -> list[str]:
        """The dotted names of the verdicts so far, in order."""
        return re.findall(r"^server: \d+ (\S+) ", self.log(), re.MULTILINE)

    def write_keyring(self, ring: Ring | str) -> None:
        """Replaces the file in one step, as a deployment should: the server never reads half a ring."""
        text = ring if isinstance(ring, str) else json.dumps(ring)
        fresh = self.keyring_file.with_suffix(".new")
        fresh.write_text(text)
        fresh.replace(self.keyring_file)

    def reload(self, ring: Ring, generation: int) -> None:
        start = self.log_size()
        self.write_keyring(ring)
        self.process.send_signal(signal.SIGHUP)
        self.await_log(rf"keyring reloaded: .* generation {generation}$", start=start)

    def memory_kb(self, field: str) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(rf"^{field}:\s+(\d+)", status, re.MULTILINE)
        assert found is not None, field
        return int(found.group(1))

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))
