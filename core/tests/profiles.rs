//! The vendor's other dialects: which header, whose secret, which claims.
#![cfg(not(loom))]
#![allow(missing_docs)]

use hookproof::replay::{Hold, Selector};
use hookproof::sign::Signer;
use hookproof::{Keyring, Policy, Reason, Request, RequestHead, Verified, Verifier};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const NOW: i64 = 1_767_225_600;
const BODY: &[u8] = b"{}";
/// YqABRE18Vk2zfiVVMV7uag==, decoded.
const SECRET: &[u8] = b"\x62\xa0\x01\x44\x4d\x7c\x56\x4d\xb3\x7e\x25\x55\x31\x5e\xee\x6a";

fn claims(change: impl FnOnce(&mut Value)) -> String {
    let hash: String = Sha256::digest(BODY).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut claims = json!({"iat": NOW, "jti": "j", "iss": "Vonage", "payload_hash": hash});
    change(&mut claims);
    Signer::new("-", SECRET).unwrap().sign_claims(claims.to_string().as_bytes())
}

fn verifier(policy: Policy) -> Verifier {
    let text = r#"{"version": 1, "accounts": [{"api_key": "archives", "secrets": [{"label": "s", "secret_base64": "YqABRE18Vk2zfiVVMV7uag=="}]}]}"#;
    Verifier::new(policy, Keyring::from_json(text).unwrap()).unwrap()
}

fn verify(verifier: &Verifier, header: &str, route: &[u8]) -> Result<Verified, Reason> {
    let head = RequestHead::new(b"POST").header(header.as_bytes(), 1).route(route);
    verifier.verify(&Request::new(head, BODY), NOW).map_err(|refusal| refusal.reason())
}

#[test]
fn video_chooses_the_secret_by_route() {
    let verifier = verifier(Policy::video());
    let header = claims(|_| ());
    let verified = verify(&verifier, &header, b"archives").unwrap();
    assert_eq!((verified.api_key(), verified.jti()), ("archives", "j"));
    let request = verified.claim_request(Hold::Once, NOW).unwrap();
    assert_eq!(request.identity.selector, Selector::Route("archives"));
    for route in [&b""[..], b"sessions", b"archives\n", b"\xff", &[b'a'; 129]] {
        assert_eq!(verify(&verifier, &header, route).unwrap_err(), Reason::KeyUnknown);
    }
    // A claim never chooses, nor does it have to be there; one that is no identifier is wrong all the same.
    let header = claims(|claims| claims["api_key"] = json!("sessions"));
    assert_eq!(verify(&verifier, &header, b"archives").unwrap().api_key(), "archives");
    let header = claims(|claims| claims["api_key"] = json!(1));
    assert_eq!(verify(&verifier, &header, b"archives").unwrap_err(), Reason::ClaimsMalformed);
    let get = RequestHead::new(b"GET").header(header.as_bytes(), 1).route(b"archives");
    assert_eq!(verifier.verify(&Request::new(get, b""), NOW).unwrap_err().reason(), Reason::RequestUnsupported);
}

#[test]
fn the_contact_centre_has_its_header_and_tokens_that_expire() {
    let verifier = verifier(Policy::contact_center());
    assert_eq!((verifier.header_name(), verifier.policy().profile_name()), ("Vonage-Signature", "contact_center"));
    let expiring = |exp: Value| claims(|claims| claims["exp"] = exp);
    assert!(verify(&verifier, &expiring(json!(NOW + 300)), b"archives").is_ok());
    assert_eq!(verify(&verifier, &claims(|_| ()), b"archives").unwrap_err(), Reason::ClaimsMissing);
    assert_eq!(verify(&verifier, &expiring(json!(NOW)), b"archives").unwrap_err(), Reason::TimeExpired);
    assert_eq!(verify(&verifier, &expiring(Value::Null), b"archives").unwrap_err(), Reason::ClaimsMalformed);
    // Whoever issues them is documented nowhere; an expectation that is set is kept.
    let anonymous = claims(|claims| {
        claims["exp"] = json!(NOW + 300);
        claims.as_object_mut().unwrap().remove("iss");
    });
    assert!(verify(&verifier, &anonymous, b"archives").is_ok());
    let mut policy = Policy::contact_center();
    policy.set_expected_issuer("NewVoiceMedia").unwrap();
    let strict = self::verifier(policy);
    assert_eq!(verify(&strict, &anonymous, b"archives").unwrap_err(), Reason::ClaimsMissing);
    assert_eq!(verify(&strict, &expiring(json!(NOW + 300)), b"archives").unwrap_err(), Reason::IssuerMismatch);
}

#[test]
fn cloud_runtime_reads_the_token_that_was_moved() {
    let verifier = verifier(Policy::cloud_runtime());
    assert_eq!(verifier.header_name(), "X-Vonage-Webhook-Auth-Token");
    let header = claims(|claims| claims["api_key"] = json!("archives"));
    let bare = header.strip_prefix("Bearer ").unwrap();
    assert!(verify(&verifier, &header, b"").is_ok() && verify(&verifier, bare, b"").is_ok());
    assert_eq!(verify(&self::verifier(Policy::standard()), bare, b"").unwrap_err(), Reason::HeaderMalformed);
}

#[test]
fn profiles_have_names() {
    for name in ["standard", "video", "contact_center", "cloud_runtime"] {
        let policy = Policy::for_profile(name).unwrap();
        assert_eq!(policy.profile_name(), name);
        assert_eq!(policy.is_keyed_by_route(), matches!(name, "video" | "contact_center"), "{name}");
    }
    assert_eq!(Policy::for_profile("Video").unwrap_err().place(), "profile");
}
