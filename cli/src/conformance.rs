//! Runs vector files through the public API of the core.
//!
//! One run reads files of several formats, judges every case in each way the API offers, and reports. What a case says
//! and what comes out of it is the same for every language; only [`door`] knows this one.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

use serde_json::Value;

mod attack;
mod door;
mod entry;
mod finding;
mod keyring;
mod payload;
mod player;
mod processes;
mod replay;
mod report;
mod sequence;
mod text;
mod vector;
mod vendor;
mod word;

pub(crate) use report::{Format, Report};

use crate::failure::Failure;
use finding::Finding;
use payload::Payload;
use sequence::Sequence;
use vector::Vector;

/// The pieces in which bodies are streamed: the smallest, one that divides nothing, and the whole body.
pub(crate) const DEFAULT_CHUNKS: [NonZeroUsize; 3] =
    [NonZeroUsize::MIN, NonZeroUsize::new(7).unwrap(), NonZeroUsize::MAX];

/// A run over any number of files.
pub(crate) struct Run {
    chunks: Vec<NonZeroUsize>,
    report: Report,
    unknown_format: bool,
}

impl Run {
    pub(crate) fn new(chunks: Vec<NonZeroUsize>, report: Report) -> Run {
        Run { chunks, report, unknown_format: false }
    }

    /// Runs the cases of one file.
    pub(crate) fn file(&mut self, path: &Path) -> Result<(), Failure> {
        let text = fs::read(path).map_err(|error| Failure::of_file(path, error))?;
        let file: Value = serde_json::from_slice(&text).map_err(|error| Failure::of_file(path, error))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Some(cases) = read(&file) else {
            eprintln!("{name}: format {} is not known to this door yet", format_name(&file));
            self.unknown_format = true;
            return Ok(());
        };
        for case in cases {
            let case = case.map_err(|fault| Failure::of_file(path, fault))?;
            let finding = case.run(&self.chunks).map_err(|fault| Failure::of_file(path, fault))?;
            self.report.case(&name, &finding)?;
        }
        self.report.file(&name)?;
        Ok(())
    }

    /// Ends the report. True when every file was known and no case failed.
    pub(crate) fn finish(mut self) -> Result<bool, Failure> {
        let all_passed = self.report.finish()?;
        Ok(all_passed && !self.unknown_format)
    }
}

/// What a file is made of.
enum Case {
    Vector(Vector),
    Sequence(Sequence),
    Payload(Payload),
}

impl Case {
    fn run(&self, chunks: &[NonZeroUsize]) -> Result<Finding, String> {
        match self {
            Case::Vector(vector) => Ok(match &vector.trial {
                Some(trial) => vector.finding(&door::judge(trial, chunks)),
                None => Finding::not_applicable(&vector.id),
            }),
            Case::Sequence(sequence) => player::play(sequence, chunks),
            Case::Payload(payload) => Ok(payload.finding()),
        }
    }
}

/// The cases of a file, or nothing if its format is not known.
fn read(file: &Value) -> Option<Vec<Result<Case, String>>> {
    let vectors = |list: Vec<Result<Vector, String>>| list.into_iter().map(|case| case.map(Case::Vector)).collect();
    match file.get("format").and_then(Value::as_str) {
        Some(attack::FORMAT) => return Some(vectors(attack::read(file))),
        Some(replay::FORMAT) => {
            return Some(replay::read(file).into_iter().map(|case| case.map(Case::Sequence)).collect());
        }
        _ => {}
    }
    if payload::is_one(file) {
        return Some(vec![payload::read(file).map(Case::Payload)]);
    }
    let entries = file.as_array()?;
    entries.first()?.get("kind")?;
    Some(vectors(entries.iter().enumerate().map(|(index, entry)| vendor::read(index, entry)).collect()))
}

fn format_name(file: &Value) -> &str {
    file.get("format").and_then(Value::as_str).unwrap_or("(none)")
}
