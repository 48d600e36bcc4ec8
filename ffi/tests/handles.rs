//! Handles: freed in any order, and shared by threads.

mod common;

use std::sync::atomic::{AtomicBool, Ordering};

use common::*;
use hookproof_ffi::*;

#[test]
fn handles_may_be_freed_in_any_order() {
    let mut policy = hookproof_policy_new().unwrap();
    assert_eq!(hookproof_policy_set_max_age(Some(&mut policy), 10), OK);
    let keyring = keyring();
    let verifier = verifier_from(Some(&policy), Some(&keyring));
    let header = header(BODY, NOW);

    let (_, mut pending) = Call::new(&header).begin(&verifier);
    let (_, accepted) = Call::new(&header).verify(&verifier, BODY);
    let (_, refused) = Call::new(&header).verify(&verifier, b"");
    let api_key = hookproof_result_api_key(accepted.get());

    hookproof_verifier_free(Some(verifier));
    hookproof_policy_free(Some(policy));
    hookproof_keyring_free(Some(keyring));
    drop(header);

    assert_eq!(pending.update(BODY), PENDING_BODY);
    assert_eq!(pending.finish(NOW + 10), OK);
    assert_eq!(text(api_key), API_KEY);
    assert_eq!(text(hookproof_result_key_label(refused.get())), "production");
}

#[test]
fn a_verifier_does_not_see_later_changes() {
    let mut policy = hookproof_policy_new().unwrap();
    let mut keyring = keyring();
    let verifier = verifier_from(Some(&policy), Some(&keyring));
    assert_eq!(hookproof_policy_set_max_age(Some(&mut policy), 0), OK);
    assert_eq!(add_secret(&mut keyring, "other", "production", SECRET), OK);

    let old = header(BODY, NOW - 300);
    assert_eq!(Call::new(&old).verify(&verifier, BODY).0, OK);
    let other = hookproof::sign::Signer::new("other", SECRET).unwrap().sign_body(BODY, NOW, "j");
    let unknown = i32::from(hookproof::Reason::KeyUnknown.code());
    assert_eq!(Call::new(&other).verify(&verifier, BODY).0, unknown);
}

#[test]
fn eight_threads_verify_while_the_keyring_is_replaced() {
    const THREADS: usize = 8;
    const REPLACEMENTS: u64 = 200;
    let verifier = verifier();
    let header = header(BODY, NOW);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let mut last = 0;
                loop {
                    let finished = done.load(Ordering::Acquire);
                    let (status, result) = Call::new(&header).verify(&verifier, BODY);
                    assert_eq!(status, OK);
                    let generation = hookproof_result_keyring_generation(result.get());
                    assert!(generation >= last, "a ring came back");
                    last = generation;
                    let (status, mut result) = Call::new(&header).begin(&verifier);
                    assert_eq!(status, PENDING_BODY);
                    assert_eq!(result.update(BODY), PENDING_BODY);
                    assert_eq!(result.finish(NOW), OK);
                    if finished {
                        break;
                    }
                }
                assert_eq!(last, REPLACEMENTS + 1);
            });
        }
        let keyring = keyring();
        for _ in 0..REPLACEMENTS {
            assert_eq!(hookproof_verifier_replace_keyring(Some(&verifier), Some(&keyring)), OK);
        }
        done.store(true, Ordering::Release);
    });
    assert_eq!(hookproof_verifier_generation(Some(&verifier)), REPLACEMENTS + 1);
}

#[test]
fn threads_may_read_one_result_at_once() {
    let verifier = verifier();
    let header = header(BODY, NOW);
    let (_, result) = Call::new(&header).verify(&verifier, BODY);
    let shared = result.get().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                assert_eq!(text(hookproof_result_jti(Some(shared))), "jti-1");
                let mut out = hookproof_str::EMPTY;
                // SAFETY: the name is readable and `out` is writable.
                assert!(unsafe { hookproof_result_claim_text(Some(shared), c"iss".as_ptr(), 3, &raw mut out) });
                assert_eq!(text(out), "Vonage");
            });
        }
    });
}
