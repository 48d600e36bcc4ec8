//! Reads `name=value` pairs: the body of a form and the query of a URL.

use std::borrow::Cow;

use super::reader::Tree;
use super::value::{self, Members, Value};
use crate::limits::{MAX_EVENT_BYTES, MAX_EVENT_VALUES};

/// Reads `application/x-www-form-urlencoded` text (WHATWG URL 5.1): `&` between the pairs, `+` for a space, `%` and two
/// digits for a byte; a `%` without them stands for itself. Nothing if the text is beyond the limits of an event.
pub(super) fn read(text: &[u8]) -> Option<Tree<'_>> {
    if text.len() > MAX_EVENT_BYTES {
        return None;
    }
    let pairs = text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
        let mut parts = pair.splitn(2, |byte| *byte == b'=');
        (decode(parts.next().unwrap_or_default()), decode(parts.next().unwrap_or_default()))
    });
    of(pairs)
}

/// Takes pairs that are decoded already. Nothing if they are more than an event may have.
pub(super) fn of<'b>(pairs: impl Iterator<Item = (Cow<'b, [u8]>, Cow<'b, [u8]>)>) -> Option<Tree<'b>> {
    let mut members = Members::with_capacity(16);
    let mut damaged = false;
    for (name, value) in pairs {
        if members.len() >= MAX_EVENT_VALUES {
            return None;
        }
        members.push((text(name, &mut damaged), Value::Text(text(value, &mut damaged))));
    }
    let repeated = value::repeats(&members);
    Some(Tree { members, repeated, damaged })
}

fn text<'b>(bytes: Cow<'b, [u8]>, damaged: &mut bool) -> Cow<'b, str> {
    let text = match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| bytes.to_vec()),
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|fault| fault.into_bytes()),
    };
    text.unwrap_or_else(|bytes| {
        *damaged = true;
        Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
    })
}

fn decode(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.iter().any(|byte| matches!(byte, b'+' | b'%')) {
        return Cow::Borrowed(text);
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        (decoded, rest) = match (byte, after) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                decoded.push(digit(*high) << 4 | digit(*low));
                (decoded, after)
            }
            (b'+', after) => {
                decoded.push(b' ');
                (decoded, after)
            }
            (byte, after) => {
                decoded.push(*byte);
                (decoded, after)
            }
        };
    }
    Cow::Owned(decoded)
}

fn digit(letter: u8) -> u8 {
    char::from(letter).to_digit(16).and_then(|value| u8::try_from(value).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &[u8]) -> Vec<(String, String)> {
        let tree = read(text).unwrap();
        let text = |value: &Value<'_>| value.as_text().unwrap().to_owned();
        tree.members.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
    }

    #[test]
    fn pairs_are_decoded_once() {
        let expected = [("a", "1"), ("b c", "ü&=+"), ("d", ""), ("", "e"), ("f", ""), ("g", "%2525"), ("h", "x=y")];
        let expected: Vec<_> = expected.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        assert_eq!(pairs(b"a=1&b+c=%C3%bc%26%3D%2B&d=&=e&&f&g=%252525&h=x=y"), expected);
        assert_eq!(
            pairs(b"a=%&b=%4&c=%zz&d=100%+x"),
            [("a", "%"), ("b", "%4"), ("c", "%zz"), ("d", "100% x")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
        assert!(pairs(b"").is_empty());
    }

    #[test]
    fn what_is_no_unicode_is_flagged() {
        let tree = read(b"a=%FFx").unwrap();
        assert!(tree.damaged);
        assert_eq!(tree.members, [(Cow::from("a"), Value::Text("\u{fffd}x".into()))]);
        assert!(read(b"a=\xff").unwrap().damaged && !read(b"a=%C3%BC").unwrap().damaged);
        assert!(read(b"a=1&a=2").unwrap().repeated && !read(b"a=1&A=2").unwrap().repeated);
    }
}
