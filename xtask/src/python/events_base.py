

@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A part of an event."""

    nulls: tuple[str, ...] = ()
    """The fields that were sent as null."""
