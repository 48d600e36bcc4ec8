//! What a verifier insists on. Strict by default; every way to loosen it has a name that says so.

use crate::claims::Freshness;
use crate::config_error::ConfigError;
use crate::limits;
#[cfg(feature = "networks")]
use crate::networks::Networks;
use crate::payload::{PayloadForm, PayloadSource};
#[cfg(feature = "sms")]
use crate::profile::SmsMethod;
use crate::profile::{self, KeyBy, Profile};
use crate::query::Parameters;
use crate::reason::{Advice, AdviceTable, Reason};

/// Maximum age for receivers that must accept a late retry carrying its first token: 24 hours and 15 minutes, in
/// seconds.
///
/// Whether the vendor signs a retry anew is documented nowhere. A window this long asks for a replay store that
/// survives restarts.
pub const RETRY_WINDOW: u32 = 24 * 3600 + 15 * 60;

/// What a verifier insists on.
///
/// [`Policy::standard`] is strict. No value of any setting means "off".
#[derive(Clone, Debug)]
pub struct Policy {
    profile: &'static Profile,
    header_name: Option<String>,
    issuer: Option<String>,
    more_body_methods: Vec<String>,
    query_forms: Vec<PayloadForm>,
    own_queries: Vec<String>,
    freshness: Freshness,
    max_header_bytes: usize,
    max_body_bytes: u64,
    payload_hash_required: bool,
    #[cfg(feature = "sms")]
    nonce_required: bool,
    lease: u32,
    flags_store_failures: bool,
    answers: Answers,
    #[cfg(feature = "networks")]
    networks: Option<Networks>,
}

/// By which table refusals are answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answers {
    table: AdviceTable,
    retry_status: u16,
}

impl Answers {
    pub(crate) fn advice(self, reason: Reason) -> Advice {
        reason.advice(self.table, self.retry_status)
    }
}

/// What a claim needs of the policy after the verdict.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClaimTerms {
    pub(crate) freshness: Freshness,
    /// Seconds.
    pub(crate) lease: u32,
    /// Accept, and say so, when the store is unavailable.
    pub(crate) flags_store_failures: bool,
    pub(crate) answers: Answers,
}

impl Policy {
    /// The policy for Messages, Dispatch, Verify v2 and Voice webhooks with a body.
    #[must_use]
    pub fn standard() -> Policy {
        Policy::of(&profile::STANDARD)
    }

    /// The policy for Video callbacks. Each type of callback has a secret of its own, so the secret is chosen by the route that a
    /// request names ([`crate::RequestHead::route`]): the accounts of the keyring are your names for the callbacks.
    #[must_use]
    pub fn video() -> Policy {
        Policy::of(&profile::VIDEO)
    }

    /// The policy for webhooks of the contact centre: header `Vonage-Signature`, a secret for each subscription, which is given in
    /// base64 (`secret_base64` in a keyring's text) and chosen by route as with [`Policy::video`], and tokens with `exp`.
    #[must_use]
    pub fn contact_center() -> Policy {
        Policy::of(&profile::CONTACT_CENTER)
    }

    /// The policy for code that runs on Vonage Cloud Runtime, where the webhook's token stands in `X-Vonage-Webhook-Auth-Token`.
    #[must_use]
    pub fn cloud_runtime() -> Policy {
        Policy::of(&profile::CLOUD_RUNTIME)
    }

    /// The policy for webhooks of the SMS API and the US short codes with their own signature: a parameter `sig` over the
    /// others, made by the method that the account has set. The secret is chosen by the parameter `api-key`; where there is none
    /// by the route that the request names; where that is empty too it is the keyring's only account.
    #[cfg(feature = "sms")]
    #[must_use]
    pub fn sms(method: SmsMethod) -> Policy {
        Policy::of(method.profile())
    }

    /// The policy of a profile by its name: `standard`, `video`, `contact_center`, `cloud_runtime`, or, with the feature
    /// `sms`, `sms_` and the name of a method (`sms_sha256`).
    ///
    /// # Errors
    /// Another name.
    pub fn for_profile(name: &str) -> Result<Policy, ConfigError> {
        let mut policy = Policy::standard();
        policy.set_profile(name)?;
        Ok(policy)
    }

    /// The names of all profiles.
    pub fn profile_names() -> impl Iterator<Item = &'static str> {
        profile::ALL.iter().map(|profile| profile.name)
    }

    /// Changes the profile and keeps every other setting: see [`Policy::for_profile`].
    ///
    /// # Errors
    /// Another name.
    pub fn set_profile(&mut self, name: &str) -> Result<(), ConfigError> {
        let profile = profile::ALL.iter().copied().find(|profile| profile.name == name);
        let rule = "must be standard, video, contact_center, cloud_runtime, or sms_ and a method (sms_sha256)";
        self.profile = profile.ok_or_else(|| ConfigError::new("profile", rule))?;
        Ok(())
    }

    fn of(profile: &'static Profile) -> Policy {
        Policy {
            profile,
            header_name: None,
            issuer: None,
            more_body_methods: Vec::new(),
            query_forms: Vec::new(),
            own_queries: Vec::new(),
            freshness: Freshness { max_age: limits::DEFAULT_MAX_AGE, leeway: limits::DEFAULT_LEEWAY },
            max_header_bytes: limits::DEFAULT_MAX_HEADER_BYTES,
            max_body_bytes: limits::DEFAULT_MAX_BODY_BYTES,
            payload_hash_required: true,
            #[cfg(feature = "sms")]
            nonce_required: true,
            lease: limits::DEFAULT_LEASE,
            flags_store_failures: false,
            answers: Answers { table: AdviceTable::Lossless, retry_status: 503 },
            #[cfg(feature = "networks")]
            networks: None,
        }
    }

    /// Age up to which a token is accepted, in seconds, inclusive: 0 to 604,800 (seven days); 300 unless set. See
    /// [`RETRY_WINDOW`].
    ///
    /// # Errors
    /// A larger age.
    pub fn set_max_age(&mut self, seconds: u32) -> Result<(), ConfigError> {
        within("max_age", seconds, 0, limits::MOST_MAX_AGE, "seconds")?;
        self.freshness.max_age = seconds;
        Ok(())
    }

    /// How far in the future `iat` and `nbf` may lie, in seconds, inclusive: 0 to 3,600; 60 unless set.
    ///
    /// # Errors
    /// A larger leeway.
    pub fn set_leeway(&mut self, seconds: u32) -> Result<(), ConfigError> {
        within("leeway", seconds, 0, limits::MOST_LEEWAY, "seconds")?;
        self.freshness.leeway = seconds;
        Ok(())
    }

    /// Longest header field value accepted, in bytes: 256 to 65,536; 8,192 unless set.
    ///
    /// # Errors
    /// A number outside that range.
    pub fn set_max_header_bytes(&mut self, bytes: usize) -> Result<(), ConfigError> {
        let (least, most) = (limits::LEAST_MAX_HEADER_BYTES, limits::MOST_MAX_HEADER_BYTES);
        within("max_header_bytes", bytes, least, most, "bytes")?;
        self.max_header_bytes = bytes;
        Ok(())
    }

    /// Longest body accepted, in bytes: 0 to 1 GiB; 1 MiB unless set.
    ///
    /// # Errors
    /// A larger number.
    pub fn set_max_body_bytes(&mut self, bytes: u64) -> Result<(), ConfigError> {
        within("max_body_bytes", bytes, 0, limits::MOST_MAX_BODY_BYTES, "bytes")?;
        self.max_body_bytes = bytes;
        Ok(())
    }

    /// Reads the token from a field of another name, as a gateway may have moved it there.
    ///
    /// # Errors
    /// A name that is no field name of HTTP (RFC 9110 5.1), or is longer than 256 bytes.
    pub fn set_header_name(&mut self, name: &str) -> Result<(), ConfigError> {
        http_token("header_name", name)?;
        self.header_name = Some(name.to_owned());
        Ok(())
    }

    /// Expects another issuer than the profile's `Vonage`, byte for byte.
    ///
    /// # Errors
    /// An empty text, or one longer than 256 bytes.
    pub fn set_expected_issuer(&mut self, issuer: &str) -> Result<(), ConfigError> {
        if !(1..=limits::MAX_SETTING_BYTES).contains(&issuer.len()) {
            return Err(ConfigError::new("expected_issuer", "must have 1 to 256 bytes"));
        }
        self.issuer = Some(issuer.to_owned());
        Ok(())
    }

    /// Verifies requests of one more method by their body. Without it only POST, PUT and PATCH are.
    ///
    /// # Errors
    /// A text that is no method of HTTP (RFC 9110 9.1), or is longer than 256 bytes; GET and HEAD, whose payload is never
    /// the body.
    pub fn add_body_method(&mut self, method: &str) -> Result<(), ConfigError> {
        http_token("body_method", method)?;
        if matches!(method, "GET" | "HEAD") {
            return Err(ConfigError::new("body_method", "must not be GET or HEAD, which have no body"));
        }
        self.more_body_methods.push(method.to_owned());
        Ok(())
    }

    /// Accepts one more form of a GET's payload, by its name: `query_nested`, `query_null` or `query_nested_null`. Only
    /// `query` is documented and proven; a refusal names the form that would have fitted.
    ///
    /// # Errors
    /// Another name.
    pub fn add_payload_form(&mut self, name: &str) -> Result<(), ConfigError> {
        let form = PayloadForm::UNPROVEN.into_iter().find(|form| form.name() == name);
        let form = form
            .ok_or_else(|| ConfigError::new("payload_form", "must be query_nested, query_null or query_nested_null"))?;
        if !self.query_forms.contains(&form) {
            self.query_forms.push(form);
        }
        Ok(())
    }

    /// Names parameters of your own in the URL you gave the vendor: `token=x` of `https://example.com/answer?token=x`. It is not
    /// known whether the sender signs them, so a query that begins with exactly this text and `&` is tried with it and, if that
    /// does not fit, without it.
    ///
    /// # Errors
    /// A text that is no query, or is longer than 256 bytes.
    pub fn add_own_query(&mut self, query: &str) -> Result<(), ConfigError> {
        let readable = Parameters::decode(query.as_bytes()).is_ok_and(|own| own.len() > 0);
        if !readable || query.len() > limits::MAX_SETTING_BYTES || query.starts_with(['?', '&']) || query.ends_with('&')
        {
            let rule = "must be 1 to 256 bytes of a query, without ? before it and & around it";
            return Err(ConfigError::new("own_query", rule));
        }
        self.own_queries.push(query.to_owned());
        Ok(())
    }

    /// Which table of advice refusals answer by.
    pub fn set_advice(&mut self, table: AdviceTable) {
        self.answers.table = table;
    }

    /// The HTTP status that makes the sender try again: 503 (the default) or 429.
    ///
    /// # Errors
    /// Any other status: not every API retries it.
    pub fn set_retry_status(&mut self, http_status: u16) -> Result<(), ConfigError> {
        if !matches!(http_status, 429 | 503) {
            return Err(ConfigError::new("retry_status", "must be 503 or 429"));
        }
        self.answers.retry_status = http_status;
        Ok(())
    }

    /// What to answer when the host's own work on an accepted request failed: the sender keeps it and tries again.
    #[must_use]
    pub fn failed_work_advice(&self) -> Advice {
        Advice::retry(self.answers.retry_status)
    }

    /// Accepts tokens without `payload_hash`. Dangerous: such a token authorises any body. A `payload_hash` that is there
    /// is checked all the same.
    pub fn dangerously_allow_missing_payload_hash(&mut self) {
        self.payload_hash_required = false;
    }

    /// Accepts SMS webhooks without `nonce`. Dangerous: the signature itself is then what makes two requests the same one,
    /// and two messages that are equal to the second are one.
    #[cfg(feature = "sms")]
    pub fn dangerously_allow_missing_nonce(&mut self) {
        self.nonce_required = false;
    }

    /// How long a claim holds an identity before a retry may take it over, in seconds: 1 to 3,600; 30 unless set. It must
    /// be longer than any handler runs.
    ///
    /// # Errors
    /// A number outside that range.
    pub fn set_lease(&mut self, seconds: u32) -> Result<(), ConfigError> {
        within("lease", seconds, 1, limits::MOST_LEASE, "seconds")?;
        self.lease = seconds;
        Ok(())
    }

    /// Accepts requests while the replay store is unavailable, and flags them ([`crate::ReplayCheck::Unavailable`]).
    /// Dangerous: whoever can disturb the store can replay. A full store still refuses.
    pub fn dangerously_accept_and_flag_store_failures(&mut self) {
        self.flags_store_failures = true;
    }

    /// Lets results report how the request's source ([`crate::RequestHead::source`]) relates to these networks. It is a hint
    /// and refuses nothing; without networks, as by default, no result has one.
    #[cfg(feature = "networks")]
    pub fn set_networks(&mut self, networks: Networks) {
        self.networks = Some(networks);
    }

    /// The networks, if there are any.
    #[cfg(feature = "networks")]
    #[must_use]
    pub fn networks(&self) -> Option<&Networks> {
        self.networks.as_ref()
    }

    /// The name of the header field that carries the token.
    #[must_use]
    pub fn header_name(&self) -> &str {
        self.header_name.as_deref().unwrap_or(self.profile.header_name)
    }

    /// Longest body accepted, in bytes.
    #[must_use]
    pub fn max_body_bytes(&self) -> u64 {
        self.max_body_bytes
    }

    pub(crate) fn max_header_bytes(&self) -> usize {
        self.max_header_bytes
    }

    /// The name of the profile.
    #[must_use]
    pub fn profile_name(&self) -> &'static str {
        self.profile.name
    }

    /// Whether the profile chooses the secret by the route, which each request then has to name: the accounts of the keyring
    /// are routes.
    #[must_use]
    pub fn is_keyed_by_route(&self) -> bool {
        self.profile.key_by == KeyBy::Route
    }

    pub(crate) fn profile(&self) -> &'static Profile {
        self.profile
    }

    pub(crate) fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref().or(self.profile.issuer)
    }

    pub(crate) fn freshness(&self) -> Freshness {
        self.freshness
    }

    pub(crate) fn payload_hash_required(&self) -> bool {
        self.payload_hash_required
    }

    #[cfg(feature = "sms")]
    pub(crate) fn nonce_required(&self) -> bool {
        self.nonce_required
    }

    /// Where the payload of a request with this method is.
    pub(crate) fn payload_of(&self, method: &[u8]) -> Result<PayloadSource, Reason> {
        let named = |name: &str| name.as_bytes() == method;
        if self.profile.query_methods.iter().any(|name| named(name)) {
            Ok(PayloadSource::Query)
        } else if self.profile.body_methods.iter().any(|name| named(name))
            || self.more_body_methods.iter().any(|name| named(name))
        {
            Ok(PayloadSource::Body)
        } else {
            Err(Reason::RequestUnsupported)
        }
    }

    /// The forms of a query beyond the proven one that are accepted.
    pub(crate) fn query_forms(&self) -> &[PayloadForm] {
        &self.query_forms
    }

    /// What stands in the vendor's configuration before the sender's own parameters, where this query has it.
    pub(crate) fn without_own<'q>(&self, query: &'q [u8]) -> impl Iterator<Item = &'q [u8]> {
        self.own_queries.iter().filter_map(move |own| {
            let rest = query.strip_prefix(own.as_bytes())?;
            if rest.is_empty() { Some(rest) } else { rest.strip_prefix(b"&") }
        })
    }

    pub(crate) fn answers(&self) -> Answers {
        self.answers
    }

    pub(crate) fn claim_terms(&self) -> ClaimTerms {
        ClaimTerms {
            freshness: self.freshness,
            lease: self.lease,
            flags_store_failures: self.flags_store_failures,
            answers: self.answers,
        }
    }
}

impl Default for Policy {
    fn default() -> Policy {
        Policy::standard()
    }
}

fn within<T: PartialOrd + std::fmt::Display>(
    setting: &str,
    value: T,
    least: T,
    most: T,
    unit: &str,
) -> Result<(), ConfigError> {
    if value >= least && value <= most {
        Ok(())
    } else {
        Err(ConfigError::new(setting, format!("must be {least} to {most} {unit}, not {value}")))
    }
}

/// A `token` of RFC 9110 5.6.2: what names of fields and methods are made of.
fn http_token(setting: &str, text: &str) -> Result<(), ConfigError> {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if (1..=limits::MAX_SETTING_BYTES).contains(&text.len()) && text.bytes().all(letter) {
        Ok(())
    } else {
        Err(ConfigError::new(setting, "must be 1 to 256 letters, digits or signs that HTTP allows in a name"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_keep_their_bounds() {
        let mut policy = Policy::standard();
        assert!(policy.set_max_age(0).is_ok() && policy.set_max_age(RETRY_WINDOW).is_ok());
        assert!(policy.set_max_age(limits::MOST_MAX_AGE + 1).is_err());
        assert!(policy.set_leeway(3600).is_ok() && policy.set_leeway(3601).is_err());
        assert!(policy.set_max_header_bytes(255).is_err() && policy.set_max_header_bytes(65_537).is_err());
        assert!(policy.set_max_body_bytes(1 << 30).is_ok() && policy.set_max_body_bytes((1 << 30) + 1).is_err());
        assert!(policy.set_header_name("X-Signature").is_ok() && policy.set_header_name("X Signature").is_err());
        assert!(policy.set_header_name("").is_err() && policy.set_header_name("Authorization:").is_err());
        assert_eq!(policy.header_name(), "X-Signature");
        assert!(policy.set_expected_issuer("").is_err() && policy.set_expected_issuer("Nexmo").is_ok());
        assert_eq!(policy.failed_work_advice().http_status, 503);
        assert!(policy.set_retry_status(429).is_ok() && policy.set_retry_status(500).is_err());
        let failed = policy.failed_work_advice();
        assert_eq!((failed.http_status, failed.sender_retries, failed.retry_after), (429, true, Some(5)));
        assert_eq!(policy.answers().advice(Reason::KeyUnknown).http_status, 429);
        let error = policy.set_max_age(u32::MAX).unwrap_err();
        assert_eq!(error.to_string(), "max_age: must be 0 to 604800 seconds, not 4294967295");
    }

    #[test]
    fn forms_and_own_queries_are_named_exactly() {
        let mut policy = Policy::standard();
        for name in ["query", "body", "unhashed", "QUERY_NULL", ""] {
            assert_eq!(policy.add_payload_form(name).unwrap_err().place(), "payload_form");
        }
        policy.add_payload_form("query_null").unwrap();
        assert_eq!(policy.query_forms(), [PayloadForm::QueryNull]);
        for own in ["", "?a=1", "&a=1", "a=1&", "a=%", "a=1&a=2", &"x".repeat(257)] {
            assert_eq!(policy.add_own_query(own).unwrap_err().place(), "own_query");
        }
        policy.add_own_query("token=x").unwrap();
        let without = |query: &'static str| policy.without_own(query.as_bytes()).next();
        assert_eq!(without("token=x&to=1"), Some(&b"to=1"[..]));
        assert_eq!(without("token=x"), Some(&b""[..]));
        assert_eq!((without("token=xy&to=1"), without("to=1&token=x"), without("Token=x&to=1")), (None, None, None));
    }

    #[test]
    fn methods_are_exact() {
        let mut policy = Policy::standard();
        for method in ["POST", "PUT", "PATCH"] {
            assert_eq!(policy.payload_of(method.as_bytes()), Ok(PayloadSource::Body));
        }
        assert_eq!(policy.payload_of(b"GET"), Ok(PayloadSource::Query));
        for method in ["get", "post", "DELETE", "", "POST ", "HEAD"] {
            assert_eq!(policy.payload_of(method.as_bytes()), Err(Reason::RequestUnsupported));
        }
        assert!(policy.add_body_method("GET").is_err() && policy.add_body_method("").is_err());
        policy.add_body_method("DELETE").unwrap();
        assert_eq!(policy.payload_of(b"DELETE"), Ok(PayloadSource::Body));
    }
}
