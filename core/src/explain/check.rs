//! The checks of a verification as a list: which were passed, which failed, which were not reached. The verdict is the
//! verifier's; this file only knows the order in which it judges.

use super::case::Case;
use crate::reason::{Family, Reason};
use crate::verifier::{Refusal, Verified};

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It found nothing.
    Passed,
    /// It is what the request was refused for.
    Failed,
    /// An earlier one failed.
    NotReached,
}

impl Outcome {
    /// The name: `passed`, `failed` or `not reached`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Failed => "failed",
            Outcome::NotReached => "not reached",
        }
    }
}

/// One check of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    step: Step,
    outcome: Outcome,
    detail: Option<String>,
}

impl Check {
    /// The name: `signature`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.step.name()
    }

    /// What it asks for.
    #[must_use]
    pub const fn sentence(&self) -> &'static str {
        self.step.sentence()
    }

    /// How it ended.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// What was found, where there is more to say.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }
}

macro_rules! steps {
    ($($variant:ident $name:literal $sentence:literal)*) => {
        /// The checks of all profiles.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Step {
            $($variant,)*
        }

        impl Step {
            const fn name(self) -> &'static str {
                match self {
                    $(Step::$variant => $name,)*
                }
            }

            const fn sentence(self) -> &'static str {
                match self {
                    $(Step::$variant => $sentence,)*
                }
            }
        }
    };
}

steps! {
    Method "method" "The method is one whose payload is verified."
    Header "header" "There is one signature header field, and one token in it."
    Token "token" "The token is well-formed, its algorithm HS256."
    Account "account" "The keyring has the account that the request names."
    Signature "signature" "A secret of the account makes the signature."
    Window "secret window" "That secret is valid now."
    Expected "expected account" "The account is the one that the endpoint serves."
    Claims "claims" "The required claims are there, each of its type."
    Issuer "issuer" "The issuer is the expected one."
    Application "application" "The application is one of the account's."
    Time "time" "The request is neither too old nor from the future."
    Size "size" "The body is not too large."
    Payload "payload" "What was signed is what has arrived."
    Parameters "parameters" "The parameters can be read in one way only."
    Sig "sig" "There is a sig, as long as the method makes it."
    Stamp "timestamp and nonce" "Both are there, each of its form."
}

/// The order in which `verifier.rs` judges a token.
const OF_TOKENS: &[Step] = &[
    Step::Method,
    Step::Header,
    Step::Token,
    Step::Account,
    Step::Signature,
    Step::Window,
    Step::Expected,
    Step::Claims,
    Step::Issuer,
    Step::Application,
    Step::Time,
    Step::Size,
    Step::Payload,
];

/// The order in which `verifier/sms.rs` judges the SMS API's own signature.
const OF_SMS: &[Step] = &[
    Step::Method,
    Step::Size,
    Step::Parameters,
    Step::Sig,
    Step::Account,
    Step::Signature,
    Step::Window,
    Step::Expected,
    Step::Stamp,
    Step::Time,
    Step::Payload,
];

impl Step {
    /// The check that refused.
    pub(super) fn of(case: &Case<'_>, refusal: &Refusal) -> Step {
        let signed = refusal.key_label().is_some();
        let reason = refusal.reason();
        match (reason, reason.family()) {
            (Reason::TokenTooLarge, _) | (_, Family::Header) => Step::Header,
            (_, Family::Token) => Step::Token,
            (Reason::KeyInactive, _) => Step::Window,
            (Reason::KeyMismatch, _) => Step::Expected,
            (_, Family::Key) => Step::Account,
            (Reason::SmsSignatureInvalid, _) if refusal.untrusted_api_key().is_none() => Step::Sig,
            (_, Family::Signature) | (Reason::SmsSignatureInvalid, _) => Step::Signature,
            (_, Family::Claims) if signed => Step::Claims,
            (_, Family::Claims) => Step::Account,
            (_, Family::Issuer) => Step::Issuer,
            (_, Family::Application) => Step::Application,
            (_, Family::Time) => Step::Time,
            (Reason::PayloadTooLarge, _) => Step::Size,
            (Reason::SmsUnsigned, _) => Step::Sig,
            (Reason::SmsMissing, _) => Step::Stamp,
            (Reason::SmsMalformed, _) if signed => Step::Stamp,
            (Reason::SmsMalformed, _) if case.has_good_parameters() => Step::Sig,
            (Reason::SmsMalformed, _) => Step::Parameters,
            (_, Family::Request) => Step::Method,
            _ => Step::Payload,
        }
    }
}

fn order(case: &Case<'_>) -> &'static [Step] {
    if case.is_sms() { OF_SMS } else { OF_TOKENS }
}

/// How far a request got; the further, the more checks it has passed.
pub(super) fn reach(case: &Case<'_>, verdict: &Result<Verified, Refusal>) -> usize {
    let order = order(case);
    match verdict {
        Ok(_) => order.len(),
        Err(refusal) => order.iter().position(|step| *step == Step::of(case, refusal)).unwrap_or(order.len()),
    }
}

/// All checks, and how they ended.
pub(super) fn all(case: &Case<'_>, verdict: &Result<Verified, Refusal>) -> Vec<Check> {
    let reached = reach(case, verdict);
    let check = |(at, step): (usize, &Step)| {
        let outcome = match at.cmp(&reached) {
            std::cmp::Ordering::Less => Outcome::Passed,
            std::cmp::Ordering::Equal => Outcome::Failed,
            std::cmp::Ordering::Greater => Outcome::NotReached,
        };
        let detail = match (outcome, verdict) {
            (Outcome::Passed, verdict) => passed(case, *step, verdict),
            (Outcome::Failed, Err(refusal)) => Some(failed(refusal)),
            _ => None,
        };
        Check { step: *step, outcome, detail }
    };
    order(case).iter().enumerate().map(check).collect()
}

/// The name of the reason, and what the refusal knows beside it.
fn failed(refusal: &Refusal) -> String {
    let reason = refusal.reason();
    let mut text = format!("{}: {}", reason.name(), reason.sentence());
    if let Some(fault) = refusal.payload_fault() {
        text.push_str(" In detail: ");
        text.push_str(fault);
        text.push_str(if fault.ends_with('?') { "" } else { "." });
    }
    text
}

fn passed(case: &Case<'_>, step: Step, verdict: &Result<Verified, Refusal>) -> Option<String> {
    let of = |accepted: fn(&Verified) -> Option<String>, refused: fn(&Refusal) -> Option<String>| match verdict {
        Ok(verified) => accepted(verified),
        Err(refusal) => refused(refusal),
    };
    match step {
        Step::Method => Some(case.method.escape_ascii().to_string()),
        Step::Header => Some(format!("{} bytes", case.header.len())),
        Step::Account => of(
            |verified| Some(verified.api_key().escape_default().to_string()),
            |refusal| refusal.untrusted_api_key().map(ToOwned::to_owned),
        ),
        Step::Signature => of(
            |verified| Some(format!("secret {}", verified.key_label().escape_debug())),
            |refusal| refusal.key_label().map(|label| format!("secret {}", label.escape_debug())),
        ),
        Step::Expected => case.expected_account.is_none().then(|| "none is expected".to_owned()),
        Step::Time => of(
            |verified| Some(format!("{} s old", verified.age_seconds())),
            |refusal| refusal.age_seconds().map(|age| format!("{age} s old")),
        ),
        Step::Size => Some(format!("{} bytes", case.body.len())),
        Step::Payload => of(|verified| Some(verified.payload_form().name().to_owned()), |_| None),
        _ => None,
    }
}
