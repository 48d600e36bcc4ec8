//! A store that the host asks itself: the library hands out a question and takes one of five answers.

use hookproof::replay::{ClaimAnswer, Hold, StoreFailure, Ticket};
use hookproof::{ConfigError, Duplicates, Refusal, Verified};

use crate::{hex, owner};

/// A store that the host keeps: its own database, asked by its own code.
///
/// The library never calls the host. [`HostStore::ask`] gives a [`Question`] (identity, owner, durations); the host runs
/// one atomic statement, and [`Question::answer`] turns what came out into the verdict. Confirm and release are the
/// host's own statements too, which must compare the owner.
#[derive(Clone, Debug)]
pub struct HostStore {
    namespace: String,
}

/// What the host's store said to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostAnswer {
    /// The identity was free, or its lease was over, and it is ours now.
    Claimed,
    /// Another owner holds it, and its lease runs.
    InProgress,
    /// It is done.
    Duplicate,
    /// The store did not answer.
    Unavailable,
    /// The store has no room.
    Full,
}

impl HostStore {
    /// A store whose keys carry `namespace`: 1 to 64 bytes of printable ASCII without spaces.
    ///
    /// # Errors
    /// Another namespace.
    pub fn new(namespace: &str) -> Result<HostStore, ConfigError> {
        Ok(HostStore { namespace: crate::namespace::check(namespace)?.to_owned() })
    }

    /// What the store covers, in words.
    #[must_use]
    pub fn extent(&self) -> String {
        format!("whatever shares the host's own store, namespace {}", self.namespace)
    }

    /// The question about a request that passed every other check. The age is checked once more.
    ///
    /// # Errors
    /// `time.stale` and its like, or `replay.store_unavailable` if the system gave no random bytes for an owner.
    pub fn ask(&self, verified: Verified, hold: Hold, duplicates: Duplicates, now: i64) -> Result<Question, Refusal> {
        let request = verified.claim_request(hold, now)?;
        let (keep_seconds, keep_until) = (request.keep_seconds(), request.keep_until);
        let key = request.identity.key(&self.namespace);
        match owner::fresh() {
            Ok(owner) => {
                let ticket = Ticket { key, owner, keep_until };
                Ok(Question { verified, ticket, keep_seconds, hold, duplicates })
            }
            Err(failure) => Err(verified.refuse_unasked(failure)),
        }
    }
}

/// A request that passed every check but the store's, and what to ask the store.
///
/// Ask in one atomic statement: insert the identity with its owner and the end of its lease; or take it over if it is
/// there, not done, and its lease is over; else leave it. Keep it for [`Question::keep_seconds`] at least.
#[must_use]
pub struct Question {
    verified: Verified,
    ticket: Ticket,
    keep_seconds: u64,
    hold: Hold,
    duplicates: Duplicates,
}

impl Question {
    /// The identity: 32 hexadecimal digits.
    #[must_use]
    pub fn identity(&self) -> String {
        hex::encode(&self.ticket.key)
    }

    /// The owner of this claim: 32 hexadecimal digits, never the same twice.
    #[must_use]
    pub fn owner(&self) -> String {
        hex::encode(&self.ticket.owner)
    }

    /// How long the claim is held unless it is confirmed or released, in seconds; nothing for `verify_once`, where the
    /// identity is done at once.
    #[must_use]
    pub fn lease_seconds(&self) -> Option<u32> {
        match self.hold {
            Hold::Lease(seconds) => Some(seconds),
            Hold::Once => None,
        }
    }

    /// How long the identity must be kept from now on, in seconds.
    #[must_use]
    pub fn keep_seconds(&self) -> u64 {
        self.keep_seconds
    }

    /// Until when the identity must be kept, in Unix seconds of the clock that the question was asked by.
    #[must_use]
    pub fn keep_until(&self) -> i64 {
        self.ticket.keep_until
    }

    /// The label of the secret that signed the token.
    #[must_use]
    pub fn key_label(&self) -> &str {
        self.verified.key_label()
    }

    /// The generation of the keyring that held the secret; 0 for a keyring of the call.
    #[must_use]
    pub fn keyring_generation(&self) -> u64 {
        self.verified.keyring_generation()
    }

    /// The verdict. Of a claim the age is judged once more: a store that took until the token was stale has the
    /// identity until the lease ends.
    ///
    /// # Errors
    /// One of `replay.*`, or `time.stale`.
    pub fn answer(self, answer: HostAnswer, now: i64) -> Result<Verified, Refusal> {
        if answer == HostAnswer::Claimed {
            self.verified.claim_request(self.hold, now)?;
        }
        let answer = match answer {
            HostAnswer::Claimed => ClaimAnswer::Claimed(self.ticket),
            HostAnswer::InProgress => ClaimAnswer::InProgress,
            HostAnswer::Duplicate => ClaimAnswer::Duplicate,
            HostAnswer::Unavailable => ClaimAnswer::Unavailable(StoreFailure::new("the host's store did not answer")),
            HostAnswer::Full => ClaimAnswer::Full,
        };
        self.verified.settle(self.hold, answer, self.duplicates).map(|(verified, _)| verified)
    }
}

impl std::fmt::Debug for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Question").field("verified", &self.verified).field("hold", &self.hold).finish_non_exhaustive()
    }
}
