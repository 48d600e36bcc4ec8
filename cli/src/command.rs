//! The subcommands, one file each.

use std::process::ExitCode;

use clap::Subcommand;

mod check_keyring;
mod completions;
mod conformance;
mod decode;
mod doctor;
mod explain;
mod listen;
mod man;
mod samples;
mod send;
mod sign;
mod verify;

use crate::failure::Failure;

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    CheckKeyring(check_keyring::CheckKeyring),
    Completions(completions::Completions),
    Conformance(conformance::Conformance),
    Decode(decode::Decode),
    Doctor(Box<doctor::Doctor>),
    Explain(explain::Explain),
    Listen(Box<listen::Listen>),
    Man(man::Man),
    Samples(samples::Samples),
    Send(Box<send::Send>),
    Sign(sign::Sign),
    Verify(verify::Verify),
}

/// How a command that gave an answer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Fine,
    /// Something failed or was refused.
    Refused,
}

impl Command {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        match self {
            Command::CheckKeyring(command) => command.run(),
            Command::Completions(command) => command.run(),
            Command::Conformance(command) => command.run(),
            Command::Decode(command) => command.run(),
            Command::Doctor(command) => command.run(),
            Command::Explain(command) => command.run(),
            Command::Listen(command) => command.run(),
            Command::Man(command) => command.run(),
            Command::Samples(command) => command.run(),
            Command::Send(command) => command.run(),
            Command::Sign(command) => command.run(),
            Command::Verify(command) => command.run(),
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        match outcome {
            Outcome::Fine => ExitCode::SUCCESS,
            Outcome::Refused => ExitCode::from(1),
        }
    }
}
