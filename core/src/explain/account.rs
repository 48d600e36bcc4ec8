//! Mistakes about which account a request is of.

use super::case::{Case, Finding};
use super::clock;
use super::mistake::{Kind, Mistake};
use super::secret;
use crate::profile::KeyBy;
use crate::reason::Reason;
use crate::verifier::Refusal;

pub(super) fn find<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    if refusal.reason() != Reason::KeyUnknown {
        return None;
    }
    let by_route = !case.is_sms() && case.policy().profile().key_by == KeyBy::Route;
    if by_route && case.route.is_empty() {
        let found = of_any_route(case).map(|routed| Finding::mended(Kind::RouteMissing.bare(), routed));
        return found.or_else(|| Finding::seen(Kind::RouteMissing.bare()));
    }
    let named = case.untrusted_account()?;
    secret::of_another_account(case, &named).or_else(|| secret::known_to_everybody(case, &named))
}

/// The case with a route under which a secret makes the signature.
pub(super) fn of_any_route<'a>(case: &Case<'a>) -> Option<Case<'a>> {
    let keyring = case.keyring.clone()?;
    keyring.api_keys().into_iter().find_map(|account| {
        let routed = Case { route: account.as_bytes().to_vec().into(), ..case.clone() };
        routed.is_signed().then_some(routed)
    })
}

/// Of checks behind the signature.
pub(super) fn find_later<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    if refusal.reason() == Reason::KeyMismatch {
        return Finding::seen(of_account(Kind::AccountExpected, refusal));
    }
    clock::milliseconds(case, refusal).or_else(|| Finding::seen(of_label(case, refusal)))
}

fn of_account(kind: Kind, refusal: &Refusal) -> Mistake {
    refusal.untrusted_api_key().map_or_else(|| kind.bare(), |account| kind.with(format!("it is of account {account}")))
}

fn of_label(case: &Case<'_>, refusal: &Refusal) -> Mistake {
    let window = || {
        let (account, label) = (case.untrusted_account()?, refusal.key_label()?);
        let keyring = case.keyring.as_ref()?;
        let window = keyring.window(&account, label)?;
        let label = label.escape_debug();
        Some(if case.now > *window.end() {
            format!("secret {label} ended {} s ago", case.now.saturating_sub(*window.end()))
        } else {
            format!("secret {label} begins in {} s", window.start().saturating_sub(case.now))
        })
    };
    window().map_or_else(|| Kind::SecretWindow.bare(), |words| Kind::SecretWindow.with(words))
}
