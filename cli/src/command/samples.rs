//! `hookproof samples`: the sample webhooks that other commands take by name.

use std::io::{self, Write};

use clap::Args;
use serde_json::{Map, Value, json};

use super::Outcome;
use crate::failure::Failure;
use crate::format::{self, FAINT, Format, FormatOption, STRONG};
use crate::sample::{self, SAMPLES, Sample};

/// Lists the sample webhooks, or prints one: the body or query, as the sender puts it on the wire.
///
/// There is at least one for every API and kind of event, written after the documented fields with invented values. Samples are not
/// signed: `hookproof sign --sample NAME` does it.
#[derive(Args)]
pub(crate) struct Samples {
    /// Print this one, byte for byte.
    #[arg(value_parser = sample::parse, value_name = "NAME")]
    sample: Option<&'static Sample>,

    /// List only the samples of this API.
    #[arg(long, value_name = "API", conflicts_with = "sample")]
    api: Option<String>,

    #[command(flatten)]
    format: FormatOption,
}

impl Samples {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let mut out = format::stdout();
        let wanted = |sample: &&Sample| self.api.as_deref().is_none_or(|api| api == sample.api);
        let list: Vec<&Sample> = SAMPLES.iter().filter(wanted).collect();
        if list.is_empty() {
            return Err(Failure::usage(
                "there is no sample of this API",
                "`hookproof samples` lists all, with their APIs",
            ));
        }
        match (self.sample, self.format.format) {
            (Some(sample), Format::Text) => format::exact(sample.payload.as_bytes())?,
            (Some(sample), Format::Json) => format::json(&mut out, members(sample))?,
            (None, Format::Text) => print(&list, &mut out)?,
            (None, Format::Json) => {
                let list: Vec<Value> = list.iter().map(|sample| Value::Object(members(sample))).collect();
                format::json(&mut out, Map::from_iter([("samples".to_owned(), Value::from(list))]))?;
            }
        }
        out.flush()?;
        Ok(Outcome::Fine)
    }
}

fn print(list: &[&Sample], out: &mut impl Write) -> io::Result<()> {
    let width = |of: fn(&Sample) -> usize| list.iter().map(|sample| of(sample)).max().unwrap_or_default();
    let (name, api, event) =
        (width(|sample| sample.name.len()), width(|sample| sample.api.len()), width(|sample| sample.event.len()));
    writeln!(out, "{STRONG}{:name$}  {:api$}  {:event$}  METHOD  SIGNED{STRONG:#}", "NAME", "API", "EVENT")?;
    for sample in list {
        let Sample { api: of, event: kind, signing, .. } = sample;
        let (method, shown) = (sample.method(), sample.name);
        writeln!(out, "{shown:name$}  {of:api$}  {kind:event$}  {method:6}  {FAINT}{signing}{FAINT:#}")?;
    }
    Ok(())
}

fn members(sample: &Sample) -> Map<String, Value> {
    let members = json!({
        "name": sample.name,
        "api": sample.api,
        "event": sample.event,
        "method": sample.method(),
        "content_type": sample.content_type(),
        "signed": sample.signing.to_string(),
        "profile": sample.signing.profile(),
        "source": sample.source,
        "query": sample.query(),
        "body": sample.body(),
    });
    match members {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
