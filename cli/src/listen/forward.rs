//! Requests passed on to the application under test: body and fields as they came, but for those of the connection.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::HOST;
use hyper::http::request::Parts;
use hyper::{Request, Uri, Version};

use super::entry::{Forwarded, Reply};
use crate::failure::Failure;
use crate::http::{Client, strip_hop_by_hop};

/// How long the application may take: longer than any API of the vendor waits for an answer.
const TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

pub(crate) struct Forwarder {
    client: Client,
    target: Uri,
    /// Whether the application gets only what was verified.
    pub(crate) only_verified: bool,
}

impl Forwarder {
    pub(crate) fn new(target: Uri, only_verified: bool) -> Result<Forwarder, Failure> {
        Ok(Forwarder { client: Client::new(CONNECT_TIMEOUT)?, target, only_verified })
    }

    pub(crate) fn target(&self) -> &Uri {
        &self.target
    }

    pub(crate) async fn forward(&self, parts: &Parts, body: Bytes) -> Forwarded {
        let start = Instant::now();
        let url = address(&self.target, &parts.uri);
        let outcome = match request(parts, &url, body) {
            Ok(request) => self.client.send(request, TIMEOUT).await.map_err(|trouble| trouble.to_string()),
            Err(error) => Err(format!("the request cannot be passed on: {error}")),
        };
        let outcome = outcome.map(|answer| {
            let mut headers = answer.headers;
            strip_hop_by_hop(&mut headers);
            Reply { status: answer.status, headers, body: answer.body }
        });
        Forwarded { url, took_ms: start.elapsed().as_millis(), outcome }
    }
}

fn request(parts: &Parts, url: &str, body: Bytes) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
    let mut request =
        Request::builder().method(parts.method.clone()).uri(url).version(Version::HTTP_11).body(Full::new(body))?;
    *request.headers_mut() = parts.headers.clone();
    strip_hop_by_hop(request.headers_mut());
    // The client states the target's own.
    request.headers_mut().remove(HOST);
    // How the names of the fields were written.
    *request.extensions_mut() = parts.extensions.clone();
    Ok(request)
}

/// A target with a path is the whole address; one without takes the path of the request. The query is the request's, behind
/// what the target has.
fn address(target: &Uri, asked: &Uri) -> String {
    let scheme = target.scheme_str().unwrap_or("http");
    let authority = target.authority().map_or("", |authority| authority.as_str());
    // The * of `OPTIONS *` would become a part of the port, and another server's.
    let asked_path = if asked.path().starts_with('/') { asked.path() } else { "/" };
    let path = if target.path() == "/" { asked_path } else { target.path() };
    let queries: Vec<&str> =
        [target.query(), asked.query()].into_iter().flatten().filter(|query| !query.is_empty()).collect();
    let query = if queries.is_empty() { String::new() } else { format!("?{}", queries.join("&")) };
    format!("{scheme}://{authority}{path}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_with_a_path_is_the_whole_address() {
        let address = |target: &str, asked: &str| address(&target.parse().unwrap(), &asked.parse().unwrap());
        assert_eq!(
            address("http://localhost:3000", "/voice/answer?a=1&b=%20"),
            "http://localhost:3000/voice/answer?a=1&b=%20"
        );
        assert_eq!(address("http://localhost:3000/", "/x"), "http://localhost:3000/x");
        assert_eq!(address("http://localhost:3000/hook", "/x?a=1"), "http://localhost:3000/hook?a=1");
        assert_eq!(address("https://h/hook?t=1", "/x?a=1"), "https://h/hook?t=1&a=1");
        for asked in ["*", "other.example:443", "http://other.example"] {
            assert_eq!(address("http://localhost:3000", asked), "http://localhost:3000/");
        }
    }
}
