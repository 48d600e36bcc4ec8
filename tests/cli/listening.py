"""`hookproof listen` as a process, and a Chromium that looks at its page."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Self

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = "a1b2c3d4"
SECRET = "the-signature-secret-of-these-tests-only"
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-device-scale-factor=1",
)


@cache
def binary() -> Path:
    """The command, built once."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    subprocess.run(["cargo", "build", "--quiet", "--locked", "-p", "hookproof-cli"], cwd=ROOT, check=True)
    return target / "debug" / "hookproof"


def environment(secret: str | None = SECRET) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOOKPROOF_")}
    return kept if secret is None else {**kept, "HOOKPROOF_SECRET": secret, "HOOKPROOF_API_KEY": ACCOUNT}


class Listening:
    """`hookproof listen` on free ports, until the block ends."""

    def __init__(self, *options: str) -> None:
        arguments = [str(binary()), "listen", "--port", "0", "--page-port", "0", "--format", "json", *options]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment())
        assert self.process.stdout is not None
        ready: dict[str, Any] = json.loads(self.process.stdout.readline())
        self.address: str = ready["address"]
        self.page: str = ready["page"]

    def send(self, *options: str) -> str:
        """Sends samples to it, and returns what the command said."""
        arguments = [str(binary()), "send", f"{self.address}/webhooks/inbound", *options]
        sent = subprocess.run(arguments, capture_output=True, text=True, env=environment(), timeout=60)
        assert sent.returncode == 0, sent.stdout + sent.stderr
        return str(sent.stdout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        finally:
            self.process.kill()
            if self.process.stdout is not None:
                self.process.stdout.close()


@contextmanager
def browser(width: int = 1280, height: int = 860, *, dark: bool = False) -> Iterator[webdriver.Chrome]:
    """A Chromium with a profile of its own. Whatever its console complains about fails the test."""
    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        for switch in (*SWITCHES, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
            options.add_argument(switch)
        options.binary_location = "/usr/bin/chromium"
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        try:
            media = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
            metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
            yield driver
            complaints: Any = driver.get_log("browser")  # type: ignore[no-untyped-call]
            assert not complaints, complaints
        finally:
            driver.quit()
