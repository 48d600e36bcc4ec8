//! The processes of a sequence: each has a store of its own, or its own way to the one store of all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use hookproof::replay::{ClaimAnswer, ClaimRequest, Effect, MemoryStore, Store, StoreFailure, Ticket};
use hookproof_stores::FileStore;
use tempfile::TempDir;

use super::sequence::StoreKind;

/// Vectors ask what a store answers, not how fast a busy machine does.
const BUDGET: Duration = Duration::from_secs(10);

/// What one process remembers with. A restart puts another store in its place, so that a claim of the process before
/// meets the new one.
pub(super) struct Process {
    store: RwLock<Box<dyn Store>>,
    down: Arc<AtomicBool>,
}

/// All processes of a sequence, by number.
pub(super) struct Processes {
    kind: StoreKind,
    /// Of the file store.
    directory: Option<TempDir>,
    begun: BTreeMap<u64, Arc<Process>>,
    down: Arc<AtomicBool>,
    /// When the present processes began, if they refuse what was issued before.
    cold_until: Option<i64>,
}

impl Processes {
    pub(super) fn new(kind: StoreKind) -> Result<Processes, String> {
        let directory = match kind {
            StoreKind::Memory(_) => None,
            StoreKind::File => Some(TempDir::new().map_err(|error| format!("a temporary directory: {error}"))?),
        };
        Ok(Processes { kind, directory, begun: BTreeMap::new(), down: Arc::default(), cold_until: None })
    }

    /// The process of that number; it begins when it is first asked for.
    pub(super) fn get(&mut self, number: u64) -> Result<Arc<Process>, String> {
        if let Some(process) = self.begun.get(&number) {
            return Ok(Arc::clone(process));
        }
        let process = Arc::new(Process { store: RwLock::new(self.open()?), down: Arc::clone(&self.down) });
        self.begun.insert(number, Arc::clone(&process));
        Ok(process)
    }

    /// Ends every process, and begins it anew.
    pub(super) fn restart(&mut self, cold_until: Option<i64>) -> Result<(), String> {
        self.cold_until = cold_until;
        for process in self.begun.values() {
            // The old store is closed before the new one opens the same file.
            process.replace(Box::new(Closed));
        }
        for process in self.begun.values() {
            process.replace(self.open()?);
        }
        Ok(())
    }

    /// Lets the store of every process answer, or not.
    pub(super) fn switch(&self, up: bool) {
        self.down.store(!up, Ordering::SeqCst);
    }

    pub(super) fn is_down(&self) -> bool {
        self.down.load(Ordering::SeqCst)
    }

    fn open(&self) -> Result<Box<dyn Store>, String> {
        match (self.kind, &self.directory) {
            (StoreKind::Memory(capacity), _) => {
                let store = MemoryStore::new(capacity).map_err(|error| error.to_string())?;
                Ok(Box::new(match self.cold_until {
                    Some(now) => store.refuse_issued_until(now),
                    None => store,
                }))
            }
            (StoreKind::File, directory) => {
                let path: PathBuf = directory.as_ref().map(TempDir::path).unwrap_or(Path::new("")).join("replay");
                let store = FileStore::new(&path).map_err(|error| error.to_string())?;
                Ok(Box::new(store.with_budget(BUDGET)))
            }
        }
    }
}

impl Process {
    fn replace(&self, store: Box<dyn Store>) {
        *self.store.write().unwrap_or_else(PoisonError::into_inner) = store;
    }

    /// Asks the store, if it answers.
    fn ask<T>(&self, question: impl FnOnce(&dyn Store) -> T) -> Result<T, StoreFailure> {
        if self.down.load(Ordering::SeqCst) {
            return Err(StoreFailure::new("switched off"));
        }
        Ok(question(&**self.store.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Store for Process {
    fn claim(&self, request: &ClaimRequest<'_>) -> ClaimAnswer {
        self.ask(|store| store.claim(request)).unwrap_or_else(ClaimAnswer::Unavailable)
    }

    fn confirm(&self, ticket: &Ticket, now: i64) -> Result<Effect, StoreFailure> {
        self.ask(|store| store.confirm(ticket, now))?
    }

    fn release(&self, ticket: &Ticket, now: i64) -> Result<Effect, StoreFailure> {
        self.ask(|store| store.release(ticket, now))?
    }

    fn extent(&self) -> String {
        self.ask(|store| store.extent()).unwrap_or_default()
    }
}

/// The store of a process that has ended.
struct Closed;

impl Store for Closed {
    fn claim(&self, _request: &ClaimRequest<'_>) -> ClaimAnswer {
        ClaimAnswer::Unavailable(StoreFailure::new("closed"))
    }

    fn confirm(&self, _ticket: &Ticket, _now: i64) -> Result<Effect, StoreFailure> {
        Err(StoreFailure::new("closed"))
    }

    fn release(&self, _ticket: &Ticket, _now: i64) -> Result<Effect, StoreFailure> {
        Err(StoreFailure::new("closed"))
    }

    fn extent(&self) -> String {
        String::new()
    }
}
