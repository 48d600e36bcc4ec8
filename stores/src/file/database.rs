//! The statements of the file store, and what SQLite's errors mean.

use std::fs;
use std::path::PathBuf;

use hookproof::replay::{ClaimRequest, Effect, Hold, StoreFailure, Ticket};
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;
use rusqlite::{ErrorCode, OpenFlags, OptionalExtension as _, TransactionBehavior, params};

use super::place::{Inode, Place};
use super::{Deadline, Durability};
use crate::fork::{Barred, Open};

/// What tells our files from others: "hkpf".
const APPLICATION: i32 = 0x686b_7066;
const VERSION: i32 = 1;

/// `lease_until` is absent once the identity is done. `bounds` has one row: the newest `issued_at` that was purged, and the
/// longest window that was asked for.
const SCHEMA: &str = "
    CREATE TABLE seen (
        identity BLOB PRIMARY KEY,
        owner BLOB NOT NULL,
        issued_at INTEGER NOT NULL,
        lease_until INTEGER
    ) WITHOUT ROWID;
    CREATE INDEX seen_by_age ON seen (issued_at);
    CREATE TABLE bounds (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), purged INTEGER NOT NULL, longest INTEGER NOT NULL);
    INSERT INTO bounds VALUES (1, -9223372036854775808, 0);
";

/// How many identities whose time is over one claim removes: more than it adds, and few enough that no claim is long.
const PURGED_AT_ONCE: u32 = 16;

/// When the write-ahead log is written back into the file, which waits for the disk two or three times.
#[derive(Clone, Copy, PartialEq, Eq)]
struct WriteBack {
    /// From so many pages in the log: SQLite tries after each write, and hinders nobody else.
    pages: i32,
    /// From so many bytes: where all processes write all the time that never reaches the end of the log, and it would grow
    /// without bounds. Then it is emptied while the others wait.
    bytes: u64,
}

/// By a confirm or a release, whose sender waits for nothing but an acknowledgement.
const AT_ENDS: WriteBack = WriteBack { pages: 1_000, bytes: 32 << 20 };

/// By a claim, if too few of them are confirmed or released.
const AT_CLAIMS: WriteBack = WriteBack { pages: 4_000, bytes: 64 << 20 };

/// The file, open.
pub(super) struct Database {
    connection: rusqlite::Connection,
    inode: Inode,
    log: PathBuf,
    write_back: WriteBack,
    /// Dropped after the connection.
    _open: Open,
}

/// What a claim found.
pub(super) enum Claimed {
    /// It was free, or its lease was over.
    Ours,
    /// Another owner has it.
    Theirs,
    /// It is done.
    Done,
    /// It is not newer than what was purged.
    Stale,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Another process or thread is writing.
    Busy,
    /// No room on the disk.
    Full,
    /// In words.
    Other(&'static str),
}

const READ_ONLY: Trouble = Trouble::Other("file: it or its directory is read-only");
const CANNOT_OPEN: Trouble = Trouble::Other("file: it cannot be opened");

impl Trouble {
    pub(super) const fn words(&self) -> &'static str {
        match self {
            Trouble::Busy => "file: it was locked for longer than the budget",
            Trouble::Full => "file: the disk is full",
            Trouble::Other(words) => words,
        }
    }

    pub(super) const fn leaves_the_connection_in_order(&self) -> bool {
        matches!(self, Trouble::Busy | Trouble::Full)
    }
}

impl From<Trouble> for StoreFailure {
    fn from(trouble: Trouble) -> StoreFailure {
        StoreFailure::new(trouble.words())
    }
}

impl From<Barred> for Trouble {
    fn from(barred: Barred) -> Trouble {
        match barred {
            Barred::Forking => Trouble::Busy,
            Barred::Inherited => {
                Trouble::Other("file: it was open while this process was forked; fork first, or see fork::prepare")
            }
        }
    }
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Trouble {
        // The log's index could not be made longer.
        if error.sqlite_error().is_some_and(|error| error.extended_code == SQLITE_IOERR_SHMSIZE) {
            return Trouble::Full;
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => {
                Trouble::Busy
            }
            Some(ErrorCode::DiskFull) => Trouble::Full,
            Some(ErrorCode::ReadOnly) => READ_ONLY,
            Some(ErrorCode::DatabaseCorrupt) => Trouble::Other("file: it is corrupt; remove it and restart"),
            Some(ErrorCode::NotADatabase) => Trouble::Other("file: it is not a replay store"),
            Some(ErrorCode::CannotOpen) => CANNOT_OPEN,
            Some(ErrorCode::PermissionDenied) => Trouble::Other("file: access is denied"),
            Some(ErrorCode::SystemIoFailure) => Trouble::Other("file: the disk reports an error"),
            Some(ErrorCode::OutOfMemory) => Trouble::Other("file: out of memory"),
            _ => Trouble::Other("file: it does not hold what a replay store holds"),
        }
    }
}

impl Database {
    /// Opens what is there; it makes no file, but fills an empty one.
    pub(super) fn open(place: &Place, durability: Durability, until: &Deadline) -> Result<Database, Trouble> {
        let inode = place.inode().ok_or(Trouble::Other("file: it is gone; restart to begin a new one"))?;
        let opened = Database::open_at(place, inode).and_then(|mut database| {
            until.retry(|| database.set_up(durability))?;
            // Where others may put files into the directory (/tmp), one may have been there before SQLite made it.
            if place.sides_are_ours().is_err() {
                return Err(Trouble::Other("file: others may read or write its log, or it belongs to another user"));
            }
            Ok(database)
        });
        // What SQLite cannot open may be what nobody may write to.
        let database =
            opened.map_err(
                |trouble| {
                    if trouble == CANNOT_OPEN && place.obstacle().is_some() { READ_ONLY } else { trouble }
                },
            )?;
        if database.is_at(place) { Ok(database) } else { Err(Trouble::Busy) }
    }

    fn open_at(place: &Place, inode: Inode) -> Result<Database, Trouble> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_NOFOLLOW
            | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE;
        let open = Open::new();
        let connection = rusqlite::Connection::open_with_flags(place.path(), flags)?;
        connection.busy_timeout(std::time::Duration::ZERO)?;
        Ok(Database { connection, inode, log: place.log(), write_back: AT_CLAIMS, _open: open })
    }

    fn set_up(&mut self, durability: Durability) -> Result<(), Trouble> {
        let connection = &mut self.connection;
        let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        let empty = (application, version, tables) == (0, 0, 0);
        if !empty && application != APPLICATION {
            return Err(Trouble::Other("file: it is another program's database"));
        }
        if !empty && version != VERSION {
            return Err(Trouble::Other("file: it was made by another version of hookproof"));
        }
        let journal: String = connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
        if journal != "wal" {
            return Err(Trouble::Other("file: its file system has no shared memory for a write-ahead log"));
        }
        let synchronous = match durability {
            Durability::ProcessCrash => "normal",
            Durability::PowerLoss => "full",
        };
        connection.pragma_update(None, "synchronous", synchronous)?;
        connection.pragma_update(None, "wal_autocheckpoint", self.write_back.pages)?;
        if empty {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            // Another process may have been faster.
            let version: i32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
            if version == 0 {
                transaction.execute_batch(SCHEMA)?;
                transaction.pragma_update(None, "application_id", APPLICATION)?;
                transaction.pragma_update(None, "user_version", VERSION)?;
            }
            transaction.commit()?;
        }
        Ok(())
    }

    /// Whether the file at that place still is the one that is open.
    pub(super) fn is_at(&self, place: &Place) -> bool {
        place.inode() == Some(self.inode)
    }

    pub(super) fn claim(
        &mut self,
        key: &[u8; 16],
        owner: &[u8; 16],
        request: &ClaimRequest<'_>,
        until: &Deadline,
    ) -> Result<Claimed, Trouble> {
        self.set_write_back(AT_CLAIMS)?;
        self.write(until, |database| database.try_claim(key, owner, request))
    }

    fn set_write_back(&mut self, write_back: WriteBack) -> Result<(), Trouble> {
        if write_back != self.write_back {
            let pages = write_back.pages;
            self.connection
                .prepare_cached(&format!("PRAGMA wal_autocheckpoint = {pages}"))?
                .query_row([], |_| Ok(()))?;
            self.write_back = write_back;
        }
        Ok(())
    }

    /// Writes as soon as nobody else does, and looks after the log.
    fn write<T>(
        &mut self,
        until: &Deadline,
        mut work: impl FnMut(&mut Database) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let mut outcome = until.retry(|| work(self));
        if matches!(outcome, Err(Trouble::Full)) {
            // The log has room again once it was written back: enough to end claims, and to purge.
            self.checkpoint("PRAGMA wal_checkpoint(RESTART)");
            outcome = until.retry(|| work(self));
        }
        if outcome.is_ok() && fs::metadata(&self.log).is_ok_and(|about| about.len() > self.write_back.bytes) {
            self.checkpoint("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        outcome
    }

    /// If nobody is writing. Whether it could be done, the next write shows.
    fn checkpoint(&self, statement: &str) {
        let _ = self.connection.query_row(statement, [], |_| Ok(()));
    }

    fn try_claim(&mut self, key: &[u8; 16], owner: &[u8; 16], request: &ClaimRequest<'_>) -> Result<Claimed, Trouble> {
        let lease_until = match request.hold {
            Hold::Lease(seconds) => Some(request.now.saturating_add(i64::from(seconds))),
            Hold::Once => None,
        };
        // Dropped without a commit it rolls back.
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let longest = longest_window(&transaction, request.window())?;
        let found: Option<Option<i64>> = transaction
            .prepare_cached("SELECT lease_until FROM seen WHERE identity = ?")?
            .query_row([key], |row| row.get(0))
            .optional()?;
        // What was learnt about windows, and what was purged, is kept whatever the answer.
        let claimed = match found {
            Some(None) => Claimed::Done,
            Some(Some(until)) if request.now < until => Claimed::Theirs,
            Some(Some(_)) => {
                transaction
                    .prepare_cached("UPDATE seen SET owner = ?2, issued_at = ?3, lease_until = ?4 WHERE identity = ?1")?
                    .execute(params![key, owner, request.issued_at, lease_until])?;
                Claimed::Ours
            }
            None => {
                purge(&transaction, request.now.saturating_sub(longest))?;
                let purged: i64 =
                    transaction.prepare_cached("SELECT purged FROM bounds")?.query_row([], |row| row.get(0))?;
                if request.issued_at <= purged {
                    Claimed::Stale
                } else {
                    transaction.prepare_cached("INSERT INTO seen VALUES (?1, ?2, ?3, ?4)")?.execute(params![
                        key,
                        owner,
                        request.issued_at,
                        lease_until
                    ])?;
                    Claimed::Ours
                }
            }
        };
        transaction.commit()?;
        Ok(claimed)
    }

    pub(super) fn confirm(&mut self, ticket: &Ticket, until: &Deadline) -> Result<Effect, Trouble> {
        self.end("UPDATE seen SET lease_until = NULL WHERE identity = ?1 AND owner = ?2", ticket, until)
    }

    pub(super) fn release(&mut self, ticket: &Ticket, until: &Deadline) -> Result<Effect, Trouble> {
        let statement = "DELETE FROM seen WHERE identity = ?1 AND owner = ?2 AND lease_until IS NOT NULL";
        self.end(statement, ticket, until)
    }

    fn end(&mut self, statement: &str, ticket: &Ticket, until: &Deadline) -> Result<Effect, Trouble> {
        self.set_write_back(AT_ENDS)?;
        let rows = self.write(until, |database| {
            let transaction = database.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let rows = transaction.prepare_cached(statement)?.execute([ticket.key, ticket.owner])?;
            transaction.commit()?;
            Ok(rows)
        })?;
        Ok(if rows == 1 { Effect::Done } else { Effect::NoEffect })
    }
}

/// The longest window that was ever asked for, this one included.
fn longest_window(transaction: &rusqlite::Transaction<'_>, window: u64) -> Result<i64, Trouble> {
    let window = i64::try_from(window).unwrap_or(i64::MAX);
    let longest: i64 = transaction.prepare_cached("SELECT longest FROM bounds")?.query_row([], |row| row.get(0))?;
    if window > longest {
        transaction.prepare_cached("UPDATE bounds SET longest = ?")?.execute([window])?;
    }
    Ok(longest.max(window))
}

/// Removes some of what was issued before `before`, the oldest first, and remembers the newest of them.
fn purge(transaction: &rusqlite::Transaction<'_>, before: i64) -> Result<(), Trouble> {
    let newest: Option<i64> = transaction
        .prepare_cached(
            "SELECT max(issued_at) FROM (SELECT issued_at FROM seen WHERE issued_at < ?1 ORDER BY issued_at LIMIT ?2)",
        )?
        .query_row(params![before, PURGED_AT_ONCE], |row| row.get(0))?;
    let Some(newest) = newest else { return Ok(()) };
    transaction
        .prepare_cached(
            "DELETE FROM seen WHERE identity IN
             (SELECT identity FROM seen WHERE issued_at < ?1 ORDER BY issued_at LIMIT ?2)",
        )?
        .execute(params![before, PURGED_AT_ONCE])?;
    transaction.prepare_cached("UPDATE bounds SET purged = max(purged, ?1)")?.execute([newest])?;
    Ok(())
}
