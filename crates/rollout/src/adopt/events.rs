//! The journal that is written for a run that lost its own.

use std::collections::BTreeMap;

use trimtab_model::id::ChangeId;
use trimtab_model::journal::{ChangeOutcome, Direction, Event};
use trimtab_model::observed::Observed;
use trimtab_model::plan::{Change, Plan};
use trimtab_model::text::Reason;

use super::begun::{Begun, Standing, standing};

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
/// What was begun goes on: forward where its stage is approved, and back where it is not.
/// Nothing that had not begun is begun: that is for a new plan, made of what is there now.
pub fn adoption(
    plan: &Plan,
    seen: &BTreeMap<ChangeId, Observed>,
    approvals: &BTreeMap<usize, Vec<String>>,
    hash: &str,
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
            let now = seen.get(&change.id).cloned().unwrap_or(Observed::Gone);
            match standing {
                Standing::Begun(begun) => all.go_on(change, *begun, !given.is_empty()),
                Standing::Untouched => all.leave(change, now),
                Standing::Unclear(reason) => all.give_up(change, now, reason),
            }
        }
    }
    all
}

impl Adoption {
    fn go_on(&mut self, change: &Change, begun: Begun, is_approved: bool) {
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
        if !is_approved {
            let reason = Reason::new(
                "adopted-unapproved",
                "The journal is gone, and no approval of the stage is known: it goes back.",
                "기록이 사라졌고 이 단계의 승인도 확인되지 않아 되돌립니다.",
            );
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

    fn give_up(&mut self, change: &Change, now: Observed, reason: Reason) {
        let manual = change.action.commands(&change.resource).undo;
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
