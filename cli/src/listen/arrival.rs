//! A request as it came: nothing is decided about it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use hyper::header::{CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};
use hyper::http::request::Parts;
use serde_json::{Value, json};

/// A request as it came.
pub(crate) struct Arrival {
    /// Its number, from 1, the same on the page, in the log and in the names of the captured files.
    pub(crate) id: u64,
    /// When its head was there, in milliseconds since 1970.
    pub(crate) at: i64,
    pub(crate) method: String,
    /// Path and query as they stood in the request line.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    /// The body; where it was longer than what is kept, its beginning.
    pub(crate) body: Bytes,
    /// The length of the whole body.
    pub(crate) body_bytes: u64,
    /// Whether the sender finished the body.
    pub(crate) complete: bool,
}

impl Arrival {
    pub(crate) fn new(id: u64, at: i64, parts: &Parts) -> Arrival {
        let target = parts.uri.path_and_query().map_or_else(|| parts.uri.to_string(), ToString::to_string);
        Arrival {
            id,
            at,
            method: parts.method.to_string(),
            target,
            headers: parts.headers.clone(),
            body: Bytes::new(),
            body_bytes: 0,
            complete: false,
        }
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The raw query, without the question mark.
    pub(crate) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// Whether [`Arrival::body`] is the whole body.
    pub(crate) fn is_whole(&self) -> bool {
        self.complete && u64::try_from(self.body.len()).is_ok_and(|kept| kept == self.body_bytes)
    }

    /// The request line and the fields, as a file that goes before that of the body: what `hookproof explain` reads.
    pub(crate) fn head(&self) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        // How the body was cut into pieces on its way is not kept.
        for (name, value) in
            self.headers.iter().filter(|(name, _)| !matches!(**name, CONTENT_LENGTH | TRANSFER_ENCODING))
        {
            head.extend_from_slice(name.as_str().as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(format!("content-length: {}\r\n\r\n", self.body_bytes).as_bytes());
        head
    }

    /// The fields as pairs of texts, in the order in which names first came.
    pub(crate) fn headers_json(&self) -> Value {
        headers_json(&self.headers)
    }

    /// Roughly what it takes in memory.
    pub(crate) fn bytes(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        self.body.len() + self.target.len() + headers
    }
}

/// Header fields as a list of `[name, value]`; a value that is no text is `[name, null, base64]`.
pub(crate) fn headers_json(headers: &HeaderMap) -> Value {
    let line = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| match value.to_str() {
        Ok(text) => json!([name.as_str(), text]),
        Err(_) => match std::str::from_utf8(value.as_bytes()) {
            Ok(text) => json!([name.as_str(), text]),
            Err(_) => json!([name.as_str(), null, BASE64.encode(value.as_bytes())]),
        },
    };
    headers.iter().map(line).collect()
}

/// A body for JSON: as text where it is text, in base64 where not.
pub(crate) fn body_json(body: &[u8]) -> Value {
    match std::str::from_utf8(body) {
        Ok(text) => json!({ "text": text }),
        Err(_) => json!({ "base64": BASE64.encode(body) }),
    }
}
