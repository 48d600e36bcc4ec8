//! What looks wrong about a secret. The classic causes of "the signature is wrong" are found when the secret is
//! configured, and named again beside the refusal.

use std::fmt;

use crate::limits::ADVISED_SECRET_BYTES;
use crate::secret::Secret;

/// Something that looks wrong about a secret. It is used as it is all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Lint {
    /// It has fewer bytes than RFC 7518 3.2 asks for.
    Short,
    /// It ends with a newline, as `echo` and editors leave it.
    EndsWithNewline,
    /// It begins or ends with other white space.
    SurroundedByWhiteSpace,
    /// It begins and ends with a quotation mark.
    Quoted,
    /// It looks like a variable that nobody has filled in.
    Placeholder,
    /// It looks like a PEM file: the private key of an application is not the signature secret.
    LooksLikePem,
    /// It looks like an application id.
    LooksLikeApplicationId,
    /// It looks like an API secret: 16 letters and digits.
    LooksLikeApiSecret,
}

impl Lint {
    /// What is wrong, in words that fit behind a label: `ends with a newline`.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Lint::Short => "is shorter than 32 bytes",
            Lint::EndsWithNewline => "ends with a newline",
            Lint::SurroundedByWhiteSpace => "begins or ends with white space",
            Lint::Quoted => "stands in quotation marks",
            Lint::Placeholder => "looks like a placeholder that nobody filled in",
            Lint::LooksLikePem => "looks like a PEM file, not a signature secret",
            Lint::LooksLikeApplicationId => "looks like an application id, not a signature secret",
            Lint::LooksLikeApiSecret => "looks like an API secret, not a signature secret",
        }
    }
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// A lint and the secret it is about. Displays as `a1b2c3d4/production: ends with a newline`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyLint {
    api_key: String,
    label: String,
    lint: Lint,
}

impl KeyLint {
    pub(super) fn new(api_key: &str, label: &str, lint: Lint) -> KeyLint {
        KeyLint { api_key: api_key.to_owned(), label: label.to_owned(), lint }
    }

    /// The account.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// The label of the secret.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// What looks wrong.
    #[must_use]
    pub fn lint(&self) -> Lint {
        self.lint
    }
}

impl fmt::Display for KeyLint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}: {}", self.api_key, self.label, self.lint)
    }
}

/// All that looks wrong about a secret.
pub(super) fn lints_of(secret: &Secret) -> Vec<Lint> {
    let bytes = secret.expose();
    let trimmed = bytes.trim_ascii();
    let bare = unquoted(trimmed).unwrap_or(trimmed);
    let newline = bytes.ends_with(b"\n");
    let checks = [
        (Lint::Short, bytes.len() < ADVISED_SECRET_BYTES),
        (Lint::EndsWithNewline, newline),
        (Lint::SurroundedByWhiteSpace, !newline && trimmed.len() != bytes.len()),
        (Lint::Quoted, unquoted(trimmed).is_some()),
        (Lint::Placeholder, is_placeholder(bare)),
        (Lint::LooksLikePem, bare.starts_with(b"-----BEGIN ")),
        (Lint::LooksLikeApplicationId, is_uuid(bare)),
        (Lint::LooksLikeApiSecret, is_api_secret(bare)),
    ];
    checks.into_iter().filter_map(|(lint, found)| found.then_some(lint)).collect()
}

fn unquoted(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => Some(inner),
        _ => None,
    }
}

fn is_placeholder(text: &[u8]) -> bool {
    let wrapped = |open: &[u8], close: &[u8]| text.starts_with(open) && text.ends_with(close);
    let variable = |name: &[u8]| {
        !name.is_empty() && name.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
    };
    let words: [&[u8]; 12] = [
        b"undefined",
        b"null",
        b"none",
        b"nil",
        b"secret",
        b"changeme",
        b"change-me",
        b"change_me",
        b"todo",
        b"password",
        b"your-signature-secret",
        b"your_signature_secret",
    ];
    wrapped(b"${", b"}")
        || wrapped(b"{{", b"}}")
        || wrapped(b"<", b">")
        || wrapped(b"%", b"%")
        || text.strip_prefix(b"$").is_some_and(variable)
        || variable(text) && text.contains(&b'_')
        || words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn is_uuid(text: &[u8]) -> bool {
    let digit = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.iter().enumerate().all(digit)
}

fn is_api_secret(text: &[u8]) -> bool {
    text.len() == 16 && text.iter().all(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lints(secret: &str) -> Vec<Lint> {
        lints_of(&Secret::copied(secret.as_bytes()).unwrap())
    }

    #[test]
    fn a_good_secret_has_none() {
        assert_eq!(lints("ZYtdTtGV3BCFN7tWmOWr1md66XsquMggr4W2cTtXtcPgfnI0Xw"), []);
        assert_eq!(lints(&"q w".repeat(20)), []);
    }

    #[test]
    fn the_classic_faults_are_found() {
        use Lint::*;
        let long = "0123456789012345678901234567890123456789x";
        assert_eq!(lints("short"), [Short]);
        assert_eq!(lints(&format!("{long}\n")), [EndsWithNewline]);
        assert_eq!(lints(&format!("{long}\r\n")), [EndsWithNewline]);
        assert_eq!(lints(&format!(" {long}")), [SurroundedByWhiteSpace]);
        assert_eq!(lints(&format!("\"{long}\"")), [Quoted]);
        assert_eq!(lints(&format!("'{long}'\n")), [EndsWithNewline, Quoted]);
        for text in
            ["${VONAGE_SIGNATURE_SECRET}", "$SECRET", "<your secret>", "{{ secret }}", "undefined", "VONAGE_SECRET"]
        {
            assert_eq!(lints(text), [Short, Placeholder], "{text}");
        }
        assert_eq!(lints("-----BEGIN PRIVATE KEY-----\nMIIE"), [LooksLikePem]);
        assert_eq!(lints("aaaaaaaa-bbbb-cccc-dddd-0123456789ab"), [LooksLikeApplicationId]);
        assert_eq!(lints("aB3dE6gH9jK2mN5p"), [Short, LooksLikeApiSecret]);
        assert_eq!(lints("\"aB3dE6gH9jK2mN5p\""), [Short, Quoted, LooksLikeApiSecret]);
    }
}
