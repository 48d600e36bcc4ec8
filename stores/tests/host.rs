//! The store that the host asks itself: what it is asked, and what becomes of each answer.
#![allow(missing_docs)]

use std::collections::HashSet;

use hookproof::sign::Signer;
use hookproof::{Duplicates, Keyring, Policy, Reason, Refusal, ReplayCheck, Request, Verified, Verifier};
use hookproof_stores::{HostAnswer, HostStore, Question};

const NOW: i64 = 1_767_225_600;
const SECRET: &[u8] = b"a signature secret of forty bytes length";
const BODY: &[u8] = br#"{"text":"hello"}"#;

fn verified(policy: Policy, jti: &str) -> Verified {
    let mut keyring = Keyring::new();
    keyring.add_secret("a1b2c3d4", "production", SECRET).unwrap();
    let header = Signer::new("a1b2c3d4", SECRET).unwrap().sign_body(BODY, NOW, jti);
    Verifier::new(policy, keyring).unwrap().verify(&Request::post(header.as_bytes(), BODY), NOW + 10).unwrap()
}

fn leased(policy: Policy, jti: &str, duplicates: Duplicates) -> Question {
    let verified = verified(policy, jti);
    let lease = verified.lease();
    HostStore::new("shop").unwrap().ask(verified, lease, duplicates, NOW + 10).unwrap()
}

fn once(policy: Policy, jti: &str, duplicates: Duplicates) -> Question {
    let hold = hookproof::replay::Hold::Once;
    HostStore::new("shop").unwrap().ask(verified(policy, jti), hold, duplicates, NOW + 10).unwrap()
}

fn refusal(outcome: Result<Verified, Refusal>) -> (Reason, u16) {
    let refusal = outcome.unwrap_err();
    (refusal.reason(), refusal.http_status())
}

/// Computed outside, by what the documentation says:
/// `python3 -c "import hashlib,struct; print(hashlib.sha256(b''.join(struct.pack('>I',len(p))+p for p in [b'hookproof/1',
/// b'shop', b'api_key', b'a1b2c3d4', b'jti-1'])).hexdigest()[:32])"`
#[test]
fn the_question_is_what_every_other_door_would_ask() {
    let mut policy = Policy::standard();
    policy.set_lease(45).unwrap();
    policy.set_max_age(600).unwrap();
    policy.set_leeway(30).unwrap();
    let question = leased(policy, "jti-1", Duplicates::Refuse);
    assert_eq!(question.identity(), "147409519628047e2a9e80d69d0e3b48");
    assert_eq!(question.lease_seconds(), Some(45));
    assert_eq!(question.keep_until(), NOW + 600 + 30 + 60);
    assert_eq!(question.keep_seconds(), 600 + 30 + 60 - 10);
    assert_eq!((question.key_label(), question.keyring_generation()), ("production", 1));
    assert_eq!(once(Policy::standard(), "jti-1", Duplicates::Refuse).lease_seconds(), None);
}

#[test]
fn identities_follow_namespace_and_jti_and_owners_never_repeat() {
    let ask = |namespace: &str, jti: &str| {
        let verified = verified(Policy::standard(), jti);
        let lease = verified.lease();
        HostStore::new(namespace).unwrap().ask(verified, lease, Duplicates::Refuse, NOW).unwrap()
    };
    let questions = [ask("shop", "a"), ask("shop", "a"), ask("shop", "b"), ask("store", "a")];
    let identities: HashSet<String> = questions.iter().map(Question::identity).collect();
    let owners: HashSet<String> = questions.iter().map(Question::owner).collect();
    assert_eq!((identities.len(), owners.len()), (3, 4));
    for text in identities.iter().chain(&owners) {
        assert!(text.len() == 32 && text.bytes().all(|digit| b"0123456789abcdef".contains(&digit)), "{text}");
    }
    assert_eq!(HostStore::new("a:b").unwrap_err().place(), "namespace");
    assert!(HostStore::new("shop").unwrap().extent().contains("shop"));
}

#[test]
fn each_answer_has_its_verdict() {
    let answer = |answer| leased(Policy::standard(), "a", Duplicates::Refuse).answer(answer, NOW + 10);
    let verified = answer(HostAnswer::Claimed).unwrap();
    assert_eq!((verified.jti(), verified.replay()), ("a", &ReplayCheck::Claimed));
    assert_eq!(refusal(answer(HostAnswer::InProgress)), (Reason::ReplayInProgress, 503));
    assert_eq!(refusal(answer(HostAnswer::Duplicate)), (Reason::ReplayDuplicate, 200));
    assert_eq!(refusal(answer(HostAnswer::Unavailable)), (Reason::ReplayStoreUnavailable, 503));
    assert_eq!(refusal(answer(HostAnswer::Full)), (Reason::ReplayStoreFull, 503));
    let failed = answer(HostAnswer::Unavailable).unwrap_err();
    assert_eq!((failed.key_label(), failed.age_seconds()), (Some("production"), Some(10)));
}

#[test]
fn once_is_recorded_and_not_claimed() {
    let answer = |answer| once(Policy::standard(), "a", Duplicates::Refuse).answer(answer, NOW + 10);
    assert_eq!(answer(HostAnswer::Claimed).unwrap().replay(), &ReplayCheck::Recorded);
    assert_eq!(refusal(answer(HostAnswer::InProgress)), (Reason::ReplayInProgress, 503));
    assert_eq!(refusal(answer(HostAnswer::Duplicate)), (Reason::ReplayDuplicate, 200));
    assert_eq!(refusal(answer(HostAnswer::Unavailable)), (Reason::ReplayStoreUnavailable, 503));
    assert_eq!(refusal(answer(HostAnswer::Full)), (Reason::ReplayStoreFull, 503));
}

#[test]
fn only_what_is_done_is_handed_on() {
    for ask in [leased, once] {
        let answer = |answer| ask(Policy::standard(), "a", Duplicates::HandOn).answer(answer, NOW + 10);
        assert_eq!(answer(HostAnswer::Duplicate).unwrap().replay(), &ReplayCheck::Duplicate);
        assert_eq!(refusal(answer(HostAnswer::InProgress)), (Reason::ReplayInProgress, 503));
        assert_eq!(refusal(answer(HostAnswer::Full)), (Reason::ReplayStoreFull, 503));
    }
}

#[test]
fn a_store_that_failed_is_flagged_only_where_the_policy_says_so() {
    let mut policy = Policy::standard();
    policy.dangerously_accept_and_flag_store_failures();
    let answer = |answer| leased(policy.clone(), "a", Duplicates::Refuse).answer(answer, NOW + 10);
    let verified = answer(HostAnswer::Unavailable).unwrap();
    let ReplayCheck::Unavailable(failure) = verified.replay() else { panic!("{:?}", verified.replay()) };
    assert_eq!(failure.detail(), "the host's store did not answer");
    assert_eq!(refusal(answer(HostAnswer::Full)), (Reason::ReplayStoreFull, 503));
    assert_eq!(refusal(answer(HostAnswer::Duplicate)), (Reason::ReplayDuplicate, 200));
}

#[test]
fn what_turned_stale_is_not_asked_about() {
    let verified = verified(Policy::standard(), "a");
    let lease = verified.lease();
    let store = HostStore::new("shop").unwrap();
    let refusal = store.ask(verified, lease, Duplicates::Refuse, NOW + 301).unwrap_err();
    assert_eq!((refusal.reason(), refusal.age_seconds()), (Reason::TimeStale, Some(301)));
    // Nor is it accepted if it turned stale while the host asked.
    let late = leased(Policy::standard(), "a", Duplicates::Refuse).answer(HostAnswer::Claimed, NOW + 301).unwrap_err();
    assert_eq!((late.reason(), late.age_seconds()), (Reason::TimeStale, Some(301)));
}

#[test]
fn a_question_does_not_print_its_owner() {
    let question = leased(Policy::standard(), "a", Duplicates::Refuse);
    let printed = format!("{question:?}");
    assert!(!printed.contains(&question.owner()) && !printed.contains(&question.identity()), "{printed}");
}
