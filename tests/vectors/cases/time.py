"""iat, exp and nbf against the clock. RFC 7519 4.1.4 to 4.1.6."""

from .build import NOW, Raw, VectorFile, bearer

MAX = 253402300799


def collect(file: VectorFile) -> None:
    _issued_at(file)
    _settings(file)
    _expiry(file)
    _not_before(file)
    _types(file)
    _order(file)


def _issued_at(file: VectorFile) -> None:
    for name, iat in (
        ("of this second", NOW),
        ("299 s old", NOW - 299),
        ("300 s old", NOW - 300),
        ("1 s ahead", NOW + 1),
        ("60 s ahead", NOW + 60),
    ):
        file.accept(
            f"a token {name}",
            "both edges are inclusive",
            bearer(file.token(iat=iat)),
        )
    for name, iat in (
        ("301 s old", NOW - 301),
        ("360 s old: leeway does not add to the age", NOW - 360),
        ("an hour old", NOW - 3600),
        ("a day old", NOW - 86400),
        ("a year old", NOW - 31536000),
        ("from 1970", 0),
        ("from the second after", 1),
    ):
        file.reject(
            f"a token {name}",
            "time.stale",
            "at most 300 s",
            bearer(file.token(iat=iat)),
            impact="replay",
        )
    for name, iat in (
        ("61 s ahead", NOW + 61),
        ("300 s ahead", NOW + 300),
        ("a day ahead", NOW + 86400),
        ("beyond 2038", 2147483648),
        ("beyond 32 bits", 4294967296 + NOW),
        ("from the year 9999", MAX),
    ):
        file.reject(
            f"a token {name}",
            "time.future",
            "at most 60 s; it would stay fresh for too long",
            bearer(file.token(iat=iat)),
            impact="replay",
        )
    for now in (0, 1, 300):
        file.accept(
            f"iat 0, the clock at {now}",
            "zero is a time",
            bearer(file.token(iat=0)),
            now=now,
        )
    file.reject(
        "iat 0, the clock at 301",
        "time.stale",
        "zero is a time",
        bearer(file.token(iat=0)),
        now=301,
        impact="replay",
    )
    for now in (MAX - 60, MAX, MAX + 300):
        file.accept(
            f"the largest iat, the clock at {now}",
            "the limit itself is allowed",
            bearer(file.token(iat=MAX)),
            now=now,
        )
    for now in (2147483647, 2147483648, 4294967295, 4294967296):
        file.accept(
            f"iat and clock at {now}",
            "no 32-bit clock",
            bearer(file.token(iat=now)),
            now=now,
        )


def _settings(file: VectorFile) -> None:
    for options, iat, what in (
        ({"max_age": 1}, NOW - 1, "age 1 s"),
        ({"max_age": 10}, NOW - 10, "age 10 s"),
        ({"max_age": 3600}, NOW - 3600, "age an hour"),
        ({"max_age": 87300}, NOW - 87300, "age 24 h 15 min"),
        ({"max_age": 604800}, NOW - 604800, "age a week"),
        ({"leeway": 0}, NOW, "this second"),
        ({"leeway": 0}, NOW - 300, "age 300 s"),
        ({"leeway": 1}, NOW + 1, "1 s ahead"),
        ({"leeway": 3600}, NOW + 3600, "an hour ahead"),
    ):
        setting = ", ".join(f"{name} {value}" for name, value in options.items())
        file.accept(
            f"{setting}: {what}",
            "the edge that was set is inclusive",
            bearer(file.token(iat=iat)),
            options=options,
        )
    for options, iat, what, reason in (
        ({"max_age": 1}, NOW - 2, "age 2 s", "time.stale"),
        ({"max_age": 10}, NOW - 11, "age 11 s", "time.stale"),
        ({"max_age": 3600}, NOW - 3601, "a second over", "time.stale"),
        ({"max_age": 87300}, NOW - 87301, "a second over", "time.stale"),
        ({"max_age": 604800}, NOW - 604801, "a second over", "time.stale"),
        ({"leeway": 0}, NOW + 1, "1 s ahead", "time.future"),
        ({"leeway": 0}, NOW - 301, "age 301 s", "time.stale"),
        ({"leeway": 1}, NOW + 2, "2 s ahead", "time.future"),
        ({"leeway": 3600}, NOW + 3601, "a second over", "time.future"),
        ({"leeway": 3600}, NOW - 301, "age 301 s", "time.stale"),
        ({"max_age": 3600}, NOW + 61, "61 s ahead", "time.future"),
    ):
        setting = ", ".join(f"{name} {value}" for name, value in options.items())
        file.reject(
            f"{setting}: {what}",
            reason,
            "each setting moves its own edge only",
            bearer(file.token(iat=iat)),
            options=options,
            impact="replay",
        )


def _expiry(file: VectorFile) -> None:
    for name, exp in (
        ("in a second", NOW + 1),
        ("in an hour", NOW + 3600),
        ("in the year 9999", MAX),
    ):
        file.accept(
            f"exp {name}",
            "before it the token is good",
            bearer(file.token(exp=exp)),
        )
    for name, exp in (
        ("now", NOW),
        ("a second ago", NOW - 1),
        ("60 s ago", NOW - 60),
        ("an hour ago", NOW - 3600),
        ("at zero", 0),
        ("at one", 1),
    ):
        file.reject(
            f"exp {name}",
            "time.expired",
            "on or after it the token is void",
            bearer(file.token(exp=exp)),
            impact="replay",
        )
    file.reject(
        "exp a second ago, leeway an hour",
        "time.expired",
        "leeway does not prolong",
        bearer(file.token(exp=NOW - 1)),
        options={"leeway": 3600},
        impact="replay",
    )
    file.reject(
        "exp now, max_age a week",
        "time.expired",
        "the age that is allowed does not prolong",
        bearer(file.token(exp=NOW)),
        options={"max_age": 604800},
        impact="replay",
    )
    file.reject(
        "exp in an hour, 301 s old",
        "time.stale",
        "exp does not prolong the age that is allowed",
        bearer(file.token(iat=NOW - 301, exp=NOW + 3600)),
        impact="replay",
    )


def _not_before(file: VectorFile) -> None:
    for name, nbf in (
        ("at zero", 0),
        ("an hour ago", NOW - 3600),
        ("now", NOW),
        ("in a second", NOW + 1),
        ("in 60 s", NOW + 60),
    ):
        file.accept(f"nbf {name}", "leeway counts", bearer(file.token(nbf=nbf)))
    for name, nbf in (
        ("in 61 s", NOW + 61),
        ("in an hour", NOW + 3600),
        ("in the year 9999", MAX),
    ):
        file.reject(
            f"nbf {name}",
            "time.not_yet_valid",
            "at most 60 s ahead",
            bearer(file.token(nbf=nbf)),
        )
    file.accept(
        "leeway 0: nbf now",
        "the edge is inclusive",
        bearer(file.token(nbf=NOW)),
        options={"leeway": 0},
    )
    file.reject(
        "leeway 0: nbf in a second",
        "time.not_yet_valid",
        "the edge that was set",
        bearer(file.token(nbf=NOW + 1)),
        options={"leeway": 0},
    )
    file.accept(
        "leeway 3600: nbf in an hour",
        "the edge is inclusive",
        bearer(file.token(nbf=NOW + 3600)),
        options={"leeway": 3600},
    )
    file.accept(
        "iat, nbf and exp together",
        "each holds",
        bearer(file.token(nbf=NOW, exp=NOW + 300)),
    )


def _types(file: VectorFile) -> None:
    for name, at in (("iat", NOW), ("exp", NOW + 3600), ("nbf", NOW)):
        for text, why in (
            (f"{at}000", "milliseconds"),
            (f"{at}.0", "a fraction, though zero"),
            (f"{at}.5", "a fraction"),
            (f"{at}e0", "an exponent, though zero"),
            (f"{at // 100}E2", "an exponent"),
            (f"{at / 1e9:.9f}e9", "a fraction and an exponent"),
            (f'"{at}"', "a string"),
            ('""', "a string"),
            ("null", "null is a wrong type, not absent"),
            ("true", "a boolean"),
            ("false", "a boolean"),
            (f"[{at}]", "a list"),
            ("{}", "an object"),
            ("-1", "below zero"),
            (f"-{at}", "below zero"),
            ("-0", "a sign"),
            (str(MAX + 1), "beyond the year 9999"),
            ("9007199254740993", "beyond 2^53"),
            ("9223372036854775807", "the largest of 64 bits with a sign"),
            ("9223372036854775808", "beyond 64 bits with a sign"),
            (str(18446744073709551616 + at), "right again when cut to 64 bits"),
            ("1" + "0" * 100, "beyond every integer type"),
            ("1e300", "huge"),
        ):
            file.reject(
                f"{name} is {text}",
                "claims.malformed",
                f"an integer of seconds, 0 to {MAX}: {why}",
                bearer(file.token({name: Raw(text)})),
                impact="replay" if name == "iat" else "strictness",
            )
        for text, why in (
            ("1e400", "beyond a double"),
            ("9" * 400, "beyond a double"),
            (f"0{at}", "a leading zero"),
            (f"+{at}", "a plus sign"),
            ("NaN", "no JSON"),
        ):
            file.reject(
                f"{name} is {text if len(text) < 40 else '400 nines'}",
                "token.malformed",
                why,
                bearer(file.token({name: Raw(text)})),
            )
    file.reject(
        "iat 0.0, the clock at 0",
        "claims.malformed",
        "zero is no excuse",
        bearer(file.token(iat=Raw("0.0"))),
        now=0,
    )
    file.accept(
        "iat with white space around it",
        "the number itself is plain",
        bearer(file.token(iat=Raw(f" \t{NOW}\r\n"))),
    )


def _order(file: VectorFile) -> None:
    changes: tuple[tuple[str, str, dict[str, object]], ...] = (
        ("stale and expired", "time.stale", {"iat": NOW - 301, "exp": NOW - 1}),
        (
            "stale and not yet valid",
            "time.stale",
            {"iat": NOW - 301, "nbf": NOW + 61},
        ),
        (
            "from the future and expired",
            "time.future",
            {"iat": NOW + 61, "exp": NOW},
        ),
        (
            "from the future and not yet valid",
            "time.future",
            {"iat": NOW + 61, "nbf": NOW + 61},
        ),
        (
            "expired and not yet valid",
            "time.expired",
            {"exp": NOW, "nbf": NOW + 61},
        ),
    )
    for name, reason, change in changes:
        file.reject(
            name,
            reason,
            "iat, then exp, then nbf",
            bearer(file.token(change)),
            impact="replay",
        )
    faults: tuple[tuple[str, str, dict[str, object]], ...] = (
        ("stale", "time.stale", {"iat": NOW - 301}),
        ("from the future", "time.future", {"iat": NOW + 61}),
        ("expired", "time.expired", {"exp": NOW}),
        ("not yet valid", "time.not_yet_valid", {"nbf": NOW + 61}),
    )
    for name, reason, change in faults:
        file.reject(
            f"{name} and another body",
            reason,
            "the body comes last",
            bearer(file.token(change)),
            body=b"another",
            impact="replay",
        )
