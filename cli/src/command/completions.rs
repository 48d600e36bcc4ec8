//! `hookproof completions`: what a shell needs to complete the command's arguments.

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Outcome;
use crate::Arguments;
use crate::failure::Failure;

/// Prints the completions for a shell. `make install` puts them where bash, zsh and fish look.
#[derive(Args)]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "hookproof", &mut script);
        io::stdout().lock().write_all(&script)?;
        Ok(Outcome::Fine)
    }
}
