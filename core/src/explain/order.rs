//! Other orders of a list.

/// Most items whose orders are all tried: 5,040 of them.
const MOST_ITEMS: usize = 7;

/// Most bytes of a list whose orders are all tried: 40 MB are hashed then.
const MOST_BYTES: usize = 8 * 1024;

/// Fewest items whose alphabetical order is no chance: one in 120.
const TELLING_ITEMS: usize = 5;

/// The first order that fits, of a list of so many bytes. Long ones are only sorted.
pub(super) fn of<'i, F>(items: &[&'i [u8]], bytes: usize, mut fits: impl FnMut(&[&'i [u8]]) -> Option<F>) -> Option<F> {
    let mut sorted = items.to_vec();
    sorted.sort_unstable();
    if let Some(found) = fits(&sorted) {
        return Some(found);
    }
    if items.len() > MOST_ITEMS || bytes > MOST_BYTES {
        return None;
    }
    let mut items = items.to_vec();
    let len = items.len();
    every(&mut items, len, &mut fits)
}

/// Heap's algorithm: every order of the first items, each by one exchange.
fn every<'i, F>(items: &mut [&'i [u8]], first: usize, fits: &mut impl FnMut(&[&'i [u8]]) -> Option<F>) -> Option<F> {
    let Some(last) = first.checked_sub(1).filter(|last| *last > 0) else { return fits(items) };
    for at in 0..first {
        if let Some(found) = every(items, last, fits) {
            return Some(found);
        }
        items.swap(if first.is_multiple_of(2) { at } else { 0 }, last);
    }
    None
}

/// Whether so many items are sorted that somebody has done it.
pub(super) fn is_telling<T: Ord>(items: &[T]) -> bool {
    items.len() >= TELLING_ITEMS && items.is_sorted()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_order_is_tried() {
        let items: [&[u8]; 5] = [b"a", b"b", b"c", b"d", b"e"];
        let mut seen = BTreeSet::new();
        let none: Option<()> = of(&items, 5, |order| {
            seen.insert(order.concat());
            None
        });
        assert_eq!((none, seen.len()), (None, 120));
    }
}
