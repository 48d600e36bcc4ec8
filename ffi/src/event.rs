//! What a webhook says, as a handle.

use std::ffi::c_void;

use hookproof::Reason;
use hookproof::event::{self, Carrier, Event};

use crate::guard::guard;
use crate::input::bytes;
use crate::output::{TextBlock, hookproof_str, put};
use crate::result::hookproof_result;
use crate::status::{E_ARGUMENT, E_INTERNAL, E_NULL, E_STATE, OK, hookproof_status, of_reason};

/// A body of application/json.
pub const CARRIER_JSON: i32 = 0;
/// A body of application/x-www-form-urlencoded.
pub const CARRIER_FORM: i32 = 1;
/// The raw query, without the question mark.
pub const CARRIER_QUERY: i32 = 2;

/// What a webhook says, as typed values: one envelope for the events of every API, and a record
/// for each kind, as JSON.
///
/// Owned: made by hookproof_event_new and hookproof_event_new_unsigned, freed with
/// hookproof_event_free. It keeps what it needs: the result and the body may be freed before it.
/// Every text it hands out is Borrowed from it until it is freed.
///
/// Shareable: it never changes.
#[allow(non_camel_case_types)]
pub struct hookproof_event {
    texts: TextBlock,
    occurred_at: Option<i64>,
    signed: bool,
}

// Order of the texts.
const JSON: usize = 0;
const API: usize = 1;
const KIND: usize = 2;
const ID: usize = 3;
const FROM: usize = 4;
const TO: usize = 5;
const STATUS: usize = 6;
const CONTENT_ID: usize = 7;

impl hookproof_event {
    fn new(event: &Event<'_>) -> Box<hookproof_event> {
        let envelope = &event.envelope;
        let mut texts = TextBlock::default();
        texts.push(&event.to_json());
        texts.push(event.api.name());
        texts.push(&event.event);
        texts.push(envelope.id.get().map_or("", |id| id));
        texts.push(envelope.from.get().map_or("", |party| &party.address));
        texts.push(envelope.to.get().map_or("", |party| &party.address));
        texts.push(envelope.status.get().map_or("", |status| status.as_str()));
        texts.push(&event.content_id());
        let occurred_at = envelope.occurred_at.get().map(|time| time.unix_millis());
        Box::new(hookproof_event { texts, occurred_at, signed: event.is_signed() })
    }
}

/// Makes an event and hands it out.
///
/// # Safety
///
/// `out` is NULL or writable.
unsafe fn make(
    out: *mut *mut hookproof_event,
    body: impl FnOnce() -> Result<Box<hookproof_event>, hookproof_status>,
) -> hookproof_status {
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { put(out, std::ptr::null_mut()) };
    guard(E_INTERNAL, || {
        if out.is_null() {
            return E_NULL;
        }
        match body() {
            Ok(event) => {
                // SAFETY: not NULL, and writable by the caller's promise.
                unsafe { out.write(Box::into_raw(event)) };
                OK
            }
            Err(status) => status,
        }
    })
}

/// Reads what an accepted request says. `body` is the body that was verified, given again: it is
/// hashed and compared, so that nothing unverified can be read as verified. For a GET pass NULL,
/// 0.
///
/// 0: `*out` is the event, Owned: free it with hookproof_event_free. A body that was verified
/// cannot fail to be read; one of no known kind is the event "other" or "unreadable". Else `*out`
/// is NULL. HOOKPROOF_R_PAYLOAD_MISMATCH: it is another body. HOOKPROOF_E_STATE: the request is
/// not accepted. HOOKPROOF_E_NULL: `result` or `out` is NULL, or `body` with a length.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_event_new(
    result: Option<&hookproof_result>,
    body: *const c_void,
    body_len: usize,
    out: *mut *mut hookproof_event,
) -> hookproof_status {
    let build = || {
        let result = result.ok_or(E_NULL)?;
        // SAFETY: the caller vouches for the pointer and its length.
        let body = unsafe { bytes("body", body, body_len) }.map_err(|fault| fault.status())?;
        let verified = result.verified().ok_or(E_STATE)?;
        let mismatch = of_reason(Reason::PayloadMismatch);
        match event::parse_query(verified) {
            Some(event) if body.is_empty() => Ok(hookproof_event::new(&event)),
            Some(_) => Err(mismatch),
            None => event::parse(verified, body).map(|event| hookproof_event::new(&event)).map_err(|_| mismatch),
        }
    };
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { make(out, build) }
}

/// Reads what NOBODY HAS SIGNED: anybody may have written it. For APIs that sign no token: SMS
/// and US short codes, whose own signature must be checked by other means, Number Insight, and
/// conversation events while signing is off. `carrier` is HOOKPROOF_CARRIER_JSON,
/// HOOKPROOF_CARRIER_FORM or HOOKPROOF_CARRIER_QUERY.
///
/// 0: `*out` is the event, Owned: free it with hookproof_event_free. Else `*out` is NULL.
/// HOOKPROOF_E_ARGUMENT: another carrier. HOOKPROOF_E_NULL: `out` is NULL, or `payload` with a
/// length.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_event_new_unsigned(
    carrier: i32,
    payload: *const c_void,
    payload_len: usize,
    out: *mut *mut hookproof_event,
) -> hookproof_status {
    let build = || {
        // SAFETY: the caller vouches for the pointer and its length.
        let payload = unsafe { bytes("payload", payload, payload_len) }.map_err(|fault| fault.status())?;
        let carrier = match carrier {
            CARRIER_JSON => Carrier::Json(payload),
            CARRIER_FORM => Carrier::Form(payload),
            CARRIER_QUERY => Carrier::Query(payload),
            _ => return Err(E_ARGUMENT),
        };
        Ok(hookproof_event::new(&event::parse_unsigned(carrier)))
    };
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { make(out, build) }
}

fn text_of(event: Option<&hookproof_event>, index: usize) -> hookproof_str {
    guard(hookproof_str::EMPTY, || event.map_or(hookproof_str::EMPTY, |event| event.texts.view(index)))
}

/// The whole event as a JSON object, its keys in a fixed order: api, event, signed, content_id,
/// the envelope, record, detail, unknown, duplicates, damaged. Numbers and times that the sender
/// writes as text are numbers and RFC 3339; nothing is lost. Empty for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_event_json(event: Option<&hookproof_event>) -> hookproof_str {
    text_of(event, JSON)
}

/// The API: "messages", "voice", "sms", "verify", "number-insight", "video", "conversation-rtc"
/// and so on; "other". Empty for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_event_api(event: Option<&hookproof_event>) -> hookproof_str {
    text_of(event, API)
}

/// The kind of event, such as "answered", "inbound/whatsapp" or "dlr"; "other" for a kind that is
/// not known, "unreadable" for a body that is no JSON object. Empty for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_event_kind(event: Option<&hookproof_event>) -> hookproof_str {
    text_of(event, KIND)
}

/// The sender's id of the message, call leg, recording or request; empty without one and for
/// NULL.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_event_id(event: Option<&hookproof_event>) -> hookproof_str {
    text_of(event, ID)
}

/// Who the message or call is from; empty where that is not said and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_event_from(event: Option<&hookproof_event>) -> hookproof_str {
    text_of(event, FROM)
}

/// Who the message or call is to; empty where that is not said and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_event_to(event: Option<&hookproof_event>) -> hookproof_str {
    text_of(event, TO)
}

/// What has become of the message, call or request, in the sender's word; empty without one and
/// for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_event_status(event: Option<&hookproof_event>) -> hookproof_str {
    text_of(event, STATUS)
}

/// The account and the content in 64 hexadecimal digits: the key to handle an event once, however
/// often the sender repeats it under new tokens. Empty for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_event_content_id(event: Option<&hookproof_event>) -> hookproof_str {
    text_of(event, CONTENT_ID)
}

/// When it happened. True: `*out` is the time in milliseconds since 1970. False: it is not said,
/// or `event` is NULL; `*out` is 0. `out` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_event_occurred_at_ms(event: Option<&hookproof_event>, out: *mut i64) -> bool {
    let time = guard(None, || event.and_then(|event| event.occurred_at));
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { put(out, time.unwrap_or(0)) };
    time.is_some()
}

/// Whether the token covers what was read, so that it is from the account and unchanged. NULL:
/// false.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_event_is_signed(event: Option<&hookproof_event>) -> bool {
    guard(false, || event.is_some_and(|event| event.signed))
}

/// Frees an event. NULL does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_event_free(event: Option<Box<hookproof_event>>) {
    guard((), || drop(event));
}
