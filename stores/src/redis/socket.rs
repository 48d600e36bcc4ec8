//! A connection to the server as bytes, with one deadline for all reading and writing of a call.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

/// A socket that does not wait longer than it was told. It does no more than close when it is dropped: the copy of it
/// in a forked child says nothing to the server.
pub(super) struct Socket {
    stream: Stream,
    until: Instant,
    /// What the system was told last: how long one reading or writing may wait.
    limit: Duration,
}

enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// By how much a deadline may be missed.
const SLACK: Duration = Duration::from_millis(1);

impl Socket {
    /// Looks up the name and tries every address it has.
    pub(super) fn tcp(host: &str, port: u16, until: Instant) -> Result<Socket> {
        let addresses: Vec<_> = (host, port)
            .to_socket_addrs()
            .map_err(|_| Error::new(ErrorKind::AddrNotAvailable, "the name was not found"))?
            .collect();
        let mut outcome = Err(Error::from(ErrorKind::AddrNotAvailable));
        for (tried, address) in addresses.iter().enumerate() {
            // An address that does not answer leaves the others their share of the time.
            let shares = u32::try_from(addresses.len().saturating_sub(tried)).unwrap_or(u32::MAX);
            let share = left(until)?.checked_div(shares).unwrap_or_default();
            outcome = TcpStream::connect_timeout(address, share.max(SLACK));
            if outcome.is_ok() {
                break;
            }
        }
        let stream = outcome?;
        stream.set_nodelay(true)?;
        Ok(Socket { stream: Stream::Tcp(stream), until, limit: Duration::ZERO })
    }

    pub(super) fn unix(path: &Path, until: Instant) -> Result<Socket> {
        Ok(Socket { stream: Stream::Unix(UnixStream::connect(path)?), until, limit: Duration::ZERO })
    }

    /// Until when reading and writing may wait.
    pub(super) fn set_until(&mut self, until: Instant) {
        self.until = until;
    }

    /// With `true` nothing waits at all.
    pub(super) fn set_impatient(&self, impatient: bool) -> Result<()> {
        match &self.stream {
            Stream::Tcp(stream) => stream.set_nonblocking(impatient),
            Stream::Unix(stream) => stream.set_nonblocking(impatient),
        }
    }

    /// Reads or writes once. A wait that comes to nothing ends as [`ErrorKind::WouldBlock`].
    fn once(&mut self, mut work: impl FnMut(&Stream) -> Result<usize>) -> Result<usize> {
        loop {
            let left = left(self.until)?;
            // Telling the system costs as much as the reading; it nearly always knows.
            if self.limit.abs_diff(left) > SLACK {
                match &self.stream {
                    Stream::Tcp(stream) => {
                        stream.set_read_timeout(Some(left))?;
                        stream.set_write_timeout(Some(left))?;
                    }
                    Stream::Unix(stream) => {
                        stream.set_read_timeout(Some(left))?;
                        stream.set_write_timeout(Some(left))?;
                    }
                }
                self.limit = left;
            }
            match work(&self.stream) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                outcome => return outcome,
            }
        }
    }
}

impl Read for Socket {
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize> {
        self.once(|stream| match stream {
            Stream::Tcp(stream) => (&*stream).read(bytes),
            Stream::Unix(stream) => (&*stream).read(bytes),
        })
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.once(|stream| match stream {
            Stream::Tcp(stream) => (&*stream).write(bytes),
            Stream::Unix(stream) => (&*stream).write(bytes),
        })
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

fn left(until: Instant) -> Result<Duration> {
    match until.checked_duration_since(Instant::now()) {
        Some(left) if !left.is_zero() => Ok(left),
        _ => Err(ErrorKind::TimedOut.into()),
    }
}
