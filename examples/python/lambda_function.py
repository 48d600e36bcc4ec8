"""AWS Lambda, behind a function URL, API Gateway or a load balancer. The handler is lambda_function.handler.

HOOKPROOF_KEYRING is the keyring's text, as a secrets manager puts it into the environment; HOOKPROOF_REDIS is the URL
of a Redis server that all instances share.
"""

from __future__ import annotations

import os
from typing import Any

import redis
from hookproof import RedisStore, Verifier, Webhook
from hookproof.aws_lambda import WebhookReceiver
from redis.backoff import NoBackoff
from redis.retry import Retry

verifier = Verifier(os.environ["HOOKPROOF_KEYRING"])
# Without retries of the client's own: what is not answered at once is refused, and the sender tries again.
client = redis.Redis.from_url(os.environ["HOOKPROOF_REDIS"], socket_timeout=1, retry=Retry(NoBackoff(), 0))
store = RedisStore(client)
receiver = WebhookReceiver(verifier, store)


@receiver
def handler(event: dict[str, Any], context: Any, webhook: Webhook) -> dict[str, Any]:
    """Where your work goes. What it raises releases the claim, and the sender tries again."""
    print(webhook.event.api, webhook.event.event, "from", webhook.event.from_)
    return {"statusCode": 204}
