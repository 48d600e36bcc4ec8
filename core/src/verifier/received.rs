//! From the proof to the claim: what `receive` and `verify_once` add to `verify`.

use super::{Details, Refusal, Verified};
use crate::limits::REPLAY_GRACE;
use crate::reason::Reason;
use crate::replay::{Claim, ClaimAnswer, ClaimRequest, Effect, Hold, Identity, Store, StoreFailure, Ticket};

/// What was found out about a repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplayCheck {
    /// No store was asked: the request may be a repeat.
    NotChecked,
    /// It is the only one of its identity, and claimed until it is confirmed or released.
    Claimed,
    /// It is the only one of its identity, and recorded as done.
    Recorded,
    /// It is a repeat of what is done, handed on because the caller asked for that ([`Duplicates::HandOn`]).
    Duplicate,
    /// The store did not answer, and the policy accepts that
    /// ([`crate::Policy::dangerously_accept_and_flag_store_failures`]): the request may be a repeat.
    Unavailable(StoreFailure),
}

impl ReplayCheck {
    /// One word for logs: `not_checked`, `claimed`, `recorded`, `duplicate` or `unavailable`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            ReplayCheck::NotChecked => "not_checked",
            ReplayCheck::Claimed => "claimed",
            ReplayCheck::Recorded => "recorded",
            ReplayCheck::Duplicate => "duplicate",
            ReplayCheck::Unavailable(_) => "unavailable",
        }
    }
}

/// What becomes of a repeat of what is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// It is refused as `replay.duplicate`, whose answer is 200: the sender's retries end, and nothing is done twice.
    #[default]
    Refuse,
    /// It is accepted once more, marked as a duplicate, without a claim: for endpoints whose answer has content (a
    /// Voice answer URL, a fallback URL, events that expect an NCCO), where a 200 without it would end the call.
    HandOn,
}

/// A request that passed every check and is claimed: do the work, then confirm or release.
///
/// [`Received::run`] does both. Dropping it leaves the identity claimed until the lease ends.
#[must_use = "a request that is neither confirmed nor released stays claimed until the lease ends"]
pub struct Received<S> {
    verified: Verified,
    claim: Claim<S>,
}

impl<S: Store> Received<S> {
    /// The proof.
    pub fn verified(&self) -> &Verified {
        &self.verified
    }

    /// See [`Claim::confirm`].
    ///
    /// # Errors
    /// The store could not be reached.
    pub fn confirm(&mut self, now: i64) -> Result<Effect, StoreFailure> {
        self.claim.confirm(now)
    }

    /// See [`Claim::release`].
    ///
    /// # Errors
    /// The store could not be reached.
    pub fn release(&mut self, now: i64) -> Result<Effect, StoreFailure> {
        self.claim.release(now)
    }

    /// The proof and the claim, to keep apart.
    pub fn into_parts(self) -> (Verified, Claim<S>) {
        (self.verified, self.claim)
    }

    /// Does the work, then confirms if it went well and releases if not. `clock` gives the time after the work.
    ///
    /// The second value is what the store said: when a confirm failed, send the answer all the same and report it. If
    /// the work panics, the lease ends the claim.
    pub fn run<T, E>(
        mut self,
        clock: impl FnOnce() -> i64,
        work: impl FnOnce(&Verified) -> Result<T, E>,
    ) -> (Result<T, E>, Result<Effect, StoreFailure>) {
        let outcome = work(&self.verified);
        let now = clock();
        let effect = if outcome.is_ok() { self.claim.confirm(now) } else { self.claim.release(now) };
        (outcome, effect)
    }
}

impl<S> std::fmt::Debug for Received<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Received").field("verified", &self.verified).field("claim", &self.claim).finish()
    }
}

impl Verified {
    /// Claims the identity of this request, the last of all checks. The age is checked once more.
    ///
    /// # Errors
    /// `time.stale`, or one of `replay.*`.
    pub fn claim<S: Store>(self, store: S, duplicates: Duplicates, now: i64) -> Result<Received<S>, Refusal> {
        let hold = Hold::Lease(self.terms.lease);
        let answer = store.claim(&self.claim_request(hold, now)?);
        let (verified, ticket) = self.settle(hold, answer, duplicates)?;
        Ok(Received { verified, claim: Claim::new(store, ticket) })
    }

    /// Records the identity of this request as done, in one step: at most once, also when the work then fails.
    ///
    /// # Errors
    /// `time.stale`, or one of `replay.*`.
    pub fn record_once<S: Store>(self, store: S, duplicates: Duplicates, now: i64) -> Result<Verified, Refusal> {
        let answer = store.claim(&self.claim_request(Hold::Once, now)?);
        self.settle(Hold::Once, answer, duplicates).map(|(verified, _)| verified)
    }

    /// The lease that the policy gives a claim.
    #[must_use]
    pub fn lease(&self) -> Hold {
        Hold::Lease(self.terms.lease)
    }

    /// The question to a store, for hosts that ask their own: see [`Verified::settle`].
    ///
    /// # Errors
    /// `time.stale` and its like: the age is checked once more.
    pub fn claim_request(&self, hold: Hold, now: i64) -> Result<ClaimRequest<'_>, Refusal> {
        let claims = &self.checked.claims;
        let freshness = self.terms.freshness;
        claims.check_time(now, freshness).map_err(|reason| self.refuse(reason, Some(now), None))?;
        let kept = i64::from(freshness.max_age).saturating_add(i64::from(freshness.leeway));
        Ok(ClaimRequest {
            identity: Identity { selector: self.checked.selector(), jti: claims.jti() },
            issued_at: claims.issued_at(),
            now,
            keep_until: claims.issued_at().saturating_add(kept).saturating_add(i64::from(REPLAY_GRACE)),
            hold,
        })
    }

    /// The verdict by a store's answer. With a ticket the request is claimed.
    ///
    /// # Errors
    /// `time.stale`, or one of `replay.*`.
    pub fn settle(
        mut self,
        hold: Hold,
        answer: ClaimAnswer,
        duplicates: Duplicates,
    ) -> Result<(Verified, Option<Ticket>), Refusal> {
        let refuse = |reason, failure| Err(self.refuse(reason, None, failure));
        let (replay, ticket) = match answer {
            ClaimAnswer::Claimed(_) if hold == Hold::Once => (ReplayCheck::Recorded, None),
            ClaimAnswer::Claimed(ticket) => (ReplayCheck::Claimed, Some(ticket)),
            ClaimAnswer::Duplicate if duplicates == Duplicates::HandOn => (ReplayCheck::Duplicate, None),
            ClaimAnswer::Unavailable(failure) if self.terms.flags_store_failures => {
                (ReplayCheck::Unavailable(failure), None)
            }
            ClaimAnswer::Duplicate => return refuse(Reason::ReplayDuplicate, None),
            ClaimAnswer::InProgress => return refuse(Reason::ReplayInProgress, None),
            ClaimAnswer::Stale => return refuse(Reason::TimeStale, None),
            ClaimAnswer::ColdStart => {
                let failure = StoreFailure::new("issued before the store began to remember");
                return refuse(Reason::ReplayStoreUnavailable, Some(failure));
            }
            ClaimAnswer::Full => return refuse(Reason::ReplayStoreFull, None),
            ClaimAnswer::Unavailable(failure) => return refuse(Reason::ReplayStoreUnavailable, Some(failure)),
        };
        self.replay = replay;
        Ok((self, ticket))
    }

    /// A refusal because no store could be asked at all, whatever the policy says of stores that fail.
    #[must_use]
    pub fn refuse_unasked(&self, failure: StoreFailure) -> Refusal {
        self.refuse(Reason::ReplayStoreUnavailable, None, Some(failure))
    }

    fn refuse(&self, reason: Reason, now: Option<i64>, store_failure: Option<StoreFailure>) -> Refusal {
        let age_seconds = now.map_or(self.age_seconds, |now| self.checked.claims.age(now));
        let details = Details { age_seconds: Some(age_seconds), store_failure, ..self.checked.details() };
        Refusal::new(reason, self.terms.answers, Some(details))
    }
}
