//! The verdict on one request, or the request waiting for its body or for the host's store, as a handle.

use std::ffi::{c_char, c_void};
use std::mem;
use std::sync::{Mutex, OnceLock, PoisonError};

use hookproof::{Advice, Duplicates, PendingBody, Refusal, ReplayCheck, Verified};
use hookproof_stores::{HostAnswer, Question};

use crate::claim::hookproof_claim;
use crate::guard::guard;
use crate::input::{Fault, bytes, text};
use crate::output::{Text, TextBlock, hookproof_str, put};
use crate::status::{
    CALL_STATUSES, E_INTERNAL, E_NULL, E_STATE, OK, PENDING_BODY, PENDING_REPLAY, RETRY_STATUS, hookproof_status,
    of_reason,
};
use crate::store::{self, Take, Taken, hookproof_store};

/// The host's store: the identity was free, or its lease was over, and it is ours now.
pub const REPLAY_CLAIMED: i32 = 0;
/// The host's store: another owner holds it, and its lease runs.
pub const REPLAY_IN_PROGRESS: i32 = 1;
/// The host's store: it is done.
pub const REPLAY_DUPLICATE: i32 = 2;
/// The host's store did not answer.
pub const REPLAY_UNAVAILABLE: i32 = 3;
/// The host's store has no room.
pub const REPLAY_FULL: i32 = 4;

/// The verdict on one request with everything that is known about it; or, after
/// hookproof_verifier_begin, the request while its body is read; or, with a store of your own, the
/// request while you ask it.
///
/// Owned: made by the receive, verify and begin functions, freed with hookproof_result_free. It
/// needs neither the verifier, nor the keyring, nor the store, nor the claim, nor the request's
/// buffers, which may all be freed before it. Every text it hands out is Borrowed from it until it
/// changes state (hookproof_result_update with an answer other than HOOKPROOF_PENDING_BODY,
/// hookproof_result_finish and _finish_once, hookproof_result_receive,
/// hookproof_result_answer_replay) or is freed; what to ask a store of your own
/// (hookproof_result_replay_identity, hookproof_result_replay_owner) stays until it is freed.
///
/// Exclusive while it is fed, finished, received and answered. With its verdict it never changes
/// again, unless you receive it then, and is Shareable.
///
/// The answers about claims are empty, 0 or false unless the status is 0: nothing unverified can be
/// read by accident.
#[allow(non_camel_case_types)]
pub struct hookproof_result {
    state: State,
    // Most callers read one or two texts, or none: none is made before it is asked for.
    texts: OnceLock<TextBlock>,
    lints: OnceLock<TextBlock>,
    /// Names and values in turn.
    query: OnceLock<TextBlock>,
    claims: Mutex<Vec<(String, Text)>>,
    // Outlives the question: the host confirms and releases by it.
    asked: Option<Box<Asked>>,
}

/// What the host was told to ask its store.
struct Asked {
    identity: Text,
    owner: Text,
    /// 0: done at once.
    lease_seconds: u32,
    keep_seconds: u64,
}

#[allow(clippy::large_enum_variant)] // one box holds all of it
enum State {
    Pending(PendingBody),
    PendingReplay(Question),
    Accepted(Verified),
    Refused(Refusal),
    /// A panic took the state away.
    Lost,
}

// Order of the texts in `hookproof_result::texts`.
const DETAIL: usize = 0;
const UNTRUSTED_API_KEY: usize = 1;
const KEY_LABEL: usize = 2;
const API_KEY: usize = 3;
const JTI: usize = 4;
const APPLICATION_ID: usize = 5;
const PAYLOAD_FORM: usize = 6;
const CLAIMS_JSON: usize = 7;
const REPLAY: usize = 8;

impl hookproof_result {
    fn new(state: State) -> Box<hookproof_result> {
        Box::new(hookproof_result {
            state,
            texts: OnceLock::new(),
            lints: OnceLock::new(),
            query: OnceLock::new(),
            claims: Mutex::new(Vec::new()),
            asked: None,
        })
    }

    pub(crate) fn pending(pending: PendingBody) -> Box<hookproof_result> {
        hookproof_result::new(State::Pending(pending))
    }

    pub(crate) fn verdict(verdict: Result<Verified, Refusal>) -> Box<hookproof_result> {
        hookproof_result::new(State::of(verdict))
    }

    /// What came of asking a store in the same call.
    pub(crate) fn taken(taken: Taken) -> (Box<hookproof_result>, Option<Box<hookproof_claim>>) {
        let mut result = hookproof_result::new(State::Lost);
        let claim = result.settle_taken(taken);
        (result, claim)
    }

    pub(crate) fn status(&self) -> hookproof_status {
        match &self.state {
            State::Pending(_) => PENDING_BODY,
            State::PendingReplay(_) => PENDING_REPLAY,
            State::Accepted(_) => OK,
            State::Refused(refusal) => of_reason(refusal.reason()),
            State::Lost => E_INTERNAL,
        }
    }

    pub(crate) fn verified(&self) -> Option<&Verified> {
        match &self.state {
            State::Accepted(verified) => Some(verified),
            _ => None,
        }
    }

    fn advice(&self) -> Advice {
        match &self.state {
            State::Accepted(_) => Advice::accepted(),
            State::Refused(refusal) => refusal.advice(),
            State::Pending(_) | State::PendingReplay(_) | State::Lost => undecided(),
        }
    }

    /// Replaces the state. Texts handed out before lose their ground here.
    fn settle(&mut self, state: State) {
        self.state = state;
        self.texts = OnceLock::new();
        self.lints = OnceLock::new();
        self.query = OnceLock::new();
    }

    fn settle_taken(&mut self, taken: Taken) -> Option<Box<hookproof_claim>> {
        match taken {
            Taken::Verdict(verdict, claim) => {
                self.settle(State::of(verdict));
                claim
            }
            Taken::Question(question) => {
                self.asked = Some(Box::new(Asked {
                    identity: Text::new(question.identity()),
                    owner: Text::new(question.owner()),
                    lease_seconds: question.lease_seconds().unwrap_or(0),
                    keep_seconds: question.keep_seconds(),
                }));
                self.settle(State::PendingReplay(question));
                None
            }
        }
    }

    fn text(&self, index: usize) -> hookproof_str {
        self.texts.get_or_init(|| self.state.texts()).view(index)
    }

    /// The name (0) or value (1) of a signed parameter.
    fn query_text(&self, index: usize, part: usize) -> hookproof_str {
        let texts = self.query.get_or_init(|| {
            let mut block = TextBlock::default();
            for (name, value) in self.verified().into_iter().flat_map(|verified| verified.query_pairs().iter()) {
                block.push(name);
                block.push(value);
            }
            block
        });
        index.checked_mul(2).and_then(|at| at.checked_add(part)).map_or(hookproof_str::EMPTY, |at| texts.view(at))
    }

    fn lints(&self) -> &TextBlock {
        self.lints.get_or_init(|| {
            let mut block = TextBlock::default();
            if let State::Refused(refusal) = &self.state {
                for lint in refusal.lints() {
                    block.push(lint);
                }
            }
            block
        })
    }

    fn update(&mut self, chunk: &[u8]) -> hookproof_status {
        if !matches!(self.state, State::Pending(_)) {
            return E_STATE;
        }
        // Taken out, so that a panic leaves `Lost` and not a half-fed hash.
        let State::Pending(mut pending) = mem::replace(&mut self.state, State::Lost) else {
            return E_INTERNAL;
        };
        match pending.update(chunk) {
            Ok(()) => self.state = State::Pending(pending),
            Err(refusal) => self.settle(State::Refused(refusal)),
        }
        self.status()
    }

    fn finish(&mut self, now: i64) -> hookproof_status {
        if matches!(self.state, State::Pending(_))
            && let State::Pending(pending) = mem::replace(&mut self.state, State::Lost)
        {
            self.settle(State::of(pending.finish(now)));
        }
        self.status()
    }

    /// Ends the body if that is still to do, and asks the store.
    fn take(
        &mut self,
        store: &hookproof_store,
        take: Take,
        duplicates: Duplicates,
        now: i64,
    ) -> (hookproof_status, Option<Box<hookproof_claim>>) {
        match &self.state {
            State::Refused(_) | State::Lost => return (self.status(), None),
            State::PendingReplay(_) => return (E_STATE, None),
            State::Accepted(verified) if *verified.replay() != ReplayCheck::NotChecked => return (E_STATE, None),
            State::Pending(_) | State::Accepted(_) => {}
        }
        let state = mem::replace(&mut self.state, State::Lost);
        // Should a panic come, no text of the former state may be read beside `Lost`.
        self.settle(State::Lost);
        let verdict = match state {
            State::Pending(pending) => pending.finish(now),
            State::Accepted(verified) => Ok(verified),
            State::PendingReplay(_) | State::Refused(_) | State::Lost => return (E_INTERNAL, None),
        };
        let claim = match verdict {
            Ok(verified) => self.settle_taken(store.take(verified, take, duplicates, now)),
            Err(refusal) => {
                self.settle(State::Refused(refusal));
                None
            }
        };
        (self.status(), claim)
    }

    fn answer(&mut self, answer: HostAnswer, now: i64) -> hookproof_status {
        if !matches!(self.state, State::PendingReplay(_)) {
            return E_STATE;
        }
        let State::PendingReplay(question) = mem::replace(&mut self.state, State::Lost) else {
            return E_INTERNAL;
        };
        self.settle(State::of(question.answer(answer, now)));
        self.status()
    }

    fn replay(&self) -> Option<&ReplayCheck> {
        self.verified().map(Verified::replay)
    }

    fn claim_text(&self, name: &str) -> Option<hookproof_str> {
        let verified = self.verified()?;
        // A panic while the lock was held left the list as it was before.
        let mut claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, text)) = claims.iter().find(|(known, _)| known == name) {
            return Some(text.view());
        }
        let text = Text::new(verified.claim_text(name)?);
        let view = text.view();
        // The view points into the text's own buffer, which does not move with the list.
        claims.push((name.to_owned(), text));
        Some(view)
    }
}

impl State {
    fn of(verdict: Result<Verified, Refusal>) -> State {
        match verdict {
            Ok(verified) => State::Accepted(verified),
            Err(refusal) => State::Refused(refusal),
        }
    }

    fn texts(&self) -> TextBlock {
        match self {
            State::Accepted(verified) => {
                // Accepted all the same, because the policy says so: a log must show why.
                let flagged = match verified.replay() {
                    ReplayCheck::Unavailable(failure) => format!("ok: the request was accepted [{failure}]"),
                    _ => String::new(),
                };
                let texts = [
                    if flagged.is_empty() { "ok: the request was accepted" } else { &flagged },
                    "",
                    verified.key_label(),
                    verified.api_key(),
                    verified.jti(),
                    verified.application_id().unwrap_or(""),
                    verified.payload_form().name(),
                    verified.claims_json(),
                    verified.replay().name(),
                ];
                let bytes = texts.iter().map(|text| text.len() + 1).sum();
                let mut block = TextBlock::with_capacity(bytes, texts.len());
                for text in texts {
                    block.push(text);
                }
                block
            }
            State::Refused(refusal) => {
                let mut block = TextBlock::default();
                block.push_display(refusal);
                block.push(refusal.untrusted_api_key().unwrap_or(""));
                block.push(refusal.key_label().unwrap_or(""));
                block
            }
            State::Pending(pending) => undecided_texts(PENDING_BODY, pending.key_label()),
            State::PendingReplay(question) => undecided_texts(PENDING_REPLAY, question.key_label()),
            State::Lost => {
                let mut block = TextBlock::default();
                block.push(&call_detail(E_INTERNAL));
                block
            }
        }
    }
}

fn undecided_texts(status: hookproof_status, key_label: &str) -> TextBlock {
    let mut block = TextBlock::default();
    block.push(&call_detail(status));
    block.push("");
    block.push(key_label);
    block
}

fn call_detail(status: hookproof_status) -> String {
    CALL_STATUSES
        .iter()
        .find(|call| call.code == status)
        .map(|call| format!("{}: {}", call.name, call.sentence))
        .unwrap_or_default()
}

/// What to answer where there is no verdict: the sender shall keep the message.
fn undecided() -> Advice {
    hookproof::Reason::KeyUnavailable.advice(hookproof::AdviceTable::Lossless, RETRY_STATUS)
}

fn read<T>(result: Option<&hookproof_result>, absent: T, body: impl FnOnce(&hookproof_result) -> T) -> T
where
    T: Copy,
{
    guard(absent, || result.map_or(absent, body))
}

fn text_of(result: Option<&hookproof_result>, index: usize) -> hookproof_str {
    read(result, hookproof_str::EMPTY, |result| result.text(index))
}

/// Feeds the next piece of the body. `chunk` is read during the call only.
///
/// HOOKPROOF_PENDING_BODY: go on. HOOKPROOF_R_PAYLOAD_TOO_LARGE: the verdict; stop reading.
/// HOOKPROOF_E_STATE: the verdict had already fallen.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_result_update(
    result: Option<&mut hookproof_result>,
    chunk: *const c_void,
    chunk_len: usize,
) -> hookproof_status {
    guard(E_INTERNAL, || {
        let Some(result) = result else {
            return E_NULL;
        };
        // SAFETY: the caller vouches for the pointer and its length.
        match unsafe { bytes("chunk", chunk, chunk_len) } {
            Ok(chunk) => result.update(chunk),
            Err(fault) => fault.status(),
        }
    })
}

/// Ends the body and gives the verdict: 0 or a reason. `now` is the time when the body was complete,
/// in Unix seconds; the age is checked again. It asks no store: the request may be a repeat; see
/// hookproof_result_receive. Called after a verdict, it gives the same verdict again.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn hookproof_result_finish(result: Option<&mut hookproof_result>, now: i64) -> hookproof_status {
    guard(E_INTERNAL, || result.map_or(E_NULL, |result| result.finish(now)))
}

/// Ends the body and claims the request in a store: what hookproof_result_finish does, then what
/// hookproof_verifier_receive does with store, `duplicates` and `*out_claim`. Also for a result that
/// is accepted and was asked of no store yet: a refusal by the store is its verdict from then on.
/// `now` is the time of the call, in Unix seconds; the age is checked again.
///
/// 0, HOOKPROOF_PENDING_REPLAY, a reason. A result that is refused gives the same reason again.
/// HOOKPROOF_E_STATE: a store was asked before; the state stays. HOOKPROOF_E_ARGUMENT: another
/// `duplicates`; nothing is claimed, and the state stays. HOOKPROOF_E_NULL: `result`, `store` or
/// `out_claim` is NULL; the same. Unless it is 0, `*out_claim` is NULL.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_result_receive(
    result: Option<&mut hookproof_result>,
    store: Option<&hookproof_store>,
    duplicates: i32,
    now: i64,
    out_claim: *mut *mut hookproof_claim,
) -> hookproof_status {
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { put(out_claim, std::ptr::null_mut()) };
    guard(E_INTERNAL, || {
        if out_claim.is_null() {
            return E_NULL;
        }
        let (status, claim) = take(result, store, Take::Claim, duplicates, now);
        if let Some(claim) = claim {
            // SAFETY: not NULL, and writable by the caller's promise.
            unsafe { out_claim.write(Box::into_raw(claim)) };
        }
        status
    })
}

/// Ends the body and records the request as done, at most once: to hookproof_result_receive what
/// hookproof_verifier_verify_once is to hookproof_verifier_receive. Statuses are as for
/// hookproof_result_receive.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn hookproof_result_finish_once(
    result: Option<&mut hookproof_result>,
    store: Option<&hookproof_store>,
    duplicates: i32,
    now: i64,
) -> hookproof_status {
    guard(E_INTERNAL, || take(result, store, Take::Once, duplicates, now).0)
}

fn take(
    result: Option<&mut hookproof_result>,
    store: Option<&hookproof_store>,
    take: Take,
    duplicates: i32,
    now: i64,
) -> (hookproof_status, Option<Box<hookproof_claim>>) {
    let (Some(result), Some(store)) = (result, store) else {
        return (E_NULL, None);
    };
    match store::duplicates(duplicates) {
        Ok(duplicates) => result.take(store, take, duplicates, now),
        Err(fault) => (fault.status(), None),
    }
}

/// What to ask a store of your own for: the identity of the request, 32 hexadecimal digits, the same
/// in every language. Empty unless a host store was asked, and for NULL. Borrowed from `result`
/// until it is freed: it stays after the verdict, to confirm and release by.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_replay_identity(result: Option<&hookproof_result>) -> hookproof_str {
    read(result, hookproof_str::EMPTY, |result| {
        result.asked.as_ref().map_or(hookproof_str::EMPTY, |asked| asked.identity.view())
    })
}

/// Who claims it: 32 hexadecimal digits, never the same twice. Write it with the claim, and confirm
/// and release only where it still stands. Otherwise as hookproof_result_replay_identity.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_replay_owner(result: Option<&hookproof_result>) -> hookproof_str {
    read(result, hookproof_str::EMPTY, |result| {
        result.asked.as_ref().map_or(hookproof_str::EMPTY, |asked| asked.owner.view())
    })
}

/// How long the claim is held unless it is confirmed or released, in seconds. 0: write it as done at
/// once (hookproof_verifier_verify_once, hookproof_result_finish_once); also unless a host store was
/// asked, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_replay_lease_seconds(result: Option<&hookproof_result>) -> u32 {
    read(result, 0, |result| result.asked.as_ref().map_or(0, |asked| asked.lease_seconds))
}

/// How long the identity must be kept from now on, in seconds, at least: until its token has long
/// been stale. 0 unless a host store was asked, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_replay_keep_seconds(result: Option<&hookproof_result>) -> u64 {
    read(result, 0, |result| result.asked.as_ref().map_or(0, |asked| asked.keep_seconds))
}

/// Tells what your store said, and gives the verdict. `answer` is one of HOOKPROOF_REPLAY_CLAIMED,
/// HOOKPROOF_REPLAY_IN_PROGRESS, HOOKPROOF_REPLAY_DUPLICATE, HOOKPROOF_REPLAY_UNAVAILABLE (also when
/// it took too long) and HOOKPROOF_REPLAY_FULL. `now` is Unix seconds: of a claim
/// the age is judged once more, and one that took beyond the window is HOOKPROOF_R_TIME_STALE.
///
/// 0: accepted. A reason: refused. HOOKPROOF_E_ARGUMENT: another number; the result stays pending.
/// HOOKPROOF_E_STATE: it waits for no answer, and nothing changes.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn hookproof_result_answer_replay(
    result: Option<&mut hookproof_result>,
    answer: i32,
    now: i64,
) -> hookproof_status {
    guard(E_INTERNAL, || {
        let Some(result) = result else {
            return E_NULL;
        };
        let answer = match answer {
            REPLAY_CLAIMED => HostAnswer::Claimed,
            REPLAY_IN_PROGRESS => HostAnswer::InProgress,
            REPLAY_DUPLICATE => HostAnswer::Duplicate,
            REPLAY_UNAVAILABLE => HostAnswer::Unavailable,
            REPLAY_FULL => HostAnswer::Full,
            _ => return Fault::Argument("answer").status(),
        };
        result.answer(answer, now)
    })
}

/// What was found out about a repeat: "claimed", the only one, to be confirmed or released;
/// "recorded", the only one, and done at once; "duplicate", a repeat that was handed on;
/// "unavailable", the store did not answer and the policy accepts that; "not_checked", no store was
/// asked. Empty unless accepted, and for NULL. Borrowed from `result`.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_replay(result: Option<&hookproof_result>) -> hookproof_str {
    text_of(result, REPLAY)
}

/// Whether the request was accepted as a repeat of what is done (HOOKPROOF_DUPLICATES_HAND_ON): give
/// the answer again, and do not do the work again. False unless accepted, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_is_duplicate(result: Option<&hookproof_result>) -> bool {
    read(result, false, |result| result.replay() == Some(&ReplayCheck::Duplicate))
}

/// The verdict: 0, a reason, or HOOKPROOF_PENDING_* before it has fallen. NULL: HOOKPROOF_E_NULL.
/// HOOKPROOF_E_INTERNAL: a bug took the verdict away; it stays so.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn hookproof_result_status(result: Option<&hookproof_result>) -> hookproof_status {
    read(result, E_NULL, hookproof_result::status)
}

/// One line for logs: the reason's name and sentence, and what is known about the case. Never token,
/// body or secret; what it quotes from the request is escaped and bounded. NULL: empty. Borrowed
/// from `result`.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_detail(result: Option<&hookproof_result>) -> hookproof_str {
    text_of(result, DETAIL)
}

/// On a refusal, the api_key the token claims, escaped and bounded, for logs: anybody may have
/// written it. Empty when none was read, and unless refused: see hookproof_result_api_key for the
/// verified one. NULL: empty. Borrowed from `result`.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_untrusted_api_key(result: Option<&hookproof_result>) -> hookproof_str {
    text_of(result, UNTRUSTED_API_KEY)
}

/// The verified account. Empty unless accepted, and for NULL. Borrowed from `result`.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_api_key(result: Option<&hookproof_result>) -> hookproof_str {
    text_of(result, API_KEY)
}

/// The verified unique id of the token, 1 to 256 bytes. A request that comes twice has the same pair
/// of api_key and jti: a store remembers it. Empty unless accepted, and for NULL. Borrowed from
/// `result`.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_jti(result: Option<&hookproof_result>) -> hookproof_str {
    text_of(result, JTI)
}

/// The verified application. Empty when the token names none, unless accepted, and for NULL.
/// Borrowed from `result`.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_application_id(result: Option<&hookproof_result>) -> hookproof_str {
    text_of(result, APPLICATION_ID)
}

/// All verified claims, the JSON object as it stood in the token. Empty unless accepted, and for
/// NULL. Borrowed from `result`.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_claims_json(result: Option<&hookproof_result>) -> hookproof_str {
    text_of(result, CLAIMS_JSON)
}

/// When the token was issued (iat), in Unix seconds. 0 unless accepted, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_issued_at(result: Option<&hookproof_result>) -> i64 {
    read(result, 0, |result| result.verified().map_or(0, Verified::issued_at))
}

/// Looks up a verified claim at the top of the object that is a string.
///
/// True: it is there, and `*out` is its value without JSON escapes, Borrowed from `result`. False:
/// it is absent or no string, the request is not accepted, or `result` is NULL; `*out` is empty.
/// `out` may be NULL to ask only whether it is there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_result_claim_text(
    result: Option<&hookproof_result>,
    name: *const c_char,
    name_len: usize,
    out: *mut hookproof_str,
) -> bool {
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { put(out, hookproof_str::EMPTY) };
    read(result, false, |result| {
        // SAFETY: the caller vouches for the pointer and its length.
        let Ok(name) = (unsafe { text("name", name, name_len) }) else {
            return false;
        };
        let Some(value) = result.claim_text(name) else {
            return false;
        };
        // SAFETY: as above.
        unsafe { put(out, value) };
        true
    })
}

/// Looks up a verified claim at the top of the object that is a whole number from 0 to INT64_MAX.
///
/// True: it is there, and `*out` is its value. False: it is absent or no such number, the request is
/// not accepted, or `result` is NULL; `*out` is 0. `out` may be NULL to ask only whether it is
/// there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_result_claim_integer(
    result: Option<&hookproof_result>,
    name: *const c_char,
    name_len: usize,
    out: *mut i64,
) -> bool {
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { put(out, 0) };
    read(result, false, |result| {
        // SAFETY: the caller vouches for the pointer and its length.
        let Ok(name) = (unsafe { text("name", name, name_len) }) else {
            return false;
        };
        let Some(value) = result.verified().and_then(|verified| verified.claim_integer(name)) else {
            return false;
        };
        // SAFETY: as above.
        unsafe { put(out, value) };
        true
    })
}

/// The label of the secret that signed the request: known once the signature held, so also while the
/// verdict is pending and on a later refusal. Empty before, and for NULL. Borrowed from `result`.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_key_label(result: Option<&hookproof_result>) -> hookproof_str {
    text_of(result, KEY_LABEL)
}

/// Which keyring of the verifier judged the request: 1 for the first, one more after each
/// replacement. 0 while it is not known, for a keyring that came with the call, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_keyring_generation(result: Option<&hookproof_result>) -> u64 {
    read(result, 0, |result| match &result.state {
        State::Accepted(verified) => verified.keyring_generation(),
        State::Refused(refusal) => refusal.keyring_generation().unwrap_or(0),
        State::Pending(pending) => pending.keyring_generation(),
        State::PendingReplay(question) => question.keyring_generation(),
        State::Lost => 0,
    })
}

/// The age of the token in seconds, negative if it comes from the future. Known once the signature
/// held and the issue time was read, so also on a later refusal.
///
/// True: `*out` is the age. False: not known, or `result` is NULL; `*out` is 0. `out` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_result_age_seconds(result: Option<&hookproof_result>, out: *mut i64) -> bool {
    let age = read(result, None, |result| match &result.state {
        State::Accepted(verified) => Some(verified.age_seconds()),
        State::Refused(refusal) => refusal.age_seconds(),
        State::Pending(_) | State::PendingReplay(_) | State::Lost => None,
    });
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { put(out, age.unwrap_or(0)) };
    age.is_some()
}

/// What the signature covered: "body"; "query" for a GET, or the name of another form that the
/// policy enabled; or "unhashed" when the policy dangerously allowed a token without payload_hash
/// and this was one. Empty unless accepted, and for NULL. Borrowed from `result`.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_payload_form(result: Option<&hookproof_result>) -> hookproof_str {
    text_of(result, PAYLOAD_FORM)
}

/// The HTTP status to answer: 200 when accepted, else by the policy's advice. 503 while the verdict
/// is pending and for NULL. The body of the answer must not say which check failed.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_http_status(result: Option<&hookproof_result>) -> i32 {
    read(result, i32::from(RETRY_STATUS), |result| i32::from(result.advice().http_status))
}

/// Whether the sender will send the request again if it gets that answer. NULL: true.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_sender_retries(result: Option<&hookproof_result>) -> bool {
    read(result, true, |result| result.advice().sender_retries)
}

/// Seconds to answer in Retry-After; 0: send no such field. While the verdict is pending and for
/// NULL: what goes with 503.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_retry_after(result: Option<&hookproof_result>) -> u32 {
    guard(0, || result.map_or_else(undecided, hookproof_result::advice).retry_after.unwrap_or(0))
}

/// The number of decoded parameters of a GET, which are what its signature covers. 0 unless
/// accepted, for a request with a body, whose query nothing signs, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_query_count(result: Option<&hookproof_result>) -> usize {
    read(result, 0, |result| result.verified().map_or(0, |verified| verified.query_pairs().len()))
}

/// The name of one of these parameters, in the order of the URL. Use these rather than what a
/// framework has decoded. Empty past the end and for NULL. Borrowed from `result`.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_query_name(result: Option<&hookproof_result>, index: usize) -> hookproof_str {
    read(result, hookproof_str::EMPTY, |result| result.query_text(index, 0))
}

/// The value of one of these parameters. Empty past the end and for NULL. Borrowed from `result`.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_query_value(result: Option<&hookproof_result>, index: usize) -> hookproof_str {
    read(result, hookproof_str::EMPTY, |result| result.query_text(index, 1))
}

/// The number of lints about the secrets that were tried, on a refusal. NULL: 0.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_lint_count(result: Option<&hookproof_result>) -> usize {
    read(result, 0, |result| result.lints().count())
}

/// One lint, such as "production: ends with a newline"; never a secret. Empty past the end and for
/// NULL. Borrowed from `result`.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_lint(result: Option<&hookproof_result>, index: usize) -> hookproof_str {
    read(result, hookproof_str::EMPTY, |result| result.lints().view(index))
}

/// Frees a result and every text Borrowed from it. NULL does nothing. Freeing one that is pending
/// gives the request up.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_result_free(result: Option<Box<hookproof_result>>) {
    guard((), || drop(result));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_lost_to_a_panic_is_never_accepted_again() {
        let mut result = hookproof_result::new(State::Lost);
        assert_eq!(hookproof_result_status(Some(&result)), E_INTERNAL);
        assert_eq!(hookproof_result_finish(Some(&mut result), 0), E_INTERNAL);
        assert_eq!(result.update(b"x"), E_STATE);
        assert_eq!(hookproof_result_http_status(Some(&result)), 503);
        assert!(hookproof_result_sender_retries(Some(&result)));
        assert_eq!(hookproof_result_api_key(Some(&result)).len, 0);
        assert!(hookproof_result_detail(Some(&result)).len > 0);
    }
}
