//! The way back from a run that is over: a plan of its own, made from what the run wrote down.

use jiff::Timestamp;

use trimtab_model::action::{Action, InstanceRefresh};
use trimtab_model::gate::{Presence, Signal};
use trimtab_model::id::ChangeId;
use trimtab_model::journal::{ChangeOutcome, Journal};
use trimtab_model::money::Money;
use trimtab_model::observed::{GroupObserved, Observed};
use trimtab_model::plan::{Change, LeftOut, Plan, Stage, Wave};
use trimtab_model::recommendation::Estimate;
use trimtab_model::recommendation::Undo;
use trimtab_model::text::Reason;

use crate::progress::{Phase, Progress};
use crate::sequence::registrations;

/// How the identifier of a change ends that takes another one back.
const SUFFIX: &str = "-BACK";

/// Returns whether a change takes one of an earlier run back: it need not save anything.
pub(crate) fn is_way_back(change: &Change) -> bool {
    change.id.as_str().ends_with(SUFFIX)
}

/// Makes the plan that takes back what a run confirmed, the last change first.
///
/// Each resource must still be what the run left: what was seen when watching began is what the
/// new plan expects. What cannot be taken back by a change is left out with its reason.
pub fn inverse(plan: &Plan, journal: &Journal, by: &str, now: Timestamp) -> Plan {
    let progress = Progress::of(journal);
    let mut left_out = Vec::new();
    let mut stages = Vec::new();
    for stage in &plan.stages {
        let mut waves: Vec<Wave> = Vec::new();
        for wave in stage.waves.iter().rev() {
            let mut changes = Vec::new();
            for change in wave.changes.iter().rev() {
                match taken_back(change, &progress) {
                    Ok(Some(back)) => changes.push(back),
                    Ok(None) => {}
                    Err(reason) => left_out.push(LeftOut {
                        recommendation: change.recommendation.clone(),
                        resource: change.resource.clone(),
                        reason,
                        patch: None,
                    }),
                }
            }
            if !changes.is_empty() {
                waves.push(Wave { name: wave.name, changes });
            }
        }
        if !waves.is_empty() {
            stages.push(Stage { environment: stage.environment, approval: stage.approval, waves });
        }
    }
    // What was seen last is what the new plan is built from.
    let built_from = journal.entries().last().map_or(plan.built_from, |entry| entry.at);
    Plan {
        format: plan.format,
        created_at: now,
        created_by: by.to_owned(),
        expires_at: now.saturating_add(plan.rules.plan_lifetime).unwrap_or(now),
        built_from,
        accounts: plan.accounts.clone(),
        rules: plan.rules.clone(),
        stages,
        left_out,
    }
}

/// Returns the change that takes one back; none where there is nothing to take back.
fn taken_back(change: &Change, progress: &Progress) -> Result<Option<Change>, Reason> {
    let Some(one) = progress.changes.get(&change.id) else { return Ok(None) };
    let is_made = match &one.phase {
        Phase::Closed { outcome, .. } => *outcome == ChangeOutcome::Confirmed,
        Phase::Forward | Phase::Soaking { .. } | Phase::Passed { .. } | Phase::Back { .. } => false,
    };
    if !is_made {
        return Ok(None);
    }
    let Some(after) = &one.after else { return Err(not_by_a_change()) };
    let action = match (&change.action, after) {
        (Action::RefreshInstances(made), Observed::Group(group)) => replaced(made, group),
        (action, _) => opposite(action),
    };
    let Some(action) = action else { return Err(no_way_back(change, &one.before)) };
    let mut gates = change.gates.clone();
    for gate in &mut gates {
        // What was forecast and seen was of the other setting.
        gate.expected = None;
        gate.busy = None;
        // What it was before, it was with the memory that it had.
        if gate.signal == Signal::MemoryUtilization {
            gate.presence = Presence::Optional;
        }
    }
    Ok(Some(Change {
        id: ChangeId::new(format!("{}{SUFFIX}", change.id)),
        action,
        expected: after.fingerprint(),
        undo: Undo::Exact,
        ladder: Vec::new(),
        projected: Vec::new(),
        gates,
        estimated_monthly_savings: lost(&change.estimated_monthly_savings),
        ..change.clone()
    }))
}

/// Returns the action that leads back; none where no call of ours does.
fn opposite(action: &Action) -> Option<Action> {
    match action {
        Action::ModifyInstanceType { from, to } => {
            Some(Action::ModifyInstanceType { from: to.clone(), to: from.clone() })
        }
        Action::ModifyVolume { from, to, size_gib } => {
            Some(Action::ModifyVolume { from: to.clone(), to: from.clone(), size_gib: *size_gib })
        }
        Action::ModifyDbInstanceClass { from, to } => {
            Some(Action::ModifyDbInstanceClass { from: to.clone(), to: from.clone() })
        }
        // A class goes back in place; storage only by another copy, which is a plan of its own.
        Action::SwitchDatabase(switch) if switch.storage_gib().is_none() => {
            Some(Action::ModifyDbInstanceClass {
                from: switch.to_class.clone(),
                to: switch.from_class.clone(),
            })
        }
        // Storage never shrinks in place.
        Action::ModifyDbStorage { from, to }
            if from.allocated_storage_gib >= to.allocated_storage_gib =>
        {
            Some(Action::ModifyDbStorage { from: to.clone(), to: from.clone() })
        }
        Action::ResizeAutoScalingGroup { from, to } => {
            Some(Action::ResizeAutoScalingGroup { from: *to, to: *from })
        }
        Action::UpdateFunctionMemory { from_mb, to_mb } => {
            Some(Action::UpdateFunctionMemory { from_mb: *to_mb, to_mb: *from_mb })
        }
        Action::UpdateFunctionArchitecture { from, to } => {
            Some(Action::UpdateFunctionArchitecture { from: to.clone(), to: from.clone() })
        }
        _ => None,
    }
}

/// Returns the refresh that leads back to the version of before, which is still there.
fn replaced(made: &InstanceRefresh, left: &GroupObserved) -> Option<Action> {
    Some(Action::RefreshInstances(InstanceRefresh {
        from: made.to.clone(),
        to: made.from.clone(),
        from_version: left.version.clone()?,
        to_version: Some(made.from_version.clone()),
        ..made.clone()
    }))
}

/// Returns an estimate the other way round: what was saved is paid again.
fn lost(saved: &Estimate) -> Estimate {
    let minus = |money: Money| Money { amount: -money.amount, ..money };
    Estimate {
        low: minus(saved.high),
        likely: minus(saved.likely),
        high: minus(saved.low),
        before_discounts: minus(saved.before_discounts),
        cost_now: saved.cost_after,
        cost_after: saved.cost_now,
        formula_now: saved.formula_after.clone(),
        formula_after: saved.formula_now.clone(),
        basis: saved.basis,
        billed: None,
    }
}

/// Says what leads back where no change of ours does.
fn no_way_back(change: &Change, before: &Observed) -> Reason {
    let (id, region) = (&change.resource.id, &change.resource.region);
    match (&change.action, &change.migration) {
        (Action::StopInstance { .. }, Some(migration)) => {
            let name = &migration.name;
            let register = match before {
                Observed::Instance(before) => registrations(change, before),
                _ => Vec::new(),
            };
            let (register_en, register_ko) = if register.is_empty() {
                (String::new(), String::new())
            } else {
                let commands = register.join(" && ");
                (
                    format!(" Once it runs, register it where it was with `{commands}`."),
                    format!(" 실행되면 `{commands}` 명령으로 원래 대상 그룹에 다시 등록하세요."),
                )
            };
            Reason::new(
                "start-by-hand",
                format!(
                    "Start it with `aws ec2 start-instances --instance-ids {id} --region {region}`.{register_en} Then give it its work back as the guide of the migration {name} says (rollback)."
                ),
                format!(
                    "`aws ec2 start-instances --instance-ids {id} --region {region}` 명령으로 다시 시작하세요.{register_ko} 그런 다음 {name} 전환 안내서의 되돌리기 단계대로 작업을 다시 넘기세요."
                ),
            )
        }
        _ => not_by_a_change(),
    }
}

fn not_by_a_change() -> Reason {
    Reason::new(
        "no-way-back",
        "No change leads back: what was kept before it is in the journal of the run.",
        "변경으로 되돌릴 수 없습니다. 변경 전에 보관한 것은 실행 기록에 있습니다.",
    )
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn what_leads_back_swaps_what_is_and_what_was() {
        let change = sample::change();
        let Action::ModifyInstanceType { from, to } = &change.action else {
            panic!("a change of type")
        };
        let back = opposite(&change.action);
        assert_eq!(back, Some(Action::ModifyInstanceType { from: to.clone(), to: from.clone() }));
        let lost = lost(&change.estimated_monthly_savings);
        assert_eq!(lost.cost_now, change.estimated_monthly_savings.cost_after);
        assert!(!lost.likely.is_positive());
    }

    #[test]
    fn a_way_back_may_cost_and_be_old() {
        use super::super::{Severity, lint};
        use trimtab_model::journal::{Event, RunOutcome};

        let plan = sample::plan();
        let id = plan.changes().next().unwrap().id.clone();
        let seen = || Box::new(Observed::Gone);
        let well = Reason::new("well", "It is well.", "정상입니다.");
        let mut journal = Journal::default();
        for event in [
            Event::ChangeStarted { change: id.clone(), before: seen() },
            Event::SoakStarted { change: id.clone(), after: seen() },
            Event::ChangeClosed {
                change: id.clone(),
                outcome: ChangeOutcome::Confirmed,
                reason: well,
                manual: Vec::new(),
            },
            Event::RunClosed { outcome: RunOutcome::Complete },
        ] {
            journal.append(sample::now(), 1, event);
        }
        let later = sample::now() + jiff::SignedDuration::from_hours(400);
        let back = inverse(&plan, &journal, "kim", later);
        let changes: Vec<&Change> = back.changes().collect();
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].id.as_str(), format!("{id}-BACK"));
        let codes: Vec<String> = lint(&back, later)
            .into_iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| finding.code)
            .collect();
        for code in ["no-saving", "old-inventory", "memory-unmeasured"] {
            assert!(!codes.contains(&code.to_owned()), "{codes:?}");
        }
    }

    #[test]
    fn what_is_started_by_hand_is_registered_again_where_it_was() {
        use trimtab_model::call::Target;
        use trimtab_model::observed::{TargetHealth, TargetObserved};

        let mut change = sample::change();
        change.action = Action::StopInstance { instance_type: "m5.xlarge".into() };
        change.migration = Some(Box::new(sample::migration("i-1")));
        let mut before = crate::adopt::trial::machine("m5.xlarge");
        let alone = no_way_back(&change, &Observed::Instance(before.clone())).text;
        assert!(!alone.en.contains("register-targets"), "{alone:?}");
        let target = Target { group: "tg-1".into(), instance: "i-1".into(), port: Some(8080) };
        before.targets =
            vec![TargetObserved { target, health: TargetHealth::Healthy, healthy_others: 1 }];
        let told = no_way_back(&change, &Observed::Instance(before)).text;
        for text in [&told.en, &told.ko] {
            let (start, register) =
                (text.find("start-instances"), text.find("--target-group-arn tg-1"));
            assert!(start.is_some() && start < register, "{text}");
            assert!(text.contains(",Port=8080"), "{text}");
        }
    }

    #[test]
    fn what_is_deleted_has_no_way_back() {
        assert_eq!(opposite(&Action::ReleaseAddress { public_ip: None }), None);
    }
}
