"""Members of a vector file's JSON, with faults that name the case and the member."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from typing import Any, TypeGuard


class Unreadable(Exception):
    """A file that is not what its format says."""


class Entry:
    """An object of the file, and whose it is."""

    def __init__(self, id: str, value: Any) -> None:
        self.id = id
        self.value = value

    def fault(self, what: str) -> Unreadable:
        return Unreadable(f"case {self.id}: {what}")

    def of(self, value: Any) -> Entry:
        """Another object of the same case."""
        return Entry(self.id, value)

    def optional(self, name: str) -> Any:
        """The member, with null as absent."""
        return self.value.get(name) if isinstance(self.value, dict) else None

    def member(self, name: str) -> Any:
        if not isinstance(self.value, dict) or name not in self.value:
            raise self.fault(f"{name} is missing")
        return self.value[name]

    def object(self, name: str) -> Entry:
        return self.of(self.members(self.member(name), name))

    def members(self, value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.fault(f"{name} is not an object")
        return value

    def listed(self, name: str) -> list[Any]:
        value = self.member(name)
        if not isinstance(value, list):
            raise self.fault(f"{name} is not a list")
        return value

    def only(self, names: Iterable[str]) -> Entry:
        """This object, if it has no members but those named. A reader that passed over a member would judge another
        case than the one in the file."""
        stray = next((name for name in self.members(self.value, "it") if name not in names), None)
        if stray is not None:
            raise self.fault(f"{stray} is not known")
        return self

    def text(self, name: str) -> str:
        return self.as_text(self.member(name), name)

    def optional_text(self, name: str, otherwise: str = "") -> str:
        value = self.optional(name)
        return otherwise if value is None else self.as_text(value, name)

    def count(self, name: str, otherwise: int | None = None) -> int:
        value = self.optional(name)
        if value is None and otherwise is not None:
            return otherwise
        count = self.as_integer(self.member(name), name)
        if count < 0:
            raise self.fault(f"{name} is not a count")
        return count

    def as_text(self, value: Any, name: str) -> str:
        if not isinstance(value, str):
            raise self.fault(f"{name} is not a text")
        return value

    def as_integer(self, value: Any, name: str) -> int:
        if not is_integer(value):
            raise self.fault(f"{name} is not an integer")
        return value

    def as_bool(self, value: Any, name: str) -> bool:
        if not isinstance(value, bool):
            raise self.fault(f"{name} is not a boolean")
        return value

    def latin1(self, text: str) -> bytes:
        """The bytes of a text with one code point for each."""
        try:
            return text.encode("latin-1")
        except UnicodeEncodeError:
            raise self.fault("a code point above 255 stands for no byte") from None

    def parts(self, value: Any, name: str) -> bytes:
        """A text, or `{parts: [text | {repeat, count}]}`."""
        if isinstance(value, str):
            return self.latin1(value)
        whole = b""
        for part in self.of(value).listed("parts"):
            given = part if isinstance(part, dict) else {"repeat": part}
            count = self.as_integer(given.get("count", 1), "count")
            if count < 0:
                raise self.fault("count is negative")
            whole += self.latin1(self.as_text(given.get("repeat"), name)) * count
        return whole

    def base64(self, text: bytes, name: str) -> bytes:
        try:
            return base64.b64decode(text, validate=True)
        except binascii.Error:
            raise self.fault(f"{name} is not base64") from None

    def fields(self, header_name: str) -> list[tuple[str, bytes]]:
        """The header fields of the member `authorization`."""
        value = self.member("authorization")
        if value is None:
            return []
        values = value if isinstance(value, list) else [value]
        return [(header_name, self.parts(one, "authorization")) for one in values]

    def body(self) -> bytes:
        return self.base64(self.parts(self.member("body"), "body"), "body")


def is_integer(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63
