//! The claim on a request that is being worked on, as a handle.

use std::sync::Arc;

use hookproof::Reason;
use hookproof::replay::{Claim, Effect, StoreFailure};

use crate::guard::guard;
use crate::output::{Text, hookproof_str};
use crate::status::{E_INTERNAL, NO_EFFECT, OK, hookproof_status, of_reason};
use crate::store::Library;

/// The right to work on one request, which no other holder of the store has at the same time.
///
/// Do the work, then end it: hookproof_claim_confirm when the work is done, hookproof_claim_release
/// when it failed. A claim that is not ended ends by itself when the policy's lease is over
/// (hookproof_policy_set_lease), so that the sender's retry is worked on after a crash.
///
/// Owned: made by the receive functions, freed with hookproof_claim_free, ended or not. It keeps
/// what it needs of the store: result, store and verifier may be freed before it.
///
/// Exclusive.
#[allow(non_camel_case_types)]
pub struct hookproof_claim {
    claim: Claim<Arc<Library>>,
    error: Option<Text>,
}

impl hookproof_claim {
    pub(crate) fn new(claim: Claim<Arc<Library>>) -> Box<hookproof_claim> {
        Box::new(hookproof_claim { claim, error: None })
    }
}

/// Ends a claim one way or the other. None has nothing to end, which is no error.
fn end(
    claim: Option<&mut hookproof_claim>,
    body: impl FnOnce(&mut Claim<Arc<Library>>) -> Result<Effect, StoreFailure>,
) -> hookproof_status {
    guard(E_INTERNAL, || {
        let Some(claim) = claim else {
            return NO_EFFECT;
        };
        claim.error = None;
        match body(&mut claim.claim) {
            Ok(Effect::Done) => OK,
            Ok(Effect::NoEffect) => NO_EFFECT,
            Err(failure) => {
                claim.error = Some(Text::new(failure.detail()));
                of_reason(Reason::ReplayStoreUnavailable)
            }
        }
    })
}

/// The work is done: a repeat is a duplicate from now on. `now` is Unix seconds, usually
/// hookproof_now().
///
/// 0: it is recorded; also when it was before. HOOKPROOF_NO_EFFECT: the lease was over and another
/// owner has taken the request, or the claim was released, or `claim` is NULL: nothing is wrong with
/// the request, but after a lease that ended the work may be done twice; count it.
/// HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE: the store did not answer, see hookproof_claim_error; the
/// claim stays open, and the call may be repeated. In every case send the answer: the work is done.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_claim_confirm(claim: Option<&mut hookproof_claim>, now: i64) -> hookproof_status {
    end(claim, |claim| claim.confirm(now))
}

/// The work failed: the sender's retry shall be worked on. Answer with a status that makes the
/// sender retry, 503 for one. `now` is Unix seconds, usually hookproof_now().
///
/// 0: the request is free again. HOOKPROOF_NO_EFFECT: the claim had ended before, by its lease and
/// another owner or by a confirm or release, or `claim` is NULL.
/// HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE: the store did not answer, see hookproof_claim_error; the
/// claim stays open and ends with its lease.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_claim_release(claim: Option<&mut hookproof_claim>, now: i64) -> hookproof_status {
    end(claim, |claim| claim.release(now))
}

/// Whether the claim has not been ended by a call. It does not ask the store: the lease may be over.
/// NULL: false.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_claim_is_open(claim: Option<&hookproof_claim>) -> bool {
    guard(false, || claim.is_some_and(|claim| claim.claim.is_open()))
}

/// Why the store did not answer the last confirm or release; empty when it did, and for NULL.
/// Borrowed from `claim` until the next call that ends or frees it.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_claim_error(claim: Option<&hookproof_claim>) -> hookproof_str {
    guard(hookproof_str::EMPTY, || {
        claim.and_then(|claim| claim.error.as_ref()).map_or(hookproof_str::EMPTY, Text::view)
    })
}

/// Frees a claim. NULL does nothing. It asks no store: a claim that is still open holds its request
/// until the lease is over.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_claim_free(claim: Option<Box<hookproof_claim>>) {
    guard((), || drop(claim));
}
