"""Flask. HOOKPROOF_KEYRING=keyring.json HOOKPROOF_STORE=seen.db gunicorn --workers 4 flask_app:app"""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, g, jsonify
from flask.typing import ResponseReturnValue
from hookproof import FileStore, Verifier
from hookproof.flask import WebhookReceiver

verifier = Verifier(Path(os.environ["HOOKPROOF_KEYRING"]).read_bytes())
store = FileStore(os.environ["HOOKPROOF_STORE"])  # all workers of this machine share it
receiver = WebhookReceiver(verifier, store)
# The answer to a call has content, which a repeat needs as well.
calls = WebhookReceiver(verifier, store, duplicates="hand_on")

app = Flask(__name__)


@app.post("/webhooks/inbound")
@receiver
def inbound() -> ResponseReturnValue:
    """Where your work goes. What it raises releases the claim, and the sender tries again."""
    event = g.webhook.event
    print(event.api, event.event, "from", event.from_)
    return "", 204


@app.post("/calls/answer")
@calls
def answer() -> ResponseReturnValue:
    if not g.webhook.is_duplicate:
        print("a call from", g.webhook.event.from_)
    return jsonify([{"action": "talk", "text": "Hello"}])
