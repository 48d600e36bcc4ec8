"""Signs webhooks as Vonage does, so that an application's own tests need no account.

    from hookproof.testing import Signer

    def test_a_message(client):
        signer = Signer("a1b2c3d4", "the signature secret of the test")
        body = b'{"text":"hello"}'
        assert client.post("/webhooks", content=body, headers=signer.headers(body)).status_code == 200

For pytest, `pytest_plugins = ["hookproof.testing"]` in the conftest.py at the top offers the fixtures
`hookproof_signer` and `hookproof_verifier`, which know each other's secret.
"""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from . import _native

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from ._native import SmsMethod
    from .verifier import Verifier

__all__ = ["Clock", "Signer"]

API_KEY = "a1b2c3d4"
SECRET = "the signature secret of the tests, 50 letters long"


class Clock:
    """A clock that a test moves: pass one to both `Signer` and `Verifier`.

    >>> clock = Clock(1_767_225_600)
    >>> clock.advance(301)
    >>> clock()
    1767225901.0
    """

    def __init__(self, now: float = 1_767_225_600) -> None:
        self.now: float = float(now)

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        """Lets so many seconds pass."""
        self.now += seconds


class Signer:
    """Stands in for Vonage, for one account.

    The claims of a token are its own unless they are given by name: `iat=0`, `jti="j"`, `iss="Somebody"`,
    `application_id="..."`, or any other; None leaves one out.

    >>> signer = Signer("a1b2c3d4", "a secret", clock=Clock())
    >>> signer.sign(b"{}").startswith("Bearer eyJ")
    True
    >>> signer.headers(b"{}", jti=None)["Content-Type"]
    'application/json'
    """

    def __init__(
        self,
        api_key: str = API_KEY,
        secret: str | bytes = SECRET,
        *,
        application_id: str | None = None,
        header_name: str = "Authorization",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._native = _native.Signer(api_key, secret)
        self.api_key: str = api_key
        self.application_id: str | None = application_id
        self.header_name: str = header_name
        self.clock: Callable[[], float] = clock

    def __repr__(self) -> str:
        return f"<Signer {self.api_key!r}>"

    def sign(self, body: Buffer, **claims: Any) -> str:
        """The value of the header for a webhook with this body."""
        return self.sign_claims(self._claims(self._native.sign_body(body, 0, "j"), claims))

    def sign_query(self, query: str, **claims: Any) -> str:
        """The value of the header for a GET with this raw query."""
        return self.sign_claims(self._claims(self._native.sign_query(query, 0, "j"), claims))

    def sign_sms(
        self,
        parameters: str,
        *,
        method: SmsMethod = "sha256",
        carrier: Literal["form", "query", "json"] = "form",
        nonce: str | None = None,
    ) -> str:
        """The parameters of an SMS webhook with the SMS API's own signature: a form or query, or one flat JSON."""
        given = str(uuid.uuid4()) if nonce is None else nonce
        return self._native.sign_sms(parameters, method, carrier, int(self.clock()), given)

    def sign_claims(self, claims: Mapping[str, Any] | bytes) -> str:
        """The value of the header for a token with these claims, or with these bytes as its claims, whatever they
        are."""
        if not isinstance(claims, bytes):
            claims = json.dumps(claims, separators=(",", ":")).encode()
        return self._native.sign_claims(claims)

    def headers(
        self,
        body: Buffer | None = None,
        *,
        query: str | None = None,
        content_type: str = "application/json",
        **claims: Any,
    ) -> dict[str, str]:
        """The header fields of a webhook with this body, or of a GET with this query."""
        if query is not None:
            return {self.header_name: self.sign_query(query, **claims)}
        if body is None:
            raise TypeError("body or query is needed")
        return {"Content-Type": content_type, self.header_name: self.sign(body, **claims)}

    def _claims(self, signed: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """The claims of a header value, with those that are given."""
        text = signed.split(".")[1]
        payload_hash = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))["payload_hash"]
        claims: dict[str, Any] = {
            "iat": int(self.clock()),
            "jti": str(uuid.uuid4()),
            "iss": "Vonage",
            "payload_hash": payload_hash,
            "api_key": self.api_key,
            "application_id": self.application_id,
        }
        claims.update(given)
        return {name: value for name, value in claims.items() if value is not None}


try:
    import pytest
except ImportError:
    pass
else:

    @pytest.fixture
    def hookproof_clock() -> Clock:
        """The clock of the other fixtures; a test moves it."""
        return Clock(int(time.time()))

    @pytest.fixture
    def hookproof_signer(hookproof_clock: Clock) -> Signer:
        """Signs for the account that `hookproof_verifier` knows."""
        return Signer(clock=hookproof_clock)

    @pytest.fixture
    def hookproof_verifier(hookproof_clock: Clock) -> Verifier:
        """Knows the secret of `hookproof_signer`."""
        from .verifier import Verifier

        return Verifier({API_KEY: SECRET}, clock=hookproof_clock)
