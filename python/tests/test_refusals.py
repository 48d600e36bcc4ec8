"""Every reason there is, from a real request, and the class that it raises."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hookproof import FileStore, Keyring, MemoryStore, Secret, Verifier, WebhookRefused, errors
from hookproof.testing import Clock, Signer

ACCOUNT, SECRET, BODY, NOW = "a1b2c3d4", "a secret", b'{"text":"hello"}', 1_767_225_600
CLOCK = Clock(NOW)
SIGNER = Signer(ACCOUNT, SECRET, clock=CLOCK)
SMS = f"msisdn=447700900321&to=447700900555&messageId=0C&text=Hi&type=text&api-key={ACCOUNT}"

Call = Callable[[Path], object]


def verify(headers: Any = None, *, keys: Any = None, body: bytes = BODY, options: Any = None, **call: Any) -> Call:
    """A call that is genuine but for what is given."""

    def run(_: Path) -> object:
        verifier = Verifier(keys or {ACCOUNT: SECRET}, clock=CLOCK, **(options or {}))
        return verifier.verify(body, headers=SIGNER.headers(BODY) if headers is None else headers, **call)

    return run


def claims(**claims: Any) -> Call:
    return verify(SIGNER.headers(BODY, **claims))


def token(header: str) -> Call:
    """A token with another header, and a good signature over it."""
    texts = [header.encode(), json.dumps({"api_key": ACCOUNT}).encode()]
    signed = ".".join(base64.urlsafe_b64encode(text).decode().rstrip("=") for text in texts)
    mac = base64.urlsafe_b64encode(hmac.digest(SECRET.encode(), signed.encode(), hashlib.sha256)).decode().rstrip("=")
    return verify({"Authorization": f"Bearer {signed}.{mac}"})


def sms(change: Callable[[str], str]) -> Call:
    form = change(SIGNER.sign_sms(SMS))
    return verify({}, body=form.encode(), options={"profile": "sms_sha256"})


def without(name: str) -> Callable[[str], str]:
    return lambda form: "&".join(pair for pair in form.split("&") if not pair.startswith(name + "="))


def signed_by_hand(form: str) -> str:
    """Parameters with the SMS API's signature, whichever they are."""
    text = "".join(f"&{pair}" for pair in sorted(form.split("&")))
    return f"{form}&sig={hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()}"


def received(store: Callable[[Path], Any], *, before: Callable[[Verifier, Any, Any], object]) -> Call:
    def run(path: Path) -> object:
        verifier, own, headers = Verifier({ACCOUNT: SECRET}, clock=CLOCK), store(path), SIGNER.headers(BODY)
        before(verifier, own, headers)
        return verifier.receive(BODY, headers=headers, store=own).claim()

    return run


def another(verifier: Verifier, store: Any, headers: Any) -> object:
    return verifier.verify_once(BODY, headers=SIGNER.headers(BODY), store=store)


def claimed(verifier: Verifier, store: Any, headers: Any) -> object:
    return verifier.receive(BODY, headers=headers, store=store).claim()


def done(verifier: Verifier, store: Any, headers: Any) -> object:
    return verifier.verify_once(BODY, headers=headers, store=store)


def taken_away(path: Path) -> Any:
    """A store whose file is gone."""
    store = FileStore(path / "seen.db")
    os.rename(path / "seen.db", path / "elsewhere.db")
    return store


VALUE = SIGNER.sign(BODY)
REASONS: dict[str, Call] = {
    "header.missing": verify({}),
    "header.malformed": verify({"Authorization": "Basic x"}),
    "header.duplicated": verify([("Authorization", VALUE), ("authorization", VALUE)]),
    "token.too_large": verify({"Authorization": "Bearer " + "a" * 9000}),
    "token.malformed": verify({"Authorization": "Bearer a.b.c"}),
    "token.algorithm": token('{"alg":"none"}'),
    "token.critical": token('{"alg":"HS256","crit":["exp"]}'),
    "key.unknown": verify(keys={"b1b2c3d4": SECRET}),
    "key.inactive": verify(keys={ACCOUNT: Secret("old", SECRET, not_after=NOW - 1)}),
    "key.mismatch": verify(account="b1b2c3d4"),
    "key.unavailable": verify(keyring=Keyring.unavailable()),
    "signature.invalid": verify(keys={ACCOUNT: "another secret"}),
    "claims.malformed": claims(iat=str(NOW)),
    "claims.missing": claims(jti=None),
    "issuer.mismatch": claims(iss="Somebody"),
    "application.mismatch": verify(
        SIGNER.headers(BODY, application_id="another"),
        keys=Keyring({ACCOUNT: SECRET}, application_ids={ACCOUNT: "an application"}),
    ),
    "time.stale": claims(iat=NOW - 301),
    "time.future": claims(iat=NOW + 61),
    "time.expired": claims(exp=NOW),
    "time.not_yet_valid": claims(nbf=NOW + 61),
    "payload.too_large": verify(body=b"x" * (1024 * 1024 + 1)),
    "payload.mismatch": verify(body=b"{}"),
    "replay.duplicate": received(lambda _: MemoryStore(), before=done),
    "replay.in_progress": received(lambda _: MemoryStore(), before=claimed),
    "replay.store_unavailable": received(taken_away, before=lambda *_: None),
    "replay.store_full": received(lambda _: MemoryStore(1), before=another),
    "request.unsupported": verify(method="DELETE"),
    "sms.unsigned": sms(without("sig")),
    "sms.malformed": sms(lambda form: form + "&sig=0"),
    "sms.missing": sms(lambda _: signed_by_hand(f"{SMS}&timestamp={NOW}")),
    "sms.signature_invalid": sms(lambda form: form.replace("text=Hi", "text=Ho")),
}


def test_there_is_a_request_for_every_reason() -> None:
    assert REASONS.keys() == {name for _, name, _ in errors._BY_CODE.values()}


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_raises_the_class_of_its_family(reason: str, tmp_path: Path) -> None:
    with pytest.raises(WebhookRefused) as caught:
        REASONS[reason](tmp_path)
    refusal = caught.value
    family = getattr(errors, reason.partition(".")[0].capitalize() + "Refused")
    assert (refusal.reason, type(refusal)) == (reason, family)
    code, hint = next((code, row[2]) for code, row in errors._BY_CODE.items() if row[1] == reason)
    assert (refusal.code, refusal.hint) == (code, hint)
    assert refusal.http_status in (200, 401, 413, 503) and refusal.retry == (refusal.http_status == 503)
    assert SECRET not in str(refusal) and "hello" not in str(refusal)
