//! Requests sent again from the page: with a fresh signature, or as they came. They go to the receiver, and on from there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use hyper::header::{HOST, HeaderMap, HeaderName, HeaderValue};

use super::arrival::Arrival;
use super::entry::Entry;
use super::judge::Judge;
use super::receiver::REQUEST_NUMBER;
use crate::clock;
use crate::failure::Failure;
use crate::http::{Client, strip_hop_by_hop};
use crate::signed::{Signed, Unsigned};
use crate::signing::Signing;

/// Longer than the receiver takes, with an application behind it.
const TIMEOUT: Duration = Duration::from_secs(40);

pub(crate) struct Replayer {
    client: Client,
    receiver: SocketAddr,
    signing: Signing,
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
        account: Option<String>,
    ) -> Result<Replayer, Failure> {
        if receiver.ip().is_unspecified() {
            receiver.set_ip(match receiver {
                SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
                SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
            });
        }
        Ok(Replayer { client: Client::new(Duration::from_secs(3))?, receiver, signing, account })
    }

    /// Sends the request as it came, with its own signature.
    pub(crate) async fn resend(&self, arrival: &Arrival) -> Result<Sent, String> {
        self.send(arrival, &arrival.target, arrival.headers.clone(), arrival.body.clone()).await
    }

    /// Sends the request with a signature made now.
    pub(crate) async fn resign(&self, judge: &Judge, entry: &Entry) -> Result<Sent, String> {
        let arrival = &entry.arrival;
        let account = self.account_of(judge, entry)?;
        let unsigned = Unsigned {
            method: arrival.method.clone(),
            query: arrival.query().to_owned(),
            body: arrival.body.to_vec(),
            content_type: None,
        };
        let signed = self.signing.sign(&account, unsigned, clock::now(), "");
        let signed = signed.map_err(|failure| format!("it cannot be signed: {failure}"))?;
        let mut headers = arrival.headers.clone();
        headers.remove(judge.header());
        if !self.signing.is_sms() {
            // The signature's field stands first.
            let field = signed.fields.into_iter().next();
            let field = field
                .and_then(|(name, value)| Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?)));
            let (name, value) = field.ok_or("the signature is no header field")?;
            headers.insert(name, value);
        }
        let question = if signed.query.is_empty() { "" } else { "?" };
        let target = format!("{}{question}{}", arrival.path(), signed.query);
        self.send(arrival, &target, headers, signed.body.into()).await
    }

    /// Whose secret signs: that of the request's own account, if it is known here.
    fn account_of(&self, judge: &Judge, entry: &Entry) -> Result<String, String> {
        let known = self.signing.keyring().api_keys();
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

    /// The request as a command for a shell, to the address where it came in.
    pub(crate) fn curl(&self, arrival: &Arrival) -> Result<String, String> {
        if !arrival.is_whole() {
            return Err("its body was not kept whole".to_owned());
        }
        let mut headers = arrival.headers.clone();
        strip_hop_by_hop(&mut headers);
        for name in ["host", "user-agent", "accept", "accept-encoding"] {
            headers.remove(name);
        }
        let field = |(name, value): (&HeaderName, &HeaderValue)| {
            let value = std::str::from_utf8(value.as_bytes()).map_err(|_| format!("{name} is no text"))?;
            Ok((name.to_string(), value.to_owned()))
        };
        let request = Signed {
            method: arrival.method.clone(),
            url: format!("http://{}{}", self.receiver, arrival.path()),
            query: arrival.query().to_owned(),
            fields: headers.iter().map(field).collect::<Result<_, String>>()?,
            body: arrival.body.to_vec(),
            jti: String::new(),
            issued_at: 0,
        };
        request.curl().map_err(|failure| failure.to_string())
    }
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
        let signing = Signing::new(hookproof::Policy::standard(), hookproof::Keyring::new());
        let replayer = Replayer::new("0.0.0.0:8400".parse().unwrap(), signing, None).unwrap();
        // What the shell hands to curl, by a shell.
        let by_shell = |body| {
            let script = replayer.curl(&arrival(body)).unwrap().replace("curl", "printf '<%s>'");
            let shell = std::process::Command::new("sh").arg("-c").arg(script).output().unwrap();
            String::from_utf8(shell.stdout).unwrap()
        };
        let told = by_shell(b"@it's\n$(x)");
        for word in ["<POST>", "<x-text: `a` 'b'>", "<@it's\n$(x)>", "<http://127.0.0.1:8400/it's?a=1&b=$HOME>"] {
            assert!(told.contains(word), "{told}");
        }
        assert!(by_shell(b"\xff\0").contains("<@->"));
    }
}
