//! What to do about a delivery, from what is written of it. No effects.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;
use trimtab_notify::{Delivered, Finality, Repeat};
use trimtab_store::state::{DeliveryOutcome, DeliveryRecord, DeliveryResult, Step};

/// The first wait before something is tried again by itself; each is twice the one before.
const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(1);
/// The longest.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);

/// Whether whoever began a delivery can still be at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// It can.
    Alive,
    /// It has ended, or has had all the time that sending takes.
    Gone,
}

/// Says what the schedule does.
pub fn by_schedule(
    found: Option<&DeliveryRecord>,
    repeat: Repeat,
    holder: Holder,
    now: Timestamp,
) -> Step {
    let Some(found) = found else { return Step::Send };
    let is_time = found.again_at.is_none_or(|at| at <= now);
    match (found.outcome, repeat, holder) {
        (DeliveryOutcome::Sent | DeliveryOutcome::Refused, _, _) => Step::Leave,
        (DeliveryOutcome::Failed, _, _) => {
            if is_time {
                Step::Send
            } else {
                Step::Wait
            }
        }
        (DeliveryOutcome::Sending, _, Holder::Alive) => Step::Wait,
        (DeliveryOutcome::Sending, Repeat::Harmless, Holder::Gone) => Step::Send,
        // It may have left before whoever sent it died: a second copy would be read.
        (DeliveryOutcome::Sending, Repeat::Harmful, Holder::Gone) => Step::Doubt,
        (DeliveryOutcome::Uncertain, Repeat::Harmless, _) => {
            if is_time {
                Step::Send
            } else {
                Step::Wait
            }
        }
        (DeliveryOutcome::Uncertain, Repeat::Harmful, _) => Step::Leave,
    }
}

/// To whom somebody wants a report to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// To everyone, whatever was sent before.
    All,
    /// To those who were not sent it, as far as it is known.
    Missing,
}

/// Says what somebody gets who asks for it: it is sent, unless it is being sent this moment, or was
/// and only what is missing is wanted.
pub fn by_hand(found: Option<&DeliveryRecord>, wanted: Wanted, holder: Holder) -> Step {
    match found.map(|found| found.outcome) {
        Some(DeliveryOutcome::Sending) if holder == Holder::Alive => Step::Wait,
        Some(DeliveryOutcome::Sent) if wanted == Wanted::Missing => Step::Leave,
        _ => Step::Send,
    }
}

/// Says what came of an attempt, and when there is another one.
pub fn result(delivered: &Delivered, attempt: u64, at: Timestamp) -> DeliveryResult {
    let (outcome, note) = match &delivered.result {
        Ok(answer) => (DeliveryOutcome::Sent, Text::verbatim(answer)),
        Err(error) => {
            let outcome = match error.finality() {
                Finality::Later => DeliveryOutcome::Failed,
                Finality::Never => DeliveryOutcome::Refused,
                Finality::Unknown => DeliveryOutcome::Uncertain,
            };
            (outcome, error.text())
        }
    };
    let is_over = matches!(outcome, DeliveryOutcome::Sent | DeliveryOutcome::Refused);
    let asked = delivered.result.as_ref().err().and_then(|error| error.after());
    // What is asked for by mistake must not put a report off for ever.
    let asked = asked.map(|after| SignedDuration::try_from(after).unwrap_or(LONGEST_WAIT));
    let wait = wait(attempt).max(asked.unwrap_or_default()).min(LONGEST_WAIT);
    let again_at = (!is_over).then(|| at.saturating_add(wait).unwrap_or(at));
    DeliveryResult { outcome, at, again_at, note }
}

/// Returns how long to wait after so many attempts.
pub fn wait(attempt: u64) -> SignedDuration {
    let doubled = u32::try_from(attempt.saturating_sub(1)).unwrap_or(u32::MAX).min(10);
    FIRST_WAIT.saturating_mul(2_i32.saturating_pow(doubled)).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    use trimtab_model::document::Days;
    use trimtab_notify::SendError;
    use trimtab_store::state::{DeliveryKey, Sender};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn record(outcome: DeliveryOutcome, again_at: Option<Timestamp>) -> DeliveryRecord {
        let day = "2026-11-16".parse().unwrap();
        DeliveryRecord {
            key: DeliveryKey {
                report: "weekly".to_owned(),
                period: Days { first: day, last: day },
                channel: "a".to_owned(),
                receiver: String::new(),
            },
            attempt: 1,
            outcome,
            sender: Sender { host: String::new(), process: String::new() },
            began_at: at(0),
            until: at(60),
            ended_at: None,
            again_at,
            note: Text::verbatim(""),
        }
    }

    #[test]
    fn the_schedule_sends_once_and_doubts_what_a_death_left() {
        use DeliveryOutcome::{Failed, Refused, Sending, Sent, Uncertain};
        let check = |outcome, repeat, holder, expected| {
            let found = record(outcome, None);
            assert_eq!(by_schedule(Some(&found), repeat, holder, at(0)), expected, "{outcome:?}");
        };
        assert_eq!(by_schedule(None, Repeat::Harmful, Holder::Gone, at(0)), Step::Send);
        for repeat in [Repeat::Harmful, Repeat::Harmless] {
            check(Sent, repeat, Holder::Gone, Step::Leave);
            check(Refused, repeat, Holder::Gone, Step::Leave);
            check(Failed, repeat, Holder::Gone, Step::Send);
            check(Sending, repeat, Holder::Alive, Step::Wait);
        }
        check(Sending, Repeat::Harmful, Holder::Gone, Step::Doubt);
        check(Sending, Repeat::Harmless, Holder::Gone, Step::Send);
        check(Uncertain, Repeat::Harmful, Holder::Gone, Step::Leave);
        check(Uncertain, Repeat::Harmless, Holder::Gone, Step::Send);
    }

    #[test]
    fn a_failure_waits_for_its_time() {
        let found = record(DeliveryOutcome::Failed, Some(at(60)));
        let step = |now| by_schedule(Some(&found), Repeat::Harmful, Holder::Gone, now);
        assert_eq!((step(at(59)), step(at(60))), (Step::Wait, Step::Send));
    }

    #[test]
    fn somebody_who_asks_gets_it_unless_it_leaves_this_moment() {
        let sending = record(DeliveryOutcome::Sending, None);
        let step = |record, wanted, holder| by_hand(Some(record), wanted, holder);
        assert_eq!(step(&sending, Wanted::All, Holder::Alive), Step::Wait);
        assert_eq!(step(&sending, Wanted::All, Holder::Gone), Step::Send);
        assert_eq!(step(&sending, Wanted::Missing, Holder::Gone), Step::Send);
        let sent = record(DeliveryOutcome::Sent, None);
        assert_eq!(step(&sent, Wanted::All, Holder::Alive), Step::Send);
        assert_eq!(step(&sent, Wanted::Missing, Holder::Gone), Step::Leave);
        let refused = record(DeliveryOutcome::Refused, None);
        assert_eq!(step(&refused, Wanted::Missing, Holder::Gone), Step::Send);
    }

    #[test]
    fn waits_double_up_to_an_hour_and_what_the_other_side_asks_for_counts() {
        let minutes: Vec<i64> = [1, 2, 3, 6, 7, 90].map(|n| wait(n).as_mins()).to_vec();
        assert_eq!(minutes, [1, 2, 4, 32, 60, 60]);
        let deferred = |seconds| Delivered {
            tries: 3,
            result: Err(SendError::Deferred {
                place: "x".to_owned(),
                answer: "429".to_owned(),
                after: Some(std::time::Duration::from_secs(seconds)),
            }),
        };
        assert_eq!(result(&deferred(300), 1, at(0)).again_at, Some(at(300)));
        assert_eq!(result(&deferred(86_400), 1, at(0)).again_at, Some(at(3_600)));
        assert_eq!(result(&deferred(u64::MAX), 1, at(0)).again_at, Some(at(3_600)));
        let sent = Delivered { tries: 1, result: Ok("250".to_owned()) };
        assert_eq!(result(&sent, 1, at(0)).again_at, None);
    }
}
