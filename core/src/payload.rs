//! The payload that `payload_hash` covers: its SHA-256 while it arrives, and its ceiling.

use sha2::{Digest, Sha256};

use crate::reason::Reason;

/// Which bytes of the request the token's `payload_hash` was found to cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PayloadForm {
    /// The raw body.
    Body,
    /// Nothing: the token has no `payload_hash`, and the policy accepts that by its dangerously named setting.
    Unhashed,
}

impl PayloadForm {
    /// The name, the same in every language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            PayloadForm::Body => "body",
            PayloadForm::Unhashed => "unhashed",
        }
    }
}

/// A body on its way in: never kept, only counted and hashed.
pub(crate) struct BodyHash {
    hash: Sha256,
    received: u64,
    max_bytes: u64,
}

impl BodyHash {
    pub(crate) fn new(max_bytes: u64) -> BodyHash {
        BodyHash { hash: Sha256::new(), received: 0, max_bytes }
    }

    /// Takes the next bytes. Once the body is too large nothing more is hashed and every call says so.
    pub(crate) fn update(&mut self, chunk: &[u8]) -> Result<(), Reason> {
        self.received = self.received.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        self.check_size()?;
        self.hash.update(chunk);
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<[u8; 32], Reason> {
        self.check_size()?;
        Ok(self.hash.finalize().into())
    }

    fn check_size(&self) -> Result<(), Reason> {
        check_length(self.received, self.max_bytes)
    }
}

/// Whether a body of this many bytes, announced or received, is within the ceiling.
pub(crate) fn check_length(bytes: u64, max_bytes: u64) -> Result<(), Reason> {
    if bytes > max_bytes { Err(Reason::PayloadTooLarge) } else { Ok(()) }
}
