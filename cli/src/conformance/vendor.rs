//! `vendor.json`: real tokens, each with the secret it was made for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hookproof::{Keyring, Policy};
use serde_json::Value;

use super::door::{self, Request, Trial};
use super::entry::Entry;
use super::vector::{Expectation, Vector};

/// The account of tokens whose claims cannot be read, or name none.
const PLACEHOLDER: &str = "vendor";

/// Reads the entry with this number.
pub(super) fn read(index: usize, entry: &Value) -> Result<Vector, String> {
    let id = format!("vendor-{index}");
    let entry = Entry::new(&id, entry);
    let (trial, expectation) = match entry.text("kind")? {
        "jwt" => read_token(entry)?,
        "sms-sig" => read_sms(entry)?,
        _ => return Err(entry.fault("the kind is not known")),
    };
    // Whether blank values are part of what is signed, libraries of the vendor's own disagree.
    let blank = |value: &Value| value.as_str().is_some_and(|text| text.trim().is_empty());
    let parameters = entry.object("inputs")?.optional("params").and_then(Value::as_object);
    let disputed = parameters.is_some_and(|parameters| parameters.values().any(blank));
    Ok(Vector { trial, expectation, disputed, id })
}

/// The parameters as a form, judged at their own time; many have no nonce.
fn read_sms(entry: Entry<'_>) -> Result<(Option<Trial>, Expectation), String> {
    let inputs = entry.object("inputs")?;
    let Some(secret) = inputs.optional_text("secret")? else {
        return Ok((None, Expectation::Accept)); // never published
    };
    let good = entry.object("recomputed")?;
    let good = entry.as_bool(good.member("verdict")?, "verdict")?;
    let expectation = if secret.is_empty() {
        Expectation::Reject { words: Vec::new(), reason: Some("config_error".to_owned()) }
    } else {
        Expectation::Signature(good)
    };

    let parameters = inputs.member("params")?.as_object().ok_or_else(|| inputs.fault("params is no object"))?;
    let mut body = form_urlencoded::Serializer::new(String::new());
    for (name, value) in parameters {
        body.append_pair(name, value.as_str().ok_or_else(|| inputs.fault("a parameter is no text"))?);
    }
    body.append_pair("sig", inputs.text("sig")?);
    let now = parameters.get("timestamp").and_then(Value::as_str).and_then(|text| text.parse().ok()).unwrap_or(0);

    let mut policy =
        Policy::for_profile(&format!("sms_{}", inputs.text("method")?)).map_err(|error| inputs.fault(error))?;
    policy.dangerously_allow_missing_nonce();
    let mut keyring = Keyring::new();
    let taken = keyring.add_secret(PLACEHOLDER, "vendor", secret.as_bytes()).is_ok();
    let request = Request {
        method: b"POST".to_vec(),
        header: Vec::new(),
        header_count: 0,
        query: Vec::new(),
        route: PLACEHOLDER.as_bytes().to_vec(),
        body: body.finish().into_bytes(),
    };
    let verifier = door::configure(Some(policy), taken.then_some(keyring));
    Ok((Some(Trial { request, now, verifier, seen: Vec::new() }), expectation))
}

fn read_token(entry: Entry<'_>) -> Result<(Option<Trial>, Expectation), String> {
    let inputs = entry.object("inputs")?;
    let token = inputs.text("token")?;
    let secret = inputs.text("secret")?;
    let claims = read_claims(token);
    let good = entry.object("recomputed")?.member("hs256_signature_ok")?;
    let good = entry.as_bool(good, "hs256_signature_ok")?;

    // A verifier with an empty secret must not come to be, whatever the token is.
    let expectation = if secret.is_empty() {
        Expectation::Reject { words: Vec::new(), reason: Some("config_error".to_owned()) }
    } else {
        Expectation::Signature(good)
    };
    Ok((Some(read_trial(inputs, token, secret, claims.as_ref())?), expectation))
}

/// The claims of a token of three parts as they stand; nothing when there are none to read.
fn read_claims(token: &str) -> Option<Value> {
    let mut parts = token.split('.');
    let (Some(_), Some(claims), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    claims.is_object().then_some(claims)
}

/// The profile that such a token belongs to: one whose claims name no account has its secret chosen by route.
fn profile(inputs: Entry<'_>, claims: Option<&Value>) -> &'static str {
    if inputs.optional("header").is_some() {
        "contact_center"
    } else if claims.is_none_or(|claims| claims.get("api_key").is_some_and(Value::is_string)) {
        "standard"
    } else {
        "video"
    }
}

fn read_trial(inputs: Entry<'_>, token: &str, secret: &str, claims: Option<&Value>) -> Result<Trial, String> {
    let claim = |name| claims.and_then(|claims| claims.get(name));
    let profile = profile(inputs, claims);
    let named = claim("api_key").and_then(Value::as_str).filter(|_| profile == "standard");
    let account = named.unwrap_or(PLACEHOLDER);
    let secret = match inputs.optional_text("secret_encoding")? {
        Some("base64") => inputs.base64(secret.as_bytes(), "secret")?,
        Some(_) => return Err(inputs.fault("the encoding of the secret is not known")),
        None => secret.as_bytes().to_vec(),
    };
    let mut keyring = Keyring::new();
    let taken = keyring.add_secret(account, "vendor", &secret).is_ok();
    let policy = Policy::for_profile(profile).map_err(|error| inputs.fault(error))?;
    let request = Request {
        method: inputs.optional_text("method")?.unwrap_or("POST").as_bytes().to_vec(),
        header: inputs.latin1(&format!("Bearer {token}"))?,
        header_count: 1,
        query: inputs.latin1(inputs.optional_text("query")?.unwrap_or_default())?,
        route: PLACEHOLDER.as_bytes().to_vec(),
        body: inputs.optional_text("body")?.unwrap_or_default().as_bytes().to_vec(),
    };
    Ok(Trial {
        request,
        now: inputs.optional("now").or_else(|| claim("iat")).and_then(Value::as_i64).unwrap_or(0),
        verifier: door::configure(Some(policy), taken.then_some(keyring)),
        seen: Vec::new(),
    })
}
