//! `hookproof verify`: what the verifier says of a recorded request.

use std::io::{self, Write};

use clap::Args;
use hookproof::event::{self, Event};
use hookproof::{Refusal, Verified};
use serde_json::{Map, Value, json};

use super::Outcome;
use crate::failure::Failure;
use crate::format::{self, BAD, FAINT, Format, FormatOption, GOOD};
use crate::judge::RecordedOptions;
use crate::request::Received;

/// Verifies a recorded request and says what is against it. It remembers nothing: repeats are not refused.
///
/// Exit status: 0 verified, 1 refused, 2 usage, 3 a file could not be read or a configuration was refused.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Verify {
    #[command(flatten)]
    recorded: RecordedOptions,
    #[command(flatten)]
    format: FormatOption,
}

const EXAMPLES: &str = "\
Examples:
  hookproof verify --keyring keyring.json request.http --at 1767225600
  hookproof sign --sample voice-answer --format http | hookproof verify --sample-secret
  HOOKPROOF_SECRET=... hookproof verify --field \"Authorization: $TOKEN\" --body body.json";

impl Verify {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let (received, judge) = self.recorded.read()?;
        let verdict = judge.verifier.verify(&judge.request(&received), judge.now);
        let mut out = format::stdout();
        match self.format.format {
            Format::Text => print(&verdict, &received, &mut out)?,
            Format::Json => format::json(&mut out, members(&verdict, &received))?,
        }
        out.flush()?;
        Ok(if verdict.is_ok() { Outcome::Fine } else { Outcome::Refused })
    }
}

/// What a verified request says.
fn event<'r>(verified: &'r Verified, received: &'r Received) -> Option<Event<'r>> {
    event::parse_query(verified).or_else(|| event::parse(verified, &received.body).ok())
}

fn print(verdict: &Result<Verified, Refusal>, received: &Received, out: &mut impl Write) -> io::Result<()> {
    let verified = match verdict {
        Ok(verified) => verified,
        Err(refusal) => return print_refusal(refusal, out),
    };
    writeln!(out, "{GOOD}verified{GOOD:#}")?;
    let mut line = |name: &str, value: &str| {
        if value.is_empty() { Ok(()) } else { writeln!(out, "  {FAINT}{name:13}{FAINT:#} {value}") }
    };
    line("account", &verified.api_key().escape_debug().to_string())?;
    line("secret", &verified.key_label().escape_debug().to_string())?;
    line("application", &verified.application_id().unwrap_or_default().escape_debug().to_string())?;
    line("issued", &format!("{} ({} s old)", verified.issued_at(), verified.age_seconds()))?;
    line("jti", &verified.jti().escape_debug().to_string())?;
    line("payload form", verified.payload_form().name())?;
    if let Some(event) = event(verified, received) {
        line("event", &format!("{} {}", event.api.name(), event.event.escape_debug()))?;
    }
    line("replay", "not checked")
}

fn print_refusal(refusal: &Refusal, out: &mut impl Write) -> io::Result<()> {
    let reason = refusal.reason();
    writeln!(out, "{BAD}refused{BAD:#}  {refusal}")?;
    writeln!(out, "  {FAINT}{:13}{FAINT:#} {}", "likely causes", reason.hint())?;
    let retries =
        if refusal.advice().sender_retries { "the sender tries again" } else { "the sender does not try again" };
    writeln!(out, "  {FAINT}{:13}{FAINT:#} {}: {retries}", "answer", refusal.http_status())?;
    writeln!(out, "  {FAINT}{:13}{FAINT:#} hookproof explain, with the same options, names the mistake", "next")
}

fn members(verdict: &Result<Verified, Refusal>, received: &Received) -> Map<String, Value> {
    let members = match verdict {
        Ok(verified) => json!({
            "verdict": "verified",
            "http_status": verified.http_status(),
            "account": verified.api_key(),
            "secret": verified.key_label(),
            "application_id": verified.application_id(),
            "issued_at": verified.issued_at(),
            "age_seconds": verified.age_seconds(),
            "jti": verified.jti(),
            "payload_form": verified.payload_form().name(),
            "replay": verified.replay().name(),
            "claims": serde_json::from_str::<Value>(verified.claims_json()).unwrap_or_default(),
            "event": event(verified, received)
                .and_then(|event| serde_json::from_str::<Value>(&event.to_json()).ok()),
        }),
        Err(refusal) => json!({
            "verdict": "refused",
            "http_status": refusal.http_status(),
            "reason": refusal.reason().name(),
            "code": refusal.reason().code(),
            "sentence": refusal.reason().sentence(),
            "hint": refusal.reason().hint(),
            "detail": refusal.to_string(),
            "sender_retries": refusal.advice().sender_retries,
            "untrusted_account": refusal.untrusted_api_key(),
            "secret": refusal.key_label(),
            "age_seconds": refusal.age_seconds(),
            "lints": refusal.lints(),
        }),
    };
    match members {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
