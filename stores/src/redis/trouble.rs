//! What went wrong between us and the server, in words that hold no address and no password.

use std::io;

use hookproof::replay::StoreFailure;
use redis::{ErrorKind, RedisError, ServerErrorKind};

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Nothing came within the budget.
    TimedOut,
    /// The server has no room.
    Full,
    /// The server does not know the script.
    NoScript,
    /// The server answers something else than a script does.
    Nonsense,
    /// The server evicts keys, by this policy.
    Evicts(String),
    /// The server refused this one command, and may take the next.
    Refused(&'static str),
    /// The server, or the way to it, is unusable.
    Down(&'static str),
}

const NO_CLUSTER: &str = "redis: the server is part of a cluster, which this client does not speak to";

impl Trouble {
    pub(super) const WRONG_PASSWORD: Trouble = Trouble::Down("redis: the password or user is wrong");

    /// Whether the answer was read to its end, and the server is one that we want.
    pub(super) fn leaves_the_connection_in_order(&self) -> bool {
        matches!(self, Trouble::Full | Trouble::NoScript | Trouble::Refused(_))
    }
}

impl From<Trouble> for StoreFailure {
    fn from(trouble: Trouble) -> StoreFailure {
        match trouble {
            Trouble::TimedOut => StoreFailure::new("redis: no answer within the budget"),
            Trouble::Full => StoreFailure::new("redis: its memory is full"),
            Trouble::NoScript => StoreFailure::new("redis: the server does not keep the scripts"),
            Trouble::Nonsense => StoreFailure::new("redis: the server does not answer as Redis does"),
            Trouble::Evicts(policy) => {
                StoreFailure::new(format!("redis: maxmemory-policy {policy} evicts keys; set noeviction"))
            }
            Trouble::Refused(words) | Trouble::Down(words) => StoreFailure::new(words),
        }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Trouble {
        match error.kind() {
            // A wait that came to nothing ends as the second of them.
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Trouble::TimedOut,
            io::ErrorKind::ConnectionRefused => Trouble::Down("redis: connection refused"),
            io::ErrorKind::AddrNotAvailable => Trouble::Down("redis: the host has no address"),
            io::ErrorKind::NotFound => Trouble::Down("redis: the socket's path does not exist"),
            io::ErrorKind::PermissionDenied => Trouble::Down("redis: the socket's path may not be opened"),
            io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => {
                Trouble::Down("redis: no way to the host")
            }
            // What rustls says of a peer.
            io::ErrorKind::InvalidData => {
                Trouble::Down("redis: TLS failed; the certificate is not trusted, or it is no TLS")
            }
            _ => Trouble::Down("redis: the connection broke"),
        }
    }
}

/// An answer of the server that is an error, or bytes that are no answer.
impl From<RedisError> for Trouble {
    fn from(error: RedisError) -> Trouble {
        match error.kind() {
            ErrorKind::Server(kind) => match kind {
                ServerErrorKind::NoScript => Trouble::NoScript,
                ServerErrorKind::BusyLoading => Trouble::Down("redis: the server is loading its data"),
                ServerErrorKind::ReadOnly => Trouble::Down("redis: the server is a read-only replica"),
                ServerErrorKind::MasterDown => Trouble::Down("redis: a replica without its primary"),
                ServerErrorKind::NoPerm => Trouble::Refused("redis: the user may not run EVALSHA, EVAL, PING and INFO"),
                ServerErrorKind::Moved
                | ServerErrorKind::Ask
                | ServerErrorKind::TryAgain
                | ServerErrorKind::ClusterDown => Trouble::Refused(NO_CLUSTER),
                _ => Trouble::Refused("redis: the server refused the command"),
            },
            ErrorKind::AuthenticationFailed => Trouble::WRONG_PASSWORD,
            _ => by_code(error.code()),
        }
    }
}

fn by_code(code: Option<&str>) -> Trouble {
    match code {
        Some("OOM") => Trouble::Full,
        Some("NOAUTH" | "WRONGPASS") => Trouble::WRONG_PASSWORD,
        Some("DENIED") => Trouble::Down("redis: the server is in protected mode"),
        Some("BUSY") => Trouble::Down("redis: the server is busy with another script"),
        Some("MISCONF") => Trouble::Refused("redis: the server cannot write to its disk"),
        Some("NOREPLICAS") => Trouble::Refused("redis: too few replicas are in step"),
        Some("WRONGTYPE") => Trouble::Refused("redis: a key of ours holds something else"),
        Some(_) => Trouble::Refused("redis: the server refused the command"),
        None => Trouble::Nonsense,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(answer: &str) -> Trouble {
        match redis::parse_redis_value(answer.as_bytes()).and_then(redis::Value::extract_error) {
            Err(error) => error.into(),
            Ok(value) => panic!("{value:?}"),
        }
    }

    #[test]
    fn what_servers_say_is_put_in_fixed_words() {
        assert_eq!(of("-OOM command not allowed when used memory > 'maxmemory'.\r\n"), Trouble::Full);
        assert_eq!(of("-NOSCRIPT No matching script. Please use EVAL.\r\n"), Trouble::NoScript);
        assert_eq!(of("-MOVED 3999 127.0.0.1:6381\r\n"), Trouble::Refused(NO_CLUSTER));
        for (answer, words) in [
            ("-LOADING Redis is loading the dataset in memory\r\n", "redis: the server is loading its data"),
            ("-READONLY You can't write against a read only replica.\r\n", "redis: the server is a read-only replica"),
            ("-BUSY Redis is busy running a script.\r\n", "redis: the server is busy with another script"),
        ] {
            assert_eq!(of(answer), Trouble::Down(words), "{answer}");
        }
        for answer in ["-NOAUTH Authentication required.\r\n", "-WRONGPASS invalid pair\r\n"] {
            assert_eq!(of(answer), Trouble::WRONG_PASSWORD);
        }
        for answer in ["-MISCONF Errors writing\r\n", "-NOPERM this user\r\n", "-ERR unknown\r\n", "-WHAT secret\r\n"] {
            let trouble = of(answer);
            assert!(trouble.leaves_the_connection_in_order() && !format!("{trouble:?}").contains("secret"), "{answer}");
        }
        assert_eq!(Trouble::from(redis::parse_redis_value(b"?\r\n").unwrap_err()), Trouble::Nonsense);
    }
}
