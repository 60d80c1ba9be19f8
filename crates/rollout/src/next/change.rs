//! The next thing to do for one change.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::action::Action;
use trimtab_model::call::{Call, CallResult};
use trimtab_model::id::ChangeId;
use trimtab_model::journal::{ChangeOutcome, Direction, Event, Wish};
use trimtab_model::plan::{Change, Plan, RolloutRules};
use trimtab_model::text::Reason;
use trimtab_model::unsent::Unsent;

use super::command::{Command, Next};
use super::preflight::forbidden;
use super::soak;
use crate::progress::{Attempt, ChangeProgress, Phase, Progress};
use crate::readings::{Halt, Readings, Seen};
use crate::sequence::{Afterwards, Decision, Reaction, Sequence, TurnedAway, Work};
use crate::window;

/// How long after a call of which nothing is known its effect must show, if it had one.
const SETTLES: SignedDuration = SignedDuration::from_secs(60);
/// How often a change is looked at that a person must decide about.
const HELD_LOOK: SignedDuration = SignedDuration::from_mins(5);
/// How long after a refusal that may be over already it is looked at again, and how often.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(10);
const MOST_LOOKS: usize = 30;

/// A run, as one change sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) plan: &'a Plan,
    pub(super) progress: &'a Progress,
    pub(super) readings: &'a Readings,
    pub(super) now: Timestamp,
}

/// What one change needs.
pub(super) enum Need {
    /// This, at once.
    At(Next),
    /// Nothing before then.
    Later(Timestamp, Reason),
    /// Nothing.
    Nothing,
}

impl<'a> Run<'a> {
    /// Returns what a change that began needs.
    pub(super) fn need(&self, id: &ChangeId) -> Need {
        let (Some(change), Some(one)) = (self.plan.change(id), self.progress.changes.get(id))
        else {
            return Need::Nothing;
        };
        let Some(sequence) = Sequence::of(&change.action) else {
            return close(change, ChangeOutcome::Refused, unsupported(), Vec::new());
        };
        match &one.phase {
            Phase::Closed { .. } => Need::Nothing,
            _ if one.held.is_some() && !self.is_cancelled() => Need::Nothing,
            Phase::Forward => self.in_time(change, one, sequence, Direction::Forward),
            Phase::Back { .. } => self.in_time(change, one, sequence, Direction::Back),
            Phase::Soaking { since } => soak::watch(self, change, one, sequence, *since),
            Phase::Passed { at } => soak::confirm(self, change, one, sequence, *at),
        }
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.progress.wish == Some(Wish::Cancel)
    }

    /// Sees to it that a person is called in time, whatever is waited for.
    fn in_time(
        &self,
        change: &Change,
        one: &ChangeProgress,
        sequence: &Sequence,
        direction: Direction,
    ) -> Need {
        let seen = self.readings.observed.get(&change.id);
        let rules = &self.plan.rules;
        let paged = seen.and_then(|seen| {
            let now_is = &seen.observed;
            page(&Work { rules, change, progress: one, now_is, direction, now: self.now }, sequence)
        });
        if let Some(need) = paged {
            return need;
        }
        match self.go(change, one, sequence, direction) {
            Need::Later(until, why) => {
                let (since, budget) = downtime(change, one, rules, direction);
                let budget = budget + SignedDuration::from_secs(1);
                let due = since.and_then(|at| at.saturating_add(budget).ok());
                let due = due.filter(|due| !one.is_paged && *due > self.now);
                Need::Later(due.map_or(until, |due| due.min(until)), why)
            }
            need => need,
        }
    }

    fn go(
        &self,
        change: &Change,
        one: &ChangeProgress,
        sequence: &Sequence,
        direction: Direction,
    ) -> Need {
        let last = one.last().filter(|last| last.direction == direction);
        if let Some(need) = last.and_then(|last| self.refused(change, one, sequence, last)) {
            return need;
        }
        let seen = match self.seen(change, one) {
            Ok(seen) => seen,
            Err(need) => return need,
        };
        let work = Work {
            rules: &self.plan.rules,
            change,
            progress: one,
            now_is: &seen.observed,
            direction,
            now: self.now,
        };
        if direction == Direction::Forward {
            let unfit = self.unfit(&work, sequence);
            if let Some(need) = unfit.or_else(|| forbidden(&work, sequence)) {
                return need;
            }
            if let Some(reason) = self.must_turn_back(&work, sequence) {
                return back(change, one, reason);
            }
        }
        let decision = match direction {
            Direction::Forward => (sequence.forward)(&work),
            Direction::Back => (sequence.back)(&work),
            Direction::Release => (sequence.release)(&work),
        };
        match decision {
            Decision::Done if direction == Direction::Forward => {
                let after = Box::new(seen.observed.clone());
                record(Event::SoakStarted { change: change.id.clone(), after })
            }
            Decision::Done => self.returned(&work, sequence, seen),
            other => self.follow(&work, sequence, seen, other),
        }
    }

    /// Does what a sequence decided, other than that it is done.
    pub(super) fn follow(
        &self,
        work: &Work<'_>,
        sequence: &Sequence,
        seen: &Seen,
        decision: Decision,
    ) -> Need {
        let change = work.change;
        match decision {
            Decision::Done => Need::Nothing,
            Decision::Call { step, call } => {
                if let Some(closed) = self.held_by_calendar(work, sequence, &call) {
                    return self.follow(work, sequence, seen, closed);
                }
                self.preflight(work, sequence, &call).unwrap_or_else(|| {
                    Need::At(Next::Perform(Box::new(Command {
                        change: change.id.clone(),
                        direction: work.direction,
                        step: step.to_owned(),
                        call,
                    })))
                })
            }
            Decision::Wait { why, poll } => {
                let due = seen.at.saturating_add(poll).unwrap_or(seen.at);
                if self.now >= due {
                    Need::At(Next::Observe(change.id.clone()))
                } else {
                    Need::Later(due, why)
                }
            }
            Decision::Abort(reason) => match work.direction {
                Direction::Forward => back(change, work.progress, reason),
                Direction::Back | Direction::Release => {
                    close(change, ChangeOutcome::NeedsOperator, reason, (sequence.manual)(work))
                }
            },
            // Only in a run that was cancelled does a change that is held go on: it is looked at
            // now and then, and said once.
            Decision::Hold(why) if work.progress.held.is_some() => {
                self.follow(work, sequence, seen, Decision::Wait { why, poll: HELD_LOOK })
            }
            Decision::Hold(reason) => record(Event::Held { change: change.id.clone(), reason }),
            Decision::Operator { reason, manual } => {
                close(change, ChangeOutcome::NeedsOperator, reason, manual)
            }
        }
    }

    /// Gives back what was held, then closes a change that is back where it was.
    fn returned(&self, work: &Work<'_>, sequence: &Sequence, seen: &Seen) -> Need {
        let release = Work { direction: Direction::Release, ..*work };
        let last = work.progress.last().filter(|last| last.direction == Direction::Release);
        let refused =
            last.and_then(|last| self.refused(work.change, work.progress, sequence, last));
        if let Some(need) = refused {
            return need;
        }
        let left = match (sequence.release)(&release) {
            Decision::Done => None,
            Decision::Abort(reason) => Some(reason),
            other => return self.follow(&release, sequence, seen, other),
        };
        let reason = match &work.progress.phase {
            Phase::Back { reason } => reason.clone(),
            _ => Reason::new("taken-back", "It was taken back.", "되돌렸습니다."),
        };
        let accepted = |attempt: &&Attempt| {
            attempt.outcome.as_ref().is_none_or(|(_, _, result)| result.refusal().is_none())
        };
        let is_touched = work
            .progress
            .attempts
            .iter()
            .filter(accepted)
            .any(|attempt| attempt.call.touches_resource());
        let outcome = if is_touched { ChangeOutcome::Original } else { ChangeOutcome::Refused };
        match left {
            None => close(work.change, outcome, reason, Vec::new()),
            Some(left) => close(work.change, outcome, left, (sequence.manual)(&release)),
        }
    }

    /// Returns the newest observation, if it knows of all that was done; else what to do first.
    pub(super) fn seen(&self, change: &Change, one: &ChangeProgress) -> Result<&'a Seen, Need> {
        let observe = || Need::At(Next::Observe(change.id.clone()));
        let seen = self.readings.observed.get(&change.id).ok_or_else(observe)?;
        if seen.after <= one.latest {
            return Err(observe());
        }
        let unknown = one.last().and_then(|last| match &last.outcome {
            Some((_, at, CallResult::Unknown { .. })) => Some(*at),
            _ => None,
        });
        if let Some(at) = unknown {
            let settled = at.saturating_add(SETTLES).unwrap_or(at);
            if self.now < settled {
                let why = Reason::new(
                    "answer-unknown",
                    "A call had no answer. Its effect is looked for before anything else is done.",
                    "응답을 받지 못한 호출이 있어 결과를 먼저 확인합니다.",
                );
                return Err(Need::Later(settled, why));
            }
            if seen.at < settled {
                return Err(observe());
            }
        }
        Ok(seen)
    }

    /// Returns what follows from a refusal, unless it is to look again.
    pub(super) fn refused(
        &self,
        change: &Change,
        one: &ChangeProgress,
        sequence: &Sequence,
        last: &Attempt,
    ) -> Option<Need> {
        let (_, at, CallResult::Refused { code, message, .. }) = last.outcome.as_ref()? else {
            return None;
        };
        let reaction = reaction(sequence, &last.step, code);
        let reason = refusal(&last.call, code, message);
        let give = |then: Afterwards| match (then, last.direction) {
            // What could not be given back is for the sequence to say.
            (Afterwards::Decide, _) | (Afterwards::Abort, Direction::Release) => None,
            (Afterwards::Abort, Direction::Forward) => Some(back(change, one, reason.clone())),
            (Afterwards::Abort | Afterwards::Operator, _) => {
                // A run that goes on has seen nothing yet, and the commands depend on it.
                let Some(seen) = self.readings.observed.get(&change.id) else {
                    return Some(Need::At(Next::Observe(change.id.clone())));
                };
                let manual = (sequence.manual)(&Work {
                    rules: &self.plan.rules,
                    change,
                    progress: one,
                    now_is: &seen.observed,
                    direction: last.direction,
                    now: self.now,
                });
                Some(close(change, ChangeOutcome::NeedsOperator, reason.clone(), manual))
            }
        };
        let tries = one
            .of_step(last.direction, &last.step)
            .rev()
            .take_while(|attempt| {
                let result = attempt.outcome.as_ref().map(|(_, _, result)| result);
                result.and_then(CallResult::refusal).is_some()
            })
            .count();
        match reaction {
            // What is seen may be as old as what led to the refusal.
            Reaction::Observe if tries >= MOST_LOOKS => give(Afterwards::Abort),
            Reaction::Observe => {
                let until = at.saturating_add(LOOK_AGAIN).unwrap_or(*at);
                (self.now < until).then_some(Need::Later(until, reason))
            }
            Reaction::Give(then) => give(then),
            Reaction::Retry { attempts, pause, then } => {
                if tries >= attempts {
                    return give(then);
                }
                let pause = pause.saturating_mul(1 << tries.saturating_sub(1).min(6));
                let until = at.saturating_add(pause).unwrap_or(*at);
                (self.now < until).then_some(Need::Later(until, reason))
            }
        }
    }

    /// Returns why a change that is under way must not go on forward.
    fn must_turn_back(&self, work: &Work<'_>, sequence: &Sequence) -> Option<Reason> {
        if let Halt::Set(by) = &self.readings.halt {
            return Some(Reason::new(
                "halted",
                format!("Everything was halted: {by}"),
                format!("전체 중단 장치가 작동했습니다: {by}"),
            ));
        }
        if self.is_cancelled() {
            return Some(Reason::new(
                "cancelled",
                "The run was cancelled.",
                "실행이 취소되었습니다.",
            ));
        }
        if let Some(reason) = super::destruction::barred(self, work.change, work.progress) {
            return Some(reason);
        }
        let is_disrupted = (sequence.is_disrupted)(work);
        if is_disrupted {
            return over_budget(work);
        }
        let is_open =
            window::open_until(&self.plan.rules, work.change.environment, self.now).is_some();
        // What has begun to be in another way is brought to its end.
        let is_begun = work.progress.attempts.iter().any(|one| one.call.is_lasting());
        (!is_open && !is_begun).then(|| {
            Reason::new(
                "window-closed",
                "The change window closed before anything was stopped.",
                "중지하기 전에 변경 시간대가 끝났습니다.",
            )
        })
    }
}

/// Says that a call was not made, and who says so.
fn refusal(call: &Call, code: &str, message: &str) -> Reason {
    let action = call.iam_action();
    let (en, ko) = match Unsent::of(code).map(Unsent::text) {
        Some(why) => (why.en, why.ko),
        None => (
            format!("AWS refused {action}: {code}: {message}"),
            format!("AWS가 {action} 요청을 거부했습니다: {code}: {message}"),
        ),
    };
    Reason::new("refused", en, ko)
}

/// Returns what follows from a refusal of a step.
fn reaction(sequence: &Sequence, step: &str, code: &str) -> Reaction {
    let retry = |attempts, seconds| Reaction::Retry {
        attempts,
        pause: SignedDuration::from_secs(seconds),
        then: Afterwards::Abort,
    };
    match TurnedAway::of(code) {
        Some(TurnedAway::Later) => retry(10, 2),
        Some(TurnedAway::CredentialsEndSoon) => retry(6, 60),
        Some(TurnedAway::Credentials) => retry(3, 10),
        None => (sequence.react)(step, code),
    }
}

/// Returns when the resource was first touched since it was last seen in service.
fn touched_at(one: &ChangeProgress) -> Option<Timestamp> {
    // What was watched was in service: only what was done to take it back counts.
    let from = if one.after.is_some() { one.phase_at } else { one.started_at };
    let is_touch = |attempt: &&Attempt| {
        let result = attempt.outcome.as_ref().map(|(_, _, result)| result);
        attempt.at >= from
            && attempt.call.touches_resource()
            && result.and_then(CallResult::refusal).is_none()
    };
    one.attempts.iter().find(is_touch).map(|attempt| attempt.at)
}

/// Returns since when a resource is out of service, and how long it may be.
///
/// What is stopped for good is so by the plan. Once it is taken back, nobody does its work, whether a
/// start was taken yet or not: it has the time that any instance has.
fn downtime(
    change: &Change,
    one: &ChangeProgress,
    rules: &RolloutRules,
    direction: Direction,
) -> (Option<Timestamp>, SignedDuration) {
    if matches!(change.action, Action::StopInstance { .. }) && direction == Direction::Back {
        return (Some(one.phase_at), rules.instance_downtime);
    }
    (touched_at(one), change.downtime_budget)
}

/// Returns why it is out of service for too long.
fn over_budget(work: &Work<'_>) -> Option<Reason> {
    let (since, budget) = downtime(work.change, work.progress, work.rules, work.direction);
    let first = since?;
    (work.now.duration_since(first) > budget).then(|| {
        let minutes = budget.as_mins();
        Reason::new(
            "downtime-budget",
            format!(
                "It is out of service for more than the {minutes} minutes that the plan allows."
            ),
            format!("계획이 허용한 {minutes}분보다 오래 서비스에서 빠져 있습니다."),
        )
    })
}

/// Calls a person once for a resource that is out of service for too long.
fn page(work: &Work<'_>, sequence: &Sequence) -> Option<Need> {
    if work.progress.is_paged || !(sequence.is_disrupted)(work) {
        return None;
    }
    let reason = over_budget(work)?;
    Some(record(Event::Paged { change: work.change.id.clone(), reason }))
}

pub(super) fn record(event: Event) -> Need {
    Need::At(Next::Record(Box::new(event)))
}

/// Turns a change back; it closes at once where nothing was asked of AWS.
pub(super) fn back(change: &Change, one: &ChangeProgress, reason: Reason) -> Need {
    if one.has_mutated() {
        record(Event::RollbackStarted { change: change.id.clone(), reason })
    } else {
        close(change, ChangeOutcome::Refused, reason, Vec::new())
    }
}

pub(super) fn close(
    change: &Change,
    outcome: ChangeOutcome,
    reason: Reason,
    manual: Vec<String>,
) -> Need {
    record(Event::ChangeClosed { change: change.id.clone(), outcome, reason, manual })
}

fn unsupported() -> Reason {
    Reason::new(
        "not-built",
        "trimtab does not make this change itself.",
        "trimtab이 직접 적용하지 않는 변경입니다.",
    )
}
