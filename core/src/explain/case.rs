//! A request with everything it is judged by, so that any part of it can be exchanged and the verifier asked again.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use super::Fields;
use super::check;
use super::mistake::Mistake;
use crate::keyring::Keyring;
use crate::policy::Policy;
use crate::reason::Family;
use crate::request::{Request, RequestHead};
#[cfg(feature = "sms")]
use crate::sms::SmsParameters;
use crate::verifier::{Refusal, Verified, Verifier};

/// How much the verifier is asked to look through in the search for one explanation, in bytes. A long body and many secrets
/// multiply; what is not found by then is not known.
const MOST_SEARCHED_BYTES: u64 = 256 * 1024 * 1024;

/// How much more a byte of an SMS webhook costs than one that is only hashed: its parameters are decoded and sorted.
const SMS_TIMES: usize = 8;

/// What asking the verifier costs beside the bytes it looks through.
const EACH_BYTES: u64 = 512;

/// A request as it came, or with a known mistake undone.
#[derive(Clone)]
pub(super) struct Case<'a> {
    pub(super) verifier: Arc<Verifier>,
    pub(super) keyring: Option<Arc<Keyring>>,
    pub(super) fields: Fields<'a>,
    pub(super) method: Cow<'a, [u8]>,
    pub(super) header: Cow<'a, [u8]>,
    pub(super) header_count: usize,
    pub(super) query: Cow<'a, [u8]>,
    pub(super) route: Cow<'a, [u8]>,
    pub(super) expected_account: Option<&'a [u8]>,
    pub(super) declared_length: u64,
    pub(super) body: Cow<'a, [u8]>,
    pub(super) now: i64,
    /// The bytes that were looked through, for this one and all made from it.
    pub(super) searched: Rc<Cell<u64>>,
}

/// Mistakes, and the request without them, where that is known.
pub(super) struct Finding<'a> {
    pub(super) mistakes: Vec<Mistake>,
    pub(super) mended: Option<Case<'a>>,
}

impl<'a> Finding<'a> {
    /// Something that can be seen and not undone.
    pub(super) fn seen(mistake: Mistake) -> Option<Finding<'a>> {
        Some(Finding { mistakes: vec![mistake], mended: None })
    }

    /// Something that was undone, and the verifier got further.
    pub(super) fn mended(mistake: Mistake, case: Case<'a>) -> Finding<'a> {
        Finding { mistakes: vec![mistake], mended: Some(case) }
    }
}

impl<'a> Case<'a> {
    pub(super) fn new(
        policy: &Policy,
        request: &Request<'a>,
        keyring: Option<&Keyring>,
        fields: Fields<'a>,
        now: i64,
    ) -> Case<'a> {
        let head = &request.head;
        Case {
            verifier: Arc::new(Verifier::with_keys_per_call(policy.clone())),
            keyring: keyring.map(|keyring| Arc::new(keyring.clone())),
            fields,
            method: head.method.into(),
            header: head.header.into(),
            header_count: head.header_count,
            query: head.query.into(),
            route: head.route.into(),
            expected_account: head.expected_account,
            declared_length: head.declared_length,
            body: request.body.into(),
            now,
            searched: Rc::default(),
        }
    }

    /// What the verifier says.
    pub(super) fn judge(&self) -> Result<Verified, Refusal> {
        let head = RequestHead {
            expected_account: self.expected_account,
            ..RequestHead::new(&self.method)
                .header(&self.header, self.header_count)
                .query(&self.query)
                .route(&self.route)
                .declared_length(self.declared_length)
        };
        let verdict =
            self.verifier.verify_with_keyring(&Request::new(head, &self.body), self.keyring.as_deref(), self.now);
        // The body of a request with a token is looked at behind the signature only.
        let signed = verdict.as_ref().map_or_else(|refusal| refusal.key_label().is_some(), |_| true);
        let body = match (self.is_sms(), signed) {
            (true, _) => self.body.len().saturating_mul(SMS_TIMES),
            (false, true) => self.body.len(),
            (false, false) => 0,
        };
        let looked_through = [self.header.len(), self.query.len(), body];
        let bytes =
            looked_through.into_iter().filter_map(|len| u64::try_from(len).ok()).fold(EACH_BYTES, u64::saturating_add);
        self.searched.set(self.searched.get().saturating_add(bytes));
        verdict
    }

    /// What the verifier says, unless it was asked too much already.
    fn judge_in_search(&self) -> Option<Result<Verified, Refusal>> {
        (self.searched.get() < MOST_SEARCHED_BYTES).then(|| self.judge())
    }

    /// Whether the verifier gets further with this one than to the refusal of the other.
    pub(super) fn gets_further(&self, refusal: &Refusal) -> bool {
        let further = |verdict| check::reach(self, &verdict) > check::reach(self, &Err(refusal.clone()));
        self.judge_in_search().is_some_and(further)
    }

    /// Whether a secret makes the signature.
    pub(super) fn is_signed(&self) -> bool {
        let signed = |verdict: Result<_, Refusal>| verdict.err().is_none_or(|refusal| refusal.key_label().is_some());
        self.judge_in_search().is_some_and(signed)
    }

    /// Whether the header holds a well-formed token, whatever it is worth.
    pub(super) fn has_good_token(&self) -> bool {
        let early = |refusal: Refusal| matches!(refusal.reason().family(), Family::Header | Family::Token);
        self.judge_in_search().is_some_and(|verdict| verdict.err().is_none_or(|refusal| !early(refusal)))
    }

    pub(super) fn policy(&self) -> &Policy {
        self.verifier.policy()
    }

    /// The account that the request names, which anybody may have written.
    pub(super) fn untrusted_account(&self) -> Option<String> {
        let head = RequestHead::new(&self.method)
            .header(&self.header, self.header_count)
            .query(&self.query)
            .route(&self.route);
        self.verifier.untrusted_account(&Request::new(head, &self.body)).ok()
    }

    pub(super) fn with_policy(&self, policy: Policy) -> Case<'a> {
        Case { verifier: Arc::new(Verifier::with_keys_per_call(policy)), ..self.clone() }
    }

    pub(super) fn with_body(&self, body: Vec<u8>) -> Case<'a> {
        Case { body: body.into(), declared_length: 0, ..self.clone() }
    }

    pub(super) fn with_header(&self, header: Vec<u8>) -> Case<'a> {
        Case { header: header.into(), header_count: 1, ..self.clone() }
    }

    /// The values of a header field, by its name in lower case.
    pub(super) fn field(&self, name: &str) -> Option<&'a [u8]> {
        self.fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| *value)
    }

    /// Whether the webhook carries the SMS API's own signature, by the policy.
    pub(super) fn is_sms(&self) -> bool {
        #[cfg(feature = "sms")]
        return self.policy().profile().sms.is_some();
        #[cfg(not(feature = "sms"))]
        false
    }

    /// Whether the payload is the query, by the policy.
    pub(super) fn is_query(&self) -> bool {
        self.policy().payload_of(&self.method) == Ok(crate::payload::PayloadSource::Query)
    }

    /// Whether the parameters of an SMS webhook can be read.
    pub(super) fn has_good_parameters(&self) -> bool {
        #[cfg(feature = "sms")]
        return if self.is_query() {
            SmsParameters::of_query(&self.query).is_ok()
        } else {
            SmsParameters::of_body(&self.body).is_ok()
        };
        #[cfg(not(feature = "sms"))]
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::Signer;

    #[test]
    fn a_search_comes_to_its_end() {
        let mut keyring = Keyring::new();
        keyring.add_secret("a1", "one", b"a secret of this test").unwrap();
        let header = Signer::new("a1", b"a secret of this test").unwrap().sign_body(b"{}", 1_767_225_600, "j1");
        let request = Request::post(header.as_bytes(), b"{}");
        let case = Case::new(&Policy::standard(), &request, Some(&keyring), &[], 1_767_225_600);
        assert!(case.is_signed() && case.has_good_token());
        let once = case.searched.get();
        // What is made from a case has its share in the same search.
        let other = case.with_body(vec![b'x'; 10_000]);
        assert!(other.judge().is_err());
        assert!(case.searched.get() > once + 10_000);
        case.searched.set(MOST_SEARCHED_BYTES);
        assert!(!case.is_signed() && !other.has_good_token());
        assert!(case.judge().is_ok());
    }
}
