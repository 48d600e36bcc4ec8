//! Measures the memory store against the bare hashes, a locked HashMap and a cache: `replay` prints one line for each ratio.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use hookproof::replay::{ClaimAnswer, ClaimRequest, Hold, Identity, MemoryStore, Selector, Store, Ticket};
use hookproof_bench::{Bar, Candidate, Case, Floor, NOW, Row, USUAL_BODY, ratio, run_rounds};

const ROUNDS: usize = 101;
const LIVE: usize = 100_000;
const CAPACITY: usize = 262_144;
const MANY: usize = 10_000_000;
const ACCOUNT: &str = "a1b2c3d4";
const THREADS: usize = 2;
const BATCH: usize = 4_096;

fn request(jti: &str) -> ClaimRequest<'_> {
    let identity = Identity { selector: Selector::ApiKey(ACCOUNT), jti };
    ClaimRequest { identity, issued_at: NOW, now: NOW, keep_until: NOW + 420, hold: Hold::Lease(30) }
}

/// A text like the vendor's, from a number: mixed, so that neighbours do not share a beginning.
fn jti(number: usize, text: &mut String) {
    text.clear();
    let mixed = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let (a, b) = (mixed >> 32, mixed & 0xffff_ffff);
    write!(text, "{a:08x}-{:04x}-4{:03x}-a{:03x}-{b:08x}{:04x}", b >> 16, a & 0xfff, b & 0xfff, number & 0xffff)
        .expect("a String takes all");
}

fn jtis(from: usize, count: usize) -> Vec<String> {
    let mut text = String::new();
    (from..from + count)
        .map(|number| {
            jti(number, &mut text);
            text.clone()
        })
        .collect()
}

/// What can remember identities.
trait Memory: Sync {
    type Held;
    fn claim(&self, jti: &str) -> Option<Self::Held>;
    fn forget(&self, jti: &str, held: Self::Held);
}

impl Memory for MemoryStore {
    type Held = Ticket;

    fn claim(&self, jti: &str) -> Option<Ticket> {
        match Store::claim(self, &request(jti)) {
            ClaimAnswer::Claimed(ticket) => Some(ticket),
            _ => None,
        }
    }

    fn forget(&self, _: &str, ticket: Ticket) {
        self.release(&ticket, NOW).expect("a memory store answers");
    }
}

/// What many write by hand: one lock, one map of texts, no bound.
struct LockedMap(Mutex<HashMap<String, (bool, i64)>>);

impl Memory for LockedMap {
    type Held = ();

    fn claim(&self, jti: &str) -> Option<()> {
        let mut map = self.0.lock().expect("nothing panics");
        let key = format!("{ACCOUNT}:{jti}");
        if map.contains_key(&key) {
            return None;
        }
        map.insert(key, (false, NOW + 30));
        Some(())
    }

    fn forget(&self, jti: &str, (): ()) {
        self.0.lock().expect("nothing panics").remove(&format!("{ACCOUNT}:{jti}"));
    }
}

/// A good cache, which is the wrong tool: it forgets what it likes when it is full.
struct Cache(moka::sync::Cache<String, i64>);

impl Memory for Cache {
    type Held = ();

    fn claim(&self, jti: &str) -> Option<()> {
        let entry = self.0.entry(format!("{ACCOUNT}:{jti}")).or_insert(NOW + 30);
        entry.is_fresh().then_some(())
    }

    fn forget(&self, jti: &str, (): ()) {
        self.0.invalidate(&format!("{ACCOUNT}:{jti}"));
    }
}

fn fill(memory: &impl Memory) {
    let mut text = String::new();
    for number in 0..LIVE {
        jti(number, &mut text);
        assert!(memory.claim(&text).is_some());
    }
}

/// New identities on a store that holds 100,000 others; they are forgotten again outside of the clock.
fn claims<'a, M: Memory>(memory: &'a M, new: &'a [String]) -> Candidate<'a> {
    Candidate::new(move |calls| {
        let mut time = Duration::ZERO;
        let mut left = calls as usize;
        while left > 0 {
            let batch = &new[..left.min(new.len())];
            let mut held = Vec::with_capacity(batch.len());
            let start = Instant::now();
            for jti in batch {
                held.push(memory.claim(black_box(jti)));
            }
            time += start.elapsed();
            for (jti, held) in batch.iter().zip(held) {
                memory.forget(jti, held.expect("it was new"));
            }
            left -= batch.len();
        }
        time.as_nanos() as f64
    })
}

/// The same in two threads at once; a call is one claim of each.
fn claims_of_two<'a, M: Memory>(memory: &'a M, new: &'a [String]) -> Candidate<'a>
where
    M::Held: Send,
{
    Candidate::new(move |calls| {
        let halves: Vec<&[String]> = new.chunks(new.len() / THREADS).collect();
        let barrier = std::sync::Barrier::new(THREADS);
        let work = |mine: &[String]| {
            let mut time = Duration::ZERO;
            let mut left = calls as usize;
            while left > 0 {
                let batch = &mine[..left.min(mine.len())];
                let mut held = Vec::with_capacity(batch.len());
                barrier.wait();
                let start = Instant::now();
                for jti in batch {
                    held.push(memory.claim(black_box(jti)));
                }
                time += start.elapsed();
                barrier.wait();
                for (jti, held) in batch.iter().zip(held) {
                    memory.forget(jti, held.expect("it was new"));
                }
                left -= batch.len();
            }
            time.as_nanos() as f64
        };
        thread::scope(|scope| {
            let threads: Vec<_> = halves.iter().map(|mine| scope.spawn(|| work(mine))).collect();
            threads.into_iter().map(|thread| thread.join().expect("no thread panics")).fold(0.0, f64::max)
        })
    })
}

fn resident_bytes() -> Option<usize> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(statm.split(' ').nth(1)?.parse::<usize>().ok()? * 4096)
}

/// Before anything else takes memory that could be taken again.
fn bytes_of_many() {
    let Some(before) = resident_bytes() else {
        return println!("!!! bytes of an identity skipped: there is no /proc/self/statm");
    };
    let store = MemoryStore::new(MANY).expect("there is memory");
    let mut text = String::new();
    for number in 0..MANY {
        jti(number, &mut text);
        let request = ClaimRequest { hold: Hold::Once, ..request(&text) };
        assert!(matches!(Store::claim(&store, &request), ClaimAnswer::Claimed(_)));
    }
    assert_eq!(store.held(), MANY);
    jti(MANY, &mut text);
    assert_eq!(Store::claim(&store, &request(&text)), ClaimAnswer::Full);
    let bytes = (resident_bytes().expect("it was there") - before) as f64 / MANY as f64;
    Row {
        what: "memory, bytes an identity, 10 million",
        measured: format!("{bytes:.2}"),
        against: "-".to_owned(),
        ratio: "-".to_owned(),
        quartiles: "-".to_owned(),
        bar: Some(("<= 32", bytes <= 32.0)),
        goal: "-",
    }
    .print();
}

fn main() {
    bytes_of_many();
    let case = Case::new(USUAL_BODY);
    let bare = Floor::new(&case);
    let new = jtis(LIVE, BATCH);
    let store = MemoryStore::new(CAPACITY).expect("there is memory");
    let map = LockedMap(Mutex::new(HashMap::new()));
    let cache = Cache(moka::sync::Cache::new(CAPACITY as u64));
    fill(&store);
    fill(&map);
    fill(&cache);

    let mut floor = Candidate::native(|| bare.both(black_box(&case)));
    let (mut one, mut one_map, mut one_cache) = (claims(&store, &new), claims(&map, &new), claims(&cache, &new));
    let (mut two, mut two_map, mut two_cache) =
        (claims_of_two(&store, &new), claims_of_two(&map, &new), claims_of_two(&cache, &new));
    run_rounds(
        ROUNDS,
        &mut [&mut floor, &mut one, &mut one_map, &mut one_cache, &mut two, &mut two_map, &mut two_cache],
    );
    ratio("memory, a claim among 100,000", &one, "floor", &floor, Some(("<= 0.7", Bar::Most(0.7))), "-");
    ratio("locked HashMap, 1 thread", &one_map, "memory", &one, None, "-");
    ratio("moka, 1 thread", &one_cache, "memory", &one, None, "-");
    ratio("locked HashMap, 2 threads", &two_map, "memory", &two, Some((">= 2", Bar::Least(2.0))), "-");
    ratio("moka, 2 threads", &two_cache, "memory", &two, None, "-");
}
