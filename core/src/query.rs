//! The query of a GET webhook: its decoded parameters, and the JSON texts whose SHA-256 `payload_hash` may be.
//!
//! The sender hashes no query text: it hashes one compact JSON object made of the parameters in their order (the vendor's help
//! article 19033783342876, confirmed by real answer webhooks). So a query that two programs could read as two lists of
//! parameters is refused before anything is hashed: otherwise the hash would prove one reading, and the framework
//! hand out another.

use std::ops::Range;

use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};

use crate::limits::MAX_QUERY_PARAMETERS;
use crate::payload::PayloadForm;

/// Why a query has no one reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QueryFault {
    Repeated,
    BadEscape,
    NotUtf8,
    RawSign,
    TooMany,
}

impl QueryFault {
    /// What a log may know.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            QueryFault::Repeated => "a name of the query stands twice: programs differ in which one they take",
            QueryFault::BadEscape => "the query has a % without two hexadecimal digits behind it",
            QueryFault::NotUtf8 => "the query is not UTF-8 once its escapes are decoded",
            QueryFault::RawSign => "the query has a # or a control character that no client sends unescaped",
            QueryFault::TooMany => "the query has more parameters than any webhook",
        }
    }
}

/// The decoded parameters of a query, in their order.
#[derive(Clone, Default)]
pub(crate) struct Parameters {
    /// All names and values, with ASCII between them.
    text: String,
    spans: Vec<Span>,
    /// Whether a letter of the text must be escaped in JSON.
    escaped: bool,
}

/// Where a name and its value lie in the text.
#[derive(Clone)]
struct Span {
    name: Range<usize>,
    value: Range<usize>,
}

impl Parameters {
    /// Decodes a raw query, without its question mark, as the URL standard decodes
    /// `application/x-www-form-urlencoded`: `+` is a space, and empty pieces between `&` are nothing.
    pub(crate) fn decode(query: &[u8]) -> Result<Parameters, QueryFault> {
        if query.iter().fold(false, |found, byte| found | (*byte == b'#') | byte.is_ascii_control()) {
            return Err(QueryFault::RawSign);
        }
        // Nothing moves: a decoded name or value starts where its raw one did, and its signs stay between them. So two
        // broken letters never make a good one.
        let mut bytes: Vec<u8> = query.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        let mut spans = Vec::with_capacity(32);
        let (mut start, mut sign, mut encoded) = (0, None, false);
        let mut end_piece = |at: usize, sign: Option<usize>, start: usize, encoded: bool| {
            if start >= at {
                return Ok(());
            }
            let name_end = sign.unwrap_or(at);
            let mut span = Span { name: start..name_end, value: name_end.saturating_add(1).min(at)..at };
            if spans.len() >= MAX_QUERY_PARAMETERS {
                return Err(QueryFault::TooMany);
            }
            if encoded {
                decode(&mut bytes, &mut span.name)?;
                decode(&mut bytes, &mut span.value)?;
            }
            spans.push(span);
            Ok(())
        };
        for at in memchr::memchr3_iter(b'&', b'=', b'%', query) {
            match query.get(at) {
                Some(b'&') => {
                    end_piece(at, sign, start, encoded)?;
                    (start, sign, encoded) = (at.saturating_add(1), None, false);
                }
                Some(b'%') => encoded = true,
                _ => sign = sign.or(Some(at)),
            }
        }
        end_piece(query.len(), sign, start, encoded)?;
        let text = String::from_utf8(bytes).map_err(|_| QueryFault::NotUtf8)?;
        let escaped = has_escaped(text.as_bytes());
        let parameters = Parameters { text, spans, escaped };
        if parameters.repeats() { Err(QueryFault::Repeated) } else { Ok(parameters) }
    }

    /// Parameters that are decoded already, no name twice.
    #[cfg(feature = "sms")]
    pub(crate) fn of_pairs<N: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (N, V)>) -> Parameters {
        let mut parameters = Parameters { escaped: true, ..Parameters::default() };
        for (name, value) in pairs {
            let start = parameters.text.len();
            parameters.text.push_str(name.as_ref());
            let name_end = parameters.text.len();
            parameters.text.push_str(value.as_ref());
            parameters.spans.push(Span { name: start..name_end, value: name_end..parameters.text.len() });
        }
        parameters
    }

    /// The value of the parameter with this name.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.pairs().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The parameters as one compact JSON object, every value a string.
    #[cfg(feature = "sms")]
    pub(crate) fn to_json(&self) -> Vec<u8> {
        self.object(PayloadForm::Query)
    }

    pub(crate) fn len(&self) -> usize {
        self.spans.len()
    }

    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        // Every span lies between two letters, so this never falls back.
        let text = |span: &Range<usize>| self.text.get(span.clone()).unwrap_or_default();
        self.spans.iter().map(move |span| (text(&span.name), text(&span.value)))
    }

    /// The same as bytes, which need no look at where letters begin.
    fn octets(&self) -> impl Iterator<Item = (&[u8], &[u8])> + Clone {
        let octets = |span: &Range<usize>| self.text.as_bytes().get(span.clone()).unwrap_or_default();
        self.spans.iter().map(move |span| (octets(&span.name), octets(&span.value)))
    }

    fn repeats(&self) -> bool {
        let mut seen = [0_u64; 16];
        let names = self.octets().map(|(name, _)| name);
        for (at, name) in names.clone().enumerate() {
            let mark = mark(name);
            let Some(word) = seen.get_mut(usize::from(mark >> 6 & 15)) else { return true };
            // Names of one mark are compared in full, and only they.
            if *word >> (mark & 63) & 1 == 1 && names.clone().take(at).any(|other| other == name) {
                return true;
            }
            *word |= 1 << (mark & 63);
        }
        false
    }

    /// The SHA-256 of the object in this form.
    pub(crate) fn hash(&self, form: PayloadForm) -> [u8; 32] {
        Sha256::digest(self.object(form)).into()
    }

    /// The object as JavaScript's `JSON.stringify` writes it. No tree is built: the pairs are its members.
    fn object(&self, form: PayloadForm) -> Vec<u8> {
        let mut out =
            Vec::with_capacity(self.text.len().saturating_add(self.len().saturating_mul(6)).saturating_add(2));
        let write = |text: &[u8], out: &mut Vec<u8>| {
            if self.escaped { write_escaped(text, out) } else { out.extend_from_slice(text) }
        };
        let mut lead: &[u8; 2] = b"{\"";
        for (name, value) in self.octets() {
            out.extend_from_slice(lead);
            write(name, &mut out);
            out.extend_from_slice(b"\":");
            match value {
                b"null" if form.query_reads_null() => out.extend_from_slice(b"null"),
                json if form.query_reads_nested() && is_nested(json) => out.extend_from_slice(json),
                text => {
                    out.push(b'"');
                    write(text, &mut out);
                    out.push(b'"');
                }
            }
            lead = b",\"";
        }
        out.extend_from_slice(if self.spans.is_empty() { b"{}" } else { b"}" });
        out
    }
}

impl PartialEq for Parameters {
    fn eq(&self, other: &Parameters) -> bool {
        self.pairs().eq(other.pairs())
    }
}

impl Eq for Parameters {}

/// The decoded parameters that a signature covers, in their order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct QueryPairs<'a>(&'a Parameters);

impl<'a> QueryPairs<'a> {
    pub(crate) const NONE: QueryPairs<'static> =
        QueryPairs(&Parameters { text: String::new(), spans: Vec::new(), escaped: false });

    pub(crate) fn new(parameters: &'a Parameters) -> QueryPairs<'a> {
        QueryPairs(parameters)
    }

    /// Names and values. No name stands twice.
    pub fn iter(self) -> impl Iterator<Item = (&'a str, &'a str)> + Clone {
        self.0.pairs()
    }

    /// The value of the parameter with this name.
    #[must_use]
    pub fn get(self, name: &str) -> Option<&'a str> {
        self.0.value(name)
    }

    /// How many there are.
    #[must_use]
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0.len() == 0
    }
}

// Parameters are personal data.
impl std::fmt::Debug for QueryPairs<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QueryPairs").field("count", &self.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Parameters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parameters").field("count", &self.len()).finish()
    }
}

/// A whole JSON object or array, and nothing behind it: only then does it stand in the object's text as one value. Which
/// members it has plays no part here.
fn is_nested(text: &[u8]) -> bool {
    text.first().is_some_and(|first| b"{[".contains(first)) && serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// Decodes the escapes of a name or a value where it stands, and fills up the room that is left.
fn decode(bytes: &mut [u8], span: &mut Range<usize>) -> Result<(), QueryFault> {
    let piece = bytes.get_mut(span.clone()).unwrap_or_default();
    let (mut from, mut to) = (0_usize, 0_usize);
    while let Some(rest) = piece.get(from..).filter(|rest| !rest.is_empty()) {
        let (byte, width) = match rest {
            [b'%', high, low, ..] => {
                let (high, low) = hex_digit(*high).zip(hex_digit(*low)).ok_or(QueryFault::BadEscape)?;
                (high << 4 | low, 3)
            }
            [b'%', ..] => return Err(QueryFault::BadEscape),
            [byte, ..] => (*byte, 1),
            [] => break,
        };
        if let Some(place) = piece.get_mut(to) {
            *place = byte;
        }
        from = from.saturating_add(width);
        to = to.saturating_add(1);
    }
    piece.get_mut(to..).unwrap_or_default().fill(b' ');
    span.end = span.start.saturating_add(to);
    Ok(())
}

/// Equal for equal names, 0 to 1023: from the last letters and the length, in which names differ the most.
fn mark(name: &[u8]) -> u16 {
    let last = match name.last_chunk() {
        Some(last) => u64::from_be_bytes(*last),
        None => name.iter().fold(0, |last: u64, byte| last << 8 | u64::from(*byte)),
    };
    // An odd constant with its bits well spread, so that every letter moves the upper bits.
    let mixed = last.wrapping_add(u64::try_from(name.len()).unwrap_or_default()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    u16::try_from(mixed >> 54).unwrap_or_default()
}

fn hex_digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter & 0x0f),
        b'a'..=b'f' | b'A'..=b'F' => Some((letter & 0x0f).wrapping_add(9)),
        _ => None,
    }
}

fn has_escaped(text: &[u8]) -> bool {
    // No early exit: the compiler then looks at many bytes at once.
    text.iter().fold(false, |found, byte| found | (*byte < b' ') | (*byte == b'"') | (*byte == b'\\'))
}

/// The inside of a JSON string as `JSON.stringify` writes it: only the quote, the backslash and control characters are
/// escaped.
fn write_escaped(text: &[u8], out: &mut Vec<u8>) {
    if !has_escaped(text) {
        return out.extend_from_slice(text);
    }
    for byte in text {
        match *byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..b' ' => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            byte => out.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(query: &str, form: PayloadForm) -> String {
        String::from_utf8(Parameters::decode(query.as_bytes()).unwrap().object(form)).unwrap()
    }

    #[test]
    fn the_captured_answer_webhook_hashes_as_documented() {
        let query = "to=19432445023&endpoint_type=phone&from=12016131021&conversation_uuid=CON-59d439b9-3e75-4f7d-a5c9-8030aee26ac4&uuid=aade2718c73eada70cfd2096847a1d52&region_url=https%3A%2F%2Fapi-us-3.vonage.com";
        let expected = r#"{"to":"19432445023","endpoint_type":"phone","from":"12016131021","conversation_uuid":"CON-59d439b9-3e75-4f7d-a5c9-8030aee26ac4","uuid":"aade2718c73eada70cfd2096847a1d52","region_url":"https://api-us-3.vonage.com"}"#;
        assert_eq!(text(query, PayloadForm::Query), expected);
        let hash: [u8; 32] = Sha256::digest(expected).into();
        assert_eq!(Parameters::decode(query.as_bytes()).unwrap().hash(PayloadForm::Query), hash);
    }

    #[test]
    fn every_form_differs_only_where_the_sources_leave_room() {
        let query = "a=%7B%22digits%22%3A%223%22%7D&b=null&c=%5B1%5D&d=1&e=&f&g=%7Bx%7D";
        let nested = r#""a":{"digits":"3"}"#;
        let flat = r#""a":"{\"digits\":\"3\"}""#;
        let rest = r#""d":"1","e":"","f":"","g":"{x}"}"#;
        for (form, a, b, c) in [
            (PayloadForm::Query, flat, r#""null""#, r#""[1]""#),
            (PayloadForm::QueryNested, nested, r#""null""#, "[1]"),
            (PayloadForm::QueryNull, flat, "null", r#""[1]""#),
            (PayloadForm::QueryNestedNull, nested, "null", "[1]"),
        ] {
            assert_eq!(text(query, form), format!("{{{a},\"b\":{b},\"c\":{c},{rest}"));
        }
        assert_eq!(text("", PayloadForm::Query), "{}");
        assert_eq!(text("&&", PayloadForm::Query), "{}");
    }

    #[test]
    fn letters_are_written_as_javascript_writes_them() {
        let query = "q=%22%5C%2F%08%0C%0A%0D%09%00%1f%7f%C3%A9%E2%80%A8+%2B&%26=%3D";
        assert_eq!(
            text(query, PayloadForm::Query),
            "{\"q\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u{7f}é\u{2028} +\",\"&\":\"=\"}"
        );
        assert_eq!(text("raw=é:,/", PayloadForm::Query), r#"{"raw":"é:,/"}"#);
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        for (query, fault) in [
            (&b"a=1&a=2"[..], QueryFault::Repeated),
            (b"a=1&%61=2", QueryFault::Repeated),
            (b"a&a", QueryFault::Repeated),
            (b"a=%", QueryFault::BadEscape),
            (b"a=%4", QueryFault::BadEscape),
            (b"a=%zz", QueryFault::BadEscape),
            (b"%u0041=1", QueryFault::BadEscape),
            (b"a=%ff", QueryFault::NotUtf8),
            (b"a=\xff", QueryFault::NotUtf8),
            (b"a=%ed%a0%80", QueryFault::NotUtf8),
            (b"%C3=%A9", QueryFault::NotUtf8),
            (b"a=%C3&%A9=1", QueryFault::NotUtf8),
            (b"a=1#b", QueryFault::RawSign),
            (b"a=1\n", QueryFault::RawSign),
        ] {
            assert_eq!(Parameters::decode(query).unwrap_err(), fault, "{}", query.escape_ascii());
        }
        let many = |count: usize| (0..count).map(|number| format!("{number}=1&")).collect::<String>();
        assert!(Parameters::decode(many(MAX_QUERY_PARAMETERS).as_bytes()).is_ok());
        assert_eq!(Parameters::decode(many(MAX_QUERY_PARAMETERS + 1).as_bytes()).unwrap_err(), QueryFault::TooMany);
    }

    /// A nested value must not be able to add members of its own to the object.
    #[test]
    fn nothing_is_smuggled_in_by_a_nested_value() {
        for value in [r#"{"a":1},"to":"x""#, r#"[1]],"to":[[2]"#, "{} ", "{}{}", "[", r#"{"a":1}, "b""#] {
            let parameters = Parameters {
                text: format!("n{value}"),
                spans: vec![Span { name: 0..1, value: 1..value.len() + 1 }],
                escaped: true,
            };
            let bytes = parameters.object(PayloadForm::QueryNested);
            let object: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            assert_eq!(object.as_object().unwrap().len(), 1, "{value}");
        }
    }
}
