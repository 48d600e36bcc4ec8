//! `hookproof completions` and `hookproof man`: what `make install` puts where shells and `man` look.

use std::fs;

mod support;

use support::{run, stdout};

#[test]
fn every_shell_gets_completions_of_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0));
        let script = stdout(&output);
        for word in ["listen", "send", "doctor", "explain", "forward-to", "fail-first"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(run(&["completions", "cmd"]).status.code(), Some(2));
}

#[test]
fn there_is_a_manual_page_for_the_command_and_for_each_subcommand() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("man1");
    assert_eq!(run(&["man", folder.to_str().unwrap()]).status.code(), Some(0));
    let help = stdout(&run(&["--help"]));
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // A long line goes on in the next one, further in.
    let listed = listed.filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    let names: Vec<&str> = listed.filter_map(|line| line.split(' ').next()).collect();
    assert!(names.len() >= 12, "{names:?}");
    for name in &names {
        let page = fs::read_to_string(folder.join(format!("hookproof-{name}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS") && page.contains(".SH OPTIONS"), "{name}");
    }
    assert!(fs::read_to_string(folder.join("hookproof.1")).unwrap().contains("signed Vonage webhooks"));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), names.len() + 1);
    assert_eq!(run(&["man", "/dev/null/x"]).status.code(), Some(3));
}
