//! What must hold of every verification, whoever else looks.

use differential::{HEADER, NOW, SECRET, claims, mutate, reason, sign, verifier, verifier_with};
use hookproof::{Policy, Reason, RequestHead, Verifier};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

const BODY: &[u8] = br#"{"text":"hello"}"#;

fn genuine() -> String {
    sign(HEADER.as_bytes(), claims(BODY, NOW).as_bytes())
}

#[test]
fn any_single_changed_bit_is_refused() {
    let verifier = verifier();
    let token = genuine();
    assert_eq!(reason(&verifier, token.as_bytes(), BODY, NOW), None);
    for bit in 0..token.len() * 8 {
        let mut changed = token.clone().into_bytes();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(reason(&verifier, &changed, BODY, NOW).is_some(), "bit {bit} of the token");
    }
    for bit in 0..BODY.len() * 8 {
        let mut changed = BODY.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(
            reason(&verifier, token.as_bytes(), &changed, NOW),
            Some(Reason::PayloadMismatch),
            "bit {bit} of the body"
        );
    }
    for end in 0..token.len() {
        assert!(reason(&verifier, &token.as_bytes()[..end], BODY, NOW).is_some(), "cut at {end}");
    }
}

#[test]
fn an_upload_held_open_past_the_window_is_stale() {
    let verifier = verifier();
    let header = format!("Bearer {}", genuine());
    let head = RequestHead::new(b"POST").header(header.as_bytes(), 1);
    for (begun, finished, expected) in [
        (0, 300, None),
        (299, 301, Some(Reason::TimeStale)),
        (300, 300, None),
        (-60, 301, Some(Reason::TimeStale)),
        (0, -61, Some(Reason::TimeFuture)),
    ] {
        let mut pending = verifier.begin(&head, NOW + begun).expect("a fresh head");
        BODY.chunks(3).for_each(|chunk| pending.update(chunk).expect("a small body"));
        assert_eq!(pending.finish(NOW + finished).err().map(|refusal| refusal.reason()), expected);
    }
}

/// The reason against a streamed request, its length declared or not.
fn streamed(
    verifier: &Verifier,
    token: &[u8],
    body: &[u8],
    cuts: &[usize],
    declared: bool,
    now: i64,
) -> Option<Reason> {
    let header = [b"Bearer ", token].concat();
    let head = RequestHead::new(b"POST").header(&header, 1);
    let head = if declared { head.declared_length(body.len() as u64) } else { head };
    let judge = || {
        let mut pending = verifier.begin(&head, now)?;
        let mut rest = body;
        for cut in cuts {
            let (chunk, after) = rest.split_at((*cut).min(rest.len()));
            pending.update(chunk)?;
            rest = after;
        }
        pending.update(rest)?;
        pending.finish(now)
    };
    judge().err().map(|refusal: hookproof::Refusal| refusal.reason())
}

/// One request: what is done to the claims, the body and the clock. Each is left alone often enough that many requests
/// are good ones.
type Case = (Option<(usize, usize, usize)>, bool, i64);

fn cases() -> impl Strategy<Value = Case> {
    (
        proptest::option::of((any::<usize>(), 0usize..4, any::<usize>())),
        proptest::bool::weighted(0.25),
        prop_oneof![3 => Just(0), 1 => Just(301), 1 => Just(-61), 1 => -400i64..400],
    )
}

fn build(case: Case) -> (Vec<u8>, Vec<u8>, i64) {
    let (mutation, changed, shift) = case;
    let claims = claims(BODY, NOW);
    let claims = match mutation {
        Some((at, cut, splice)) => mutate(&claims, at, cut, splice),
        None => claims.into_bytes(),
    };
    let body = if changed { b"another body".to_vec() } else { BODY.to_vec() };
    (sign(HEADER.as_bytes(), &claims).into_bytes(), body, NOW + shift)
}

/// Comparing refusals with refusals alone would say little.
#[test]
fn a_fair_share_of_the_cases_is_good() {
    let verifier = verifier();
    let mut runner = TestRunner::deterministic();
    let accepted = (0..1_000)
        .filter(|_| {
            let (token, body, now) = build(cases().new_tree(&mut runner).expect("a case").current());
            reason(&verifier, &token, &body, now).is_none()
        })
        .count();
    assert!((200..800).contains(&accepted), "{accepted} of 1000");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn streaming_changes_nothing(
        case in cases(),
        cuts in proptest::collection::vec(0usize..9, 0..8),
        declared in any::<bool>(),
        ceiling in prop_oneof![2 => Just(1024), 1 => 0u64..20],
    ) {
        let mut policy = Policy::standard();
        policy.set_max_body_bytes(ceiling).expect("a good ceiling");
        let verifier = verifier_with(policy, SECRET);
        let (token, body, now) = build(case);
        prop_assert_eq!(reason(&verifier, &token, &body, now), streamed(&verifier, &token, &body, &cuts, declared, now));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_verification_depends_on_an_earlier_one(all in proptest::collection::vec(cases(), 1..20)) {
        let shared = verifier();
        for case in all {
            let (token, body, now) = build(case);
            prop_assert_eq!(reason(&shared, &token, &body, now), reason(&verifier(), &token, &body, now));
        }
    }
}
