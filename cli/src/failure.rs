//! What keeps a command from giving any answer: a file that cannot be read, a configuration that is refused.

use std::fmt;
use std::io;
use std::path::Path;

/// The exit status of a command that failed in this way.
pub(crate) const EXIT_STATUS: u8 = 3;

/// A message for the person at the terminal. It names files and places, and never a secret.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// A fault found in or about a file.
    pub(crate) fn of_file(path: &Path, fault: impl fmt::Display) -> Failure {
        Failure(format!("{}: {fault}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<io::Error> for Failure {
    /// Writing the answer failed: nothing else in a command uses bare I/O errors.
    fn from(error: io::Error) -> Failure {
        Failure(format!("writing the output: {error}"))
    }
}
