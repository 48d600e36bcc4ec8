//! What each process has for itself: connections must not be shared with a child.

use std::sync::Arc;

use arc_swap::ArcSwapOption;

/// A value for each process that uses it. A child of a fork finds its parent's and makes its own; what it inherited is
/// neither used nor dropped, for closing a connection would disturb the parent's. No lock is involved that the fork could
/// have caught.
pub(crate) struct PerProcess<T>(ArcSwapOption<Entry<T>>);

struct Entry<T> {
    process: u32,
    value: Arc<T>,
}

impl<T> PerProcess<T> {
    pub(crate) fn new() -> PerProcess<T> {
        PerProcess(ArcSwapOption::empty())
    }

    /// This process's value.
    pub(crate) fn get(&self, make: impl Fn() -> T) -> Arc<T> {
        self.get_for(std::process::id(), make)
    }

    fn get_for(&self, process: u32, make: impl Fn() -> T) -> Arc<T> {
        loop {
            let found = self.0.load_full();
            if let Some(entry) = found.as_ref().filter(|entry| entry.process == process) {
                return Arc::clone(&entry.value);
            }
            let value = Arc::new(make());
            let entry = Arc::new(Entry { process, value: Arc::clone(&value) });
            let before = self.0.compare_and_swap(&found, Some(entry));
            let swapped = match (before.as_ref(), found.as_ref()) {
                (None, None) => true,
                (Some(before), Some(found)) => Arc::ptr_eq(before, found),
                _ => false,
            };
            if swapped {
                std::mem::forget(found);
                return value;
            }
        }
    }

    fn drop_in(&mut self, process: u32) {
        let entry = self.0.swap(None);
        if entry.as_ref().is_some_and(|entry| entry.process != process) {
            std::mem::forget(entry);
        }
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        self.drop_in(std::process::id());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_makes_its_own_and_leaves_its_parents_alone() {
        let witness = Arc::new(());
        let mut values = PerProcess::new();
        let parents = values.get_for(1, || Arc::clone(&witness));
        assert!(Arc::ptr_eq(&parents, &values.get_for(1, || Arc::new(()))));
        let childs = values.get_for(2, || Arc::new(()));
        assert!(!Arc::ptr_eq(&parents, &childs));
        assert!(Arc::ptr_eq(&childs, &values.get_for(2, || Arc::new(()))));
        drop(parents);
        // The inherited one is leaked, not dropped.
        assert_eq!(Arc::strong_count(&witness), 2);

        let own = Arc::clone(&childs);
        drop(childs);
        values.drop_in(2);
        assert_eq!(Arc::strong_count(&own), 1);
    }

    #[test]
    fn dropped_in_a_child_that_never_used_it_nothing_is_closed() {
        let witness = Arc::new(());
        let mut values = PerProcess::new();
        drop(values.get_for(1, || Arc::clone(&witness)));
        values.drop_in(2);
        assert_eq!(Arc::strong_count(&witness), 2);
    }
}
