//! `hookproof sign`: a webhook signed as the vendor would, for tests.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hookproof::sign::Signer;

use super::Outcome;
use crate::clock;
use crate::failure::Failure;
use crate::format;
use crate::judge::ProfileOption;
use crate::request;
use crate::sample::{self, Carrier, Sample};
use crate::secrets::SecretOptions;
use crate::signed::{self, Unsigned};
use crate::signing::set_expiry;

/// Signs a body, a query or a sample as the vendor does, and prints the request.
///
/// It stands in for the vendor in tests: a server under test is sent what `curl` sends for it, and `verify` accepts it.
/// With no secret at all it signs with the public one of the samples, which `hookproof listen` takes too.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Sign {
    /// Sign this sample; `hookproof samples` lists them.
    #[arg(long, value_parser = sample::parse, value_name = "NAME", conflicts_with_all = ["body", "query"])]
    sample: Option<&'static Sample>,

    /// Sign the body in this file; - is standard input, which is read where nothing else is named.
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,

    /// Sign a GET with this raw query, without the question mark.
    #[arg(long, value_name = "QUERY", conflicts_with = "body")]
    query: Option<String>,

    /// The method. [default: the sample's; GET with a query, else POST]
    #[arg(long, value_name = "METHOD")]
    method: Option<String>,

    /// The Content-Type of the body. [default: the sample's, or application/json]
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,

    #[command(flatten)]
    profile: ProfileOption,

    /// When the token is issued, in Unix seconds; now, unless given.
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    at: Option<i64>,

    /// The token's own identity, the nonce of an SMS webhook. [default: a random UUID]
    #[arg(long, value_name = "TEXT")]
    jti: Option<String>,

    /// The application to name in the token.
    #[arg(long, value_name = "ID")]
    application_id: Option<String>,

    /// A claim in place of the usual one, as `name=JSON`: exp=1767226000, iss='"Test"'. May be given several times.
    #[arg(long = "claim", value_name = "CLAIM")]
    claims: Vec<String>,

    /// Leave this claim out. May be given several times.
    #[arg(long = "no-claim", value_name = "NAME")]
    left_out: Vec<String>,

    /// The label of the keyring's secret to sign with. [default: the account's first that is valid then]
    #[arg(long, value_name = "LABEL")]
    label: Option<String>,

    /// Where the request is to go.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080/")]
    url: String,

    #[command(flatten)]
    secrets: SecretOptions,

    /// What to print: a curl command for the shell, the raw HTTP request, its header fields, or one JSON object.
    #[arg(long, value_enum, default_value_t = Print::Curl, value_name = "FORMAT", help_heading = "Output")]
    format: Print,
}

const EXAMPLES: &str = "\
Examples:
  hookproof sign --sample messages-inbound-sms-text | sh
  hookproof sign --sample voice-answer --format http | hookproof verify --sample-secret
  hookproof sign --body body.json --keyring keyring.json --api-key a1b2c3d4 --at 1767225600
  hookproof sign --sample sms-inbound-text-get --profile sms_md5hash";

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Print {
    Curl,
    Http,
    Header,
    Json,
}

impl Sign {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let mut profile = self.profile.clone();
        if let (None, Some(sample)) = (&profile.profile, self.sample) {
            profile.profile = Some(sample.signing.profile().to_owned());
        }
        let policy = profile.policy()?;
        let route = profile.route_of_secret(&policy);
        let secrets = self.secrets.load_or_samples(route)?;
        if secrets.public && !self.secrets.sample_secret {
            format::warn("signed with the public secret of the samples; no server may accept it");
        }
        let account = route.map_or_else(|| secrets.account(), Ok)?;
        let issued_at = self.at.unwrap_or_else(clock::now);
        let signer = match &self.label {
            Some(label) => Signer::of_keyring(&secrets.keyring, account, Some(label)),
            None => Signer::of_account(&secrets.keyring, account, issued_at),
        };
        let mut signer = signer.map_err(|error| Failure::new(error, "hookproof check-keyring FILE lists them"))?;
        set_expiry(&mut signer, &policy, issued_at)?;
        if let Some(id) = &self.application_id {
            signer.set_application_id(id);
        }
        for claim in &self.claims {
            const NEXT: &str = "--claim 'name=JSON', with quotation marks around a text: iss='\"Test\"'";
            let (name, value) = claim.split_once('=').ok_or_else(|| Failure::usage("a --claim has no =", NEXT))?;
            signer.set_claim(name, value).map_err(|error| Failure::usage(error, NEXT))?;
        }
        for name in &self.left_out {
            signer.remove_claim(name);
        }
        let jti = self.jti.clone().map_or_else(signed::random_jti, Ok)?;
        let signed = signed::sign(&signer, &policy, account, self.unsigned()?, issued_at, &jti, &self.url)?;
        match self.format {
            Print::Curl => format::exact(format!("{}\n", signed.curl()?).as_bytes())?,
            Print::Http => format::exact(&signed.http())?,
            Print::Header => format::exact(signed.header().as_bytes())?,
            Print::Json => format::json(&mut format::stdout(), signed.members())?,
        }
        Ok(Outcome::Fine)
    }

    fn unsigned(&self) -> Result<Unsigned, Failure> {
        let of = |carrier: Carrier, query: &str, body: Vec<u8>| Unsigned {
            method: self.method.clone().unwrap_or_else(|| carrier.method().to_owned()),
            query: query.to_owned(),
            body,
            content_type: self.content_type.clone().or_else(|| carrier.content_type().map(ToOwned::to_owned)),
        };
        if let Some(sample) = self.sample {
            return Ok(of(sample.carrier, sample.query(), sample.body().into()));
        }
        if let Some(query) = &self.query {
            return Ok(of(Carrier::Query, query, Vec::new()));
        }
        let stdin = PathBuf::from("-");
        let body = request::read(self.body.as_ref().unwrap_or(&stdin))?;
        let is_sms = self.profile.profile.as_deref().and_then(signed::sms_method).is_some();
        let is_form = is_sms && !body.trim_ascii_start().starts_with(b"{");
        Ok(of(if is_form { Carrier::Form } else { Carrier::Json }, "", body))
    }
}
