//! A request as a server saw it: bytes, and nothing decided about them.

/// Everything of a request but its body.
///
/// Build it from [`RequestHead::new`] and the setters; what is not set is absent or empty. Values are bytes as received:
/// no character set is assumed and nothing is trimmed.
///
/// The signature covers the token and, through `payload_hash`, the payload. It does not cover the method, the route,
/// other header fields, or the query of a request with a body.
#[derive(Clone, Copy)]
pub struct RequestHead<'a> {
    pub(crate) method: &'a [u8],
    pub(crate) header: &'a [u8],
    pub(crate) header_count: usize,
    pub(crate) query: &'a [u8],
    pub(crate) route: &'a [u8],
    pub(crate) expected_account: Option<&'a [u8]>,
    /// 0 when none was declared, which no ceiling refuses.
    pub(crate) declared_length: u64,
    #[cfg(feature = "networks")]
    pub(crate) source: Option<core::net::IpAddr>,
}

impl<'a> RequestHead<'a> {
    /// A head with this method (case-sensitive, RFC 9110 9.1), no header field and no query.
    #[must_use]
    pub const fn new(method: &'a [u8]) -> RequestHead<'a> {
        RequestHead {
            method,
            header: &[],
            header_count: 0,
            query: &[],
            route: &[],
            expected_account: None,
            declared_length: 0,
            #[cfg(feature = "networks")]
            source: None,
        }
    }

    /// The value of the header field that [`crate::Verifier::header_name`] names, and how many such fields the request
    /// had. With several, any one of the values will do: the request is refused.
    #[must_use]
    pub const fn header(self, value: &'a [u8], count: usize) -> RequestHead<'a> {
        RequestHead { header: value, header_count: count, ..self }
    }

    /// The raw query, without the question mark.
    #[must_use]
    pub const fn query(self, query: &'a [u8]) -> RequestHead<'a> {
        RequestHead { query, ..self }
    }

    /// The application's own name for the endpoint, for profiles that choose the key by it.
    #[must_use]
    pub const fn route(self, route: &'a [u8]) -> RequestHead<'a> {
        RequestHead { route, ..self }
    }

    /// The `api_key` of the account that this endpoint serves: a valid token of another is `key.mismatch`.
    #[must_use]
    pub const fn expected_account(self, api_key: &'a [u8]) -> RequestHead<'a> {
        RequestHead { expected_account: Some(api_key), ..self }
    }

    /// The address that the request came from, as far as the server knows: behind a proxy that is the proxy's own, unless you
    /// trust what it says of its client. For the hint of [`crate::Policy::set_networks`].
    #[cfg(feature = "networks")]
    #[must_use]
    pub const fn source(self, address: core::net::IpAddr) -> RequestHead<'a> {
        RequestHead { source: Some(address), ..self }
    }

    /// The length that `Content-Length` announces, in bytes: too large a body is then refused before it is read.
    #[must_use]
    pub const fn declared_length(self, bytes: u64) -> RequestHead<'a> {
        RequestHead { declared_length: bytes, ..self }
    }
}

/// A whole request.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    pub(crate) head: RequestHead<'a>,
    pub(crate) body: &'a [u8],
}

impl<'a> Request<'a> {
    /// A request with this head and the raw bytes of its body.
    #[must_use]
    pub const fn new(head: RequestHead<'a>, body: &'a [u8]) -> Request<'a> {
        Request { head, body }
    }

    /// A POST whose signature header stood once.
    #[must_use]
    pub const fn post(header: &'a [u8], body: &'a [u8]) -> Request<'a> {
        Request::new(RequestHead::new(b"POST").header(header, 1), body)
    }
}

// Header, query and body may hold secrets and personal data: only sizes are printed.
impl std::fmt::Debug for RequestHead<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestHead")
            .field("method", &self.method.escape_ascii().to_string())
            .field("header_bytes", &self.header.len())
            .field("header_count", &self.header_count)
            .field("query_bytes", &self.query.len())
            .field("route", &self.route.escape_ascii().to_string())
            .field("declared_length", &self.declared_length)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request").field("head", &self.head).field("body_bytes", &self.body.len()).finish()
    }
}
