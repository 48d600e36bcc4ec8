//! Replay stores that do I/O.
//!
//! Core knows what a store is asked and must promise ([`hookproof::replay`]); here are those that reach beyond one
//! process: [`FileStore`] for the processes of one machine, `RedisStore` (feature `redis`) for many machines, and
//! [`HostStore`] for a store that the host asks itself. Nothing here decides about a request.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::panic,
        clippy::unreachable,
        clippy::string_slice,
        clippy::as_conversions
    )
)]

mod file;
pub mod fork;
mod hex;
mod host;
mod namespace;
mod owner;
mod process;
#[cfg(feature = "redis")]
mod redis;
pub mod scripts;

pub use file::{Durability, FileStore};
pub use host::{HostAnswer, HostStore, Question};
#[cfg(feature = "redis")]
pub use redis::RedisStore;
