//! `hookproof listen` as a process: verdicts, capture, forwarding, deliveries, the page's API, and its end.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::thread;
use std::time::Duration;

use serde_json::Value;

mod support;

use support::{
    ACCOUNT, Listening, SECRET, command, exchange, now, post, response, run, serve, signed_post, signer, stderr,
};

const BODY: &[u8] = br#"{"channel":"sms","message_uuid":"m-1","from":"447700900321","to":"447700900555","text":"hello","message_type":"text"}"#;

#[test]
fn each_request_gets_the_answer_of_a_server_that_verifies() {
    let mut listening = Listening::new(&[]);
    let mut asked = |request: Vec<u8>, status: u16, reason: &str| {
        let answer = exchange(listening.address, &request);
        let line = listening.line();
        assert_eq!((answer.status, line["reason"].as_str().unwrap()), (status, reason));
        assert_eq!(answer.head.contains("retry-after: 5"), status == 503, "{}", answer.head);
        assert!(answer.head.contains(&format!("hookproof-request: {}", line["id"])));
        (answer, line)
    };
    let (answer, line) = asked(signed_post(BODY, now(), "j1"), 200, "ok");
    assert_eq!(answer.text(), "");
    assert_eq!(
        (&line["event"], &line["api_key"], &line["path"]),
        (&"inbound/sms".into(), &ACCOUNT.into(), &"/webhooks/inbound".into())
    );
    asked(signed_post(BODY, now(), "j1"), 200, "replay.duplicate");
    let refused = asked(post(Some(&signer().sign_body(b"{}", now(), "j2")), BODY), 503, "payload.mismatch").0.text();
    // The answer is the same for every refusal.
    assert_eq!(asked(post(None, BODY), 503, "header.missing").0.text(), refused);
    assert_eq!(asked(post(Some("Bearer x"), BODY), 401, "token.malformed").0.text(), refused);
    asked(signed_post(BODY, now() - 1000, "j3"), 503, "time.stale");
    let header = signer().sign_body(BODY, now(), "j4");
    let twice = String::from_utf8(post(Some(&header), BODY)).unwrap().replacen(
        "Content-Type",
        &format!("Authorization: {header}\r\nContent-Type"),
        1,
    );
    asked(twice.into_bytes(), 401, "header.duplicated");
    let query = "from=447700900321&to=447700900555&uuid=u&conversation_uuid=CON-1";
    let header = signer().sign_query(query, now(), "j5").unwrap();
    let get =
        format!("GET /answer?{query} HTTP/1.1\r\nHost: tests\r\nAuthorization: {header}\r\nConnection: close\r\n\r\n");
    asked(get.into_bytes(), 200, "ok");
    let (code, rest) = listening.end("-TERM");
    assert_eq!(code, Some(0));
    assert_eq!((&rest[0]["kind"], &rest[0]["requests"], &rest[0]["accepted"]), (&"ended".into(), &8.into(), &2.into()));
}

#[test]
fn what_came_is_captured_byte_for_byte_for_its_owner() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("captured");
    let path = folder.to_str().unwrap();
    let mut listening = Listening::new(&["--capture", path, "--max-body", "100"]);
    let bodies: [&[u8]; 4] = [b"", b"\x00\xff\r\n\xc3\x28", b"{\"text\": \"\xf0\x9f\x99\x82\"}\n", &[b'x'; 70_000]];
    for (number, body) in bodies.iter().enumerate() {
        let answer = listening.post(body, &format!("j{number}"));
        assert_eq!(answer.status, if body.len() > 100 { 413 } else { 200 });
        let line = listening.line();
        assert_eq!(line["body_bytes"], body.len());
        let name = format!("{:06}", number + 1);
        assert_eq!(line["captured"], *name);
        assert_eq!(fs::read(folder.join(format!("{name}.body"))).unwrap(), *body);
        let about: Value = serde_json::from_slice(&fs::read(folder.join(format!("{name}.json"))).unwrap()).unwrap();
        assert_eq!((&about["target"], &about["method"]), (&"/webhooks/inbound?x=1".into(), &"POST".into()));
        let fields = about["headers"].as_array().unwrap();
        assert!(
            fields
                .iter()
                .any(|field| field[0] == "authorization" && field[1].as_str().unwrap().starts_with("Bearer ey"))
        );
        assert!(!about.to_string().contains(SECRET));
        // With the head before it, it is what the other commands read.
        let request = [fs::read(folder.join(format!("{name}.head"))).unwrap(), body.to_vec()].concat();
        let file = place.path().join("request.http");
        fs::write(&file, request).unwrap();
        let at = about["judged_at"].to_string();
        let verified = run(&["verify", file.to_str().unwrap(), "--at", &at, "--max-body", "100"]);
        assert_eq!(verified.status.code(), Some(i32::from(body.len() > 100)), "{}", stderr(&verified));
    }
    for file in fs::read_dir(&folder).unwrap() {
        assert_eq!(file.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    drop(listening);
    // The numbers go on.
    let mut listening = Listening::new(&["--capture", path]);
    listening.post(b"{}", "j9");
    assert_eq!((&listening.line()["id"], fs::read_dir(&folder).unwrap().count()), (&5.into(), 15));
}

#[test]
fn a_sender_that_breaks_off_is_seen_and_harms_nobody() {
    let mut listening = Listening::new(&[]);
    let request = signed_post(BODY, now(), "j1");
    let mut stream = TcpStream::connect(listening.address).unwrap();
    stream.write_all(&request[..request.len() - 10]).unwrap();
    drop(stream);
    let line = listening.line();
    assert_eq!((&line["accepted"], &line["reason"]), (&false.into(), &"payload.mismatch".into()));
    assert_eq!(listening.post(BODY, "j1").status, 200);
}

#[test]
fn requests_are_forwarded_byte_for_byte() {
    let (application, got) =
        serve(|got| if got.head.contains("/fail") { response(500, b"no") } else { response(204, b"") });
    let target = format!("http://{application}");
    let mut listening = Listening::new(&["--forward-to", &target]);
    let body = b"\x00\xff{\"a\": 1}\r\n";
    let authorization = signer().sign_body(body, now(), "j1");
    let head = format!(
        "POST /hook/a%20b?q=%7E+1 HTTP/1.1\r\nHost: outside.example\r\nX-Odd-Case: grün  in \r\nAuthorization: {authorization}\r\n\
         X-Twice: 1\r\nX-Twice: 2\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nConnection: close, X-Hop\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let answer = exchange(listening.address, &[head.as_bytes(), body].concat());
    assert_eq!(answer.status, 204);
    assert!(answer.head.contains("x-app: yes"));
    let line = listening.line();
    assert_eq!((&line["reason"], &line["answered_by"]), (&"ok".into(), &"application".into()));
    let seen = got.recv().unwrap();
    assert_eq!(seen.body, body);
    assert!(seen.head.starts_with("POST /hook/a%20b?q=%7E+1 HTTP/1.1\r\n"), "{}", seen.head);
    let fields: Vec<&str> = seen.head.lines().collect();
    for field in [
        &*format!("Authorization: {authorization}"),
        "X-Odd-Case: grün  in",
        "X-Twice: 1",
        "X-Twice: 2",
        &format!("Host: {application}"),
    ] {
        assert!(fields.iter().any(|line| line.eq_ignore_ascii_case(field)), "{field} is not in {}", seen.head);
    }
    for gone in ["x-hop:", "keep-alive:", "outside.example"] {
        assert!(!seen.head.to_lowercase().contains(gone), "{gone} is in {}", seen.head);
    }
    // What is refused goes on too, and the application's answer is the answer.
    let answer = exchange(listening.address, &post(None, b"{}"));
    assert_eq!((answer.status, &listening.line()["reason"]), (204, &"header.missing".into()));
    assert!(got.recv().is_ok());
    // Work that failed is not done: the same token is accepted again.
    let failing = String::from_utf8(signed_post(b"{}", now(), "j7")).unwrap().replacen("/webhooks", "/fail", 1);
    for _ in 0..2 {
        assert_eq!(exchange(listening.address, failing.as_bytes()).status, 500);
        assert_eq!(listening.line()["reason"], "ok");
    }
}

#[test]
fn an_application_that_is_away_makes_the_sender_try_again() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let listening = Listening::new(&["--forward-to", &format!("http://{nobody}/x"), "--only-verified"]);
    let answer = listening.post(b"{}", "j1");
    assert_eq!(answer.status, 503);
    assert!(answer.head.contains("retry-after: 5"));
    let detail = listening.api("GET", "requests/1").json();
    assert!(detail["forwarded"]["fault"].as_str().unwrap().contains("no connection"));
    assert_eq!(exchange(listening.address, &post(None, b"{}")).status, 503);
    assert_eq!(listening.api("GET", "requests/2").json()["forwarded"], Value::Null);
}

#[test]
fn the_first_deliveries_fail_and_the_retries_are_compared() {
    let mut listening = Listening::new(&["--fail-first", "2", "--retry-status", "429"]);
    let issued = now();
    let mut send = |iat: i64, jti: &str, body: &[u8]| {
        let answer = exchange(listening.address, &signed_post(body, iat, jti));
        let line = listening.line();
        (
            answer.status,
            line["answered_by"].as_str().unwrap().to_owned(),
            line["repeat"]["words"].as_str().map(ToOwned::to_owned),
        )
    };
    let on_purpose = |words: Option<&str>| (429, "fail-first".to_owned(), words.map(ToOwned::to_owned));
    assert_eq!(send(issued, "j1", BODY), on_purpose(None));
    assert_eq!(send(issued, "j1", BODY), on_purpose(Some("delivery 2 of #1: jti same, iat same, body same")));
    let third = send(issued + 5, "j2", BODY);
    assert_eq!(
        third,
        (200, "hookproof".to_owned(), Some("delivery 3 of #1: jti new, iat new (+5 s), body same".to_owned()))
    );
    let (code, rest) = listening.end("-INT");
    assert_eq!(code, Some(0));
    let repeats = &rest[0]["repeats"];
    let counts: Vec<_> =
        ["messages", "repeats", "same_jti", "same_iat", "same_body"].map(|name| repeats[name].as_u64().unwrap()).into();
    assert_eq!(counts, [1, 2, 1, 1, 2]);
}

#[test]
fn the_page_is_for_a_browser_on_this_machine_with_the_token() {
    let listening = Listening::new(&[]);
    listening.post(BODY, "j1");
    let page = listening.page_address();
    let token = listening.token();
    let ask = |method: &str, path: &str, fields: &str| {
        exchange(page, format!("{method} {path} HTTP/1.1\r\n{fields}Connection: close\r\n\r\n").as_bytes())
    };
    let own = format!("Host: {page}\r\n");
    for path in ["/", "/page.css", "/page.js", "/icon.svg"] {
        let answer = ask("GET", path, &own);
        assert_eq!(answer.status, 200);
        assert!(answer.head.contains("content-security-policy: default-src 'none'; script-src 'self'"));
        for field in [
            "x-content-type-options: nosniff",
            "cache-control: no-store",
            "x-frame-options: deny",
            "referrer-policy: no-referrer",
        ] {
            assert!(answer.head.contains(field), "{field}");
        }
        assert!(!answer.text().contains(token) && !answer.head.contains("access-control"));
        assert_eq!(ask("GET", path, "Host: rebound.example\r\n").status, 403);
    }
    let shown = format!("{own}hookproof-token: {token}\r\n");
    for path in ["/api/about", "/api/requests", "/api/requests/1", "/api/requests/1/curl"] {
        assert_eq!(ask("GET", path, &shown).status, 200, "{path}");
        assert_eq!(ask("GET", path, &own).status, 401);
        assert_eq!(ask("GET", path, &format!("{own}hookproof-token: {}\r\n", "x".repeat(token.len()))).status, 401);
        assert_eq!(ask("GET", path, &format!("Host: rebound.example\r\nhookproof-token: {token}\r\n")).status, 403);
        assert_eq!(ask("GET", path, &format!("{shown}Origin: http://evil.example\r\n")).status, 403);
        assert_eq!(ask("GET", path, &format!("{shown}Sec-Fetch-Site: cross-site\r\n")).status, 403);
        assert!(!ask("GET", path, &shown).text().contains(SECRET));
    }
    for path in ["/api/requests/1/resign", "/api/requests/1/resend", "/api/clear"] {
        assert_eq!(ask("POST", path, &own).status, 401);
        assert_eq!(ask("POST", path, &format!("{shown}Origin: null\r\n")).status, 403);
        assert_eq!(ask("GET", path, &shown).status, 404);
    }
    assert_eq!(ask("GET", "/api/requests/99", &shown).status, 404);
    assert_eq!(ask("GET", "/../../etc/passwd", &shown).status, 404);
    // The receiver knows nothing of the page.
    assert_eq!(
        exchange(listening.address, format!("GET /api/about HTTP/1.1\r\n{shown}Connection: close\r\n\r\n").as_bytes())
            .status,
        503
    );
}

#[test]
fn a_request_is_replayed_with_a_fresh_signature_or_as_it_came() {
    let mut listening = Listening::new(&[]);
    listening.post(BODY, "j1");
    listening.line();
    let replay = |listening: &Listening, path: &str| listening.api("POST", &format!("requests/{path}")).json();
    assert_eq!(replay(&listening, "1/resend"), serde_json::json!({ "status": 200, "request": 2 }));
    assert_eq!(listening.line()["reason"], "replay.duplicate");
    assert_eq!(replay(&listening, "1/resign"), serde_json::json!({ "status": 200, "request": 3 }));
    let line = listening.line();
    assert_eq!((&line["reason"], &line["repeat"]["same_jti"]), (&"ok".into(), &false.into()));
    // What nobody had signed is signed for the only account.
    exchange(listening.address, &post(None, b"{ \"odd\" : true }\n"));
    listening.line();
    replay(&listening, "4/resign");
    assert_eq!(
        (&listening.line()["reason"], &listening.line_of(5)["body"]["text"]),
        (&"ok".into(), &"{ \"odd\" : true }\n".into())
    );
    let get = "GET /answer?from=1&to=%C3%A9+x HTTP/1.1\r\nHost: tests\r\nConnection: close\r\n\r\n";
    exchange(listening.address, get.as_bytes());
    listening.line();
    replay(&listening, "6/resign");
    let line = listening.line();
    assert_eq!((&line["reason"], &line["method"]), (&"ok".into(), &"GET".into()));
}

#[test]
fn a_detail_has_every_check_the_mistake_the_claims_and_the_event() {
    let listening = Listening::new(&[]);
    listening.post(BODY, "j1");
    let spaced = String::from_utf8(BODY.to_vec()).unwrap().replace("\":", "\": ");
    exchange(listening.address, &post(Some(&signer().sign_body(BODY, now(), "j2")), spaced.as_bytes()));
    let good = listening.line_of(1);
    assert!(good["explanation"]["checks"].as_array().unwrap().iter().all(|check| check["outcome"] == "passed"));
    let claims: Value = serde_json::from_str(good["verdict"]["claims"].as_str().unwrap()).unwrap();
    assert_eq!((&claims["jti"], &claims["api_key"]), (&"j1".into(), &ACCOUNT.into()));
    let event: Value = serde_json::from_str(good["told"]["json"].as_str().unwrap()).unwrap();
    assert_eq!((&event["record"], &event["signed"]), (&"MessagesInbound".into(), &true.into()));
    let bad = listening.line_of(2);
    assert_eq!(bad["explanation"]["mistakes"][0]["name"], "body.json_spacing");
    assert_eq!(bad["told"]["signed"], false);
    let curl = listening.api("GET", "requests/2/curl").json()["curl"].as_str().unwrap().to_owned();
    assert!(curl.starts_with("curl ") && curl.contains(&format!("http://{}/webhooks/inbound", listening.address)));
    // In a shell it does what the request did.
    let shell = std::process::Command::new("sh")
        .args(["-c", &format!("{curl} --silent --output /dev/null --write-out '%{{http_code}}'")])
        .output();
    assert_eq!(String::from_utf8(shell.unwrap().stdout).unwrap(), "503");
    assert_eq!(listening.line_of(3)["verdict"]["reason"], "payload.mismatch");
}

#[test]
fn news_come_as_soon_as_there_are_some_and_only_so_many_requests_are_kept() {
    let listening = Listening::new(&["--keep", "3"]);
    let place = listening.api("GET", "requests").json()["place"].as_u64().unwrap();
    let news = thread::scope(|scope| {
        let waiting = scope.spawn(|| listening.api("GET", &format!("requests?after={place}")).json());
        thread::sleep(Duration::from_millis(200));
        listening.post(BODY, "j1");
        waiting.join().unwrap()
    });
    assert_eq!((news["requests"].as_array().unwrap().len(), &news["count"]), (1, &1.into()));
    for number in 2..=5 {
        listening.post(BODY, &format!("j{number}"));
    }
    let news = listening.api("GET", "requests").json();
    assert_eq!((&news["kept"], &news["count"]), (&serde_json::json!([3, 4, 5]), &5.into()));
    assert_eq!(listening.api("POST", "clear").status, 200);
    assert_eq!(listening.api("GET", "requests").json()["kept"], serde_json::json!([]));
}

#[test]
fn the_end_leaves_nothing_behind() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let listening = Listening::new(&[]);
        let (address, page) = (listening.address, listening.page_address());
        // A connection that says nothing, half a request, and a page that waits for news.
        let _idle = TcpStream::connect(address).unwrap();
        let mut half = TcpStream::connect(address).unwrap();
        half.write_all(b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc").unwrap();
        let ask = format!(
            "GET /api/requests?after=0 HTTP/1.1\r\nHost: {page}\r\nhookproof-token: {}\r\n\r\n",
            listening.token()
        );
        let mut waiting = TcpStream::connect(page).unwrap();
        waiting.write_all(ask.as_bytes()).unwrap();
        thread::sleep(Duration::from_millis(100));
        assert_eq!(listening.end(signal).0, Some(0), "{signal}");
        assert!(TcpStream::connect(address).is_err() && TcpStream::connect(page).is_err());
    }
}

#[test]
fn a_log_that_nobody_reads_holds_nobody_up() {
    let listening = Listening::new(&[]);
    // Several times what a pipe takes.
    for number in 0..600 {
        assert_eq!(exchange(listening.address, &post(None, b"{}")).status, 503, "{number}");
    }
    assert_eq!(listening.api("GET", "requests").json()["count"], 600);
    let (code, lines) = listening.end("-TERM");
    assert_eq!((code, lines.len()), (Some(0), 601));
}

#[test]
fn faults_are_named_with_what_to_try() {
    let place = tempfile::tempdir().unwrap();
    let open = place.path().to_str().unwrap();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for (arguments, status, words) in [
        (&["--host", "0.0.0.0"][..], 2, "--dangerously-listen-to-others"),
        (&["--port", &port], 3, "--port with another number"),
        (&["--port", "0", "--page-port", &port], 3, "--page-port with another number"),
        (&["--port", "0", "--page-port", "0", "--capture", open], 3, "chmod 700"),
        (&["--port", "0", "--page-port", "0", "--answer", "/nonexistent.json"], 3, "/nonexistent.json"),
        (&["--forward-to", "ftp://x"], 2, "http://"),
        (&["--retry-status", "500"], 2, "503 or 429"),
        (&["--max-age", "99999999"], 2, "max-age"),
        (&["--keyring", "/nonexistent.json"], 3, "/nonexistent.json"),
        (&["--profile", "none"], 2, "none"),
    ] {
        let output = run(&[&["listen"], arguments].concat());
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_person_reads_lines_without_colours_in_a_file() {
    let mut child =
        command(&["listen", "--port", "0", "--no-page"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    // What it says first it says when signals are heard.
    lines.read_line(&mut text).unwrap();
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    lines.read_to_string(&mut text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(text.contains("receiving  http://127.0.0.1:") && text.contains("the public one of the samples"), "{text}");
    assert!(text.ends_with("0 requests: 0 accepted, 0 refused\n") && !text.contains('\x1b'), "{text}");
}

impl Listening {
    /// What the page shows of a request.
    fn line_of(&self, id: u64) -> Value {
        self.api("GET", &format!("requests/{id}")).json()
    }
}
