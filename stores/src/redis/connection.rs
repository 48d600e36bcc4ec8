//! One connection: commands out, answers in, and never an answer to another question.

use std::io::{Error, ErrorKind, Read, Result as IoResult, Write};
use std::time::{Duration, Instant};

use redis::{Cmd, InfoDict, Value, from_redis_value};

use super::server::{Address, Server};
use super::socket::Socket;
use super::trouble::Trouble;

/// Longest answer: `INFO` has some kilobytes, everything else a few bytes.
const MOST_ANSWER: usize = 64 * 1024;

/// How long a connection is trusted after an answer: no server closes one so soon for being idle.
const FRESH: Duration = Duration::from_millis(100);

/// A connection to a server that was found fit.
pub(super) struct Connection {
    stream: Stream,
    /// What was read and is not yet taken; empty between two calls.
    buffer: Vec<u8>,
    answered: Instant,
}

enum Stream {
    Plain(Socket),
    #[cfg(feature = "redis-tls")]
    Tls(Box<rustls::StreamOwned<rustls::ClientConnection, Socket>>),
}

impl Connection {
    /// Connects, introduces itself and looks at what kind of server it is.
    pub(super) fn open(server: &Server, until: Instant) -> Result<Connection, Trouble> {
        let mut connection =
            Connection { stream: Stream::open(&server.address, until)?, buffer: Vec::new(), answered: Instant::now() };
        connection.stream.write_all(&server.greeting)?;
        for step in 0..server.steps {
            match connection.answer() {
                Err(Trouble::Refused(_)) if step == 0 && server.has_password => return Err(Trouble::WRONG_PASSWORD),
                answer => answer?,
            };
        }
        let memory: InfoDict = from_redis_value(connection.answer()?).map_err(|_| Trouble::Nonsense)?;
        let replication: InfoDict = from_redis_value(connection.answer()?).map_err(|_| Trouble::Nonsense)?;
        connection.expect_silence()?;
        match memory.get::<String>("maxmemory_policy").as_deref() {
            Some("noeviction") => {}
            Some(policy) => return Err(Trouble::Evicts(policy.to_owned())),
            None => return Err(Trouble::Down("redis: the server does not tell its maxmemory-policy")),
        }
        match replication.get::<String>("role").as_deref() {
            Some("master") => Ok(connection),
            _ => Err(Trouble::Down("redis: the server is a read-only replica")),
        }
    }

    /// Asks one question. After an error that is not an answer of the server the connection must be dropped.
    pub(super) fn ask(&mut self, command: &Cmd, until: Instant) -> Result<Value, Trouble> {
        self.stream.socket().set_until(until);
        self.stream.write_all(&command.get_packed_command())?;
        let answer = self.answer()?;
        self.expect_silence()?;
        self.answered = Instant::now();
        Ok(answer)
    }

    /// Whether the server has neither closed the connection nor said anything unasked since the last answer. Right after
    /// one it is taken for granted.
    pub(super) fn is_quiet(&mut self) -> bool {
        if self.answered.elapsed() < FRESH {
            return true;
        }
        let socket = self.stream.socket();
        // Nothing waits here: the time to wait until plays no part, except that it must not be over.
        socket.set_until(Instant::now().checked_add(FRESH).unwrap_or(self.answered));
        if socket.set_impatient(true).is_err() {
            return false;
        }
        let heard = self.stream.read(&mut [0]);
        matches!(heard, Err(error) if error.kind() == ErrorKind::WouldBlock)
            && self.stream.socket().set_impatient(false).is_ok()
    }

    /// Reads one answer, to its last byte and no further. An error of the server is an error.
    fn answer(&mut self) -> Result<Value, Trouble> {
        let length = loop {
            match answer_length(&self.buffer) {
                Framed::Complete(length) => break length,
                Framed::Nonsense => return Err(Trouble::Nonsense),
                Framed::Incomplete => {}
            }
            let mut chunk = [0; 2048];
            let read = self.stream.read(&mut chunk)?;
            if read == 0 {
                return Err(Error::from(ErrorKind::UnexpectedEof).into());
            }
            self.buffer.extend_from_slice(chunk.get(..read).unwrap_or_default());
        };
        let rest = self.buffer.split_off(length.min(self.buffer.len()));
        let answer = std::mem::replace(&mut self.buffer, rest);
        // By far the most answers need no parser: their end was found, and with it all there is to find.
        if let Some(word) = short_word(&answer) {
            return Ok(Value::BulkString(word.to_vec()));
        }
        Ok(redis::parse_redis_value(&answer)?.extract_error()?)
    }

    /// Every answer has been read: anything more would be read as the answer to the next question.
    fn expect_silence(&self) -> Result<(), Trouble> {
        if self.buffer.is_empty() { Ok(()) } else { Err(Trouble::Nonsense) }
    }
}

/// The word of `$7\r\nclaimed\r\n` and its like.
fn short_word(answer: &[u8]) -> Option<&[u8]> {
    match answer {
        [b'$', b'1'..=b'9', b'\r', b'\n', word @ .., b'\r', b'\n'] => Some(word),
        _ => None,
    }
}

enum Framed {
    Complete(usize),
    Incomplete,
    Nonsense,
}

/// How long the answer is that these bytes begin with. Nothing that we ask is answered by a list.
fn answer_length(bytes: &[u8]) -> Framed {
    let Some(kind) = bytes.first() else {
        return Framed::Incomplete;
    };
    if bytes.len() > MOST_ANSWER || !b"+-:$".contains(kind) {
        return Framed::Nonsense;
    }
    let Some(line) = bytes.windows(2).position(|pair| pair == b"\r\n") else {
        return Framed::Incomplete;
    };
    let after = line.saturating_add(2);
    if *kind != b'$' {
        return Framed::Complete(after);
    }
    let count = bytes.get(1..line).and_then(|digits| std::str::from_utf8(digits).ok()).map(str::parse::<i64>);
    match count {
        Some(Ok(-1)) => Framed::Complete(after),
        Some(Ok(count)) => match usize::try_from(count) {
            Ok(count) if count <= MOST_ANSWER => {
                let all = after.saturating_add(count).saturating_add(2);
                if bytes.len() >= all { Framed::Complete(all) } else { Framed::Incomplete }
            }
            _ => Framed::Nonsense,
        },
        _ => Framed::Nonsense,
    }
}

impl Stream {
    fn open(address: &Address, until: Instant) -> Result<Stream, Trouble> {
        match address {
            Address::Tcp(host, port) => Ok(Stream::Plain(Socket::tcp(host, *port, until)?)),
            Address::Unix(path) => Ok(Stream::Plain(Socket::unix(path, until)?)),
            #[cfg(feature = "redis-tls")]
            Address::Tls { host, port, name, config } => {
                let mut socket = Socket::tcp(host, *port, until)?;
                let mut session = rustls::ClientConnection::new(std::sync::Arc::clone(config), name.clone())
                    .map_err(|_| Trouble::Down("redis: TLS cannot be set up"))?;
                while session.is_handshaking() {
                    session.complete_io(&mut socket)?;
                }
                Ok(Stream::Tls(Box::new(rustls::StreamOwned::new(session, socket))))
            }
        }
    }

    fn socket(&mut self) -> &mut Socket {
        match self {
            Stream::Plain(socket) => socket,
            #[cfg(feature = "redis-tls")]
            Stream::Tls(stream) => &mut stream.sock,
        }
    }
}

impl Read for Stream {
    fn read(&mut self, bytes: &mut [u8]) -> IoResult<usize> {
        match self {
            Stream::Plain(socket) => socket.read(bytes),
            #[cfg(feature = "redis-tls")]
            Stream::Tls(stream) => stream.read(bytes),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> IoResult<usize> {
        match self {
            Stream::Plain(socket) => socket.write(bytes),
            #[cfg(feature = "redis-tls")]
            Stream::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> IoResult<()> {
        match self {
            Stream::Plain(socket) => socket.flush(),
            #[cfg(feature = "redis-tls")]
            Stream::Tls(stream) => stream.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_whole_and_alone() {
        let length = |bytes: &[u8]| match answer_length(bytes) {
            Framed::Complete(length) => Some(length),
            Framed::Incomplete => None,
            Framed::Nonsense => Some(usize::MAX),
        };
        for (whole, rest) in [("+OK\r\n", ""), (":12\r\n", ":13\r\n"), ("-ERR no\r\n", "x"), ("$3\r\na\r\n\r\n", "+")] {
            for cut in 0..whole.len() {
                assert_eq!(length(&whole.as_bytes()[..cut]), None, "{whole:?} {cut}");
            }
            assert_eq!(length(format!("{whole}{rest}").as_bytes()), Some(whole.len()));
        }
        assert_eq!(length(b"$-1\r\n"), Some(5));
        for nonsense in
            ["HTTP/1.1", "*2\r\n", "%9223372036854775807\r\n", "$-2\r\n", "$x\r\n", "$999999999999\r\n", "\0"]
        {
            assert_eq!(length(nonsense.as_bytes()), Some(usize::MAX), "{nonsense}");
        }
        assert_eq!(length(&[b'+'; MOST_ANSWER + 1]), Some(usize::MAX));
    }
}
