"""The claims: presence, types, issuer, application."""

import json

from .build import ABSENT, APPLICATION, NOW, Raw, VectorFile, bearer

_EXPECTED = {"expected_application_id": APPLICATION}


def collect(file: VectorFile) -> None:
    _presence(file)
    _types(file)
    _jti(file)
    _issuer(file)
    _application(file)
    _payload_hash_not_required(file)
    _unknown_claims(file)
    _order(file)


def _presence(file: VectorFile) -> None:
    for name in ("iat", "jti", "iss", "payload_hash"):
        file.reject(
            f"{name} missing",
            "claims.missing",
            "required",
            bearer(file.token({name: ABSENT})),
        )
    file.accept(
        "application_id missing, none expected",
        "required only where one is expected",
        bearer(file.token(application_id=ABSENT)),
    )
    file.reject(
        "application_id missing, one expected",
        "claims.missing",
        "an expectation makes the claim required",
        bearer(file.token(application_id=ABSENT)),
        options=_EXPECTED,
        impact="tenant",
    )
    for name in ("IAT", "Jti", "ISS", "payloadHash", "payload-hash"):
        wanted = {
            "IAT": "iat",
            "Jti": "jti",
            "ISS": "iss",
            "payloadHash": "payload_hash",
            "payload-hash": "payload_hash",
        }[name]
        claims = file.claims()
        change = {wanted: ABSENT, name: claims[wanted]}
        file.reject(
            f"{name} for {wanted}",
            "claims.missing",
            "names are exact",
            bearer(file.token(change)),
        )
    file.reject(
        "the claims inside a member",
        "claims.missing",
        "top level only",
        bearer(file.token(iat=ABSENT, jti=ABSENT, data={"iat": NOW, "jti": "x"})),
    )


def _types(file: VectorFile) -> None:
    for name, texts in (
        ("jti", ("null", "true", "false", "1", "1.5", "[]", '["x"]', "{}")),
        ("iss", ("null", "true", "0", '["Vonage"]', '{"Vonage":1}')),
        ("application_id", ("null", "false", "1", f'["{APPLICATION}"]', "{}")),
    ):
        for text in texts:
            file.reject(
                f"{name} is {text}",
                "claims.malformed",
                "a string",
                bearer(file.token({name: Raw(text)})),
            )
    for text in ("null", "1", f'["{APPLICATION}"]'):
        file.reject(
            f"application_id is {text}, one expected",
            "claims.malformed",
            "a string; malformed is not missing",
            bearer(file.token(application_id=Raw(text))),
            options=_EXPECTED,
            impact="tenant",
        )


def _jti(file: VectorFile) -> None:
    for value, name in (
        ("x", "1 byte"),
        ("j" * 256, "256 bytes"),
        ("\u00e9" * 128, "256 bytes, 128 characters"),
        ("\U0001f600" * 64, "256 bytes, 64 characters"),
        (" ", "one space"),
        ("not a uuid / at all", "free text"),
        ('"\\', "a quote and a backslash"),
        ("0", "a digit"),
        ("null", "the word null"),
        ("\u0436\u4e2d\u0623", "letters beyond ASCII"),
    ):
        file.accept(
            f"jti of {name}",
            "1 to 256 bytes without control characters",
            bearer(file.token(jti=value)),
        )
    for value, name in (
        ("", "no byte"),
        ("j" * 257, "257 bytes"),
        ("\u00e9" * 128 + "a", "257 bytes, 129 characters"),
        ("\U0001f600" * 65, "260 bytes, 65 characters"),
        ("j" * 4000, "4000 bytes"),
    ):
        file.reject(
            f"jti of {name}",
            "claims.malformed",
            "1 to 256 bytes: it is kept, RFC 9449 11.1",
            bearer(file.token(jti=value)),
            impact="dos",
        )
    for value, name in (
        ("\0", "a NUL alone"),
        ("a\0b", "a NUL inside"),
        ("ab\0", "a NUL at the end"),
        ("a\tb", "a tab"),
        ("a\nb", "a line feed"),
        ("a\r", "a carriage return"),
        ("\x1f", "U+001F"),
        ("a\x7f", "DEL"),
        ("\x1b[2J", "an escape sequence"),
    ):
        file.reject(
            f"jti with {name}",
            "claims.malformed",
            "no control characters: two identities in C would be one",
            bearer(file.token(jti=value)),
            impact="replay",
        )


def _issuer(file: VectorFile) -> None:
    for value in (
        "",
        "vonage",
        "VONAGE",
        "Vonage ",
        " Vonage",
        "Vonage\0",
        "Vonage\n",
        "Vonag",
        "onage",
        "Vonagee",
        "Nexmo",
        "*",
        "Vonage,Nexmo",
        "https://vonage.com",
        "Von\u0430ge",
        "\uff36onage",
        "Vonage\u200b",
        "null",
    ):
        file.reject(
            f"iss {json.dumps(value)}",
            "issuer.mismatch",
            "exactly Vonage, byte for byte",
            bearer(file.token(iss=value)),
            impact="forgery",
        )
    file.accept(
        "another issuer, expected",
        "the setting names it",
        bearer(file.token(iss="Nexmo")),
        options={"expected_issuer": "Nexmo"},
    )
    file.reject(
        "Vonage, another issuer expected",
        "issuer.mismatch",
        "the setting replaces the usual one",
        bearer(file.token()),
        options={"expected_issuer": "Nexmo"},
    )


def _application(file: VectorFile) -> None:
    file.accept(
        "the application expected",
        "equal",
        bearer(file.token()),
        options=_EXPECTED,
    )
    for value in ("", "another", APPLICATION.upper(), "a\0b"):
        file.accept(
            f"application_id {json.dumps(value)}, none expected",
            "any string",
            bearer(file.token(application_id=value)),
        )
    for value in (
        "",
        "bbbbbbbb-bbbb-cccc-dddd-0123456789ab",
        APPLICATION.upper(),
        APPLICATION + " ",
        " " + APPLICATION,
        APPLICATION + "\0",
        APPLICATION[:-1],
        APPLICATION + "0",
        APPLICATION.replace("-", ""),
        "{" + APPLICATION + "}",
        f"{APPLICATION},{APPLICATION}",
        "*",
    ):
        file.reject(
            f"application_id {json.dumps(value)}, another expected",
            "application.mismatch",
            "compared byte for byte",
            bearer(file.token(application_id=value)),
            options=_EXPECTED,
            impact="tenant",
        )


def _payload_hash_not_required(file: VectorFile) -> None:
    options = {"require_payload_hash": False}
    file.accept(
        "no payload_hash, none required",
        "the setting says so, loudly",
        bearer(file.token(payload_hash=ABSENT)),
        options=options,
    )
    file.accept(
        "a right payload_hash, none required",
        "checked when there",
        bearer(file.token()),
        options=options,
    )
    file.reject(
        "a payload_hash of another body, none required",
        "payload.mismatch",
        "checked when there",
        bearer(file.token()),
        body=b"another",
        options=options,
        impact="tamper",
    )
    file.reject(
        "payload_hash null, none required",
        "claims.malformed",
        "null is not absent",
        bearer(file.token(payload_hash=None)),
        options=options,
        impact="tamper",
    )


def _unknown_claims(file: VectorFile) -> None:
    for name, value in (
        ("sub", "someone"),
        ("aud", ["a", "b"]),
        ("sub", 5),
        ("aud", None),
        ("scope", {"a": [1, 2, {"b": None}]}),
        ("acl", {}),
        ("", ""),
        ("alg", "none"),
        ("region_url", "https://api-eu.example.com"),
    ):
        file.accept(
            f"claim {json.dumps(name)}: {json.dumps(value)}",
            "unknown claims are skipped, RFC 7519 4",
            bearer(file.token({name: value})),
        )


def _order(file: VectorFile) -> None:
    changes: tuple[tuple[str, str, dict[str, object]], ...] = (
        ("iat missing, jti null", "claims.missing", {"iat": ABSENT, "jti": None}),
        ("iat null, jti missing", "claims.malformed", {"iat": None, "jti": ABSENT}),
        ("jti null, iss missing", "claims.malformed", {"jti": None, "iss": ABSENT}),
        ("jti missing, iss null", "claims.missing", {"jti": ABSENT, "iss": None}),
        (
            "iss missing, payload_hash null",
            "claims.missing",
            {"iss": ABSENT, "payload_hash": None},
        ),
        (
            "payload_hash null, application_id missing",
            "claims.malformed",
            {"payload_hash": None, "application_id": ABSENT},
        ),
        (
            "application_id missing, exp null",
            "claims.missing",
            {"application_id": ABSENT, "exp": None},
        ),
        (
            "another issuer, exp null",
            "claims.malformed",
            {"iss": "Nexmo", "exp": None},
        ),
        (
            "another issuer, payload_hash missing",
            "claims.missing",
            {"iss": "Nexmo", "payload_hash": ABSENT},
        ),
        (
            "another issuer, another application",
            "issuer.mismatch",
            {"iss": "Nexmo", "application_id": "x"},
        ),
        (
            "another application, stale",
            "application.mismatch",
            {"application_id": "x", "iat": 0},
        ),
        ("another issuer, stale", "issuer.mismatch", {"iss": "Nexmo", "iat": 0}),
        ("stale, nbf null", "claims.malformed", {"iat": 0, "nbf": None}),
    )
    for name, reason, change in changes:
        file.reject(
            name,
            reason,
            "the order of checks: presence and types claim by claim, then values",
            bearer(file.token(change)),
            options=_EXPECTED,
        )
    file.reject(
        "another issuer, another body",
        "issuer.mismatch",
        "the body comes last",
        bearer(file.token(iss="Nexmo")),
        body=b"another",
    )
