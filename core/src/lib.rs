//! Strict verification of signed Vonage webhooks.
//!
//! Vonage signs a webhook with a JSON Web Token in the `Authorization` header: HS256 (RFC 7515, RFC 7518 3.2) over
//! claims that name the account (`api_key`), the time (`iat`) and the SHA-256 of the payload (`payload_hash`).
//! A [`Verifier`] proves that a request came from Vonage, that nobody changed it, that it is fresh and, with a store of
//! [`replay`], that it is no repeat; or it says which of some twenty [`Reason`]s stands against it.
//!
//! What a verified webhook says, [`event`] reads as typed values. Why a request is refused, the module `explain` tells in
//! development (a feature of its own).
//!
//! This crate does no I/O, reads no clock, keeps no global state, starts no thread and holds no `unsafe`. `now` is
//! an argument everywhere. It knows nothing of HTTP servers or of the languages that call it.
//!
//! # Example: receive one request
//!
//! ```
//! use hookproof::{Duplicates, Keyring, Policy, Reason, Request, Verifier, replay::MemoryStore, sign::Signer};
//!
//! let mut keyring = Keyring::new();
//! keyring.add_secret("a1b2c3d4", "production", b"the signature secret of the dashboard")?;
//! let verifier = Verifier::new(Policy::standard(), keyring)?;
//! let store = MemoryStore::new(hookproof::limits::DEFAULT_STORE_CAPACITY)?;
//!
//! # let body = br#"{"text":"hello"}"#;
//! # let header = Signer::new("a1b2c3d4", b"the signature secret of the dashboard")?.sign_body(body, 1_767_225_600, "jti-1");
//! # let now = || 1_767_225_610;
//! let request = Request::post(header.as_bytes(), body);
//! let received = verifier.receive(&request, &store, Duplicates::Refuse, now())?;
//! let (outcome, _) = received.run(now, |webhook| {
//!     println!("a message for account {}", webhook.api_key());
//!     Ok::<_, std::io::Error>(()) // an error releases the request, and the sender's retry is worked on
//! });
//! outcome?;
//!
//! let repeat = verifier.receive(&request, &store, Duplicates::Refuse, now()).unwrap_err();
//! assert_eq!(repeat.reason(), Reason::ReplayDuplicate);
//! assert_eq!(repeat.http_status(), 200); // the sender's retries end here
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Example: verify one request
//!
//! ```
//! use hookproof::{Keyring, Policy, Request, Verifier, sign::Signer};
//!
//! let mut keyring = Keyring::new();
//! keyring.add_secret("a1b2c3d4", "production", b"the signature secret of the dashboard")?;
//! let verifier = Verifier::new(Policy::standard(), keyring)?;
//!
//! // In a test the signer stands in for Vonage; a server passes on what it received.
//! let body = br#"{"message_uuid":"aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb","text":"hello"}"#;
//! let signer = Signer::new("a1b2c3d4", b"the signature secret of the dashboard")?;
//! let header = signer.sign_body(body, 1_767_225_600, "jti-1");
//!
//! let verified = verifier.verify(&Request::post(header.as_bytes(), body), 1_767_225_610)?;
//! assert_eq!(verified.api_key(), "a1b2c3d4");
//! assert_eq!(verified.age_seconds(), 10);
//!
//! let refusal = verifier.verify(&Request::post(header.as_bytes(), b"{}"), 1_767_225_610).unwrap_err();
//! assert_eq!(refusal.reason().name(), "payload.mismatch");
//! assert_eq!(refusal.http_status(), 503); // Vonage keeps the message and sends it again
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Example: settle everything in the header before the body is read
//!
//! ```
//! # use hookproof::{Keyring, Policy, RequestHead, Verifier, sign::Signer};
//! # let mut keyring = Keyring::new();
//! # keyring.add_secret("a1b2c3d4", "production", b"the signature secret of the dashboard")?;
//! # let verifier = Verifier::new(Policy::standard(), keyring)?;
//! # let header = Signer::new("a1b2c3d4", b"the signature secret of the dashboard")?.sign_body(b"{}", 1_767_225_600, "j");
//! let head = RequestHead::new(b"POST").header(header.as_bytes(), 1).declared_length(2);
//! let mut pending = verifier.begin(&head, 1_767_225_600)?; // a forged request ends here
//! pending.update(b"{")?;
//! pending.update(b"}")?;
//! let verified = pending.finish(1_767_225_601)?; // the time when the body was complete
//! assert_eq!(verified.jti(), "j");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::panic,
        clippy::unreachable,
        clippy::string_slice,
        clippy::as_conversions
    )
)]

mod encoding;
mod json;
pub mod limits;
mod reason;
mod secret;

mod hs256;
mod profile;
mod query;

mod claims;
mod config_error;
mod header;
mod keyring;
#[cfg(feature = "networks")]
mod networks;
mod payload;
mod policy;
pub mod replay;
mod request;
#[cfg(feature = "sms")]
mod sms;
mod token;

mod verifier;

pub mod event;
#[cfg(feature = "explain")]
pub mod explain;
pub mod sign;

#[cfg(test)]
mod public_vectors;

pub use config_error::ConfigError;
pub use keyring::{KeyLint, Keyring, Lint, Validity};
#[cfg(feature = "networks")]
pub use networks::{Networks, SourceHint};
pub use payload::PayloadForm;
pub use policy::{Policy, RETRY_WINDOW};
#[cfg(feature = "sms")]
pub use profile::SmsMethod;
pub use query::QueryPairs;
pub use reason::{Advice, AdviceTable, Family, Reason};
pub use request::{Request, RequestHead};
pub use verifier::{Duplicates, PendingBody, Received, Refusal, ReplayCheck, Verified, Verifier};

// The Rust of the guide is run as it stands there.
#[cfg(doctest)]
#[doc = include_str!("../../docs/webhooks.md")]
struct Guide;
