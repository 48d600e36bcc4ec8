"""Django: views that receive webhooks.

    receiver = WebhookReceiver(verifier, store)


    @receiver
    def inbound(request):
        handle(request.webhook.event)
        return HttpResponse(status=204)

The view is exempt from CSRF checks, which no webhook could pass. Under ATOMIC_REQUESTS its transaction is committed
before the claim is confirmed: if the commit fails, the claim is released and the sender tries again.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.core.exceptions import ImproperlyConfigured, RequestDataTooBig
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.db import connections, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.http.request import RawPostDataException
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from ._glue import Answer, Receiver, Work, declared_length, log
from .errors import WebhookRefused
from .stores import AsyncHostStore

if TYPE_CHECKING:
    from django.http import HttpRequest

    from .verifier import PendingBody

__all__ = ["WebhookMiddleware", "WebhookReceiver"]

View: TypeAlias = Callable[..., Any]

_CLAIMED = "_hookproof_claimed"
_IS_UNDER_MIDDLEWARE = "_hookproof_is_under_middleware"


class WebhookReceiver(Receiver["HttpRequest"]):
    """Lets a view have only webhooks that passed every check and are claimed: a decorator, for views that are functions
    (also coroutine functions), for what `as_view()` returns, and for `dispatch` by `method_decorator`.

    The webhook stands in `request.webhook`. The head is judged before the body is read; the body stays readable. The
    claim is confirmed when the view's answer has a status of 200 to 205, and released otherwise. A status of 500 is
    sent as the retry status, 503 or 429, after Django has logged the exception.

    What the view raises becomes an answer here, which `process_exception` of middleware does not see, and a
    `TemplateResponse` is rendered here, before `process_template_response`; unless `WebhookMiddleware` is installed:
    then the claim is held until all of Django's own handling is over.
    """

    def __call__(self, view: View) -> View:
        receive: View
        if _is_awaited(view):

            @functools.wraps(view)
            async def areceived(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                refused = await self._astart(request)
                if refused is not None:
                    return refused
                return await self._arun(request, lambda request: _atomic(view)(request, *args, **kwargs))

            receive = areceived
        else:
            self.check_not_awaited()

            @functools.wraps(view)
            def received(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                refused = self._start(request)
                if refused is not None:
                    return refused
                return self._run(request, lambda request: _atomic(view)(request, *args, **kwargs))

            receive = received

        receive = csrf_exempt(receive)
        # What is copied from the view is the view's own set, which says for which databases it is not atomic.
        vars(receive).pop("_non_atomic_requests", None)
        for alias in connections:
            receive = transaction.non_atomic_requests(using=alias)(receive)
        return receive

    def _start(self, request: HttpRequest) -> HttpResponse | None:
        """Verifies and claims; the answer to what is refused."""
        if hasattr(request, _CLAIMED):
            return None
        try:
            pending = self.begin(**_head(request))
            pending.update(request.body)
            work = self.claim(pending)
        except (WebhookRefused, RequestDataTooBig, RawPostDataException) as error:
            return _response(self._refused(error, request))
        self._begin_work(request, work)
        return None

    async def _astart(self, request: HttpRequest) -> HttpResponse | None:
        if hasattr(request, _CLAIMED):
            return None
        try:
            pending = await self.abegin(**_head(request))
            pending.update(request.body)
            work = await self._aclaim(pending)
        except (WebhookRefused, RequestDataTooBig, RawPostDataException) as error:
            return _response(self._refused(error, request))
        self._begin_work(request, work)
        return None

    async def _aclaim(self, pending: PendingBody) -> Work:
        if isinstance(self.store, AsyncHostStore):
            return await self.aclaim(pending)
        lock = threading.Lock()
        claimed: list[Work] = []
        is_given_up = False

        def claim() -> Work:
            work = self.claim(pending)
            with lock:
                claimed.append(work)
                is_wanted = not is_given_up
            if not is_wanted:
                work.end(None)
            return work

        try:
            # In the thread of Django's connections, which DjangoStore uses.
            return await sync_to_async(claim)()
        except asyncio.CancelledError:
            # The thread goes on, and nobody else knows of what it claims.
            with lock:
                is_given_up = True
                left = claimed[:]
            for work in left:
                await sync_to_async(work.end)(None)
            raise

    def _begin_work(self, request: HttpRequest, work: Work) -> None:
        request.webhook = work.webhook  # type: ignore[attr-defined]
        setattr(request, _CLAIMED, (self, work))

    def _refused(self, error: Exception, request: HttpRequest) -> Answer:
        if isinstance(error, WebhookRefused):
            return self.refuse(error, request)
        if isinstance(error, RequestDataTooBig):
            log.warning("a webhook is larger than DATA_UPLOAD_MAX_MEMORY_SIZE")
            return self.too_large()
        log.error("a middleware has read the body of a webhook before it was verified: request.body must be the first")
        return self.failed()

    def _run(self, request: HttpRequest, view: View) -> HttpResponseBase:
        _, work = getattr(request, _CLAIMED)
        if hasattr(request, _IS_UNDER_MIDDLEWARE):
            return cast(HttpResponseBase, view(request))

        def whole(request: HttpRequest) -> Any:
            response = view(request)
            if _is_unrendered(response):
                response = response.render()
            return response if inspect.isawaitable(response) else _checked(response)

        try:
            response = cast(HttpResponseBase, convert_exception_to_response(whole)(request))
        except BaseException:
            work.end(None)
            raise
        if inspect.isawaitable(response):
            work.end(None)
            raise TypeError("this view is no coroutine function, and returns what must be awaited")
        return self._end(work, response)

    async def _arun(self, request: HttpRequest, view: View) -> HttpResponseBase:
        _, work = getattr(request, _CLAIMED)

        async def awaited(request: HttpRequest) -> HttpResponseBase:
            response = await view(request)
            if _is_unrendered(response):
                response = await sync_to_async(response.render)()
            return _checked(response)

        if hasattr(request, _IS_UNDER_MIDDLEWARE):
            return cast(HttpResponseBase, await view(request))
        try:
            response = await cast("Awaitable[HttpResponseBase]", convert_exception_to_response(awaited)(request))
        except BaseException:
            await self._aend_work(work, None)
            raise
        return await self._aend(work, response)

    def _end(self, work: Work, response: HttpResponseBase) -> HttpResponseBase:
        self._mend(response)
        if isinstance(response, StreamingHttpResponse):
            self._follow(work, response)
        else:
            work.end(response.status_code)
        return response

    async def _aend(self, work: Work, response: HttpResponseBase) -> HttpResponseBase:
        self._mend(response)
        if isinstance(response, StreamingHttpResponse):
            self._follow(work, response)
        else:
            await self._aend_work(work, response.status_code)
        return response

    async def _aend_work(self, work: Work, http_status: int | None) -> None:
        if isinstance(self.store, AsyncHostStore):
            await work.aend(http_status)
        else:
            await sync_to_async(work.end)(http_status)

    def _mend(self, response: HttpResponseBase) -> None:
        status, retry_after = self.http_status(response.status_code)
        if retry_after is not None:
            response.status_code = status
            response.setdefault("Retry-After", retry_after)

    def _follow(self, work: Work, response: StreamingHttpResponse) -> None:
        """The work of a streamed answer goes on while it is sent."""
        status = response.status_code
        parts = response.streaming_content
        if not isinstance(self.store, AsyncHostStore):
            # What is closed before its first part is asked for runs none of the code below.
            response._resource_closers.append(functools.partial(work.end, None))  # type: ignore[attr-defined]
        if response.is_async:

            async def aparts() -> AsyncIterator[bytes]:
                try:
                    async for part in cast("AsyncIterator[bytes]", parts):
                        yield part
                    await self._aend_work(work, status)
                finally:
                    await self._aend_work(work, None)

            response.streaming_content = aparts()
        else:

            def all_parts() -> Iterator[bytes]:
                try:
                    yield from cast("Iterator[bytes]", parts)
                    work.end(status)
                finally:
                    work.end(None)

            response.streaming_content = all_parts()


class WebhookMiddleware:
    """Holds claims until Django has done all it does with an answer, `process_exception` of other middleware included.

    As it is, it serves views that are decorated with a `WebhookReceiver`. To receive every request of a URL namespace,
    with no decorator, make a class of your own and put it into MIDDLEWARE, before CsrfViewMiddleware:

        class VonageWebhooks(WebhookMiddleware):
            receiver = WebhookReceiver(verifier, store)
            namespace = "webhooks"
    """

    sync_capable = True
    async_capable = True

    receiver: ClassVar[WebhookReceiver | None] = None
    """Receives the requests of the namespace."""
    namespace: ClassVar[str | None] = None
    """As in `include((urls, namespace))`, also of what is included below it."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        if (self.receiver is None) != (self.namespace is None):
            raise ImproperlyConfigured("WebhookMiddleware needs both receiver and namespace, or neither")
        self.get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)
            self.process_view: View = self._aprocess_view
        else:
            if self.receiver is not None:
                self.receiver.check_not_awaited()
            self.process_view = self._process_view

    def __call__(self, request: HttpRequest) -> Any:
        setattr(request, _IS_UNDER_MIDDLEWARE, True)
        if self._is_async:
            return self._acall(request)
        try:
            response = self.get_response(request)
        except BaseException:
            _, work = getattr(request, _CLAIMED, (None, None))
            if work is not None:
                work.end(None)
            raise
        receiver, work = getattr(request, _CLAIMED, (None, None))
        return response if receiver is None else receiver._end(work, response)

    async def _acall(self, request: HttpRequest) -> HttpResponseBase:
        try:
            response: HttpResponseBase = await self.get_response(request)
        except BaseException:
            receiver, work = getattr(request, _CLAIMED, (None, None))
            if receiver is not None:
                await receiver._aend_work(work, None)
            raise
        receiver, work = getattr(request, _CLAIMED, (None, None))
        if receiver is None:
            return response
        return cast(HttpResponseBase, await receiver._aend(work, response))

    def _process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        if not self._is_covered(request):
            return None
        assert self.receiver is not None
        return self.receiver._start(request)

    async def _aprocess_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        if not self._is_covered(request):
            return None
        assert self.receiver is not None
        return await self.receiver._astart(request)

    def _is_covered(self, request: HttpRequest) -> bool:
        match = request.resolver_match
        if self.namespace is None or match is None or self.namespace not in match.namespaces:
            return False
        # What comes of this request is verified, or no view sees it.
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        return True


def _is_awaited(view: View) -> bool:
    # dispatch(), as method_decorator hands it over, is no coroutine function, and what it returns may be awaited.
    instance = getattr(getattr(view, "func", None), "__self__", None)
    return iscoroutinefunction(view) or bool(getattr(instance, "view_is_async", False))


def _atomic(view: View) -> View:
    """As Django itself would have called it under ATOMIC_REQUESTS."""
    return cast(View, BaseHandler().make_view_atomic(view))


def _is_unrendered(response: Any) -> bool:
    return callable(getattr(response, "render", None)) and not getattr(response, "is_rendered", False)


def _checked(response: Any) -> HttpResponseBase:
    """As Django, which finds a forgotten return too late for the claim."""
    if not isinstance(response, HttpResponseBase):
        raise TypeError(f"the view returned no HttpResponse, but {type(response).__name__}")
    return response


def _head(request: HttpRequest) -> dict[str, Any]:
    return {
        "headers": request.headers,
        "method": request.method or "",
        "query": request.META.get("QUERY_STRING", ""),
        "content_length": declared_length(request.META.get("CONTENT_LENGTH")),
    }


def _response(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.http_status, headers=dict(answer.fields))
    # It is logged, and Django would report each forged request to the site's administrators as an error of the server.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
