"""A sample webhook of the vendor's: verified where it is signed, and read as an event."""

from __future__ import annotations

from typing import Any

from hookproof import Verifier, WebhookRefused, parse_unsigned
from hookproof.events import Event

from .entry import Entry
from .finding import Finding


def is_one(file: Any) -> bool:
    return isinstance(file, dict) and "api" in file and "payload" in file


def finding(file: Any) -> Finding:
    entry = Entry("?", file)
    wanted = entry.text("api"), entry.text("event")
    entry = Entry(" ".join(wanted), file)
    signed = entry.optional("sample_signature") is not None
    try:
        event = _signed(entry) if signed else _unsigned(entry)
    except WebhookRefused as refusal:
        return Finding(entry.id, "reject", str(refusal.reason)).fail("accept", str(refusal.reason))
    found = Finding(entry.id, "accept", event=event.json)
    if (event.api, event.event) != wanted or event.signed != signed:
        found.fail(entry.id, f"{event.api} {event.event}")
    return found


def _unsigned(entry: Entry) -> Event:
    if entry.text("method") == "GET":
        return parse_unsigned(entry.optional_text("wire_query").encode(), carrier="query")
    is_form = "form-urlencoded" in entry.optional_text("content_type")
    return parse_unsigned(entry.optional_text("wire_body").encode(), carrier="form" if is_form else "json")


def _signed(entry: Entry) -> Event:
    signature = entry.object("sample_signature")
    claims = signature.object("claims")
    verifier = Verifier({claims.text("api_key"): signature.text("secret")})
    return verifier.verify(
        entry.optional_text("wire_body").encode(),
        headers={"Authorization": signature.text("authorization")},
        method=entry.text("method"),
        query=entry.optional_text("wire_query").encode(),
        now=claims.as_integer(claims.member("iat"), "iat"),
    ).event
