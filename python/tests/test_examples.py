"""The examples of the frameworks, as they stand, in real servers."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from glue_server import BODY, SECRET, Server, signer
from redis_server import redis_server

EXAMPLES = Path(__file__).resolve().parents[2] / "examples/python"
CALL = b'{"from":"447700900321","to":"447700900555","uuid":"aaaaaaaa","conversation_uuid":"CON-1"}'
GUNICORN = ["-m", "gunicorn", "--bind", "127.0.0.1:{port}", "--workers", "2", "--no-control-socket"]


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "uvicorn", "fastapi_app:app", "--host", "127.0.0.1", "--port", "{port}", "--workers", "2"],
        [*GUNICORN, "flask_app:app"],
        [*GUNICORN, "django_app:application"],
        ["aiohttp_app.py", "{port}"],
    ],
    ids=["fastapi", "flask", "django", "aiohttp"],
)
def test_server(command: list[str], tmp_path: Path) -> None:
    with Server(tmp_path, command, directory=EXAMPLES) as server:
        headers = signer().headers(BODY)
        assert server.request("/webhooks/inbound", headers).status == 204
        server.wait_for("messages inbound/whatsapp from 447700900321")
        for _ in range(4):  # whichever worker it is
            again = server.request("/webhooks/inbound", headers)
            assert (again.status, again.body) == (200, b"refused\n")
        assert server.request("/webhooks/inbound", headers, BODY + b" ").status == 503
        assert server.request("/webhooks/inbound", {}).status == 503
        headers = signer().headers(CALL)
        for _ in range(3):
            assert json.loads(server.request("/calls/answer", headers, CALL).body) == [
                {"action": "talk", "text": "Hello"}
            ]
        assert server.log().count("a call from 447700900321") == 1


def test_lambda_function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = {"version": 1, "accounts": [{"api_key": "a1b2c3d4", "secrets": [{"label": "l", "secret": SECRET}]}]}
    with redis_server(tmp_path) as port:
        monkeypatch.setenv("HOOKPROOF_KEYRING", json.dumps(keyring))
        monkeypatch.setenv("HOOKPROOF_REDIS", f"redis://127.0.0.1:{port}")
        event = {
            "version": "2.0",
            "rawQueryString": "",
            "headers": {name.lower(): value for name, value in signer().headers(BODY).items()},
            "requestContext": {"http": {"method": "POST"}},
            "body": BODY.decode(),
            "isBase64Encoded": False,
        }
        # Two instances, as they come and go.
        results = [load("lambda_function").handler(event, None) for _ in range(2)]
    assert results[0] == {"statusCode": 204}
    assert (results[1]["statusCode"], results[1]["body"]) == (200, "refused\n")


def load(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
