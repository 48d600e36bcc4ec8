"""Reads the requests that `emit` prints, and asks PyJWT about each that hookproof accepted.

PyJWT is looser, so the rule is one way: whatever hookproof accepts, PyJWT accepts. The clock is not the system's, so
the times are left to hookproof.
"""

import json
import sys

import jwt


def accepts(token: str, secret: str) -> bool:
    try:
        jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            issuer="Vonage",
            options={
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
                "verify_aud": False,
                "require": ["iat", "jti", "iss"],
            },
        )
    except jwt.PyJWTError:
        return False
    return True


def main() -> int:
    passed = failed = accepted = 0
    for line in sys.stdin:
        case = json.loads(line)
        if case["accepted"]:
            accepted += 1
        if case["accepted"] and not accepts(case["token"], case["secret"]):
            print("hookproof accepts what PyJWT refuses:", case["token"])
            failed += 1
        else:
            passed += 1
    if accepted < 100:
        print(f"only {accepted} requests were accepted: the comparison says nothing")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
