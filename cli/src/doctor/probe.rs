//! Requests that tell from their answers what a server gets to see.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hyper::Uri;
use hyper::header::DATE;
use serde_json::Value;

use super::{Finding, change};
use crate::clock;
use crate::failure::Failure;
use crate::http::{Answer, Client, Trouble};
use crate::sample::{Carrier, Sample};
use crate::send::{Maker, Variant, Wire, request};

/// Where the probes go, and who signs them.
pub(crate) struct Probe {
    pub(crate) url: Uri,
    pub(crate) maker: Maker,
    pub(crate) timeout: Duration,
}

/// A clock that is this many seconds off refuses genuine webhooks, or soon will.
const CLOCK_LEEWAY: u64 = 60;

/// Bodies that a careless server does not hand on as they are. All are what an HTTP server may receive.
const BODIES: [(&str, Carrier, &[u8]); 11] = [
    ("compact JSON", Carrier::Json, br#"{"message_uuid":"probe","text":"hello"}"#),
    ("JSON with spaces", Carrier::Json, b"{ \"text\" : \"hello\",\n  \"a\": [1, 2] }"),
    ("JSON whose keys are not sorted", Carrier::Json, br#"{"z":1,"a":2,"m":{"y":1,"b":2}}"#),
    ("JSON with escapes", Carrier::Json, br#"{"url":"https:\/\/example.com\/a","text":"\u00e9\u20ac"}"#),
    ("JSON with letters of many scripts", Carrier::Json, "{\"text\":\"Grüße, 你好, 🙂\"}".as_bytes()),
    ("JSON with odd numbers", Carrier::Json, br#"{"a":1.0,"b":1e2,"c":-0,"d":12345678901234567890}"#),
    ("JSON with a newline at its end", Carrier::Json, b"{\"text\":\"hello\"}\n"),
    ("JSON with CRLF", Carrier::Json, b"{\r\n\"text\":\"hello\"\r\n}"),
    ("JSON behind a byte order mark", Carrier::Json, b"\xef\xbb\xbf{\"text\":\"hello\"}"),
    ("bytes that are no UTF-8", Carrier::Json, b"{\"text\":\"\xff\xfe\x80\"}"),
    ("a form", Carrier::Form, b"text=a+b%20c%7E&to=&from=%C3%A9"),
];

/// A query with everything that may be written in two ways.
const QUERY: &[u8] = b"to=447700900555&text=a+b%20c%7E&empty=&from=%c3%a9";

const HEADER_NEXT: &str = "Apache: CGIPassAuth On; mod_wsgi: WSGIPassAuthorization On; nginx: proxy_set_header, fastcgi_param; \
                           gateways: let them not consume it";
const BODY_NEXT: &str = "hand on the raw bytes: no parser, no character set, no trimming before the verification";
const ECHO_NEXT: &str = "put `hookproof listen --echo` where the application is and ask again: it shows what arrives";

/// Sends the probes, and says what they found.
pub(crate) fn server(probe: &Probe) -> Result<Vec<Finding>, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("no thread: {error}"), "fewer processes"))?;
    runtime.block_on(probe.run(&Client::new(Duration::from_secs(5))?))
}

impl Probe {
    async fn run(&self, client: &Client) -> Result<Vec<Finding>, Failure> {
        let genuine = self.ask(client, &self.sample(Variant::Genuine)?).await.map_err(|trouble| {
            let next = "hookproof listen --echo where the application would be, or another URL";
            Failure::new(format!("{}: {trouble}", self.url), next)
        })?;
        let mut findings = vec![clock_of(&genuine)];
        if echo_of(&genuine).is_some() {
            findings.extend(self.echoes(client).await?);
        } else {
            findings.extend(self.answers(client, genuine.status).await?);
        }
        Ok(findings)
    }

    async fn ask(&self, client: &Client, wire: &Wire) -> Result<Answer, Trouble> {
        let request = request(&self.url, wire).map_err(|failure| Trouble::Broken(failure.to_string()))?;
        client.send(request, self.timeout).await
    }

    fn sample(&self, variant: Variant) -> Result<Wire, Failure> {
        let name = if self.maker.is_sms() { "sms-inbound-text-post-form" } else { "messages-inbound-whatsapp-text" };
        let sample = Sample::named(name).ok_or_else(|| Failure::new("the sample is not there", "another version"))?;
        self.maker.make(sample, variant, 0)
    }

    /// This payload with a signature; without one where the parameters would have to carry it.
    fn wire(&self, carrier: Carrier, payload: &[u8]) -> Result<Wire, Failure> {
        if self.maker.is_sms() {
            return Ok(Wire { carrier, payload: payload.to_vec(), header: None, header_count: 0 });
        }
        self.maker.sign(carrier, payload, clock::now())
    }

    /// What `hookproof listen --echo` says of each probe.
    async fn echoes(&self, client: &Client) -> Result<Vec<Finding>, Failure> {
        let (mut fields, mut bodies) = (Vec::new(), Vec::new());
        for (name, carrier, payload) in BODIES {
            let wire = self.wire(carrier, payload)?;
            match self.echo(client, &wire).await {
                Ok(echo) => {
                    fields.extend(field_fault(&wire, &echo));
                    let got = echo.get("body_base64").and_then(Value::as_str).and_then(|text| BASE64.decode(text).ok());
                    let fault = got.map_or(Some("is cut off"), |got| change::of(payload, &got));
                    bodies.extend(fault.map(|fault| format!("{name} {fault}")));
                }
                Err(words) => bodies.push(format!("{name}: {words}")),
            }
        }
        match self.echo(client, &self.wire(Carrier::Query, QUERY)?).await {
            Ok(echo) => {
                let target = echo.get("target").and_then(Value::as_str).unwrap_or_default();
                let got = target.split_once('?').map_or("", |(_, query)| query);
                let own = self.url.query().map_or(String::new(), |own| format!("{own}&"));
                let fault = change::of(&[own.as_bytes(), QUERY].concat(), got.as_bytes());
                bodies.extend(fault.map(|fault| format!("the query of a GET {fault}")));
            }
            Err(words) => bodies.push(format!("a GET: {words}")),
        }
        fields.sort_unstable();
        fields.dedup();
        let mut findings = Vec::new();
        if !self.maker.is_sms() {
            findings.push(if fields.is_empty() {
                Finding::good("header", "the signature header arrives as it was sent, once")
            } else {
                Finding::bad("header", fields.join("; "), HEADER_NEXT)
            });
        }
        if bodies.is_empty() {
            let words = format!("all {} bodies and the query of a GET arrive byte for byte", BODIES.len());
            findings.push(Finding::good("body", words));
        }
        findings.extend(bodies.into_iter().map(|words| Finding::bad("body", words, BODY_NEXT)));
        Ok(findings)
    }

    async fn echo(&self, client: &Client, wire: &Wire) -> Result<Value, String> {
        let answer = self.ask(client, wire).await.map_err(|trouble| trouble.to_string())?;
        echo_of(&answer).ok_or_else(|| format!("something else answered, with {}", answer.status))
    }

    /// What the answers of a server that verifies tell.
    async fn answers(&self, client: &Client, genuine: u16) -> Result<Vec<Finding>, Failure> {
        let unsigned = self.status(client, &self.sample(Variant::Unsigned)?).await?;
        let tampered = self.status(client, &self.sample(Variant::Tampered)?).await?;
        let good = |status: u16| (200..300).contains(&status);
        let answers = format!("genuine {genuine}, unsigned {unsigned}, tampered {tampered}");
        if good(unsigned) {
            let next = "verify before anything else: docs/webhooks.md";
            return Ok(vec![Finding::bad(
                "server",
                format!("takes webhooks that nobody has signed ({answers})"),
                next,
            )]);
        }
        if !good(genuine) {
            let words = format!(
                "refuses a signed webhook ({answers}): the header may not arrive, the body may be changed, or its secret is another"
            );
            return Ok(vec![Finding::bad("server", words, ECHO_NEXT)]);
        }
        if good(tampered) {
            let next = "compare the SHA-256 of the raw body with the claim payload_hash, as hookproof does";
            return Ok(vec![Finding::bad(
                "server",
                format!("takes a changed body under a genuine token ({answers})"),
                next,
            )]);
        }
        let mut findings = vec![
            Finding::good("server", format!("verifies: {answers}")),
            Finding::good("header", "arrives: a signed webhook was taken and an unsigned one refused"),
        ];
        if self.maker.is_sms() {
            return Ok(findings);
        }
        let mut refused = Vec::new();
        for (name, carrier, payload) in BODIES {
            let status = self.status(client, &self.wire(carrier, payload)?).await?;
            if !good(status) {
                refused.push(format!("{name} ({status})"));
            }
        }
        findings.push(if refused.is_empty() {
            Finding::good("body", format!("all {} odd bodies are taken: nothing changes them", BODIES.len()))
        } else {
            let next = format!("either the application does not know them, or something changes them: {ECHO_NEXT}");
            Finding::warn("body", format!("refused under a genuine token: {}", refused.join(", ")), next)
        });
        Ok(findings)
    }

    async fn status(&self, client: &Client, wire: &Wire) -> Result<u16, Failure> {
        let answer = self.ask(client, wire).await;
        answer
            .map(|answer| answer.status)
            .map_err(|trouble| Failure::new(format!("{}: {trouble}", self.url), ECHO_NEXT))
    }
}

fn echo_of(answer: &Answer) -> Option<Value> {
    let value: Value = serde_json::from_slice(&answer.body).ok()?;
    (value.get("hookproof_echo") == Some(&Value::from(1))).then_some(value)
}

fn field_fault(wire: &Wire, echo: &Value) -> Option<String> {
    let (name, sent) = wire.header.as_ref()?;
    let values: Vec<&str> = echo.get("header_values")?.as_array()?.iter().filter_map(Value::as_str).collect();
    match values[..] {
        [value] if value == sent => None,
        [] => Some(format!("{name} does not arrive")),
        [_] => Some(format!("{name} arrives changed")),
        _ => Some(format!("{name} arrives {} times", values.len())),
    }
}

/// The server's clock against ours, by the Date of an answer, which has whole seconds.
fn clock_of(answer: &Answer) -> Finding {
    const SUBJECT: &str = "server's clock";
    let date = answer.headers.get(DATE).and_then(|date| date.to_str().ok());
    let theirs = date.and_then(|date| httpdate::parse_http_date(date).ok());
    let theirs = theirs.and_then(|date| date.duration_since(std::time::UNIX_EPOCH).ok());
    let Some(theirs) = theirs.and_then(|date| i64::try_from(date.as_secs()).ok()) else {
        return Finding::warn(SUBJECT, "its answers have no Date", "compare it by hand");
    };
    let off = theirs.saturating_sub(clock::now());
    let words = format!("{off:+} s against ours");
    match off.unsigned_abs() {
        0..=2 => Finding::good(SUBJECT, words),
        3..CLOCK_LEEWAY => Finding::warn(SUBJECT, words, "set both clocks: NTP"),
        _ => Finding::bad(
            SUBJECT,
            words,
            "genuine webhooks are refused as time.future or time.stale: set the clock by NTP",
        ),
    }
}
