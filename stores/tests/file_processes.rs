//! The file store between processes: this program starts itself again as the workers, and kills some of them.
#![allow(missing_docs)]

mod file_support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use file_support::{NOW, patient, request, take};
use hookproof::replay::{ClaimAnswer, Effect, Hold, Store as _};
use hookproof_stores::FileStore;

const ROLE: &str = "HOOKPROOF_TEST_ROLE";
const FILE: &str = "HOOKPROOF_TEST_FILE";
const NUMBER: &str = "HOOKPROOF_TEST_NUMBER";
const SIGKILL: i32 = 9;

/// The test that is every worker, by its role; without one it has nothing to do.
#[test]
fn worker() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let path = PathBuf::from(std::env::var_os(FILE).unwrap());
    let number: u64 = std::env::var(NUMBER).unwrap().parse().unwrap();
    match role.as_str() {
        "race" => race(&path, number),
        "journal" => journal(&path, number),
        "guest" => guest(&path, number),
        other => panic!("{other}"),
    }
}

fn start(role: &str, path: &Path, number: u64) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "worker", "--nocapture"]);
    command.env(ROLE, role).env(FILE, path).env(NUMBER, number.to_string());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
}

/// Waits until a worker says that it is ready; what it says afterwards is read from the result.
fn ready(child: &mut Child) -> BufReader<std::process::ChildStdout> {
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while line.trim_end() != "ready" {
        line.clear();
        assert_ne!(output.read_line(&mut line).unwrap(), 0, "a worker ended too early");
    }
    output
}

/// Says "ready" on a line of its own, and waits for the word to go.
fn wait_for_the_word() {
    println!("\nready");
    let _ = std::io::stdin().read(&mut [0]).unwrap();
}

const RACERS: u64 = 8;
const RACED_FOR: u64 = 500;

fn race(path: &Path, number: u64) {
    let store = patient(path);
    wait_for_the_word();
    let mut won = Vec::new();
    for turn in 0..RACED_FOR {
        // Half of them from the other end, so that they meet in every order.
        let jti = format!("j{}", if number.is_multiple_of(2) { turn } else { RACED_FOR - 1 - turn });
        match store.claim(&request(&jti, NOW, NOW, Hold::Lease(30))) {
            ClaimAnswer::Claimed(ticket) => {
                won.push(jti);
                assert_eq!(store.confirm(&ticket, NOW), Ok(Effect::Done));
            }
            ClaimAnswer::InProgress | ClaimAnswer::Duplicate => {}
            other => panic!("{other:?}"),
        }
    }
    for jti in won {
        println!("\nwon {jti}");
    }
}

#[test]
fn of_any_number_of_processes_one_gets_the_claim() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("seen.db");
    let mut racers: Vec<Child> = (0..RACERS).map(|number| start("race", &path, number)).collect();
    let outputs: Vec<_> = racers.iter_mut().map(ready).collect();
    for racer in &mut racers {
        racer.stdin.take().unwrap().write_all(b"!").unwrap();
    }
    let mut winners: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, (mut racer, output)) in racers.into_iter().zip(outputs).enumerate() {
        for line in output.lines() {
            if let Some(jti) = line.unwrap().strip_prefix("won ") {
                winners.entry(jti.to_owned()).or_default().push(number);
            }
        }
        assert!(racer.wait().unwrap().success());
    }
    assert_eq!(winners.len(), usize::try_from(RACED_FOR).unwrap());
    for (jti, winners) in &winners {
        assert_eq!(winners.len(), 1, "{jti} was given to {winners:?}");
    }
    let several = winners.values().map(|winners| winners[0]).collect::<BTreeSet<_>>();
    assert!(several.len() > 1, "they did not run at the same time");
}

/// How many workers run, and are killed, in one round.
const AT_ONCE: u64 = 4;

/// How many identities the workers of a round contend for at a time.
const CONTENDED: u64 = 12;

/// A lease is over in the round after the one in which it began. Then all who had one are dead: nobody loses a claim
/// while working on it.
const LEASE: u32 = 1;

/// Works until killed. What it runs, does and gives back it writes into a journal, each line with one write, so that the
/// journal of all workers is in the order of their deeds. A line is a deed, an identity and a word for the claim.
fn journal(path: &Path, round: u64) {
    let store = patient(path);
    let mut journal = OpenOptions::new().append(true).create(true).open(path.with_extension("journal")).unwrap();
    let mut write = |deed: &str, identity: u64, claim: &str| {
        let line = format!("{deed} {identity} {claim}\n");
        assert_eq!(journal.write(line.as_bytes()).unwrap(), line.len());
    };
    let mut random = random_numbers();
    let now = NOW + i64::try_from(round).unwrap();
    // From a little before where the others are: at what is done, and what was cut off.
    let text = std::fs::read_to_string(path.with_extension("journal")).unwrap();
    let newest = text.lines().next_back().map_or(0, |line| line.split(' ').nth(1).unwrap().parse::<u64>().unwrap());
    let mut first = newest.saturating_sub(CONTENDED);
    for turn in 0u64.. {
        let identity = first + random() % CONTENDED;
        let claim = format!("{}-{turn}", std::process::id());
        match store.claim(&request(&format!("j{identity}"), NOW, now, Hold::Lease(LEASE))) {
            ClaimAnswer::Claimed(ticket) => {
                write("run", identity, &claim);
                if random().is_multiple_of(3) {
                    assert_eq!(store.release(&ticket, now), Ok(Effect::Done));
                    write("released", identity, &claim);
                } else {
                    assert_eq!(store.confirm(&ticket, now), Ok(Effect::Done));
                    write("done", identity, &claim);
                }
            }
            // On to where there is work; what is left behind unfinished is looked at in the end.
            ClaimAnswer::Duplicate => first = first.max(identity.saturating_sub(CONTENDED / 2)),
            ClaimAnswer::InProgress => {}
            other => panic!("{other:?}"),
        }
    }
}

/// Random numbers that no two workers share: xorshift64, from a seed of the operating system.
fn random_numbers() -> impl FnMut() -> u64 {
    let mut state = RandomState::new().hash_one(()) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state >> 8
    }
}

/// What became of an identity, by the journal.
#[derive(Default)]
struct Fate {
    /// Claims that were worked on and neither confirmed nor released, as far as the journal knows.
    unfinished: BTreeSet<String>,
    done: bool,
}

fn read_journal(path: &Path) -> BTreeMap<u64, Fate> {
    let mut fates: BTreeMap<u64, Fate> = BTreeMap::new();
    for line in BufReader::new(File::open(path.with_extension("journal")).unwrap()).lines() {
        let line = line.unwrap();
        let [deed, identity, claim] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
        let fate = fates.entry(identity.parse().unwrap()).or_default();
        match deed {
            "run" => {
                assert!(!fate.done, "{identity} was worked on again after it was done");
                assert!(fate.unfinished.insert(claim.to_owned()), "{claim} is there twice");
            }
            "released" => assert!(fate.unfinished.remove(claim), "{claim} was never run"),
            "done" => {
                assert!(fate.unfinished.remove(claim), "{claim} was never run");
                assert!(!fate.done, "{identity} was done twice");
                fate.done = true;
            }
            other => panic!("{other}"),
        }
    }
    fates
}

#[test]
fn killed_at_any_moment_it_forgets_nothing_and_gives_nothing_twice() {
    let kills = if std::env::var_os("HOOKPROOF_LONG").is_some() { 1_000 } else { 100 };
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("seen.db");
    let mut random = random_numbers();
    let rounds = kills / AT_ONCE;
    for round in 0..rounds {
        let mut workers: Vec<Child> = (0..AT_ONCE).map(|_| start("journal", &path, round)).collect();
        for worker in &mut workers {
            // Some while they still open the file.
            std::thread::sleep(Duration::from_micros(random() % 30_000));
            worker.kill().unwrap();
        }
        for mut worker in workers {
            assert_eq!(worker.wait().unwrap().signal(), Some(SIGKILL), "a worker failed before it was killed");
        }
    }

    let fates = read_journal(&path);
    let done = fates.values().filter(|fate| fate.done).count();
    let unfinished = fates.values().map(|fate| fate.unfinished.len()).sum::<usize>();
    println!("{kills} kills: {} identities, {done} done, {unfinished} claims cut off", fates.len());
    assert!(done > usize::try_from(kills).unwrap() && unfinished > 0, "too little was done between the kills");
    let store = patient(&path);
    let last = NOW + i64::try_from(rounds).unwrap() - 1;
    let claim = |identity: u64, now: i64| store.claim(&request(&format!("j{identity}"), NOW, now, Hold::Lease(LEASE)));
    for (&identity, fate) in &fates {
        let answer = claim(identity, last);
        if fate.done {
            assert_eq!(answer, ClaimAnswer::Duplicate, "{identity}");
            assert_eq!(claim(identity, last + 100), ClaimAnswer::Duplicate, "{identity}");
            continue;
        }
        // The last deeds of a worker may not have reached the journal: a claim, or a confirm or release of one that is
        // unfinished there. A claim is free again when its lease is over, and only what was confirmed is a duplicate.
        match answer {
            ClaimAnswer::Claimed(_) => {}
            ClaimAnswer::Duplicate => assert!(!fate.unfinished.is_empty(), "{identity} is done, and nobody did it"),
            ClaimAnswer::InProgress => match claim(identity, last + i64::from(LEASE)) {
                ClaimAnswer::Claimed(_) => {}
                other => panic!("{identity}: {other:?}"),
            },
            other => panic!("{identity}: {other:?}"),
        }
    }
    let check: String =
        rusqlite::Connection::open(&path).unwrap().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
}

/// Opens the store, claims one identity each time it is told to, says how that went, and ends in good order.
fn guest(path: &Path, number: u64) {
    let store = patient(path);
    wait_for_the_word();
    let answer = match store.claim(&request(&format!("j{number}"), NOW, NOW, Hold::Once)) {
        ClaimAnswer::Claimed(_) => "claimed",
        ClaimAnswer::Duplicate => "duplicate",
        _ => "neither",
    };
    println!("\nanswer {answer}");
}

fn guest_says(path: &Path, number: u64) -> String {
    let mut guest = start("guest", path, number);
    let output = ready(&mut guest);
    guest.stdin.take().unwrap().write_all(b"!").unwrap();
    // To the end: it shall not write into a pipe that is closed.
    let lines: Vec<String> = output.lines().map(Result::unwrap).collect();
    let answer = lines.iter().find_map(|line| line.strip_prefix("answer ")).unwrap().to_owned();
    assert!(guest.wait().unwrap().success());
    answer
}

/// Whoever closes any descriptor of a file gives up all the locks that its process has on it.
#[test]
#[cfg(target_os = "linux")]
fn a_second_store_on_the_file_does_not_take_the_locks_of_the_first() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("seen.db");
    let store = patient(&path);
    take(&store, &request("j0", NOW, NOW, Hold::Once));
    let mine = format!(" {} ", std::process::id());
    let number = format!(":{} ", std::fs::metadata(&path).unwrap().ino());
    // The table is read in pieces while others change it, so that a line may be missed; a lock that is gone stays so.
    let locked = || {
        (0..100).any(|_| {
            let table = std::fs::read_to_string("/proc/locks").unwrap();
            table.lines().any(|line| line.contains(&mine) && line.contains(&number))
        })
    };
    assert!(locked(), "an open store holds a lock on its file");
    let again = FileStore::new(&path).unwrap();
    assert!(locked(), "making a store gave up the lock of another");
    drop(again);
    assert!(locked(), "dropping a store gave up the lock of another");
    // And so a process that ends does not take itself for the last one, and the log away from those that are left.
    assert_eq!(guest_says(&path, 0), "duplicate");
    assert_eq!(guest_says(&path, 1), "claimed");
    assert_eq!(store.claim(&request("j1", NOW, NOW, Hold::Once)), ClaimAnswer::Duplicate);
    take(&store, &request("j2", NOW, NOW, Hold::Once));
    assert_eq!(guest_says(&path, 2), "duplicate");
}
