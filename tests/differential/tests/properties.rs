//! What must hold of every verification, whoever else looks.

use differential::{HEADER, NOW, claims, mutate, reason, sign, verifier};
use hookproof::{Reason, RequestHead, Verifier};
use proptest::prelude::*;

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

/// The reason against a streamed request.
fn streamed(verifier: &Verifier, token: &[u8], body: &[u8], cuts: &[usize], now: i64) -> Option<Reason> {
    let header = [b"Bearer ", token].concat();
    let head = RequestHead::new(b"POST").header(&header, 1).declared_length(body.len() as u64);
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

/// One request: what is done to the claims, the body and the clock.
type Case = (usize, usize, usize, bool, i64);

fn cases() -> impl Strategy<Value = Case> {
    (any::<usize>(), 0usize..4, any::<usize>(), any::<bool>(), prop_oneof![Just(0), Just(301), Just(-61), -400i64..400])
}

fn build(case: Case) -> (Vec<u8>, Vec<u8>, i64) {
    let (at, cut, splice, changed, shift) = case;
    let token = sign(HEADER.as_bytes(), &mutate(&claims(BODY, NOW), at, cut, splice));
    let body = if changed { b"another body".to_vec() } else { BODY.to_vec() };
    (token.into_bytes(), body, NOW + shift)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn streaming_changes_nothing(case in cases(), cuts in proptest::collection::vec(0usize..9, 0..8)) {
        let verifier = verifier();
        let (token, body, now) = build(case);
        prop_assert_eq!(reason(&verifier, &token, &body, now), streamed(&verifier, &token, &body, &cuts, now));
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
