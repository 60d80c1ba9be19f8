//! Watching a change that is made, and confirming it.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sha2::{Digest, Sha256};

use trimtab_model::environment::Environment;
use trimtab_model::gate::{Blame, Evidence, GateReading, GateState, GateVerdict, SignalSource};
use trimtab_model::journal::{ChangeOutcome, Direction, Event};
use trimtab_model::observed::Observed;
use trimtab_model::plan::{Change, StageRules};
use trimtab_model::text::Reason;

use super::change::{Need, Run, back, close, record};
use super::command::Next;
use crate::gate::{self, Case, Peak};
use crate::progress::ChangeProgress;
use crate::readings::{Asked, Halt, Read};
use crate::sequence::{Decision, Sequence, Watch, Work};

/// How often a resource that is watched is looked at.
const LOOK: SignedDuration = SignedDuration::from_mins(5);
/// How often the metrics of one are read that passed and is not confirmed yet.
const LOOK_LATER: SignedDuration = SignedDuration::from_hours(1);
/// How much of the time since it passed is judged.
const DAY: SignedDuration = SignedDuration::from_hours(24);
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
    let rules = run.plan.rules.stage(change.environment);
    // A development machine is not kept waiting for a busy hour that may come tomorrow.
    let peak = match change.environment {
        Environment::Dev => Peak::NotNeeded,
        Environment::Staging | Environment::Prod | Environment::Unknown => Peak::Needed,
    };
    let case = case(run, change, one, &rules, since, peak);
    let soaked = since.saturating_add(change.soak).unwrap_or(since);
    // Once its time is over it is judged by what was read then, not before.
    let not_before = if run.now < soaked { since } else { soaked };
    let verdict = match judged(run, change, &case, not_before, LOOK) {
        Ok(verdict) => verdict,
        Err(need) => return need,
    };
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
        rules: &run.plan.rules,
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
    // It is judged by its latest day, or by as much as its soak, and once more when it is due:
    // by points that were read then, not before.
    let (not_before, age) = if run.now < due { (passed, LOOK_LATER) } else { (due, LOOK) };
    let last = young(run, change, not_before, age).map_or(run.now, |read| read.reading.at);
    let latest = last.saturating_sub(change.soak.max(DAY)).unwrap_or(passed);
    let from = one.watched_since.map_or(latest, |since| since.max(latest));
    let case = case(run, change, one, &rules, from, Peak::NotNeeded);
    // What is confirmed was just seen.
    if run.now >= due && run.now.duration_since(seen.at) > FRESH {
        return Need::At(Next::Observe(change.id.clone()));
    }
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
            match left {
                None => close(change, ChangeOutcome::Confirmed, reason, Vec::new()),
                Some(left) => {
                    close(change, ChangeOutcome::Confirmed, left, (sequence.manual)(&work))
                }
            }
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
    one: &ChangeProgress,
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
        began: one.started_at,
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
        rules: &run.plan.rules,
        change,
        progress: one,
        now_is: &seen.observed,
        direction: Direction::Forward,
        now: run.now,
    };
    // What was to be deleted is gone as planned.
    if seen.observed == Observed::Gone && one.after != Some(Observed::Gone) {
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

/// Judges the gates from a reading that was made at `not_before` or later, and less than `age`
/// ago.
fn judged(
    run: &Run<'_>,
    change: &Change,
    case: &Case<'_>,
    not_before: Timestamp,
    age: SignedDuration,
) -> Result<GateVerdict, Need> {
    if change.soak.is_zero() {
        return Ok(unwatched());
    }
    let read = young(run, change, not_before, age);
    let query = if read.is_none() { gate::query(case) } else { None };
    if let Some(query) = query {
        return Err(Need::At(Next::ReadGate { change: change.id.clone(), query }));
    }
    // Where nothing is asked, nothing was read.
    let Some(read) = read else { return Ok(gate::judge(case, None)) };
    // What was read tells how it was then.
    let case = Case { now: read.reading.at.min(run.now), ..*case };
    let asked = Asked { since: case.since, began: case.began, peak: case.peak };
    Ok(read.verdict(asked, |reading| gate::judge(&case, Some(reading))))
}

/// Returns what was read of a change at a moment or later, and less than `age` ago.
fn young<'a>(
    run: &Run<'a>,
    change: &Change,
    not_before: Timestamp,
    age: SignedDuration,
) -> Option<&'a Read> {
    let read = run.readings.gates.get(&change.id)?;
    let at = read.reading.at;
    (at >= not_before && run.now.duration_since(at) < age).then_some(read)
}

/// The verdict of a change that its owner does not want to be watched: linting says so.
fn unwatched() -> GateVerdict {
    let reason = Reason::new(
        "not-watched",
        "It is not watched: the time for that is set to nothing.",
        "지켜보는 시간이 0으로 설정되어 지켜보지 않습니다.",
    );
    GateVerdict {
        state: GateState::Pass,
        blame: Blame::Change,
        reasons: vec![reason],
        figures: BTreeMap::new(),
    }
}

fn record_verdict(run: &Run<'_>, change: &Change, verdict: GateVerdict) -> Need {
    let reading = run.readings.gates.get(&change.id).map(|read| &read.reading);
    let evidence = hash(&reading.map(|reading| (&reading.series, &reading.alarms)));
    let sources = reading.map(|reading| sources(change, reading)).unwrap_or_default();
    record(Event::GateJudged { change: change.id.clone(), verdict, evidence, sources })
}

/// Returns what was read of each source of a change's gates.
fn sources(change: &Change, reading: &GateReading) -> Vec<Evidence> {
    let mut known: Vec<&SignalSource> = Vec::new();
    for gate in &change.gates {
        let own = std::iter::once(&gate.source).chain(&gate.stand_ins);
        for source in own.chain(&gate.controls) {
            if !known.contains(&source) {
                known.push(source);
            }
        }
    }
    let of = |source: &SignalSource| {
        let series: Vec<_> = reading.series.iter().filter(|one| one.source == *source).collect();
        let alarms: Vec<_> = reading.alarms.iter().filter(|one| one.source == *source).collect();
        let points = series.iter().map(|one| one.points.len()).sum::<usize>();
        let states = alarms.iter().map(|one| one.states.len()).sum::<usize>();
        Evidence { source: source.words(), points: points + states, hash: hash(&(series, alarms)) }
    };
    known.into_iter().map(of).collect()
}

fn hash(what: &impl Serialize) -> String {
    // What is no number is written as nothing: points have no other form that JSON lacks.
    let text = serde_json::to_vec(what).unwrap_or_default();
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
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

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use trimtab_model::action::Action;
    use trimtab_model::gate::{Points, Signal};
    use trimtab_model::id::{
        ChangeId, InstanceType, RecommendationId, RegionId, ResourceId, SubAccountId,
    };
    use trimtab_model::journal::Journal;
    use trimtab_model::money::{Currency, Money};
    use trimtab_model::observed::InstanceObserved;
    use trimtab_model::plan::{
        Ancestry, Approval, ChangeClass, Fingerprint, Plan, RecoveryPoint, RolloutRules, Stage,
        Wave, WaveName,
    };
    use trimtab_model::price::PriceBasis;
    use trimtab_model::recommendation::{Estimate, PerformanceRisk, Undo};
    use trimtab_model::resource::instance::InstanceState;
    use trimtab_model::resource::{ResourceKind, ResourceRef};

    use super::*;
    use crate::gate::sample::{Sample, gate};
    use crate::next::next;
    use crate::readings::{Readings, Seen};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn nothing() -> Estimate {
        let zero = Money::zero(Currency::USD);
        Estimate {
            low: zero,
            likely: zero,
            high: zero,
            before_discounts: zero,
            cost_now: zero,
            cost_after: zero,
            formula_now: Vec::new(),
            formula_after: Vec::new(),
            basis: PriceBasis::Bill,
            billed: None,
        }
    }

    fn change() -> Change {
        let hours = SignedDuration::from_hours;
        Change {
            id: ChangeId::new("C-1"),
            recommendation: RecommendationId::new("R-1"),
            resource: ResourceRef {
                id: ResourceId::new("i-1"),
                kind: ResourceKind::Instance,
                account: SubAccountId::new("111122223333"),
                region: RegionId::new("ap-northeast-2"),
                environment: Environment::Prod,
                name: None,
            },
            environment: Environment::Prod,
            action: Action::ModifyInstanceType {
                from: InstanceType::new("m6i.xlarge"),
                to: InstanceType::new("m6i.large"),
            },
            expected: Fingerprint::default(),
            class: ChangeClass::Reversible,
            undo: Undo::Exact,
            recovery: RecoveryPoint::Settings,
            parts: BTreeSet::new(),
            migration: None,
            ladder: Vec::new(),
            projected: Vec::new(),
            gates: vec![gate(Signal::CpuUtilization)],
            soak: hours(24),
            downtime_budget: hours(1),
            duration: hours(1),
            units: Vec::new(),
            ancestry: Ancestry::Own,
            risk: PerformanceRisk::VERY_LOW,
            estimated_monthly_savings: nothing(),
        }
    }

    fn plan() -> Plan {
        let hours = SignedDuration::from_hours;
        let rules = StageRules { soak: hours(24), extension: hours(4), confirm_after: hours(2) };
        let wave = Wave { name: WaveName::Canary, changes: vec![change()] };
        Plan {
            format: 1,
            created_at: at("2026-11-23T00:00:00Z"),
            created_by: "jin".to_owned(),
            expires_at: at("2026-12-30T00:00:00Z"),
            built_from: at("2026-11-23T00:00:00Z"),
            accounts: BTreeMap::new(),
            rules: RolloutRules {
                stages: BTreeMap::from([(Environment::Prod, rules)]),
                ..RolloutRules::default()
            },
            stages: vec![Stage {
                environment: Environment::Prod,
                approval: Approval::Hash,
                waves: vec![wave],
            }],
            left_out: Vec::new(),
        }
    }

    fn instance() -> Observed {
        Observed::Instance(InstanceObserved {
            fingerprint: Fingerprint::default(),
            obstacles: Vec::new(),
            state: InstanceState::Running,
            state_reason: None,
            instance_type: InstanceType::new("m6i.large"),
            launch_time: None,
            availability_zone: None,
            platform: None,
            volumes: BTreeSet::new(),
            checks: None,
            cpu_credits: None,
            is_opted_in: true,
            targets: Vec::new(),
            snapshots: Vec::new(),
            reservations: Vec::new(),
        })
    }

    /// A change that is watched since the start of a Tuesday, and passed a day later.
    fn passed() -> Journal {
        let mut journal = watched();
        let verdict = GateVerdict {
            state: GateState::Pass,
            blame: Blame::Change,
            reasons: Vec::new(),
            figures: BTreeMap::new(),
        };
        let change = ChangeId::new("C-1");
        let (evidence, sources) = (String::new(), Vec::new());
        let judged = Event::GateJudged { change, verdict, evidence, sources };
        journal.append(at("2026-11-25T00:00:00Z"), 1, judged);
        journal
    }

    fn watched() -> Journal {
        let mut journal = Journal::default();
        let start = at("2026-11-24T00:00:00Z");
        let (change, before) = (ChangeId::new("C-1"), Box::new(instance()));
        let by = "jin".to_owned();
        journal.append(start, 1, Event::StageApproved { stage: 0, by, hash: String::new() });
        journal.append(start, 1, Event::StageStarted { stage: 0 });
        journal.append(start, 1, Event::ChangeStarted { change: change.clone(), before });
        journal.append(start, 1, Event::SoakStarted { change, after: Box::new(instance()) });
        journal
    }

    /// What is next so many hours after watching began, if CPU use was read then.
    fn after(journal: &Journal, hours: i64, read: i64, percent: f64) -> Next {
        let signal = Signal::CpuUtilization;
        let sample =
            Sample::of(gate(signal)).after(read).reads(signal, "i-1", |_, _| Some(percent));
        with(journal, hours, sample.reading)
    }

    fn with(journal: &Journal, hours: i64, reading: GateReading) -> Next {
        let now = at("2026-11-24T00:00:00Z") + SignedDuration::from_hours(hours);
        let id = ChangeId::new("C-1");
        let seen = Seen { after: journal.len(), at: now, observed: instance() };
        let readings = Readings {
            observed: BTreeMap::from([(id.clone(), seen)]),
            gates: BTreeMap::from([(id, reading.into())]),
            ..Readings::default()
        };
        next(&plan(), journal, &readings, now)
    }

    fn recorded(next: Next) -> Event {
        match next {
            Next::Record(event) => *event,
            other => unreachable!("{other:?}"),
        }
    }

    #[test]
    fn e29_a_confirmation_reads_its_gates_again_and_a_late_failure_wins() {
        let mut journal = passed();
        // What was read before it was due does not count, however well it was.
        let early = after(&journal, 26, 25, 50.0);
        assert!(matches!(early, Next::ReadGate { .. }), "{early:?}");
        let confirmed = recorded(after(&journal, 26, 26, 50.0));
        let Event::ChangeClosed { outcome, .. } = confirmed else { unreachable!("{confirmed:?}") };
        assert_eq!(outcome, ChangeOutcome::Confirmed);
        let failed = recorded(after(&journal, 26, 26, 95.0));
        let Event::GateJudged { verdict, .. } = &failed else { unreachable!("{failed:?}") };
        assert_eq!(verdict.state, GateState::Fail);
        // It goes back, though it had passed.
        journal.append(at("2026-11-25T02:00:00Z"), 1, failed);
        let closed = recorded(after(&journal, 26, 26, 50.0));
        assert!(!matches!(closed, Event::ChangeClosed { outcome: ChangeOutcome::Confirmed, .. }));
    }

    #[test]
    fn what_passed_and_is_not_confirmed_is_read_on_and_fails_as_soon_as_it_does() {
        let failed = recorded(after(&passed(), 25, 25, 95.0));
        assert!(matches!(failed, Event::GateJudged { .. }), "{failed:?}");
        assert!(matches!(after(&passed(), 25, 25, 50.0), Next::Wait { .. }));
    }

    #[test]
    fn what_is_not_known_is_never_confirmed_and_ends_with_a_person() {
        let journal = passed();
        let empty = |hours| {
            let mut sample = Sample::of(gate(Signal::CpuUtilization)).after(hours);
            sample.reading.series.clear();
            sample.reading
        };
        assert!(matches!(with(&journal, 26, empty(26)), Next::Wait { .. }));
        let judged = recorded(with(&journal, 31, empty(31)));
        let Event::GateJudged { verdict, .. } = &judged else { unreachable!("{judged:?}") };
        assert_eq!(verdict.state, GateState::Inconclusive);
        let mut journal = journal;
        journal.append(at("2026-11-25T07:00:00Z"), 1, judged);
        assert!(matches!(recorded(with(&journal, 31, empty(31))), Event::Held { .. }));
    }

    #[test]
    fn metrics_that_may_not_be_read_call_a_person_at_once() {
        let signal = Signal::CpuUtilization;
        let mut sample = Sample::of(gate(signal)).after(1);
        sample.reading.series = vec![Points {
            source: gate(signal).source,
            status: trimtab_model::gate::PointsStatus::Forbidden,
            points: Vec::new(),
        }];
        let judged = recorded(with(&watched(), 1, sample.reading));
        assert!(matches!(judged, Event::GateJudged { .. }), "{judged:?}");
    }
}
