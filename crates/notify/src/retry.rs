//! A few tries, each later than the one before.

use std::time::Duration;

use crate::channel::Repeat;
use crate::error::{Finality, SendError};

/// How long to wait before the second and the third try.
const PAUSES: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(8)];
/// The longest wait that the other side can ask for here; a longer one is left to the caller.
const LONGEST: Duration = Duration::from_secs(30);

/// Whether a wait came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited {
    /// It did.
    Whole,
    /// Somebody wants the process to end: nothing more is tried.
    Ended,
}

/// Waits; tests do not.
pub type Pause<'a> = &'a dyn Fn(Duration) -> Waited;

/// What came of sending.
#[derive(Debug)]
pub struct Delivered {
    /// How often it was tried.
    pub tries: u32,
    /// What the other side said when it took it, or why it did not.
    pub result: Result<String, SendError>,
}

impl Delivered {
    /// Makes what came of something that was never tried.
    pub fn untried(error: SendError) -> Self {
        Self { tries: 0, result: Err(error) }
    }
}

/// Tries up to three times. What may have arrived is sent again only where a second copy is none.
pub(crate) fn with_retries(
    repeat: Repeat,
    pause: Pause<'_>,
    mut attempt: impl FnMut() -> Result<String, SendError>,
) -> Delivered {
    let mut pauses = PAUSES.into_iter();
    let mut tries = 0;
    loop {
        tries += 1;
        let result = attempt();
        let Err(error) = &result else { return Delivered { tries, result } };
        let is_worth_it = match error.finality() {
            Finality::Later => true,
            Finality::Unknown => repeat == Repeat::Harmless,
            Finality::Never => false,
        };
        let Some(wait) = pauses.next().filter(|_| is_worth_it) else {
            return Delivered { tries, result };
        };
        let wait = error.after().unwrap_or(wait).max(wait);
        if wait > LONGEST || pause(wait) == Waited::Ended {
            return Delivered { tries, result };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn deferred(seconds: Option<u64>) -> SendError {
        let after = seconds.map(Duration::from_secs);
        SendError::Deferred { place: "x".to_owned(), answer: "429".to_owned(), after }
    }

    fn unanswered() -> SendError {
        SendError::Unanswered { place: "x".to_owned(), problem: "timed out".to_owned() }
    }

    /// Returns how often something was tried, and the seconds between.
    fn check(repeat: Repeat, error: fn() -> SendError, ended: bool) -> (u32, Vec<u64>) {
        let waits = RefCell::new(Vec::new());
        let pause = |wait: Duration| {
            waits.borrow_mut().push(wait.as_secs());
            if ended { Waited::Ended } else { Waited::Whole }
        };
        let delivered = with_retries(repeat, &pause, || Err(error()));
        assert!(delivered.result.is_err());
        (delivered.tries, waits.into_inner())
    }

    #[test]
    fn what_is_put_off_is_tried_three_times_and_not_more() {
        assert_eq!(check(Repeat::Harmful, || deferred(None), false), (3, vec![2, 8]));
        assert_eq!(check(Repeat::Harmful, || deferred(Some(5)), false), (3, vec![5, 8]));
    }

    #[test]
    fn a_long_wait_is_left_to_the_caller_and_an_end_is_obeyed() {
        assert_eq!(check(Repeat::Harmful, || deferred(Some(31)), false), (1, vec![]));
        assert_eq!(check(Repeat::Harmful, || deferred(None), true), (1, vec![2]));
    }

    #[test]
    fn what_may_have_arrived_is_sent_again_only_where_that_is_harmless() {
        assert_eq!(check(Repeat::Harmful, unanswered, false), (1, vec![]));
        assert_eq!(check(Repeat::Harmless, unanswered, false), (3, vec![2, 8]));
    }

    #[test]
    fn what_is_refused_is_not_tried_again() {
        let refused = || SendError::Refused { place: "x".to_owned(), answer: "550 no".to_owned() };
        assert_eq!(check(Repeat::Harmless, refused, false), (1, vec![]));
    }
}
