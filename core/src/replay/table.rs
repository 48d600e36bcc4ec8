//! A table of fixed size that forgets only what it is told to: open addressing, with records kept in the order of their
//! home slots ("Robin Hood"), so that looking for what is not there ends early even when the table is nearly full.

/// One identity: 24 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) tag: Tag,
    pub(super) owner: u32,
    word: Word,
}

/// The fingerprint of an identity: 96 bits under a seed that nobody outside knows. Among 10^8 identities the chance of a
/// false refusal is about 6e-14.
pub(super) type Tag = [u32; 3];

/// State, end of the lease and `iat`, packed: 2 bits, 24 bits, 38 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Word(u64);

/// What is known of an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Claimed until this time, in Unix seconds.
    Claimed(i64),
    Done,
}

const IAT_BITS: u32 = 38;
const IAT_MASK: u64 = (1 << IAT_BITS) - 1;
const LEASE_MASK: u64 = (1 << 24) - 1;
const CLAIMED: u64 = 1;
const DONE: u64 = 2;

/// The end of a lease is stored as seconds after `iat` minus this: a claim is made at most the largest leeway before
/// the token's `iat`, and at most the largest age after it.
const LEASE_BIAS: i64 = 3_600;

impl Record {
    pub(super) fn new(tag: Tag, owner: u32, issued_at: i64, state: State) -> Record {
        let iat = u64::try_from(issued_at).unwrap_or(0).min(IAT_MASK);
        let (kind, lease) = match state {
            State::Claimed(until) => {
                let lease = until.saturating_sub(issued_at).saturating_add(LEASE_BIAS);
                (CLAIMED, u64::try_from(lease).unwrap_or(0).min(LEASE_MASK))
            }
            State::Done => (DONE, 0),
        };
        Record { tag, owner, word: Word(kind << 62 | lease << IAT_BITS | iat) }
    }

    pub(super) fn issued_at(&self) -> i64 {
        i64::try_from(self.word.0 & IAT_MASK).unwrap_or(i64::MAX)
    }

    /// Nothing for an empty slot.
    pub(super) fn state(&self) -> Option<State> {
        match self.word.0 >> 62 {
            0 => None,
            CLAIMED => {
                let lease = i64::try_from(self.word.0 >> IAT_BITS & LEASE_MASK).unwrap_or(0);
                Some(State::Claimed(self.issued_at().saturating_add(lease).saturating_sub(LEASE_BIAS)))
            }
            _ => Some(State::Done),
        }
    }

    fn is_empty(&self) -> bool {
        self.word.0 == 0
    }
}

/// What a sweep may remove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sweep {
    /// What was issued before this time.
    Expired(i64),
    /// Claims whose lease is over at this time.
    Lapsed(i64),
}

/// The table.
pub(super) struct Table {
    slots: Box<[Record]>,
    len: usize,
    most: usize,
    /// No record was issued before this time, no lease ends before that one: a sweep that can find nothing is skipped.
    oldest: i64,
    first_lapse: i64,
}

impl Table {
    /// A table for exactly `most` records, or nothing if there is no memory for it.
    pub(super) fn new(most: usize) -> Option<Table> {
        // At 85 % a search looks at four records on average, and there is always an empty slot.
        let len = most.checked_mul(20)?.div_ceil(17).checked_add(1)?;
        let mut slots = Vec::new();
        slots.try_reserve_exact(len).ok()?;
        slots.resize(len, Record::default());
        Some(Table { slots: slots.into_boxed_slice(), len: 0, most, oldest: i64::MAX, first_lapse: i64::MAX })
    }

    /// The slot of a tag.
    pub(super) fn find(&self, tag: Tag) -> Option<usize> {
        let mut slot = self.home(tag);
        let mut distance = 0usize;
        loop {
            let record = self.at(slot);
            if record.is_empty() || self.distance(&record, slot) < distance {
                return None;
            }
            if record.tag == tag {
                return Some(slot);
            }
            slot = self.next(slot);
            distance = distance.saturating_add(1);
        }
    }

    pub(super) fn at(&self, slot: usize) -> Record {
        self.slots.get(slot).copied().unwrap_or_default()
    }

    /// Writes a record over one of the same tag.
    pub(super) fn replace(&mut self, slot: usize, record: Record) {
        self.note(&record);
        self.put(slot, record);
    }

    /// Adds a record whose tag is not there. False: there is no room.
    pub(super) fn insert(&mut self, record: Record) -> bool {
        if self.len >= self.most {
            return false;
        }
        self.len = self.len.saturating_add(1);
        self.note(&record);
        let mut carried = record;
        let mut slot = self.home(carried.tag);
        let mut distance = 0usize;
        loop {
            let resident = self.at(slot);
            if resident.is_empty() {
                self.put(slot, carried);
                return true;
            }
            let its = self.distance(&resident, slot);
            if its < distance {
                self.put(slot, carried);
                carried = resident;
                distance = its;
            }
            slot = self.next(slot);
            distance = distance.saturating_add(1);
        }
    }

    /// Takes a record out, and closes the gap.
    pub(super) fn remove(&mut self, slot: usize) {
        self.len = self.len.saturating_sub(1);
        let mut gap = slot;
        loop {
            let next = self.next(gap);
            let record = self.at(next);
            if record.is_empty() || self.distance(&record, next) == 0 {
                self.put(gap, Record::default());
                return;
            }
            self.put(gap, record);
            gap = next;
        }
    }

    /// Removes what the sweep may remove. The number of records removed, and the newest `iat` among them.
    pub(super) fn sweep(&mut self, sweep: Sweep) -> (usize, i64) {
        let mut removed = (0usize, i64::MIN);
        let can_find = match sweep {
            Sweep::Expired(before) => self.oldest < before,
            Sweep::Lapsed(now) => self.first_lapse <= now,
        };
        if !can_find {
            return removed;
        }
        (self.oldest, self.first_lapse) = (i64::MAX, i64::MAX);
        let mut slot = 0;
        while slot < self.slots.len() {
            let record = self.at(slot);
            let goes = match (record.state(), sweep) {
                (None, _) | (Some(State::Done), Sweep::Lapsed(_)) => false,
                (Some(_), Sweep::Expired(before)) => record.issued_at() < before,
                (Some(State::Claimed(until)), Sweep::Lapsed(now)) => until <= now,
            };
            if goes {
                // The record behind it moves up: this slot is looked at again.
                self.remove(slot);
                removed = (removed.0.saturating_add(1), removed.1.max(record.issued_at()));
            } else {
                self.note(&record);
                slot = slot.saturating_add(1);
            }
        }
        removed
    }

    fn note(&mut self, record: &Record) {
        match record.state() {
            Some(State::Claimed(until)) => self.first_lapse = self.first_lapse.min(until),
            Some(State::Done) => {}
            None => return,
        }
        self.oldest = self.oldest.min(record.issued_at());
    }

    fn home(&self, tag: Tag) -> usize {
        let [first, ..] = tag;
        let slots = u64::try_from(self.slots.len()).unwrap_or(1);
        usize::try_from(u64::from(first).saturating_mul(slots) >> 32).unwrap_or(0)
    }

    /// How far a record lies behind its home.
    fn distance(&self, record: &Record, slot: usize) -> usize {
        let home = self.home(record.tag);
        match slot.checked_sub(home) {
            Some(distance) => distance,
            None => self.slots.len().saturating_sub(home).saturating_add(slot),
        }
    }

    fn next(&self, slot: usize) -> usize {
        let next = slot.saturating_add(1);
        if next < self.slots.len() { next } else { 0 }
    }

    fn put(&mut self, slot: usize, record: Record) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = record;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn a_record_has_24_bytes_and_keeps_what_it_is_told() {
        assert_eq!(size_of::<Record>(), 24);
        assert_eq!(LEASE_BIAS, i64::from(crate::limits::MOST_LEEWAY));
        for iat in [0, 1_767_225_600, crate::limits::MAX_NUMERIC_DATE] {
            for until in [iat - 3_599, iat, iat + 30, iat + 7 * 24 * 3600 + 3600] {
                let record = Record::new([1, 2, 3], 7, iat, State::Claimed(until));
                assert_eq!((record.issued_at(), record.state()), (iat, Some(State::Claimed(until))));
            }
            let record = Record::new([1, 2, 3], 7, iat, State::Done);
            assert_eq!((record.issued_at(), record.state(), record.owner), (iat, Some(State::Done), 7));
        }
        assert_eq!(Record::default().state(), None);
    }

    /// Small tables with crowded homes, so that records are displaced, wrap around and close gaps all the time.
    #[test]
    fn it_holds_exactly_what_was_put_in() {
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        let mut draw = |below: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random % below
        };
        for most in [1, 2, 3, 7, 40, 300] {
            let mut table = Table::new(most).unwrap();
            let mut naive: HashMap<Tag, Record> = HashMap::new();
            for _ in 0..20_000 {
                let spread = u32::try_from(draw(5)).unwrap() * 900_000_000;
                let tag = [spread, u32::try_from(draw(2 * most as u64)).unwrap(), 0];
                let record = Record::new(tag, 0, i64::try_from(draw(1000)).unwrap(), State::Done);
                match (table.find(tag), draw(3)) {
                    (Some(slot), 0) => {
                        assert_eq!(naive.remove(&tag), Some(table.at(slot)));
                        table.remove(slot);
                    }
                    (Some(slot), _) => assert_eq!(naive.get(&tag), Some(&table.at(slot))),
                    (None, _) => {
                        assert!(!naive.contains_key(&tag));
                        let room = naive.len() < most;
                        assert_eq!(table.insert(record), room);
                        if room {
                            naive.insert(tag, record);
                        }
                    }
                }
                if draw(100) == 0 {
                    let before = i64::try_from(draw(1000)).unwrap();
                    let newest = naive.values().map(Record::issued_at).filter(|iat| *iat < before).max();
                    let count = naive.len();
                    naive.retain(|_, record| record.issued_at() >= before);
                    let removed = (count - naive.len(), newest.unwrap_or(i64::MIN));
                    assert_eq!(table.sweep(Sweep::Expired(before)), removed);
                }
                assert_eq!(table.len, naive.len());
            }
            assert!(naive.keys().all(|tag| table.find(*tag).is_some()));
        }
    }
}
