//! The verifier from outside: the order of the checks, keys and their windows, streaming, and what a refusal tells.
#![allow(missing_docs)]

use hookproof::sign::Signer;
use hookproof::{AdviceTable, Keyring, PayloadForm, Policy, Reason, Request, RequestHead, Validity, Verifier};

const NOW: i64 = 1_767_225_600;
const SECRET: &[u8] = b"a signature secret of forty bytes length";
const BODY: &[u8] = br#"{"text":"hello"}"#;

fn signer() -> Signer {
    Signer::new("a1b2c3d4", SECRET).unwrap()
}

fn keyring() -> Keyring {
    let mut keyring = Keyring::new();
    keyring.add_secret("a1b2c3d4", "production", SECRET).unwrap();
    keyring
}

fn verifier() -> Verifier {
    Verifier::new(Policy::standard(), keyring()).unwrap()
}

fn reason(verifier: &Verifier, header: &str, body: &[u8], now: i64) -> Option<Reason> {
    verifier.verify(&Request::post(header.as_bytes(), body), now).err().map(|refusal| refusal.reason())
}

#[test]
fn a_genuine_request_tells_what_was_signed() {
    let mut signer = signer();
    signer.set_application_id("app-1");
    let header = signer.sign_body(BODY, NOW, "jti-1");
    let verified = verifier().verify(&Request::post(header.as_bytes(), BODY), NOW + 7).unwrap();
    assert_eq!((verified.api_key(), verified.jti(), verified.issued_at()), ("a1b2c3d4", "jti-1", NOW));
    assert_eq!((verified.age_seconds(), verified.application_id()), (7, Some("app-1")));
    assert_eq!((verified.key_label(), verified.keyring_generation()), ("production", 1));
    assert_eq!((verified.payload_form(), verified.http_status()), (PayloadForm::Body, 200));
    assert_eq!(verified.claim_text("iss").as_deref(), Some("Vonage"));
    assert_eq!((verified.claim_integer("iat"), verified.claim_integer("iss")), (Some(NOW), None));
    assert_eq!((verified.claim_text("iat"), verified.claim_text("nope")), (None, None));
    let claims: serde_json::Value = serde_json::from_str(verified.claims_json()).unwrap();
    assert_eq!(claims["jti"], "jti-1");
}

#[test]
fn escapes_in_claims_are_read_as_what_they_mean() {
    let hash = "8f5d9bb1ec1b5a2a2e5ff8a5ac5b4a5b8d4ad2e9cc2b0ab7c1b70fe1ddd4e5aa";
    let claims = format!(
        r#"{{"iat":{NOW},"jti":"a\u0062\/c\ud83d\ude00","iss":"Vonag\u0065","payload_hash":"{hash}","\u0061pi_key":"\u0061\u0031b2c3d4","custom":"\n"}}"#
    );
    let header = signer().sign_claims(claims.as_bytes());
    assert_eq!(reason(&verifier(), &header, BODY, NOW), Some(Reason::PayloadMismatch));
    let claims = claims.replace(hash, &sha256_of_body());
    let header = signer().sign_claims(claims.as_bytes());
    let verified = verifier().verify(&Request::post(header.as_bytes(), BODY), NOW).unwrap();
    assert_eq!((verified.jti(), verified.api_key()), ("ab/c😀", "a1b2c3d4"));
    assert_eq!(verified.claim_text("custom").as_deref(), Some("\n"));
    assert_eq!(verified.claims_json(), claims);
}

/// The hash that the signer puts into a token for the body.
fn sha256_of_body() -> String {
    let header = signer().sign_body(BODY, NOW, "j");
    let verified = verifier().verify(&Request::post(header.as_bytes(), BODY), NOW).unwrap();
    verified.claim_text("payload_hash").unwrap()
}

#[test]
fn the_first_fault_in_order_wins() {
    let verifier = verifier();
    let stale = signer().sign_body(BODY, NOW - 301, "j");
    let forged = Signer::new("a1b2c3d4", b"another secret").unwrap().sign_body(BODY, NOW - 301, "j");
    let foreign = Signer::new("other", SECRET).unwrap().sign_body(BODY, NOW - 301, "j");
    let head = |header| RequestHead::new(b"POST").header(header, 1);
    // Every request below has each fault of the ones behind it too.
    for (head, expected) in [
        (RequestHead::new(b"DELETE"), Reason::RequestUnsupported),
        (RequestHead::new(b"POST"), Reason::HeaderMissing),
        (RequestHead::new(b"POST").header(stale.as_bytes(), 2), Reason::HeaderDuplicated),
        (head(b"Basic x"), Reason::HeaderMalformed),
        (head(b"Bearer a.b"), Reason::TokenMalformed),
        (head(foreign.as_bytes()), Reason::KeyUnknown),
        (head(forged.as_bytes()), Reason::SignatureInvalid),
        (head(stale.as_bytes()).expected_account(b"a1b2c3d"), Reason::KeyMismatch),
        (head(stale.as_bytes()).declared_length(u64::MAX), Reason::TimeStale),
    ] {
        let refusal = verifier.verify(&Request::new(head, b"wrong body"), NOW).unwrap_err();
        assert_eq!(refusal.reason(), expected, "{refusal}");
    }
    let fresh = signer().sign_body(BODY, NOW, "j");
    let head = head(fresh.as_bytes()).expected_account(b"a1b2c3d4");
    assert_eq!(verifier.begin(&head.declared_length(1_048_577), NOW).unwrap_err().reason(), Reason::PayloadTooLarge);
    assert!(verifier.begin(&head.declared_length(1_048_576), NOW).is_ok());
}

#[test]
fn windows_are_inclusive() {
    let verifier = verifier();
    let header = signer().sign_body(BODY, NOW, "j");
    for (now, expected) in [
        (NOW + 300, None),
        (NOW + 301, Some(Reason::TimeStale)),
        (NOW - 60, None),
        (NOW - 61, Some(Reason::TimeFuture)),
        (i64::MAX, Some(Reason::TimeStale)),
        (i64::MIN, Some(Reason::TimeFuture)),
    ] {
        assert_eq!(reason(&verifier, &header, BODY, now), expected, "{now}");
    }
    let mut policy = Policy::standard();
    policy.set_max_age(hookproof::RETRY_WINDOW).unwrap();
    policy.set_leeway(0).unwrap();
    let verifier = Verifier::new(policy, keyring()).unwrap();
    assert_eq!(reason(&verifier, &header, BODY, NOW + 87_300), None);
    assert_eq!(reason(&verifier, &header, BODY, NOW + 87_301), Some(Reason::TimeStale));
    assert_eq!(reason(&verifier, &header, BODY, NOW - 1), Some(Reason::TimeFuture));
}

#[test]
fn a_secret_counts_only_within_its_window() {
    let mut keyring = Keyring::new();
    let validity = Validity { not_before: Some(NOW - 10), not_after: Some(NOW + 10) };
    keyring.add_secret("a1b2c3d4", "new", b"the new one").unwrap();
    keyring.add_dated_secret("a1b2c3d4", "old", SECRET, validity).unwrap();
    let verifier = Verifier::new(Policy::standard(), keyring).unwrap();
    let header = signer().sign_body(BODY, NOW, "j");
    for (now, expected) in [
        (NOW - 10, None),
        (NOW + 10, None),
        (NOW - 11, Some(Reason::KeyInactive)),
        (NOW + 11, Some(Reason::KeyInactive)),
    ] {
        assert_eq!(reason(&verifier, &header, BODY, now), expected);
    }
    let refusal = verifier.verify(&Request::post(header.as_bytes(), BODY), NOW + 11).unwrap_err();
    assert_eq!(refusal.key_label(), Some("old"));
}

#[test]
fn applications_are_expected_where_the_account_has_some() {
    let mut keyring = keyring();
    assert!(keyring.add_application_id("other", "app-1").is_err());
    keyring.add_application_id("a1b2c3d4", "app-1").unwrap();
    keyring.add_application_id("a1b2c3d4", "app-2").unwrap();
    let verifier = Verifier::new(Policy::standard(), keyring).unwrap();
    let mut signer = signer();
    assert_eq!(reason(&verifier, &signer.sign_body(BODY, NOW, "j"), BODY, NOW), Some(Reason::ClaimsMissing));
    for (id, expected) in [("app-1", None), ("app-2", None), ("APP-1", Some(Reason::ApplicationMismatch))] {
        signer.set_application_id(id);
        assert_eq!(reason(&verifier, &signer.sign_body(BODY, NOW, "j"), BODY, NOW), expected);
    }
}

#[test]
fn the_keyring_is_replaced_as_a_whole() {
    let verifier = verifier();
    let header = signer().sign_body(BODY, NOW, "j");
    let pending = verifier.begin(&RequestHead::new(b"POST").header(header.as_bytes(), 1), NOW).unwrap();
    let mut other = Keyring::new();
    other.add_secret("b", "only", b"x").unwrap();
    assert_eq!(verifier.replace_keyring(other).unwrap(), 2);
    assert_eq!(verifier.generation(), 2);
    assert!(verifier.replace_keyring(Keyring::new()).is_err());
    assert_eq!((verifier.generation(), pending.keyring_generation()), (2, 1));
    assert_eq!(reason(&verifier, &header, BODY, NOW), Some(Reason::KeyUnknown));
    let mut pending = pending;
    pending.update(BODY).unwrap();
    assert_eq!(pending.finish(NOW).unwrap().keyring_generation(), 1);
    assert!(Verifier::new(Policy::standard(), Keyring::new()).is_err());
}

#[test]
fn secrets_may_come_with_the_call() {
    let verifier = Verifier::with_keys_per_call(Policy::standard());
    let header = signer().sign_body(BODY, NOW, "j");
    let request = Request::post(header.as_bytes(), BODY);
    assert_eq!(verifier.untrusted_api_key(header.as_bytes(), 1).unwrap(), "a1b2c3d4");
    assert_eq!(verifier.untrusted_api_key(b"Bearer x", 1).unwrap_err().reason(), Reason::TokenMalformed);
    assert_eq!(verifier.generation(), 0);
    let verified = verifier.verify_with_keyring(&request, Some(&keyring()), NOW).unwrap();
    assert_eq!((verified.keyring_generation(), verified.key_label()), (0, "production"));
    let refusal = verifier.verify_with_keyring(&request, None, NOW).unwrap_err();
    assert_eq!((refusal.reason(), refusal.http_status()), (Reason::KeyUnavailable, 503));
    assert_eq!(verifier.verify(&request, NOW).unwrap_err().reason(), Reason::KeyUnavailable);
    let empty = verifier.verify_with_keyring(&request, Some(&Keyring::new()), NOW).unwrap_err();
    assert_eq!(empty.reason(), Reason::KeyUnknown);
    // A verifier with a ring of its own does not fall back to it.
    let own = self::verifier();
    assert_eq!(own.verify_with_keyring(&request, None, NOW).unwrap_err().reason(), Reason::KeyUnavailable);
}

#[test]
fn a_body_held_open_past_the_window_is_stale() {
    let verifier = verifier();
    let header = signer().sign_body(BODY, NOW, "j");
    let head = RequestHead::new(b"POST").header(header.as_bytes(), 1);
    let mut pending = verifier.begin(&head, NOW + 299).unwrap();
    for byte in BODY.chunks(1) {
        pending.update(byte).unwrap();
    }
    assert_eq!(pending.finish(NOW + 301).unwrap_err().reason(), Reason::TimeStale);
}

#[test]
fn a_body_over_the_ceiling_stays_refused() {
    let mut policy = Policy::standard();
    policy.set_max_body_bytes(20).unwrap();
    let verifier = Verifier::new(policy, keyring()).unwrap();
    let body = [b'x'; 21];
    let header = signer().sign_body(&body[..20], NOW, "j");
    assert_eq!(reason(&verifier, &header, &body[..20], NOW), None);
    assert_eq!(reason(&verifier, &header, &body, NOW), Some(Reason::PayloadTooLarge));
    let head = RequestHead::new(b"POST").header(header.as_bytes(), 1);
    let mut pending = verifier.begin(&head, NOW).unwrap();
    pending.update(&body[..20]).unwrap();
    let refusal = pending.update(&body[20..]).unwrap_err();
    assert_eq!((refusal.reason(), refusal.http_status()), (Reason::PayloadTooLarge, 413));
    assert!(pending.update(b"").is_err());
    assert_eq!(pending.finish(NOW).unwrap_err().reason(), Reason::PayloadTooLarge);
}

#[test]
fn a_missing_payload_hash_passes_only_by_the_dangerous_setting() {
    let claims = format!(r#"{{"iat":{NOW},"jti":"j","iss":"Vonage","api_key":"a1b2c3d4"}}"#);
    let header = signer().sign_claims(claims.as_bytes());
    assert_eq!(reason(&verifier(), &header, BODY, NOW), Some(Reason::ClaimsMissing));
    let mut policy = Policy::standard();
    policy.dangerously_allow_missing_payload_hash();
    let verifier = Verifier::new(policy, keyring()).unwrap();
    let verified = verifier.verify(&Request::post(header.as_bytes(), BODY), NOW).unwrap();
    assert_eq!(verified.payload_form(), PayloadForm::Unhashed);
    let hashed = signer().sign_body(BODY, NOW, "j");
    assert_eq!(reason(&verifier, &hashed, b"other", NOW), Some(Reason::PayloadMismatch));
    let null = claims.replace("}", ",\"payload_hash\":null}");
    let header = signer().sign_claims(null.as_bytes());
    assert_eq!(reason(&verifier, &header, BODY, NOW), Some(Reason::ClaimsMalformed));
}

#[test]
fn refusals_help_and_give_nothing_away() {
    let mut keyring = Keyring::new();
    keyring.add_secret("a1b2c3d4", "production", b"a signature secret of forty bytes length\n").unwrap();
    let verifier = Verifier::new(Policy::standard(), keyring).unwrap();
    let header = signer().sign_body(BODY, NOW, "secret-jti");
    let refusal = verifier.verify(&Request::post(header.as_bytes(), BODY), NOW).unwrap_err();
    assert_eq!(refusal.lints(), ["production: ends with a newline"]);
    assert_eq!(
        refusal.to_string(),
        "signature.invalid: No secret of the account produces the token's signature. \
         [api_key a1b2c3d4, tried production: ends with a newline]"
    );
    assert_eq!((refusal.key_label(), refusal.age_seconds(), refusal.keyring_generation()), (None, None, Some(1)));

    let odd = Signer::new("évil\"\u{202e}", SECRET).unwrap().sign_body(BODY, NOW, "j");
    let refusal = verifier.verify(&Request::post(odd.as_bytes(), BODY), NOW).unwrap_err();
    assert_eq!(refusal.untrusted_api_key(), Some(r#"\u{e9}vil\"\u{202e}"#));

    let stale = self::verifier().verify(&Request::post(header.as_bytes(), BODY), NOW + 900).unwrap_err();
    assert_eq!((stale.key_label(), stale.age_seconds()), (Some("production"), Some(900)));
    assert!(stale.to_string().ends_with("[api_key a1b2c3d4, secret production, age 900 s]"), "{stale}");

    let debug = format!("{verifier:?} {refusal:?} {stale:?} {:?} {:?}", signer(), self::keyring());
    let request = Request::new(RequestHead::new(b"POST").header(header.as_bytes(), 1), BODY);
    let debug = format!("{debug} {request:?} {:?}", self::verifier().verify(&request, NOW));
    for secret in ["signature secret", "hello", "eyJ", "secret-jti"] {
        assert!(!debug.contains(secret), "{secret} in {debug}");
    }
}

#[test]
fn advice_follows_the_policy() {
    let forged = Signer::new("a1b2c3d4", b"x").unwrap().sign_body(BODY, NOW, "j");
    let request = Request::post(forged.as_bytes(), BODY);
    let mut policy = Policy::standard();
    policy.set_retry_status(429).unwrap();
    let advice = Verifier::new(policy.clone(), keyring()).unwrap().verify(&request, NOW).unwrap_err().advice();
    assert_eq!((advice.http_status, advice.sender_retries, advice.retry_after), (429, true, Some(5)));
    policy.set_advice(AdviceTable::Conventional);
    let advice = Verifier::new(policy, keyring()).unwrap().verify(&request, NOW).unwrap_err().advice();
    assert_eq!((advice.http_status, advice.sender_retries, advice.retry_after), (401, false, None));
}

#[test]
fn one_verifier_serves_all_threads_while_its_ring_is_replaced() {
    let verifier = verifier();
    let header = signer().sign_body(BODY, NOW, "j");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..2_000 {
                    assert_eq!(reason(&verifier, &header, BODY, NOW), None);
                }
            });
        }
        for _ in 0..500 {
            let mut ring = keyring();
            ring.add_secret("other", "another", b"x").unwrap();
            verifier.replace_keyring(ring).unwrap();
        }
    });
    assert_eq!(verifier.generation(), 501);
}
