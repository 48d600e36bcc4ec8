//! The namespace of a shared store: part of every key, so that two applications can share one server.

use hookproof::ConfigError;
use hookproof::limits::MAX_NAMESPACE_BYTES;

/// 1 to 64 letters, digits, `-`, `_` and `.`: nothing that an operator's patterns or a key's layout read as a sign.
pub(crate) fn check(namespace: &str) -> Result<&str, ConfigError> {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if (1..=MAX_NAMESPACE_BYTES).contains(&namespace.len()) && namespace.bytes().all(letter) {
        Ok(namespace)
    } else {
        Err(ConfigError::new("namespace", "must be 1 to 64 letters, digits, '-', '_' or '.'"))
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_namespace_is_a_short_plain_word() {
        assert!(check("shop-1.eu_west").is_ok() && check(&"n".repeat(64)).is_ok());
        for bad in ["", "a b", "a:b", "a*", "é", "a\n", &"n".repeat(65)] {
            assert_eq!(check(bad).unwrap_err().place(), "namespace");
        }
    }
}
