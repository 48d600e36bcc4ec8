//! A safe face over the C functions, so that a test reads as a story.
#![allow(dead_code, unreachable_pub)] // each test file uses its own part

use std::ptr;

use hookproof_ffi::*;

pub const API_KEY: &str = "a1b2c3d4";
pub const SECRET: &[u8] = b"a secret of thirty-two bytes or more";
pub const NOW: i64 = 1_767_225_600;
pub const BODY: &[u8] = br#"{"message_uuid":"aaaaaaaa-bbbb-cccc-dddd-0123456789ab"}"#;

/// Owned by the test, freed by `free` or when it goes out of scope.
pub struct Handle(pub *mut hookproof_result);

impl Handle {
    pub fn get(&self) -> Option<&hookproof_result> {
        // SAFETY: NULL or a handle that this value owns.
        unsafe { self.0.as_ref() }
    }

    pub fn get_mut(&mut self) -> Option<&mut hookproof_result> {
        // SAFETY: NULL or a handle that this value owns.
        unsafe { self.0.as_mut() }
    }

    pub fn is_null(&self) -> bool {
        self.0.is_null()
    }

    pub fn status(&self) -> i32 {
        hookproof_result_status(self.get())
    }

    pub fn update(&mut self, chunk: &[u8]) -> i32 {
        // SAFETY: the slice is readable.
        unsafe { hookproof_result_update(self.get_mut(), chunk.as_ptr().cast(), chunk.len()) }
    }

    pub fn finish(&mut self, now: i64) -> i32 {
        hookproof_result_finish(self.get_mut(), now)
    }

    pub fn claim_text(&self, name: &str) -> Option<String> {
        let mut out = hookproof_str::EMPTY;
        // SAFETY: the name is readable and `out` is writable.
        let found = unsafe { hookproof_result_claim_text(self.get(), name.as_ptr().cast(), name.len(), &raw mut out) };
        found.then(|| text(out))
    }

    pub fn claim_integer(&self, name: &str) -> Option<i64> {
        let mut out = -1;
        // SAFETY: the name is readable and `out` is writable.
        let found =
            unsafe { hookproof_result_claim_integer(self.get(), name.as_ptr().cast(), name.len(), &raw mut out) };
        assert!(found || out == 0);
        found.then_some(out)
    }

    pub fn age(&self) -> Option<i64> {
        let mut out = -1;
        // SAFETY: `out` is writable.
        let known = unsafe { hookproof_result_age_seconds(self.get(), &raw mut out) };
        assert!(known || out == 0);
        known.then_some(out)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: NULL or a handle that came from the library and is freed here only.
        hookproof_result_free((!self.0.is_null()).then(|| unsafe { Box::from_raw(self.0) }));
    }
}

/// The bytes of a text, after checking that a NUL follows them.
pub fn bytes(view: hookproof_str) -> Vec<u8> {
    assert!(!view.ptr.is_null());
    // SAFETY: a view is readable up to and including its NUL.
    let with_nul = unsafe { std::slice::from_raw_parts(view.ptr.cast::<u8>(), view.len + 1) };
    assert_eq!(with_nul[view.len], 0);
    with_nul[..view.len].to_vec()
}

pub fn text(view: hookproof_str) -> String {
    String::from_utf8(bytes(view)).expect("texts are UTF-8")
}

pub fn add_secret(keyring: &mut hookproof_keyring, api_key: &str, label: &str, secret: &[u8]) -> i32 {
    // SAFETY: the slices are readable.
    unsafe {
        hookproof_keyring_add_secret(
            Some(keyring),
            api_key.as_ptr().cast(),
            api_key.len(),
            label.as_ptr().cast(),
            label.len(),
            secret.as_ptr().cast(),
            secret.len(),
        )
    }
}

pub fn add_json(keyring: &mut hookproof_keyring, json: &[u8]) -> i32 {
    // SAFETY: the slice is readable.
    unsafe { hookproof_keyring_add_json(Some(keyring), json.as_ptr().cast(), json.len()) }
}

pub fn keyring() -> Box<hookproof_keyring> {
    let mut keyring = hookproof_keyring_new().expect("a keyring");
    assert_eq!(add_secret(&mut keyring, API_KEY, "production", SECRET), OK);
    keyring
}

pub fn verifier_from(
    policy: Option<&hookproof_policy>,
    keyring: Option<&hookproof_keyring>,
) -> Box<hookproof_verifier> {
    let mut out = ptr::null_mut();
    // SAFETY: `out` is writable.
    assert_eq!(unsafe { hookproof_verifier_new(policy, keyring, &raw mut out) }, OK);
    // SAFETY: the call succeeded, so `out` is a handle that nobody else owns.
    unsafe { Box::from_raw(out) }
}

pub fn verifier() -> Box<hookproof_verifier> {
    let keyring = keyring();
    let verifier = verifier_from(None, Some(&keyring));
    hookproof_keyring_free(Some(keyring));
    verifier
}

pub fn header(body: &[u8], iat: i64) -> String {
    hookproof::sign::Signer::new(API_KEY, SECRET).expect("a signer").sign_body(body, iat, "jti-1")
}

pub fn header_of_claims(claims: &str) -> String {
    hookproof::sign::Signer::new(API_KEY, SECRET).expect("a signer").sign_claims(claims.as_bytes())
}

#[derive(Clone, Copy)]
pub struct Call<'a> {
    pub method: &'a [u8],
    pub header: &'a [u8],
    pub header_count: usize,
    pub account: Option<&'a [u8]>,
    pub declared_len: u64,
    pub now: i64,
}

impl<'a> Call<'a> {
    pub fn new(header: &'a str) -> Call<'a> {
        Call {
            method: b"POST",
            header: header.as_bytes(),
            header_count: 1,
            account: None,
            declared_len: LENGTH_UNKNOWN,
            now: NOW,
        }
    }

    fn account(&self) -> (*const std::ffi::c_char, usize) {
        self.account.map_or((ptr::null(), 0), |account| (account.as_ptr().cast(), account.len()))
    }

    pub fn verify(&self, verifier: &hookproof_verifier, body: &[u8]) -> (i32, Handle) {
        let mut out = ptr::dangling_mut();
        // SAFETY: the slices are readable and `out` is writable.
        let status = unsafe {
            hookproof_verifier_verify(
                Some(verifier),
                self.method.as_ptr().cast(),
                self.method.len(),
                self.header.as_ptr().cast(),
                self.header.len(),
                self.header_count,
                ptr::null(),
                0,
                ptr::null(),
                0,
                self.account().0,
                self.account().1,
                body.as_ptr().cast(),
                body.len(),
                self.now,
                &raw mut out,
            )
        };
        (status, Handle(out))
    }

    pub fn verify_with(
        &self,
        verifier: &hookproof_verifier,
        keyring: Option<&hookproof_keyring>,
        body: &[u8],
    ) -> (i32, Handle) {
        let mut out = ptr::dangling_mut();
        // SAFETY: the slices are readable and `out` is writable.
        let status = unsafe {
            hookproof_verifier_verify_with_keyring(
                Some(verifier),
                keyring,
                self.method.as_ptr().cast(),
                self.method.len(),
                self.header.as_ptr().cast(),
                self.header.len(),
                self.header_count,
                ptr::null(),
                0,
                ptr::null(),
                0,
                self.account().0,
                self.account().1,
                body.as_ptr().cast(),
                body.len(),
                self.now,
                &raw mut out,
            )
        };
        (status, Handle(out))
    }

    pub fn begin(&self, verifier: &hookproof_verifier) -> (i32, Handle) {
        let mut out = ptr::dangling_mut();
        // SAFETY: the slices are readable and `out` is writable.
        let status = unsafe {
            hookproof_verifier_begin(
                Some(verifier),
                self.method.as_ptr().cast(),
                self.method.len(),
                self.header.as_ptr().cast(),
                self.header.len(),
                self.header_count,
                ptr::null(),
                0,
                ptr::null(),
                0,
                self.account().0,
                self.account().1,
                self.declared_len,
                self.now,
                &raw mut out,
            )
        };
        (status, Handle(out))
    }

    pub fn begin_with(&self, verifier: &hookproof_verifier, keyring: Option<&hookproof_keyring>) -> (i32, Handle) {
        let mut out = ptr::dangling_mut();
        // SAFETY: the slices are readable and `out` is writable.
        let status = unsafe {
            hookproof_verifier_begin_with_keyring(
                Some(verifier),
                keyring,
                self.method.as_ptr().cast(),
                self.method.len(),
                self.header.as_ptr().cast(),
                self.header.len(),
                self.header_count,
                ptr::null(),
                0,
                ptr::null(),
                0,
                self.account().0,
                self.account().1,
                self.declared_len,
                self.now,
                &raw mut out,
            )
        };
        (status, Handle(out))
    }
}
