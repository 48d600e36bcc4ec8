"""Flask: decorated views, a blueprint whose every view receives webhooks, and views that are coroutines."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from typing import Any

from common import DomainError, journal_work, note, store, told, verifier
from flask import Blueprint, Flask, Response, abort, g, request
from flask.typing import ResponseReturnValue
from hookproof.flask import WebhookReceiver

app = Flask(__name__)
receiver = WebhookReceiver(verifier, store)
handing_on = WebhookReceiver(verifier, store, duplicates="hand_on")


@app.errorhandler(DomainError)
def handled(error: DomainError) -> ResponseReturnValue:
    return "handled", error.number


def parts(*, is_broken: bool = False) -> Iterator[bytes]:
    for number in range(3):
        if is_broken and number == 2:
            raise RuntimeError("the stream breaks")
        yield b"part %d " % number


def ok() -> ResponseReturnValue:
    note("ok", g.webhook)
    data = request.get_json()
    assert request.get_data() == g.webhook.body and told(g.webhook).endswith(data["text"])
    return told(g.webhook)


def status(number: int) -> ResponseReturnValue:
    note("status", g.webhook)
    if number == 404:
        abort(404)
    return "", number


def fail() -> ResponseReturnValue:
    note("raise", g.webhook)
    raise RuntimeError("the database is away")


def handle(number: int) -> ResponseReturnValue:
    note("handled", g.webhook)
    raise DomainError(number)


def stream() -> ResponseReturnValue:
    note("stream", g.webhook)
    return Response(parts())


def stream_broken() -> ResponseReturnValue:
    note("stream", g.webhook)
    return Response(parts(is_broken=True))


def slow() -> ResponseReturnValue:
    note("slow", g.webhook)
    time.sleep(1.2)
    note("slow", g.webhook)
    return ""


def answer() -> ResponseReturnValue:
    note("answer", g.webhook)
    return f"ncco {g.webhook.is_duplicate}"


VIEWS: dict[str, Callable[..., ResponseReturnValue]] = {
    "/ok": ok,
    "/status/<int:number>": status,
    "/raise": fail,
    "/handled/<int:number>": handle,
    "/stream": stream,
    "/stream-broken": stream_broken,
    "/slow": slow,
}


def awaited(view: Callable[..., ResponseReturnValue]) -> Callable[..., Any]:
    @functools.wraps(view)
    async def run(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        return view(*args, **kwargs)

    return run


blueprint = Blueprint("guarded", __name__)
blueprint.before_request(receiver.before_request)
for rule, view in VIEWS.items():
    app.post(f"/webhooks{rule}", endpoint=f"decorated {rule}")(receiver(view))
    app.post(f"/async{rule}", endpoint=f"awaited {rule}")(receiver(awaited(view)))
    blueprint.post(rule)(view)
app.post("/webhooks/answer")(handing_on(answer))
app.post("/async/answer", endpoint="async answer")(handing_on(awaited(answer)))
app.register_blueprint(blueprint, url_prefix="/blueprint")
answers = Blueprint("answers", __name__)
answers.before_request(handing_on.before_request)
answers.post("/answer")(answer)
app.register_blueprint(answers, url_prefix="/blueprint")


@app.get("/open")
def is_open() -> ResponseReturnValue:
    return "open"


@app.get("/webhooks/call")
@receiver
def call() -> ResponseReturnValue:
    note("call", g.webhook)
    return {"from": g.webhook.query_value("from")}


def first(look: Callable[[], object]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Does something before the webhook is verified."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def run() -> Any:
            look()
            return view()

        return run

    return decorate


def limit() -> None:
    request.max_content_length = 20


app.post("/trap/json", endpoint="json")(first(lambda: request.json)(receiver(ok)))
app.post("/trap/form", endpoint="form")(first(lambda: request.form)(receiver(ok)))
app.post("/trap/limit", endpoint="limit")(first(limit)(receiver(ok)))


@app.post("/webhooks/work")
@receiver
def work() -> ResponseReturnValue:
    journal_work(g.webhook)
    return "worked on"
