//! The next thing to do in the run as a whole.

use std::collections::BTreeSet;

use jiff::Timestamp;

use trimtab_model::call::CallResult;
use trimtab_model::id::ChangeId;
use trimtab_model::journal::{ChangeOutcome, Event, Journal, RunOutcome, Wish};
use trimtab_model::plan::{Approval, Change, Plan, RolloutRules, Stage, Wave};
use trimtab_model::text::Reason;

use super::change::{Need, Run};
use super::command::Next;
use crate::progress::{Phase, Progress};
use crate::proof;
use crate::readings::{Halt, Readings};
use crate::window;

/// How often a resource is looked at that the change calendar keeps from being touched: what is
/// seen of it must be young once the calendar opens.
pub(super) const CALENDAR_LOOK: jiff::SignedDuration = jiff::SignedDuration::from_mins(1);

/// Decides the one next thing to do.
///
/// It depends on nothing but its arguments: the plan that was approved, what the journal has,
/// what was just seen, and the time.
pub fn next(plan: &Plan, journal: &Journal, readings: &Readings, now: Timestamp) -> Next {
    decide(plan, &Progress::of(journal), readings, now)
}

/// Decides as [`next()`] does, from a journal that is folded already.
pub fn decide(plan: &Plan, progress: &Progress, readings: &Readings, now: Timestamp) -> Next {
    if let Some(outcome) = progress.outcome {
        return Next::Finished(outcome);
    }
    // An intent without an outcome: the run ended between the two.
    if let Some(intent) = progress.open.first() {
        let why = "the run ended before an answer was written".to_owned();
        let result = CallResult::Unknown { why };
        return Next::Record(Box::new(Event::Outcome { intent: *intent, result }));
    }
    let run = Run { plan, progress, readings, now };
    let mut waits: Vec<(Timestamp, Reason)> = Vec::new();
    for id in by_urgency(progress) {
        match run.need(id) {
            Need::At(next) => return next,
            Need::Later(until, why) => waits.push((until, why)),
            Need::Nothing => {}
        }
    }
    match run.begin() {
        Need::At(next) => return next,
        Need::Later(until, why) => waits.push((until, why)),
        Need::Nothing => {}
    }
    match waits.into_iter().min_by_key(|(until, _)| *until) {
        Some((until, why)) => Next::Wait { until, why },
        None => run.end(),
    }
}

/// Lists the changes that began: those on their way back first, then those on their way.
fn by_urgency(progress: &Progress) -> Vec<&ChangeId> {
    let urgency = |id: &&ChangeId| match progress.changes.get(*id).map(|one| &one.phase) {
        Some(Phase::Back { .. }) => 0,
        Some(Phase::Forward) => 1,
        _ => 2,
    };
    let mut order: Vec<&ChangeId> = progress.order.iter().collect();
    order.sort_by_key(urgency);
    order
}

impl Run<'_> {
    /// Returns how the next change, wave or stage begins.
    fn begin(&self) -> Need {
        let is_stopped = matches!(self.progress.wish, Some(Wish::Pause | Wish::Cancel))
            || self.readings.halt != Halt::Clear;
        if is_stopped {
            return Need::Nothing;
        }
        for (index, stage) in self.plan.stages.iter().enumerate() {
            if self.is_proven(index, stage) {
                continue;
            }
            if self.is_halted(index) {
                return Need::Nothing;
            }
            return self.begin_stage(index, stage);
        }
        Need::Nothing
    }

    fn begin_stage(&self, index: usize, stage: &Stage) -> Need {
        if !self.progress.stages.contains_key(&index) {
            if let Some(reason) = self.stale(index) {
                let halted = Event::WaveHalted { stage: index, wave: 0, reason };
                return Need::At(Next::Record(Box::new(halted)));
            }
            let approvals = self.progress.approvals.get(&index).map_or(&[][..], Vec::as_slice);
            if !is_approved(&self.plan.rules, stage.approval, approvals) {
                let is_busy = self.progress.changes.values().any(|one| one.is_under_way());
                return if is_busy {
                    Need::Nothing
                } else {
                    Need::At(Next::AskApproval { stage: index })
                };
            }
            return Need::At(Next::Record(Box::new(Event::StageStarted { stage: index })));
        }
        for (number, wave) in stage.waves.iter().enumerate() {
            let failed = wave.changes.iter().filter(|change| self.has_failed(change)).count();
            if failed >= self.plan.rules.max_failures.max(1) as usize
                && !self.progress.halted.contains_key(&(index, number))
            {
                let reason = Reason::new(
                    "failures",
                    format!("{failed} of {} changes of the wave failed.", wave.changes.len()),
                    format!(
                        "이 단계의 변경 {}건 중 {failed}건이 실패했습니다.",
                        wave.changes.len()
                    ),
                );
                let halted = Event::WaveHalted { stage: index, wave: number, reason };
                return Need::At(Next::Record(Box::new(halted)));
            }
            if !wave.changes.iter().all(|change| self.has_passed(change)) {
                return self.begin_wave(wave);
            }
        }
        Need::Nothing
    }

    fn begin_wave(&self, wave: &Wave) -> Need {
        let in_flight = self.progress.changes.values().filter(|one| one.is_under_way()).count();
        if in_flight >= self.plan.rules.max_in_flight.max(1) as usize {
            return Need::Nothing;
        }
        let waiting = wave
            .changes
            .iter()
            .filter(|change| !self.progress.changes.contains_key(&change.id))
            .find(|change| self.is_affordable(change));
        let Some(change) = waiting else { return Need::Nothing };
        if let Some(why) = &self.readings.calendar_closed {
            let later = self.now.saturating_add(jiff::SignedDuration::from_mins(5));
            return Need::Later(later.unwrap_or(self.now), calendar_closed(why));
        }
        let rules = &self.plan.rules;
        match window::opening(rules, change.environment, change.duration, self.now) {
            Some(start) if start > self.now => Need::Later(start, window_closed()),
            Some(_) => self.start(change),
            // No window ever is long enough: it is refused, with the reason in the journal.
            None => self.start(change),
        }
    }

    fn start(&self, change: &Change) -> Need {
        let young = jiff::SignedDuration::from_mins(1);
        let seen = self.readings.observed.get(&change.id);
        match seen.filter(|seen| self.now.duration_since(seen.at) <= young) {
            None => Need::At(Next::Observe(change.id.clone())),
            // Something else of its target group is under way, and ends without being asked.
            Some(seen) if !self.is_affordable_now(change, &seen.observed) => Need::Nothing,
            Some(seen) => Need::At(Next::Record(Box::new(Event::ChangeStarted {
                change: change.id.clone(),
                before: Box::new(seen.observed.clone()),
            }))),
        }
    }

    /// Returns whether the budget of everything that a change serves allows one more.
    fn is_affordable(&self, change: &Change) -> bool {
        change.units.iter().all(|unit| {
            let share = u64::from(unit.members) * u64::from(self.plan.rules.budget_percent) / 100;
            let most = usize::try_from(share).unwrap_or(usize::MAX).max(1);
            let busy = self
                .progress
                .changes
                .iter()
                .filter(|(_, one)| one.is_under_way())
                .filter_map(|(id, _)| self.plan.change(id))
                .filter(|other| {
                    other.units.iter().any(|one| one.kind == unit.kind && one.name == unit.name)
                })
                .count();
            busy < most
        })
    }

    /// Returns whether every change of a stage passed its gates, or was not to be made.
    fn is_proven(&self, index: usize, stage: &Stage) -> bool {
        !self.is_halted(index)
            && stage
                .waves
                .iter()
                .flat_map(|wave| &wave.changes)
                .all(|change| self.has_passed(change))
    }

    fn is_halted(&self, stage: usize) -> bool {
        self.progress.halted.keys().any(|(halted, _)| *halted == stage)
    }

    /// Returns whether a change passed its gates, or was refused: then it stands in nobody's way.
    fn has_passed(&self, change: &Change) -> bool {
        self.progress.changes.get(&change.id).is_some_and(|one| match &one.phase {
            Phase::Passed { .. } => one.held.is_none(),
            Phase::Closed { outcome, .. } => {
                matches!(outcome, ChangeOutcome::Confirmed | ChangeOutcome::Refused)
            }
            Phase::Forward | Phase::Soaking { .. } | Phase::Back { .. } => false,
        })
    }

    fn has_failed(&self, change: &Change) -> bool {
        self.progress.changes.get(&change.id).is_some_and(|one| {
            one.held.is_some()
                || matches!(
                    one.phase,
                    Phase::Back { .. }
                        | Phase::Closed {
                            outcome: ChangeOutcome::Original | ChangeOutcome::NeedsOperator,
                            ..
                        }
                )
        })
    }

    /// Returns why a stage must not begin any more: the plan, or the proof of the stage before,
    /// is too old.
    fn stale(&self, index: usize) -> Option<Reason> {
        let Some(before) = index.checked_sub(1) else {
            let until = self.plan.expires_at;
            return (self.now > until).then(|| {
                Reason::new(
                    "plan-expired",
                    format!("The plan expired at {until}: make a new one."),
                    format!("계획이 {until}에 만료되었습니다. 새로 만드세요."),
                )
            });
        };
        let stage = self.plan.stages.get(before)?;
        let changes = stage.waves.iter().flat_map(|wave| &wave.changes);
        let latest = changes.filter_map(|one| proof::passed_at(self.progress, one)).max()?;
        let lifetime = self.plan.rules.evidence_lifetime;
        let is_over = self.now.duration_since(latest) > lifetime;
        is_over.then(|| proof::expired(latest, lifetime.as_hours() / 24))
    }

    /// Returns how the run ends, once nothing is left to do.
    fn end(&self) -> Next {
        let held = self.progress.is_held();
        let is_paused = self.progress.wish == Some(Wish::Pause);
        if held || is_paused || self.readings.halt != Halt::Clear {
            // A person decides; there is nothing to look at sooner than in a while.
            let until = self.now.saturating_add(jiff::SignedDuration::from_mins(5));
            let why = Reason::new(
                "waits-for-a-person",
                "It waits for a person: `trimtab run show` says for what.",
                "사람의 결정을 기다립니다. `trimtab run show`로 확인하세요.",
            );
            return Next::Wait { until: until.unwrap_or(self.now), why };
        }
        let outcome = self.outcome();
        Next::Record(Box::new(Event::RunClosed { outcome }))
    }

    fn outcome(&self) -> RunOutcome {
        let closed = |wanted: ChangeOutcome| {
            let is = |phase: &Phase| matches!(phase, Phase::Closed { outcome, .. } if *outcome == wanted);
            self.progress.changes.values().filter(|one| is(&one.phase)).count()
        };
        let confirmed = closed(ChangeOutcome::Confirmed);
        let original = closed(ChangeOutcome::Original);
        let all = self.plan.changes().count();
        if closed(ChangeOutcome::NeedsOperator) > 0 {
            RunOutcome::NeedsOperator
        } else if self.is_cancelled() {
            RunOutcome::Cancelled
        } else if confirmed == all {
            RunOutcome::Complete
        } else if confirmed > 0 {
            RunOutcome::Partial
        } else if original > 0 {
            RunOutcome::RolledBack
        } else {
            RunOutcome::Refused
        }
    }
}

/// Returns whether those who approved suffice. Whoever may not approve by the rules of the plan
/// counts for nobody.
fn is_approved(rules: &RolloutRules, approval: Approval, by: &[String]) -> bool {
    // A name in other letters is no other person.
    let persons: BTreeSet<String> = by
        .iter()
        .filter(|person| rules.may_approve(person))
        .map(|person| person.to_lowercase())
        .collect();
    match approval {
        Approval::Hash | Approval::HashAndAlias => !persons.is_empty(),
        // Of two, one at most made the plan.
        Approval::TwoPersons => persons.len() >= 2,
    }
}

/// Says that the change calendar lets nothing begin.
pub(super) fn calendar_closed(why: &str) -> Reason {
    Reason::new(
        "calendar-closed",
        format!("The change calendar is closed: {why}"),
        format!("변경 일정이 닫혀 있습니다: {why}"),
    )
}

fn window_closed() -> Reason {
    Reason::new(
        "window-closed",
        "It waits for the next change window.",
        "다음 변경 시간대를 기다립니다.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g15_nobody_unknown_and_nobody_alone_approves_what_cannot_be_had_back() {
        let approvers = ["kim", "lee", "park"].map(str::to_owned).to_vec();
        let rules = RolloutRules { approvers, ..RolloutRules::default() };
        let is = |approval, by: &[&str]| {
            let by: Vec<String> = by.iter().map(|one| (*one).to_owned()).collect();
            is_approved(&rules, approval, &by)
        };
        for approval in [Approval::Hash, Approval::HashAndAlias] {
            assert!(is(approval, &["lee"]) && !is(approval, &[]) && !is(approval, &["choi"]));
        }
        assert!(is(Approval::TwoPersons, &["kim", "lee"]));
        assert!(is(Approval::TwoPersons, &["lee", "park"]));
        for by in [&["kim"][..], &["kim", "kim"], &["lee", "choi"], &["lee", "lee"], &[]] {
            assert!(!is(Approval::TwoPersons, by), "{by:?}");
        }
        let both = ["lee".to_owned(), "Lee".to_owned()];
        assert!(!is_approved(&RolloutRules::default(), Approval::TwoPersons, &both));
    }
}
