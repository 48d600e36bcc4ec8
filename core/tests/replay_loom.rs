//! The memory store under a model checker that runs every order of its locks and counters:
//!
//! ```text
//! RUSTFLAGS="--cfg loom" cargo test --release -p hookproof --test replay_loom
//! ```
#![cfg(loom)]
#![allow(missing_docs)]

use hookproof::replay::{ClaimAnswer, ClaimRequest, Effect, Hold, Identity, MemoryStore, Selector, Store, Ticket};
use loom::sync::Arc;
use loom::thread;

const NOW: i64 = 1_767_225_600;

fn request(jti: &str, now: i64) -> ClaimRequest<'_> {
    ClaimRequest {
        identity: Identity { selector: Selector::ApiKey("a1b2c3d4"), jti },
        issued_at: NOW,
        now,
        keep_until: NOW + 420,
        hold: Hold::Lease(30),
    }
}

fn claim(store: &MemoryStore, jti: &str, now: i64) -> Option<Ticket> {
    match store.claim(&request(jti, now)) {
        ClaimAnswer::Claimed(ticket) => Some(ticket),
        ClaimAnswer::InProgress | ClaimAnswer::Duplicate => None,
        other => panic!("{other:?}"),
    }
}

/// Runs `work` in `threads` threads beside each other, in every order.
fn every_order<T: 'static>(
    threads: usize,
    prepare: impl Fn(&MemoryStore) + Send + Sync + 'static,
    work: impl Fn(usize, &MemoryStore) -> T + Copy + Send + Sync + 'static,
    judge: impl Fn(&MemoryStore, Vec<T>) + Send + Sync + 'static,
) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = if threads > 2 { Some(3) } else { None };
    builder.check(move || {
        let store = Arc::new(MemoryStore::new(2).unwrap());
        prepare(&store);
        let others: Vec<_> = (1..threads)
            .map(|number| {
                let store = Arc::clone(&store);
                thread::spawn(move || work(number, &store))
            })
            .collect();
        let mut outcomes = vec![work(0, &store)];
        outcomes.extend(others.into_iter().map(|other| other.join().unwrap()));
        judge(&store, outcomes);
    });
}

fn one_claim_wins(threads: usize) {
    every_order(
        threads,
        |_| {},
        |_, store| claim(store, "a", NOW).is_some(),
        |store, won| {
            assert_eq!(won.iter().filter(|won| **won).count(), 1);
            assert_eq!(store.held(), 1);
        },
    );
}

#[test]
fn claim_and_claim() {
    one_claim_wins(2);
}

#[test]
fn claim_claim_and_claim() {
    one_claim_wins(3);
}

/// Whoever claims confirms; nobody claims again.
fn confirmed_stays_done(threads: usize) {
    every_order(
        threads,
        |_| {},
        |_, store| {
            claim(store, "a", NOW).map(|ticket| assert_eq!(store.confirm(&ticket, NOW), Ok(Effect::Done))).is_some()
        },
        |store, won| {
            assert_eq!(won.iter().filter(|won| **won).count(), 1);
            assert_eq!(store.claim(&request("a", NOW + 31)), ClaimAnswer::Duplicate);
        },
    );
}

#[test]
fn claim_and_confirm() {
    confirmed_stays_done(2);
}

#[test]
fn claim_and_confirm_by_three() {
    confirmed_stays_done(3);
}

/// A claim that is released can be claimed again, and never twice at a time.
fn released_is_free(threads: usize) {
    every_order(
        threads,
        |_| {},
        |number, store| {
            claim(store, "a", NOW).map(|ticket| {
                if number == 0 {
                    assert_eq!(store.release(&ticket, NOW), Ok(Effect::Done));
                    assert_eq!(store.confirm(&ticket, NOW), Ok(Effect::NoEffect));
                }
                number
            })
        },
        |store, won| {
            let kept = won.iter().flatten().filter(|number| **number != 0).count();
            assert!(kept <= 1);
            assert_eq!(store.held(), kept);
            assert_eq!(claim(store, "a", NOW).is_some(), kept == 0);
        },
    );
}

#[test]
fn claim_and_release_and_claim() {
    released_is_free(2);
}

#[test]
fn claim_and_release_and_claims() {
    released_is_free(3);
}

/// When a lease is over, one takes the claim over, and the old owner's confirm and that one's never both take effect.
fn lapsed_is_taken_over(threads: usize) {
    every_order(
        threads,
        |_| {},
        |number, store| {
            let at = if number == 0 { NOW } else { NOW + 30 };
            claim(store, "a", at).map(|ticket| store.confirm(&ticket, at).unwrap())
        },
        |store, effects| {
            let done = effects.iter().flatten().filter(|effect| **effect == Effect::Done).count();
            assert_eq!(done, 1, "{effects:?}");
            assert_eq!(store.claim(&request("a", NOW + 300)), ClaimAnswer::Duplicate);
        },
    );
}

#[test]
fn expiry_and_claim() {
    lapsed_is_taken_over(2);
}

#[test]
fn expiry_and_claims() {
    lapsed_is_taken_over(3);
}

/// Several identities want the last places: never more are taken than there are, and none is forgotten.
#[test]
fn the_last_place_goes_to_one() {
    every_order(
        3,
        |store| assert!(claim(store, "old", NOW).is_some()),
        |number, store| {
            let jti = format!("new-{number}");
            matches!(store.claim(&request(&jti, NOW)), ClaimAnswer::Claimed(_))
        },
        |store, won| {
            assert_eq!(won.iter().filter(|won| **won).count(), 1);
            assert_eq!(store.held(), 2);
            assert_eq!(store.claim(&request("old", NOW)), ClaimAnswer::InProgress);
        },
    );
}

/// Two need the room of what is past its time; both get some, and what was purged is never accepted again.
#[test]
fn room_is_made_once() {
    every_order(
        2,
        |store| {
            for jti in ["x", "y"] {
                let ticket = claim(store, jti, NOW).unwrap();
                assert_eq!(store.confirm(&ticket, NOW), Ok(Effect::Done));
            }
        },
        |number, store| {
            let jti = format!("new-{number}");
            let request = ClaimRequest { issued_at: NOW + 500, keep_until: NOW + 920, ..request(&jti, NOW + 500) };
            matches!(store.claim(&request), ClaimAnswer::Claimed(_))
        },
        |store, won| {
            assert_eq!(won, [true, true]);
            assert_eq!(store.held(), 2);
            assert_eq!(store.claim(&request("x", NOW + 1)), ClaimAnswer::Stale);
        },
    );
}

/// Names of identities behind each of two locks.
fn names(store: &MemoryStore) -> [String; 2] {
    let behind = |lock: usize| {
        let mut names = (0..).map(|number| format!("new-{number}"));
        names.find(|jti| store.stripe_of(&request(jti, NOW).identity) == lock).unwrap()
    };
    [behind(0), behind(1)]
}

/// As above, behind different locks: only the counter stands between them.
#[test]
fn the_last_place_of_two_locks_goes_to_one() {
    loom::model(|| {
        let store = Arc::new(MemoryStore::striped(1, 2));
        let [mine, theirs] = names(&store);
        let other = {
            let store = Arc::clone(&store);
            thread::spawn(move || claim_or_full(&store, &theirs))
        };
        let won = claim_or_full(&store, &mine);
        assert!(won != other.join().unwrap());
        assert_eq!(store.held(), 1);
    });
}

fn claim_or_full(store: &MemoryStore, jti: &str) -> bool {
    match store.claim(&request(jti, NOW)) {
        ClaimAnswer::Claimed(_) => true,
        ClaimAnswer::Full => false,
        other => panic!("{other:?}"),
    }
}
