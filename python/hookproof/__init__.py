"""Verify signed Vonage webhooks: that a request is from Vonage, unchanged, fresh, and no repeat.

    from hookproof import MemoryStore, Verifier, WebhookRefused

    verifier = Verifier({"a1b2c3d4": "the signature secret of your dashboard"})
    store = MemoryStore()

    try:
        with verifier.receive(body, headers=headers, store=store) as received:
            handle(received.webhook.event)        # an exception releases the claim: the sender tries again
        status = 200
    except WebhookRefused as refusal:
        log.warning("%s", refusal)                # never token, body or secret
        status = refusal.http_status              # 401, 413, 503, or 200 for a repeat

`receive` claims the request in a store, confirms it when the work is done and releases it when the work failed;
`verify` makes the same checks and asks no store; `verify_once` is the at-most-once form.

Events are typed in `hookproof.events`; `hookproof.testing` signs what your own tests need.
"""

from ._native import (
    RETRY_WINDOW,
    Keyring,
    Secret,
    Webhook,
    __version__,
)
from .errors import (
    ApplicationRefused,
    ClaimsRefused,
    ConfigError,
    HeaderRefused,
    IssuerRefused,
    KeyRefused,
    PayloadRefused,
    ReplayRefused,
    RequestRefused,
    SignatureRefused,
    SmsRefused,
    StoreFailed,
    TimeRefused,
    TokenRefused,
    WebhookRefused,
)
from .keys import KeySource
from .received import Received, Receiving
from .stores import AsyncRedisStore, DBAPIStore, DjangoStore, FileStore, MemoryStore, RedisStore
from .unsigned import parse_unsigned
from .verifier import PendingBody, Verifier

__all__ = [
    "RETRY_WINDOW",
    "ApplicationRefused",
    "AsyncRedisStore",
    "ClaimsRefused",
    "ConfigError",
    "DBAPIStore",
    "DjangoStore",
    "FileStore",
    "HeaderRefused",
    "IssuerRefused",
    "KeyRefused",
    "KeySource",
    "Keyring",
    "MemoryStore",
    "PayloadRefused",
    "PendingBody",
    "Received",
    "Receiving",
    "RedisStore",
    "ReplayRefused",
    "RequestRefused",
    "Secret",
    "SignatureRefused",
    "SmsRefused",
    "StoreFailed",
    "TimeRefused",
    "TokenRefused",
    "Verifier",
    "Webhook",
    "WebhookRefused",
    "__version__",
    "parse_unsigned",
]
