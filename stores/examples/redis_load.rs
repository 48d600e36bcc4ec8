//! Compares claims and confirms with a bare `SET NX PX` loop, on one connection each, in turns on one server of its own:
//!
//! ```text
//! cargo run --release -p hookproof-stores --features redis --example redis_load
//! ```
#![allow(missing_docs)]

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use hookproof::replay::{ClaimAnswer, ClaimRequest, Effect, Hold, Identity, Selector, Store};
use hookproof_stores::RedisStore;

const ROUNDS: usize = 41;
const CALLS: usize = 500;
const NOW: i64 = 1_767_225_600;

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn request(jti: &str) -> ClaimRequest<'_> {
    let identity = Identity { selector: Selector::ApiKey("a1b2c3d4"), jti };
    ClaimRequest { identity, issued_at: NOW, now: NOW, keep_until: NOW + 420, hold: Hold::Lease(30) }
}

fn main() {
    let directory = tempfile::tempdir().expect("a directory");
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("its number").port();
    drop(listener);
    let mut command = Command::new("redis-server");
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--dir"]).arg(directory.path());
    let Ok(child) = command.stdout(Stdio::null()).spawn() else {
        return println!("!!! Redis skipped: redis-server is missing (make setup)");
    };
    let _server = Server(child);
    let url = format!("redis://127.0.0.1:{port}");
    let client = redis::Client::open(url.as_str()).expect("an address");
    let start = Instant::now();
    let mut connection = loop {
        match client.get_connection() {
            Ok(connection) => break connection,
            Err(error) => assert!(start.elapsed() < Duration::from_secs(10), "{error}"),
        }
    };
    let store = RedisStore::new(&url, "load").expect("an address").with_budget(Duration::from_secs(2));

    let mut number = 0usize;
    let mut next = move |kind: &str| {
        number += 1;
        format!("{kind}-c5ba8f24-1a14-4c10-bfdf-{number:012}")
    };
    let mut bare = |jti: &str| {
        let key = format!("seen:a1b2c3d4:{jti}");
        let set: Option<String> = redis::cmd("SET")
            .arg(key)
            .arg("1")
            .arg("NX")
            .arg("PX")
            .arg(420_000)
            .query(&mut connection)
            .expect("an answer");
        assert!(set.is_some());
    };
    let claim = |jti: &str| match store.claim(&request(jti)) {
        ClaimAnswer::Claimed(ticket) => ticket,
        other => panic!("{other:?}"),
    };
    let mut times: [Vec<f64>; 3] = Default::default();
    for round in 0..ROUNDS {
        for turn in 0..3 {
            let what = (round + turn) % 3;
            let jtis: Vec<String> = (0..CALLS).map(|_| next("j")).collect();
            let start = Instant::now();
            for jti in &jtis {
                match what {
                    0 => bare(jti),
                    1 => drop(claim(jti)),
                    _ => assert_eq!(store.confirm(&claim(jti), NOW), Ok(Effect::Done)),
                }
            }
            times[what].push(start.elapsed().as_nanos() as f64 / CALLS as f64);
        }
    }
    let [bare, claims, pairs] = times;
    row("Redis, a claim", &claims, &bare, 0.8);
    row("Redis, claim and confirm", &pairs, &bare, 0.4);
}

/// A line of the benchmark's table: what, measured, against, ratio of rates, middle half, bar, goal, met.
fn row(what: &str, ours: &[f64], bare: &[f64], bar: f64) {
    let ratios: Vec<f64> = bare.iter().zip(ours).map(|(bare, ours)| bare / ours).collect();
    let middle = quantile(&ratios, 0.5);
    println!(
        "{what}\t{:.0} ns\tSET NX PX {:.0} ns\t{middle:.3}\t{:.3} .. {:.3}\t>= {bar}\t-\t{}",
        quantile(ours, 0.5),
        quantile(bare, 0.5),
        quantile(&ratios, 0.25),
        quantile(&ratios, 0.75),
        if middle >= bar { "yes" } else { "NO" }
    );
}

fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * part) as usize]
}
