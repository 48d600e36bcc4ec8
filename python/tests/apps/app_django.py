"""Django in one file: decorated views, and a URL namespace that a middleware receives. Under WSGI every request is one
transaction (ATOMIC_REQUESTS), under ASGI the views are coroutines."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

MIDDLEWARE = os.environ.get("MIDDLEWARE", "app_django.VonageWebhooks")
IS_ASYNC = "IS_ASYNC" in os.environ

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="app_django",
    SECRET_KEY="a key of the tests",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(Path(os.environ["JOURNAL"]).parent / "django.db"),
            "ATOMIC_REQUESTS": not IS_ASYNC,
            "OPTIONS": {"timeout": 20},
        }
    },
    MIDDLEWARE=[
        *([MIDDLEWARE] if MIDDLEWARE else []),
        "app_django.answers_domain_errors",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
    DATA_UPLOAD_MAX_MEMORY_SIZE=2_000,
    LOGGING={
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"console": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["console"], "level": "INFO"},
    },
)
sys.modules.setdefault("app_django", sys.modules[__name__])
django.setup()

from common import DomainError, journal_work, note, store, told, verifier  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.utils.decorators import method_decorator, sync_and_async_middleware  # noqa: E402
from django.views import View  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402
from hookproof import DjangoStore  # noqa: E402
from hookproof.django import WebhookMiddleware, WebhookReceiver  # noqa: E402
from hookproof.stores import table_sql  # noqa: E402

receiver = WebhookReceiver(verifier, store)
handing_on = WebhookReceiver(verifier, store, duplicates="hand_on")
in_database = WebhookReceiver(verifier, DjangoStore())

with transaction.atomic(), connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = 'hookproof_replay'")
    if cursor.fetchone() == (0,):
        for statement in table_sql().split(";"):
            cursor.execute(statement)
        cursor.execute("CREATE TABLE message (jti TEXT PRIMARY KEY)")
        cursor.execute("CREATE TABLE part (jti TEXT REFERENCES message(jti) DEFERRABLE INITIALLY DEFERRED)")
connection.close()


class VonageWebhooks(WebhookMiddleware):
    receiver = receiver
    namespace = "spaced"


class _DomainErrors:
    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_exception(self, _: HttpRequest, error: Exception) -> HttpResponse | None:
        return HttpResponse("handled", status=error.number) if isinstance(error, DomainError) else None


@sync_and_async_middleware
def answers_domain_errors(get_response: Callable[[HttpRequest], Any]) -> Any:
    from asgiref.sync import iscoroutinefunction, markcoroutinefunction

    middleware = _DomainErrors(get_response)
    if iscoroutinefunction(get_response):
        markcoroutinefunction(middleware)
    return middleware


def parts(*, is_broken: bool = False) -> Iterator[bytes]:
    for number in range(3):
        if is_broken and number == 2:
            raise RuntimeError("the stream breaks")
        yield b"part %d " % number


async def aparts(*, is_broken: bool = False) -> AsyncIterator[bytes]:
    for part in parts(is_broken=is_broken):
        yield part


def only_post(view: Callable[..., Any]) -> Callable[..., Any]:
    """Outside of the receiver, as Django's `require_POST` would be."""
    from django.views.decorators.http import require_POST

    return require_POST(view)


def ok(request: Any) -> HttpResponseBase:
    note("ok", request.webhook)
    assert request.body == request.webhook.body and not request.POST
    return HttpResponse(told(request.webhook))


def status(request: Any, number: int) -> HttpResponseBase:
    note("status", request.webhook)
    if number == 404:
        raise Http404
    return HttpResponse(status=number)


def fail(request: Any) -> HttpResponseBase:
    note("raise", request.webhook)
    raise RuntimeError("the database is away")


def handle(request: Any, number: int) -> HttpResponseBase:
    note("handled", request.webhook)
    raise DomainError(number)


def stream(request: Any) -> HttpResponseBase:
    note("stream", request.webhook)
    return StreamingHttpResponse(aparts() if IS_ASYNC else parts())


def stream_broken(request: Any) -> HttpResponseBase:
    note("stream", request.webhook)
    return StreamingHttpResponse(aparts(is_broken=True) if IS_ASYNC else parts(is_broken=True))


def slow(request: Any) -> HttpResponseBase:
    note("slow", request.webhook)
    time.sleep(1.2)
    note("slow", request.webhook)
    return HttpResponse()


def answer(request: Any) -> HttpResponseBase:
    note("answer", request.webhook)
    return HttpResponse(f"ncco {request.webhook.is_duplicate}")


def awaited(view: Callable[..., HttpResponseBase]) -> Callable[..., Any]:
    async def run(request: Any, **kwargs: Any) -> HttpResponseBase:
        await asyncio.sleep(0)
        if view is slow:
            note("slow", request.webhook)
            await asyncio.sleep(1.2)
            note("slow", request.webhook)
            return HttpResponse()
        return view(request, **kwargs)

    return run


class Calls(View):
    """A view of Django's classes, decorated as a whole."""

    def get(self, request: Any) -> HttpResponse:
        note("call", request.webhook)
        return HttpResponse(request.webhook.query_value("from"))


class AsyncCalls(View):
    async def get(self, request: Any) -> HttpResponse:
        note("call", request.webhook)
        return HttpResponse(request.webhook.query_value("from"))


@method_decorator(receiver, name="dispatch")
class Dispatched(Calls):
    """Decorated by its method."""


@method_decorator(receiver, name="dispatch")
class AsyncDispatched(AsyncCalls):
    """Decorated by a method that is not awaited."""


def insert(request: Any, *, is_broken: bool) -> HttpResponseBase:
    """One row, and another whose constraint is checked by the commit."""
    note("insert", request.webhook)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO message VALUES (%s)", [request.webhook.jti])
        cursor.execute("INSERT INTO part VALUES (%s)", ["nothing" if is_broken else request.webhook.jti])
    return HttpResponse("inserted")


def count(request: HttpRequest, jti: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM message WHERE jti = %s", [jti])
        return HttpResponse(str(cursor.fetchone()[0]))


def reads_first(request: Any) -> Any:
    """Has read the body in the one way that does not keep it."""
    request.read(1)
    return receiver(ok)(request)


def routes(wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> list[Any]:
    ready = awaited if IS_ASYNC else (lambda view: view)
    return [
        path("ok", only_post(wrap(ready(ok)))),
        path("status/<int:number>", only_post(wrap(ready(status)))),
        path("raise", only_post(wrap(ready(fail)))),
        path("handled/<int:number>", only_post(wrap(ready(handle)))),
        path("stream", only_post(wrap(ready(stream)))),
        path("stream-broken", only_post(wrap(ready(stream_broken)))),
        path("slow", only_post(wrap(ready(slow)))),
    ]


@receiver
def work(request: Any) -> HttpResponseBase:
    journal_work(request.webhook)
    return HttpResponse("worked on")


def open_to_all(_: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


def is_form(request: HttpRequest) -> HttpResponse:
    return HttpResponse("accepted")


urlpatterns = [
    path("webhooks/answer", handing_on(awaited(answer) if IS_ASYNC else answer)),
    path("webhooks/work", work),
    path("webhooks/", include(routes(receiver))),
    path("spaced/answer", handing_on(awaited(answer) if IS_ASYNC else answer)),
    path("spaced/", include((routes(lambda view: view), "spaced"), namespace="spaced")),
    path("database/insert", in_database(lambda request: insert(request, is_broken=False))),
    path("database/broken", in_database(lambda request: insert(request, is_broken=True))),
    path("count/<str:jti>", count),
    path("class/whole", receiver((AsyncCalls if IS_ASYNC else Calls).as_view())),
    path("class/method", (AsyncDispatched if IS_ASYNC else Dispatched).as_view()),
    path("trap/read", csrf_exempt(transaction.non_atomic_requests(reads_first))),
    path("trap/form", is_form),
    path("open", open_to_all),
]

application = get_wsgi_application()
asgi = get_asgi_application()
