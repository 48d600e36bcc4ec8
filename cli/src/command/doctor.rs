//! `hookproof doctor`: what this installation is made of, and what lies between a sender and a server.

use std::io::{self, Write};
use std::time::Duration;

use clap::Args;
use hyper::Uri;
use serde_json::{Value, json};

use super::Outcome;
use crate::doctor::{self, Finding, Grade, Probe};
use crate::failure::Failure;
use crate::format::{self, BAD, FAINT, Format, FormatOption, GOOD, WARN};
use crate::http;
use crate::judge::ProfileOption;
use crate::secrets::SecretOptions;
use crate::send::Maker;
use crate::signing::Signing;

/// Looks at this installation, its clock and secrets; with a URL, sends probes to find out what reaches the server there.
///
/// Best put `hookproof listen --echo` where the application would be, behind the same proxies: it answers with what arrived,
/// so that every change is seen. A server that verifies is judged by its answers.
#[derive(Args)]
pub(crate) struct Doctor {
    /// The server to send probes to. They are signed samples and forgeries; an application may act on them.
    #[arg(value_parser = http::parse_url)]
    url: Option<Uri>,

    #[command(flatten)]
    profile: ProfileOption,

    /// Wait this many seconds for each answer.
    #[arg(long, default_value_t = 10, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=600))]
    timeout: u64,

    #[command(flatten)]
    format: FormatOption,

    #[command(flatten)]
    secrets: SecretOptions,
}

impl Doctor {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let policy = self.profile.policy()?;
        let route = self.profile.route_of_secret(&policy);
        let secrets = self.secrets.load_or_samples(route)?;
        let mut findings = doctor::installation();
        findings.push(doctor::clock());
        findings.extend(doctor::secrets(&secrets));
        if let Some(url) = &self.url {
            let account = route.map_or_else(|| secrets.account(), Ok)?.to_owned();
            let maker = Maker { signing: Signing::new(policy, secrets.keyring), account };
            let probe = Probe { url: url.clone(), maker, timeout: Duration::from_secs(self.timeout) };
            findings.extend(doctor::server(&probe)?);
        }
        let bad = findings.iter().any(|finding| finding.grade == Grade::Bad);
        match self.format.format {
            Format::Text => print(&findings)?,
            Format::Json => {
                let members =
                    json!({ "well": !bad, "findings": findings.iter().map(Finding::json).collect::<Vec<_>>() });
                if let Value::Object(members) = members {
                    format::json(&mut io::stdout().lock(), members)?;
                }
            }
        }
        Ok(if bad { Outcome::Refused } else { Outcome::Fine })
    }
}

fn print(findings: &[Finding]) -> io::Result<()> {
    let mut out = format::stdout();
    for finding in findings {
        let (colour, word) = match finding.grade {
            Grade::Good => (GOOD, "ok"),
            Grade::Warn => (WARN, "look"),
            Grade::Bad => (BAD, "BAD"),
        };
        writeln!(out, "{colour}{word:<5}{colour:#} {:<14} {}", finding.subject, finding.words)?;
        if let Some(next) = &finding.next {
            writeln!(out, "{:21}{FAINT}{next}{FAINT:#}", "")?;
        }
    }
    Ok(())
}
