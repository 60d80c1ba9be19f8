//! Watching a change that is made, and confirming it.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use trimtab_model::environment::Environment;
use trimtab_model::gate::{Blame, GateReading, GateState, GateVerdict};
use trimtab_model::journal::{ChangeOutcome, Direction, Event};
use trimtab_model::observed::Observed;
use trimtab_model::plan::{Change, StageRules};
use trimtab_model::text::Reason;

use super::change::{Need, Run, back, close, record};
use super::command::Next;
use crate::gate::{self, Case, Peak};
use crate::progress::ChangeProgress;
use crate::sequence::{Decision, Sequence, Watch, Work};

/// How often a resource that is watched is looked at.
const LOOK: SignedDuration = SignedDuration::from_mins(5);
/// How often the metrics of one are read that passed and is not confirmed yet.
const LOOK_LATER: SignedDuration = SignedDuration::from_hours(1);
/// How much of the time since it passed is judged.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Returns what a change that is watched needs.
pub(super) fn watch(
    run: &Run<'_>,
    change: &Change,
    one: &ChangeProgress,
    sequence: &Sequence,
    since: Timestamp,
) -> Need {
    if let Some(need) = verdict_follows(run, change, one) {
        return need;
    }
    if let Some(need) = disturbed(run, change, one, sequence) {
        return need;
    }
    let rules = run.plan.rules.stage(change.environment);
    // A development machine is not kept waiting for a busy hour that may come tomorrow.
    let peak = match change.environment {
        Environment::Dev => Peak::NotNeeded,
        Environment::Staging | Environment::Prod | Environment::Unknown => Peak::Needed,
    };
    let case = case(run, change, &rules, since, peak);
    let verdict = match judged(run, change, &case, since, LOOK) {
        Ok(verdict) => verdict,
        Err(need) => return need,
    };
    let soaked = since.saturating_add(change.soak).unwrap_or(since);
    match verdict.state {
        GateState::Inconclusive if may_wait(run, one, &rules, soaked, &verdict) => {
            Need::Later(soonest(run, soaked), soaking())
        }
        GateState::Pass | GateState::Fail | GateState::Inconclusive => {
            record_verdict(run, change, verdict)
        }
    }
}

/// Returns what a change whose gates passed needs before it is confirmed.
pub(super) fn confirm(
    run: &Run<'_>,
    change: &Change,
    one: &ChangeProgress,
    sequence: &Sequence,
    passed: Timestamp,
) -> Need {
    if let Some(need) = verdict_follows(run, change, one) {
        return need;
    }
    if let Some(need) = disturbed(run, change, one, sequence) {
        return need;
    }
    let last = one.last().filter(|last| last.direction == Direction::Release);
    if let Some(need) = last.and_then(|last| run.refused(change, one, sequence, last)) {
        return need;
    }
    let seen = match run.seen(change, one) {
        Ok(seen) => seen,
        Err(need) => return need,
    };
    let work = Work {
        change,
        progress: one,
        now_is: &seen.observed,
        direction: Direction::Release,
        now: run.now,
    };
    match (sequence.release)(&work) {
        Decision::Done => {}
        other => return run.follow(&work, sequence, seen, other),
    }
    let rules = run.plan.rules.stage(change.environment);
    let due = passed.saturating_add(rules.confirm_after).unwrap_or(passed);
    // It is judged by its latest day, or by as much as its soak, and once more when it is due:
    // by points that were read then, not before.
    let latest = run.now.saturating_sub(change.soak.max(DAY)).unwrap_or(passed);
    let from = one.watched_since.map_or(latest, |since| since.max(latest));
    let case = case(run, change, &rules, from, Peak::NotNeeded);
    let (not_before, age) = if run.now < due { (passed, LOOK_LATER) } else { (due, LOOK) };
    let verdict = match judged(run, change, &case, not_before, age) {
        Ok(verdict) => verdict,
        Err(need) => return need,
    };
    match verdict.state {
        GateState::Fail => record_verdict(run, change, verdict),
        GateState::Pass | GateState::Inconclusive if run.now < due => {
            Need::Later(soonest(run, due), confirming())
        }
        GateState::Inconclusive if may_wait(run, one, &rules, due, &verdict) => {
            Need::Later(soonest(run, due), confirming())
        }
        GateState::Inconclusive => record_verdict(run, change, verdict),
        GateState::Pass => {
            let reason = Reason::new(
                "confirmed",
                "It is as planned, and its gates passed.",
                "계획대로 바뀌었고 관문을 통과했습니다.",
            );
            close(change, ChangeOutcome::Confirmed, reason, Vec::new())
        }
    }
}

/// Returns whether an inconclusive verdict may yet become another by waiting.
///
/// It may until the extension behind `due`, or behind a person's word to go on, is over, but not
/// where the metrics may not be read: then a person is asked at once.
fn may_wait(
    run: &Run<'_>,
    one: &ChangeProgress,
    rules: &StageRules,
    due: Timestamp,
    verdict: &GateVerdict,
) -> bool {
    let from = one.unheld_at.map_or(due, |at| at.max(due));
    let is_forbidden = verdict.reasons.iter().any(|reason| reason.code == gate::FORBIDDEN);
    !is_forbidden && run.now.duration_since(from) < rules.extension
}

fn case<'a>(
    run: &Run<'a>,
    change: &'a Change,
    rules: &StageRules,
    since: Timestamp,
    peak: Peak,
) -> Case<'a> {
    Case {
        gates: &change.gates,
        soak: change.soak,
        limits: &run.plan.rules.limits,
        horizon: rules.confirm_after,
        peak,
        since,
        now: run.now,
    }
}

/// Returns what follows from a verdict that the journal has.
fn verdict_follows(run: &Run<'_>, change: &Change, one: &ChangeProgress) -> Option<Need> {
    if run.is_cancelled() {
        let reason = Reason::new("cancelled", "The run was cancelled.", "실행이 취소되었습니다.");
        return Some(back(change, one, reason));
    }
    let (at, verdict) = one.verdict.as_ref()?;
    if *at < one.phase_at || one.was_unheld_since(*at) {
        return None;
    }
    let reason = verdict.reasons.first().cloned().unwrap_or_else(no_reason);
    match (verdict.state, verdict.blame) {
        (GateState::Pass, _) => None,
        (GateState::Fail, Blame::Change) => Some(back(change, one, reason)),
        (GateState::Fail, Blame::External) | (GateState::Inconclusive, _) => {
            Some(record(Event::Held { change: change.id.clone(), reason }))
        }
    }
}

/// Returns what follows if somebody else changed the resource, or AWS moved it.
fn disturbed(
    run: &Run<'_>,
    change: &Change,
    one: &ChangeProgress,
    sequence: &Sequence,
) -> Option<Need> {
    let seen = match run.seen(change, one) {
        Ok(seen) => seen,
        Err(need) => return Some(need),
    };
    let due = seen.at.saturating_add(LOOK).unwrap_or(seen.at);
    if run.now >= due {
        return Some(Need::At(Next::Observe(change.id.clone())));
    }
    let id = || change.id.clone();
    let work = Work {
        change,
        progress: one,
        now_is: &seen.observed,
        direction: Direction::Forward,
        now: run.now,
    };
    if seen.observed == Observed::Gone {
        let reason = Reason::new(
            "gone",
            "The resource was deleted while it was watched. What was kept of it stays.",
            "지켜보는 동안 리소스가 삭제되었습니다. 보존한 복구 지점은 그대로 둡니다.",
        );
        let manual = (sequence.manual)(&work);
        return Some(close(change, ChangeOutcome::NeedsOperator, reason, manual));
    }
    match (sequence.watch)(&work) {
        Watch::Undisturbed => None,
        Watch::Restart(reason) => Some(record(Event::SoakRestarted {
            change: id(),
            after: Box::new(seen.observed.clone()),
            reason,
        })),
        Watch::Hold(reason) => Some(record(Event::Held { change: id(), reason })),
        Watch::Ill(reason) => Some(back(change, one, reason)),
    }
}

/// Judges the gates from a reading that was made at `not_before` or later, and less than `age`
/// ago.
fn judged(
    run: &Run<'_>,
    change: &Change,
    case: &Case<'_>,
    not_before: Timestamp,
    age: SignedDuration,
) -> Result<GateVerdict, Need> {
    let reading = run.readings.gates.get(&change.id);
    let is_young = |reading: &GateReading| {
        reading.at >= not_before && run.now.duration_since(reading.at) < age
    };
    if let Some(query) = gate::query(case)
        && !reading.is_some_and(is_young)
    {
        return Err(Need::At(Next::ReadGate { change: change.id.clone(), query }));
    }
    Ok(gate::judge(case, reading))
}

fn record_verdict(run: &Run<'_>, change: &Change, verdict: GateVerdict) -> Need {
    let points = run.readings.gates.get(&change.id).map(|reading| &reading.series);
    let text = serde_json::to_vec(&points).unwrap_or_default();
    let evidence = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    record(Event::GateJudged { change: change.id.clone(), verdict, evidence })
}

/// Returns the sooner of a moment and the next look.
fn soonest(run: &Run<'_>, moment: Timestamp) -> Timestamp {
    let look = run.now.saturating_add(LOOK).unwrap_or(run.now);
    if moment > run.now { moment.min(look) } else { look }
}

fn soaking() -> Reason {
    Reason::new("soaking", "It is being watched.", "상태를 지켜보고 있습니다.")
}

fn confirming() -> Reason {
    Reason::new(
        "confirming",
        "Its gates passed. It waits for its confirmation.",
        "관문을 통과했습니다. 확정 시점을 기다립니다.",
    )
}

fn no_reason() -> Reason {
    Reason::new("gate", "A gate did not pass.", "관문을 통과하지 못했습니다.")
}
