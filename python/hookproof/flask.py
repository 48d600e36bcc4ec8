"""Flask: views and blueprints that receive webhooks.

receiver = WebhookReceiver(verifier, store)


@app.post("/webhooks/inbound")
@receiver
def inbound():
    handle(g.webhook.event)
    return "", 204
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from flask import Request, Response, after_this_request, current_app, g, request, request_finished, request_tearing_down
from werkzeug.wsgi import get_input_stream

from ._glue import Receiver
from .errors import WebhookRefused

if TYPE_CHECKING:
    from ._glue import Work
    from .verifier import PendingBody

__all__ = ["WebhookReceiver"]

P = ParamSpec("P")
R = TypeVar("R")

_WORK = "hookproof.work"
_CHUNK = 64 * 1024


class WebhookReceiver(Receiver[Request]):
    """Lets a view have only webhooks that passed every check and are claimed: a decorator, below `app.route`; or, for
    all views of a blueprint, `blueprint.before_request(receiver.before_request)`.

    The webhook stands in `flask.g.webhook`. The head is judged before the body is read; the body stays readable. The
    claim is confirmed when the answer, after the application's own error handlers and `after_request`, has a status of
    200 to 205, and released otherwise. A status of 500 is sent as the retry status, 503 or 429, after Flask has logged
    the exception.
    """

    is_awaited = False

    def __call__(self, view: Callable[P, R]) -> Callable[P, R | Response]:
        @functools.wraps(view)
        def receive(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            refused = self.before_request()
            if refused is not None:
                return refused
            return current_app.ensure_sync(view)(*args, **kwargs)  # type: ignore[no-any-return]

        return receive

    def before_request(self) -> Response | None:
        """Verifies and claims the request: for `before_request` of a blueprint, or of a whole application."""
        try:
            pending = self.begin(
                headers=request.headers,
                method=request.method,
                query=request.query_string,
                content_length=request.content_length,
            )
            _read(pending)
            work = self.claim(pending)
        except WebhookRefused as refusal:
            status, fields, body = self.refuse(refusal, request)
            return Response(body, status, fields)
        g.webhook = work.webhook
        request.environ[_WORK] = (self, work)
        # The first of all that runs after a request: where one of the others fails, there is no other place.
        after_this_request(self._mend)
        return None

    def _mend(self, response: Response) -> Response:
        status, retry_after = self.http_status(response.status_code)
        if retry_after is not None:
            response.status_code = status
            response.headers.setdefault("Retry-After", retry_after)
        return response

    def _end(self, work: Work, response: Response) -> None:
        status = self._mend(response).status_code
        is_sent = request.method != "HEAD" and status not in (204, 304)
        if response.is_streamed and is_sent:
            # Its work goes on while it is sent.
            request.environ.pop(_WORK, None)
            response.response = _Stream(response.response, work, status)
        else:
            work.end(status)


def _read(pending: PendingBody) -> None:
    """Reads the body, and leaves it to be read again."""
    if "stream" in vars(request):
        # Somebody has begun to read it. What is cached is whole; what is not does not fit.
        pending.update(request.get_data())
        return
    stream = get_input_stream(request.environ, max_content_length=request.max_content_length)
    body = bytearray()
    while chunk := stream.read(_CHUNK):
        pending.update(chunk)
        body += chunk
    request.environ["wsgi.input"] = io.BytesIO(body)
    request.environ["CONTENT_LENGTH"] = str(len(body))


class _Stream:
    """The parts of a streamed answer: the claim is confirmed when all are made, and released if they break off."""

    def __init__(self, parts: Iterable[Any], work: Work, status: int) -> None:
        self._parts = parts
        self._work = work
        self._status = status

    def __iter__(self) -> Iterator[Any]:
        try:
            yield from self._parts
            self._work.end(self._status)
        finally:
            self._work.end(None)

    def close(self) -> None:
        self._work.end(None)
        close = getattr(self._parts, "close", None)
        if close is not None:
            close()


@request_finished.connect
def _finish(_: Any, response: Response, **__: Any) -> None:
    """Last of all: what runs after a request, such as a commit, may still fail, and is a part of the work."""
    receiver, work = request.environ.get(_WORK, (None, None))
    if receiver is not None:
        receiver._end(work, response)


@request_tearing_down.connect
def _release(_: Any, **__: Any) -> None:
    """Where the exception is passed on to the server, as in debugging and tests, there is no answer."""
    _, work = request.environ.pop(_WORK, (None, None))
    if work is not None:
        work.end(None)
