"""What a Python program does without hookproof: each is one way to check the same request.

`Peers` has the usual keyring, as a dict. Every method raises if the request is not genuine.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import jwt
import vonage_jwt  # type: ignore[import-untyped]
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import OctKey


class Peers:
    """The request, and the ways to check it."""

    def __init__(
        self, headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str], api_key: str, now: int
    ) -> None:
        self._headers = headers
        self._body = body
        self._secrets = secrets
        self._secret = secrets[api_key]
        self._key = OctKey.import_key(self._secret)
        self._now = now
        token = headers["Authorization"].removeprefix("Bearer ")
        self._signed = token.rpartition(".")[0].encode()

    def hashes(self) -> None:
        """The two hashes that nobody can do without, bare: nothing is compared."""
        hmac.digest(self._secret.encode(), self._signed, "sha256")
        hashlib.sha256(self._body).digest()

    def pyjwt(self) -> None:
        """PyJWT with one key, and the body's hash. No age is judged."""
        claims = jwt.decode(self._token(), self._secret, algorithms=["HS256"], options={"verify_iat": False})
        self._compare(claims)

    def recipe(self) -> None:
        """As the vendor's guide has it: the claims are read once to find the secret, and again to verify them."""
        token = self._token()
        api_key = jwt.decode(token, options={"verify_signature": False})["api_key"]
        claims = jwt.decode(token, self._secrets[api_key], algorithms=["HS256"], options={"verify_iat": False})
        self._compare(claims)

    def joserfc(self) -> None:
        """joserfc with one key made before, and the body's hash. No age is judged."""
        self._compare(joserfc_jwt.decode(self._token(), self._key, algorithms=["HS256"]).claims)

    def helper(self) -> None:
        """The helper of the vendor's SDK: the signature alone. The body may be any."""
        if not vonage_jwt.verify_signature(self._token(), self._secret):
            raise ValueError("signature")

    def by_hand(self) -> None:
        """The standard library, with care: one field, the algorithm, the account, the signature, the claims' types, the
        issuer, the age and the body. What it leaves out are names that stand twice, spellings of base64 and the
        other traps of a token's form."""
        scheme, _, token = self._field("authorization").partition(" ")
        if scheme.lower() != "bearer" or len(token) > 8192:
            raise ValueError("header")
        head, claims_text, signature = token.split(".")
        header = json.loads(_decoded(head))
        if header.get("alg") != "HS256" or "crit" in header:
            raise ValueError("algorithm")
        claims = json.loads(_decoded(claims_text))
        secret = self._secrets[claims["api_key"]].encode()
        mac = hmac.digest(secret, f"{head}.{claims_text}".encode(), "sha256")
        if not hmac.compare_digest(mac, _decoded(signature)):
            raise ValueError("signature")
        if claims["iss"] != "Vonage" or not isinstance(claims["jti"], str):
            raise ValueError("claims")
        if not isinstance(claims["iat"], int) or not -60 <= self._now - claims["iat"] <= 300:
            raise ValueError("age")
        self._compare(claims)

    def _token(self) -> str:
        return self._headers["Authorization"].removeprefix("Bearer ")

    def _field(self, name: str) -> str:
        (value,) = [value for key, value in self._headers.items() if key.lower() == name]
        return value

    def _compare(self, claims: Mapping[str, Any]) -> None:
        if not hmac.compare_digest(hashlib.sha256(self._body).hexdigest(), claims["payload_hash"]):
            raise ValueError("body")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
