"""Events that nobody has signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _native

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from ._native import Carrier
    from .events import Event

__all__ = ["parse_unsigned"]


def parse_unsigned(payload: Buffer, *, carrier: Carrier = "json") -> Event:
    """Reads what NOBODY HAS SIGNED: anybody may have written it.

    For APIs that sign no token: SMS and US short codes, whose own signature must be checked by other means, Number
    Insight, and conversation events while signing is off. `carrier` is "json", "form" or "query" (the raw query).

    >>> event = parse_unsigned(b"msisdn=447700900321&to=447700900555&messageId=0C00&text=Hi&type=text", carrier="form")
    >>> event.api, event.event, event.from_, event.signed
    ('sms', 'inbound', '447700900321', False)
    """
    from .events import event_of_json

    return event_of_json(_native.parse_unsigned(payload, carrier))
