//! What is known of plans and runs, as pages take it.

use jiff::Timestamp;

use trimtab_model::id::ResourceId;
use trimtab_model::journal::{ChangeOutcome, Event, Journal};
use trimtab_model::plan::Change;
use trimtab_model::text::Reason;
use trimtab_render::document::plan::{
    PlanApproval, PlanAttestation, PlanNote, PlanPage, PlanSaving, PlannedCall,
};
use trimtab_render::document::rollout::{CheckedChange, RolloutPage};
use trimtab_render::document::run::{RunChange, RunPage, RunPhase};

use crate::failure::Failure;
use crate::pipeline::demo::{ChangeProof, RolledOut};
use crate::pipeline::plan::{
    Finding, GivenApproval, GivenAttestation, KeptPlan, Known, Rehearsal, Saving, next_commands,
    savings,
};
use crate::pipeline::runs::{ChangeProgress, Phase, Progress, Run};

/// Makes the page of a plan.
pub fn plan_page(known: &Known, now: Timestamp) -> Result<PlanPage<'_>, Failure> {
    let stored = &known.stored;
    let savings = savings(&stored.plan)?;
    Ok(PlanPage {
        id: stored.id.as_str(),
        hash: &stored.hash,
        plan: &stored.plan,
        savings: savings.iter().map(saving).collect(),
        approvals: known.approvals.iter().map(approval).collect(),
        attestations: known.attestations.iter().map(attestation).collect(),
        notes: known.findings.iter().map(note).collect(),
        runs: known.runs.iter().map(|run| run.id.to_string()).collect(),
        next: next_commands(known, now),
    })
}

/// Returns the calls of a rehearsal as pages take them, in order.
pub fn planned_calls(rehearsal: &Rehearsal) -> impl Iterator<Item = PlannedCall> + '_ {
    rehearsal.calls.iter().map(|call| PlannedCall {
        change: call.change.to_string(),
        at: call.at,
        window_until: call.window_until,
        direction: call.direction,
        action: call.action,
        command: call.command.clone(),
    })
}

/// Makes the page of a rollout of the demo.
pub fn rollout_page<'a>(rolled_out: &'a RolledOut, seed: u64) -> RolloutPage<'a> {
    let (stored, proof) = (&rolled_out.stored, &rolled_out.proof);
    let plan = &stored.plan;
    let checked = |one: &'a ChangeProof| {
        let change = plan.change(&one.change)?;
        Some(CheckedChange {
            change,
            stage: change.environment,
            outcome: one.outcome,
            expected: &one.expected,
            found: &one.found,
            outages: one.outages,
            longest: one.longest,
            is_within_budget: one.is_within_budget(),
        })
    };
    let names = |ids: &[ResourceId]| ids.iter().map(ToString::to_string).collect();
    RolloutPage {
        plan_id: stored.id.as_str(),
        hash: &stored.hash,
        plan,
        run: rolled_out.run.as_str(),
        journal: &rolled_out.journal,
        outcome: rolled_out.outcome,
        seed,
        changes: proof.changes.iter().filter_map(checked).collect(),
        running: proof.running_before.len(),
        stopped: names(&proof.stopped),
        drained: proof.drained.clone(),
        reserved: names(&proof.reserved),
        entries: rolled_out.journal.entries().len(),
        audit_lines: rolled_out.audit_lines,
        audit_intents: rolled_out.audit_intents,
        calls: proof.calls,
        unannounced: proof.unannounced,
        planned: rolled_out.planned.iter().map(saving).collect(),
        confirmed: rolled_out.confirmed.iter().map(saving).collect(),
        taken_back: rolled_out.taken_back.iter().map(saving).collect(),
    }
}

fn saving(one: &Saving) -> PlanSaving {
    PlanSaving { likely: one.likely, low: one.low, high: one.high }
}

fn approval(given: &GivenApproval) -> PlanApproval {
    PlanApproval { stage: given.stage.clone(), by: given.by.clone(), at: given.at }
}

fn attestation(given: &GivenAttestation) -> PlanAttestation {
    PlanAttestation {
        change: given.change.to_string(),
        row: given.row.clone(),
        by: given.attested.by.clone(),
        note: given.attested.note.clone(),
        at: given.attested.at,
    }
}

fn note(finding: &Finding) -> PlanNote {
    PlanNote {
        severity: finding.severity.as_str(),
        change: finding.change.as_ref().map(ToString::to_string),
        reason: finding.reason.clone(),
    }
}

/// Makes the page of a run.
pub fn run_page<'a>(run: &'a Run, stored: &'a KeptPlan) -> RunPage<'a> {
    let empty = Journal::default();
    let journal = run.journal.as_ref().unwrap_or(&empty);
    let progress = Progress::of(journal);
    let mut changes = Vec::new();
    for stage in &stored.plan.stages {
        for change in stage.waves.iter().flat_map(|wave| &wave.changes) {
            changes.push(run_change(change, stage.environment.as_str(), &progress, journal));
        }
    }
    RunPage {
        id: run.record.id.as_str(),
        plan_id: run.record.plan.as_str(),
        plan: &stored.plan,
        started_at: run.record.started_at,
        operator: run.operator(),
        is_simulated: run.record.is_simulated,
        outcome: progress.outcome,
        damaged: run.journal.as_ref().err().cloned(),
        halted: progress.halted.values().cloned().collect(),
        next: next_of_run(run, &changes),
        changes,
    }
}

fn run_change<'a>(
    change: &'a Change,
    stage: &'static str,
    progress: &Progress,
    journal: &Journal,
) -> RunChange<'a> {
    let begun = progress.changes.get(&change.id);
    let closed = closed(change, journal);
    let mut one = RunChange {
        change,
        stage,
        phase: begun.map_or(RunPhase::Waiting, phase),
        since: begun.map(|one| one.phase_at),
        verdict: begun.and_then(|one| one.verdict.as_ref().map(|(_, verdict)| verdict.clone())),
        reason: begun.and_then(why),
        manual: Vec::new(),
    };
    // A change that was refused before it began is closed all the same.
    if let Some((outcome, at, reason, manual)) = closed {
        one.phase = RunPhase::Closed(outcome);
        one.since = Some(at);
        one.reason = Some(reason);
        one.manual = manual;
    }
    one
}

fn closed(
    change: &Change,
    journal: &Journal,
) -> Option<(ChangeOutcome, Timestamp, Reason, Vec<String>)> {
    journal.entries().iter().rev().find_map(|entry| match &entry.event {
        Event::ChangeClosed { change: id, outcome, reason, manual } if *id == change.id => {
            Some((*outcome, entry.at, reason.clone(), manual.clone()))
        }
        _ => None,
    })
}

fn phase(one: &ChangeProgress) -> RunPhase {
    match (&one.phase, &one.held) {
        (Phase::Closed { outcome, .. }, _) => RunPhase::Closed(*outcome),
        (_, Some(_)) => RunPhase::Held,
        (Phase::Forward, None) => RunPhase::Forward,
        (Phase::Soaking { .. }, None) => RunPhase::Soaking,
        (Phase::Passed { .. }, None) => RunPhase::Passed,
        (Phase::Back { .. }, None) => RunPhase::Back,
    }
}

fn why(one: &ChangeProgress) -> Option<Reason> {
    match (&one.held, &one.phase) {
        (Some(reason), _) | (None, Phase::Back { reason }) => Some(reason.clone()),
        (
            None,
            Phase::Forward | Phase::Soaking { .. } | Phase::Passed { .. } | Phase::Closed { .. },
        ) => None,
    }
}

/// Returns the commands that lead on from where a run is.
fn next_of_run(run: &Run, changes: &[RunChange<'_>]) -> Vec<String> {
    let id = &run.record.id;
    if run.journal.is_err() || run.record.is_simulated {
        return Vec::new();
    }
    if !run.is_open() {
        return vec![format!("trimtab plan export {} --format md --run {id}", run.record.plan)];
    }
    let held = changes.iter().filter(|one| one.phase == RunPhase::Held);
    let mut next: Vec<String> =
        held.map(|one| format!("trimtab run resume {id} --change {}", one.change.id)).collect();
    next.push(format!("trimtab run resume {id} --execute"));
    next
}
