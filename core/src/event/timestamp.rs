//! A point in time, in the forms the vendor writes it.

use std::fmt;

/// A point in time, from the year 1 to the year 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
}

const SECONDS_A_DAY: i64 = 86_400;
/// Days from 0000-03-01, where the years of the calendar's arithmetic begin, to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;
/// 0001-01-01.
const FIRST: i64 = -62_135_596_800;
/// 9999-12-31T23:59:59.
const LAST: i64 = 253_402_300_799;

impl Timestamp {
    /// Seconds since 1970-01-01T00:00:00Z, rounded down.
    #[must_use]
    pub fn unix_seconds(self) -> i64 {
        self.seconds
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, rounded down.
    #[must_use]
    pub fn unix_millis(self) -> i64 {
        self.seconds.saturating_mul(1000).saturating_add(i64::from(self.nanos / 1_000_000))
    }

    /// Nanoseconds since the full second.
    #[must_use]
    pub fn subsec_nanos(self) -> u32 {
        self.nanos
    }

    pub(super) fn from_seconds(seconds: i64) -> Option<Timestamp> {
        (FIRST..=LAST).contains(&seconds).then_some(Timestamp { seconds, nanos: 0 })
    }

    pub(super) fn from_millis(millis: i64) -> Option<Timestamp> {
        let nanos = u32::try_from(millis.rem_euclid(1000)).ok()?.checked_mul(1_000_000)?;
        Some(Timestamp { nanos, ..Timestamp::from_seconds(millis.div_euclid(1000))? })
    }

    /// Reads `YYYY-MM-DD`, `T` or a space, `HH:MM:SS`, up to nine digits of a fraction, and `Z` or the distance from
    /// UTC. Only with the space may the last be left out: the SMS API's `YYYY-MM-DD HH:MM:SS` is UTC.
    pub(super) fn from_text(text: &str) -> Option<Timestamp> {
        let mut text = Digits(text.as_bytes());
        let year = text.number(4)?;
        text.one_of(b"-")?;
        let month = text.number(2)?;
        text.one_of(b"-")?;
        let day = text.number(2)?;
        let separator = text.one_of(b"T ")?;
        let hour = text.number(2)?;
        text.one_of(b":")?;
        let minute = text.number(2)?;
        text.one_of(b":")?;
        let second = text.number(2)?;
        let nanos = if text.one_of(b".").is_some() { text.fraction()? } else { 0 };
        let offset = match text.one_of(b"Z+-") {
            None if separator == b' ' => 0,
            None => return None,
            Some(b'Z') => 0,
            Some(sign) => {
                let hours = text.number(2)?;
                text.one_of(b":")?;
                let minutes = text.number(2)?;
                if hours > 23 || minutes > 59 {
                    return None;
                }
                let offset = hours.saturating_mul(3600).saturating_add(minutes.saturating_mul(60));
                if sign == b'-' { offset.saturating_neg() } else { offset }
            }
        };
        text.end()?;
        let seconds = seconds_of([year, month, day], [hour, minute, second])?.saturating_sub(offset);
        Some(Timestamp { nanos, ..Timestamp::from_seconds(seconds)? })
    }

    /// Reads `YYMMDDHHMM`, the form of a carrier's receipt, in UTC.
    pub(super) fn from_receipt(text: &str) -> Option<Timestamp> {
        let mut text = Digits(text.as_bytes());
        let mut next = || text.number(2);
        let (year, month, day, hour, minute) = (next()?, next()?, next()?, next()?, next()?);
        text.end()?;
        Timestamp::from_seconds(seconds_of([year.saturating_add(2000), month, day], [hour, minute, 0])?)
    }
}

/// RFC 3339 in UTC, with milliseconds, or with nanoseconds where the sender was as exact.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [year, month, day] = date_of(self.seconds.div_euclid(SECONDS_A_DAY));
        let time = self.seconds.rem_euclid(SECONDS_A_DAY);
        let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.nanos.is_multiple_of(1_000_000) {
            write!(f, ".{:03}Z", self.nanos / 1_000_000)
        } else {
            write!(f, ".{:09}Z", self.nanos)
        }
    }
}

/// What is left of a text of digits.
struct Digits<'t>(&'t [u8]);

impl Digits<'_> {
    fn one_of(&mut self, letters: &[u8]) -> Option<u8> {
        let (letter, rest) = self.0.split_first()?;
        letters.contains(letter).then(|| self.0 = rest)?;
        Some(*letter)
    }

    fn number(&mut self, digits: usize) -> Option<i64> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        number.iter().try_fold(0_i64, |value, digit| {
            let digit = digit.checked_sub(b'0').filter(|digit| *digit <= 9)?;
            value.checked_mul(10)?.checked_add(i64::from(digit))
        })
    }

    /// One to nine digits after the point, in nanoseconds.
    fn fraction(&mut self) -> Option<u32> {
        let count = self.0.iter().take_while(|letter| letter.is_ascii_digit()).count();
        let missing = u32::try_from(9_usize.checked_sub(count).filter(|missing| *missing < 9)?).ok()?;
        u32::try_from(self.number(count)?).ok()?.checked_mul(10_u32.checked_pow(missing)?)
    }

    fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

fn seconds_of([year, month, day]: [i64; 3], [hour, minute, second]: [i64; 3]) -> Option<i64> {
    let good = (1..=9999).contains(&year) && (1..=days_in(year, month)?).contains(&day);
    if !good || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // The year begins in March here, so that the leap day is its last.
    let (year, month) =
        if month > 2 { (year, month.checked_sub(3)?) } else { (year.checked_sub(1)?, month.checked_add(9)?) };
    let leap_days = (year / 4).checked_sub(year / 100)?.checked_add(year / 400)?;
    let days_before_month = month.checked_mul(153)?.checked_add(2)? / 5;
    let days = year.checked_mul(365)?.checked_add(leap_days)?.checked_add(days_before_month)?.checked_add(day)?;
    let days = days.checked_sub(1)?.checked_sub(DAYS_TO_1970)?;
    let minutes = days.checked_mul(24)?.checked_add(hour)?.checked_mul(60)?.checked_add(minute)?;
    minutes.checked_mul(60)?.checked_add(second)
}

fn days_in(year: i64, month: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

/// The inverse of [`seconds_of`] for days since 1970. An [`Timestamp`] is within range, so that nothing saturates.
fn date_of(days: i64) -> [i64; 3] {
    const DAYS_IN_400_YEARS: i64 = 146_097;
    let days = days.saturating_add(DAYS_TO_1970);
    let era = days.div_euclid(DAYS_IN_400_YEARS);
    let day_of_era = days.rem_euclid(DAYS_IN_400_YEARS);
    let leaps = (day_of_era / 1460).saturating_sub(day_of_era / 36_524).saturating_add(day_of_era / 146_096);
    let year_of_era = day_of_era.saturating_sub(leaps) / 365;
    let before = year_of_era.saturating_mul(365).saturating_add(year_of_era / 4).saturating_sub(year_of_era / 100);
    let day_of_year = day_of_era.saturating_sub(before);
    let month = day_of_year.saturating_mul(5).saturating_add(2) / 153;
    let day = day_of_year.saturating_sub(month.saturating_mul(153).saturating_add(2) / 5).saturating_add(1);
    let year = era.saturating_mul(400).saturating_add(year_of_era);
    if month < 10 {
        [year, month.saturating_add(3), day]
    } else {
        [year.saturating_add(1), month.saturating_sub(9), day]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of GNU `date -u -d TEXT +%s`.
    #[test]
    fn known_times() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1969-12-31T23:59:59Z", -1),
            ("0001-01-01T00:00:00Z", FIRST),
            ("9999-12-31T23:59:59Z", LAST),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2100-03-01T00:00:00Z", 4_107_542_400),
            ("2026-05-28T20:26:40Z", 1_780_000_000),
            ("2026-05-28 20:26:40", 1_780_000_000),
            ("2026-05-28T22:26:40+02:00", 1_780_000_000),
            ("2026-05-28T14:56:40-05:30", 1_780_000_000),
            ("2020-01-01T12:00:00.000+00:00", 1_577_880_000),
            ("2024-12-31T23:59:59Z", 1_735_689_599),
        ] {
            assert_eq!(Timestamp::from_text(text).map(Timestamp::unix_seconds), Some(seconds), "{text}");
        }
        let exact = Timestamp::from_text("2026-05-28T20:26:40.123Z").unwrap();
        assert_eq!((exact.unix_millis(), exact.subsec_nanos()), (1_780_000_000_123, 123_000_000));
        assert_eq!(Timestamp::from_millis(1_780_000_000_123), Some(exact));
        assert_eq!(Timestamp::from_millis(-1).unwrap().to_string(), "1969-12-31T23:59:59.999Z");
        assert_eq!(Timestamp::from_text("2026-05-28T20:26:40.123456789Z").unwrap().subsec_nanos(), 123_456_789);
        assert_eq!(Timestamp::from_receipt("2605282026").map(Timestamp::unix_seconds), Some(1_779_999_960));
    }

    #[test]
    fn anything_else_is_no_time() {
        for bad in [
            "",
            "null",
            "2026",
            "2026-05-28",
            "2026-05-28T20:26Z",
            "2026-05-28T20:26:40",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-05-00T00:00:00Z",
            "2026-05-28T24:00:00Z",
            "2026-05-28T20:60:00Z",
            "2026-05-28T20:26:60Z",
            "2026-05-28T20:26:40.Z",
            "2026-05-28T20:26:40.1234567890Z",
            "2026-05-28T20:26:40+0200",
            "2026-05-28T20:26:40+24:00",
            "2026-05-28T20:26:40Zx",
            " 2026-05-28T20:26:40Z",
            "0000-12-31T00:00:00Z",
            "9999-12-31T23:59:59-00:01",
            "0001-01-01T00:00:00+00:01",
            "2026-5-28T20:26:40Z",
            "+026-05-28T20:26:40Z",
            "２026-05-28T20:26:40Z",
        ] {
            assert_eq!(Timestamp::from_text(bad), None, "{bad}");
        }
        for bad in
            ["", "260528202", "26052820260", "2613282026", "2605322026", "2605282426", "2605282060", "26052820x6"]
        {
            assert_eq!(Timestamp::from_receipt(bad), None, "{bad}");
        }
        assert_eq!(Timestamp::from_millis(i64::MAX), None);
        assert_eq!(Timestamp::from_seconds(i64::MIN), None);
    }

    /// Every day of the calendar, counted one by one.
    #[test]
    fn every_day_has_its_text() {
        let mut seconds = FIRST;
        for year in 1..=9999 {
            for month in 1..=12 {
                for day in 1..=days_in(year, month).unwrap() {
                    assert_eq!(seconds_of([year, month, day], [0, 0, 0]), Some(seconds));
                    assert_eq!(
                        date_of(seconds / SECONDS_A_DAY - i64::from(seconds % SECONDS_A_DAY < 0)),
                        [year, month, day]
                    );
                    seconds += SECONDS_A_DAY;
                }
            }
        }
        assert_eq!(seconds, LAST + 1);
    }
}
