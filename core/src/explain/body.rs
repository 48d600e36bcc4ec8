//! Mistakes about the body: known changes are undone until the verifier passes it.

use std::io::Read as _;

use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use serde_json::Value;

use super::case::{Case, Finding};
use super::mistake::{Kind, Mistake};
use super::order;
use super::style;
use super::token;
use crate::encoding;
use crate::event;
use crate::payload;
use crate::verifier::Refusal;

/// Longest body of which two changes are undone, one behind the other, and every style of JSON is tried, in bytes.
const MOST_THOROUGH_BYTES: usize = 32 * 1024;

/// Longest body that is looked for in a compressed or decoded one, in bytes.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Most members of which the order is looked at, in one body.
const MOST_MEMBERS: usize = 64;

type Change = (Kind, Vec<u8>);

pub(super) fn find<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    changed(case, refusal).or_else(|| by_looks(case))
}

/// A body that was changed on its way.
pub(super) fn changed<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    if case.is_query() {
        return None;
    }
    let most = usize::try_from(case.policy().max_body_bytes()).unwrap_or(usize::MAX).min(MOST_BYTES);
    let first = changes(&case.body, most);
    let fitting = |kinds: &[Kind], body: &[u8]| {
        let candidate = case.with_body(body.to_vec());
        let mistakes = || kinds.iter().map(|kind| kind.bare()).collect();
        candidate.gets_further(refusal).then(|| Finding { mistakes: mistakes(), mended: Some(candidate) })
    };
    if let Some(found) = first.iter().find_map(|(kind, body)| fitting(&[*kind], body)) {
        return Some(found);
    }
    if let Some(found) = rewritten(case, refusal, &case.body, &[]) {
        return Some(found);
    }
    for (kind, body) in first.iter().filter(|(_, body)| body.len() <= MOST_THOROUGH_BYTES) {
        for (second, body) in changes(body, most) {
            if let Some(found) = fitting(&[*kind, second], &body) {
                return Some(found);
            }
        }
        if let Some(found) = rewritten(case, refusal, body, &[*kind]) {
            return Some(found);
        }
    }
    None
}

/// JSON that was parsed and written again; before it, another change was undone.
fn rewritten<'a>(case: &Case<'a>, refusal: &Refusal, body: &[u8], before: &[Kind]) -> Option<Finding<'a>> {
    let text = std::str::from_utf8(body).ok()?;
    let value = event::read_value(text)?;
    let thorough = body.len() <= MOST_THOROUGH_BYTES;
    let try_one = |kinds: &[Kind], text: String| {
        let candidate = case.with_body(text.into_bytes());
        let mistakes = || before.iter().chain(kinds).map(|kind| kind.bare()).collect::<Vec<Mistake>>();
        candidate.gets_further(refusal).then(|| Finding { mistakes: mistakes(), mended: Some(candidate) })
    };
    for (kinds, text) in style::rewritings(text, &value, thorough) {
        if let Some(found) = try_one(&kinds, text) {
            return Some(found);
        }
    }
    let event::Value::Object(members) = &value else { return None };
    // Orders are many, so they are not tried behind another change.
    if members.len() > MOST_MEMBERS || !before.is_empty() {
        return None;
    }
    let pieces: Vec<String> = members.iter().map(|(name, value)| style::plain_member(name, value)).collect();
    let pieces: Vec<&[u8]> = pieces.iter().map(String::as_bytes).collect();
    let named = token::named_hash(case)?;
    order::of(&pieces, body.len(), |order| {
        let text = [b"{", &order.join(&b',')[..], b"}"].concat();
        if payload::hash(&text) != named {
            return None;
        }
        let candidate = case.with_body(text);
        candidate.gets_further(refusal).then(|| Finding::mended(Kind::BodyJsonKeyOrder.bare(), candidate))
    })
}

/// What the body may have been before one known change.
fn changes(body: &[u8], most: usize) -> Vec<Change> {
    let mut found: Vec<Change> = Vec::new();
    let mut add = |kind: Kind, bytes: Vec<u8>| {
        if bytes != body && bytes.len() <= most {
            found.push((kind, bytes));
        }
    };
    let without = body.strip_suffix(b"\n").unwrap_or(body);
    add(Kind::BodyNewlineAdded, without.strip_suffix(b"\r").unwrap_or(without).to_vec());
    add(Kind::BodyNewlineRemoved, [body, b"\n"].concat());
    add(Kind::BodyNewlineRemoved, [body, b"\r\n"].concat());
    add(Kind::BodyWhiteSpace, body.trim_ascii().to_vec());
    let lines = replaced(body, b"\r\n", b"\n");
    add(Kind::BodyLineEndings, replaced(&lines, b"\n", b"\r\n"));
    add(Kind::BodyLineEndings, lines);
    add(Kind::BodyBom, body.strip_prefix(BOM).unwrap_or(body).to_vec());
    add(Kind::BodyBom, [BOM, body].concat());
    add(Kind::BodyBase64, encoding::any_base64(body.trim_ascii()).unwrap_or_default());
    match serde_json::from_slice(body) {
        Ok(Value::String(inner)) => add(Kind::BodyJsonString, inner.into_bytes()),
        Ok(Value::Object(event)) if event.contains_key("isBase64Encoded") || event.contains_key("requestContext") => {
            if let Some(Value::String(inner)) = event.get("body") {
                add(Kind::BodyLambdaEvent, encoding::any_base64(inner.as_bytes()).unwrap_or_default());
                add(Kind::BodyLambdaEvent, inner.clone().into_bytes());
            }
        }
        _ => {}
    }
    for plain in decompressed(body, most) {
        add(Kind::BodyCompressed, plain);
    }
    for (kind, bytes) in form(body) {
        add(kind, bytes);
    }
    for text in encoding::to_utf8(body).into_iter().chain(encoding::decoded_once_less(body)) {
        add(Kind::BodyCharset, text.into_bytes());
    }
    for bytes in encoding::in_latin_sets(body) {
        add(Kind::BodyCharset, bytes);
    }
    if let Ok(text) = std::str::from_utf8(body) {
        add(Kind::BodyHtml, encoding::html_decoded(text).into_bytes());
    }
    add(Kind::BodyBackslashes, encoding::backslashes_removed(body));
    found
}

const BOM: &[u8] = b"\xef\xbb\xbf";

/// What a form parser or writer may have made of a body of JSON.
fn form(body: &[u8]) -> Vec<Change> {
    let mut found = Vec::new();
    for plus in [true, false] {
        if let Some(decoded) = encoding::percent_decoded(body, plus) {
            let value = decoded.strip_suffix(b"=").unwrap_or(&decoded).to_vec();
            let behind = memchr::memchr(b'=', &decoded).and_then(|at| decoded.get(at.saturating_add(1)..));
            found.push((Kind::BodyFormEncoded, behind.unwrap_or_default().to_vec()));
            found.push((Kind::BodyFormEncoded, value));
            found.push((Kind::BodyFormEncoded, decoded));
        }
    }
    // A + of a telephone number has become a space.
    let at_start = replaced(body, b"\" ", b"\"+");
    found.push((Kind::BodyFormDecoded, replaced(body, b" ", b"+")));
    found.push((Kind::BodyFormDecoded, replaced(body, b" ", b"%20")));
    found.push((Kind::BodyFormDecoded, at_start));
    found
}

fn replaced(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = 0;
    for at in memchr::memmem::find_iter(text, from) {
        out.extend_from_slice(text.get(rest..at).unwrap_or_default());
        out.extend_from_slice(to);
        rest = at.saturating_add(from.len());
    }
    out.extend_from_slice(text.get(rest..).unwrap_or_default());
    out
}

/// By every method, up to the ceiling.
fn decompressed(body: &[u8], most: usize) -> Vec<Vec<u8>> {
    let room = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = |mut reader: &mut dyn std::io::Read| {
        let mut plain = Vec::new();
        (&mut reader).take(room).read_to_end(&mut plain).ok().filter(|_| !plain.is_empty()).map(|_| plain)
    };
    [read(&mut GzDecoder::new(body)), read(&mut ZlibDecoder::new(body)), read(&mut DeflateDecoder::new(body))]
        .into_iter()
        .flatten()
        .collect()
}

fn by_looks<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    let body = &*case.body;
    if case.is_query() {
        return None;
    }
    if body.is_empty() {
        return Finding::seen(Kind::BodyEmpty.bare());
    }
    let declared = case.field("content-length").and_then(|text| std::str::from_utf8(text).ok()?.trim().parse().ok());
    let declared: usize = declared.or_else(|| usize::try_from(case.declared_length).ok()).unwrap_or_default();
    if body.len() < declared {
        return Finding::seen(Kind::BodyCut.with(format!("{} of {declared} bytes", body.len())));
    }
    if case.field("content-encoding").is_some_and(|coding| !coding.eq_ignore_ascii_case(b"identity")) {
        return Finding::seen(Kind::BodyDecompressed.bare());
    }
    if memchr::memmem::find(body, "\u{fffd}".as_bytes()).is_some() {
        return Finding::seen(Kind::BodyReplacement.bare());
    }
    let text = std::str::from_utf8(body).ok()?;
    match event::read_value(text)? {
        event::Value::Object(members) if order::is_telling(&names(&members)) => {
            Finding::seen(Kind::BodyJsonSorted.bare())
        }
        _ => None,
    }
}

fn names<'m>(members: &'m event::Members<'_>) -> Vec<&'m str> {
    members.iter().map(|(name, _)| &**name).collect()
}
