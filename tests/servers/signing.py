"""Signs webhooks as the vendor does, with the standard library alone: nothing here comes from what is tested."""

import base64
import hashlib
import hmac
import itertools
import json
import time
from typing import Any

_serial = itertools.count()


def base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def claims(api_key: str, body: bytes, **changes: Any) -> dict[str, Any]:
    """The claims of a genuine webhook; a change to None leaves the claim out."""
    result: dict[str, Any] = {
        "iat": int(time.time()),
        "jti": f"test-{time.time_ns()}-{next(_serial)}",
        "iss": "Vonage",
        "payload_hash": hashlib.sha256(body).hexdigest(),
        "api_key": api_key,
        **changes,
    }
    return {name: value for name, value in result.items() if value is not None}


def token(secret: bytes, members: dict[str, Any], header: dict[str, Any] | None = None) -> bytes:
    header = header or {"alg": "HS256", "typ": "JWT"}
    signed = base64url(json.dumps(header).encode()) + b"." + base64url(json.dumps(members).encode())
    return signed + b"." + base64url(hmac.digest(secret, signed, "sha256"))


def bearer(account: tuple[str, bytes], body: bytes, **changes: Any) -> bytes:
    """The Authorization value for a body, as (api_key, secret) would sign it."""
    api_key, secret = account
    return b"Bearer " + token(secret, claims(api_key, body, **changes))
