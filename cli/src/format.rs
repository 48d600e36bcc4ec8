//! How answers are written: for people, in colours where a terminal shows them, or as JSON.
//!
//! Colours go through `anstream`, which takes them out for files and pipes and where `NO_COLOR` is set. Nothing is said by a
//! colour alone.

use std::io::{self, Write};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use clap::{Args, ValueEnum};
use serde_json::{Map, Value};

/// For whom an answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object with a version, for programs.
    Json,
}

/// The option that every command with an answer has.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct FormatOption {
    /// How to write the answer.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
}

/// The version of the JSON that commands write. It changes when a member goes away or means something else; new members may
/// come at any time.
const JSON_VERSION: u64 = 1;

pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const FAINT: Style = Style::new().dimmed();
pub(crate) const STRONG: Style = Style::new().bold();

/// Standard output for people.
pub(crate) fn stdout() -> AutoStream<io::StdoutLock<'static>> {
    anstream::stdout().lock()
}

/// Writes bytes to standard output as they are, whatever they are.
pub(crate) fn exact(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Standard error for people.
pub(crate) fn stderr() -> AutoStream<io::StderrLock<'static>> {
    anstream::stderr().lock()
}

/// Writes one JSON object in one line, with the version in front of its members.
pub(crate) fn json(out: &mut impl Write, members: Map<String, Value>) -> io::Result<()> {
    write!(out, "{{\"version\":{JSON_VERSION}")?;
    for (name, value) in members {
        write!(out, ",{}:{value}", Value::from(name))?;
    }
    writeln!(out, "}}")
}

/// Text of a stranger, made safe for a terminal: control characters and whatever else could not be seen are escaped.
pub(crate) fn printable(text: &[u8]) -> String {
    String::from_utf8_lossy(text).escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'")
}

/// Tells the person at the terminal something that is no answer.
pub(crate) fn warn(message: &str) {
    // There is nobody left to tell if standard error is closed.
    let _ = writeln!(stderr(), "{WARN}warning:{WARN:#} {message}");
}
