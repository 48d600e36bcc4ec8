"""AWS Lambda: events of each kind as the services make them, and functions behind a gateway over real HTTP."""

from __future__ import annotations

import base64
import http.client
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from glue_server import ACCOUNT, BODY, SECRET, signer
from hookproof import MemoryStore, Verifier, Webhook
from hookproof.aws_lambda import WebhookReceiver
from hookproof.testing import Signer

Fields = list[tuple[str, str]]
Make = Callable[[str, Fields, str, bytes], dict[str, Any]]
REFUSED = "refused\n"


def payload(body: bytes) -> dict[str, Any]:
    """A gateway hands on text as it is, and anything else in base64."""
    if not body:
        return {"body": None, "isBase64Encoded": False}
    try:
        return {"body": body.decode(), "isBase64Encoded": False}
    except UnicodeDecodeError:
        return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def lists(fields: Fields) -> dict[str, list[str]]:
    gathered: dict[str, list[str]] = {}
    for name, value in fields:
        gathered.setdefault(name, []).append(value)
    return gathered


def joined(fields: Fields) -> dict[str, str]:
    return {name.lower(): ",".join(values) for name, values in lists(fields).items()}


def version_1(method: str, fields: Fields, query: str, body: bytes) -> dict[str, Any]:
    """A REST API, and an HTTP API with payload version 1.0: a name's last value, and all of them."""
    parameters = dict(part.split("=") for part in query.split("&")) if query else None
    return {
        "resource": "/webhooks",
        "path": "/webhooks",
        "httpMethod": method,
        "headers": dict(fields),
        "multiValueHeaders": lists(fields),
        "queryStringParameters": parameters,
        "requestContext": {"httpMethod": method, "stage": "prod"},
        **payload(body),
    }


def version_2(method: str, fields: Fields, query: str, body: bytes) -> dict[str, Any]:
    """An HTTP API with payload version 2.0, and a function URL: names in small letters, repeated fields joined."""
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/webhooks",
        "rawQueryString": query,
        "headers": joined(fields),
        "requestContext": {"http": {"method": method, "path": "/webhooks"}},
        **payload(body),
    }
    if not body:
        del event["body"]
    return event


def balancer(method: str, fields: Fields, query: str, body: bytes) -> dict[str, Any]:
    """An Application Load Balancer."""
    encoded = {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return {
        "requestContext": {"elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:..."}},
        "httpMethod": method,
        "path": "/webhooks",
        "queryStringParameters": {},
        "headers": {name.lower(): value for name, value in fields},
        **encoded,
    }


def balancer_of_lists(method: str, fields: Fields, query: str, body: bytes) -> dict[str, Any]:
    """One with multi-value headers enabled: lists, and nothing but lists."""
    event = balancer(method, fields, query, body)
    del event["headers"], event["queryStringParameters"]
    return {**event, "multiValueQueryStringParameters": {}, "multiValueHeaders": lists(fields)}


KINDS: dict[str, Make] = {
    "version 1": version_1,
    "version 2": version_2,
    "balancer": balancer,
    "balancer of lists": balancer_of_lists,
}


class Function:
    """A function as it is deployed, and what it did."""

    def __init__(self, **options: Any) -> None:
        self.worked_on: list[Webhook] = []
        self.result: Any = {"statusCode": 200, "body": "done"}
        self.handler = WebhookReceiver(Verifier({ACCOUNT: SECRET}), MemoryStore(), **options)(self._work)

    def _work(self, event: dict[str, Any], context: Any, webhook: Webhook) -> Any:
        self.worked_on.append(webhook)
        if isinstance(self.result, BaseException):
            raise self.result
        return self.result

    def __call__(self, event: dict[str, Any]) -> Any:
        # As the service hands it over.
        return self.handler(json.loads(json.dumps(event)), None)


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest) -> Make:
    return KINDS[request.param]


def post(make: Make, body: bytes = BODY, headers: dict[str, str] | None = None) -> dict[str, Any]:
    given = signer().headers(body) if headers is None else headers
    return make("POST", [("Host", "h"), *given.items()], "", body)


def fields_of(result: dict[str, Any]) -> dict[str, str]:
    if "multiValueHeaders" in result:
        assert "headers" not in result
        return {name: values[0] for name, values in result["multiValueHeaders"].items()}
    return dict(result.get("headers", {}))


def test_genuine_and_replayed(make: Make) -> None:
    function, event = Function(), post(make)
    assert function(event) == {"statusCode": 200, "body": "done"}
    assert function.worked_on[0].body == BODY and function.worked_on[0].event.from_ == "447700900321"
    again = function(event)
    assert (again["statusCode"], again["body"], len(function.worked_on)) == (200, REFUSED, 1)


def test_bodies_that_are_no_text(make: Make) -> None:
    function, body = Function(), bytes(range(256))
    assert function(post(make, body))["statusCode"] == 200
    assert function.worked_on[0].body == body


def test_refused(make: Make) -> None:
    function = Function()
    stale = signer().headers(BODY, iat=int(time.time()) - 3600)
    for status, event in (
        (503, post(make, BODY + b" ", signer().headers(BODY))),
        (503, post(make, BODY, {})),
        (503, post(make, BODY, stale)),
        (503, post(make, BODY, Signer(ACCOUNT, "another").headers(BODY))),
        (401, post(make, BODY, {"Authorization": "Bearer x"})),
        (413, post(make, b"x" * (1024 * 1024 + 1))),
        (503, post(make, b"x" * 10_000_000, Signer(ACCOUNT, "another").headers(b""))),
        # A mapping template that writes the JSON anew.
        (503, post(make, json.dumps(json.loads(BODY)).encode(), signer().headers(BODY))),
        (503, make("GET", [("Authorization", signer().sign(b""))], "", b"")),
    ):
        result = function(event)
        assert (result["statusCode"], result["body"]) == (status, REFUSED)
        assert fields_of(result).get("Retry-After") == ("5" if status == 503 else None)
        assert ("multiValueHeaders" in result) == (make is balancer_of_lists)
    assert not function.worked_on


def test_repeated_fields(make: Make) -> None:
    function, token = Function(), signer().sign(BODY)
    result = function(make("POST", [("Authorization", token), ("Authorization", token)], "", BODY))
    # This one has lost the other field before anybody could see it.
    assert result["statusCode"] == (200 if make is balancer else 401)


@pytest.mark.parametrize("value", [None, 1, ["a"], {"a": 1}, "\ud800", "Bearer \u20ac", ""])
def test_fields_that_are_no_text(make: Make, value: Any) -> None:
    function, event = Function(), post(make)
    for place in ("headers", "multiValueHeaders"):
        for name in event.get(place, {}):
            if name.lower() == "authorization":
                event[place][name] = value
    assert function(event)["statusCode"] in (401, 503) and not function.worked_on


@pytest.mark.parametrize("body", ["not base64!", "YQ", "\ud800"])
def test_bodies_that_are_no_base64(body: str) -> None:
    function = Function()
    event = {**post(version_1), "body": body, "isBase64Encoded": True}
    assert function(event)["statusCode"] == 503 and not function.worked_on


def test_work_that_failed(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    function, event = Function(), post(make)
    function.result = RuntimeError("the database is away")
    with caplog.at_level(logging.ERROR):
        result = function(event)
    assert (result["statusCode"], fields_of(result)["Retry-After"]) == (503, "5")
    assert "the database is away" in caplog.text and "database" not in result["body"]
    function.result = {"statusCode": 500, "body": "no"}
    assert function(event)["statusCode"] == 503
    function.result = {"statusCode": 404}
    assert function(event) == {"statusCode": 404}
    function.result = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        function(event)
    function.result = {"statusCode": "204"}
    assert function(event) == {"statusCode": "204"}
    assert len(function.worked_on) == 5
    assert function(event)["body"] == REFUSED


def test_results_without_a_status(make: Make) -> None:
    """Version 2.0 answers with them, the others with 502."""
    function, event = Function(), post(make)
    function.result = {"ncco": []} if make is version_2 else "text"
    assert function(event) == function.result
    function(event)
    assert len(function.worked_on) == (1 if make is version_2 else 2)
    function.result = {"statusCode": "many"}
    function(post(make))
    assert function(post(make)) == function.result


def test_duplicates_that_are_handed_on(make: Make) -> None:
    function, event = Function(duplicates="hand_on"), post(make)
    assert function(event) == function(event)
    assert [webhook.is_duplicate for webhook in function.worked_on] == [False, True]


@pytest.mark.parametrize("status", [float("inf"), 10**30, -5, True])
def test_statuses_that_are_none(status: Any) -> None:
    """The service answers with 502: the claim is released."""
    function = Function()
    event = post(version_2)
    function.result = {"statusCode": status}
    assert function(event) == {"statusCode": status}
    function.result = {"statusCode": 200}
    assert function(event) == {"statusCode": 200} and len(function.worked_on) == 2


@pytest.mark.parametrize(
    "event",
    [None, [], {"version": "2.0"}, {"version": "2.0", "requestContext": None}, {"httpMethod": "POST", "body": 5}],
)
def test_events_that_are_no_request(event: Any) -> None:
    with pytest.raises(TypeError, match="none of API Gateway"):
        Function()(event)


def test_events_of_another_service() -> None:
    with pytest.raises(TypeError, match="none of API Gateway"):
        Function()({"Records": []})


def test_get(caplog: pytest.LogCaptureFixture) -> None:
    query = "from=447700900321&to=447700900555&uuid=a%20b%2Bc"
    fields = [("Authorization", signer().sign_query(query))]
    function = Function()
    assert function(version_2("GET", fields, query, b""))["statusCode"] == 200
    assert function.worked_on[0].query_value("uuid") == "a b+c"
    # Version 1.0 has no raw query: nothing is guessed.
    assert function(version_1("GET", fields, query, b""))["statusCode"] == 503
    assert "payload version 2.0" in caplog.text and len(function.worked_on) == 1


@pytest.fixture
def gateway(make: Make) -> Iterator[tuple[int, Function]]:
    """Makes events of real requests, as the services do, and answers of results."""
    function = Function()

    class Gateway(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path, _, query = self.path.partition("?")
            result = function(make(self.command, self.headers.items(), query, body))
            self.send_response(result["statusCode"])
            for name, value in fields_of(result).items():
                if name != "Content-Length":
                    self.send_header(name, value)
            text = result.get("body", "").encode()
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Gateway) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_port, function
        server.shutdown()
        thread.join()


def test_over_http(gateway: tuple[int, Function]) -> None:
    port, function = gateway

    def send(body: bytes, headers: dict[str, str]) -> tuple[int, bytes, str | None]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("POST", "/webhooks", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.getheader("Retry-After")
        finally:
            connection.close()

    genuine = signer().headers(BODY)
    assert send(BODY, genuine) == (200, b"done", None)
    assert send(BODY, genuine) == (200, REFUSED.encode(), None)
    assert send(BODY + b" ", signer().headers(BODY)) == (503, REFUSED.encode(), "5")
    assert send(BODY, {}) == (503, REFUSED.encode(), "5")
    assert send(BODY, signer().headers(BODY, iat=1)) == (503, REFUSED.encode(), "5")
    assert send(b"x" * 10_000_000, Signer(ACCOUNT, "another").headers(b"")) == (503, REFUSED.encode(), "5")
    assert len(function.worked_on) == 1
