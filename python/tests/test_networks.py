"""How an address relates to the networks of the options: a hint, which refuses nothing."""

from __future__ import annotations

import pytest
from hookproof import ConfigError, Verifier
from hookproof.testing import Signer

KEYS = {"a1b2c3d4": "a secret"}


def test_without_networks_nothing_is_said() -> None:
    for address in ("192.0.2.7", "no address", "\ud800"):
        assert Verifier(KEYS).source_hint(address) == "not_checked"


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("192.0.2.7", "added"),
        ("192.0.2.7:443", "added"),
        ("::ffff:192.0.2.7", "added"),
        ("[2001:db8::1]:443", "added"),
        ("198.51.100.9", "added"),
        ("198.51.100.8", "elsewhere"),
        ("216.147.0.1", "published"),
        ("", "unreadable"),
        ("unix:", "unreadable"),
        ("\ud800", "unreadable"),
    ],
)
def test_the_hint(address: str, hint: str) -> None:
    networks = ["192.0.2.0/24", "2001:db8::/32", "198.51.100.9"]
    verifier = Verifier(KEYS, published_networks=True, networks=networks)
    assert verifier.source_hint(address) == hint
    # Whatever it says, the signature decides.
    assert verifier.verify(b"{}", headers=Signer("a1b2c3d4", "a secret").headers(b"{}")).api_key == "a1b2c3d4"


def test_networks_that_are_refused() -> None:
    for networks in (["192.0.2.0/33"], ["example.com"], [""], ["192.0.2.1"] * 1_001):
        with pytest.raises(ConfigError):
            Verifier(KEYS, networks=networks)
    with pytest.raises(TypeError):
        Verifier(KEYS, networks="192.0.2.0/24")
    with pytest.raises(TypeError):
        Verifier(KEYS).source_hint(None)  # type: ignore[arg-type]
