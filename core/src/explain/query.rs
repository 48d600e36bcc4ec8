//! Mistakes about the query of a GET, and about where the payload was taken from.

use super::case::{Case, Finding};
use super::mistake::Kind;
use super::order;
use super::token;
use crate::encoding;
use crate::payload::PayloadForm;
use crate::query::Parameters;
use crate::verifier::Refusal;

/// Most parameters of a query that is looked at one by one.
pub(super) const MOST_PIECES: usize = 64;

/// Most parameters that are taken off the beginning or the end.
const MOST_OWN: usize = 4;

pub(super) fn find<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    if !case.is_query() {
        return as_another_method(case, refusal);
    }
    if !case.body.is_empty() || case.declared_length > 0 {
        let post = Case { method: b"POST"[..].into(), ..case.clone() };
        let candidates = [(Kind::MethodPostAsGet, post), (Kind::QueryWithBody, case.with_body(Vec::new()))];
        return first(candidates, refusal);
    }
    changed(case, refusal)
        .or_else(|| other_form(case, refusal))
        .or_else(|| reordered(case, refusal))
        .or_else(|| text_hashed(case, refusal))
        .or_else(|| by_looks(case))
}

/// A GET whose query or parameters were taken for a body.
fn as_another_method<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    let get = |query: &[u8]| {
        let empty = case.with_body(Vec::new());
        Case { method: b"GET"[..].into(), query: query.to_vec().into(), ..empty }
    };
    first([(Kind::MethodGetAsPost, get(&case.query)), (Kind::QueryInBody, get(&case.body))], refusal)
}

/// A query that was changed on its way.
pub(super) fn changed<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    if !case.is_query() {
        return None;
    }
    let query = &*case.query;
    let mut candidates: Vec<(Kind, Vec<u8>)> = Vec::new();
    if let Some(at) = memchr::memchr(b'?', query) {
        candidates.push((Kind::QueryQuestionMark, query.get(at.saturating_add(1)..).unwrap_or_default().to_vec()));
    }
    candidates.push((Kind::QueryDecoded, encoded(&split(query, false))));
    candidates.push((Kind::QueryDecoded, query.iter().flat_map(|byte| plus_escaped(*byte)).collect()));
    if let Ok(parameters) = Parameters::decode(query) {
        let twice = parameters.pairs().map(|(name, value)| (decoded_again(name), decoded_again(value)));
        candidates.push((Kind::QueryEncodedTwice, encoded(&twice.collect::<Vec<_>>())));
    }
    candidates.extend(encoding::percent_decoded(query, false).map(|text| (Kind::QueryEncodedTwice, text)));
    let raw = split(query, true);
    let mut in_utf8 = |of: fn(&[u8]) -> Vec<String>| {
        let text = |bytes: &[u8]| of(bytes).into_iter().next().map_or_else(|| bytes.to_vec(), String::into_bytes);
        let pairs: Vec<_> = raw.iter().map(|(name, value)| (text(name), text(value))).collect();
        candidates.push((Kind::QueryCharset, encoded(&pairs)));
    };
    in_utf8(encoding::to_utf8);
    in_utf8(encoding::decoded_once_less);
    let candidates = candidates.into_iter().filter(|(_, candidate)| candidate != query);
    let found = first(candidates.map(|(kind, query)| (kind, Case { query: query.into(), ..case.clone() })), refusal);
    found.or_else(|| own(case, refusal))
}

/// Parameters of the URL that the vendor was given, or that something has added.
fn own<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    let pieces: Vec<&[u8]> = case.query.split(|byte| *byte == b'&').collect();
    if pieces.len() > MOST_PIECES {
        return None;
    }
    let most = MOST_OWN.min(pieces.len().saturating_sub(1));
    let shorter = (1..=most).flat_map(|off| {
        let rest = pieces.len().saturating_sub(off);
        [pieces.get(off..).unwrap_or_default().to_vec(), pieces.get(..rest).unwrap_or_default().to_vec()]
    });
    let one_less = (0..pieces.len()).map(|without| {
        let rest = pieces.iter().enumerate().filter(|(at, _)| *at != without);
        rest.map(|(_, piece)| *piece).collect::<Vec<_>>()
    });
    let candidate = |rest: Vec<&[u8]>| {
        let removed = pieces.len().saturating_sub(rest.len());
        let candidate = Case { query: rest.join(&b'&').into(), ..case.clone() };
        let detail = if removed == 1 { "one parameter".to_owned() } else { format!("{removed} parameters") };
        candidate.gets_further(refusal).then(|| Finding::mended(Kind::QueryOwn.with(detail), candidate))
    };
    shorter.chain(one_less).find_map(candidate)
}

/// A form of the query that must be asked for.
fn other_form<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    PayloadForm::UNPROVEN.into_iter().find_map(|form| {
        let mut policy = case.policy().clone();
        policy.add_payload_form(form.name()).ok()?;
        let candidate = case.with_policy(policy);
        candidate.gets_further(refusal).then(|| Finding::mended(Kind::QueryForm.with(form.name()), candidate))
    })
}

/// The same parameters in another order, as far as all orders can be tried.
fn reordered<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    let pieces: Vec<&[u8]> = case.query.split(|byte| *byte == b'&').collect();
    let named = token::named_hash(case)?;
    let fitting = order::of(&pieces, case.query.len(), |order| {
        let query = order.join(&b'&');
        if Parameters::decode(&query).ok()?.hash(PayloadForm::Query) != named {
            return None;
        }
        let candidate = Case { query: query.into(), ..case.clone() };
        candidate.gets_further(refusal).then_some(candidate)
    })?;
    Some(Finding::mended(Kind::QueryOrder.bare(), fitting))
}

/// The text of the query, hashed as a body is.
fn text_hashed<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    let text = case.with_body(case.query.to_vec());
    let candidate = Case { method: b"POST"[..].into(), query: b""[..].into(), ..text };
    if candidate.gets_further(refusal) { Finding::seen(Kind::QueryRawHash.bare()) } else { None }
}

fn by_looks<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    if case.query.is_empty() {
        return Finding::seen(Kind::QueryEmpty.bare());
    }
    let pieces: Vec<&[u8]> = case.query.split(|byte| *byte == b'&').collect();
    if order::is_telling(&pieces) { Finding::seen(Kind::QuerySorted.bare()) } else { None }
}

/// The first candidate with which the verifier gets further.
fn first<'a>(candidates: impl IntoIterator<Item = (Kind, Case<'a>)>, refusal: &Refusal) -> Option<Finding<'a>> {
    let mut candidates = candidates.into_iter();
    let (kind, case) = candidates.find(|(_, candidate)| candidate.gets_further(refusal))?;
    Some(Finding::mended(kind.bare(), case))
}

/// Names and values as they stand, decoded once or not at all. A piece without = goes on with the value before it: it is
/// what is left of a decoded &.
fn split(query: &[u8], decode: bool) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    let decoded = |text: &[u8]| match decode {
        true => encoding::percent_decoded(text, true).unwrap_or_else(|| text.to_vec()),
        false => text.to_vec(),
    };
    for piece in query.split(|byte| *byte == b'&') {
        match (memchr::memchr(b'=', piece).and_then(|at| piece.split_at_checked(at)), pairs.last_mut()) {
            (Some((name, value)), _) => pairs.push((decoded(name), decoded(value.get(1..).unwrap_or_default()))),
            (None, Some((_, value))) if !decode => value.extend([b"&", piece].concat()),
            (None, _) => pairs.push((decoded(piece), Vec::new())),
        }
    }
    pairs
}

fn encoded<N: AsRef<[u8]>, V: AsRef<[u8]>>(pairs: &[(N, V)]) -> Vec<u8> {
    let piece = |(name, value): &(N, V)| {
        format!("{}={}", encoding::form_bytes(name.as_ref()), encoding::form_bytes(value.as_ref()))
    };
    pairs.iter().map(piece).collect::<Vec<_>>().join("&").into_bytes()
}

fn decoded_again(text: &str) -> Vec<u8> {
    encoding::percent_decoded(text.as_bytes(), true).unwrap_or_else(|| text.as_bytes().to_vec())
}

/// A + that was %2B before the query was decoded.
fn plus_escaped(byte: u8) -> Vec<u8> {
    if byte == b'+' { b"%2B".to_vec() } else { vec![byte] }
}
