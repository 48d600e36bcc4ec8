//! Versions, build features, and the clock.

use std::ffi::{CStr, c_char};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::guard::guard;
use crate::input::octets;
use crate::output::hookproof_str;

/// Changes only when a compiled caller would break. Bindings compare it when they load the library.
pub const ABI_VERSION: u32 = 1;

const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(text) => text,
    Err(_) => panic!("the package version holds a NUL"),
};

/// Build features, separated by spaces.
const FEATURES: &CStr = if cfg!(feature = "redis-tls") {
    c"memory-store file-store redis redis-tls"
} else if cfg!(feature = "redis") {
    c"memory-store file-store redis"
} else {
    c"memory-store file-store"
};

/// The ABI number of the loaded library. A program works with it exactly when it equals the
/// HOOKPROOF_ABI_VERSION the program was compiled with; language bindings check this at load.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_abi_version() -> u32 {
    guard(0, || ABI_VERSION)
}

/// The version of the loaded library, "0.1.0". Static.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_version() -> hookproof_str {
    guard(hookproof_str::EMPTY, || hookproof_str::from_static(VERSION))
}

/// The features the loaded library was built with, separated by spaces: "memory-store" and
/// "file-store", which every build of this version has, "redis" and "redis-tls". Static.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_features() -> hookproof_str {
    guard(hookproof_str::EMPTY, || hookproof_str::from_static(FEATURES))
}

/// Whether the loaded library was built with the named feature. An unknown or empty name is false.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_has_feature(name: *const c_char, name_len: usize) -> bool {
    guard(false, || {
        // SAFETY: the caller vouches for the pointer and its length.
        let Ok(name) = (unsafe { octets("name", name, name_len) }) else {
            return false;
        };
        !name.is_empty() && FEATURES.to_bytes().split(|byte| *byte == b' ').any(|feature| feature == name)
    })
}

/// The system clock in Unix seconds: the value to pass as `now`. No other function of the library
/// reads a clock, so tests may pass any time they like.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_now() -> i64 {
    guard(0, || match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds),
    })
}
