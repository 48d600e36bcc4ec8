//! Which reading of a GET's query the token's `payload_hash` covers.

use crate::claims::Claims;
use crate::payload::PayloadForm;
use crate::policy::Policy;
use crate::query::Parameters;

/// The parameters, and in which form they were hashed; or, in words, why there is no such form.
pub(super) fn find(claims: &Claims, policy: &Policy, query: &[u8]) -> Result<(PayloadForm, Parameters), &'static str> {
    let whole = Parameters::decode(query).map_err(|fault| fault.words())?;
    let enabled = || std::iter::once(PayloadForm::Query).chain(policy.query_forms().iter().copied());
    if let Some(form) = fitting(claims, &whole, enabled()) {
        return Ok((form, whole));
    }
    for rest in policy.without_own(query) {
        let rest = Parameters::decode(rest).map_err(|fault| fault.words())?;
        if let Some(form) = fitting(claims, &rest, enabled()) {
            return Ok((form, rest));
        }
    }
    Err(match fitting(claims, &whole, PayloadForm::UNPROVEN.into_iter()) {
        Some(PayloadForm::QueryNested) => "the hash fits the form query_nested, which is not enabled",
        Some(PayloadForm::QueryNull) => "the hash fits the form query_null, which is not enabled",
        Some(_) => "the hash fits the form query_nested_null, which is not enabled",
        None => "the hash fits no known form of the query: was it decoded, sorted or encoded again on its way?",
    })
}

/// The first of the forms that fits; without a hash in the token nothing is looked at.
fn fitting(
    claims: &Claims,
    parameters: &Parameters,
    mut forms: impl Iterator<Item = PayloadForm>,
) -> Option<PayloadForm> {
    match claims.has_payload_hash() {
        true => forms.find(|form| claims.payload_matches(&parameters.hash(*form)) == Some(true)),
        false => Some(PayloadForm::Unhashed),
    }
}
