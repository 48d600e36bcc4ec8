//! Explanations of any request: they end, agree with the verifier, and say no byte of a secret.
//!
//! The first byte says how the rest is used: what stands before two zero bytes is signed, what stands behind them arrives.
#![no_main]

use hookproof::explain::{Outcome, explain};
use hookproof::sign::{Signer, SmsCarrier};
use hookproof::{Keyring, Policy, Request, RequestHead, SmsMethod, Verifier};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const NOW: i64 = 1_767_225_600;
const SECRET: &str = "a-signature-secret-that-is-never-said";
const PROFILES: [&str; 4] = ["standard", "video", "cloud_runtime", "sms_sha256"];

fuzz_target!(|input: &[u8]| {
    let Some((how, rest)) = input.split_first() else { return };
    let (is_get, is_raw, moves_header) = (how & 1 != 0, how & 2 != 0, how & 4 != 0);
    let profile = PROFILES[usize::from(how >> 3 & 3)];
    let spoilt_secret = how & 0x20 != 0;
    let at = rest.windows(2).position(|pair| pair == [0, 0]);
    let (signed, arrived) = at.map_or((rest, rest), |at| (&rest[..at], &rest[at + 2..]));

    let mut keyring = Keyring::new();
    let secret = if spoilt_secret { format!("\"{SECRET}\"\n") } else { SECRET.to_owned() };
    keyring.add_secret("a1b2c3d4", "production", secret.as_bytes()).unwrap();
    let verifier = Verifier::new(Policy::for_profile(profile).unwrap(), keyring).unwrap();

    let signer = Signer::new("a1b2c3d4", SECRET.as_bytes()).unwrap();
    let text = String::from_utf8_lossy(signed);
    let (header, payload) = if is_raw {
        (signed.to_vec(), arrived.to_vec())
    } else if profile == "sms_sha256" {
        let webhook = signer.sign_sms(SmsMethod::Sha256, SmsCarrier::Form, &text, NOW, "n");
        let Ok(webhook) = webhook else { return };
        (Vec::new(), [webhook.as_bytes(), arrived].concat())
    } else if is_get {
        let Ok(header) = signer.sign_query(&text, NOW, "j") else { return };
        (header.into_bytes(), arrived.to_vec())
    } else {
        (signer.sign_body(signed, NOW, "j").into_bytes(), arrived.to_vec())
    };

    let (query, body) = if is_get { (&payload[..], &[][..]) } else { (&[][..], &payload[..]) };
    let fields = [(&b"X-Other"[..], &header[..]), (&b"Content-Length"[..], &b"7"[..])];
    let head = RequestHead::new(if is_get { b"GET" } else { b"POST" }).query(query).route(b"a1b2c3d4");
    let head = if moves_header || header.is_empty() { head } else { head.header(&header, 1) };
    let request = Request::new(head, body);

    let explanation = explain(&verifier, &request, &fields, NOW);
    let refusal = verifier.verify(&request, NOW).err();
    assert_eq!(explanation.refusal().map(|refusal| refusal.reason()), refusal.map(|refusal| refusal.reason()));
    let failed = explanation.checks().iter().filter(|check| check.outcome() == Outcome::Failed).count();
    assert_eq!(failed, usize::from(explanation.refusal().is_some()));
    if explanation.refusal().is_none() {
        assert!(explanation.mistakes().is_empty());
    }
    let json = explanation.to_json();
    assert!(serde_json::from_str::<Value>(&json).is_ok_and(|json| json["checks"].is_array()));
    assert!(!json.contains(SECRET) || signed.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()));
});
