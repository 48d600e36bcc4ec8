//! The ways in which a webhook carries its members.

use std::borrow::Cow;

use super::pairs;
use super::reader::{self, Tree};
use crate::payload;
use crate::query::QueryPairs;

/// What carries the members of an event. All of them give the same event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Carrier<'b> {
    /// A body of `application/json`.
    Json(&'b [u8]),
    /// A body of `application/x-www-form-urlencoded`.
    Form(&'b [u8]),
    /// The query of the URL, raw, without the question mark.
    Query(&'b [u8]),
    /// Names and values of a form or query that are decoded already, in their order.
    Pairs(&'b [(&'b [u8], &'b [u8])]),
    /// The same as texts: what a verified GET hands out.
    Decoded(QueryPairs<'b>),
}

impl<'b> Carrier<'b> {
    pub(super) fn read(self) -> Option<Tree<'b>> {
        match self {
            Carrier::Json(body) => reader::read(body),
            Carrier::Form(text) | Carrier::Query(text) => pairs::read(text),
            Carrier::Pairs(list) => {
                pairs::of(list.iter().map(|(name, value)| (Cow::Borrowed(*name), Cow::Borrowed(*value))))
            }
            Carrier::Decoded(list) => {
                let bytes = |text: &'b str| Cow::Borrowed(text.as_bytes());
                pairs::of(list.iter().map(|(name, value)| (bytes(name), bytes(value))))
            }
        }
    }

    /// The SHA-256 of the bytes. Pairs are taken each with its length, so that no two lists of them are one text.
    pub(super) fn hash(self) -> [u8; 32] {
        match self {
            Carrier::Json(bytes) | Carrier::Form(bytes) | Carrier::Query(bytes) => payload::hash(bytes),
            Carrier::Pairs(list) => payload::hash_parts(list.iter().flat_map(|(name, value)| [*name, *value])),
            Carrier::Decoded(list) => {
                payload::hash_parts(list.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]))
            }
        }
    }
}
