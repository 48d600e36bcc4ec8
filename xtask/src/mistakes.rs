//! The documentation page of the known mistakes.

use std::fmt::Write as _;

use hookproof::explain::Mistake;

use crate::repository::{Failure, Mode, deliver};

pub(crate) fn run(mode: Mode) -> Result<(), Failure> {
    deliver(mode, "docs/mistakes.md", &page()?, "mistakes")
}

fn page() -> Result<String, Failure> {
    let mut page = String::from(
        "# Known mistakes\n\n\
         What `hookproof explain`, and `explain` in Rust, can name when a request is refused. This page is generated from the\n\
         table in the core (`cargo xtask mistakes`).\n\n\
         A mistake is *proven* when the verifier gets further once it is undone; the others are told by their looks. Several\n\
         may be named, the first to be mended first. Nothing is ever accepted on the way.\n",
    );
    let mut family = String::new();
    for mistake in Mistake::known() {
        let of = mistake.name().split('.').next().unwrap_or_default();
        if of != family {
            of.clone_into(&mut family);
            write!(page, "\n## {family}\n\n| name | proven | what is wrong | what to do |\n|---|---|---|---|\n")?;
        }
        let proven = if mistake.is_proven() { "yes" } else { "" };
        let (sentence, remedy) = (cell(mistake.sentence()), cell(mistake.remedy()));
        writeln!(page, "| `{}` | {proven} | {sentence} | {remedy} |", mistake.name())?;
    }
    Ok(page)
}

/// Text as Markdown has it in a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace('>', "&gt;").replace('\\', "\\\\")
}
