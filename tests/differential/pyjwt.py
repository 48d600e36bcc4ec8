"""Reads the requests that `emit` prints, and asks PyJWT about each that hookproof accepted.

PyJWT is looser, so the rule is one way: whatever hookproof accepts, PyJWT accepts and reads alike. The clock is not
the system's, so the times are left to hookproof.
"""

import hashlib
import json
import sys
from typing import Any

import jwt


def fault(case: dict[str, Any]) -> str | None:
    """What PyJWT holds against a request that hookproof accepted."""
    try:
        claims = jwt.decode(
            case["token"],
            case["secret"],
            algorithms=["HS256"],
            issuer="Vonage",
            options={
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
                "verify_aud": False,
                "require": ["iat", "jti", "iss", "payload_hash", "api_key"],
            },
        )
    except jwt.PyJWTError as error:
        return f"refused: {error}"
    read = case["read"]
    if json.loads(read["all"]) != claims:
        return "other claims"
    for name in ("iat", "jti", "api_key", "application_id"):
        if read[name] != claims.get(name):
            return f"another {name}"
    if claims["payload_hash"].lower() != hashlib.sha256(case["body"].encode()).hexdigest():
        return "another body"
    return None


def main() -> int:
    passed = failed = accepted = 0
    for line in sys.stdin:
        case = json.loads(line)
        found = None
        if case["verdict"] == "accepted":
            accepted += 1
            found = fault(case)
        if found is None:
            passed += 1
        else:
            print(f"hookproof accepts this and PyJWT does not ({found}): {case['token']}")
            failed += 1
    if accepted < 100:
        print(f"only {accepted} requests were accepted: the comparison says nothing")
        failed += 1
    print(f"{accepted} accepted by hookproof and compared")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
