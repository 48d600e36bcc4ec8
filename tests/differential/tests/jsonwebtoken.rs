//! Against jsonwebtoken's full decode. It is looser than hookproof by design, so the rule is one way: whatever
//! hookproof accepts, jsonwebtoken accepts, and reads the same.

use differential::{ACCOUNT, HEADER, NOW, SECRET, claims, mutate, reason, sign, verifier};
use hookproof::sign::Signer;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use proptest::prelude::*;
use serde_json::Value;

const BODY: &[u8] = br#"{"text":"hello"}"#;

/// What jsonwebtoken reads, checking what both define: HS256, the signature and the issuer. The clock of the comparison is
/// not the system's, so exp and nbf are left out here.
fn theirs(token: &str) -> Option<Value> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.set_issuer(&["Vonage"]);
    decode::<Value>(token, &DecodingKey::from_secret(SECRET), &validation).ok().map(|data| data.claims)
}

fn ours(token: &str) -> Option<Value> {
    let header = format!("Bearer {token}");
    let verified = verifier().verify(&hookproof::Request::post(header.as_bytes(), BODY), NOW).ok()?;
    Some(serde_json::from_str(verified.claims_json()).expect("the claims are JSON"))
}

fn assert_no_looser(token: &[u8]) -> Result<bool, TestCaseError> {
    let Ok(token) = std::str::from_utf8(token) else {
        prop_assert!(reason(&verifier(), token, BODY, NOW).is_some());
        return Ok(false);
    };
    let ours = ours(token);
    if let Some(claims) = &ours {
        let theirs = theirs(token);
        prop_assert_eq!(Some(claims), theirs.as_ref(), "{}", token);
    }
    Ok(ours.is_some())
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

#[test]
fn tokens_of_either_side_pass_on_the_other() {
    let header = Signer::new(ACCOUNT, SECRET).expect("a good secret").sign_body(BODY, NOW, "j");
    assert!(theirs(header.strip_prefix("Bearer ").expect("the scheme")).is_some());
    let claims: Value = serde_json::from_str(&claims(BODY, NOW)).expect("claims");
    let token = encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(SECRET)).expect("a token");
    assert_eq!(ours(&token), Some(claims));
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

    #[test]
    fn any_bytes_at_all(token in proptest::collection::vec(any::<u8>(), 0..600)) {
        assert_no_looser(&token)?;
    }
}
