//! What `sign` writes, `verify` accepts: every sample, every profile, every method of the SMS API.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const PROFILES: [&str; 9] = [
    "standard",
    "video",
    "contact_center",
    "cloud_runtime",
    "sms_md5hash",
    "sms_md5",
    "sms_sha1",
    "sms_sha256",
    "sms_sha512",
];
const SECRET: &str = "a secret of the tests, 41 characters long";

/// Runs the command with the secret in its environment.
fn run(arguments: &[&str], stdin: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hookproof"))
        .args(arguments)
        .env_remove("HOOKPROOF_KEYRING")
        .env("HOOKPROOF_SECRET", SECRET)
        .env("HOOKPROOF_API_KEY", "a1b2c3d4")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // A command that reads no input may be gone already.
    let _ = pipe.write_all(stdin);
    drop(pipe);
    child.wait_with_output().unwrap()
}

fn good(arguments: &[&str], stdin: &[u8]) -> Vec<u8> {
    let output = run(arguments, stdin);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}{}", String::from_utf8_lossy(&output.stdout));
    output.stdout
}

fn json(bytes: &[u8]) -> Value {
    let value: Value = serde_json::from_slice(bytes).unwrap();
    assert_eq!(value["version"], 1);
    value
}

fn samples() -> Vec<Value> {
    json(&good(&["samples", "--format", "json"], b""))["samples"].as_array().unwrap().clone()
}

/// Signs, verifies, and returns what `verify` says.
fn round_trip(sign: &[&str], verify: &[&str], stdin: &[u8]) -> Value {
    let signed = good(&[&["sign", "--format", "http"], sign].concat(), stdin);
    json(&good(&[&["verify", "--format", "json"], verify].concat(), &signed))
}

#[test]
fn every_sample_by_its_own_profile() {
    let samples = samples();
    assert!(samples.len() >= 70, "{}", samples.len());
    for sample in &samples {
        let (name, profile) = (sample["name"].as_str().unwrap(), sample["profile"].as_str().unwrap());
        let judged = ["--profile", profile, "--route", "hook"];
        let judged = if profile == "video" { &judged[..] } else { &judged[..2] };
        let sign = ["--sample", name, "--route", "hook", "--application-id", "an-application"];
        let told = round_trip(&sign, judged, b"");
        assert_eq!((&told["event"]["api"], &told["event"]["event"]), (&sample["api"], &sample["event"]), "{name}");
        let account = if profile == "video" { "hook" } else { "a1b2c3d4" };
        assert_eq!((&told["account"], &told["verdict"]), (&Value::from(account), &Value::from("verified")), "{name}");
        let printed = good(&["samples", name], b"");
        let payload = sample["query"].as_str().filter(|query| !query.is_empty()).or(sample["body"].as_str());
        assert_eq!(String::from_utf8(printed).unwrap(), payload.unwrap(), "{name}");
    }
}

#[test]
fn every_profile_with_bodies_and_queries() {
    let form = b"msisdn=447700900321&to=447700900555&messageId=0C&text=a%26b+%C3%A9&api-key=a1b2c3d4";
    let object = br#"{"msisdn":"447700900321","to":"447700900555","messageId":"0C","text":"a&b \u00e9"}"#;
    for profile in PROFILES {
        let by_route = matches!(profile, "video" | "contact_center");
        let options = ["--profile", profile, "--route", "hook"];
        let options = if by_route { &options[..] } else { &options[..2] };
        for body in [&form[..], object] {
            let told = round_trip(options, options, body);
            assert_eq!(told["verdict"], "verified", "{profile}");
        }
        if !by_route {
            let query = ["--query", std::str::from_utf8(form).unwrap()];
            let told = round_trip(&[options, &query].concat(), options, b"");
            let form = if profile.starts_with("sms_") { "sms_query" } else { "query" };
            assert_eq!(told["payload_form"], form, "{profile}");
        }
    }
}

/// A profile's webhook is refused by every other that shares neither header nor key.
#[test]
fn profiles_are_told_apart() {
    let body = b"{\"text\":\"x\"}";
    let signed = good(&["sign", "--profile", "contact_center", "--route", "hook", "--format", "http"], body);
    let output = run(&["verify", "--format", "json"], &signed);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(json(&output.stdout)["reason"], "header.missing");
    let output = run(&["explain", "--format", "json", "--profile", "standard", "--route", "hook"], &signed);
    assert_eq!(json(&output.stdout)["mistakes"][0]["name"], "profile.other");
}

#[test]
fn binary_bodies_survive_every_format() {
    let body: Vec<u8> = (0..=255).collect();
    let told = round_trip(&[], &[], &body);
    assert_eq!(told["verdict"], "verified");
    let signed = json(&good(&["sign", "--format", "json"], &body));
    assert_eq!((&signed["body"], signed["body_base64"].as_str().unwrap().len()), (&Value::Null, 344));
    let header = String::from_utf8(good(&["sign", "--format", "header"], &body)).unwrap();
    assert!(header.starts_with("Authorization: Bearer ey") && header.ends_with("Content-Type: application/json\n"));
}

#[test]
fn claims_and_clock_are_as_asked_for() {
    let sign = ["sign", "--format", "http", "--at", "1767225600", "--jti", "an-identity", "--application-id", "app"];
    let claims = ["--claim", "exp=1767225700", "--claim", "sub=\"x\""];
    let signed = good(&[&sign[..], &claims].concat(), b"{}");
    let told = json(&good(&["verify", "--format", "json", "--at", "1767225650"], &signed));
    assert_eq!((&told["jti"], &told["application_id"]), (&Value::from("an-identity"), &Value::from("app")));
    assert_eq!((&told["age_seconds"], &told["claims"]["sub"]), (&Value::from(50), &Value::from("x")));
    let output = run(&["verify", "--format", "json", "--at", "1767225700"], &signed);
    assert_eq!((output.status.code(), json(&output.stdout)["reason"].clone()), (Some(1), "time.expired".into()));
    let signed = good(&["sign", "--format", "http", "--no-claim", "iss"], b"{}");
    let output = run(&["verify", "--format", "json"], &signed);
    assert_eq!((output.status.code(), json(&output.stdout)["reason"].clone()), (Some(1), "claims.missing".into()));
}

#[test]
fn a_request_is_given_whole_or_in_parts() {
    let header = String::from_utf8(good(&["sign", "--format", "header"], b"{\"a\":1}")).unwrap();
    let token = header.lines().next().unwrap();
    let parts = ["verify", "--field", token, "--body", "-", "--format", "json"];
    assert_eq!(json(&good(&parts, b"{\"a\":1}"))["verdict"], "verified");
    let output = run(&parts, b"{\"a\": 1}");
    let told = json(&output.stdout);
    assert_eq!((output.status.code(), &told["reason"]), (Some(1), &Value::from("payload.mismatch")));
    assert_eq!((&told["http_status"], &told["sender_retries"]), (&Value::from(503), &Value::from(true)));
    let query = "to=1&from=2";
    let header = String::from_utf8(good(&["sign", "--format", "header", "--query", query], b"")).unwrap();
    let parts = ["verify", "--field", header.trim_end(), "--query", query];
    assert!(String::from_utf8(good(&parts, b"")).unwrap().starts_with("verified\n"));
}

/// An old secret that stands first is not signed with, unless it is named.
#[test]
fn the_secret_that_is_valid_signs() {
    let ring = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("dated.json");
    let secrets =
        r#"{"label":"old","secret":"the one that went","not_after":1000},{"label":"new","secret":"the one that is"}"#;
    let text = format!(r#"{{"version":1,"accounts":[{{"api_key":"a1b2c3d4","secrets":[{secrets}]}}]}}"#);
    std::fs::write(&ring, text).unwrap();
    let ring = ["--keyring", ring.to_str().unwrap()];
    assert_eq!(round_trip(&ring, &ring, b"{}")["secret"], "new");
    let signed = good(&[&["sign", "--format", "http", "--label", "old"], &ring[..]].concat(), b"{}");
    let told = json(&run(&[&["explain", "--format", "json"], &ring[..]].concat(), &signed).stdout);
    assert_eq!((&told["reason"], &told["mistakes"][0]["name"]), (&"key.inactive".into(), &"secret.window".into()));
}
