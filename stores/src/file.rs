//! The store of one machine: a file shared by its processes.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use hookproof::ConfigError;
use hookproof::limits::STORE_BUDGET_MS;
use hookproof::replay::{ClaimAnswer, ClaimRequest, Effect, Store, StoreFailure, Ticket};

mod database;
mod place;

use database::{Claimed, Database, Trouble};
use place::Place;

use crate::fork::{self, Close};
use crate::owner;
use crate::process::PerProcess;

/// What an accepted claim survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// The end of any process, `kill -9` included. A power cut or a crash of the system may forget the last moments. The
    /// default.
    #[default]
    ProcessCrash,
    /// A power cut too: each claim, confirm and release waits for the disk.
    PowerLoss,
}

/// A store for the processes of one machine, in one SQLite file.
///
/// Each process opens the file on its first use, so that a store made before a fork serves every child. A process that forks
/// after it has used the store must say so: see [`crate::fork`]. Time is what the callers pass as `now`: the processes of a
/// machine share its clock.
pub struct FileStore {
    place: Place,
    durability: Durability,
    budget: Duration,
    opened: PerProcess<Opened>,
}

/// What one process has open.
struct Opened {
    /// One connection: SQLite writes one transaction at a time anyway, and waiting for each other here costs less than
    /// there.
    connection: Mutex<Connection>,
    returned: Condvar,
    /// Whether forks know of it.
    registered: AtomicBool,
}

enum Connection {
    /// Not open, or closed after a failure.
    Closed,
    Idle(Database),
    /// A thread has it.
    Taken,
}

/// How long making a store may wait for others that are making theirs.
const SETUP: Duration = Duration::from_secs(5);

impl FileStore {
    /// A store in the file at `path`, which is made if it is not there. Nothing stays open.
    ///
    /// # Errors
    /// What is wrong with the place: no such directory, not a file of ours alone, a network file system, a foreign or
    /// corrupt database, a full or read-only disk.
    pub fn new(path: &Path) -> Result<FileStore, ConfigError> {
        let place = Place::new(path)?;
        let deadline = Instant::now().checked_add(SETUP);
        let until = Deadline(deadline);
        let pass = fork::enter(deadline).map_err(|barred| ConfigError::new("path", Trouble::from(barred).words()))?;
        let guard = place.lock(&until)?;
        place.make()?;
        let made = Database::open(&place, Durability::ProcessCrash, &until).map(drop);
        drop((guard, pass));
        made.map_err(|trouble| ConfigError::new("path", trouble.words()))?;
        Ok(FileStore {
            place,
            durability: Durability::default(),
            budget: Duration::from_millis(u64::from(STORE_BUDGET_MS)),
            opened: PerProcess::new(),
        })
    }

    /// How long one answer may take; [`STORE_BUDGET_MS`] unless set. A claim that finds the file locked for longer is
    /// `replay.store_unavailable`.
    #[must_use]
    pub fn with_budget(mut self, budget: Duration) -> FileStore {
        self.budget = budget;
        self
    }

    /// What an accepted claim survives.
    #[must_use]
    pub fn with_durability(mut self, durability: Durability) -> FileStore {
        self.durability = durability;
        self
    }

    /// Runs `work` on the open database.
    fn with<T>(&self, work: impl FnOnce(&mut Database, &Deadline) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let until = Deadline(Instant::now().checked_add(self.budget));
        // Held until the connection is back in its place.
        let pass = fork::enter(until.0)?;
        let opened = self.opened.get(Opened::new);
        if !opened.registered.swap(true, Ordering::AcqRel) {
            fork::register(&pass, &opened);
        }
        let mut database = match opened.take(&until)? {
            // The file may have been removed or replaced, and others may be using the new one.
            Some(database) if database.is_at(&self.place) => database,
            _ => match Database::open(&self.place, self.durability, &until) {
                Ok(database) => database,
                Err(trouble) => {
                    opened.give_back(None);
                    return Err(trouble);
                }
            },
        };
        let outcome = work(&mut database, &until);
        let keep = match &outcome {
            Ok(_) => true,
            Err(trouble) => trouble.leaves_the_connection_in_order(),
        };
        opened.give_back(keep.then_some(database));
        outcome
    }
}

impl Opened {
    fn new() -> Opened {
        Opened {
            connection: Mutex::new(Connection::Closed),
            returned: Condvar::new(),
            registered: AtomicBool::new(false),
        }
    }

    /// The connection, or nothing where none is open. Whoever takes it gives it back.
    fn take(&self, until: &Deadline) -> Result<Option<Database>, Trouble> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match std::mem::replace(&mut *connection, Connection::Taken) {
                Connection::Idle(database) => return Ok(Some(database)),
                Connection::Closed => return Ok(None),
                Connection::Taken => {}
            }
            let left = until.left().ok_or(Trouble::Busy)?;
            let waited = self.returned.wait_timeout(connection, left);
            connection = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn give_back(&self, database: Option<Database>) {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        *connection = database.map_or(Connection::Closed, Connection::Idle);
        drop(connection);
        self.returned.notify_one();
    }
}

impl Close for Opened {
    fn close(&self) {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*connection, Connection::Idle(_)) {
            *connection = Connection::Closed;
        }
    }
}

impl Store for FileStore {
    fn claim(&self, request: &ClaimRequest<'_>) -> ClaimAnswer {
        let owner = match owner::fresh() {
            Ok(owner) => owner,
            Err(failure) => return ClaimAnswer::Unavailable(failure),
        };
        let key = request.identity.key("");
        match self.with(|database, until| database.claim(&key, &owner, request, until)) {
            Ok(Claimed::Ours) => ClaimAnswer::Claimed(Ticket { key, owner, keep_until: request.keep_until }),
            Ok(Claimed::Theirs) => ClaimAnswer::InProgress,
            Ok(Claimed::Done) => ClaimAnswer::Duplicate,
            Ok(Claimed::Stale) => ClaimAnswer::Stale,
            Err(Trouble::Full) => ClaimAnswer::Full,
            Err(trouble) => ClaimAnswer::Unavailable(trouble.into()),
        }
    }

    fn confirm(&self, ticket: &Ticket, _now: i64) -> Result<Effect, StoreFailure> {
        Ok(self.with(|database, until| database.confirm(ticket, until))?)
    }

    fn release(&self, ticket: &Ticket, _now: i64) -> Result<Effect, StoreFailure> {
        Ok(self.with(|database, until| database.release(ticket, until))?)
    }

    fn extent(&self) -> String {
        let lost = match self.durability {
            Durability::ProcessCrash => "a power cut may forget the last moments",
            Durability::PowerLoss => "it survives a power cut too",
        };
        format!(
            "all processes of this machine that use the file {}; it survives restarts, and {lost}",
            self.place.name()
        )
    }
}

impl std::fmt::Debug for FileStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileStore")
            .field("file", &self.place.name())
            .field("durability", &self.durability)
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

/// Until when an answer must be there. Nothing: a budget so long that the clock cannot tell.
struct Deadline(Option<Instant>);

/// A write takes some 20 microseconds; to ask more often than every few of them only disturbs the writer.
const LEAST_PAUSE_US: u64 = 30;
const MOST_PAUSE_US: u64 = 500;

impl Deadline {
    /// What is left, or nothing when it is over.
    fn left(&self) -> Option<Duration> {
        match self.0 {
            Some(at) => at.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()),
            None => Some(SETUP),
        }
    }

    /// Tries until something else than "busy" comes out, or the time is over.
    fn retry<T>(&self, mut work: impl FnMut() -> Result<T, Trouble>) -> Result<T, Trouble> {
        let mut pause = LEAST_PAUSE_US;
        loop {
            match work() {
                Err(Trouble::Busy) => {}
                other => return other,
            }
            let left = self.left().ok_or(Trouble::Busy)?;
            thread::sleep(Duration::from_micros(pause).min(left));
            pause = pause.saturating_mul(3).checked_div(2).unwrap_or(pause).min(MOST_PAUSE_US);
        }
    }
}
