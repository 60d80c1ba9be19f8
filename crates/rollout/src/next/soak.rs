//! Watching a change that is made, and confirming it.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use trimtab_model::gate::{Blame, GateState, GateVerdict};
use trimtab_model::journal::{ChangeOutcome, Direction, Event};
use trimtab_model::observed::Observed;
use trimtab_model::plan::Change;
use trimtab_model::text::Reason;

use super::change::{Need, Run, back, close, record};
use super::command::Next;
use crate::gate;
use crate::progress::ChangeProgress;
use crate::readings::Halt;
use crate::sequence::{Decision, Sequence, Watch, Work};

/// How often a resource that is watched is looked at.
const LOOK: SignedDuration = SignedDuration::from_mins(5);
/// How old an observation may be that confirms something.
const FRESH: SignedDuration = SignedDuration::from_secs(10);

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
    let verdict = match judged(run, change, since) {
        Ok(verdict) => verdict,
        Err(need) => return need,
    };
    let rules = run.plan.rules.stage(change.environment);
    let most = change.soak + rules.extension;
    match verdict.state {
        GateState::Inconclusive if run.now.duration_since(since) < most => {
            let soaked = since.saturating_add(change.soak).unwrap_or(since);
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
    // The lever stops every call, also one that only gives something back.
    if run.readings.halt != Halt::Clear {
        return Need::Nothing;
    }
    let left = match (sequence.release)(&work) {
        Decision::Done => None,
        Decision::Abort(reason) => Some(reason),
        other => return run.follow(&work, sequence, seen, other),
    };
    let rules = run.plan.rules.stage(change.environment);
    let due = passed.saturating_add(rules.confirm_after).unwrap_or(passed);
    if run.now < due {
        return Need::Later(soonest(run, due), confirming());
    }
    // What is confirmed was just seen.
    if run.now.duration_since(seen.at) > FRESH {
        return Need::At(Next::Observe(change.id.clone()));
    }
    let verdict = match judged(run, change, passed) {
        Ok(verdict) => verdict,
        Err(need) => return need,
    };
    match verdict.state {
        GateState::Fail => record_verdict(run, change, verdict),
        GateState::Pass | GateState::Inconclusive => {
            let reason = Reason::new(
                "confirmed",
                "It is as planned, and its gates passed.",
                "계획대로 바뀌었고 관문을 통과했습니다.",
            );
            match left {
                None => close(change, ChangeOutcome::Confirmed, reason, Vec::new()),
                Some(left) => {
                    close(change, ChangeOutcome::Confirmed, left, (sequence.manual)(&work))
                }
            }
        }
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
        Watch::Lost(reason) => {
            let manual = (sequence.manual)(&work);
            Some(close(change, ChangeOutcome::NeedsOperator, reason, manual))
        }
    }
}

/// Judges the gates from a reading that is young enough.
fn judged(run: &Run<'_>, change: &Change, since: Timestamp) -> Result<GateVerdict, Need> {
    let limits = &run.plan.rules.limits;
    let reading = run.readings.gates.get(&change.id);
    if let Some(query) = gate::query(change, since, run.now) {
        let due = reading.and_then(|reading| reading.at.saturating_add(LOOK).ok());
        if due.is_none_or(|due| run.now >= due) {
            return Err(Need::At(Next::ReadGate { change: change.id.clone(), query }));
        }
    }
    Ok(gate::judge(change, limits, since, reading, run.now))
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
