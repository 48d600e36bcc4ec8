//! What a run prints. Text and JSON are the same in every language, so that two runs can be compared with `diff`.

use std::io::{self, Write};
use std::ops::AddAssign;

use serde_json::Value;

use super::finding::{Finding, Judgement};

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

    /// Counts a case.
    pub(super) fn case(&mut self, file: &str, finding: &Finding) -> io::Result<()> {
        if self.format == Format::Json {
            print_json(file, finding)?;
        }
        match &finding.judgement {
            Judgement::Passed => self.file.passed += 1,
            Judgement::Disputed => self.file.disputed += 1,
            Judgement::NotApplicable => self.file.not_applicable += 1,
            Judgement::Failed { expected, got } => {
                self.file.failed += 1;
                return self.line(&format!("{} expected {expected} got {got}", finding.id));
            }
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

fn print_json(file: &str, finding: &Finding) -> io::Result<()> {
    let Finding { id, verdict, reason, .. } = finding;
    let members = [("file", file), ("id", id), ("verdict", verdict), ("reason", reason), ("code", finding.code())];
    // Written member by member: a JSON map of this library has no order of its own.
    let mut members: Vec<String> =
        members.iter().map(|(name, text)| format!("\"{name}\":{}", Value::from(*text))).collect();
    // As it came: its keys have an order of their own.
    members.extend(finding.event.iter().map(|event| format!("\"event\":{event}")));
    writeln!(io::stdout(), "{{{}}}", members.join(","))
}
