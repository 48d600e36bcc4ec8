//! Accounts and their secrets, as a handle.

use std::ffi::{c_char, c_void};
use std::sync::OnceLock;

use hookproof::{Keyring, Validity};

use crate::guard::guard;
use crate::input::{Fault, bytes, text};
use crate::output::{Text, TextBlock, hookproof_str};
use crate::status::{E_INTERNAL, E_NULL, OK, hookproof_status};

/// The accounts whose webhooks are accepted, each with its secrets and the applications expected.
///
/// Owned: made by hookproof_keyring_new, freed with hookproof_keyring_free, which wipes the secrets.
/// A verifier copies the keyring, so it may be freed or changed at any time without effect on
/// verifiers.
///
/// Exclusive while it is being filled; Shareable while nobody changes it.
#[allow(non_camel_case_types)]
#[derive(Default)]
pub struct hookproof_keyring {
    ring: Keyring,
    error: Option<Text>,
    lints: OnceLock<TextBlock>,
}

impl hookproof_keyring {
    pub(crate) fn ring(&self) -> &Keyring {
        &self.ring
    }

    fn lints(&self) -> &TextBlock {
        self.lints.get_or_init(|| {
            let mut block = TextBlock::default();
            for lint in self.ring.lints() {
                block.push_display(lint);
            }
            block
        })
    }
}

fn change(
    keyring: Option<&mut hookproof_keyring>,
    body: impl FnOnce(&mut Keyring) -> Result<(), Fault>,
) -> hookproof_status {
    guard(E_INTERNAL, || {
        let Some(keyring) = keyring else {
            return E_NULL;
        };
        keyring.error = None;
        keyring.lints = OnceLock::new();
        match body(&mut keyring.ring) {
            Ok(()) => OK,
            Err(fault) => {
                keyring.error = Some(Text::new(&fault));
                fault.status()
            }
        }
    })
}

/// Makes an empty keyring. Owned: free it with hookproof_keyring_free. NULL only after an internal
/// failure.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_keyring_new() -> Option<Box<hookproof_keyring>> {
    guard(None, || Some(Box::default()))
}

/// Adds a secret to an account, and the account if it is new. Everything is Copied.
///
/// `api_key` names the account: 1 to 128 bytes. `label` names the secret in logs ("production",
/// "old") and must be new to the account: 1 to 64 bytes. `secret` is the signature secret as raw
/// bytes, taken as it is, nothing is trimmed or decoded: 1 to 4096 bytes. An account may have
/// several secrets; every one of them is tried.
///
/// HOOKPROOF_E_CONFIG: a value was refused, see hookproof_keyring_error; the keyring is unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_keyring_add_secret(
    keyring: Option<&mut hookproof_keyring>,
    api_key: *const c_char,
    api_key_len: usize,
    label: *const c_char,
    label_len: usize,
    secret: *const c_void,
    secret_len: usize,
) -> hookproof_status {
    change(keyring, |ring| {
        // SAFETY: the caller vouches for each pointer and its length.
        let (api_key, label, secret) = unsafe {
            (
                text("api_key", api_key, api_key_len)?,
                text("label", label, label_len)?,
                bytes("secret", secret, secret_len)?,
            )
        };
        Ok(ring.add_secret(api_key, label, secret)?)
    })
}

/// As hookproof_keyring_add_secret, for a secret that counts only from `not_before` to `not_after`:
/// Unix seconds, both inclusive, judged by the `now` of each verification. INT64_MIN and INT64_MAX
/// leave their end open. A request signed with it outside of the window is HOOKPROOF_R_KEY_INACTIVE.
///
/// Leave an old secret in for a day after a rotation: the sender retries with it for 24 hours.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_keyring_add_dated_secret(
    keyring: Option<&mut hookproof_keyring>,
    api_key: *const c_char,
    api_key_len: usize,
    label: *const c_char,
    label_len: usize,
    secret: *const c_void,
    secret_len: usize,
    not_before: i64,
    not_after: i64,
) -> hookproof_status {
    change(keyring, |ring| {
        // SAFETY: the caller vouches for each pointer and its length.
        let (api_key, label, secret) = unsafe {
            (
                text("api_key", api_key, api_key_len)?,
                text("label", label, label_len)?,
                bytes("secret", secret, secret_len)?,
            )
        };
        let validity = Validity {
            not_before: (not_before != i64::MIN).then_some(not_before),
            not_after: (not_after != i64::MAX).then_some(not_after),
        };
        Ok(ring.add_dated_secret(api_key, label, secret, validity)?)
    })
}

/// Names an application that may send to this account. Once one is named, a token of the account
/// without an application_id, or with another, is refused; call again to allow more. The account
/// must have a secret already. Copied.
///
/// HOOKPROOF_E_CONFIG: a value was refused, see hookproof_keyring_error; the keyring is unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_keyring_add_application_id(
    keyring: Option<&mut hookproof_keyring>,
    api_key: *const c_char,
    api_key_len: usize,
    application_id: *const c_char,
    application_id_len: usize,
) -> hookproof_status {
    change(keyring, |ring| {
        // SAFETY: the caller vouches for each pointer and its length.
        let (api_key, application_id) = unsafe {
            (text("api_key", api_key, api_key_len)?, text("application_id", application_id, application_id_len)?)
        };
        Ok(ring.add_application_id(api_key, application_id)?)
    })
}

/// Adds the accounts of a keyring text, the same JSON that every language binding and the command
/// line read. All of it or nothing is added. Copied.
///
/// HOOKPROOF_E_CONFIG: the text was refused; hookproof_keyring_error names the place, never a value.
///
///     {"version": 1, "accounts": [
///       {"api_key": "a1b2c3d4",
///        "secrets": [{"label": "production", "secret": "text"},
///                    {"label": "old", "secret_base64": "YmFzZTY0", "not_after": 1767312000}],
///        "application_ids": ["aaaaaaaa-bbbb-cccc-dddd-0123456789ab"]}]}
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_keyring_add_json(
    keyring: Option<&mut hookproof_keyring>,
    json: *const c_char,
    json_len: usize,
) -> hookproof_status {
    change(keyring, |ring| {
        // SAFETY: the caller vouches for the pointer and its length.
        let json = unsafe { text("json", json, json_len) }?;
        Ok(ring.add_json(json)?)
    })
}

/// The number of accounts. NULL: 0.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_keyring_len(keyring: Option<&hookproof_keyring>) -> usize {
    guard(0, || keyring.map_or(0, |keyring| keyring.ring.len()))
}

/// The number of lints: remarks on secrets that are allowed but look wrong. NULL: 0.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_keyring_lint_count(keyring: Option<&hookproof_keyring>) -> usize {
    guard(0, || keyring.map_or(0, |keyring| keyring.lints().count()))
}

/// One lint, such as "a1b2c3d4/production: ends with a newline"; never a secret. Log them at
/// start-up. Empty past the end and for NULL. Borrowed from `keyring` until its next change or free.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_keyring_lint(keyring: Option<&hookproof_keyring>, index: usize) -> hookproof_str {
    guard(hookproof_str::EMPTY, || keyring.map_or(hookproof_str::EMPTY, |keyring| keyring.lints().view(index)))
}

/// Why the last changing call on this keyring was refused; empty when it was carried out, and for
/// NULL. Names the argument or the place in the text, never a value. Borrowed from `keyring` until
/// the next call that changes or frees it.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_keyring_error(keyring: Option<&hookproof_keyring>) -> hookproof_str {
    guard(hookproof_str::EMPTY, || {
        keyring.and_then(|keyring| keyring.error.as_ref()).map_or(hookproof_str::EMPTY, Text::view)
    })
}

/// Frees a keyring and wipes its secrets. NULL does nothing. Verifiers keep their own copy.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_keyring_free(keyring: Option<Box<hookproof_keyring>>) {
    guard((), || drop(keyring));
}
