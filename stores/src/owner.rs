//! Who holds a claim.

use hookproof::replay::StoreFailure;

/// A fresh owner: 16 bytes of the operating system's, so that no two processes ever share one, a fork included.
pub(crate) fn fresh() -> Result<[u8; 16], StoreFailure> {
    let mut owner = [0; 16];
    match getrandom::fill(&mut owner) {
        Ok(()) => Ok(owner),
        Err(_) => Err(StoreFailure::new("the operating system gave no random bytes")),
    }
}
