"""FastAPI and Starlette: a router that is included, an application that is mounted, one that is wrapped as a whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from common import DomainError, note, store, told, verifier
from fastapi import APIRouter, BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from hookproof.asgi import WebhookMiddleware
from hookproof.fastapi import VerifiedWebhook, webhook_route
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.routing import Mount, Route, Router


class Message(BaseModel):
    text: str


async def handled(_: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    return PlainTextResponse("handled", error.number)


async def parts(*, is_broken: bool = False) -> AsyncIterator[bytes]:
    for number in range(3):
        if is_broken and number == 2:
            raise RuntimeError("the stream breaks")
        yield b"part %d " % number
        await asyncio.sleep(0)


inner = APIRouter(route_class=webhook_route(verifier, store))


@inner.post("/ok")
async def ok(message: Message, request: Request, webhook: VerifiedWebhook) -> Response:
    note("ok", webhook)
    assert webhook is request.state.webhook and await request.body() == webhook.body
    assert told(webhook).endswith(message.text)
    return PlainTextResponse(told(webhook))


@inner.post("/status/{number}")
async def status(number: int, webhook: VerifiedWebhook) -> Response:
    note("status", webhook)
    if number == 404:
        raise HTTPException(404)
    return Response(status_code=number)


@inner.post("/raise")
def fail(webhook: VerifiedWebhook) -> None:
    note("raise", webhook)
    raise RuntimeError("the database is away")


@inner.post("/handled/{number}")
async def handle(number: int, webhook: VerifiedWebhook) -> None:
    note("handled", webhook)
    raise DomainError(number)


@inner.post("/stream")
async def stream(webhook: VerifiedWebhook) -> Response:
    note("stream", webhook)
    return StreamingResponse(parts())


@inner.post("/stream-broken")
async def stream_broken(webhook: VerifiedWebhook) -> Response:
    note("stream", webhook)
    return StreamingResponse(parts(is_broken=True))


@inner.post("/slow")
async def slow(webhook: VerifiedWebhook) -> None:
    note("slow", webhook)
    await asyncio.sleep(1.2)
    note("slow", webhook)


@inner.post("/background")
async def background(webhook: VerifiedWebhook, tasks: BackgroundTasks) -> None:
    def later() -> None:
        note("background", webhook)
        raise RuntimeError("the background task fails")

    tasks.add_task(later)


@inner.post("/timeout")
async def timeout(webhook: VerifiedWebhook) -> None:
    note("timeout", webhook)
    await asyncio.sleep(60)


@inner.get("/call")
async def call(webhook: VerifiedWebhook) -> dict[str, str | None]:
    note("call", webhook)
    return {"from": webhook.query_value("from")}


answers = APIRouter(route_class=webhook_route(verifier, store, duplicates="hand_on"))


@answers.post("/answer")
async def answer(webhook: VerifiedWebhook) -> Response:
    note("answer", webhook)
    return PlainTextResponse(f"ncco {webhook.is_duplicate}")


outer = APIRouter()
outer.include_router(inner)
outer.include_router(answers)


class Deadline:
    """Cancels what is not answered in time, as a time-out middleware does."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"].endswith("/timeout"):
            try:
                await asyncio.wait_for(self.app(scope, receive, send), 0.5)
            except TimeoutError:
                await PlainTextResponse("too late", 504)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def endpoint(work: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def run(request: Request) -> Response:
        note(request.url.path.rsplit("/", 1)[1], request.state.webhook)
        return await work(request)

    return run


async def plain_ok(request: Request) -> Response:
    assert (await request.json())["text"] in told(request.state.webhook)
    return PlainTextResponse(told(request.state.webhook))


async def plain_status(request: Request) -> Response:
    number = int(request.path_params["number"])
    if number == 404:
        raise HTTPException(404)
    return Response(status_code=number)


async def plain_raise(_: Request) -> Response:
    raise RuntimeError("the database is away")


async def plain_handled(request: Request) -> Response:
    raise DomainError(int(request.path_params["number"]))


async def plain_slow(request: Request) -> Response:
    await asyncio.sleep(1.2)
    note("slow", request.state.webhook)
    return Response()


async def plain_stream(_: Request) -> Response:
    return StreamingResponse(parts())


async def plain_stream_broken(_: Request) -> Response:
    return StreamingResponse(parts(is_broken=True))


async def plain_answer(request: Request) -> Response:
    note("answer", request.state.webhook)
    return PlainTextResponse(f"ncco {request.state.webhook.is_duplicate}")


def routes() -> list[Any]:
    return [
        Route("/ok", endpoint(plain_ok), methods=["POST"]),
        Route("/status/{number:int}", endpoint(plain_status), methods=["POST"]),
        Route("/raise", endpoint(plain_raise), methods=["POST"]),
        Route("/handled/{number:int}", endpoint(plain_handled), methods=["POST"]),
        Route("/slow", endpoint(plain_slow), methods=["POST"]),
        Route("/stream", endpoint(plain_stream), methods=["POST"]),
        Route("/stream-broken", endpoint(plain_stream_broken), methods=["POST"]),
    ]


guard = Middleware(WebhookMiddleware, verifier, store)
handing_on = Middleware(WebhookMiddleware, verifier, store, duplicates="hand_on")


async def open_to_all(_: Request) -> Response:
    return PlainTextResponse("open")


wrapped = Starlette(routes=routes(), exception_handlers={DomainError: handled})
app = FastAPI(exception_handlers={DomainError: handled})
app.add_middleware(Deadline)
app.include_router(outer, prefix="/webhooks")
app.mount(
    "/mounted",
    Starlette(
        routes=[
            Route("/answer", plain_answer, methods=["POST"], middleware=[handing_on]),
            Mount(
                "/",
                app=WebhookMiddleware(wrapped, verifier, store),
            ),
        ]
    ),
)
app.router.routes.append(
    Mount(
        "/routed",
        routes=[
            Route("/answer", plain_answer, methods=["POST"], middleware=[handing_on]),
            Mount("/", app=Router(routes=routes()), middleware=[guard]),
        ],
    )
)


class ReadsFirst(BaseHTTPMiddleware):
    """Reads the body before it is verified, in a way that keeps it and in ways that do not."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        match request.url.path.rsplit("/", 1)[1]:
            case "body":
                await request.body()
            case "form":
                await request.form()
            case _:
                async for _ in request.stream():
                    pass
        return await call_next(request)


app.mount(
    "/trap",
    Starlette(
        middleware=[Middleware(ReadsFirst)],
        routes=[Route("/{how}", endpoint(plain_ok), methods=["POST"], middleware=[guard])],
    ),
)


@app.get("/open")
async def is_open() -> Response:
    return PlainTextResponse("open")


@app.get("/unprotected")
async def unprotected(webhook: VerifiedWebhook) -> JSONResponse:
    return JSONResponse({"jti": webhook.jti})
