//! The store of many machines: Redis or Valkey.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hookproof::ConfigError;
use hookproof::limits::STORE_BUDGET_MS;
use hookproof::replay::{ClaimAnswer, ClaimRequest, Effect, Hold, Store, StoreFailure, Ticket};
use redis::Value;

mod connection;
mod pool;
mod server;
mod socket;
mod trouble;

use connection::Connection;
use pool::Pool;
use server::Server;
use trouble::Trouble;

use crate::process::PerProcess;
use crate::scripts::{self, Script};
use crate::{hex, namespace, owner};

/// A store for all machines that use one Redis or Valkey server (Redis 6.2, Valkey 7.2 or later) and one namespace.
///
/// Each process connects for itself, on its first use, with a connection for each concurrent caller. Connecting, looking up
/// names included, happens in a thread of its own: a request waits for the outcome within the budget, and no longer. After
/// a failure requests are refused at once while such a thread tries for half a minute to connect again; later, the next
/// request starts another one.
///
/// A connection is used only if the server is a primary that evicts no keys (`maxmemory-policy` is `noeviction`), which is
/// asked once for each connection.
///
/// Time is the server's: see [`crate::scripts`]. A claim whose answer did not come within the budget may have been made: its
/// identity is then `in_progress` until the lease ends. All verifiers that share a namespace should have one `max_age`.
pub struct RedisStore {
    server: Arc<Server>,
    namespace: String,
    budget: Duration,
    scripts: Scripts,
    pools: PerProcess<Pool>,
}

struct Scripts {
    claim: Hashed,
    confirm: Hashed,
    release: Hashed,
}

/// A script and its name on the server.
struct Hashed {
    text: &'static str,
    hash: String,
}

impl From<Script> for Hashed {
    fn from(script: Script) -> Hashed {
        Hashed { text: script.text, hash: redis::Script::new(script.text).get_hash().to_owned() }
    }
}

impl RedisStore {
    /// A store at `url`, whose keys carry `namespace`: 1 to 64 letters, digits, `-`, `_` or `.`. URLs are
    /// `redis://[user:password@]host[:port][/database]`, `rediss://` for TLS (feature `redis-tls`), and
    /// `unix:///path?db=0&user=name&pass=word`. A server's certificate must be signed by an authority that the system trusts, or
    /// that the environment's `SSL_CERT_FILE` holds. Nothing is connected yet, and a server that is down is no error here.
    ///
    /// # Errors
    /// A text that is no such URL, or a feature that is missing. The URL may hold a password and is never repeated.
    pub fn new(url: &str, namespace: &str) -> Result<RedisStore, ConfigError> {
        let namespace = namespace::check(namespace)?.to_owned();
        let server = Arc::new(Server::parse(url)?);
        Ok(RedisStore {
            server,
            namespace,
            budget: Duration::from_millis(u64::from(STORE_BUDGET_MS)),
            scripts: Scripts {
                claim: scripts::CLAIM.into(),
                confirm: scripts::CONFIRM.into(),
                release: scripts::RELEASE.into(),
            },
            pools: PerProcess::new(),
        })
    }

    /// How long one answer may take, waiting for a connection included; [`STORE_BUDGET_MS`] unless set, and at most a minute.
    #[must_use]
    pub fn with_budget(mut self, budget: Duration) -> RedisStore {
        self.budget = budget.min(Duration::from_secs(60));
        self
    }

    /// Runs `work` on a connection of its own, until the budget is used up.
    fn with<T>(&self, work: impl FnOnce(&mut Connection, Instant) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let now = Instant::now();
        let until = now.checked_add(self.budget).unwrap_or(now);
        let pool = self.pools.get(|| Pool::new(Arc::clone(&self.server)));
        let mut connection = pool.take(until)?;
        let outcome = work(&mut connection, until);
        match &outcome {
            Err(trouble) if !trouble.leaves_the_connection_in_order() => pool.failed(trouble),
            _ => pool.give_back(connection),
        }
        outcome
    }

    fn end(&self, script: &Hashed, ticket: &Ticket) -> Result<Effect, StoreFailure> {
        let (key, owner) = (scripts::key(&self.namespace, &ticket.key), hex::encode(&ticket.owner));
        self.with(|connection, until| match word(&script.run(connection, &key, &[&owner], until)?) {
            b"done" => Ok(Effect::Done),
            b"no_effect" => Ok(Effect::NoEffect),
            _ => Err(Trouble::Nonsense),
        })
        .map_err(StoreFailure::from)
    }
}

impl Hashed {
    fn run(
        &self,
        connection: &mut Connection,
        key: &str,
        arguments: &[&str],
        until: Instant,
    ) -> Result<Value, Trouble> {
        let mut ask = |name: &str, script: &str| {
            connection.ask(redis::cmd(name).arg(script).arg(1).arg(key).arg(arguments), until)
        };
        match ask("EVALSHA", &self.hash) {
            // A server that was restarted has lost its scripts.
            Err(Trouble::NoScript) => ask("EVAL", self.text),
            outcome => outcome,
        }
    }
}

/// A script's word.
fn word(answer: &Value) -> &[u8] {
    match answer {
        Value::BulkString(word) => word,
        _ => b"",
    }
}

impl Store for RedisStore {
    fn claim(&self, request: &ClaimRequest<'_>) -> ClaimAnswer {
        let owner = match owner::fresh() {
            Ok(owner) => owner,
            Err(failure) => return ClaimAnswer::Unavailable(failure),
        };
        let identity = request.identity.key(&self.namespace);
        let key = scripts::key(&self.namespace, &identity);
        let lease = match request.hold {
            Hold::Lease(seconds) => u64::from(seconds).saturating_mul(1000),
            Hold::Once => 0,
        };
        let keep = request.keep_seconds().saturating_mul(1000);
        let answer = self.with(|connection, until| {
            // What is not there is claimed by the plain command, at less cost; all else the script decides.
            let mut set = redis::cmd("SET");
            set.arg(&key).arg(scripts::value(&owner, lease, keep)).arg("NX").arg("PX").arg(keep);
            let answer = match connection.ask(&set, until) {
                // A full server still knows what it knows.
                Ok(Value::Nil) | Err(Trouble::Full) => {
                    let arguments = [hex::encode(&owner), lease.to_string(), keep.to_string()];
                    self.scripts.claim.run(connection, &key, &arguments.each_ref().map(String::as_str), until)?
                }
                outcome => outcome?,
            };
            match (&answer, word(&answer)) {
                (Value::Okay, _) | (_, b"claimed") => {
                    Ok(ClaimAnswer::Claimed(Ticket { key: identity, owner, keep_until: request.keep_until }))
                }
                (_, b"in_progress") => Ok(ClaimAnswer::InProgress),
                (_, b"duplicate") => Ok(ClaimAnswer::Duplicate),
                _ => Err(Trouble::Nonsense),
            }
        });
        answer.unwrap_or_else(|trouble| match trouble {
            Trouble::Full => ClaimAnswer::Full,
            trouble => ClaimAnswer::Unavailable(trouble.into()),
        })
    }

    fn confirm(&self, ticket: &Ticket, _now: i64) -> Result<Effect, StoreFailure> {
        self.end(&self.scripts.confirm, ticket)
    }

    fn release(&self, ticket: &Ticket, _now: i64) -> Result<Effect, StoreFailure> {
        self.end(&self.scripts.release, ticket)
    }

    fn extent(&self) -> String {
        format!(
            "all machines that use this Redis server and the namespace {}; a restart of the server keeps what its persistence keeps, \
             and a fail-over may lose the last writes",
            self.namespace
        )
    }
}

// The server's URL holds a password.
impl std::fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisStore")
            .field("namespace", &self.namespace)
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}
