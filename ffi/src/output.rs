//! What goes out: borrowed texts and writes through out-pointers.

use std::ffi::{CStr, c_char};
use std::fmt::{Display, Write as _};

/// A text the library lends out: `len` bytes at `ptr`, followed by a NUL that `len` does not count.
///
/// `ptr` is never NULL and the text is UTF-8; an absent text has length 0. Use `len` rather than the
/// NUL where the content comes from a request: a claim may contain a NUL of its own.
///
/// Always Borrowed, and never freed by the caller. The function that returns it says from which
/// handle and until when; texts about statuses and versions stay valid as long as the process lives.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[allow(non_camel_case_types)]
pub struct hookproof_str {
    /// First byte; never NULL.
    pub ptr: *const c_char,
    /// Number of bytes before the closing NUL.
    pub len: usize,
}

impl hookproof_str {
    /// The absent text.
    pub const EMPTY: hookproof_str = hookproof_str::from_static(c"");

    pub(crate) const fn from_static(text: &'static CStr) -> hookproof_str {
        hookproof_str { ptr: text.as_ptr(), len: text.count_bytes() }
    }
}

/// A text that belongs to a handle. Ends with a NUL, and may hold others.
#[derive(Debug)]
pub(crate) struct Text(String);

impl Text {
    pub(crate) fn new(text: impl Display) -> Text {
        let mut owned = String::new();
        // Writing to a String fails only if a Display does, and then the text is merely shorter.
        let _ = write!(owned, "{text}\0");
        if !owned.ends_with('\0') {
            owned.push('\0');
        }
        Text(owned)
    }

    pub(crate) fn view(&self) -> hookproof_str {
        hookproof_str { ptr: self.0.as_ptr().cast(), len: self.0.len() - 1 }
    }
}

/// Several texts of one handle in one allocation.
#[derive(Debug, Default)]
pub(crate) struct TextBlock {
    bytes: String,
    ends: Vec<usize>,
}

impl TextBlock {
    pub(crate) fn with_capacity(bytes: usize, texts: usize) -> TextBlock {
        TextBlock { bytes: String::with_capacity(bytes), ends: Vec::with_capacity(texts) }
    }

    /// Appends a text and the NUL behind it.
    pub(crate) fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.close();
    }

    /// As `push`, for what must be written out first.
    pub(crate) fn push_display(&mut self, text: impl Display) {
        // As in `Text::new`: a failing Display shortens the text.
        let _ = write!(self.bytes, "{text}");
        self.close();
    }

    fn close(&mut self) {
        self.ends.push(self.bytes.len());
        self.bytes.push('\0');
    }

    /// The text pushed as number `index`, empty past the end.
    pub(crate) fn view(&self, index: usize) -> hookproof_str {
        let Some(&end) = self.ends.get(index) else {
            return hookproof_str::EMPTY;
        };
        let start = if index == 0 { 0 } else { self.ends[index - 1] + 1 };
        hookproof_str { ptr: self.bytes[start..].as_ptr().cast(), len: end - start }
    }

    pub(crate) fn count(&self) -> usize {
        self.ends.len()
    }
}

/// Writes through an out-pointer; NULL takes no value.
///
/// # Safety
///
/// A pointer that is not NULL must be writable and aligned for `T`. What it pointed at need not be
/// initialised and is not dropped.
pub(crate) unsafe fn put<T: Copy>(out: *mut T, value: T) {
    if !out.is_null() {
        // SAFETY: writable and aligned by the caller's promise; `write` reads nothing.
        unsafe { out.write(value) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(view: hookproof_str) -> Vec<u8> {
        // SAFETY: a view is readable up to and including the closing NUL.
        unsafe { std::slice::from_raw_parts(view.ptr.cast::<u8>(), view.len + 1) }.to_vec()
    }

    #[test]
    fn texts_end_with_a_nul_that_is_not_counted() {
        assert_eq!(bytes(hookproof_str::EMPTY), b"\0");
        assert_eq!(bytes(Text::new("").view()), b"\0");
        assert_eq!(bytes(Text::new("a\0b").view()), b"a\0b\0");
    }

    #[test]
    fn a_block_keeps_its_texts_apart() {
        let mut block = TextBlock::with_capacity(4, 2);
        block.push("");
        block.push("a\0b");
        block.push("c");
        assert_eq!(block.count(), 3);
        assert_eq!(bytes(block.view(0)), b"\0");
        assert_eq!(bytes(block.view(1)), b"a\0b\0");
        assert_eq!(bytes(block.view(2)), b"c\0");
        assert_eq!(bytes(block.view(3)), b"\0");
    }

    #[test]
    fn put_ignores_null() {
        let mut value = 1;
        // SAFETY: one pointer is NULL, the other is a live integer.
        unsafe {
            put(std::ptr::null_mut::<i64>(), 2);
            put(&raw mut value, 3);
        }
        assert_eq!(value, 3);
    }
}
