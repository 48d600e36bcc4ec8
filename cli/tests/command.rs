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
const SEEN: &str = r#""reason":"replay.duplicate""#;

/// A good header field value, issued at 0, under [`RING`].
fn signed(jti: &str, body: &str) -> String {
    hookproof::sign::Signer::new("a1", b"a secret of the account").unwrap().sign_body(body.as_bytes(), 0, jti)
}

/// A file of sequences, each given as its config and its steps. Their one request is `a`.
fn replays(sequences: &[(&str, &str, &str)]) -> String {
    let request = format!(r#"{{"a":{{"authorization":"{}","body":"{BODY}"}}}}"#, signed("j", "{}"));
    let sequences: Vec<String> = sequences
        .iter()
        .map(|(id, config, steps)| {
            format!(r#"{{"id":"{id}","config":{{{config}}},"requests":{request},"steps":[{steps}]}}"#)
        })
        .collect();
    format!(
        r#"{{"format":"signed-webhook-replay/1","default_config":{{"leeway":60,"max_age":300,"lease":30,"capacity":10,
            "store":"memory","store_down":"refuse","cold_start":"allow","expected_application_id":null}},
            "keyring":{{"a1":["a secret of the account"],"a1b2c3d4":["a secret of the floods"]}},
            "sequences":[{}]}}"#,
        sequences.join(",")
    )
}

const ACCEPT: &str = r#"{"do":"verify","request":"a","now":0,"expect":"accept","codes":[]}"#;
const REFUSE: &str = r#"{"do":"verify","request":"a","now":1,"expect":"reject","codes":["replayed"]}"#;
const CONFIRM: &str = r#"{"do":"confirm","step":0}"#;

#[test]
fn sequences_are_played_step_by_step() {
    let folder = Folder::new("replay");
    let steps = |list: &[&str]| list.join(",");
    let flood = r#"{"do":"flood","now":0,"iat":0,"prefix":"f","count":3}"#;
    let file = replays(&[
        ("plain", "", &steps(&[ACCEPT, CONFIRM, REFUSE])),
        ("busy", "", &steps(&[ACCEPT, REFUSE])),
        ("done", "", &steps(&[ACCEPT, r#"{"do":"release","step":0,"expect":"no_effect"}"#])),
        (
            "refused",
            r#""max_age":0"#,
            &steps(&[r#"{"do":"verify","request":"a","now":1,"expect":"accept","codes":[]}"#, CONFIRM]),
        ),
        ("flood", "", &steps(&[flood, r#"{"do":"flood_again","expect_accepts":1}"#])),
        ("full", r#""capacity":2"#, flood),
        (
            "race",
            r#""store":"shared""#,
            r#"{"do":"concurrent","request":"a","now":0,"count":8,"processes":2,"expect_accepts":1}"#,
        ),
        (
            "outage",
            r#""store":"shared""#,
            &steps(&[
                ACCEPT,
                r#"{"do":"store","state":"down"}"#,
                r#"{"do":"confirm","step":0,"expect":"error"}"#,
                r#"{"do":"restart"}"#,
            ]),
        ),
        (
            "cold",
            r#""cold_start":"refuse""#,
            &steps(&[
                r#"{"do":"restart","now":5}"#,
                r#"{"do":"verify","request":"a","expect":"reject","codes":["cold_start"]}"#,
            ]),
        ),
        ("fork", "", &steps(&[ACCEPT, r#"{"do":"fork"}"#])),
        ("room of a file", r#""store":"file","capacity":2"#, ACCEPT),
        ("memory away", "", r#"{"do":"store","state":"down"}"#),
    ]);
    let file = folder.file("replay.json", &file);
    check(
        &run(&["conformance", &file]),
        1,
        "busy expected in step 1 reject replayed got reject:replay.in_progress\n\
         done expected in step 1 no_effect got done\n\
         refused expected in step 0 accept got reject:time.stale\n\
         flood expected in step 1 accepts:1 got accepts:0\n\
         full expected in step 0 done got reject:replay.store_full\n\
         replay.json:\n4 passed, 5 failed, 0 disputed, 3 not applicable\n4 passed, 5 failed\n",
    );
    let output = run(&["conformance", "--json", &file]);
    let lines: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    let line = |id: &str, verdict: &str, reason: &str, code: &str| {
        format!(r#"{{"file":"replay.json","id":"{id}","verdict":"{verdict}","reason":"{reason}","code":"{code}"}}"#)
    };
    let (duplicate, stale) = (("replay.duplicate", "replayed"), ("time.stale", "stale"));
    assert_eq!(lines.len(), 12);
    assert_eq!(lines[0], line("plain", "accept done reject:replay.duplicate", duplicate.0, duplicate.1));
    assert_eq!(lines[3], line("refused", "reject:time.stale -", stale.0, stale.1));
    assert_eq!(lines[4], line("flood", "done accepts:0", "", ""));
    assert_eq!(lines[7], line("outage", "accept - error -", "", ""));
    assert_eq!(lines[9], line("fork", "not_applicable", "", ""));
}

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
        (
            "seen",
            &case(&format!(
                r#""authorization":"{}","options":{{"seen":[{{"api_key":"a1","jti":"j"}}]}},{SEEN}"#,
                signed("j", "{}")
            )),
        ),
        (
            "not seen",
            &format!(
                r#""authorization":"{}","options":{{"seen":[{{"api_key":"a2","jti":"j"}}]}},{RING},"expect":"accept""#,
                signed("j", "{}")
            ),
        ),
        ("get", &case(r#""authorization":null,"method":"GET""#)),
        ("profile", &case(r#""authorization":null,"profile":"video""#)),
        ("disputed", r#""authorization":null,"keyring":{"a":["s"]},"expect":"accept","debatable":true"#),
    ]);
    let output = run(&["conformance", &folder.file("forms.json", &cases)]);
    check(&output, 0, "forms.json:\n12 passed, 0 failed, 1 disputed, 0 not applicable\n12 passed, 0 failed\n");
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
    let sms = |sig: &str, good: bool| {
        format!(
            r#"{{"kind":"sms-sig","inputs":{{"params":{{"a":"alphabet","b":"bananas","timestamp":"2100"}},
                "secret":"abcde","method":"md5hash","sig":"{sig}"}},"recomputed":{{"verdict":{good}}}}}"#
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
        r#"{"kind":"sms-sig","inputs":{"params":{},"secret":null}}"#.to_owned(),
        entry(token, "s", "", false),
        sms("7d43241108912b32cc315b48ce681acf", true),
        sms("7d43241108912b32cc315b48ce681acf", false),
        sms("7D43241108912B32CC315B48CE681ACE", false),
    ];
    let file = folder.file("vendor.json", &format!("[{}]", entries.join(",")));
    check(
        &run(&["conformance", &file]),
        1,
        "vendor-9 expected signature_ok false got reject payload_mismatch (payload.mismatch)\n\
         vendor-11 expected signature_ok false got accept\n\
         vendor.json:\n10 passed, 2 failed, 0 disputed, 1 not applicable\n10 passed, 2 failed\n",
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
            r#"{"file":"a.json","id":"get","verdict":"reject","reason":"header.missing","code":"unsigned"}"#,
            "\n"
        ),
    );
    let sms = folder.file("vendor.json", r#"[{"kind":"sms-sig","inputs":{"params":{},"secret":null}}]"#);
    check(
        &run(&["conformance", "--json", &sms]),
        0,
        "{\"file\":\"vendor.json\",\"id\":\"vendor-0\",\"verdict\":\"not_applicable\",\"reason\":\"\",\"code\":\"\"}\n",
    );
}

#[test]
fn what_cannot_be_run_is_never_passed_over() {
    let folder = Folder::new("unknown");
    let other = folder.file("other.json", r#"{"format":"signed-webhook-other/1"}"#);
    let output = run(&["conformance", &other]);
    check(&output, 1, "0 passed, 0 failed\n");
    let message = "other.json: format signed-webhook-other/1 is not known to this door yet\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), message);

    let option = attacks(&[("a", &format!(r#""authorization":null,{RING},"expect":"accept","options":{{"x":1}}"#))]);
    for (name, text) in [("option.json", option.as_str()), ("broken.json", "{"), ("empty.json", "")] {
        check(&run(&["conformance", &folder.file(name, text)]), 3, "");
    }
    for (config, steps) in [
        (r#""x":1"#, ACCEPT),
        (r#""store":"redis""#, ACCEPT),
        (r#""lease":0"#, ACCEPT),
        ("", r#"{"do":"sleep"}"#),
        ("", r#"{"do":"restart","x":1}"#),
        ("", r#"{"do":"confirm","step":0}"#),
        ("", r#"{"do":"verify","request":"b","now":0,"expect":"accept","codes":[]}"#),
        ("", r#"{"do":"verify","request":"a","expect":"accept","codes":[]}"#),
    ] {
        check(&run(&["conformance", &folder.file("sequence.json", &replays(&[("a", config, steps)]))]), 3, "");
    }
    check(&run(&["conformance", "/nonexistent.json"]), 3, "");
    check(&run(&["conformance"]), 2, "");
    check(&run(&["conformance", "--chunk", "0", &other]), 2, "");
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
