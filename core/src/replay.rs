//! Replay protection: what a store is asked, what it may answer, and what it must promise.
//!
//! A request is *claimed* after every other check has passed, then worked on, then *confirmed* or *released*:
//!
//! ```text
//! absent --claim--> claimed (owner, lease) --confirm--> done, kept until its token has long been stale
//! claimed --release--> absent: the sender's retry of a failed request is worked on
//! claimed --lease over--> a claim by another owner passes: the retry after a crash is worked on
//! confirm or release by an old owner: no effect, and no error
//! ```
//!
//! Any number of verifiers share one [`Store`]. Core has the store of one process ([`MemoryStore`]); stores that do I/O
//! stand in a package of their own. A store never forgets an identity to make room: it refuses.

mod claim;
mod identity;
mod memory;
mod store;
mod sync;
mod table;

pub use claim::{Claim, is_processed};
pub use identity::{Identity, Selector};
pub use memory::MemoryStore;
pub use store::{ClaimAnswer, ClaimRequest, Effect, Hold, Store, StoreFailure, Ticket};
