//! The payload that `payload_hash` covers: its SHA-256 while it arrives, and its ceiling.

use sha2::{Digest, Sha256};

use crate::reason::Reason;

/// Which bytes of the request the token's `payload_hash` was found to cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PayloadForm {
    /// The raw body.
    Body,
    /// The decoded parameters of the query as one compact JSON object, every value a string: the form that the vendor documents
    /// and real GET webhooks have.
    Query,
    /// As `Query`, with values that are whole JSON objects or arrays as such. Documented nowhere, and off unless asked for.
    QueryNested,
    /// As `Query`, with the value `null` as JSON's null. Documented nowhere, and off unless asked for.
    QueryNull,
    /// `QueryNested` and `QueryNull` together. Documented nowhere, and off unless asked for.
    QueryNestedNull,
    /// The parameters of the query, covered by the SMS API's own signature.
    SmsQuery,
    /// The parameters of a form, covered by the SMS API's own signature.
    SmsForm,
    /// The members of a JSON object, covered by the SMS API's own signature.
    SmsJson,
    /// Nothing: the token has no `payload_hash`, and the policy accepts that by its dangerously named setting.
    Unhashed,
}

impl PayloadForm {
    /// The name, the same in every language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            PayloadForm::Body => "body",
            PayloadForm::Query => "query",
            PayloadForm::QueryNested => "query_nested",
            PayloadForm::QueryNull => "query_null",
            PayloadForm::QueryNestedNull => "query_nested_null",
            PayloadForm::SmsQuery => "sms_query",
            PayloadForm::SmsForm => "sms_form",
            PayloadForm::SmsJson => "sms_json",
            PayloadForm::Unhashed => "unhashed",
        }
    }

    /// The forms of a query that must be asked for by name.
    pub(crate) const UNPROVEN: [PayloadForm; 3] =
        [PayloadForm::QueryNested, PayloadForm::QueryNull, PayloadForm::QueryNestedNull];

    pub(crate) const fn query_reads_nested(self) -> bool {
        matches!(self, PayloadForm::QueryNested | PayloadForm::QueryNestedNull)
    }

    pub(crate) const fn query_reads_null(self) -> bool {
        matches!(self, PayloadForm::QueryNull | PayloadForm::QueryNestedNull)
    }
}

/// Where the payload of a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PayloadSource {
    Body,
    /// The query; the body must be empty.
    Query,
}

/// A body on its way in: never kept, only counted and hashed.
pub(crate) struct BodyHash {
    hash: Sha256,
    received: u64,
    max_bytes: u64,
}

impl BodyHash {
    pub(crate) fn new(max_bytes: u64) -> BodyHash {
        BodyHash { hash: Sha256::new(), received: 0, max_bytes }
    }

    /// Takes the next bytes. Once the body is too large nothing more is hashed and every call says so.
    pub(crate) fn update(&mut self, chunk: &[u8]) -> Result<(), Reason> {
        self.received = self.received.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        self.check_size()?;
        self.hash.update(chunk);
        Ok(())
    }

    /// Whether nothing has come so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.received == 0
    }

    pub(crate) fn finish(self) -> Result<[u8; 32], Reason> {
        self.check_size()?;
        Ok(self.hash.finalize().into())
    }

    fn check_size(&self) -> Result<(), Reason> {
        check_length(self.received, self.max_bytes)
    }
}

/// The SHA-256 of bytes.
pub(crate) fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The SHA-256 of parts, each after its length in eight bytes, so that no two lists of parts are one text.
pub(crate) fn hash_parts<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// Whether a body of this many bytes, announced or received, is within the ceiling.
pub(crate) fn check_length(bytes: u64, max_bytes: u64) -> Result<(), Reason> {
    if bytes > max_bytes { Err(Reason::PayloadTooLarge) } else { Ok(()) }
}
