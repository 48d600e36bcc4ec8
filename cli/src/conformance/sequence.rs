//! A sequence of steps against one replay store.

use std::collections::BTreeMap;

use hookproof::Verifier;
use hookproof::sign::Signer;

use super::door::Request;
use super::vector::Expectation;

/// One sequence.
pub(super) struct Sequence {
    pub(super) id: String,
    /// Two sound verifiers may differ on it.
    pub(super) disputed: bool,
    /// Nothing if a step is beyond this door.
    pub(super) script: Option<Script>,
}

/// What there is to do, and with what.
pub(super) struct Script {
    pub(super) verifier: Verifier,
    pub(super) store: StoreKind,
    /// Whether a process that begins anew refuses what was issued before it began.
    pub(super) refuses_cold: bool,
    pub(super) requests: BTreeMap<String, Request>,
    pub(super) signer: Signer,
    pub(super) steps: Vec<Step>,
}

/// What remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StoreKind {
    /// One for each process, with room for so many identities.
    Memory(usize),
    /// One for all processes.
    File,
}

/// The time of a step; without one it is the time of the step before.
pub(super) type When = Option<i64>;

/// One step.
pub(super) enum Step {
    /// Receive a request, and keep the claim under the number of the step.
    Verify { request: String, now: When, expectation: Expectation, process: u64 },
    /// End the claim of a step; without an expectation whether it still was the claim's to end plays no part.
    End { step: usize, how: Ending, now: When, expectation: Option<Outcome> },
    /// Receive many requests and confirm each; all must be accepted.
    Flood { flood: Flood, now: When },
    /// Receive them all again, and count.
    FloodAgain { flood: Flood, now: When, accepts: usize },
    /// The store goes away, or comes back.
    Store { up: bool },
    /// Every process ends and begins anew.
    Restart { now: When },
    /// Many threads, spread over so many processes, receive one request at the same moment.
    Concurrent { request: String, now: When, count: usize, processes: u64, accepts: usize },
}

/// How a claim is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Confirm,
    Release,
}

/// What ending a claim did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    NoEffect,
    Error,
}

impl Outcome {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::NoEffect => "no_effect",
            Outcome::Error => "error",
        }
    }
}

/// Requests that differ in their `jti` alone: a prefix and six digits.
#[derive(Clone)]
pub(super) struct Flood {
    pub(super) prefix: String,
    pub(super) issued_at: i64,
    pub(super) count: usize,
}

impl Flood {
    const BODY: &[u8] = br#"{"event":"x"}"#;

    pub(super) fn requests(&self, signer: &Signer) -> impl Iterator<Item = Request> {
        (0..self.count).map(|number| Request {
            method: b"POST".to_vec(),
            header: signer.sign_body(Flood::BODY, self.issued_at, &format!("{}{number:06}", self.prefix)).into_bytes(),
            header_count: 1,
            query: Vec::new(),
            route: Vec::new(),
            body: Flood::BODY.to_vec(),
        })
    }
}
