//! The source-address hint: in every result, and of no weight.
#![cfg(feature = "networks")]
#![allow(missing_docs)]

use std::net::IpAddr;

use hookproof::sign::Signer;
use hookproof::{Keyring, Networks, Policy, Request, RequestHead, SourceHint, Verifier};

const NOW: i64 = 1_767_225_600;

fn verifier(networks: Option<Networks>) -> Verifier {
    let mut keyring = Keyring::new();
    keyring.add_secret("a1", "production", b"secret").unwrap();
    let mut policy = Policy::standard();
    if let Some(networks) = networks {
        policy.set_networks(networks);
    }
    Verifier::new(policy, keyring).unwrap()
}

#[test]
fn the_hint_is_in_every_result_and_refuses_nothing() {
    let header = Signer::new("a1", b"secret").unwrap().sign_body(b"{}", NOW, "j");
    for (networks, address, hint) in [
        (None, Some("169.63.86.164"), SourceHint::NotChecked),
        (Some(Networks::published()), None, SourceHint::NotChecked),
        (Some(Networks::published()), Some("169.63.86.164"), SourceHint::Published),
        (Some(Networks::published()), Some("::ffff:169.63.86.164"), SourceHint::Published),
        (Some(Networks::published()), Some("192.0.2.1"), SourceHint::Elsewhere),
    ] {
        let verifier = verifier(networks);
        let head = RequestHead::new(b"POST").header(header.as_bytes(), 1);
        let head = address.map_or(head, |address: &str| head.source(address.parse::<IpAddr>().unwrap()));
        assert_eq!(verifier.verify(&Request::new(head, b"{}"), NOW).unwrap().source_hint(), hint);
        let refusal = verifier.verify(&Request::new(head, b"[]"), NOW).unwrap_err();
        assert_eq!(refusal.source_hint(), hint);
        assert_eq!(refusal.to_string().contains(hint.name()), hint != SourceHint::NotChecked, "{refusal}");
        let mut pending = verifier.begin(&head, NOW).unwrap();
        pending.update(b"{}").unwrap();
        assert_eq!(pending.finish(NOW).unwrap().source_hint(), hint);
        let unsigned = head.header(b"", 0);
        assert_eq!(verifier.begin(&unsigned, NOW).unwrap_err().source_hint(), hint);
    }
}
