//! `hookproof check-keyring`: whether a keyring text would be taken, and what looks wrong about its secrets.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use hookproof::Keyring;
use zeroize::Zeroizing;

use super::Outcome;
use crate::failure::Failure;
use crate::secrets::KEYRING_FORM;

/// Checks a keyring file: prints the accounts, the labels of their secrets and what looks wrong, and no secret.
#[derive(Args)]
pub(crate) struct CheckKeyring {
    /// The keyring, the JSON text that every program with hookproof reads.
    file: PathBuf,
}

impl CheckKeyring {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let text = fs::read(&self.file).map(Zeroizing::new).map_err(|error| Failure::of_file(&self.file, error))?;
        let text = std::str::from_utf8(&text).map_err(|_| Failure::of_file(&self.file, "is not valid UTF-8"))?;
        let refused = |fault: &dyn std::fmt::Display| Failure::of_file(&self.file, fault).with_next(KEYRING_FORM);
        let keyring = Keyring::from_json(text).map_err(|error| refused(&error))?;
        if keyring.is_empty() {
            return Err(refused(&"has no account"));
        }
        print(&keyring, &mut io::stdout().lock())?;
        Ok(Outcome::Fine)
    }
}

fn print(keyring: &Keyring, out: &mut impl Write) -> io::Result<()> {
    for api_key in keyring.api_keys() {
        writeln!(out, "account {api_key}: {}", keyring.labels(api_key).join(", "))?;
    }
    for lint in keyring.lints() {
        writeln!(out, "lint {lint}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_accounts_labels_and_lints_and_no_secret() {
        let mut keyring = Keyring::new();
        keyring.add_secret("b2", "production", b"0123456789abcdef0123456789abcdef").unwrap();
        keyring.add_secret("a1", "old", b"fedcba9876543210fedcba9876543210\n").unwrap();
        keyring.add_secret("a1", "new", b"0123456789abcdef0123456789abcdef").unwrap();
        let mut out = Vec::new();
        print(&keyring, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out, "account a1: old, new\naccount b2: production\nlint a1/old: ends with a newline\n");
    }
}
