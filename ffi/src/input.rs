//! What comes in: `(pointer, length)` pairs become slices here and nowhere else.
//!
//! The rule for every pair: NULL is allowed exactly when the length is 0, and a length of 0 is the
//! empty value whatever the pointer says.

use std::ffi::{c_char, c_void};
use std::fmt;

use hookproof::ConfigError;

use crate::status::{E_ARGUMENT, E_CONFIG, E_NULL, E_UTF8, hookproof_status};

/// Why a call was not carried out. Names the argument, never its value.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The argument is NULL where that is not allowed.
    Null(&'static str),
    /// The argument is not UTF-8.
    Utf8(&'static str),
    /// The argument is outside of its range.
    Argument(&'static str),
    /// The core refused a configuration value.
    Config(ConfigError),
}

impl Fault {
    pub(crate) fn status(&self) -> hookproof_status {
        match self {
            Fault::Null(_) => E_NULL,
            Fault::Utf8(_) => E_UTF8,
            Fault::Argument(_) => E_ARGUMENT,
            Fault::Config(_) => E_CONFIG,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Null(name) => write!(f, "{name}: is NULL"),
            Fault::Utf8(name) => write!(f, "{name}: is not valid UTF-8"),
            Fault::Argument(name) => write!(f, "{name}: is out of range"),
            Fault::Config(error) => error.fmt(f),
        }
    }
}

impl From<ConfigError> for Fault {
    fn from(error: ConfigError) -> Self {
        Fault::Config(error)
    }
}

/// The bytes of a `(const void *, size_t)` pair.
///
/// # Safety
///
/// A pointer that is not NULL, with a length that is not 0, must be readable for that many bytes,
/// and they must not change while the slice lives.
pub(crate) unsafe fn bytes<'a>(name: &'static str, ptr: *const c_void, len: usize) -> Result<&'a [u8], Fault> {
    if len == 0 {
        return Ok(&[]);
    }
    if ptr.is_null() {
        return Err(Fault::Null(name));
    }
    // No object is larger than this; a negative number cast to size_t is.
    if len > isize::MAX as usize {
        return Err(Fault::Argument(name));
    }
    // SAFETY: not NULL, not longer than an object can be, and readable by the caller's promise.
    Ok(unsafe { std::slice::from_raw_parts(ptr.cast::<u8>(), len) })
}

/// The bytes of a `(const char *, size_t)` pair, which need not be UTF-8.
///
/// # Safety
///
/// As for [`bytes`].
pub(crate) unsafe fn octets<'a>(name: &'static str, ptr: *const c_char, len: usize) -> Result<&'a [u8], Fault> {
    // SAFETY: the promise is the same.
    unsafe { bytes(name, ptr.cast(), len) }
}

/// The text of a `(const char *, size_t)` pair, which must be UTF-8.
///
/// # Safety
///
/// As for [`bytes`].
pub(crate) unsafe fn text<'a>(name: &'static str, ptr: *const c_char, len: usize) -> Result<&'a str, Fault> {
    // SAFETY: the promise is the same.
    let bytes = unsafe { bytes(name, ptr.cast(), len) }?;
    std::str::from_utf8(bytes).map_err(|_| Fault::Utf8(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_zero_is_empty_whatever_the_pointer() {
        let dangling = std::ptr::without_provenance::<c_void>(1);
        // SAFETY: a length of 0 is never read.
        unsafe {
            assert_eq!(bytes("x", std::ptr::null(), 0).unwrap(), b"");
            assert_eq!(bytes("x", dangling, 0).unwrap(), b"");
            assert_eq!(text("x", std::ptr::null(), 0).unwrap(), "");
        }
    }

    #[test]
    fn null_with_a_length_is_refused() {
        // SAFETY: NULL is refused before it is read.
        let fault = unsafe { bytes("body", std::ptr::null(), 1) }.unwrap_err();
        assert_eq!(fault.status(), E_NULL);
        assert_eq!(fault.to_string(), "body: is NULL");
    }

    #[test]
    fn a_length_beyond_any_object_is_refused() {
        let byte = 0_u8;
        let ptr = (&raw const byte).cast();
        for len in [isize::MAX as usize + 1, usize::MAX] {
            // SAFETY: the length is refused before the pointer is read.
            let fault = unsafe { bytes("body", ptr, len) }.unwrap_err();
            assert_eq!(fault.status(), E_ARGUMENT);
        }
    }

    #[test]
    fn only_text_must_be_utf8() {
        let raw = b"\xff";
        // SAFETY: the slice is readable.
        unsafe {
            assert_eq!(octets("x", raw.as_ptr().cast(), 1).unwrap(), raw);
            assert_eq!(text("x", raw.as_ptr().cast(), 1).unwrap_err().status(), E_UTF8);
        }
    }
}
