"""The package's answer to a request, asked for in every way its interface offers."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass, field
from typing import Any

from hookproof import MemoryStore, PendingBody, Received, Verifier, WebhookRefused
from hookproof.stores import SyncStore
from hookproof.testing import Clock, Signer

Way = int | None
"""How a body is handed over: as a whole, or in pieces of so many bytes."""

WAYS: tuple[Way, ...] = (None, 1, 7, sys.maxsize)
"""The smallest pieces, some that divide nothing, and one."""

_LARGE_BODY = 64 * 1024
"""Single bytes of a body larger than this only test patience."""
_LARGE_PIECE = 4097
_WEEK = 7 * 24 * 3600


@dataclass
class Request:
    """One request of a vector file."""

    headers: list[tuple[str, bytes]]
    body: bytes = b""
    method: bytes = b"POST"
    query: bytes = b""
    route: str = ""

    def head(self) -> dict[str, Any]:
        return {"headers": self.headers, "method": self.method, "query": self.query, "route": self.route}


@dataclass
class Trial:
    """A request, and what it is judged by; no verifier where its configuration is refused."""

    request: Request
    verifier: Verifier | None
    now: int
    seen: list[tuple[str, str]] = field(default_factory=list)

    def answer(self, way: Way) -> tuple[str, int]:
        """The reason, empty when accepted, and its number."""
        if self.verifier is None:
            return "config_error", 0
        try:
            if self.seen:
                receive(self.verifier, self.request, self._store(), self.now, way)
            else:
                _verify(self.verifier, self.request, self.now, way)
        except WebhookRefused as refusal:
            return str(refusal.reason), refusal.code
        return "", 0

    def _store(self) -> MemoryStore:
        """A store that has seen what the case says: webhooks of these identities, from a signer of their own."""
        store = MemoryStore(len(self.seen) + 1)
        for api_key, jti in self.seen:
            # What can be no identity is asked for by no request either.
            with contextlib.suppress(WebhookRefused, ValueError):
                # The widest window, so that nothing of it is forgotten meanwhile.
                verifier = Verifier({api_key: "seen"}, max_age=_WEEK)
                headers = Signer(api_key, "seen", clock=Clock(self.now)).headers(b"", jti=jti)
                verifier.verify_once(b"", headers=headers, store=store, now=self.now)
        return store


def _verify(verifier: Verifier, request: Request, now: int, way: Way) -> None:
    if way is None:
        verifier.verify(request.body, now=now, **request.head())
    else:
        _stream(verifier, request, now, way).finish(now=now)


def receive(verifier: Verifier, request: Request, store: SyncStore, now: int, way: Way) -> Received:
    """Verifies a request and claims it."""
    if way is None:
        return verifier.receive(request.body, store=store, now=now, **request.head()).claim()
    return _stream(verifier, request, now, way).receive(store, now=now).claim()


def _stream(verifier: Verifier, request: Request, now: int, way: int) -> PendingBody:
    body = request.body
    size = _LARGE_PIECE if way == 1 and len(body) > _LARGE_BODY else way
    # A body in one piece comes with its length, the others without: both are ways of their own.
    length = len(body) if size >= len(body) else None
    pending = verifier.begin(content_length=length, now=now, **request.head())
    for start in range(0, len(body), min(size, max(len(body), 1))):
        pending.update(body[start : start + size])
    return pending


def way_name(way: Way) -> str:
    return "one-shot" if way is None else f"streamed in pieces of {way}"
