//! `hookproof explain`: every check of a recorded request, and the mistake that explains its refusal.

use std::io::{self, Write};

use clap::Args;
use hookproof::explain::{Explanation, Outcome as CheckOutcome, explain};
use serde_json::{Map, Value};

use super::Outcome;
use crate::failure::Failure;
use crate::format::{self, BAD, FAINT, Format, FormatOption, GOOD, STRONG, WARN};
use crate::judge::RecordedOptions;

/// Shows every check of a recorded request, and names the mistake that explains its refusal.
///
/// It tries the known mistakes: a body that was serialised, decoded or saved again, a secret with a newline or quotation marks, of
/// another account or in the wrong encoding, a header field that was moved or changed, a clock, a profile. It accepts nothing, and
/// says no byte of a secret or token.
///
/// Exit status: 0 there is nothing against the request, 1 it is refused, 2 usage, 3 a file could not be read or a configuration was
/// refused.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Explain {
    #[command(flatten)]
    recorded: RecordedOptions,
    #[command(flatten)]
    format: FormatOption,
}

const EXAMPLES: &str = "\
Examples:
  hookproof explain --keyring keyring.json request.http --at 1767225600
  hookproof explain --secret-file secret.txt --field \"Authorization: $TOKEN\" --body body.json
  hookproof explain --profile sms_sha256 --method GET --query \"$QUERY\" --format json";

impl Explain {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let (received, judge) = self.recorded.read()?;
        let fields = received.borrowed_fields();
        let explanation = explain(&judge.verifier, &judge.request(&received), &fields, judge.now);
        let mut out = format::stdout();
        match self.format.format {
            Format::Text => print(&explanation, &mut out)?,
            Format::Json => format::json(&mut out, members(&explanation))?,
        }
        out.flush()?;
        Ok(if explanation.refusal().is_none() { Outcome::Fine } else { Outcome::Refused })
    }
}

/// For people. The inspector and other commands print explanations in the same way.
pub(crate) fn print(explanation: &Explanation, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{STRONG}Checks{STRONG:#} by the profile {}", explanation.profile())?;
    for check in explanation.checks() {
        let (style, word) = match check.outcome() {
            CheckOutcome::Passed => (GOOD, "pass"),
            CheckOutcome::Failed => (BAD, "FAIL"),
            _ => (FAINT, "-"),
        };
        write!(out, "  {style}{word:4}{style:#}  {}", check.sentence())?;
        match (check.outcome(), check.detail()) {
            (CheckOutcome::Failed, Some(detail)) => writeln!(out, "\n        {detail}")?,
            (_, Some(detail)) => writeln!(out, " {FAINT}{detail}{FAINT:#}")?,
            (_, None) => writeln!(out)?,
        }
    }
    let Some(refusal) = explanation.refusal() else {
        return writeln!(out, "{GOOD}Nothing is against this request.{GOOD:#}");
    };
    if explanation.mistakes().is_empty() {
        writeln!(out, "{WARN}No known mistake explains this.{WARN:#}")?;
        return writeln!(out, "  Likely causes: {}", refusal.reason().hint());
    }
    let several = explanation.mistakes().len() > 1;
    writeln!(out, "{STRONG}{}{STRONG:#}", if several { "Mistakes, the first to be mended first" } else { "Mistake" })?;
    for mistake in explanation.mistakes() {
        let sure = if mistake.is_proven() { "without it the check passes" } else { "by its looks" };
        writeln!(out, "  {BAD}{}{BAD:#}  {FAINT}({sure}){FAINT:#}", mistake.name())?;
        write!(out, "        {}", mistake.sentence())?;
        match mistake.detail() {
            Some(detail) => writeln!(out, " ({detail})")?,
            None => writeln!(out)?,
        }
        writeln!(out, "        {GOOD}Mend:{GOOD:#} {}", mistake.remedy())?;
    }
    Ok(())
}

/// The same for programs.
pub(crate) fn members(explanation: &Explanation) -> Map<String, Value> {
    match serde_json::from_str(&explanation.to_json()) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}
