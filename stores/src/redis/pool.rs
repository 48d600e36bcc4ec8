//! The connections of one process, and how they come to be.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use super::connection::Connection;
use super::server::Server;
use super::trouble::Trouble;

/// How long a thread that connects waits for the server; no request waits that long.
const CONNECT: Duration = Duration::from_secs(2);

/// How long after a failed attempt the next one begins: often enough that a server is found soon, seldom enough that it
/// is not stormed. It doubles with each failure.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How long a thread goes on trying: over a restart of the server, and not for ever. The next request starts another one.
const PERSISTENCE: Duration = Duration::from_secs(30);

/// Threads that connect at a time: enough for a burst, few enough to be harmless.
const MOST_CONNECTING: usize = 8;

/// Connections kept while nobody uses them.
const MOST_IDLE: usize = 64;

/// The connections of one process.
pub(super) struct Pool(Arc<Shared>);

struct Shared {
    server: Arc<Server>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Connection>,
    /// Callers that wait for a connection, and threads that make one.
    waiting: usize,
    connecting: usize,
    /// Why requests are refused at once.
    down: Option<Trouble>,
}

impl Pool {
    pub(super) fn new(server: Arc<Server>) -> Pool {
        Pool(Arc::new(Shared { server, state: Mutex::default(), changed: Condvar::new() }))
    }

    /// A connection of the caller's own.
    pub(super) fn take(&self, until: Instant) -> Result<Connection, Trouble> {
        let mut state = self.0.state();
        loop {
            while let Some(mut connection) = state.idle.pop() {
                // Servers and networks close what was idle for long.
                if connection.is_quiet() {
                    return Ok(connection);
                }
            }
            if let Some(trouble) = state.down.clone() {
                if state.connecting == 0 {
                    self.connect(&mut state);
                }
                return Err(trouble);
            }
            if state.connecting <= state.waiting && state.connecting < MOST_CONNECTING {
                self.connect(&mut state);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                // Whoever comes next need not wait as well; a thread that connects lifts this.
                if state.connecting > 0 {
                    state.down = Some(Trouble::TimedOut);
                }
                return Err(Trouble::TimedOut);
            }
            state.waiting = state.waiting.saturating_add(1);
            state = self.0.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
            state.waiting = state.waiting.saturating_sub(1);
        }
    }

    /// Takes back a connection on which every answer was read.
    pub(super) fn give_back(&self, connection: Connection) {
        let mut state = self.0.state();
        let surplus = if state.idle.len() < MOST_IDLE {
            state.idle.push(connection);
            None
        } else {
            Some(connection)
        };
        let awaited = state.waiting > 0;
        drop(state);
        drop(surplus);
        if awaited {
            self.0.changed.notify_one();
        }
    }

    /// A connection failed: the others are likely to be dead, too.
    pub(super) fn failed(&self, trouble: &Trouble) {
        let mut state = self.0.state();
        let idle = std::mem::take(&mut state.idle);
        state.down = Some(trouble.clone());
        if state.connecting == 0 {
            self.connect(&mut state);
        }
        drop(state);
        drop(idle);
        self.0.changed.notify_all();
    }

    /// Starts a thread that connects.
    fn connect(&self, state: &mut State) {
        let shared = Arc::downgrade(&self.0);
        state.connecting = state.connecting.saturating_add(1);
        let work = move || connect(&Connecting(shared));
        if thread::Builder::new().name("hookproof-redis".to_owned()).spawn(work).is_err() {
            // The closure was dropped unrun, and with it nothing was counted down.
            state.connecting = state.connecting.saturating_sub(1);
            state.down = Some(Trouble::Down("redis: no thread to connect in"));
        }
    }
}

/// A thread that connects, counted for as long as it runs, a panic included.
struct Connecting(Weak<Shared>);

impl Drop for Connecting {
    fn drop(&mut self) {
        if let Some(shared) = self.0.upgrade() {
            let mut state = shared.state();
            state.connecting = state.connecting.saturating_sub(1);
        }
    }
}

/// Tries until there is a connection, the store is gone, or another thread tries as well.
fn connect(connecting: &Connecting) {
    let start = Instant::now();
    let mut pause = FIRST_PAUSE;
    while let Some(shared) = connecting.0.upgrade() {
        let now = Instant::now();
        let outcome = Connection::open(&shared.server, now.checked_add(CONNECT).unwrap_or(now));
        let mut state = shared.state();
        let connected = outcome.is_ok();
        match outcome {
            Ok(connection) => {
                state.down = None;
                state.idle.push(connection);
            }
            Err(trouble) => state.down = Some(trouble),
        }
        let alone = state.connecting == 1;
        drop(state);
        shared.changed.notify_all();
        drop(shared);
        if connected || !alone || start.elapsed() > PERSISTENCE {
            return;
        }
        thread::sleep(pause);
        pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that can panic runs under this lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
