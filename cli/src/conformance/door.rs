//! The core's answer to a request, asked for in every way its API offers.

use std::fmt;
use std::num::NonZeroUsize;

use hookproof::replay::{ClaimRequest, Hold, Identity, MemoryStore, Selector, Store};
use hookproof::{Duplicates, Keyring, Policy, Reason, Received, Refusal, RequestHead, Verified, Verifier};

use super::word;

/// Single bytes of a body larger than this only test patience.
const LARGE_BODY: usize = 64 * 1024;

/// The pieces in which such a body is streamed instead.
const LARGE_PIECE: usize = 4096 + 1;

/// One request of a vector file.
pub(super) struct Request {
    pub(super) method: Vec<u8>,
    pub(super) header: Vec<u8>,
    pub(super) header_count: usize,
    pub(super) query: Vec<u8>,
    /// For profiles that choose the secret by it.
    pub(super) route: Vec<u8>,
    pub(super) body: Vec<u8>,
}

impl Request {
    fn head(&self) -> RequestHead<'_> {
        let head = RequestHead::new(&self.method).header(&self.header, self.header_count);
        head.query(&self.query).route(&self.route)
    }
}

/// A request, and what it is to be judged by.
pub(super) struct Trial {
    pub(super) request: Request,
    pub(super) now: i64,
    /// Nothing if any part of its configuration was refused.
    pub(super) verifier: Option<Verifier>,
    /// What was there before. Without any, no store is asked.
    pub(super) seen: Vec<Seen>,
}

/// An identity that is done.
pub(super) struct Seen {
    pub(super) api_key: String,
    pub(super) jti: String,
}

/// A verifier, or nothing if any part of its configuration is refused.
pub(super) fn configure(policy: Option<Policy>, keyring: Option<Keyring>) -> Option<Verifier> {
    Verifier::new(policy?, keyring?).ok()
}

/// One of the ways to hand over a body.
#[derive(Clone, Copy)]
pub(super) enum Way {
    Whole,
    /// In pieces of that many bytes.
    Streamed(NonZeroUsize),
}

/// Every way there is, the plain one first.
pub(super) fn ways(chunks: &[NonZeroUsize]) -> impl Iterator<Item = Way> {
    std::iter::once(Way::Whole).chain(chunks.iter().copied().map(Way::Streamed))
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Way::Whole => f.write_str("one-shot"),
            Way::Streamed(piece) => write!(f, "streamed in pieces of {piece}"),
        }
    }
}

/// What came out.
pub(super) struct Verdict {
    pub(super) answer: Answer,
    /// What two ways disagree on.
    pub(super) disagreement: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Accepted,
    Refused(Reason),
    Misconfigured,
}

impl Answer {
    /// The dotted name of the reason, or `config_error`; empty when accepted.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Answer::Accepted => "",
            Answer::Refused(reason) => reason.name(),
            Answer::Misconfigured => "config_error",
        }
    }

    fn name(self) -> &'static str {
        if self == Answer::Accepted { "ok" } else { self.reason() }
    }

    /// Whether the signature's check was passed. The unsupported request, whose number is beyond the others, is judged
    /// first of all.
    pub(super) fn is_past_signature(self) -> bool {
        match self {
            Answer::Accepted => true,
            Answer::Refused(Reason::SmsMissing) => true,
            Answer::Refused(reason) => {
                (Reason::SignatureInvalid.code() + 1..Reason::RequestUnsupported.code()).contains(&reason.code())
            }
            Answer::Misconfigured => false,
        }
    }
}

impl<T> From<&Result<T, Refusal>> for Answer {
    fn from(verdict: &Result<T, Refusal>) -> Answer {
        verdict.as_ref().map_or_else(|refusal| Answer::Refused(refusal.reason()), |_| Answer::Accepted)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason() {
            "" => f.write_str("accept"),
            reason => write!(f, "reject {} ({reason})", word::of_reason(reason)),
        }
    }
}

pub(super) fn judge(trial: &Trial, chunks: &[NonZeroUsize]) -> Verdict {
    let Some(verifier) = &trial.verifier else {
        return Verdict { answer: Answer::Misconfigured, disagreement: None };
    };
    let answer = |way| match trial.seen.is_empty() {
        true => (&verify(verifier, &trial.request, trial.now, way)).into(),
        false => receive_after(verifier, trial, way),
    };
    let whole: Answer = answer(Way::Whole);
    let disagreement = ways(chunks).skip(1).find_map(|way| {
        let other = answer(way);
        (other != whole).then(|| format!("{} {}, {way} {}", Way::Whole, whole.name(), other.name()))
    });
    Verdict { answer: whole, disagreement }
}

/// Verifies a request; no store is asked.
fn verify(verifier: &Verifier, request: &Request, now: i64, way: Way) -> Result<Verified, Refusal> {
    match way {
        Way::Whole => verifier.verify(&hookproof::Request::new(request.head(), &request.body), now),
        Way::Streamed(piece) => stream(verifier, request, piece, now)?.finish(now),
    }
}

/// Verifies a request and claims it.
pub(super) fn receive<S: Store>(
    verifier: &Verifier,
    request: &Request,
    store: S,
    now: i64,
    way: Way,
) -> Result<Received<S>, Refusal> {
    match way {
        Way::Whole => {
            let request = hookproof::Request::new(request.head(), &request.body);
            verifier.receive(&request, store, Duplicates::Refuse, now)
        }
        Way::Streamed(piece) => stream(verifier, request, piece, now)?.receive(store, Duplicates::Refuse, now),
    }
}

/// Hands over the body; the verdict on it is not spoken yet.
fn stream(
    verifier: &Verifier,
    request: &Request,
    piece: NonZeroUsize,
    now: i64,
) -> Result<hookproof::PendingBody, Refusal> {
    let piece = match piece.get() {
        1 if request.body.len() > LARGE_BODY => LARGE_PIECE,
        piece => piece,
    };
    // A body in one piece comes with its length, the others without: both are ways of their own.
    let head = match u64::try_from(request.body.len()) {
        Ok(len) if piece >= request.body.len() => request.head().declared_length(len),
        _ => request.head(),
    };
    let mut pending = verifier.begin(&head, now)?;
    for chunk in request.body.chunks(piece) {
        pending.update(chunk)?;
    }
    Ok(pending)
}

/// Receives a request with a store that has seen what the case says.
fn receive_after(verifier: &Verifier, trial: &Trial, way: Way) -> Answer {
    /// Longer than any case's window: nothing of it is forgotten meanwhile.
    const KEPT: i64 = 8 * 24 * 3600;

    let Ok(store) = MemoryStore::new(trial.seen.len().saturating_add(1)) else { return Answer::Misconfigured };
    for Seen { api_key, jti } in &trial.seen {
        // One that is there already, or that no webhook can have, changes nothing.
        let _ = store.claim(&ClaimRequest {
            identity: Identity { selector: Selector::ApiKey(api_key), jti },
            issued_at: trial.now,
            now: trial.now,
            keep_until: trial.now.saturating_add(KEPT),
            hold: Hold::Once,
        });
    }
    (&receive(verifier, &trial.request, &store, trial.now, way)).into()
}
