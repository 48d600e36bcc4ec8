//! The store of many machines: Redis or Valkey.

use std::time::{Duration, Instant};

use hookproof::ConfigError;
use hookproof::limits::STORE_BUDGET_MS;
use hookproof::replay::{ClaimAnswer, ClaimRequest, Effect, Hold, Store, StoreFailure, Ticket};
use redis::{Client, Connection, ConnectionInfo, IntoConnectionInfo as _, Script};

mod pool;
mod trouble;

use pool::Pool;
use trouble::Trouble;

use crate::process::PerProcess;
use crate::{hex, namespace, owner, scripts};

/// A store for all machines that use one Redis or Valkey server (Redis 6.2, Valkey 7.2 or later) and one namespace.
///
/// Each process connects for itself, on its first use, with a connection for each concurrent caller. Connecting, looking
/// up names included, happens in a thread of its own that ends when it has connected or failed: a request never waits longer than
/// the budget. After a failure requests are refused at once, and the next one makes the store try to connect again.
///
/// Time is the server's. A claim whose answer did not come within the budget may have been made: its identity is then
/// `in_progress` until the lease ends.
pub struct RedisStore {
    info: ConnectionInfo,
    namespace: String,
    budget: Duration,
    scripts: Scripts,
    pools: PerProcess<Pool>,
}

struct Scripts {
    claim: Script,
    confirm: Script,
    release: Script,
}

impl RedisStore {
    /// A store at `url` (`redis://[user:password@]host[:port][/database]`, `rediss://` with the feature `redis-tls`, or
    /// `unix:///path`), whose keys carry `namespace`: 1 to 64 letters, digits, `-`, `_` or `.`. Nothing is connected yet, and
    /// a server that is down is no error here.
    ///
    /// # Errors
    /// A text that is no such URL, or a feature that is missing. The URL may hold a password and is never repeated.
    pub fn new(url: &str, namespace: &str) -> Result<RedisStore, ConfigError> {
        let namespace = namespace::check(namespace)?.to_owned();
        if url.starts_with("rediss:") && !cfg!(feature = "redis-tls") {
            return Err(ConfigError::new("url", "asks for TLS: the library was built without the feature redis-tls"));
        }
        let wrong = |_| ConfigError::new("url", "must be redis://[user:password@]host[:port][/database]");
        let info = url.into_connection_info().map_err(wrong)?;
        let settings = info.tcp_settings().clone().set_nodelay(true);
        let info = info.set_tcp_settings(settings);
        Client::open(info.clone()).map_err(wrong)?;
        Ok(RedisStore {
            info,
            namespace,
            budget: Duration::from_millis(u64::from(STORE_BUDGET_MS)),
            scripts: Scripts {
                claim: Script::new(scripts::CLAIM.text),
                confirm: Script::new(scripts::CONFIRM.text),
                release: Script::new(scripts::RELEASE.text),
            },
            pools: PerProcess::new(),
        })
    }

    /// How long one answer may take, waiting for a connection included; [`STORE_BUDGET_MS`] unless set.
    #[must_use]
    pub fn with_budget(mut self, budget: Duration) -> RedisStore {
        self.budget = budget;
        self
    }

    /// Runs `work` on a connection of its own, within the budget.
    fn with<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let until = Instant::now().checked_add(self.budget);
        let pool = self.pools.get(|| Pool::new(self.info.clone()));
        let mut pooled = pool.take(until)?;
        let outcome = pooled.limit(until).and_then(|()| work(&mut pooled.connection));
        match &outcome {
            Err(trouble) if !trouble.leaves_the_connection_in_order() => pool.failed(trouble),
            _ => pool.give_back(pooled),
        }
        outcome
    }

    fn end(&self, script: &Script, ticket: &Ticket) -> Result<Effect, StoreFailure> {
        let key = scripts::key(&self.namespace, &ticket.key);
        let owner = hex::encode(&ticket.owner);
        let word: String = self.with(|connection| Ok(script.key(key).arg(owner).invoke(connection)?))?;
        match word.as_str() {
            "done" => Ok(Effect::Done),
            "no_effect" => Ok(Effect::NoEffect),
            _ => Err(Trouble::Nonsense.into()),
        }
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
        let word = self.with(|connection| {
            // What is not there is claimed by the plain command, at half the cost; all else the script decides.
            let mut set = redis::cmd("SET");
            set.arg(&key).arg(scripts::value(&owner, lease, keep)).arg("NX").arg("PX").arg(keep);
            match set.query::<Option<String>>(connection).map_err(Trouble::from) {
                Ok(Some(_)) => Ok("claimed".to_owned()),
                // A full server still knows what it knows.
                Ok(None) | Err(Trouble::Full) => {
                    let mut script = self.scripts.claim.key(&key);
                    Ok(script.arg(hex::encode(&owner)).arg(lease).arg(keep).invoke(connection)?)
                }
                Err(trouble) => Err(trouble),
            }
        });
        match word {
            Ok(word) => match word.as_str() {
                "claimed" => ClaimAnswer::Claimed(Ticket { key: identity, owner, keep_until: request.keep_until }),
                "in_progress" => ClaimAnswer::InProgress,
                "duplicate" => ClaimAnswer::Duplicate,
                _ => ClaimAnswer::Unavailable(Trouble::Nonsense.into()),
            },
            Err(Trouble::Full) => ClaimAnswer::Full,
            Err(trouble) => ClaimAnswer::Unavailable(trouble.into()),
        }
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

// The connection's description holds a password.
impl std::fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisStore")
            .field("namespace", &self.namespace)
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}
