//! Keyrings, policies and the test signer: what is taken, what is refused, and what the error says.

mod common;

use std::ptr;

use common::*;
use hookproof::Reason;
use hookproof_ffi::*;

#[test]
fn a_keyring_text_is_added_whole_or_not_at_all() {
    let mut keyring = hookproof_keyring_new().unwrap();
    let good = br#"{"version":1,"accounts":[{"api_key":"a1b2c3d4","secrets":[{"label":"production","secret":"a secret of thirty-two bytes or more"}],"application_ids":["app-1"]}]}"#;
    assert_eq!(add_json(&mut keyring, good), OK);
    assert_eq!(hookproof_keyring_len(Some(&keyring)), 1);
    let bad = br#"{"version":1,"accounts":[{"api_key":"b","secrets":[{"label":"l","secret":"hunter2"}]},{"api_key":"c","secrets":[{"label":"","secret":"hunter2"}]}]}"#;
    assert_eq!(add_json(&mut keyring, bad), E_CONFIG);
    assert_eq!(hookproof_keyring_len(Some(&keyring)), 1);
    let error = text(hookproof_keyring_error(Some(&keyring)));
    assert!(error.contains("accounts[1]") && !error.contains("hunter2"), "{error}");

    // The application that was named is required from now on.
    let verifier = verifier_from(None, Some(&keyring));
    let plain = header(BODY, NOW);
    assert_eq!(Call::new(&plain).verify(&verifier, BODY).0, i32::from(Reason::ClaimsMissing.code()));
}

#[test]
fn dates_of_a_secret_are_inclusive_and_may_be_open() {
    let inactive = i32::from(Reason::KeyInactive.code());
    for (not_before, not_after, expected) in [
        (i64::MIN, i64::MAX, OK),
        (NOW, NOW, OK),
        (NOW + 1, i64::MAX, inactive),
        (i64::MIN, NOW - 1, inactive),
        (NOW, i64::MAX, OK),
        (i64::MIN, NOW, OK),
    ] {
        let mut keyring = hookproof_keyring_new().unwrap();
        // SAFETY: the slices are readable.
        let status = unsafe {
            hookproof_keyring_add_dated_secret(
                Some(&mut keyring),
                API_KEY.as_ptr().cast(),
                API_KEY.len(),
                c"old".as_ptr(),
                3,
                SECRET.as_ptr().cast(),
                SECRET.len(),
                not_before,
                not_after,
            )
        };
        assert_eq!(status, OK);
        let verifier = verifier_from(None, Some(&keyring));
        let header = header(BODY, NOW);
        assert_eq!(Call::new(&header).verify(&verifier, BODY).0, expected, "{not_before}..={not_after}");
    }
}

#[test]
fn lints_follow_the_keyring() {
    let mut keyring = keyring();
    assert_eq!(hookproof_keyring_lint_count(Some(&keyring)), 0);
    assert_eq!(add_secret(&mut keyring, API_KEY, "short", b"short"), OK);
    assert_eq!(hookproof_keyring_lint_count(Some(&keyring)), 1);
    assert!(text(hookproof_keyring_lint(Some(&keyring), 0)).starts_with("a1b2c3d4/short: "));
}

#[test]
fn setters_hold_their_ranges_and_leave_the_policy_alone() {
    let mut policy = hookproof_policy_new().unwrap();
    let policy = &mut *policy;
    assert_eq!(hookproof_policy_set_max_age(Some(policy), hookproof::RETRY_WINDOW), OK);
    assert_eq!(hookproof_policy_set_max_age(Some(policy), 604_800), OK);
    assert_eq!(hookproof_policy_set_max_age(Some(policy), 604_801), E_CONFIG);
    assert!(text(hookproof_policy_error(Some(policy))).starts_with("max_age: "));
    assert_eq!(hookproof_policy_set_leeway(Some(policy), 3600), OK);
    assert_eq!(text(hookproof_policy_error(Some(policy))), "");
    assert_eq!(hookproof_policy_set_leeway(Some(policy), 3601), E_CONFIG);
    assert_eq!(hookproof_policy_set_max_header_bytes(Some(policy), 255), E_CONFIG);
    assert_eq!(hookproof_policy_set_max_header_bytes(Some(policy), 256), OK);
    assert_eq!(hookproof_policy_set_max_header_bytes(Some(policy), 65_536), OK);
    assert_eq!(hookproof_policy_set_max_header_bytes(Some(policy), 65_537), E_CONFIG);
    assert_eq!(hookproof_policy_set_max_body_bytes(Some(policy), 1 << 30), OK);
    assert_eq!(hookproof_policy_set_max_body_bytes(Some(policy), (1 << 30) + 1), E_CONFIG);
    assert_eq!(hookproof_policy_set_advice(Some(policy), ADVICE_CONVENTIONAL), OK);
    assert_eq!(hookproof_policy_set_advice(Some(policy), 2), E_ARGUMENT);
    assert_eq!(hookproof_policy_set_advice(Some(policy), -1), E_ARGUMENT);
    assert_eq!(text(hookproof_policy_error(Some(policy))), "advice: is out of range");
    assert_eq!(hookproof_policy_set_retry_status(Some(policy), 429), OK);
    assert_eq!(hookproof_policy_set_retry_status(Some(policy), 500), E_CONFIG);
    assert_eq!(hookproof_policy_set_retry_status(Some(policy), -503), E_ARGUMENT);
    assert_eq!(hookproof_policy_set_retry_status(Some(policy), 503 + 65_536), E_ARGUMENT);
    // SAFETY: the texts are readable.
    unsafe {
        assert_eq!(hookproof_policy_set_header_name(Some(policy), c"X-Signature".as_ptr(), 11), OK);
        assert_eq!(hookproof_policy_set_header_name(Some(policy), c"X Signature".as_ptr(), 11), E_CONFIG);
        assert_eq!(hookproof_policy_set_expected_issuer(Some(policy), c"Tester".as_ptr(), 6), OK);
        assert_eq!(hookproof_policy_set_expected_issuer(Some(policy), ptr::null(), 0), E_CONFIG);
        assert_eq!(hookproof_policy_add_body_method(Some(policy), c"REPORT".as_ptr(), 6), OK);
        assert_eq!(hookproof_policy_add_body_method(Some(policy), ptr::null(), 0), E_CONFIG);
    }

    // What was accepted is in force, and what was refused is not.
    let keyring = keyring();
    let verifier = verifier_from(Some(policy), Some(&keyring));
    assert_eq!(text(hookproof_verifier_header_name(Some(&verifier))), "X-Signature");
    assert_eq!(hookproof_verifier_max_body_bytes(Some(&verifier)), 1 << 30);
    let header = header(BODY, NOW - 604_800);
    let (status, result) = Call { method: b"REPORT", ..Call::new(&header) }.verify(&verifier, BODY);
    assert_eq!(status, i32::from(Reason::IssuerMismatch.code()));
    assert_eq!(hookproof_result_http_status(result.get()), 429);
    let (status, result) = Call::new("Bearer a.b.c").verify(&verifier, BODY);
    assert_eq!(status, i32::from(Reason::TokenMalformed.code()));
    assert_eq!(hookproof_result_http_status(result.get()), 401);
}

#[test]
fn a_body_without_hash_needs_the_dangerous_call() {
    let claims = format!(r#"{{"iat":{NOW},"jti":"j","iss":"Vonage","api_key":"{API_KEY}"}}"#);
    let header = header_of_claims(&claims);
    assert_eq!(Call::new(&header).verify(&verifier(), BODY).0, i32::from(Reason::ClaimsMissing.code()));

    let mut policy = hookproof_policy_new().unwrap();
    assert_eq!(hookproof_policy_dangerously_allow_missing_payload_hash(Some(&mut policy)), OK);
    let verifier = verifier_from(Some(&policy), Some(&keyring()));
    let (status, result) = Call::new(&header).verify(&verifier, BODY);
    assert_eq!(status, OK);
    assert_eq!(text(hookproof_result_payload_form(result.get())), "unhashed");
}

#[test]
fn the_signer_signs_what_the_verifier_accepts() {
    let mut signer = ptr::null_mut();
    // SAFETY: the slices are readable and `signer` is writable.
    let status = unsafe {
        hookproof_signer_new(
            API_KEY.as_ptr().cast(),
            API_KEY.len(),
            SECRET.as_ptr().cast(),
            SECRET.len(),
            &raw mut signer,
        )
    };
    assert_eq!(status, OK);
    // SAFETY: the call succeeded, so this is a handle that nobody else owns.
    let mut signer = unsafe { Box::from_raw(signer) };
    assert_eq!(text(hookproof_signer_header(Some(&signer))), "");
    // SAFETY: the slices are readable.
    unsafe {
        assert_eq!(hookproof_signer_set_application_id(Some(&mut signer), c"app-1".as_ptr(), 5), OK);
        assert_eq!(
            hookproof_signer_sign_body(Some(&mut signer), BODY.as_ptr().cast(), BODY.len(), NOW, c"jti-2".as_ptr(), 5),
            OK
        );
    }
    let header = text(hookproof_signer_header(Some(&signer)));
    let verifier = verifier();
    let (status, result) = Call::new(&header).verify(&verifier, BODY);
    assert_eq!(status, OK);
    assert_eq!(text(hookproof_result_jti(result.get())), "jti-2");
    assert_eq!(text(hookproof_result_application_id(result.get())), "app-1");

    // SAFETY: the text is readable.
    assert_eq!(unsafe { hookproof_signer_sign_claims(Some(&mut signer), c"[]".as_ptr(), 2) }, OK);
    let header = text(hookproof_signer_header(Some(&signer)));
    assert_eq!(Call::new(&header).verify(&verifier, BODY).0, i32::from(Reason::TokenMalformed.code()));
    hookproof_signer_free(Some(signer));
}
