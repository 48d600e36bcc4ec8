//! The version of the library, of the package and of the header are one.

mod common;

use common::text;
use hookproof_ffi::*;

fn macro_of<'h>(header: &'h str, name: &str) -> &'h str {
    let define = format!("#define HOOKPROOF_{name} ");
    header.lines().find_map(|line| line.strip_prefix(define.as_str())).unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn library_package_and_header_agree() {
    let header = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../include/hookproof.h")).unwrap();
    let number = |name: &str| {
        let text = macro_of(&header, name);
        text.strip_prefix("0x").map_or_else(|| text.parse(), |hex| u32::from_str_radix(hex, 16)).unwrap()
    };
    assert_eq!(text(hookproof_version()), env!("CARGO_PKG_VERSION"));
    assert_eq!(macro_of(&header, "VERSION_STRING"), format!("\"{}\"", env!("CARGO_PKG_VERSION")));
    let (major, minor, patch) = (number("VERSION_MAJOR"), number("VERSION_MINOR"), number("VERSION_PATCH"));
    assert_eq!(format!("{major}.{minor}.{patch}"), env!("CARGO_PKG_VERSION"));
    // The composed number is what programs compare.
    assert_eq!(number("VERSION_NUMBER"), major * 0x1_0000 + minor * 0x100 + patch);
    assert_eq!(number("ABI_VERSION"), hookproof_abi_version());
    assert_eq!(number("RETRY_WINDOW"), hookproof::RETRY_WINDOW);
    assert_eq!(number("MAX_API_KEY_BYTES") as usize, hookproof::limits::MAX_API_KEY_BYTES);
    assert_eq!(macro_of(&header, "LENGTH_UNKNOWN"), "UINT64_MAX");
}

#[test]
fn features_can_be_asked_for() {
    let features = text(hookproof_features());
    let has = |name: &str| {
        // SAFETY: the name is readable.
        unsafe { hookproof_has_feature(name.as_ptr().cast(), name.len()) }
    };
    assert!(features.split_whitespace().all(has));
    assert!(!has(""));
    assert!(!has("no-such-feature"));
    // SAFETY: NULL is refused before it is read.
    assert!(!unsafe { hookproof_has_feature(std::ptr::null(), 5) });
}

#[test]
fn the_clock_runs() {
    let first = hookproof_now();
    assert!(first > 1_700_000_000);
    assert!(hookproof_now() >= first);
}
