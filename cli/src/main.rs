//! The `hookproof` command.
//!
//! Exit status of every subcommand: 0 done or verified, 1 something failed or was refused, 2 usage, 3 a file could not be
//! read or a configuration was refused.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

mod clock;
mod command;
mod conformance;
mod doctor;
mod failure;
mod format;
mod http;
mod judge;
mod listen;
mod pairs;
mod request;
mod sample;
mod secrets;
mod send;
mod signed;
mod signing;

use command::Command;

/// Strict verification of signed Vonage webhooks.
#[derive(Parser)]
#[command(
    name = "hookproof",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    max_term_width = 110
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    match Arguments::parse().command.run() {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            if !failure.is_silent() {
                // There is nobody left to tell if standard error is closed.
                let _ = writeln!(io::stderr(), "hookproof: {failure}");
            }
            ExitCode::from(failure.exit_status())
        }
    }
}
