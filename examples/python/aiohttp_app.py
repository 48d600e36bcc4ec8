"""aiohttp. HOOKPROOF_KEYRING=keyring.json HOOKPROOF_STORE=seen.db python aiohttp_app.py [PORT]"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from aiohttp import web
from hookproof import FileStore, Verifier
from hookproof.aiohttp import WEBHOOK, WebhookReceiver

verifier = Verifier(Path(os.environ["HOOKPROOF_KEYRING"]).read_bytes())
store = FileStore(os.environ["HOOKPROOF_STORE"])  # all processes of this machine share it
receiver = WebhookReceiver(verifier, store)
# The answer to a call has content, which a repeat needs as well.
calls = WebhookReceiver(verifier, store, duplicates="hand_on")


@receiver
async def inbound(request: web.Request) -> web.StreamResponse:
    """Where your work goes. What it raises releases the claim, and the sender tries again."""
    event = request[WEBHOOK].event
    print(event.api, event.event, "from", event.from_)
    return web.Response(status=204)


@calls
async def answer(request: web.Request) -> web.StreamResponse:
    if not request[WEBHOOK].is_duplicate:
        print("a call from", request[WEBHOOK].event.from_)
    return web.json_response([{"action": "talk", "text": "Hello"}])


app = web.Application()
app.add_routes([web.post("/webhooks/inbound", inbound), web.post("/calls/answer", answer)])

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]) if sys.argv[1:] else 8080)
