//! What a result tells, in each of its states.

mod common;

use common::*;
use hookproof_ffi::*;

#[test]
fn an_accepted_request_tells_its_claims() {
    let verifier = verifier();
    let header = header(BODY, NOW - 7);
    let (status, result) = Call::new(&header).verify(&verifier, BODY);
    let got = result.get();
    assert_eq!(status, OK);
    assert_eq!(result.status(), OK);
    assert_eq!(text(hookproof_result_api_key(got)), API_KEY);
    assert_eq!(text(hookproof_result_jti(got)), "jti-1");
    assert_eq!(text(hookproof_result_application_id(got)), "");
    assert_eq!(hookproof_result_issued_at(got), NOW - 7);
    assert_eq!(text(hookproof_result_key_label(got)), "production");
    assert_eq!(hookproof_result_keyring_generation(got), 1);
    assert_eq!(result.age(), Some(7));
    assert_eq!(text(hookproof_result_payload_form(got)), "body");
    assert_eq!(text(hookproof_result_untrusted_api_key(got)), "");
    assert_eq!(hookproof_result_http_status(got), 200);
    assert!(!hookproof_result_sender_retries(got));
    assert_eq!(hookproof_result_retry_after(got), 0);
    assert_eq!(hookproof_result_lint_count(got), 0);
    assert!(text(hookproof_result_detail(got)).starts_with("ok: "));
    assert!(text(hookproof_result_claims_json(got)).contains("\"payload_hash\""));
    assert_eq!(result.claim_text("iss").as_deref(), Some("Vonage"));
    assert_eq!(result.claim_integer("iat"), Some(NOW - 7));
    assert_eq!(result.claim_text("iat"), None);
    assert_eq!(result.claim_integer("iss"), None);
    assert_eq!(result.claim_text("absent"), None);
    assert_eq!(result.claim_text(""), None);
}

#[test]
fn a_refusal_tells_no_claims() {
    let verifier = verifier();
    let header = header(BODY, NOW - 7);
    let (status, result) = Call::new(&header).verify(&verifier, b"another body");
    let got = result.get();
    assert_eq!(status, i32::from(hookproof::Reason::PayloadMismatch.code()));
    assert_eq!(result.status(), status);
    for view in [
        hookproof_result_api_key(got),
        hookproof_result_jti(got),
        hookproof_result_application_id(got),
        hookproof_result_claims_json(got),
        hookproof_result_payload_form(got),
    ] {
        assert_eq!(text(view), "");
    }
    assert_eq!(hookproof_result_issued_at(got), 0);
    assert_eq!(result.claim_text("iss"), None);
    assert_eq!(result.claim_integer("iat"), None);
    assert_eq!(text(hookproof_result_untrusted_api_key(got)), API_KEY);
    assert_eq!(text(hookproof_result_key_label(got)), "production");
    assert_eq!(hookproof_result_keyring_generation(got), 1);
    assert_eq!(result.age(), Some(7));
    assert_eq!(hookproof_result_http_status(got), 503);
    assert!(hookproof_result_sender_retries(got));
    assert_eq!(hookproof_result_retry_after(got), 5);
    assert!(text(hookproof_result_detail(got)).starts_with("payload.mismatch: "));
}

#[test]
fn a_final_refusal_is_401() {
    let verifier = verifier();
    let (status, result) = Call::new("Basic dXNlcjpwYXNz").verify(&verifier, BODY);
    assert_eq!(status, i32::from(hookproof::Reason::HeaderMalformed.code()));
    assert_eq!(hookproof_result_http_status(result.get()), 401);
    assert!(!hookproof_result_sender_retries(result.get()));
    assert_eq!(hookproof_result_retry_after(result.get()), 0);
    assert_eq!(text(hookproof_result_untrusted_api_key(result.get())), "");
    assert_eq!(result.age(), None);
}

#[test]
fn lints_of_the_secrets_tried_come_with_a_wrong_signature() {
    let mut keyring = hookproof_keyring_new().unwrap();
    assert_eq!(add_secret(&mut keyring, API_KEY, "production", b"a secret that was copied with its newline\n"), OK);
    assert_eq!(hookproof_keyring_lint_count(Some(&keyring)), 1);
    let lint = text(hookproof_keyring_lint(Some(&keyring), 0));
    assert!(lint.starts_with("a1b2c3d4/production: "), "{lint}");
    assert_eq!(text(hookproof_keyring_lint(Some(&keyring), 1)), "");

    let verifier = verifier_from(None, Some(&keyring));
    let header = header(BODY, NOW);
    let (status, result) = Call::new(&header).verify(&verifier, BODY);
    assert_eq!(status, i32::from(hookproof::Reason::SignatureInvalid.code()));
    assert_eq!(hookproof_result_lint_count(result.get()), 1);
    assert!(text(hookproof_result_lint(result.get(), 0)).starts_with("production: "));
    assert_eq!(text(hookproof_result_lint(result.get(), 1)), "");
}

#[test]
fn a_claim_with_a_nul_keeps_its_length() {
    let verifier = verifier();
    let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let claims = format!(
        r#"{{"iat":{NOW},"jti":"j","iss":"Vonage","api_key":"{API_KEY}","payload_hash":"{hash}","x":"a\u0000b"}}"#
    );
    let header = header_of_claims(&claims);
    let (status, result) = Call::new(&header).verify(&verifier, b"");
    assert_eq!(status, OK);
    assert_eq!(text(hookproof_result_claims_json(result.get())), claims);
    // Asked twice, it is the same text at the same place.
    let mut views = [hookproof_str::EMPTY; 2];
    for view in &mut views {
        // SAFETY: the name is readable and the view is writable.
        assert!(unsafe { hookproof_result_claim_text(result.get(), c"x".as_ptr(), 1, view) });
        assert_eq!(bytes(*view), b"a\0b");
    }
    assert_eq!(views[0].ptr, views[1].ptr);
    // Another claim does not move it.
    assert_eq!(result.claim_text("iss").as_deref(), Some("Vonage"));
    assert_eq!(bytes(views[0]), b"a\0b");
}

#[test]
fn the_account_a_route_serves_is_exact() {
    let verifier = verifier();
    let header = header(BODY, NOW);
    let call = Call::new(&header);
    let mismatch = i32::from(hookproof::Reason::KeyMismatch.code());
    assert_eq!(Call { account: Some(API_KEY.as_bytes()), ..call }.verify(&verifier, BODY).0, OK);
    assert_eq!(Call { account: Some(b"other"), ..call }.verify(&verifier, BODY).0, mismatch);
    // An account that was left empty by mistake must not mean "any".
    assert_eq!(Call { account: Some(b""), ..call }.verify(&verifier, BODY).0, mismatch);
    assert_eq!(call.verify(&verifier, BODY).0, OK);
}

#[test]
fn keys_may_come_with_each_call() {
    let verifier = verifier_from(None, None);
    assert_eq!(hookproof_verifier_generation(Some(&verifier)), 0);
    let header = header(BODY, NOW);
    let call = Call::new(&header);

    let mut buffer = [0x55_u8; 129];
    let mut length = 0;
    // SAFETY: the header is readable, and the buffer and the length are writable.
    let status = unsafe {
        hookproof_verifier_untrusted_api_key(
            Some(&verifier),
            header.as_ptr().cast(),
            header.len(),
            1,
            buffer.as_mut_ptr().cast(),
            buffer.len(),
            &raw mut length,
        )
    };
    assert_eq!(status, OK);
    assert_eq!(&buffer[..=length], b"a1b2c3d4\0");

    let keyring = keyring();
    let (status, result) = call.verify_with(&verifier, Some(&keyring), BODY);
    assert_eq!(status, OK);
    assert_eq!(hookproof_result_keyring_generation(result.get()), 0);
    let unavailable = i32::from(hookproof::Reason::KeyUnavailable.code());
    assert_eq!(call.verify_with(&verifier, None, BODY).0, unavailable);
    assert_eq!(call.verify(&verifier, BODY).0, unavailable);
    assert_eq!(call.begin_with(&verifier, None).0, unavailable);
    let empty = hookproof_keyring_new().unwrap();
    let unknown = i32::from(hookproof::Reason::KeyUnknown.code());
    assert_eq!(call.verify_with(&verifier, Some(&empty), BODY).0, unknown);

    let (status, mut result) = call.begin_with(&verifier, Some(&keyring));
    assert_eq!(status, PENDING_BODY);
    hookproof_keyring_free(Some(keyring));
    assert_eq!(result.update(BODY), PENDING_BODY);
    assert_eq!(result.finish(NOW), OK);
}

#[test]
fn a_replaced_keyring_counts_and_an_empty_one_is_refused() {
    let verifier = verifier();
    let header = header(BODY, NOW);
    let empty = hookproof_keyring_new().unwrap();
    assert_eq!(hookproof_verifier_replace_keyring(Some(&verifier), Some(&empty)), E_CONFIG);
    assert_eq!(hookproof_verifier_generation(Some(&verifier)), 1);
    assert_eq!(Call::new(&header).verify(&verifier, BODY).0, OK);

    let mut other = hookproof_keyring_new().unwrap();
    assert_eq!(add_secret(&mut other, API_KEY, "next", b"another secret of thirty-two bytes or so"), OK);
    assert_eq!(hookproof_verifier_replace_keyring(Some(&verifier), Some(&other)), OK);
    assert_eq!(hookproof_verifier_generation(Some(&verifier)), 2);
    let (status, result) = Call::new(&header).verify(&verifier, BODY);
    assert_eq!(status, i32::from(hookproof::Reason::SignatureInvalid.code()));
    assert_eq!(hookproof_result_keyring_generation(result.get()), 2);
}
