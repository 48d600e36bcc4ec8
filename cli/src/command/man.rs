//! `hookproof man`: the manual pages, made from the same definitions as `--help`.

use std::fs;
use std::path::PathBuf;

use clap::{Args, CommandFactory};

use super::Outcome;
use crate::Arguments;
use crate::failure::Failure;

/// Writes the manual pages into a folder: one for the command, and one for each subcommand.
#[derive(Args)]
pub(crate) struct Man {
    /// The folder; it is made if it is not there.
    folder: PathBuf,
}

impl Man {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let fault = |error| Failure::of_file(&self.folder, error).with_next("another folder");
        fs::create_dir_all(&self.folder).map_err(fault)?;
        clap_mangen::generate_to(Arguments::command(), &self.folder).map_err(fault)?;
        Ok(Outcome::Fine)
    }
}
