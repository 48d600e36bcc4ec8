//! A case of a vector file, whatever its format, and when it passes.

use std::fmt;

use super::door::{Request, Verdict};
use super::word;

/// One case.
pub(super) struct Vector {
    pub(super) id: String,
    /// Nothing if this door cannot run the case yet.
    pub(super) request: Option<Request>,
    /// Two sound verifiers may differ on it.
    pub(super) disputed: bool,
    pub(super) expectation: Expectation,
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
    pub(super) fn holds(&self, verdict: &Verdict) -> bool {
        let reason = verdict.reason();
        match self {
            Expectation::Accept => reason.is_empty(),
            Expectation::Reject { words, reason: exact } => {
                let word = word::of_reason(reason);
                !reason.is_empty()
                    && (words.is_empty() || words.iter().any(|known| known == word))
                    && exact.as_ref().is_none_or(|exact| exact == reason)
            }
            Expectation::Signature(good) => *good == verdict.is_past_signature(),
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
            Expectation::Signature(good) => write!(f, "hs256_signature_ok {good}"),
        }
    }
}
