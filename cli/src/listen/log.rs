//! The live log: one line for each request, for people or as JSON.
//!
//! Lines are written by a thread of their own. A terminal that is stopped, or a pipe that nobody reads, holds no request up;
//! what it misses is counted.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::entry::{By, Entry};
use crate::clock;
use crate::format::{self, BAD, FAINT, Format, GOOD, WARN};

/// How many lines may wait: some seconds of a busy hour.
const MOST_WAITING: usize = 16_384;

/// What the lines that wait may take together. A path alone can have 64 KiB.
const MOST_WAITING_BYTES: usize = 16 * 1024 * 1024;

/// How long the last lines may take.
const FAREWELL: Duration = Duration::from_secs(1);

pub(crate) struct Log {
    format: Format,
    lines: Mutex<Option<SyncSender<String>>>,
    /// The bytes of the lines that wait.
    waiting: Arc<AtomicUsize>,
    missed: Arc<AtomicU64>,
    ended: Mutex<Receiver<()>>,
}

impl Log {
    pub(crate) fn new(format: Format) -> Log {
        let (lines, queue) = sync_channel::<String>(MOST_WAITING);
        let (end, ended) = sync_channel(1);
        let missed = Arc::new(AtomicU64::new(0));
        let waiting = Arc::new(AtomicUsize::new(0));
        let (counted, left) = (Arc::clone(&missed), Arc::clone(&waiting));
        thread::spawn(move || {
            for line in queue {
                let mut out = format::stdout();
                // Once the reader is gone there is nobody to tell.
                if out.write_all(line.as_bytes()).and_then(|()| out.flush()).is_err() {
                    break;
                }
                drop(out);
                left.fetch_sub(line.len(), Ordering::Relaxed);
                let missed = counted.swap(0, Ordering::Relaxed);
                if missed > 0 {
                    let _ = writeln!(
                        format::stderr(),
                        "{WARN}{missed} lines were not shown{WARN:#}: they came faster than they were read"
                    );
                }
            }
            let _ = end.send(());
        });
        Log { format, lines: Mutex::new(Some(lines)), waiting, missed, ended: Mutex::new(ended) }
    }

    pub(crate) fn entry(&self, entry: &Entry) {
        match self.format {
            Format::Text => self.write(lines(entry)),
            Format::Json => self.object("request", entry.summary()),
        }
    }

    /// One JSON object with a version and a kind, or nothing for people.
    pub(crate) fn object(&self, kind: &str, mut value: Value) {
        if self.format == Format::Json
            && let Some(members) = value.as_object_mut()
        {
            let mut line = Vec::new();
            let mut named = Map::from_iter([("kind".to_owned(), json!(kind))]);
            named.append(members);
            // Writing to a Vec cannot fail.
            let _ = format::json(&mut line, named);
            self.write(String::from_utf8_lossy(&line).into_owned());
        }
    }

    /// A line for people, or nothing for programs.
    pub(crate) fn say(&self, text: &str) {
        if self.format == Format::Text {
            self.write(format!("{text}\n"));
        }
    }

    pub(crate) fn trouble(&self, text: &str) {
        let _ = writeln!(format::stderr(), "{BAD}hookproof:{BAD:#} {text}");
    }

    /// Writes what is still waiting, if somebody reads it.
    pub(crate) fn end(&self) {
        drop(self.lines.lock().unwrap_or_else(PoisonError::into_inner).take());
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = ended.recv_timeout(FAREWELL);
    }

    fn write(&self, line: String) {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(lines) = lines.as_ref() else { return };
        let bytes = line.len();
        let before = self.waiting.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > MOST_WAITING_BYTES || lines.try_send(line).is_err() {
            self.waiting.fetch_sub(bytes, Ordering::Relaxed);
            self.missed.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn lines(entry: &Entry) -> String {
    let (arrival, verdict) = (&entry.arrival, &entry.verdict);
    let clock = clock::rfc3339(arrival.at);
    let time = clock.get(11..19).unwrap_or_default();
    let colour = match verdict.reason {
        _ if verdict.accepted => GOOD,
        "replay.duplicate" | "replay.in_progress" => WARN,
        _ => BAD,
    };
    let (word, reason) = (verdict.word(), verdict.reason);
    let told = verdict.event.as_ref();
    let event = told.map_or_else(|| "-".to_owned(), |told| format!("{} {}", told.api, shorten(&told.event, 40)));
    let age = verdict.age.map_or_else(|| "-".to_owned(), |age| format!("{age} s"));
    let (method, path) = (shorten(&arrival.method, 10), shorten(arrival.path(), 60));
    let mut text = format!(
        "{FAINT}{time}{FAINT:#} #{:<4} {colour}{word:<8} {reason:<22}{colour:#} {event:<30} {age:>6}  {method} {path} \
         {FAINT}{} B{FAINT:#} -> {}",
        arrival.id, arrival.body_bytes, entry.answer.http_status
    );
    if entry.answer.by != By::Verdict {
        // Writing to a String cannot fail.
        let _ = write!(text, " {FAINT}{}{FAINT:#}", entry.answer.by.words());
    }
    text.push('\n');
    let mut more = |words: &str| {
        let _ = writeln!(text, "{:15}{FAINT}{words}{FAINT:#}", "");
    };
    if let Some(repeat) = &entry.repeat {
        more(&repeat.words());
    }
    if !verdict.detail.is_empty() {
        more(&verdict.detail);
    }
    if !arrival.complete {
        more("the sender broke off, or the body was too long or too slow");
    }
    if let Some(forwarded) = &entry.forwarded
        && let Err(words) = &forwarded.outcome
    {
        more(&format!("{}: {words}", shorten(&forwarded.url, 200)));
    }
    text
}

/// Text of a stranger: printable, and not longer than the line can bear.
fn shorten(text: &str, most: usize) -> String {
    let printable = format::printable(text.as_bytes());
    if printable.chars().count() <= most {
        return printable;
    }
    printable.chars().take(most.saturating_sub(3)).chain("...".chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_write_cannot_reach_the_terminal() {
        assert_eq!(shorten("a\x1b[2Jb\n", 40), "a\\u{1b}[2Jb\\n");
        assert_eq!(shorten(&"x".repeat(100), 10), "xxxxxxx...");
    }

    #[test]
    fn the_address_of_what_could_not_be_forwarded_cannot_reach_it_either() {
        let (parts, ()) = hyper::Request::builder().uri("/x").body(()).unwrap().into_parts();
        let entry = Entry {
            arrival: super::super::arrival::Arrival::new(1, 0, &parts),
            verdict: super::super::judge::Verdict::of_nothing(),
            judged_at: 0,
            answer: super::super::entry::Answered { http_status: 503, by: By::Application },
            repeat: None,
            forwarded: Some(super::super::entry::Forwarded {
                url: "http://localhost/\u{9b}2J".to_owned(),
                took_ms: 1,
                outcome: Err("no connection".to_owned()),
            }),
            captured: None,
        };
        let text = lines(&entry);
        assert!(text.contains("http://localhost/\\u{9b}2J: no connection") && !text.contains('\u{9b}'), "{text}");
    }
}
