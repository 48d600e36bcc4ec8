"""FastAPI: routes that receive webhooks.

    router = APIRouter(route_class=webhook_route(verifier, store))


    @router.post("/webhooks/inbound")
    async def inbound(webhook: VerifiedWebhook) -> None:
        handle(webhook.event)


    app.include_router(router)

A dependency alone would not do: it ends before the answer has a status. Where a whole application receives webhooks and
nothing else, wrap it in `hookproof.asgi.WebhookMiddleware`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.routing import APIRoute

from . import Webhook
from ._glue import Receiver
from .asgi import run

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from ._native import Duplicates
    from .errors import WebhookRefused
    from .stores import AnyStore
    from .verifier import Verifier

__all__ = ["VerifiedWebhook", "verified_webhook", "webhook_route"]


def webhook_route(
    verifier: Verifier,
    store: AnyStore,
    *,
    route: str | None = None,
    account: str | None = None,
    duplicates: Duplicates = "refuse",
    on_refused: Callable[[WebhookRefused, Any], object] | None = None,
) -> type[APIRoute]:
    """A class of routes that verify and claim each request before FastAPI reads anything of it: for
    `APIRouter(route_class=...)`. See `hookproof.asgi.WebhookMiddleware` for what they do; `on_refused` is called with
    the refusal and the ASGI scope."""
    receiver = Receiver(verifier, store, route=route, account=account, duplicates=duplicates, on_refused=on_refused)

    class WebhookRoute(APIRoute):
        async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
            # Every way to a route leads through here, also that of a router which is included in another.
            if self.methods and scope["method"] not in self.methods:
                raise HTTPException(405, headers={"Allow": ", ".join(self.methods)})
            await run(receiver, super().handle, scope, receive, send)

    return WebhookRoute


def verified_webhook(request: Request) -> Webhook:
    """The webhook of this request, for `Depends`."""
    webhook = getattr(request.state, "webhook", None)
    if not isinstance(webhook, Webhook):
        raise RuntimeError("no webhook was verified: the router needs route_class=webhook_route(verifier, store)")
    return webhook


VerifiedWebhook = Annotated[Webhook, Depends(verified_webhook)]
"""A parameter of a path operation: the webhook that was verified."""
