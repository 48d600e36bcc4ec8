//! `hookproof send`: signed samples to a URL, as the vendor would send them.

use std::io::{self, Write};
use std::time::Duration;

use clap::{Args, ValueEnum};
use hyper::Uri;
use serde_json::{Value, json};

use super::Outcome;
use crate::failure::Failure;
use crate::format::{self, BAD, FAINT, Format, FormatOption, GOOD};
use crate::http;
use crate::judge::ProfileOption;
use crate::listen::DEFAULT_PORT;
use crate::sample::{self, SAMPLES, Sample, Signing as SampleSigning};
use crate::secrets::SecretOptions;
use crate::send::{self, Case, Maker, Retries, Settings, Tally, Variant};
use crate::signing::Signing;

/// Sends signed samples to a URL, and says whether the answers are those of a server that verifies them.
///
/// Genuine webhooks must be answered well, and forgeries must not be. Without a secret it signs with the public one that
/// `hookproof listen` takes. The exit status is 0 if every answer was right, and 1 if one was not.
#[derive(Args)]
pub(crate) struct Send {
    /// Where to send to. [default: hookproof listen, on this machine]
    #[arg(value_parser = http::parse_url)]
    url: Option<Uri>,

    /// A sample to send, by its name (`hookproof samples` lists them). May be given several times.
    #[arg(long = "sample", value_name = "NAME", value_parser = sample::parse, conflicts_with = "all")]
    samples: Vec<&'static Sample>,

    /// Send all samples of the APIs that sign by this profile.
    #[arg(long)]
    all: bool,

    /// What to send of each: as the vendor does, or with something wrong about it. Several go with commas between.
    #[arg(long = "variant", value_enum, value_delimiter = ',', default_value = "genuine", value_name = "VARIANT")]
    variants: Vec<Variant>,

    /// How often to send all of it.
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: u64,

    /// Messages a second. [default: as fast as the answers come]
    #[arg(long, value_name = "R", value_parser = parse_rate)]
    rate: Option<f64>,

    /// How many requests may be under way at a time.
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    concurrency: u16,

    /// Send each message N times more behind its first delivery, with the same token.
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u32).range(..=100))]
    duplicates: u32,

    /// Send messages in another order than they were issued in, sixteen among each other.
    #[arg(long)]
    out_of_order: bool,

    /// What the disorder hangs on: the same number gives the same order.
    #[arg(long, default_value_t = 1, value_name = "N", requires = "out_of_order")]
    seed: u64,

    /// Send again what is not answered well, when the vendor would.
    #[arg(long)]
    retry: bool,

    /// How many times faster than the vendor's the retries come.
    #[arg(long, default_value_t = 3600.0, value_name = "N", value_parser = parse_rate, requires = "retry")]
    speed: f64,

    /// Which token a retry carries: it is documented nowhere what the vendor does.
    #[arg(long, value_enum, default_value = "same", value_name = "TOKEN", requires = "retry")]
    retry_token: RetryToken,

    /// Wait this many seconds for an answer, instead of as long as the vendor does.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: Option<u64>,

    #[command(flatten)]
    profile: ProfileOption,

    #[command(flatten)]
    format: FormatOption,

    #[command(flatten)]
    secrets: SecretOptions,
}

/// Which token a retry carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RetryToken {
    /// That of the first delivery.
    Same,
    /// One with a new jti and iat.
    New,
}

/// What is sent unless something else was named.
const DEFAULT_SAMPLE: &str = "messages-inbound-whatsapp-text";

/// Up to this many messages each has its line.
const MOST_LINES: u64 = 100;

impl Send {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let url = self.url.clone().map_or_else(|| http::parse_url(&format!("127.0.0.1:{DEFAULT_PORT}/webhooks")), Ok);
        let url = url.map_err(|fault| Failure::usage(fault, "a URL"))?;
        let named = self.samples.first().copied().or_else(|| Sample::named(DEFAULT_SAMPLE));
        let mut profile = self.profile.clone();
        if let (None, Some(sample), false) = (&profile.profile, named, self.all) {
            profile.profile = Some(sample.signing.profile().to_owned());
        }
        let policy = profile.policy()?;
        let samples: Vec<&'static Sample> = if self.all {
            SAMPLES.iter().filter(|sample| signs_by(sample, policy.profile_name())).collect()
        } else if self.samples.is_empty() {
            named.into_iter().collect()
        } else {
            self.samples.clone()
        };
        if policy.profile_name().starts_with("sms_") && self.variants.iter().any(|variant| variant.needs_token()) {
            return Err(Failure::usage(
                "alg-none and two-headers are about tokens, which the SMS API does not use",
                "--variant tampered",
            ));
        }
        let route = self.profile.route_of_secret(&policy);
        let secrets = self.secrets.load_or_samples(route)?;
        let public = secrets.public;
        let account = route.map_or_else(|| secrets.account(), Ok)?.to_owned();
        let text = self.format.format == Format::Text;
        let variants = &self.variants;
        let parts: Vec<_> =
            samples.iter().flat_map(|sample| variants.iter().map(move |variant| (*sample, *variant))).collect();
        let total = self.count.saturating_mul(u64::try_from(parts.len()).unwrap_or(u64::MAX));
        let settings = Settings {
            url: url.clone(),
            profile: policy.profile_name(),
            maker: Maker { signing: Signing::new(policy, secrets.keyring), account },
            parts,
            rounds: self.count,
            rate: self.rate,
            concurrency: usize::from(self.concurrency),
            duplicates: self.duplicates,
            out_of_order: self.out_of_order,
            seed: self.seed,
            retries: self
                .retry
                .then_some(Retries { speed: self.speed, new_token: self.retry_token == RetryToken::New }),
            timeout: self.timeout.map(Duration::from_secs),
            progress: text,
        };
        let mut cases: Vec<Value> = Vec::new();
        let mut written: io::Result<()> = Ok(());
        let tally = send::run(settings, |case| {
            if total > MOST_LINES {
                return;
            }
            if !text {
                cases.push(case.json());
            } else if written.is_ok() {
                written = line(case);
            }
        })?;
        written?;
        if let Some(trouble) = tally.nobody_listens() {
            return Err(Failure::new(
                format!("{url}: {trouble}"),
                "hookproof listen in another terminal, or the URL of your server",
            ));
        }
        if text {
            sums(&tally, public)?;
        } else {
            let mut members = tally.json();
            members.insert("url".to_owned(), json!(url.to_string()));
            members.insert("cases".to_owned(), Value::Array(cases));
            format::json(&mut io::stdout().lock(), members)?;
        }
        Ok(if tally.unexpected == 0 { Outcome::Fine } else { Outcome::Refused })
    }
}

/// Whether the vendor's own webhooks of this kind are signed by this profile.
fn signs_by(sample: &Sample, profile: &str) -> bool {
    match sample.signing {
        SampleSigning::Account => matches!(profile, "standard" | "contact_center" | "cloud_runtime"),
        SampleSigning::Route => profile == "video",
        SampleSigning::Sms => profile.starts_with("sms_"),
        SampleSigning::Never => false,
    }
}

fn line(case: &Case) -> io::Result<()> {
    let mut out = format::stdout();
    let right = case.is_as_it_should_be();
    let (colour, word) = if right { (GOOD, "right") } else { (BAD, "WRONG") };
    let took: Duration = case.attempts.iter().map(|attempt| attempt.took).sum();
    let numbers: Vec<String> =
        case.attempts.iter().filter_map(|attempt| Some(format!("#{}", attempt.number?))).collect();
    write!(out, "{colour}{word}{colour:#}  {:<12} {:<36} {}", case.variant.name(), case.sample.name, case.answers())?;
    writeln!(out, "  {FAINT}{} {}{FAINT:#}", millis(took), numbers.join(" "))
}

fn sums(tally: &Tally, public: bool) -> io::Result<()> {
    let mut out = format::stdout();
    let right = tally.messages - tally.unexpected;
    let colour = if tally.unexpected == 0 { GOOD } else { BAD };
    writeln!(
        out,
        "{colour}{right} of {} messages were answered as they should be{colour:#}, in {} requests ({:.0}/s)",
        tally.messages,
        tally.attempts,
        tally.per_second()
    )?;
    let answers: Vec<String> = tally
        .answers
        .iter()
        .map(|(status, count)| if *status == 0 { format!("none: {count}") } else { format!("{status}: {count}") })
        .collect();
    writeln!(out, "answers    {}", answers.join("  "))?;
    let latency: Vec<String> = tally
        .percentiles()
        .into_iter()
        .map(|(name, micros)| format!("{name} {}", millis(Duration::from_micros(micros))))
        .collect();
    if tally.attempts > 1 && !latency.is_empty() {
        writeln!(out, "latency    {}", latency.join("  "))?;
    }
    if tally.given_up > 0 {
        writeln!(out, "given up   {} at the end of the vendor's schedule", tally.given_up)?;
    }
    if let Some(trouble) = &tally.trouble {
        writeln!(out, "trouble    {trouble}")?;
    }
    if tally.unexpected > 0 {
        writeln!(
            out,
            "{FAINT}A server that verifies answers genuine webhooks with 200 and forgeries with 401 or 503.{FAINT:#}"
        )?;
        let next = if public {
            "All were signed with the public secret of the samples: name the account's own with --api-key and --secret-file."
        } else {
            "hookproof listen, in the server's place or before it, shows why a webhook is refused."
        };
        writeln!(out, "{FAINT}{next}{FAINT:#}")?;
    }
    Ok(())
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn parse_rate(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "must be a number".to_owned())?;
    if number.is_finite() && (0.001..=1_000_000.0).contains(&number) {
        Ok(number)
    } else {
        Err("must be from 0.001 to 1000000".to_owned())
    }
}
