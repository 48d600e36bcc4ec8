//! `hookproof doctor` as a process: against an echo behind servers that change requests, and against servers that answer.

use std::net::SocketAddr;

use serde_json::Value;

mod support;

use support::{Answer, Got, Listening, exchange, response, run, serve, stderr, stdout};

fn doctor(address: SocketAddr) -> (Value, i32) {
    let output = run(&["doctor", &format!("http://{address}/webhooks"), "--format", "json"]);
    let told =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}{}", stdout(&output), stderr(&output)));
    (told, output.status.code().unwrap())
}

/// All that was found about a subject, each with its grade.
fn found(told: &Value, subject: &str) -> Vec<String> {
    let findings = told["findings"].as_array().unwrap().iter().filter(|finding| finding["subject"] == subject);
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
    findings.map(|finding| format!("{}: {}", text(finding, "grade"), text(finding, "words"))).collect()
}

/// A server in front of `target` that changes what passes through it.
fn proxy(target: SocketAddr, change: impl Fn(&mut String, &mut Vec<u8>) + Send + 'static) -> SocketAddr {
    let pass = move |got: &Got| {
        let (mut head, mut body) = (got.head.clone(), got.body.clone());
        change(&mut head, &mut body);
        let lines = head.lines().filter(|line| !line.to_lowercase().starts_with("content-length") && !line.is_empty());
        let head: String = lines.map(|line| format!("{line}\r\n")).collect();
        let length = format!("Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        let Answer { status, body, .. } = exchange(target, &[head.as_bytes(), length.as_bytes(), &body].concat());
        response(status, &body)
    };
    serve(pass).0
}

#[test]
fn an_echo_behind_nothing_gets_everything() {
    let listening = Listening::new(&["--echo"]);
    let (told, code) = doctor(listening.address);
    assert_eq!((code, &told["well"]), (0, &true.into()), "{told}");
    assert_eq!(found(&told, "header"), ["good: the signature header arrives as it was sent, once"]);
    assert_eq!(found(&told, "body"), ["good: all 11 bodies and the query of a GET arrive byte for byte"]);
    assert_eq!(found(&told, "command").len() + found(&told, "C library").len() + found(&told, "clock").len(), 3);
    assert!(found(&told, "server's clock")[0].starts_with("good"));
    assert!(!told.to_string().contains(support::SECRET));
}

#[test]
fn what_a_server_in_between_does_is_found() {
    let listening = Listening::new(&["--echo"]);
    let target = listening.address;
    let strips = proxy(target, |head, _| {
        *head = head
            .lines()
            .filter(|line| !line.to_lowercase().starts_with("authorization"))
            .map(|line| format!("{line}\r\n"))
            .collect();
    });
    let (told, code) = doctor(strips);
    assert_eq!((code, found(&told, "header")), (1, vec!["bad: Authorization does not arrive".to_owned()]));
    assert!(found(&told, "body")[0].starts_with("good"));

    let doubles = proxy(target, |head, _| {
        *head = format!("{}\r\nAuthorization: Basic eDp5\r\n", head.trim_end());
    });
    assert_eq!(found(&doctor(doubles).0, "header"), ["bad: Authorization arrives 2 times"]);

    let serialises = proxy(target, |_, body| {
        if let Ok(value) = serde_json::from_slice::<Value>(body) {
            *body = value.to_string().into_bytes();
        }
    });
    let (told, code) = doctor(serialises);
    let bodies = found(&told, "body");
    assert_eq!(code, 1);
    for (name, fault) in [
        ("JSON with spaces", "serialised again"),
        ("JSON whose keys", "serialised again"),
        ("JSON with a newline", "is trimmed"),
    ] {
        assert!(bodies.iter().any(|body| body.contains(name) && body.contains(fault)), "{bodies:?}");
    }
    assert!(!bodies.iter().any(|body| body.contains("compact JSON") || body.contains("a form")), "{bodies:?}");

    let decodes = proxy(target, |head, body| {
        *body = String::from_utf8_lossy(body).into_owned().into_bytes();
        *head = head.replace("a+b%20c%7E", "a%20b%20c~");
    });
    let bodies = found(&doctor(decodes).0, "body");
    assert_eq!(
        bodies,
        [
            "bad: bytes that are no UTF-8 is decoded as UTF-8, with replacement characters",
            "bad: the query of a GET is decoded as a form and encoded again"
        ]
    );
}

#[test]
fn a_server_is_judged_by_its_answers() {
    let listening = Listening::new(&[]);
    let (told, code) = doctor(listening.address);
    assert_eq!(code, 0);
    assert_eq!(found(&told, "server"), ["good: verifies: genuine 200, unsigned 503, tampered 503"]);
    assert_eq!(found(&told, "body"), ["good: all 11 odd bodies are taken: nothing changes them"]);

    let trims = proxy(listening.address, |_, body| *body = body.trim_ascii_end().to_vec());
    assert_eq!(
        found(&doctor(trims).0, "body"),
        ["warn: refused under a genuine token: JSON with a newline at its end (503)"]
    );

    let (yes, _) = serve(|_| response(200, b""));
    let (told, code) = doctor(yes);
    assert_eq!(code, 1);
    assert!(found(&told, "server")[0].starts_with("bad: takes webhooks that nobody has signed"));
    let (no, _) = serve(|_| response(503, b""));
    let (told, code) = doctor(no);
    assert_eq!(code, 1);
    assert!(found(&told, "server")[0].starts_with("bad: refuses a signed webhook"));
    let (half, _) =
        serve(|got| response(if got.head.to_lowercase().contains("authorization") { 200 } else { 401 }, b""));
    assert!(found(&doctor(half).0, "server")[0].starts_with("bad: takes a changed body"));
}

#[test]
fn the_installation_is_looked_at_without_a_server() {
    let output = run(&["doctor"]);
    assert_eq!(output.status.code(), Some(0));
    let text = stdout(&output);
    assert!(text.contains(&format!("hookproof {}", env!("CARGO_PKG_VERSION"))), "{text}");
    assert!(text.contains("accounts: a1b2c3d4") && !text.contains(support::SECRET), "{text}");
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = run(&["doctor", &format!("http://{nobody}/")]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("try: hookproof listen --echo"));
}

#[test]
fn the_programs_that_are_asked_get_no_secret() {
    let place = tempfile::tempdir().unwrap();
    let program = place.path().join("pkg-config");
    let seen = place.path().join("seen");
    std::fs::write(&program, format!("#!/bin/sh\n/usr/bin/env >>'{}'\nexit 1\n", seen.display())).unwrap();
    std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let output = support::command(&["doctor", "--secret-env", "MINE"])
        .env("PATH", place.path())
        .env("PKG_CONFIG_PATH", "/somewhere")
        .env("MINE", support::SECRET)
        .env("HOOKPROOF_API_KEY", support::ACCOUNT)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let seen = std::fs::read_to_string(seen).unwrap();
    assert!(seen.contains("PKG_CONFIG_PATH=/somewhere") && !seen.contains(support::SECRET), "{seen}");
}
