//! A webhook that is verified by the wrong profile.

use super::account;
use super::case::{Case, Finding};
use super::mistake::Kind;
use crate::policy::Policy;
use crate::profile;
use crate::reason::Family;
use crate::verifier::Refusal;

pub(super) fn find<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    // Behind the signature the profile is right, but for what it requires.
    if refusal.key_label().is_some() && refusal.reason().family() != Family::Claims {
        return None;
    }
    let ours = case.policy().profile_name();
    let mut others = Policy::profile_names().filter(|name| *name != ours);
    others.find_map(|name| by_profile(case, refusal, name)).or_else(|| by_header(case, refusal))
}

/// The case by another profile, if a secret then makes the signature.
fn by_profile<'a>(case: &Case<'a>, refusal: &Refusal, name: &'static str) -> Option<Finding<'a>> {
    let mut policy = case.policy().clone();
    policy.set_profile(name).ok()?;
    let mut other = case.with_policy(policy);
    if let Some(value) = case.field(other.policy().header_name()) {
        other = other.with_header(value.to_vec());
    }
    // Only whoever knows of that profile names its routes rightly.
    if other.policy().profile().key_by == profile::KeyBy::Route && !other.is_signed() {
        other = account::of_any_route(&other)?;
    }
    let fits = if refusal.key_label().is_some() { other.judge().is_ok() } else { other.is_signed() };
    let kind = match (case.is_sms(), other.is_sms()) {
        (true, true) => Kind::SmsMethod,
        (true, false) => Kind::TokenInsteadOfSms,
        (false, true) => Kind::SmsInsteadOfToken,
        (false, false) => Kind::ProfileOther,
    };
    fits.then(|| Finding::mended(kind.with(format!("profile {name}")), other))
}

/// The signature header of another profile, or the SMS API's parameters.
fn by_header<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    let ours = case.policy().header_name();
    let other = |profile: &&&profile::Profile| {
        !profile.header_name.eq_ignore_ascii_case(ours) && case.field(profile.header_name).is_some()
    };
    let early = matches!(refusal.reason().family(), Family::Header | Family::Token);
    if early && let Some(profile) = profile::ALL.iter().find(other) {
        return Finding::seen(Kind::ProfileSeen.with(format!("{}: profile {}", profile.header_name, profile.name)));
    }
    // The verifier gives this hint with a missing header only.
    if refusal.payload_fault().is_some() && refusal.reason().family() == Family::Header {
        return Finding::seen(Kind::SmsSeen.bare());
    }
    None
}
