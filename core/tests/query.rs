//! GET webhooks: what the hash covers, which forms are accepted, and what is refused with which words.
#![cfg(not(loom))]
#![allow(missing_docs)]

use hookproof::replay::MemoryStore;
use hookproof::sign::Signer;
use hookproof::{Duplicates, Keyring, PayloadForm, Policy, Reason, Refusal, Request, RequestHead, Verified, Verifier};
use serde_json::json;
use sha2::{Digest, Sha256};

const NOW: i64 = 1_767_225_600;
const SECRET: &[u8] = b"a signature secret of forty bytes length";
const QUERY: &str = "to=442079460000&from=447700900001&custom_data=%7B%22a%22%3A1%7D&rate=null&text=a%20b+c%2Bd%2Fe";

fn verifier(change: impl FnOnce(&mut Policy)) -> Verifier {
    let mut keyring = Keyring::new();
    keyring.add_secret("a1b2c3d4", "production", SECRET).unwrap();
    let mut policy = Policy::standard();
    change(&mut policy);
    Verifier::new(policy, keyring).unwrap()
}

/// A token whose payload_hash is that of this text.
fn token_over(text: &str) -> String {
    let hash: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    let claims = json!({"iat": NOW, "jti": "j", "iss": "Vonage", "payload_hash": hash, "api_key": "a1b2c3d4"});
    Signer::new("a1b2c3d4", SECRET).unwrap().sign_claims(claims.to_string().as_bytes())
}

fn get<'a>(header: &'a str, query: &'a str) -> RequestHead<'a> {
    RequestHead::new(b"GET").header(header.as_bytes(), 1).query(query.as_bytes())
}

fn verify(verifier: &Verifier, header: &str, query: &str) -> Result<Verified, Refusal> {
    verifier.verify(&Request::new(get(header, query), b""), NOW)
}

#[test]
fn a_genuine_get_hands_out_what_was_signed() {
    let header = Signer::new("a1b2c3d4", SECRET).unwrap().sign_query(QUERY, NOW, "j").unwrap();
    let verified = verify(&verifier(|_| ()), &header, QUERY).unwrap();
    assert_eq!(verified.payload_form(), PayloadForm::Query);
    assert_eq!(verified.query_value("text"), Some("a b c+d/e"));
    assert_eq!((verified.query_value("custom_data"), verified.query_value("nope")), (Some(r#"{"a":1}"#), None));
    let names: Vec<_> = verified.query_pairs().iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["to", "from", "custom_data", "rate", "text"]);
    // The same parameters in other letters are the same; in another order they are not.
    assert!(verify(&verifier(|_| ()), &header, &QUERY.replace("%2F", "/").replace("to=4", "t%6F=%34")).is_ok());
    let sorted = "custom_data=%7B%22a%22%3A1%7D&from=447700900001&rate=null&text=a%20b+c%2Bd%2Fe&to=442079460000";
    let refusal = verify(&verifier(|_| ()), &header, sorted).unwrap_err();
    assert_eq!(refusal.reason(), Reason::PayloadMismatch);
    assert!(refusal.to_string().contains("sorted"), "{refusal}");
    // A request with a body proves nothing about its query.
    let body = Signer::new("a1b2c3d4", SECRET).unwrap().sign_body(b"{}", NOW, "j");
    let head = RequestHead::new(b"POST").header(body.as_bytes(), 1).query(QUERY.as_bytes());
    assert!(verifier(|_| ()).verify(&Request::new(head, b"{}"), NOW).unwrap().query_pairs().is_empty());
}

#[test]
fn forms_that_nobody_proved_are_off_and_named() {
    let nested =
        r#"{"to":"442079460000","from":"447700900001","custom_data":{"a":1},"rate":"null","text":"a b c+d/e"}"#;
    let null = nested.replace(r#"{"a":1}"#, r#""{\"a\":1}""#).replace(r#""null""#, "null");
    let both = nested.replace(r#""null""#, "null");
    for (text, name) in [(nested, "query_nested"), (&null, "query_null"), (&both, "query_nested_null")] {
        let header = token_over(text);
        let refusal = verify(&verifier(|_| ()), &header, QUERY).unwrap_err();
        assert_eq!(refusal.reason(), Reason::PayloadMismatch);
        assert_eq!(refusal.payload_fault(), Some(&*format!("the hash fits the form {name}, which is not enabled")));
        let verified = verify(&verifier(|policy| policy.add_payload_form(name).unwrap()), &header, QUERY).unwrap();
        assert_eq!(verified.payload_form().name(), name);
        let others = verifier(|policy| {
            for form in ["query_nested", "query_null", "query_nested_null"].iter().filter(|form| **form != name) {
                policy.add_payload_form(form).unwrap();
            }
        });
        assert!(verify(&others, &header, QUERY).is_err());
    }
}

#[test]
fn own_parameters_come_off_only_where_they_are_configured() {
    let header = Signer::new("a1b2c3d4", SECRET).unwrap().sign_query("to=1&from=2", NOW, "j").unwrap();
    let own = verifier(|policy| policy.add_own_query("token=x").unwrap());
    let verified = verify(&own, &header, "token=x&to=1&from=2").unwrap();
    assert_eq!((verified.query_pairs().len(), verified.query_value("token")), (2, None));
    for query in ["token=y&to=1&from=2", "token=%78&to=1&from=2", "to=1&from=2&token=x", "token=x&token=x&to=1&from=2"]
    {
        assert_eq!(verify(&own, &header, query).unwrap_err().reason(), Reason::PayloadMismatch, "{query}");
    }
    assert!(verify(&verifier(|_| ()), &header, "token=x&to=1&from=2").is_err());
    // Where the sender does sign them, they stay.
    let signed = Signer::new("a1b2c3d4", SECRET).unwrap().sign_query("token=x&to=1", NOW, "j").unwrap();
    assert_eq!(verify(&own, &signed, "token=x&to=1").unwrap().query_value("token"), Some("x"));
}

#[test]
fn what_has_two_readings_is_refused_in_words() {
    let verifier = verifier(|_| ());
    let header = Signer::new("a1b2c3d4", SECRET).unwrap().sign_query(QUERY, NOW, "j").unwrap();
    for (query, words) in [("a=1&a=1", "twice"), ("a=%4", "hexadecimal"), ("a=%ff", "UTF-8"), ("a=1#", "#")] {
        let refusal = verify(&verifier, &header, query).unwrap_err();
        assert_eq!((refusal.reason(), refusal.http_status()), (Reason::PayloadMismatch, 503));
        assert!(refusal.to_string().contains(words), "{refusal}");
    }
}

#[test]
fn a_get_has_no_body() {
    let verifier = verifier(|_| ());
    let header = Signer::new("a1b2c3d4", SECRET).unwrap().sign_query(QUERY, NOW, "j").unwrap();
    let with_body = verifier.verify(&Request::new(get(&header, QUERY), b"x"), NOW).unwrap_err();
    let announced = verifier.begin(&get(&header, QUERY).declared_length(1), NOW).unwrap_err();
    let mut pending = verifier.begin(&get(&header, QUERY), NOW).unwrap();
    pending.update(b"").unwrap();
    let streamed = pending.update(b"x").unwrap_err();
    let finished = pending.finish(NOW).unwrap_err();
    for refusal in [with_body, announced, streamed, finished] {
        assert_eq!(refusal.reason(), Reason::PayloadMismatch);
        assert_eq!(refusal.payload_fault(), Some("a GET has a body, which nothing signs"));
    }
    let pending = verifier.begin(&get(&header, QUERY), NOW).unwrap();
    assert_eq!(pending.finish(NOW + 301).unwrap_err().reason(), Reason::TimeStale);
}

#[test]
fn a_get_is_claimed_like_any_other() {
    let (verifier, store) = (verifier(|_| ()), MemoryStore::new(10).unwrap());
    let header = Signer::new("a1b2c3d4", SECRET).unwrap().sign_query(QUERY, NOW, "j").unwrap();
    let request = Request::new(get(&header, QUERY), b"");
    verifier.receive(&request, &store, Duplicates::Refuse, NOW).unwrap().confirm(NOW).unwrap();
    let refusal = verifier.receive(&request, &store, Duplicates::Refuse, NOW).unwrap_err();
    assert_eq!(refusal.reason(), Reason::ReplayDuplicate);
}

#[test]
fn without_a_hash_the_parameters_are_handed_out_as_unhashed() {
    let claims = json!({"iat": NOW, "jti": "j", "iss": "Vonage", "api_key": "a1b2c3d4"});
    let header = Signer::new("a1b2c3d4", SECRET).unwrap().sign_claims(claims.to_string().as_bytes());
    let verified = verify(&verifier(Policy::dangerously_allow_missing_payload_hash), &header, QUERY).unwrap();
    assert_eq!(verified.payload_form(), PayloadForm::Unhashed);
    assert!(verify(&verifier(Policy::dangerously_allow_missing_payload_hash), &header, "a=1&a=2").is_err());
}

#[test]
fn a_verified_get_is_read_as_an_event() {
    let query = "to=442079460000&from=447700900001&conversation_uuid=CON-1&uuid=u-1&endpoint_type=phone";
    let header = Signer::new("a1b2c3d4", SECRET).unwrap().sign_query(query, NOW, "j").unwrap();
    let verified = verify(&verifier(|_| ()), &header, query).unwrap();
    let event = hookproof::event::parse_query(&verified).unwrap();
    assert_eq!((event.api.name(), &*event.event, event.is_signed()), ("voice", "answer", true));
    assert_eq!(event.content_id().len(), 64);
    assert!(hookproof::event::parse(&verified, b"{}").is_err());
}
