//! The query of a GET webhook: its decoded parameters, and the JSON texts whose SHA-256 `payload_hash` may be.
//!
//! The sender hashes no query text: it hashes one compact JSON object made of the parameters in their order (the vendor's help
//! article 19033783342876, confirmed by real answer webhooks). So a query that two programs could read as two lists of
//! parameters is refused before anything is hashed: otherwise the hash would prove one reading, and the framework
//! hand out another.

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
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Decodes a raw query, without its question mark, as the URL standard decodes
    /// `application/x-www-form-urlencoded`: `+` is a space, and empty pieces between `&` are nothing.
    pub(crate) fn decode(query: &[u8]) -> Result<Parameters, QueryFault> {
        if query.iter().any(|byte| *byte == b'#' || byte.is_ascii_control()) {
            return Err(QueryFault::RawSign);
        }
        let mut parameters: Vec<(String, String)> = Vec::new();
        for piece in query.split(|byte| *byte == b'&').filter(|piece| !piece.is_empty()) {
            if parameters.len() >= MAX_QUERY_PARAMETERS {
                return Err(QueryFault::TooMany);
            }
            let mut halves = piece.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default())?;
            let value = decode(halves.next().unwrap_or_default())?;
            if parameters.iter().any(|(known, _)| *known == name) {
                return Err(QueryFault::Repeated);
            }
            parameters.push((name, value));
        }
        Ok(Parameters(parameters))
    }

    /// Parameters that are decoded already, no name twice.
    #[cfg(feature = "sms")]
    pub(crate) fn of_pairs(pairs: Vec<(String, String)>) -> Parameters {
        Parameters(pairs)
    }

    /// The value of the parameter with this name.
    #[cfg(feature = "sms")]
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The parameters as one compact JSON object, every value a string.
    #[cfg(feature = "sms")]
    pub(crate) fn to_json(&self) -> Vec<u8> {
        let mut text = Vec::new();
        self.write(PayloadForm::Query, &mut |part| text.extend_from_slice(part));
        text
    }

    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The SHA-256 of the object in this form. The text itself is never put together.
    pub(crate) fn hash(&self, form: PayloadForm) -> [u8; 32] {
        let mut hash = Sha256::new();
        let mut sink = |text: &[u8]| hash.update(text);
        self.write(form, &mut sink);
        hash.finalize().into()
    }

    /// Writes the object as JavaScript's `JSON.stringify` does.
    fn write(&self, form: PayloadForm, sink: &mut impl FnMut(&[u8])) {
        let mut lead: &[u8] = b"{";
        for (name, value) in &self.0 {
            sink(lead);
            write_text(name, sink);
            sink(b":");
            match value.as_str() {
                "null" if form.query_reads_null() => sink(b"null"),
                json if form.query_reads_nested() && is_nested(json) => sink(json.as_bytes()),
                text => write_text(text, sink),
            }
            lead = b",";
        }
        sink(if self.0.is_empty() { b"{}" } else { b"}" });
    }
}

// Parameters are personal data.
impl std::fmt::Debug for Parameters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parameters").field("count", &self.0.len()).finish()
    }
}

/// A whole JSON object or array, and nothing behind it: only then does it stand in the object's text as one value. Which
/// members it has plays no part here.
fn is_nested(text: &str) -> bool {
    text.starts_with(['{', '[']) && serde_json::from_str::<IgnoredAny>(text).is_ok()
}

fn decode(piece: &[u8]) -> Result<String, QueryFault> {
    let mut bytes = Vec::with_capacity(piece.len());
    let mut rest = piece.iter().copied();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = rest.next().and_then(hex_digit).ok_or(QueryFault::BadEscape)?;
                let low = rest.next().and_then(hex_digit).ok_or(QueryFault::BadEscape)?;
                high << 4 | low
            }
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| QueryFault::NotUtf8)
}

fn hex_digit(letter: u8) -> Option<u8> {
    u8::try_from(char::from(letter).to_digit(16)?).ok()
}

/// A JSON string as `JSON.stringify` writes it: only the quote, the backslash and control characters are escaped.
fn write_text(text: &str, sink: &mut impl FnMut(&[u8])) {
    sink(b"\"");
    let mut plain = text;
    while let Some(at) = plain.find(|letter: char| letter == '"' || letter == '\\' || letter < ' ') {
        let (before, rest) = plain.split_at_checked(at).unwrap_or((plain, ""));
        sink(before.as_bytes());
        let mut letters = rest.chars();
        match letters.next() {
            Some('"') => sink(b"\\\""),
            Some('\\') => sink(b"\\\\"),
            Some('\u{8}') => sink(b"\\b"),
            Some('\u{c}') => sink(b"\\f"),
            Some('\n') => sink(b"\\n"),
            Some('\r') => sink(b"\\r"),
            Some('\t') => sink(b"\\t"),
            Some(control) => sink(format!("\\u{:04x}", u32::from(control)).as_bytes()),
            None => {}
        }
        plain = letters.as_str();
    }
    sink(plain.as_bytes());
    sink(b"\"");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(query: &str, form: PayloadForm) -> String {
        let mut bytes = Vec::new();
        Parameters::decode(query.as_bytes()).unwrap().write(form, &mut |part| bytes.extend_from_slice(part));
        String::from_utf8(bytes).unwrap()
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
            let parameters = Parameters(vec![("n".to_owned(), value.to_owned())]);
            let mut bytes = Vec::new();
            parameters.write(PayloadForm::QueryNested, &mut |part| bytes.extend_from_slice(part));
            let object: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            assert_eq!(object.as_object().unwrap().len(), 1, "{value}");
        }
    }
}
