//! One request with everything that became of it.

use hyper::header::HeaderMap;
use serde_json::{Value, json};

use super::arrival::{Arrival, body_json, headers_json};
use super::deliveries::Repeat;
use super::judge::Verdict;
use crate::clock;

/// Longest body that the page is given, in bytes: a browser that lays out more is slow.
const MOST_SHOWN_BYTES: usize = 256 * 1024;

pub(crate) struct Entry {
    pub(crate) arrival: Arrival,
    pub(crate) verdict: Verdict,
    /// When it was judged, in Unix seconds.
    pub(crate) judged_at: i64,
    pub(crate) answer: Answered,
    pub(crate) repeat: Option<Repeat>,
    pub(crate) forwarded: Option<Forwarded>,
    /// The name of the captured files.
    pub(crate) captured: Option<String>,
}

/// What was answered, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answered {
    pub(crate) http_status: u16,
    pub(crate) by: By,
}

/// Who decided on the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Verdict,
    /// `--fail-first`: which delivery of how many.
    FailFirst(u32, u32),
    /// `--echo`: whatever the verdict.
    Echo,
    Application,
}

/// What became of the request at the application.
pub(crate) struct Forwarded {
    pub(crate) url: String,
    pub(crate) took_ms: u128,
    pub(crate) outcome: Result<Reply, String>,
}

/// The application's answer.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: bytes::Bytes,
}

impl Entry {
    /// Roughly what it takes in memory.
    pub(crate) fn bytes(&self) -> usize {
        let verdict = &self.verdict;
        let texts = [verdict.claims.as_deref(), verdict.event.as_ref().map(|told| told.json.as_str())];
        let reply = self.forwarded.as_ref().and_then(|forwarded| forwarded.outcome.as_ref().ok());
        let texts: usize = texts.into_iter().flatten().map(str::len).sum();
        1024 + self.arrival.bytes() + texts + reply.map_or(0, |reply| reply.body.len())
    }

    /// What the list shows, and a line of `--format json`.
    pub(crate) fn summary(&self) -> Value {
        let (arrival, verdict) = (&self.arrival, &self.verdict);
        json!({
            "id": arrival.id,
            "at": clock::rfc3339(arrival.at),
            "method": arrival.method,
            "path": arrival.path(),
            "body_bytes": arrival.body_bytes,
            "accepted": verdict.accepted,
            "reason": verdict.reason,
            "age": verdict.age,
            "api": verdict.event.as_ref().map(|told| told.api),
            "event": verdict.event.as_ref().map(|told| told.event.as_str()),
            "api_key": verdict.api_key,
            "answered": self.answer.http_status,
            "answered_by": self.answer.by.name(),
            "repeat": self.repeat.as_ref().map(Repeat::json),
            "captured": self.captured,
        })
    }

    /// What the captured file says: everything but the body, which lies beside it.
    pub(crate) fn about(&self) -> Value {
        let arrival = &self.arrival;
        let mut about = self.summary();
        about["target"] = json!(arrival.target);
        about["headers"] = arrival.headers_json();
        about["complete"] = json!(arrival.complete);
        about["judged_at"] = json!(self.judged_at);
        about["verdict"] = self.verdict.json();
        about["forwarded"] = self.forwarded.as_ref().map_or(Value::Null, Forwarded::brief);
        about
    }

    /// What the page shows of one request.
    pub(crate) fn detail(&self) -> Value {
        let arrival = &self.arrival;
        let shown = arrival.body.get(..MOST_SHOWN_BYTES).unwrap_or(&arrival.body);
        let mut detail = self.about();
        detail["body"] = body_json(shown);
        detail["body_shown"] = json!(shown.len());
        detail["told"] = self.verdict.event.as_ref().map_or(Value::Null, super::judge::Told::json);
        if let Some(forwarded) = &self.forwarded {
            detail["forwarded"] = forwarded.json();
        }
        detail["answered_words"] = json!(self.answer.by.words());
        detail
    }
}

impl By {
    fn name(self) -> &'static str {
        match self {
            By::Verdict => "hookproof",
            By::FailFirst(..) => "fail-first",
            By::Echo => "echo",
            By::Application => "application",
        }
    }

    pub(crate) fn words(self) -> String {
        match self {
            By::Verdict => "by the verdict".to_owned(),
            By::FailFirst(number, of) => format!("on purpose, delivery {number} of {of} to fail"),
            By::Echo => "with what arrived".to_owned(),
            By::Application => "by the application".to_owned(),
        }
    }
}

impl Forwarded {
    pub(crate) fn reply(&self) -> Option<&Reply> {
        self.outcome.as_ref().ok()
    }

    pub(crate) fn status(&self) -> Option<u16> {
        self.reply().map(|reply| reply.status)
    }

    fn brief(&self) -> Value {
        match &self.outcome {
            Ok(reply) => json!({ "url": self.url, "status": reply.status, "took_ms": self.took_ms }),
            Err(words) => json!({ "url": self.url, "fault": words, "took_ms": self.took_ms }),
        }
    }

    fn json(&self) -> Value {
        let mut brief = self.brief();
        if let Ok(reply) = &self.outcome {
            brief["headers"] = headers_json(&reply.headers);
            brief["body"] = body_json(reply.body.get(..MOST_SHOWN_BYTES).unwrap_or(&reply.body));
        }
        brief
    }
}
