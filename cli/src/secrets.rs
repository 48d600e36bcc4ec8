//! Where the secrets of a command come from: a keyring, a file, the environment or standard input, and never an argument,
//! which every user of the machine can read in the list of processes.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use hookproof::{Keyring, limits};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::format;

/// The variable that names a keyring, or holds its text.
const KEYRING: &str = "HOOKPROOF_KEYRING";
/// The variable that holds a secret.
const SECRET: &str = "HOOKPROOF_SECRET";
/// The variable that names the account.
const API_KEY: &str = "HOOKPROOF_API_KEY";

/// Standard input, as a name of a file.
const STDIN: &str = "-";

/// What to try when there is no secret.
const NEXT: &str =
    "--keyring FILE, or --api-key KEY with the secret in --secret-file FILE or in the variable HOOKPROOF_SECRET";

/// What a keyring looks like.
pub(crate) const KEYRING_FORM: &str =
    r#"{"version": 1, "accounts": [{"api_key": "...", "secrets": [{"label": "...", "secret": "..."}]}]}"#;

/// The account and the secret that samples are signed with where none was named. Everybody can read them here.
const SAMPLE_API_KEY: &str = "abcd1234";
const SAMPLE_SECRET: &[u8] = b"this secret of the samples is public, no server may use it";

/// The label of a secret that was given without a keyring.
const LABEL: &str = "given";

/// The options that name secrets.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Secrets")]
pub(crate) struct SecretOptions {
    /// A keyring, the JSON text that every program with hookproof reads; - is standard input. [env: HOOKPROOF_KEYRING, a path or the text]
    #[arg(long, value_name = "FILE")]
    pub(crate) keyring: Option<PathBuf>,

    /// A file that holds one secret and nothing else, not even a newline; - is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "keyring")]
    pub(crate) secret_file: Option<PathBuf>,

    /// The variable of the environment that holds one secret. [default: HOOKPROOF_SECRET]
    #[arg(long, value_name = "NAME", conflicts_with_all = ["keyring", "secret_file"])]
    pub(crate) secret_env: Option<OsString>,

    /// Decode the secret from base64, as the contact centre gives it.
    #[arg(long, conflicts_with = "keyring")]
    pub(crate) secret_base64: bool,

    /// Take the public secret of the samples, as `sign` and `listen` do where nothing is named. It proves nothing.
    #[arg(long, conflicts_with_all = ["keyring", "secret_file", "secret_env", "secret_base64"])]
    pub(crate) sample_secret: bool,

    /// The account. [env: HOOKPROOF_API_KEY]
    #[arg(long, value_name = "KEY")]
    pub(crate) api_key: Option<String>,
}

/// The secrets of a command.
#[derive(Debug)]
pub(crate) struct Secrets {
    /// All accounts.
    pub(crate) keyring: Keyring,
    /// The account that was named, or the only one.
    pub(crate) account: Option<String>,
    /// Whether they are those of the samples, which are public.
    pub(crate) public: bool,
}

impl Secrets {
    /// The account to act for.
    pub(crate) fn account(&self) -> Result<&str, Failure> {
        self.account.as_deref().ok_or_else(|| {
            let known = self.keyring.api_keys().join(", ");
            Failure::usage("the keyring has several accounts", format!("--api-key with one of {known}"))
        })
    }
}

impl SecretOptions {
    /// Reads the secrets. What looks wrong about them goes to standard error; they are used as they are.
    ///
    /// A secret that stands alone is that of the route, where the profile chooses it by one; else of the account that was named;
    /// else of `account`, such as the one that a request names.
    pub(crate) fn load(&self, route: Option<&str>, account: Option<&str>) -> Result<Secrets, Failure> {
        self.load_if_named(route, account)?.ok_or_else(|| Failure::usage("no secret was named", NEXT))
    }

    /// As [`SecretOptions::load`], with the public secret of the samples where none was named.
    pub(crate) fn load_or_samples(&self, route: Option<&str>) -> Result<Secrets, Failure> {
        self.load_if_named(route, None)?.map_or_else(|| self.of_samples(route), Ok)
    }

    /// The public secret of the samples.
    fn of_samples(&self, route: Option<&str>) -> Result<Secrets, Failure> {
        let named = self.api_key.as_deref();
        Ok(Secrets { public: true, ..one(route.or(named).unwrap_or(SAMPLE_API_KEY), SAMPLE_SECRET)? })
    }

    fn load_if_named(&self, route: Option<&str>, account: Option<&str>) -> Result<Option<Secrets>, Failure> {
        if self.sample_secret {
            return self.of_samples(route).map(Some);
        }
        let named = self.api_key.clone().or_else(|| variable(API_KEY));
        let secrets = match self.source() {
            None => return Ok(None),
            Some(Source::Keyring(path)) => self.read_keyring(&path)?,
            Some(Source::KeyringText(text)) => self.of_text(&text, Path::new(KEYRING))?,
            Some(Source::Secret(bytes)) => {
                let bytes = bytes?;
                let account = route.or(named.as_deref()).or(account);
                let next = "--api-key KEY, or the variable HOOKPROOF_API_KEY";
                one(account.ok_or_else(|| Failure::usage("the secret's account is not known", next))?, &bytes)?
            }
        };
        for lint in secrets.keyring.lints() {
            format::warn(&format!("secret {lint}; it is used as it is"));
        }
        Ok(Some(secrets))
    }

    fn read_keyring(&self, path: &Path) -> Result<Secrets, Failure> {
        let text = read(path, limits::MAX_KEYRING_TEXT_BYTES)?;
        let text = std::str::from_utf8(&text).map_err(|_| Failure::of_file(path, "is not valid UTF-8"))?;
        self.of_text(text, path)
    }

    /// `path` is where the text came from.
    fn of_text(&self, text: &str, path: &Path) -> Result<Secrets, Failure> {
        let keyring =
            Keyring::from_json(text).map_err(|error| Failure::of_file(path, error).with_next(KEYRING_FORM))?;
        if keyring.is_empty() {
            return Err(Failure::of_file(path, "has no account").with_next(KEYRING_FORM));
        }
        let known = keyring.api_keys();
        let is_known = |account: &String| known.contains(&account.as_str());
        if let Some(account) = self.api_key.as_ref().filter(|account| !is_known(account)) {
            let next = format!("--api-key with one of {}", known.join(", "));
            return Err(Failure::of_file(path, format!("has no account {account}")).with_next(next));
        }
        // The variable may have been set for another purpose.
        let named = self.api_key.clone().or_else(|| variable(API_KEY).filter(is_known));
        let only = if let [only] = known[..] { Some(only.to_owned()) } else { None };
        Ok(Secrets { account: named.or(only), keyring, public: false })
    }

    fn source(&self) -> Option<Source> {
        let decode = |bytes| if self.secret_base64 { decode(bytes) } else { Ok(bytes) };
        if let Some(path) = &self.keyring {
            return Some(Source::Keyring(path.clone()));
        }
        if let Some(path) = &self.secret_file {
            return Some(Source::Secret(read(path, limits::MAX_SECRET_BYTES).and_then(decode)));
        }
        if let Some(name) = &self.secret_env {
            let missing = || Failure::usage(format!("the variable {} is not set", name.display()), NEXT);
            return Some(Source::Secret(secret_of(name).ok_or_else(missing).and_then(decode)));
        }
        if let Some(value) = variable(KEYRING).filter(|_| !self.secret_base64) {
            // Servers are given the text itself or a path; the text is one JSON object.
            let is_text = value.trim_start().starts_with('{');
            return Some(if is_text {
                Source::KeyringText(Zeroizing::new(value))
            } else {
                Source::Keyring(value.into())
            });
        }
        secret_of(SECRET.as_ref()).map(|bytes| Source::Secret(decode(bytes)))
    }
}

enum Source {
    Keyring(PathBuf),
    KeyringText(Zeroizing<String>),
    Secret(Result<Zeroizing<Vec<u8>>, Failure>),
}

/// A variable that is set and not empty.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn secret_of(name: &std::ffi::OsStr) -> Option<Zeroizing<Vec<u8>>> {
    let value = env::var_os(name)?;
    Some(Zeroizing::new(value.into_encoded_bytes())).filter(|bytes| !bytes.is_empty())
}

/// A file with a secret or a keyring in it, or standard input, up to a ceiling.
fn read(path: &Path, most: usize) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let fault = |error: io::Error| Failure::of_file(path, error).with_next(NEXT);
    let mut bytes = Zeroizing::new(Vec::new());
    let room = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let _ = if path == Path::new(STDIN) {
        io::stdin().lock().take(room).read_to_end(&mut bytes).map_err(fault)?
    } else {
        fs::File::open(path).map_err(fault)?.take(room).read_to_end(&mut bytes).map_err(fault)?
    };
    if bytes.len() > most {
        return Err(Failure::of_file(path, format!("is longer than {most} bytes")).with_next(NEXT));
    }
    Ok(bytes)
}

fn decode(text: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, Failure> {
    use base64::Engine as _;
    // A file of base64 ends with a newline as a rule, which is no part of it.
    let decoded = base64::engine::general_purpose::STANDARD.decode(text.trim_ascii());
    decoded.map(Zeroizing::new).map_err(|_| Failure::new("the secret is not base64 with padding", NEXT))
}

fn one(account: &str, secret: &[u8]) -> Result<Secrets, Failure> {
    let mut keyring = Keyring::new();
    keyring.add_secret(account, LABEL, secret).map_err(|error| Failure::new(error, NEXT))?;
    Ok(Secrets { account: Some(account.to_owned()), keyring, public: false })
}
