//! The command as a person runs it: output, and exit status.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const BODY: &str = "e30=";

/// A folder for the files of one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hookproof")).args(arguments).output().unwrap()
}

fn check(output: &Output, status: i32, stdout: &str) {
    assert_eq!(String::from_utf8_lossy(&output.stdout), stdout, "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(status));
}

/// A file of cases, each given as its members after the id and the body.
fn attacks(cases: &[(&str, &str)]) -> String {
    let cases: Vec<String> = cases
        .iter()
        .map(|(id, members)| format!(r#"{{"id":"{id}","body":"{BODY}","acceptable_codes":[],"now":0,{members}}}"#))
        .collect();
    format!(
        r#"{{"format":"signed-webhook-attacks/1","default_options":{{"seen":[],"leeway":60}},"cases":[{}]}}"#,
        cases.join(",")
    )
}

const RING: &str = r#""keyring":{"a1":["a secret of the account"]}"#;

#[test]
fn every_form_of_a_case_is_read() {
    let folder = Folder::new("forms");
    let case = |members: &str| format!(r#"{members},{RING},"expect":"reject""#);
    let cases = attacks(&[
        ("none", &case(r#""authorization":null,"reason":"header.missing""#)),
        ("two", &case(r#""authorization":["Bearer a","b"],"reason":"header.duplicated""#)),
        ("latin-1", &case(r#""authorization":"Bearer a.\u0000\u00ff.c","reason":"header.malformed""#)),
        (
            "parts",
            &case(r#""authorization":{"parts":["Bearer ",{"repeat":"ab","count":4096}]},"reason":"token.too_large""#),
        ),
        ("method", &case(r#""authorization":null,"method":"post","reason":"request.unsupported""#)),
        ("secret", r#""authorization":null,"keyring":{"a":[{"b64":""}]},"expect":"reject","reason":"config_error""#),
        ("setting", &case(r#""authorization":null,"options":{"leeway":-1},"reason":"config_error""#)),
        ("words", r#""authorization":null,"keyring":{"a":["s"]},"expect":"reject","reason":"header.missing""#),
        ("seen", &case(r#""authorization":null,"options":{"seen":[{"api_key":"a1","jti":"j"}]}"#)),
        ("get", &case(r#""authorization":null,"method":"GET""#)),
        ("profile", &case(r#""authorization":null,"profile":"video""#)),
        ("disputed", r#""authorization":null,"keyring":{"a":["s"]},"expect":"accept","debatable":true"#),
    ]);
    let output = run(&["conformance", &folder.file("forms.json", &cases)]);
    check(&output, 0, "forms.json:\n8 passed, 0 failed, 1 disputed, 3 not applicable\n8 passed, 0 failed\n");
}

#[test]
fn failing_cases_are_named() {
    let folder = Folder::new("failing");
    let cases = attacks(&[
        ("accept", &format!(r#""authorization":null,{RING},"expect":"accept""#)),
        ("reason", &format!(r#""authorization":null,{RING},"expect":"reject","reason":"token.malformed""#)),
    ]);
    let word = r#"{"format":"signed-webhook-attacks/1","now":0,"cases":[{"id":"word","authorization":null,"body":"",
        "keyring":{"a":["s"]},"expect":"reject","acceptable_codes":["stale","expired"]}]}"#;
    let files = [folder.file("a.json", &cases), folder.file("b.json", word)];
    let output = run(&["conformance", "--chunk", "3", &files[0], &files[1]]);
    check(
        &output,
        1,
        "accept expected accept got reject unsigned (header.missing)\n\
         reason expected reject (token.malformed) got reject unsigned (header.missing)\n\
         a.json:\n0 passed, 2 failed, 0 disputed, 0 not applicable\n\
         word expected reject stale|expired got reject unsigned (header.missing)\n\
         b.json:\n0 passed, 1 failed, 0 disputed, 0 not applicable\n\
         0 passed, 3 failed\n",
    );
}

#[test]
fn vendor_entries_are_judged_by_their_signature() {
    let folder = Folder::new("vendor");
    let entry = |token: &str, secret: &str, more: &str, good: bool| {
        format!(
            r#"{{"kind":"jwt","inputs":{{"token":"{token}","secret":"{secret}"{more}}},
                "recomputed":{{"hs256_signature_ok":{good}}}}}"#
        )
    };
    let signer = hookproof::sign::Signer::new("a1", b"s").unwrap();
    let header = signer.sign_body(b"{}", 1_700_000_000, "j");
    let token = header.strip_prefix("Bearer ").unwrap();
    let other = signer.sign_claims(b"{}");
    let other = other.strip_prefix("Bearer ").unwrap();
    let entries = [
        entry(token, "s", r#","body":"{}""#, true),
        entry(token, "s", "", true),
        entry(token, "t", r#","body":"{}""#, false),
        entry("a.b", "s", "", false),
        entry(token, "", "", true),
        entry(other, "s", "", true),
        entry(token, "s", r#","method":"GET","query":"a=b""#, true),
        entry(token, "s", r#","header":"Vonage-Signature""#, true),
        r#"{"kind":"sms-sig"}"#.to_owned(),
        entry(token, "s", "", false),
    ];
    let file = folder.file("vendor.json", &format!("[{}]", entries.join(",")));
    check(
        &run(&["conformance", &file]),
        1,
        "vendor-9 expected hs256_signature_ok false got reject payload_mismatch (payload.mismatch)\n\
         vendor.json:\n5 passed, 1 failed, 0 disputed, 4 not applicable\n5 passed, 1 failed\n",
    );
}

#[test]
fn json_has_one_object_for_each_case_and_nothing_else() {
    let folder = Folder::new("json");
    let cases = attacks(&[
        ("none", &format!(r#""authorization":null,{RING},"expect":"accept""#)),
        ("get", &format!(r#""authorization":null,"method":"GET",{RING},"expect":"accept""#)),
    ]);
    check(
        &run(&["conformance", "--json", &folder.file("a.json", &cases)]),
        1,
        concat!(
            r#"{"file":"a.json","id":"none","verdict":"reject","reason":"header.missing","code":"unsigned"}"#,
            "\n",
            r#"{"file":"a.json","id":"get","verdict":"not_applicable","reason":"","code":""}"#,
            "\n"
        ),
    );
}

#[test]
fn what_cannot_be_run_is_never_passed_over() {
    let folder = Folder::new("unknown");
    let replay = folder.file("replay.json", r#"{"format":"signed-webhook-replay/1"}"#);
    let output = run(&["conformance", &replay]);
    check(&output, 1, "0 passed, 0 failed\n");
    let message = "replay.json: format signed-webhook-replay/1 is not known to this door yet\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), message);

    let option = attacks(&[("a", &format!(r#""authorization":null,{RING},"expect":"accept","options":{{"x":1}}"#))]);
    for (name, text) in [("option.json", option.as_str()), ("broken.json", "{"), ("empty.json", "")] {
        check(&run(&["conformance", &folder.file(name, text)]), 3, "");
    }
    check(&run(&["conformance", "/nonexistent.json"]), 3, "");
    check(&run(&["conformance"]), 2, "");
    check(&run(&["conformance", "--chunk", "0", &replay]), 2, "");
    check(&run(&["no-such-command"]), 2, "");
    check(&run(&["--version"]), 0, &format!("hookproof {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn check_keyring_never_prints_a_secret() {
    let folder = Folder::new("keyring");
    let good = folder.file(
        "good.json",
        r#"{"version":1,"accounts":[{"api_key":"a1","secrets":[{"label":"production","secret":"hush-hush"}]}]}"#,
    );
    check(&run(&["check-keyring", &good]), 0, "account a1: production\nlint a1/production: is shorter than 32 bytes\n");
    let broken = r#"{"version":1,"accounts":[{"api_key":"a1","secrets":["hush-hush"]}]}"#;
    for text in [broken, r#"{"version":1,"accounts":[]}"#, "hush-hush", "\u{feff}{}"] {
        let output = run(&["check-keyring", &folder.file("bad.json", text)]);
        check(&output, 3, "");
        assert!(!output.stderr.is_empty());
        assert!(!String::from_utf8_lossy(&output.stderr).contains("hush"));
    }
    check(&run(&["check-keyring", "/nonexistent.json"]), 3, "");
}
