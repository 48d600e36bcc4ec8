//! When the vendor sends a webhook again: a row for each API, as far as it is documented (`docs/vonage-notes.md`).

use std::time::Duration;

use crate::http::Trouble;
use crate::sample::Sample;

/// How one API repeats what was not answered well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    done: Done,
    retried: Retried,
    pauses: Pauses,
    /// How long the vendor waits for the whole answer.
    pub(crate) timeout: Duration,
}

/// Which answers end the matter well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Done {
    Success,
    Only(&'static [u16]),
}

/// Which answers make it come again. No answer at all always does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Retried {
    TooManyOrServerFault,
    Only(&'static [u16]),
    WhatIsNotDone,
}

/// The pauses before each repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pauses {
    /// 5 seconds, doubling to 15 minutes, for 24 hours.
    Doubling,
    /// One more attempt. How soon is documented nowhere: a second.
    Once,
}

const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);
const GIVE_UP_AFTER: Duration = Duration::from_secs(24 * 3600);

const MESSAGES: Schedule = Schedule {
    done: Done::Success,
    retried: Retried::TooManyOrServerFault,
    pauses: Pauses::Doubling,
    timeout: Duration::from_secs(15),
};
const VOICE_ANSWER: Schedule = Schedule {
    done: Done::Success,
    retried: Retried::Only(&[429, 503, 504]),
    pauses: Pauses::Once,
    timeout: Duration::from_secs(5),
};
const VOICE_EVENT: Schedule =
    Schedule { retried: Retried::Only(&[429, 502, 503, 504]), timeout: Duration::from_secs(10), ..VOICE_ANSWER };
/// When is documented nowhere: as Messages.
const VERIFY: Schedule = Schedule { done: Done::Only(&[200, 204]), retried: Retried::WhatIsNotDone, ..MESSAGES };
const VIDEO: Schedule = Schedule { done: Done::Only(&[200]), retried: Retried::WhatIsNotDone, ..MESSAGES };
const CONTACT_CENTER: Schedule = Schedule {
    done: Done::Only(&[200, 201, 202, 203, 204, 205]),
    retried: Retried::WhatIsNotDone,
    timeout: Duration::from_secs(10),
    ..MESSAGES
};

impl Schedule {
    /// The schedule for a sample that is sent by a profile. An API of which nothing is known is taken as Messages.
    pub(crate) fn of(sample: &Sample, profile: &str) -> Schedule {
        match (profile, sample.api, sample.event) {
            ("contact_center", ..) => CONTACT_CENTER,
            (_, "voice", "answer" | "fallback") => VOICE_ANSWER,
            (_, "voice", _) => VOICE_EVENT,
            (_, "verify-v2", _) => VERIFY,
            (_, "video", _) => VIDEO,
            _ => MESSAGES,
        }
    }

    /// Whether the vendor takes this answer for success.
    pub(crate) fn is_done(self, status: u16) -> bool {
        match self.done {
            Done::Success => (200..300).contains(&status),
            Done::Only(list) => list.contains(&status),
        }
    }

    /// Whether the vendor sends it again after this.
    pub(crate) fn is_retried(self, outcome: Result<u16, &Trouble>) -> bool {
        let Ok(status) = outcome else { return true };
        match self.retried {
            Retried::TooManyOrServerFault => status == 429 || (500..600).contains(&status),
            Retried::Only(list) => list.contains(&status),
            Retried::WhatIsNotDone => !self.is_done(status),
        }
    }

    /// The pauses before the repeats, until the vendor gives up. Nothing is documented that would make it heed `Retry-After`.
    pub(crate) fn pauses(self) -> impl Iterator<Item = Duration> {
        let (first, most) = match self.pauses {
            Pauses::Doubling => (FIRST_PAUSE, usize::MAX),
            Pauses::Once => (Duration::from_secs(1), 1),
        };
        let doubling = std::iter::successors(Some(first), |pause| Some((*pause * 2).min(LONGEST_PAUSE)));
        doubling
            .scan(Duration::ZERO, |passed, pause| {
                *passed += pause;
                (*passed <= GIVE_UP_AFTER).then_some(pause)
            })
            .take(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_again_differs_by_api() {
        for (schedule, status, retried) in [
            (MESSAGES, 500, true),
            (MESSAGES, 429, true),
            (MESSAGES, 401, false),
            (VOICE_ANSWER, 500, false),
            (VOICE_ANSWER, 502, false),
            (VOICE_EVENT, 502, true),
            (VOICE_ANSWER, 503, true),
            (VERIFY, 401, true),
            (VERIFY, 201, true),
            (VIDEO, 204, true),
            (CONTACT_CENTER, 206, true),
            (CONTACT_CENTER, 205, false),
        ] {
            assert_eq!(schedule.is_retried(Ok(status)), retried, "{schedule:?} {status}");
            assert!(!(schedule.is_done(status) && retried));
        }
        assert!(VOICE_ANSWER.is_retried(Err(&Trouble::Timeout(Duration::ZERO))));
    }

    #[test]
    fn pauses_double_to_a_quarter_of_an_hour_for_a_day() {
        let pauses: Vec<u64> = MESSAGES.pauses().map(|pause| pause.as_secs()).collect();
        assert_eq!(pauses[..9], [5, 10, 20, 40, 80, 160, 320, 640, 900]);
        let day: u64 = pauses.iter().sum();
        assert!(day <= 86_400 && day + 900 > 86_400, "{day}");
        assert_eq!(VOICE_EVENT.pauses().count(), 1);
    }
}
