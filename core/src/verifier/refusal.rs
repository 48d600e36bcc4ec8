//! A refused request: the reason, what to answer, and what the log may know.

use std::fmt;
use std::sync::Arc;

#[cfg(feature = "networks")]
use crate::networks::SourceHint;
use crate::policy::Answers;
use crate::reason::{Advice, Reason};
use crate::replay::StoreFailure;

/// Why a request was refused, what to answer, and what a log may know. It holds no byte of token, body or secret, and
/// no computed hash.
///
/// It displays as one line for logs. The HTTP answer must not show it: the body of the answer should be the same for
/// every refusal.
#[derive(Clone)]
pub struct Refusal {
    reason: Reason,
    advice: Advice,
    details: Option<Box<Details>>,
}

#[derive(Clone, Default)]
pub(super) struct Details {
    /// Escaped, and bounded by the limit of the claim.
    pub(super) untrusted_api_key: Option<String>,
    pub(super) key_label: Option<Arc<str>>,
    pub(super) keyring_generation: Option<u64>,
    pub(super) age_seconds: Option<i64>,
    pub(super) lints: Vec<String>,
    pub(super) store_failure: Option<StoreFailure>,
    pub(super) payload_fault: Option<&'static str>,
    #[cfg(feature = "networks")]
    pub(super) source: SourceHint,
}

impl Refusal {
    #[cold]
    pub(super) fn new(reason: Reason, answers: Answers, details: Option<Details>) -> Refusal {
        Refusal { reason, advice: answers.advice(reason), details: details.map(Box::new) }
    }

    /// Adds what explains a missing header, if there is something to say.
    pub(super) fn with_hint(self, hint: impl FnOnce() -> Option<&'static str>) -> Refusal {
        let hint = if self.reason == Reason::HeaderMissing { hint() } else { None };
        let Some(words) = hint else { return self };
        let details = self.details.map_or_else(Details::default, |details| *details);
        Refusal { details: Some(Box::new(Details { payload_fault: Some(words), ..details })), ..self }
    }

    #[cfg(feature = "networks")]
    pub(super) fn with_source(self, source: SourceHint) -> Refusal {
        if source == SourceHint::NotChecked {
            return self;
        }
        let details = self.details.map_or_else(Details::default, |details| *details);
        Refusal { details: Some(Box::new(Details { source, ..details })), ..self }
    }

    /// How the request's source relates to the policy's networks: a hint, never a proof.
    #[cfg(feature = "networks")]
    #[must_use]
    pub fn source_hint(&self) -> SourceHint {
        self.details.as_ref().map(|details| details.source).unwrap_or_default()
    }

    /// The reason.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// What to answer, and what the sender will then do.
    #[must_use]
    pub fn advice(&self) -> Advice {
        self.advice
    }

    /// The HTTP status to answer.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        self.advice.http_status
    }

    /// The `api_key` that the token claims, escaped to printable ASCII; absent when none could be read. Anybody may
    /// have written it, unless the reason comes after the signature.
    #[must_use]
    pub fn untrusted_api_key(&self) -> Option<&str> {
        self.details.as_ref()?.untrusted_api_key.as_deref()
    }

    /// The label of the secret that signed the token; absent when none did.
    #[must_use]
    pub fn key_label(&self) -> Option<&str> {
        self.details.as_ref()?.key_label.as_deref()
    }

    /// The generation of the keyring that was asked, 0 for a keyring of the call; absent when none was.
    #[must_use]
    pub fn keyring_generation(&self) -> Option<u64> {
        self.details.as_ref()?.keyring_generation
    }

    /// The age of the token in seconds, negative when it comes from the future; absent when its signature did not hold or
    /// its `iat` was not read.
    #[must_use]
    pub fn age_seconds(&self) -> Option<i64> {
        self.details.as_ref()?.age_seconds
    }

    /// What looks wrong about the secrets that were tried and did not fit: `production: ends with a newline`.
    #[must_use]
    pub fn lints(&self) -> &[String] {
        self.details.as_ref().map(|details| details.lints.as_slice()).unwrap_or_default()
    }
}

impl Refusal {
    /// What is wrong with the payload, in words, where more is known than the reason says: `the hash fits the form query_null,
    /// which is not enabled`, `sig is as long as sha256 makes it`.
    #[must_use]
    pub fn payload_fault(&self) -> Option<&'static str> {
        self.details.as_ref()?.payload_fault
    }

    /// What the replay store said of its failure; absent with any other reason than `replay.store_unavailable`.
    #[must_use]
    pub fn store_failure(&self) -> Option<&StoreFailure> {
        self.details.as_ref()?.store_failure.as_ref()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason.name(), self.reason.sentence())?;
        let Some(details) = &self.details else { return Ok(()) };
        let mut open = " [";
        let mut part = |f: &mut fmt::Formatter<'_>, text: fmt::Arguments<'_>| {
            let lead = std::mem::replace(&mut open, ", ");
            write!(f, "{lead}{text}")
        };
        if let Some(api_key) = &details.untrusted_api_key {
            part(f, format_args!("api_key {api_key}"))?;
        }
        if let Some(label) = &details.key_label {
            part(f, format_args!("secret {}", label.escape_debug()))?;
        }
        if let Some(age) = details.age_seconds {
            part(f, format_args!("age {age} s"))?;
        }
        #[cfg(feature = "networks")]
        if details.source != SourceHint::NotChecked {
            part(f, format_args!("source {}", details.source.name()))?;
        }
        if let Some(fault) = details.payload_fault {
            part(f, format_args!("{fault}"))?;
        }
        if let Some(failure) = &details.store_failure {
            part(f, format_args!("{failure}"))?;
        }
        for lint in &details.lints {
            part(f, format_args!("tried {}", lint.escape_debug()))?;
        }
        if open == ", " { f.write_str("]") } else { Ok(()) }
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refusal({self})")
    }
}

impl std::error::Error for Refusal {}
