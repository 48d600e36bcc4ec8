//! Generates the files of this repository that follow from others, and checks that they still do.

mod go;
mod header;
mod mistakes;
mod php;
mod python;
mod reasons;
mod repository;
mod samples;
mod symbols;
mod types;

use std::process::ExitCode;

use repository::{Failure, Mode};

const USAGE: &str = "\
usage: cargo xtask <task> [--check]

  header    include/hookproof.h from ffi/src and the table of reasons
  reasons   docs/reasons.md from the table of reasons
  mistakes  docs/mistakes.md from the table of known mistakes
  python    python/hookproof/errors.py and events.py from the reasons and the description of the events
  go        go/reasons.go, redis_scripts.go and events/records.go from the reasons, the events and the Redis scripts
  php       the declarations and tables of php/src from the C header, the reasons, the events and the Redis scripts
  samples   cli/src/sample/table.rs from tests/payloads
  symbols   tests/abi/symbols.txt from the shared library, compared with the header and ffi/src/lib.rs
            (--library PATH: take a library that is already built)
  generate  all of them
  check     all of them with --check

Without --check the file is written. With it nothing is written, and a difference is a failure.
";

type Task = fn(Mode) -> Result<(), Failure>;

/// What follows from the sources, in an order in which nothing needs what comes after it.
const TASKS: [(&str, Task); 8] = [
    ("header", header::run),
    ("reasons", reasons::run),
    ("mistakes", mistakes::run),
    ("python", python::run),
    ("go", go::run),
    ("php", php::run),
    ("samples", samples::run),
    ("symbols", |mode| symbols::run(mode, None)),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<(), Failure> {
    match arguments {
        ["generate"] => TASKS.iter().try_for_each(|(_, task)| task(Mode::Write)),
        ["check"] => check_all(),
        ["symbols", "--library", library] => symbols::run(Mode::Write, Some(library)),
        ["symbols", "--check", "--library", library] | ["symbols", "--library", library, "--check"] => {
            symbols::run(Mode::Check, Some(library))
        }
        [name] => named(name)?(Mode::Write),
        [name, "--check"] => named(name)?(Mode::Check),
        _ => Err(USAGE.into()),
    }
}

fn named(name: &str) -> Result<Task, Failure> {
    TASKS.iter().find(|(own, _)| *own == name).map(|(_, task)| *task).ok_or_else(|| USAGE.into())
}

/// All of them run, so that one failure does not hide another.
fn check_all() -> Result<(), Failure> {
    let failures: Vec<String> =
        TASKS.iter().filter_map(|(_, task)| task(Mode::Check).err()).map(|failure| failure.to_string()).collect();
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\nxtask: ").into()) }
}
