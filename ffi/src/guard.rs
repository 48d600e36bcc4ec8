//! The panic boundary: every exported function runs its body in [`guard`].
//!
//! Unwinding into C is undefined and aborting would take the host server down, so a panic, which is
//! always a bug of ours, becomes the value the caller reads as "not accepted".

use std::panic::{AssertUnwindSafe, catch_unwind};

#[cfg(panic = "abort")]
compile_error!("hookproof-ffi needs panic = \"unwind\": a panic must not end the host process");

/// Runs `body` and answers `fallback` if it panics.
///
/// `AssertUnwindSafe` is justified by the handles: one whose change was interrupted either kept its
/// old value (keyring, policy, signer) or reports `HOOKPROOF_E_INTERNAL` from then on (result).
pub(crate) fn guard<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(value) => value,
        Err(payload) => {
            // Dropping a payload may panic once more, outside of any guard. Leaking it is the
            // smaller harm, and it happens once per bug.
            std::mem::forget(payload);
            fallback
        }
    }
}

#[cfg(test)]
mod tests {
    use super::guard;
    use crate::output::hookproof_str;
    use crate::status::{E_INTERNAL, OK, hookproof_status};

    extern "C" fn panics_with_a_status() -> hookproof_status {
        guard(E_INTERNAL, || panic!("forced"))
    }

    extern "C" fn panics_with_a_text() -> hookproof_str {
        guard(hookproof_str::EMPTY, || panic!("forced"))
    }

    struct PanicsOnDrop;

    impl Drop for PanicsOnDrop {
        fn drop(&mut self) {
            panic!("dropped");
        }
    }

    #[test]
    fn a_panic_becomes_internal() {
        assert_eq!(panics_with_a_status(), E_INTERNAL);
    }

    #[test]
    fn a_panic_becomes_the_empty_text() {
        let text = panics_with_a_text();
        assert_eq!(text.len, 0);
        assert!(!text.ptr.is_null());
    }

    #[test]
    fn a_payload_that_panics_when_dropped_is_contained() {
        let status = guard(E_INTERNAL, || std::panic::panic_any(PanicsOnDrop));
        assert_eq!(status, E_INTERNAL);
    }

    #[test]
    fn a_value_passes_through() {
        assert_eq!(guard(E_INTERNAL, || OK), OK);
    }
}
