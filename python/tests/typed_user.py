"""A program as its author would write it, for type checkers: every type of it is known, and it runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import assert_never, assert_type

from hookproof import (
    Keyring,
    KeySource,
    MemoryStore,
    Received,
    ReplayRefused,
    Secret,
    Verifier,
    Webhook,
    WebhookRefused,
)
from hookproof.events import Event, MessagesInbound, SmsInbound, VoiceAnswer
from hookproof.stores import Answer, HostStore, Question
from hookproof.testing import Clock, Signer


class OwnStore(HostStore):
    """A store of the application's own."""

    def __init__(self) -> None:
        super().__init__("own")
        self._owners: dict[str, str] = {}

    def claim(self, question: Question, now: int) -> Answer:
        owner = self._owners.setdefault(question.identity, question.owner)
        return "claimed" if owner == question.owner else "in_progress"

    def confirm(self, identity: str, owner: str, now: int) -> bool:
        return self._owners.get(identity) == owner

    def release(self, identity: str, owner: str, now: int) -> bool:
        return self._owners.pop(identity, None) == owner


def text_of(event: Event) -> str:
    match event.detail:
        case MessagesInbound(text=text) | SmsInbound(text=text):
            return text or ""
        case VoiceAnswer():
            return "a call"
        case _:
            return event.event


def answer(verifier: Verifier, store: MemoryStore | OwnStore, body: bytes, headers: Mapping[str, str]) -> int:
    try:
        with verifier.receive(body, headers=headers, store=store, duplicates="hand_on") as received:
            assert_type(received, Received)
            assert_type(received.webhook, Webhook)
            assert_type(received.webhook.event, Event)
            print(text_of(received.webhook.event), received.webhook.issued_at + 1, received.webhook.key_label.upper())
    except ReplayRefused as refusal:
        print(refusal.reason, refusal.retry_after or 0)
        return refusal.http_status
    except WebhookRefused as refusal:
        assert_type(refusal.http_status, int)
        return refusal.http_status
    return 200


def load(api_key: str) -> str | None:
    return {"a1b2c3d4": "a secret"}.get(api_key)


def replay_of(webhook: Webhook) -> str:
    match webhook.replay:
        case "not_checked" | "claimed" | "recorded" | "duplicate" | "unavailable":
            return webhook.replay
        case _:
            assert_never(webhook.replay)


def main() -> None:
    clock = Clock()
    dated = Secret("next", b"bytes", not_before=datetime(2026, 1, 1, tzinfo=UTC))
    keyring = Keyring({"a1b2c3d4": ["a secret", dated]}, application_ids={"a1b2c3d4": ["one", "two"]})
    signer = Signer("a1b2c3d4", "a secret", application_id="one", clock=clock)
    body = b'{"channel":"whatsapp","message_uuid":"m","from":"1","to":"2","message_type":"text","text":"Hi"}'
    verifiers = (
        Verifier(keyring, clock=clock, max_age=timedelta(minutes=5), lease=10, networks=["192.0.2.0/24"]),
        Verifier(KeySource(load), clock=clock, profile="standard", retry_status=429),
    )
    for verifier in verifiers:
        for store in (MemoryStore(100), OwnStore()):
            assert answer(verifier, store, body, signer.headers(body)) == 200
        assert replay_of(verifier.verify(body, headers=signer.headers(body))) == "not_checked"
        assert_type(verifier.source_hint("192.0.2.7") in ("added", "not_checked"), bool)


if __name__ == "__main__":
    main()
