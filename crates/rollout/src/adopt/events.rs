//! The journal that is written for a run that lost its own.

use std::collections::BTreeMap;

use jiff::Timestamp;

use trimtab_model::id::ChangeId;
use trimtab_model::journal::{ChangeOutcome, Direction, Event};
use trimtab_model::observed::Observed;
use trimtab_model::plan::{Change, Plan};
use trimtab_model::text::Reason;

use super::begun::{Begun, ByHand, Reach, Standing, standing};
use crate::progress::ChangeProgress;
use crate::sequence::{Sequence, Work};

/// What a run that lost its journal goes on with.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Adoption {
    /// What its journal begins with, behind the entry that says which run it is.
    pub events: Vec<Event>,
    /// The changes that were begun.
    pub begun: Vec<ChangeId>,
    /// The changes that a person must look at, and why.
    pub unclear: Vec<(ChangeId, Reason)>,
}

/// Returns what the journal of a run is begun with whose own is gone.
///
/// What was begun goes on: forward where its stage is approved, and back where it is not. It goes
/// back, too, where nothing is seen but what is kept for it, for it may have been taken back
/// already, and where the plan is too old to change anything by it. Nothing that had not begun is
/// begun: that is for a new plan, made of what is there now.
pub fn adoption(
    plan: &Plan,
    seen: &BTreeMap<ChangeId, Observed>,
    approvals: &BTreeMap<usize, Vec<String>>,
    hash: &str,
    now: Timestamp,
) -> Adoption {
    let mut all = Adoption::default();
    for (index, stage) in plan.stages.iter().enumerate() {
        let found: Vec<(&Change, Standing)> = stage
            .waves
            .iter()
            .flat_map(|wave| &wave.changes)
            .filter_map(|change| Some((change, standing(change, seen.get(&change.id)?))))
            .collect();
        let given = approvals.get(&index).map_or(&[][..], Vec::as_slice);
        let is_begun = found.iter().any(|(_, one)| matches!(one, Standing::Begun(_)));
        if is_begun {
            all.events.extend(given.iter().map(|by| Event::StageApproved {
                stage: index,
                by: by.clone(),
                hash: hash.to_owned(),
            }));
            all.events.push(Event::StageStarted { stage: index });
        }
        for (change, standing) in found {
            let is = seen.get(&change.id).cloned().unwrap_or(Observed::Gone);
            match standing {
                Standing::Begun(begun) => {
                    let reason = turns_back(plan, &begun, !given.is_empty(), now);
                    all.go_on(change, *begun, reason);
                }
                Standing::Untouched => all.leave(change, is),
                Standing::Unclear(reason, by_hand) => {
                    let manual = commands(plan, change, &is, by_hand, now);
                    all.give_up(change, is, reason, manual);
                }
            }
        }
    }
    all
}

/// Returns why a change that was begun does not go on forward.
fn turns_back(plan: &Plan, begun: &Begun, is_approved: bool, now: Timestamp) -> Option<Reason> {
    if !is_approved {
        return Some(Reason::new(
            "adopted-unapproved",
            "The journal is gone, and no approval of the stage is known: it goes back.",
            "기록이 사라졌고 이 단계의 승인도 확인되지 않아 되돌립니다.",
        ));
    }
    let until = plan.expires_at;
    match begun.reach {
        Reach::Kept => Some(Reason::new(
            "adopted-untouched",
            "The journal is gone, and nothing is seen but what is kept for the change: it may have failed and been taken back already, and is not made again.",
            "기록이 사라졌고 이 변경을 위해 보관한 것만 있습니다. 이미 실패하여 되돌린 변경일 수 있으므로 다시 적용하지 않습니다.",
        )),
        Reach::UnderWay if now > until => Some(Reason::new(
            "adopted-expired",
            format!("The journal is gone, and the plan expired at {until}: it goes back."),
            format!("기록이 사라졌고 계획이 {until}에 만료되어 되돌립니다."),
        )),
        // What is as planned is watched on: nothing is changed by that, and going back would be.
        Reach::UnderWay | Reach::Reached => None,
    }
}

/// Returns the commands that a person begins with.
fn commands(
    plan: &Plan,
    change: &Change,
    is: &Observed,
    by_hand: ByHand,
    now: Timestamp,
) -> Vec<String> {
    let undo = || change.action.commands(&change.resource).undo;
    match by_hand {
        ByHand::Undo => undo(),
        ByHand::Register(groups) => {
            let (id, region) = (&change.resource.id, &change.resource.region);
            let register = groups.iter().map(|group| {
                format!(
                    "aws elbv2 register-targets --target-group-arn {group} --targets Id={id} --region {region}"
                )
            });
            undo().into_iter().chain(register).collect()
        }
        ByHand::Sequence(before) => {
            let Some(sequence) = Sequence::of(&change.action) else { return undo() };
            let progress = ChangeProgress::begun(*before, now, 0);
            let (rules, direction) = (&plan.rules, Direction::Back);
            let work = Work { rules, change, progress: &progress, now_is: is, direction, now };
            let manual = (sequence.manual)(&work);
            if manual.is_empty() { undo() } else { manual }
        }
    }
}

impl Adoption {
    fn go_on(&mut self, change: &Change, begun: Begun, back: Option<Reason>) {
        let id = change.id.clone();
        let before = Box::new(begun.before);
        self.events.push(Event::ChangeStarted { change: id.clone(), before });
        let evidence = begun.evidence;
        self.events.push(Event::Adopted { change: id.clone(), evidence });
        self.events.extend(begun.calls.into_iter().map(|(step, call)| Event::Intent {
            change: id.clone(),
            direction: Direction::Forward,
            step: step.to_owned(),
            call: Box::new(call),
        }));
        if let Some(reason) = back {
            self.events.push(Event::RollbackStarted { change: id.clone(), reason });
        }
        self.begun.push(id);
    }

    fn leave(&mut self, change: &Change, now: Observed) {
        let reason = Reason::new(
            "not-begun",
            "It had not begun when the journal was lost: a new plan has it again.",
            "기록이 사라질 때 시작하지 않은 변경입니다. 새 계획에 다시 담깁니다.",
        );
        self.close(change, now, ChangeOutcome::Refused, reason, Vec::new());
    }

    fn give_up(&mut self, change: &Change, now: Observed, reason: Reason, manual: Vec<String>) {
        self.close(change, now, ChangeOutcome::NeedsOperator, reason.clone(), manual);
        self.unclear.push((change.id.clone(), reason));
    }

    fn close(
        &mut self,
        change: &Change,
        now: Observed,
        outcome: ChangeOutcome,
        reason: Reason,
        manual: Vec<String>,
    ) {
        let (id, before) = (change.id.clone(), Box::new(now));
        self.events.push(Event::ChangeStarted { change: id.clone(), before });
        self.events.push(Event::ChangeClosed { change: id, outcome, reason, manual });
    }
}
