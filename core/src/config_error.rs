//! Configuration errors: something is wrong with the set-up, found before any request is judged.

use std::fmt;

/// A configuration value was refused. It names the place and the rule, and never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    place: String,
    rule: String,
}

impl ConfigError {
    /// A refusal of the value at `place`, by `rule`. Neither text may hold the value, which may be a secret.
    #[must_use]
    pub fn new(place: impl Into<String>, rule: impl Into<String>) -> ConfigError {
        ConfigError { place: place.into(), rule: rule.into() }
    }

    /// The same fault, seen from further out.
    pub(crate) fn within(self, outer: &str) -> ConfigError {
        let place = if self.place.is_empty() { outer.to_owned() } else { format!("{outer}.{}", self.place) };
        ConfigError { place, ..self }
    }

    /// Where the fault is: `accounts[3].secrets[0].label`, `max_age`.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.rule)
    }
}

impl std::error::Error for ConfigError {}
