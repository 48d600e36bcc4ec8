//! Identities and owners as text.

/// 32 lower-case hexadecimal digits.
pub(crate) fn encode(bytes: &[u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    #[test]
    fn leading_zeros_stay() {
        let bytes = [0, 1, 0xfe, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0a];
        assert_eq!(super::encode(&bytes), "0001fe0000000000000000000000000a");
    }
}
