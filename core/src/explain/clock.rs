//! Mistakes about the time.

use super::case::{Case, Finding};
use super::mistake::Kind;
use crate::policy::RETRY_WINDOW;
use crate::reason::Reason;
use crate::verifier::Refusal;

const HOUR: i64 = 3600;

/// The largest difference between two time zones, in seconds.
const MOST_ZONES: i64 = 26 * HOUR;

/// How near a difference must be to a whole half hour to look like one of time zones, in seconds: what a request takes, and
/// clocks that are fairly right.
const NEAR: i64 = 30;

/// A time before the first webhook: September 2001, the first of ten digits.
const EARLIEST: i64 = 1_000_000_000;

pub(super) fn find<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    milliseconds(case, refusal).or_else(|| by_age(case, refusal))
}

/// A time in milliseconds that fits as seconds.
pub(super) fn milliseconds<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    let candidate = Case { now: case.now.checked_div(1000)?, ..case.clone() };
    let is_large = candidate.now > EARLIEST;
    (is_large && candidate.gets_further(refusal)).then(|| Finding::mended(Kind::ClockMilliseconds.bare(), candidate))
}

fn by_age<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    let age = refusal.age_seconds()?;
    if case.now < EARLIEST {
        return Finding::seen(Kind::ClockUnset.bare());
    }
    if !matches!(refusal.reason(), Reason::TimeStale | Reason::TimeFuture) {
        return None;
    }
    let halves = age.checked_add(HOUR / 4)?.div_euclid(HOUR / 2);
    let off = age.checked_sub(halves.checked_mul(HOUR / 2)?)?;
    if halves != 0 && off.abs() <= NEAR && age.abs() <= MOST_ZONES {
        let way = if age > 0 { "ahead" } else { "behind" };
        let (hours, half) = (halves.abs() / 2, halves.abs() % 2);
        let half = if half == 1 { ".5" } else { "" };
        return Finding::seen(Kind::ClockTimeZone.with(format!("ours is {hours}{half} h {way}")));
    }
    Finding::seen(if age < 0 {
        Kind::ClockBehind.with(format!("by {} s", age.saturating_neg()))
    } else if age <= i64::from(RETRY_WINDOW) {
        Kind::TimeLateRetry.with(format!("it is {age} s old"))
    } else {
        Kind::TimeRecorded.with(format!("it is {age} s old"))
    })
}
