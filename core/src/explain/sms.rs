//! Mistakes about a webhook with the SMS API's own signature.

use super::body;
use super::case::{Case, Finding};
use super::mistake::Kind;
use super::query;
use crate::verifier::Refusal;

/// Of the parameters and how they were passed; the secret is for others.
pub(super) fn find<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    passed_otherwise(case, refusal)
        .or_else(|| query::changed(case, refusal))
        .or_else(|| body::changed(case, refusal))
        .or_else(|| with_one_less(case))
}

/// The parameters of a GET as a body, and the reverse.
fn passed_otherwise<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    let get = |query: Vec<u8>| {
        let empty = case.with_body(Vec::new());
        Case { method: b"GET"[..].into(), query: query.into(), ..empty }
    };
    let candidates = if case.is_query() {
        let post = Case { method: b"POST"[..].into(), query: b""[..].into(), ..case.clone() };
        [(Kind::MethodPostAsGet, post), (Kind::QueryWithBody, case.with_body(Vec::new()))]
    } else {
        [(Kind::MethodGetAsPost, get(case.query.to_vec())), (Kind::QueryInBody, get(case.body.to_vec()))]
    };
    let fitting =
        candidates.into_iter().find(|(_, candidate)| candidate.is_signed() && candidate.gets_further(refusal));
    fitting.map(|(kind, candidate)| Finding::mended(kind.bare(), candidate))
}

/// Without a parameter that somebody has added.
fn with_one_less<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    let text = if case.is_query() { &case.query } else { &case.body };
    if text.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    let pieces: Vec<&[u8]> = text.split(|byte| *byte == b'&').collect();
    (0..pieces.len()).take(query::MOST_PIECES).find_map(|without| {
        let rest = pieces.iter().enumerate().filter(|(at, _)| *at != without).map(|(_, piece)| *piece);
        let text = rest.collect::<Vec<_>>().join(&b'&');
        let candidate =
            if case.is_query() { Case { query: text.into(), ..case.clone() } } else { case.with_body(text) };
        candidate.is_signed().then(|| Finding::mended(Kind::SmsParameterAdded.bare(), candidate))
    })
}
