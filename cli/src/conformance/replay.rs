//! `signed-webhook-replay/1`

use std::collections::BTreeMap;

use hookproof::Policy;
use hookproof::sign::Signer;
use serde_json::{Map, Value};

use super::door::{self, Request};
use super::entry::Entry;
use super::keyring;
use super::sequence::{Ending, Flood, Outcome, Script, Sequence, Step, StoreKind, When};
use super::text;
use super::vector::Expectation;

pub(super) const FORMAT: &str = "signed-webhook-replay/1";

const CONFIG: [&str; 8] =
    ["leeway", "max_age", "lease", "capacity", "store", "store_down", "cold_start", "expected_application_id"];

/// The account of the requests that floods are made of.
const FLOOD_ACCOUNT: &str = "a1b2c3d4";

/// The sequences of a file.
pub(super) fn read(file: &Value) -> Vec<Result<Sequence, String>> {
    match file.get("sequences").and_then(Value::as_array) {
        Some(sequences) => sequences.iter().map(|sequence| read_sequence(file, sequence)).collect(),
        None => vec![Err("sequences is missing".to_owned())],
    }
}

fn read_sequence(file: &Value, sequence: &Value) -> Result<Sequence, String> {
    let id = Entry::new("?", sequence).text("id")?;
    let entry = Entry::new(id, sequence);
    let config = Config::read(entry.with(file), entry)?;
    let (store, fits) = config.store()?;
    let application_id = config.text("expected_application_id")?;
    // The file's keyring, unless the sequence has one of its own.
    let keys = if entry.optional("keyring").is_some() { entry } else { entry.with(file) };

    let requests = read_requests(entry)?;
    let mut reader = StepReader { requests: &requests, store, seen: Vec::new(), flood: None, applicable: fits };
    let steps = entry.list("steps")?;
    let steps: Result<Vec<Option<Step>>, String> = steps.iter().map(|step| reader.read(entry.with(step))).collect();
    let (steps, applicable) = (steps?, reader.applicable);
    let steps: Option<Vec<Step>> = steps.into_iter().collect();

    let mut signer =
        Signer::new(FLOOD_ACCOUNT, &keyring::first_secret(keys, FLOOD_ACCOUNT)?).map_err(|error| entry.fault(error))?;
    if let Some(application_id) = application_id {
        signer.set_application_id(application_id);
    }
    let verifier = door::configure(Some(config.policy()?), keyring::read(keys, application_id)?);
    let verifier = verifier.ok_or_else(|| entry.fault("the keyring is refused"))?;
    let refuses_cold = config.choice("cold_start", ["allow", "refuse"])? == "refuse";
    let script =
        steps.filter(|_| applicable).map(|steps| Script { verifier, store, refuses_cold, requests, signer, steps });
    Ok(Sequence { id: id.to_owned(), disputed: entry.optional("debatable") == Some(&Value::Bool(true)), script })
}

fn read_requests(entry: Entry<'_>) -> Result<BTreeMap<String, Request>, String> {
    let requests = entry.member("requests")?.as_object().ok_or_else(|| entry.fault("requests is not an object"))?;
    let read = |(name, request): (&String, &Value)| {
        let request = entry.with(request).only(&["authorization", "body"])?;
        let (header, header_count) = text::authorization(request)?;
        let body = text::parts(request, request.member("body")?, "body")?;
        let body = request.base64(&body, "body")?;
        let request =
            Request { method: b"POST".to_vec(), header, header_count, query: Vec::new(), route: Vec::new(), body };
        Ok((name.clone(), request))
    };
    requests.iter().map(read).collect()
}

/// A sequence's settings over the file's.
struct Config<'v> {
    defaults: &'v Map<String, Value>,
    own: &'v Map<String, Value>,
    entry: Entry<'v>,
}

impl<'v> Config<'v> {
    fn read(file: Entry<'v>, entry: Entry<'v>) -> Result<Config<'v>, String> {
        let members = |entry: Entry<'v>, name| {
            let config = entry.object(name)?.only(&CONFIG)?;
            config.members().ok_or_else(|| entry.fault(format_args!("{name} is not an object")))
        };
        Ok(Config { defaults: members(file, "default_config")?, own: members(entry, "config")?, entry })
    }

    fn get(&self, name: &str) -> Option<&'v Value> {
        self.own.get(name).or_else(|| self.defaults.get(name)).filter(|value| !value.is_null())
    }

    fn text(&self, name: &str) -> Result<Option<&'v str>, String> {
        self.get(name).map(|value| self.entry.as_text(value, name)).transpose()
    }

    fn seconds(&self, name: &str) -> Result<u32, String> {
        let value = self.get(name).ok_or_else(|| self.entry.fault(format_args!("{name} is missing")))?;
        let seconds = self.entry.as_integer(value, name)?;
        u32::try_from(seconds).map_err(|_| self.entry.fault(format_args!("{name} is out of range")))
    }

    /// One of a few words.
    fn choice<const N: usize>(&self, name: &str, words: [&'static str; N]) -> Result<&'static str, String> {
        let text = self.text(name)?.ok_or_else(|| self.entry.fault(format_args!("{name} is missing")))?;
        let word = words.into_iter().find(|word| *word == text);
        word.ok_or_else(|| self.entry.fault(format_args!("{name} {text} is not known")))
    }

    fn policy(&self) -> Result<Policy, String> {
        let (leeway, max_age, lease) = (self.seconds("leeway")?, self.seconds("max_age")?, self.seconds("lease")?);
        let mut policy = Policy::standard();
        policy
            .set_leeway(leeway)
            .and_then(|()| policy.set_max_age(max_age))
            .and_then(|()| policy.set_lease(lease))
            .map_err(|error| self.entry.fault(error))?;
        if self.choice("store_down", ["refuse", "accept_and_flag"])? == "accept_and_flag" {
            policy.dangerously_accept_and_flag_store_failures();
        }
        Ok(policy)
    }

    /// The store, and whether it can be as small as the sequence wants it: the room of a file is that of the disk.
    fn store(&self) -> Result<(StoreKind, bool), String> {
        if self.choice("store", ["memory", "file", "shared"])? != "memory" {
            return Ok((StoreKind::File, !self.own.contains_key("capacity")));
        }
        let capacity = self.seconds("capacity")?;
        let capacity = usize::try_from(capacity).map_err(|_| self.entry.fault("capacity is out of range"))?;
        Ok((StoreKind::Memory(capacity), true))
    }
}

/// Reads steps in their order.
struct StepReader<'r> {
    requests: &'r BTreeMap<String, Request>,
    store: StoreKind,
    /// For each step so far, whether it leaves a claim.
    seen: Vec<bool>,
    /// The last flood, which a step may repeat.
    flood: Option<Flood>,
    applicable: bool,
}

impl StepReader<'_> {
    /// A step, or nothing if it is beyond this door.
    fn read(&mut self, step: Entry<'_>) -> Result<Option<Step>, String> {
        let what = step.text("do")?;
        let read = match what {
            "verify" => self.verify(step).map(Some),
            "confirm" => self.end(step, Ending::Confirm).map(Some),
            "release" => self.end(step, Ending::Release).map(Some),
            "flood" | "flood_again" => self.flood(step, what).map(Some),
            "store" => {
                let up = match step.only(&["do", "why", "state"])?.text("state")? {
                    "up" => true,
                    "down" => false,
                    other => return Err(step.fault(format_args!("state {other} is not known"))),
                };
                // A memory store cannot be switched off.
                self.applicable &= self.store == StoreKind::File;
                Ok(Some(Step::Store { up }))
            }
            "restart" => {
                let step = step.only(&["do", "why", "now"])?;
                Ok(Some(Step::Restart { now: when(step)? }))
            }
            // This language forks no process of several threads.
            "fork" => Ok(None),
            "concurrent" => self.concurrent(step).map(Some),
            other => Err(step.fault(format_args!("step {other} is not known"))),
        };
        self.seen.push(what == "verify");
        read
    }

    fn verify(&self, step: Entry<'_>) -> Result<Step, String> {
        let step = step.only(&["do", "why", "request", "now", "expect", "codes", "reason", "process"])?;
        Ok(Step::Verify {
            request: self.request(step)?,
            now: when(step)?,
            expectation: Expectation::read(step, "codes")?,
            process: step.optional_count("process")?.unwrap_or(0),
        })
    }

    fn end(&self, step: Entry<'_>, how: Ending) -> Result<Step, String> {
        let step = step.only(&["do", "why", "step", "now", "expect"])?;
        let of = usize::try_from(step.count("step")?).unwrap_or(usize::MAX);
        if self.seen.get(of) != Some(&true) {
            return Err(step.fault(format_args!("step {of} claims nothing")));
        }
        let expectation = match step.optional_text("expect")? {
            None => None,
            Some("done") => Some(Outcome::Done),
            Some("no_effect") => Some(Outcome::NoEffect),
            Some("error") => Some(Outcome::Error),
            Some(other) => return Err(step.fault(format_args!("expect {other} is not known"))),
        };
        Ok(Step::End { step: of, how, now: when(step)?, expectation })
    }

    fn flood(&mut self, step: Entry<'_>, what: &str) -> Result<Step, String> {
        let again = what == "flood_again";
        let step = step.only(match again {
            true => &["do", "why", "now", "iat", "prefix", "count", "expect_accepts"],
            false => &["do", "why", "now", "iat", "prefix", "count"],
        })?;
        let flood = match &self.flood {
            Some(flood) if again && step.optional("prefix").is_none() => flood.clone(),
            _ => Flood {
                prefix: step.text("prefix")?.to_owned(),
                issued_at: step.as_integer(step.member("iat")?, "iat")?,
                count: usize::try_from(step.count("count")?).unwrap_or(usize::MAX),
            },
        };
        let now = when(step)?;
        if again {
            let accepts = usize::try_from(step.count("expect_accepts")?).unwrap_or(usize::MAX);
            return Ok(Step::FloodAgain { flood, now, accepts });
        }
        self.flood = Some(flood.clone());
        Ok(Step::Flood { flood, now })
    }

    fn concurrent(&self, step: Entry<'_>) -> Result<Step, String> {
        let step = step.only(&["do", "why", "request", "now", "count", "processes", "expect_accepts"])?;
        Ok(Step::Concurrent {
            request: self.request(step)?,
            now: when(step)?,
            count: usize::try_from(step.count("count")?).unwrap_or(usize::MAX),
            processes: step.optional_count("processes")?.unwrap_or(1).max(1),
            accepts: usize::try_from(step.count("expect_accepts")?).unwrap_or(usize::MAX),
        })
    }

    fn request(&self, step: Entry<'_>) -> Result<String, String> {
        let name = step.text("request")?;
        match self.requests.contains_key(name) {
            true => Ok(name.to_owned()),
            false => Err(step.fault(format_args!("there is no request {name}"))),
        }
    }
}

fn when(step: Entry<'_>) -> Result<When, String> {
    step.optional("now").map(|now| step.as_integer(now, "now")).transpose()
}
