//! The requests of late, in memory: as many as were asked for, and no more bytes than [`MOST_BYTES`].

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::entry::Entry;

/// What the entries may take together. The largest body that is kept goes into it many times.
const MOST_BYTES: usize = 32 * 1024 * 1024;

pub(crate) struct History {
    keep: usize,
    ring: Mutex<Ring>,
    /// The place of the newest change, for those who wait for the next.
    news: watch::Sender<u64>,
}

#[derive(Default)]
struct Ring {
    entries: VecDeque<(u64, Arc<Entry>)>,
    bytes: usize,
    /// Each change has a place: an entry that comes, and the clearing of all.
    place: u64,
    count: u64,
    accepted: u64,
}

/// What the page asks for.
pub(crate) struct News {
    /// The entries behind the place that was asked for, the oldest first.
    pub(crate) entries: Vec<Arc<Entry>>,
    /// The place to ask from the next time.
    pub(crate) place: u64,
    /// The numbers of all requests that are kept.
    pub(crate) kept: Vec<u64>,
    pub(crate) count: u64,
    pub(crate) accepted: u64,
}

impl History {
    pub(crate) fn new(keep: usize) -> History {
        History { keep: keep.max(1), ring: Mutex::default(), news: watch::Sender::new(0) }
    }

    // A panic of another task leaves the ring as whole as it was.
    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn push(&self, entry: Entry) {
        let mut ring = self.ring();
        ring.count += 1;
        ring.accepted += u64::from(entry.verdict.accepted);
        ring.bytes += entry.bytes();
        ring.place += 1;
        let place = ring.place;
        ring.entries.push_back((place, Arc::new(entry)));
        while ring.entries.len() > self.keep || (ring.bytes > MOST_BYTES && ring.entries.len() > 1) {
            if let Some((_, oldest)) = ring.entries.pop_front() {
                ring.bytes -= oldest.bytes();
            }
        }
        drop(ring);
        self.news.send_replace(place);
    }

    pub(crate) fn find(&self, id: u64) -> Option<Arc<Entry>> {
        self.ring().entries.iter().find(|(_, entry)| entry.arrival.id == id).map(|(_, entry)| Arc::clone(entry))
    }

    /// Forgets all entries; the sums stay.
    pub(crate) fn clear(&self) {
        let mut ring = self.ring();
        ring.entries.clear();
        ring.bytes = 0;
        ring.place += 1;
        let place = ring.place;
        drop(ring);
        self.news.send_replace(place);
    }

    pub(crate) fn since(&self, place: u64) -> News {
        let ring = self.ring();
        News {
            entries: ring.entries.iter().filter(|(at, _)| *at > place).map(|(_, entry)| Arc::clone(entry)).collect(),
            place: ring.place,
            kept: ring.entries.iter().map(|(_, entry)| entry.arrival.id).collect(),
            count: ring.count,
            accepted: ring.accepted,
        }
    }

    /// To wait with until there is something behind a place.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::super::arrival::Arrival;
    use super::super::entry::{Answered, By};
    use super::super::judge::Verdict;
    use super::*;

    fn entry(id: u64, body_bytes: usize) -> Entry {
        let (parts, ()) = Request::builder().uri("/x?a=1").body(()).unwrap().into_parts();
        let mut arrival = Arrival::new(id, 0, &parts);
        arrival.body = vec![b'x'; body_bytes].into();
        let answer = Answered { http_status: 503, by: By::Verdict };
        Entry {
            arrival,
            verdict: Verdict::of_nothing(),
            judged_at: 0,
            answer,
            repeat: None,
            forwarded: None,
            captured: None,
        }
    }

    #[test]
    fn entries_are_bounded_in_number_and_in_bytes() {
        let history = History::new(3);
        for id in 1..=5 {
            history.push(entry(id, 10));
        }
        let news = history.since(4);
        assert_eq!((news.kept, news.count, news.place), (vec![3, 4, 5], 5, 5));
        assert_eq!(news.entries.iter().map(|entry| entry.arrival.id).collect::<Vec<_>>(), [5]);
        assert!(history.find(2).is_none() && history.find(3).is_some());
        history.push(entry(6, MOST_BYTES));
        assert_eq!(history.since(0).kept, [6]);
        history.push(entry(7, 1));
        assert_eq!(history.since(0).kept, [7]);
        assert!(history.ring().bytes < MOST_BYTES);
    }

    #[tokio::test]
    async fn who_waits_learns_of_new_entries_and_of_the_clearing() {
        let history = History::new(3);
        let mut watch = history.watch();
        history.push(entry(1, 0));
        assert_eq!(*watch.wait_for(|place| *place != 0).await.unwrap(), 1);
        history.clear();
        let place = *watch.wait_for(|place| *place != 1).await.unwrap();
        let news = history.since(place);
        assert!(news.kept.is_empty() && news.entries.is_empty());
        assert_eq!(news.count, 1);
    }
}
