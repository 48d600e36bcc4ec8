//! Who may see the page: a browser on this machine that was given the address from the terminal.
//!
//! Any web site can make a browser send requests to this machine, and can give its own name this machine's address. So
//! the name that was asked for must be one of this machine (against DNS rebinding), no other site may be the origin, and
//! everything but the empty page needs the token that the terminal showed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::header::{HOST, HeaderMap, ORIGIN};
use subtle::ConstantTimeEq;

use crate::failure::Failure;

/// The field in which the page's script shows the token.
pub(crate) const TOKEN_FIELD: &str = "hookproof-token";

pub(crate) struct Guard {
    token: String,
}

impl Guard {
    /// With a new token.
    pub(crate) fn new() -> Result<Guard, Failure> {
        let mut bytes = [0; 24];
        getrandom::fill(&mut bytes)
            .map_err(|error| Failure::new(format!("no random bytes: {error}"), "the system's log"))?;
        Ok(Guard { token: URL_SAFE_NO_PAD.encode(bytes) })
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Whether the request was meant for this machine and comes from no other site.
    pub(crate) fn is_local(headers: &HeaderMap) -> bool {
        let mut hosts = headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next().and_then(|host| host.to_str().ok()), hosts.next()) else { return false };
        if !is_this_machine(host) {
            return false;
        }
        let mut origins = headers.get_all(ORIGIN).iter();
        let own =
            origins.all(|origin| origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://")) == Some(host));
        let site = headers.get("sec-fetch-site").map_or("none", |site| site.to_str().unwrap_or_default());
        own && matches!(site, "none" | "same-origin")
    }

    /// Whether the request shows the token.
    pub(crate) fn has_token(&self, headers: &HeaderMap) -> bool {
        headers.get(TOKEN_FIELD).is_some_and(|shown| shown.as_bytes().ct_eq(self.token.as_bytes()).into())
    }
}

/// A name that only ever means this machine, with any port: editors and containers forward other ones.
fn is_this_machine(host: &str) -> bool {
    let port = |rest: &str| rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| host.strip_prefix(name).is_some_and(port))
}

#[cfg(test)]
mod tests {
    use hyper::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        let mut map = HeaderMap::new();
        for (name, value) in pairs.iter().map(pair) {
            map.append(name, value);
        }
        map
    }

    #[test]
    fn only_names_of_this_machine_and_no_other_site() {
        for good in [
            &[("host", "127.0.0.1:8401")][..],
            &[("host", "localhost")],
            &[("host", "[::1]:1"), ("sec-fetch-site", "none")],
            &[("host", "localhost:8401"), ("origin", "http://localhost:8401"), ("sec-fetch-site", "same-origin")],
        ] {
            assert!(Guard::is_local(&headers(good)), "{good:?}");
        }
        for bad in [
            &[][..],
            &[("host", "evil.example:8401")],
            &[("host", "localhost.evil.example")],
            &[("host", "127.0.0.1.nip.example")],
            &[("host", "127.0.0.1:99999")],
            &[("host", "localhost"), ("host", "localhost")],
            &[("host", "localhost:8401"), ("origin", "http://evil.example")],
            &[("host", "localhost:8401"), ("origin", "http://localhost:3000")],
            &[("host", "localhost:8401"), ("origin", "null")],
            &[("host", "localhost:8401"), ("sec-fetch-site", "cross-site")],
            &[("host", "localhost:8401"), ("sec-fetch-site", "same-site")],
        ] {
            assert!(!Guard::is_local(&headers(bad)), "{bad:?}");
        }
    }

    #[test]
    fn the_token_is_new_each_time_and_must_be_shown() {
        let (guard, other) = (Guard::new().unwrap(), Guard::new().unwrap());
        assert_ne!(guard.token(), other.token());
        assert!(guard.has_token(&headers(&[(TOKEN_FIELD, guard.token())])));
        assert!(!guard.has_token(&headers(&[(TOKEN_FIELD, other.token())])));
        assert!(!guard.has_token(&headers(&[(TOKEN_FIELD, "")])) && !guard.has_token(&headers(&[])));
    }
}
