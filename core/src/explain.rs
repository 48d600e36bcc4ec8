//! Why a request is refused: every check in order, and the known mistake that explains the refusal.
//!
//! [`explain`] asks the verifier first, and reports what it said. Where a check failed, it undoes one known mistake after the other
//! (a newline that an editor added to the secret, a body that a framework has serialised again) and asks the verifier
//! about each result: the mistake is named when the verifier then passes that check. More than one can be found, each
//! behind the one before.
//!
//! It is for development and for the command line. It never accepts a request: an [`Explanation`] holds no
//! [`crate::Verified`]. It takes far longer than a verification and its time tells what it found, so never let a stranger's
//! requests run into it, and never show its answer to one. The search has a bound: where a very long body and very many secrets
//! multiply it ends without having tried all. It holds no byte of a secret, a token or a body, and no
//! computed hash.
//!
//! [`Mistake::known`] lists what can be found.
//!
//! With this feature a keyring keeps its secrets as they are, beside the hash states that verification needs, since some
//! mistakes can only be found by trying what is near a secret. They are wiped with the keyring.
//!
//! ```
//! use hookproof::{Keyring, Policy, Request, Verifier, explain::explain, sign::Signer};
//!
//! let mut keyring = Keyring::new();
//! keyring.add_secret("a1b2c3d4", "production", b"the signature secret of the dashboard\n")?;
//! let verifier = Verifier::new(Policy::standard(), keyring)?;
//! # let body = br#"{"text":"hello"}"#;
//! # let header = Signer::new("a1b2c3d4", b"the signature secret of the dashboard")?.sign_body(body, 1_767_225_600, "jti-1");
//! let explanation = explain(&verifier, &Request::post(header.as_bytes(), body), &[], 1_767_225_600);
//! assert_eq!(explanation.refusal().unwrap().reason().name(), "signature.invalid");
//! let mistake = &explanation.mistakes()[0];
//! assert_eq!(mistake.name(), "secret.newline");
//! assert_eq!(mistake.detail(), Some("secret production of account a1b2c3d4"));
//! # Ok::<(), hookproof::ConfigError>(())
//! ```

use std::fmt;

use serde_json::{Value, json};

mod account;
mod body;
mod case;
mod check;
mod claims;
mod clock;
mod field;
mod method;
mod mistake;
mod order;
mod profile;
mod query;
mod secret;
mod sms;
mod style;
mod token;

pub use check::{Check, Outcome};
pub use mistake::Mistake;

use crate::keyring::Keyring;
use crate::request::Request;
use crate::verifier::{Refusal, Verifier};
use case::{Case, Finding};
use check::Step;

/// Most mistakes that are looked for behind each other. Nobody has made five at once.
const MOST_MISTAKES: usize = 4;

/// Names and values of header fields, as received.
pub type Fields<'a> = &'a [(&'a [u8], &'a [u8])];

/// Explains what the verifier says of a request at `now`, in Unix seconds.
///
/// `fields` are all header fields of the request, where they are known; some mistakes can only be seen in them.
#[must_use]
pub fn explain(verifier: &Verifier, request: &Request<'_>, fields: Fields<'_>, now: i64) -> Explanation {
    let keyring = verifier.keyring();
    explain_with_keyring(verifier, request, keyring.as_deref(), fields, now)
}

/// As [`explain`], with the secrets of [`Verifier::verify_with_keyring`].
#[must_use]
pub fn explain_with_keyring(
    verifier: &Verifier,
    request: &Request<'_>,
    keyring: Option<&Keyring>,
    fields: Fields<'_>,
    now: i64,
) -> Explanation {
    let mut case = Case::new(verifier.policy(), request, keyring, fields, now);
    let first = case.judge();
    let checks = check::all(&case, &first);
    let refusal = first.err();
    let mut mistakes: Vec<Mistake> = Vec::new();
    let mut open = refusal.clone();
    while let Some(refusal) = open.take().filter(|_| mistakes.len() < MOST_MISTAKES) {
        let Some(found) = find(&case, &refusal) else { break };
        mistakes.extend(found.mistakes);
        if let Some(mended) = found.mended {
            case = mended;
            open = case.judge().err();
        }
    }
    Explanation { profile: verifier.policy().profile_name(), checks, refusal, mistakes }
}

/// The mistakes that explain this refusal, and the request without them.
fn find<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    let step = Step::of(case, refusal);
    let by_step = match step {
        Step::Method => method::find(case, refusal),
        Step::Header => field::find(case, refusal),
        Step::Token => token::find(case, refusal),
        Step::Account => account::find(case, refusal),
        Step::Signature => secret::find(case, refusal),
        Step::Parameters | Step::Sig | Step::Stamp => sms::find(case, refusal),
        Step::Window | Step::Expected => account::find_later(case, refusal),
        Step::Claims | Step::Issuer | Step::Application => claims::find(case, refusal),
        Step::Time => clock::find(case, refusal),
        Step::Size => None,
        Step::Payload => query::find(case, refusal).or_else(|| body::find(case, refusal)),
    };
    by_step.or_else(|| profile::find(case, refusal)).or_else(|| field::find_lost(case, refusal))
}

/// What [`explain`] found. It is no verdict that anything may be built on.
pub struct Explanation {
    profile: &'static str,
    checks: Vec<Check>,
    refusal: Option<Refusal>,
    mistakes: Vec<Mistake>,
}

impl Explanation {
    /// Every check of the profile, in the order in which they are made.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// The refusal; nothing if the verifier has nothing against the request.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }

    /// The mistakes that were found, the first to be mended first. None if the request is fine, or if no known mistake explains
    /// the refusal.
    #[must_use]
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    /// The name of the profile by which the request was judged.
    #[must_use]
    pub fn profile(&self) -> &'static str {
        self.profile
    }

    /// The same as a JSON object:
    ///
    /// | key | value |
    /// |---|---|
    /// | `profile` | the name of the profile |
    /// | `reason` `sentence` `hint` | of the refusal; all `null` without one |
    /// | `refusal` | the refusal's line for logs; `null` without one |
    /// | `checks` | a list of objects with `name`, `sentence`, `outcome` (`passed`, `failed`, `not reached`) and `detail` (text or `null`) |
    /// | `mistakes` | a list of objects with `name`, `sentence`, `remedy`, `proven` and `detail` (text or `null`) |
    #[must_use]
    pub fn to_json(&self) -> String {
        let reason = self.refusal.as_ref().map(Refusal::reason);
        let check = |check: &Check| {
            json!({
                "name": check.name(),
                "sentence": check.sentence(),
                "outcome": check.outcome().name(),
                "detail": check.detail(),
            })
        };
        let mistake = |mistake: &Mistake| {
            json!({
                "name": mistake.name(),
                "sentence": mistake.sentence(),
                "remedy": mistake.remedy(),
                "proven": mistake.is_proven(),
                "detail": mistake.detail(),
            })
        };
        json!({
            "profile": self.profile,
            "reason": reason.map(crate::reason::Reason::name),
            "sentence": reason.map(crate::reason::Reason::sentence),
            "hint": reason.map(crate::reason::Reason::hint),
            "refusal": self.refusal.as_ref().map(ToString::to_string),
            "checks": self.checks.iter().map(check).collect::<Vec<Value>>(),
            "mistakes": self.mistakes.iter().map(mistake).collect::<Vec<Value>>(),
        })
        .to_string()
    }
}

impl fmt::Debug for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Explanation")
            .field("profile", &self.profile)
            .field("refusal", &self.refusal)
            .field("mistakes", &self.mistakes)
            .finish_non_exhaustive()
    }
}
