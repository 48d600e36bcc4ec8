//! A claim on an identity, in the hands of whoever does the work.

use super::store::{Effect, Store, StoreFailure, Ticket};

/// Whether an answer with this HTTP status means that the work is done, so that its claim is confirmed: 200 to 205. After any
/// other one the claim is released, for the sender may try again.
#[must_use]
pub const fn is_processed(http_status: u16) -> bool {
    matches!(http_status, 200..=205)
}

/// A claim: end it with [`Claim::confirm`] when the work is done, or with [`Claim::release`] when it failed.
///
/// Dropping it does no I/O: the identity is free again when the lease ends.
#[must_use = "a claim that is neither confirmed nor released holds its identity until the lease ends"]
pub struct Claim<S> {
    store: S,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing was claimed: a duplicate handed on, or a store that failed and was flagged.
    Empty,
    Open(Ticket),
    Confirmed,
    Released,
    /// Another owner has it.
    Lost,
}

impl<S: Store> Claim<S> {
    pub(crate) fn new(store: S, ticket: Option<Ticket>) -> Claim<S> {
        Claim { store, state: ticket.map_or(State::Empty, State::Open) }
    }

    /// Whether the identity is held and the claim has not ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Open(_))
    }

    /// The work is done: a repeat is a duplicate from now on. Confirming again does the same again.
    ///
    /// [`Effect::NoEffect`]: the lease was over and another owner has the identity, or the claim was released, or
    /// there was none. The work may then be done twice: answer as if all were well, and count it.
    ///
    /// # Errors
    /// The store could not be reached. The claim stays open: send the answer, report it, and try again if you can.
    pub fn confirm(&mut self, now: i64) -> Result<Effect, StoreFailure> {
        match self.state {
            State::Open(ticket) => {
                let effect = self.store.confirm(&ticket, now)?;
                self.state = if effect == Effect::Done { State::Confirmed } else { State::Lost };
                Ok(effect)
            }
            State::Confirmed => Ok(Effect::Done),
            State::Empty | State::Released | State::Lost => Ok(Effect::NoEffect),
        }
    }

    /// The work failed: the sender's retry shall be worked on.
    ///
    /// [`Effect::NoEffect`]: the claim had ended, by its lease and another owner or by a confirm or release, or there was
    /// none.
    ///
    /// # Errors
    /// The store could not be reached. The claim stays open, and ends with its lease.
    pub fn release(&mut self, now: i64) -> Result<Effect, StoreFailure> {
        match self.state {
            State::Open(ticket) => {
                let effect = self.store.release(&ticket, now)?;
                self.state = if effect == Effect::Done { State::Released } else { State::Lost };
                Ok(effect)
            }
            State::Empty | State::Confirmed | State::Released | State::Lost => Ok(Effect::NoEffect),
        }
    }
}

// A store need not be printable.
impl<S> std::fmt::Debug for Claim<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Claim").field("state", &self.state).finish_non_exhaustive()
    }
}
