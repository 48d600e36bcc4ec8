//! The query of a GET. Whatever is accepted has one reading: that of the URL standard, by another library, whose JSON
//! text, by a third, has the hash that was signed.
#![no_main]

use hookproof::{Keyring, Policy, Reason, Request, RequestHead, Verifier, sign::Signer};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use sha2::{Digest, Sha256};

const SECRET: &[u8] = b"the signature secret of the dashboard";
const NOW: i64 = 1_767_225_600;

fuzz_target!(|query: &[u8]| {
    let mut keyring = Keyring::new();
    keyring.add_secret("a1", "fuzz", SECRET).unwrap();
    let verifier = Verifier::new(Policy::standard(), keyring).unwrap();
    let signer = Signer::new("a1", SECRET).unwrap();

    let pairs: Vec<(String, String)> = form_urlencoded::parse(query).into_owned().collect();
    let text = |text: &str| Value::from(text).to_string();
    let members: Vec<String> = pairs.iter().map(|(name, value)| format!("{}:{}", text(name), text(value))).collect();
    let hash: String =
        Sha256::digest(format!("{{{}}}", members.join(","))).iter().map(|byte| format!("{byte:02x}")).collect();
    let claims = format!(r#"{{"iat":{NOW},"jti":"j","iss":"Vonage","payload_hash":"{hash}","api_key":"a1"}}"#);
    let header = signer.sign_claims(claims.as_bytes());
    let head = RequestHead::new(b"GET").header(header.as_bytes(), 1).query(query);

    let verdict = verifier.verify(&Request::new(head, b""), NOW);
    let signed = std::str::from_utf8(query).map(|query| signer.sign_query(query, NOW, "j"));
    match verdict {
        Ok(verified) => {
            assert!(
                verified.query_pairs().iter().eq(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
            );
            let mut names: Vec<_> = pairs.iter().map(|(name, _)| name).collect();
            names.sort_unstable();
            assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
            if let Ok(signed) = signed {
                let head = head.header(signed.as_ref().unwrap().as_bytes(), 1);
                assert!(verifier.verify(&Request::new(head, b""), NOW).is_ok());
            }
        }
        Err(refusal) => {
            assert_eq!(refusal.reason(), Reason::PayloadMismatch);
            assert!(signed.is_err() || signed.is_ok_and(|signed| signed.is_err()));
        }
    }
});
