//! What became of a body on its way, in words.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

/// What happened to `sent`, which arrived as `got`; nothing if it is the same.
pub(crate) fn of(sent: &[u8], got: &[u8]) -> Option<&'static str> {
    if sent == got {
        return None;
    }
    let without = |bytes: &[u8], what: u8| bytes.iter().copied().filter(|byte| *byte != what).collect::<Vec<u8>>();
    let json = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
    Some(if got.is_empty() {
        "arrives empty: something read it before"
    } else if got == sent.trim_ascii() {
        "is trimmed"
    } else if sent.strip_prefix(b"\xef\xbb\xbf") == Some(got) {
        "loses its byte order mark"
    } else if without(sent, b'\r') == without(got, b'\r') {
        "gets other line ends"
    } else if got == BASE64.encode(sent).as_bytes() {
        "arrives in base64"
    } else if got == String::from_utf8_lossy(sent).as_bytes() {
        "is decoded as UTF-8, with replacement characters"
    } else if json(sent).is_some_and(|value| Some(value) == json(got)) {
        "is parsed and serialised again: other spacing, order or escapes"
    } else if form(sent) == form(got) {
        "is decoded as a form and encoded again"
    } else if sent.starts_with(got) {
        "is cut off"
    } else {
        "is changed"
    })
}

fn form(bytes: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(bytes).into_owned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_change_has_its_words() {
        for (sent, got, words) in [
            (&b"{}"[..], &b"{}"[..], None),
            (b"{}", b"", Some("arrives empty")),
            (b"{}\n", b"{}", Some("is trimmed")),
            (b"\xef\xbb\xbf{}", b"{}", Some("loses its byte order mark")),
            (b"{\r\n}", b"{\n}", Some("gets other line ends")),
            (b"{}", b"e30=", Some("arrives in base64")),
            (b"{\"a\":\"\xff\"}", "{\"a\":\"\u{fffd}\"}".as_bytes(), Some("is decoded as UTF-8")),
            (br#"{"b": "\/", "a":1}"#, br#"{"a":1,"b":"/"}"#, Some("is parsed and serialised again")),
            (b"a=1+2&b=%7E", b"a=1%202&b=~", Some("is decoded as a form")),
            (b"abcdef", b"abc", Some("is cut off")),
            (b"abcdef", b"xyz", Some("is changed")),
        ] {
            let found = of(sent, got);
            assert_eq!(found.is_some(), words.is_some());
            assert!(words.is_none_or(|words| found.unwrap().starts_with(words)), "{found:?} {words:?}");
        }
    }
}
