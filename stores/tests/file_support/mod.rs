//! What the tests of the file store have in common.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::path::Path;
use std::time::Duration;

use hookproof::replay::{ClaimAnswer, ClaimRequest, Hold, Identity, Selector, Store, Ticket};
use hookproof_stores::FileStore;

/// The present of most tests.
pub(crate) const NOW: i64 = 1_767_225_600;

/// How long an identity is kept after its `iat`, by the usual policy.
pub(crate) const WINDOW: i64 = 420;

/// A claim on an identity that was issued at `issued_at`.
pub(crate) fn request(jti: &str, issued_at: i64, now: i64, hold: Hold) -> ClaimRequest<'_> {
    request_for(jti, issued_at, now, WINDOW, hold)
}

/// The same, by a policy of another window.
pub(crate) fn request_for(jti: &str, issued_at: i64, now: i64, window: i64, hold: Hold) -> ClaimRequest<'_> {
    let identity = Identity { selector: Selector::ApiKey("a1b2c3d4"), jti };
    ClaimRequest { identity, issued_at, now, keep_until: issued_at + window, hold }
}

/// A store with time enough for a slow machine: nothing here measures how fast it answers.
pub(crate) fn patient(path: &Path) -> FileStore {
    match FileStore::new(path) {
        Ok(store) => store.with_budget(Duration::from_secs(20)),
        Err(error) => panic!("{error}"),
    }
}

/// Claims what must be free.
#[track_caller]
pub(crate) fn take(store: &impl Store, request: &ClaimRequest<'_>) -> Ticket {
    match store.claim(request) {
        ClaimAnswer::Claimed(ticket) => ticket,
        other => panic!("{other:?}"),
    }
}

/// The detail of a failure.
#[track_caller]
pub(crate) fn failure(answer: ClaimAnswer) -> String {
    match answer {
        ClaimAnswer::Unavailable(failure) => failure.detail().to_owned(),
        other => panic!("{other:?}"),
    }
}
