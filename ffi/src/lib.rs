//! The C ABI of hookproof. The header `include/hookproof.h` is generated from this crate and is its
//! manual.
//!
//! This crate translates and decides nothing: pointers become slices (`input`), the core judges,
//! and the verdict becomes a number and a handle. It holds all `unsafe` code of the product. It must
//! not install a panic hook or an allocator, start a thread, or do anything at load.
//!
//! # Conventions
//!
//! - Each handle type is an opaque struct with one `_new` and one `_free`; inputs are copied, and no
//!   handle needs another one to stay alive.
//! - `Option<&T>` is a pointer that threads may share, `Option<&mut T>` one that is exclusive, and
//!   `None` is NULL, which is always checked.
//! - Every body runs in `guard`: a panic becomes a value that never reads as accepted.
//! - Choices come in as `i32`: a C enum out of range would be undefined behaviour here.
//!
//! # Safety
//!
//! Functions that take a pointer and a length are `unsafe`: the pair must be readable, or writable,
//! for that length, as the header says. Handles must come from this library and not have been freed.

// What each function asks of its caller is said once above and in the header, for C readers; a heading
// per function would be copied into the header word for word.
#![allow(clippy::missing_safety_doc)]

mod claim;
mod event;
mod fork;
mod guard;
mod input;
mod keyring;
mod output;
mod policy;
mod result;
mod signer;
mod status;
mod store;
mod verifier;
mod version;

// The exported functions, in the order of the header. A function that is not listed here does not
// belong to the ABI; tests/abi/symbols.txt holds the same list as the linker sees it.

pub use version::{hookproof_abi_version, hookproof_features, hookproof_has_feature, hookproof_now, hookproof_version};

pub use status::{
    hookproof_status_hint, hookproof_status_http_status, hookproof_status_is_refusal, hookproof_status_message,
    hookproof_status_name,
};

pub use keyring::{
    hookproof_keyring_add_application_id, hookproof_keyring_add_dated_secret, hookproof_keyring_add_json,
    hookproof_keyring_add_secret, hookproof_keyring_error, hookproof_keyring_free, hookproof_keyring_len,
    hookproof_keyring_lint, hookproof_keyring_lint_count, hookproof_keyring_new,
};

pub use policy::{
    hookproof_policy_add_body_method, hookproof_policy_add_network, hookproof_policy_add_own_query,
    hookproof_policy_add_payload_form, hookproof_policy_dangerously_accept_and_flag_store_failures,
    hookproof_policy_dangerously_allow_missing_nonce, hookproof_policy_dangerously_allow_missing_payload_hash,
    hookproof_policy_error, hookproof_policy_free, hookproof_policy_new, hookproof_policy_set_advice,
    hookproof_policy_set_expected_issuer, hookproof_policy_set_header_name, hookproof_policy_set_lease,
    hookproof_policy_set_leeway, hookproof_policy_set_max_age, hookproof_policy_set_max_body_bytes,
    hookproof_policy_set_max_header_bytes, hookproof_policy_set_profile, hookproof_policy_set_retry_status,
    hookproof_policy_use_published_networks,
};

pub use store::{
    hookproof_store_error, hookproof_store_extent, hookproof_store_free, hookproof_store_new_file,
    hookproof_store_new_host, hookproof_store_new_memory, hookproof_store_new_redis, hookproof_store_set_budget_ms,
};

pub use verifier::{
    hookproof_verifier_begin, hookproof_verifier_begin_with_keyring, hookproof_verifier_free,
    hookproof_verifier_generation, hookproof_verifier_header_name, hookproof_verifier_max_body_bytes,
    hookproof_verifier_new, hookproof_verifier_receive, hookproof_verifier_receive_with_keyring,
    hookproof_verifier_replace_keyring, hookproof_verifier_source_hint, hookproof_verifier_untrusted_account,
    hookproof_verifier_untrusted_api_key, hookproof_verifier_verify, hookproof_verifier_verify_once,
    hookproof_verifier_verify_once_with_keyring, hookproof_verifier_verify_post,
    hookproof_verifier_verify_with_keyring,
};

pub use result::{
    hookproof_result_age_seconds, hookproof_result_answer_replay, hookproof_result_api_key,
    hookproof_result_application_id, hookproof_result_claim_integer, hookproof_result_claim_text,
    hookproof_result_claims_json, hookproof_result_detail, hookproof_result_finish, hookproof_result_finish_once,
    hookproof_result_free, hookproof_result_http_status, hookproof_result_is_duplicate, hookproof_result_issued_at,
    hookproof_result_jti, hookproof_result_key_label, hookproof_result_keyring_generation, hookproof_result_lint,
    hookproof_result_lint_count, hookproof_result_payload_form, hookproof_result_query_count,
    hookproof_result_query_name, hookproof_result_query_value, hookproof_result_receive, hookproof_result_replay,
    hookproof_result_replay_identity, hookproof_result_replay_keep_seconds, hookproof_result_replay_lease_seconds,
    hookproof_result_replay_owner, hookproof_result_retry_after, hookproof_result_sender_retries,
    hookproof_result_status, hookproof_result_untrusted_api_key, hookproof_result_update,
};

pub use claim::{
    hookproof_claim_confirm, hookproof_claim_error, hookproof_claim_free, hookproof_claim_is_open,
    hookproof_claim_release,
};

pub use event::{
    hookproof_event_api, hookproof_event_content_id, hookproof_event_free, hookproof_event_from, hookproof_event_id,
    hookproof_event_is_signed, hookproof_event_json, hookproof_event_kind, hookproof_event_new,
    hookproof_event_new_unsigned, hookproof_event_occurred_at_ms, hookproof_event_status, hookproof_event_to,
};

pub use signer::{
    hookproof_signer_free, hookproof_signer_header, hookproof_signer_new, hookproof_signer_set_application_id,
    hookproof_signer_sign_body, hookproof_signer_sign_claims, hookproof_signer_sign_query, hookproof_signer_sign_sms,
};

// The types and numbers of the header.

pub use claim::hookproof_claim;
pub use event::{CARRIER_FORM, CARRIER_JSON, CARRIER_QUERY, hookproof_event};
pub use keyring::hookproof_keyring;
pub use output::hookproof_str;
pub use policy::{ADVICE_CONVENTIONAL, ADVICE_LOSSLESS, hookproof_policy};
pub use result::{
    REPLAY_CLAIMED, REPLAY_DUPLICATE, REPLAY_FULL, REPLAY_IN_PROGRESS, REPLAY_UNAVAILABLE, hookproof_result,
};
pub use signer::{SMS_FORM, SMS_JSON, hookproof_signer};
pub use status::{
    CALL_STATUSES, CallStatus, E_ARGUMENT, E_CONFIG, E_INTERNAL, E_NULL, E_STATE, E_UTF8, NO_EFFECT, OK, PENDING_BODY,
    PENDING_REPLAY, hookproof_status,
};
pub use store::{
    COLD_START_ALLOW, COLD_START_REFUSE, DUPLICATES_HAND_ON, DUPLICATES_REFUSE, DURABILITY_POWER_LOSS,
    DURABILITY_PROCESS_CRASH, MAX_STORE_BUDGET_MS, hookproof_store,
};
pub use verifier::{LENGTH_UNKNOWN, hookproof_verifier};
pub use version::ABI_VERSION;

// The thread rules of the header, held by the compiler: what is called Shareable there is Sync here.
const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<hookproof_keyring>();
    shareable::<hookproof_policy>();
    shareable::<hookproof_store>();
    shareable::<hookproof_verifier>();
    shareable::<hookproof_result>();
    shareable::<hookproof_claim>();
    shareable::<hookproof_event>();
    shareable::<hookproof_signer>();
};
