//! A case of one request, whatever its format, and when it passes.

use std::fmt;

use super::door::{Answer, Trial, Verdict};
use super::entry::Entry;
use super::finding::{Finding, Judgement};
use super::word;

/// One case.
pub(super) struct Vector {
    pub(super) id: String,
    /// Nothing if this door cannot run the case yet.
    pub(super) trial: Option<Trial>,
    /// Two sound verifiers may differ on it.
    pub(super) disputed: bool,
    pub(super) expectation: Expectation,
}

impl Vector {
    /// What to report of a verdict.
    pub(super) fn finding(&self, verdict: &Verdict) -> Finding {
        let Verdict { answer, disagreement } = verdict;
        let judgement = match disagreement {
            // Two sound verifiers may differ on a disputed case, but one must not differ with itself.
            Some(got) => Judgement::Failed { expected: "one verdict in every way".to_owned(), got: got.clone() },
            None if self.disputed => Judgement::Disputed,
            None if self.expectation.holds(*answer) => Judgement::Passed,
            None => Judgement::Failed { expected: self.expectation.to_string(), got: answer.to_string() },
        };
        let verdict = if answer.reason().is_empty() { "accept" } else { "reject" };
        let (verdict, reason) = (verdict.to_owned(), answer.reason().to_owned());
        Finding { id: self.id.clone(), verdict, reason, judgement, event: None }
    }
}

/// What must come out.
pub(super) enum Expectation {
    Accept,
    /// Refused, by one of the words if there are any, and by the reason if there is one.
    Reject {
        words: Vec<String>,
        reason: Option<String>,
    },
    /// Whether the signature holds: accepted or refused by a later check, or else refused by it or before it.
    Signature(bool),
}

impl Expectation {
    /// The members `expect`, `reason` and, by the name it has in the format, the list of words.
    pub(super) fn read(case: Entry<'_>, words: &str) -> Result<Expectation, String> {
        let reason = case.optional_text("reason")?.filter(|reason| !reason.is_empty());
        let list = case.list(words)?;
        let list: Result<Vec<String>, String> =
            list.iter().map(|word| case.as_text(word, words).map(str::to_owned)).collect();
        match (case.text("expect")?, reason) {
            ("accept", None) => Ok(Expectation::Accept),
            ("accept", Some(_)) => Err(case.fault("a case to accept has a reason")),
            ("reject", reason) => Ok(Expectation::Reject { words: list?, reason: reason.map(str::to_owned) }),
            _ => Err(case.fault("expect is neither accept nor reject")),
        }
    }

    pub(super) fn holds(&self, answer: Answer) -> bool {
        let reason = answer.reason();
        match self {
            Expectation::Accept => reason.is_empty(),
            Expectation::Reject { words, reason: exact } => {
                !reason.is_empty()
                    && (words.is_empty() || words.iter().any(|known| word::names(known, reason)))
                    && exact.as_ref().is_none_or(|exact| exact == reason)
            }
            Expectation::Signature(good) => *good == answer.is_past_signature(),
        }
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expectation::Accept => f.write_str("accept"),
            Expectation::Reject { words, reason } => {
                f.write_str("reject")?;
                if !words.is_empty() {
                    write!(f, " {}", words.join("|"))?;
                }
                reason.iter().try_for_each(|reason| write!(f, " ({reason})"))
            }
            Expectation::Signature(good) => write!(f, "signature_ok {good}"),
        }
    }
}
