//! What is measured, for the programs that measure it.

mod case;
mod floor;
mod peer;
mod round;
mod row;

pub use case::{Case, NOW};
pub use floor::Floor;
pub use peer::Peer;
pub use round::{Bar, Candidate, quantile, ratio, run_rounds, time};
pub use row::Row;

/// Bytes of a common webhook's body.
pub const USUAL_BODY: usize = 612;
/// Bytes of a body where the hash is nearly all of the work.
pub const LARGE_BODY: usize = 64 * 1024;
