//! The Redis store against a real server, and against servers that are down, slow, wrong or mad.
#![allow(missing_docs)]

use std::collections::HashMap;
use std::io::Write as _;
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use hookproof::replay::{ClaimAnswer, ClaimRequest, Effect, Hold, Identity, Selector, Store, Ticket};
use hookproof_stores::RedisStore;

mod server;

use server::{Server, free_port};

const NOW: i64 = 1_767_225_600;

fn request(jti: &str) -> ClaimRequest<'_> {
    let identity = Identity { selector: Selector::ApiKey("a1b2c3d4"), jti };
    ClaimRequest { identity, issued_at: NOW, now: NOW, keep_until: NOW + 420, hold: Hold::Lease(30) }
}

fn leased(jti: &str, seconds: u32) -> ClaimRequest<'_> {
    ClaimRequest { hold: Hold::Lease(seconds), ..request(jti) }
}

fn store(server: &Server) -> RedisStore {
    RedisStore::new(&server.url(), "test").unwrap().with_budget(Duration::from_secs(2))
}

fn claim(store: &RedisStore, request: &ClaimRequest<'_>) -> Ticket {
    match store.claim(request) {
        ClaimAnswer::Claimed(ticket) => ticket,
        other => panic!("{other:?}"),
    }
}

fn detail(answer: &ClaimAnswer) -> &str {
    match answer {
        ClaimAnswer::Unavailable(failure) => failure.detail(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn claims_end_as_they_should() {
    let Some(server) = Server::start(&[]) else { return };
    let (one, other) = (store(&server), store(&server));

    let ticket = claim(&one, &request("confirmed"));
    assert_eq!(other.claim(&request("confirmed")), ClaimAnswer::InProgress);
    assert_eq!(other.confirm(&ticket, NOW), Ok(Effect::Done));
    assert_eq!(one.confirm(&ticket, NOW), Ok(Effect::Done));
    assert_eq!(one.release(&ticket, NOW), Ok(Effect::NoEffect));
    assert_eq!(other.claim(&request("confirmed")), ClaimAnswer::Duplicate);

    let ticket = claim(&one, &request("released"));
    assert_eq!(one.release(&ticket, NOW), Ok(Effect::Done));
    assert_eq!(one.release(&ticket, NOW), Ok(Effect::NoEffect));
    assert_eq!(one.confirm(&ticket, NOW), Ok(Effect::NoEffect));
    let second = claim(&other, &request("released"));
    assert_eq!(one.confirm(&ticket, NOW), Ok(Effect::NoEffect));
    assert_eq!(other.confirm(&second, NOW), Ok(Effect::Done));

    let once = ClaimRequest { hold: Hold::Once, ..request("once") };
    claim(&one, &once);
    assert_eq!(other.claim(&once), ClaimAnswer::Duplicate);

    // Another namespace is another store.
    let elsewhere = RedisStore::new(&server.url(), "elsewhere").unwrap().with_budget(Duration::from_secs(2));
    claim(&elsewhere, &request("once"));
}

#[test]
fn a_lease_ends_by_the_servers_clock() {
    let Some(server) = Server::start(&[]) else { return };
    let store = store(&server);
    let (kept, taken, freed) = (leased("kept", 1), leased("taken", 1), leased("freed", 1));
    let (late, old, older) = (claim(&store, &kept), claim(&store, &taken), claim(&store, &freed));
    assert_eq!(store.claim(&taken), ClaimAnswer::InProgress);
    thread::sleep(Duration::from_millis(1_050));
    // Nobody took it: it still is its owner's.
    assert_eq!(store.confirm(&late, NOW), Ok(Effect::Done));
    assert_eq!(store.claim(&kept), ClaimAnswer::Duplicate);
    // Somebody did.
    let new = claim(&store, &leased("taken", 30));
    assert_eq!((store.confirm(&old, NOW), store.release(&old, NOW)), (Ok(Effect::NoEffect), Ok(Effect::NoEffect)));
    assert_eq!(store.claim(&taken), ClaimAnswer::InProgress);
    assert_eq!(store.confirm(&new, NOW), Ok(Effect::Done));
    // Somebody did, and gave it back.
    let newer = claim(&store, &leased("freed", 30));
    assert_eq!(store.release(&newer, NOW), Ok(Effect::Done));
    assert_eq!(store.confirm(&older, NOW), Ok(Effect::NoEffect));
    claim(&store, &freed);
}

#[test]
fn an_identity_is_kept_as_long_as_it_must_be_and_no_longer() {
    let Some(server) = Server::start(&[]) else { return };
    let store = store(&server);
    let ticket = claim(&store, &request("kept"));
    let key = hookproof_stores::scripts::key("test", &ticket.key);
    let left = || -> i64 { server.command(&format!("PTTL {key}")).lines().next().unwrap()[1..].parse().unwrap() };
    assert!((418_000..=420_000).contains(&left()), "{}", left());
    store.confirm(&ticket, NOW).unwrap();
    assert!((418_000..=420_000).contains(&left()), "{}", left());
    // A token from the future is kept longer, an old one shorter, and none not at all.
    let short = ClaimRequest { keep_until: NOW + 1, ..request("short") };
    claim(&store, &ClaimRequest { hold: Hold::Once, ..short });
    assert_eq!(store.claim(&short), ClaimAnswer::Duplicate);
    thread::sleep(Duration::from_millis(1_050));
    claim(&store, &short);
}

/// What a client that repeats a command by itself, or a command that arrives late, must not undo.
#[test]
fn a_claim_sent_again_changes_nothing() {
    let Some(server) = Server::start(&[]) else { return };
    let client = redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_connection().unwrap();
    let script = redis::Script::new(hookproof_stores::scripts::CLAIM.text);
    let confirm = redis::Script::new(hookproof_stores::scripts::CONFIRM.text);
    let (mine, other) = ("a".repeat(32), "b".repeat(32));
    let mut claim =
        |owner: &str| -> String { script.key("k").arg(owner).arg(30_000).arg(60_000).invoke(&mut connection).unwrap() };
    assert_eq!([claim(&mine), claim(&mine), claim(&other)], ["claimed", "claimed", "in_progress"]);
    let done: String = confirm.key("k").arg(mine.as_str()).invoke(&mut client.get_connection().unwrap()).unwrap();
    assert_eq!(done, "done");
    assert_eq!([claim(&mine), claim(&other)], ["claimed", "duplicate"]);
}

#[test]
fn of_many_threads_one_is_accepted() {
    let Some(server) = Server::start(&[]) else { return };
    let store = store(&server);
    let wins = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for number in 0..200 {
                    match store.claim(&request(&format!("j-{number}"))) {
                        ClaimAnswer::Claimed(ticket) => {
                            wins.fetch_add(1, Ordering::Relaxed);
                            assert_eq!(store.confirm(&ticket, NOW), Ok(Effect::Done));
                        }
                        ClaimAnswer::InProgress | ClaimAnswer::Duplicate => {}
                        other => panic!("{other:?}"),
                    }
                }
            });
        }
    });
    assert_eq!(wins.load(Ordering::Relaxed), 200);
}

#[test]
fn a_server_that_is_down_is_refused_at_once_and_found_again() {
    let port = free_port();
    let store = RedisStore::new(&format!("redis://127.0.0.1:{port}"), "test").unwrap();
    assert_eq!(detail(&store.claim(&request("a"))), "redis: connection refused");
    let start = Instant::now();
    for _ in 0..1_000 {
        assert_eq!(detail(&store.claim(&request("a"))), "redis: connection refused");
    }
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

#[test]
fn killed_and_restarted_under_load_it_accepts_nothing_twice() {
    let Some(mut server) = Server::durable() else { return };
    let store = RedisStore::new(&server.url(), "test").unwrap();
    let stop = AtomicBool::new(false);
    let journals: Vec<Vec<(usize, bool)>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..6)
            .map(|_| {
                scope.spawn(|| {
                    let mut journal = Vec::new();
                    let mut number = 0;
                    while !stop.load(Ordering::Relaxed) {
                        // Several workers are at the same identities all the time.
                        let jti = format!("j-{}", number % 3_000);
                        match store.claim(&request(&jti)) {
                            ClaimAnswer::Claimed(ticket) => {
                                journal.push((number % 3_000, store.confirm(&ticket, NOW) == Ok(Effect::Done)));
                            }
                            ClaimAnswer::InProgress | ClaimAnswer::Duplicate => {}
                            ClaimAnswer::Unavailable(_) => thread::sleep(Duration::from_millis(1)),
                            other => panic!("{other:?}"),
                        }
                        number += 1;
                    }
                    journal
                })
            })
            .collect();
        for _ in 0..3 {
            thread::sleep(Duration::from_millis(400));
            server.kill();
            let start = Instant::now();
            assert!(matches!(store.claim(&request("while down")), ClaimAnswer::Unavailable(_)));
            assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
            thread::sleep(Duration::from_millis(200));
            server.restart();
        }
        thread::sleep(Duration::from_millis(600));
        stop.store(true, Ordering::Relaxed);
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let mut accepted: HashMap<usize, (usize, usize)> = HashMap::new();
    for (number, confirmed) in journals.into_iter().flatten() {
        let counts = accepted.entry(number).or_default();
        counts.0 += 1;
        counts.1 += usize::from(confirmed);
    }
    assert!(accepted.len() > 300, "{}", accepted.len());
    // The lease is longer than the test: whatever was claimed was claimed once.
    assert!(accepted.values().all(|(claims, _)| *claims == 1), "{accepted:?}");
    for (number, _) in accepted.iter().filter(|(_, (_, confirmed))| *confirmed == 1) {
        assert_eq!(store.claim(&request(&format!("j-{number}"))), ClaimAnswer::Duplicate);
    }
}

#[test]
fn a_server_that_hangs_costs_no_more_than_the_budget() {
    let Some(server) = Server::start(&[]) else { return };
    let store = RedisStore::new(&server.url(), "test").unwrap().with_budget(Duration::from_millis(100));
    let ticket = claim(&store, &request("before"));
    server.signal("STOP");
    let start = Instant::now();
    let answer = store.claim(&request("while hung"));
    let took = start.elapsed();
    assert_eq!(detail(&answer), "redis: no answer within the budget");
    assert!((Duration::from_millis(90)..Duration::from_millis(600)).contains(&took), "{took:?}");
    assert!(store.confirm(&ticket, NOW).is_err());
    server.signal("CONT");
    // The answers to what was asked before are never read as answers to what is asked now.
    let until = Instant::now() + Duration::from_secs(5);
    while store.confirm(&ticket, NOW).is_err() {
        assert!(Instant::now() < until, "it did not recover");
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(store.claim(&request("before")), ClaimAnswer::Duplicate);
    assert_eq!(store.claim(&request("while hung")), ClaimAnswer::InProgress);
    claim(&store, &request("after"));
}

#[test]
fn servers_that_would_forget_or_cannot_write_are_refused() {
    for policy in ["allkeys-lru", "volatile-ttl"] {
        let Some(server) = Server::start(&["--maxmemory", "100mb", "--maxmemory-policy", policy]) else { return };
        let expected = format!("redis: maxmemory-policy {policy} evicts keys; set noeviction");
        assert_eq!(detail(&store(&server).claim(&request("a"))), expected);
    }
    let Some(primary) = Server::start(&[]) else { return };
    let port = primary.port.to_string();
    let Some(replica) = Server::start(&["--replicaof", "127.0.0.1", &port]) else { return };
    assert_eq!(detail(&store(&replica).claim(&request("a"))), "redis: the server is a read-only replica");
}

#[test]
fn a_full_server_forgets_nothing() {
    let Some(server) = Server::start(&["--maxmemory", "3mb"]) else { return };
    let store = store(&server);
    let mut held = 0;
    let full = loop {
        match store.claim(&ClaimRequest { hold: Hold::Once, ..request(&format!("j-{held}")) }) {
            ClaimAnswer::Claimed(_) => held += 1,
            other => break other,
        }
        assert!(held < 100_000);
    };
    assert_eq!(full, ClaimAnswer::Full);
    assert!(held > 100, "{held}");
    for number in 0..held {
        assert_eq!(store.claim(&request(&format!("j-{number}"))), ClaimAnswer::Duplicate);
    }
}

#[test]
fn a_password_is_used_and_never_told() {
    let Some(server) = Server::start(&["--requirepass", "correct-horse"]) else { return };
    let at = |credentials: &str| {
        let url = format!("redis://{credentials}127.0.0.1:{}", server.port);
        RedisStore::new(&url, "test").unwrap().with_budget(Duration::from_secs(2))
    };
    claim(&at(":correct-horse@"), &request("a"));
    for credentials in [":wrong-horse@", "", "somebody:correct-horse@"] {
        let store = at(credentials);
        let answer = store.claim(&request("b"));
        assert_eq!(detail(&answer), "redis: the password or user is wrong", "{credentials}");
        let told = format!("{answer:?} {store:?} {}", store.extent());
        assert!(!told.contains("horse"), "{told}");
    }
    for url in ["redis://:horse@", "redis://:horse@host:port/x", "http://:horse@host", "horse", ""] {
        let error = RedisStore::new(url, "test").unwrap_err().to_string();
        assert!(error.starts_with("url: ") && !error.contains("horse"), "{error}");
    }
    assert_eq!(RedisStore::new("redis://localhost", "a b").unwrap_err().place(), "namespace");
}

/// What listens is no Redis.
#[test]
fn a_mad_server_is_refused_in_time() {
    let babble: [&'static [u8]; 5] =
        [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"$1000000000\r\nabc", b"+OK\r\n+OK\r\n+OK\r\n", b"*3\r\n"];
    for words in babble {
        for closes in [false, true] {
            let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
            let port = listener.local_addr().unwrap().port();
            thread::spawn(move || {
                let mut kept = Vec::new();
                for stream in listener.incoming().flatten() {
                    let mut stream = stream;
                    let _ = stream.write_all(words);
                    if !closes {
                        kept.push(stream);
                    }
                }
            });
            let store = RedisStore::new(&format!("redis://127.0.0.1:{port}"), "test").unwrap();
            let start = Instant::now();
            for _ in 0..20 {
                assert!(matches!(store.claim(&request("a")), ClaimAnswer::Unavailable(_)));
            }
            assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        }
    }
}

#[cfg(not(feature = "redis-tls"))]
#[test]
fn tls_that_is_not_there_is_named() {
    let error = RedisStore::new("rediss://localhost", "test").unwrap_err();
    assert_eq!(error.to_string(), "url: asks for TLS: the library was built without the feature redis-tls");
}

/// The certificate's authority is named in the environment, which cannot be changed for one test alone: the test runs itself
/// in a process of its own.
#[cfg(feature = "redis-tls")]
#[test]
fn tls_is_spoken_with_servers_whose_certificate_is_good() {
    use std::process::Command;

    if let Ok(url) = std::env::var("HOOKPROOF_TEST_TLS_URL") {
        let store = RedisStore::new(&url, "test").unwrap().with_budget(Duration::from_secs(5));
        match (std::env::var_os("SSL_CERT_FILE"), store.claim(&request("a"))) {
            (Some(_), ClaimAnswer::Claimed(ticket)) => assert_eq!(store.confirm(&ticket, NOW), Ok(Effect::Done)),
            (None, ClaimAnswer::Unavailable(failure)) => assert!(failure.detail().contains("certificate"), "{failure}"),
            (_, answer) => panic!("{answer:?}"),
        }
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (authority, certificate, key) = (file("authority.pem"), file("certificate.pem"), file("key.pem"));
    let openssl = |arguments: &[&str]| {
        let made = Command::new("openssl").arg("req").args(["-x509", "-nodes", "-days", "2"]).args(arguments).output();
        assert!(made.is_ok_and(|made| made.status.success()), "openssl makes a certificate");
    };
    let authority_key = file("authority-key.pem");
    openssl(&["-newkey", "rsa:2048", "-subj", "/CN=authority", "-keyout", &authority_key, "-out", &authority]);
    let names = ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"];
    let signed = ["-CA", &authority, "-CAkey", &authority_key, "-newkey", "rsa:2048", "-subj", "/CN=localhost"];
    openssl(&[&signed[..], &names[..], &["-keyout", &key, "-out", &certificate]].concat());
    let tls_port = free_port();
    let port = tls_port.to_string();
    let options = [
        "--tls-port",
        &port,
        "--tls-cert-file",
        &certificate,
        "--tls-key-file",
        &key,
        "--tls-ca-cert-file",
        &authority,
        "--tls-auth-clients",
        "no",
    ];
    let Some(_server) = Server::start(&options) else { return };
    for trusted in [true, false] {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "tls_is_spoken_with_servers_whose_certificate_is_good", "--nocapture"]);
        child.env("HOOKPROOF_TEST_TLS_URL", format!("rediss://localhost:{tls_port}"));
        child.env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
        if trusted {
            child.env("SSL_CERT_FILE", &authority);
        }
        let output = child.output().unwrap();
        assert!(output.status.success(), "trusted {trusted}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
