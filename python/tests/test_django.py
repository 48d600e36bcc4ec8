"""Django under gunicorn and uvicorn."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.template.response import SimpleTemplateResponse
from django.test import AsyncRequestFactory, RequestFactory, override_settings
from glue_server import ACCOUNT, BODY, SECRET, Server, signer
from glue_suite import REFUSED, GlueSuite
from hookproof import MemoryStore, Verifier
from hookproof.django import WebhookReceiver
from hookproof.stores import HostStore

WSGI = [
    "-m",
    "gunicorn",
    "app_django:application",
    "--bind",
    "127.0.0.1:{port}",
    "--threads",
    "4",
    "--no-control-socket",
]
ASGI = ["-m", "uvicorn", "app_django:asgi", "--host", "127.0.0.1", "--port", "{port}", "--lifespan", "off"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("django"), WSGI) as server:
        yield server


class TestDecorator(GlueSuite):
    """Decorated views; the middleware holds their claims."""

    def test_a_commit_that_fails(self, server: Server) -> None:
        """Under ATOMIC_REQUESTS, with the claims in the same database."""
        headers = signer().headers(BODY, jti="commit-1")
        answer = server.request("/database/broken", headers)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        server.wait_for("IntegrityError")
        assert server.request("/count/commit-1", {}, None, method="GET").body == b"0"
        # The sender's retry is worked on, and committed; the next is a duplicate.
        assert server.request("/database/insert", headers).body == b"inserted"
        assert server.request("/count/commit-1", {}, None, method="GET").body == b"1"
        again = server.request("/database/insert", headers)
        assert (again.status, again.body) == (200, REFUSED)

    @pytest.mark.parametrize("path", ["whole", "method"])
    def test_classes_and_get(self, server: Server, path: str) -> None:
        self.check_get(server, f"/class/{path}")

    def test_csrf(self, server: Server) -> None:
        """Webhooks pass without a token of the site; nothing else does."""
        assert server.request("/webhooks/ok", signer().headers(BODY)).status == 200
        assert server.request("/trap/form", {}, b"a=b").status == 403

    def test_administrators_are_left_alone(self, server: Server) -> None:
        """A forged request is no error of the server's."""
        before = server.log().count("Service Unavailable: ")
        assert server.request("/webhooks/ok", {}).status == 503
        server.wait_for("header.missing")
        assert server.log().count("Service Unavailable: ") == before

    def test_a_body_that_was_read_before(self, server: Server) -> None:
        headers = signer().headers(BODY)
        assert server.request("/trap/read", headers).status == 503
        server.wait_for("request.body must be the first")
        assert self.works(server, "ok", headers) == 1

    def test_a_limit_of_the_site(self, server: Server) -> None:
        """DATA_UPLOAD_MAX_MEMORY_SIZE holds as ever, and what it stops is not claimed."""
        body = b'{"text":"%s"}' % (b"x" * 3000)
        answer = server.request("/webhooks/ok", signer().headers(body), body)
        assert (answer.status, answer.headers["Retry-After"]) == (413, None)
        server.wait_for("larger than DATA_UPLOAD_MAX_MEMORY_SIZE")

    # gunicorn reads such a body, and Django does not.
    def test_a_body_in_parts(self, server: Server) -> None:
        before = server.journal()
        token = signer().sign(BODY)
        head = f"POST /webhooks/ok HTTP/1.1\r\nHost: h\r\nAuthorization: {token}\r\nTransfer-Encoding: chunked\r\n\r\n"
        answer = server.raw(head.encode(), b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY))
        assert answer == b"503 " + REFUSED
        assert server.journal() == before


class TestNamespace(GlueSuite):
    """Views without a decorator, below a URL namespace."""

    prefix = "/spaced"
    other_methods = {503}
    test_a_body_in_parts = TestDecorator.test_a_body_in_parts


class TestDecoratorAlone(GlueSuite):
    """No middleware of this library."""

    @pytest.fixture(scope="class")
    @classmethod
    def server(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
        with Server(tmp_path_factory.mktemp("alone"), WSGI, environment={"MIDDLEWARE": ""}) as server:
            yield server

    test_a_body_in_parts = TestDecorator.test_a_body_in_parts
    test_a_commit_that_fails = TestDecorator.test_a_commit_that_fails
    test_classes_and_get = TestDecorator.test_classes_and_get

    def test_an_exception_that_the_application_answers(self, server: Server) -> None:
        """`process_exception` of other middleware is not asked."""
        headers = signer().headers(BODY)
        assert server.request("/webhooks/handled/200", headers).status == 503
        assert self.works(server, "ok", headers) == 1


class TestCoroutines(GlueSuite):
    """Coroutine functions under ASGI. Django itself reads the body before anybody else."""

    is_header_first = False

    test_classes_and_get = TestDecorator.test_classes_and_get

    def test_a_client_that_goes_away_in_the_work(self, server: Server) -> None:
        """Django cancels the view: its claim is released, and the retry is worked on."""
        self.check_cancelled(server)

    @pytest.fixture(scope="class")
    @classmethod
    def server(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
        with Server(tmp_path_factory.mktemp("asgi"), ASGI, environment={"IS_ASYNC": "1"}) as server:
            yield server


class TestCoroutinesInANamespace(TestCoroutines):
    prefix = "/spaced"
    other_methods = {503}


class TestCoroutinesAlone(TestCoroutines):
    @pytest.fixture(scope="class")
    @classmethod
    def server(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
        environment = {"IS_ASYNC": "1", "MIDDLEWARE": ""}
        with Server(tmp_path_factory.mktemp("alone"), ASGI, environment=environment) as server:
            yield server

    test_an_exception_that_the_application_answers = TestDecoratorAlone.test_an_exception_that_the_application_answers


if not settings.configured:
    settings.configure()


def of_django(factory: type[RequestFactory | AsyncRequestFactory] = RequestFactory) -> Any:
    headers = {"Authorization": signer().headers(BODY, jti="one")["Authorization"]}
    return factory().post("/", BODY, content_type="application/json", headers=headers)


class Unrenderable(SimpleTemplateResponse):
    def resolve_template(self, template: Any) -> Any:
        raise RuntimeError("the template is broken")


@pytest.mark.parametrize("answer", [lambda: None, lambda: Unrenderable("x")], ids=["none", "template"])
@override_settings(ROOT_URLCONF=())
def test_an_answer_that_fails_after_the_view(answer: Callable[[], Any]) -> None:
    """The claim is released, and the sender tries again."""
    receiver = WebhookReceiver(Verifier({ACCOUNT: SECRET}), MemoryStore())
    view = receiver(lambda _: answer())
    assert [view(of_django()).status_code for _ in range(2)] == [503, 503]

    async def aview(_: Any) -> Any:
        return answer()

    async def run() -> list[int]:
        return [(await receiver(aview)(of_django(AsyncRequestFactory))).status_code for _ in range(2)]

    assert asyncio.run(run()) == [503, 503]


@override_settings(ROOT_URLCONF=())
def test_a_stream_that_is_closed_before_it_begins() -> None:
    """The claim is released at once, and the retry is worked on."""
    view = WebhookReceiver(Verifier({ACCOUNT: SECRET}), MemoryStore())(lambda _: StreamingHttpResponse(iter([b"done"])))
    view(of_django()).close()
    answer = view(of_django())
    assert (answer.status_code, b"".join(answer)) == (200, b"done")
    answer.close()
    assert view(of_django()).content == REFUSED


def test_a_view_that_is_atomic_for_one_database_stays_so() -> None:
    @transaction.non_atomic_requests(using="other")
    def view(request: Any) -> HttpResponse:
        return HttpResponse()

    received = WebhookReceiver(Verifier({ACCOUNT: SECRET}), MemoryStore())(view)
    assert vars(view)["_non_atomic_requests"] == {"other"}
    assert "default" in vars(received)["_non_atomic_requests"]


def test_a_view_that_is_cancelled_while_it_is_claimed() -> None:
    """The store's thread goes on, and gives the claim back."""
    asked, may_answer, released = threading.Event(), threading.Event(), threading.Event()

    class Blocking(HostStore):
        def claim(self, question: Any, now: int) -> Any:
            asked.set()
            assert may_answer.wait(20)
            return "claimed"

        def confirm(self, identity: str, owner: str, now: int) -> bool:
            pytest.fail("nobody has done the work")

        def release(self, identity: str, owner: str, now: int) -> bool:
            released.set()
            return True

    @WebhookReceiver(Verifier({ACCOUNT: SECRET}), Blocking("tests"))
    async def view(request: Any) -> HttpResponse:
        pytest.fail("the request was cancelled before")

    async def run() -> None:
        task = asyncio.create_task(view(of_django(AsyncRequestFactory)))
        assert await asyncio.to_thread(asked.wait, 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        may_answer.set()
        assert await asyncio.to_thread(released.wait, 20)

    asyncio.run(run())
