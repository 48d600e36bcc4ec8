//! Candidates that run in turns, and the ratios of their times.

use std::time::{Duration, Instant};

use crate::Row;

const SLICE: Duration = Duration::from_millis(2);

/// Something whose time is taken.
pub struct Candidate<'a> {
    run: Box<dyn FnMut(u64) -> f64 + 'a>,
    calls: u64,
    times: Vec<f64>,
}

impl<'a> Candidate<'a> {
    /// `run` does it so many times and returns the nanoseconds that took.
    pub fn new(mut run: impl FnMut(u64) -> f64 + 'a) -> Candidate<'a> {
        let mut calls = 1;
        while run(calls) < SLICE.as_nanos() as f64 / 2.0 {
            calls *= 2;
        }
        Candidate { run: Box::new(run), calls, times: Vec::new() }
    }

    /// Something of this process.
    pub fn native(mut call: impl FnMut() + 'a) -> Candidate<'a> {
        Candidate::new(move |calls| {
            let start = Instant::now();
            for _ in 0..calls {
                call();
            }
            start.elapsed().as_nanos() as f64
        })
    }

    fn slice(&mut self) {
        let time = (self.run)(self.calls) / self.calls as f64;
        self.times.push(time);
    }

    /// The median of the slices, for one call, in nanoseconds.
    pub fn median(&self) -> f64 {
        quantile(&self.times, 0.5)
    }
}

/// The value below which this part of all lies.
pub fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * part) as usize]
}

/// Gives every candidate a slice in every round, each round starting with another one.
pub fn run_rounds(rounds: usize, candidates: &mut [&mut Candidate<'_>]) {
    for round in 0..rounds {
        let first = round % candidates.len();
        candidates.rotate_left(first);
        for candidate in candidates.iter_mut() {
            candidate.slice();
        }
        candidates.rotate_right(first);
    }
}

/// What a ratio must be.
pub enum Bar {
    /// The ratio is at most so much.
    Most(f64),
    /// The ratio is at least so much.
    Least(f64),
}

/// Prints how long `one` takes in units of `other`.
pub fn ratio(what: &str, one: &Candidate<'_>, name: &str, other: &Candidate<'_>, bar: Option<(&str, Bar)>, goal: &str) {
    let ratios: Vec<f64> = one.times.iter().zip(&other.times).map(|(one, other)| one / other).collect();
    let middle = quantile(&ratios, 0.5);
    let met = |bar: Bar| match bar {
        Bar::Most(most) => middle <= most,
        Bar::Least(least) => middle >= least,
    };
    let text = |value: f64| if value < 0.01 { format!("1/{:.0}", 1.0 / value) } else { format!("{value:.3}") };
    Row {
        what,
        measured: time(one.median()),
        against: format!("{name} {}", time(other.median())),
        ratio: text(middle),
        quartiles: format!("{} .. {}", text(quantile(&ratios, 0.25)), text(quantile(&ratios, 0.75))),
        bar: bar.map(|(text, bar)| (text, met(bar))),
        goal,
    }
    .print();
}

/// A time for people.
pub fn time(nanoseconds: f64) -> String {
    if nanoseconds < 1e5 { format!("{nanoseconds:.0} ns") } else { format!("{:.2} ms", nanoseconds / 1e6) }
}
