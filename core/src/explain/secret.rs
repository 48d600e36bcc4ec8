//! Mistakes about the secret: what is near it is tried.

use std::sync::Arc;

use encoding_rs::WINDOWS_1252;
use zeroize::Zeroizing;

use super::case::{Case, Finding};
use super::mistake::{Kind, Mistake};
use crate::encoding;
use crate::keyring::{KnownSecret, Lint};
use crate::verifier::Refusal;

/// Bytes of a secret, wiped when dropped.
type Bytes = Zeroizing<Vec<u8>>;

/// The most that the vendor's dashboard keeps of a secret, in bytes.
const DASHBOARD_BYTES: usize = 50;

/// Secrets of manuals, test tools and the samples of this project.
const KNOWN: &[&[u8]] = &[
    b"secret",
    b"your-256-bit-secret",
    b"a-string-secret-at-least-256-bits-long",
    b"your-secret-key",
    b"your_secret_key",
    b"your-signature-secret",
    b"changeme",
    b"test",
    b"this secret of the samples is public, no server may use it",
];

pub(super) fn find<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    let named = case.untrusted_account().or_else(|| only_account(case))?;
    let found = near(case, &named);
    found
        .or_else(|| of_another_account(case, &named))
        .or_else(|| known_to_everybody(case, &named))
        .or_else(|| changed_parameters(case, refusal))
        .or_else(|| by_looks(case, &named))
}

/// What is near a secret of the account, and behind that what is near the result.
fn near<'a>(case: &Case<'a>, named: &str) -> Option<Finding<'a>> {
    let keyring = case.keyring.clone()?;
    let ours = || keyring.secrets().filter(|known| known.account == named);
    for known in ours() {
        let mut seen: Vec<Bytes> = ours().map(|known| Zeroizing::new(known.secret.to_vec())).collect();
        let mut is_new = |bytes: &Bytes| {
            let new = !seen.contains(bytes);
            if new {
                seen.push(bytes.clone());
            }
            new
        };
        let mut first = Vec::new();
        for (kind, bytes) in variants(known.secret) {
            if !is_new(&bytes) {
                continue;
            }
            if let Some(fitting) = with_secret(case, named, &known, &bytes) {
                return Some(Finding::mended(kind.with(of(&known)), fitting));
            }
            first.push((kind, bytes));
        }
        for (kind, bytes) in &first {
            for (second, bytes) in variants(bytes) {
                if is_new(&bytes)
                    && let Some(fitting) = with_secret(case, named, &known, &bytes)
                {
                    let mistakes = vec![kind.with(of(&known)), second.with(of(&known))];
                    return Some(Finding { mistakes, mended: Some(fitting) });
                }
            }
        }
    }
    None
}

/// A secret of another account, as it is.
pub(super) fn of_another_account<'a>(case: &Case<'a>, named: &str) -> Option<Finding<'a>> {
    let keyring = case.keyring.clone()?;
    let others = keyring.secrets().filter(|known| known.account != named);
    others.into_iter().find_map(|known| {
        let fitting = with_secret(case, named, &known, known.secret)?;
        let alike = known.account.trim().eq_ignore_ascii_case(named.trim());
        let kind = if alike { Kind::AccountSpelling } else { Kind::SecretOtherAccount };
        Some(Finding::mended(kind.with(of(&known)), fitting))
    })
}

/// A secret that proves nothing.
pub(super) fn known_to_everybody<'a>(case: &Case<'a>, named: &str) -> Option<Finding<'a>> {
    let mut keyring = crate::keyring::Keyring::new();
    for (number, secret) in KNOWN.iter().enumerate() {
        keyring.add_secret(named, &number.to_string(), secret).ok()?;
    }
    let candidate = Case { keyring: Some(Arc::new(keyring)), ..case.clone() };
    if candidate.is_signed() { Finding::seen(Kind::TokenTestSecret.bare()) } else { None }
}

/// The SMS API signs the parameters by the secret itself, so one that was changed fails here.
fn changed_parameters<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    if case.is_sms() { super::sms::find(case, refusal) } else { None }
}

/// What the lints of the secrets tried say.
fn by_looks<'a>(case: &Case<'a>, named: &str) -> Option<Finding<'a>> {
    let keyring = case.keyring.as_ref()?;
    let mistake = |known: KnownSecret<'_>| -> Option<Mistake> {
        let kind = known.lints.iter().find_map(|lint| match lint {
            Lint::LooksLikeApiSecret => Some(Kind::SecretApiSecret),
            Lint::Placeholder => Some(Kind::SecretPlaceholder),
            Lint::LooksLikePem => Some(Kind::SecretPem),
            Lint::LooksLikeApplicationId => Some(Kind::SecretApplicationId),
            _ => None,
        })?;
        Some(kind.with(of(&known)))
    };
    let found = keyring.secrets().filter(|known| known.account == named).find_map(mistake);
    found.and_then(Finding::seen)
}

fn only_account(case: &Case<'_>) -> Option<String> {
    let keyring = case.keyring.as_ref()?;
    match keyring.api_keys()[..] {
        [only] => Some(only.to_owned()),
        _ => None,
    }
}

/// The case with these bytes in place of the secret, if they make the signature.
fn with_secret<'a>(case: &Case<'a>, account: &str, known: &KnownSecret<'_>, bytes: &[u8]) -> Option<Case<'a>> {
    let keyring = case.keyring.as_ref()?.with_one_secret(account, known, bytes)?;
    let candidate = Case { keyring: Some(Arc::new(keyring)), ..case.clone() };
    candidate.is_signed().then_some(candidate)
}

fn of(known: &KnownSecret<'_>) -> String {
    format!("secret {} of account {}", known.label.escape_debug(), known.account.escape_debug())
}

/// What a secret may have been, or should have been, before one known mistake.
fn variants(secret: &[u8]) -> Vec<(Kind, Bytes)> {
    let mut found = Vec::new();
    let mut add = |kind: Kind, bytes: &[u8]| {
        if bytes != secret && !bytes.is_empty() {
            found.push((kind, Zeroizing::new(bytes.to_vec())));
        }
    };
    let text = std::str::from_utf8(secret).ok();

    let without_newline = secret.iter().rev().skip_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    add(Kind::SecretNewline, secret.get(..without_newline).unwrap_or_default());
    if let Some(text) = text {
        add(Kind::SecretBom, text.trim_start_matches('\u{feff}').as_bytes());
        let invisible = |letter: char| letter.is_whitespace() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}');
        add(Kind::SecretWhiteSpace, text.trim_matches(invisible).as_bytes());
        for (open, close) in [("\"", "\""), ("'", "'"), ("`", "`"), ("\u{201c}", "\u{201d}"), ("\u{2018}", "\u{2019}")]
        {
            let inner = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
            add(Kind::SecretQuoted, inner.unwrap_or_default().as_bytes());
        }
        add(Kind::SecretAssignment, assigned(text).unwrap_or_default().as_bytes());
        add(Kind::SecretCase, Zeroizing::new(text.to_ascii_lowercase()).as_bytes());
        add(Kind::SecretCase, Zeroizing::new(text.to_ascii_uppercase()).as_bytes());
        let (half, rest) = text.split_at_checked(text.len() / 2).unwrap_or_default();
        add(Kind::SecretTwice, if half == rest { half.as_bytes() } else { &[] });
        add(Kind::SecretEscaped, Zeroizing::new(encoding::html_decoded(text)).as_bytes());
        let (latin, _, lossy) = WINDOWS_1252.encode(text);
        let latin = Zeroizing::new(latin.into_owned());
        add(Kind::SecretCharset, if lossy { &[] } else { &latin });
    }
    for plus in [false, true] {
        let decoded = encoding::percent_decoded(secret, plus).map(Zeroizing::new).unwrap_or_default();
        add(Kind::SecretEscaped, &decoded);
    }
    add(Kind::SecretEscaped, &Zeroizing::new(encoding::backslashes_removed(secret)));
    // HMAC fills short keys with zeros itself, so this matters beyond 64 bytes only.
    let zeros = secret.iter().rev().take_while(|byte| **byte == 0).count();
    add(Kind::SecretNul, secret.get(..secret.len().saturating_sub(zeros)).unwrap_or_default());
    add(Kind::SecretTooLong, secret.get(..DASHBOARD_BYTES).unwrap_or_default());
    let decoded = encoding::any_base64(secret).map(Zeroizing::new).unwrap_or_default();
    add(Kind::SecretBase64, &decoded);
    add(Kind::SecretHex, &encoding::hex(secret).map(Zeroizing::new).unwrap_or_default());
    for text in encoding::to_any_base64(secret) {
        add(Kind::SecretBase64Decoded, Zeroizing::new(text).as_bytes());
    }
    let hex = Zeroizing::new(encoding::to_hex(secret));
    add(Kind::SecretHexDecoded, hex.as_bytes());
    add(Kind::SecretHexDecoded, Zeroizing::new(hex.to_ascii_uppercase()).as_bytes());
    for candidate in encoding::to_utf8(secret) {
        add(Kind::SecretCharset, Zeroizing::new(candidate).as_bytes());
    }
    for end in [&b"\n"[..], b"\r\n"] {
        add(Kind::SecretNewlineMissing, &Zeroizing::new([secret, end].concat()));
    }
    found
}

/// What stands behind the name of a variable, as in a line of a file of them.
fn assigned(text: &str) -> Option<&str> {
    let text = text.strip_prefix("export ").unwrap_or(text);
    let (name, value) = text.split_once('=').or_else(|| text.split_once(": "))?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some(value)
}
