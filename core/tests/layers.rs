//! The direction of imports, as ARCHITECTURE.md draws it. A file may import only the files listed for it.
#![allow(missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Every file of the crate with the files it may import.
const ALLOWED: &[(&str, &[&str])] = &[
    ("limits", &[]),
    ("reason", &[]),
    ("secret", &[]),
    ("config_error", &[]),
    ("encoding", &[]),
    ("json", &["limits"]),
    ("profile", &[]),
    ("hs256", &["secret"]),
    ("request", &[]),
    ("header", &["profile", "reason"]),
    ("claims", &["encoding", "hs256", "json", "limits", "reason"]),
    ("token", &["claims", "encoding", "hs256", "json", "reason"]),
    ("networks", &["config_error", "limits"]),
    ("payload", &["reason"]),
    ("keyring", &["config_error", "encoding", "hs256", "json", "limits", "reason", "secret", "sms"]),
    ("query", &["limits", "payload"]),
    ("sms", &["encoding", "json", "limits", "payload", "profile", "query", "reason", "secret"]),
    ("policy", &["claims", "config_error", "limits", "networks", "payload", "profile", "query", "reason"]),
    ("replay", &["config_error", "limits"]),
    (
        "verifier",
        &[
            "claims",
            "config_error",
            "encoding",
            "header",
            "hs256",
            "keyring",
            "limits",
            "networks",
            "payload",
            "policy",
            "profile",
            "query",
            "reason",
            "replay",
            "request",
            "sms",
            "token",
        ],
    ),
    ("event", &["encoding", "limits", "payload", "query", "verifier"]),
    (
        "explain",
        &[
            "encoding", "event", "header", "keyring", "limits", "payload", "policy", "profile", "query", "reason",
            "request", "sms", "verifier",
        ],
    ),
    (
        "sign",
        &["config_error", "encoding", "hs256", "keyring", "limits", "payload", "profile", "query", "secret", "sms"],
    ),
];

#[test]
fn files_import_only_what_stands_below_them() {
    let imports = imports();
    let allowed: BTreeMap<_, _> = ALLOWED.iter().copied().collect();
    for (file, imported) in &imports {
        let allowed = allowed.get(file.as_str()).unwrap_or_else(|| panic!("{file} is not in the list of layers"));
        for name in imported {
            assert!(allowed.contains(&name.as_str()), "{file} must not import {name}");
        }
    }
    for (file, list) in ALLOWED {
        let imported = imports.get(*file).unwrap_or_else(|| panic!("{file} is in the list and not in the crate"));
        for name in *list {
            assert!(imported.contains(*name), "{file} no longer imports {name}: take it off the list");
        }
    }
}

#[test]
fn the_list_has_no_circle() {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    while done.len() < ALLOWED.len() {
        let next = ALLOWED
            .iter()
            .find(|(file, below)| !done.contains(file) && below.iter().all(|name| done.contains(name)))
            .expect("a circle of imports");
        done.insert(next.0);
    }
}

#[test]
fn the_core_does_no_io_and_reads_no_clock() {
    for (path, text) in sources() {
        for word in [
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "SystemTime",
            "Instant::",
            "println!",
            "\nstatic ",
            "\npub(crate) static ",
            "OnceLock",
            "LazyLock",
            "thread_local",
        ] {
            assert!(!text.contains(word), "{}: {word}", path.display());
        }
    }
}

/// The product text of each file: what stands before its tests, without comments.
fn sources() -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("public_vectors.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let product = text.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned();
                let code: Vec<_> = product.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
                sources.push((path, code.join("\n")));
            }
        }
    }
    assert!(sources.len() > 15);
    sources
}

/// What each top-level module imports from the crate; files of a folder count as their module.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in sources() {
        let first = path.strip_prefix(&root).unwrap().components().next().unwrap();
        let module = first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
        if module == "lib" {
            continue;
        }
        let names = text.match_indices("crate::").map(|(at, found)| {
            let rest = &text[at + found.len()..];
            rest.chars()
                .take_while(|letter| letter.is_ascii_lowercase() || *letter == '_' || letter.is_ascii_digit())
                .collect::<String>()
        });
        let entry = imports.entry(module.clone()).or_default();
        entry.extend(names.filter(|name| *name != module && !name.is_empty()));
    }
    imports
}
