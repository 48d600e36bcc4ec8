"""Any ASGI application: Starlette, FastAPI, Litestar, Quart, and what they mount.

    app = WebhookMiddleware(app, verifier, store)

With Starlette, around one route:

    Route("/webhooks/inbound", inbound, methods=["POST"], middleware=[Middleware(WebhookMiddleware, verifier, store)])

The handler finds the webhook in `request.state.webhook`, and the body is there to be read as ever.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, TypeAlias

from ._glue import Receiver, declared_length
from ._native import is_processed
from .errors import WebhookRefused

if TYPE_CHECKING:
    from ._glue import Answer, Work
    from ._native import Duplicates
    from .stores import AnyStore
    from .verifier import PendingBody, Verifier

__all__ = ["WebhookMiddleware"]

Message: TypeAlias = MutableMapping[str, Any]
Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

# What may follow the head of an answer, and complete it.
_PARTS = ("http.response.body", "http.response.pathsend", "http.response.zerocopysend")


class WebhookMiddleware:
    """Lets an ASGI application have only webhooks that passed every check and are claimed.

    The head is judged before the body is read; the body is read up to the verifier's `max_body_bytes`. The claim is
    confirmed just before the answer is complete, if its status is 200 to 205, and released with any other status,
    exception or cancellation. A status of 500 is sent as the retry status, 503 or 429, after the application has logged
    what it logs: not every API of the sender repeats a 500. WebSockets are refused.
    """

    def __init__(
        self,
        app: ASGIApp,
        verifier: Verifier,
        store: AnyStore,
        *,
        route: str | None = None,
        account: str | None = None,
        duplicates: Duplicates = "refuse",
        on_refused: Callable[[WebhookRefused, Scope], object] | None = None,
    ) -> None:
        self.app = app
        self._receiver = Receiver(
            verifier, store, route=route, account=account, duplicates=duplicates, on_refused=on_refused
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await run(self._receiver, self.app, scope, receive, send)
        elif scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})


async def run(receiver: Receiver[Scope], app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Verifies and claims one request, and has it worked on by an application."""
    headers = scope["headers"]
    lengths = [value for name, value in headers if name.lower() == b"content-length"]
    try:
        pending = await receiver.abegin(
            headers=headers,
            method=scope["method"],
            query=scope["query_string"],
            content_length=declared_length(lengths[0]) if lengths else None,
        )
        if not await _read(receive, pending):
            return
        work = await receiver.aclaim(pending)
    except WebhookRefused as refusal:
        await _send(send, receiver.refuse(refusal, scope))
        return
    scope.setdefault("state", {})["webhook"] = work.webhook
    answering = _Answering(receiver, work, send)
    try:
        await app(scope, _replay(work.webhook.body or b"", receive), answering.send)
        if not work.is_ended:
            await answering.fail()
    except BaseException as error:
        await work.aend(None)
        if isinstance(error, Exception) and not _is_answered_further_out(error):
            await answering.fail()
        raise


def _is_answered_further_out(error: Exception) -> bool:
    """Whether it is a framework's own, such as "405 Method Not Allowed". Clients of other services raise what names the
    status of that service, and becomes a 500."""
    is_http = any(base.__name__ == "HTTPException" for base in type(error).__mro__)
    status = getattr(error, "status_code", None)
    # The claim is released: an answer as of work that is done would lose the event.
    return is_http and isinstance(status, int) and status != 500 and not is_processed(status)


async def _read(receive: Receive, pending: PendingBody) -> bool:
    """Reads the body to its end; False if the client went away before."""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return False
        pending.update(message.get("body", b""))
        if not message.get("more_body", False):
            return True


def _replay(body: bytes, receive: Receive) -> Receive:
    is_read = False

    async def replay() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


class _Answering:
    """The application's answer on its way: its head is kept back until the first part of its body is there, for until
    then the work may still fail."""

    def __init__(self, receiver: Receiver[Scope], work: Work, send: Send) -> None:
        self._receiver = receiver
        self._work = work
        self._send = send
        self._start: Message | None = None
        self._is_started = False

    async def send(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            self._start = self._mended(message)
            return
        if self._start is not None and kind in _PARTS:
            if not message.get("more_body", False):
                await self._work.aend(self._start["status"])
            if not self._is_started:
                self._is_started = True
                await self._send(self._start)
        await self._send(message)

    async def fail(self) -> None:
        """Answers that the work failed, if there is no answer yet."""
        await self._work.aend(None)
        if not self._is_started:
            self._is_started = True
            await _send(self._send, self._receiver.failed())

    def _mended(self, start: Message) -> Message:
        status, retry_after = self._receiver.http_status(start["status"])
        if retry_after is None:
            return start
        fields = [*start.get("headers", ()), (b"retry-after", retry_after.encode())]
        return {**start, "status": status, "headers": fields}


async def _send(send: Send, answer: Answer) -> None:
    fields = [(name.lower().encode(), value.encode()) for name, value in answer.fields]
    await send({"type": "http.response.start", "status": answer.http_status, "headers": fields})
    await send({"type": "http.response.body", "body": answer.body})
