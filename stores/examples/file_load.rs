//! Loads one file store from several processes at a steady rate, and prints how long claims took and how many were refused:
//!
//! ```text
//! cargo run --release -p hookproof-stores --example file_load [PROCESSES [PAIRS_PER_SECOND [SECONDS]]]
//! ```
#![allow(missing_docs)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hookproof::replay::{ClaimAnswer, ClaimRequest, Effect, Hold, Identity, Selector, Store};
use hookproof_stores::{Durability, FileStore};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, path, number, rate, seconds] = arguments.as_slice()
        && word == "worker"
    {
        return worker(path, number, rate.parse().expect("a rate"), seconds.parse().expect("seconds"));
    }
    let number = |at: usize, usual: u32| arguments.get(at).map_or(usual, |text| text.parse().expect("a number"));
    let (processes, rate, seconds) = (number(0, 8), number(1, 2_000), number(2, 10));
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("seen.db");
    drop(FileStore::new(&path).expect("a store"));
    let program = std::env::current_exe().expect("this program");
    let start = Instant::now();
    let workers: Vec<_> = (0..processes)
        .map(|worker| {
            let mut command = Command::new(&program);
            command.arg("worker").arg(&path).arg(worker.to_string()).arg((rate / processes).to_string());
            command.arg(seconds.to_string()).stdout(Stdio::piped()).spawn().expect("a worker starts")
        })
        .collect();
    let (mut pairs, mut refused, mut claims) = (0u64, 0u64, Vec::new());
    for worker in workers {
        let output = worker.wait_with_output().expect("a worker ends");
        assert!(output.status.success(), "a worker failed");
        let text = String::from_utf8(output.stdout).expect("text");
        let mut lines = text.lines();
        let counts: Vec<u64> = lines.next().expect("counts").split(' ').map(|n| n.parse().expect("a number")).collect();
        pairs += counts[0];
        refused += counts[1];
        claims.extend(lines.map(|line| line.parse::<u64>().expect("microseconds")));
    }
    claims.sort_unstable();
    let at = |part: f64| claims[((claims.len() - 1) as f64 * part) as usize] as f64 / 1000.0;
    let met = refused == 0 && at(1.0) <= 50.0;
    // A line of the benchmark's table: what, measured, against, ratio, middle half, bar, goal, met.
    println!(
        "file, longest claim of {processes} processes\t{:.1} ms\tmedian {:.2} ms, 99.9 % {:.1} ms\t-\t{:.0} pairs/s of {rate}, {refused} of {} refused\t<= 50 ms, 0\t-\t{}",
        at(1.0),
        at(0.5),
        at(0.999),
        pairs as f64 / start.elapsed().as_secs_f64(),
        claims.len(),
        if met { "yes" } else { "NO" }
    );
}

fn worker(path: &str, number: &str, rate: u32, seconds: u32) {
    let durability =
        if std::env::var_os("POWER_LOSS").is_some() { Durability::PowerLoss } else { Durability::ProcessCrash };
    let store = FileStore::new(path.as_ref()).expect("a store").with_durability(durability);
    let start = Instant::now();
    let (mut pairs, mut refused) = (0, 0);
    let mut claims = Vec::new();
    for turn in 0..rate * seconds {
        let due = Duration::from_secs_f64(f64::from(turn) / f64::from(rate));
        if let Some(early) = due.checked_sub(start.elapsed()) {
            std::thread::sleep(early);
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() as i64;
        let jti = format!("{number}-{turn}");
        let request = ClaimRequest {
            identity: Identity { selector: Selector::ApiKey("a1b2c3d4"), jti: &jti },
            issued_at: now,
            now,
            keep_until: now + 420,
            hold: Hold::Lease(30),
        };
        let begin = Instant::now();
        let answer = store.claim(&request);
        claims.push(begin.elapsed().as_micros());
        match answer {
            ClaimAnswer::Claimed(ticket) => match store.confirm(&ticket, now) {
                Ok(Effect::Done) => pairs += 1,
                other => {
                    eprintln!("confirm: {other:?}");
                    refused += 1;
                }
            },
            other => {
                eprintln!("claim: {other:?}");
                refused += 1;
            }
        }
    }
    println!("{pairs} {refused}");
    for time in claims {
        println!("{time}");
    }
}
