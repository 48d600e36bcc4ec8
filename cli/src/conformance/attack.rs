//! `signed-webhook-attacks/1`

use hookproof::{ConfigError, Keyring, Policy};
use serde_json::{Map, Value};

use super::door::{self, Request};
use super::entry::Entry;
use super::vector::{Expectation, Vector};

pub(super) const FORMAT: &str = "signed-webhook-attacks/1";

const OPTIONS: [&str; 7] = [
    "leeway",
    "max_age",
    "expected_issuer",
    "expected_application_id",
    "require_payload_hash",
    "max_header_bytes",
    "seen",
];

/// The cases of a file.
pub(super) fn read(file: &Value) -> Vec<Result<Vector, String>> {
    match file.get("cases").and_then(Value::as_array) {
        Some(cases) => cases.iter().map(|case| read_case(file, case)).collect(),
        None => vec![Err("cases is missing".to_owned())],
    }
}

fn read_case(file: &Value, case: &Value) -> Result<Vector, String> {
    let id = Entry::new("?", case).text("id")?;
    let case = Entry::new(id, case);
    let options = Options { defaults: members(file, "default_options"), own: members_of(case, "options"), case };
    options.check_names()?;
    let standard = case.optional_text("profile")?.is_none_or(|profile| profile == "standard");
    let get = case.optional_text("method")? == Some("GET");
    let seen = options.get("seen").and_then(Value::as_array).is_some_and(|seen| !seen.is_empty());
    let applicable = standard && !get && !seen;
    Ok(Vector {
        id: id.to_owned(),
        request: applicable.then(|| read_request(file, case, &options)).transpose()?,
        disputed: case.optional("debatable") == Some(&Value::Bool(true)),
        expectation: read_expectation(case)?,
    })
}

fn members<'v>(object: &'v Value, name: &str) -> Option<&'v Map<String, Value>> {
    object.get(name).and_then(Value::as_object)
}

fn members_of<'v>(case: Entry<'v>, name: &str) -> Option<&'v Map<String, Value>> {
    case.optional(name).and_then(Value::as_object)
}

/// A case's options over the file's.
struct Options<'v> {
    defaults: Option<&'v Map<String, Value>>,
    own: Option<&'v Map<String, Value>>,
    case: Entry<'v>,
}

impl<'v> Options<'v> {
    /// A door that passed over an option would judge another case than the one in the file.
    fn check_names(&self) -> Result<(), String> {
        let mut names = self.defaults.into_iter().chain(self.own).flat_map(Map::keys);
        match names.find(|name| !OPTIONS.contains(&name.as_str())) {
            Some(_) => Err(self.case.fault("an option is not known")),
            None => Ok(()),
        }
    }

    fn get(&self, name: &str) -> Option<&'v Value> {
        let own = self.own.and_then(|own| own.get(name));
        own.or_else(|| self.defaults.and_then(|defaults| defaults.get(name))).filter(|value| !value.is_null())
    }

    fn integer(&self, name: &str) -> Result<Option<i64>, String> {
        self.get(name).map(|value| self.case.as_integer(value, name)).transpose()
    }

    fn text(&self, name: &str) -> Result<Option<&'v str>, String> {
        self.get(name).map(|value| self.case.as_text(value, name)).transpose()
    }
}

fn read_request(file: &Value, case: Entry<'_>, options: &Options<'_>) -> Result<Request, String> {
    let (header, header_count) = read_authorization(case)?;
    let now = match case.optional("now") {
        Some(now) => now,
        None => Entry::new("-", file).member("now")?,
    };
    let body = parts(case, case.member("body")?, "body")?;
    Ok(Request {
        method: case.latin1(case.optional_text("method")?.unwrap_or("POST"))?,
        header,
        header_count,
        query: case.latin1(case.optional_text("query")?.unwrap_or_default())?,
        body: case.base64(&body, "body")?,
        now: case.as_integer(now, "now")?,
        verifier: door::configure(read_policy(options)?, read_keyring(case, options)?),
    })
}

/// The value to hand over, and the number of fields.
fn read_authorization(case: Entry<'_>) -> Result<(Vec<u8>, usize), String> {
    let field = |value| parts(case, value, "authorization");
    match case.member("authorization")? {
        Value::Null => Ok((Vec::new(), 0)),
        Value::Array(fields) => Ok((fields.first().map(field).transpose()?.unwrap_or_default(), fields.len())),
        value => Ok((field(value)?, 1)),
    }
}

/// A text, or `{parts: [text | {repeat, count}]}`.
fn parts(case: Entry<'_>, value: &Value, name: &str) -> Result<Vec<u8>, String> {
    if let Value::String(text) = value {
        return case.latin1(text);
    }
    let parts = value.get("parts").and_then(Value::as_array);
    let parts = parts.ok_or_else(|| case.fault(format_args!("{name} has no parts")))?;
    let mut bytes = Vec::new();
    for part in parts {
        let piece = case.latin1(case.as_text(part.get("repeat").unwrap_or(part), "repeat")?)?;
        let count = part.get("count").map_or(Ok(1), |count| case.as_integer(count, "count"))?;
        bytes.extend(piece.repeat(usize::try_from(count).map_err(|_| case.fault("count is negative"))?));
    }
    Ok(bytes)
}

/// The policy, or nothing if a setting is refused.
fn read_policy(options: &Options<'_>) -> Result<Option<Policy>, String> {
    let leeway = options.integer("leeway")?;
    let max_age = options.integer("max_age")?;
    let max_header_bytes = options.integer("max_header_bytes")?;
    let issuer = options.text("expected_issuer")?;
    let name = "require_payload_hash";
    let hash_required = options.get(name).map_or(Ok(true), |value| options.case.as_bool(value, name))?;

    let mut policy = Policy::standard();
    let settings = [
        set(leeway, |seconds| policy.set_leeway(seconds)),
        set(max_age, |seconds| policy.set_max_age(seconds)),
        set(max_header_bytes, |bytes| policy.set_max_header_bytes(bytes)),
        issuer.is_none_or(|issuer| policy.set_expected_issuer(issuer).is_ok()),
    ];
    if !hash_required {
        policy.dangerously_allow_missing_payload_hash();
    }
    Ok(settings.iter().all(|taken| *taken).then_some(policy))
}

/// Whether a number was taken; one that the setting's type cannot hold is not.
fn set<T: TryFrom<i64>>(number: Option<i64>, setter: impl FnOnce(T) -> Result<(), ConfigError>) -> bool {
    number.is_none_or(|number| T::try_from(number).is_ok_and(|number| setter(number).is_ok()))
}

/// The keyring, or nothing if an entry is refused.
fn read_keyring(case: Entry<'_>, options: &Options<'_>) -> Result<Option<Keyring>, String> {
    let application_id = options.text("expected_application_id")?;
    let mut keyring = Keyring::new();
    let mut taken = true;
    let accounts = case.member("keyring")?.as_object().ok_or_else(|| case.fault("keyring is not an object"))?;
    for (api_key, secrets) in accounts {
        let secrets = secrets.as_array().ok_or_else(|| case.fault("secrets are not a list"))?;
        for (index, secret) in secrets.iter().enumerate() {
            let secret = match secret {
                Value::String(text) => text.as_bytes().to_vec(),
                other => {
                    let b64 = other.get("b64").ok_or_else(|| case.fault("b64 is missing"))?;
                    case.base64(case.as_text(b64, "b64")?.as_bytes(), "b64")?
                }
            };
            taken &= keyring.add_secret(api_key, &format!("key-{index}"), &secret).is_ok();
        }
        if let Some(application_id) = application_id.filter(|_| !secrets.is_empty()) {
            taken &= keyring.add_application_id(api_key, application_id).is_ok();
        }
    }
    Ok(taken.then_some(keyring))
}

fn read_expectation(case: Entry<'_>) -> Result<Expectation, String> {
    let reason = case.optional_text("reason")?.filter(|reason| !reason.is_empty());
    let words = case.member("acceptable_codes")?.as_array();
    let words = words.ok_or_else(|| case.fault("acceptable_codes is not a list"))?;
    let words: Result<Vec<String>, String> =
        words.iter().map(|word| case.as_text(word, "acceptable_codes").map(str::to_owned)).collect();
    match (case.text("expect")?, reason) {
        ("accept", None) => Ok(Expectation::Accept),
        ("accept", Some(_)) => Err(case.fault("a case to accept has a reason")),
        ("reject", reason) => Ok(Expectation::Reject { words: words?, reason: reason.map(str::to_owned) }),
        _ => Err(case.fault("expect is neither accept nor reject")),
    }
}
