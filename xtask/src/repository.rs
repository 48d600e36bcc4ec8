//! Files of the repository: where they are, and writing or comparing generated ones.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) type Failure = Box<dyn Error>;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    Check,
}

/// A path in the repository.
pub(crate) fn path(relative: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the repository");
    root.join(relative)
}

pub(crate) fn read(relative: &str) -> Result<String, Failure> {
    fs::read_to_string(path(relative)).map_err(|error| format!("{relative}: {error}").into())
}

/// Writes a generated file, or checks that it is there as generated.
pub(crate) fn deliver(mode: Mode, relative: &str, generated: &str, task: &str) -> Result<(), Failure> {
    if mode == Mode::Write {
        fs::write(path(relative), generated).map_err(|error| format!("{relative}: {error}"))?;
        println!("{relative}: written");
        return Ok(());
    }
    let present = read(relative)?;
    if present == generated {
        println!("{relative}: up to date");
        return Ok(());
    }
    let line = present.lines().zip(generated.lines()).take_while(|(old, new)| old == new).count();
    let at = |text: &str| text.lines().nth(line).unwrap_or("(the end)").to_owned();
    Err(format!(
        "{relative} is out of date from line {}; run `cargo xtask {task}`\n  there:     {}\n  generated: {}",
        line + 1,
        at(&present),
        at(generated),
    )
    .into())
}
