//! The connections of one process, and how they come to be.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use redis::{Client, Connection, ConnectionInfo, InfoDict};

use super::trouble::Trouble;
use crate::scripts;

/// How long a thread that connects waits for the server; no request waits that long.
const CONNECT: Duration = Duration::from_secs(2);

/// How long after a failed attempt the next one may begin: often enough that a server is found soon, seldom enough that it
/// is not stormed.
const PAUSE: Duration = Duration::from_millis(100);

/// By how much a budget may be overrun.
const SLACK: Duration = Duration::from_millis(1);

/// Threads that connect at a time: enough for a burst, few enough to be harmless.
const MOST_CONNECTING: usize = 8;

/// Connections kept while nobody uses them.
const MOST_IDLE: usize = 64;

/// A connection, and how long it may read or write before it gives up.
pub(super) struct Pooled {
    pub(super) connection: Connection,
    limit: Duration,
}

impl Pooled {
    /// Lets no reading or writing take longer than what is left.
    pub(super) fn limit(&mut self, until: Option<Instant>) -> Result<(), Trouble> {
        let left = left(until).ok_or(Trouble::TimedOut)?;
        // Setting it costs as much as half an answer; it nearly always is what it was.
        if self.limit.abs_diff(left) > SLACK {
            self.connection.set_read_timeout(Some(left))?;
            self.connection.set_write_timeout(Some(left))?;
            self.limit = left;
        }
        Ok(())
    }
}

/// The connections of one process.
pub(super) struct Pool(Arc<Shared>);

struct Shared {
    info: ConnectionInfo,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Pooled>,
    /// Callers that wait for a connection, and threads that make one.
    waiting: usize,
    connecting: usize,
    /// Why requests are refused at once, since when.
    down: Option<(Trouble, Instant)>,
}

impl Pool {
    pub(super) fn new(info: ConnectionInfo) -> Pool {
        Pool(Arc::new(Shared { info, state: Mutex::default(), changed: Condvar::new() }))
    }

    /// A connection of the caller's own.
    pub(super) fn take(&self, until: Option<Instant>) -> Result<Pooled, Trouble> {
        let mut state = self.0.state();
        loop {
            if let Some(connection) = state.idle.pop() {
                return Ok(connection);
            }
            match &state.down {
                Some((trouble, since)) => {
                    let trouble = trouble.clone();
                    if state.connecting == 0 && since.elapsed() >= PAUSE {
                        self.connect(&mut state);
                    }
                    return Err(trouble);
                }
                None if state.connecting <= state.waiting && state.connecting < MOST_CONNECTING => {
                    self.connect(&mut state);
                }
                None => {}
            }
            state.waiting = state.waiting.saturating_add(1);
            let waited = left(until).map(|left| self.0.changed.wait_timeout(state, left));
            let Some(waited) = waited else {
                let mut state = self.0.state();
                state.waiting = state.waiting.saturating_sub(1);
                // Whoever comes next need not wait as well.
                state.down = Some((Trouble::TimedOut, Instant::now()));
                return Err(Trouble::TimedOut);
            };
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            state.waiting = state.waiting.saturating_sub(1);
        }
    }

    /// Takes back a connection on which every answer was read.
    pub(super) fn give_back(&self, connection: Pooled) {
        let mut state = self.0.state();
        if state.idle.len() < MOST_IDLE {
            state.idle.push(connection);
        }
        drop(state);
        self.0.changed.notify_one();
    }

    /// A connection failed: the others are likely to be dead, too.
    pub(super) fn failed(&self, trouble: &Trouble) {
        let mut state = self.0.state();
        let idle = std::mem::take(&mut state.idle);
        state.down = Some((trouble.clone(), Instant::now()));
        drop(state);
        drop(idle);
        self.0.changed.notify_all();
    }

    /// Starts a thread that connects once.
    fn connect(&self, state: &mut State) {
        let shared = Arc::clone(&self.0);
        let thread = thread::Builder::new().name("hookproof-redis".to_owned()).spawn(move || {
            let outcome = open(&shared.info);
            let mut state = shared.state();
            state.connecting = state.connecting.saturating_sub(1);
            match outcome {
                Ok(connection) => {
                    state.down = None;
                    state.idle.push(connection);
                }
                Err(trouble) => state.down = Some((trouble, Instant::now())),
            }
            drop(state);
            shared.changed.notify_all();
        });
        match thread {
            Ok(_) => state.connecting = state.connecting.saturating_add(1),
            Err(_) => state.down = Some((Trouble::Other("redis: no thread to connect in"), Instant::now())),
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that can panic runs under this lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Connects, and looks at what kind of server it is.
fn open(info: &ConnectionInfo) -> Result<Pooled, Trouble> {
    let until = Instant::now().checked_add(CONNECT);
    let connection = Client::open(info.clone())?.get_connection_with_timeout(CONNECT).map_err(|error| {
        if error.is_io_error() && !error.is_timeout() && !error.is_connection_refusal() {
            Trouble::Other("redis: cannot connect (is the host name right, and the certificate?)")
        } else {
            error.into()
        }
    })?;
    let mut pooled = Pooled { connection, limit: Duration::ZERO };
    pooled.limit(until)?;
    let memory: InfoDict = redis::cmd("INFO").arg("memory").query(&mut pooled.connection)?;
    match memory.get::<String>("maxmemory_policy").as_deref() {
        Some("noeviction") => {}
        Some(policy) => return Err(Trouble::Evicts(policy.to_owned())),
        None => return Err(Trouble::Other("redis: the server does not tell its maxmemory-policy")),
    }
    // Loaded here, so that no request pays for it.
    for script in [scripts::CLAIM, scripts::CONFIRM, scripts::RELEASE] {
        pooled.limit(until)?;
        redis::cmd("SCRIPT").arg("LOAD").arg(script.text).exec(&mut pooled.connection)?;
    }
    Ok(pooled)
}

/// What is left, or nothing when the time is over.
fn left(until: Option<Instant>) -> Option<Duration> {
    match until {
        Some(until) => until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()),
        None => Some(CONNECT),
    }
}
