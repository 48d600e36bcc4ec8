//! What keeps a command from giving any answer: a file that cannot be read, a configuration that is refused.

use std::fmt;
use std::io;
use std::path::Path;

/// The exit status of a command that failed in this way.
const EXIT_STATUS: u8 = 3;

/// The exit status of a command that was called wrongly, as clap has it.
const USAGE_EXIT_STATUS: u8 = 2;

/// A message for the person at the terminal. It names files and places, and never a secret.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    /// What to try next.
    next: String,
    exit_status: u8,
}

impl Failure {
    /// A fault of a file, a configuration or the system, and what to try next.
    pub(crate) fn new(message: impl fmt::Display, next: impl Into<String>) -> Failure {
        Failure { message: message.to_string(), next: next.into(), exit_status: EXIT_STATUS }
    }

    /// Arguments that do not go together, and what to try next.
    pub(crate) fn usage(message: impl fmt::Display, next: impl Into<String>) -> Failure {
        Failure { exit_status: USAGE_EXIT_STATUS, ..Failure::new(message, next) }
    }

    /// A fault found in or about a file.
    pub(crate) fn of_file(path: &Path, fault: impl fmt::Display) -> Failure {
        Failure::new(format!("{}: {fault}", path.display()), "another file; --help says what it must hold")
    }

    /// The same, with what to try next.
    pub(crate) fn with_next(self, next: impl Into<String>) -> Failure {
        Failure { next: next.into(), ..self }
    }

    /// Whether there is nothing to say.
    pub(crate) fn is_silent(&self) -> bool {
        self.message.is_empty()
    }

    pub(crate) fn exit_status(&self) -> u8 {
        self.exit_status
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  try: {}", self.message, self.next)
    }
}

impl From<io::Error> for Failure {
    /// Writing the answer failed: nothing else in a command uses bare I/O errors.
    fn from(error: io::Error) -> Failure {
        // Whoever closed the pipe has seen enough, and is told nothing.
        let is_closed = error.kind() == io::ErrorKind::BrokenPipe;
        let message = if is_closed { String::new() } else { format!("writing the output: {error}") };
        Failure::new(message, "another place for the output")
    }
}
