//! Texts read in every way in which they may have been written: for the search for mistakes, and for nothing that is
//! verified.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{
    GeneralPurpose, GeneralPurposeConfig, STANDARD as PADDED, STANDARD_NO_PAD as UNPADDED, URL_SAFE as URL_PADDED,
    URL_SAFE_NO_PAD as URL_UNPADDED,
};
use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Decodes base64 of either alphabet, padded or not.
pub(crate) fn any_base64(text: &[u8]) -> Option<Vec<u8>> {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let decode = |alphabet| GeneralPurpose::new(alphabet, CONFIG).decode(text).ok();
    decode(&STANDARD).or_else(|| decode(&URL_SAFE)).filter(|bytes| !bytes.is_empty())
}

/// Encodes to base64 of both alphabets, padded and not.
pub(crate) fn to_any_base64(bytes: &[u8]) -> [String; 4] {
    [PADDED.encode(bytes), UNPADDED.encode(bytes), URL_PADDED.encode(bytes), URL_UNPADDED.encode(bytes)]
}

/// Decodes percent escapes, and a + as a space if asked to; what is no escape stays. Nothing if there is nothing to decode.
pub(crate) fn percent_decoded(text: &[u8], plus: bool) -> Option<Vec<u8>> {
    let is_sign = |byte: &u8| *byte == b'%' || plus && *byte == b'+';
    if !text.iter().any(is_sign) {
        return None;
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let escaped = after.first_chunk::<2>().filter(|_| *first == b'%').and_then(|digits| super::hex(digits));
        let width = if escaped.is_some() { 2 } else { 0 };
        out.extend(escaped.unwrap_or_else(|| vec![if plus && *first == b'+' { b' ' } else { *first }]));
        rest = after.get(width..).unwrap_or_default();
    }
    Some(out)
}

/// Undoes the escapes that sanitisers write for HTML.
pub(crate) fn html_decoded(text: &str) -> String {
    let signs = [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#039;", "'"),
        ("&apos;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
    ];
    let text = signs.into_iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    text.replace("&amp;", "&")
}

/// Takes off the backslashes that stand before quotation marks and backslashes.
pub(crate) fn backslashes_removed(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        let escaped = bytes.next_if(|next| byte == b'\\' && matches!(next, b'"' | b'\'' | b'\\'));
        out.push(escaped.unwrap_or(byte));
    }
    out
}

/// Bytes of other character sets as UTF-8: Windows-1252, Latin-1 and UTF-16.
pub(crate) fn to_utf8(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    if std::str::from_utf8(bytes).is_err() {
        found.extend(WINDOWS_1252.decode_without_bom_handling_and_without_replacement(bytes).map(Into::into));
        found.push(bytes.iter().map(|byte| char::from(*byte)).collect());
    }
    for set in [UTF_16LE, UTF_16BE] {
        if bytes.contains(&0) || bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            let (text, _, damaged) = set.decode(bytes);
            found.extend((!damaged).then(|| text.into_owned()));
        }
    }
    found.dedup();
    found
}

/// UTF-8 that was taken for Windows-1252 or Latin-1 and encoded as UTF-8 once more.
pub(crate) fn decoded_once_less(bytes: &[u8]) -> Vec<String> {
    in_latin_sets(bytes).into_iter().filter_map(|bytes| String::from_utf8(bytes).ok()).collect()
}

/// UTF-8 as Windows-1252 and Latin-1.
pub(crate) fn in_latin_sets(bytes: &[u8]) -> Vec<Vec<u8>> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Vec::new() };
    if text.is_ascii() {
        return Vec::new();
    }
    let (windows, _, lossy) = WINDOWS_1252.encode(text);
    let latin: Option<Vec<u8>> = text.chars().map(|letter| u8::try_from(letter).ok()).collect();
    (!lossy).then(|| windows.into_owned()).into_iter().chain(latin).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_base64_is_read() {
        for text in to_any_base64(b"\xfb\xff\xbf\xfe") {
            assert_eq!(any_base64(text.as_bytes()).unwrap(), b"\xfb\xff\xbf\xfe");
        }
        assert_eq!((any_base64(b""), any_base64(b"a b"), any_base64(b"{}")), (None, None, None));
    }

    #[test]
    fn escapes_are_undone_and_the_rest_stays() {
        assert_eq!(percent_decoded(b"a%2Bb%zz%4", true).unwrap(), b"a+b%zz%4");
        assert_eq!(percent_decoded(b"a+b", true).unwrap(), b"a b");
        assert_eq!(percent_decoded(b"a+b", false), None);
        assert_eq!(html_decoded("&lt;b&gt; &amp;lt; &quot;&#039;"), "<b> &lt; \"'");
        assert_eq!(backslashes_removed(br#"\"a\\b\n\'"#), br#""a\b\n'"#);
    }

    #[test]
    fn character_sets_are_told_by_what_they_are_not() {
        assert!(to_utf8("é".as_bytes()).is_empty());
        assert_eq!(to_utf8(b"\xe9\x80"), ["é€", "é\u{80}"]);
        assert_eq!(to_utf8(b"\xff\xfea\0"), ["ÿþa\0", "a"]);
        assert_eq!(decoded_once_less("Ã©".as_bytes())[0], "é");
        assert!(in_latin_sets(b"ascii").is_empty() && in_latin_sets(b"\xff").is_empty());
    }
}
