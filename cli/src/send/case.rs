//! One message that was sent, with all attempts at it.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Schedule, Variant};
use crate::http::Trouble;
use crate::sample::Sample;

pub(crate) struct Case {
    pub(crate) sample: &'static Sample,
    pub(crate) variant: Variant,
    schedule: Schedule,
    pub(crate) attempts: Vec<Attempt>,
    /// How many of the attempts are deliveries; the others are duplicates behind them.
    deliveries: usize,
    /// Whether the vendor's schedule came to its end.
    pub(crate) given_up: bool,
}

/// One request and its answer.
pub(crate) struct Attempt {
    pub(crate) outcome: Result<u16, Trouble>,
    pub(crate) took: Duration,
    /// The number that `hookproof listen` gave it.
    pub(crate) number: Option<u64>,
}

impl Case {
    pub(crate) fn new(sample: &'static Sample, variant: Variant, schedule: Schedule) -> Case {
        Case { sample, variant, schedule, attempts: Vec::new(), deliveries: 0, given_up: false }
    }

    /// How the last attempt ended.
    pub(crate) fn last(&self) -> Result<u16, &Trouble> {
        self.attempts.last().map_or(Ok(0), |attempt| attempt.outcome.as_ref().copied())
    }

    /// What follows are duplicates.
    pub(crate) fn settle(&mut self) {
        self.deliveries = self.attempts.len();
    }

    /// Whether a server with hookproof would have answered so: what is genuine is done in the end and its repeats are
    /// too, and nothing else ever is.
    pub(crate) fn is_as_it_should_be(&self) -> bool {
        let done = |attempt: &Attempt| attempt.outcome.as_ref().is_ok_and(|status| self.schedule.is_done(*status));
        if self.variant != Variant::Genuine {
            return self.attempts.iter().all(|attempt| attempt.outcome.is_ok() && !done(attempt));
        }
        let (delivered, duplicates) = self.attempts.split_at(self.deliveries.min(self.attempts.len()));
        delivered.last().is_some_and(done) && duplicates.iter().all(done)
    }

    /// The answers in their order: `503 503 200, then 200`.
    pub(crate) fn answers(&self) -> String {
        let word = |attempt: &Attempt| match &attempt.outcome {
            Ok(status) => status.to_string(),
            Err(trouble) => format!("({trouble})"),
        };
        let (delivered, duplicates) = self.attempts.split_at(self.deliveries.min(self.attempts.len()));
        let words = |attempts: &[Attempt]| attempts.iter().map(word).collect::<Vec<_>>().join(" ");
        if duplicates.is_empty() {
            words(delivered)
        } else {
            format!("{}, then {}", words(delivered), words(duplicates))
        }
    }

    pub(crate) fn json(&self) -> Value {
        let attempt = |attempt: &Attempt| match &attempt.outcome {
            Ok(status) => json!({ "status": status, "took_us": attempt.took.as_micros(), "request": attempt.number }),
            Err(trouble) => json!({ "fault": trouble.to_string(), "took_us": attempt.took.as_micros() }),
        };
        json!({
            "sample": self.sample.name,
            "variant": self.variant.name(),
            "as_it_should_be": self.is_as_it_should_be(),
            "given_up": self.given_up,
            "deliveries": self.deliveries,
            "attempts": self.attempts.iter().map(attempt).collect::<Vec<_>>(),
        })
    }
}
