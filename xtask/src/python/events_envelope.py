

@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Record):
    """What a webhook says."""

    api: Api | str
    event: str
    """The kind: `answered`, `inbound/whatsapp`; `other` for one that is not known, `unreadable` for what is no JSON object."""
    is_signed: bool
    """Whether the signature covers it."""
    content_id: str
    """Names account and payload, whatever token came with it: 64 hexadecimal digits."""
    detail: Detail | None
    """The record of the kind; None for `other` and `unreadable`."""
    id: str | None = None
    """The sender's id of the message, call leg, recording or request."""
    occurred_at: datetime | None = None
    from_: str | None = None
    """Who it is from. The SMS API's `msisdn` and `to` stand where they belong."""
    from_type: str | None = None
    to: str | None = None
    to_type: str | None = None
    status: Status | str | None = None
    channel: Channel | str | None = None
    client_ref: str | None = None
    """The customer's own reference."""
    unknown: dict[str, JsonValue] = field(default_factory=dict)
    """What no field holds, by its place as a JSON Pointer."""
    duplicates: tuple[str, ...] = ()
    """The places of names that stand more than once in one object. The last value counts."""
    is_damaged: bool = False
    """Whether some text was no Unicode, and has U+FFFD where it was not."""
    json: str = field(repr=False)
    """The event as JSON, the same in every language."""


def event_of_json(text: str) -> Event:
    """The event of the JSON that every language's event has. It is trusted: give it nothing else."""
    members: dict[str, Any] = _json.loads(text, parse_float=Decimal)
    kind = _KINDS.get(members.pop("record"))
    detail = members.pop("detail")
    members["detail"] = None if kind is None else _record(kind)(detail)
    members["is_signed"] = members.pop("signed")
    members["is_damaged"] = members.pop("damaged")
    members["duplicates"] = tuple(members["duplicates"])
    members["json"] = text
    event = _record(Event)(members)
    assert isinstance(event, Event)
    return event


def _same(value: Any) -> Any:
    return value


def _decimal(value: Any) -> Decimal:
    return Decimal(value)


def _time(value: str) -> datetime:
    return datetime.fromisoformat(value)


def _list(reader: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda items: tuple(None if item is None else reader(item) for item in items)


def _record(kind: type[Record]) -> Callable[[Any], Any]:
    def read(members: dict[str, Any]) -> Record:
        nulls = []
        readers = _READERS.get(kind, {})
        fields: dict[str, Any] = {}
        for name, value in members.items():
            own, reader = readers.get(name, (name, _same))
            if value is None:
                nulls.append(own)
            else:
                value = reader(value)
            fields[own] = value
        if kind is Event and "detail" in nulls:
            nulls.remove("detail")
        return kind(nulls=tuple(nulls), **fields)

    return read


def _either(*readers: Callable[[Any], Any]) -> Callable[[Any], Any]:
    # The first is for an object, the second, where there is one, for an array.
    def read(value: Any) -> Any:
        if isinstance(value, dict):
            return readers[0](value)
        if isinstance(value, list):
            return readers[-1](value)
        return value

    return read


_READERS: Final[dict[type[Record], dict[str, tuple[str, Callable[[Any], Any]]]]] = {
    Event: {"from": ("from_", _same), "occurred_at": ("occurred_at", _time)},
}
