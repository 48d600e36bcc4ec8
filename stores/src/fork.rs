//! Forks and SQLite. SQLite keeps its locks by process, and a child inherits the belief that it holds its parent's; nothing of
//! it may be open across a fork. Whoever can be told of a fork (the C library is, by the system) calls [`prepare`] before it
//! and [`resume`] after it, in the parent and in the child: open files are closed, and opened again on their next use. A
//! process that forked without that, while a file was open, has children in which no file store works: they refuse, with a
//! detail that says so.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

/// What holds SQLite connections, and can close those that nobody uses.
pub(crate) trait Close: Send + Sync {
    fn close(&self);
}

/// Why SQLite may not be used now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Barred {
    /// A fork is under way, and the time was over before it was.
    Forking,
    /// A parent had it open when it forked.
    Inherited,
}

/// The state of this process, or what a child inherited of its parent's.
struct Gate {
    /// The process that the other numbers are about; 0 before the first use.
    process: AtomicU32,
    /// Threads that are using SQLite.
    inside: AtomicUsize,
    /// Threads that are forking.
    forking: AtomicUsize,
    /// Open connections.
    open: AtomicUsize,
    holders: Mutex<Vec<Weak<dyn Close>>>,
}

static GATE: Gate = Gate::new();

const PAUSE: Duration = Duration::from_micros(50);

/// The right to use SQLite: while one is held, no fork begins.
pub(crate) struct Pass<'g>(&'g Gate);

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Gate {
    const fn new() -> Gate {
        Gate {
            process: AtomicU32::new(0),
            inside: AtomicUsize::new(0),
            forking: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
            holders: Mutex::new(Vec::new()),
        }
    }

    fn enter(&self, process: u32, until: Option<Instant>) -> Result<Pass<'_>, Barred> {
        loop {
            let known = self.process.load(Ordering::SeqCst);
            if known == process {
                break;
            }
            let used = self.open.load(Ordering::SeqCst) > 0 || self.inside.load(Ordering::SeqCst) > 0;
            // Another thread of this process may have come first, and be what is counted.
            if known != 0 && used && self.process.load(Ordering::SeqCst) != process {
                return Err(Barred::Inherited);
            }
            let _ = self.process.compare_exchange(known, process, Ordering::SeqCst, Ordering::SeqCst);
        }
        loop {
            self.inside.fetch_add(1, Ordering::SeqCst);
            if self.forking.load(Ordering::SeqCst) == 0 {
                return Ok(Pass(self));
            }
            self.inside.fetch_sub(1, Ordering::SeqCst);
            if until.is_some_and(|until| Instant::now() >= until) {
                return Err(Barred::Forking);
            }
            thread::sleep(PAUSE);
        }
    }

    fn prepare(&self, process: u32) {
        self.forking.fetch_add(1, Ordering::SeqCst);
        if self.is_of_another(process) {
            // A parent's that did not prepare: its threads are not ours to wait for.
            return;
        }
        while self.inside.load(Ordering::SeqCst) > 0 {
            thread::sleep(PAUSE);
        }
        let holders = self.holders.lock().unwrap_or_else(PoisonError::into_inner);
        for holder in holders.iter().filter_map(Weak::upgrade) {
            holder.close();
        }
    }

    fn resume(&self, process: u32) {
        if self.is_of_another(process) {
            // In a child: of the parent's threads only this one is left.
            self.forking.store(0, Ordering::SeqCst);
        } else {
            self.forking.fetch_sub(1, Ordering::SeqCst);
        }
    }

    fn is_of_another(&self, process: u32) -> bool {
        let known = self.process.load(Ordering::SeqCst);
        known != 0 && known != process
    }
}

/// Waits for forks to end, but not longer than until then.
pub(crate) fn enter(until: Option<Instant>) -> Result<Pass<'static>, Barred> {
    GATE.enter(std::process::id(), until)
}

/// Counts as long as a connection is open.
pub(crate) struct Open(());

impl Open {
    pub(crate) fn new() -> Open {
        GATE.open.fetch_add(1, Ordering::SeqCst);
        Open(())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        GATE.open.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Closes what this holder has open before each fork. To be called with a pass.
pub(crate) fn register(_pass: &Pass<'_>, holder: &Arc<impl Close + 'static>) {
    let mut holders = GATE.holders.lock().unwrap_or_else(PoisonError::into_inner);
    holders.retain(|holder| holder.strong_count() > 0);
    let holder = Arc::downgrade(holder);
    holders.push(holder);
}

/// To be called just before the process forks: waits until no thread uses a file store, keeps new ones out, and closes what is
/// open. Each call must be followed by [`resume`], in the parent and in the child.
pub fn prepare() {
    GATE.prepare(std::process::id());
}

/// To be called just after the process forked, in the parent and in the child.
pub fn resume() {
    GATE.resume(std::process::id());
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: u32 = 1;
    const CHILD: u32 = 2;

    fn now() -> Option<Instant> {
        Some(Instant::now())
    }

    #[test]
    fn an_unused_store_may_be_inherited() {
        let gate = Gate::new();
        assert!(gate.enter(CHILD, now()).is_ok());
        let gate = Gate::new();
        drop(gate.enter(PARENT, now()));
        assert!(gate.enter(CHILD, now()).is_ok());
    }

    #[test]
    fn an_open_one_may_not() {
        let gate = Gate::new();
        drop(gate.enter(PARENT, now()));
        gate.open.fetch_add(1, Ordering::SeqCst);
        assert_eq!(gate.enter(CHILD, now()).err(), Some(Barred::Inherited));
        // Nor may one that a thread was using.
        let gate = Gate::new();
        std::mem::forget(gate.enter(PARENT, now()));
        assert_eq!(gate.enter(CHILD, now()).err(), Some(Barred::Inherited));
        // A child of such a child neither hangs nor is let in.
        gate.prepare(CHILD);
        gate.resume(3);
        assert_eq!(gate.enter(3, now()).err(), Some(Barred::Inherited));
    }

    #[test]
    fn a_fork_waits_for_users_and_keeps_others_out() {
        let gate = Gate::new();
        let pass = gate.enter(PARENT, now()).ok();
        thread::scope(|scope| {
            let forking = scope.spawn(|| gate.prepare(PARENT));
            while gate.forking.load(Ordering::SeqCst) == 0 {
                thread::yield_now();
            }
            assert_eq!(gate.enter(PARENT, now()).err(), Some(Barred::Forking));
            assert!(!forking.is_finished());
            drop(pass);
            assert!(forking.join().is_ok());
        });
        assert_eq!(gate.enter(PARENT, now()).err(), Some(Barred::Forking));
        gate.resume(PARENT);
        assert!(gate.enter(PARENT, now()).is_ok());
        // And in the child, also when two threads of the parent were forking.
        gate.prepare(PARENT);
        gate.prepare(PARENT);
        gate.resume(CHILD);
        assert!(gate.enter(CHILD, now()).is_ok());
    }
}
