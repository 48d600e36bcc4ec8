//! The keyring: which secrets and applications belong to which account.
//!
//! An account is found by its `api_key`, compared byte for byte. It has one or more secrets, each with a label and
//! an optional validity window, so that a rotation loses nothing: the sender retries for 24 hours what an old secret
//! has signed.

use std::collections::HashMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

mod lint;
mod text;

pub use lint::{KeyLint, Lint};

use crate::config_error::ConfigError;
use crate::hs256::{Authentic, Hs256Key, SIGNATURE_BYTES};
use crate::limits;
use crate::reason::Reason;
use crate::secret::Secret;
#[cfg(feature = "sms")]
use crate::sms::{SmsAuthentic, SmsSignature};

/// When a secret is valid, in Unix seconds, both ends inclusive. An absent end is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    /// The first second.
    pub not_before: Option<i64>,
    /// The last second.
    pub not_after: Option<i64>,
}

impl Validity {
    /// The seconds of the window; an open end is the end of time.
    fn seconds(self) -> RangeInclusive<i64> {
        self.not_before.unwrap_or(i64::MIN)..=self.not_after.unwrap_or(i64::MAX)
    }
}

/// Accounts with their secrets and applications.
///
/// Secrets are turned into HMAC states when they are added; the states are wiped when the keyring is dropped.
#[derive(Clone, Default)]
pub struct Keyring {
    accounts: HashMap<Box<str>, Account>,
}

#[derive(Clone, Default)]
struct Account {
    keys: Vec<AccountKey>,
    application_ids: Vec<Box<str>>,
}

#[derive(Clone)]
struct AccountKey {
    label: Arc<str>,
    key: Hs256Key,
    /// The older signature and the search for mistakes need it as it is. It is one copy, whatever keyrings share it, and wiped
    /// with the last.
    #[cfg(any(feature = "sms", feature = "explain"))]
    secret: Arc<Secret>,
    valid: RangeInclusive<i64>,
    lints: Vec<Lint>,
}

/// A secret as it is, for the search for mistakes.
#[cfg(feature = "explain")]
pub(crate) struct KnownSecret<'k> {
    pub(crate) account: &'k str,
    pub(crate) label: &'k str,
    pub(crate) secret: &'k [u8],
    pub(crate) lints: &'k [Lint],
    key: &'k AccountKey,
}

/// A secret of an account that produced a token's signature.
pub(crate) struct KeyMatch<'k, P = Authentic> {
    pub(crate) proof: P,
    pub(crate) label: &'k Arc<str>,
    /// The account's applications; none means any.
    pub(crate) application_ids: &'k [Box<str>],
}

/// Why no secret was found, and what the log should know about those tried.
pub(crate) struct KeyRefusal {
    pub(crate) reason: Reason,
    pub(crate) label: Option<Arc<str>>,
    pub(crate) lints: Vec<String>,
}

impl Keyring {
    /// A keyring without accounts.
    #[must_use]
    pub fn new() -> Keyring {
        Keyring::default()
    }

    /// A keyring from its versioned JSON text; see [`Keyring::add_json`].
    ///
    /// # Errors
    /// As [`Keyring::add_json`].
    pub fn from_json(text: &str) -> Result<Keyring, ConfigError> {
        let mut keyring = Keyring::new();
        keyring.add_json(text)?;
        Ok(keyring)
    }

    /// Adds a secret that is valid at any time. The bytes are used as they are: nothing is trimmed or decoded.
    ///
    /// `label` names the secret in logs and must be new to the account.
    ///
    /// # Errors
    /// An `api_key` that is empty, longer than 128 bytes or has control characters; a label that is empty, longer than 64
    /// bytes, has control characters or is taken; a secret that is empty or longer than 4,096 bytes; too many of either.
    pub fn add_secret(&mut self, api_key: &str, label: &str, secret: &[u8]) -> Result<(), ConfigError> {
        self.add_dated_secret(api_key, label, secret, Validity::default())
    }

    /// Adds a secret that is valid only within a window: a token it signed is `key.inactive` outside.
    ///
    /// # Errors
    /// As [`Keyring::add_secret`]; a window that ends before it begins.
    pub fn add_dated_secret(
        &mut self,
        api_key: &str,
        label: &str,
        secret: &[u8],
        validity: Validity,
    ) -> Result<(), ConfigError> {
        if secret.len() > limits::MAX_SECRET_BYTES {
            return Err(ConfigError::new("secret", "must have at most 4096 bytes"));
        }
        let secret = Secret::copied(secret).ok_or_else(|| ConfigError::new("secret", "must not be empty"))?;
        self.add_key(api_key, label, secret, validity)
    }

    /// Expects tokens of this account to name this application, or another one that was added for it. Tokens of an account
    /// without applications may name any or none.
    ///
    /// # Errors
    /// An `api_key` as for [`Keyring::add_secret`], or one that has no secret yet; an id that is empty or longer than
    /// 256 bytes; too many ids.
    pub fn add_application_id(&mut self, api_key: &str, application_id: &str) -> Result<(), ConfigError> {
        if !(1..=limits::MAX_SETTING_BYTES).contains(&application_id.len()) {
            return Err(ConfigError::new("application_id", "must have 1 to 256 bytes"));
        }
        let account = self.accounts.get_mut(api_key);
        let account = account.ok_or_else(|| ConfigError::new("api_key", "has no secret in this keyring yet"))?;
        if account.application_ids.len() >= limits::MAX_APPLICATIONS_PER_ACCOUNT {
            return Err(ConfigError::new("application_id", "the account has 1000 applications already"));
        }
        if !account.application_ids.iter().any(|known| **known == *application_id) {
            account.application_ids.push(application_id.into());
        }
        Ok(())
    }

    /// Adds the accounts of a keyring text: all of them, or none if anything in it is refused.
    ///
    /// Version 1 of the text, here with everything it may hold:
    ///
    /// ```json
    /// {
    ///   "version": 1,
    ///   "accounts": [
    ///     {
    ///       "api_key": "a1b2c3d4",
    ///       "secrets": [
    ///         { "label": "production", "secret": "used as these bytes" },
    ///         { "label": "old", "secret_base64": "dGhlIG9sZCBvbmU=", "not_before": 1767225600, "not_after": 1767312000 }
    ///       ],
    ///       "application_ids": ["aaaaaaaa-bbbb-cccc-dddd-0123456789ab"]
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// `not_before` and `not_after` are Unix seconds, both inclusive; `application_ids` may be absent.
    ///
    /// # Errors
    /// Text that is not such JSON: another version, an unknown or repeated name, a wrong type, no account at all, an account
    /// that is in the keyring already, and what [`Keyring::add_secret`] refuses. The error names the place and never a value.
    pub fn add_json(&mut self, text: &str) -> Result<(), ConfigError> {
        text::add(self, text)
    }

    /// Number of accounts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.accounts.len()
    }

    /// Whether there is no account.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// What looks wrong about the secrets. A lint is no error: the secret is used as it is.
    #[must_use]
    pub fn lints(&self) -> Vec<KeyLint> {
        let mut lints: Vec<KeyLint> = self
            .accounts
            .iter()
            .flat_map(|(api_key, account)| {
                account
                    .keys
                    .iter()
                    .flat_map(move |key| key.lints.iter().map(move |lint| KeyLint::new(api_key, &key.label, *lint)))
            })
            .collect();
        lints.sort();
        lints
    }

    /// The labels of an account's secrets, in the order in which they were added; none for an unknown account.
    #[must_use]
    pub fn labels(&self, api_key: &str) -> Vec<&str> {
        let keys = self.accounts.get(api_key).map(|account| account.keys.as_slice());
        keys.unwrap_or_default().iter().map(|key| &*key.label).collect()
    }

    /// The `api_key`s of all accounts, sorted.
    #[must_use]
    pub fn api_keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = self.accounts.keys().map(|key| &**key).collect();
        keys.sort_unstable();
        keys
    }

    fn add_key(&mut self, api_key: &str, label: &str, secret: Secret, validity: Validity) -> Result<(), ConfigError> {
        check_name("api_key", api_key, limits::MAX_API_KEY_BYTES)?;
        check_name("label", label, limits::MAX_LABEL_BYTES)?;
        let valid = validity.seconds();
        if valid.is_empty() {
            return Err(ConfigError::new("not_after", "must not be before not_before"));
        }
        let known = self.accounts.get(api_key);
        if known.is_none() && self.accounts.len() >= limits::MAX_ACCOUNTS {
            return Err(ConfigError::new("api_key", "the keyring has 10000 accounts already"));
        }
        let keys = known.map(|account| account.keys.as_slice()).unwrap_or_default();
        if keys.len() >= limits::MAX_SECRETS_PER_ACCOUNT {
            return Err(ConfigError::new("secret", "the account has 32 secrets already"));
        }
        if keys.iter().any(|key| *key.label == *label) {
            return Err(ConfigError::new("label", "is taken by another secret of the account"));
        }
        let key = Hs256Key::new(&secret).ok_or_else(|| ConfigError::new("secret", "cannot be a key"))?;
        let lints = lint::lints_of(&secret);
        let added = AccountKey {
            label: label.into(),
            key,
            #[cfg(any(feature = "sms", feature = "explain"))]
            secret: Arc::new(secret),
            valid,
            lints,
        };
        self.accounts.entry(api_key.into()).or_default().keys.push(added);
        Ok(())
    }

    /// Finds the secret of the account that produced the signature and is valid at `now`.
    ///
    /// Every candidate is tried, whichever matched before it, and an unknown account costs an HMAC too, so that time tells
    /// a stranger neither which accounts exist nor which secret came close.
    pub(crate) fn authenticate(
        &self,
        api_key: &str,
        input: &[u8],
        signature: &[u8; SIGNATURE_BYTES],
        now: i64,
        dummy: &Hs256Key,
    ) -> Result<KeyMatch<'_>, KeyRefusal> {
        let try_key = |candidate: &AccountKey| candidate.key.authenticate(input, signature);
        self.find(api_key, now, Reason::SignatureInvalid, try_key, || dummy.waste(input, signature))
    }

    /// Finds the secret of the account that made the SMS API's own signature, as [`Keyring::authenticate`] does.
    #[cfg(feature = "sms")]
    pub(crate) fn authenticate_sms(
        &self,
        account: &str,
        signature: &SmsSignature,
        now: i64,
    ) -> Result<KeyMatch<'_, SmsAuthentic>, KeyRefusal> {
        let try_key = |candidate: &AccountKey| signature.authenticate(&candidate.secret);
        self.find(account, now, Reason::SmsSignatureInvalid, try_key, || signature.waste())
    }

    /// Whether a secret of the account makes the signature by the other method of its length.
    #[cfg(feature = "sms")]
    pub(crate) fn fits_sibling(&self, account: &str, signature: &SmsSignature) -> bool {
        let keys = self.accounts.get(account).map(|account| account.keys.as_slice()).unwrap_or_default();
        keys.iter().any(|candidate| signature.fits_sibling(&candidate.secret))
    }

    /// The account, if there is only one.
    #[cfg(feature = "sms")]
    pub(crate) fn only_account(&self) -> Option<&str> {
        let mut names = self.accounts.keys();
        names.next().filter(|_| names.next().is_none()).map(|name| &**name)
    }

    /// The key and the secret with this label, or the first of the account.
    #[cfg(any(feature = "sms", feature = "explain"))]
    pub(crate) fn key_of(&self, api_key: &str, label: Option<&str>) -> Option<(Hs256Key, Arc<Secret>)> {
        self.key_where(api_key, |key| label.is_none_or(|label| *key.label == *label))
    }

    /// The key and the secret of the account that is the first to be valid at `now`.
    #[cfg(any(feature = "sms", feature = "explain"))]
    pub(crate) fn valid_key_of(&self, api_key: &str, now: i64) -> Option<(Hs256Key, Arc<Secret>)> {
        self.key_where(api_key, |key| key.valid.contains(&now))
    }

    #[cfg(any(feature = "sms", feature = "explain"))]
    fn key_where(&self, api_key: &str, wanted: impl Fn(&AccountKey) -> bool) -> Option<(Hs256Key, Arc<Secret>)> {
        let key = self.accounts.get(api_key)?.keys.iter().find(|key| wanted(key))?;
        Some((key.key.clone(), Arc::clone(&key.secret)))
    }

    /// All secrets as they are.
    #[cfg(feature = "explain")]
    pub(crate) fn secrets(&self) -> impl Iterator<Item = KnownSecret<'_>> {
        let mut accounts: Vec<_> = self.accounts.iter().collect();
        accounts.sort_unstable_by_key(|(api_key, _)| *api_key);
        accounts.into_iter().flat_map(|(api_key, account)| {
            account.keys.iter().map(move |key| KnownSecret {
                account: api_key,
                label: &key.label,
                secret: key.secret.expose(),
                lints: &key.lints,
                key,
            })
        })
    }

    /// A keyring of one account with one secret: as the given one, but for its bytes. The account keeps its applications.
    #[cfg(feature = "explain")]
    pub(crate) fn with_one_secret(&self, api_key: &str, like: &KnownSecret<'_>, secret: &[u8]) -> Option<Keyring> {
        let secret = Secret::copied(secret)?;
        let key = AccountKey { key: Hs256Key::new(&secret)?, secret: Arc::new(secret), ..like.key.clone() };
        let application_ids = self.application_ids(like.account).to_vec();
        let account = Account { keys: vec![key], application_ids };
        Some(Keyring { accounts: HashMap::from([(api_key.into(), account)]) })
    }

    /// The applications of an account.
    #[cfg(feature = "explain")]
    pub(crate) fn application_ids(&self, api_key: &str) -> &[Box<str>] {
        self.accounts.get(api_key).map(|account| account.application_ids.as_slice()).unwrap_or_default()
    }

    /// When a secret is valid.
    #[cfg(feature = "explain")]
    pub(crate) fn window(&self, api_key: &str, label: &str) -> Option<RangeInclusive<i64>> {
        let key = self.accounts.get(api_key)?.keys.iter().find(|key| *key.label == *label)?;
        Some(key.valid.clone())
    }

    fn find<P>(
        &self,
        api_key: &str,
        now: i64,
        invalid: Reason,
        try_key: impl Fn(&AccountKey) -> Option<P>,
        waste: impl FnOnce(),
    ) -> Result<KeyMatch<'_, P>, KeyRefusal> {
        let Some(account) = self.accounts.get(api_key) else {
            waste();
            return Err(KeyRefusal { reason: Reason::KeyUnknown, label: None, lints: Vec::new() });
        };
        let mut active = None;
        let mut inactive = None;
        for candidate in &account.keys {
            if let Some(proof) = try_key(candidate) {
                let found = if candidate.valid.contains(&now) { &mut active } else { &mut inactive };
                found.get_or_insert((proof, &candidate.label));
            }
        }
        match (active, inactive) {
            (Some((proof, label)), _) => Ok(KeyMatch { proof, label, application_ids: &account.application_ids }),
            (None, Some((_, label))) => {
                Err(KeyRefusal { reason: Reason::KeyInactive, label: Some(Arc::clone(label)), lints: Vec::new() })
            }
            (None, None) => Err(KeyRefusal { reason: invalid, label: None, lints: account.lints_of_tried().collect() }),
        }
    }
}

impl Account {
    fn lints_of_tried(&self) -> impl Iterator<Item = String> + '_ {
        self.keys.iter().flat_map(|key| key.lints.iter().map(|lint| format!("{}: {lint}", key.label)))
    }
}

/// A name that may go into logs: not empty, bounded, without control characters.
fn check_name(place: &str, name: &str, most: usize) -> Result<(), ConfigError> {
    if (1..=most).contains(&name.len()) && !name.bytes().any(|byte| byte.is_ascii_control()) {
        Ok(())
    } else {
        Err(ConfigError::new(place, format!("must have 1 to {most} bytes and no control characters")))
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("accounts", &self.accounts.len()).finish_non_exhaustive()
    }
}
