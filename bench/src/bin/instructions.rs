//! Does one thing so often, and nothing else: `instructions floor|verify N`, to be counted from outside.

use std::hint::black_box;

use hookproof_bench::{Case, Floor, USUAL_BODY};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().expect("what to do");
    let times: u64 = arguments.next().expect("how often").parse().expect("a number");
    let case = Case::new(USUAL_BODY);
    let floor = Floor::new(&case);
    for _ in 0..times {
        match what.as_str() {
            "floor" => floor.both(black_box(&case)),
            "verify" => drop(black_box(black_box(&case).verify())),
            other => panic!("not floor or verify: {other}"),
        }
    }
}
