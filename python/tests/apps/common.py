"""What the test applications share."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

import redis
from hookproof import FileStore, RedisStore, Verifier, Webhook
from redis.backoff import NoBackoff
from redis.retry import Retry

logging.basicConfig(level=logging.INFO)
# Longer than any work here, but where a test waits for the claims of workers that are gone.
verifier = Verifier(Path(os.environ["HOOKPROOF_KEYRING"]).read_bytes(), lease=int(os.environ.get("LEASE", "20")))
store: FileStore | RedisStore
if "REDIS_PORT" in os.environ:
    store = RedisStore(redis.Redis(port=int(os.environ["REDIS_PORT"]), socket_timeout=5, retry=Retry(NoBackoff(), 0)))
else:
    store = FileStore(os.environ["HOOKPROOF_STORE"], budget=5)


class DomainError(Exception):
    """What the application answers by a handler of its own."""

    def __init__(self, http_status: int) -> None:
        super().__init__(f"answered with {http_status}")
        self.number = http_status


def note(what: str, webhook: Webhook) -> None:
    """Writes down that a webhook is worked on."""
    with Path(os.environ["JOURNAL"]).open("a") as journal:
        journal.write(f"{what} {webhook.jti}\n")


def told(webhook: Webhook) -> str:
    """What a message says."""
    event = webhook.event
    return f"{event.from_} {getattr(event.detail, 'text', '')}"


def journal_work(webhook: Webhook) -> None:
    """Work that takes a while, in a process that may be killed meanwhile."""
    note(str(os.getpid()), webhook)
    # Long enough for a slow machine to kill it in between.
    time.sleep(0.2)
