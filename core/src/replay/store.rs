//! The interface of a store, and the words of its questions and answers.

use std::borrow::Cow;

use super::identity::Identity;
use crate::limits::MAX_STORE_DETAIL_BYTES;

/// Remembers which requests were there, for every thread, process or machine that shares it.
///
/// Every method is one atomic step: of any number of callers that claim the same identity at the same time, one at most
/// is answered [`ClaimAnswer::Claimed`]. A store that cannot keep that promise answers [`ClaimAnswer::Unavailable`]. A
/// store never forgets an identity before its `keep_until`, neither to make room nor for any other reason.
///
/// A store answers within its budget ([`crate::limits::STORE_BUDGET_MS`] unless it says otherwise) and never panics.
pub trait Store: Send + Sync {
    /// Claims an identity, if it is free.
    fn claim(&self, request: &ClaimRequest<'_>) -> ClaimAnswer;

    /// Marks the identity as done. By another owner than the present one it has no effect; by the same one again it has
    /// its effect again.
    ///
    /// # Errors
    /// The store could not be reached: whether the identity is done is not known.
    fn confirm(&self, ticket: &Ticket, now: i64) -> Result<Effect, StoreFailure>;

    /// Makes the identity free again. By another owner than the present one, and on what is done, it has no effect.
    ///
    /// # Errors
    /// The store could not be reached: the identity may stay claimed until its lease ends.
    fn release(&self, ticket: &Ticket, now: i64) -> Result<Effect, StoreFailure>;

    /// What the store covers, in words: threads, processes, machines; restarts.
    fn extent(&self) -> String;
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<T: Store + ?Sized> Store for $pointer {
            fn claim(&self, request: &ClaimRequest<'_>) -> ClaimAnswer {
                (**self).claim(request)
            }

            fn confirm(&self, ticket: &Ticket, now: i64) -> Result<Effect, StoreFailure> {
                (**self).confirm(ticket, now)
            }

            fn release(&self, ticket: &Ticket, now: i64) -> Result<Effect, StoreFailure> {
                (**self).release(ticket, now)
            }

            fn extent(&self) -> String {
                (**self).extent()
            }
        }
    )*};
}

forward!(&T, std::sync::Arc<T>, Box<T>);

/// What a store is asked to hold, and for how long. Times are Unix seconds of the caller's clock.
#[derive(Clone, Copy, Debug)]
pub struct ClaimRequest<'a> {
    /// The verified identity.
    pub identity: Identity<'a>,
    /// Claim `iat` of the token.
    pub issued_at: i64,
    /// The time of the claim.
    pub now: i64,
    /// Until when the identity must be kept once it is done: `iat` + `max_age` + leeway + grace.
    pub keep_until: i64,
    /// Whether the identity is claimed for a while, or done at once.
    pub hold: Hold,
}

impl ClaimRequest<'_> {
    /// For how long the identity must be kept, in seconds from `now`: what a store with a clock of its own needs. At
    /// least 1.
    #[must_use]
    pub fn keep_seconds(&self) -> u64 {
        u64::try_from(self.keep_until.saturating_sub(self.now)).unwrap_or(0).max(1)
    }

    /// How long after its `iat` the identity must be kept, in seconds.
    #[must_use]
    pub fn window(&self) -> u64 {
        u64::try_from(self.keep_until.saturating_sub(self.issued_at)).unwrap_or(0)
    }
}

/// How an identity is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// Claimed until it is confirmed or released, or until so many seconds have passed.
    Lease(u32),
    /// Done at once: claim and confirm in one step.
    Once,
}

/// What a store answers to a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum ClaimAnswer {
    /// The identity was free and is now the caller's.
    Claimed(Ticket),
    /// Another owner holds it, and its lease runs.
    InProgress,
    /// It is done.
    Duplicate,
    /// It is not known, but not newer than what the store has purged: it may have been there (a clock went back).
    Stale,
    /// It is not known, but was issued before the store began to remember, and the store was told to refuse that.
    ColdStart,
    /// There is no room, and nothing that may be forgotten.
    Full,
    /// The store did not answer in time, or not at all.
    Unavailable(StoreFailure),
}

/// The proof of a claim, by which it is confirmed or released. Only the store that wrote it reads it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// The identity, in the store's own form.
    pub key: [u8; 16],
    /// The owner of the claim: never the same twice for one identity.
    pub owner: [u8; 16],
    /// `keep_until` of the claim.
    pub keep_until: i64,
}

// An owner is what stands between a stranger with access to the store and somebody else's claim.
impl std::fmt::Debug for Ticket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ticket").field("keep_until", &self.keep_until).finish_non_exhaustive()
    }
}

/// What a confirm or release did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It was carried out.
    Done,
    /// The claim was no longer the caller's: its lease was over and another owner took it, or it had ended before.
    NoEffect,
}

/// A store that could not answer. It displays as one line for logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreFailure(Cow<'static, str>);

impl StoreFailure {
    /// A failure, with a detail for logs. It is made one line of printable ASCII and cut to
    /// [`crate::limits::MAX_STORE_DETAIL_BYTES`]; it must hold no secret, no password and nothing of a request.
    #[must_use]
    pub fn new(detail: impl Into<Cow<'static, str>>) -> StoreFailure {
        let detail = detail.into();
        let plain = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
        if detail.len() <= MAX_STORE_DETAIL_BYTES && detail.bytes().all(plain) {
            return StoreFailure(detail);
        }
        let line = detail.chars().map(|letter| if u8::try_from(letter).is_ok_and(plain) { letter } else { '?' });
        StoreFailure(Cow::Owned(line.take(MAX_STORE_DETAIL_BYTES).collect()))
    }

    /// The detail.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for StoreFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "replay store: {}", self.0)
    }
}

impl std::error::Error for StoreFailure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_one_short_printable_line() {
        assert_eq!(StoreFailure::new("disk full").to_string(), "replay store: disk full");
        let long = StoreFailure::new(format!("a\nb\u{1b}[0mé{}", "x".repeat(300)));
        assert!(long.detail().starts_with("a?b?[0m?xx"));
        assert_eq!(long.detail().len(), MAX_STORE_DETAIL_BYTES);
    }
}
