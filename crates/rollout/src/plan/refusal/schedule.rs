//! Schedules that are not set up.

use trimtab_model::action::ScheduleTarget;
use trimtab_model::environment::Environment;
use trimtab_model::text::Reason;

use super::super::subject::Subject;
use super::{Asked, changed, refuse};

/// Returns why nothing stops and starts a resource by a schedule.
pub(super) fn refusal(asked: Asked<'_>, target: &ScheduleTarget) -> Option<Reason> {
    if matches!(asked.environment, Environment::Prod | Environment::Unknown) {
        return refuse(
            "schedule-in-production",
            "Nothing in production is stopped by a schedule, nor what has no environment.",
            "운영 환경이거나 환경을 알 수 없는 리소스는 일정에 따라 중지하지 않습니다.",
        );
    }
    match (target, asked.subject) {
        (ScheduleTarget::AutoScalingGroup { sizes }, Subject::Group(group)) => {
            let kind = &group.kind;
            if (kind.min_size, kind.max_size) != (sizes.min_size, sizes.max_size) {
                return changed(
                    "MinSize-MaxSize",
                    format!("{}-{}", sizes.min_size, sizes.max_size),
                    format!("{}-{}", kind.min_size, kind.max_size),
                );
            }
            None
        }
        (ScheduleTarget::DbInstance, Subject::DbInstance(one)) => {
            let kind = &one.kind;
            if kind.read_replica_source.is_some() || kind.db_cluster_identifier.is_some() {
                return refuse(
                    "database-not-stoppable",
                    "RDS stops no replica, and no member of a cluster by itself.",
                    "RDS에서 복제본과 클러스터의 개별 인스턴스는 중지할 수 없습니다.",
                );
            }
            without_role(asked)
        }
        (ScheduleTarget::DbCluster { .. }, Subject::DbCluster(one)) => {
            let kind = &one.kind;
            let is_serverless = kind.engine_mode.as_deref() == Some("serverless");
            if is_serverless
                || kind.global_cluster_identifier.is_some()
                || kind.replication_source_identifier.is_some()
            {
                return refuse(
                    "cluster-not-stoppable",
                    "Aurora stops no cluster that is serverless or replicates.",
                    "Aurora 서버리스 클러스터와 복제하는 클러스터는 중지할 수 없습니다.",
                );
            }
            without_role(asked)
        }
        (ScheduleTarget::Instance, Subject::Instance(_)) => without_role(asked),
        _ => None,
    }
}

fn without_role(asked: Asked<'_>) -> Option<Reason> {
    if asked.rules.scheduler.arn(asked.resource).is_some() {
        return None;
    }
    refuse(
        "needs-a-role",
        "A schedule acts by a role of its own: set rollout.scheduler_role, whose policy `trimtab iam policy --tier scheduler` prints.",
        "일정이 사용할 역할이 필요합니다. rollout.scheduler_role을 설정하세요. 역할의 정책은 `trimtab iam policy --tier scheduler`로 출력합니다.",
    )
}

#[cfg(test)]
mod tests {
    use trimtab_model::action::{Action, GroupSizes};
    use trimtab_model::plan::{ChangeClass, Plan, RolloutRules};
    use trimtab_model::resource::{ResourceKind, ResourceRef};
    use trimtab_model::schedule::{PlannedHour, Schedule, WeekPlan};
    use trimtab_model::snapshot::Snapshot;

    use super::*;
    use crate::plan::{create, sample};

    fn wish(resource: ResourceRef, target: ScheduleTarget) -> Action {
        let week = WeekPlan::new(|hour| match (resource.id.as_str(), hour.hour()) {
            (_, 9..19) => PlannedHour::Used,
            _ => PlannedHour::Off,
        });
        let schedule = Schedule { time_zone: "Asia/Seoul".to_owned(), week };
        Action::ApplySchedule { schedule, target }
    }

    fn plan(
        snapshot: &Snapshot,
        resource: ResourceRef,
        target: ScheduleTarget,
        role: Option<&str>,
    ) -> Plan {
        let mut rules = RolloutRules { ..sample::rules() };
        rules.scheduler.every = role.map(str::to_owned);
        let action = wish(resource.clone(), target);
        let wished = [sample::recommendation("R-1", resource, action, "10")];
        create(&wished, snapshot, Some(&sample::prices()), &rules, &sample::request())
    }

    fn code(plan: &Plan) -> Option<&str> {
        plan.left_out.first().map(|one| one.reason.code.as_str())
    }

    fn machine(environment: Environment) -> (Snapshot, ResourceRef) {
        let mut snapshot = sample::snapshot();
        let mut machine = sample::instance("i-1", "m5.xlarge");
        machine.environment = environment;
        let reference = machine.reference(ResourceKind::Instance);
        snapshot.instances = vec![machine];
        (snapshot, reference)
    }

    #[test]
    fn a_machine_outside_production_is_scheduled_once_there_is_a_role() {
        let role = Some("trimtab-scheduler");
        let (snapshot, one) = machine(Environment::Dev);
        let made = plan(&snapshot, one.clone(), ScheduleTarget::Instance, role);
        let change = made.changes().next().expect("a change");
        assert_eq!(change.class, ChangeClass::Reversible);
        // Whether it runs, and as what, is nothing to a schedule.
        let names: Vec<&str> = change.expected.0.keys().map(String::as_str).collect();
        assert_eq!(names, ["InstanceId"]);
        let without = plan(&snapshot, one, ScheduleTarget::Instance, None);
        assert_eq!(code(&without), Some("needs-a-role"));
        for environment in [Environment::Prod, Environment::Unknown] {
            let (snapshot, one) = machine(environment);
            let refused = plan(&snapshot, one, ScheduleTarget::Instance, role);
            assert_eq!(code(&refused), Some("schedule-in-production"));
        }
    }

    #[test]
    fn a_group_needs_no_role_and_must_have_the_sizes_that_it_gets_back() {
        let mut snapshot = sample::snapshot();
        let mut group = sample::group("web", 2, 8, 3);
        group.environment = Environment::Staging;
        let reference = group.reference(ResourceKind::AutoScalingGroup);
        snapshot.auto_scaling_groups = vec![group];
        let sizes = GroupSizes { min_size: 2, max_size: 8, desired_capacity: 3 };
        let target = ScheduleTarget::AutoScalingGroup { sizes };
        let made = plan(&snapshot, reference.clone(), target, None);
        assert_eq!(made.changes().count(), 1, "{:?}", made.left_out);
        let other = GroupSizes { max_size: 9, ..sizes };
        let target = ScheduleTarget::AutoScalingGroup { sizes: other };
        assert_eq!(code(&plan(&snapshot, reference, target, None)), Some("changed-since"));
    }

    #[test]
    fn what_aws_does_not_stop_is_not_scheduled() {
        let role = Some("trimtab-scheduler");
        let mut snapshot = sample::snapshot();
        let mut replica = sample::database("copy", "db.r6g.large");
        replica.environment = Environment::Dev;
        replica.kind.read_replica_source = Some("main".into());
        let reference = replica.reference(ResourceKind::DbInstance);
        snapshot.db_instances = vec![replica];
        let refused = plan(&snapshot, reference, ScheduleTarget::DbInstance, role);
        assert_eq!(code(&refused), Some("database-not-stoppable"));
        let mut cluster = sample::cluster("game", "writer");
        cluster.environment = Environment::Dev;
        let reference = cluster.reference(ResourceKind::DbCluster);
        snapshot.db_clusters = vec![cluster];
        let target = || ScheduleTarget::DbCluster { members: vec!["writer".into()] };
        let made = plan(&snapshot, reference.clone(), target(), role);
        assert_eq!(made.changes().count(), 1, "{:?}", made.left_out);
        snapshot.db_clusters[0].kind.engine_mode = Some("serverless".to_owned());
        let refused = plan(&snapshot, reference, target(), role);
        assert_eq!(code(&refused), Some("cluster-not-stoppable"));
    }
}
