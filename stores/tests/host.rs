//! The host's store: what it is asked, and what its answers become.
#![allow(missing_docs)]

use std::collections::HashSet;

use hookproof::replay::Hold;
use hookproof::sign::Signer;
use hookproof::{Duplicates, Keyring, Policy, Reason, ReplayCheck, Request, Verified, Verifier};
use hookproof_stores::{HostAnswer, HostStore, Question};

const NOW: i64 = 1_767_225_600;
const SECRET: &[u8] = b"a signature secret of forty bytes length";

fn verified() -> Verified {
    let mut keyring = Keyring::new();
    keyring.add_secret("a1b2c3d4", "production", SECRET).unwrap();
    let verifier = Verifier::new(Policy::standard(), keyring).unwrap();
    let header = Signer::new("a1b2c3d4", SECRET).unwrap().sign_body(b"{}", NOW, "jti-1");
    verifier.verify(&Request::post(header.as_bytes(), b"{}"), NOW).unwrap()
}

fn ask(hold: Hold, duplicates: Duplicates) -> Question {
    HostStore::new("shop").unwrap().ask(verified(), hold, duplicates, NOW).unwrap()
}

#[test]
fn the_question_has_what_one_statement_needs() {
    let question = ask(Hold::Lease(30), Duplicates::Refuse);
    // printf '\0\0\0\013hookproof/1\0\0\0\004shop\0\0\0\007api_key\0\0\0\010a1b2c3d4\0\0\0\005jti-1' | sha256sum
    assert_eq!(question.identity(), "147409519628047e2a9e80d69d0e3b48");
    assert_eq!((question.lease_seconds(), question.keep_seconds()), (Some(30), 420));
    assert_eq!((question.keep_until(), question.key_label()), (NOW + 420, "production"));
    assert_eq!(ask(Hold::Once, Duplicates::Refuse).lease_seconds(), None);
    let owners: HashSet<String> = (0..100).map(|_| ask(Hold::Lease(30), Duplicates::Refuse).owner()).collect();
    assert!(owners.len() == 100 && owners.iter().all(|owner| owner.len() == 32));
    assert_eq!(HostStore::new("").unwrap_err().place(), "namespace");
}

#[test]
fn each_answer_has_its_verdict() {
    for (answer, reason, status) in [
        (HostAnswer::InProgress, Reason::ReplayInProgress, 503),
        (HostAnswer::Duplicate, Reason::ReplayDuplicate, 200),
        (HostAnswer::Unavailable, Reason::ReplayStoreUnavailable, 503),
        (HostAnswer::Full, Reason::ReplayStoreFull, 503),
    ] {
        let refusal = ask(Hold::Lease(30), Duplicates::Refuse).answer(answer, NOW).unwrap_err();
        assert_eq!((refusal.reason(), refusal.http_status()), (reason, status));
    }
    let answered = |hold, duplicates, answer| ask(hold, duplicates).answer(answer, NOW).unwrap().replay().clone();
    assert_eq!(answered(Hold::Lease(30), Duplicates::Refuse, HostAnswer::Claimed), ReplayCheck::Claimed);
    assert_eq!(answered(Hold::Once, Duplicates::Refuse, HostAnswer::Claimed), ReplayCheck::Recorded);
    assert_eq!(answered(Hold::Once, Duplicates::HandOn, HostAnswer::Duplicate), ReplayCheck::Duplicate);
}

#[test]
fn a_claim_that_took_too_long_is_stale() {
    let refusal = ask(Hold::Lease(30), Duplicates::Refuse).answer(HostAnswer::Claimed, NOW + 301).unwrap_err();
    assert_eq!(refusal.reason(), Reason::TimeStale);
    let refusal = HostStore::new("shop").unwrap().ask(verified(), Hold::Once, Duplicates::Refuse, NOW + 301);
    assert_eq!(refusal.unwrap_err().reason(), Reason::TimeStale);
}
