//! The verifier, as a handle.

// The arguments are flat on purpose: PHP and Go cannot fill a struct of pointers.
#![allow(clippy::too_many_arguments)]

use std::ffi::{CStr, c_char, c_void};

use hookproof::{
    ConfigError, Keyring, PendingBody, Policy, Refusal, Request, RequestHead, SourceHint, Verified, Verifier,
};

use crate::claim::hookproof_claim;
use crate::guard::guard;
use crate::input::{Fault, bytes, octets, text};
use crate::keyring::hookproof_keyring;
use crate::output::{Text, hookproof_str, put};
use crate::policy::hookproof_policy;
use crate::result::hookproof_result;
use crate::status::{self, E_ARGUMENT, E_INTERNAL, E_NULL, OK, PENDING_BODY, hookproof_status, of_reason};
use crate::store::{self, Take, hookproof_store};

/// The value of `declared_len` when the request announced none.
pub const LENGTH_UNKNOWN: u64 = u64::MAX;

/// Judges requests by a policy and a keyring, both Copied when it was made.
///
/// Owned: made by hookproof_verifier_new, freed with hookproof_verifier_free. Make one at start-up
/// and keep it. Results and claims do not need it and may outlive it. It has no store: each call
/// that needs one names it.
///
/// Shareable: any number of threads may use it at once, also while another replaces the keyring;
/// only freeing needs that no other thread uses it any more.
#[allow(non_camel_case_types)]
pub struct hookproof_verifier {
    verifier: Verifier,
    header_name: Text,
}

/// A head as it arrives: pairs of pointer and length.
struct RawHead {
    method: (*const c_char, usize),
    header: (*const c_char, usize),
    header_count: usize,
    query: (*const c_char, usize),
    route: (*const c_char, usize),
    account: (*const c_char, usize),
}

impl RawHead {
    /// # Safety
    ///
    /// As for [`bytes`], for every pair.
    unsafe fn read<'a>(&self) -> Result<RequestHead<'a>, Fault> {
        // SAFETY: the promise is the same.
        let (method, header, query, route, account) = unsafe {
            (
                octets("method", self.method.0, self.method.1)?,
                octets("header", self.header.0, self.header.1)?,
                octets("query", self.query.0, self.query.1)?,
                octets("route", self.route.0, self.route.1)?,
                octets("account", self.account.0, self.account.1)?,
            )
        };
        let head = RequestHead::new(method).header(header, self.header_count).query(query).route(route);
        // An empty account that was meant to be set must not read as "any".
        Ok(if self.account.0.is_null() { head } else { head.expected_account(account) })
    }

    /// # Safety
    ///
    /// As for [`bytes`], for every pair.
    unsafe fn with_body<'a>(&self, body: (*const c_void, usize)) -> Result<Request<'a>, Fault> {
        // SAFETY: the promise is the same.
        unsafe { Ok(Request::new(self.read()?, bytes("body", body.0, body.1)?)) }
    }
}

/// What receiving has beyond verifying.
struct Receive<'a> {
    store: Option<&'a hookproof_store>,
    take: Take,
    duplicates: i32,
    now: i64,
    /// NULL where there is never a claim.
    out_claim: *mut *mut hookproof_claim,
}

/// Runs one verification and hands its result out.
///
/// # Safety
///
/// As for [`bytes`], for every pair; `out` is NULL or writable.
unsafe fn verify(
    verifier: Option<&hookproof_verifier>,
    head: &RawHead,
    body: (*const c_void, usize),
    out: *mut *mut hookproof_result,
    judge: impl FnOnce(&Verifier, &Request<'_>) -> Result<Verified, Refusal>,
) -> hookproof_status {
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { put(out, std::ptr::null_mut()) };
    guard(E_INTERNAL, || {
        let Some(verifier) = verifier else {
            return E_NULL;
        };
        // SAFETY: the promise is the same.
        let request = match unsafe { head.with_body(body) } {
            Ok(request) => request,
            Err(fault) => return fault.status(),
        };
        let verdict = judge(&verifier.verifier, &request);
        let status = verdict.as_ref().map_or_else(|refusal| of_reason(refusal.reason()), |_| OK);
        if !out.is_null() {
            let result = Box::into_raw(hookproof_result::verdict(verdict));
            // SAFETY: not NULL, and writable by the caller's promise.
            unsafe { out.write(result) };
        }
        status
    })
}

/// Runs one verification, asks the store, and hands out the result and the claim.
///
/// # Safety
///
/// As for [`bytes`], for every pair; `out` and `receive.out_claim` are NULL or writable.
unsafe fn receive(
    verifier: Option<&hookproof_verifier>,
    receive: &Receive<'_>,
    head: &RawHead,
    body: (*const c_void, usize),
    out: *mut *mut hookproof_result,
    judge: impl FnOnce(&Verifier, &Request<'_>) -> Result<Verified, Refusal>,
) -> hookproof_status {
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe {
        put(out, std::ptr::null_mut());
        put(receive.out_claim, std::ptr::null_mut());
    }
    guard(E_INTERNAL, || {
        let (Some(verifier), Some(store)) = (verifier, receive.store) else {
            return E_NULL;
        };
        // A claim that nobody can end would hold its request for nothing.
        if out.is_null() || (matches!(receive.take, Take::Claim) && receive.out_claim.is_null()) {
            return E_NULL;
        }
        // SAFETY: the promise is the same.
        let (request, duplicates) = match (unsafe { head.with_body(body) }, store::duplicates(receive.duplicates)) {
            (Ok(request), Ok(duplicates)) => (request, duplicates),
            (Err(fault), _) | (_, Err(fault)) => return fault.status(),
        };
        let (result, claim) = match judge(&verifier.verifier, &request) {
            Ok(verified) => hookproof_result::taken(store.take(verified, receive.take, duplicates, receive.now)),
            Err(refusal) => (hookproof_result::verdict(Err(refusal)), None),
        };
        let status = result.status();
        // SAFETY: not NULL where there is something to write, and writable by the caller's promise.
        unsafe {
            out.write(Box::into_raw(result));
            if let Some(claim) = claim {
                put(receive.out_claim, Box::into_raw(claim));
            }
        }
        status
    })
}

/// Begins one verification and hands out what waits for the body, or the refusal.
///
/// # Safety
///
/// As for [`bytes`], for every pair; `out` is NULL or writable.
unsafe fn begin(
    verifier: Option<&hookproof_verifier>,
    head: &RawHead,
    declared_len: u64,
    out: *mut *mut hookproof_result,
    judge: impl FnOnce(&Verifier, &RequestHead<'_>) -> Result<PendingBody, Refusal>,
) -> hookproof_status {
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { put(out, std::ptr::null_mut()) };
    guard(E_INTERNAL, || {
        let Some(verifier) = verifier else {
            return E_NULL;
        };
        if out.is_null() {
            return E_NULL;
        }
        // SAFETY: the promise is the same.
        let head = match unsafe { head.read() } {
            Ok(head) if declared_len == LENGTH_UNKNOWN => head,
            Ok(head) => head.declared_length(declared_len),
            Err(fault) => return fault.status(),
        };
        let (status, result) = match judge(&verifier.verifier, &head) {
            Ok(pending) => (PENDING_BODY, hookproof_result::pending(pending)),
            Err(refusal) => (of_reason(refusal.reason()), hookproof_result::verdict(Err(refusal))),
        };
        // SAFETY: not NULL, and writable by the caller's promise.
        unsafe { out.write(Box::into_raw(result)) };
        status
    })
}

fn build(policy: Option<&hookproof_policy>, keyring: Option<&hookproof_keyring>) -> Result<Verifier, ConfigError> {
    status::prepare();
    let policy = policy.map_or_else(Policy::standard, |policy| policy.policy().clone());
    match keyring {
        Some(keyring) => Verifier::new(policy, keyring.ring().clone()),
        None => Ok(Verifier::with_keys_per_call(policy)),
    }
}

/// Makes a verifier. `policy` NULL: the standard policy. `keyring` NULL: there is none, and a
/// keyring comes with each call (hookproof_verifier_verify_with_keyring,
/// hookproof_verifier_begin_with_keyring). Both are Copied.
///
/// 0: `*out` is the verifier, Owned: free it with hookproof_verifier_free. Else `*out` is NULL.
/// HOOKPROOF_E_CONFIG: the keyring has no account. HOOKPROOF_E_NULL: `out` is NULL.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_verifier_new(
    policy: Option<&hookproof_policy>,
    keyring: Option<&hookproof_keyring>,
    out: *mut *mut hookproof_verifier,
) -> hookproof_status {
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { put(out, std::ptr::null_mut()) };
    guard(E_INTERNAL, || {
        if out.is_null() {
            return E_NULL;
        }
        let verifier = match build(policy, keyring) {
            Ok(verifier) => verifier,
            Err(error) => return Fault::from(error).status(),
        };
        let header_name = Text::new(verifier.header_name());
        let handle = Box::new(hookproof_verifier { verifier, header_name });
        // SAFETY: not NULL, and writable by the caller's promise.
        unsafe { out.write(Box::into_raw(handle)) };
        OK
    })
}

/// Replaces the whole keyring at once; `keyring` is Copied. May be called while other threads
/// verify: a verification under way keeps the keyring it began with.
///
/// HOOKPROOF_E_CONFIG: the keyring has no account, and the old one stays.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn hookproof_verifier_replace_keyring(
    verifier: Option<&hookproof_verifier>,
    keyring: Option<&hookproof_keyring>,
) -> hookproof_status {
    guard(E_INTERNAL, || {
        let (Some(verifier), Some(keyring)) = (verifier, keyring) else {
            return E_NULL;
        };
        match verifier.verifier.replace_keyring(keyring.ring().clone()) {
            Ok(_) => OK,
            Err(error) => Fault::from(error).status(),
        }
    })
}

/// Counts the keyrings: 1 for the first, one more after each replacement; 0 without one, and for
/// NULL.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_verifier_generation(verifier: Option<&hookproof_verifier>) -> u64 {
    guard(0, || verifier.map_or(0, |verifier| verifier.verifier.generation()))
}

/// The name of the header to read from the request, "Authorization" by default. NULL: empty.
/// Borrowed from `verifier` until it is freed.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_verifier_header_name(verifier: Option<&hookproof_verifier>) -> hookproof_str {
    guard(hookproof_str::EMPTY, || verifier.map_or(hookproof_str::EMPTY, |verifier| verifier.header_name.view()))
}

/// The largest body, in bytes. Read no more than one byte beyond it. NULL: 0.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_verifier_max_body_bytes(verifier: Option<&hookproof_verifier>) -> u64 {
    guard(0, || verifier.map_or(0, |verifier| verifier.verifier.policy().max_body_bytes()))
}

/// How the address a request came from relates to the networks of the policy: "not_checked" (the
/// policy has none, and for NULL), "published", "added", "elsewhere", or "unreadable" for a text
/// that is no address. A port behind the address does no harm. It is a hint for logs, NEVER a proof:
/// networks change, and behind a proxy the address is the proxy's. Static.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_verifier_source_hint(
    verifier: Option<&hookproof_verifier>,
    address: *const c_char,
    address_len: usize,
) -> hookproof_str {
    guard(hookproof_str::EMPTY, || {
        let networks = verifier.and_then(|verifier| verifier.verifier.policy().networks());
        // SAFETY: the caller vouches for the pointer and its length.
        let address = unsafe { text("address", address, address_len) };
        let hint = match (networks, address) {
            (None, _) => SourceHint::NotChecked,
            (Some(networks), Ok(address)) => networks.hint_of_text(address),
            (Some(_), Err(_)) => SourceHint::Unreadable,
        };
        hint_text(hint)
    })
}

fn hint_text(hint: SourceHint) -> hookproof_str {
    let text: &'static CStr = match hint {
        SourceHint::NotChecked => c"not_checked",
        SourceHint::Published => c"published",
        SourceHint::Added => c"added",
        SourceHint::Elsewhere => c"elsewhere",
        _ => c"unreadable",
    };
    hookproof_str::from_static(text)
}

/// Hands out an account that a request names.
///
/// # Safety
///
/// `out` is NULL or writable for `out_size` bytes; `out_len` is NULL or writable.
unsafe fn name_account(
    verifier: Option<&hookproof_verifier>,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
    read: impl FnOnce(&Verifier) -> Result<Result<String, Refusal>, Fault>,
) -> hookproof_status {
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { put(out_len, 0) };
    if out_size > 0 {
        // SAFETY: NULL or writable for at least one byte, by the caller's promise.
        unsafe { put(out, 0) };
    }
    guard(E_INTERNAL, || {
        let Some(verifier) = verifier else {
            return E_NULL;
        };
        if out.is_null() {
            return E_NULL;
        }
        // Judged before the request is read, so that a small buffer fails in the first test and not at
        // the first long key.
        if out_size <= hookproof::limits::MAX_API_KEY_BYTES {
            return E_ARGUMENT;
        }
        let account = match read(&verifier.verifier) {
            Ok(Ok(account)) => account,
            Ok(Err(refusal)) => return of_reason(refusal.reason()),
            Err(fault) => return fault.status(),
        };
        if account.len() >= out_size {
            return E_INTERNAL;
        }
        // SAFETY: `out` is writable for `out_size` bytes by the caller's promise, the key and its NUL are
        // no more, and a fresh String overlaps nothing of the caller's.
        unsafe {
            out.cast::<u8>().copy_from_nonoverlapping(account.as_ptr(), account.len());
            out.add(account.len()).write(0);
            put(out_len, account.len());
        }
        OK
    })
}

/// Reads the api_key that the token claims, for programs that load the account's secrets from a
/// database and then call hookproof_verifier_verify_with_keyring. It is NOT verified: use it to look
/// secrets up and for nothing else.
///
/// `header` and `header_count` are as for hookproof_verifier_verify. The key is copied to `out` with
/// a NUL behind it; `out_size` must be at least HOOKPROOF_MAX_API_KEY_BYTES + 1, else
/// HOOKPROOF_E_ARGUMENT. `*out_len` is its length without the NUL; `out_len` may be NULL.
///
/// 0: copied. Else the reason the request would be refused for, and `out` holds the empty text.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_verifier_untrusted_api_key(
    verifier: Option<&hookproof_verifier>,
    header: *const c_char,
    header_len: usize,
    header_count: usize,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> hookproof_status {
    // SAFETY: the caller vouches for the pointers and their lengths.
    unsafe {
        name_account(verifier, out, out_size, out_len, |verifier| {
            Ok(verifier.untrusted_api_key(octets("header", header, header_len)?, header_count))
        })
    }
}

/// Reads which account a request names, whatever the profile: the api_key that the token claims,
/// the route, or the api-key of an SMS webhook with its own signature. It is NOT verified: use it
/// to look secrets up, for hookproof_verifier_verify_with_keyring, and for nothing else.
///
/// The request is given as to hookproof_verifier_verify, the answer as by
/// hookproof_verifier_untrusted_api_key. HOOKPROOF_R_KEY_UNKNOWN: it names none.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_verifier_untrusted_account(
    verifier: Option<&hookproof_verifier>,
    method: *const c_char,
    method_len: usize,
    header: *const c_char,
    header_len: usize,
    header_count: usize,
    query: *const c_char,
    query_len: usize,
    route: *const c_char,
    route_len: usize,
    body: *const c_void,
    body_len: usize,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> hookproof_status {
    let head = RawHead {
        method: (method, method_len),
        header: (header, header_len),
        header_count,
        query: (query, query_len),
        route: (route, route_len),
        account: (std::ptr::null(), 0),
    };
    // SAFETY: the caller vouches for the pointers and their lengths.
    unsafe {
        name_account(verifier, out, out_size, out_len, |verifier| {
            Ok(verifier.untrusted_account(&head.with_body((body, body_len))?))
        })
    }
}

/// Verifies one request whose body is in memory. It asks no store: the request may be a repeat. To
/// work on each request once, use hookproof_verifier_receive.
///
/// - `method`: as in the request line, case-sensitive.
/// - `header`: the value of the header hookproof_verifier_header_name names, as received;
///   `header_count`: how many such fields the request had. With none pass NULL, 0, 0; with several,
///   any one of them.
/// - `query`: the raw query without the question mark; NULL, 0 when there is none.
/// - `route`: your name for the endpoint; NULL, 0 when there is none. The standard profile ignores
///   it.
/// - `account`: the api_key this endpoint serves; a valid token of another is
///   HOOKPROOF_R_KEY_MISMATCH. NULL, 0: any account of the keyring. An empty text that is not NULL
///   matches none.
/// - `body`: the raw bytes received, before any parser touched them.
/// - `now`: Unix seconds, usually hookproof_now().
///
/// None of the texts needs to be UTF-8, and all of them are read during the call only.
///
/// 0: the request is genuine, intact and fresh. A reason, or HOOKPROOF_E_NULL, HOOKPROOF_E_ARGUMENT,
/// HOOKPROOF_E_INTERNAL: it is not accepted. `out` may be NULL when the number is enough; else
/// `*out` is the result, Owned: free it with hookproof_result_free; or NULL after HOOKPROOF_E_*.
///
/// What the signature does not cover: method, query of a POST, route and other headers.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_verifier_verify(
    verifier: Option<&hookproof_verifier>,
    method: *const c_char,
    method_len: usize,
    header: *const c_char,
    header_len: usize,
    header_count: usize,
    query: *const c_char,
    query_len: usize,
    route: *const c_char,
    route_len: usize,
    account: *const c_char,
    account_len: usize,
    body: *const c_void,
    body_len: usize,
    now: i64,
    out: *mut *mut hookproof_result,
) -> hookproof_status {
    let head = RawHead {
        method: (method, method_len),
        header: (header, header_len),
        header_count,
        query: (query, query_len),
        route: (route, route_len),
        account: (account, account_len),
    };
    // SAFETY: the caller vouches for each pointer and its length.
    unsafe { verify(verifier, &head, (body, body_len), out, |verifier, request| verifier.verify(request, now)) }
}

/// As hookproof_verifier_verify, for the most common request: a POST with exactly one `header`, no
/// route, and any account of the keyring. For callers to whom each argument costs, as in PHP's FFI.
/// NULL, 0 for `header` is an empty one, not a missing one.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_verifier_verify_post(
    verifier: Option<&hookproof_verifier>,
    header: *const c_char,
    header_len: usize,
    body: *const c_void,
    body_len: usize,
    now: i64,
    out: *mut *mut hookproof_result,
) -> hookproof_status {
    const METHOD: &[u8] = b"POST";
    let none = (std::ptr::null(), 0);
    let head = RawHead {
        method: (METHOD.as_ptr().cast(), METHOD.len()),
        header: (header, header_len),
        header_count: 1,
        query: none,
        route: none,
        account: none,
    };
    // SAFETY: the caller vouches for each pointer and its length; the method is a constant.
    unsafe { verify(verifier, &head, (body, body_len), out, |verifier, request| verifier.verify(request, now)) }
}

/// As hookproof_verifier_verify, with a keyring for this call alone. `keyring` NULL: the secrets
/// could not be loaded, and a request that is otherwise in order up to there is
/// HOOKPROOF_R_KEY_UNAVAILABLE, so that the sender keeps it. A keyring without the account gives
/// HOOKPROOF_R_KEY_UNKNOWN. `keyring` is read during the call only.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_verifier_verify_with_keyring(
    verifier: Option<&hookproof_verifier>,
    keyring: Option<&hookproof_keyring>,
    method: *const c_char,
    method_len: usize,
    header: *const c_char,
    header_len: usize,
    header_count: usize,
    query: *const c_char,
    query_len: usize,
    route: *const c_char,
    route_len: usize,
    account: *const c_char,
    account_len: usize,
    body: *const c_void,
    body_len: usize,
    now: i64,
    out: *mut *mut hookproof_result,
) -> hookproof_status {
    let head = RawHead {
        method: (method, method_len),
        header: (header, header_len),
        header_count,
        query: (query, query_len),
        route: (route, route_len),
        account: (account, account_len),
    };
    let keyring: Option<&Keyring> = keyring.map(hookproof_keyring::ring);
    // SAFETY: the caller vouches for each pointer and its length.
    unsafe {
        verify(verifier, &head, (body, body_len), out, |verifier, request| {
            verifier.verify_with_keyring(request, keyring, now)
        })
    }
}

/// Verifies one request whose body is in memory and claims it in a store, last of all: the way to
/// work on each request once. A request that is refused uses nothing up.
///
/// `store` must not be NULL. `method` to `body` and `now` are as for hookproof_verifier_verify.
/// `duplicates` says what becomes of a repeat whose work is done: HOOKPROOF_DUPLICATES_REFUSE
/// refuses it as HOOKPROOF_R_REPLAY_DUPLICATE, whose answer is 200. HOOKPROOF_DUPLICATES_HAND_ON
/// accepts it once more, without a claim, and hookproof_result_is_duplicate says so: for endpoints
/// whose answer has content (a Voice answer URL), which must give it again and must not do the work
/// again.
///
/// 0: accepted. `*out_claim` is the claim, Owned: do the work, then end it with
/// hookproof_claim_confirm or hookproof_claim_release and free it with hookproof_claim_free. It is
/// NULL where there is nothing to end: a duplicate handed on, and a store failure that the policy
/// accepts; confirm and release take NULL. HOOKPROOF_PENDING_REPLAY: the store is yours to ask, see
/// hookproof_store_new_host. A reason: refused; HOOKPROOF_R_REPLAY_IN_PROGRESS while another owner
/// works on it. Unless it is 0, `*out_claim` is NULL.
///
/// `*out` is the result, Owned: free it with hookproof_result_free; NULL after HOOKPROOF_E_*, and
/// then nothing was claimed, except perhaps for one lease after HOOKPROOF_E_INTERNAL. Neither `out`
/// nor `out_claim` may be NULL. HOOKPROOF_E_ARGUMENT: another `duplicates`.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_verifier_receive(
    verifier: Option<&hookproof_verifier>,
    store: Option<&hookproof_store>,
    method: *const c_char,
    method_len: usize,
    header: *const c_char,
    header_len: usize,
    header_count: usize,
    query: *const c_char,
    query_len: usize,
    route: *const c_char,
    route_len: usize,
    account: *const c_char,
    account_len: usize,
    body: *const c_void,
    body_len: usize,
    duplicates: i32,
    now: i64,
    out: *mut *mut hookproof_result,
    out_claim: *mut *mut hookproof_claim,
) -> hookproof_status {
    let head = RawHead {
        method: (method, method_len),
        header: (header, header_len),
        header_count,
        query: (query, query_len),
        route: (route, route_len),
        account: (account, account_len),
    };
    let asked = Receive { store, take: Take::Claim, duplicates, now, out_claim };
    // SAFETY: the caller vouches for each pointer and its length.
    unsafe {
        receive(verifier, &asked, &head, (body, body_len), out, |verifier, request| verifier.verify(request, now))
    }
}

/// As hookproof_verifier_receive, with a keyring for this call alone; `keyring` is as for
/// hookproof_verifier_verify_with_keyring.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_verifier_receive_with_keyring(
    verifier: Option<&hookproof_verifier>,
    keyring: Option<&hookproof_keyring>,
    store: Option<&hookproof_store>,
    method: *const c_char,
    method_len: usize,
    header: *const c_char,
    header_len: usize,
    header_count: usize,
    query: *const c_char,
    query_len: usize,
    route: *const c_char,
    route_len: usize,
    account: *const c_char,
    account_len: usize,
    body: *const c_void,
    body_len: usize,
    duplicates: i32,
    now: i64,
    out: *mut *mut hookproof_result,
    out_claim: *mut *mut hookproof_claim,
) -> hookproof_status {
    let head = RawHead {
        method: (method, method_len),
        header: (header, header_len),
        header_count,
        query: (query, query_len),
        route: (route, route_len),
        account: (account, account_len),
    };
    let asked = Receive { store, take: Take::Claim, duplicates, now, out_claim };
    let keyring: Option<&Keyring> = keyring.map(hookproof_keyring::ring);
    // SAFETY: the caller vouches for each pointer and its length.
    unsafe {
        receive(verifier, &asked, &head, (body, body_len), out, |verifier, request| {
            verifier.verify_with_keyring(request, keyring, now)
        })
    }
}

/// At most once: verifies one request whose body is in memory and records it as done before the work
/// begins. If the work then fails, the event is lost, for its retry is a duplicate;
/// hookproof_verifier_receive loses none.
///
/// Arguments and answers are those of hookproof_verifier_receive; there is no claim. With a store of
/// your own the answer is HOOKPROOF_PENDING_REPLAY, and hookproof_result_replay_lease_seconds is 0.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_verifier_verify_once(
    verifier: Option<&hookproof_verifier>,
    store: Option<&hookproof_store>,
    method: *const c_char,
    method_len: usize,
    header: *const c_char,
    header_len: usize,
    header_count: usize,
    query: *const c_char,
    query_len: usize,
    route: *const c_char,
    route_len: usize,
    account: *const c_char,
    account_len: usize,
    body: *const c_void,
    body_len: usize,
    duplicates: i32,
    now: i64,
    out: *mut *mut hookproof_result,
) -> hookproof_status {
    let head = RawHead {
        method: (method, method_len),
        header: (header, header_len),
        header_count,
        query: (query, query_len),
        route: (route, route_len),
        account: (account, account_len),
    };
    let asked = Receive { store, take: Take::Once, duplicates, now, out_claim: std::ptr::null_mut() };
    // SAFETY: the caller vouches for each pointer and its length.
    unsafe {
        receive(verifier, &asked, &head, (body, body_len), out, |verifier, request| verifier.verify(request, now))
    }
}

/// As hookproof_verifier_verify_once, with a keyring for this call alone; `keyring` is as for
/// hookproof_verifier_verify_with_keyring.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_verifier_verify_once_with_keyring(
    verifier: Option<&hookproof_verifier>,
    keyring: Option<&hookproof_keyring>,
    store: Option<&hookproof_store>,
    method: *const c_char,
    method_len: usize,
    header: *const c_char,
    header_len: usize,
    header_count: usize,
    query: *const c_char,
    query_len: usize,
    route: *const c_char,
    route_len: usize,
    account: *const c_char,
    account_len: usize,
    body: *const c_void,
    body_len: usize,
    duplicates: i32,
    now: i64,
    out: *mut *mut hookproof_result,
) -> hookproof_status {
    let head = RawHead {
        method: (method, method_len),
        header: (header, header_len),
        header_count,
        query: (query, query_len),
        route: (route, route_len),
        account: (account, account_len),
    };
    let asked = Receive { store, take: Take::Once, duplicates, now, out_claim: std::ptr::null_mut() };
    let keyring: Option<&Keyring> = keyring.map(hookproof_keyring::ring);
    // SAFETY: the caller vouches for each pointer and its length.
    unsafe {
        receive(verifier, &asked, &head, (body, body_len), out, |verifier, request| {
            verifier.verify_with_keyring(request, keyring, now)
        })
    }
}

/// Judges everything in the header before one byte of the body is read. The arguments are those of
/// hookproof_verifier_verify; `declared_len` is the Content-Length, or HOOKPROOF_LENGTH_UNKNOWN: a
/// body that is too large is refused here. `out` must not be NULL.
///
/// HOOKPROOF_PENDING_BODY: feed the body with hookproof_result_update and end it with
/// hookproof_result_receive, hookproof_result_finish_once or hookproof_result_finish; it is not
/// accepted before that gives 0. A reason: refuse without reading the body. In both cases `*out` is
/// the result, Owned: free it with hookproof_result_free. It is NULL after HOOKPROOF_E_*. Never 0.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_verifier_begin(
    verifier: Option<&hookproof_verifier>,
    method: *const c_char,
    method_len: usize,
    header: *const c_char,
    header_len: usize,
    header_count: usize,
    query: *const c_char,
    query_len: usize,
    route: *const c_char,
    route_len: usize,
    account: *const c_char,
    account_len: usize,
    declared_len: u64,
    now: i64,
    out: *mut *mut hookproof_result,
) -> hookproof_status {
    let head = RawHead {
        method: (method, method_len),
        header: (header, header_len),
        header_count,
        query: (query, query_len),
        route: (route, route_len),
        account: (account, account_len),
    };
    // SAFETY: the caller vouches for each pointer and its length.
    unsafe { begin(verifier, &head, declared_len, out, |verifier, head| verifier.begin(head, now)) }
}

/// As hookproof_verifier_begin, with a keyring for this call alone; `keyring` is as for
/// hookproof_verifier_verify_with_keyring, and the result does not need it any more.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_verifier_begin_with_keyring(
    verifier: Option<&hookproof_verifier>,
    keyring: Option<&hookproof_keyring>,
    method: *const c_char,
    method_len: usize,
    header: *const c_char,
    header_len: usize,
    header_count: usize,
    query: *const c_char,
    query_len: usize,
    route: *const c_char,
    route_len: usize,
    account: *const c_char,
    account_len: usize,
    declared_len: u64,
    now: i64,
    out: *mut *mut hookproof_result,
) -> hookproof_status {
    let head = RawHead {
        method: (method, method_len),
        header: (header, header_len),
        header_count,
        query: (query, query_len),
        route: (route, route_len),
        account: (account, account_len),
    };
    let keyring: Option<&Keyring> = keyring.map(hookproof_keyring::ring);
    // SAFETY: the caller vouches for each pointer and its length.
    unsafe {
        begin(verifier, &head, declared_len, out, |verifier, head| verifier.begin_with_keyring(head, keyring, now))
    }
}

/// Frees a verifier. NULL does nothing. Results and claims stay valid. No other thread may be using
/// it.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_verifier_free(verifier: Option<Box<hookproof_verifier>>) {
    guard((), || drop(verifier));
}
