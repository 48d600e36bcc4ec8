//! The page that shows what came, and the API behind it. Its files are in the program; nothing is loaded from elsewhere.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::entry::Entry;
use super::guard::Guard;
use super::receiver::{Receiver, as_json, plain};
use super::replay::Replayer;
use super::server::Answer;

/// How long a question for news waits for some.
const NEWS_TIMEOUT: Duration = Duration::from_secs(20);

/// Nothing but our own files may run, load, or show the page in a frame.
const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-store"),
];

pub(crate) struct Page {
    pub(crate) guard: Guard,
    pub(crate) receiver: Arc<Receiver>,
    pub(crate) replayer: Replayer,
    /// What the page says of this run: addresses, accounts, settings.
    pub(crate) about: Value,
    pub(crate) stop: watch::Receiver<bool>,
}

impl Page {
    pub(crate) async fn answer(self: Arc<Page>, request: Request<Incoming>) -> Answer {
        let mut answer = self.route(&request).await;
        for (name, value) in HEADERS {
            answer.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        answer
    }

    async fn route(&self, request: &Request<Incoming>) -> Answer {
        if !Guard::is_local(request.headers()) {
            let words =
                "This page answers to its own address on this machine only: open the one that the terminal shows.\n";
            return plain(StatusCode::FORBIDDEN, words);
        }
        let path: Vec<&str> = request.uri().path().trim_start_matches('/').split('/').collect();
        if path.first() == Some(&"api") && !self.guard.has_token(request.headers()) {
            return fault(StatusCode::UNAUTHORIZED, "open the address that the terminal shows: it carries a token");
        }
        match (request.method(), &path[..]) {
            (&Method::GET, [""]) => file("text/html; charset=utf-8", include_str!("page/page.html")),
            (&Method::GET, ["page.css"]) => file("text/css; charset=utf-8", include_str!("page/page.css")),
            (&Method::GET, ["page.js"]) => file("text/javascript; charset=utf-8", include_str!("page/page.js")),
            (&Method::GET, ["icon.svg"]) => file("image/svg+xml", include_str!("page/icon.svg")),
            (&Method::GET, ["api", "about"]) => as_json(StatusCode::OK, &self.about),
            (&Method::GET, ["api", "requests"]) => self.news(request.uri().query().unwrap_or_default()).await,
            (&Method::POST, ["api", "clear"]) => {
                self.receiver.history.clear();
                as_json(StatusCode::OK, &json!({}))
            }
            (method, ["api", "requests", id, action @ ..]) => self.one(method, id, action).await,
            _ => fault(StatusCode::NOT_FOUND, "there is nothing here"),
        }
    }

    /// What came behind the place `after`, once there is something; without a place all there is, at once.
    async fn news(&self, query: &str) -> Answer {
        let after: Option<u64> = query.strip_prefix("after=").and_then(|place| place.parse().ok());
        if let Some(after) = after {
            let mut watch = self.receiver.history.watch();
            let mut stop = self.stop.clone();
            tokio::select! {
                _ = watch.wait_for(|place| *place != after) => {}
                () = tokio::time::sleep(NEWS_TIMEOUT) => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        }
        let news = self.receiver.history.since(after.unwrap_or(0));
        let requests: Vec<Value> = news.entries.iter().map(|entry| entry.summary()).collect();
        as_json(
            StatusCode::OK,
            &json!({
                "requests": requests,
                "place": news.place,
                "kept": news.kept,
                "count": news.count,
                "accepted": news.accepted,
                "repeats": self.receiver.deliveries().totals().json(),
                "uncaptured": self.receiver.uncaptured.load(Ordering::Relaxed),
            }),
        )
    }

    async fn one(&self, method: &Method, id: &str, action: &[&str]) -> Answer {
        let Some(entry) = id.parse().ok().and_then(|id| self.receiver.history.find(id)) else {
            return fault(StatusCode::NOT_FOUND, "this request is not kept any more");
        };
        match (method, action) {
            (&Method::GET, []) => {
                let receiver = Arc::clone(&self.receiver);
                // The search for mistakes takes its time over a large body, and holds no request up meanwhile.
                let detail = tokio::task::spawn_blocking(move || {
                    let mut detail = entry.detail();
                    let Entry { arrival, verdict, judged_at, .. } = &*entry;
                    detail["explanation"] = receiver.judge.explain(arrival, verdict, *judged_at);
                    detail
                });
                match detail.await {
                    Ok(detail) => as_json(StatusCode::OK, &detail),
                    Err(_) => fault(StatusCode::INTERNAL_SERVER_ERROR, "the request cannot be explained"),
                }
            }
            (&Method::GET, ["curl"]) => match self.replayer.curl(&entry.arrival) {
                Ok(command) => as_json(StatusCode::OK, &json!({ "curl": command })),
                Err(words) => fault(StatusCode::CONFLICT, &words),
            },
            (&Method::POST, [how @ ("resign" | "resend")]) => {
                let sent = if *how == "resign" {
                    self.replayer.resign(&self.receiver.judge, &entry).await
                } else {
                    self.replayer.resend(&entry.arrival).await
                };
                match sent {
                    Ok(sent) => as_json(StatusCode::OK, &json!({ "status": sent.status, "request": sent.request })),
                    Err(words) => fault(StatusCode::CONFLICT, &words),
                }
            }
            _ => fault(StatusCode::NOT_FOUND, "there is nothing here"),
        }
    }
}

fn file(kind: &'static str, text: &'static str) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}

fn fault(status: StatusCode, words: &str) -> Answer {
    as_json(status, &json!({ "fault": words }))
}
