//! `hookproof decode`: what a token says, which proves nothing.

use std::io::{self, Write};
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::Args;
use serde_json::{Map, Value, json};

use super::Outcome;
use crate::clock;
use crate::failure::Failure;
use crate::format::{self, FAINT, Format, FormatOption, STRONG, WARN};
use crate::request;

/// Shows what stands in a token. It verifies nothing: anybody can write such a token.
#[derive(Args)]
pub(crate) struct Decode {
    /// A file with the token, the header field or the whole recorded request; - or nothing is standard input.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    #[command(flatten)]
    format: FormatOption,
}

const NEXT: &str = "a file with the token alone, with its header field, or with the whole request";

/// The parts of a token.
struct Decoded {
    header: Value,
    claims: Value,
    signature_bytes: usize,
}

impl Decode {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let path = self.file.unwrap_or_else(|| PathBuf::from("-"));
        let text = request::read(&path)?;
        let token = find(&text).ok_or_else(|| Failure::of_file(&path, "has no token").with_next(NEXT))?;
        let decoded = decode(token).ok_or_else(|| {
            Failure::of_file(&path, "the token is not three parts of base64url, two of them JSON").with_next(NEXT)
        })?;
        let mut out = format::stdout();
        match self.format.format {
            Format::Text => print(&decoded, &mut out)?,
            Format::Json => format::json(&mut out, members(decoded))?,
        }
        out.flush()?;
        Ok(Outcome::Fine)
    }
}

/// The first word of the text that looks like a token: three parts, of which the first is the beginning of a JSON object.
fn find(text: &[u8]) -> Option<&[u8]> {
    let words = text.split(|byte| byte.is_ascii_whitespace() || b"\"',;".contains(byte));
    let is_token = |word: &&[u8]| word.starts_with(b"ey") && word.split(|byte| *byte == b'.').count() == 3;
    let mut words = words;
    words.find(is_token)
}

fn decode(token: &[u8]) -> Option<Decoded> {
    let mut parts = token.split(|byte| *byte == b'.').map(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let mut next = || parts.next().flatten();
    let json = |bytes: Option<Vec<u8>>| serde_json::from_slice(&bytes?).ok();
    Some(Decoded { header: json(next())?, claims: json(next())?, signature_bytes: next()?.len() })
}

fn print(decoded: &Decoded, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "{WARN}Not verified: anybody can write this.{WARN:#} `hookproof verify` tells whether it is genuine."
    )?;
    for (name, value) in [("Header", &decoded.header), ("Claims", &decoded.claims)] {
        writeln!(out, "{STRONG}{name}{STRONG:#}")?;
        let Value::Object(members) = value else {
            writeln!(out, "  {}", format::printable(value.to_string().as_bytes()))?;
            continue;
        };
        for (name, value) in members {
            // A JSON text has its control characters escaped; other signs that could move the cursor are escaped here.
            let (name, shown) = (format::printable(name.as_bytes()), format::printable(value.to_string().as_bytes()));
            write!(out, "  {name}: {shown}")?;
            match value.as_i64().filter(|_| matches!(&*name, "iat" | "exp" | "nbf")) {
                Some(time) => writeln!(out, " {FAINT}{}{FAINT:#}", ago(time))?,
                None => writeln!(out)?,
            }
        }
    }
    writeln!(out, "{STRONG}Signature{STRONG:#}\n  {} bytes, not checked", decoded.signature_bytes)
}

fn ago(time: i64) -> String {
    let age = clock::now().saturating_sub(time);
    if age >= 0 { format!("({age} s ago)") } else { format!("(in {} s)", age.saturating_neg()) }
}

fn members(decoded: Decoded) -> Map<String, Value> {
    let members = json!({
        "verified": false,
        "header": decoded.header,
        "claims": decoded.claims,
        "signature_bytes": decoded.signature_bytes,
    });
    match members {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_in_whatever_it_stands_in() {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.AAAA";
        for text in [
            token.to_owned(),
            format!("{token}\n"),
            format!("Authorization: Bearer {token}\r\n"),
            format!("POST / HTTP/1.1\r\nauthorization: bearer {token}\r\n\r\n{{}}"),
            format!("curl --header 'Authorization: Bearer {token}'"),
        ] {
            let decoded = decode(find(text.as_bytes()).unwrap()).unwrap();
            assert_eq!((decoded.header["alg"].as_str(), decoded.signature_bytes), (Some("HS256"), 3));
        }
        assert!(find(b"eyJ.b").is_none() && decode(b"eyJ.e30.AA").is_none());
    }

    #[test]
    fn claims_that_are_no_object_cannot_reach_the_terminal() {
        let decoded = Decoded { header: json!({}), claims: json!("\u{9b}2J"), signature_bytes: 0 };
        let mut out = Vec::new();
        print(&decoded, &mut out).unwrap();
        assert!(!String::from_utf8(out).unwrap().contains('\u{9b}'));
    }
}
