//! A running `hookproof listen`, an HTTP client that sends any bytes, and a small server of the tests' own.

#![allow(dead_code, reason = "each file of tests uses its part")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use hookproof::sign::Signer;
use serde_json::Value;

pub(crate) const ACCOUNT: &str = "a1b2c3d4";
pub(crate) const SECRET: &str = "the-signature-secret-of-these-tests-only";

/// Longer than anything here takes, and no test waits for ever.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hookproof"));
    command
        .args(arguments)
        .env_remove("HOOKPROOF_KEYRING")
        .env_remove("HOOKPROOF_SECRET")
        .env_remove("HOOKPROOF_API_KEY");
    command
}

/// Runs a command with the account and the secret of these tests.
pub(crate) fn run(arguments: &[&str]) -> Output {
    command(arguments).env("HOOKPROOF_SECRET", SECRET).env("HOOKPROOF_API_KEY", ACCOUNT).output().unwrap()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub(crate) fn signer() -> Signer {
    Signer::new(ACCOUNT, SECRET.as_bytes()).unwrap()
}

pub(crate) fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// `hookproof listen`, until it is dropped.
pub(crate) struct Listening {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
    page: String,
    lines: BufReader<ChildStdout>,
}

impl Listening {
    pub(crate) fn new(options: &[&str]) -> Listening {
        let mut arguments = vec!["listen", "--port", "0", "--page-port", "0", "--format", "json"];
        arguments.extend(options);
        let mut command = command(&arguments);
        command.env("HOOKPROOF_SECRET", SECRET).env("HOOKPROOF_API_KEY", ACCOUNT);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let ready = line(&mut lines);
        assert_eq!(ready["kind"], "listening");
        let address = ready["address"].as_str().unwrap().strip_prefix("http://").unwrap().parse().unwrap();
        Listening { child, address, page: ready["page"].as_str().unwrap_or_default().to_owned(), lines }
    }

    /// The next line of its log.
    pub(crate) fn line(&mut self) -> Value {
        line(&mut self.lines)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn page_address(&self) -> SocketAddr {
        let rest = self.page.strip_prefix("http://").unwrap();
        rest.split('/').next().unwrap().parse().unwrap()
    }

    pub(crate) fn token(&self) -> &str {
        self.page.split('#').nth(1).unwrap()
    }

    /// A POST that is signed now, and the answer.
    pub(crate) fn post(&self, body: &[u8], jti: &str) -> Answer {
        exchange(self.address, &signed_post(body, now(), jti))
    }

    /// Asks the page's API, as the page does.
    pub(crate) fn api(&self, method: &str, path: &str) -> Answer {
        let page = self.page_address();
        let head = format!("{method} /api/{path} HTTP/1.1\r\nHost: {page}\r\nhookproof-token: {}\r\n", self.token());
        exchange(page, format!("{head}Connection: close\r\n\r\n").as_bytes())
    }

    /// Sends a signal, and returns the exit status and what is left of the log.
    pub(crate) fn end(mut self, signal: &str) -> (Option<i32>, Vec<Value>) {
        let killed = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        let mut rest = Vec::new();
        let mut text = String::new();
        while self.lines.read_line(&mut text).unwrap() > 0 {
            rest.push(serde_json::from_str(&text).unwrap());
            text.clear();
        }
        (self.child.wait().unwrap().code(), rest)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(lines: &mut BufReader<ChildStdout>) -> Value {
    let mut text = String::new();
    lines.read_line(&mut text).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("no line of JSON: {text:?}"))
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

pub(crate) fn post(authorization: Option<&str>, body: &[u8]) -> Vec<u8> {
    let field = authorization.map_or(String::new(), |value| format!("Authorization: {value}\r\n"));
    let head = format!(
        "POST /webhooks/inbound?x=1 HTTP/1.1\r\nHost: tests\r\nContent-Type: application/json\r\n{field}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

pub(crate) fn signed_post(body: &[u8], iat: i64, jti: &str) -> Vec<u8> {
    post(Some(&signer().sign_body(body, iat, jti)), body)
}

/// Sends these bytes over a connection of their own, and reads the answer to its end.
pub(crate) fn exchange(address: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // A server that has answered already need not read the rest.
    let _ = stream.write_all(request);
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_else(|| panic!("{bytes:?}")) + 4;
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_lowercase(), body: bytes[end..].to_vec() }
}

/// A request as a server of the tests got it: the bytes of the head and the body.
pub(crate) struct Got {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// A server on a free port that hands each request to `answer` and sends back what it returns, a whole response.
pub(crate) fn serve(answer: impl Fn(&Got) -> Vec<u8> + Send + 'static) -> (SocketAddr, Receiver<Got>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = channel();
    // It ends with the process of the test.
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            let Some(got) = read(&mut stream) else { continue };
            let _ = stream.write_all(&answer(&got));
            let _ = sender.send(got);
        }
    });
    (address, receiver)
}

pub(crate) fn response(status: u16, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 {status} Said\r\nX-App: yes\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn read(stream: &mut TcpStream) -> Option<Got> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Got { head, body })
}
