//! The Redis store against a naive model: any order of claims, confirms, releases, lapses and expiries gives the same
//! answers. Time passes by shortening the life of a key, which is the only clock the scripts read.
#![allow(missing_docs)]

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hookproof::replay::{ClaimAnswer, ClaimRequest, Effect, Hold, Identity, Selector, Store, Ticket};
use hookproof_stores::{RedisStore, scripts};
use proptest::prelude::*;

mod server;

use server::Server;

const NOW: i64 = 1_767_225_600;
const KEYS: usize = 3;
const LEASE: u32 = 1_000;
const KEEP: i64 = 50_000;

#[derive(Clone, Debug)]
enum Step {
    Claim {
        key: usize,
        once: bool,
    },
    /// By the claim that was accepted so many claims ago, whatever became of it.
    Confirm(usize),
    Release(usize),
    Lapse(usize),
    Expire(usize),
}

#[derive(Clone, Copy)]
struct Entry {
    owner: usize,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Claimed,
    Lapsed,
    Done,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (0..KEYS, prop::bool::weighted(0.2)).prop_map(|(key, once)| Step::Claim { key, once }),
        3 => (0..4usize).prop_map(Step::Confirm),
        3 => (0..4usize).prop_map(Step::Release),
        3 => (0..KEYS).prop_map(Step::Lapse),
        1 => (0..KEYS).prop_map(Step::Expire),
    ];
    prop::collection::vec(step, 1..60)
}

#[test]
fn the_store_does_what_the_model_does() {
    let Some(server) = Server::start(&[]) else { return };
    let store = RedisStore::new(&server.url(), "model").unwrap().with_budget(Duration::from_secs(5));
    let client = redis::Client::open(server.url()).unwrap();
    let connection = std::cell::RefCell::new(client.get_connection().unwrap());
    let run = AtomicUsize::new(0);
    let claims = AtomicUsize::new(0);
    proptest!(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() }, |(steps in steps())| {
        let run = run.fetch_add(1, Ordering::Relaxed);
        let jti = |key: usize| format!("{run}-{key}");
        let mut model: HashMap<usize, Entry> = HashMap::new();
        let mut tickets: Vec<(usize, Ticket)> = Vec::new();
        let name = |key: usize| {
            let jti = jti(key);
            scripts::key("model", &Identity { selector: Selector::ApiKey("a1b2c3d4"), jti: &jti }.key("model"))
        };
        for step in steps {
            let chosen = |back: usize| tickets.len().checked_sub(back + 1).map(|at| (at, tickets[at]));
            match step {
                Step::Claim { key, once } => {
                    let hold = if once { Hold::Once } else { Hold::Lease(LEASE) };
                    let jti = jti(key);
                    let identity = Identity { selector: Selector::ApiKey("a1b2c3d4"), jti: &jti };
                    let request = ClaimRequest { identity, issued_at: NOW, now: NOW, keep_until: NOW + KEEP, hold };
                    let answer = store.claim(&request);
                    match model.get(&key).map(|entry| entry.state) {
                        Some(State::Done) => prop_assert_eq!(answer, ClaimAnswer::Duplicate),
                        Some(State::Claimed) => prop_assert_eq!(answer, ClaimAnswer::InProgress),
                        None | Some(State::Lapsed) => {
                            let ClaimAnswer::Claimed(ticket) = answer else { panic!("{answer:?}") };
                            claims.fetch_add(1, Ordering::Relaxed);
                            let state = if once { State::Done } else { State::Claimed };
                            model.insert(key, Entry { owner: tickets.len(), state });
                            tickets.push((key, ticket));
                        }
                    }
                }
                Step::Confirm(back) => {
                    let Some((owner, (key, ticket))) = chosen(back) else { continue };
                    let expected = match model.get_mut(&key).filter(|entry| entry.owner == owner) {
                        Some(entry) => {
                            entry.state = State::Done;
                            Effect::Done
                        }
                        None => Effect::NoEffect,
                    };
                    prop_assert_eq!(store.confirm(&ticket, NOW), Ok(expected));
                }
                Step::Release(back) => {
                    let Some((owner, (key, ticket))) = chosen(back) else { continue };
                    let held = model.get(&key).is_some_and(|entry| entry.owner == owner && entry.state != State::Done);
                    if held {
                        model.remove(&key);
                    }
                    let expected = if held { Effect::Done } else { Effect::NoEffect };
                    prop_assert_eq!(store.release(&ticket, NOW), Ok(expected));
                }
                Step::Lapse(key) => {
                    // As if the lease had passed.
                    let Some(entry) = model.get_mut(&key).filter(|entry| entry.state == State::Claimed) else { continue };
                    entry.state = State::Lapsed;
                    let left: i64 = redis::cmd("PTTL").arg(name(key)).query(&mut connection.borrow_mut()).unwrap();
                    let after = left - i64::from(LEASE) * 1000;
                    redis::cmd("PEXPIRE").arg(name(key)).arg(after).exec(&mut connection.borrow_mut()).unwrap();
                }
                Step::Expire(key) => {
                    model.remove(&key);
                    redis::cmd("DEL").arg(name(key)).exec(&mut connection.borrow_mut()).unwrap();
                }
            }
            for key in 0..KEYS {
                let left: i64 = redis::cmd("PTTL").arg(name(key)).query(&mut connection.borrow_mut()).unwrap();
                prop_assert_eq!(left > 0, model.contains_key(&key), "a key lives exactly as long as it must");
            }
        }
    });
    assert!(claims.load(Ordering::Relaxed) > 500);
}
