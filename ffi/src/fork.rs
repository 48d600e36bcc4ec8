//! Tells the file stores of forks: see `hookproof_stores::fork`. The system is asked to only when the first file store is
//! made, and can not be asked to stop: the library is never unloaded (`-z nodelete`).

#[cfg(unix)]
pub(crate) fn watch() {
    use std::sync::atomic::{AtomicBool, Ordering};

    use crate::guard::guard;

    unsafe extern "C" {
        /// POSIX: runs these functions around every fork of the process.
        fn pthread_atfork(
            prepare: Option<unsafe extern "C" fn()>,
            parent: Option<unsafe extern "C" fn()>,
            child: Option<unsafe extern "C" fn()>,
        ) -> std::ffi::c_int;
    }

    unsafe extern "C" fn prepare() {
        guard((), hookproof_stores::fork::prepare);
    }

    unsafe extern "C" fn resume() {
        guard((), hookproof_stores::fork::resume);
    }

    // No lock that a fork could catch.
    static WATCHING: AtomicBool = AtomicBool::new(false);
    if !WATCHING.swap(true, Ordering::AcqRel) {
        // SAFETY: the functions have the type that is asked for, unwind into nobody, and stay loaded. If there is no memory for
        // the registration, a child finds that the file was open and refuses.
        let _ = unsafe { pthread_atfork(Some(prepare), Some(resume), Some(resume)) };
    }
}

#[cfg(not(unix))]
pub(crate) fn watch() {}
