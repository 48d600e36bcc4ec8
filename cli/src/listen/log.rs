//! The live log: one line for each request, for people or as JSON.

use std::io::{self, Write};
use std::sync::Mutex;

use serde_json::{Value, json};

use super::entry::{By, Entry};
use crate::clock;
use crate::format::{self, BAD, FAINT, Format, GOOD, WARN};

pub(crate) struct Log {
    format: Format,
    /// Set once the reader of standard output is gone; there is nobody to tell.
    closed: Mutex<bool>,
}

impl Log {
    pub(crate) fn new(format: Format) -> Log {
        Log { format, closed: Mutex::new(false) }
    }

    pub(crate) fn entry(&self, entry: &Entry) {
        match self.format {
            Format::Text => self.write(|| line(entry)),
            Format::Json => self.object("request", entry.summary()),
        }
    }

    /// One JSON object with a version and a kind, or nothing for people.
    pub(crate) fn object(&self, kind: &str, mut value: Value) {
        if self.format == Format::Json
            && let Some(members) = value.as_object_mut()
        {
            let mut line = Vec::new();
            let mut named = serde_json::Map::from_iter([("kind".to_owned(), json!(kind))]);
            named.append(members);
            let written = format::json(&mut line, named);
            self.write(|| written.and_then(|()| format::exact(&line)));
        }
    }

    /// A line for people, or nothing for programs.
    pub(crate) fn say(&self, text: &str) {
        if self.format == Format::Text {
            self.write(|| writeln!(format::stdout(), "{text}"));
        }
    }

    pub(crate) fn trouble(&self, text: &str) {
        let _ = writeln!(format::stderr(), "{BAD}hookproof:{BAD:#} {text}");
    }

    fn write(&self, write: impl FnOnce() -> io::Result<()>) {
        let mut closed = self.closed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !*closed && write().is_err() {
            *closed = true;
        }
    }
}

fn line(entry: &Entry) -> io::Result<()> {
    let (arrival, verdict) = (&entry.arrival, &entry.verdict);
    let mut out = format::stdout();
    let clock = clock::rfc3339(arrival.at);
    let time = clock.get(11..19).unwrap_or_default();
    let colour = match verdict.reason {
        _ if verdict.accepted => GOOD,
        "replay.duplicate" | "replay.in_progress" => WARN,
        _ => BAD,
    };
    write!(
        out,
        "{FAINT}{time}{FAINT:#} #{:<4} {colour}{:<8} {:<22}{colour:#} ",
        arrival.id,
        verdict.word(),
        verdict.reason
    )?;
    let event = verdict
        .event
        .as_ref()
        .map_or_else(|| "-".to_owned(), |told| format!("{} {}", told.api, shorten(&told.event, 40)));
    let age = verdict.age.map_or_else(|| "-".to_owned(), |age| format!("{age} s"));
    write!(out, "{event:<30} {age:>6}  {} {}", shorten(&arrival.method, 10), shorten(arrival.path(), 60))?;
    write!(out, " {FAINT}{} B{FAINT:#} -> {}", arrival.body_bytes, entry.answer.http_status)?;
    if let By::FailFirst(..) | By::Application | By::Echo = entry.answer.by {
        write!(out, " {FAINT}{}{FAINT:#}", entry.answer.by.words())?;
    }
    writeln!(out)?;
    let more = |out: &mut anstream::AutoStream<io::StdoutLock<'static>>, text: &str| {
        writeln!(out, "{:15}{FAINT}{text}{FAINT:#}", "")
    };
    if let Some(repeat) = &entry.repeat {
        more(&mut out, &repeat.words())?;
    }
    if !verdict.detail.is_empty() {
        more(&mut out, &verdict.detail)?;
    }
    if !arrival.complete {
        more(&mut out, "the sender broke off, or the body was too long or too slow")?;
    }
    if let Some(forwarded) = &entry.forwarded
        && let Err(words) = &forwarded.outcome
    {
        more(&mut out, &format!("{}: {words}", forwarded.url))?;
    }
    Ok(())
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
}
