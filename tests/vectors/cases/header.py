"""The header field: how many, how long, and its form. RFC 6750 2.1."""

from .build import NOW, VectorFile, bearer


def collect(file: VectorFile) -> None:
    _good(file)
    _count(file)
    _length(file)
    _malformed(file)
    _token_characters(file)


def _good(file: VectorFile) -> None:
    file.accept("as the sender writes it", "the plain case", bearer(file.token()))
    for scheme in ("bearer", "BEARER", "bEaReR"):
        file.accept(
            f"scheme {scheme}",
            "a scheme's case has no meaning, RFC 9110 11.1",
            f"{scheme} {file.token()}",
        )
    for count in (2, 64):
        file.accept(
            f"{count} spaces after the scheme",
            "one or more SP, RFC 9110 11.4",
            f"Bearer{' ' * count}{file.token()}",
        )


def _count(file: VectorFile) -> None:
    file.reject(
        "no field",
        "header.missing",
        "the sender did not sign, or a server on the way took the field",
        None,
        impact="forgery",
    )
    file.reject(
        "an empty list of fields",
        "header.missing",
        "the same, said with a list",
        [],
        impact="forgery",
    )
    file.reject(
        "an empty field",
        "header.missing",
        "some servers hand over an empty text for no field",
        "",
        impact="forgery",
    )

    token = bearer(file.token())
    file.reject(
        "the same field twice",
        "header.duplicated",
        "two readers may take different ones",
        [token, token],
    )
    first, second = bearer(file.token()), bearer(file.token(iat=NOW - 1))
    file.reject(
        "two fields, both signed",
        "header.duplicated",
        "the first decides here, the last elsewhere",
        [first, second],
    )
    file.reject(
        "a good field, then a forged one",
        "header.duplicated",
        "a proxy may have judged the other one",
        [bearer(file.token()), "Bearer a.b.c"],
        impact="forgery",
    )
    file.reject(
        "another scheme, then a good field",
        "header.duplicated",
        "the field must stand there once",
        ["Basic dXNlcjpwYXNz", bearer(file.token())],
    )
    token = bearer(file.token())
    file.reject(
        "three fields",
        "header.duplicated",
        "the field must stand there once",
        [token, token, token],
    )
    token = bearer(file.token())
    file.reject(
        "two fields, the first too long",
        "header.duplicated",
        "the count comes before the length",
        ["Bearer " + "A" * 9000, token],
    )


def _length(file: VectorFile) -> None:
    def padded(length: int) -> dict[str, object]:
        token = file.token()
        count = length - len("Bearer") - len(token)
        return {"parts": ["Bearer", {"repeat": " ", "count": count}, token]}

    for options, limit in (
        ({}, 8192),
        ({"max_header_bytes": 512}, 512),
        ({"max_header_bytes": 65536}, 65536),
    ):
        file.accept(
            f"a field of exactly {limit} bytes",
            "the limit itself is allowed",
            padded(limit),
            options=options,
        )
        file.reject(
            f"a field of {limit + 1} bytes",
            "token.too_large",
            "one byte more than allowed",
            padded(limit + 1),
            impact="dos",
            options=options,
        )
    file.reject(
        "a megabyte of dots",
        "token.too_large",
        "refused before it is split",
        {"parts": ["Bearer ", {"repeat": ".", "count": 1_000_000}]},
        impact="dos",
    )
    file.reject(
        "9000 letters without a scheme",
        "token.too_large",
        "the length comes before the form",
        {"parts": [{"repeat": "x", "count": 9000}]},
        impact="dos",
    )


def _malformed(file: VectorFile) -> None:
    def add(name: str, why: str, form: str) -> None:
        value = form.replace("TOKEN", file.token())
        file.reject(name, "header.malformed", why, value)

    add("the scheme alone", "no token", "Bearer")
    add("the scheme and a space", "no token", "Bearer ")
    add("the scheme and three spaces", "no token", "Bearer   ")
    add("the token alone", "no scheme", "TOKEN")
    for scheme in ("Basic", "Token", "JWT", "Digest", "Bearer2", "Beare", "xBearer"):
        add(f"scheme {scheme}", "not Bearer", f"{scheme} TOKEN")
    add("no space after the scheme", "a cut of seven bytes would pass", "BearerTOKEN")
    for letter, name in ((":", "colon"), ("=", "equals sign"), (",", "comma")):
        add(
            f"a {name} after the scheme",
            "a cut of seven bytes would pass",
            f"Bearer{letter}TOKEN",
        )
    add("a tab after the scheme", "SP only, RFC 9110 11.4", "Bearer\tTOKEN")
    add("a space and a tab after the scheme", "SP only", "Bearer \tTOKEN")
    add("a tab and a space after the scheme", "SP only", "Bearer\t TOKEN")
    add("a NUL after the scheme", "a C string would end there", "Bearer\0TOKEN")
    add("a no-break space after the scheme", "SP only", "Bearer\xa0TOKEN")
    add("a space before the scheme", "nothing is trimmed", " Bearer TOKEN")
    add("a line feed before the scheme", "nothing is trimmed", "\nBearer TOKEN")
    add(
        "a byte order mark before the scheme",
        "no text file",
        "\xef\xbb\xbfBearer TOKEN",
    )
    for letter, name in (
        (" ", "space"),
        ("\t", "tab"),
        ("\n", "line feed"),
        ("\r\n", "line end"),
        ("\0", "NUL"),
        ("\x7f", "DEL"),
        (",", "comma"),
        ("\x0b", "vertical tab"),
    ):
        add(f"a {name} after the token", "nothing is trimmed", f"Bearer TOKEN{letter}")
    add("two tokens with a space", "one token", "Bearer TOKEN TOKEN")
    add(
        "two fields joined with a comma",
        "what some servers make of two fields",
        "Bearer TOKEN, Bearer TOKEN",
    )
    add("two tokens with a comma", "one token", "Bearer TOKEN,TOKEN")
    add("the scheme twice", "one token", "Bearer Bearer TOKEN")
    add("a parameter after the token", "one token", 'Bearer TOKEN realm="x"')
    add("a parameter before the token", "one token", "Bearer token TOKEN")
    for letter, name in (
        (" ", "space"),
        ("\t", "tab"),
        ("\x01", "control"),
        (",", "comma"),
    ):
        head, rest = file.token().split(".", 1)
        file.reject(
            f"a {name} inside the token",
            "header.malformed",
            "no folding, no joining",
            f"Bearer {head}.{letter}{rest}",
        )


def _token_characters(file: VectorFile) -> None:
    """One token for the field's form, which the token's own form then refuses."""

    def add(name: str, why: str, form: str) -> None:
        value = form.replace("TOKEN", file.token())
        file.reject(name, "token.malformed", why, value)

    add("quotes around the token", "no letters of a token", 'Bearer "TOKEN"')
    add("angle brackets around the token", "no letters of a token", "Bearer <TOKEN>")
    add("a no-break space before the token", "no letter of a token", "Bearer \xa0TOKEN")
    add("a UTF-8 letter after the token", "no letter of a token", "Bearer TOKEN\xc3\xa9")
    add("a semicolon after the token", "no letter of a token", "Bearer TOKEN;")
    add("one letter for a token", "no dot in it", "Bearer A")
    add("a named token", "no letters of a token", "Bearer token=TOKEN")
