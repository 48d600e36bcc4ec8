"""Reads the queries that `emit_queries` prints, and reads and hashes each one anew with the standard library.

A query is refused where it has no one reading: a bad escape, no UTF-8, a name twice, a raw `#`.
"""

import hashlib
import json
import re
import sys
from urllib.parse import unquote_to_bytes


def decode(text: str) -> str | None:
    if re.search("%(?![0-9A-Fa-f]{2})", text):
        return None
    try:
        return unquote_to_bytes(text.replace("+", " ")).decode("utf-8")
    except UnicodeDecodeError:
        return None


def read(query: str) -> list[tuple[str, str]] | None:
    if "#" in query:
        return None
    pairs: list[tuple[str, str]] = []
    for piece in filter(None, query.split("&")):
        name, _, value = piece.partition("=")
        plain, text = decode(name), decode(value)
        if plain is None or text is None or plain in dict(pairs):
            return None
        pairs.append((plain, text))
    return pairs


def main() -> int:
    passed = failed = accepted = 0
    for line in sys.stdin:
        case = json.loads(line)
        pairs = read(case["query"])
        expected = None
        if pairs is not None:
            text = json.dumps(dict(pairs), separators=(",", ":"), ensure_ascii=False)
            expected = (hashlib.sha256(text.encode()).hexdigest(), [list(pair) for pair in pairs])
        got = None
        if case["claims"]:
            accepted += 1
            got = (json.loads(case["claims"])["payload_hash"], case["pairs"])
        if got == expected:
            passed += 1
        else:
            print(f"another reading of {case['query']!r}: {expected} here, {got} there")
            failed += 1
    if not 1000 < accepted < passed + failed:
        print(f"only {accepted} queries were accepted, or all: the comparison says nothing")
        failed += 1
    print(f"{accepted} queries accepted by hookproof and compared")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
