"""The method: POST, PUT and PATCH carry a body that the hash covers. RFC 9110 9."""

import json

from .build import ABSENT, VectorFile, bearer


def collect(file: VectorFile) -> None:
    for method in ("POST", "PUT", "PATCH"):
        file.accept(
            f"method {method}",
            "a body that the hash covers",
            bearer(file.token()),
            method=method,
        )
        file.accept(
            f"method {method}, no body",
            "the hash of nothing",
            bearer(file.token(body=b"")),
            body=b"",
            method=method,
        )
        file.reject(
            f"method {method}, another body",
            "payload.mismatch",
            "the hash is judged for each method",
            bearer(file.token()),
            body=b"another",
            method=method,
            impact="tamper",
        )
    for query in ("a=1&b=2", "payload_hash=0", "%zz&&=\xff"):
        file.accept(
            f"POST with the query {json.dumps(query)}",
            "a POST's query is not covered and not looked at",
            bearer(file.token()),
            method="POST",
            query=query,
        )
    for method, why in (
        ("DELETE", "not among the methods"),
        ("HEAD", "carries no body"),
        ("TRACE", "carries no body"),
        ("OPTIONS", "not among the methods"),
        ("CONNECT", "carries no body"),
        ("PROPFIND", "not among the methods"),
        ("QUERY", "not among the methods"),
        ("post", "methods are case-sensitive, RFC 9110 9.1"),
        ("Post", "methods are case-sensitive, RFC 9110 9.1"),
        ("put", "methods are case-sensitive, RFC 9110 9.1"),
        ("patch", "methods are case-sensitive, RFC 9110 9.1"),
        ("POST ", "nothing is trimmed"),
        (" POST", "nothing is trimmed"),
        ("POST\r\n", "nothing is trimmed"),
        ("POST\0", "a C string would end there"),
        ("POS", "names are exact"),
        ("POSTS", "names are exact"),
        ("POST,PUT", "one method"),
        ("P\xd6ST", "bytes, not text"),
        ("", "no method"),
    ):
        file.reject(
            f"method {json.dumps(method)}",
            "request.unsupported",
            why,
            bearer(file.token()),
            method=method,
        )
    for name, authorization in (
        ("no header", None),
        ("a malformed header", "Basic x"),
        ("a wrong signature", bearer(file.token(secret=b"attacker"))),
        ("no claims", bearer(file.token(api_key=ABSENT))),
    ):
        file.reject(
            f"DELETE with {name}",
            "request.unsupported",
            "the method comes first",
            authorization,
            method="DELETE",
        )
