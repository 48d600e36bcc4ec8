//! What hookproof says of a request: the core's verdict, and what the core read of it.

use hookproof::event::{self, Carrier, Event};
use hookproof::explain::explain;
use hookproof::replay::MemoryStore;
use hookproof::{Duplicates, Received, Refusal, Request, RequestHead, Verified, Verifier};
use hyper::header::{CONTENT_TYPE, HeaderName};
use serde_json::{Value, json};

use super::arrival::Arrival;

/// Judges requests by the verifier, and remembers those that were accepted.
pub(crate) struct Judge {
    verifier: Verifier,
    store: MemoryStore,
    /// The name that a profile chooses the secret by, where it was set.
    route: Option<String>,
    /// Whether the path stands for it, without its first slash. Where the profile needs none, no route may be given: the SMS
    /// API's account would be taken from it.
    route_is_path: bool,
    header: HeaderName,
}

/// What was found, for people.
#[derive(Clone)]
pub(crate) struct Verdict {
    pub(crate) accepted: bool,
    /// The reason's name; `ok` for what was accepted.
    pub(crate) reason: &'static str,
    pub(crate) sentence: &'static str,
    pub(crate) hint: &'static str,
    /// The refusal as one line for logs: its account, age, lints.
    pub(crate) detail: String,
    /// What a server should answer.
    pub(crate) http_status: u16,
    pub(crate) retry_after: Option<u32>,
    pub(crate) age: Option<i64>,
    pub(crate) api_key: Option<String>,
    pub(crate) key_label: Option<String>,
    /// The claims, as they were signed.
    pub(crate) claims: Option<String>,
    pub(crate) event: Option<Told>,
}

/// What the body says.
#[derive(Clone)]
pub(crate) struct Told {
    pub(crate) api: &'static str,
    pub(crate) event: String,
    /// Whether the signature covers it. If not, anybody may have written it.
    pub(crate) signed: bool,
    pub(crate) content_id: String,
    /// The sender's own id of what happened, with the status that is reported of it.
    pub(crate) id: Option<String>,
    pub(crate) json: String,
}

/// The kind of event is the sender's own word, and stands in every list. All of it is in [`Told::json`].
const MOST_EVENT_LETTERS: usize = 100;

/// Ids are remembered for as long as messages are. No id of the vendor is near that long.
const MOST_ID_BYTES: usize = 512;

/// A verdict, with the proof where there is one.
pub(crate) struct Judged {
    pub(crate) verdict: Verdict,
    pub(crate) verified: Option<Verified>,
}

impl Judge {
    pub(crate) fn new(verifier: Verifier, store: MemoryStore, route: Option<String>) -> Judge {
        // The policy takes only names that HTTP allows.
        let header = verifier.header_name().parse().unwrap_or(hyper::header::AUTHORIZATION);
        let route_is_path = verifier.policy().is_keyed_by_route();
        Judge { verifier, store, route, route_is_path, header }
    }

    pub(crate) fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// The field that carries the signature.
    pub(crate) fn header(&self) -> &HeaderName {
        &self.header
    }

    fn route_of<'a>(&'a self, arrival: &'a Arrival) -> &'a str {
        let path = if self.route_is_path { arrival.path().trim_start_matches('/') } else { "" };
        self.route.as_deref().unwrap_or(path)
    }

    /// The request for the core. A body that was not kept whole is longer than the policy allows, which its length says.
    pub(crate) fn request<'a>(&'a self, arrival: &'a Arrival) -> Request<'a> {
        let values = arrival.headers.get_all(&self.header);
        let value = arrival.headers.get(&self.header).map_or(&b""[..], |value| value.as_bytes());
        let head = RequestHead::new(arrival.method.as_bytes())
            .header(value, values.iter().count())
            .query(arrival.query().as_bytes())
            .route(self.route_of(arrival).as_bytes())
            .declared_length(arrival.body_bytes);
        Request::new(head, &arrival.body)
    }

    /// Everything but the replay store.
    pub(crate) fn verify(&self, arrival: &Arrival, now: i64) -> Judged {
        match self.verifier.verify(&self.request(arrival), now) {
            Ok(verified) => {
                Judged { verdict: Verdict::accepted(&verified, told(&verified, arrival)), verified: Some(verified) }
            }
            Err(refusal) => Judged { verdict: Verdict::refused(&refusal, untrusted(arrival)), verified: None },
        }
    }

    /// Every check in order, and the known mistakes that explain a refusal, as JSON. It takes its time: for the page alone.
    pub(crate) fn explain(&self, arrival: &Arrival, verdict: &Verdict, now: i64) -> Value {
        let fields: Vec<(&[u8], &[u8])> =
            arrival.headers.iter().map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes())).collect();
        let explanation = explain(&self.verifier, &self.request(arrival), &fields, now);
        let mut value: Value = serde_json::from_str(&explanation.to_json()).unwrap_or_default();
        let outcome = match verdict.reason {
            "ok" => "passed",
            reason if reason.starts_with("replay.") => "failed",
            _ => "not reached",
        };
        if let Some(checks) = value.get_mut("checks").and_then(Value::as_array_mut) {
            checks.push(json!({
                "name": "replay",
                "sentence": "The request is no repeat of one that was accepted.",
                "outcome": outcome,
                "detail": null,
            }));
        }
        value
    }

    /// The last check: that it is no repeat.
    pub(crate) fn claim(&self, verified: Verified, now: i64) -> Result<Received<&MemoryStore>, Refusal> {
        verified.claim(&self.store, Duplicates::Refuse, now)
    }
}

impl Verdict {
    #[cfg(test)]
    pub(crate) fn of_nothing() -> Verdict {
        let mut keyring = hookproof::Keyring::new();
        keyring.add_secret("a1", "given", b"s").unwrap();
        let verifier = Verifier::new(hookproof::Policy::standard(), keyring).unwrap();
        Verdict::refused(&verifier.verify(&Request::post(b"", b""), 0).unwrap_err(), None)
    }

    fn accepted(verified: &Verified, event: Option<Told>) -> Verdict {
        Verdict {
            accepted: true,
            reason: "ok",
            sentence: "The request is from the account, unchanged and fresh.",
            hint: "",
            detail: String::new(),
            http_status: verified.http_status(),
            retry_after: None,
            age: Some(verified.age_seconds()),
            api_key: Some(verified.api_key().to_owned()),
            key_label: Some(verified.key_label().to_owned()),
            claims: Some(verified.claims_json().to_owned()),
            event,
        }
    }

    fn refused(refusal: &Refusal, event: Option<Told>) -> Verdict {
        Verdict {
            accepted: false,
            reason: refusal.reason().name(),
            sentence: refusal.reason().sentence(),
            hint: refusal.reason().hint(),
            detail: refusal.to_string(),
            http_status: refusal.http_status(),
            retry_after: refusal.advice().retry_after,
            age: refusal.age_seconds(),
            api_key: refusal.untrusted_api_key().map(ToOwned::to_owned),
            key_label: refusal.key_label().map(ToOwned::to_owned),
            claims: None,
            event,
        }
    }

    /// The verdict once the replay store has refused: what the request says stays.
    pub(crate) fn refuse(self, refusal: &Refusal) -> Verdict {
        let Verdict { api_key, key_label, claims, event, .. } = self;
        Verdict { api_key, key_label, claims, ..Verdict::refused(refusal, event) }
    }

    pub(crate) fn word(&self) -> &'static str {
        if self.accepted { "accepted" } else { "refused" }
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "accepted": self.accepted,
            "reason": self.reason,
            "sentence": self.sentence,
            "hint": self.hint,
            "detail": self.detail,
            "http_status": self.http_status,
            "age": self.age,
            "api_key": self.api_key,
            "key_label": self.key_label,
            "claims": self.claims,
        })
    }
}

impl Told {
    fn of(event: &Event<'_>) -> Told {
        let status = event.envelope.status.get().map(|status| status.as_str().to_owned());
        let id = event
            .envelope
            .id
            .get()
            .map(|id| format!("{}:{}:{id}:{}", event.api.name(), event.event, status.unwrap_or_default()));
        Told {
            api: event.api.name(),
            event: event.event.chars().take(MOST_EVENT_LETTERS).collect(),
            signed: event.is_signed(),
            content_id: event.content_id(),
            id: id.filter(|id| id.len() <= MOST_ID_BYTES),
            json: event.to_json(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        json!({ "api": self.api, "event": self.event, "signed": self.signed, "json": self.json })
    }
}

fn told(verified: &Verified, arrival: &Arrival) -> Option<Told> {
    let event = match event::parse_query(verified) {
        Some(event) => event,
        None => event::parse(verified, &arrival.body).ok()?,
    };
    Some(Told::of(&event))
}

/// What an unverified request claims to say, for the eyes of a developer.
fn untrusted(arrival: &Arrival) -> Option<Told> {
    let form = arrival
        .headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    let carrier = match (arrival.body.is_empty(), form) {
        (true, _) if arrival.query().is_empty() => return None,
        (true, _) => Carrier::Query(arrival.query().as_bytes()),
        (false, true) => Carrier::Form(&arrival.body),
        (false, false) => Carrier::Json(&arrival.body),
    };
    Some(Told::of(&event::parse_unsigned(carrier)))
}
