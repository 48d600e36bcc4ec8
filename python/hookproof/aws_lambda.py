"""AWS Lambda: functions behind API Gateway (payload versions 1.0 and 2.0), a function URL or a load balancer.

    receiver = WebhookReceiver(verifier, store)


    @receiver
    def handler(event, context, webhook):
        handle(webhook.event)
        return {"statusCode": 204}

GET webhooks need payload version 2.0 or a function URL: the others give no raw query, and what was signed cannot be
told from its decoded parts.
"""

from __future__ import annotations

import base64
import binascii
import functools
from collections.abc import Callable
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeAlias

from ._glue import Answer, Receiver, log
from .errors import WebhookRefused

if TYPE_CHECKING:
    from ._native import Webhook

__all__ = ["WebhookReceiver"]

Event: TypeAlias = dict[str, Any]
Handler: TypeAlias = "Callable[[Event, Any, Webhook], Any]"


class WebhookReceiver(Receiver[Event]):
    """Lets a function have only webhooks that passed every check and are claimed: a decorator for `handler(event,
    context, webhook)`. The raw body is `webhook.body`, decoded where the event has it in base64.

    The claim is confirmed when the result has a status of 200 to 205, and released with any other status or exception.
    What the function raises is logged and answered with the retry status, 503 or 429, and so is a status of 500. A
    store must be shared by all instances: Redis, or a database.
    """

    is_awaited = False

    def __call__(self, handler: Handler) -> Callable[[Event, Any], Any]:
        @functools.wraps(handler)
        def receive(event: Event, context: Any) -> Any:
            try:
                pending = self.begin(**_head(event))
                pending.update(_body(event))
                work = self.claim(pending)
            except WebhookRefused as refusal:
                return _result(self.refuse(refusal, event), event)
            try:
                result = handler(event, context, work.webhook)
            except Exception:
                work.end(None)
                log.exception("the work on a webhook failed")
                return _result(self.failed(), event)
            except BaseException:
                work.end(None)
                raise
            status, retry_after = self.http_status(_status(result, event))
            work.end(status)
            if retry_after is not None:
                return _result(self.failed(), event)
            return result

        return receive


def _is_version_2(event: Event) -> bool:
    return event.get("version") == "2.0"


def _head(event: Event) -> dict[str, Any]:
    if not isinstance(event, dict) or not isinstance(event.get("body"), (str, NoneType)):
        raise _no_request()
    body = event.get("body") or ""
    # Every field of a name stands in the second form only.
    head = {
        "headers": event.get("multiValueHeaders") or event.get("headers") or {},
        "content_length": None if event.get("isBase64Encoded") else len(body),
    }
    if _is_version_2(event):
        try:
            method = event["requestContext"]["http"]["method"]
        except (KeyError, TypeError):
            raise _no_request() from None
        return {**head, "method": method, "query": event.get("rawQueryString", "")}
    if event.get("queryStringParameters") and event.get("httpMethod") == "GET":
        log.error("this event has no raw query, which a GET webhook needs: payload version 2.0 has it")
    method = event.get("httpMethod")
    if method is None:
        raise _no_request()
    return {**head, "method": method, "query": None}


def _no_request() -> TypeError:
    return TypeError("the event is none of API Gateway, a function URL or a load balancer")


def _body(event: Event) -> bytes:
    body = (event.get("body") or "").encode("utf-8", "surrogatepass")
    if not event.get("isBase64Encoded"):
        return bytes(body)
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        # Nobody signed this.
        return bytes(body)


def _status(result: Any, event: Event) -> int:
    """The status that the caller will see."""
    if isinstance(result, dict) and "statusCode" in result:
        try:
            status = int(result["statusCode"])
        except (TypeError, ValueError, OverflowError):
            return 502
        return status if 100 <= status <= 599 else 502
    # Version 2.0 makes an answer of any other result, the others have none for it.
    return 200 if _is_version_2(event) else 502


def _result(answer: Answer, event: Event) -> Event:
    fields = dict(answer.fields)
    result = {"statusCode": answer.http_status, "body": answer.body.decode(), "isBase64Encoded": False}
    # A load balancer that sends lists wants lists.
    if event.get("headers") is None and event.get("multiValueHeaders") is not None:
        return {**result, "multiValueHeaders": {name: [value] for name, value in fields.items()}}
    return {**result, "headers": fields}
