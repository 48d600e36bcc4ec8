"""What webhooks say, as typed values. Generated from the core's description of the events (`cargo xtask python`).

An `Event` has what all kinds have in common; its `detail` is the record of its kind, to be told apart with `match`:

    match webhook.event:
        case Event(detail=MessagesInbound(text=str(text))):
            ...

A field that was not sent, and one that was sent as null, are None; `Record.nulls` names the latter. What no field holds is in
`Event.unknown`, so nothing is lost.
"""

from __future__ import annotations

import json as _json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

JsonValue: TypeAlias = "None | bool | int | float | Decimal | str | list[JsonValue] | dict[str, JsonValue]"
"""A value of JSON. Numbers with a fraction are Decimals in an event."""
