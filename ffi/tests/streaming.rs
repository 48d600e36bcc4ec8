//! A body in pieces: begin, update, finish.

mod common;

use common::*;
use hookproof::Reason;
use hookproof_ffi::*;

fn code(reason: Reason) -> i32 {
    i32::from(reason.code())
}

#[test]
fn a_body_in_pieces_is_accepted_at_its_end() {
    let verifier = verifier();
    let header = header(BODY, NOW);
    for size in [1, 7, BODY.len(), BODY.len() + 1] {
        let (status, mut result) = Call::new(&header).begin(&verifier);
        assert_eq!(status, PENDING_BODY);
        assert_eq!(result.status(), PENDING_BODY);
        assert_eq!(text(hookproof_result_api_key(result.get())), "");
        assert_eq!(text(hookproof_result_jti(result.get())), "");
        assert_eq!(hookproof_result_issued_at(result.get()), 0);
        assert_eq!(result.claim_text("iss"), None);
        assert_eq!(text(hookproof_result_key_label(result.get())), "production");
        assert_eq!(hookproof_result_keyring_generation(result.get()), 1);
        assert_eq!(hookproof_result_http_status(result.get()), 503);
        assert!(hookproof_result_sender_retries(result.get()));
        assert!(text(hookproof_result_detail(result.get())).starts_with("pending.body: "));
        for chunk in BODY.chunks(size) {
            assert_eq!(result.update(chunk), PENDING_BODY);
            assert_eq!(result.update(b""), PENDING_BODY);
        }
        assert_eq!(result.finish(NOW + 1), OK);
        assert_eq!(text(hookproof_result_api_key(result.get())), API_KEY);
        assert_eq!(result.age(), Some(1));
    }
}

#[test]
fn a_verdict_is_final() {
    let verifier = verifier();
    let header = header(BODY, NOW);
    let (_, mut result) = Call::new(&header).begin(&verifier);
    assert_eq!(result.update(BODY), PENDING_BODY);
    assert_eq!(result.finish(NOW), OK);
    assert_eq!(result.update(b"more"), E_STATE);
    assert_eq!(result.finish(NOW + 100_000), OK);

    let (_, mut result) = Call::new(&header).begin(&verifier);
    assert_eq!(result.update(b"another body"), PENDING_BODY);
    assert_eq!(result.finish(NOW), code(Reason::PayloadMismatch));
    assert_eq!(result.update(BODY), E_STATE);
    assert_eq!(result.finish(NOW), code(Reason::PayloadMismatch));
    assert!(text(hookproof_result_detail(result.get())).starts_with("payload.mismatch: "));

    // The one-shot result is final from the start.
    let (_, mut result) = Call::new(&header).verify(&verifier, BODY);
    assert_eq!(result.update(b"more"), E_STATE);
    assert_eq!(result.finish(NOW), OK);
}

#[test]
fn a_body_that_takes_too_long_is_stale() {
    let verifier = verifier();
    let header = header(BODY, NOW);
    let (_, mut result) = Call::new(&header).begin(&verifier);
    assert_eq!(result.update(BODY), PENDING_BODY);
    assert_eq!(result.finish(NOW + 301), code(Reason::TimeStale));
}

#[test]
fn too_large_a_body_ends_at_the_announcement_or_at_the_byte() {
    let mut policy = hookproof_policy_new().unwrap();
    assert_eq!(hookproof_policy_set_max_body_bytes(Some(&mut policy), 4), OK);
    let keyring = keyring();
    let verifier = verifier_from(Some(&policy), Some(&keyring));
    assert_eq!(hookproof_verifier_max_body_bytes(Some(&verifier)), 4);
    let header = header(b"1234", NOW);
    let too_large = code(Reason::PayloadTooLarge);

    let (status, mut result) = Call { declared_len: 5, ..Call::new(&header) }.begin(&verifier);
    assert_eq!(status, too_large);
    assert_eq!(hookproof_result_http_status(result.get()), 413);
    assert_eq!(result.update(b"1"), E_STATE);
    assert_eq!(result.finish(NOW), too_large);

    let (status, mut result) = Call { declared_len: 4, ..Call::new(&header) }.begin(&verifier);
    assert_eq!(status, PENDING_BODY);
    assert_eq!(result.update(b"1234"), PENDING_BODY);
    assert_eq!(result.update(b"5"), too_large);
    assert_eq!(result.status(), too_large);
    assert_eq!(result.update(b"6"), E_STATE);
    assert_eq!(result.finish(NOW), too_large);

    assert_eq!(Call::new(&header).verify(&verifier, b"1234").0, OK);
    assert_eq!(Call::new(&header).verify(&verifier, b"12345").0, too_large);
}

#[test]
fn a_refused_head_never_waits_for_a_body() {
    let verifier = verifier();
    let header = header(BODY, NOW - 301);
    let (status, result) = Call::new(&header).begin(&verifier);
    assert_eq!(status, code(Reason::TimeStale));
    assert_eq!(result.status(), status);
}
