//! Strict base64url and hexadecimal. No other file decodes text.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

/// Room that [`base64url`] needs for `text`, in bytes.
pub(crate) fn decoded_room(text: &[u8]) -> usize {
    base64::decoded_len_estimate(text.len())
}

/// Decodes canonical unpadded base64url (RFC 7515 2): no padding, no white space, unused bits zero. Returns the
/// number of bytes written to `out`, or nothing if the text is not canonical or `out` is too small.
pub(crate) fn base64url(text: &[u8], out: &mut [u8]) -> Option<usize> {
    URL_SAFE_NO_PAD.decode_slice(text, out).ok()
}

/// Encodes unpadded base64url.
pub(crate) fn to_base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Decodes a base64 secret of a keyring text: the standard alphabet with padding, as dashboards show it.
pub(crate) fn base64_secret(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; base64::decoded_len_estimate(text.len())]);
    let len = STANDARD.decode_slice(text, &mut bytes).ok()?;
    bytes.truncate(len);
    Some(bytes)
}

/// Reads a SHA-256 in 64 hexadecimal digits of either case.
pub(crate) fn sha256_hex(text: &str) -> Option<[u8; 32]> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let pairs: &[[u8; 2]; 32] = pairs.try_into().ok()?;
    let mut hash = [0; 32];
    for (byte, [high, low]) in hash.iter_mut().zip(pairs) {
        *byte = hex_digit(*high)?.checked_shl(4)? | hex_digit(*low)?;
    }
    Some(hash)
}

fn hex_digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => letter.checked_sub(b'0'),
        b'a'..=b'f' => letter.checked_sub(b'a' - 10),
        b'A'..=b'F' => letter.checked_sub(b'A' - 10),
        _ => None,
    }
}

/// Writes bytes as lower-case hexadecimal.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len().saturating_mul(2)), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &str) -> Option<Vec<u8>> {
        let mut out = vec![0; decoded_room(text.as_bytes())];
        let len = base64url(text.as_bytes(), &mut out)?;
        out.truncate(len);
        Some(out)
    }

    #[test]
    fn base64url_is_canonical() {
        assert_eq!(decode("").as_deref(), Some(&[][..]));
        assert_eq!(decode("Zg").as_deref(), Some(&b"f"[..]));
        assert_eq!(decode("-_8").as_deref(), Some(&[0xfb, 0xff][..]));
        for bad in ["Zh", "Zg=", "Zg==", "Z", "Zm9v=", "+_8", "Zg\n", " Zg", "Zm9", "Z g", "Zg\0"] {
            assert_eq!(decode(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn every_pair_of_letters_has_one_reading() {
        // Of all two-letter texts exactly those decode whose last four bits are zero, each to another byte.
        let mut seen = [false; 256];
        for first in 0..=255u8 {
            for second in 0..=255u8 {
                let mut out = [0; 3];
                if let Some(len) = base64url(&[first, second], &mut out) {
                    assert_eq!(len, 1);
                    assert!(!std::mem::replace(&mut seen[usize::from(out[0])], true));
                }
            }
        }
        assert!(seen.iter().all(|s| *s));
    }

    #[test]
    fn hex_takes_both_cases_and_nothing_else() {
        let text = "00ff".to_owned() + &"aB".repeat(30);
        let hash = sha256_hex(&text).unwrap();
        assert_eq!((hash[0], hash[1], hash[2]), (0, 0xff, 0xab));
        assert_eq!(to_hex(&hash), text.to_lowercase());
        assert_eq!(sha256_hex(&text[1..]), None);
        assert_eq!(sha256_hex(&(text.clone() + "0")), None);
        assert_eq!(sha256_hex(&text.replace('f', "g")), None);
        assert_eq!(sha256_hex(&text.replace("00", "0x")), None);
        assert_eq!(sha256_hex(&text.replace("00ff", "é00")), None);
        assert_eq!(sha256_hex(""), None);
    }

    #[test]
    fn base64_secrets_are_the_padded_standard_form() {
        assert_eq!(base64_secret("YqABRE18Vk2zfiVVMV7uag==").unwrap().len(), 16);
        assert!(base64_secret("YqABRE18Vk2zfiVVMV7uag").is_none());
        assert!(base64_secret("YqAB\n").is_none());
    }
}
