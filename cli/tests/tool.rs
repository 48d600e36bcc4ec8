//! What every command keeps to: exit statuses, where secrets come from, formats, and what an error says.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const SECRET: &str = "a secret of the tests, 41 characters long";
const BODY: &[u8] =
    b"{\"channel\":\"sms\",\"message_uuid\":\"m\",\"to\":\"1\",\"from\":\"2\",\"text\":\"Hi / \\u00e9\"}";

struct Tool(Command);

impl Tool {
    fn new(arguments: &[&str]) -> Tool {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hookproof"));
        for name in ["HOOKPROOF_KEYRING", "HOOKPROOF_SECRET", "HOOKPROOF_API_KEY", "NO_COLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        Tool({
            command.args(arguments);
            command
        })
    }

    fn env(mut self, name: &str, value: &str) -> Tool {
        self.0.env(name, value);
        self
    }

    fn secret(self) -> Tool {
        self.env("HOOKPROOF_SECRET", SECRET).env("HOOKPROOF_API_KEY", "a1b2c3d4")
    }

    fn run(mut self, stdin: &[u8]) -> Output {
        let pipes = self.0.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        // A command that reads no input may be gone already.
        let _ = pipe.write_all(stdin);
        drop(pipe);
        child.wait_with_output().unwrap()
    }
}

fn signed(format: &str) -> Vec<u8> {
    Tool::new(&["sign", "--format", format]).secret().run(BODY).stdout
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn file(name: &str, bytes: &[u8]) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tool");
    fs::create_dir_all(&folder).unwrap();
    let path: PathBuf = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn exit_statuses_and_what_to_try_next() {
    let request = file("status.http", &signed("http"));
    let keyring = r#"{"version":1,"accounts":[{"api_key":"b1","secrets":[{"label":"x","secret":"y"}]},
        {"api_key":"b2","secrets":[{"label":"x","secret":"y"}]}]}"#;
    let keyring = file("two.json", keyring.as_bytes());
    let empty = file("empty", b"");
    let no_folder = format!("{empty}/nothing");
    // (arguments, with the secret, status, what standard error says)
    let table: &[(&[&str], bool, i32, &str)] = &[
        (&["verify", &request], true, 0, ""),
        (&["explain", &request], true, 0, ""),
        (&["decode", &request], false, 0, ""),
        (&["verify", &request, "--max-age", "0", "--at", "9999999999"], true, 1, ""),
        (&["explain", &request, "--at", "9999999999"], true, 1, ""),
        (&["verify", &request], false, 2, "try: --keyring"),
        (&["verify", &request, "--profile", "x"], true, 2, "--profile"),
        (&["verify", &request, "--body", "x"], true, 2, "cannot be used with"),
        (&["verify", &request, "--max-age", "9999999"], true, 2, "--max-age"),
        (&["verify", "--field", "x"], true, 2, "try: --field"),
        (&["verify", &no_folder], true, 3, "nothing"),
        (&["verify", &empty], true, 3, "try: a file with the request line first"),
        (&["verify", &request, "--secret-file", &no_folder], false, 3, "nothing"),
        (&["verify", &request, "--secret-env", "NOT_THERE"], false, 2, "NOT_THERE is not set"),
        (&["verify", &request, "--keyring", &empty], false, 3, "try: {\"version\": 1"),
        (&["check-keyring", &empty], false, 3, "try: {\"version\": 1"),
        (&["conformance", &no_folder], false, 3, "try: another file"),
        (
            &["verify", &request, "--keyring", &keyring, "--api-key", "b3"],
            false,
            3,
            "try: --api-key with one of b1, b2",
        ),
        (&["sign", "--sample", "nothing-of-the-kind"], true, 2, "hookproof samples"),
        (&["sign", "--sample", "voice-answer", "--keyring", &keyring], false, 2, "try: --api-key with one of b1, b2"),
        (&["sign", "--sample", "voice-answer", "--claim", "iss"], true, 2, "try: --claim"),
        (&["sign", "--sample", "voice-answer", "--claim", "iss=Test"], true, 2, "quotation marks around a text"),
        (&["sign", "--sample", "voice-answer", "--label", "x"], true, 3, "check-keyring"),
        (&["sign", "--sample", "messages-inbound-sms-text", "--profile", "sms_md5"], true, 3, "try: a form"),
        (&["samples", "--api", "x"], false, 2, "try: `hookproof samples`"),
        (&["decode", &empty], false, 3, "try: a file with the token"),
        (&["nothing"], false, 2, "unrecognized"),
        (&[], false, 2, "Usage"),
    ];
    for (arguments, with_secret, status, said) in table {
        let tool = Tool::new(arguments);
        let output = if *with_secret { tool.secret() } else { tool }.run(b"");
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(*status), "{arguments:?}: {error}{}", text(&output.stdout));
        assert!(error.contains(said), "{arguments:?}: {error}");
        assert_eq!(error.is_empty(), *status < 2, "{arguments:?}: {error}");
        let names_next = error.contains("\n  try: ") || error.contains("--help") || error.contains("Usage");
        assert!(*status < 2 || names_next, "{arguments:?}: {error}");
        assert_eq!(output.stdout.is_empty(), *status > 1, "{arguments:?}");
        assert!(!error.contains("panicked") && !error.contains(SECRET), "{arguments:?}: {error}");
    }
}

#[test]
fn secrets_come_from_everywhere_but_arguments() {
    let request = file("secrets.http", &signed("http"));
    let keyring = format!(
        r#"{{"version":1,"accounts":[{{"api_key":"a1b2c3d4","secrets":[{{"label":"l","secret":"{SECRET}"}}]}}]}}"#
    );
    let (ring, bare) = (file("ring.json", keyring.as_bytes()), file("bare", SECRET.as_bytes()));
    let encoded = file("encoded", b"YSBzZWNyZXQgb2YgdGhlIHRlc3RzLCA0MSBjaGFyYWN0ZXJzIGxvbmc=\n");
    let verify = |options: &[&str]| Tool::new(&[&["verify", &request], options].concat());
    let good = [
        verify(&["--keyring", &ring]).run(b""),
        verify(&["--keyring", "-"]).run(keyring.as_bytes()),
        verify(&["--secret-file", &bare]).run(b""),
        verify(&["--secret-file", "-"]).run(SECRET.as_bytes()),
        verify(&["--secret-file", &encoded, "--secret-base64"]).run(b""),
        verify(&["--secret-env", "OTHER"]).env("OTHER", SECRET).run(b""),
        verify(&[]).env("HOOKPROOF_SECRET", SECRET).run(b""),
        verify(&[]).env("HOOKPROOF_KEYRING", &ring).run(b""),
        verify(&[]).env("HOOKPROOF_KEYRING", &keyring).run(b""),
    ];
    for (number, output) in good.iter().enumerate() {
        assert_eq!(output.status.code(), Some(0), "{number}: {}", text(&output.stderr));
        assert_eq!(output.stderr, b"", "{number}");
    }
    // The account that was named is the account: a request of another is not verified with its secret.
    let other = verify(&["--api-key", "other"]).env("HOOKPROOF_SECRET", SECRET).run(b"");
    assert!(other.status.code() == Some(1) && text(&other.stdout).contains("key.unknown"));
    // A newline is part of a secret, and is said.
    let newline = verify(&["--secret-file", "-"]).run(format!("{SECRET}\n").as_bytes());
    assert_eq!(newline.status.code(), Some(1));
    assert_eq!(text(&newline.stderr), "warning: secret a1b2c3d4/given: ends with a newline; it is used as it is\n");
    for argument in ["--secret", "--secret-text", "-s"] {
        assert_eq!(verify(&[argument, SECRET]).run(b"").status.code(), Some(2));
    }
}

#[test]
fn the_public_secret_must_be_asked_for_where_something_is_verified() {
    let output = Tool::new(&["sign", "--sample", "voice-answer", "--format", "http"]).run(b"");
    assert!(text(&output.stderr).contains("public secret"));
    assert_eq!(Tool::new(&["verify"]).run(&output.stdout).status.code(), Some(2));
    let verified = Tool::new(&["verify", "--sample-secret"]).run(&output.stdout);
    assert_eq!((verified.status.code(), text(&verified.stderr)), (Some(0), String::new()));
    let explained = Tool::new(&["explain"]).secret().run(&output.stdout);
    assert_eq!(explained.status.code(), Some(1));
    // Under another account's name it is a forgery by a secret that everybody knows.
    let forged = Tool::new(&["sign", "--sample", "voice-answer", "--format", "http", "--sample-secret"]);
    let forged = Tool(forged.0).env("HOOKPROOF_API_KEY", "x").run(b"");
    let explained = Tool::new(&["explain", "--format", "json"]).env("HOOKPROOF_SECRET", SECRET).run(&forged.stdout);
    assert_eq!(json(&explained)["mistakes"][0]["name"], "token.test_secret");
}

fn json(output: &Output) -> Value {
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["version"], 1);
    assert_eq!(text(&output.stdout).lines().count(), 1);
    value
}

#[test]
fn explain_names_the_mistake_for_people_and_for_programs() {
    let header = text(&signed("header"));
    let mut parts = vec!["explain", "--body", "-"];
    parts.extend(header.lines().flat_map(|line| ["--field", line]));
    let body = [BODY, b"\n"].concat();
    let output = Tool::new(&parts).secret().run(&body);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    for line in [
        "Checks by the profile standard",
        "  pass  A secret of the account makes the signature. secret given",
        "  FAIL  What was signed is what has arrived.",
        "Mistake",
        "  body.newline_added  (without it the check passes)",
        "        Mend: Pass the bytes as they arrived; editors and echo add a newline to a saved body.",
    ] {
        assert!(said.lines().any(|found| found == line), "{line}\n{said}");
    }
    parts.extend(["--format", "json"]);
    let told = json(&Tool::new(&parts).secret().run(&body));
    assert_eq!((&told["reason"], &told["mistakes"][0]["proven"]), (&"payload.mismatch".into(), &true.into()));
    let none = Tool::new(&parts).secret().run(b"{\"nothing\":\"like it\"}");
    assert_eq!((none.status.code(), json(&none)["mistakes"].clone()), (Some(1), Value::from(Vec::<Value>::new())));
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let request = signed("http");
    let is_coloured = |output: Output| output.stdout.contains(&0x1b);
    assert!(!is_coloured(Tool::new(&["explain"]).secret().run(&request)));
    assert!(is_coloured(Tool::new(&["explain"]).secret().env("CLICOLOR_FORCE", "1").run(&request)));
    assert!(!is_coloured(Tool::new(&["explain"]).secret().env("NO_COLOR", "1").run(&request)));
    let forced = Tool::new(&["explain", "--format", "json"]).secret().env("CLICOLOR_FORCE", "1").run(&request);
    assert!(!is_coloured(forced));
}

#[test]
fn nothing_a_stranger_writes_moves_the_cursor() {
    let claims = ["--claim", "jti=\"\\u001b[2J\\u202e\"", "--claim", "\u{1b}[31m=1"];
    let hostile = [&["sign", "--format", "http"][..], &claims].concat();
    let request = Tool::new(&hostile).secret().run(BODY).stdout;
    for command in ["verify", "explain", "decode"] {
        let arguments = if command == "decode" { vec![command] } else { vec![command, "--at", "5"] };
        let output = Tool::new(&arguments).secret().env("CLICOLOR_FORCE", "1").run(&request);
        let said = text(&output.stdout);
        assert!(!said.contains("\u{1b}[2J") && !said.contains('\u{202e}') && !said.contains("\u{1b}[31m=1"), "{said}");
    }
}

#[test]
fn decode_says_that_it_proves_nothing() {
    let output = Tool::new(&["decode"]).run(&signed("header"));
    assert!(text(&output.stdout).starts_with("Not verified: anybody can write this."));
    let told = json(&Tool::new(&["decode", "--format", "json"]).run(&signed("http")));
    assert_eq!((&told["verified"], &told["claims"]["iss"]), (&false.into(), &"Vonage".into()));
}

#[test]
fn a_closed_pipe_is_no_news() {
    for arguments in [&["samples"][..], &["verify"], &["sign", "--sample", "voice-answer"]] {
        let mut tool = Tool::new(arguments).secret();
        let pipes = tool.0.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().unwrap();
        drop(child.stdout.take());
        child.stdin.take().unwrap().write_all(&signed("http")).unwrap_or_default();
        let output = child.wait_with_output().unwrap();
        // It may have written all before the pipe was closed; a verdict is never turned into another.
        assert!(matches!(output.status.code(), Some(0 | 3)), "{arguments:?}");
        assert_eq!(text(&output.stderr), "", "{arguments:?}");
    }
}
