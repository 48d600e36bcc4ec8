"""What the modules of replay sequences share: requests, steps, and the file being collected."""

import json
from collections.abc import Callable, Mapping, Sequence

from .build import (
    ACCOUNT,
    APPLICATION,
    HEADER,
    NOW,
    OTHER_ACCOUNT,
    OTHER_SECRET,
    SECRET,
    WORDS,
    b64,
    bearer,
    sha256_hex,
    sign,
    write,
)

OLD_SECRET = b"vector-secret-A-old-1b2c3d4e5f607182"
# Begins like the first account.
LONGER_ACCOUNT = f"{ACCOUNT}5"
LONGER_SECRET = b"vector-secret-C-55aa66bb77cc88dd"
EVENT = b'{"event":"x"}'

DEFAULT_CONFIG: dict[str, object] = {
    "leeway": 60,
    "max_age": 300,
    "lease": 30,
    "capacity": 1000,
    "store": "memory",
    "store_down": "refuse",
    "cold_start": "allow",
    "expected_application_id": None,
}

KEYRING = {
    ACCOUNT: [SECRET, OLD_SECRET],
    OTHER_ACCOUNT: [OTHER_SECRET],
    LONGER_ACCOUNT: [LONGER_SECRET],
}

Step = dict[str, object]
Request = dict[str, str]


def accept(request: str = "a", at: int = 0, *, process: int | None = None) -> Step:
    """A verify step to accept; `at` counts from NOW, here and below."""
    return _verify(request, at, process) | {"expect": "accept", "codes": []}


def refuse(
    reason: str, request: str = "a", at: int = 0, *, process: int | None = None, also: Sequence[str] = ()
) -> Step:
    """A verify step to refuse. `also`: words that are right for a store which forgets at other times than ours."""
    codes = [WORDS[reason], *also]
    return _verify(request, at, process) | {"expect": "reject", "codes": codes, "reason": reason}


def _verify(request: str, at: int, process: int | None) -> Step:
    step: Step = {"do": "verify", "request": request, "now": NOW + at}
    return step if process is None else step | {"process": process}


def confirm(step: int, at: int | None = None, expect: str = "done") -> Step:
    return _end("confirm", step, at, expect)


def release(step: int, at: int | None = None, expect: str = "done") -> Step:
    return _end("release", step, at, expect)


def _end(how: str, step: int, at: int | None, expect: str) -> Step:
    end: Step = {"do": how, "step": step}
    if at is not None:
        end["now"] = NOW + at
    return end | {"expect": expect}


def flood(prefix: str, count: int, at: int = 0, iat: int | None = None) -> Step:
    issued_at = at if iat is None else iat
    return {"do": "flood", "now": NOW + at, "iat": NOW + issued_at, "prefix": prefix, "count": count}


def flood_again(prefix: str, count: int, accepts: int, at: int = 0, iat: int | None = None) -> Step:
    return flood(prefix, count, at, iat) | {"do": "flood_again", "expect_accepts": accepts}


def concurrent(accepts: int, request: str = "a", at: int = 0, *, count: int = 32, processes: int | None = None) -> Step:
    step: Step = {"do": "concurrent", "request": request, "now": NOW + at, "count": count, "expect_accepts": accepts}
    return step if processes is None else step | {"processes": processes}


def down() -> Step:
    return {"do": "store", "state": "down"}


def up() -> Step:
    return {"do": "store", "state": "up"}


def restart(at: int | None = None) -> Step:
    return {"do": "restart"} if at is None else {"do": "restart", "now": NOW + at}


class SequenceFile:
    """One file being collected. Sequences are numbered in the order they are added."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.sequences: list[dict[str, object]] = []

    @property
    def next_id(self) -> str:
        return f"{self.prefix}{len(self.sequences) + 1:03}"

    def jti(self, name: str = "a") -> str:
        """The `jti` of the next sequence's request of that name."""
        return f"{self.next_id.lower()}-{name}-4c10-bfdf-3fbe8ce511b5"

    def token(
        self,
        name: str = "a",
        iat: int = 0,
        *,
        body: bytes = EVENT,
        sent: bytes | None = None,
        secret: bytes = SECRET,
        header: bytes = HEADER,
        before: str = "",
        **changes: object,
    ) -> Request:
        """A request of the next sequence. `iat` counts from NOW; `sent` is another body than the one signed."""
        claims: dict[str, object] = {
            "iat": NOW + iat,
            "jti": self.jti(name),
            "iss": "Vonage",
            "payload_hash": sha256_hex(body),
            "api_key": ACCOUNT,
            "application_id": APPLICATION,
        }
        token = sign(write(claims | changes), header, secret)
        return {"authorization": f"{before}{bearer(token)}", "body": b64(body if sent is None else sent)}

    def add(
        self,
        name: str,
        why: str,
        steps: Sequence[Step],
        requests: Mapping[str, Request] | None = None,
        **config: object,
    ) -> None:
        """Adds a sequence. Without requests there is one, `a`, issued now."""
        if config.keys() - DEFAULT_CONFIG.keys():
            raise ValueError(f"{self.next_id}: a setting is not known")
        sequence: dict[str, object] = {
            "id": self.next_id,
            "name": name,
            "why": why,
            "config": config,
            "requests": {"a": self.token()} if requests is None else dict(requests),
            "steps": list(steps),
            "debatable": False,
        }
        self.sequences.append(sequence)

    def text(self) -> str:
        """The file as it is committed."""
        file = {
            "format": "signed-webhook-replay/1",
            "default_config": DEFAULT_CONFIG,
            "keyring": {key: [secret.decode() for secret in secrets] for key, secrets in KEYRING.items()},
            "notes": [
                "written by generate.py, which says how; change it there",
                "steps run in order against one store; README.md says what each does",
                "reason: the exact name of the refusal by our stores; codes: its word, and others that are right",
            ],
            "sequences": self.sequences,
        }
        return json.dumps(file, indent=1) + "\n"


SequenceCollector = Callable[[SequenceFile], None]
