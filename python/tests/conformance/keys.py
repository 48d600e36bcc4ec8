"""The member `keyring` of the vector files."""

from __future__ import annotations

from typing import Any

from hookproof import Keyring, Secret, Verifier

from .entry import Entry


def read(entry: Entry) -> dict[str, list[bytes]]:
    """The secrets of each account."""
    accounts: dict[str, list[bytes]] = {}
    for api_key, secrets in entry.object("keyring").value.items():
        if not isinstance(secrets, list):
            raise entry.fault("secrets are not a list")
        accounts[api_key] = [_secret(entry, secret) for secret in secrets]
    return accounts


def _secret(entry: Entry, secret: Any) -> bytes:
    """A text, meaning its bytes, or `{b64}`."""
    if isinstance(secret, str):
        return secret.encode()
    return entry.base64(entry.of(secret).text("b64").encode(), "b64")


def ring(accounts: dict[str, list[bytes]], application_id: str | None) -> Keyring:
    """The keyring. Every account in it expects the application, if there is one. ValueError if it is refused."""
    known = {api_key: secrets for api_key, secrets in accounts.items() if secrets}
    return Keyring(
        {
            api_key: [Secret(f"key-{number}", secret) for number, secret in enumerate(secrets)]
            for api_key, secrets in known.items()
        },
        application_ids=dict.fromkeys(known, application_id) if application_id is not None else None,
    )


def configured(
    accounts: dict[str, list[bytes]], application_id: str | None, options: dict[str, Any]
) -> Verifier | None:
    """A verifier, or None if any part of its configuration is refused."""
    try:
        return Verifier(ring(accounts, application_id), **options)
    except ValueError:
        return None


def header_name(entry: Entry, profile: Any) -> str:
    """The header of a profile, which must be one."""
    try:
        return Verifier({"a": "b"}, profile=profile).header_name
    except ValueError as error:
        raise entry.fault(str(error)) from None
