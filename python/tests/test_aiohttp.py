"""aiohttp under its own server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import ClientSession, web
from glue_server import ACCOUNT, BODY, SECRET, Server, signer
from glue_suite import GlueSuite
from hookproof import MemoryStore, Verifier
from hookproof.aiohttp import WebhookReceiver

COMMAND = ["app_aiohttp.py", "{port}"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("aiohttp"), COMMAND) as server:
        yield server


class TestDecorator(GlueSuite):
    """Decorated handlers."""

    def test_get(self, server: Server) -> None:
        self.check_get(server, "/webhooks/call")

    def test_a_body_that_was_read_before(self, server: Server) -> None:
        assert server.request("/trap/read", signer().headers(BODY)).status == 200

    def test_a_limit_of_the_application(self, server: Server) -> None:
        """client_max_size holds as ever, and what it stops is not claimed."""
        headers = signer().headers(BODY)
        assert server.request("/trap/limit", headers).status == 413
        assert self.works(server, "ok", headers) == 1


class TestAdded(GlueSuite):
    """A middleware of an application that another one adds."""

    prefix = "/added"
    # The middleware comes before the routes' own answer.
    other_methods = {405, 503}


class TestCancelled(GlueSuite):
    """A server that cancels the work of a client that has gone away."""

    @pytest.fixture(scope="class")
    @classmethod
    def server(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
        with Server(tmp_path_factory.mktemp("cancelled"), COMMAND, environment={"CANCEL": "1"}) as server:
            yield server

    def test_a_client_that_goes_away_in_the_work(self, server: Server) -> None:
        self.check_cancelled(server)


def test_a_handler_that_forgets_its_return() -> None:
    """Its claim is released, and the sender tries again."""
    worked = 0

    async def handler(_: web.Request) -> Any:
        nonlocal worked
        worked += 1

    async def run() -> list[int]:
        app = web.Application()
        app.add_routes([web.post("/", WebhookReceiver(Verifier({ACCOUNT: SECRET}), MemoryStore())(handler))])
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
            headers = signer().headers(BODY)
            async with ClientSession() as client:
                answers = [await client.post(url, data=BODY, headers=headers) for _ in range(2)]
                return [answer.status for answer in answers]
        finally:
            await runner.cleanup()

    assert asyncio.run(run()) == [503, 503] and worked == 2
