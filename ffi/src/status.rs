//! Statuses: the numbers every function answers with, and what they mean in words.
//!
//! Reasons for refusing a request come from the core's table. This file adds the success, the call
//! errors, which exist only at this boundary, the pending states, and what a claim that had ended answers.

use std::sync::OnceLock;

use hookproof::{AdviceTable, Reason};

use crate::guard::guard;
use crate::output::{Text, hookproof_str};

/// What a function answers: 0, or why not. See the enumeration below.
///
/// 0 is the only success. Treat every other number as "not accepted", also one that the header you
/// compiled with does not know: a newer library may have more reasons.
#[allow(non_camel_case_types)]
pub type hookproof_status = i32;

/// Accepted, or done.
pub const OK: hookproof_status = 0;
/// A pointer is NULL where that is not allowed.
pub const E_NULL: hookproof_status = 1;
/// A text is not UTF-8.
pub const E_UTF8: hookproof_status = 2;
/// A number, size or choice is out of range.
pub const E_ARGUMENT: hookproof_status = 3;
/// A configuration value was refused.
pub const E_CONFIG: hookproof_status = 4;
/// The call does not fit the state of the handle.
pub const E_STATE: hookproof_status = 5;
/// A bug in the library, caught at the boundary.
pub const E_INTERNAL: hookproof_status = 6;
/// Everything before the body holds; feed the body.
pub const PENDING_BODY: hookproof_status = 50;
/// Everything but the replay check holds; the host must ask its own store.
pub const PENDING_REPLAY: hookproof_status = 51;
/// There was nothing to confirm or release any more.
pub const NO_EFFECT: hookproof_status = 52;

/// The retry status, for what is neither accepted nor known to be final.
pub(crate) const RETRY_STATUS: u16 = 503;

/// A status that is no reason.
#[derive(Clone, Copy, Debug)]
pub struct CallStatus {
    /// The number.
    pub code: hookproof_status,
    /// The dotted name.
    pub name: &'static str,
    /// One sentence.
    pub sentence: &'static str,
    /// Likely causes, or nothing.
    pub hint: &'static str,
}

/// All statuses that are no reasons, by number.
pub const CALL_STATUSES: &[CallStatus] = &[
    CallStatus { code: OK, name: "ok", sentence: "The request was accepted, or the call was carried out.", hint: "" },
    CallStatus {
        code: E_NULL,
        name: "error.null",
        sentence: "A pointer is NULL where the function needs a value.",
        hint: "A handle was not created, or its creation failed unnoticed; a text or body is NULL although its length is not 0.",
    },
    CallStatus {
        code: E_UTF8,
        name: "error.utf8",
        sentence: "A text of the configuration is not valid UTF-8.",
        hint: "The file may be in another encoding, or a secret may stand where a text belongs.",
    },
    CallStatus {
        code: E_ARGUMENT,
        name: "error.argument",
        sentence: "A number, a size or a choice is outside of the range the function allows.",
        hint: "A length may have been computed from a negative number; a buffer may be too small.",
    },
    CallStatus {
        code: E_CONFIG,
        name: "error.config",
        sentence: "A configuration value was refused; nothing was changed.",
        hint: "The handle's error text says which one; a verifier refuses a keyring without accounts; a store may need a feature that this library was built without.",
    },
    CallStatus {
        code: E_STATE,
        name: "error.state",
        sentence: "The call does not fit the state of the handle.",
        hint: "A body was fed to a result that already has its verdict; a result was received twice; a store was set after its first use.",
    },
    CallStatus {
        code: E_INTERNAL,
        name: "error.internal",
        sentence: "The library met a bug of its own and did not accept the request.",
        hint: "Please report it; the panic message on standard error names the place and holds no data.",
    },
    CallStatus {
        code: PENDING_BODY,
        name: "pending.body",
        sentence: "Everything before the body holds; the verdict needs the body.",
        hint: "Feed every chunk with hookproof_result_update, then call hookproof_result_finish.",
    },
    CallStatus {
        code: PENDING_REPLAY,
        name: "pending.replay",
        sentence: "Everything but the replay check holds; the verdict needs the answer of your own store.",
        hint: "Ask the store for hookproof_result_replay_identity, then call hookproof_result_answer_replay.",
    },
    CallStatus {
        code: NO_EFFECT,
        name: "no_effect",
        sentence: "The claim had ended before, or another owner has it: nothing was confirmed or released.",
        hint: "The work took longer than the lease of the policy; a duplicate that was handed on has no claim.",
    },
];

pub(crate) fn of_reason(reason: Reason) -> hookproof_status {
    hookproof_status::from(reason.code())
}

fn reason(status: hookproof_status) -> Option<Reason> {
    Reason::from_code(u16::try_from(status).ok()?)
}

struct Row {
    code: hookproof_status,
    name: Text,
    sentence: Text,
    hint: Text,
}

/// The texts with a NUL behind each, which the core's table does not have. Made at the first look-up
/// and kept as long as the process lives.
fn row(status: hookproof_status) -> Option<&'static Row> {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    let rows = ROWS.get_or_init(|| {
        let calls = CALL_STATUSES.iter().map(|call| Row {
            code: call.code,
            name: Text::new(call.name),
            sentence: Text::new(call.sentence),
            hint: Text::new(call.hint),
        });
        let reasons = Reason::ALL.iter().map(|reason| Row {
            code: of_reason(*reason),
            name: Text::new(reason.name()),
            sentence: Text::new(reason.sentence()),
            hint: Text::new(reason.hint()),
        });
        calls.chain(reasons).collect()
    });
    rows.iter().find(|row| row.code == status)
}

/// Makes the texts now: a fork in the middle of making them would leave the child waiting for ever.
pub(crate) fn prepare() {
    let _ = row(OK);
}

/// The dotted name of a status, for logs and metrics: "ok", "error.null", "pending.body",
/// "token.malformed". The same in every language; "unknown" for a number this library does not know.
/// Static.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_status_name(status: i32) -> hookproof_str {
    const UNKNOWN: hookproof_str = hookproof_str::from_static(c"unknown");
    guard(UNKNOWN, || row(status).map_or(UNKNOWN, |row| row.name.view()))
}

/// One sentence that says what a status means; also for a number this library does not know. Static.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_status_message(status: i32) -> hookproof_str {
    const UNKNOWN: hookproof_str = hookproof_str::from_static(
        c"This number is not known to this version of the library; it never means accepted.",
    );
    guard(UNKNOWN, || row(status).map_or(UNKNOWN, |row| row.sentence.view()))
}

/// The likely causes of a status, the most likely first; empty when there is nothing to add. Static.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_status_hint(status: i32) -> hookproof_str {
    guard(hookproof_str::EMPTY, || row(status).map_or(hookproof_str::EMPTY, |row| row.hint.view()))
}

/// Whether a status is a reason for refusing the request: every number from 100 on, also one this
/// library does not know. Success, call errors, pending states and HOOKPROOF_NO_EFFECT are not, and
/// only 0 is accepted.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_status_is_refusal(status: i32) -> bool {
    guard(true, || status >= 100)
}

/// The HTTP status to answer by the default (lossless) table: 200 for 0, the reason's own for a
/// reason (200 for HOOKPROOF_R_REPLAY_DUPLICATE, whose work is done), 503 for everything else and
/// for unknown numbers. A result knows the policy's choice: prefer hookproof_result_http_status
/// where there is one.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_status_http_status(status: i32) -> i32 {
    guard(i32::from(RETRY_STATUS), || {
        if status == OK {
            return 200;
        }
        let answer = reason(status)
            .map_or(RETRY_STATUS, |reason| reason.advice(AdviceTable::Lossless, RETRY_STATUS).http_status);
        i32::from(answer)
    })
}
