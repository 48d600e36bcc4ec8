//! NULL for every pointer, and every length of 0.

mod common;

use std::ffi::{c_char, c_void};
use std::ptr;

use common::*;
use hookproof::Reason;
use hookproof_ffi::*;

#[test]
fn freeing_null_does_nothing() {
    hookproof_keyring_free(None);
    hookproof_policy_free(None);
    hookproof_store_free(None);
    hookproof_verifier_free(None);
    hookproof_result_free(None);
    hookproof_claim_free(None);
    hookproof_signer_free(None);
}

#[test]
fn getters_of_null_are_empty() {
    let empty = |view: hookproof_str| assert_eq!(text(view), "");
    empty(hookproof_keyring_lint(None, 0));
    empty(hookproof_keyring_error(None));
    empty(hookproof_policy_error(None));
    empty(hookproof_verifier_header_name(None));
    empty(hookproof_result_detail(None));
    empty(hookproof_result_untrusted_api_key(None));
    empty(hookproof_result_api_key(None));
    empty(hookproof_result_jti(None));
    empty(hookproof_result_application_id(None));
    empty(hookproof_result_claims_json(None));
    empty(hookproof_result_key_label(None));
    empty(hookproof_result_payload_form(None));
    empty(hookproof_result_lint(None, 0));
    empty(hookproof_signer_header(None));
    empty(hookproof_store_error(None));
    empty(hookproof_store_extent(None));
    empty(hookproof_claim_error(None));
    empty(hookproof_result_replay(None));
    empty(hookproof_result_replay_identity(None));
    empty(hookproof_result_replay_owner(None));
    assert_eq!(hookproof_result_replay_lease_seconds(None), 0);
    assert_eq!(hookproof_result_replay_keep_seconds(None), 0);
    assert!(!hookproof_result_is_duplicate(None));
    assert!(!hookproof_claim_is_open(None));
    assert_eq!(hookproof_keyring_len(None), 0);
    assert_eq!(hookproof_keyring_lint_count(None), 0);
    assert_eq!(hookproof_verifier_generation(None), 0);
    assert_eq!(hookproof_verifier_max_body_bytes(None), 0);
    assert_eq!(hookproof_result_issued_at(None), 0);
    assert_eq!(hookproof_result_keyring_generation(None), 0);
    assert_eq!(hookproof_result_lint_count(None), 0);
    assert_eq!(hookproof_result_status(None), E_NULL);
    // What is answered without a result must make the sender keep the message.
    assert_eq!(hookproof_result_http_status(None), 503);
    assert!(hookproof_result_sender_retries(None));
    assert_eq!(hookproof_result_retry_after(None), 5);

    let mut view = hookproof_str { ptr: ptr::null(), len: 9 };
    let mut number = 9;
    // SAFETY: the names are readable and the outputs are writable or NULL.
    unsafe {
        assert!(!hookproof_result_claim_text(None, c"iss".as_ptr(), 3, &raw mut view));
        empty(view);
        assert!(!hookproof_result_claim_integer(None, c"iat".as_ptr(), 3, &raw mut number));
        assert_eq!(number, 0);
        number = 9;
        assert!(!hookproof_result_age_seconds(None, &raw mut number));
        assert_eq!(number, 0);
        assert!(!hookproof_result_claim_text(None, ptr::null(), 0, ptr::null_mut()));
        assert!(!hookproof_result_claim_integer(None, ptr::null(), 0, ptr::null_mut()));
        assert!(!hookproof_result_age_seconds(None, ptr::null_mut()));
    }
}

#[test]
fn outputs_of_getters_may_be_null() {
    let verifier = verifier();
    let header = header(BODY, NOW);
    let (_, result) = Call::new(&header).verify(&verifier, BODY);
    // SAFETY: the names are readable; NULL takes no output.
    unsafe {
        assert!(hookproof_result_claim_text(result.get(), c"iss".as_ptr(), 3, ptr::null_mut()));
        assert!(hookproof_result_claim_integer(result.get(), c"iat".as_ptr(), 3, ptr::null_mut()));
        assert!(hookproof_result_age_seconds(result.get(), ptr::null_mut()));
        assert!(!hookproof_result_claim_text(result.get(), ptr::null(), 3, ptr::null_mut()));
        assert!(!hookproof_result_claim_text(result.get(), b"\xff".as_ptr().cast(), 1, ptr::null_mut()));
    }
}

#[test]
fn setters_of_null_say_so() {
    // SAFETY: without a handle nothing is read.
    unsafe {
        assert_eq!(hookproof_keyring_add_secret(None, ptr::null(), 0, ptr::null(), 0, ptr::null(), 0), E_NULL);
        assert_eq!(
            hookproof_keyring_add_dated_secret(None, ptr::null(), 0, ptr::null(), 0, ptr::null(), 0, 0, 0),
            E_NULL
        );
        assert_eq!(hookproof_keyring_add_application_id(None, ptr::null(), 0, ptr::null(), 0), E_NULL);
        assert_eq!(hookproof_keyring_add_json(None, ptr::null(), 0), E_NULL);
        assert_eq!(hookproof_policy_set_header_name(None, ptr::null(), 0), E_NULL);
        assert_eq!(hookproof_policy_set_expected_issuer(None, ptr::null(), 0), E_NULL);
        assert_eq!(hookproof_policy_add_body_method(None, ptr::null(), 0), E_NULL);
        assert_eq!(hookproof_signer_set_application_id(None, ptr::null(), 0), E_NULL);
        assert_eq!(hookproof_signer_sign_body(None, ptr::null(), 0, 0, ptr::null(), 0), E_NULL);
        assert_eq!(hookproof_signer_sign_claims(None, ptr::null(), 0), E_NULL);
        assert_eq!(hookproof_result_update(None, ptr::null(), 0), E_NULL);
    }
    assert_eq!(hookproof_policy_set_max_age(None, 1), E_NULL);
    assert_eq!(hookproof_policy_set_leeway(None, 1), E_NULL);
    assert_eq!(hookproof_policy_set_max_header_bytes(None, 4096), E_NULL);
    assert_eq!(hookproof_policy_set_max_body_bytes(None, 1), E_NULL);
    assert_eq!(hookproof_policy_set_advice(None, 0), E_NULL);
    assert_eq!(hookproof_policy_set_retry_status(None, 503), E_NULL);
    assert_eq!(hookproof_policy_dangerously_allow_missing_payload_hash(None), E_NULL);
    assert_eq!(hookproof_policy_set_lease(None, 1), E_NULL);
    assert_eq!(hookproof_policy_dangerously_accept_and_flag_store_failures(None), E_NULL);
    assert_eq!(hookproof_store_set_budget_ms(None, 1), E_NULL);
    assert_eq!(hookproof_result_finish(None, 0), E_NULL);
    assert_eq!(hookproof_result_finish_once(None, None, 0, 0), E_NULL);
    assert_eq!(hookproof_result_answer_replay(None, 0, 0), E_NULL);
    // A duplicate that is handed on has no claim: ending it is no error.
    assert_eq!(hookproof_claim_confirm(None, 0), NO_EFFECT);
    assert_eq!(hookproof_claim_release(None, 0), NO_EFFECT);
    assert_eq!(hookproof_verifier_replace_keyring(None, None), E_NULL);
    assert_eq!(hookproof_verifier_replace_keyring(Some(&verifier()), None), E_NULL);
}

#[test]
fn a_null_text_with_a_length_names_the_argument() {
    let mut keyring = hookproof_keyring_new().unwrap();
    let key: (*const c_char, usize) = (c"k".as_ptr(), 1);
    let none: *const c_char = ptr::null();
    // SAFETY: NULL is refused before it is read; the rest is readable.
    unsafe {
        let add = |keyring: &mut hookproof_keyring, k, l, s| {
            let status = hookproof_keyring_add_secret(Some(keyring), k, 1, l, 1, s, 1);
            (status, text(hookproof_keyring_error(Some(keyring))))
        };
        let secret: *const c_void = key.0.cast();
        assert_eq!(add(&mut keyring, none, key.0, secret), (E_NULL, "api_key: is NULL".into()));
        assert_eq!(add(&mut keyring, key.0, none, secret), (E_NULL, "label: is NULL".into()));
        assert_eq!(add(&mut keyring, key.0, key.0, ptr::null()), (E_NULL, "secret: is NULL".into()));
        assert_eq!(add(&mut keyring, key.0, key.0, secret), (OK, String::new()));
        assert_eq!(hookproof_keyring_add_json(Some(&mut keyring), none, 1), E_NULL);
        assert_eq!(hookproof_keyring_add_application_id(Some(&mut keyring), key.0, 1, none, 1), E_NULL);
    }
    assert_eq!(hookproof_keyring_len(Some(&keyring)), 1);
}

#[test]
fn configuration_must_be_utf8_and_secrets_need_not() {
    let mut keyring = hookproof_keyring_new().unwrap();
    // SAFETY: the bytes are readable.
    let status = unsafe {
        hookproof_keyring_add_secret(
            Some(&mut keyring),
            b"\xff".as_ptr().cast(),
            1,
            c"l".as_ptr(),
            1,
            c"s".as_ptr().cast(),
            1,
        )
    };
    assert_eq!(status, E_UTF8);
    assert_eq!(text(hookproof_keyring_error(Some(&keyring))), "api_key: is not valid UTF-8");
    assert_eq!(add_secret(&mut keyring, "k", "l", b"\xff\0\xfe"), OK);
    assert_eq!(text(hookproof_keyring_error(Some(&keyring))), "");
    assert_eq!(add_json(&mut keyring, b"\xff"), E_UTF8);
}

#[test]
fn empty_values_are_values() {
    let mut keyring = hookproof_keyring_new().unwrap();
    assert_eq!(add_secret(&mut keyring, "k", "l", b""), E_CONFIG);
    assert!(text(hookproof_keyring_error(Some(&keyring))).starts_with("secret: "));
    assert_eq!(add_secret(&mut keyring, "", "l", b"s"), E_CONFIG);
    assert_eq!(add_json(&mut keyring, b""), E_CONFIG);
    // SAFETY: a length of 0 is never read.
    let status = unsafe { hookproof_keyring_add_json(Some(&mut keyring), ptr::null(), 0) };
    assert_eq!(status, E_CONFIG);
    assert_eq!(hookproof_keyring_len(Some(&keyring)), 0);

    let verifier = verifier();
    let empty = header(b"", NOW);
    assert_eq!(Call::new(&empty).verify(&verifier, b"").0, OK);
    let missing = i32::from(Reason::HeaderMissing.code());
    assert_eq!(Call::new("").verify(&verifier, b"").0, missing);
    assert_eq!(Call { header_count: 0, ..Call::new(&empty) }.verify(&verifier, b"").0, missing);
}

fn verify_raw(
    verifier: Option<&hookproof_verifier>,
    texts: [(*const c_char, usize); 5],
    body: (*const c_void, usize),
) -> (i32, *mut hookproof_result) {
    let [method, header, query, route, account] = texts;
    let mut out = ptr::dangling_mut();
    // SAFETY: every pair is readable, or is refused before it is read; `out` is writable.
    let status = unsafe {
        hookproof_verifier_verify(
            verifier,
            method.0,
            method.1,
            header.0,
            header.1,
            1,
            query.0,
            query.1,
            route.0,
            route.1,
            account.0,
            account.1,
            body.0,
            body.1,
            NOW,
            &raw mut out,
        )
    };
    (status, out)
}

#[test]
fn every_argument_of_verify_is_checked_and_out_is_null_then() {
    let verifier = verifier();
    let header = header(b"", NOW);
    let post: (*const c_char, usize) = (c"POST".as_ptr(), 4);
    let good = [post, (header.as_ptr().cast(), header.len()), (ptr::null(), 0), (ptr::null(), 0), (ptr::null(), 0)];
    let no_body: (*const c_void, usize) = (ptr::null(), 0);

    let (status, out) = verify_raw(Some(&verifier), good, no_body);
    assert_eq!(status, OK);
    drop(Handle(out));

    for place in 0..good.len() {
        for (pair, expected) in [
            ((ptr::null(), 1), E_NULL),
            ((ptr::null(), usize::MAX), E_NULL),
            ((post.0, usize::MAX), E_ARGUMENT),
            ((post.0, isize::MAX as usize + 1), E_ARGUMENT),
        ] {
            let mut texts = good;
            texts[place] = pair;
            let (status, out) = verify_raw(Some(&verifier), texts, no_body);
            assert_eq!(status, expected, "argument {place}");
            assert!(out.is_null());
        }
    }
    assert_eq!(verify_raw(Some(&verifier), good, (ptr::null(), 1)), (E_NULL, ptr::null_mut()));
    assert_eq!(verify_raw(Some(&verifier), good, (post.0.cast(), usize::MAX)), (E_ARGUMENT, ptr::null_mut()));
    assert_eq!(verify_raw(None, good, no_body), (E_NULL, ptr::null_mut()));
}

#[test]
fn verify_needs_no_result_and_begin_does() {
    let verifier = verifier();
    let header = header(BODY, NOW);
    let none: *const c_char = ptr::null();
    // SAFETY: the pairs are readable; NULL takes no result.
    let (verified, begun) = unsafe {
        (
            hookproof_verifier_verify(
                Some(&verifier),
                c"POST".as_ptr(),
                4,
                header.as_ptr().cast(),
                header.len(),
                1,
                none,
                0,
                none,
                0,
                none,
                0,
                BODY.as_ptr().cast(),
                BODY.len(),
                NOW,
                ptr::null_mut(),
            ),
            hookproof_verifier_begin(
                Some(&verifier),
                c"POST".as_ptr(),
                4,
                header.as_ptr().cast(),
                header.len(),
                1,
                none,
                0,
                none,
                0,
                none,
                0,
                LENGTH_UNKNOWN,
                NOW,
                ptr::null_mut(),
            ),
        )
    };
    assert_eq!(verified, OK);
    assert_eq!(begun, E_NULL);
}

#[test]
fn makers_need_a_place_for_the_handle() {
    let keyring = keyring();
    let empty = hookproof_keyring_new().unwrap();
    let mut verifier = ptr::dangling_mut();
    let mut signer = ptr::dangling_mut();
    // SAFETY: the pairs are readable and the outputs are writable or NULL.
    unsafe {
        assert_eq!(hookproof_verifier_new(None, Some(&keyring), ptr::null_mut()), E_NULL);
        assert_eq!(hookproof_verifier_new(None, Some(&empty), &raw mut verifier), E_CONFIG);
        assert!(verifier.is_null());
        assert_eq!(hookproof_signer_new(c"k".as_ptr(), 1, c"s".as_ptr().cast(), 1, ptr::null_mut()), E_NULL);
        assert_eq!(hookproof_signer_new(c"k".as_ptr(), 1, ptr::null(), 0, &raw mut signer), E_CONFIG);
        assert!(signer.is_null());
        assert_eq!(hookproof_signer_new(b"\xff".as_ptr().cast(), 1, c"s".as_ptr().cast(), 1, &raw mut signer), E_UTF8);
    }
}

#[test]
fn the_buffer_for_an_untrusted_key_must_hold_the_longest() {
    let verifier = verifier();
    let header = header(BODY, NOW);
    let ask = |header: &str, count: usize, buffer: *mut c_char, size: usize, length: *mut usize| {
        // SAFETY: the header is readable, the buffer has `size` bytes or is NULL, the length is writable or NULL.
        unsafe {
            hookproof_verifier_untrusted_api_key(
                Some(&verifier),
                header.as_ptr().cast(),
                header.len(),
                count,
                buffer,
                size,
                length,
            )
        }
    };
    let mut buffer = [0x55 as c_char; 129];
    let mut length = 9;
    assert_eq!(ask(&header, 1, buffer.as_mut_ptr(), 128, &raw mut length), E_ARGUMENT);
    assert_eq!((buffer[0], buffer[1], length), (0, 0x55, 0));
    assert_eq!(ask(&header, 1, buffer.as_mut_ptr(), 0, ptr::null_mut()), E_ARGUMENT);
    assert_eq!(ask(&header, 1, ptr::null_mut(), 129, ptr::null_mut()), E_NULL);
    assert_eq!(ask(&header, 1, buffer.as_mut_ptr(), 129, ptr::null_mut()), OK);
    assert_eq!(buffer[7..9], [b'4' as c_char, 0]);
    let duplicated = i32::from(Reason::HeaderDuplicated.code());
    assert_eq!(ask(&header, 2, buffer.as_mut_ptr(), 129, &raw mut length), duplicated);
    assert_eq!((buffer[0], length), (0, 0));
    // SAFETY: without a verifier nothing is read.
    let status = unsafe {
        hookproof_verifier_untrusted_api_key(None, ptr::null(), 0, 0, buffer.as_mut_ptr(), 129, &raw mut length)
    };
    assert_eq!(status, E_NULL);
}
