//! `signed-webhook-attacks/1`

use hookproof::{ConfigError, Policy};
use serde_json::{Map, Value};

use super::door::{self, Request, Seen, Trial};
use super::entry::Entry;
use super::keyring;
use super::text;
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
    Ok(Vector {
        id: id.to_owned(),
        trial: Some(read_trial(file, case, &options)?),
        disputed: case.optional("debatable") == Some(&Value::Bool(true)),
        expectation: Expectation::read(case, "acceptable_codes")?,
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

fn read_trial(file: &Value, case: Entry<'_>, options: &Options<'_>) -> Result<Trial, String> {
    let (header, header_count) = text::authorization(case)?;
    let now = match case.optional("now") {
        Some(now) => now,
        None => Entry::new("-", file).member("now")?,
    };
    let body = text::parts(case, case.member("body")?, "body")?;
    let keyring = keyring::read(case, options.text("expected_application_id")?)?;
    let request = Request {
        method: case.latin1(case.optional_text("method")?.unwrap_or("POST"))?,
        header,
        header_count,
        query: case.latin1(case.optional_text("query")?.unwrap_or_default())?,
        route: keyring::first_account(case)?.into_bytes(),
        body: case.base64(&body, "body")?,
    };
    Ok(Trial {
        request,
        now: case.as_integer(now, "now")?,
        verifier: door::configure(read_policy(case, options)?, keyring),
        seen: read_seen(options)?,
    })
}

fn read_seen(options: &Options<'_>) -> Result<Vec<Seen>, String> {
    let Some(seen) = options.get("seen") else { return Ok(Vec::new()) };
    let seen = seen.as_array().ok_or_else(|| options.case.fault("seen is not a list"))?;
    let read = |identity| {
        let identity = options.case.with(identity);
        Ok(Seen { api_key: identity.text("api_key")?.to_owned(), jti: identity.text("jti")?.to_owned() })
    };
    seen.iter().map(read).collect()
}

/// The policy, or nothing if a setting is refused.
fn read_policy(case: Entry<'_>, options: &Options<'_>) -> Result<Option<Policy>, String> {
    let profile = case.optional_text("profile")?.unwrap_or("standard");
    let leeway = options.integer("leeway")?;
    let max_age = options.integer("max_age")?;
    let max_header_bytes = options.integer("max_header_bytes")?;
    let issuer = options.text("expected_issuer")?;
    let name = "require_payload_hash";
    let hash_required = options.get(name).map_or(Ok(true), |value| options.case.as_bool(value, name))?;

    let mut policy = Policy::for_profile(profile).map_err(|error| case.fault(error))?;
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
