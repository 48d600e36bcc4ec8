//! The memory store against a naive model: any order of claims, confirms, releases and times gives the same answers.
#![cfg(not(loom))]
#![allow(missing_docs)]

use std::collections::HashMap;

use hookproof::replay::{ClaimAnswer, ClaimRequest, Effect, Hold, Identity, MemoryStore, Selector, Store, Ticket};
use proptest::prelude::*;

/// What the documentation of the store says, in the most obvious way.
#[derive(Default)]
struct Model {
    entries: HashMap<(usize, usize), Entry>,
    next_owner: u64,
    window: i64,
    purged: Option<i64>,
}

#[derive(Clone, Copy)]
struct Entry {
    issued_at: i64,
    owner: u64,
    /// Nothing when done.
    lease_until: Option<i64>,
}

#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Claimed(u64),
    InProgress,
    Duplicate,
    Stale,
    Full,
}

impl Model {
    fn claim(&mut self, who: (usize, usize), issued_at: i64, now: i64, window: i64, hold: Hold, room: usize) -> Answer {
        self.window = self.window.max(window);
        match self.entries.get(&who) {
            Some(Entry { lease_until: None, .. }) => return Answer::Duplicate,
            Some(Entry { lease_until: Some(until), .. }) if now < *until => return Answer::InProgress,
            Some(_) => {}
            None => {
                if self.purged.is_some_and(|purged| issued_at <= purged) {
                    return Answer::Stale;
                }
                if self.entries.len() >= room && !self.make_room(now) {
                    return Answer::Full;
                }
                // What was purged just now counts for this one, too.
                if self.purged.is_some_and(|purged| issued_at <= purged) {
                    return Answer::Stale;
                }
            }
        }
        self.next_owner += 1;
        let lease_until = match hold {
            Hold::Lease(seconds) => Some(now + i64::from(seconds)),
            Hold::Once => None,
        };
        self.entries.insert(who, Entry { issued_at, owner: self.next_owner, lease_until });
        Answer::Claimed(self.next_owner)
    }

    fn make_room(&mut self, now: i64) -> bool {
        let before = self.entries.len();
        let over = |entry: &Entry| now > entry.issued_at + self.window;
        let newest = self.entries.values().filter(|entry| over(entry)).map(|entry| entry.issued_at).max();
        self.purged = self.purged.max(newest);
        let window = self.window;
        self.entries.retain(|_, entry| now <= entry.issued_at + window);
        if self.entries.len() == before {
            self.entries.retain(|_, entry| entry.lease_until.is_none_or(|until| now < until));
        }
        self.entries.len() < before
    }

    fn confirm(&mut self, who: (usize, usize), owner: u64) -> Effect {
        match self.entries.get_mut(&who) {
            Some(entry) if entry.owner == owner => {
                entry.lease_until = None;
                Effect::Done
            }
            _ => Effect::NoEffect,
        }
    }

    fn release(&mut self, who: (usize, usize), owner: u64) -> Effect {
        match self.entries.get(&who) {
            Some(entry) if entry.owner == owner && entry.lease_until.is_some() => {
                self.entries.remove(&who);
                Effect::Done
            }
            _ => Effect::NoEffect,
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Claim { account: usize, jti: usize, age: i64, window: i64, once: bool, lease: u32 },
    Confirm(prop::sample::Index),
    Release(prop::sample::Index),
    Clock(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let window = prop_oneof![9 => Just(420i64), 1 => Just(1000i64)];
    prop_oneof![
        5 => (0..2usize, 0..12usize, -60..=300i64, window, prop::bool::weighted(0.2), 1..60u32).prop_map(
            |(account, jti, age, window, once, lease)| Step::Claim { account, jti, age, window, once, lease }
        ),
        2 => any::<prop::sample::Index>().prop_map(Step::Confirm),
        2 => any::<prop::sample::Index>().prop_map(Step::Release),
        3 => prop_oneof![8 => 0..40i64, 1 => 300..1200i64, 1 => -500..0i64].prop_map(Step::Clock),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_gives_the_answers_of_the_model(room in 1..16usize, steps in prop::collection::vec(step(), 1..120)) {
        let store = MemoryStore::new(room).unwrap();
        let mut model = Model::default();
        let mut tickets: Vec<((usize, usize), u64, Ticket)> = Vec::new();
        let mut now = 1_767_225_600i64;
        let accounts = ["a1b2c3d4", "b9f8e7d6"];
        for step in steps {
            match step {
                Step::Clock(seconds) => now += seconds,
                Step::Claim { account, jti, age, window, once, lease } => {
                    let text = format!("jti-{jti}");
                    let hold = if once { Hold::Once } else { Hold::Lease(lease) };
                    let issued_at = now - age;
                    let request = ClaimRequest {
                        identity: Identity { selector: Selector::ApiKey(accounts[account]), jti: &text },
                        issued_at,
                        now,
                        keep_until: issued_at + window,
                        hold,
                    };
                    let expected = model.claim((account, jti), issued_at, now, window, hold, room);
                    let answer = match store.claim(&request) {
                        ClaimAnswer::Claimed(ticket) => {
                            let owner = model.next_owner;
                            tickets.push(((account, jti), owner, ticket));
                            Answer::Claimed(owner)
                        }
                        ClaimAnswer::InProgress => Answer::InProgress,
                        ClaimAnswer::Duplicate => Answer::Duplicate,
                        ClaimAnswer::Stale => Answer::Stale,
                        ClaimAnswer::Full => Answer::Full,
                        other => panic!("{other:?}"),
                    };
                    prop_assert_eq!(answer, expected);
                }
                Step::Confirm(_) | Step::Release(_) if tickets.is_empty() => {}
                Step::Confirm(index) => {
                    let (who, owner, ticket) = index.get(&tickets);
                    prop_assert_eq!(store.confirm(ticket, now).unwrap(), model.confirm(*who, *owner));
                }
                Step::Release(index) => {
                    let (who, owner, ticket) = index.get(&tickets);
                    prop_assert_eq!(store.release(ticket, now).unwrap(), model.release(*who, *owner));
                }
            }
            prop_assert_eq!(store.held(), model.entries.len());
        }
    }
}
