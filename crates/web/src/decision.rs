//! What a person decides about a recommendation: kept with the reason, and until when.

use jiff::civil::Date;

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::{now, stated_reason, today};
use trimtab_model::id::RecommendationId;
use trimtab_store::state::StateError;

use crate::shared::Shared;

/// What can be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// It is not wanted, for ever or until a day.
    Dismiss,
    /// It is put off until a day.
    Snooze,
    /// It is shown again.
    Reopen,
}

impl Decision {
    /// Reads the word of a form.
    ///
    /// # Errors
    /// Fails on a word that is none of them.
    pub(crate) fn of(word: Option<&str>) -> Result<Self, Failure> {
        match word {
            Some("dismiss") => Ok(Self::Dismiss),
            Some("snooze") => Ok(Self::Snooze),
            Some("reopen") => Ok(Self::Reopen),
            _ => Err(Failure::usage(
                ("there is no such decision", "그런 결정이 없습니다"),
                ("dismiss, snooze or reopen", "dismiss, snooze, reopen 중 하나를 보내세요"),
            )),
        }
    }
}

/// Why something is decided, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Grounds<'a> {
    /// The reason.
    pub(crate) reason: Option<&'a str>,
    /// The last day on which it holds.
    pub(crate) until: Option<&'a str>,
}

/// Keeps what was decided about a recommendation.
///
/// # Errors
/// Fails without a reason or a day where one is needed, on a day that is past, and if the state cannot be written.
pub(crate) fn decide(
    shared: &Shared,
    id: &RecommendationId,
    decision: Decision,
    grounds: Grounds<'_>,
) -> Result<(), Failure> {
    let kept = |outcome: Result<(), StateError>| {
        outcome.map_err(|cause| Failure::from_error(Kind::Failed, &cause))
    };
    let state = shared.state();
    let last = grounds.until.map(day).transpose()?;
    match (decision, last) {
        (Decision::Reopen, _) => kept(state.reopen(id).map(drop)),
        (Decision::Snooze, None) => Err(Failure::usage(
            ("until when it is put off is missing", "언제까지 미룰지 지정하지 않았습니다"),
            ("choose a day", "날짜를 고르세요"),
        )),
        (Decision::Snooze, Some(last)) => {
            let reason = stated_reason(grounds.reason)?;
            kept(state.snooze(id, first_open(shared, last)?, Some(reason), now()))
        }
        (Decision::Dismiss, last) => {
            let reason = stated_reason(grounds.reason)?;
            let until = last.map(|last| first_open(shared, last)).transpose()?;
            kept(state.dismiss(id, reason, until, now()))
        }
    }
}

fn day(text: &str) -> Result<Date, Failure> {
    text.parse().map_err(|_| {
        Failure::usage(
            ("this is no day", "날짜가 아닙니다"),
            ("write it as 2026-12-31", "2026-12-31과 같이 쓰세요"),
        )
    })
}

/// Returns the first day on which a decision no longer holds whose last day is `last`.
fn first_open(shared: &Shared, last: Date) -> Result<Date, Failure> {
    let past = || {
        Failure::usage(
            (format!("{last} is in the past"), format!("이미 지난 날입니다: {last}")),
            ("choose today or a later day", "오늘이나 그 뒤의 날짜를 고르세요"),
        )
    };
    if last < today(&shared.settings) {
        return Err(past());
    }
    last.tomorrow().map_err(|_| past())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_three_decisions() {
        assert_eq!(Decision::of(Some("snooze")).ok(), Some(Decision::Snooze));
        assert!(Decision::of(Some("shelve")).is_err() && Decision::of(None).is_err());
    }
}
