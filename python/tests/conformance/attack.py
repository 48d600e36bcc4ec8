"""`signed-webhook-attacks/1`"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import keys
from .door import Request, Trial
from .entry import Entry
from .finding import Finding
from .vector import expectation, judge

FORMAT = "signed-webhook-attacks/1"

_OPTIONS = (
    "leeway",
    "max_age",
    "expected_issuer",
    "expected_application_id",
    "require_payload_hash",
    "max_header_bytes",
    "seen",
)


def findings(file: Any) -> Iterator[Finding]:
    for value in Entry("?", file).listed("cases"):
        case = Entry(Entry("?", value).text("id"), value)
        trial = _trial(Entry(case.id, file), case)
        yield judge(case.id, trial, expectation(case, "acceptable_codes"), case.optional("debatable") is True)


def _trial(file: Entry, case: Entry) -> Trial:
    given = {**(file.optional("default_options") or {}), **(case.optional("options") or {})}
    options = case.of(given).only(_OPTIONS)
    profile = case.optional_text("profile", "standard")
    name = keys.header_name(case, profile)
    application_id = None if given.get("expected_application_id") is None else options.text("expected_application_id")
    settings: dict[str, Any] = {"profile": profile}
    for number in ("leeway", "max_age", "max_header_bytes"):
        if given.get(number) is not None:
            settings[number] = case.as_integer(given[number], number)
    if given.get("expected_issuer") is not None:
        settings["expected_issuer"] = options.text("expected_issuer")
    required = given.get("require_payload_hash")
    if required is not None and not case.as_bool(required, "require_payload_hash"):
        settings["dangerously_allow_missing_payload_hash"] = True
    accounts = keys.read(case)
    now = case.optional("now")
    return Trial(
        request=Request(
            headers=case.fields(name),
            body=case.body(),
            method=case.latin1(case.optional_text("method", "POST")),
            query=case.latin1(case.optional_text("query")),
            route=min(accounts, default=""),
        ),
        verifier=keys.configured(accounts, application_id, settings),
        now=case.as_integer(file.member("now") if now is None else now, "now"),
        seen=[(options.of(one).text("api_key"), options.of(one).text("jti")) for one in given.get("seen") or []],
    )
