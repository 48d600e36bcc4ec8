//! Linker arguments of the shared library.
//!
//! Cargo gives a cdylib no SONAME, so programs would record the path it was built at. Before 1.0 a
//! minor version may break the ABI and is part of the name; from 1.0 on only the major version is.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("linux") {
        return;
    }

    // A host that unloads and reloads the library for every request (PHP does) would pay for the
    // mapping each time, and Rust's thread-local destructors must not point into unmapped code.
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");

    // cargo-c sets the name itself and must not be overruled.
    if env::var_os("CARGO_FEATURE_CAPI").is_none() {
        let major = env::var("CARGO_PKG_VERSION_MAJOR").expect("cargo sets the version");
        let minor = env::var("CARGO_PKG_VERSION_MINOR").expect("cargo sets the version");
        let version = if major == "0" { format!("0.{minor}") } else { major };
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libhookproof.so.{version}");
    }
}
