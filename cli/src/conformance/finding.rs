//! What came of one case, whatever its format: what a report is made of.

use super::word;

/// One case that was run, or that could not be.
pub(super) struct Finding {
    pub(super) id: String,
    /// What the door answered, in one word or in one for each step.
    pub(super) verdict: String,
    /// The dotted name of the refusal; empty without one.
    pub(super) reason: String,
    pub(super) judgement: Judgement,
    /// The JSON of the event that was read, where the format asks for it.
    pub(super) event: Option<String>,
}

/// How a case counts.
pub(super) enum Judgement {
    Passed,
    Failed {
        expected: String,
        got: String,
    },
    /// Two sound verifiers may differ on it.
    Disputed,
    /// This door cannot run it.
    NotApplicable,
}

impl Finding {
    pub(super) fn not_applicable(id: &str) -> Finding {
        Finding {
            id: id.to_owned(),
            verdict: "not_applicable".to_owned(),
            reason: String::new(),
            judgement: Judgement::NotApplicable,
            event: None,
        }
    }

    /// The generic word of the refusal.
    pub(super) fn code(&self) -> &str {
        word::of_reason(&self.reason)
    }
}
