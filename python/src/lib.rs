//! The Python door: it takes over what Python has, asks the core, and hands out what the core says.
//!
//! One file for each noun. What Python does better itself (stores that it asks through the application's own clients,
//! context managers, key sources) stands in `python/hookproof`. Nothing here decides about a request.
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
        clippy::string_slice
    )
)]

mod body;
mod claim;
mod event;
mod failure;
mod headers;
mod keyring;
mod policy;
mod signer;
mod store;
mod time;
mod verifier;
mod webhook;

use pyo3::prelude::*;

/// The module `hookproof._native`. It keeps no state that two threads could see half changed.
#[pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use crate::claim::{Claim, Judged, Question};
    #[pymodule_export]
    use crate::event::parse_unsigned;
    #[pymodule_export]
    use crate::keyring::{Keyring, Secret};
    #[pymodule_export]
    use crate::signer::Signer;
    #[pymodule_export]
    use crate::store::{FileStore, MemoryStore, Store, check_namespace, is_processed, redis_key};
    #[pymodule_export]
    use crate::verifier::{PendingBody, Verifier};
    #[pymodule_export]
    use crate::webhook::Webhook;

    use hookproof_stores::scripts;
    use pyo3::prelude::*;
    use pyo3::types::PyDict;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("RETRY_WINDOW", hookproof::RETRY_WINDOW)?;
        module.add("DEFAULT_STORE_CAPACITY", hookproof::limits::DEFAULT_STORE_CAPACITY)?;
        module.add("STORE_BUDGET", f64::from(hookproof::limits::STORE_BUDGET_MS) / 1000.0)?;
        let scripts = PyDict::new(module.py());
        for script in [scripts::CLAIM, scripts::CONFIRM, scripts::RELEASE] {
            scripts.set_item(script.name, script.text)?;
        }
        module.add("REDIS_SCRIPTS", scripts)
    }
}
