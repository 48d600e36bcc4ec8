"""`vendor.json`: real tokens and signatures, each with the secret it was made for."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from . import keys
from .door import Request, Trial
from .entry import Entry, is_integer
from .finding import Finding
from .vector import Expectation, judge, of_signature

_PLACEHOLDER = "vendor"
"""The account of tokens whose claims cannot be read, or name none."""


def findings(file: list[Any]) -> Iterator[Finding]:
    readers = {"jwt": _token, "sms-sig": _sms}
    for index, value in enumerate(file):
        entry = Entry(f"vendor-{index}", value)
        inputs = entry.object("inputs")
        # Whether blank values are part of what is signed, libraries of the vendor's own disagree.
        parameters = inputs.optional("params") or {}
        blank = any(isinstance(value, str) and not value.strip() for value in parameters.values())
        kind = entry.text("kind")
        if kind not in readers:
            raise entry.fault("the kind is not known")
        yield judge(entry.id, *readers[kind](inputs, entry.object("recomputed")), blank)


def _sms(inputs: Entry, recomputed: Entry) -> tuple[Trial | None, Expectation]:
    """The parameters as a form, judged at their own time; many have no nonce."""
    if inputs.optional("secret") is None:
        return None, Expectation()  # never published
    secret = inputs.text("secret")
    expected = of_signature(secret, recomputed.as_bool(recomputed.member("verdict"), "verdict"))
    parameters = inputs.object("params").value
    pairs = [(name, inputs.as_text(value, name)) for name, value in parameters.items()]
    profile = f"sms_{inputs.text('method')}"
    keys.header_name(inputs, profile)
    options = {"profile": profile, "dangerously_allow_missing_nonce": True}
    timestamp = parameters.get("timestamp", "")
    return Trial(
        request=Request(headers=[], body=urlencode([*pairs, ("sig", inputs.text("sig"))]).encode(), route=_PLACEHOLDER),
        verifier=keys.configured({_PLACEHOLDER: [secret.encode()]}, None, options),
        now=int(timestamp) if re.fullmatch("[+-]?[0-9]{1,18}", timestamp) else 0,
    ), expected


def _token(inputs: Entry, recomputed: Entry) -> tuple[Trial, Expectation]:
    token, secret = inputs.text("token"), inputs.text("secret")
    good = recomputed.as_bool(recomputed.member("hs256_signature_ok"), "hs256_signature_ok")
    claims = _claims(token)
    if inputs.optional("header") is not None:
        profile = "contact_center"
    elif claims is None or isinstance(claims.get("api_key"), str):
        profile = "standard"
    else:
        # One whose claims name no account has its secret chosen by route.
        profile = "video"
    claims = claims or {}
    named = claims.get("api_key") if profile == "standard" else None
    encoding = inputs.optional_text("secret_encoding")
    if encoding not in ("", "base64"):
        raise inputs.fault("the encoding of the secret is not known")
    given = inputs.optional("now")
    now = claims.get("iat") if given is None else given
    return Trial(
        request=Request(
            headers=[(keys.header_name(inputs, profile), inputs.latin1(f"Bearer {token}"))],
            body=inputs.optional_text("body").encode(),
            method=inputs.optional_text("method", "POST").encode(),
            query=inputs.latin1(inputs.optional_text("query")),
            route=_PLACEHOLDER,
        ),
        verifier=keys.configured(
            {named or _PLACEHOLDER: [inputs.base64(secret.encode(), "secret") if encoding else secret.encode()]},
            None,
            {"profile": profile},
        ),
        now=now if is_integer(now) else 0,
    ), of_signature(secret, good)


def _claims(token: str) -> dict[str, Any] | None:
    """The claims of a token of three parts as they stand; None when there are none to read."""
    parts = token.split(".")
    if len(parts) != 3 or not re.fullmatch("[A-Za-z0-9_-]*", parts[1], re.ASCII):
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    return claims if isinstance(claims, dict) else None
