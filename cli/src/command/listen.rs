//! `hookproof listen`: a receiver on this machine that shows what came and what is wrong with it.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Args;
use hookproof::{Policy, Verifier};
use hyper::Uri;

use super::Outcome;
use crate::failure::Failure;
use crate::format::FormatOption;
use crate::http;
use crate::judge::{ProfileOption, of_option};
use crate::listen::{self, DEFAULT_PAGE_PORT, DEFAULT_PORT, Settings};
use crate::secrets::SecretOptions;

/// Receives webhooks on this machine, and shows each with its verdict: in the terminal, and on a page in the browser.
///
/// Every path is answered as a server with hookproof would answer it. Without a secret it verifies by the public one that
/// `hookproof send` signs with. Ctrl-C ends it.
#[derive(Args)]
pub(crate) struct Listen {
    /// The port to receive on; 0 is one that is free.
    #[arg(long, default_value_t = DEFAULT_PORT, value_name = "PORT")]
    port: u16,

    /// The port of the page; 0 is one that is free.
    #[arg(long, default_value_t = DEFAULT_PAGE_PORT, value_name = "PORT")]
    page_port: u16,

    /// No page.
    #[arg(long, conflicts_with = "page_port")]
    no_page: bool,

    /// The address of this machine to receive on.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_name = "ADDRESS")]
    host: IpAddr,

    /// Receive on an address that other machines can reach. The page stays on this one.
    #[arg(long)]
    dangerously_listen_to_others: bool,

    /// Pass every request on to this application, byte for byte, and answer what it answers. A URL without a path gets the
    /// request's.
    #[arg(long, value_name = "URL", value_parser = http::parse_url)]
    forward_to: Option<Uri>,

    /// Pass on only what is verified.
    #[arg(long, requires = "forward_to")]
    only_verified: bool,

    /// Keep each request in this folder: its raw body, and what is known of it as JSON.
    #[arg(long, value_name = "FOLDER")]
    capture: Option<PathBuf>,

    /// Answer the first N deliveries of each message with the retry status, and report how the sender's retries differ.
    #[arg(long, default_value_t = 0, value_name = "N")]
    fail_first: u32,

    /// Answer what is accepted with this file, as application/json: an NCCO for Voice.
    #[arg(long, value_name = "FILE", conflicts_with = "forward_to")]
    answer: Option<PathBuf>,

    /// Answer everything with what arrived, for `hookproof doctor`.
    #[arg(long, conflicts_with_all = ["forward_to", "answer"])]
    echo: bool,

    /// How many requests the page keeps.
    #[arg(long, default_value_t = 500, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=10_000))]
    keep: u16,

    #[command(flatten)]
    profile: ProfileOption,

    /// Oldest token to accept, in seconds.
    #[arg(long, default_value_t = hookproof::limits::DEFAULT_MAX_AGE, value_name = "SECONDS")]
    max_age: u32,

    /// Longest body to accept, in bytes.
    #[arg(long, default_value_t = hookproof::limits::DEFAULT_MAX_BODY_BYTES, value_name = "BYTES",
          value_parser = clap::value_parser!(u64).range(..=MOST_BODY_BYTES))]
    max_body: u64,

    /// The status that makes the sender try again: 503 or 429.
    #[arg(long, default_value_t = 503, value_name = "STATUS")]
    retry_status: u16,

    #[command(flatten)]
    format: FormatOption,

    #[command(flatten)]
    secrets: SecretOptions,
}

/// Bodies are kept in memory while they are judged, and several come at a time.
const MOST_BODY_BYTES: u64 = 16 * 1024 * 1024;

/// Longest answer of a file, in bytes.
const MOST_REPLY_BYTES: u64 = 1024 * 1024;

impl Listen {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        if !self.host.is_loopback() && !self.dangerously_listen_to_others {
            return Err(Failure::usage(
                format!("{} can be reached from other machines", self.host),
                "a tunnel to 127.0.0.1, or --dangerously-listen-to-others",
            ));
        }
        let policy = self.policy()?;
        let route = self.profile.route_of_secret(&policy);
        let secrets = self.secrets.load_or_samples(route)?;
        let next = "hookproof check-keyring FILE";
        let verifier = Verifier::new(policy, secrets.keyring.clone()).map_err(|error| Failure::new(error, next))?;
        let reply = match &self.answer {
            None => None,
            Some(path) => {
                let fault = |words: String| Failure::of_file(path, words).with_next("--answer with a file of JSON");
                let size = fs::metadata(path).map_err(|error| fault(error.to_string()))?.len();
                if size > MOST_REPLY_BYTES {
                    return Err(fault(format!("is longer than {MOST_REPLY_BYTES} bytes")));
                }
                Some(fs::read(path).map_err(|error| fault(error.to_string()))?.into())
            }
        };
        let settings = Settings {
            address: SocketAddr::new(self.host, self.port),
            page_port: (!self.no_page).then_some(self.page_port),
            verifier,
            secrets,
            route: self.profile.route,
            retry_status: self.retry_status,
            forward_to: self.forward_to,
            only_verified: self.only_verified,
            capture: self.capture,
            fail_first: self.fail_first,
            reply,
            echo: self.echo,
            keep: usize::from(self.keep),
            format: self.format.format,
        };
        Ok(if listen::run(settings)? { Outcome::Fine } else { Outcome::Refused })
    }

    fn policy(&self) -> Result<Policy, Failure> {
        let mut policy = self.profile.policy()?;
        policy.set_max_age(self.max_age).map_err(of_option)?;
        policy.set_max_body_bytes(self.max_body).map_err(of_option)?;
        policy.set_retry_status(self.retry_status).map_err(of_option)?;
        Ok(policy)
    }
}
