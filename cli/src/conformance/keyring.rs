//! The member `keyring` of the vector files.

use hookproof::Keyring;
use serde_json::Value;

use super::entry::Entry;

/// The keyring, or nothing if an entry is refused. Every account in it expects the application, if there is one.
pub(super) fn read(entry: Entry<'_>, application_id: Option<&str>) -> Result<Option<Keyring>, String> {
    let mut keyring = Keyring::new();
    let mut taken = true;
    let accounts = entry.member("keyring")?.as_object().ok_or_else(|| entry.fault("keyring is not an object"))?;
    for (api_key, secrets) in accounts {
        let secrets = secrets.as_array().ok_or_else(|| entry.fault("secrets are not a list"))?;
        for (index, secret) in secrets.iter().enumerate() {
            taken &= keyring.add_secret(api_key, &format!("key-{index}"), &read_secret(entry, secret)?).is_ok();
        }
        if let Some(application_id) = application_id.filter(|_| !secrets.is_empty()) {
            taken &= keyring.add_application_id(api_key, application_id).is_ok();
        }
    }
    Ok(taken.then_some(keyring))
}

/// The route of profiles that choose the secret by it: the first account of the keyring, by its name.
pub(super) fn first_account(entry: Entry<'_>) -> Result<String, String> {
    let accounts = entry.member("keyring")?.as_object().ok_or_else(|| entry.fault("keyring is not an object"))?;
    Ok(accounts.keys().min().cloned().unwrap_or_default())
}

/// The first secret of an account.
pub(super) fn first_secret(entry: Entry<'_>, api_key: &str) -> Result<Vec<u8>, String> {
    let secrets = entry.member("keyring")?.get(api_key).and_then(Value::as_array);
    match secrets.and_then(|secrets| secrets.first()) {
        Some(secret) => read_secret(entry, secret),
        None => Err(entry.fault(format_args!("the keyring has no secret of {api_key}"))),
    }
}

/// A text, meaning its bytes, or `{b64}`.
fn read_secret(entry: Entry<'_>, secret: &Value) -> Result<Vec<u8>, String> {
    if let Value::String(text) = secret {
        return Ok(text.as_bytes().to_vec());
    }
    let b64 = secret.get("b64").ok_or_else(|| entry.fault("b64 is missing"))?;
    entry.base64(entry.as_text(b64, "b64")?.as_bytes(), "b64")
}
