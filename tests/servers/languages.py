"""The example servers, each in its language, on one store."""

import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Self

import running_redis
from places import PATIENT
from running_server import ROOT, Ring, binary

NAMESPACE = "hookproof"

# From the keyring's file and the store's address to a command and what it adds to the environment.
Command = tuple[list[str], dict[str, str]]


def c(keyring: Path, store: str) -> Command:
    command = [str(binary()), "--port", "0", "--keyring", str(keyring), "--replay", store, *PATIENT]
    # Only that library speaks to Redis, and only that store has a namespace.
    if not store.startswith("redis:"):
        return command, {}
    return [*command, "--replay-namespace", NAMESPACE], {"LD_LIBRARY_PATH": str(running_redis.library())}


@cache
def go_server() -> Path:
    subprocess.run([ROOT / "examples/go/build"], check=True)
    return ROOT / "build/examples/go/server"


def go(keyring: Path, store: str) -> Command:
    command = [str(go_server()), "--port", "0", "--keyring", str(keyring), "--replay", store]
    return [*command, "--replay-namespace", NAMESPACE, *PATIENT], {}


def php(keyring: Path, store: str) -> Command:
    return [str(ROOT / "examples/php/serve"), "--keyring", str(keyring), "--replay", store, *PATIENT], {}


@cache
def python_package() -> Path:
    """The folder with the package as its wheel installs it."""
    interpreter = ROOT / "build/python/venv/bin/python"
    if not interpreter.exists():
        subprocess.run([ROOT / "python/run", "build"], check=True)
    code = 'import sysconfig; print(sysconfig.get_path("platlib"))'
    return Path(subprocess.run([interpreter, "-c", code], check=True, capture_output=True, text=True).stdout.strip())


def python(keyring: Path, store: str) -> Command:
    interpreter = os.environ.get("PYTHON", str(ROOT / ".venv/bin/python"))
    command = [interpreter, str(Path(__file__).parent / "python_server.py"), store, NAMESPACE]
    return command, {"PYTHONPATH": str(python_package()), "HOOKPROOF_KEYRING": str(keyring)}


# Another language is a line here: its server, started on a free port, says "listening on 127.0.0.1:PORT".
LANGUAGES: dict[str, Callable[[Path, str], Command]] = {"c": c, "go": go, "php": php, "python": python}


class Server:
    def __init__(self, language: str, ring: Ring, store: str) -> None:
        self.language = language
        self._directory = tempfile.TemporaryDirectory()
        directory = Path(self._directory.name)
        (directory / "keyring.json").write_text(json.dumps(ring))
        self._log = directory / "log"
        command, environment = LANGUAGES[language](directory / "keyring.json", store)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, env={**os.environ, **environment}
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline().decode()
        if not line.startswith("listening on 127.0.0.1:"):
            said = self.log()
            self.__exit__()
            raise RuntimeError(f"the server in {language} did not start:\n{said}")
        self.port = int(line.rsplit(":", 1)[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._directory.cleanup()

    def log(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def duplicates(self) -> int:
        """How many requests the log says are repeats of what is done."""
        return len(re.findall(r"^.*replay\.duplicate\b.*$", self.log(), re.MULTILINE))

    def await_duplicates(self, count: int) -> None:
        """The answer may be out before its line is."""
        end = time.monotonic() + 10
        while self.duplicates() < count:
            assert time.monotonic() < end, f"{self.language}: fewer than {count} duplicates in:\n{self.log()}"
            time.sleep(0.01)

    def refusals(self) -> int:
        """How many requests the log says were refused because of another one."""
        return len(re.findall(r"^.*replay\.(?:duplicate|in_progress)\b.*$", self.log(), re.MULTILINE))
