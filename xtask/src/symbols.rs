//! The exported symbols: the shared library, the golden list, the header and `ffi/src/lib.rs` agree.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::repository::{Failure, Mode, deliver, path, read};

const PREFIX: &str = "hookproof_";

pub(crate) fn run(mode: Mode, library: Option<&str>) -> Result<(), Failure> {
    let library = match library {
        Some(path) => PathBuf::from(path),
        None => build()?,
    };
    let exported = exported(&library)?;
    if let Some(foreign) = exported.iter().find(|symbol| !symbol.starts_with(PREFIX)) {
        return Err(format!("{}: exports {foreign}, which is not ours", library.display()).into());
    }
    // cbindgen leaves a function out without a word when a macro makes it.
    compare("include/hookproof.h", &declared(&read("include/hookproof.h")?), &exported)?;
    compare("ffi/src/lib.rs", &listed(&read("ffi/src/lib.rs")?), &exported)?;
    let golden: String = exported.iter().map(|symbol| format!("{symbol}\n")).collect();
    deliver(mode, "tests/abi/symbols.txt", &golden, "symbols")
}

/// Builds the shared library and asks cargo where it is.
fn build() -> Result<PathBuf, Failure> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(path("."))
        .args(["build", "--quiet", "--package", "hookproof-ffi", "--lib"])
        .args(["--message-format", "json-render-diagnostics"])
        .stderr(std::process::Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err("the library does not build".into());
    }
    for line in String::from_utf8(output.stdout)?.lines() {
        let message: serde_json::Value = serde_json::from_str(line)?;
        if message["target"]["name"] != "hookproof_ffi" {
            continue;
        }
        let files = message["filenames"].as_array().into_iter().flatten().filter_map(|file| file.as_str());
        for file in files.map(Path::new) {
            if file.extension().is_some_and(|extension| extension == std::env::consts::DLL_EXTENSION) {
                return Ok(file.to_owned());
            }
        }
    }
    Err("cargo named no shared library".into())
}

fn exported(library: &Path) -> Result<BTreeSet<String>, Failure> {
    let output = Command::new("nm").args(["-D", "--defined-only"]).arg(library).output()?;
    if !output.status.success() {
        return Err(format!("nm: {}", String::from_utf8_lossy(&output.stderr).trim()).into());
    }
    let symbols: BTreeSet<String> = String::from_utf8(output.stdout)?
        .lines()
        .filter_map(|line| line.split(' ').nth(2))
        .map(str::to_owned)
        .collect();
    if symbols.is_empty() {
        return Err(format!("{}: exports nothing", library.display()).into());
    }
    Ok(symbols)
}

/// The functions a header declares: names followed by a parenthesis, outside of comments.
fn declared(header: &str) -> BTreeSet<String> {
    let mut code = String::new();
    let mut rest = header;
    while let Some((before, comment)) = rest.split_once("/*") {
        code.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    code.push_str(rest);
    names(&code).filter(|(_, next)| *next == Some('(')).map(|(name, _)| name.to_owned()).collect()
}

/// The types among the names that `lib.rs` re-exports.
const TYPES: [&str; 10] = [
    "hookproof_claim",
    "hookproof_event",
    "hookproof_keyring",
    "hookproof_policy",
    "hookproof_result",
    "hookproof_signer",
    "hookproof_status",
    "hookproof_store",
    "hookproof_str",
    "hookproof_verifier",
];

/// The functions `lib.rs` re-exports.
fn listed(source: &str) -> BTreeSet<String> {
    let uses = source.split("pub use ").skip(1).filter_map(|rest| rest.split_once(';')).map(|(list, _)| list);
    uses.flat_map(names).map(|(name, _)| name.to_owned()).filter(|name| !TYPES.contains(&name.as_str())).collect()
}

/// The names with our prefix in a text, each with the character behind it.
fn names(text: &str) -> impl Iterator<Item = (&str, Option<char>)> {
    let word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    text.match_indices(PREFIX).filter_map(move |(start, _)| {
        if text[..start].chars().next_back().is_some_and(word) {
            return None;
        }
        let rest = &text[start..];
        let end = rest.find(|character| !word(character)).unwrap_or(rest.len());
        Some((&rest[..end], rest[end..].chars().next()))
    })
}

fn compare(file: &str, found: &BTreeSet<String>, exported: &BTreeSet<String>) -> Result<(), Failure> {
    let missing: Vec<_> = exported.difference(found).map(String::as_str).collect();
    let surplus: Vec<_> = found.difference(exported).map(String::as_str).collect();
    if missing.is_empty() && surplus.is_empty() {
        return Ok(());
    }
    Err(format!("{file}: lacks [{}], has without export [{}]", missing.join(", "), surplus.join(", ")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn comments_and_types_declare_nothing() {
        let header = "/* hookproof_a(); */ hookproof_str hookproof_b(int x);\n/** x */ void hookproof_c (void); hookproof_d(void)";
        assert_eq!(declared(header), set(&["hookproof_b", "hookproof_d"]));
    }

    #[test]
    fn the_list_is_what_is_re_exported() {
        let source =
            "//! hookproof_x\npub use a::{hookproof_one, hookproof_str,\n hookproof_two};\nuse b::hookproof_three;";
        assert_eq!(listed(source), set(&["hookproof_one", "hookproof_two"]));
    }

    #[test]
    fn differences_are_named() {
        let error = compare("f", &set(&["hookproof_a"]), &set(&["hookproof_b"])).unwrap_err().to_string();
        assert_eq!(error, "f: lacks [hookproof_b], has without export [hookproof_a]");
    }
}
