"""What the test applications share."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from hookproof import FileStore, Verifier, Webhook

logging.basicConfig(level=logging.INFO)
verifier = Verifier(Path(os.environ["HOOKPROOF_KEYRING"]).read_bytes(), lease=20)
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
