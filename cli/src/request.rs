//! A request that somebody recorded: the bytes of HTTP, or its parts by options.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use hookproof::{Request, Verifier, limits};

use crate::failure::Failure;
use crate::format;
use crate::judge;

/// Most header fields of a recorded request.
const MOST_FIELDS: usize = 256;

/// Longest head of a recorded request, in bytes.
const MOST_HEAD_BYTES: usize = 1024 * 1024;

/// Longest recording, in bytes: the longest body and the head.
const MOST_BYTES: u64 = limits::MOST_MAX_BODY_BYTES + 1024 * 1024;

/// The options that give a request.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Request")]
pub(crate) struct RequestOptions {
    /// The whole request as it was received: request line, header fields, an empty line, body. - or nothing is standard input.
    #[arg(value_name = "FILE", conflicts_with_all = ["method", "query", "fields", "body"])]
    pub(crate) file: Option<PathBuf>,

    /// By its parts: the method. [default: POST, or GET with a query and no body]
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<String>,

    /// The raw query, without the question mark.
    #[arg(long, value_name = "QUERY")]
    pub(crate) query: Option<String>,

    /// A header field, as `Name: value`. May be given several times.
    #[arg(long = "field", short = 'H', value_name = "FIELD")]
    pub(crate) fields: Vec<String>,

    /// The file with the body; - is standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) body: Option<PathBuf>,
}

/// A request as it was received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) method: Vec<u8>,
    pub(crate) query: Vec<u8>,
    pub(crate) fields: Vec<(Vec<u8>, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl RequestOptions {
    pub(crate) fn read(&self) -> Result<Received, Failure> {
        let is_in_parts =
            self.method.is_some() || self.query.is_some() || !self.fields.is_empty() || self.body.is_some();
        if !is_in_parts {
            let path = self.file.as_deref().unwrap_or(Path::new(STDIN));
            let text = read(path)?;
            return parse(&text).map_err(|fault| {
                let next = "a file with the request line first, or the parts: --method, --field, --query, --body";
                Failure::of_file(path, fault).with_next(next)
            });
        }
        let body = self.body.as_deref().map_or_else(|| Ok(Vec::new()), read)?;
        let usual = if self.query.is_some() && self.body.is_none() { "GET" } else { "POST" };
        let field = |text: &String| {
            let (name, value) = text.split_once(':')?;
            Some((name.trim().as_bytes().to_vec(), value.trim().as_bytes().to_vec()))
        };
        let fields: Option<Vec<_>> = self.fields.iter().map(field).collect();
        Ok(Received {
            method: self.method.as_deref().unwrap_or(usual).as_bytes().to_vec(),
            query: self.query.clone().unwrap_or_default().into_bytes(),
            fields: fields.ok_or_else(|| Failure::usage("a --field has no colon", "--field 'Name: value'"))?,
            body,
        })
    }
}

impl Received {
    /// The value of a header field, and how many there are.
    pub(crate) fn field(&self, name: &str) -> (&[u8], usize) {
        let mut values = self.fields.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes()));
        let count = values.clone().count();
        (values.next().map(|(_, value)| value.as_slice()).unwrap_or_default(), count)
    }

    /// The same for the verifier.
    pub(crate) fn request<'r>(
        &'r self,
        verifier: &Verifier,
        route: &'r str,
        expected_account: Option<&'r str>,
    ) -> Request<'r> {
        Request::new(judge::head(self, verifier, route, expected_account), &self.body)
    }

    /// The header fields for `explain`.
    pub(crate) fn borrowed_fields(&self) -> Vec<(&[u8], &[u8])> {
        self.fields.iter().map(|(name, value)| (name.as_slice(), value.as_slice())).collect()
    }
}

/// Standard input, as a name of a file.
const STDIN: &str = "-";

/// A file or standard input, byte for byte.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let fault =
        |error: io::Error| Failure::of_file(path, error).with_next("a file that can be read; - is standard input");
    let mut bytes = Vec::new();
    let read = |reader: &mut dyn Read, bytes: &mut Vec<u8>| reader.take(MOST_BYTES).read_to_end(bytes);
    let _ = if path == Path::new(STDIN) {
        read(&mut io::stdin().lock(), &mut bytes).map_err(fault)?
    } else {
        read(&mut fs::File::open(path).map_err(fault)?, &mut bytes).map_err(fault)?
    };
    Ok(bytes)
}

/// Reads HTTP/1 (RFC 9112).
pub(crate) fn parse(text: &[u8]) -> Result<Received, String> {
    let mut slots = vec![httparse::EMPTY_HEADER; MOST_FIELDS];
    let mut request = httparse::Request::new(&mut slots);
    let head = text.get(..MOST_HEAD_BYTES).unwrap_or(text);
    let end = match request.parse(head) {
        Ok(httparse::Status::Complete(end)) => end,
        Ok(httparse::Status::Partial) => {
            return Err("the head of the request does not end with an empty line".to_owned());
        }
        Err(error) => return Err(format!("is no HTTP request: {error}")),
    };
    let target = request.path.unwrap_or_default();
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let received = Received {
        method: request.method.unwrap_or_default().as_bytes().to_vec(),
        query: query.as_bytes().to_vec(),
        fields: request.headers.iter().map(|field| (field.name.as_bytes().to_vec(), field.value.to_vec())).collect(),
        body: Vec::new(),
    };
    let rest = text.get(end..).unwrap_or_default();
    let body = body(&received, rest)?;
    Ok(Received { body, ..received })
}

/// The body, by the rules of RFC 9112 6.3; without a length it is all that follows.
fn body(head: &Received, rest: &[u8]) -> Result<Vec<u8>, String> {
    let (coding, _) = head.field("transfer-encoding");
    if coding.trim_ascii().eq_ignore_ascii_case(b"chunked") {
        return unchunked(rest);
    }
    let (length, count) = head.field("content-length");
    let Some(length) = std::str::from_utf8(length).ok().and_then(|text| text.trim().parse::<usize>().ok()) else {
        if count > 0 {
            return Err("the Content-Length is no number".to_owned());
        }
        return Ok(rest.to_vec());
    };
    let Some(body) = rest.get(..length) else {
        format::warn(&format!("the body has {} bytes, and the Content-Length says {length}", rest.len()));
        return Ok(rest.to_vec());
    };
    let more = rest.len().saturating_sub(length);
    if more > 0 {
        format::warn(&format!(
            "{more} bytes stand behind the Content-Length and were left out, as a server leaves them out"
        ));
    }
    Ok(body.to_vec())
}

fn unchunked(mut rest: &[u8]) -> Result<Vec<u8>, String> {
    const FAULT: &str = "the body is not well-formed in its chunks";
    let mut body = Vec::new();
    loop {
        let Ok(httparse::Status::Complete((start, size))) = httparse::parse_chunk_size(rest) else {
            return Err(FAULT.to_owned());
        };
        let size = usize::try_from(size).map_err(|_| FAULT)?;
        let end = start.checked_add(size).ok_or(FAULT)?;
        if size == 0 {
            return Ok(body);
        }
        body.extend_from_slice(rest.get(start..end).ok_or(FAULT)?);
        rest = rest.get(end..).and_then(|rest| rest.strip_prefix(b"\r\n")).ok_or(FAULT)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_request_is_read() {
        let text = b"POST /hook?a=1 HTTP/1.1\r\nAuthorization: Bearer x\r\nContent-Length: 3\r\n\r\n\x00\xff\nmore";
        let received = parse(text).unwrap();
        assert_eq!(
            (&*received.method, &*received.query, &*received.body),
            (&b"POST"[..], &b"a=1"[..], &b"\x00\xff\n"[..])
        );
        assert_eq!(received.field("AUTHORIZATION"), (&b"Bearer x"[..], 1));
        assert_eq!(received.field("x"), (&b""[..], 0));
        let bare = parse(b"GET /hook HTTP/1.1\nHost: x\n\nrest").unwrap();
        assert_eq!((&*bare.query, &*bare.body), (&b""[..], &b"rest"[..]));
        let chunked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\n\r\n\r\n0\r\n\r\n";
        assert_eq!(parse(chunked).unwrap().body, b"abc\r\n");
        for bad in [&b""[..], b"POST / HTTP/1.1\r\nA: b", b"\x16\x03", b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"]
        {
            assert!(parse(bad).is_err());
        }
        assert!(parse(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc").is_err());
    }
}
