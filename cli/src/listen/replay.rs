//! Requests sent again from the page: with a fresh signature, or as they came. They go to the receiver, and on from there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use hookproof::Keyring;
use http_body_util::Full;
use hyper::Request;
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue};

use super::arrival::Arrival;
use super::entry::Entry;
use super::judge::Judge;
use super::receiver::REQUEST_NUMBER;
use crate::clock;
use crate::failure::Failure;
use crate::http::{Client, strip_hop_by_hop};
use crate::sample::Carrier;
use crate::signing::{Signing, Unsigned, new_jti};

/// Longer than the receiver takes, with an application behind it.
const TIMEOUT: Duration = Duration::from_secs(40);

pub(crate) struct Replayer {
    client: Client,
    receiver: SocketAddr,
    signing: Signing,
    keyring: Keyring,
    /// The account to sign for where the request's own is not in the keyring.
    account: Option<String>,
}

/// What became of a request that was sent again.
pub(crate) struct Sent {
    pub(crate) status: u16,
    /// The number of the new request.
    pub(crate) request: Option<u64>,
}

impl Replayer {
    pub(crate) fn new(
        mut receiver: SocketAddr,
        signing: Signing,
        keyring: Keyring,
        account: Option<String>,
    ) -> Result<Replayer, Failure> {
        if receiver.ip().is_unspecified() {
            receiver.set_ip(match receiver {
                SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
                SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
            });
        }
        Ok(Replayer { client: Client::new(Duration::from_secs(3))?, receiver, signing, keyring, account })
    }

    /// Sends the request as it came, with its own signature.
    pub(crate) async fn resend(&self, arrival: &Arrival) -> Result<Sent, String> {
        self.send(arrival, &arrival.target, arrival.headers.clone(), arrival.body.clone()).await
    }

    /// Sends the request with a signature made now.
    pub(crate) async fn resign(&self, judge: &Judge, entry: &Entry) -> Result<Sent, String> {
        let arrival = &entry.arrival;
        let account = self.account_of(judge, entry)?;
        let carrier = match (arrival.method.as_str(), is_form(&arrival.headers)) {
            ("GET", _) => Carrier::Query,
            (_, true) => Carrier::Form,
            (_, false) => Carrier::Json,
        };
        let payload = if carrier == Carrier::Query { arrival.query().as_bytes() } else { &arrival.body };
        let jti = new_jti().map_err(|error| error.to_string())?;
        let signed = self.signing.sign(&self.keyring, &account, Unsigned { carrier, payload }, clock::now(), &jti);
        let signed = signed.map_err(|error| format!("it cannot be signed: {error}"))?;
        let mut headers = arrival.headers.clone();
        headers.remove(judge.header());
        if let Some((name, value)) = signed.header {
            let field = (HeaderName::try_from(name).ok()).zip(HeaderValue::try_from(value).ok());
            let (name, value) = field.ok_or("the signature is no header field")?;
            headers.insert(name, value);
        }
        if carrier == Carrier::Query {
            let query = String::from_utf8_lossy(&signed.payload).into_owned();
            let target = format!("{}?{query}", arrival.path());
            self.send(arrival, &target, headers, arrival.body.clone()).await
        } else {
            self.send(arrival, &arrival.target, headers, signed.payload.into()).await
        }
    }

    /// Whose secret signs: that of the request's own account, if it is known here.
    fn account_of(&self, judge: &Judge, entry: &Entry) -> Result<String, String> {
        let known = self.keyring.api_keys();
        let own = judge.verifier().untrusted_account(&judge.request(&entry.arrival)).ok();
        let mut candidates = [own.as_deref(), self.account.as_deref(), known.first().copied()].into_iter().flatten();
        let found = candidates.find(|account| known.contains(account));
        found.map(ToOwned::to_owned).ok_or_else(|| "there is no secret to sign with".to_owned())
    }

    async fn send(&self, arrival: &Arrival, target: &str, mut headers: HeaderMap, body: Bytes) -> Result<Sent, String> {
        if !arrival.is_whole() {
            return Err("its body was not kept whole".to_owned());
        }
        strip_hop_by_hop(&mut headers);
        headers.remove(HOST);
        let request =
            Request::builder().method(arrival.method.as_str()).uri(format!("http://{}{target}", self.receiver));
        let mut request = request.body(Full::new(body)).map_err(|error| format!("it cannot be sent: {error}"))?;
        *request.headers_mut() = headers;
        let answer = self.client.send(request, TIMEOUT).await.map_err(|trouble| trouble.to_string())?;
        let number = answer.headers.get(REQUEST_NUMBER).and_then(|number| number.to_str().ok());
        Ok(Sent { status: answer.status, request: number.and_then(|number| number.parse().ok()) })
    }

    /// The request as a command for a POSIX shell, to the address where it came in.
    pub(crate) fn curl(&self, arrival: &Arrival) -> Result<String, &'static str> {
        if !arrival.is_whole() {
            return Err("its body was not kept whole");
        }
        let body = std::str::from_utf8(&arrival.body).ok().filter(|body| !body.contains('\0'));
        let body = body.ok_or("its body is no text: take the captured file (--capture)")?;
        let mut headers = arrival.headers.clone();
        strip_hop_by_hop(&mut headers);
        for name in ["host", "user-agent", "accept", "accept-encoding"] {
            headers.remove(name);
        }
        let mut command = format!("curl -sS -i -X {}", quoted(&arrival.method));
        for (name, value) in &headers {
            let value = value.to_str().map_err(|_| "a header field is no text: take the captured file (--capture)")?;
            command.push_str(&format!(" \\\n  -H {}", quoted(&format!("{name}: {value}"))));
        }
        if !arrival.body.is_empty() {
            command.push_str(&format!(" \\\n  --data-raw {}", quoted(body)));
        }
        command.push_str(&format!(" \\\n  {}", quoted(&format!("http://{}{}", self.receiver, arrival.target))));
        Ok(command)
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let form = b"application/x-www-form-urlencoded";
    headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().get(..form.len()).is_some_and(|start| start.eq_ignore_ascii_case(form)))
}

/// Text in single quotes, in which a POSIX shell changes nothing.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrival(body: &'static [u8]) -> Arrival {
        let request = Request::builder().method("POST").uri("/it's?a=1&b=$HOME").header("x-text", "`a` 'b'");
        let (parts, ()) = request.header("connection", "close").body(()).unwrap().into_parts();
        let mut arrival = Arrival::new(1, 0, &parts);
        arrival.body = Bytes::from_static(body);
        arrival.body_bytes = u64::try_from(body.len()).unwrap();
        arrival.complete = true;
        arrival
    }

    #[test]
    fn a_shell_changes_nothing_in_the_command() {
        let signing = Signing::new(&hookproof::Policy::standard());
        let replayer = Replayer::new("0.0.0.0:8400".parse().unwrap(), signing, Keyring::new(), None).unwrap();
        let command = replayer.curl(&arrival(b"@it's\n$(x)")).unwrap();
        // What the shell hands to curl, by a shell.
        let script = command.replacen("curl", "printf '<%s>'", 1);
        let shell = std::process::Command::new("sh").arg("-c").arg(script).output().unwrap();
        assert_eq!(
            String::from_utf8(shell.stdout).unwrap(),
            "<-sS><-i><-X><POST><-H><x-text: `a` 'b'><--data-raw><@it's\n$(x)><http://127.0.0.1:8400/it's?a=1&b=$HOME>"
        );
        assert!(replayer.curl(&arrival(b"\xff")).is_err() && replayer.curl(&arrival(b"\0")).is_err());
    }
}
