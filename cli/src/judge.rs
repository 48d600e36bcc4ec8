//! By what a request is judged: the policy, the secrets and the time.

use clap::Args;
use clap::builder::PossibleValuesParser;
use hookproof::{ConfigError, Policy, Request, RequestHead, Verifier};

use crate::clock;
use crate::failure::Failure;
use crate::request::{Received, RequestOptions};
use crate::secrets::SecretOptions;

/// The option that names a profile.
#[derive(Args, Clone, Debug)]
pub(crate) struct ProfileOption {
    /// Which of the vendor's dialects: standard (Messages, Dispatch, Verify v2, Voice), video, contact_center,
    /// cloud_runtime, or sms_ and the account's signature method.
    #[arg(long, value_name = "PROFILE", value_parser = PossibleValuesParser::new(Policy::profile_names()), hide_possible_values = true)]
    pub(crate) profile: Option<String>,

    /// Your own name for the endpoint: the profiles video and contact_center choose the secret by it.
    #[arg(long, value_name = "NAME")]
    pub(crate) route: Option<String>,
}

impl ProfileOption {
    pub(crate) fn policy(&self) -> Result<Policy, Failure> {
        let name = self.profile.as_deref().unwrap_or("standard");
        Policy::for_profile(name).map_err(of_option)
    }

    /// The route, where the profile chooses the secret by it.
    pub(crate) fn route_of_secret(&self, policy: &Policy) -> Option<&str> {
        self.route.as_deref().filter(|_| policy.is_keyed_by_route())
    }
}

/// The options that a request is judged by.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Policy")]
pub(crate) struct JudgeOptions {
    #[command(flatten)]
    pub(crate) profile: ProfileOption,

    /// When the request arrived, in Unix seconds; now, unless given.
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub(crate) at: Option<i64>,

    /// The oldest token to accept, in seconds. [default: 300]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) max_age: Option<u32>,

    /// How far in the future a token may be, in seconds. [default: 60]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) leeway: Option<u32>,

    /// The issuer to expect. [default: the profile's]
    #[arg(long, value_name = "TEXT")]
    pub(crate) issuer: Option<String>,

    /// The header field that carries the token. [default: the profile's]
    #[arg(long, value_name = "NAME")]
    pub(crate) header_name: Option<String>,

    /// The account that the endpoint serves: a genuine request of another is refused.
    #[arg(long, value_name = "KEY")]
    pub(crate) expected_account: Option<String>,

    /// Parameters of your own in the URL that the vendor has. May be given several times.
    #[arg(long, value_name = "QUERY")]
    pub(crate) own_query: Vec<String>,

    /// Accept one more form of a GET's payload: query_nested, query_null or query_nested_null. May be given several times.
    #[arg(long, value_name = "FORM")]
    pub(crate) payload_form: Vec<String>,

    /// The largest body to accept, in bytes. [default: 1048576]
    #[arg(long, value_name = "BYTES")]
    pub(crate) max_body: Option<u64>,
}

/// A verifier and the time.
pub(crate) struct Judge {
    pub(crate) verifier: Verifier,
    pub(crate) now: i64,
    route: String,
    expected_account: Option<String>,
}

impl JudgeOptions {
    /// The policy that the options ask for.
    pub(crate) fn policy(&self) -> Result<Policy, Failure> {
        let mut policy = self.profile.policy()?;
        let mut set = || -> Result<(), ConfigError> {
            self.max_age.map_or(Ok(()), |seconds| policy.set_max_age(seconds))?;
            self.leeway.map_or(Ok(()), |seconds| policy.set_leeway(seconds))?;
            self.issuer.as_deref().map_or(Ok(()), |issuer| policy.set_expected_issuer(issuer))?;
            self.header_name.as_deref().map_or(Ok(()), |name| policy.set_header_name(name))?;
            self.max_body.map_or(Ok(()), |bytes| policy.set_max_body_bytes(bytes))?;
            self.own_query.iter().try_for_each(|query| policy.add_own_query(query))?;
            self.payload_form.iter().try_for_each(|form| policy.add_payload_form(form))
        };
        set().map_err(of_option)?;
        Ok(policy)
    }

    /// What judges this request, with the secrets. One that stands alone is that of the account which the request names.
    pub(crate) fn judge(&self, secrets: &SecretOptions, received: &Received) -> Result<Judge, Failure> {
        let policy = self.policy()?;
        let route = self.profile.route.clone();
        let named = {
            let route = route.as_deref().unwrap_or_default();
            let peek = Verifier::with_keys_per_call(policy.clone());
            let request = received.request(&peek, route, None);
            peek.untrusted_account(&request).ok()
        };
        // A request that names none is refused before any secret is asked for.
        let by_route = self.profile.route_of_secret(&policy);
        let secrets = secrets.load(by_route, Some(named.as_deref().unwrap_or("unknown")))?;
        let verifier = Verifier::new(policy, secrets.keyring).map_err(of_option)?;
        Ok(Judge {
            verifier,
            now: self.at.unwrap_or_else(clock::now),
            route: route.unwrap_or_default(),
            expected_account: self.expected_account.clone(),
        })
    }
}

impl Judge {
    pub(crate) fn request<'r>(&'r self, received: &'r Received) -> Request<'r> {
        received.request(&self.verifier, &self.route, self.expected_account.as_deref())
    }
}

/// A setting that the core refused.
pub(crate) fn of_option(error: ConfigError) -> Failure {
    let place = error.place().replace('_', "-");
    Failure::usage(&error, format!("another value for --{place}; --help says which"))
}

/// The head of a request as the verifier wants it.
pub(crate) fn head<'r>(
    received: &'r Received,
    verifier: &Verifier,
    route: &'r str,
    expected_account: Option<&'r str>,
) -> RequestHead<'r> {
    let (value, count) = received.field(verifier.header_name());
    let head = RequestHead::new(&received.method).header(value, count).query(&received.query).route(route.as_bytes());
    expected_account.map_or(head, |account| head.expected_account(account.as_bytes()))
}

/// The options of a command that judges one recorded request.
#[derive(Args)]
pub(crate) struct RecordedOptions {
    #[command(flatten)]
    request: RequestOptions,
    #[command(flatten)]
    judge: JudgeOptions,
    #[command(flatten)]
    secrets: SecretOptions,
}

impl RecordedOptions {
    pub(crate) fn read(&self) -> Result<(Received, Judge), Failure> {
        let received = self.request.read()?;
        let judge = self.judge.judge(&self.secrets, &received)?;
        Ok((received, judge))
    }
}
