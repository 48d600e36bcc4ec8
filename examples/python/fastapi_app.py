"""FastAPI. HOOKPROOF_KEYRING=keyring.json HOOKPROOF_STORE=seen.db uvicorn fastapi_app:app"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from hookproof import FileStore, Verifier
from hookproof.fastapi import VerifiedWebhook, webhook_route

verifier = Verifier(Path(os.environ["HOOKPROOF_KEYRING"]).read_bytes())
store = FileStore(os.environ["HOOKPROOF_STORE"])  # all workers of this machine share it

webhooks = APIRouter(prefix="/webhooks", route_class=webhook_route(verifier, store))
# The answer to a call has content, which a repeat needs as well.
calls = APIRouter(prefix="/calls", route_class=webhook_route(verifier, store, duplicates="hand_on"))


@webhooks.post("/inbound", status_code=204)
async def inbound(webhook: VerifiedWebhook) -> None:
    """Where your work goes. What it raises releases the claim, and the sender tries again."""
    event = webhook.event
    print(event.api, event.event, "from", event.from_)


@calls.post("/answer")
async def answer(webhook: VerifiedWebhook) -> list[dict[str, Any]]:
    if not webhook.is_duplicate:
        print("a call from", webhook.event.from_)
    return [{"action": "talk", "text": "Hello"}]


app = FastAPI()
app.include_router(webhooks)
app.include_router(calls)
