//! The HTTP client of `send`, `doctor` and `listen --forward-to`: bodies as they are, answers of bounded size.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::header::{self, HeaderMap, HeaderName};
use hyper::{Request, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::{ClientConfig, RootCertStore};

use crate::failure::Failure;

/// Longest answer that is read, in bytes: an application's page, and nothing that fills the memory.
pub(crate) const MOST_ANSWER_BYTES: usize = 8 * 1024 * 1024;

/// A client that keeps its connections.
#[derive(Clone)]
pub(crate) struct Client {
    inner: legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

/// What a server answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Nobody listens there, the name is unknown, or the TLS handshake failed.
    Connect(String),
    /// The answer took too long.
    Timeout(Duration),
    /// The connection ended before the answer was complete.
    Broken(String),
}

impl Client {
    /// A client that waits this long for a connection.
    pub(crate) fn new(connect_timeout: Duration) -> Result<Client, Failure> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(connect_timeout));
        let connector =
            HttpsConnectorBuilder::new().with_tls_config(tls()?).https_or_http().enable_http1().wrap_connector(tcp);
        let inner = legacy::Client::builder(TokioExecutor::new())
            .http1_preserve_header_case(true)
            .http1_title_case_headers(true)
            .pool_idle_timeout(Duration::from_secs(10))
            .build(connector);
        Ok(Client { inner })
    }

    /// Sends a request and reads the whole answer, all within `limit`.
    pub(crate) async fn send(&self, request: Request<Full<Bytes>>, limit: Duration) -> Result<Answer, Trouble> {
        let exchange = async {
            let response = self.inner.request(request).await.map_err(|error| {
                let words = innermost(&error);
                if error.is_connect() { Trouble::Connect(words) } else { Trouble::Broken(words) }
            })?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, MOST_ANSWER_BYTES).collect().await;
            let body = body.map_err(|error| Trouble::Broken(innermost(&*error)))?.to_bytes();
            Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
        };
        tokio::time::timeout(limit, exchange).await.unwrap_or(Err(Trouble::Timeout(limit)))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Connect(words) => write!(f, "no connection: {words}"),
            Trouble::Timeout(limit) => write!(f, "no answer within {} ms", limit.as_millis()),
            Trouble::Broken(words) => write!(f, "the connection broke: {words}"),
        }
    }
}

/// TLS with the certificate authorities of this machine. Where there are none, plain HTTP still works, and HTTPS says that
/// the issuer is unknown.
fn tls() -> Result<ClientConfig, Failure> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| Failure::new(format!("TLS: {error}"), "a URL that begins with http://"))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// The words of the error at the bottom: those above only say that something failed.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// A URL to send to.
pub(crate) fn parse_url(text: &str) -> Result<Uri, String> {
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let uri: Uri = with_scheme.parse().map_err(|_| "is no URL: try http://127.0.0.1:3000/webhooks".to_owned())?;
    match uri.scheme_str() {
        Some("http" | "https") => {}
        _ => return Err("must begin with http:// or https://".to_owned()),
    }
    let authority = uri.authority().ok_or("names no host")?;
    if authority.as_str().contains('@') {
        // The vendor's signature stands in Authorization, where these would go.
        return Err("must not have a user name or password".to_owned());
    }
    Ok(uri)
}

/// Takes off the fields that are about one connection and not about the message (RFC 9110 7.6.1), and the length, which
/// the next connection states itself.
pub(crate) fn strip_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    // `Connection: authorization` must not take off what is end to end by its definition.
    for name in named.into_iter().filter(|name| *name != header::AUTHORIZATION) {
        headers.remove(name);
    }
    for name in [
        header::CONNECTION,
        header::PROXY_AUTHENTICATE,
        header::PROXY_AUTHORIZATION,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
        header::CONTENT_LENGTH,
    ] {
        headers.remove(name);
    }
    headers.remove("keep-alive");
    headers.remove("proxy-connection");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_judged_with_advice() {
        assert_eq!(parse_url("localhost:3000/x").unwrap().to_string(), "http://localhost:3000/x");
        assert_eq!(parse_url("https://example.com").unwrap().host(), Some("example.com"));
        for bad in ["", "ftp://x", "http://", "http://user:word@example.com/", "http://a b"] {
            assert!(parse_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn fields_of_the_connection_are_taken_off() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "X-Hop, authorization"),
            ("x-hop", "1"),
            ("authorization", "Bearer a"),
            ("te", "trailers"),
            ("keep-alive", "timeout=5"),
            ("content-length", "2"),
            ("x-stays", "1"),
        ] {
            headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        strip_hop_by_hop(&mut headers);
        let mut left: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["authorization", "x-stays"]);
    }
}
