//! The stores that remember which requests were there, as a handle.

use std::ffi::{OsStr, c_char};
use std::mem;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hookproof::replay::{ClaimAnswer, ClaimRequest, Effect, Hold, MemoryStore, Store, StoreFailure, Ticket};
use hookproof::{ConfigError, Duplicates, Refusal, Verified};
#[cfg(feature = "redis")]
use hookproof_stores::RedisStore;
use hookproof_stores::{Durability, FileStore, HostStore, Question};

use crate::claim::hookproof_claim;
use crate::fork;
use crate::guard::guard;
use crate::input::{Fault, octets, text};
use crate::output::{Text, hookproof_str, put};
use crate::status::{E_ARGUMENT, E_CONFIG, E_INTERNAL, E_NULL, E_STATE, OK, hookproof_status};

/// A memory store does not know what was there before it, and takes it for new.
pub const COLD_START_ALLOW: i32 = 0;
/// A memory store refuses what was issued before it was made.
pub const COLD_START_REFUSE: i32 = 1;

/// What was answered survives the end of any process.
pub const DURABILITY_PROCESS_CRASH: i32 = 0;
/// What was answered survives the end of the machine's power too.
pub const DURABILITY_POWER_LOSS: i32 = 1;

/// A repeat of what is done is refused.
pub const DUPLICATES_REFUSE: i32 = 0;
/// A repeat of what is done is accepted once more, marked, and without a claim.
pub const DUPLICATES_HAND_ON: i32 = 1;

/// Longest budget, in milliseconds. Who waits longer has a queue, and needs no store that answers.
pub const MAX_STORE_BUDGET_MS: u32 = hookproof::limits::MOST_STORE_BUDGET_MS;

/// Remembers which requests were there, so that one that comes twice is worked on once.
///
/// A store is Memory (the threads of one process), a File (the processes of one machine), Redis
/// (many machines) or your own (Host). It is not tied to a verifier: any number of them may share
/// one, and it outlives every change of keys. It never forgets to make room; when it is full it
/// refuses.
///
/// Owned: made by one of the hookproof_store_new functions, freed with hookproof_store_free. What is
/// behind the handle is counted: a claim keeps it as long as it needs it, so that handles may be
/// freed in any order; what a memory store knows goes with the last of them.
///
/// Shareable: any number of threads may use it at once. Exclusive for hookproof_store_set_budget_ms,
/// before it is shared.
///
/// Fork: a memory store goes on, in the child, with what the parent knew at that moment, and from
/// then on neither learns of the other: use a file store where several processes answer. A file or
/// Redis store that was made before a fork may be used on both sides.
#[allow(non_camel_case_types)]
pub struct hookproof_store {
    kind: Kind,
    error: Option<Text>,
    extent: Text,
    used: AtomicBool,
}

enum Kind {
    Library(Arc<Library>),
    Host(HostStore),
    /// The configuration was refused. The detail says why.
    Failed(StoreFailure),
}

/// The stores that the library asks itself.
pub(crate) enum Library {
    Memory(MemoryStore),
    File(FileStore),
    #[cfg(feature = "redis")]
    Redis(RedisStore),
    /// A panic took the store away while its budget was set.
    Lost,
    #[cfg(test)]
    Panicking(PanickingStore),
}

impl Library {
    fn store(&self) -> Result<&dyn Store, StoreFailure> {
        match self {
            Library::Memory(store) => Ok(store),
            Library::File(store) => Ok(store),
            #[cfg(feature = "redis")]
            Library::Redis(store) => Ok(store),
            Library::Lost => Err(StoreFailure::new("the store was lost to an internal failure")),
            #[cfg(test)]
            Library::Panicking(store) => Ok(store),
        }
    }
}

impl Store for Library {
    fn claim(&self, request: &ClaimRequest<'_>) -> ClaimAnswer {
        match self.store() {
            Ok(store) => store.claim(request),
            Err(failure) => ClaimAnswer::Unavailable(failure),
        }
    }

    fn confirm(&self, ticket: &Ticket, now: i64) -> Result<Effect, StoreFailure> {
        self.store()?.confirm(ticket, now)
    }

    fn release(&self, ticket: &Ticket, now: i64) -> Result<Effect, StoreFailure> {
        self.store()?.release(ticket, now)
    }

    fn extent(&self) -> String {
        self.store().map_or_else(|failure| failure.to_string(), Store::extent)
    }
}

/// How a request is taken.
#[derive(Clone, Copy)]
pub(crate) enum Take {
    /// Claimed for the policy's lease.
    Claim,
    /// Recorded as done.
    Once,
}

/// What came of asking a store.
#[allow(clippy::large_enum_variant)] // goes straight into the result's box
pub(crate) enum Taken {
    Verdict(Result<Verified, Refusal>, Option<Box<hookproof_claim>>),
    /// The host has to be asked.
    Question(Question),
}

/// The choice of a caller, by its number.
pub(crate) fn duplicates(number: i32) -> Result<Duplicates, Fault> {
    match number {
        DUPLICATES_REFUSE => Ok(Duplicates::Refuse),
        DUPLICATES_HAND_ON => Ok(Duplicates::HandOn),
        _ => Err(Fault::Argument("duplicates")),
    }
}

impl hookproof_store {
    fn new(kind: Kind) -> Box<hookproof_store> {
        let (extent, error) = match &kind {
            Kind::Library(store) => (store.extent(), None),
            Kind::Host(store) => (store.extent(), None),
            Kind::Failed(failure) => (String::new(), Some(failure.detail())),
        };
        let (extent, error) = (Text::new(extent), error.map(Text::new));
        Box::new(hookproof_store { kind, error, extent, used: AtomicBool::new(false) })
    }

    /// Asks the store about a request that passed every other check.
    pub(crate) fn take(&self, verified: Verified, take: Take, duplicates: Duplicates, now: i64) -> Taken {
        // Read first: a write at every call would make the threads wait for each other.
        if !self.used.load(Ordering::Relaxed) {
            self.used.store(true, Ordering::Relaxed);
        }
        let hold = match take {
            Take::Claim => verified.lease(),
            Take::Once => Hold::Once,
        };
        match (&self.kind, take) {
            (Kind::Library(store), Take::Claim) => match verified.claim(Arc::clone(store), duplicates, now) {
                Ok(received) => {
                    let (verified, claim) = received.into_parts();
                    Taken::Verdict(Ok(verified), claim.is_open().then(|| hookproof_claim::new(claim)))
                }
                Err(refusal) => Taken::Verdict(Err(refusal), None),
            },
            (Kind::Library(store), Take::Once) => {
                Taken::Verdict(verified.record_once(store.as_ref(), duplicates, now), None)
            }
            (Kind::Host(store), _) => match store.ask(verified, hold, duplicates, now) {
                Ok(question) => Taken::Question(question),
                Err(refusal) => Taken::Verdict(Err(refusal), None),
            },
            // Not the store's answer, so that a policy which accepts while a store is down does not accept
            // for ever with a store that never was.
            (Kind::Failed(failure), _) => {
                let refusal = match verified.claim_request(hold, now) {
                    Err(stale) => stale,
                    Ok(_) => verified.refuse_unasked(failure.clone()),
                };
                Taken::Verdict(Err(refusal), None)
            }
        }
    }

    fn set_budget(&mut self, budget: Duration) -> hookproof_status {
        let store = match &mut self.kind {
            Kind::Failed(_) => return E_CONFIG,
            Kind::Host(_) => return if *self.used.get_mut() { E_STATE } else { OK },
            Kind::Library(store) => store,
        };
        if *self.used.get_mut() {
            return E_STATE;
        }
        let Some(store) = Arc::get_mut(store) else {
            return E_STATE;
        };
        *store = match mem::replace(store, Library::Lost) {
            Library::File(store) => Library::File(store.with_budget(budget)),
            #[cfg(feature = "redis")]
            Library::Redis(store) => Library::Redis(store.with_budget(budget)),
            // Nothing to wait for.
            other => other,
        };
        OK
    }
}

/// Makes a store and hands it out, also one that failed.
///
/// # Safety
///
/// `out` is NULL or writable.
unsafe fn make(out: *mut *mut hookproof_store, body: impl FnOnce() -> Result<Kind, Fault>) -> hookproof_status {
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { put(out, std::ptr::null_mut()) };
    guard(E_INTERNAL, || {
        if out.is_null() {
            return E_NULL;
        }
        let kind = match body() {
            Ok(kind) => kind,
            Err(Fault::Config(error)) => Kind::Failed(StoreFailure::new(error.to_string())),
            Err(fault) => return fault.status(),
        };
        let status = if matches!(kind, Kind::Failed(_)) { E_CONFIG } else { OK };
        // SAFETY: not NULL, and writable by the caller's promise.
        unsafe { out.write(Box::into_raw(hookproof_store::new(kind))) };
        status
    })
}

fn library(store: Result<Library, ConfigError>) -> Result<Kind, Fault> {
    Ok(Kind::Library(Arc::new(store?)))
}

/// Makes a store in the memory of this process, for its threads: nothing is shared with other
/// processes, and a restart forgets everything.
///
/// - `capacity`: how many identities it can hold, HOOKPROOF_DEFAULT_STORE_CAPACITY unless you know
///   better: requests per second times the seconds the policy accepts (max_age and leeway), and a
///   minute. The memory is taken here, and none later. When it is full, requests are
///   HOOKPROOF_R_REPLAY_STORE_FULL.
/// - `cold_start`: HOOKPROOF_COLD_START_ALLOW takes everything for new that it does not know, so
///   that a request from before a restart may be worked on once more. HOOKPROOF_COLD_START_REFUSE
///   refuses what was issued at `now` or before, as HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE; the
///   sender's retries of such a request are refused too.
/// - `now`: Unix seconds, usually hookproof_now().
///
/// 0: `*out` is the store. HOOKPROOF_E_CONFIG: the capacity is out of range; `*out` is a store all
/// the same, with the reason in hookproof_store_error, and every receive with it is
/// HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE, whatever the policy says. In both cases it is Owned: free
/// it with hookproof_store_free. Else `*out` is NULL. HOOKPROOF_E_ARGUMENT: another cold_start.
/// HOOKPROOF_E_NULL: `out` is NULL. The same holds for every function that makes a store.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_store_new_memory(
    capacity: u64,
    cold_start: i32,
    now: i64,
    out: *mut *mut hookproof_store,
) -> hookproof_status {
    let build = || {
        let refuse = match cold_start {
            COLD_START_ALLOW => false,
            COLD_START_REFUSE => true,
            _ => return Err(Fault::Argument("cold_start")),
        };
        // What does not fit is out of range there too.
        let store = MemoryStore::new(usize::try_from(capacity).unwrap_or(usize::MAX))?;
        library(Ok(Library::Memory(if refuse { store.refuse_issued_until(now) } else { store })))
    };
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { make(out, build) }
}

/// Makes a store in a file, for all processes of one machine, whatever language they are written in:
/// each makes its own with the same path. It survives restarts.
///
/// - `path`: where the file is or shall be, in a directory that exists, on a file system of this
///   machine and none of the network. Any bytes but NUL; Copied. The file is made here if it is not
///   there, for its owner alone; each process opens it at its first use, with others of its name
///   beside it.
/// - `durability`: HOOKPROOF_DURABILITY_PROCESS_CRASH: what was answered survives the end of any
///   process; a machine that loses its power may forget the last moments.
///   HOOKPROOF_DURABILITY_POWER_LOSS: it survives that too, and each answer waits for the disk.
///
/// Statuses are as for hookproof_store_new_memory. HOOKPROOF_E_CONFIG: something is wrong with the
/// place or with what is there.
/// HOOKPROOF_E_ARGUMENT: another durability.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_store_new_file(
    path: *const c_char,
    path_len: usize,
    durability: i32,
    out: *mut *mut hookproof_store,
) -> hookproof_status {
    let build = || {
        // SAFETY: the caller vouches for the pointer and its length.
        let path = unsafe { octets("path", path, path_len) }?;
        let durability = match durability {
            DURABILITY_PROCESS_CRASH => Durability::ProcessCrash,
            DURABILITY_POWER_LOSS => Durability::PowerLoss,
            _ => return Err(Fault::Argument("durability")),
        };
        fork::watch();
        let store = FileStore::new(Path::new(OsStr::from_bytes(path)))?;
        library(Ok(Library::File(store.with_durability(durability))))
    };
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { make(out, build) }
}

/// Makes a store on a Redis or Valkey server, for many machines. Needs a library built with the
/// feature "redis", and "redis-tls" for rediss: hookproof_has_feature tells.
///
/// - `url`: redis://, rediss:// or redis+unix://, with the user and the password if there are any.
///   Copied, and never shown in an error.
/// - `name_space`: part of every key, so that applications can share a server: 1 to 64 letters,
///   digits, '-', '_' or '.'. Copied. Programs that share it protect each other.
///
/// The server is asked at the first use, and must not evict. Statuses are as for
/// hookproof_store_new_memory. HOOKPROOF_E_CONFIG: a value is refused, or the feature is not there.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_store_new_redis(
    url: *const c_char,
    url_len: usize,
    name_space: *const c_char,
    name_space_len: usize,
    out: *mut *mut hookproof_store,
) -> hookproof_status {
    let build = || {
        // SAFETY: the caller vouches for the pointers and their lengths.
        let (url, namespace) = unsafe { (text("url", url, url_len)?, text("name_space", name_space, name_space_len)?) };
        redis(url, namespace)
    };
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { make(out, build) }
}

#[cfg(feature = "redis")]
fn redis(url: &str, namespace: &str) -> Result<Kind, Fault> {
    library(RedisStore::new(url, namespace).map(Library::Redis))
}

#[cfg(not(feature = "redis"))]
fn redis(_url: &str, _namespace: &str) -> Result<Kind, Fault> {
    Ok(Kind::Failed(StoreFailure::new("this library was built without the feature redis")))
}

/// Makes a store that you ask yourself, in your own database. The library never calls back: a
/// receive with it answers HOOKPROOF_PENDING_REPLAY, and the result says what to ask
/// (hookproof_result_replay_identity, _owner, _lease_seconds, _keep_seconds). Run one atomic
/// statement: insert the identity with its owner and the end of its lease; or take it over if it is
/// there, not done, and its lease is over; else leave it. Then call hookproof_result_answer_replay.
///
/// Confirm and release are statements of yours too, and must compare the owner; there is no
/// hookproof_claim.
///
/// `name_space`: as for hookproof_store_new_redis. Statuses are as for hookproof_store_new_memory.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn hookproof_store_new_host(
    name_space: *const c_char,
    name_space_len: usize,
    out: *mut *mut hookproof_store,
) -> hookproof_status {
    let build = || {
        // SAFETY: the caller vouches for the pointer and its length.
        let namespace = unsafe { text("name_space", name_space, name_space_len) }?;
        Ok(Kind::Host(HostStore::new(namespace)?))
    };
    // SAFETY: NULL or writable, by the caller's promise.
    unsafe { make(out, build) }
}

/// How long the store may take for one answer, in milliseconds: 1 to HOOKPROOF_MAX_STORE_BUDGET_MS,
/// 50 by default. A file or Redis store that takes longer is HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE.
/// Memory and host stores have nothing to wait for; the value is taken and changes nothing.
///
/// HOOKPROOF_E_ARGUMENT: out of range. HOOKPROOF_E_STATE: the store has been used.
/// HOOKPROOF_E_CONFIG: the store could not be made.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_store_set_budget_ms(
    store: Option<&mut hookproof_store>,
    milliseconds: u32,
) -> hookproof_status {
    guard(E_INTERNAL, || {
        let Some(store) = store else {
            return E_NULL;
        };
        if !(1..=MAX_STORE_BUDGET_MS).contains(&milliseconds) {
            return E_ARGUMENT;
        }
        store.set_budget(Duration::from_millis(milliseconds.into()))
    })
}

/// Why the store could not be made; empty when it was, and for NULL. Never a password. Borrowed from
/// `store` until it is freed.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_store_error(store: Option<&hookproof_store>) -> hookproof_str {
    guard(hookproof_str::EMPTY, || {
        store.and_then(|store| store.error.as_ref()).map_or(hookproof_str::EMPTY, Text::view)
    })
}

/// What the store covers, in words for a log at start-up: threads, processes or machines, and
/// whether it survives a restart. Empty when it could not be made, and for NULL. Borrowed from
/// `store` until it is freed.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_store_extent(store: Option<&hookproof_store>) -> hookproof_str {
    guard(hookproof_str::EMPTY, || store.map_or(hookproof_str::EMPTY, |store| store.extent.view()))
}

/// Frees a store. NULL does nothing. Claims stay valid. No other thread may be using the handle.
#[unsafe(no_mangle)]
pub extern "C" fn hookproof_store_free(store: Option<Box<hookproof_store>>) {
    guard((), || drop(store));
}

/// A store that breaks its promises: it panics in every call but the first `calm` ones.
#[cfg(test)]
pub(crate) struct PanickingStore {
    memory: MemoryStore,
    calm: std::sync::atomic::AtomicU32,
}

#[cfg(test)]
impl PanickingStore {
    fn turn(&self) -> &MemoryStore {
        let calm = self.calm.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |calls| calls.checked_sub(1));
        assert!(calm.is_ok(), "forced");
        &self.memory
    }
}

#[cfg(test)]
impl Store for PanickingStore {
    fn claim(&self, request: &ClaimRequest<'_>) -> ClaimAnswer {
        self.turn().claim(request)
    }

    fn confirm(&self, ticket: &Ticket, now: i64) -> Result<Effect, StoreFailure> {
        self.turn().confirm(ticket, now)
    }

    fn release(&self, ticket: &Ticket, now: i64) -> Result<Effect, StoreFailure> {
        self.turn().release(ticket, now)
    }

    fn extent(&self) -> String {
        self.memory.extent()
    }
}

#[cfg(test)]
mod tests {
    use hookproof::sign::Signer;
    use hookproof::{Keyring, Policy, Request, Verifier};

    use super::*;
    use crate::claim::{hookproof_claim_confirm, hookproof_claim_is_open, hookproof_claim_release};
    use crate::result::{
        hookproof_result, hookproof_result_api_key, hookproof_result_finish, hookproof_result_finish_once,
        hookproof_result_receive, hookproof_result_replay, hookproof_result_status,
    };

    const NOW: i64 = 1_767_225_600;

    fn panicking(calm: u32) -> Box<hookproof_store> {
        let memory = MemoryStore::new(16).unwrap();
        let store = PanickingStore { memory, calm: calm.into() };
        hookproof_store::new(Kind::Library(Arc::new(Library::Panicking(store))))
    }

    fn accepted() -> Box<hookproof_result> {
        let mut keyring = Keyring::new();
        keyring.add_secret("a1b2c3d4", "production", b"a secret").unwrap();
        let verifier = Verifier::new(Policy::standard(), keyring).unwrap();
        let header = Signer::new("a1b2c3d4", b"a secret").unwrap().sign_body(b"{}", NOW, "jti-1");
        hookproof_result::verdict(verifier.verify(&Request::post(header.as_bytes(), b"{}"), NOW))
    }

    fn receive(result: &mut hookproof_result, store: &hookproof_store) -> (i32, Option<Box<hookproof_claim>>) {
        let mut out = std::ptr::null_mut();
        // SAFETY: `out` is writable.
        let status = unsafe { hookproof_result_receive(Some(result), Some(store), 0, NOW, &raw mut out) };
        // SAFETY: NULL or a claim that nobody else owns.
        (status, (!out.is_null()).then(|| unsafe { Box::from_raw(out) }))
    }

    #[test]
    fn a_panic_in_a_claim_takes_the_verdict_away() {
        let store = panicking(0);
        let mut result = accepted();
        assert_ne!(hookproof_result_api_key(Some(&result)).len, 0);
        let (status, claim) = receive(&mut result, &store);
        assert_eq!(status, E_INTERNAL);
        assert!(claim.is_none());
        // Nothing that was read before may be read beside the lost verdict.
        assert_eq!(hookproof_result_status(Some(&result)), E_INTERNAL);
        assert_eq!(hookproof_result_api_key(Some(&result)).len, 0);
        assert_eq!(hookproof_result_replay(Some(&result)).len, 0);
        assert_eq!(hookproof_result_finish(Some(&mut result), NOW), E_INTERNAL);
        assert_eq!(receive(&mut result, &store).0, E_INTERNAL);

        let mut result = accepted();
        assert_eq!(hookproof_result_finish_once(Some(&mut result), Some(&store), 0, NOW), E_INTERNAL);
        assert_eq!(hookproof_result_status(Some(&result)), E_INTERNAL);
    }

    #[test]
    fn a_panic_at_the_end_leaves_the_claim_open() {
        let store = panicking(1);
        let mut result = accepted();
        let (status, claim) = receive(&mut result, &store);
        assert_eq!(status, OK);
        let mut claim = claim.unwrap();
        assert_eq!(hookproof_claim_confirm(Some(&mut claim), NOW), E_INTERNAL);
        assert_eq!(hookproof_claim_release(Some(&mut claim), NOW), E_INTERNAL);
        assert!(hookproof_claim_is_open(Some(&claim)));
    }

    #[test]
    fn a_store_lost_to_a_panic_is_unavailable() {
        let store = hookproof_store::new(Kind::Library(Arc::new(Library::Lost)));
        let mut result = accepted();
        let (status, claim) = receive(&mut result, &store);
        assert_eq!(status, i32::from(hookproof::Reason::ReplayStoreUnavailable.code()));
        assert!(claim.is_none());
    }
}
