"""From the verdict to the claim: what `receive` and `verify_once` add to `verify`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _native
from .errors import StoreFailed
from .stores import AsyncHostStore, HostClaim, HostStore

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Coroutine
    from types import TracebackType

    from ._native import Claim, Duplicates, Judged, Webhook
    from .stores import AnyStore, SyncStore
    from .verifier import Verifier

__all__ = ["Received", "Receiving"]

_giving: set[asyncio.Future[None]] = set()


class Receiving:
    """A request about to be verified and claimed. Enter it with `with` or `async with`; or, where the work has no
    such shape,
    call `claim` or `aclaim` and end the claim by hand."""

    __slots__ = ("_body", "_duplicates", "_received", "_request", "_store", "_verifier")

    def __init__(
        self, verifier: Verifier, body: Any, request: dict[str, Any], store: AnyStore, duplicates: Duplicates
    ) -> None:
        if not isinstance(store, (_native._Store, HostStore, AsyncHostStore)):
            raise TypeError(f"store must be one of hookproof's stores, not {type(store).__name__}")
        self._verifier = verifier
        self._body = body
        self._request = request
        self._store = store
        self._duplicates: Duplicates = duplicates
        self._received: Received | None = None

    def claim(self) -> Received:
        """Verifies and claims. Raises WebhookRefused."""
        store = self._store
        # First, because it is told apart quickest.
        if isinstance(store, _native._Store):
            judged, now = self._judge()
            return self._begin(*judged.claim(store, self._duplicates, now))
        if isinstance(store, AsyncHostStore):
            raise TypeError("this store is awaited: use `async with`, or aclaim()")
        judged, now = self._judge()
        return self._begin(*store._take(judged, self._duplicates, now, self._clock(now)))

    async def aclaim(self) -> Received:
        """As `claim`, for stores and keys that are awaited. A store that may wait is asked in a thread."""
        import asyncio

        if not isinstance(self._body, _native.PendingBody) and self._request["keyring"] is None:
            request = self._request
            request["keyring"] = await self._verifier._aload(
                request["headers"], request["method"], request["query"], request["route"], self._body
            )
        store = self._store
        judged, now = self._judge()
        if isinstance(store, AsyncHostStore):
            return await self._taken(store._atake(judged, self._duplicates, now, self._clock(now)))
        if isinstance(store, HostStore):
            return await self._taken(asyncio.to_thread(store._take, judged, self._duplicates, now, self._clock(now)))
        if isinstance(store, _native.FileStore):
            return await self._taken(asyncio.to_thread(judged.claim, store, self._duplicates, now))
        return self._begin(*judged.claim(store, self._duplicates, now))

    async def _taken(self, taking: Coroutine[Any, Any, tuple[Webhook, Claim | HostClaim | None]]) -> Received:
        """What a store answers. Who is cancelled meanwhile does not know what it was: it is given back."""
        import asyncio

        task = asyncio.ensure_future(taking)
        try:
            return self._begin(*await asyncio.shield(task))
        except asyncio.CancelledError:
            task.add_done_callback(self._give_back)
            raise

    def _give_back(self, task: asyncio.Future[tuple[Webhook, Claim | HostClaim | None]]) -> None:
        import asyncio

        if task.cancelled() or task.exception() is not None:
            return
        received = Received(*task.result(), self._verifier, self._store)
        giving = asyncio.ensure_future(received._aleave(asyncio.CancelledError))
        # The loop itself keeps no task alive.
        _giving.add(giving)
        giving.add_done_callback(_giving.discard)

    def _judge(self) -> tuple[Judged, float]:
        given = self._request["now"]
        now: float = self._verifier.now() if given is None else given
        if isinstance(self._body, _native.PendingBody):
            return self._body.judge(now), now
        return self._verifier._judge(self._body, **{**self._request, "now": now}), now

    def _clock(self, now: float) -> Callable[[], float]:
        """The time of a store's answer, which may have taken until the token was stale. A time that was given stands
        still."""
        return self._verifier.now if self._request["now"] is None else lambda: now

    def _begin(self, webhook: Webhook, claim: Claim | HostClaim | None) -> Received:
        self._received = Received(webhook, claim, self._verifier, self._store)
        return self._received

    def __enter__(self) -> Received:
        return self.claim()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._received is not None:
            self._received._leave(kind)

    async def __aenter__(self) -> Received:
        return await self.aclaim()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._received is not None:
            await self._received._aleave(kind)


class Received:
    """A request that passed every check and is claimed: do the work, then confirm or release."""

    __slots__ = ("_claim", "_is_processed", "_store", "_verifier", "store_failure", "webhook")

    def __init__(self, webhook: Webhook, claim: Claim | HostClaim | None, verifier: Verifier, store: AnyStore) -> None:
        self.webhook: Webhook = webhook
        """The proof, and what the webhook says."""
        self.store_failure: StoreFailed | None = None
        """Why the claim could not be ended, after the work: the answer was sent all the same."""
        self._claim = claim
        self._verifier = verifier
        self._store = store
        self._is_processed = True

    def __repr__(self) -> str:
        return f"<Received {self.webhook!r}{' claimed' if self.is_open else ''}>"

    @property
    def is_open(self) -> bool:
        """Whether the request is claimed and the claim has not been ended. The lease may be over all the same."""
        return self._claim is not None and self._claim.is_open

    def answer(self, http_status: int) -> None:
        """Says which HTTP status the request is answered with. Other than 200 to 205, the claim is released at the
        end of the `with` block: the work has failed."""
        self._is_processed = _native.is_processed(http_status)

    def confirm(self) -> bool:
        """The work is done: a repeat is a duplicate from now on. False: the lease was over and another owner has the
        request,
        or there is no claim; answer as if all were well, and count it. Raises StoreFailed if the store did not
        answer: the work is done, so send the answer."""
        if self._claim is None:
            return False
        return self._claim.confirm(self._verifier.now())

    def release(self) -> bool:
        """The work failed: the sender's retry shall be worked on. False: the claim had ended before, or there was none.
        Raises StoreFailed if the store did not answer: the claim ends with its lease."""
        if self._claim is None:
            return False
        return self._claim.release(self._verifier.now())

    async def aconfirm(self) -> bool:
        """As `confirm`, awaited."""
        return await self._end("confirm")

    async def arelease(self) -> bool:
        """As `release`, awaited."""
        return await self._end("release")

    async def _end(self, verb: str) -> bool:
        claim = self._claim
        if claim is None:
            return False
        now = self._verifier.now()
        if isinstance(claim, HostClaim):
            if isinstance(claim.store, AsyncHostStore):
                # A request that is cancelled still frees what it holds.
                return await _shielded(claim.aconfirm(now) if verb == "confirm" else claim.arelease(now))
            return bool(await _in_thread(getattr(claim, verb), now))
        if isinstance(self._store, _native.FileStore):
            return bool(await _in_thread(getattr(claim, verb), now))
        return claim.confirm(now) if verb == "confirm" else claim.release(now)

    def _succeeded(self, kind: type[BaseException] | None) -> bool:
        return kind is None and self._is_processed

    def _leave(self, kind: type[BaseException] | None) -> None:
        if not self.is_open:
            return
        try:
            effect = self.confirm() if self._succeeded(kind) else self.release()
        except StoreFailed as failure:
            self._report(failure)
        else:
            self._note(effect)

    async def _aleave(self, kind: type[BaseException] | None) -> None:
        if not self.is_open:
            return
        try:
            effect = await (self.aconfirm() if self._succeeded(kind) else self.arelease())
        except StoreFailed as failure:
            self._report(failure)
        else:
            self._note(effect)

    def _report(self, failure: StoreFailed) -> None:
        self.store_failure = failure
        import logging

        logging.getLogger("hookproof").warning("a claim could not be ended, the lease will: %s", failure)

    def _note(self, effect: bool) -> None:
        if not effect:
            import logging

            logging.getLogger("hookproof").warning(
                "a claim's lease was over before its work: another request may have done it too (raise lease)"
            )


def record_once(judged: Judged, store: SyncStore, duplicates: Duplicates, now: float) -> Webhook:
    """At most once, with any store that is not awaited."""
    if isinstance(store, HostStore):
        return store._record(judged, duplicates, now)
    if isinstance(store, _native._Store):
        return judged.record_once(store, duplicates, now)
    raise TypeError(f"store must be one of hookproof's stores that are not awaited, not {type(store).__name__}")


async def arecord_once(judged: Judged, store: AnyStore, duplicates: Duplicates, now: float) -> Webhook:
    """At most once, with any store."""
    if isinstance(store, AsyncHostStore):
        return await store._arecord(judged, duplicates, now)
    if isinstance(store, (HostStore, _native.FileStore)):
        webhook: Webhook = await _in_thread(record_once, judged, store, duplicates, now)
        return webhook
    return record_once(judged, store, duplicates, now)


async def _in_thread(work: Any, *arguments: Any) -> Any:
    import asyncio

    return await asyncio.shield(asyncio.to_thread(work, *arguments))


async def _shielded(work: Awaitable[bool]) -> bool:
    import asyncio

    return await asyncio.shield(asyncio.ensure_future(work))
