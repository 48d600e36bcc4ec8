"""What the glue of every framework does alike. The modules beside it translate between this and their framework."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, ClassVar, Generic, NamedTuple, TypeVar

from .errors import ConfigError, WebhookRefused
from .stores import AsyncHostStore, HostStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._native import Duplicates, Headers, Webhook
    from .received import Received
    from .stores import AnyStore
    from .verifier import PendingBody, Verifier

__all__ = ["Answer", "Receiver", "Work", "declared_length"]

log = logging.getLogger("hookproof")

RequestT = TypeVar("RequestT")

# One text for every refusal: the answer never says which check failed.
_TEXT = b"refused\n"


class Answer(NamedTuple):
    """A whole answer of this library's own."""

    http_status: int
    fields: list[tuple[str, str]]
    body: bytes


class Receiver(Generic[RequestT]):
    """Verifies and claims the requests of one endpoint, or of several alike."""

    is_awaited: ClassVar[bool] = True
    """Whether the framework has an event loop."""

    def __init__(
        self,
        verifier: Verifier,
        store: AnyStore,
        *,
        route: str | None = None,
        account: str | None = None,
        duplicates: Duplicates = "refuse",
        on_refused: Callable[[WebhookRefused, RequestT], object] | None = None,
    ) -> None:
        """
        - `route`: your name for the endpoint, for profiles that choose the secret by it.
        - `account`: the api_key that the endpoint serves; a valid token of another account is refused.
        - `duplicates`: `"hand_on"` for endpoints whose answer has content, such as a Voice answer URL: the handler gets
          a repeat of what is done once more, with `webhook.is_duplicate`.
        - `on_refused`: called with each refusal and the framework's request, in place of the line in the log
          `hookproof`.
        """
        from . import _native
        from .verifier import Verifier

        if not isinstance(verifier, Verifier):
            raise TypeError(f"verifier must be a Verifier, not {type(verifier).__name__}")
        if not isinstance(store, (_native._Store, HostStore, AsyncHostStore)):
            raise TypeError(f"store must be one of hookproof's stores, not {type(store).__name__}")
        if duplicates not in ("refuse", "hand_on"):
            raise ConfigError("duplicates", "must be refuse or hand_on")
        if verifier._key_source is not None and verifier.profile.startswith("sms"):
            # Its account may stand in the body, and the keys are needed before.
            raise ConfigError("verifier", "must have a keyring for the SMS API's own signature, and no KeySource")
        self.verifier = verifier
        self.store = store
        self._route = route
        self._account = account
        self._duplicates: Duplicates = duplicates
        self._on_refused = on_refused
        if not self.is_awaited:
            self.check_not_awaited()

    def check_not_awaited(self) -> None:
        """For what has no event loop."""
        source = self.verifier._key_source
        if isinstance(self.store, AsyncHostStore) or (source is not None and source.is_async):
            raise TypeError("the store and the keys of a view that is not awaited must not be awaited either")

    def begin(
        self, *, headers: Headers, method: str | bytes, query: str | bytes | None, content_length: int | None
    ) -> PendingBody:
        """Judges the head. Raises WebhookRefused, before one byte of the body is read."""
        return self.verifier.begin(
            headers=headers,
            method=method,
            query=query,
            content_length=content_length,
            keep_body=True,
            route=self._route,
            account=self._account,
        )

    async def abegin(
        self, *, headers: Headers, method: str | bytes, query: str | bytes | None, content_length: int | None
    ) -> PendingBody:
        """As `begin`, for keys that are awaited, or waited for."""
        return await self.verifier.abegin(
            headers=headers,
            method=method,
            query=query,
            content_length=content_length,
            keep_body=True,
            route=self._route,
            account=self._account,
        )

    def claim(self, pending: PendingBody) -> Work:
        """Judges the body, and claims the request. Raises WebhookRefused."""
        return Work(pending.receive(self.store, duplicates=self._duplicates).claim(), self.verifier)

    async def aclaim(self, pending: PendingBody) -> Work:
        """As `claim`, for stores that are awaited, or waited for."""
        return Work(await pending.receive(self.store, duplicates=self._duplicates).aclaim(), self.verifier)

    def refuse(self, refusal: WebhookRefused, request: RequestT) -> Answer:
        """Reports a refusal. What to answer."""
        if self._on_refused is None:
            level = logging.INFO if refusal.reason == "replay.duplicate" else logging.WARNING
            log.log(level, "%s", refusal)
        else:
            try:
                self._on_refused(refusal, request)
            except Exception:
                log.exception("on_refused failed")
        return _answer(refusal.http_status, refusal.retry_after)

    def failed(self) -> Answer:
        """What to answer when the work has failed and the framework has no answer of its own."""
        return _answer(self.verifier.retry_status, self.verifier.retry_after)

    def too_large(self) -> Answer:
        """What to answer to a body beyond a limit of the framework's own."""
        return _answer(413, None)

    def http_status(self, given: int) -> tuple[int, str | None]:
        """The status to send for the one that the framework would send, and the value of Retry-After beside it: not
        every API of the sender repeats what was answered with 500."""
        if given != 500:
            return given, None
        return self.verifier.retry_status, str(self.verifier.retry_after)


class Work:
    """A claimed request, until its answer is complete. The first end counts."""

    __slots__ = ("_received", "_verifier", "is_ended", "webhook")

    def __init__(self, received: Received, verifier: Verifier) -> None:
        self._received = received
        self._verifier = verifier
        self.webhook: Webhook = received.webhook
        self.is_ended: bool = False

    def end(self, http_status: int | None) -> None:
        """Confirms or releases by the status that is about to be sent; None if there is none: the work broke off. The
        store's own failure is reported, and changes nothing about the answer."""
        if not self.is_ended:
            self._received._leave(self._outcome(http_status))

    async def aend(self, http_status: int | None) -> None:
        """As `end`, awaited."""
        if not self.is_ended:
            await self._received._aleave(self._outcome(http_status))

    def _outcome(self, http_status: int | None) -> type[BaseException] | None:
        if http_status is not None:
            self._received.answer(http_status)
        # Before the store is asked: what interrupts that must not ask it for the opposite.
        self.is_ended = True
        return RuntimeError if http_status is None else None


def declared_length(text: str | bytes | None) -> int | None:
    """The value of a field Content-Length; None if it says nothing."""
    # Text has other digits too, such as a raised two.
    if not text or len(text) > 18 or not (text.isascii() and text.isdigit()):
        return None
    return int(text)


def _answer(http_status: int, retry_after: int | None) -> Answer:
    fields = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(_TEXT)))]
    if retry_after is not None:
        fields.append(("Retry-After", str(retry_after)))
    return Answer(http_status, fields, _TEXT)
