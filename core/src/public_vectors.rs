//! Published vectors at the layers they speak of: the MAC, the JWS and the JSON reader. Their payloads are not our
//! claims, so they never reach the verifier as a whole.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::encoding::Base64Url;
use crate::hs256::Hs256Key;
use crate::json;
use crate::secret::Secret;
use crate::token::{Parts, UntrustedToken};

fn load(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/public").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn tests(file: &Value) -> &[Value] {
    let tests = file["tests"].as_array().unwrap();
    assert_eq!(Some(tests.len()), file["count"].as_u64().map(|count| usize::try_from(count).unwrap()));
    tests
}

fn hex(text: &Value) -> Vec<u8> {
    let text = text.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn decode(text: &str) -> Vec<u8> {
    let mut out = vec![0; Base64Url::room(text.as_bytes())];
    let len = Base64Url::new().decode(text.as_bytes(), &mut out).unwrap();
    out.truncate(len);
    out
}

/// Whether the layer of RFC 7515 accepts: shape, header, encoding and MAC.
fn jws_holds(token: &str, secret: &[u8]) -> bool {
    let Ok(parts) = Parts::split(token.as_bytes(), &Base64Url::new()) else { return false };
    let mut room = vec![0; Base64Url::room(parts.claims)];
    let canonical = Base64Url::new().decode(parts.claims, &mut room).is_some();
    let key = Hs256Key::new(&Secret::copied(secret).unwrap()).unwrap();
    canonical && key.authenticate(parts.signing_input, &parts.signature).is_some()
}

#[test]
fn wycheproof_jws() {
    let file = load("wycheproof_jws_hs256.json");
    let mut ran = 0;
    for test in tests(&file) {
        // One case has no key: it stands for a header that brings its own.
        let secret = test["key_b64url"].as_str().map_or_else(|| vec![0], decode);
        let holds = jws_holds(test["jws"].as_str().unwrap(), &secret);
        assert_eq!(Some(holds), test["strict_valid"].as_bool(), "{test}");
        ran += 1;
    }
    assert_eq!(ran, 41);
}

#[test]
fn rfc_jws_examples() {
    let file = load("rfc_jws_examples.json");
    for test in tests(&file) {
        let name = test["name"].as_str().unwrap();
        let secret = decode(test["key_b64url"].as_str().unwrap());
        // RFC 7797 4.2 asks for the b64 extension, and RFC 7519 6.1 is unsecured. The payload of RFC 7797 4.1 is no
        // object, which the next layer refuses.
        let ours = matches!(name, "RFC 7515 A.1" | "RFC 7797 4.1");
        let token = test["jws"].as_str().unwrap();
        assert_eq!(jws_holds(token, &secret), ours, "{name}");
        assert_eq!(UntrustedToken::read(token.as_bytes(), &Base64Url::new()).is_ok(), name == "RFC 7515 A.1", "{name}");
    }
}

fn mac_holds(test: &Value, tag: &str) -> bool {
    let key = Secret::copied(&hex(&test["key"])).and_then(|secret| Hs256Key::new(&secret));
    let tag: Result<[u8; 32], _> = hex(&test[tag]).try_into();
    // A truncated tag does not fit the type: HS256 has full tags only. An empty key cannot be represented.
    match (key, tag) {
        (Some(key), Ok(tag)) => key.authenticate(&hex(&test["msg"]), &tag).is_some(),
        _ => false,
    }
}

#[test]
fn wycheproof_hmac() {
    let file = load("wycheproof_hmac_sha256.json");
    let mut ran = 0;
    for test in tests(&file) {
        let full = test["tagSize"].as_u64() == Some(256);
        let valid = test["result"].as_str() == Some("valid") && full;
        assert_eq!(mac_holds(test, "tag"), valid, "{test}");
        ran += 1;
    }
    assert_eq!(ran, 174);
}

#[test]
fn rfc_4231() {
    let file = load("rfc4231_hmac_sha256.json");
    for test in tests(&file) {
        // Case 5 gives a tag cut to 128 bits, which no verifier of HS256 may take.
        let whole = test.get("tag128").is_none();
        let tag = if whole { "tag" } else { "tag128" };
        assert_eq!(mac_holds(test, tag), whole, "{test}");
    }
}

/// The text of a case: base64, or parts of which some are repeated.
fn contents(test: &Value) -> Vec<u8> {
    if let Some(text) = test["b64"].as_str() {
        return STANDARD.decode(text).unwrap();
    }
    let parts = test["parts"].as_array().unwrap().iter().map(|part| match part.as_str() {
        Some(text) => text.to_owned(),
        None => {
            let count = part["count"].as_u64().unwrap();
            part["repeat"].as_str().unwrap().repeat(usize::try_from(count).unwrap())
        }
    });
    parts.collect::<String>().into_bytes()
}

/// Our rules refuse more than RFC 8259 does; where they do, the text must be one that a rule names.
#[test]
fn json_test_suite() {
    let file = load("json_test_suite.json");
    let (mut taken, mut refused) = (0, 0);
    for test in tests(&file) {
        let bytes = contents(test);
        let name = test["name"].as_str().unwrap();
        // The reader takes objects; every other text is put into one.
        let wrapped = [b"{\"x\":", bytes.as_slice(), b"}"].concat();
        let accepts = |text: &[u8]| {
            let mut buffer = text.to_vec();
            buffer.resize(text.len() * 2, 0);
            json::read(&mut buffer, text.len(), &[]).is_ok()
        };
        let (bare, inside) = (accepts(&bytes), accepts(&wrapped));
        match test["expect"].as_str().unwrap() {
            "accept" => {
                // Duplicate names are legal JSON and refused here on purpose.
                let ours = name.contains("duplicated_key");
                assert_eq!(inside, !ours, "{name}");
                assert_eq!(bare, inside && test["top_level_object"].as_bool() == Some(true), "{name}");
                taken += 1;
            }
            "reject" => {
                assert!(!bare, "{name}");
                refused += 1;
            }
            _ => {}
        }
    }
    assert_eq!((taken, refused), (95, 188));
}
