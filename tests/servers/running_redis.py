"""A Redis server of the tests' own, and a libhookproof that can speak to it."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Self

import pytest
from running_server import ROOT


@cache
def library() -> Path:
    """A directory with a libhookproof that was built with the feature redis, for LD_LIBRARY_PATH: the one that
    HOOKPROOF_LIBRARY_WITH_REDIS names, else one built from this tree."""
    if named := os.environ.get("HOOKPROOF_LIBRARY_WITH_REDIS"):
        return Path(named)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "with-redis"
    command = ["cargo", "build", "--quiet", "--locked", "--profile", "checked", "-p", "hookproof-ffi"]
    subprocess.run([*command, "--features", "redis", "--target-dir", target], cwd=ROOT, check=True)
    built = target / "checked/libhookproof_ffi.so"
    dynamic = subprocess.run(["readelf", "-d", built], check=True, capture_output=True, text=True).stdout
    soname = re.search(r"\(SONAME\).*\[(.+)\]", dynamic)
    assert soname is not None, dynamic
    directory = target / "lib"
    directory.mkdir(exist_ok=True)
    link = directory / soname.group(1)
    link.unlink(missing_ok=True)
    link.symlink_to(built)
    return directory


def need_redis() -> None:
    """Skips, or fails where every tool is expected to be there."""
    if shutil.which("redis-server") is None:
        message = "redis-server is not installed (make setup installs it)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)


class RunningRedis:
    """Every answered write is in its file before the answer leaves, so that a kill forgets nothing."""

    def __init__(self, *options: str) -> None:
        self._directory = tempfile.TemporaryDirectory()
        self._options = options
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}"
        try:
            self.start()
        except BaseException:
            self._directory.cleanup()
            raise

    def start(self) -> None:
        """Starts it, again after a kill, and returns when it answers."""
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self._directory.name]
        durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        log = Path(self._directory.name) / "log"
        with log.open("ab") as output:
            self.process = subprocess.Popen([*command, *durable, *self._options], stdout=output, stderr=output)
        end = time.monotonic() + 10
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise RuntimeError(f"redis-server did not start:\n{log.read_text()}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            return self.ask(b"PING") == b"+PONG\r\n"
        except OSError:
            return False

    def ask(self, command: bytes) -> bytes:
        """The first line of the answer to a command without arguments that hold spaces."""
        with socket.create_connection(("127.0.0.1", self.port), 2) as connection:
            connection.sendall(command + b"\r\n")
            return connection.makefile("rb").readline()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._directory.cleanup()
