//! The Redis store between a client and a server that get on badly: what lies between them here can be told to misbehave.
#![allow(missing_docs)]

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
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

fn claim(store: &RedisStore, request: &ClaimRequest<'_>) -> Ticket {
    match store.claim(request) {
        ClaimAnswer::Claimed(ticket) => ticket,
        other => panic!("{other:?}"),
    }
}

fn detail(answer: ClaimAnswer) -> String {
    match answer {
        ClaimAnswer::Unavailable(failure) => failure.detail().to_owned(),
        other => panic!("{other:?}"),
    }
}

fn until_claimed(store: &RedisStore, jti: &str) -> Duration {
    let start = Instant::now();
    while !matches!(store.claim(&request(jti)), ClaimAnswer::Claimed(_)) {
        assert!(start.elapsed() < Duration::from_secs(10), "it did not recover");
        thread::sleep(Duration::from_millis(5));
    }
    start.elapsed()
}

/// What the middleman does with the server's answers.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Honest,
    /// Sends these bytes instead.
    Says(&'static [u8]),
    /// Sends these bytes behind the answer.
    Adds(&'static [u8]),
    /// Sends a long answer, a byte every ten milliseconds.
    Drips,
    /// Sends half of the answer and closes.
    Halves,
    /// Closes instead.
    Closes,
}

/// Stands between the store and a server.
struct Middleman {
    port: u16,
    mood: Arc<Mutex<Mood>>,
    connections: Arc<AtomicUsize>,
}

impl Middleman {
    fn before(server: &Server) -> Middleman {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (mood, connections) = (Arc::new(Mutex::new(Mood::Honest)), Arc::new(AtomicUsize::new(0)));
        let (to, shared, count) = (server.port, Arc::clone(&mood), Arc::clone(&connections));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::Relaxed);
                let Ok(server) = TcpStream::connect(("127.0.0.1", to)) else { continue };
                let (mut up, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                thread::spawn(move || {
                    let _ = std::io::copy(&mut up, &mut to_server);
                    let _ = to_server.shutdown(Shutdown::Both);
                });
                let mood = Arc::clone(&shared);
                thread::spawn(move || answers(server, client, &mood));
            }
        });
        Middleman { port, mood, connections }
    }

    fn turn(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn store(&self) -> RedisStore {
        RedisStore::new(&format!("redis://127.0.0.1:{}", self.port), "test").unwrap()
    }
}

fn answers(mut server: TcpStream, mut client: TcpStream, mood: &Mutex<Mood>) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(read @ 1..) = server.read(&mut bytes) {
        let mood = *mood.lock().unwrap();
        let sent = match mood {
            Mood::Honest => client.write_all(&bytes[..read]),
            Mood::Says(words) => client.write_all(words),
            Mood::Adds(words) => client.write_all(&[&bytes[..read], words].concat()),
            Mood::Drips => {
                let _ = client.write_all(b"$50000\r\n");
                while client.write_all(b"x").is_ok() {
                    thread::sleep(Duration::from_millis(10));
                }
                break;
            }
            Mood::Halves => {
                let _ = client.write_all(&bytes[..read / 2]);
                break;
            }
            Mood::Closes => break,
        };
        if sent.is_err() {
            break;
        }
    }
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
}

#[test]
fn whatever_comes_instead_of_an_answer_is_refused_in_time_and_got_over() {
    let Some(server) = Server::start(&[]) else { return };
    let between = Middleman::before(&server);
    let moods = [
        ("a promise of bytes", Mood::Says(b"$1000000000\r\nabc")),
        ("an impossible promise", Mood::Says(b"$9223372036854775807\r\n")),
        ("less than nothing", Mood::Says(b"$-9223372036854775808\r\n")),
        ("an endless list", Mood::Says(b"*9223372036854775807\r\n")),
        ("a long list", Mood::Says(b"*2000000000\r\n")),
        ("a map", Mood::Says(b"%4611686018427387903\r\n")),
        ("lists in lists", Mood::Says(b"*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n")),
        ("a push", Mood::Says(b">2\r\n$10\r\ninvalidate\r\n*0\r\n")),
        ("another protocol", Mood::Says(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
        ("another word", Mood::Says(b"$6\r\nQUEUED\r\n")),
        ("a number", Mood::Says(b":1\r\n")),
        ("zeros", Mood::Says(&[0; 4096])),
        ("one answer too many", Mood::Adds(b"$7\r\nclaimed\r\n")),
        ("half an answer too many", Mood::Adds(b"$7\r\ncla")),
        ("drops", Mood::Drips),
        ("half", Mood::Halves),
        ("nothing", Mood::Closes),
    ];
    for (number, (name, mood)) in moods.into_iter().enumerate() {
        let store = between.store();
        let _ = until_claimed(&store, &format!("before-{number}"));
        between.turn(mood);
        let start = Instant::now();
        let jti = format!("during-{number}");
        let answer = store.claim(&request(&jti));
        let took = start.elapsed();
        assert!(matches!(answer, ClaimAnswer::Unavailable(_)), "{name}: {answer:?}");
        // The budget is 50 ms; the machine may be busy.
        assert!(took < Duration::from_millis(250), "{name}: {took:?}");
        between.turn(Mood::Honest);
        let recovered = until_claimed(&store, &format!("after-{number}"));
        println!("{name}: refused in {took:?}, recovered in {recovered:?}: {}", detail(answer));
        // It was claimed by a claim whose answer was lost, and is not claimed again.
        assert_eq!(store.claim(&request(&jti)), ClaimAnswer::InProgress, "{name}");
    }
}

#[test]
fn a_connection_that_the_server_closed_while_idle_costs_no_request() {
    let Some(server) = Server::start(&["--timeout", "1"]) else { return };
    let store = RedisStore::new(&server.url(), "test").unwrap();
    claim(&store, &request("a"));
    thread::sleep(Duration::from_millis(2_500));
    claim(&store, &request("b"));
}

#[test]
fn a_server_that_comes_back_is_found_without_a_request() {
    let port = free_port();
    let store = RedisStore::new(&format!("redis://127.0.0.1:{port}"), "test").unwrap();
    assert_eq!(detail(store.claim(&request("a"))), "redis: connection refused");
    let Some(_server) = Server::start_at(port, &[]) else { return };
    // The thread that connects tries at least once a second.
    thread::sleep(Duration::from_millis(1_500));
    claim(&store, &request("a"));
}

#[test]
fn a_full_server_still_learns_what_is_done() {
    let Some(server) = Server::start(&[]) else { return };
    let store = RedisStore::new(&server.url(), "test").unwrap().with_budget(Duration::from_secs(2));
    let (worked, failed) = (claim(&store, &request("worked")), claim(&store, &request("failed")));
    server.command("CONFIG SET maxmemory 100kb");
    assert_eq!(store.claim(&request("new")), ClaimAnswer::Full);
    assert_eq!(store.claim(&request("worked")), ClaimAnswer::InProgress);
    assert_eq!(store.confirm(&worked, NOW), Ok(Effect::Done));
    assert_eq!(store.release(&failed, NOW), Ok(Effect::Done));
    assert_eq!(store.claim(&request("worked")), ClaimAnswer::Duplicate);
    let key = hookproof_stores::scripts::key("test", &worked.key);
    let left: i64 = server.command(&format!("PTTL {key}")).lines().next().unwrap()[1..].parse().unwrap();
    assert!((400_000..=420_000).contains(&left), "{left}");
    server.command("CONFIG SET maxmemory 0");
    claim(&store, &request("new"));
}

#[test]
fn whoever_takes_a_claim_over_does_not_shorten_its_life() {
    let Some(server) = Server::start(&[]) else { return };
    let store = RedisStore::new(&server.url(), "test").unwrap().with_budget(Duration::from_secs(2));
    let ticket = claim(&store, &ClaimRequest { hold: Hold::Lease(1), keep_until: NOW + 9_000, ..request("a") });
    thread::sleep(Duration::from_millis(1_050));
    claim(&store, &request("a"));
    let key = hookproof_stores::scripts::key("test", &ticket.key);
    let left: i64 = server.command(&format!("PTTL {key}")).lines().next().unwrap()[1..].parse().unwrap();
    assert!((8_900_000..=9_000_000).contains(&left), "{left}");
    assert_eq!(store.claim(&request("a")), ClaimAnswer::InProgress);
}

#[test]
fn a_server_that_forgot_the_scripts_is_told_them_again() {
    let Some(server) = Server::start(&[]) else { return };
    let store = RedisStore::new(&server.url(), "test").unwrap().with_budget(Duration::from_secs(2));
    let ticket = claim(&store, &request("a"));
    for _ in 0..2 {
        server.command("SCRIPT FLUSH");
        assert_eq!(store.confirm(&ticket, NOW), Ok(Effect::Done));
        assert_eq!(store.claim(&request("a")), ClaimAnswer::Duplicate);
    }
}

/// One key of a stranger's must not make the store refuse everything.
#[test]
fn a_key_that_holds_something_else_is_refused_alone() {
    let Some(server) = Server::start(&[]) else { return };
    let between = Middleman::before(&server);
    let store = between.store().with_budget(Duration::from_secs(2));
    let identity = request("alien").identity.key("test");
    server.command(&format!("SADD {} x", hookproof_stores::scripts::key("test", &identity)));
    let before = between.connections.load(Ordering::Relaxed);
    for number in 0..20 {
        assert_eq!(detail(store.claim(&request("alien"))), "redis: a key of ours holds something else");
        claim(&store, &request(&format!("ours-{number}")));
    }
    assert_eq!(between.connections.load(Ordering::Relaxed) - before, 1);
}

#[test]
fn a_user_that_may_not_ask_is_told_so() {
    let Some(server) = Server::start(&[]) else { return };
    server.command("ACL SETUSER narrow on >horse ~* +set +evalsha +eval +get +pttl +del +ping");
    server.command(
        "ACL SETUSER wide on >horse ~hookproof:1:test:* +set +evalsha +eval +get +pttl +pexpire +del +ping +info",
    );
    let at = |user: &str| {
        let url = format!("redis://{user}:horse@127.0.0.1:{}/3", server.port);
        RedisStore::new(&url, "test").unwrap().with_budget(Duration::from_secs(2))
    };
    let words = detail(at("narrow").claim(&request("a")));
    assert!(words.contains("may not run") && !words.contains("horse"), "{words}");
    server.command("ACL SETUSER wide +select");
    let wide = at("wide");
    let ticket = claim(&wide, &request("a"));
    assert_eq!(wide.confirm(&ticket, NOW), Ok(Effect::Done));
    assert_eq!(wide.claim(&request("a")), ClaimAnswer::Duplicate);
    // Another database is another store.
    claim(&RedisStore::new(&server.url(), "test").unwrap().with_budget(Duration::from_secs(2)), &request("a"));
}

#[test]
fn a_socket_of_the_file_system_will_do() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("redis.sock");
    let path = path.to_str().unwrap();
    let Some(_server) = Server::start(&["--unixsocket", path]) else { return };
    let store = RedisStore::new(&format!("unix://{path}"), "test").unwrap().with_budget(Duration::from_secs(2));
    let ticket = claim(&store, &request("a"));
    assert_eq!(store.confirm(&ticket, NOW), Ok(Effect::Done));
    let missing = RedisStore::new(&format!("unix://{path}.not"), "test").unwrap();
    assert!(matches!(missing.claim(&request("a")), ClaimAnswer::Unavailable(_)));
}

#[test]
fn while_the_server_is_down_refusals_cost_nothing() {
    let Some(mut server) = Server::durable() else { return };
    let store = RedisStore::new(&server.url(), "test").unwrap();
    let ticket = claim(&store, &request("before"));
    server.kill();
    let mut times: Vec<Duration> = (0..2_000)
        .map(|number| {
            let start = Instant::now();
            assert!(matches!(store.claim(&request(&format!("during-{number}"))), ClaimAnswer::Unavailable(_)));
            start.elapsed()
        })
        .collect();
    times.sort();
    println!("refused 2,000 times: median {:?}, 99 % {:?}, longest {:?}", times[1_000], times[1_980], times[1_999]);
    assert!(times[1_980] < Duration::from_millis(10) && times[1_999] < Duration::from_millis(500));
    server.restart();
    println!("recovered {:?} after the restart", until_claimed(&store, "after"));
    assert_eq!(store.claim(&request("before")), ClaimAnswer::InProgress);
    assert_eq!(store.confirm(&ticket, NOW), Ok(Effect::Done));
}
