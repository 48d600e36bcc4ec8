//! `hookproof send` as a process, against `hookproof listen` and against servers that are wrong.

use std::collections::BTreeSet;
use std::process::Output;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

mod support;

use support::{Listening, command, response, run, serve, stderr, stdout};

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}{}", stdout(output), stderr(output)))
}

/// Sends to a server, and returns what came of it as JSON and the exit status.
fn send(url: &str, options: &[&str]) -> (Value, i32) {
    let output = run(&[&["send", url, "--format", "json"], options].concat());
    (json(&output), output.status.code().unwrap())
}

const ALL_VARIANTS: &str = "genuine,tampered,unsigned,wrong-secret,stale,future,alg-none,two-headers";

#[test]
fn a_server_that_verifies_takes_the_genuine_and_nothing_else() {
    let mut listening = Listening::new(&[]);
    let (told, code) = send(&listening.url("/webhooks"), &["--variant", ALL_VARIANTS]);
    assert_eq!((code, &told["unexpected"], &told["messages"]), (0, &0.into(), &8.into()));
    assert_eq!(told["answers"], serde_json::json!({ "200": 1, "401": 2, "503": 5 }));
    assert!(told["latency_us"]["p99"].as_u64().unwrap() > 0);
    let reasons: Vec<String> = (0..8).map(|_| listening.line()["reason"].as_str().unwrap().to_owned()).collect();
    assert_eq!(
        reasons,
        [
            "ok",
            "payload.mismatch",
            "header.missing",
            "signature.invalid",
            "time.stale",
            "time.future",
            "token.algorithm",
            "header.duplicated"
        ]
    );
    assert_eq!(told["cases"][0]["attempts"][0]["request"], 1);
    let text = run(&["send", &listening.url("/"), "--variant", "genuine,unsigned"]);
    assert_eq!(text.status.code(), Some(0));
    assert!(stdout(&text).contains("2 of 2 messages were answered as they should be"), "{}", stdout(&text));
    assert!(!stdout(&text).contains('\x1b') && !stdout(&text).contains(support::SECRET));
}

#[test]
fn servers_that_do_not_verify_are_found_out() {
    let (yes, _) = serve(|_| response(200, b""));
    let (told, code) = send(&format!("http://{yes}/"), &["--variant", "genuine,tampered,unsigned"]);
    assert_eq!((code, &told["unexpected"]), (1, &2.into()));
    let (no, _) = serve(|_| response(404, b""));
    assert_eq!(send(&format!("http://{no}/"), &[]).1, 1);
}

#[test]
fn every_sample_of_a_profile_is_accepted() {
    let listening = Listening::new(&[]);
    let (told, code) = send(&listening.url("/webhooks"), &["--all"]);
    assert_eq!((code, &told["unexpected"]), (0, &0.into()));
    assert!(told["messages"].as_u64().unwrap() >= 40);
    for (profile, route) in [("sms_md5hash", None), ("sms_sha512", None), ("video", Some("sessions"))] {
        let mut options = vec!["--profile", profile];
        options.extend(route.iter().flat_map(|route| ["--route", route]));
        let listening = Listening::new(&options);
        options.extend(["--all", "--variant", "genuine,tampered,unsigned,wrong-secret,stale"]);
        let (told, code) = send(&listening.url("/sessions"), &options);
        assert_eq!((code, &told["unexpected"]), (0, &0.into()), "{profile}: {told}");
    }
}

#[test]
fn what_fails_comes_again_as_the_vendor_would_send_it() {
    for token in ["same", "new"] {
        let listening = Listening::new(&["--fail-first", "2"]);
        let url = listening.url("/");
        let (told, code) = send(&url, &["--retry", "--speed", "10000", "--retry-token", token]);
        assert_eq!((code, &told["answers"]), (0, &serde_json::json!({ "200": 1, "503": 2 })), "{token}");
        // Voice tries twice, and no more.
        let (told, code) =
            send(&url, &["--sample", "voice-answer", "--retry", "--speed", "10000", "--retry-token", token]);
        assert_eq!((code, &told["given_up"], &told["requests"]), (1, &1.into(), &2.into()));
        let (_, rest) = listening.end("-TERM");
        let repeats = &rest.last().unwrap()["repeats"];
        assert_eq!((&repeats["repeats"], &repeats["same_body"]), (&3.into(), &3.into()));
        assert_eq!(repeats["same_jti"], if token == "same" { 3 } else { 0 });
    }
    // What is refused for good is not tried again.
    let asked = std::sync::Arc::new(AtomicU32::new(0));
    let counted = std::sync::Arc::clone(&asked);
    let (no, _) = serve(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        response(401, b"")
    });
    assert_eq!(send(&format!("http://{no}/"), &["--retry"]).1, 1);
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[test]
fn duplicates_are_answered_and_not_worked_on_twice() {
    let listening = Listening::new(&[]);
    let (told, code) = send(&listening.url("/"), &["--duplicates", "3"]);
    assert_eq!((code, &told["answers"]), (0, &serde_json::json!({ "200": 4 })));
    let (_, rest) = listening.end("-TERM");
    assert_eq!(rest.iter().filter(|line| line["reason"] == "replay.duplicate").count(), 3);
}

#[test]
fn disorder_is_the_same_for_the_same_number() {
    let order = |options: &[&str]| {
        let (address, got) = serve(|_| response(200, b""));
        let samples = [
            "--sample",
            "messages-inbound-sms-text",
            "--sample",
            "messages-status-sms-submitted",
            "--sample",
            "voice-event-answered",
        ];
        let (told, code) = send(&format!("http://{address}/"), &[&samples[..], &["--count", "5"], options].concat());
        assert_eq!((code, &told["messages"]), (0, &15.into()));
        got.iter().take(15).map(|got| got.body).collect::<Vec<_>>()
    };
    let plain = order(&[]);
    let (one, other) = (order(&["--out-of-order", "--seed", "7"]), order(&["--out-of-order", "--seed", "7"]));
    assert_eq!(one, other);
    assert_ne!(one, plain);
    assert_eq!(one.iter().collect::<BTreeSet<_>>(), plain.iter().collect::<BTreeSet<_>>());
}

#[test]
fn a_count_at_a_rate_ends_with_percentiles() {
    let listening = Listening::new(&[]);
    let url = listening.url("/");
    let (told, code) = send(&url, &["--count", "150", "--rate", "2000", "--concurrency", "8"]);
    assert_eq!((code, &told["messages"], &told["requests"]), (0, &150.into(), &150.into()));
    // Every message has a token of its own, and beyond a hundred no list.
    assert_eq!((&told["answers"]["200"], told["cases"].as_array().unwrap().len()), (&150.into(), 0));
    let latency = |name: &str| told["latency_us"][name].as_u64().unwrap();
    assert!(latency("p50") <= latency("p99") && latency("p99") <= latency("max"));
}

#[test]
fn faults_are_named_with_what_to_try() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{nobody}/");
    for (arguments, status, words) in [
        (&[&*url][..], 3, "hookproof listen"),
        (&["ftp://x"], 2, "http://"),
        (&["http://user:word@example.com/"], 2, "user name"),
        (&["--sample", "no-such"], 2, "hookproof samples"),
        (&["--variant", "odd"], 2, "genuine"),
        (&["--profile", "sms_sha1", "--sample", "sms-inbound-text-get", "--variant", "alg-none"], 2, "--variant"),
        (&["--rate", "0"], 2, "0.001"),
        (&["--speed", "2"], 2, "--retry"),
    ] {
        let output = run(&[&["send"], arguments].concat());
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn without_a_secret_both_sides_take_the_public_one() {
    let mut child = command(&["listen", "--port", "0", "--no-page", "--format", "json"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(ready["public"], true);
    let output =
        command(&["send", ready["address"].as_str().unwrap(), "--variant", "genuine,wrong-secret"]).output().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
}
