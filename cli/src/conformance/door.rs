//! The core's answer to a request, asked for in every way its API offers.

use std::num::NonZeroUsize;

use hookproof::{Keyring, Policy, Reason, RequestHead, Verified, Verifier};

/// Single bytes of a body larger than this only test patience.
const LARGE_BODY: usize = 64 * 1024;

/// The pieces in which such a body is streamed instead.
const LARGE_PIECE: usize = 4096 + 1;

/// One request of a vector file, with the configuration it is to be judged by.
pub(super) struct Request {
    pub(super) method: Vec<u8>,
    pub(super) header: Vec<u8>,
    pub(super) header_count: usize,
    pub(super) query: Vec<u8>,
    pub(super) body: Vec<u8>,
    pub(super) now: i64,
    pub(super) verifier: Option<Verifier>,
}

impl Request {
    fn head(&self) -> RequestHead<'_> {
        RequestHead::new(&self.method).header(&self.header, self.header_count).query(&self.query)
    }
}

/// A verifier, or nothing if any part of its configuration is refused.
pub(super) fn configure(policy: Option<Policy>, keyring: Option<Keyring>) -> Option<Verifier> {
    Verifier::new(policy?, keyring?).ok()
}

/// What came out.
pub(super) struct Verdict {
    answer: Answer,
    /// What two ways disagree on.
    pub(super) disagreement: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Accepted,
    Refused(Reason),
    Misconfigured,
}

impl Answer {
    fn reason(self) -> &'static str {
        match self {
            Answer::Accepted => "",
            Answer::Refused(reason) => reason.name(),
            Answer::Misconfigured => "config_error",
        }
    }

    fn name(self) -> &'static str {
        if self == Answer::Accepted { "ok" } else { self.reason() }
    }
}

impl From<Result<Verified, hookproof::Refusal>> for Answer {
    fn from(verdict: Result<Verified, hookproof::Refusal>) -> Answer {
        verdict.map_or_else(|refusal| Answer::Refused(refusal.reason()), |_| Answer::Accepted)
    }
}

impl Verdict {
    /// The dotted name of the reason, or `config_error`; empty when accepted.
    pub(super) fn reason(&self) -> &'static str {
        self.answer.reason()
    }

    /// Whether the signature's check was passed. The unsupported request, whose number is beyond the others, is judged
    /// first of all.
    pub(super) fn is_past_signature(&self) -> bool {
        match self.answer {
            Answer::Accepted => true,
            Answer::Refused(reason) => {
                (Reason::SignatureInvalid.code() + 1..Reason::RequestUnsupported.code()).contains(&reason.code())
            }
            Answer::Misconfigured => false,
        }
    }
}

pub(super) fn judge(request: &Request, chunks: &[NonZeroUsize]) -> Verdict {
    let Some(verifier) = &request.verifier else {
        return Verdict { answer: Answer::Misconfigured, disagreement: None };
    };
    let answer = verifier.verify(&hookproof::Request::new(request.head(), &request.body), request.now).into();
    let disagreement = chunks.iter().find_map(|chunk| {
        let piece = match chunk.get() {
            1 if request.body.len() > LARGE_BODY => LARGE_PIECE,
            piece => piece,
        };
        let streamed: Answer = stream(verifier, request, piece).into();
        (streamed != answer)
            .then(|| format!("one-shot {}, streamed in pieces of {piece} {}", answer.name(), streamed.name()))
    });
    Verdict { answer, disagreement }
}

fn stream(verifier: &Verifier, request: &Request, piece: usize) -> Result<Verified, hookproof::Refusal> {
    // A body in one piece comes with its length, the others without: both are ways of their own.
    let head = match u64::try_from(request.body.len()) {
        Ok(len) if piece >= request.body.len() => request.head().declared_length(len),
        _ => request.head(),
    };
    let mut pending = verifier.begin(&head, request.now)?;
    for chunk in request.body.chunks(piece) {
        pending.update(chunk)?;
    }
    pending.finish(request.now)
}
