//! The test signer, as a handle.

use std::ffi::{c_char, c_void};

use hookproof::SmsMethod;
use hookproof::sign::{Signer, SmsCarrier};

use crate::guard::guard;
use crate::input::{Fault, bytes, text};
use crate::output::{Text, hookproof_str, put};
use crate::status::{E_INTERNAL, E_NULL, OK, hookproof_status};

/// A query of a GET, or the body of a form.
pub const SMS_FORM: i32 = 0;
/// A JSON object.
pub const SMS_JSON: i32 = 1;

/// Stands in for Vonage in the tests of programs that use this library.
///
/// Owned: made by hookproof_signer_new, freed with hookproof_signer_free, which wipes the secret. It
/// needs no other handle.
///
/// Exclusive.
#[allow(non_camel_case_types)]
pub struct hookproof_signer {
    signer: Signer,
    header: Option<Text>,
}

fn change(
    signer: Option<&mut hookproof_signer>,
    body: impl FnOnce(&mut hookproof_signer) -> Result<(), Fault>,
) -> hookproof_status {
    guard(E_INTERNAL, || {
        let Some(signer) = signer else {
            return E_NULL;
        };
        match body(signer) {
            Ok(()) => OK,
            Err(fault) => fault.status(),
        }
    })
}

/// Makes a signer for one account. Both values are Copied.
///
/// 0: `*out` is the signer, Owned: free it with hookproof_signer_free. Else `*out` is NULL.
/// HOOKPROOF_E_CONFIG: the secret does not have 1 to 4096 bytes; the api_key is not judged, so that
/// tests can sign what must be refused. HOOKPROOF_E_NULL: `out` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_signer_new(
    api_key: *const c_char,
    api_key_len: usize,
    secret: *const c_void,
    secret_len: usize,
    out: *mut *mut hookproof_signer,
) -> hookproof_status {
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { put(out, std::ptr::null_mut()) };
    guard(E_INTERNAL, || {
        if out.is_null() {
            return E_NULL;
        }
        // SAFETY: the caller vouches for each pointer and its length.
        let pair = unsafe {
            text("api_key", api_key, api_key_len).and_then(|key| Ok((key, bytes("secret", secret, secret_len)?)))
        };
        let signer = match pair.and_then(|(api_key, secret)| Ok(Signer::new(api_key, secret)?)) {
            Ok(signer) => signer,
            Err(fault) => return fault.status(),
        };
        let handle = Box::new(hookproof_signer { signer, header: None });
        // SAFETY: not NULL, and writable by the caller's promise.
        unsafe { out.write(Box::into_raw(handle)) };
        OK
    })
}

/// Sets the application_id of tokens signed from now on. Copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_signer_set_application_id(
    signer: Option<&mut hookproof_signer>,
    application_id: *const c_char,
    application_id_len: usize,
) -> hookproof_status {
    change(signer, |signer| {
        // SAFETY: the caller vouches for the pointer and its length.
        let application_id = unsafe { text("application_id", application_id, application_id_len) }?;
        signer.signer.set_application_id(application_id);
        Ok(())
    })
}

/// Signs a body as Vonage does, with the given issue time (Unix seconds) and unique id. Read the
/// header with hookproof_signer_header. `body` and `jti` are read during the call only.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_signer_sign_body(
    signer: Option<&mut hookproof_signer>,
    body: *const c_void,
    body_len: usize,
    iat: i64,
    jti: *const c_char,
    jti_len: usize,
) -> hookproof_status {
    change(signer, |signer| {
        // SAFETY: the caller vouches for each pointer and its length.
        let (body, jti) = unsafe { (bytes("body", body, body_len)?, text("jti", jti, jti_len)?) };
        signer.header = Some(Text::new(signer.signer.sign_body(body, iat, jti)));
        Ok(())
    })
}

/// Signs the raw query of a GET as Vonage does. As hookproof_signer_sign_body otherwise.
/// HOOKPROOF_E_CONFIG: the query has no one reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_signer_sign_query(
    signer: Option<&mut hookproof_signer>,
    query: *const c_char,
    query_len: usize,
    iat: i64,
    jti: *const c_char,
    jti_len: usize,
) -> hookproof_status {
    change(signer, |signer| {
        // SAFETY: the caller vouches for each pointer and its length.
        let (query, jti) = unsafe { (text("query", query, query_len)?, text("jti", jti, jti_len)?) };
        signer.header = Some(Text::new(signer.signer.sign_query(query, iat, jti)?));
        Ok(())
    })
}

/// Signs the parameters of an SMS webhook in the SMS API's own way. `parameters` is them as a raw
/// query, api-key among them where there is one; `method` is md5hash, md5, sha1, sha256 or sha512;
/// `timestamp` is in Unix seconds; an empty `nonce` is left out; `carrier` is HOOKPROOF_SMS_FORM or
/// HOOKPROOF_SMS_JSON. Read the whole query, form or JSON object, signed, with
/// hookproof_signer_header. All texts are read during the call only.
///
/// HOOKPROOF_E_ARGUMENT: another method or carrier. HOOKPROOF_E_CONFIG: the parameters have no one
/// reading, or have timestamp, nonce or sig, which are added.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_signer_sign_sms(
    signer: Option<&mut hookproof_signer>,
    method: *const c_char,
    method_len: usize,
    carrier: i32,
    parameters: *const c_char,
    parameters_len: usize,
    timestamp: i64,
    nonce: *const c_char,
    nonce_len: usize,
) -> hookproof_status {
    change(signer, |signer| {
        // SAFETY: the caller vouches for each pointer and its length.
        let (method, parameters, nonce) = unsafe {
            (
                text("method", method, method_len)?,
                text("parameters", parameters, parameters_len)?,
                text("nonce", nonce, nonce_len)?,
            )
        };
        let method = SmsMethod::from_name(method).ok_or(Fault::Argument("method"))?;
        let carrier = match carrier {
            SMS_FORM => SmsCarrier::Form,
            SMS_JSON => SmsCarrier::Json,
            _ => return Err(Fault::Argument("carrier")),
        };
        signer.header = Some(Text::new(signer.signer.sign_sms(method, carrier, parameters, timestamp, nonce)?));
        Ok(())
    })
}

/// Signs any bytes as the claims, as they stand: for tests of refusals. Read the header with
/// hookproof_signer_header. `claims_json` is read during the call only and need not be JSON.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hookproof_signer_sign_claims(
    signer: Option<&mut hookproof_signer>,
    claims_json: *const c_char,
    claims_json_len: usize,
) -> hookproof_status {
    change(signer, |signer| {
        // SAFETY: the caller vouches for the pointer and its length.
        let claims = unsafe { bytes("claims_json", claims_json.cast(), claims_json_len) }?;
        signer.header = Some(Text::new(signer.signer.sign_claims(claims)));
        Ok(())
    })
}

/// The header value of the last token signed: "Bearer " and the token; after
/// hookproof_signer_sign_sms the signed parameters. Empty before, and for NULL.
/// Borrowed from `signer` until it signs again or is freed.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_signer_header(signer: Option<&hookproof_signer>) -> hookproof_str {
    guard(hookproof_str::EMPTY, || {
        signer.and_then(|signer| signer.header.as_ref()).map_or(hookproof_str::EMPTY, Text::view)
    })
}

/// Frees a signer and wipes its secret. NULL does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_signer_free(signer: Option<Box<hookproof_signer>>) {
    guard((), || drop(signer));
}
