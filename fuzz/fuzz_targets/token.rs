//! Tokens: any header, and any claims with a good signature. What is accepted is good JSON by another reader too, and says
//! the same whole and in pieces.
#![no_main]

use hookproof::{Keyring, Policy, Refusal, Request, RequestHead, Verified, Verifier, sign::Signer};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const SECRET: &[u8] = b"the signature secret of the dashboard";
const NOW: i64 = 1_767_225_600;

fn ask(verifier: &Verifier, header: &[u8]) -> Result<Verified, Refusal> {
    let head = RequestHead::new(b"POST").header(header, 1);
    let whole = verifier.verify(&Request::new(head, b"{}"), NOW);
    let streamed = verifier.begin(&head, NOW).and_then(|mut pending| {
        pending.update(b"{")?;
        pending.update(b"}")?;
        pending.finish(NOW)
    });
    let name = |verdict: &Result<Verified, Refusal>| verdict.as_ref().map(|_| ()).map_err(Refusal::reason);
    assert_eq!(name(&whole), name(&streamed));
    whole
}

fuzz_target!(|input: &[u8]| {
    let mut keyring = Keyring::new();
    keyring.add_secret("a1", "fuzz", SECRET).unwrap();
    let verifier = Verifier::new(Policy::standard(), keyring).unwrap();
    if let Err(refusal) = ask(&verifier, input) {
        assert!(!refusal.to_string().is_empty());
    }
    let header = Signer::new("a1", SECRET).unwrap().sign_claims(input);
    if let Ok(verified) = ask(&verifier, header.as_bytes()) {
        let claims: Value = serde_json::from_slice(input).expect("accepted claims are JSON");
        assert_eq!(claims["jti"], verified.jti());
        assert_eq!(claims["api_key"], verified.api_key());
        assert_eq!(claims["iss"], "Vonage");
        assert_eq!(claims["iat"], verified.issued_at());
        assert!((NOW - 300..=NOW + 60).contains(&verified.issued_at()));
        assert_eq!(verified.claims_json().as_bytes(), input);
    }
});
