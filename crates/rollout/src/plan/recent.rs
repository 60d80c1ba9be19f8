//! What was changed a short while ago is left alone: figures of before and after a change say
//! little together, and a size that goes down, up and down again is an outage each time.

use std::mem::discriminant;

use jiff::Timestamp;

use trimtab_model::action::Action;
use trimtab_model::journal::{ChangeOutcome, Journal};
use trimtab_model::plan::{Plan, RolloutRules};
use trimtab_model::resource::ResourceRef;
use trimtab_model::text::Reason;

use super::request::PlanRequest;
use crate::progress::{Phase, Progress};

/// What an earlier run did to a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Recent {
    /// The resource.
    pub resource: ResourceRef,
    /// What was done.
    pub action: Action,
    /// When it ended.
    pub at: Timestamp,
    /// How: confirmed, or as it was before.
    pub outcome: ChangeOutcome,
}

/// Lists the changes of a run that touched their resource, and how each ended.
pub fn recent(plan: &Plan, journal: &Journal) -> Vec<Recent> {
    let progress = Progress::of(journal);
    let closed = progress.changes.iter().filter_map(|(id, one)| {
        let Phase::Closed { outcome, at } = &one.phase else { return None };
        let change = plan.change(id)?;
        let is_touched = *outcome != ChangeOutcome::Refused;
        is_touched.then(|| Recent {
            resource: change.resource.clone(),
            action: change.action.clone(),
            at: *at,
            outcome: *outcome,
        })
    });
    closed.collect()
}

/// Returns why an action on a resource is not planned again so soon.
pub(super) fn cooling(
    request: &PlanRequest,
    rules: &RolloutRules,
    action: &Action,
    resource: &ResourceRef,
) -> Option<Reason> {
    let is_same = |one: &&Recent| {
        let of = &one.resource;
        (of.kind, &of.account, &of.region, &of.id)
            == (resource.kind, &resource.account, &resource.region, &resource.id)
            && discriminant(&one.action) == discriminant(action)
    };
    let last = request.recent.iter().filter(is_same).max_by_key(|one| one.at)?;
    let age = request.now.duration_since(last.at);
    if age >= rules.cool_down {
        return None;
    }
    let until = last.at.saturating_add(rules.cool_down).unwrap_or(Timestamp::MAX);
    let (en, ko) = match last.outcome {
        ChangeOutcome::Confirmed => ("was changed", "변경했습니다"),
        ChangeOutcome::Original => ("was changed and taken back", "변경했다가 되돌렸습니다"),
        ChangeOutcome::Refused | ChangeOutcome::NeedsOperator => {
            ("was left to a person", "담당자에게 넘겼습니다")
        }
    };
    Some(Reason::new(
        "cooling-down",
        format!(
            "It {en} at {}: the same kind of change is not planned before {until} (rollout.cool_down).",
            last.at
        ),
        format!(
            "{}에 이 자원을 {ko}. 같은 종류의 변경은 {until} 이후에 다시 계획합니다(rollout.cool_down).",
            last.at
        ),
    ))
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use trimtab_model::resource::ResourceKind;

    use super::super::{create, sample};
    use super::*;

    #[test]
    fn f14_what_was_changed_a_short_while_ago_is_not_changed_again() {
        let mut snapshot = sample::snapshot();
        snapshot.instances = vec![sample::instance("i-1", "m5.xlarge")];
        let wished = sample::resizing("R-1", &snapshot.instances[0], "10");
        let days = |count: i64| SignedDuration::from_hours(24 * count);
        let left = |id: &str, action: Action, age: SignedDuration, outcome| {
            let mut request = sample::request();
            request.recent = vec![Recent {
                resource: sample::reference(ResourceKind::Instance, id),
                action,
                at: sample::now() - age,
                outcome,
            }];
            let (prices, rules) = (sample::prices(), sample::rules());
            let wished = std::slice::from_ref(&wished);
            let plan = create(wished, &snapshot, Some(&prices), &rules, &request);
            plan.left_out.first().map(|one| one.reason.code.clone())
        };
        let cooling = Some("cooling-down".to_owned());
        // Down, up and down again: whichever way the last one went, and however it ended.
        let up = || Action::ModifyInstanceType { from: "m5.large".into(), to: "m5.xlarge".into() };
        let last = days(14) - SignedDuration::from_secs(1);
        assert_eq!(left("i-1", up(), days(1), ChangeOutcome::Confirmed), cooling);
        assert_eq!(left("i-1", sample::resize(), last, ChangeOutcome::Original), cooling);
        assert_eq!(left("i-1", sample::resize(), days(1), ChangeOutcome::NeedsOperator), cooling);
        assert_eq!(left("i-1", sample::resize(), days(14), ChangeOutcome::Original), None);
        assert_eq!(left("i-2", up(), days(1), ChangeOutcome::Confirmed), None);
        let other = Action::StopInstance { instance_type: "m5.xlarge".into() };
        assert_eq!(left("i-1", other, days(1), ChangeOutcome::Confirmed), None);
    }
}
