//! The time, which no other file of the command reads.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Unix seconds.
pub(crate) fn now() -> i64 {
    now_millis() / 1000
}

/// Milliseconds since 1970.
pub(crate) fn now_millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Milliseconds since 1970 as RFC 3339 in UTC: `2026-11-25T22:03:11.042Z`.
pub(crate) fn rfc3339(millis: i64) -> String {
    let since = Duration::from_millis(u64::try_from(millis).unwrap_or(0));
    humantime::format_rfc3339_millis(UNIX_EPOCH + since).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        assert_eq!(rfc3339(1_764_108_191_042), "2025-11-25T22:03:11.042Z");
        assert_eq!(rfc3339(-1), "1970-01-01T00:00:00.000Z");
        assert!(now() > 1_700_000_000);
    }
}
