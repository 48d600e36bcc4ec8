"""The walk of docs/testing.md, typed as it stands there, but for the ports."""

import re
import shlex
import subprocess

from listening import ROOT, binary, browser, environment
from test_page import texts, until

PAGE = (ROOT / "docs" / "testing.md").read_text()


def blocks() -> list[list[str]]:
    """The console blocks of the walk: a command and what it says."""
    walk = PAGE.split("## The walk")[1].split("\n## ")[0]
    return [block.strip().splitlines() for block in re.findall(r"```console\n(.*?)```", walk, re.DOTALL)]


def arguments(line: str) -> list[str]:
    words = shlex.split(line.removeprefix("$ "), comments=True)
    assert words[0] == "hookproof"
    return words[1:]


def plain(text: str) -> str:
    """Without what is another number each time."""
    text = re.sub(r"\d+\.\d ms", "N ms", re.sub(r"\d+/s", "N/s", text))
    return re.sub(r"(127\.0\.0\.1:)\d+", r"\1PORT", re.sub(r"#[\w-]{20,}", "#TOKEN", text))


def test_listen_in_one_terminal_and_send_in_another() -> None:
    listen, send = blocks()[:2]
    command = [str(binary()), *arguments(listen[0]), "--port", "0", "--page-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(None)) as listening:
        try:
            assert listening.stdout is not None
            said = [listening.stdout.readline().rstrip("\n") for _ in listen[1:]]
            assert [plain(line) for line in said] == [plain(line) for line in listen[1:]]
            address, page = (line.split()[1] for line in said)
            with browser() as driver:
                driver.get(page)
                until(driver, lambda d: texts(d, "#link") == ["live"])
                command = [str(binary()), *arguments(send[0]), f"{address}/webhooks"]
                sent = subprocess.run(command, capture_output=True, text=True, env=environment(None), timeout=60)
                assert sent.returncode == 0, sent.stderr
                assert plain(sent.stdout).splitlines() == [plain(line) for line in send[1:]]
                until(driver, lambda d: texts(d, "#requests .badge") == ["refused", "refused", "accepted"])
        finally:
            listening.terminate()
        assert listening.stdout.read().endswith("3 requests: 1 accepted, 2 refused\n")
        assert listening.wait(timeout=10) == 0


def test_every_command_of_the_page_is_one_that_the_command_takes() -> None:
    """Its options are known: `--help` behind them is answered, which a wrong one before it would not be."""
    lines = re.findall(r"^\$ (?:\w+=\S+ )*(hookproof .*)$", PAGE, re.MULTILINE)
    assert len(lines) >= 10
    for line in lines:
        told = subprocess.run(
            [str(binary()), *arguments(line), "--help"],
            capture_output=True,
            text=True,
            env=environment(None),
            timeout=60,
        )
        assert told.returncode == 0, line + told.stderr
