//! The two hashes that nobody can do without, bare.

use std::hint::black_box;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::Case;

/// HMAC-SHA256 of what was signed and SHA-256 of the body, with the crates that the library uses.
pub struct Floor(Hmac<Sha256>);

impl Floor {
    /// Makes the state of the key once, as the library does.
    pub fn new(case: &Case) -> Floor {
        Floor(Hmac::new_from_slice(case.secret()).unwrap())
    }

    /// Hashes both.
    pub fn both(&self, case: &Case) {
        let mut mac = self.0.clone();
        mac.update(black_box(case.signing_input()));
        black_box(mac.finalize());
        black_box(Sha256::digest(black_box(&case.body)));
    }
}
