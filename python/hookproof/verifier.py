"""The verifier: what `hookproof._native` checks, with the stores and key sources that Python itself asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _native
from .received import Receiving, arecord_once, record_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Buffer

    from ._native import Duplicates, Headers, Keyring, Webhook
    from .stores import AnyStore, SyncStore

__all__ = ["PendingBody", "Verifier"]


class Verifier(_native.Verifier):
    """Verifies requests by its keys and options. Frozen: make one when the program starts, and share it between
    threads.

    `keys` is a mapping of api_key to one or several secrets (str, bytes, or a labelled and dated `Secret`), a
    `Keyring`, a
    keyring's JSON text, or a `KeySource` that loads the secrets of an account when they are needed. A configuration
    that is refused raises ConfigError, which is a ValueError.

    Times are seconds or timedeltas. What is not set has the strict default: tokens up to 300 s old and 60 s ahead,
    bodies up to 1 MiB. No value means "off".

    >>> from hookproof.testing import Signer
    >>> verifier = Verifier({"a1b2c3d4": "the signature secret of your dashboard"})
    >>> signer = Signer("a1b2c3d4", "the signature secret of your dashboard")
    >>> body = b'{"text":"hello"}'
    >>> webhook = verifier.verify(body, headers=signer.headers(body))
    >>> webhook.api_key, webhook.payload_form
    ('a1b2c3d4', 'body')
    """

    __slots__ = ()

    def receive(
        self,
        body: Buffer,
        *,
        headers: Headers,
        store: AnyStore,
        method: str | bytes = "POST",
        query: str | bytes | None = None,
        route: str | None = None,
        account: str | None = None,
        duplicates: Duplicates = "refuse",
        keyring: Keyring | None = None,
        now: float | None = None,
    ) -> Receiving:
        """Verifies a request and claims it, last of all: the body of a `with` or `async with` is the work.

        When the work ends the claim is confirmed: a repeat is a duplicate from then on. If it raises, or if
        `Received.answer` was told a status other than 200 to 205, the claim is released, and the sender's retry is
        worked on.

        `duplicates="hand_on"` accepts a repeat of what is done once more, marked by `Webhook.is_duplicate`: for
        endpoints whose answer has content, such as a Voice answer URL. The rest is as for `verify`.

        >>> from hookproof import MemoryStore
        >>> from hookproof.testing import Signer
        >>> verifier, store = Verifier({"a1b2c3d4": "a secret"}), MemoryStore()
        >>> headers = Signer("a1b2c3d4", "a secret").headers(b"{}")
        >>> with verifier.receive(b"{}", headers=headers, store=store) as received:
        ...     received.webhook.api_key
        'a1b2c3d4'
        >>> with verifier.receive(b"{}", headers=headers, store=store) as received:
        ...     pass
        Traceback (most recent call last):
            ...
        hookproof.errors.ReplayRefused: replay.duplicate: The request was accepted before, and its work is done. \
[api_key a1b2c3d4, secret key-1, age 0 s]
        """
        request: dict[str, Any] = {
            "headers": headers,
            "method": method,
            "query": query,
            "route": route,
            "account": account,
            "keyring": keyring,
            "now": now,
        }
        return Receiving(self, body, request, store, duplicates)

    async def averify(
        self,
        body: Buffer,
        *,
        headers: Headers,
        method: str | bytes = "POST",
        query: str | bytes | None = None,
        route: str | None = None,
        account: str | None = None,
        keyring: Keyring | None = None,
        now: float | None = None,
    ) -> Webhook:
        """As `verify`, for keys that a coroutine loads. With any other keys `verify` is as good, and quicker."""
        if keyring is None:
            keyring = await self._aload(headers, method, query, route, body)
        return self.verify(
            body, headers=headers, method=method, query=query, route=route, account=account, keyring=keyring, now=now
        )

    def verify_once(
        self,
        body: Buffer,
        *,
        headers: Headers,
        store: SyncStore,
        method: str | bytes = "POST",
        query: str | bytes | None = None,
        route: str | None = None,
        account: str | None = None,
        duplicates: Duplicates = "refuse",
        keyring: Keyring | None = None,
        now: float | None = None,
    ) -> Webhook:
        """At most once: verifies a request and records it as done before the work begins. If the work then fails, the
        event is lost, for its retry is a duplicate; `receive` loses none."""
        judged = self._judge(
            body, headers=headers, method=method, query=query, route=route, account=account, keyring=keyring, now=now
        )
        return record_once(judged, store, duplicates, self.now() if now is None else now)

    async def averify_once(
        self,
        body: Buffer,
        *,
        headers: Headers,
        store: AnyStore,
        method: str | bytes = "POST",
        query: str | bytes | None = None,
        route: str | None = None,
        account: str | None = None,
        duplicates: Duplicates = "refuse",
        keyring: Keyring | None = None,
        now: float | None = None,
    ) -> Webhook:
        """As `verify_once`, for stores and keys that are awaited."""
        if keyring is None:
            keyring = await self._aload(headers, method, query, route, body)
        judged = self._judge(
            body, headers=headers, method=method, query=query, route=route, account=account, keyring=keyring, now=now
        )
        return await arecord_once(judged, store, duplicates, self.now() if now is None else now)

    def begin(
        self,
        *,
        headers: Headers,
        method: str | bytes = "POST",
        query: str | bytes | None = None,
        route: str | None = None,
        account: str | None = None,
        content_length: int | None = None,
        keyring: Keyring | None = None,
        keep_body: bool = False,
        now: float | None = None,
    ) -> PendingBody:
        """Settles everything that stands in the head, before one byte of the body is read: a forged request ends here.

        `content_length` is the length that the request announces, if it does. With `keep_body` the parts of the body
        are kept, so that `Webhook.body` and `Webhook.event` have them.
        """
        pending = self._begin(
            headers=headers,
            method=method,
            query=query,
            route=route,
            account=account,
            content_length=content_length,
            keyring=keyring,
            keep_body=keep_body,
            now=now,
        )
        return PendingBody(self, pending)

    async def abegin(
        self,
        *,
        headers: Headers,
        method: str | bytes = "POST",
        query: str | bytes | None = None,
        route: str | None = None,
        account: str | None = None,
        content_length: int | None = None,
        keyring: Keyring | None = None,
        keep_body: bool = False,
        now: float | None = None,
    ) -> PendingBody:
        """As `begin`, for keys that a coroutine loads. Keys that a function loads are loaded in a thread."""
        if keyring is None:
            keyring = await self._aload(headers, method, query, route)
        return self.begin(
            headers=headers,
            method=method,
            query=query,
            route=route,
            account=account,
            content_length=content_length,
            keyring=keyring,
            keep_body=keep_body,
            now=now,
        )

    async def _aload(
        self, headers: Headers, method: str | bytes, query: str | bytes | None, route: str | None, body: Buffer = b""
    ) -> Keyring | None:
        """The keyring that a key source loads for a request; None where the verifier has its own."""
        source = self._key_source
        if source is None:
            return None
        import asyncio

        from .errors import WebhookRefused

        try:
            selector = self.untrusted_account(body, headers=headers, method=method, query=query, route=route)
        except WebhookRefused:
            # The verifier says so itself, in its own order.
            return _native.Keyring.unavailable()
        if source.is_async:
            return await source.aload(selector)
        # It may wait for as long as its time-out.
        return await asyncio.to_thread(source.load, selector)


class PendingBody:
    """A request whose head has passed and whose body is on its way. It holds the body only if it was told to.

    >>> from hookproof.testing import Signer
    >>> verifier = Verifier({"a1b2c3d4": "a secret"})
    >>> headers = Signer("a1b2c3d4", "a secret").headers(b"{}")
    >>> pending = verifier.begin(headers=headers, content_length=2)
    >>> pending.update(b"{")
    >>> pending.update(b"}")
    >>> pending.finish().key_label
    'key-1'
    """

    __slots__ = ("_pending", "_verifier", "update")

    def __init__(self, verifier: Verifier, pending: _native.PendingBody) -> None:
        self._verifier = verifier
        self._pending = pending
        self.update: Callable[[Buffer], None] = pending.update
        """Takes the next bytes. Raises WebhookRefused once the body is larger than the policy allows."""

    @property
    def key_label(self) -> str:
        """The label of the secret that signed the token."""
        return self._pending.key_label

    @property
    def keyring_generation(self) -> int:
        """The generation of the keyring that the verification began with and keeps."""
        return self._pending.keyring_generation

    def finish(self, *, now: float | None = None) -> Webhook:
        """Judges the body, and the age once more. No store is asked."""
        return self._pending.finish(self._verifier.now() if now is None else now)

    def receive(self, store: AnyStore, *, duplicates: Duplicates = "refuse", now: float | None = None) -> Receiving:
        """Judges the body and claims the request: see `Verifier.receive`."""
        return Receiving(self._verifier, self._pending, {"now": now}, store, duplicates)

    def finish_once(self, store: SyncStore, *, duplicates: Duplicates = "refuse", now: float | None = None) -> Webhook:
        """Judges the body and records the request as done: see `Verifier.verify_once`."""
        now = self._verifier.now() if now is None else now
        return record_once(self._pending.judge(now), store, duplicates, now)

    async def afinish_once(
        self, store: AnyStore, *, duplicates: Duplicates = "refuse", now: float | None = None
    ) -> Webhook:
        """As `finish_once`, for a store that is awaited."""
        now = self._verifier.now() if now is None else now
        return await arecord_once(self._pending.judge(now), store, duplicates, now)
