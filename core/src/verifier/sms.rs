//! The order of the checks of a webhook that carries the SMS API's own signature.

use std::sync::Arc;

use super::refusal::{Details, Refusal};
use super::{Checked, Chosen, HAS_A_BODY, Keys, Pending, Verified, Verifier, account_of};
use crate::claims::Claims;
use crate::keyring::{KeyMatch, KeyRefusal, Keyring};
use crate::payload::{self, BodyHash, PayloadSource};
use crate::policy::Policy;
use crate::profile::SmsMethod;
use crate::reason::Reason;
use crate::request::{Request, RequestHead};
use crate::sms::{Fault, SmsParameters};

const TOKEN: &str =
    "the request carries a token and no sig: its API signs by a token, verify it with the profile standard";
const NO_ACCOUNT: &str = "the request names no account: pass a route, or have one account in the keyring";

/// What of a head counts.
#[derive(Clone, Copy)]
struct Head<'a> {
    method: SmsMethod,
    route: &'a [u8],
    expected_account: Option<&'a [u8]>,
    has_token: bool,
}

impl<'a> Head<'a> {
    fn of(method: SmsMethod, head: &RequestHead<'a>) -> Head<'a> {
        Head { method, route: head.route, expected_account: head.expected_account, has_token: head.header_count > 0 }
    }
}

/// By what it is judged.
#[derive(Clone, Copy)]
struct Terms<'t> {
    policy: &'t Policy,
    keyring: Option<&'t Keyring>,
    generation: u64,
    now: i64,
}

impl Verifier {
    pub(super) fn verify_sms(
        &self,
        method: SmsMethod,
        request: &Request<'_>,
        keys: &Keys<'_>,
        now: i64,
    ) -> Result<Verified, Refusal> {
        let own = self.ring.load();
        let (keyring, generation) = keys.of(own.as_deref());
        let terms = Terms { policy: &self.policy, keyring, generation, now };
        let head = Head::of(method, &request.head);
        match self.sms_source(&request.head)? {
            PayloadSource::Query => check_query(&request.head, head, terms)?.take(request.body, &self.policy, now),
            PayloadSource::Body => {
                let bytes = u64::try_from(request.body.len()).unwrap_or(u64::MAX);
                payload::check_length(bytes, self.policy.max_body_bytes()).map_err(|reason| self.refuse(reason))?;
                verify_body(request.body, head, terms)
            }
        }
    }

    pub(super) fn begin_sms(
        &self,
        method: SmsMethod,
        head: &RequestHead<'_>,
        keys: &Keys<'_>,
        now: i64,
    ) -> Result<Pending, Refusal> {
        let own = self.ring.load();
        let (keyring, generation) = keys.of(own.as_deref());
        match self.sms_source(head)? {
            PayloadSource::Query => {
                let terms = Terms { policy: &self.policy, keyring, generation, now };
                let checked = check_query(head, Head::of(method, head), terms)?;
                Ok(Pending::Hashed(checked, BodyHash::new(self.policy.max_body_bytes())))
            }
            PayloadSource::Body => Ok(Pending::Sms(PendingSms {
                method,
                // A verification under way keeps its ring.
                keyring: match (keys, own.as_deref()) {
                    (Keys::Own, ring) => ring.map(|ring| Arc::clone(&ring.keyring)),
                    (Keys::Given(keyring), _) => keyring.map(|keyring| Arc::new(keyring.clone())),
                },
                generation,
                route: head.route.into(),
                expected_account: head.expected_account.map(Into::into),
                has_token: head.header_count > 0,
                body: Vec::new(),
            })),
        }
    }

    pub(super) fn untrusted_sms_account(&self, request: &Request<'_>) -> Result<String, Refusal> {
        let parameters = match self.sms_source(&request.head)? {
            PayloadSource::Query => SmsParameters::of_query(request.head.query),
            PayloadSource::Body => SmsParameters::of_body(request.body),
        };
        let named = parameters.and_then(|parameters| parameters.api_key().map(|named| named.map(ToOwned::to_owned)));
        match named.map_err(|fault| self.refuse(fault.reason))? {
            Some(named) => Ok(named),
            None => account_of(request.head.route).map(ToOwned::to_owned).map_err(|reason| self.refuse(reason)),
        }
    }

    fn sms_source(&self, head: &RequestHead<'_>) -> Result<PayloadSource, Refusal> {
        let source = self.policy.payload_of(head.method).map_err(|reason| self.refuse(reason))?;
        payload::check_length(head.declared_length, self.policy.max_body_bytes())
            .map_err(|reason| self.refuse(reason))?;
        Ok(source)
    }
}

/// The body of an SMS webhook on its way in, and what will judge it.
pub(super) struct PendingSms {
    method: SmsMethod,
    keyring: Option<Arc<Keyring>>,
    generation: u64,
    route: Box<[u8]>,
    expected_account: Option<Box<[u8]>>,
    has_token: bool,
    body: Vec<u8>,
}

impl PendingSms {
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// Once the body is too large nothing more is kept and every call says so.
    pub(super) fn update(&mut self, chunk: &[u8], policy: &Policy) -> Result<(), Refusal> {
        let room = past(policy).saturating_sub(self.body.len());
        self.body.extend_from_slice(chunk.get(..room).unwrap_or(chunk));
        self.check_size(policy)
    }

    pub(super) fn finish(self, policy: &Policy, now: i64) -> Result<Verified, Refusal> {
        self.check_size(policy)?;
        let head = Head {
            method: self.method,
            route: &self.route,
            expected_account: self.expected_account.as_deref(),
            has_token: self.has_token,
        };
        let terms = Terms { policy, keyring: self.keyring.as_deref(), generation: self.generation, now };
        verify_body(&self.body, head, terms)
    }

    fn check_size(&self, policy: &Policy) -> Result<(), Refusal> {
        let bytes = u64::try_from(self.body.len()).unwrap_or(u64::MAX);
        payload::check_length(bytes, policy.max_body_bytes())
            .map_err(|reason| Refusal::new(reason, policy.answers(), None))
    }
}

/// One byte more than the ceiling: enough to know that there was too much.
fn past(policy: &Policy) -> usize {
    usize::try_from(policy.max_body_bytes().saturating_add(1)).unwrap_or(usize::MAX)
}

fn verify_body(body: &[u8], head: Head<'_>, terms: Terms<'_>) -> Result<Verified, Refusal> {
    let form = SmsParameters::of_body(body).map_err(|fault| refuse(fault, head, terms, Details::default()))?;
    let payload_form = form.form();
    let checked = check(form, Some(payload::hash(body)), head, terms)?;
    Ok(Verified::new(checked, payload_form, terms.policy.claim_terms(), terms.now))
}

/// The query as it came, and without the application's own parameters before it: whether the sender signs those is not known.
fn check_query(request: &RequestHead<'_>, head: Head<'_>, terms: Terms<'_>) -> Result<Checked, Refusal> {
    let check_one = |query| {
        let parameters =
            SmsParameters::of_query(query).map_err(|fault| refuse(fault, head, terms, Details::default()))?;
        check(parameters, None, head, terms)
    };
    let whole = check_one(request.query);
    let checked = match whole {
        Err(refusal) if refusal.reason() == Reason::SmsSignatureInvalid => {
            let mut rest = terms.policy.without_own(request.query).map(check_one);
            rest.find(|found| found.as_ref().err().is_none_or(|other| other.reason() != Reason::SmsSignatureInvalid))
                .unwrap_or(Err(refusal))
        }
        other => other,
    }?;
    if request.declared_length > 0 {
        return Err(checked.refuse_payload(HAS_A_BODY, terms.policy.answers(), Some(terms.now)));
    }
    Ok(checked)
}

/// Every check, in order.
fn check(
    parameters: SmsParameters,
    body_hash: Option<[u8; 32]>,
    head: Head<'_>,
    terms: Terms<'_>,
) -> Result<Checked, Refusal> {
    let Terms { policy, keyring, generation, now } = terms;
    let refuse_bare = |fault| refuse(fault, head, terms, Details::default());
    let signature = parameters.signature(head.method).map_err(refuse_bare)?;
    let named = parameters.api_key().map_err(refuse_bare)?;
    let Some(keyring) = keyring else {
        let details =
            Details { untrusted_api_key: named.map(|key| key.escape_default().collect()), ..Details::default() };
        return Err(Refusal::new(Reason::KeyUnavailable, policy.answers(), Some(details)));
    };
    let routed = || if head.route.is_empty() { Ok(keyring.only_account()) } else { account_of(head.route).map(Some) };
    let account = match named.map_or_else(routed, |named| Ok(Some(named))) {
        Ok(Some(account)) => account.to_owned(),
        Ok(None) | Err(_) => {
            let details = Details { payload_fault: Some(NO_ACCOUNT), ..Details::default() };
            return Err(Refusal::new(Reason::KeyUnknown, policy.answers(), Some(details)));
        }
    };
    let details = || Details {
        untrusted_api_key: Some(account.escape_default().collect()),
        keyring_generation: Some(generation),
        ..Details::default()
    };

    let found = keyring.authenticate_sms(&account, &signature, now);
    let KeyMatch { proof, label, .. } = found.map_err(|KeyRefusal { reason, label, lints }| {
        let sibling = reason == Reason::SmsSignatureInvalid && keyring.fits_sibling(&account, &signature);
        let payload_fault = sibling.then(|| head.method.sibling_words());
        Refusal::new(reason, policy.answers(), Some(Details { key_label: label, lints, payload_fault, ..details() }))
    })?;
    let signed = || Details { key_label: Some(Arc::clone(label)), ..details() };
    if head.expected_account.is_some_and(|expected| expected != account.as_bytes()) {
        return Err(Refusal::new(Reason::KeyMismatch, policy.answers(), Some(signed())));
    }
    let facts = parameters.facts(&proof, policy.nonce_required());
    let facts = facts.map_err(|fault| refuse(fault, head, terms, signed()))?;

    let form = parameters.form();
    let parameters = parameters.into_parameters();
    let claims = Claims::of_sms(parameters.to_json(), facts.issued_at, &facts.nonce, &account, body_hash)
        .ok_or_else(|| Refusal::new(Reason::PayloadTooLarge, policy.answers(), Some(signed())))?;
    let query = Some((form, parameters));
    let checked = Checked { claims, chosen: Chosen::Sms, label: Arc::clone(label), generation, query };
    checked
        .claims
        .check_time(now, policy.freshness())
        .map_err(|reason| checked.refuse(reason, policy.answers(), Some(now)))?;
    Ok(checked)
}

fn refuse(fault: Fault, head: Head<'_>, terms: Terms<'_>, details: Details) -> Refusal {
    let Fault { reason, words } = fault;
    let is_other = head.has_token && matches!(reason, Reason::SmsUnsigned | Reason::SmsMalformed);
    let payload_fault = Some(if is_other { TOKEN } else { words });
    Refusal::new(reason, terms.policy.answers(), Some(Details { payload_fault, ..details }))
}
