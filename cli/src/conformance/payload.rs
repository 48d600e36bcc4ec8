//! A sample webhook of the vendor's: verified where it is signed, and read as an event.

use hookproof::event::{self, Carrier, Event};
use hookproof::{Keyring, Policy, Request, RequestHead, Verifier};
use serde_json::Value;

use super::entry::Entry;
use super::finding::{Finding, Judgement};

/// Whether a file is one.
pub(super) fn is_one(file: &Value) -> bool {
    file.get("api").is_some() && file.get("payload").is_some()
}

/// One file, which is one case.
pub(super) struct Payload {
    id: String,
    method: Vec<u8>,
    query: Vec<u8>,
    body: Vec<u8>,
    is_form: bool,
    signed: Option<Signed>,
    api: String,
    event: String,
}

struct Signed {
    header: Vec<u8>,
    now: i64,
    verifier: Verifier,
}

/// Reads a file.
pub(super) fn read(file: &Value) -> Result<Payload, String> {
    let entry = Entry::new("?", file);
    let (api, event) = (entry.text("api")?.to_owned(), entry.text("event")?.to_owned());
    let id = format!("{api} {event}");
    let entry = Entry::new(&id, file);
    let signed = match entry.optional("sample_signature") {
        Some(signature) => Some(read_signature(Entry::new(&id, signature))?),
        None => None,
    };
    Ok(Payload {
        method: entry.text("method")?.as_bytes().to_vec(),
        query: entry.optional_text("wire_query")?.unwrap_or_default().as_bytes().to_vec(),
        body: entry.optional_text("wire_body")?.unwrap_or_default().as_bytes().to_vec(),
        is_form: entry.optional_text("content_type")?.is_some_and(|kind| kind.contains("form-urlencoded")),
        signed,
        api,
        event,
        id,
    })
}

fn read_signature(signature: Entry<'_>) -> Result<Signed, String> {
    let claims = signature.object("claims")?;
    let mut keyring = Keyring::new();
    let secret = signature.text("secret")?.as_bytes();
    keyring.add_secret(claims.text("api_key")?, "sample", secret).map_err(|error| signature.fault(error))?;
    Ok(Signed {
        header: signature.text("authorization")?.as_bytes().to_vec(),
        now: claims.as_integer(claims.member("iat")?, "iat")?,
        verifier: Verifier::new(Policy::standard(), keyring).map_err(|error| signature.fault(error))?,
    })
}

impl Payload {
    /// Verifies and reads it.
    pub(super) fn finding(&self) -> Finding {
        let Some(signed) = &self.signed else {
            let carrier = match &*self.method {
                b"GET" => Carrier::Query(&self.query),
                _ if self.is_form => Carrier::Form(&self.body),
                _ => Carrier::Json(&self.body),
            };
            return self.found(&event::parse_unsigned(carrier));
        };
        let head = RequestHead::new(&self.method).header(&signed.header, 1).query(&self.query);
        let verified = match signed.verifier.verify(&Request::new(head, &self.body), signed.now) {
            Ok(verified) => verified,
            Err(refusal) => return self.failed("reject", refusal.reason().name(), "accept", refusal.reason().name()),
        };
        match event::parse_query(&verified).map_or_else(|| event::parse(&verified, &self.body), Ok) {
            Ok(event) => self.found(&event),
            Err(mismatch) => self.failed("accept", "", "an event", &mismatch.to_string()),
        }
    }

    fn found(&self, event: &Event<'_>) -> Finding {
        let got = (event.api.name(), &*event.event);
        let judgement = if got == (&self.api, &self.event) && event.is_signed() == self.signed.is_some() {
            Judgement::Passed
        } else {
            Judgement::Failed { expected: self.id.clone(), got: format!("{} {}", got.0, got.1) }
        };
        let (verdict, reason) = ("accept".to_owned(), String::new());
        Finding { id: self.id.clone(), verdict, reason, judgement, event: Some(event.to_json()) }
    }

    fn failed(&self, verdict: &str, reason: &str, expected: &str, got: &str) -> Finding {
        let judgement = Judgement::Failed { expected: expected.to_owned(), got: got.to_owned() };
        let (verdict, reason) = (verdict.to_owned(), reason.to_owned());
        Finding { id: self.id.clone(), verdict, reason, judgement, event: None }
    }
}
