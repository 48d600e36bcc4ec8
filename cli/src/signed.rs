//! A webhook signed as the vendor would, and the ways to write it down.

use std::fmt::Write as _;

use hookproof::sign::{Signer, SmsCarrier};
use hookproof::{Policy, SmsMethod};
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::judge;
use crate::pairs;
use crate::sample::Carrier;

/// What to sign.
pub(crate) struct Unsigned {
    pub(crate) method: String,
    pub(crate) query: String,
    pub(crate) body: Vec<u8>,
    pub(crate) content_type: Option<String>,
}

/// A signed request.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) query: String,
    /// Those that matter, in their order; the signature's first, where it stands in a header field.
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) jti: String,
    /// Unix seconds.
    pub(crate) issued_at: i64,
}

/// The method of the SMS API that a profile stands for.
pub(crate) fn sms_method(profile: &str) -> Option<SmsMethod> {
    profile.strip_prefix("sms_").and_then(SmsMethod::from_name)
}

/// Signs by the policy's profile.
pub(crate) fn sign(
    signer: &Signer,
    policy: &Policy,
    account: &str,
    unsigned: Unsigned,
    issued_at: i64,
    jti: &str,
    url: &str,
) -> Result<Signed, Failure> {
    let mut signed = Signed {
        method: unsigned.method,
        url: url.to_owned(),
        query: unsigned.query,
        fields: Vec::new(),
        body: unsigned.body,
        jti: jti.to_owned(),
        issued_at,
    };
    let is_get = signed.method == "GET";
    let content_type = unsigned.content_type.map(|kind| ("Content-Type".to_owned(), kind));
    if let Some(method) = sms_method(policy.profile_name()) {
        let is_json = !is_get && signed.body.trim_ascii_start().starts_with(b"{");
        let parameters = if is_get { signed.query.as_bytes() } else { &signed.body };
        let parameters = pairs::read(parameters, is_json).map_err(|fault| Failure::new(fault, SMS_NEXT))?;
        let parameters = pairs::of_account(parameters, account);
        let carrier = if is_json { SmsCarrier::Json } else { SmsCarrier::Form };
        let text = signer
            .sign_sms(method, carrier, &parameters, issued_at, jti)
            .map_err(|fault| Failure::new(fault, SMS_NEXT))?;
        if is_get {
            signed.query = text;
        } else {
            signed.body = text.into_bytes();
            let usual = if is_json { Carrier::Json } else { Carrier::Form };
            let usual = || Some(("Content-Type".to_owned(), usual.content_type()?.to_owned()));
            signed.fields.extend(content_type.or_else(usual));
        }
        return Ok(signed);
    }
    let token = if is_get {
        signer.sign_query(&signed.query, issued_at, jti).map_err(judge::of_option)?
    } else {
        signer.sign_body(&signed.body, issued_at, jti)
    };
    signed.fields.push((policy.header_name().to_owned(), token));
    signed.fields.extend(content_type);
    Ok(signed)
}

const SMS_NEXT: &str = "a form (a=1&b=2) or one flat JSON object without timestamp, nonce and sig, which are added";

/// A token's usual identity: a random UUID (RFC 9562 5.4).
pub(crate) fn random_jti() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Failure::new(format!("no random number: {error}"), "--jti TEXT"))?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

impl Signed {
    /// The URL with the query.
    pub(crate) fn target(&self) -> String {
        if self.query.is_empty() {
            return self.url.clone();
        }
        let sign = if self.url.contains('?') { '&' } else { '?' };
        format!("{}{sign}{}", self.url, self.query)
    }

    /// The request as it goes over the wire.
    pub(crate) fn http(&self) -> Vec<u8> {
        let target = self.target();
        let rest = target.split_once("://").map_or(&*target, |(_, rest)| rest);
        let at = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, path) = rest.split_at(at);
        let slash = if path.starts_with('/') { "" } else { "/" };
        let mut head = format!("{} {slash}{path} HTTP/1.1\r\nHost: {host}\r\n", self.method);
        for (name, value) in &self.fields {
            // Writing to a String cannot fail.
            let _ = write!(head, "{name}: {value}\r\n");
        }
        if self.method != "GET" || !self.body.is_empty() {
            let _ = write!(head, "Content-Length: {}\r\n", self.body.len());
        }
        head.push_str("\r\n");
        [head.as_bytes(), &self.body].concat()
    }

    /// A line for a POSIX shell that sends the request with curl, byte for byte.
    pub(crate) fn curl(&self) -> Result<String, Failure> {
        let quoted = |text: &str| {
            if text.contains('\0') {
                return Err(Failure::new("a zero byte cannot stand in a command", "--format http"));
            }
            Ok(shell_words::quote(text).into_owned())
        };
        let mut line = String::new();
        let is_plain = |byte: &u8| *byte == b'\n' || matches!(byte, 0x20..=0x7e) || *byte >= 0x80;
        let text = std::str::from_utf8(&self.body).ok().filter(|text| text.bytes().all(|byte| is_plain(&byte)));
        let body = match text {
            Some("") => None,
            Some(text) => Some(format!("--data-raw {}", quoted(text)?)),
            None => {
                // What no terminal shows goes through printf, whose octal escapes every shell has.
                line.push_str("printf '");
                line.extend(self.body.iter().map(|byte| octal(*byte)));
                line.push_str("' | ");
                Some("--data-binary @-".to_owned())
            }
        };
        let _ = write!(line, "curl --globoff --request {}", quoted(&self.method)?);
        let has_type = self.fields.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        for (name, value) in &self.fields {
            let _ = write!(line, " --header {}", quoted(&format!("{name}: {value}"))?);
        }
        if let Some(body) = body {
            // Without one curl says that the body is a form.
            line.push_str(if has_type { " " } else { " --header Content-Type: " });
            line.push_str(&body);
        }
        let _ = write!(line, " {}", quoted(&self.target())?);
        Ok(line)
    }

    /// The signature's header fields.
    pub(crate) fn header(&self) -> String {
        self.fields.iter().fold(String::new(), |text, (name, value)| text + name + ": " + value + "\n")
    }

    /// For programs.
    pub(crate) fn members(&self) -> Map<String, Value> {
        use base64::Engine as _;
        let members = json!({
            "method": self.method,
            "url": self.target(),
            "query": self.query,
            "headers": self.fields.iter().map(|(name, value)| json!([name, value])).collect::<Vec<Value>>(),
            "body": std::str::from_utf8(&self.body).ok(),
            "body_base64": base64::engine::general_purpose::STANDARD.encode(&self.body),
            "jti": self.jti,
            "issued_at": self.issued_at,
        });
        match members {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }
}

/// A byte as printf's format has it.
fn octal(byte: u8) -> String {
    match byte {
        b'%' => "%%".to_owned(),
        b'a'..=b'z' | b'A'..=b'Z' | b' ' | b'{' | b'}' | b':' | b',' | b'"' => char::from(byte).to_string(),
        other => format!("\\{other:03o}"),
    }
}
