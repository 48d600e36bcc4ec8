"""Runs vector files through the Python package, as every other language does through its own interface.

    python conformance.py [--json] FILE...

Prints a line for each failing case and the sums of each file, or with --json one object for each case. Exit status: 0
all passed, 1 a case failed or a format is not known, 2 usage, 3 a file could not be read.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from hookproof import Keyring, MemoryStore, Secret, Verifier, WebhookRefused, errors, parse_unsigned
from hookproof.events import Event
from hookproof.testing import Clock, Signer

CHUNKS = (1, 7, sys.maxsize)
LARGE_BODY = 64 * 1024
LARGE_PIECE = 4097
PLACEHOLDER = "vendor00"
WORDS = {
    "unsigned": ("header.missing", "sms.unsigned"),
    "malformed_header": ("header.malformed", "header.duplicated"),
    "malformed_token": ("token.malformed", "claims.malformed", "sms.malformed"),
    "unsupported_algorithm": ("token.algorithm",),
    "unsupported_critical": ("token.critical",),
    "too_large": ("token.too_large", "payload.too_large"),
    "unknown_key": ("key.unknown", "key.inactive", "key.mismatch", "key.unavailable"),
    "bad_signature": ("signature.invalid", "sms.signature_invalid"),
    "missing_claim": ("claims.missing", "sms.missing"),
    "wrong_issuer": ("issuer.mismatch",),
    "wrong_application": ("application.mismatch",),
    "stale": ("time.stale",),
    "from_future": ("time.future",),
    "expired": ("time.expired",),
    "not_yet_valid": ("time.not_yet_valid",),
    "payload_mismatch": ("payload.mismatch",),
    "replayed": ("replay.duplicate",),
    "in_progress": ("replay.in_progress",),
    "store_full": ("replay.store_full",),
    "store_unavailable": ("replay.store_unavailable",),
    "unsupported_request": ("request.unsupported",),
}
WORD_OF = {reason: word for word, reasons in WORDS.items() for reason in reasons}
NUMBERS = {name: code for code, (_, name, _) in errors._BY_CODE.items()}
SIGNATURE_INVALID, REQUEST_UNSUPPORTED = NUMBERS["signature.invalid"], NUMBERS["request.unsupported"]
ATTACK_OPTIONS = {
    "leeway",
    "max_age",
    "expected_issuer",
    "expected_application_id",
    "require_payload_hash",
    "max_header_bytes",
    "seen",
}


class Unreadable(Exception):
    """A file that is not what its format says."""


@dataclass
class Finding:
    """What came of one case."""

    id: str
    verdict: str
    reason: str = ""
    expected: str | None = None
    got: str = ""
    counts_as: str = "passed"
    event: str | None = None


@dataclass
class Trial:
    """A request, and what it is judged by; no verifier where its configuration is refused."""

    verifier: Verifier | None
    headers: list[tuple[str, bytes]]
    now: int
    body: bytes = b""
    method: bytes = b"POST"
    query: bytes = b""
    route: str = ""
    seen: list[tuple[str, str]] = field(default_factory=list)

    def head(self) -> dict[str, Any]:
        return {"headers": self.headers, "method": self.method, "query": self.query, "route": self.route}

    def answer(self, piece: int | None) -> tuple[str, int]:
        """The reason, empty when accepted, and its number."""
        if self.verifier is None:
            return "config_error", 0
        try:
            store = self.store() if self.seen else None
            if piece is None:
                if store is None:
                    self.verifier.verify(self.body, now=self.now, **self.head())
                else:
                    self.verifier.receive(self.body, store=store, now=self.now, **self.head()).claim()
                return "", 0
            size = LARGE_PIECE if piece == 1 and len(self.body) > LARGE_BODY else piece
            # A body in one piece comes with its length, the others without: both are ways of their own.
            length = len(self.body) if size >= len(self.body) else None
            pending = self.verifier.begin(content_length=length, now=self.now, **self.head())
            size = min(size, max(len(self.body), 1))
            for start in range(0, len(self.body), size):
                pending.update(self.body[start : start + size])
            if store is None:
                pending.finish(now=self.now)
            else:
                pending.receive(store, now=self.now).claim()
            return "", 0
        except WebhookRefused as refusal:
            return str(refusal.reason), refusal.code

    def store(self) -> MemoryStore:
        """A store that has seen what the case says: webhooks of these identities, from a signer of their own."""
        store = MemoryStore(len(self.seen) + 1)
        for api_key, jti in self.seen:
            signer = Signer(api_key, "seen", clock=Clock(self.now))
            # The widest window, so that nothing of it is forgotten meanwhile.
            Verifier({api_key: "seen"}, max_age=7 * 24 * 3600).verify_once(
                b"", headers=signer.headers(b"", jti=jti), store=store, now=self.now
            )
        return store


def judge(id: str, trial: Trial | None, expected: dict[str, Any], disputed: bool) -> Finding:
    if trial is None:
        return Finding(id, "not_applicable", counts_as="not_applicable")
    reason, code = trial.answer(None)
    finding = Finding(id, "reject" if reason else "accept", reason)
    for piece in CHUNKS:
        if trial.verifier is None:
            break
        other, _ = trial.answer(piece)
        if other != reason:
            finding.counts_as, finding.expected = "failed", "one verdict in every way"
            finding.got = f"one-shot {reason or 'ok'}, streamed in pieces of {piece} {other or 'ok'}"
            return finding
    if disputed:
        finding.counts_as = "disputed"
    elif not holds(expected, reason, code):
        finding.counts_as, finding.expected = "failed", json.dumps(expected)
        finding.got = f"reject {WORD_OF.get(reason, reason)} ({reason})" if reason else "accept"
    return finding


def holds(expected: dict[str, Any], reason: str, code: int) -> bool:
    if "signature_ok" in expected:
        # The signature's check was passed: the numbers follow the order of the checks, the unsupported request apart.
        past = reason in ("", "sms.missing") or SIGNATURE_INVALID < code < REQUEST_UNSUPPORTED
        return bool(expected["signature_ok"]) == past
    if expected["expect"] == "accept":
        return not reason
    words = expected["words"]
    known = not words or WORD_OF.get(reason, reason) in words
    known = known or ("cold_start" in words and reason == "replay.store_unavailable")
    return bool(reason) and known and expected["reason"] in (None, "", reason)


def bytes_of(value: Any) -> bytes:
    """A text whose code points are bytes, or `{parts: [text | {repeat, count}]}`."""
    if isinstance(value, str):
        return value.encode("latin-1")
    return b"".join(
        part.encode("latin-1") if isinstance(part, str) else part["repeat"].encode("latin-1") * part.get("count", 1)
        for part in value["parts"]
    )


def fields(value: Any, name: str) -> list[tuple[str, bytes]]:
    if value is None:
        return []
    return [(name, bytes_of(one)) for one in (value if isinstance(value, list) else [value])]


def secret_of(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else base64.b64decode(value["b64"])


def configured(keyring: dict[str, list[Any]], application_id: str | None, options: dict[str, Any]) -> Verifier | None:
    try:
        ring = Keyring(
            {
                api_key: [Secret(f"key-{number}", secret_of(secret)) for number, secret in enumerate(secrets)]
                for api_key, secrets in keyring.items()
                if secrets
            },
            application_ids={api_key: application_id for api_key, secrets in keyring.items() if secrets}
            if application_id is not None
            else None,
        )
        return Verifier(ring, **options)
    except ValueError:
        return None


def header_name(profile: str) -> str:
    return Verifier({"a": "b"}, profile=profile).header_name  # type: ignore[arg-type]


def attacks(file: dict[str, Any]) -> Iterator[Finding]:
    for case in file["cases"]:
        given = {**file.get("default_options", {}), **(case.get("options") or {})}
        if not given.keys() <= ATTACK_OPTIONS:
            raise Unreadable(f"{case['id']}: an option is not known")
        profile = case.get("profile") or "standard"
        options: dict[str, Any] = {"profile": profile}
        for name in ("leeway", "max_age", "max_header_bytes", "expected_issuer"):
            if given.get(name) is not None:
                options[name] = given[name]
        if given.get("require_payload_hash") is False:
            options["dangerously_allow_missing_payload_hash"] = True
        trial = Trial(
            verifier=configured(case["keyring"], given.get("expected_application_id"), options),
            headers=fields(case["authorization"], header_name(profile)),
            now=case["now"] if case.get("now") is not None else file["now"],
            body=base64.b64decode(bytes_of(case["body"])),
            method=("POST" if case.get("method") is None else case["method"]).encode("latin-1"),
            query=(case.get("query") or "").encode("latin-1"),
            route=min(case["keyring"], default=""),
            seen=[(seen["api_key"], seen["jti"]) for seen in given.get("seen") or []],
        )
        expected = {"expect": case["expect"], "words": case["acceptable_codes"], "reason": case.get("reason")}
        yield judge(case["id"], trial, expected, case.get("debatable") is True)


def vendor(file: list[dict[str, Any]]) -> Iterator[Finding]:
    for index, entry in enumerate(file):
        inputs = entry["inputs"]
        blank = any(isinstance(value, str) and not value.strip() for value in inputs.get("params", {}).values())
        trial, expected = (token_of if entry["kind"] == "jwt" else sms_of)(entry)
        yield judge(f"vendor-{index}", trial, expected, blank)


def sms_of(entry: dict[str, Any]) -> tuple[Trial | None, dict[str, Any]]:
    inputs = entry["inputs"]
    if inputs.get("secret") is None:
        return None, {}  # never published
    parameters: dict[str, str] = inputs["params"]
    expected = expectation(inputs["secret"], entry["recomputed"]["verdict"])
    options = {"profile": f"sms_{inputs['method']}", "dangerously_allow_missing_nonce": True}
    timestamp = parameters.get("timestamp", "")
    return Trial(
        verifier=configured({PLACEHOLDER: [inputs["secret"]]}, None, options),
        headers=[],
        now=int(timestamp) if timestamp.lstrip("+-").isdigit() else 0,
        body=urlencode([*parameters.items(), ("sig", inputs["sig"])]).encode(),
        route=PLACEHOLDER,
    ), expected


def token_of(entry: dict[str, Any]) -> tuple[Trial, dict[str, Any]]:
    inputs = entry["inputs"]
    expected = expectation(inputs["secret"], entry["recomputed"]["hs256_signature_ok"])
    claims = claims_of(inputs["token"])
    if inputs.get("header") is not None:
        profile = "contact_center"
    elif claims is None or isinstance(claims.get("api_key"), str):
        profile = "standard"
    else:
        profile = "video"
    named = claims.get("api_key") if claims and profile == "standard" else None
    secret = inputs["secret"]
    if inputs.get("secret_encoding") == "base64":
        secret = {"b64": secret}
    now = inputs.get("now") if inputs.get("now") is not None else (claims or {}).get("iat")
    return Trial(
        verifier=configured({named or PLACEHOLDER: [secret]}, None, {"profile": profile}),
        headers=[(header_name(profile), ("Bearer " + inputs["token"]).encode("latin-1"))],
        now=now if isinstance(now, int) else 0,
        body=(inputs.get("body") or "").encode(),
        method=(inputs.get("method") or "POST").encode(),
        query=(inputs.get("query") or "").encode("latin-1"),
        route=PLACEHOLDER,
    ), expected


def expectation(secret: str, good: bool) -> dict[str, Any]:
    if secret == "":
        return {"expect": "reject", "words": [], "reason": "config_error"}
    return {"signature_ok": good}


def claims_of(token: str) -> dict[str, Any] | None:
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    return claims if isinstance(claims, dict) else None


def payload(file: dict[str, Any]) -> Iterator[Finding]:
    id = f"{file['api']} {file['event']}"
    body, query = (file.get("wire_body") or "").encode(), (file.get("wire_query") or "").encode()
    signature = file.get("sample_signature")
    event: Event
    if signature is None:
        kind = file.get("content_type") or ""
        if file["method"] == "GET":
            event = parse_unsigned(query, carrier="query")
        else:
            event = parse_unsigned(body, carrier="form" if "form-urlencoded" in kind else "json")
    else:
        claims = signature["claims"]
        verifier = Verifier({claims["api_key"]: signature["secret"]})
        headers = {"Authorization": signature["authorization"]}
        try:
            event = verifier.verify(body, headers=headers, method=file["method"], query=query, now=claims["iat"]).event
        except WebhookRefused as refusal:
            reason = str(refusal.reason)
            yield Finding(id, "reject", reason, "accept", reason, "failed")
            return
    finding = Finding(id, "accept", event=event.json)
    if (event.api, event.event, event.signed) != (file["api"], file["event"], signature is not None):
        finding.counts_as, finding.expected, finding.got = "failed", id, f"{event.api} {event.event}"
    yield finding


def findings(file: Any) -> Iterator[Finding] | None:
    """The cases of a file; None if its format is not known."""
    if isinstance(file, dict):
        if file.get("format") == "signed-webhook-attacks/1":
            return attacks(file)
        if "api" in file and "payload" in file:
            return payload(file)
    if isinstance(file, list) and file and "kind" in file[0]:
        return vendor(file)
    return None


def run(paths: list[str], as_json: bool) -> int:
    kinds = ("passed", "failed", "disputed", "not_applicable")
    every = dict.fromkeys(kinds, 0)
    unknown = False
    out = sys.stderr if as_json else sys.stdout
    for path in paths:
        name = Path(path).name
        try:
            cases = findings(json.loads(Path(path).read_bytes()))
            if cases is None:
                print(f"{name}: the format is not known to this door yet", file=sys.stderr)
                unknown = True
                continue
            sums = dict.fromkeys(kinds, 0)
            for found in cases:
                sums[found.counts_as] += 1
                if as_json:
                    members = {"file": name, "id": found.id, "verdict": found.verdict, "reason": found.reason}
                    members["code"] = WORD_OF.get(found.reason, found.reason)
                    line = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
                    print(line if found.event is None else f'{line[:-1]},"event":{found.event}}}')
                if found.expected is not None:
                    print(f"{found.id} expected {found.expected} got {found.got}", file=out)
        except (OSError, ValueError, LookupError, TypeError, Unreadable) as error:
            print(f"conformance: {path}: {type(error).__name__}: {error}", file=sys.stderr)
            return 3
        for kind in kinds:
            every[kind] += sums[kind]
        said = ", ".join(f"{sums[kind]} {kind.replace('_', ' ')}" for kind in kinds)
        print(f"{name}:\n{said}", file=out)
    print(f"{every['passed']} passed, {every['failed']} failed", file=out)
    return 1 if every["failed"] or unknown else 0


if __name__ == "__main__":
    arguments = sys.argv[1:]
    as_json = arguments[:1] == ["--json"]
    if not arguments[as_json:]:
        print("usage: conformance.py [--json] FILE...", file=sys.stderr)
        sys.exit(2)
    sys.exit(run(arguments[as_json:], as_json))
