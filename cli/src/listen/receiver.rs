//! What happens to a request that comes in: captured, judged, compared with earlier deliveries, forwarded, answered, shown.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::{Bytes, BytesMut};
use hookproof::replay;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{Request, Response, StatusCode};
use serde_json::{Value, json};

use super::arrival::Arrival;
use super::capture::{Capture, Recording};
use super::deliveries::Deliveries;
use super::entry::{Answered, By, Entry, Forwarded};
use super::forward::Forwarder;
use super::history::History;
use super::judge::{Judge, Judged};
use super::log::Log;
use super::server::Answer;
use crate::clock;

/// How long a body may take: longer than any API of the vendor waits.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// Where a body is cut off, in bytes. One over the policy's ceiling is refused, and captured all the same up to here.
const MOST_BODY_BYTES: u64 = 64 * 1024 * 1024;

/// The field of each answer that names the request: its number in the log and on the page.
pub(crate) const REQUEST_NUMBER: &str = "hookproof-request";

/// What all requests share.
pub(crate) struct Receiver {
    pub(crate) judge: Judge,
    pub(crate) history: Arc<History>,
    pub(crate) capture: Option<Capture>,
    pub(crate) deliveries: Mutex<Deliveries>,
    pub(crate) forwarder: Option<Forwarder>,
    pub(crate) log: Log,
    pub(crate) next_id: AtomicU64,
    /// How many requests could not be captured.
    pub(crate) uncaptured: AtomicU64,
    /// The status that makes the sender try again.
    pub(crate) retry_status: u16,
    /// What to answer with when all is well.
    pub(crate) reply: Option<Bytes>,
    /// Whether every answer describes what arrived, for `hookproof doctor`.
    pub(crate) echo: bool,
}

impl Receiver {
    pub(crate) async fn receive(self: Arc<Receiver>, request: Request<Incoming>) -> Answer {
        // In a task of its own: a sender that breaks off must not leave a claim or a capture half done.
        let work = tokio::spawn(async move { self.work(request).await });
        work.await.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR, "internal error\n"))
    }

    pub(crate) fn deliveries(&self) -> MutexGuard<'_, Deliveries> {
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn work(&self, request: Request<Incoming>) -> Answer {
        let (parts, body) = request.into_parts();
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let mut arrival = Arrival::new(id, clock::now_millis(), &parts);
        let mut recording = self.record(id, |capture| capture.begin(id));
        self.read(body, &mut arrival, &mut recording).await;

        let now = clock::now();
        let Judged { mut verdict, verified } = self.judge.verify(&arrival, now);
        let (mut repeat, mut fail, mut received) = (None, None, None);
        if let Some(verified) = verified {
            let delivery = self.deliveries().note(id, &verified, verdict.event.as_ref());
            (repeat, fail) = (delivery.repeat, delivery.fail);
            if fail.is_none() {
                match self.judge.claim(verified, now) {
                    Ok(claimed) => received = Some(claimed),
                    Err(refusal) => verdict = verdict.refuse(&refusal),
                }
            }
        }

        let forwarder = self
            .forwarder
            .as_ref()
            .filter(|forwarder| fail.is_none() && arrival.is_whole() && (verdict.accepted || !forwarder.only_verified));
        let forwarded = match forwarder {
            Some(forwarder) => Some(forwarder.forward(&parts, arrival.body.clone()).await),
            None => None,
        };
        let answered = match (fail, &forwarded) {
            (Some((number, of)), _) => Answered { http_status: self.retry_status, by: By::FailFirst(number, of) },
            _ if self.echo => Answered { http_status: 200, by: By::Echo },
            (None, Some(forwarded)) => {
                Answered { http_status: forwarded.status().unwrap_or(self.retry_status), by: By::Application }
            }
            (None, None) => Answered { http_status: verdict.http_status, by: By::Verdict },
        };
        if let Some(mut received) = received {
            // The memory store cannot fail, and a late confirm has no effect.
            let _ = if replay::is_processed(answered.http_status) {
                received.confirm(clock::now())
            } else {
                received.release(clock::now())
            };
        }

        let mut entry = Entry { arrival, verdict, judged_at: now, answer: answered, repeat, forwarded, captured: None };
        if let Some(recording) = recording {
            entry.captured = Some(recording.name().to_owned());
            self.record(id, |_| recording.finish(&entry.arrival.head(), &entry.about()));
        }
        let answer = self.answer(&entry);
        self.log.entry(&entry);
        self.history.push(entry);
        answer
    }

    /// Does something with the capture, where there is one. What fails is said aloud and counted: the request goes on.
    fn record<T>(&self, id: u64, act: impl FnOnce(&Capture) -> io::Result<T>) -> Option<T> {
        match act(self.capture.as_ref()?) {
            Ok(done) => Some(done),
            Err(error) => {
                self.uncaptured.fetch_add(1, Ordering::Relaxed);
                self.log.trouble(&format!("request #{id} could not be captured: {error}"));
                None
            }
        }
    }

    /// Reads the body: all of it to the capture, and as much as the policy accepts to memory.
    async fn read(&self, mut body: Incoming, arrival: &mut Arrival, recording: &mut Option<Recording>) {
        let most_kept = usize::try_from(self.judge.verifier().policy().max_body_bytes()).unwrap_or(usize::MAX);
        let mut kept = BytesMut::new();
        let reading = async {
            while let Some(frame) = body.frame().await {
                let Ok(frame) = frame else { return false };
                let Ok(chunk) = frame.into_data() else { continue };
                arrival.body_bytes = arrival.body_bytes.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
                let room = most_kept.saturating_sub(kept.len()).min(chunk.len());
                kept.extend_from_slice(chunk.get(..room).unwrap_or_default());
                if let Some(mut open) = recording.take() {
                    *recording = self.record(arrival.id, |_| open.write(&chunk).map(|()| open));
                }
                if arrival.body_bytes > MOST_BODY_BYTES {
                    return false;
                }
            }
            true
        };
        let complete = tokio::time::timeout(BODY_TIMEOUT, reading).await.unwrap_or(false);
        arrival.complete = complete;
        arrival.body = kept.freeze();
    }

    fn answer(&self, entry: &Entry) -> Answer {
        let status = StatusCode::from_u16(entry.answer.http_status).unwrap_or(StatusCode::BAD_GATEWAY);
        let reply = entry.forwarded.as_ref().and_then(Forwarded::reply);
        let mut answer = match (entry.answer.by, reply) {
            (By::Echo, _) => as_json(status, &self.describe(entry)),
            (By::Application, Some(reply)) => {
                let mut answer = Response::new(Full::new(reply.body.clone()));
                *answer.headers_mut() = reply.headers.clone();
                answer
            }
            (By::Verdict, _) if entry.verdict.accepted && self.reply.is_some() => {
                let mut answer = Response::new(Full::new(self.reply.clone().unwrap_or_default()));
                answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                answer
            }
            // The same text for every refusal: a stranger who sends through a tunnel learns nothing from it.
            _ if status.is_success() => plain(status, ""),
            _ => plain(status, "refused\n"),
        };
        *answer.status_mut() = status;
        if status.as_u16() == self.retry_status && reply.is_none() {
            let seconds = entry.verdict.retry_after.unwrap_or(RETRY_AFTER_SECONDS);
            answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer.headers_mut().insert(REQUEST_NUMBER, HeaderValue::from(entry.arrival.id));
        answer
    }

    /// What arrived, for the probes of `hookproof doctor`: it gives back to the sender what the sender sent.
    fn describe(&self, entry: &Entry) -> Value {
        let arrival = &entry.arrival;
        let values: Vec<String> = arrival
            .headers
            .get_all(self.judge.header())
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect();
        json!({
            "hookproof_echo": 1,
            "request": arrival.id,
            "method": arrival.method,
            "target": arrival.target,
            "header": self.judge.header().as_str(),
            "header_values": values,
            "body_bytes": arrival.body_bytes,
            "body_base64": if arrival.is_whole() { Value::from(BASE64.encode(&arrival.body)) } else { Value::Null },
            "accepted": entry.verdict.accepted,
            "reason": entry.verdict.reason,
        })
    }
}

/// Seconds named in `Retry-After` where the verdict names none: the sender's own first pause.
const RETRY_AFTER_SECONDS: u32 = 5;

pub(crate) fn plain(status: StatusCode, text: &'static str) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *answer.status_mut() = status;
    if !text.is_empty() {
        answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    }
    answer
}

pub(crate) fn as_json(status: StatusCode, value: &Value) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(value.to_string())));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}
