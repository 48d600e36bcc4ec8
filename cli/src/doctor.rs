//! What an installation is made of, and what lies between a sender and a server: found by looking and by sending probes.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

mod change;
mod probe;

pub(crate) use probe::{Probe, server};

use crate::clock::{now, rfc3339};
use crate::secrets::Secrets;

/// How good what was found is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grade {
    Good,
    /// Worth a look, and not wrong in every case.
    Warn,
    Bad,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) grade: Grade,
    /// What it is about.
    pub(crate) subject: &'static str,
    pub(crate) words: String,
    /// What to do about it.
    pub(crate) next: Option<String>,
}

impl Finding {
    pub(crate) fn good(subject: &'static str, words: impl Into<String>) -> Finding {
        Finding { grade: Grade::Good, subject, words: words.into(), next: None }
    }

    pub(crate) fn warn(subject: &'static str, words: impl Into<String>, next: impl Into<String>) -> Finding {
        Finding { grade: Grade::Warn, subject, words: words.into(), next: Some(next.into()) }
    }

    pub(crate) fn bad(subject: &'static str, words: impl Into<String>, next: impl Into<String>) -> Finding {
        Finding { grade: Grade::Bad, subject, words: words.into(), next: Some(next.into()) }
    }

    pub(crate) fn json(&self) -> Value {
        let grade = match self.grade {
            Grade::Good => "good",
            Grade::Warn => "warn",
            Grade::Bad => "bad",
        };
        json!({ "grade": grade, "subject": self.subject, "words": self.words, "next": self.next })
    }
}

/// The command, and the C library that programs on this machine would find.
pub(crate) fn installation() -> Vec<Finding> {
    let version = env!("CARGO_PKG_VERSION");
    let command = Finding::good(
        "command",
        format!("hookproof {version}; profiles standard, video, contact_center, cloud_runtime, sms_*; TLS"),
    );
    vec![command, c_library(version)]
}

fn c_library(version: &str) -> Finding {
    const SUBJECT: &str = "C library";
    let Some(installed) = pkg_config(&["--modversion"]) else {
        return Finding::good(
            SUBJECT,
            "pkg-config finds none; only C, C++, Go and PHP need it (make install, PKG_CONFIG_PATH)",
        );
    };
    let folder = |name: &str| pkg_config(&[&format!("--variable={name}")]).map(PathBuf::from).unwrap_or_default();
    let header = folder("includedir").join("hookproof.h");
    let library = folder("libdir").join("libhookproof.so");
    let next = "make install once more, with the same PREFIX";
    let Some(abi) = std::fs::read_to_string(&header).ok().and_then(|text| abi_of(&text)) else {
        return Finding::bad(SUBJECT, format!("{} names no ABI", header.display()), next);
    };
    if !Path::new(&library).exists() {
        return Finding::bad(SUBJECT, format!("{} is not there", library.display()), next);
    }
    let words = format!("hookproof {installed}, ABI {abi}, {}", library.display());
    if installed == version {
        Finding::good(SUBJECT, words)
    } else {
        Finding::warn(SUBJECT, format!("{words}; this command is {version}"), "install both from the same version")
    }
}

fn pkg_config(arguments: &[&str]) -> Option<String> {
    // A secret in our environment is nothing for another program.
    let needed = |(name, _): &(OsString, OsString)| {
        name.to_str().is_some_and(|name| name == "PATH" || name.starts_with("PKG_CONFIG"))
    };
    let mut command = Command::new("pkg-config");
    command.args(arguments).arg("hookproof").env_clear().envs(env::vars_os().filter(needed));
    let output = command.output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

/// The ABI's number in a header.
fn abi_of(header: &str) -> Option<u32> {
    header.lines().find_map(|line| line.strip_prefix("#define HOOKPROOF_ABI_VERSION ")?.trim().parse().ok())
}

/// 2026 and 2100: a clock outside them was never set.
const SANE: std::ops::Range<i64> = 1_767_225_600..4_102_444_800;

pub(crate) fn clock() -> Finding {
    let (now, words) = (now(), rfc3339(now() * 1000));
    if SANE.contains(&now) {
        Finding::good("clock", words)
    } else {
        Finding::bad("clock", format!("{words} cannot be right"), "set the clock: NTP")
    }
}

/// What looks wrong about the secrets.
pub(crate) fn secrets(secrets: &Secrets) -> Vec<Finding> {
    if secrets.public {
        let words = "none was named: probes are signed with the public one of the samples";
        return vec![Finding::warn("secrets", words, "--keyring FILE, or --api-key KEY with --secret-file FILE")];
    }
    let lints = secrets.keyring.lints();
    if lints.is_empty() {
        return vec![Finding::good("secrets", format!("accounts: {}", secrets.keyring.api_keys().join(", ")))];
    }
    let next = "copy the signature secret from the dashboard again, without what an editor adds";
    lints.iter().map(|lint| Finding::warn("secrets", lint.to_string(), next)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_abi_is_read_from_the_header() {
        assert_eq!(abi_of(include_str!("../../include/hookproof.h")), Some(1));
        assert_eq!(abi_of("#define HOOKPROOF_ABI_VERSION x"), None);
    }

    #[test]
    fn secrets_are_named_by_account_and_label_and_never_shown() {
        let mut keyring = hookproof::Keyring::new();
        keyring.add_secret("a1", "old", b"hush-hush\n").unwrap();
        let found = secrets(&Secrets { keyring, account: None, public: false });
        let words: Vec<&str> = found.iter().map(|finding| finding.words.as_str()).collect();
        assert_eq!(words, ["a1/old: is shorter than 32 bytes", "a1/old: ends with a newline"]);
    }
}
