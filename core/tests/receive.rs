//! `receive` and `verify_once` from outside: what a claim does, what a store's answer becomes, and what burns nothing.
#![cfg(not(loom))]
#![allow(missing_docs)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hookproof::replay::{ClaimAnswer, ClaimRequest, Effect, Hold, MemoryStore, Store, StoreFailure, Ticket};
use hookproof::sign::Signer;
use hookproof::{Duplicates, Keyring, Policy, Reason, Received, Refusal, ReplayCheck, Request, RequestHead, Verifier};

const NOW: i64 = 1_767_225_600;
const SECRET: &[u8] = b"a signature secret of forty bytes length";
const BODY: &[u8] = br#"{"text":"hello"}"#;

fn keyring(secret: &[u8]) -> Keyring {
    let mut keyring = Keyring::new();
    keyring.add_secret("a1b2c3d4", "production", secret).unwrap();
    keyring
}

fn verifier() -> Verifier {
    Verifier::new(Policy::standard(), keyring(SECRET)).unwrap()
}

fn token(jti: &str, iat: i64) -> String {
    Signer::new("a1b2c3d4", SECRET).unwrap().sign_body(BODY, iat, jti)
}

fn receive<S: Store>(verifier: &Verifier, header: &str, store: S, now: i64) -> Result<Received<S>, Refusal> {
    verifier.receive(&Request::post(header.as_bytes(), BODY), store, Duplicates::Refuse, now)
}

fn reason<T>(result: Result<T, Refusal>) -> Option<Reason> {
    result.err().map(|refusal| refusal.reason())
}

#[test]
fn done_is_a_duplicate_whose_answer_is_200() {
    let (verifier, store, header) = (verifier(), MemoryStore::new(10).unwrap(), token("a", NOW));
    let mut received = receive(&verifier, &header, &store, NOW).unwrap();
    assert_eq!(received.verified().replay(), &ReplayCheck::Claimed);
    assert_eq!(reason(receive(&verifier, &header, &store, NOW + 1)), Some(Reason::ReplayInProgress));
    assert_eq!(received.confirm(NOW + 2), Ok(Effect::Done));
    assert_eq!(received.confirm(NOW + 3), Ok(Effect::Done));
    assert_eq!(received.release(NOW + 3), Ok(Effect::NoEffect));
    let refusal = receive(&verifier, &header, &store, NOW + 4).unwrap_err();
    assert_eq!(refusal.reason(), Reason::ReplayDuplicate);
    assert_eq!((refusal.http_status(), refusal.advice().sender_retries), (200, false));
    assert_eq!((refusal.key_label(), refusal.age_seconds()), (Some("production"), Some(4)));
}

#[test]
fn a_released_request_is_worked_on_again() {
    let (verifier, store, header) = (verifier(), MemoryStore::new(10).unwrap(), token("a", NOW));
    let mut first = receive(&verifier, &header, &store, NOW).unwrap();
    assert_eq!(first.release(NOW + 1), Ok(Effect::Done));
    assert_eq!(first.confirm(NOW + 1), Ok(Effect::NoEffect));
    let mut second = receive(&verifier, &header, &store, NOW + 5).unwrap();
    assert_eq!(first.release(NOW + 5), Ok(Effect::NoEffect));
    assert_eq!(reason(receive(&verifier, &header, &store, NOW + 6)), Some(Reason::ReplayInProgress));
    assert_eq!(second.confirm(NOW + 6), Ok(Effect::Done));
}

#[test]
fn run_confirms_what_went_well_and_releases_the_rest() {
    let (verifier, store, header) = (verifier(), MemoryStore::new(10).unwrap(), token("a", NOW));
    let (outcome, effect) = receive(&verifier, &header, &store, NOW).unwrap().run(|| NOW + 1, |_| Err::<(), _>("no"));
    assert_eq!((outcome, effect), (Err("no"), Ok(Effect::Done)));
    let work = |verified: &hookproof::Verified| Ok::<_, ()>(verified.jti().to_owned());
    let (outcome, effect) = receive(&verifier, &header, &store, NOW + 5).unwrap().run(|| NOW + 6, work);
    assert_eq!((outcome.as_deref(), effect), (Ok("a"), Ok(Effect::Done)));
    assert_eq!(reason(receive(&verifier, &header, &store, NOW + 7)), Some(Reason::ReplayDuplicate));
}

#[test]
fn a_dropped_claim_ends_with_its_lease() {
    let mut policy = Policy::standard();
    policy.set_lease(10).unwrap();
    assert!(policy.set_lease(0).is_err() && policy.set_lease(3601).is_err());
    let verifier = Verifier::new(policy, keyring(SECRET)).unwrap();
    let (store, header) = (MemoryStore::new(10).unwrap(), token("a", NOW));
    let mut late = receive(&verifier, &header, &store, NOW).unwrap();
    assert_eq!(reason(receive(&verifier, &header, &store, NOW + 9)), Some(Reason::ReplayInProgress));
    let mut next = receive(&verifier, &header, &store, NOW + 10).unwrap();
    assert_eq!(late.confirm(NOW + 11), Ok(Effect::NoEffect));
    assert_eq!(next.release(NOW + 11), Ok(Effect::Done));
    assert_eq!(late.release(NOW + 11), Ok(Effect::NoEffect));
    assert!(receive(&verifier, &header, &store, NOW + 12).is_ok());
}

#[test]
fn verify_once_records_at_once() {
    let (verifier, store, header) = (verifier(), MemoryStore::new(10).unwrap(), token("a", NOW));
    let once = |duplicates| verifier.verify_once(&Request::post(header.as_bytes(), BODY), &store, duplicates, NOW);
    assert_eq!(once(Duplicates::Refuse).unwrap().replay(), &ReplayCheck::Recorded);
    assert_eq!(reason(once(Duplicates::Refuse)), Some(Reason::ReplayDuplicate));
    assert_eq!(once(Duplicates::HandOn).unwrap().replay(), &ReplayCheck::Duplicate);
}

#[test]
fn a_duplicate_is_handed_on_where_the_answer_has_content() {
    let (verifier, store, header) = (verifier(), MemoryStore::new(10).unwrap(), token("a", NOW));
    let request = Request::post(header.as_bytes(), BODY);
    let mut first = verifier.receive(&request, &store, Duplicates::HandOn, NOW).unwrap();
    assert_eq!(reason(verifier.receive(&request, &store, Duplicates::HandOn, NOW)), Some(Reason::ReplayInProgress));
    first.confirm(NOW).unwrap();
    let mut again = verifier.receive(&request, &store, Duplicates::HandOn, NOW + 1).unwrap();
    assert_eq!(again.verified().replay(), &ReplayCheck::Duplicate);
    assert_eq!((again.release(NOW), again.confirm(NOW)), (Ok(Effect::NoEffect), Ok(Effect::NoEffect)));
    assert_eq!(reason(receive(&verifier, &header, &store, NOW + 2)), Some(Reason::ReplayDuplicate));
}

/// Counts what reaches it, and answers as it was told.
struct Scripted {
    answer: ClaimAnswer,
    claims: AtomicUsize,
}

impl Store for Scripted {
    fn claim(&self, _: &ClaimRequest<'_>) -> ClaimAnswer {
        self.claims.fetch_add(1, Ordering::Relaxed);
        self.answer.clone()
    }

    fn confirm(&self, _: &Ticket, _: i64) -> Result<Effect, StoreFailure> {
        Err(StoreFailure::new("gone"))
    }

    fn release(&self, _: &Ticket, _: i64) -> Result<Effect, StoreFailure> {
        Err(StoreFailure::new("gone"))
    }

    fn extent(&self) -> String {
        "nothing".to_owned()
    }
}

fn scripted(answer: ClaimAnswer) -> Scripted {
    Scripted { answer, claims: AtomicUsize::new(0) }
}

#[test]
fn every_answer_of_a_store_has_its_reason() {
    let header = token("a", NOW);
    let down = || StoreFailure::new("connection refused");
    for (answer, expected, status) in [
        (ClaimAnswer::Duplicate, Reason::ReplayDuplicate, 200),
        (ClaimAnswer::InProgress, Reason::ReplayInProgress, 503),
        (ClaimAnswer::Stale, Reason::TimeStale, 503),
        (ClaimAnswer::ColdStart, Reason::ReplayStoreUnavailable, 503),
        (ClaimAnswer::Full, Reason::ReplayStoreFull, 503),
        (ClaimAnswer::Unavailable(down()), Reason::ReplayStoreUnavailable, 503),
    ] {
        let refusal = receive(&verifier(), &header, &scripted(answer), NOW).unwrap_err();
        assert_eq!((refusal.reason(), refusal.http_status()), (expected, status));
        assert_eq!(refusal.store_failure().is_some(), expected == Reason::ReplayStoreUnavailable);
    }
    let refusal = receive(&verifier(), &header, &scripted(ClaimAnswer::Unavailable(down())), NOW).unwrap_err();
    assert!(refusal.to_string().contains("replay store: connection refused"), "{refusal}");
}

#[test]
fn a_store_that_fails_is_accepted_only_where_the_policy_spells_it_out() {
    let mut policy = Policy::standard();
    policy.dangerously_accept_and_flag_store_failures();
    let verifier = Verifier::new(policy, keyring(SECRET)).unwrap();
    let header = token("a", NOW);
    let failure = StoreFailure::new("down");
    let store = scripted(ClaimAnswer::Unavailable(failure.clone()));
    let mut received = receive(&verifier, &header, &store, NOW).unwrap();
    assert_eq!(received.verified().replay(), &ReplayCheck::Unavailable(failure));
    assert_eq!(received.confirm(NOW), Ok(Effect::NoEffect));
    for answer in [ClaimAnswer::Full, ClaimAnswer::ColdStart, ClaimAnswer::Stale, ClaimAnswer::Duplicate] {
        assert!(receive(&verifier, &header, &scripted(answer), NOW).is_err());
    }
}

#[test]
fn a_confirm_that_fails_leaves_the_claim_open() {
    let ticket = Ticket { key: [1; 16], owner: [2; 16], keep_until: NOW };
    let store = scripted(ClaimAnswer::Claimed(ticket));
    let (_, mut claim) = receive(&verifier(), &token("a", NOW), &store, NOW).unwrap().into_parts();
    assert_eq!(claim.confirm(NOW).unwrap_err().detail(), "gone");
    assert!(claim.is_open() && claim.release(NOW).is_err() && claim.is_open());
}

#[test]
fn a_refused_request_never_reaches_the_store() {
    let (verifier, store, header) = (verifier(), scripted(ClaimAnswer::Full), token("a", NOW));
    let forged = Signer::new("a1b2c3d4", b"another secret").unwrap().sign_body(BODY, NOW, "a");
    for (header, body, now) in [
        (header.as_str(), &b"{}"[..], NOW),
        (&header, BODY, NOW + 301),
        (&header, BODY, NOW - 61),
        (&forged, BODY, NOW),
        ("Bearer x", BODY, NOW),
    ] {
        let request = Request::post(header.as_bytes(), body);
        assert!(verifier.receive(&request, &store, Duplicates::Refuse, now).is_err());
        assert!(verifier.verify_once(&request, &store, Duplicates::Refuse, now).is_err());
    }
    assert_eq!(store.claims.load(Ordering::Relaxed), 0);
}

#[test]
fn the_age_is_judged_again_at_the_claim() {
    let (verifier, store, header) = (verifier(), MemoryStore::new(10).unwrap(), token("a", NOW));
    let verified = verifier.verify(&Request::post(header.as_bytes(), BODY), NOW + 300).unwrap();
    assert_eq!(verified.replay(), &ReplayCheck::NotChecked);
    let refusal = verified.claim(&store, Duplicates::Refuse, NOW + 301).unwrap_err();
    assert_eq!((refusal.reason(), refusal.age_seconds()), (Reason::TimeStale, Some(301)));

    let head = RequestHead::new(b"POST").header(header.as_bytes(), 1);
    let mut pending = verifier.begin(&head, NOW).unwrap();
    pending.update(BODY).unwrap();
    assert_eq!(reason(pending.receive(&store, Duplicates::Refuse, NOW + 301)), Some(Reason::TimeStale));
    assert_eq!(store.held(), 0);
}

#[test]
fn an_identity_is_kept_by_its_iat() {
    let verifier = verifier();
    for iat in [NOW, NOW + 60, NOW - 300] {
        let verified = verifier.verify(&Request::post(token("a", iat).as_bytes(), BODY), NOW).unwrap();
        let request = verified.claim_request(verified.lease(), NOW).unwrap();
        assert_eq!((request.issued_at, request.keep_until), (iat, iat + 300 + 60 + 60));
        assert_eq!((request.hold, request.window()), (Hold::Lease(30), 420));
        assert_eq!(request.keep_seconds(), u64::try_from(iat + 420 - NOW).unwrap());
        assert_eq!((request.identity.selector.text(), request.identity.jti), ("a1b2c3d4", "a"));
    }
}

#[test]
fn a_store_outlives_a_rotation_and_serves_several_verifiers() {
    let store = Arc::new(MemoryStore::new(10).unwrap());
    let old = verifier();
    let new = Verifier::new(Policy::standard(), keyring(b"the secret after the rotation")).unwrap();
    receive(&old, &token("a", NOW), Arc::clone(&store), NOW).unwrap().confirm(NOW).unwrap();
    let resigned = Signer::new("a1b2c3d4", b"the secret after the rotation").unwrap().sign_body(BODY, NOW + 5, "a");
    assert_eq!(reason(receive(&new, &resigned, &store, NOW + 5)), Some(Reason::ReplayDuplicate));
    old.replace_keyring(keyring(b"the secret after the rotation")).unwrap();
    assert_eq!(reason(receive(&old, &resigned, &store, NOW + 5)), Some(Reason::ReplayDuplicate));
}

#[test]
fn a_memory_store_is_exact_and_refuses_when_full() {
    for capacity in [1, 2, 1_000, 20_000] {
        let (verifier, store) = (verifier(), MemoryStore::new(capacity).unwrap());
        for number in 0..capacity {
            receive(&verifier, &token(&format!("j-{number}"), NOW), &store, NOW).unwrap().confirm(NOW).unwrap();
        }
        assert_eq!((store.held(), store.capacity()), (capacity, capacity));
        let one_more = token("one more", NOW);
        assert_eq!(reason(receive(&verifier, &one_more, &store, NOW)), Some(Reason::ReplayStoreFull));
        assert_eq!(reason(receive(&verifier, &token("j-0", NOW), &store, NOW)), Some(Reason::ReplayDuplicate));
        // Past the time of all others there is room; what was forgotten is stale even if the clock goes back.
        let later = NOW + 421;
        assert!(receive(&verifier, &token("late", later), &store, later).is_ok());
        let replay = token("j-0", NOW);
        let forgotten = reason(receive(&verifier, &replay, &store, NOW));
        assert!(matches!(forgotten, Some(Reason::TimeStale | Reason::ReplayDuplicate)), "{forgotten:?}");
        assert!(store.held() <= capacity);
    }
    for capacity in [0, hookproof::limits::MOST_STORE_CAPACITY + 1, usize::MAX] {
        assert_eq!(MemoryStore::new(capacity).unwrap_err().place(), "capacity");
    }
}

#[test]
fn a_cold_start_can_refuse_what_was_issued_before_it() {
    let (verifier, store) = (verifier(), MemoryStore::new(10).unwrap().refuse_issued_until(NOW));
    let refusal = receive(&verifier, &token("a", NOW), &store, NOW + 1).unwrap_err();
    assert_eq!((refusal.reason(), refusal.http_status()), (Reason::ReplayStoreUnavailable, 503));
    assert!(refusal.to_string().contains("before the store began"), "{refusal}");
    assert!(receive(&verifier, &token("b", NOW + 1), &store, NOW + 1).is_ok());
}

#[test]
fn of_many_threads_with_one_token_one_is_accepted() {
    let (verifier, store, header) = (verifier(), MemoryStore::new(100_000).unwrap(), token("a", NOW));
    let accepted = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                if receive(&verifier, &header, &store, NOW).is_ok() {
                    accepted.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(accepted.load(Ordering::Relaxed), 1);
}
