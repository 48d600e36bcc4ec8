//! The store of one process: a table of fixed size, shared by its threads.

use std::hash::BuildHasher as _;

use super::identity::Identity;
use super::store::{ClaimAnswer, ClaimRequest, Effect, Hold, Store, StoreFailure, Ticket};
use super::sync::{self, AtomicI64, AtomicUsize, Mutex, MutexGuard, Ordering, Seed};
use super::table::{Record, State, Sweep, Table, Tag};
use crate::config_error::ConfigError;
use crate::limits::MOST_STORE_CAPACITY;

/// A store for the threads of one process. It forgets everything when the process ends.
///
/// It holds exactly as many identities as it was made for, in memory that it takes once; when it is full of identities
/// that must be kept it refuses (`replay.store_full`) and forgets none. Time is what its callers pass as `now`.
///
/// After a fork each process goes on with what the parent knew, and no process learns what another one accepts: use a
/// store that processes share.
pub struct MemoryStore {
    stripes: Box<[Mutex<Stripe>]>,
    seeds: [Seed; 2],
    capacity: usize,
    /// Identities in all stripes.
    live: AtomicUsize,
    /// The longest time after its `iat` that any identity must be kept, in seconds.
    window: AtomicI64,
    /// The newest `iat` of what was removed because its time was over.
    purged: AtomicI64,
    cold_until: i64,
}

struct Stripe {
    table: Table,
    /// The owner of the next claim. Four thousand million claims later a number comes again; the lease of its first
    /// owner has ended long before.
    next_owner: u32,
}

/// Where an identity belongs.
#[derive(Clone, Copy)]
struct Place {
    stripe: u32,
    tag: Tag,
}

/// Identities to a lock, about: few enough that threads seldom meet and a sweep is short.
const STRIPE: usize = 8_192;
const MOST_STRIPES: usize = 256;

impl MemoryStore {
    /// A store for `capacity` identities, at 24 to 32 bytes each once there are many: 1 to 100 million. An identity is
    /// kept for `max_age` + leeway + 60 seconds after its `iat`; the default policy at 500 requests a second needs
    /// 210,000.
    ///
    /// # Errors
    /// A capacity out of range, or more than there is memory for.
    pub fn new(capacity: usize) -> Result<MemoryStore, ConfigError> {
        if !(1..=MOST_STORE_CAPACITY).contains(&capacity) {
            return Err(ConfigError::new("capacity", format!("must be 1 to {MOST_STORE_CAPACITY}, not {capacity}")));
        }
        let stripes = capacity.div_ceil(STRIPE).next_power_of_two().min(MOST_STRIPES);
        MemoryStore::with_stripes(capacity, stripes)
            .ok_or_else(|| ConfigError::new("capacity", format!("there is no memory for {capacity} identities")))
    }

    fn with_stripes(capacity: usize, stripes: usize) -> Option<MemoryStore> {
        let mean = capacity.div_ceil(stripes);
        // Identities fall into stripes at random, under a seed that no sender knows. Eight standard deviations of room
        // keep the capacity exact: a stripe that is full before the store is less likely than 1 in 10^14.
        let slack = if stripes == 1 { 0 } else { mean.isqrt().saturating_add(1).saturating_mul(8) };
        let most = mean.saturating_add(slack).min(capacity);
        let mut list = Vec::with_capacity(stripes);
        for _ in 0..stripes {
            list.push(Mutex::new(Stripe { table: Table::new(most)?, next_owner: 0 }));
        }
        Some(MemoryStore {
            stripes: list.into_boxed_slice(),
            seeds: [Seed::default(), Seed::default()],
            capacity,
            live: AtomicUsize::new(0),
            window: AtomicI64::new(0),
            purged: AtomicI64::new(i64::MIN),
            cold_until: i64::MIN,
        })
    }

    /// For the model checker: a small store with several locks.
    #[cfg(loom)]
    #[must_use]
    pub fn striped(capacity: usize, stripes: usize) -> MemoryStore {
        MemoryStore::with_stripes(capacity, stripes).unwrap()
    }

    /// For the model checker: which of the locks an identity is behind.
    #[cfg(loom)]
    #[must_use]
    pub fn stripe_of(&self, identity: &Identity<'_>) -> usize {
        self.index(self.place(identity))
    }

    /// Refuses, as `replay.store_unavailable`, every token issued at or before `started_at` (Unix seconds): another
    /// process may have accepted it before this one began. Without it such tokens are accepted, and a request that was
    /// captured just before a restart can be replayed once just after it.
    ///
    /// Pass the present time; add the policy's leeway to cover senders whose clock is ahead, too.
    #[must_use]
    pub fn refuse_issued_until(self, started_at: i64) -> MemoryStore {
        MemoryStore { cold_until: started_at, ..self }
    }

    /// How many identities it can hold.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// How many identities it holds, those included whose time is over and that were not in the way yet.
    #[must_use]
    pub fn held(&self) -> usize {
        self.live.load(Ordering::Acquire)
    }

    fn place(&self, identity: &Identity<'_>) -> Place {
        let [first, second] = &self.seeds;
        let what = (identity.selector.kind(), identity.selector.text(), identity.jti);
        let (first, second) = (first.hash_one(what), second.hash_one(what));
        let low = |hash: u64| u32::try_from(hash & u64::from(u32::MAX)).unwrap_or(0);
        Place { stripe: low(second >> 32), tag: [low(first), low(first >> 32), low(second)] }
    }

    fn stripe(&self, place: Place) -> Option<MutexGuard<'_, Stripe>> {
        sync::lock(self.stripes.get(self.index(place))?)
    }

    fn index(&self, place: Place) -> usize {
        // The number of stripes is a power of two.
        usize::try_from(place.stripe).unwrap_or(0) & self.stripes.len().saturating_sub(1)
    }

    /// Takes a place among the capacity.
    fn reserve(&self) -> bool {
        let more = |live: usize| if live < self.capacity { live.checked_add(1) } else { None };
        self.live.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).is_ok()
    }

    fn give_back(&self, count: usize) {
        self.live.fetch_sub(count, Ordering::AcqRel);
    }

    /// Removes what may be removed: first what is past its time, then, if nothing is, claims whose lease is over. It
    /// begins where the room is needed and stops as soon as there is some.
    fn make_room(&self, place: Place, now: i64) {
        // An identity is past its time when now > iat + window.
        let before = now.saturating_sub(self.window.load(Ordering::Acquire));
        let begin = self.index(place);
        for sweep in [Sweep::Expired(before), Sweep::Lapsed(now)] {
            for stripe in self.stripes.iter().cycle().skip(begin).take(self.stripes.len()) {
                let Some(mut stripe) = sync::lock(stripe) else { continue };
                let (removed, newest) = stripe.table.sweep(sweep);
                if removed > 0 {
                    if matches!(sweep, Sweep::Expired(_)) {
                        self.purged.fetch_max(newest, Ordering::AcqRel);
                    }
                    self.give_back(removed);
                    return;
                }
            }
        }
    }

    /// One try. Nothing: there is no room.
    fn try_claim(&self, request: &ClaimRequest<'_>, place: Place) -> Option<ClaimAnswer> {
        let Some(mut stripe) = self.stripe(place) else { return Some(ClaimAnswer::Unavailable(not_got())) };
        let owner = stripe.next_owner;
        let state = match request.hold {
            Hold::Lease(seconds) => State::Claimed(request.now.saturating_add(i64::from(seconds))),
            Hold::Once => State::Done,
        };
        let record = Record::new(place.tag, owner, request.issued_at, state);
        match stripe.table.find(place.tag) {
            Some(slot) => match stripe.table.at(slot).state() {
                Some(State::Claimed(until)) if until > request.now => return Some(ClaimAnswer::InProgress),
                Some(State::Claimed(_)) | None => stripe.table.replace(slot, record),
                Some(State::Done) => return Some(ClaimAnswer::Duplicate),
            },
            None if request.issued_at <= self.cold_until => return Some(ClaimAnswer::ColdStart),
            None if request.issued_at <= self.purged.load(Ordering::Acquire) => return Some(ClaimAnswer::Stale),
            None => {
                if !self.reserve() {
                    return None;
                }
                if !stripe.table.insert(record) {
                    self.give_back(1);
                    return None;
                }
            }
        }
        stripe.next_owner = owner.wrapping_add(1);
        Some(ClaimAnswer::Claimed(ticket(place, owner, request.keep_until)))
    }

    /// The slot of a claim that still is the ticket's owner's.
    fn owned(stripe: &Stripe, ticket: &Ticket) -> Option<(usize, Record)> {
        let (place, owner) = read_ticket(ticket);
        let slot = stripe.table.find(place.tag)?;
        let record = stripe.table.at(slot);
        (record.owner == owner).then_some((slot, record))
    }
}

impl Store for MemoryStore {
    fn claim(&self, request: &ClaimRequest<'_>) -> ClaimAnswer {
        let window = i64::try_from(request.window()).unwrap_or(i64::MAX);
        if window > self.window.load(Ordering::Acquire) {
            self.window.fetch_max(window, Ordering::AcqRel);
        }
        let place = self.place(&request.identity);
        if let Some(answer) = self.try_claim(request, place) {
            return answer;
        }
        self.make_room(place, request.now);
        self.try_claim(request, place).unwrap_or(ClaimAnswer::Full)
    }

    fn confirm(&self, ticket: &Ticket, _now: i64) -> Result<Effect, StoreFailure> {
        let (place, owner) = read_ticket(ticket);
        let mut stripe = self.stripe(place).ok_or_else(not_got)?;
        match MemoryStore::owned(&stripe, ticket) {
            Some((slot, record)) => {
                stripe.table.replace(slot, Record::new(record.tag, owner, record.issued_at(), State::Done));
                Ok(Effect::Done)
            }
            None => Ok(Effect::NoEffect),
        }
    }

    fn release(&self, ticket: &Ticket, _now: i64) -> Result<Effect, StoreFailure> {
        let (place, _) = read_ticket(ticket);
        let mut stripe = self.stripe(place).ok_or_else(not_got)?;
        match MemoryStore::owned(&stripe, ticket) {
            Some((slot, record)) if record.state() != Some(State::Done) => {
                stripe.table.remove(slot);
                self.give_back(1);
                Ok(Effect::Done)
            }
            _ => Ok(Effect::NoEffect),
        }
    }

    fn extent(&self) -> String {
        format!(
            "the threads of this process, up to {} identities; a restart forgets them, and other processes do not know them",
            self.capacity
        )
    }
}

fn not_got() -> StoreFailure {
    StoreFailure::new("memory: the lock was not free in time (was it held while the process forked?)")
}

fn ticket(place: Place, owner: u32, keep_until: i64) -> Ticket {
    let [a, b, c] = place.tag;
    let key = [place.stripe, a, b, c].map(u128::from);
    let key = key.iter().fold(0u128, |all, part| all << 32 | part);
    Ticket { key: key.to_be_bytes(), owner: u128::from(owner).to_be_bytes(), keep_until }
}

fn read_ticket(ticket: &Ticket) -> (Place, u32) {
    let part = |bytes: [u8; 16], shift: u32| {
        u32::try_from(u128::from_be_bytes(bytes) >> shift & u128::from(u32::MAX)).unwrap_or(0)
    };
    let key = |shift| part(ticket.key, shift);
    (Place { stripe: key(96), tag: [key(64), key(32), key(0)] }, part(ticket.owner, 0))
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryStore").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}
