//! The proof that a request passed every check. Only the verifier mints it.

use std::fmt;

use super::{Checked, ReplayCheck};
use crate::claims::Claim;
#[cfg(feature = "networks")]
use crate::networks::SourceHint;
use crate::payload::{self, PayloadForm};
use crate::policy::ClaimTerms;
use crate::query::QueryPairs;
use crate::reason::Advice;

/// Proof that a request passed every check: it is from the account, unchanged, and fresh at the time it was checked.
///
/// It holds the claims and never the body. Everything it tells is covered by the signature. [`Verified::replay`] says
/// whether it is known to be no repeat.
#[must_use]
pub struct Verified {
    pub(super) checked: Checked,
    payload_form: PayloadForm,
    pub(super) age_seconds: i64,
    pub(super) terms: ClaimTerms,
    pub(super) replay: ReplayCheck,
    #[cfg(feature = "networks")]
    source: SourceHint,
}

impl Verified {
    pub(super) fn new(checked: Checked, payload_form: PayloadForm, terms: ClaimTerms, now: i64) -> Verified {
        let age_seconds = checked.claims.age(now);
        Verified {
            checked,
            payload_form,
            age_seconds,
            terms,
            replay: ReplayCheck::NotChecked,
            #[cfg(feature = "networks")]
            source: SourceHint::NotChecked,
        }
    }

    #[cfg(feature = "networks")]
    pub(super) fn with_source(self, source: SourceHint) -> Verified {
        Verified { source, ..self }
    }

    /// How the request's source relates to the policy's networks: a hint, never a proof. No signature covers it.
    #[cfg(feature = "networks")]
    #[must_use]
    pub fn source_hint(&self) -> SourceHint {
        self.source
    }

    /// Whether the request is known to be no repeat. [`ReplayCheck::NotChecked`] after a plain `verify`.
    #[must_use]
    pub fn replay(&self) -> &ReplayCheck {
        &self.replay
    }

    /// The account: claim `api_key`, or the route with a profile that chooses the secret by it.
    #[must_use]
    pub fn api_key(&self) -> &str {
        self.checked.selector().text()
    }

    /// The token's own identity: claim `jti`; the nonce of an SMS webhook, or its signature where it has none.
    #[must_use]
    pub fn jti(&self) -> &str {
        self.checked.claims.jti()
    }

    /// When the token was issued, in Unix seconds: claim `iat`; the `timestamp` of an SMS webhook.
    #[must_use]
    pub fn issued_at(&self) -> i64 {
        self.checked.claims.issued_at()
    }

    /// Seconds from `iat` to the time the request was checked; negative when the token came from the future, within
    /// the leeway.
    #[must_use]
    pub fn age_seconds(&self) -> i64 {
        self.age_seconds
    }

    /// Claim `application_id`, where the token has one.
    #[must_use]
    pub fn application_id(&self) -> Option<&str> {
        self.checked.claims.application_id()
    }

    /// All claims, as the JSON text that was signed; the parameters of an SMS webhook, as one JSON object of texts.
    #[must_use]
    pub fn claims_json(&self) -> &str {
        self.checked.claims.json()
    }

    /// A claim that is a string, by name.
    #[must_use]
    pub fn claim_text(&self, name: &str) -> Option<String> {
        match self.checked.claims.claim(name)? {
            Claim::Text(text) => Some(text),
            Claim::Integer(_) => None,
        }
    }

    /// A claim that is a whole number from -2^63 to 2^63 - 1, by name.
    #[must_use]
    pub fn claim_integer(&self, name: &str) -> Option<i64> {
        match self.checked.claims.claim(name)? {
            Claim::Integer(number) => Some(number),
            Claim::Text(_) => None,
        }
    }

    /// The label of the secret that signed the token.
    #[must_use]
    pub fn key_label(&self) -> &str {
        &self.checked.label
    }

    /// The generation of the keyring that held the secret; 0 for a keyring of the call.
    #[must_use]
    pub fn keyring_generation(&self) -> u64 {
        self.checked.generation
    }

    /// Which bytes of the request `payload_hash` was found to cover.
    #[must_use]
    pub fn payload_form(&self) -> PayloadForm {
        self.payload_form
    }

    /// The decoded parameters of a GET, in their order: what the signature covers. Empty for a request with a body, whose
    /// query nothing signs; but those of an SMS webhook with its own signature are here whichever way they came.
    ///
    /// Use these and not what a framework has decoded: parameters of your own that were taken off
    /// ([`crate::Policy::add_own_query`]) are not among them.
    #[must_use]
    pub fn query_pairs(&self) -> QueryPairs<'_> {
        self.checked.query.as_ref().map_or(QueryPairs::NONE, |(_, parameters)| QueryPairs::new(parameters))
    }

    /// The value of a signed parameter of a GET.
    #[must_use]
    pub fn query_value(&self, name: &str) -> Option<&str> {
        self.query_pairs().get(name)
    }

    /// The SHA-256 that stands for the parameters of a GET, and whether the token covers them; nothing for a request with a
    /// body.
    pub(crate) fn query_hash(&self) -> Option<([u8; 32], bool)> {
        let (form, parameters) = self.checked.query.as_ref()?;
        if matches!(form, PayloadForm::SmsForm | PayloadForm::SmsJson) {
            return None;
        }
        Some((parameters.hash(*form), *form != PayloadForm::Unhashed))
    }

    /// What stands for the content of an SMS webhook: its parameters, sorted, without those of the signature. They are new
    /// with each retry, and the carrier is a setting.
    pub(crate) fn content_hash(&self) -> Option<[u8; 32]> {
        let (form, parameters) = self.checked.query.as_ref()?;
        if !matches!(form, PayloadForm::SmsQuery | PayloadForm::SmsForm | PayloadForm::SmsJson) {
            return None;
        }
        let of_signature = |name: &str| matches!(name, "sig" | "timestamp" | "nonce");
        let mut pairs: Vec<_> = parameters.pairs().filter(|(name, _)| !of_signature(name)).collect();
        pairs.sort_unstable();
        Some(payload::hash_parts(pairs.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()])))
    }

    /// The SHA-256 of this body and whether the token covers it; nothing if the token names another hash.
    pub(crate) fn body_hash(&self, body: &[u8]) -> Option<([u8; 32], bool)> {
        let hash = payload::hash(body);
        let covered = self.checked.claims.payload_matches(&hash);
        covered.unwrap_or(true).then_some((hash, covered.is_some()))
    }

    /// What to answer once the request is handled.
    #[must_use]
    pub fn advice(&self) -> Advice {
        Advice::accepted()
    }

    /// The HTTP status to answer once the request is handled: 200.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        self.advice().http_status
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("api_key", &self.api_key())
            .field("key_label", &self.key_label())
            .field("age_seconds", &self.age_seconds)
            .field("payload_form", &self.payload_form)
            .field("replay", &self.replay.name())
            .finish_non_exhaustive()
    }
}
