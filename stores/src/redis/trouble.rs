//! What went wrong between us and the server, in words that hold no address and no password.

use hookproof::replay::StoreFailure;
use redis::{ErrorKind, RedisError, ServerErrorKind};

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Nothing came within the budget.
    TimedOut,
    /// The server has no room.
    Full,
    /// The server answers something else than a script does.
    Nonsense,
    /// The server evicts keys, by this policy.
    Evicts(String),
    /// In words.
    Other(&'static str),
}

impl Trouble {
    /// Whether the answer was read to its end, and the server is one that we want.
    pub(super) fn leaves_the_connection_in_order(&self) -> bool {
        *self == Trouble::Full
    }
}

impl From<Trouble> for StoreFailure {
    fn from(trouble: Trouble) -> StoreFailure {
        match trouble {
            Trouble::TimedOut => StoreFailure::new("redis: no answer within the budget"),
            Trouble::Full => StoreFailure::new("redis: its memory is full"),
            Trouble::Nonsense => StoreFailure::new("redis: the server does not answer as Redis does"),
            Trouble::Evicts(policy) => {
                StoreFailure::new(format!("redis: maxmemory-policy {policy} evicts keys; set noeviction"))
            }
            Trouble::Other(words) => StoreFailure::new(words),
        }
    }
}

impl From<RedisError> for Trouble {
    fn from(error: RedisError) -> Trouble {
        if error.is_timeout() {
            return Trouble::TimedOut;
        }
        if error.is_connection_refusal() {
            return Trouble::Other("redis: connection refused");
        }
        match error.kind() {
            ErrorKind::AuthenticationFailed => Trouble::Other("redis: the password or user is wrong"),
            ErrorKind::Server(ServerErrorKind::BusyLoading) => Trouble::Other("redis: the server is loading its data"),
            ErrorKind::Server(ServerErrorKind::ReadOnly) => Trouble::Other("redis: the server is a read-only replica"),
            ErrorKind::Server(ServerErrorKind::MasterDown) => Trouble::Other("redis: a replica without its primary"),
            ErrorKind::Server(ServerErrorKind::NoPerm) => Trouble::Other("redis: the user may not run the scripts"),
            ErrorKind::Server(ServerErrorKind::Moved | ServerErrorKind::Ask | ServerErrorKind::ClusterDown) => {
                Trouble::Other("redis: the server is part of a cluster, which this client does not speak to")
            }
            ErrorKind::Parse | ErrorKind::UnexpectedReturnType => Trouble::Nonsense,
            _ => by_code(error.code()).unwrap_or(if error.is_io_error() {
                Trouble::Other("redis: the connection broke")
            } else {
                Trouble::Other("redis: the server refused the command")
            }),
        }
    }
}

fn by_code(code: Option<&str>) -> Option<Trouble> {
    match code? {
        "OOM" => Some(Trouble::Full),
        "NOAUTH" | "WRONGPASS" => Some(Trouble::Other("redis: the password or user is wrong")),
        "BUSY" => Some(Trouble::Other("redis: the server is busy with another script")),
        "MISCONF" => Some(Trouble::Other("redis: the server cannot write to its disk")),
        "NOREPLICAS" => Some(Trouble::Other("redis: too few replicas are in step")),
        "WRONGTYPE" => Some(Trouble::Other("redis: a key of ours holds something else")),
        _ => None,
    }
}
