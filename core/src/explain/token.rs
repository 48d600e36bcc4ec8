//! Mistakes about the form of the token.

use serde_json::{Map, Value};

use super::case::{Case, Finding};
use super::field;
use super::mistake::Kind;
use crate::encoding::{self, Base64Url};
use crate::reason::Reason;
use crate::verifier::Refusal;

/// Letters of an HS256 signature in base64url.
const SIGNATURE_LETTERS: usize = 43;

pub(super) fn find<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    match refusal.reason() {
        Reason::TokenAlgorithm => other_algorithm(case),
        Reason::TokenMalformed => malformed(case),
        _ => None,
    }
}

fn other_algorithm<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    let header = part(case, 0)?;
    let algorithm = header.get("alg")?.as_str()?;
    let asymmetric = ["RS", "PS", "ES", "Ed"].iter().any(|family| algorithm.starts_with(family));
    if algorithm.eq_ignore_ascii_case("none") {
        return Finding::seen(Kind::TokenUnsigned.bare());
    }
    // On Vonage Cloud Runtime the webhook's own token stands beside the router's: that is a profile's to name.
    if asymmetric && case.field("x-vonage-webhook-auth-token").is_some() {
        return None;
    }
    if asymmetric && part(case, 1).is_some_and(|claims| claims.contains_key("application_id")) {
        return Finding::seen(Kind::TokenOutbound.bare());
    }
    let known = ["HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"];
    let name = known.into_iter().find(|known| algorithm.eq_ignore_ascii_case(known));
    let kind = Kind::TokenOtherAlgorithm;
    Finding::seen(name.map_or_else(|| kind.bare(), |name| kind.with(name)))
}

fn malformed<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    let token = field::token(case);
    if let Some(inner) = field::unquoted(token) {
        let bare = case.with_header([b"Bearer ", inner].concat());
        if bare.has_good_token() {
            return Some(Finding::mended(Kind::HeaderQuoted.bare(), bare));
        }
    }
    let letters = token.iter().filter(|byte| **byte != b'=').map(|byte| match byte {
        b'+' => b'-',
        b'/' => b'_',
        other => *other,
    });
    let recoded = case.with_header([b"Bearer ", &letters.collect::<Vec<u8>>()[..]].concat());
    if recoded.has_good_token() {
        return Some(Finding::mended(Kind::TokenRecoded.bare(), recoded));
    }
    let parts: Vec<&[u8]> = token.split(|byte| *byte == b'.').collect();
    let says_hs256 = part(case, 0).is_some_and(|header| header.get("alg").and_then(Value::as_str) == Some("HS256"));
    let is_cut = match parts[..] {
        [_] | [_, _] => true,
        [_, _, signature] => signature.len() < SIGNATURE_LETTERS,
        _ => false,
    };
    if says_hs256 && is_cut { Finding::seen(Kind::TokenCut.bare()) } else { None }
}

/// A decoded part of the token, which anybody may have written.
pub(super) fn part(case: &Case<'_>, number: usize) -> Option<Map<String, Value>> {
    let text = field::token(case).split(|byte| *byte == b'.').nth(number)?;
    let mut json = vec![0; Base64Url::room(text)];
    let len = Base64Url::new().decode(text, &mut json)?;
    serde_json::from_slice(json.get(..len)?).ok()
}

/// The hash of the payload that the token names, so that many candidates can be looked at before the verifier is asked.
pub(super) fn named_hash(case: &Case<'_>) -> Option<[u8; 32]> {
    encoding::sha256_hex(part(case, 1)?.get("payload_hash")?.as_str()?.as_bytes())
}
