//! The sums over everything that was sent.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde_json::{Map, Value, json};

use super::Case;
use crate::http::Trouble;

/// Two digits of each latency are kept, up to a minute; longer ones count as a minute.
const MOST_MICROS: u64 = 60_000_000;

pub(crate) struct Tally {
    pub(crate) messages: u64,
    pub(crate) attempts: u64,
    /// Messages whose answers are not those of a server with hookproof.
    pub(crate) unexpected: u64,
    pub(crate) given_up: u64,
    /// Answers by status; 0 is none.
    pub(crate) answers: BTreeMap<u16, u64>,
    /// Attempts for which there was no connection.
    unconnected: u64,
    pub(crate) trouble: Option<String>,
    latency: Option<Histogram<u32>>,
    pub(crate) took: Duration,
}

impl Tally {
    pub(crate) fn new() -> Tally {
        Tally {
            messages: 0,
            attempts: 0,
            unexpected: 0,
            given_up: 0,
            answers: BTreeMap::new(),
            unconnected: 0,
            trouble: None,
            latency: Histogram::new_with_bounds(1, MOST_MICROS, 2).ok(),
            took: Duration::ZERO,
        }
    }

    pub(crate) fn note(&mut self, case: &Case) {
        self.messages += 1;
        self.unexpected += u64::from(!case.is_as_it_should_be());
        self.given_up += u64::from(case.given_up);
        for attempt in &case.attempts {
            self.attempts += 1;
            *self.answers.entry(attempt.outcome.as_ref().copied().unwrap_or(0)).or_default() += 1;
            match &attempt.outcome {
                Ok(_) => {
                    let micros = u64::try_from(attempt.took.as_micros()).unwrap_or(u64::MAX);
                    if let Some(latency) = &mut self.latency {
                        latency.saturating_record(micros);
                    }
                }
                Err(trouble) => {
                    self.unconnected += u64::from(matches!(trouble, Trouble::Connect(_)));
                    self.trouble.get_or_insert_with(|| trouble.to_string());
                }
            }
        }
    }

    /// Why nothing could be sent at all, if so.
    pub(crate) fn nobody_listens(&self) -> Option<&str> {
        self.trouble.as_deref().filter(|_| self.unconnected == self.attempts)
    }

    /// Latencies of all answers, by percentile, in microseconds.
    pub(crate) fn percentiles(&self) -> Vec<(&'static str, u64)> {
        let Some(latency) = self.latency.as_ref().filter(|latency| !latency.is_empty()) else { return Vec::new() };
        let of = |name, percent| (name, latency.value_at_percentile(percent));
        vec![of("p50", 50.0), of("p90", 90.0), of("p99", 99.0), of("p99.9", 99.9), ("max", latency.max())]
    }

    pub(crate) fn per_second(&self) -> f64 {
        let seconds = self.took.as_secs_f64();
        // The figure is for people; no count is lost that they would see.
        if seconds > 0.0 { f64::from(u32::try_from(self.attempts).unwrap_or(u32::MAX)) / seconds } else { 0.0 }
    }

    pub(crate) fn json(&self) -> Map<String, Value> {
        let answers: Map<String, Value> = self
            .answers
            .iter()
            .map(|(status, count)| (if *status == 0 { "none".to_owned() } else { status.to_string() }, json!(count)))
            .collect();
        let latency: Map<String, Value> =
            self.percentiles().into_iter().map(|(name, micros)| (name.to_owned(), json!(micros))).collect();
        let members = json!({
            "messages": self.messages,
            "requests": self.attempts,
            "unexpected": self.unexpected,
            "given_up": self.given_up,
            "answers": answers,
            "latency_us": latency,
            "took_ms": u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX),
        });
        if let Value::Object(members) = members { members } else { Map::new() }
    }
}
