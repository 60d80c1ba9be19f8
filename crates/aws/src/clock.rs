//! How far this machine's clock is from AWS's, by the `Date` of AWS's answers.
//!
//! AWS refuses a signature that is more than five minutes off, and EC2 does not say that it is
//! the clock: it says `AuthFailure`.

use std::sync::{Mutex, PoisonError};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use jiff::Timestamp;

/// What the last answer said of the time.
#[derive(Debug, Default)]
pub struct Clock {
    ahead: Mutex<Option<i64>>,
}

impl Clock {
    /// Compares a `Date` header with the moment in which it came.
    pub(crate) fn read(&self, date: &str, now: Timestamp) {
        let Ok(theirs) = DateTime::from_str(date, Format::HttpDate) else { return };
        // A thread that panicked while it held the lock has left the number sound.
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        *ahead = Some(now.as_second() - theirs.secs());
    }

    /// Returns by how many seconds this machine's clock is ahead of AWS's, negative where it is
    /// behind; absent before the first answer. A second more or less is the answer's way.
    pub fn seconds_ahead(&self) -> Option<i64> {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_compared_with_the_date_of_an_answer() {
        let clock = Clock::default();
        let now = "2026-10-31T00:10:00Z".parse().unwrap();
        clock.read("yesterday", now);
        assert_eq!(clock.seconds_ahead(), None);
        clock.read("Sat, 31 Oct 2026 00:00:00 GMT", now);
        assert_eq!(clock.seconds_ahead(), Some(600));
    }
}
