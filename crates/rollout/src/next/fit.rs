//! Whether a change may touch its resource: what is looked at until it does.

use trimtab_model::call::{Call, CallResult};
use trimtab_model::environment::Environment;
use trimtab_model::journal::Direction;
use trimtab_model::observed::{Observed, Obstacle};
use trimtab_model::text::Reason;

use super::change::{Need, Run, back};
use super::registered::elsewhere;
use super::run::{CALENDAR_LOOK, calendar_closed};
use crate::progress::{Attempt, ChangeProgress, Phase};
use crate::sequence::{Decision, Reaction, Sequence, TurnedAway, Work};

/// Returns whether a call was made that AWS may have carried out on the resource.
///
/// What was refused was not carried out, unless AWS says something of the state of the resource
/// that passes or is to be looked at: then what was asked for may hold already.
pub(super) fn is_touched(one: &ChangeProgress, sequence: &Sequence) -> bool {
    touches(one, sequence).next().is_some()
}

fn touches<'a>(
    one: &'a ChangeProgress,
    sequence: &'a Sequence,
) -> impl Iterator<Item = &'a Attempt> {
    one.attempts.iter().filter(move |attempt| {
        let result = attempt.outcome.as_ref().map(|(_, _, result)| result);
        let may_hold = match result.and_then(CallResult::refusal) {
            None => true,
            Some(code) if TurnedAway::of(code).is_some() => false,
            Some(code) => !matches!((sequence.react)(&attempt.step, code), Reaction::Give(_)),
        };
        attempt.call.touches_resource() && may_hold
    })
}

impl Run<'_> {
    /// Returns the wait for the change calendar, before a call that would be the first on the
    /// resource. What is begun is brought to its end; what only lies in quarantine is not begun,
    /// and neither is what follows once the gates have passed.
    pub(super) fn held_by_calendar(
        &self,
        work: &Work<'_>,
        sequence: &Sequence,
        call: &Call,
    ) -> Option<Decision> {
        let why = self.readings.calendar_closed.as_ref()?;
        let is_begun = || {
            touches(work.progress, sequence)
                .any(|attempt| !matches!(attempt.call, Call::Quarantine { .. }))
        };
        let may_wait = match work.direction {
            Direction::Forward => !is_begun(),
            Direction::Back => false,
            Direction::Release => matches!(work.progress.phase, Phase::Passed { .. }),
        };
        (may_wait && call.touches_resource())
            .then(|| Decision::Wait { why: calendar_closed(why), poll: CALENDAR_LOOK })
    }

    /// Returns why a change that has not touched anything must not begin.
    pub(super) fn unfit(&self, work: &Work<'_>, sequence: &Sequence) -> Option<Need> {
        if is_touched(work.progress, sequence) {
            return None;
        }
        let change = work.change;
        let refuse = |reason: Reason| Some(back(change, work.progress, reason));
        if *work.now_is == Observed::Gone {
            return refuse(Reason::new(
                "gone",
                "The resource does not exist any more.",
                "리소스가 더 이상 없습니다.",
            ));
        }
        if let Some(reason) = crate::proof::missing(self.plan, self.progress, change, self.now) {
            return refuse(reason);
        }
        let found = work.now_is.fingerprint();
        if let Some((name, expected, found)) = change.expected.differences(&found).next() {
            let found = found.unwrap_or("-");
            return refuse(Reason::new(
                "drift",
                format!("{name} was {expected} when the plan was made and is {found} now."),
                format!("{name}: 계획 당시 {expected}, 현재 {found}."),
            ));
        }
        if let Some(reason) = elsewhere(change, work.now_is) {
            return refuse(reason);
        }
        let is_careful = matches!(change.environment, Environment::Prod | Environment::Unknown);
        work.now_is.obstacles().iter().find_map(|(obstacle, reason)| match obstacle {
            Obstacle::Block | Obstacle::Prep => refuse(reason.clone()),
            Obstacle::Attest if is_careful => refuse(reason.clone()),
            Obstacle::Wait if work.progress.attempts.is_empty() => refuse(reason.clone()),
            Obstacle::Attest | Obstacle::Wait | Obstacle::Warn => None,
        })
    }
}
