//! The file store: each rule of a replay store, and that the file remembers.
#![allow(missing_docs)]

mod file_support;

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use file_support::{NOW, WINDOW, failure, patient, request, request_for, take};
use hookproof::replay::{ClaimAnswer, ClaimRequest, Effect, Hold, Identity, Selector, Store};
use hookproof_stores::{Durability, FileStore};

struct Fixture {
    directory: tempfile::TempDir,
    store: FileStore,
}

fn fixture() -> Fixture {
    let directory = tempfile::tempdir().unwrap();
    let store = patient(&directory.path().join("seen.db"));
    Fixture { directory, store }
}

impl Fixture {
    fn reopened(self) -> Fixture {
        let Fixture { directory, store } = self;
        drop(store);
        let store = patient(&directory.path().join("seen.db"));
        Fixture { directory, store }
    }
}

/// A claim of 30 seconds made at `NOW + at` on a token issued at `NOW`.
fn at(jti: &str, at: i64) -> ClaimRequest<'_> {
    request(jti, NOW, NOW + at, Hold::Lease(30))
}

#[test]
fn confirmed_it_is_a_duplicate() {
    let Fixture { store, .. } = &fixture();
    let ticket = take(store, &at("j", 0));
    assert_eq!(ticket.keep_until, NOW + WINDOW);
    assert_eq!(store.claim(&at("j", 1)), ClaimAnswer::InProgress);
    assert_eq!(store.confirm(&ticket, NOW + 2), Ok(Effect::Done));
    for later in [2, 30, 31, WINDOW] {
        assert_eq!(store.claim(&at("j", later)), ClaimAnswer::Duplicate);
    }
    // By the same owner again: the same again.
    assert_eq!(store.confirm(&ticket, NOW + 3), Ok(Effect::Done));
    assert_eq!(store.release(&ticket, NOW + 3), Ok(Effect::NoEffect));
    assert_eq!(store.claim(&at("j", 4)), ClaimAnswer::Duplicate);
}

#[test]
fn released_it_is_free_at_once() {
    let Fixture { store, .. } = &fixture();
    let first = take(store, &at("j", 0));
    assert_eq!(store.release(&first, NOW), Ok(Effect::Done));
    assert_eq!(store.release(&first, NOW), Ok(Effect::NoEffect));
    assert_eq!(store.confirm(&first, NOW), Ok(Effect::NoEffect));
    let second = take(store, &at("j", 0));
    assert_eq!(store.confirm(&first, NOW), Ok(Effect::NoEffect));
    assert_eq!(store.release(&first, NOW), Ok(Effect::NoEffect));
    assert_eq!(store.claim(&at("j", 0)), ClaimAnswer::InProgress);
    assert_eq!(store.confirm(&second, NOW), Ok(Effect::Done));
}

#[test]
fn a_lease_ends_at_its_deadline() {
    let Fixture { store, .. } = &fixture();
    let first = take(store, &at("j", 0));
    assert_eq!(store.claim(&at("j", 29)), ClaimAnswer::InProgress);
    let second = take(store, &at("j", 30));
    // Of the old owner nothing has an effect, neither while another owner has it ..
    assert_eq!(store.confirm(&first, NOW + 30), Ok(Effect::NoEffect));
    assert_eq!(store.release(&first, NOW + 30), Ok(Effect::NoEffect));
    // .. whose lease runs from its own claim ..
    assert_eq!(store.claim(&at("j", 59)), ClaimAnswer::InProgress);
    // .. nor after that one gave it back.
    assert_eq!(store.release(&second, NOW + 31), Ok(Effect::Done));
    assert_eq!(store.confirm(&first, NOW + 31), Ok(Effect::NoEffect));
    let third = take(store, &at("j", 31));
    assert_eq!(store.confirm(&third, NOW + 31), Ok(Effect::Done));
    assert_eq!(store.confirm(&first, NOW + 31), Ok(Effect::NoEffect));
    assert_eq!(store.confirm(&second, NOW + 31), Ok(Effect::NoEffect));
    assert_eq!(store.release(&second, NOW + 31), Ok(Effect::NoEffect));
}

#[test]
fn a_lapsed_claim_that_nobody_took_over_is_still_its_owners() {
    let Fixture { store, .. } = &fixture();
    let confirmed = take(store, &at("confirmed", 0));
    assert_eq!(store.confirm(&confirmed, NOW + 200), Ok(Effect::Done));
    assert_eq!(store.claim(&at("confirmed", 200)), ClaimAnswer::Duplicate);
    let released = take(store, &at("released", 0));
    assert_eq!(store.release(&released, NOW + 200), Ok(Effect::Done));
    take(store, &at("released", 1));
}

#[test]
fn once_is_done_in_the_claim() {
    let Fixture { store, .. } = &fixture();
    let once = ClaimRequest { hold: Hold::Once, ..at("j", 0) };
    let ticket = take(store, &once);
    assert_eq!(store.claim(&once), ClaimAnswer::Duplicate);
    assert_eq!(store.claim(&at("j", WINDOW)), ClaimAnswer::Duplicate);
    assert_eq!(store.release(&ticket, NOW), Ok(Effect::NoEffect));
    assert_eq!(store.confirm(&ticket, NOW), Ok(Effect::Done));
    // Over a lapsed claim, too.
    let lapsed = take(store, &at("lapsed", 0));
    take(store, &ClaimRequest { hold: Hold::Once, ..at("lapsed", 30) });
    assert_eq!(store.claim(&at("lapsed", 31)), ClaimAnswer::Duplicate);
    assert_eq!(store.release(&lapsed, NOW + 31), Ok(Effect::NoEffect));
    assert_eq!(store.claim(&at("lapsed", 90)), ClaimAnswer::Duplicate);
}

#[test]
fn selectors_are_kept_apart() {
    let Fixture { store, .. } = &fixture();
    for selector in [Selector::ApiKey("a1b2c3d4"), Selector::ApiKey("b9f8e7d6"), Selector::Route("a1b2c3d4")] {
        let request = ClaimRequest { identity: Identity { selector, jti: "j" }, ..at("", 0) };
        take(store, &request);
        assert_eq!(store.claim(&request), ClaimAnswer::InProgress);
    }
}

#[test]
fn a_ticket_is_good_for_its_own_identity_only() {
    let Fixture { store, .. } = &fixture();
    let one = take(store, &at("one", 0));
    let other = take(store, &at("other", 0));
    assert_ne!(one.owner, other.owner);
    let mixed = hookproof::replay::Ticket { owner: other.owner, ..one };
    assert_eq!(store.confirm(&mixed, NOW), Ok(Effect::NoEffect));
    assert_eq!(store.release(&mixed, NOW), Ok(Effect::NoEffect));
    assert_eq!(store.claim(&at("one", 0)), ClaimAnswer::InProgress);
}

#[test]
fn it_is_kept_for_its_window_and_then_stale_but_never_free() {
    let Fixture { store, .. } = &fixture();
    take(store, &request("old", NOW, NOW, Hold::Once));
    // At the end of its window it is known, whatever else is claimed.
    take(store, &request("fresh", NOW + WINDOW, NOW + WINDOW, Hold::Once));
    assert_eq!(store.claim(&request("old", NOW, NOW + WINDOW, Hold::Once)), ClaimAnswer::Duplicate);
    // One second later a claim purges it, and then the clock goes back.
    take(store, &request("newer", NOW + WINDOW + 1, NOW + WINDOW + 1, Hold::Once));
    assert_eq!(store.claim(&request("old", NOW, NOW, Hold::Once)), ClaimAnswer::Stale);
    // What was not known and is as old as what was purged is refused: it may have been there.
    assert_eq!(store.claim(&request("unknown", NOW, NOW, Hold::Once)), ClaimAnswer::Stale);
    take(store, &request("unknown", NOW + 1, NOW + 1, Hold::Once));
    assert_eq!(store.claim(&request("fresh", NOW + WINDOW, NOW, Hold::Once)), ClaimAnswer::Duplicate);
}

#[test]
fn the_purge_mark_is_not_moved_by_what_was_released() {
    let Fixture { store, .. } = &fixture();
    let ticket = take(store, &request("released", NOW, NOW, Hold::Lease(30)));
    assert_eq!(store.release(&ticket, NOW), Ok(Effect::Done));
    take(store, &request("fresh", NOW + WINDOW + 1, NOW + WINDOW + 1, Hold::Once));
    take(store, &request("released", NOW, NOW, Hold::Once));
}

#[test]
fn purging_is_by_the_longest_window() {
    let Fixture { store, .. } = &fixture();
    take(store, &request_for("long", NOW, NOW, 1_000, Hold::Once));
    take(store, &request("short", NOW, NOW, Hold::Once));
    take(store, &request("later", NOW + 900, NOW + 900, Hold::Once));
    for jti in ["long", "short"] {
        assert_eq!(store.claim(&request_for(jti, NOW, NOW + 1_000, 1_000, Hold::Once)), ClaimAnswer::Duplicate);
    }
    // Nor is a token refused that is still fresh by the policy of the longer window.
    take(store, &request_for("unknown", NOW - 99, NOW + 901, 1_000, Hold::Once));
}

#[test]
fn a_window_counts_even_if_the_answer_was_a_refusal() {
    let Fixture { store, .. } = &fixture();
    take(store, &request("known", NOW, NOW, Hold::Once));
    let claimed = take(store, &request("claimed", NOW, NOW, Hold::Lease(30)));
    assert_eq!(store.claim(&request_for("known", NOW, NOW, 1_000, Hold::Once)), ClaimAnswer::Duplicate);
    assert_eq!(store.claim(&request_for("claimed", NOW, NOW, 2_000, Hold::Once)), ClaimAnswer::InProgress);
    assert_eq!(store.confirm(&claimed, NOW), Ok(Effect::Done));
    take(store, &request("later", NOW + 2_000, NOW + 2_000, Hold::Once));
    assert_eq!(store.claim(&request("claimed", NOW, NOW + 2_000, Hold::Once)), ClaimAnswer::Duplicate);
    // Nothing was purged, so that nothing that is fresh by the longest window is refused.
    take(store, &request_for("unknown", NOW, NOW + 2_000, 2_000, Hold::Once));
}

#[test]
fn old_identities_are_purged_at_least_as_fast_as_new_ones_come() {
    let Fixture { store, .. } = &fixture();
    let path = |number: i64| format!("j{number}");
    for number in 0..200 {
        take(store, &request(&path(number), NOW, NOW, Hold::Once));
    }
    let later = NOW + 10_000;
    for number in 200..300 {
        take(store, &request(&path(number), later, later, Hold::Once));
    }
    // All the old ones are unknown now: with a clock that went back they are stale, not duplicates.
    for number in 0..200 {
        assert_eq!(store.claim(&request(&path(number), NOW, NOW, Hold::Once)), ClaimAnswer::Stale, "{number}");
    }
    for number in 200..300 {
        assert_eq!(store.claim(&request(&path(number), later, later, Hold::Once)), ClaimAnswer::Duplicate, "{number}");
    }
}

#[test]
fn times_at_the_ends_of_their_range_do_no_harm() {
    let Fixture { store, .. } = &fixture();
    let far = ClaimRequest { now: i64::MAX, issued_at: i64::MAX, keep_until: i64::MAX, ..at("far", 0) };
    take(store, &far);
    let early = ClaimRequest { now: i64::MIN, issued_at: i64::MIN + 1, keep_until: i64::MAX, ..at("early", 0) };
    take(store, &early);
    assert_eq!(store.claim(&early), ClaimAnswer::InProgress);
    // A lease that ends with time itself is over then.
    take(store, &far);
}

#[test]
fn the_file_remembers() {
    for durability in [Durability::ProcessCrash, Durability::PowerLoss] {
        let mut fixture = fixture();
        fixture.store = fixture.store.with_durability(durability);
        let claimed = take(&fixture.store, &at("claimed", 0));
        let done = take(&fixture.store, &at("done", 0));
        assert_eq!(fixture.store.confirm(&done, NOW), Ok(Effect::Done));
        take(&fixture.store, &request_for("long", NOW, NOW, 1_000, Hold::Once));
        let fixture = fixture.reopened();
        assert_eq!(fixture.store.claim(&at("done", 0)), ClaimAnswer::Duplicate);
        assert_eq!(fixture.store.claim(&at("claimed", 29)), ClaimAnswer::InProgress);
        assert_eq!(fixture.store.confirm(&claimed, NOW + 30), Ok(Effect::Done));
        assert_eq!(fixture.store.claim(&at("claimed", 30)), ClaimAnswer::Duplicate);
        // The longest window ..
        take(&fixture.store, &request("later", NOW + 1_000, NOW + 1_000, Hold::Once));
        assert_eq!(fixture.store.claim(&at("done", WINDOW)), ClaimAnswer::Duplicate);
        // .. and the purge mark.
        take(&fixture.store, &request("newer", NOW + 1_001, NOW + 1_001, Hold::Once));
        let fixture = fixture.reopened();
        assert_eq!(fixture.store.claim(&at("done", 0)), ClaimAnswer::Stale);
        take(&fixture.store, &request("unknown", NOW + 1, NOW + 1, Hold::Once));
    }
}

#[test]
fn two_stores_on_one_file_are_one() {
    let Fixture { directory, store } = &fixture();
    let other = patient(&directory.path().join("seen.db"));
    let ticket = take(store, &at("j", 0));
    assert_eq!(other.claim(&at("j", 0)), ClaimAnswer::InProgress);
    assert_eq!(other.confirm(&ticket, NOW), Ok(Effect::Done));
    assert_eq!(store.claim(&at("j", 0)), ClaimAnswer::Duplicate);
}

#[test]
fn a_file_locked_for_longer_than_the_budget_is_unavailable() {
    let Fixture { directory, store } = fixture();
    let store = store.with_budget(Duration::from_millis(50));
    let ticket = take(&store, &at("j", 0));
    let other = rusqlite::Connection::open(directory.path().join("seen.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for turn in 0..3 {
        let start = Instant::now();
        match turn {
            0 => assert_eq!(failure(store.claim(&at("k", 0))), "file: it was locked for longer than the budget"),
            1 => {
                let failure = store.confirm(&ticket, NOW).unwrap_err();
                assert_eq!(failure.detail(), "file: it was locked for longer than the budget");
            }
            _ => assert!(store.release(&ticket, NOW).is_err()),
        }
        let took = start.elapsed();
        assert!(took >= Duration::from_millis(50) && took < Duration::from_secs(2), "{took:?}");
    }
    other.execute_batch("ROLLBACK").unwrap();
    take(&store, &at("k", 0));
    assert_eq!(store.confirm(&ticket, NOW), Ok(Effect::Done));
}

#[test]
fn of_any_number_of_threads_one_gets_the_claim() {
    const THREADS: usize = 16;
    const IDENTITIES: usize = 200;
    let Fixture { directory: _directory, store } = fixture();
    let store = &store.with_budget(Duration::from_secs(2));
    let accepted: Vec<AtomicUsize> = (0..IDENTITIES).map(|_| AtomicUsize::new(0)).collect();
    let start = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (accepted, start) = (&accepted, &start);
            scope.spawn(move || {
                start.wait();
                for turn in 0..IDENTITIES {
                    // Half of the threads from the other end, so that they meet in every order.
                    let number = if thread % 2 == 0 { turn } else { IDENTITIES - 1 - turn };
                    match store.claim(&at(&format!("j{number}"), 0)) {
                        ClaimAnswer::Claimed(ticket) => {
                            accepted[number].fetch_add(1, Ordering::Relaxed);
                            assert_eq!(store.confirm(&ticket, NOW), Ok(Effect::Done));
                        }
                        ClaimAnswer::InProgress | ClaimAnswer::Duplicate => {}
                        other => panic!("{other:?}"),
                    }
                }
            });
        }
    });
    for (number, accepted) in accepted.iter().enumerate() {
        assert_eq!(accepted.load(Ordering::Relaxed), 1, "{number}");
        assert_eq!(store.claim(&at(&format!("j{number}"), 0)), ClaimAnswer::Duplicate);
    }
}

#[test]
fn it_says_what_it_covers_and_prints_no_path() {
    let Fixture { directory, store } = fixture();
    let extent = store.extent();
    assert!(extent.contains("seen.db") && extent.contains("this machine"), "{extent}");
    assert!(extent.contains("may forget"), "{extent}");
    let store = store.with_durability(Durability::PowerLoss);
    assert!(store.extent().contains("survives a power cut"), "{}", store.extent());
    let directory = directory.path().to_str().unwrap();
    assert!(!store.extent().contains(directory));
    assert!(!format!("{store:?}").contains(directory), "{store:?}");
    take(&store, &at("j", 0));
}
