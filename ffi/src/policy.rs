//! The rules of a verifier, as a handle.

use std::ffi::c_char;

use hookproof::{AdviceTable, Networks, Policy};

use crate::guard::guard;
use crate::input::{Fault, text};
use crate::output::{Text, hookproof_str};
use crate::status::{E_INTERNAL, E_NULL, OK, hookproof_status};

/// 401 only for what neither a genuine webhook nor a fault of ours can produce.
pub const ADVICE_LOSSLESS: i32 = 0;
/// 401 for key and signature refusals too.
pub const ADVICE_CONVENTIONAL: i32 = 1;

/// The rules a verifier applies. A new policy is strict and complete: set only what must differ.
///
/// Owned: made by hookproof_policy_new, freed with hookproof_policy_free. A verifier copies the
/// policy, so it may be freed or changed at any time without effect on verifiers.
///
/// Exclusive while it is being set; Shareable while nobody changes it.
#[allow(non_camel_case_types)]
pub struct hookproof_policy {
    policy: Policy,
    error: Option<Text>,
}

impl hookproof_policy {
    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }
}

fn change(
    policy: Option<&mut hookproof_policy>,
    body: impl FnOnce(&mut Policy) -> Result<(), Fault>,
) -> hookproof_status {
    guard(E_INTERNAL, || {
        let Some(policy) = policy else {
            return E_NULL;
        };
        policy.error = None;
        match body(&mut policy.policy) {
            Ok(()) => OK,
            Err(fault) => {
                policy.error = Some(Text::new(&fault));
                fault.status()
            }
        }
    })
}

/// Makes the standard policy: Messages, Dispatch, Verify v2 and Voice, with the defaults named
/// below. Owned: free it with hookproof_policy_free. NULL only after an internal failure.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_policy_new() -> Option<Box<hookproof_policy>> {
    guard(None, || Some(Box::new(hookproof_policy { policy: Policy::standard(), error: None })))
}

/// How old a token may be, in seconds, inclusive: 0 to 604800, 300 by default.
/// HOOKPROOF_RETRY_WINDOW accepts every retry the sender makes: then use a store that survives
/// restarts.
///
/// HOOKPROOF_E_CONFIG: out of range; the policy is unchanged. The same holds for every setter here.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_policy_set_max_age(
    policy: Option<&mut hookproof_policy>,
    seconds: u32,
) -> hookproof_status {
    change(policy, |policy| Ok(policy.set_max_age(seconds)?))
}

/// How far in the future a token may have been issued, in seconds, inclusive: 0 to 3600, 60 by
/// default.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_policy_set_leeway(policy: Option<&mut hookproof_policy>, seconds: u32) -> hookproof_status {
    change(policy, |policy| Ok(policy.set_leeway(seconds)?))
}

/// The longest header value, in bytes: 256 to 65536, 8192 by default.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_policy_set_max_header_bytes(
    policy: Option<&mut hookproof_policy>,
    bytes: usize,
) -> hookproof_status {
    change(policy, |policy| Ok(policy.set_max_header_bytes(bytes)?))
}

/// The largest body, in bytes: 0 to 1073741824 (1 GiB), 1048576 (1 MiB) by default.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_policy_set_max_body_bytes(
    policy: Option<&mut hookproof_policy>,
    bytes: u64,
) -> hookproof_status {
    change(policy, |policy| Ok(policy.set_max_body_bytes(bytes)?))
}

/// The name of the header that carries the token, "Authorization" by default. The library does not
/// read headers: it hands the name back through hookproof_verifier_header_name. Copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_policy_set_header_name(
    policy: Option<&mut hookproof_policy>,
    name: *const c_char,
    name_len: usize,
) -> hookproof_status {
    change(policy, |policy| {
        // SAFETY: the caller vouches for the pointer and its length.
        let name = unsafe { text("name", name, name_len) }?;
        Ok(policy.set_header_name(name)?)
    })
}

/// The `iss` that tokens must carry, byte for byte; "Vonage" by default. Copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_policy_set_expected_issuer(
    policy: Option<&mut hookproof_policy>,
    issuer: *const c_char,
    issuer_len: usize,
) -> hookproof_status {
    change(policy, |policy| {
        // SAFETY: the caller vouches for the pointer and its length.
        let issuer = unsafe { text("issuer", issuer, issuer_len) }?;
        Ok(policy.set_expected_issuer(issuer)?)
    })
}

/// Allows one more method whose signed payload is the body, besides POST, PUT and PATCH. Methods are
/// case-sensitive. Copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_policy_add_body_method(
    policy: Option<&mut hookproof_policy>,
    method: *const c_char,
    method_len: usize,
) -> hookproof_status {
    change(policy, |policy| {
        // SAFETY: the caller vouches for the pointer and its length.
        let method = unsafe { text("method", method, method_len) }?;
        Ok(policy.add_body_method(method)?)
    })
}

/// Changes the profile, and keeps every other setting: "standard" (Messages, Dispatch, Verify v2 and
/// Voice; the default), "video", "contact_center" or "cloud_runtime". With "video" and
/// "contact_center" the secret is chosen by the `route` of the call: the accounts of the keyring are
/// your names for the endpoints. Read the name of the header from hookproof_verifier_header_name.
///
/// The SMS API and US short codes sign their parameters in a way of their own: "sms_md5hash",
/// "sms_md5", "sms_sha1", "sms_sha256" or "sms_sha512", by the method the account has set. The
/// secret is chosen by the parameter api-key; without it by `route`; without that too it is the
/// keyring's only account. Pass no header. The signature is in the query of a GET and in the body of
/// a POST, which is then kept until it is complete. The claims are the parameters: read them with
/// hookproof_result_claim_text or as the pairs of a query.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_policy_set_profile(
    policy: Option<&mut hookproof_policy>,
    name: *const c_char,
    name_len: usize,
) -> hookproof_status {
    change(policy, |policy| {
        // SAFETY: the caller vouches for the pointer and its length.
        let name = unsafe { text("name", name, name_len) }?;
        Ok(policy.set_profile(name)?)
    })
}

/// Accepts one more form of a GET's payload, by its name: "query_nested", "query_null" or
/// "query_nested_null". Only "query" is documented and proven; the detail of a refusal names the
/// form that would have fitted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_policy_add_payload_form(
    policy: Option<&mut hookproof_policy>,
    name: *const c_char,
    name_len: usize,
) -> hookproof_status {
    change(policy, |policy| {
        // SAFETY: the caller vouches for the pointer and its length.
        let name = unsafe { text("name", name, name_len) }?;
        Ok(policy.add_payload_form(name)?)
    })
}

/// Names parameters of your own in the URL you gave Vonage: "token=x" of
/// https://example.com/answer?token=x. A GET whose query begins with exactly this text is tried with
/// it and, if the hash does not fit, without it. Copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_policy_add_own_query(
    policy: Option<&mut hookproof_policy>,
    query: *const c_char,
    query_len: usize,
) -> hookproof_status {
    change(policy, |policy| {
        // SAFETY: the caller vouches for the pointer and its length.
        let query = unsafe { text("query", query, query_len) }?;
        Ok(policy.add_own_query(query)?)
    })
}

/// Which HTTP statuses results advise: HOOKPROOF_ADVICE_LOSSLESS, the default, or
/// HOOKPROOF_ADVICE_CONVENTIONAL. HOOKPROOF_E_ARGUMENT: another number.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_policy_set_advice(policy: Option<&mut hookproof_policy>, advice: i32) -> hookproof_status {
    change(policy, |policy| {
        let table = match advice {
            ADVICE_LOSSLESS => AdviceTable::Lossless,
            ADVICE_CONVENTIONAL => AdviceTable::Conventional,
            _ => return Err(Fault::Argument("advice")),
        };
        policy.set_advice(table);
        Ok(())
    })
}

/// The HTTP status that makes the sender keep a message and send it again: 503, the default, or 429.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_policy_set_retry_status(
    policy: Option<&mut hookproof_policy>,
    http_status: i32,
) -> hookproof_status {
    change(policy, |policy| {
        let status = u16::try_from(http_status).map_err(|_| Fault::Argument("http_status"))?;
        Ok(policy.set_retry_status(status)?)
    })
}

/// Accepts tokens without payload_hash. DANGEROUS: nothing then ties the body to the signature, and
/// whoever sees one token can send any body with it until the token is stale. A hash that is there
/// is still compared; hookproof_result_payload_form says "unhashed" when there was none.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_policy_dangerously_allow_missing_payload_hash(
    policy: Option<&mut hookproof_policy>,
) -> hookproof_status {
    change(policy, |policy| {
        policy.dangerously_allow_missing_payload_hash();
        Ok(())
    })
}

/// Accepts SMS webhooks without nonce. DANGEROUS: their signature is then what makes two requests
/// the same one, and two messages that are equal to the second are one.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_policy_dangerously_allow_missing_nonce(
    policy: Option<&mut hookproof_policy>,
) -> hookproof_status {
    change(policy, |policy| {
        policy.dangerously_allow_missing_nonce();
        Ok(())
    })
}

/// How long a claim holds a request before a retry of the sender may take it over, in seconds: 1 to
/// 3600, 30 by default. It must be longer than any handler runs, and is how long a retry waits after
/// a crash.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_policy_set_lease(policy: Option<&mut hookproof_policy>, seconds: u32) -> hookproof_status {
    change(policy, |policy| Ok(policy.set_lease(seconds)?))
}

/// Accepts requests while the store is unavailable, and flags them: hookproof_result_replay says
/// "unavailable". DANGEROUS: whoever can disturb the store can have a request worked on twice. A
/// full store still refuses, and so does a store that could not be made.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_policy_dangerously_accept_and_flag_store_failures(
    policy: Option<&mut hookproof_policy>,
) -> hookproof_status {
    change(policy, |policy| {
        policy.dangerously_accept_and_flag_store_failures();
        Ok(())
    })
}

/// Lets hookproof_verifier_source_hint compare addresses with the networks that Vonage has
/// published, as far as they are known. It is a hint for logs, refuses nothing, and is off unless
/// asked for.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_policy_use_published_networks(policy: Option<&mut hookproof_policy>) -> hookproof_status {
    change(policy, |policy| {
        policy.set_networks(Networks::published());
        Ok(())
    })
}

/// Adds a network of your own to those of hookproof_policy_use_published_networks, which goes first,
/// or to none: "192.0.2.0/24", "2001:db8::/32" or one address. Copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_policy_add_network(
    policy: Option<&mut hookproof_policy>,
    network: *const c_char,
    network_len: usize,
) -> hookproof_status {
    change(policy, |policy| {
        // SAFETY: the caller vouches for the pointer and its length.
        let network = unsafe { text("network", network, network_len) }?;
        let mut networks = policy.networks().cloned().unwrap_or_default();
        networks.add(network)?;
        policy.set_networks(networks);
        Ok(())
    })
}

/// Why the last setter on this policy was refused; empty when it was carried out, and for NULL.
/// Borrowed from `policy` until the next call that changes or frees it.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_policy_error(policy: Option<&hookproof_policy>) -> hookproof_str {
    guard(hookproof_str::EMPTY, || {
        policy.and_then(|policy| policy.error.as_ref()).map_or(hookproof_str::EMPTY, Text::view)
    })
}

/// Frees a policy. NULL does nothing. Verifiers keep their own copy.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_policy_free(policy: Option<Box<hookproof_policy>>) {
    guard((), || drop(policy));
}
