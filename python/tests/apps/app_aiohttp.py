"""aiohttp: decorated handlers, and an application that another adds."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable

from aiohttp import web
from common import DomainError, note, store, told, verifier
from hookproof.aiohttp import WEBHOOK, WebhookReceiver

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

receiver = WebhookReceiver(verifier, store)
handing_on = WebhookReceiver(verifier, store, duplicates="hand_on")


@web.middleware
async def answers_domain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except DomainError as error:
        return web.Response(text="handled", status=error.number)


async def ok(request: web.Request) -> web.StreamResponse:
    note("ok", request[WEBHOOK])
    assert await request.read() == request[WEBHOOK].body
    assert told(request[WEBHOOK]).endswith((await request.json())["text"])
    return web.Response(text=told(request[WEBHOOK]))


async def status(request: web.Request) -> web.StreamResponse:
    note("status", request[WEBHOOK])
    number = int(request.match_info["number"])
    if number == 404:
        raise web.HTTPNotFound
    if number == 202:
        raise web.HTTPAccepted
    return web.Response(status=number)


async def fail(request: web.Request) -> web.StreamResponse:
    note("raise", request[WEBHOOK])
    raise RuntimeError("the database is away")


async def handle(request: web.Request) -> web.StreamResponse:
    note("handled", request[WEBHOOK])
    raise DomainError(int(request.match_info["number"]))


async def stream(request: web.Request) -> web.StreamResponse:
    note("stream", request[WEBHOOK])
    response = web.StreamResponse()
    await response.prepare(request)
    for number in range(3):
        if number == 2 and request.path.endswith("-broken"):
            raise RuntimeError("the stream breaks")
        await response.write(b"part %d " % number)
    return response


async def slow(request: web.Request) -> web.StreamResponse:
    note("slow", request[WEBHOOK])
    await asyncio.sleep(1.2)
    note("slow", request[WEBHOOK])
    return web.Response()


async def answer(request: web.Request) -> web.StreamResponse:
    note("answer", request[WEBHOOK])
    return web.Response(text=f"ncco {request[WEBHOOK].is_duplicate}")


async def call(request: web.Request) -> web.StreamResponse:
    return web.json_response({"from": request[WEBHOOK].query_value("from")})


async def is_open(_: web.Request) -> web.StreamResponse:
    return web.Response(text="open")


def limits(handler: Handler) -> Handler:
    """An application whose own limit is smaller than the verifier's."""

    async def run(request: web.Request) -> web.StreamResponse:
        return await handler(request.clone(client_max_size=20))

    return run


def reads_first(handler: Handler) -> Handler:
    async def run(request: web.Request) -> web.StreamResponse:
        await request.json()
        return await handler(request)

    return run


ROUTES: dict[str, Handler] = {
    "/ok": ok,
    "/status/{number}": status,
    "/raise": fail,
    "/handled/{number}": handle,
    "/stream": stream,
    "/stream-broken": stream,
    "/slow": slow,
}


def undecorated(handler: Handler) -> Handler:
    async def run(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except DomainError as error:
            return web.Response(text="handled", status=error.number)

    return run


app = web.Application()
for path, handler in ROUTES.items():
    # The application's own answer to its exceptions is inside.
    app.router.add_post(f"/webhooks{path}", receiver(undecorated(handler)))
app.router.add_post("/webhooks/answer", handing_on(answer))
app.router.add_get("/webhooks/call", receiver(call))
app.router.add_post("/trap/limit", limits(receiver(ok)))
app.router.add_post("/trap/read", reads_first(receiver(ok)))
app.router.add_post("/added/answer", handing_on(answer))
app.router.add_get("/open", is_open)
added = web.Application(middlewares=[receiver.middleware, answers_domain_errors])
for path, handler in ROUTES.items():
    added.router.add_post(path, handler)
app.add_subapp("/added/", added)

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), handler_cancellation="CANCEL" in os.environ)
