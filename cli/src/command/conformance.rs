//! `hookproof conformance`: vector files through the Rust API.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::Outcome;
use crate::conformance::{DEFAULT_CHUNKS, Format, Report, Run};
use crate::failure::Failure;

/// Runs vector files and says which cases fail.
///
/// Every case is judged whole and streamed in pieces, and all ways must agree.
#[derive(Args)]
pub(crate) struct Conformance {
    /// Print one JSON object for each case instead; the rest goes to standard error.
    #[arg(long)]
    json: bool,

    /// Stream bodies in pieces of N bytes, instead of 1, 7 and all of them. May be given several times.
    #[arg(long = "chunk", value_name = "N")]
    chunks: Vec<NonZeroUsize>,

    /// The vector files.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Conformance {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let chunks = if self.chunks.is_empty() { DEFAULT_CHUNKS.to_vec() } else { self.chunks };
        let format = if self.json { Format::Json } else { Format::Text };
        let mut run = Run::new(chunks, Report::new(format));
        for file in &self.files {
            run.file(file)?;
        }
        Ok(if run.finish()? { Outcome::Fine } else { Outcome::Refused })
    }
}
