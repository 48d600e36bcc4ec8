//! Bytes that must never be printed and are wiped when dropped.

use std::fmt;

use zeroize::Zeroizing;

/// A secret on its way into a key: never empty, wiped on drop, and not printable.
pub(crate) struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes the raw bytes as they are; nothing is trimmed or decoded. An empty secret cannot be represented.
    pub(crate) fn new(bytes: Zeroizing<Vec<u8>>) -> Option<Secret> {
        if bytes.is_empty() { None } else { Some(Secret(bytes)) }
    }

    /// A copy of the bytes; see [`Secret::new`].
    pub(crate) fn copied(bytes: &[u8]) -> Option<Secret> {
        Secret::new(Zeroizing::new(bytes.to_vec()))
    }

    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_never_empty_and_never_printed() {
        assert!(Secret::copied(b"").is_none());
        let secret = Secret::copied(b"hunter2").unwrap();
        assert_eq!(format!("{secret:?}"), "Secret([redacted])");
        assert_eq!(secret.expose(), b"hunter2");
    }
}
