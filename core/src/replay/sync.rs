//! The locks and counters of the memory store; under `cfg(loom)` those that a model checker drives through every order.

#[cfg(loom)]
pub(super) use loom::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicI64, AtomicUsize, Ordering},
};
#[cfg(not(loom))]
pub(super) use std::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicI64, AtomicUsize, Ordering},
};

/// What makes the seeds of the fingerprints: the operating system's random bytes, and none under the model checker, which
/// must see the same run twice.
#[cfg(not(loom))]
pub(super) type Seed = std::hash::RandomState;
#[cfg(loom)]
pub(super) type Seed = std::hash::BuildHasherDefault<std::hash::DefaultHasher>;

/// Waits for a lock, but not for ever: a lock that another thread held while the process forked is never freed in the
/// child, which must not hang. Some 150 ms.
#[cfg(not(loom))]
pub(super) fn lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    use std::sync::TryLockError;
    use std::time::Duration;

    const SPINS: u32 = 50;
    const YIELDS: u32 = 100;
    const SLEEPS: u32 = 1_000;
    const SLEEP: Duration = Duration::from_micros(100);

    for attempt in 0..SPINS + YIELDS + SLEEPS {
        match mutex.try_lock() {
            Ok(guard) => return Some(guard),
            // Nothing panics while it holds the lock; if something did, the table is still in order.
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if attempt < SPINS => std::hint::spin_loop(),
            Err(TryLockError::WouldBlock) if attempt < SPINS + YIELDS => std::thread::yield_now(),
            Err(TryLockError::WouldBlock) => std::thread::sleep(SLEEP),
        }
    }
    None
}

#[cfg(loom)]
pub(super) fn lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    mutex.lock().ok()
}
