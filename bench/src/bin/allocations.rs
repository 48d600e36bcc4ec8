//! Counts allocations of one accepted call.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use hookproof::Verified;
use hookproof_bench::{Case, LARGE_BODY, Row, USUAL_BODY};

struct Counting;

static COUNT: AtomicU64 = AtomicU64::new(0);

// SAFETY: every call goes to the system's allocator with the arguments as they came; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.fetch_add(1, Relaxed);
        // SAFETY: the caller keeps the contract of this very function.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        COUNT.fetch_add(1, Relaxed);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.fetch_add(1, Relaxed);
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    let verify: fn(&Case) -> Verified = Case::verify;
    let rows = [
        ("allocations per call", Case::new(USUAL_BODY), verify),
        ("allocations, 64 KiB body", Case::new(LARGE_BODY), verify),
        ("allocations, escapes", Case::with_escapes(USUAL_BODY), verify),
        ("allocations, streamed", Case::new(USUAL_BODY), Case::verify_streamed),
    ];
    for (what, case, verify) in rows {
        const CALLS: u64 = 1000;
        let before = COUNT.load(Relaxed);
        for _ in 0..CALLS {
            drop(black_box(verify(black_box(&case))));
        }
        let total = COUNT.load(Relaxed) - before;
        let met = total <= 2 * CALLS;
        let measured = format!("{:.3}", total as f64 / CALLS as f64);
        let none = "-".to_owned();
        Row {
            what,
            measured,
            against: none.clone(),
            ratio: none.clone(),
            quartiles: none,
            bar: Some(("<= 2", met)),
            goal: "-",
        }
        .print();
    }
}
