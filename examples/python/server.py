"""A webhook server on Python's standard library alone (WSGI), to start from.

    HOOKPROOF_KEYRING=keyring.json python server.py [PORT]      port 0: any free one, printed

The same function serves gunicorn or mod_wsgi: `gunicorn server:application`.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIServer, make_server

from hookproof import FileStore, MemoryStore, Verifier, Webhook, WebhookRefused

log = logging.getLogger("server")
verifier = Verifier(Path(os.environ["HOOKPROOF_KEYRING"]).read_bytes())
# One file for all workers of this machine; without it, the threads of this process.
store = FileStore(os.environ["HOOKPROOF_STORE"]) if "HOOKPROOF_STORE" in os.environ else MemoryStore()


def handle(webhook: Webhook, body: bytes) -> None:
    """Where your work goes. An exception releases the claim, and the sender tries again."""
    event = webhook.read_event(body)
    log.info("%s %s from %s", event.api, event.event, event.from_)
    if Path(os.environ.get("FAIL_WHILE", "/nonexistent")).exists():
        raise RuntimeError("the database is away")


def headers_of(environ: dict[str, Any]) -> dict[str, str]:
    """WSGI's header fields under their own names."""
    return {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}


def receive(environ: dict[str, Any]) -> int:
    """Verifies, claims and handles one request; the status to answer."""
    request = {
        "headers": headers_of(environ),
        "method": environ["REQUEST_METHOD"],
        "query": environ.get("QUERY_STRING", ""),
    }
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        # The head is judged before one byte of the body is read: a forged request ends here.
        pending = verifier.begin(content_length=length, **request)
        body = environ["wsgi.input"].read(length)
        pending.update(body)
        with pending.receive(store) as received:
            handle(received.webhook, body)
    except WebhookRefused as refusal:
        log.warning("%s", refusal)
        return refusal.http_status
    except Exception:
        log.exception("the work failed")
        return 503
    return 200


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    status = receive(environ)
    fields = [("Content-Type", "text/plain"), ("Content-Length", "0")]
    if status == 503:
        fields.append(("Retry-After", "5"))
    start_response(f"{status} {'OK' if status == 200 else 'Refused'}", fields)
    return [b""]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    with make_server("127.0.0.1", int(sys.argv[1]) if sys.argv[1:] else 8080, application, Server) as server:
        print(server.server_port, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
