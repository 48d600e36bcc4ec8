//! Generates the files of this repository that follow from others, and checks that they still do.

mod header;
mod mistakes;
mod python;
mod reasons;
mod repository;
mod samples;
mod symbols;

use std::process::ExitCode;

use repository::{Failure, Mode};

const USAGE: &str = "\
usage: cargo xtask <task> [--check]

  header    include/hookproof.h from ffi/src and the table of reasons
  reasons   docs/reasons.md from the table of reasons
  python    python/hookproof/errors.py and events.py from the table of reasons and the description of the events
  mistakes  docs/mistakes.md from the table of known mistakes
  samples   cli/src/sample/table.rs from tests/payloads
  symbols   tests/abi/symbols.txt from the shared library, compared with the header and ffi/src/lib.rs
            (--library PATH: take a library that is already built)
  check     all of them with --check

Without --check the file is written. With it nothing is written, and a difference is a failure.
";

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
    let Some((task, options)) = arguments.split_first() else {
        return Err(USAGE.into());
    };
    let mut mode = Mode::Write;
    let mut library = None;
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match (*option, *task) {
            ("--check", _) => mode = Mode::Check,
            ("--library", "symbols") => library = Some(*options.next().ok_or(USAGE)?),
            _ => return Err(USAGE.into()),
        }
    }
    match *task {
        "header" => header::run(mode),
        "python" => python::run(mode),
        "reasons" => reasons::run(mode),
        "mistakes" => mistakes::run(mode),
        "samples" => samples::run(mode),
        "symbols" => symbols::run(mode, library),
        "check" => {
            // All of them run, so that one failure does not hide another.
            let results = [
                header::run(Mode::Check),
                python::run(Mode::Check),
                reasons::run(Mode::Check),
                mistakes::run(Mode::Check),
                samples::run(Mode::Check),
                symbols::run(Mode::Check, None),
            ];
            let failures: Vec<String> =
                results.into_iter().filter_map(Result::err).map(|failure| failure.to_string()).collect();
            if failures.is_empty() { Ok(()) } else { Err(failures.join("\nxtask: ").into()) }
        }
        _ => Err(USAGE.into()),
    }
}
