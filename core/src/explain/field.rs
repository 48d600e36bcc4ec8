//! Mistakes about the header field that carries the token.

use super::case::{Case, Finding};
use super::mistake::Kind;
use crate::encoding;
use crate::event::{self, Carrier};
use crate::header;
use crate::reason::Reason;
use crate::verifier::Refusal;

/// The header fields of other profiles: those are [`super::profile`]'s to name.
const OF_PROFILES: [&[u8]; 3] = [b"authorization", b"vonage-signature", b"x-vonage-webhook-auth-token"];

pub(super) fn find<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    match refusal.reason() {
        Reason::HeaderMissing => elsewhere(case),
        Reason::HeaderDuplicated => several(case),
        Reason::HeaderMalformed => malformed(case),
        _ => None,
    }
}

/// A token in a field of another name.
fn elsewhere<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    let ours = case.policy().header_name().as_bytes();
    case.fields.iter().find_map(|(name, value)| {
        if name.eq_ignore_ascii_case(ours) || OF_PROFILES.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            return None;
        }
        let fitting = with_or_without_bearer(value).into_iter().find_map(|value| fitting(case, value))?;
        Some(Finding::mended(Kind::HeaderOtherName.with(name.escape_ascii().to_string()), fitting))
    })
}

/// Several fields, of which one is the webhook's.
fn several<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    let ours = case.policy().header_name().as_bytes();
    let values = case.fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case(ours)).map(|(_, value)| *value);
    let given = [&*case.header];
    let signed = values.chain(given).find_map(|value| {
        let alone = case.with_header(value.to_vec());
        alone.is_signed().then_some(alone)
    })?;
    Some(Finding::mended(Kind::HeaderAdded.bare(), signed))
}

fn malformed<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    let value = &*case.header;
    let trimmed = value.trim_ascii();
    let mut candidates: Vec<(Kind, Vec<u8>)> = vec![(Kind::HeaderTrimmed, trimmed.to_vec())];
    let bare = |text: &[u8]| [b"Bearer ", text].concat();
    candidates.push((Kind::HeaderNoBearer, bare(trimmed)));
    if let Some(inner) = unquoted(trimmed) {
        candidates.extend(with_or_without_bearer(inner).map(|value| (Kind::HeaderQuoted, value)));
    }
    for piece in trimmed.split(|byte| *byte == b',').filter(|piece| piece.len() < trimmed.len()) {
        candidates.extend(with_or_without_bearer(piece.trim_ascii()).map(|value| (Kind::HeaderJoined, value)));
    }
    let spaced = |byte: &u8| byte.is_ascii_whitespace() || *byte == b':' || *byte == b'=';
    if let Some(last) = trimmed.rsplit(spaced).next() {
        if let Some(inner) = unquoted(last) {
            candidates.push((Kind::HeaderQuoted, bare(inner)));
        }
        candidates.push((Kind::HeaderOtherWord, bare(last)));
    }
    if let Some(decoded) = encoding::percent_decoded(trimmed, true) {
        candidates.extend(with_or_without_bearer(&decoded).map(|value| (Kind::HeaderEncoded, value)));
    }
    let found = candidates
        .into_iter()
        .filter(|(_, candidate)| candidate != value)
        .find_map(|(kind, candidate)| Some(Finding::mended(kind.bare(), fitting(case, candidate)?)));
    let is_basic = trimmed.get(..6).is_some_and(|word| word.eq_ignore_ascii_case(b"Basic "));
    found.or_else(|| if is_basic { Finding::seen(Kind::HeaderBasic.bare()) } else { None })
}

/// What a request without any token may be.
pub(super) fn find_lost<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    if !matches!(refusal.reason(), Reason::HeaderMissing | Reason::SmsUnsigned) {
        return None;
    }
    let carrier = if case.is_query() {
        Carrier::Query(&case.query)
    } else if case.body.trim_ascii_start().starts_with(b"{") {
        Carrier::Json(&case.body)
    } else {
        Carrier::Form(&case.body)
    };
    match event::parse_unsigned(carrier).api {
        event::Api::Other => None,
        event::Api::NumberInsight | event::Api::Sms | event::Api::UsShortCodes | event::Api::Meetings => {
            Finding::seen(Kind::ApiNeverSigns.bare())
        }
        _ if case.is_sms() => None,
        _ => Finding::seen(Kind::HeaderStripped.bare()),
    }
}

/// The case with this header, if it holds a well-formed token.
fn fitting<'a>(case: &Case<'a>, value: Vec<u8>) -> Option<Case<'a>> {
    let candidate = case.with_header(value);
    candidate.has_good_token().then_some(candidate)
}

fn with_or_without_bearer(value: &[u8]) -> [Vec<u8>; 2] {
    [value.to_vec(), [b"Bearer ", value].concat()]
}

/// What stands in quotation marks.
pub(super) fn unquoted(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => Some(inner),
        _ => None,
    }
}

/// The text behind the scheme, whatever it is.
pub(super) fn token<'c>(case: &'c Case<'_>) -> &'c [u8] {
    let value = &*case.header;
    let token = value.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    if header::is_one_token(token) { token } else { &[] }
}
