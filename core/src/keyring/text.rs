//! The keyring as one versioned JSON text, the same for every language. The format is described at
//! [`super::Keyring::add_json`].

use serde_json::{Map, Value};
use zeroize::{Zeroize, Zeroizing};

use super::{Keyring, Validity};
use crate::config_error::ConfigError;
use crate::encoding;
use crate::json;
use crate::limits;
use crate::secret::Secret;

/// Adds all accounts of the text, or none.
pub(super) fn add(keyring: &mut Keyring, text: &str) -> Result<(), ConfigError> {
    let added = read(text)?;
    if let Some(api_key) = added.accounts.keys().find(|api_key| keyring.accounts.contains_key(*api_key)) {
        let place = format!("account {}", api_key.escape_debug());
        return Err(ConfigError::new(place, "is in the keyring already"));
    }
    if keyring.accounts.len().saturating_add(added.accounts.len()) > limits::MAX_ACCOUNTS {
        return Err(ConfigError::new("accounts", "must be at most 10000"));
    }
    keyring.accounts.extend(added.accounts);
    Ok(())
}

fn read(text: &str) -> Result<Keyring, ConfigError> {
    let document = parse(text)?;
    let root = members(&document.0, "", &["version", "accounts"])?;
    if required(root, "", "version")?.as_u64() != Some(1) {
        return Err(ConfigError::new("version", "must be 1"));
    }
    let accounts = list(root, "", "accounts")?;
    if accounts.is_empty() {
        return Err(ConfigError::new("accounts", "must name at least one account"));
    }
    let mut keyring = Keyring::new();
    for (number, account) in accounts.iter().enumerate() {
        let place = format!("accounts[{number}]");
        add_account(&mut keyring, account, &place)?;
    }
    Ok(keyring)
}

fn add_account(keyring: &mut Keyring, account: &Value, place: &str) -> Result<(), ConfigError> {
    let account = members(account, place, &["api_key", "secrets", "application_ids"])?;
    let api_key = string(account, place, "api_key")?;
    if keyring.accounts.contains_key(api_key) {
        return Err(ConfigError::new("api_key", "stands twice").within(place));
    }
    let secrets = list(account, place, "secrets")?;
    if secrets.is_empty() {
        return Err(ConfigError::new("secrets", "must name at least one secret").within(place));
    }
    for (number, secret) in secrets.iter().enumerate() {
        let place = format!("{place}.secrets[{number}]");
        add_secret(keyring, api_key, secret, &place)?;
    }
    if account.contains_key("application_ids") {
        for (number, id) in list(account, place, "application_ids")?.iter().enumerate() {
            let place = format!("{place}.application_ids[{number}]");
            let id = id.as_str().ok_or_else(|| ConfigError::new(&place, "must be a string"))?;
            keyring.add_application_id(api_key, id).map_err(|error| error.within(&place))?;
        }
    }
    Ok(())
}

fn add_secret(keyring: &mut Keyring, api_key: &str, secret: &Value, place: &str) -> Result<(), ConfigError> {
    let names = ["label", "secret", "secret_base64", "not_before", "not_after"];
    let secret = members(secret, place, &names)?;
    let label = string(secret, place, "label")?;
    let bytes = match (secret.contains_key("secret"), secret.contains_key("secret_base64")) {
        (true, false) => Zeroizing::new(string(secret, place, "secret")?.as_bytes().to_vec()),
        (false, true) => encoding::base64_secret(string(secret, place, "secret_base64")?)
            .ok_or_else(|| ConfigError::new("secret_base64", "must be base64 with padding").within(place))?,
        _ => return Err(ConfigError::new(place, "must have either secret or secret_base64")),
    };
    if bytes.len() > limits::MAX_SECRET_BYTES {
        return Err(ConfigError::new("secret", "must have at most 4096 bytes").within(place));
    }
    let bytes = Secret::new(bytes).ok_or_else(|| ConfigError::new("secret", "must not be empty").within(place))?;
    let validity =
        Validity { not_before: date(secret, place, "not_before")?, not_after: date(secret, place, "not_after")? };
    keyring.add_key(api_key, label, bytes, validity).map_err(|error| error.within(place))
}

/// A parsed text whose strings are wiped when it is dropped: some of them are secrets.
struct Document(Value);

impl Drop for Document {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn parse(text: &str) -> Result<Document, ConfigError> {
    if text.len() > limits::MAX_KEYRING_TEXT_BYTES {
        return Err(ConfigError::new("keyring", "must have at most 16 MiB"));
    }
    // The strict reader finds repeated names, which a map would hide. Its copy of the strings is wiped.
    let mut buffer = Zeroizing::new(vec![0; text.len().saturating_mul(2)]);
    if let Some(room) = buffer.get_mut(..text.len()) {
        room.copy_from_slice(text.as_bytes());
    }
    let strict = json::read(&mut buffer, text.len(), &[]);
    match (serde_json::from_str(text), strict) {
        (Ok(value), Ok([])) => Ok(Document(value)),
        (Err(error), _) => {
            // The parser's own message may quote the text, so only the place is passed on.
            let place = format!("line {} column {}", error.line(), error.column());
            Err(ConfigError::new("keyring", format!("is not JSON, at {place}")))
        }
        (Ok(_), Err(_)) => Err(ConfigError::new("keyring", "must be one JSON object in which no name stands twice")),
    }
}

/// The members of an object in which no other names may stand.
fn members<'v>(value: &'v Value, place: &str, names: &[&str]) -> Result<&'v Map<String, Value>, ConfigError> {
    let shown = if place.is_empty() { "keyring" } else { place };
    let object = value.as_object().ok_or_else(|| ConfigError::new(shown, "must be an object"))?;
    if object.keys().all(|name| names.contains(&name.as_str())) {
        Ok(object)
    } else {
        // The unknown name is not shown: it may be a secret in the wrong place.
        Err(ConfigError::new(shown, format!("has an unknown name; it may have {}", names.join(", "))))
    }
}

fn required<'v>(object: &'v Map<String, Value>, place: &str, name: &str) -> Result<&'v Value, ConfigError> {
    object.get(name).ok_or_else(|| fault(place, name, "is missing"))
}

fn string<'v>(object: &'v Map<String, Value>, place: &str, name: &str) -> Result<&'v str, ConfigError> {
    required(object, place, name)?.as_str().ok_or_else(|| fault(place, name, "must be a string"))
}

fn list<'v>(object: &'v Map<String, Value>, place: &str, name: &str) -> Result<&'v Vec<Value>, ConfigError> {
    required(object, place, name)?.as_array().ok_or_else(|| fault(place, name, "must be a list"))
}

fn date(object: &Map<String, Value>, place: &str, name: &str) -> Result<Option<i64>, ConfigError> {
    let read = |value: &Value| value.as_i64().filter(|seconds| (0..=limits::MAX_NUMERIC_DATE).contains(seconds));
    let fault = || fault(place, name, "must be a whole number of Unix seconds");
    object.get(name).map(|value| read(value).ok_or_else(fault)).transpose()
}

fn fault(place: &str, name: &str, rule: &str) -> ConfigError {
    let error = ConfigError::new(name, rule);
    if place.is_empty() { error } else { error.within(place) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"version": 1, "accounts": [
        {"api_key": "a1b2c3d4", "secrets": [
            {"label": "new", "secret": "0123456789012345678901234567890123456789"},
            {"label": "old", "secret_base64": "AP8=", "not_before": 10, "not_after": 20}],
         "application_ids": ["app"]},
        {"api_key": "b", "secrets": [{"label": "only", "secret": "x\n"}]}]}"#;

    #[test]
    fn the_whole_format_is_read() {
        let keyring = Keyring::from_json(GOOD).unwrap();
        assert_eq!(keyring.api_keys(), ["a1b2c3d4", "b"]);
        assert_eq!(keyring.labels("a1b2c3d4"), ["new", "old"]);
        let lints: Vec<_> = keyring.lints().iter().map(ToString::to_string).collect();
        assert_eq!(
            lints,
            [
                "a1b2c3d4/old: is shorter than 32 bytes",
                "b/only: is shorter than 32 bytes",
                "b/only: ends with a newline"
            ]
        );
    }

    #[test]
    fn faults_are_named_by_place_and_never_quoted() {
        let secret = "0123456789012345678901234567890123456789";
        for (from, to, error) in [
            ("\"version\": 1", "\"version\": 2", "version: must be 1"),
            ("\"version\": 1", "\"version\": \"1\"", "version: must be 1"),
            ("\"version\": 1, ", "", "version: is missing"),
            (
                "\"label\": \"old\"",
                "\"label\": \"new\"",
                "accounts[0].secrets[1].label: is taken by another secret of the account",
            ),
            ("\"label\": \"old\", ", "", "accounts[0].secrets[1].label: is missing"),
            ("AP8=", "AP8", "accounts[0].secrets[1].secret_base64: must be base64 with padding"),
            ("AP8=", "", "accounts[0].secrets[1].secret: must not be empty"),
            (
                "\"not_after\": 20",
                "\"not_after\": 9",
                "accounts[0].secrets[1].not_after: must not be before not_before",
            ),
            (
                "\"not_after\": 20",
                "\"not_after\": 2e1",
                "accounts[0].secrets[1].not_after: must be a whole number of Unix seconds",
            ),
            (
                "\"not_after\": 20",
                "\"not_after\": null",
                "accounts[0].secrets[1].not_after: must be a whole number of Unix seconds",
            ),
            ("[\"app\"]", "\"app\"", "accounts[0].application_ids: must be a list"),
            ("[\"app\"]", "[1]", "accounts[0].application_ids[0]: must be a string"),
            ("\"api_key\": \"b\"", "\"api_key\": \"a1b2c3d4\"", "accounts[1].api_key: stands twice"),
            (
                "\"api_key\": \"b\"",
                "\"api_key\": \"\"",
                "accounts[1].secrets[0].api_key: must have 1 to 128 bytes and no control characters",
            ),
            (
                "[{\"label\": \"only\", \"secret\": \"x\\n\"}]",
                "[]",
                "accounts[1].secrets: must name at least one secret",
            ),
            (
                "[{\"label\": \"only\", \"secret\": \"x\\n\"}]",
                &format!("[\"{secret}\"]"),
                "accounts[1].secrets[0]: must be an object",
            ),
            (
                "\"secret\": \"x\\n\"",
                &format!("\"{secret}\": 1"),
                "accounts[1].secrets[0]: has an unknown name; it may have label, secret, secret_base64, not_before, not_after",
            ),
            (
                "\"secret\": \"x\\n\"",
                "\"label2\": 1",
                "accounts[1].secrets[0]: has an unknown name; it may have label, secret, secret_base64, not_before, not_after",
            ),
            (
                "\"secret\": \"x\\n\"",
                "\"secret\": \"x\", \"secret\": \"y\"",
                "keyring: must be one JSON object in which no name stands twice",
            ),
            ("\"secret\": \"x\\n\"", "\"secret\": x", "keyring: is not JSON, at line 6 column 66"),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let text = GOOD.replacen(from, to, 1);
            let found = Keyring::from_json(&text).unwrap_err().to_string();
            assert_eq!(found, error, "{to}");
            assert!(!found.contains(secret));
        }
        for text in ["", "[]", "null", "{}", r#"{"version":1,"accounts":[]}"#, r#"{"version":1,"accounts":{}}"#] {
            assert!(Keyring::from_json(text).is_err(), "{text}");
        }
    }

    #[test]
    fn all_or_nothing() {
        let mut keyring = Keyring::new();
        keyring.add_secret("b", "mine", b"secret").unwrap();
        let error = keyring.add_json(GOOD).unwrap_err().to_string();
        assert_eq!(error, "account b: is in the keyring already");
        assert_eq!(keyring.api_keys(), ["b"]);
        assert_eq!(keyring.labels("b"), ["mine"]);
    }
}
