//! Target groups as they are now, beside what the plan knows of them.
//!
//! A plan's budget and gates are of the target groups that the inventory had. Both are looked at
//! once more before a change begins.

use std::collections::BTreeSet;

use trimtab_model::observed::{Observed, TargetHealth, TargetObserved};
use trimtab_model::plan::{Change, UnitKind};
use trimtab_model::text::Reason;

use super::change::Run;

/// What the ARN of a target group has, and that of a load balancer has not.
const GROUP: &str = ":targetgroup/";

/// Returns why a change is not made whose instance is registered in a target group that the plan
/// does not know: nothing would watch that group. A load balancer that stands for all of its
/// groups leaves open which ones they are.
pub(super) fn elsewhere(change: &Change, observed: &Observed) -> Option<Reason> {
    if balancers(change).any(|name| !name.contains(GROUP)) {
        return None;
    }
    let known: BTreeSet<&str> = groups(change).collect();
    let registered = targets(observed).iter().map(|one| one.target.group.as_str());
    let group = registered.filter(|one| one.contains(GROUP)).find(|one| !known.contains(one))?;
    Some(Reason::new(
        "registered-elsewhere",
        format!(
            "It is registered in {group}, which the plan does not know: scan, and make the plan again."
        ),
        format!(
            "계획에 없는 대상 그룹 {group}에 등록되어 있습니다. 다시 스캔하고 계획을 새로 만드세요."
        ),
    ))
}

impl Run<'_> {
    /// Returns whether the members that are healthy now allow one more to be under way: fewer may
    /// be than when the plan was made.
    pub(super) fn is_affordable_now(&self, change: &Change, observed: &Observed) -> bool {
        let known: BTreeSet<&str> = groups(change).collect();
        let own = targets(observed).iter().filter(|one| known.contains(one.target.group.as_str()));
        own.into_iter().all(|one| {
            let group = one.target.group.as_str();
            let busy = self
                .progress
                .changes
                .iter()
                .filter(|(_, other)| other.is_under_way())
                .filter_map(|(id, _)| self.plan.change(id))
                .filter(|other| groups(other).any(|of| of == group))
                .count();
            let healthy = one.healthy_others as usize
                + usize::from(one.health == TargetHealth::Healthy)
                + busy;
            let share = healthy * usize::from(self.plan.rules.budget_percent) / 100;
            busy < share.max(1)
        })
    }
}

/// Returns the target groups that a change is known to be part of.
fn groups(change: &Change) -> impl Iterator<Item = &str> {
    balancers(change).filter(|name| name.contains(GROUP))
}

/// Returns the target groups that a change is known to be part of, and the load balancers of
/// whose groups nothing is known.
fn balancers(change: &Change) -> impl Iterator<Item = &str> {
    let units = change.units.iter().filter(|unit| unit.kind == UnitKind::TargetGroup);
    units.map(|unit| unit.name.as_str())
}

fn targets(observed: &Observed) -> &[TargetObserved] {
    if let Observed::Instance(instance) = observed { &instance.targets } else { &[] }
}

#[cfg(test)]
mod tests {
    use trimtab_model::call::Target;
    use trimtab_model::plan::BudgetUnit;

    use super::*;
    use crate::adopt::trial::machine;
    use crate::plan::sample::change;

    const ARN: &str = "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:";

    fn found(units: &[&str], groups: &[&str]) -> Option<String> {
        let mut change = change();
        change.units = units
            .iter()
            .map(|name| BudgetUnit {
                kind: UnitKind::TargetGroup,
                name: format!("{ARN}{name}"),
                members: 3,
            })
            .collect();
        let mut now = machine("m5.xlarge");
        now.targets = groups
            .iter()
            .map(|name| TargetObserved {
                target: Target {
                    group: format!("{ARN}{name}").into(),
                    instance: "i-dev".into(),
                    port: None,
                },
                health: TargetHealth::Healthy,
                healthy_others: 2,
            })
            .collect();
        elsewhere(&change, &Observed::Instance(now)).map(|reason| reason.code)
    }

    #[test]
    fn a_machine_that_was_registered_since_the_plan_was_made_is_not_touched() {
        let refused = Some("registered-elsewhere".to_owned());
        assert_eq!(found(&[], &["targetgroup/chat/1"]), refused);
        let known = &["targetgroup/lobby/1"];
        assert_eq!(found(known, &["targetgroup/lobby/1", "targetgroup/chat/1"]), refused);
        assert_eq!(found(known, known), None);
        assert_eq!(found(&[], &[]), None);
        // Which groups a whole load balancer has, the plan does not know.
        assert_eq!(found(&["loadbalancer/app/web/1"], &["targetgroup/chat/1"]), None);
    }
}
