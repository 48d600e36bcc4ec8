"""aiohttp: handlers and applications that receive webhooks.

receiver = WebhookReceiver(verifier, store)


@receiver
async def inbound(request):
    handle(request[WEBHOOK].event)
    return web.Response(status=204)


app.add_routes([web.post("/webhooks/inbound", inbound)])
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias

from aiohttp import web

from . import Webhook
from ._glue import Receiver
from .errors import WebhookRefused

if TYPE_CHECKING:
    from aiohttp.typedefs import Middleware

    from ._glue import Answer
    from .verifier import PendingBody

__all__ = ["WEBHOOK", "WebhookReceiver"]

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

WEBHOOK = web.RequestKey("hookproof.webhook", Webhook)
"""Where a request has its webhook: `request[WEBHOOK]`."""


class WebhookReceiver(Receiver[web.Request]):
    """Lets a handler have only webhooks that passed every check and are claimed: a decorator; or, for a whole
    application, also one that another adds, `web.Application(middlewares=[receiver.middleware])`, before
    middlewares that turn exceptions into answers.

    The head is judged before the body is read; `request.read()`, `.json()` and `.post()` work as ever. The claim is
    confirmed when the handler's answer has a status of 200 to 205, and released with any other status, exception or
    cancellation. What aiohttp would answer with 500 is logged by it, and answered with the retry status, 503 or 429.
    """

    @functools.cached_property
    def middleware(self) -> Middleware:
        """For `web.Application(middlewares=[...])`."""

        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._receive(request, handler)

        return middleware

    def __call__(self, handler: Handler) -> Handler:
        @functools.wraps(handler)
        async def receive(request: web.Request) -> web.StreamResponse:
            return await self._receive(request, handler)

        return receive

    async def _receive(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            pending = await self.abegin(
                headers=request.headers,
                method=request.method,
                query=request.rel_url.raw_query_string,
                content_length=request.content_length,
            )
            await _read(request, pending)
            work = await self.aclaim(pending)
        except WebhookRefused as refusal:
            return _response(self.refuse(refusal, request))
        request[WEBHOOK] = work.webhook
        try:
            response = await handler(request)
            # As aiohttp, which finds a forgotten return too late for the claim.
            if not isinstance(response, web.StreamResponse):
                raise TypeError(f"the handler returned no response, but {type(response).__name__}")
        except web.HTTPException as answer:
            self._mend(answer)
            await work.aend(answer.status)
            raise
        except Exception as error:
            await work.aend(None)
            # It writes the log, and raises where a part of an answer has been sent.
            request.protocol.handle_error(request, 500, error)
            return _response(self.failed())
        except BaseException:
            await work.aend(None)
            raise
        self._mend(response)
        await work.aend(response.status)
        return response

    def _mend(self, response: web.StreamResponse) -> None:
        status, retry_after = self.http_status(response.status)
        if retry_after is not None and not response.prepared:
            response.set_status(status)
            response.headers.setdefault("Retry-After", retry_after)


async def _read(request: web.Request, pending: PendingBody) -> None:
    """Reads the body part by part, and leaves it where `request.read()` keeps it."""
    if request._read_bytes is None:
        most = request.client_max_size
        body = bytearray()
        while chunk := await request.content.readany():
            pending.update(chunk)
            body += chunk
            if most and len(body) > most:
                raise web.HTTPRequestEntityTooLarge(most, len(body))
        request._read_bytes = bytes(body)
    else:
        pending.update(request._read_bytes)


def _response(answer: Answer) -> web.Response:
    return web.Response(body=answer.body, status=answer.http_status, headers=dict(answer.fields))
