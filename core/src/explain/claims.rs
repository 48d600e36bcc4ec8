//! Mistakes about the claims of a token that a secret has signed.

use serde_json::Value;

use super::case::{Case, Finding};
use super::mistake::Kind;
use super::token;
use crate::encoding;
use crate::limits::MAX_NUMERIC_DATE;
use crate::reason::Reason;
use crate::verifier::Refusal;

pub(super) fn find<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    let claims = token::part(case, 1)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    match refusal.reason() {
        Reason::ClaimsMalformed => {
            for name in ["iat", "exp", "nbf"] {
                let Some(value) = claims.get(name) else { continue };
                if value.as_i64().is_some_and(|time| time > MAX_NUMERIC_DATE) {
                    return Finding::seen(Kind::ClaimsMilliseconds.with(name));
                }
                if value.is_string() || value.is_f64() {
                    return Finding::seen(Kind::ClaimsTimeForm.with(name));
                }
            }
            let hash = text("payload_hash")?;
            if encoding::sha256_hex(hash.as_bytes()).is_none() {
                return Finding::seen(Kind::ClaimsHashForm.bare());
            }
            None
        }
        Reason::IssuerMismatch => {
            let expected = case.policy().issuer()?;
            let near = text("iss").is_some_and(|issuer| issuer.trim().eq_ignore_ascii_case(expected.trim()));
            if near { Finding::seen(Kind::IssuerSpelling.bare()) } else { None }
        }
        Reason::ApplicationMismatch => {
            let bare = |id: &str| id.trim().trim_matches(['{', '}']).to_ascii_lowercase();
            let (ours, account) = (text("application_id")?, case.untrusted_account()?);
            let keyring = case.keyring.as_ref()?;
            let near = keyring.application_ids(&account).iter().any(|id| bare(id) == bare(ours));
            if near { Finding::seen(Kind::ApplicationSpelling.bare()) } else { None }
        }
        _ => None,
    }
}
