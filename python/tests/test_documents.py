"""The Python that stands in the documents is run as it stands there, with a request that is signed."""

from __future__ import annotations

import json
import logging
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hookproof
import pytest
from hookproof.testing import Signer

REPOSITORY = Path(__file__).resolve().parents[2]
ACCOUNT, SECRET = "a1b2c3d4", "the signature secret of your dashboard"
BODY = b'{"channel":"whatsapp","message_uuid":"m","from":"447700900321","message_type":"text","text":"Hi"}'
SIGNER = Signer(ACCOUNT, SECRET)


def example(page: str, sign: str) -> str:
    """The block of Python that has this in it; indented ones are those of lists."""
    blocks = re.findall(r"^( *)```python\n(.*?)^ *```", (REPOSITORY / page).read_text(), re.DOTALL | re.MULTILINE)
    [code] = [textwrap.dedent(code) for _, code in blocks if sign in code]
    return code


def names(handled: list[Any]) -> dict[str, Any]:
    """What an example takes for granted."""
    known: dict[str, Any] = {name: getattr(hookproof, name) for name in hookproof.__all__}
    return {**known, "log": logging.getLogger("application"), "handle": handled.append}


def in_place(code: str, directory: Path) -> str:
    """The code with its store in a directory of the test."""
    assert code.count('"/var/lib/app/seen.db"') == 1
    return code.replace('"/var/lib/app/seen.db"', repr(str(directory / "seen.db")))


def accepts_once_and_refuses(answer: Callable[[bytes, dict[str, str]], int | None], handled: list[Any]) -> None:
    headers = SIGNER.headers(BODY)
    assert answer(BODY, headers) in (200, None) and len(handled) == 1
    assert answer(BODY, headers) == 200 and len(handled) == 1
    assert answer(b"{}", SIGNER.headers(BODY)) == 503
    assert answer(BODY, {}) == 503
    assert answer(BODY, {"Authorization": "Bearer x.y.z"}) == 401
    assert len(handled) == 1


def test_the_readme(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    code = in_place(example("README.md", "verifier.receive("), tmp_path)
    handled: list[Any] = []
    known = names(handled)
    setup, separator, work = code.partition("...\n")
    assert separator
    exec(setup, known)  # noqa: S102
    exec("def answer(body, headers):\n" + textwrap.indent(work, "    "), known)  # noqa: S102
    accepts_once_and_refuses(known["answer"], handled)
    assert handled[0].detail.text == "Hi"
    assert "replay.duplicate" in caplog.text and SECRET not in caplog.text and "Hi" not in caplog.text


def test_the_page_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    known: dict[str, Any] = {}
    exec(example("python/README.md", "verifier.receive("), known)  # noqa: S102
    headers = SIGNER.headers(BODY)
    assert known["answer"](BODY, headers) == 200 and "Hi" in capsys.readouterr().out
    assert known["answer"](BODY, headers) == 200 and "replay.duplicate" in capsys.readouterr().out
    assert known["answer"](b"{}", SIGNER.headers(BODY)) == 503


def test_the_first_hour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = {"version": 1, "accounts": [{"api_key": ACCOUNT, "secrets": [{"label": "production", "secret": SECRET}]}]}
    (tmp_path / "keyring.json").write_text(json.dumps(keyring))
    monkeypatch.chdir(tmp_path)
    handled: list[Any] = []
    known = names(handled)
    exec(in_place(example("docs/python.md", "def webhook("), tmp_path), known)  # noqa: S102
    accepts_once_and_refuses(known["webhook"], handled)
    assert handled[0].event.detail.text == "Hi"


def test_the_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    before: dict[str, Any] = {}
    exec(example("docs/python-migration.md", "verify_signature"), before)  # noqa: S102
    after: dict[str, Any] = {}
    exec(example("docs/python-migration.md", "Verifier("), after)  # noqa: S102
    headers = SIGNER.headers(BODY)
    assert before["is_genuine"](headers) and after["is_genuine"](BODY, headers)
    # What the helper does not look at.
    assert before["is_genuine"](SIGNER.headers(b"another body"))
    assert not after["is_genuine"](BODY, SIGNER.headers(b"another body"))
    old = SIGNER.headers(BODY, iat=1_600_000_000)
    assert before["is_genuine"](old) and not after["is_genuine"](BODY, old)


@pytest.mark.parametrize("page", ["python/README.md", "docs/python.md", "docs/python-migration.md"])
def test_links_lead_somewhere(page: str) -> None:
    path = REPOSITORY / page
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text())
    for link in links:
        assert "://" in link or (path.parent / link).exists(), link
