//! Strict base64url and hexadecimal. No other file decodes text.

use base64::Engine as _;
use base64::engine::GeneralPurposeConfig;
use base64::engine::general_purpose::NO_PAD;
use zeroize::Zeroizing;

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
type Engine = base64::engine::simd::Simd;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
type Engine = base64::engine::GeneralPurpose;

/// Canonical unpadded base64url (RFC 7515 2): no padding, no white space, unused bits zero.
///
/// The engine finds out once what the processor can do, so it is made once and passed on.
pub(crate) struct Base64Url(Engine);

impl Base64Url {
    pub(crate) fn new() -> Base64Url {
        const STRICT: GeneralPurposeConfig = NO_PAD.with_decode_allow_trailing_bits(false);
        #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
        let engine = Engine::url_safe(STRICT);
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        let engine = Engine::new(&base64::alphabet::URL_SAFE, STRICT);
        Base64Url(engine)
    }

    /// Room that [`Base64Url::decode`] needs for `text`, in bytes.
    pub(crate) fn room(text: &[u8]) -> usize {
        base64::decoded_len_estimate(text.len())
    }

    /// Decodes. Returns the number of bytes written to `out`, or nothing if the text is not canonical or `out` is too
    /// small.
    pub(crate) fn decode(&self, text: &[u8], out: &mut [u8]) -> Option<usize> {
        self.0.decode_slice(text, out).ok()
    }

    pub(crate) fn encode(&self, bytes: &[u8]) -> String {
        self.0.encode(bytes)
    }
}

/// Decodes a base64 secret of a keyring text: the standard alphabet with padding, as dashboards show it.
pub(crate) fn base64_secret(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    if !text.len().is_multiple_of(4) || text.contains(['-', '_']) {
        return None;
    }
    let bare = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    let letters = bare.bytes().map(|letter| match letter {
        b'+' => b'-',
        b'/' => b'_',
        other => other,
    });
    let url_form = Zeroizing::new(letters.collect::<Vec<u8>>());
    let mut bytes = Zeroizing::new(vec![0; Base64Url::room(&url_form)]);
    let len = Base64Url::new().decode(&url_form, &mut bytes)?;
    bytes.truncate(len);
    Some(bytes)
}

/// Reads a SHA-256 in 64 hexadecimal digits of either case.
pub(crate) fn sha256_hex(text: &[u8]) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = text.try_into().ok()?;
    // Two plain passes: the compiler then looks at many digits at once.
    let values = digits.map(hex_digit);
    let seen = values.iter().fold(0, |seen, value| seen | value);
    let (pairs, _) = values.as_chunks::<2>();
    let mut hash = [0; 32];
    for (byte, [high, low]) in hash.iter_mut().zip(pairs) {
        *byte = high << 4 | low;
    }
    (seen & NO_DIGIT == 0).then_some(hash)
}

/// Reads hexadecimal digits of either case, an even number of them.
#[cfg(any(feature = "sms", feature = "explain"))]
pub(crate) fn hex(text: &[u8]) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_chunks::<2>();
    let byte = |pair: &[u8; 2]| {
        let [high, low] = pair.map(hex_digit);
        ((high | low) & NO_DIGIT == 0).then_some(high << 4 | low)
    };
    if rest.is_empty() { pairs.iter().map(byte).collect() } else { None }
}

/// Set in what is no value of a digit.
const NO_DIGIT: u8 = 0x80;

/// The value of a digit, or [`NO_DIGIT`]. It has no branch, since the digits of a hash are random.
fn hex_digit(letter: u8) -> u8 {
    let decimal = letter.wrapping_sub(b'0');
    let alphabetic = (letter | 0x20).wrapping_sub(b'a');
    let other = if alphabetic < 6 { alphabetic.wrapping_add(10) } else { NO_DIGIT };
    if decimal < 10 { decimal } else { other }
}

/// Writes text as a name or value of `application/x-www-form-urlencoded` (WHATWG URL 5.2).
#[cfg(feature = "sms")]
pub(crate) fn form(text: &str) -> String {
    form_bytes(text.as_bytes())
}

/// The same of bytes.
#[cfg(any(feature = "sms", feature = "explain"))]
pub(crate) fn form_bytes(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len()), |mut out, byte| {
        match *byte {
            b' ' => out.push('+'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => out.push(char::from(*byte)),
            // Writing to a String cannot fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
        out
    })
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

#[cfg(feature = "explain")]
mod loose;
#[cfg(feature = "explain")]
pub(crate) use loose::{
    any_base64, backslashes_removed, decoded_once_less, html_decoded, in_latin_sets, percent_decoded, to_any_base64,
    to_utf8,
};

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &str) -> Option<Vec<u8>> {
        let mut out = vec![0; Base64Url::room(text.as_bytes())];
        let len = Base64Url::new().decode(text.as_bytes(), &mut out)?;
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
        let base64url = Base64Url::new();
        let mut seen = [false; 256];
        for first in 0..=255u8 {
            for second in 0..=255u8 {
                let mut out = [0; 3];
                if let Some(len) = base64url.decode(&[first, second], &mut out) {
                    assert_eq!(len, 1);
                    assert!(!std::mem::replace(&mut seen[usize::from(out[0])], true));
                }
            }
        }
        assert!(seen.iter().all(|s| *s));
    }

    /// The engine decodes long texts by other instructions than short ones: every place of a long one is looked at.
    #[test]
    fn long_texts_are_read_as_strictly() {
        let base64url = Base64Url::new();
        let bytes: Vec<u8> = (0..=255).cycle().take(300).collect();
        let text = base64url.encode(&bytes).into_bytes();
        let mut out = vec![0; Base64Url::room(&text)];
        assert_eq!(base64url.decode(&text, &mut out), Some(300));
        assert_eq!(out[..300], bytes);
        for at in 0..text.len() {
            for letter in (0..=255u8).filter(|letter| !(letter.is_ascii_alphanumeric() || b"-_".contains(letter))) {
                let mut bad = text.clone();
                bad[at] = letter;
                assert_eq!(base64url.decode(&bad, &mut out), None, "{letter} at {at}");
            }
        }
    }

    #[test]
    fn hex_takes_both_cases_and_nothing_else() {
        let text = "00ff".to_owned() + &"aB".repeat(30);
        let hash = sha256_hex(text.as_bytes()).unwrap();
        assert_eq!((hash[0], hash[1], hash[2]), (0, 0xff, 0xab));
        assert_eq!(to_hex(&hash), text.to_lowercase());
        assert_eq!(sha256_hex(&text.as_bytes()[1..]), None);
        assert_eq!(sha256_hex((text.clone() + "0").as_bytes()), None);
        assert_eq!(sha256_hex(text.replace('f', "g").as_bytes()), None);
        assert_eq!(sha256_hex(text.replace("00", "0x").as_bytes()), None);
        assert_eq!(sha256_hex(text.replace("00ff", "é00").as_bytes()), None);
        assert_eq!(sha256_hex(b""), None);
    }

    #[test]
    fn base64_secrets_are_the_padded_standard_form() {
        assert_eq!(base64_secret("YqABRE18Vk2zfiVVMV7uag==").unwrap().len(), 16);
        assert!(base64_secret("YqABRE18Vk2zfiVVMV7uag").is_none());
        assert_eq!(base64_secret("+/+/").unwrap().as_slice(), [0xfb, 0xff, 0xbf]);
        assert_eq!(base64_secret("AP8=").unwrap().as_slice(), [0, 0xff]);
        for bad in ["YqAB\n", "-_-_", "AP9=", "AP8", "A===", "====", "=", "AP8=AP8="] {
            assert!(base64_secret(bad).is_none(), "{bad}");
        }
    }
}
