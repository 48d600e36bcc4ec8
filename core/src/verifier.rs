//! The order of the checks, and nothing else. The rules stand in the files this one imports.

use std::sync::Arc;

use arc_swap::ArcSwapOption;

mod hint;
mod query;
mod received;
mod refusal;
#[cfg(feature = "sms")]
mod sms;
mod verified;

pub use received::{Duplicates, Received, ReplayCheck};
pub use refusal::Refusal;
pub use verified::Verified;

use crate::claims::{Claims, Required};
use crate::config_error::ConfigError;
use crate::encoding::Base64Url;
use crate::header;
use crate::hs256::Hs256Key;
use crate::keyring::{KeyMatch, KeyRefusal, Keyring};
use crate::limits::MAX_API_KEY_BYTES;
#[cfg(feature = "networks")]
use crate::networks::SourceHint;
use crate::payload::{self, BodyHash, PayloadForm, PayloadSource};
use crate::policy::{Answers, Policy};
use crate::profile::KeyBy;
use crate::query::Parameters;
use crate::reason::Reason;
use crate::replay::{Selector, Store};
use crate::request::{Request, RequestHead};
use crate::token::UntrustedToken;

use refusal::Details;
#[cfg(feature = "sms")]
use sms::PendingSms;

/// Verifies requests by a policy and a keyring. Share one between all threads.
///
/// The keyring can be replaced at any time: it is swapped as a whole, and a verification under way keeps the ring with
/// which it began.
pub struct Verifier {
    policy: Arc<Policy>,
    ring: ArcSwapOption<Ring>,
    dummy: Hs256Key,
    base64url: Base64Url,
}

struct Ring {
    keyring: Arc<Keyring>,
    generation: u64,
}

/// Where the secrets of one call come from.
enum Keys<'k> {
    /// The verifier's own ring.
    Own,
    /// The host's, or nothing if the host could not load any.
    Given(Option<&'k Keyring>),
}

impl<'k> Keys<'k> {
    /// The keyring, if there is one, and its generation.
    fn of<'r>(&self, own: Option<&'r Ring>) -> (Option<&'r Keyring>, u64)
    where
        'k: 'r,
    {
        match (self, own) {
            (Keys::Own, Some(ring)) => (Some(&*ring.keyring), ring.generation),
            (Keys::Own, None) => (None, 0),
            (Keys::Given(keyring), _) => (*keyring, 0),
        }
    }
}

impl Verifier {
    /// A verifier with a keyring of its own.
    ///
    /// # Errors
    /// A keyring without accounts, which would refuse everything.
    pub fn new(policy: Policy, keyring: Keyring) -> Result<Verifier, ConfigError> {
        let verifier = Verifier::with_keys_per_call(policy);
        verifier.replace_keyring(keyring)?;
        Ok(verifier)
    }

    /// A verifier whose secrets come with each call: see [`Verifier::verify_with_keyring`]. Its other calls answer
    /// `key.unavailable`.
    #[must_use]
    pub fn with_keys_per_call(policy: Policy) -> Verifier {
        Verifier {
            policy: Arc::new(policy),
            ring: ArcSwapOption::empty(),
            dummy: Hs256Key::dummy(),
            base64url: Base64Url::new(),
        }
    }

    /// Replaces the keyring as a whole, and returns the generation of the new one.
    ///
    /// # Errors
    /// A keyring without accounts: the old one stays.
    pub fn replace_keyring(&self, keyring: Keyring) -> Result<u64, ConfigError> {
        if keyring.is_empty() {
            return Err(ConfigError::new("keyring", "must have at least one account"));
        }
        let keyring = Arc::new(keyring);
        let next = |old: &Option<Arc<Ring>>| generation_of(old.as_deref()).saturating_add(1);
        let old = self.ring.rcu(|old| Some(Arc::new(Ring { keyring: Arc::clone(&keyring), generation: next(old) })));
        Ok(next(&old))
    }

    /// The generation of the keyring: 1 for the first, one more with each replacement, 0 without one.
    #[must_use]
    pub fn generation(&self) -> u64 {
        generation_of(self.ring.load().as_deref())
    }

    /// The keyring of now, if there is one.
    #[cfg(feature = "explain")]
    pub(crate) fn keyring(&self) -> Option<Arc<Keyring>> {
        self.ring.load().as_deref().map(|ring| Arc::clone(&ring.keyring))
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The name of the header field to pass to [`RequestHead::header`].
    #[must_use]
    pub fn header_name(&self) -> &str {
        self.policy.header_name()
    }

    /// Verifies a whole request at `now`, in Unix seconds, and claims it in `store`, last of all: see [`Received`]. Pass
    /// the store by reference or in an `Arc`; any number of verifiers may share one.
    ///
    /// # Errors
    /// The first reason that stands against the request. A refused request uses up nothing.
    pub fn receive<S: Store>(
        &self,
        request: &Request<'_>,
        store: S,
        duplicates: Duplicates,
        now: i64,
    ) -> Result<Received<S>, Refusal> {
        self.verify(request, now)?.claim(store, duplicates, now)
    }

    /// As [`Verifier::receive`], with the secrets of [`Verifier::verify_with_keyring`].
    ///
    /// # Errors
    /// The first reason that stands against the request.
    pub fn receive_with_keyring<S: Store>(
        &self,
        request: &Request<'_>,
        keyring: Option<&Keyring>,
        store: S,
        duplicates: Duplicates,
        now: i64,
    ) -> Result<Received<S>, Refusal> {
        self.verify_with_keyring(request, keyring, now)?.claim(store, duplicates, now)
    }

    /// At most once: verifies a whole request and records it as done before the work begins. If the work then fails, the
    /// event is lost, for its retry is a duplicate; [`Verifier::receive`] loses none.
    ///
    /// # Errors
    /// The first reason that stands against the request.
    pub fn verify_once<S: Store>(
        &self,
        request: &Request<'_>,
        store: S,
        duplicates: Duplicates,
        now: i64,
    ) -> Result<Verified, Refusal> {
        self.verify(request, now)?.record_once(store, duplicates, now)
    }

    /// Verifies a whole request at `now`, in Unix seconds. It asks no store: the request may be a repeat.
    ///
    /// # Errors
    /// The first reason that stands against the request.
    pub fn verify(&self, request: &Request<'_>, now: i64) -> Result<Verified, Refusal> {
        self.verify_with(request, &Keys::Own, now)
    }

    /// Verifies a whole request with secrets that the host has loaded for its [`Verifier::untrusted_api_key`].
    ///
    /// Without a keyring (the host's database did not answer) a request that is well-formed is `key.unavailable`: the sender
    /// keeps it.
    ///
    /// # Errors
    /// The first reason that stands against the request.
    pub fn verify_with_keyring(
        &self,
        request: &Request<'_>,
        keyring: Option<&Keyring>,
        now: i64,
    ) -> Result<Verified, Refusal> {
        self.verify_with(request, &Keys::Given(keyring), now)
    }

    /// Settles everything that stands in the head, before one byte of the body is read.
    ///
    /// # Errors
    /// The first reason that stands against the request.
    pub fn begin(&self, head: &RequestHead<'_>, now: i64) -> Result<PendingBody, Refusal> {
        self.begin_with(head, &Keys::Own, now)
    }

    /// As [`Verifier::begin`], with the secrets of [`Verifier::verify_with_keyring`].
    ///
    /// # Errors
    /// The first reason that stands against the request.
    pub fn begin_with_keyring(
        &self,
        head: &RequestHead<'_>,
        keyring: Option<&Keyring>,
        now: i64,
    ) -> Result<PendingBody, Refusal> {
        self.begin_with(head, &Keys::Given(keyring), now)
    }

    /// The `api_key` that the token claims, to load the account's secrets by. Anybody may have written it: it proves
    /// nothing.
    ///
    /// `count` is how many such header fields the request had.
    ///
    /// # Errors
    /// What is wrong with the form of the header field or the token.
    pub fn untrusted_api_key(&self, header: &[u8], count: usize) -> Result<String, Refusal> {
        let token = self.read_token(header, count)?;
        token.untrusted_api_key().map(ToOwned::to_owned).map_err(|reason| self.refuse(reason))
    }

    /// The account whose secrets the request is to be verified with, whatever the profile: the `api_key` that the token
    /// claims, the route, or the `api-key` of an SMS webhook. Load its secrets for [`Verifier::verify_with_keyring`]. Anybody
    /// may have written it: it proves nothing.
    ///
    /// # Errors
    /// What is wrong with the form of the request; `key.unknown` if it names no account.
    pub fn untrusted_account(&self, request: &Request<'_>) -> Result<String, Refusal> {
        #[cfg(feature = "sms")]
        if self.policy.profile().sms.is_some() {
            return self.untrusted_sms_account(request);
        }
        match self.policy.profile().key_by {
            KeyBy::ApiKeyClaim => self.untrusted_api_key(request.head.header, request.head.header_count),
            KeyBy::Route => account_of(request.head.route).map(ToOwned::to_owned).map_err(|reason| self.refuse(reason)),
        }
    }

    #[cfg(not(feature = "networks"))]
    fn verify_with(&self, request: &Request<'_>, keys: &Keys<'_>, now: i64) -> Result<Verified, Refusal> {
        self.judge(request, keys, now)
    }

    #[cfg(feature = "networks")]
    fn verify_with(&self, request: &Request<'_>, keys: &Keys<'_>, now: i64) -> Result<Verified, Refusal> {
        let hint = self.source_hint(&request.head);
        let verdict = self.judge(request, keys, now);
        verdict.map(|verified| verified.with_source(hint)).map_err(|refusal| refusal.with_source(hint))
    }

    /// How the source relates to the policy's networks.
    #[cfg(feature = "networks")]
    fn source_hint(&self, head: &RequestHead<'_>) -> SourceHint {
        match (self.policy.networks(), head.source) {
            (Some(networks), Some(address)) => networks.hint(address),
            _ => SourceHint::NotChecked,
        }
    }

    fn judge(&self, request: &Request<'_>, keys: &Keys<'_>, now: i64) -> Result<Verified, Refusal> {
        #[cfg(feature = "sms")]
        if let Some(method) = self.policy.profile().sms {
            return self.verify_sms(method, request, keys, now);
        }
        let checked = self
            .check_head(&request.head, keys, now)
            .map_err(|refusal| refusal.with_hint(|| hint::of_missing_header(&request.head, request.body)))?;
        checked.take(request.body, &self.policy, now)
    }

    fn begin_with(&self, head: &RequestHead<'_>, keys: &Keys<'_>, now: i64) -> Result<PendingBody, Refusal> {
        let pending = self.begin_judging(head, keys, now);
        #[cfg(feature = "networks")]
        let pending = pending.map_err(|refusal| refusal.with_source(self.source_hint(head)));
        Ok(PendingBody {
            policy: Arc::clone(&self.policy),
            pending: pending?,
            #[cfg(feature = "networks")]
            source: self.source_hint(head),
        })
    }

    fn begin_judging(&self, head: &RequestHead<'_>, keys: &Keys<'_>, now: i64) -> Result<Pending, Refusal> {
        #[cfg(feature = "sms")]
        if let Some(method) = self.policy.profile().sms {
            return self.begin_sms(method, head, keys, now);
        }
        let checked = self
            .check_head(head, keys, now)
            .map_err(|refusal| refusal.with_hint(|| hint::of_missing_header(head, &[])))?;
        Ok(Pending::Hashed(checked, BodyHash::new(self.policy.max_body_bytes())))
    }

    /// Every check that needs no body, in order.
    fn check_head(&self, head: &RequestHead<'_>, keys: &Keys<'_>, now: i64) -> Result<Checked, Refusal> {
        let policy = &*self.policy;
        let source = policy.payload_of(head.method).map_err(|reason| self.refuse(reason))?;
        let token = self.read_token(head.header, head.header_count)?;
        let key_by = policy.profile().key_by;
        let selector = match key_by {
            KeyBy::ApiKeyClaim => token.untrusted_api_key(),
            KeyBy::Route => account_of(head.route),
        };
        let selector = selector.map_err(|reason| self.refuse(reason))?;

        let own = self.ring.load();
        let (keyring, generation) = keys.of(own.as_deref());
        let details = |key_label, lints| Details {
            untrusted_api_key: Some(selector.escape_default().collect()),
            key_label,
            keyring_generation: keyring.map(|_| generation),
            age_seconds: None,
            lints,
            ..Details::default()
        };
        let refuse = |reason, details| Refusal::new(reason, policy.answers(), Some(details));

        let Some(keyring) = keyring else {
            return Err(refuse(Reason::KeyUnavailable, details(None, Vec::new())));
        };
        let KeyMatch { proof, label, application_ids } = keyring
            .authenticate(selector, token.signing_input(), token.signature(), now, &self.dummy)
            .map_err(|KeyRefusal { reason, label, lints }| refuse(reason, details(label, lints)))?;
        if head.expected_account.is_some_and(|account| account != selector.as_bytes()) {
            return Err(refuse(Reason::KeyMismatch, details(Some(Arc::clone(label)), Vec::new())));
        }

        let required = Required {
            payload_hash: policy.payload_hash_required(),
            application_id: !application_ids.is_empty(),
            issuer: policy.issuer().is_some(),
            expires: policy.profile().expires,
        };
        let facts = token
            .claims()
            .facts(&proof, required)
            .map_err(|reason| refuse(reason, details(Some(Arc::clone(label)), Vec::new())))?;
        let chosen = match key_by {
            KeyBy::ApiKeyClaim => Chosen::ApiKey,
            KeyBy::Route => Chosen::Route(selector.to_owned()),
        };
        let claims = token.into_claims().with(facts);
        let mut checked = Checked { claims, chosen, label: Arc::clone(label), generation, query: None };
        let judge = || {
            checked.claims.check_issuer(policy.issuer())?;
            checked.claims.check_application(application_ids)?;
            checked.claims.check_time(now, policy.freshness())?;
            payload::check_length(head.declared_length, policy.max_body_bytes())
        };
        judge().map_err(|reason| checked.refuse(reason, policy.answers(), Some(now)))?;
        if source == PayloadSource::Query {
            if head.declared_length > 0 {
                return Err(checked.refuse_payload(HAS_A_BODY, policy.answers(), Some(now)));
            }
            match query::find(&checked.claims, policy, head.query) {
                Ok(found) => checked.query = Some(found),
                Err(fault) => return Err(checked.refuse_payload(fault, policy.answers(), Some(now))),
            }
        }
        Ok(checked)
    }

    fn read_token<'t>(&self, header: &'t [u8], count: usize) -> Result<UntrustedToken<'t>, Refusal> {
        let scheme = self.policy.profile().scheme;
        let token = header::bearer_token(header, count, self.policy.max_header_bytes(), scheme);
        let token = token.map_err(|reason| self.refuse(reason))?;
        UntrustedToken::read(token, &self.base64url)
            .map_err(|reason| self.refuse(if header::is_one_token(token) { reason } else { Reason::HeaderMalformed }))
    }

    fn refuse(&self, reason: Reason) -> Refusal {
        Refusal::new(reason, self.policy.answers(), None)
    }
}

fn generation_of(ring: Option<&Ring>) -> u64 {
    ring.map_or(0, |ring| ring.generation)
}

/// The account that a route names. A route that can name none is an unknown one.
fn account_of(route: &[u8]) -> Result<&str, Reason> {
    let text = std::str::from_utf8(route).map_err(|_| Reason::KeyUnknown)?;
    let good = (1..=MAX_API_KEY_BYTES).contains(&text.len()) && !text.bytes().any(|byte| byte.is_ascii_control());
    if good { Ok(text) } else { Err(Reason::KeyUnknown) }
}

/// Everything of a request but its body has passed.
pub(crate) struct Checked {
    claims: Claims,
    chosen: Chosen,
    label: Arc<str>,
    generation: u64,
    /// Where the payload is the query, which is settled in the head; and the parameters of an SMS webhook.
    query: Option<(PayloadForm, Parameters)>,
}

/// What has chosen the secret.
enum Chosen {
    ApiKey,
    Route(String),
    /// The account of an SMS webhook, which stands where the claim does.
    #[cfg(feature = "sms")]
    Sms,
}

/// The fault of a GET with a body.
const HAS_A_BODY: &str = "a GET has a body, which nothing signs";

impl Checked {
    /// The whole body at once.
    fn take(self, body: &[u8], policy: &Policy, now: i64) -> Result<Verified, Refusal> {
        let mut hash = BodyHash::new(policy.max_body_bytes());
        hash.update(body).map_err(|reason| self.refuse(reason, policy.answers(), Some(now)))?;
        self.finish(hash, policy, now)
    }

    /// The age once more, now that the body is there, and then the body.
    fn finish(self, body: BodyHash, policy: &Policy, now: i64) -> Result<Verified, Refusal> {
        let unsigned = self.has_unsigned_body(&body);
        let judge = || {
            self.claims.check_time(now, policy.freshness())?;
            if let Some((form, _)) = &self.query {
                return Ok(*form);
            }
            match self.claims.payload_matches(&body.finish()?) {
                Some(true) => Ok(PayloadForm::Body),
                Some(false) => Err(Reason::PayloadMismatch),
                None => Ok(PayloadForm::Unhashed),
            }
        };
        match judge() {
            Ok(_) if unsigned => Err(self.refuse_payload(HAS_A_BODY, policy.answers(), Some(now))),
            Ok(form) => Ok(Verified::new(self, form, policy.claim_terms(), now)),
            Err(reason) => Err(self.refuse(reason, policy.answers(), Some(now))),
        }
    }

    fn refuse(&self, reason: Reason, answers: Answers, now: Option<i64>) -> Refusal {
        let details = Details { age_seconds: now.map(|now| self.claims.age(now)), ..self.details() };
        Refusal::new(reason, answers, Some(details))
    }

    /// What has chosen the secret.
    fn selector(&self) -> Selector<'_> {
        match &self.chosen {
            Chosen::ApiKey => Selector::ApiKey(self.claims.api_key()),
            Chosen::Route(route) => Selector::Route(route),
            #[cfg(feature = "sms")]
            Chosen::Sms => Selector::Sms(self.claims.api_key()),
        }
    }

    fn has_unsigned_body(&self, body: &BodyHash) -> bool {
        self.query.is_some() && !body.is_empty()
    }

    fn refuse_payload(&self, fault: &'static str, answers: Answers, now: Option<i64>) -> Refusal {
        let age_seconds = now.map(|now| self.claims.age(now));
        let details = Details { age_seconds, payload_fault: Some(fault), ..self.details() };
        Refusal::new(Reason::PayloadMismatch, answers, Some(details))
    }

    /// What a log may know of every refusal from here on.
    fn details(&self) -> Details {
        Details {
            untrusted_api_key: Some(self.selector().text().escape_default().collect()),
            key_label: Some(Arc::clone(&self.label)),
            keyring_generation: Some(self.generation),
            ..Details::default()
        }
    }
}

/// A request whose head has passed and whose body is on its way.
///
/// It never holds the body, but for one: the body of an SMS webhook with its own signature carries that signature, so it is
/// kept up to the policy's ceiling, and nothing of it is settled before it is complete.
pub struct PendingBody {
    policy: Arc<Policy>,
    pending: Pending,
    #[cfg(feature = "networks")]
    source: SourceHint,
}

#[allow(clippy::large_enum_variant)] // one of them lives for the time of one request
enum Pending {
    /// The head is settled, the body is hashed as it comes.
    Hashed(Checked, BodyHash),
    #[cfg(feature = "sms")]
    Sms(PendingSms),
}

impl PendingBody {
    /// Takes the next bytes of the body.
    ///
    /// # Errors
    /// `payload.too_large` once the body is larger than the policy allows, `payload.mismatch` for any body of a GET; it then
    /// stays so.
    pub fn update(&mut self, chunk: &[u8]) -> Result<(), Refusal> {
        let outcome = self.take(chunk);
        #[cfg(feature = "networks")]
        let outcome = outcome.map_err(|refusal| refusal.with_source(self.source));
        outcome
    }

    fn take(&mut self, chunk: &[u8]) -> Result<(), Refusal> {
        let answers = self.policy.answers();
        match &mut self.pending {
            Pending::Hashed(checked, body) => {
                body.update(chunk).map_err(|reason| checked.refuse(reason, answers, None))?;
                if checked.has_unsigned_body(body) {
                    return Err(checked.refuse_payload(HAS_A_BODY, answers, None));
                }
                Ok(())
            }
            #[cfg(feature = "sms")]
            Pending::Sms(pending) => pending.update(chunk, &self.policy),
        }
    }

    /// Judges the body, and the age once more: a body that took longer than the window is `time.stale`. `now` is the
    /// time when the body was complete.
    ///
    /// # Errors
    /// The first reason that stands against the request.
    pub fn finish(self, now: i64) -> Result<Verified, Refusal> {
        let verdict = match self.pending {
            Pending::Hashed(checked, body) => checked.finish(body, &self.policy, now),
            #[cfg(feature = "sms")]
            Pending::Sms(pending) => pending.finish(&self.policy, now),
        };
        #[cfg(feature = "networks")]
        let verdict = verdict
            .map(|verified| verified.with_source(self.source))
            .map_err(|refusal| refusal.with_source(self.source));
        verdict
    }

    /// [`PendingBody::finish`], and the claim: see [`Verifier::receive`].
    ///
    /// # Errors
    /// The first reason that stands against the request.
    pub fn receive<S: Store>(self, store: S, duplicates: Duplicates, now: i64) -> Result<Received<S>, Refusal> {
        self.finish(now)?.claim(store, duplicates, now)
    }

    /// The label of the secret that signed the token; empty while the signature is still on its way in the body.
    #[must_use]
    pub fn key_label(&self) -> &str {
        match &self.pending {
            Pending::Hashed(checked, _) => &checked.label,
            #[cfg(feature = "sms")]
            Pending::Sms(_) => "",
        }
    }

    /// The generation of the keyring that the verification began with and keeps; 0 for a keyring of the call.
    #[must_use]
    pub fn keyring_generation(&self) -> u64 {
        match &self.pending {
            Pending::Hashed(checked, _) => checked.generation,
            #[cfg(feature = "sms")]
            Pending::Sms(pending) => pending.generation(),
        }
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verifier")
            .field("policy", &self.policy)
            .field("generation", &self.generation())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for PendingBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PendingBody").field("key_label", &self.key_label()).finish_non_exhaustive()
    }
}
