//! Against jsonwebtoken's full decode. It is looser than hookproof by design, so the rule is one way: whatever
//! hookproof accepts, jsonwebtoken accepts, and reads the same.

use differential::{ACCOUNT, HEADER, NOW, SECRET, claims, mutate, reason, sign, verifier, verifier_with};
use hookproof::sign::Signer;
use hookproof::{Policy, Request, Verified};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use proptest::prelude::*;
use serde_json::Value;

const BODY: &[u8] = br#"{"text":"hello"}"#;

/// What jsonwebtoken reads, checking what both define: HS256, the signature and the issuer. The clock of the comparison is
/// not the system's, so exp and nbf are left out here.
fn theirs(token: &str, secret: &[u8]) -> Option<Value> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.set_issuer(&["Vonage"]);
    decode::<Value>(token, &DecodingKey::from_secret(secret), &validation).ok().map(|data| data.claims)
}

fn ours(token: &str) -> Option<Verified> {
    let header = format!("Bearer {token}");
    verifier().verify(&Request::post(header.as_bytes(), BODY), NOW).ok()
}

/// What every getter says is what jsonwebtoken read.
fn assert_reads_as(verified: &Verified, claims: &Value) -> Result<(), TestCaseError> {
    let text: Value = serde_json::from_str(verified.claims_json()).expect("the claims are JSON");
    prop_assert_eq!(&text, claims);
    prop_assert_eq!(Some(verified.issued_at()), claims["iat"].as_i64());
    prop_assert_eq!(Some(verified.jti()), claims["jti"].as_str());
    prop_assert_eq!(Some(verified.api_key()), claims["api_key"].as_str());
    prop_assert_eq!(verified.application_id(), claims["application_id"].as_str());
    for (name, value) in claims.as_object().expect("an object") {
        let text = verified.claim_text(name);
        prop_assert_eq!(text.as_deref(), value.as_str(), "{}", name);
        prop_assert_eq!(verified.claim_integer(name), value.as_i64(), "{}", name);
    }
    Ok(())
}

fn assert_no_looser(token: &[u8]) -> Result<bool, TestCaseError> {
    let Ok(token) = std::str::from_utf8(token) else {
        prop_assert!(reason(&verifier(), token, BODY, NOW).is_some());
        return Ok(false);
    };
    let Some(verified) = ours(token) else { return Ok(false) };
    let theirs = theirs(token, SECRET);
    prop_assert!(theirs.is_some(), "{}", token);
    assert_reads_as(&verified, &theirs.unwrap_or_default())?;
    Ok(true)
}

#[test]
fn every_splice_at_every_place_of_the_claims() {
    let claims = claims(BODY, NOW);
    let (mut ran, mut accepted) = (0, 0);
    for splice in 0..differential::SPLICES.len() {
        for at in 0..=claims.len() {
            for cut in 0..3 {
                let token = sign(HEADER.as_bytes(), &mutate(&claims, at, cut, splice));
                accepted += usize::from(assert_no_looser(token.as_bytes()).expect("no looser"));
                ran += 1;
            }
        }
    }
    assert!(ran > 20_000 && accepted > 500, "{ran} {accepted}");
}

#[test]
fn every_splice_at_every_place_of_the_header() {
    let claims = claims(BODY, NOW);
    let (mut ran, mut accepted) = (0, 0);
    for splice in 0..differential::SPLICES.len() {
        for at in 0..=HEADER.len() {
            for cut in 0..8 {
                let token = sign(&mutate(HEADER, at, cut, splice), claims.as_bytes());
                accepted += usize::from(assert_no_looser(token.as_bytes()).expect("no looser"));
                ran += 1;
            }
        }
    }
    assert!(ran > 8_000 && accepted > 50, "{ran} {accepted}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_splices_in_signed_claims(at in any::<(usize, usize)>(), cut in (0usize..6, 0usize..6), splice in any::<(usize, usize)>()) {
        let once = mutate(&claims(BODY, NOW), at.0, cut.0, splice.0);
        let twice = match std::str::from_utf8(&once) {
            Ok(text) => mutate(text, at.1, cut.1, splice.1),
            Err(_) => once,
        };
        assert_no_looser(sign(HEADER.as_bytes(), &twice).as_bytes())?;
    }

    #[test]
    fn any_byte_of_the_token_replaced(at in any::<usize>(), byte in any::<u8>()) {
        let mut token = sign(HEADER.as_bytes(), claims(BODY, NOW).as_bytes()).into_bytes();
        let at = at % token.len();
        token[at] = byte;
        assert_no_looser(&token)?;
    }

    /// Secrets longer than a block of SHA-256 are hashed first, so their length matters.
    #[test]
    fn tokens_of_either_side_pass_on_the_other(
        secret in proptest::collection::vec(any::<u8>(), 1..200),
        body in proptest::collection::vec(any::<u8>(), 0..300),
        jti in "\\PC{1,40}",
    ) {
        let verifier = verifier_with(Policy::standard(), &secret);
        let header = Signer::new(ACCOUNT, &secret).expect("a good secret").sign_body(&body, NOW, &jti);
        let claims = theirs(header.strip_prefix("Bearer ").expect("the scheme"), &secret);
        prop_assert_eq!(claims.as_ref().and_then(|claims| claims["jti"].as_str()), Some(&*jti));

        let claims = claims.unwrap_or_default();
        let token = encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(&secret)).expect("a token");
        let header = format!("Bearer {token}");
        let verified = verifier.verify(&Request::post(header.as_bytes(), &body), NOW);
        prop_assert!(verified.is_ok(), "{}", token);
        assert_reads_as(&verified.expect("just seen"), &claims)?;
    }

    #[test]
    fn any_bytes_at_all(token in proptest::collection::vec(any::<u8>(), 0..600)) {
        assert_no_looser(&token)?;
    }
}
