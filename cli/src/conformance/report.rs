//! What a run prints. Text and JSON are the same in every language, so that two runs can be compared with `diff`.

use std::io::{self, Write};
use std::ops::AddAssign;

use serde_json::Value;

use super::door::Verdict;
use super::vector::Vector;
use super::word;

/// What goes to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// A line for each failing case and the sums.
    Text,
    /// One object for each case; the text goes to standard error.
    Json,
}

/// The sums of a run, and where they go.
pub(crate) struct Report {
    format: Format,
    file: Counts,
    all: Counts,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    passed: u64,
    failed: u64,
    disputed: u64,
    not_applicable: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.disputed += other.disputed;
        self.not_applicable += other.not_applicable;
    }
}

impl Report {
    pub(crate) fn new(format: Format) -> Report {
        Report { format, file: Counts::default(), all: Counts::default() }
    }

    /// Counts a case; without a verdict it was not applicable.
    pub(super) fn case(&mut self, file: &str, vector: &Vector, verdict: Option<&Verdict>) -> io::Result<()> {
        if self.format == Format::Json {
            print_json(file, vector, verdict)?;
        }
        let Some(verdict) = verdict else {
            self.file.not_applicable += 1;
            return Ok(());
        };
        // Two sound verifiers may differ on a disputed case, but one must not differ with itself.
        if let Some(disagreement) = &verdict.disagreement {
            self.file.failed += 1;
            return self.line(&format!("{} expected one verdict in every way got {disagreement}", vector.id));
        }
        if vector.disputed {
            self.file.disputed += 1;
        } else if vector.expectation.holds(verdict) {
            self.file.passed += 1;
        } else {
            self.file.failed += 1;
            let got = match verdict.reason() {
                "" => "accept".to_owned(),
                reason => format!("reject {} ({reason})", word::of_reason(reason)),
            };
            return self.line(&format!("{} expected {} got {got}", vector.id, vector.expectation));
        }
        Ok(())
    }

    /// The sums of the file that ends here.
    pub(super) fn file(&mut self, file: &str) -> io::Result<()> {
        let Counts { passed, failed, disputed, not_applicable } = self.file;
        self.all += std::mem::take(&mut self.file);
        self.line(&format!(
            "{file}:\n{passed} passed, {failed} failed, {disputed} disputed, {not_applicable} not applicable"
        ))
    }

    /// The sums of all. True when no case failed.
    pub(super) fn finish(&mut self) -> io::Result<bool> {
        self.line(&format!("{} passed, {} failed", self.all.passed, self.all.failed))?;
        Ok(self.all.failed == 0)
    }

    fn line(&self, line: &str) -> io::Result<()> {
        match self.format {
            Format::Text => writeln!(io::stdout(), "{line}"),
            Format::Json => writeln!(io::stderr(), "{line}"),
        }
    }
}

fn print_json(file: &str, vector: &Vector, verdict: Option<&Verdict>) -> io::Result<()> {
    let reason = verdict.map_or("", Verdict::reason);
    let name = match verdict {
        None => "not_applicable",
        Some(_) if reason.is_empty() => "accept",
        Some(_) => "reject",
    };
    let members =
        [("file", file), ("id", &vector.id), ("verdict", name), ("reason", reason), ("code", word::of_reason(reason))];
    // Written member by member: a JSON map of this library has no order of its own.
    let members: Vec<String> =
        members.iter().map(|(name, text)| format!("\"{name}\":{}", Value::from(*text))).collect();
    writeln!(io::stdout(), "{{{}}}", members.join(","))
}
