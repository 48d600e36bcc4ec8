//! The file store against a naive model, with the store reopened at any time: whatever is promised holds in any order of
//! claims, confirms, releases and times.
//!
//! At a claim the store may purge what is past its time, all of it or a part or nothing. So the model keeps it all, takes
//! either answer (what is known of the identity, or `Stale`), and holds the store to what an answer told.
#![allow(missing_docs)]

mod file_support;

use std::collections::HashMap;

use file_support::{NOW, patient, request_for};
use hookproof::replay::{ClaimAnswer, Effect, Hold, Store as _, Ticket};
use hookproof_stores::FileStore;
use proptest::prelude::*;

/// What the documentation of the store says, in the most obvious way.
#[derive(Default)]
struct Model {
    entries: HashMap<usize, Entry>,
    next_owner: u64,
    window: i64,
    /// The purge mark is at least this, for an answer showed it ..
    at_least: Option<i64>,
    /// .. and at most this, the newest of what was ever past its time.
    at_most: Option<i64>,
}

#[derive(Clone, Copy)]
struct Entry {
    issued_at: i64,
    owner: u64,
    /// Nothing when done.
    lease_until: Option<i64>,
    /// It was past its time at some claim: it may have been purged since.
    past: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Claimed,
    InProgress,
    Duplicate,
    Stale,
}

#[derive(Clone, Copy, Debug)]
struct Question {
    who: usize,
    issued_at: i64,
    now: i64,
    window: i64,
    hold: Hold,
}

impl Model {
    /// Whether the store may have answered so; and what that tells.
    fn claim(&mut self, question: &Question, answer: Answer) -> bool {
        let Question { who, issued_at, now, window, hold } = *question;
        self.window = self.window.max(window);
        for entry in self.entries.values_mut() {
            if now > entry.issued_at + self.window {
                entry.past = true;
                self.at_most = self.at_most.max(Some(entry.issued_at));
            }
        }
        let may_be_stale = Some(issued_at) <= self.at_most;
        let must_be_stale = Some(issued_at) <= self.at_least;
        let entry = self.entries.get(&who).copied();
        let unknown = match answer {
            Answer::Claimed => !must_be_stale,
            Answer::Stale => may_be_stale,
            Answer::InProgress | Answer::Duplicate => false,
        };
        let right = match entry {
            None => unknown,
            Some(entry) => {
                let known = match entry.lease_until {
                    None => answer == Answer::Duplicate,
                    Some(until) if now < until => answer == Answer::InProgress,
                    Some(_) => answer == Answer::Claimed,
                };
                // Purged it is stale, unless its token was issued anew since.
                known || entry.past && unknown && (answer == Answer::Stale || issued_at > entry.issued_at)
            }
        };
        match answer {
            Answer::Claimed => {
                self.next_owner += 1;
                let lease_until = match hold {
                    Hold::Lease(seconds) => Some(now + i64::from(seconds)),
                    Hold::Once => None,
                };
                let past = now > issued_at + self.window;
                self.at_most = self.at_most.max(past.then_some(issued_at));
                self.entries.insert(who, Entry { issued_at, owner: self.next_owner, lease_until, past });
            }
            Answer::Stale => {
                self.at_least = self.at_least.max(Some(issued_at));
                self.purged(who);
            }
            Answer::InProgress | Answer::Duplicate => {}
        }
        right
    }

    fn purged(&mut self, who: usize) {
        let entry = self.entries.remove(&who);
        self.at_least = self.at_least.max(entry.map(|entry| entry.issued_at));
    }

    fn confirm(&mut self, who: usize, owner: u64, effect: Effect) -> bool {
        let Some(entry) = self.entries.get_mut(&who).filter(|entry| entry.owner == owner) else {
            return effect == Effect::NoEffect;
        };
        if effect == Effect::Done {
            entry.lease_until = None;
            return true;
        }
        let past = entry.past;
        self.purged(who);
        past
    }

    fn release(&mut self, who: usize, owner: u64, effect: Effect) -> bool {
        match self.entries.get(&who).filter(|entry| entry.owner == owner).copied() {
            Some(Entry { lease_until: Some(_), .. }) if effect == Effect::Done => {
                self.entries.remove(&who);
                true
            }
            Some(Entry { lease_until: Some(_), past, .. }) => {
                self.purged(who);
                past
            }
            _ => effect == Effect::NoEffect,
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// `age` is nothing for the token that was sent last time.
    Claim {
        who: usize,
        age: Option<i64>,
        window: i64,
        once: bool,
        lease: u32,
    },
    Confirm(prop::sample::Index),
    Release(prop::sample::Index),
    Clock(i64),
    /// More claims than one claim purges.
    Crowd,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let window = prop_oneof![9 => Just(420i64), 1 => Just(1000i64)];
    let age = prop::option::weighted(0.4, -60..=300i64);
    prop_oneof![
        12 => (0..12usize, age, window, prop::bool::weighted(0.2), 1..60u32)
            .prop_map(|(who, age, window, once, lease)| Step::Claim { who, age, window, once, lease }),
        4 => any::<prop::sample::Index>().prop_map(Step::Confirm),
        4 => any::<prop::sample::Index>().prop_map(Step::Release),
        6 => prop_oneof![8 => 0..40i64, 1 => 300..1200i64, 1 => -1200..0i64].prop_map(Step::Clock),
        1 => Just(Step::Crowd),
        1 => Just(Step::Reopen),
    ]
}

fn ask(store: &FileStore, question: &Question) -> (Answer, Option<Ticket>) {
    let jti = format!("jti-{}", question.who);
    match store.claim(&request_for(&jti, question.issued_at, question.now, question.window, question.hold)) {
        ClaimAnswer::Claimed(ticket) => (Answer::Claimed, Some(ticket)),
        ClaimAnswer::InProgress => (Answer::InProgress, None),
        ClaimAnswer::Duplicate => (Answer::Duplicate, None),
        ClaimAnswer::Stale => (Answer::Stale, None),
        other => panic!("{other:?}"),
    }
}

/// In memory where there is such a place: the disk takes its time to close a file, and there is none to wait for here.
fn directory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn cases() -> u32 {
    if std::env::var_os("HOOKPROOF_LONG").is_some() { 5_000 } else { 250 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_gives_the_answers_of_the_model(
        steps in prop::collection::vec((step(), any::<bool>()), 1..150)
    ) {
        let directory = directory();
        let path = directory.path().join("seen.db");
        // Two, as two processes would have them: it makes no difference which one is asked.
        let mut stores = [patient(&path), patient(&path)];
        let mut model = Model::default();
        let mut tickets: Vec<(usize, u64, Ticket)> = Vec::new();
        let mut sent: HashMap<usize, i64> = HashMap::new();
        let mut crowd = 1_000..;
        let mut now = NOW;
        for (step, which) in steps {
            let which = usize::from(which);
            let mut questions = Vec::new();
            match step {
                Step::Clock(seconds) => now += seconds,
                Step::Reopen => stores[which] = patient(&path),
                Step::Claim { who, age, window, once, lease } => {
                    let before = if age.is_none() { sent.get(&who).copied() } else { None };
                    let issued_at = before.unwrap_or(now - age.unwrap_or(0));
                    sent.insert(who, issued_at);
                    let hold = if once { Hold::Once } else { Hold::Lease(lease) };
                    questions.push(Question { who, issued_at, now, window, hold });
                }
                Step::Crowd => questions.extend(crowd.by_ref().take(20).map(|who| {
                    Question { who, issued_at: now, now, window: 420, hold: Hold::Once }
                })),
                Step::Confirm(_) | Step::Release(_) if tickets.is_empty() => {}
                Step::Confirm(index) => {
                    let (who, owner, ticket) = index.get(&tickets);
                    let effect = stores[which].confirm(ticket, now).unwrap();
                    prop_assert!(model.confirm(*who, *owner, effect), "confirm of {who}: {effect:?}");
                }
                Step::Release(index) => {
                    let (who, owner, ticket) = index.get(&tickets);
                    let effect = stores[which].release(ticket, now).unwrap();
                    prop_assert!(model.release(*who, *owner, effect), "release of {who}: {effect:?}");
                }
            }
            for question in questions {
                let (answer, ticket) = ask(&stores[which], &question);
                prop_assert!(model.claim(&question, answer), "{question:?}: {answer:?}");
                tickets.extend(ticket.map(|ticket| (question.who, model.next_owner, ticket)));
            }
        }
    }
}
