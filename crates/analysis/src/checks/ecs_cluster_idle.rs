//! Finds ECS clusters whose EC2 machines have waited for tasks for weeks.
//!
//! **Why it costs.** A machine that joined a cluster is charged by the hour as any instance,
//! whether or not a task runs on it.
//!
//! **What we do.** Set the Auto Scaling groups of its machines to zero, and stop machines that
//! belong to no group. The cluster stays. Waited means: no task runs or is wanted now, and in two
//! weeks ECS sent no metric of the cluster. ECS sends them for every cluster with a running task,
//! so their lack proves something only where it sent those of another cluster or service of the
//! same account and region. The saving is the hours of the machines.
//!
//! **What could go wrong.** The machines may stand by for a batch that comes less often than the
//! window. With managed scaling, new ones start with the next task, which waits some minutes. What
//! is only on their disks goes with the machines of a group.
//!
//! **Where others err.** They look at the processor use of the cluster, which is low also where
//! small tasks run all day.
//!
//! # 한국어
//!
//! EC2 인스턴스가 몇 주째 태스크 없이 대기하는 ECS 클러스터를 찾습니다.
//!
//! **비용이 드는 이유.** 클러스터에 등록된 인스턴스는 태스크 실행 여부와 관계없이 일반 인스턴스처럼 시간당 과금됩니다.
//!
//! **제안하는 조치.** 인스턴스가 속한 Auto Scaling 그룹의 크기를 0으로 줄이고, 그룹에 속하지 않은 인스턴스는 중지합니다.
//! 클러스터는 그대로 둡니다. 지금 실행 중이거나 원하는 태스크가 없고, 2주 동안 ECS가 이 클러스터의 지표를 보내지 않았을 때만
//! 해당합니다. ECS는 태스크가 실행 중인 클러스터의 지표를 항상 보내므로, 같은 계정과 리전의 다른 클러스터나 서비스 지표가 있을 때만
//! 지표가 없다는 사실을 근거로 삼습니다. 절감액은 인스턴스의 시간당 요금입니다.
//!
//! **주의할 점.** 관측 기간보다 드물게 실행되는 배치 작업을 위해 대기하는 인스턴스일 수 있습니다. 관리형 조정을 쓰면 다음 태스크가
//! 올 때 인스턴스가 새로 시작되며 몇 분이 걸립니다. 그룹에 속한 인스턴스의 디스크에만 있는 데이터는 사라집니다.
//!
//! **다른 도구와 다른 점.** 클러스터의 CPU 사용률만 보는 도구가 있지만, 작은 태스크가 종일 실행되는 클러스터도 사용률은 낮습니다.

use trimtab_model::action::{Action, Configuration, ContainerSetting, GroupSizes, MachineGroup};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::{Origin, Statistic};
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::auto_scaling_group::AutoScalingGroup;
use trimtab_model::resource::ecs_cluster::EcsCluster;
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::fargate::service::NAMESPACE;
use crate::group_use::sizes;
use crate::observation::{MIN_DAYS, missing};
use crate::ownership;
use crate::pricing::Tariff;
use crate::quiet::{Signal, seen_use};
use crate::saving::{INSTANCE_HOURS, deletion};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

const MEMORY: &str = "MemoryReservation";
const PEAK: &[Statistic] = &[Statistic::Maximum];
/// Every task on EC2 reserves memory, so that it shows any task at all.
const TASKS: Signal = Signal::any(NAMESPACE, MEMORY, PEAK, ("Memory reserved", "예약된 메모리"));

/// The check.
pub static CHECK: Check = Check {
    id: "ecs-cluster-idle",
    title: StaticText {
        en: "ECS cluster whose EC2 machines wait for tasks",
        ko: "EC2 인스턴스가 태스크 없이 대기하는 ECS 클러스터",
    },
    kind: ResourceKind::EcsCluster,
    action_type: ActionType::ScaleIn,
    needs: &[
        Need::Kind(ResourceKind::EcsCluster),
        Need::Kind(ResourceKind::EcsService),
        Need::Kind(ResourceKind::Instance),
        Need::Kind(ResourceKind::AutoScalingGroup),
        Need::OptionalMetric(NAMESPACE, MEMORY, PEAK),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS],
    judge: |check, facts| {
        let clusters = &facts.snapshot.ecs_clusters;
        judge_each(check, facts, ResourceKind::EcsCluster, clusters, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    cluster: &Resource<EcsCluster>,
) -> Result<Verdict, Unknown> {
    if let Some(verdict) = at_work(facts, cluster)? {
        return Ok(verdict);
    }
    let machines = machines(facts, cluster)?;
    if machines.is_empty() {
        return Ok(pass(
            "external",
            "Its machines are outside EC2.",
            "EC2가 아닌 외부 인스턴스만 등록되어 있습니다.",
        ));
    }
    let min_days = check.threshold_f64(facts, MIN_DAYS.name);
    let launched = machines.iter().filter_map(|machine| machine.kind.launch_time).max();
    let youngest = launched.map_or(0, |launched| days_between(launched, facts.now));
    if f64::from(youngest) < min_days {
        return Ok(pass(
            "too-young",
            format!("One of its machines is {youngest} days old and may wait for its first task."),
            format!(
                "시작한 지 {youngest}일 된 인스턴스가 있어 첫 태스크를 기다리는 중일 수 있습니다."
            ),
        ));
    }
    require_silence(check, facts, cluster)?;
    let (alone, groups) = match grouped(facts, cluster, &machines)? {
        Ok(found) => found,
        Err(verdict) => return Ok(verdict),
    };
    let reference = cluster.reference(ResourceKind::EcsCluster);
    let ids: Vec<ResourceId> = machines.iter().map(|machine| machine.id.clone()).collect();
    let savings = deletion(facts, &reference, &ids, INSTANCE_HOURS, cost(facts, &machines))?;
    Ok(Proposal {
        action: action(alone, groups),
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new(
            "no-tasks",
            format!("{} machines wait, and no task ran in {min_days:.0} days.", machines.len()),
            format!(
                "인스턴스 {}개가 대기 중이며 {min_days:.0}일 동안 실행된 태스크가 없습니다.",
                machines.len()
            ),
        ),
        savings,
        performance_risk: risk(cluster.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "The groups start new machines; what was only on the disks of the old ones is lost.",
            "그룹이 새 인스턴스를 시작하지만, 기존 인스턴스의 디스크에만 있던 데이터는 사라집니다.",
        )),
        evidence: evidence(cluster, machines.len(), youngest),
    }
    .into_verdict(check, reference))
}

/// Returns the verdict on a cluster that works, or whose machines somebody else decides about.
fn at_work(facts: &Facts<'_>, cluster: &Resource<EcsCluster>) -> Result<Option<Verdict>, Unknown> {
    let kind = &cluster.kind;
    if kind.registered_container_instances == 0 {
        return Ok(Some(pass(
            "no-machines",
            "No machine belongs to it, and a cluster alone costs nothing.",
            "등록된 인스턴스가 없으며, 클러스터 자체는 요금이 없습니다.",
        )));
    }
    if kind.running_tasks + kind.pending_tasks > 0 {
        return Ok(Some(pass("in-use", "Tasks run on it.", "실행 중인 태스크가 있습니다.")));
    }
    if cluster.id.as_str().contains("_Batch_") {
        return Ok(Some(exempt(
            "batch",
            "AWS Batch made it and scales its machines.",
            "AWS Batch가 만들고 인스턴스 수를 조정하는 클러스터입니다.",
        )));
    }
    if !facts.snapshot.was_listed(ResourceKind::EcsService, &cluster.account, &cluster.region) {
        return Err(unknown(
            "services-unknown",
            "Its services were not listed.",
            "클러스터의 서비스 목록이 없습니다.",
            &["inventory:describe-services"],
        ));
    }
    let wanted = facts.snapshot.ecs_services.iter().any(|service| {
        service.account == cluster.account
            && service.region == cluster.region
            && service.kind.cluster == cluster.id.as_str()
            && service.kind.desired_count > 0
    });
    if wanted {
        return Ok(Some(pass(
            "tasks-wanted",
            "One of its services wants tasks that do not run.",
            "태스크를 실행하려는 서비스가 있습니다.",
        )));
    }
    let subjects = [vec![cluster.id.clone()]];
    Ok(seen_use(facts, cluster, &subjects, &[TASKS]))
}

/// Returns the machines of a cluster that EC2 charges.
fn machines<'a>(
    facts: &Facts<'a>,
    cluster: &Resource<EcsCluster>,
) -> Result<Vec<&'a Resource<Instance>>, Unknown> {
    let not_known = |what: &str| {
        unknown(
            "machines-unknown",
            "Its machines were not listed.",
            "클러스터에 등록된 인스턴스의 목록이 없습니다.",
            &[what],
        )
    };
    let ids = cluster.kind.ec2_instance_ids.as_ref();
    ids.ok_or_else(|| not_known("inventory:describe-clusters"))?
        .iter()
        .filter(|id| !id.as_str().starts_with("mi-"))
        .map(|id| {
            let mut instances = facts.snapshot.instances.iter();
            instances
                .find(|one| {
                    one.id == *id && one.account == cluster.account && one.region == cluster.region
                })
                .ok_or_else(|| not_known("inventory:describe-instances"))
        })
        .collect()
}

/// Makes sure that the lack of the cluster's metrics proves something: that metrics of ECS were
/// read here for long enough.
fn require_silence(
    check: &Check,
    facts: &Facts<'_>,
    cluster: &Resource<EcsCluster>,
) -> Result<(), Unknown> {
    let here = |origin: &Origin| *origin == cluster.origin();
    // The first and the last sample of a day may be missing.
    let min_days = check.threshold_f64(facts, MIN_DAYS.name) - 1.0;
    let asked = facts.profiles.iter().any(|(key, profile)| {
        key.namespace == NAMESPACE
            && key.origin.as_ref().is_none_or(here)
            && f64::from(days_between(profile.first, profile.last)) >= min_days
    });
    if asked { Ok(()) } else { Err(missing(NAMESPACE, MEMORY, PEAK)) }
}

type Grouped<'a> = (Vec<ResourceId>, Vec<(&'a Resource<AutoScalingGroup>, Vec<ResourceId>)>);

/// Splits the machines into those that run alone and those of groups.
fn grouped<'a>(
    facts: &Facts<'a>,
    cluster: &Resource<EcsCluster>,
    machines: &[&Resource<Instance>],
) -> Result<Result<Grouped<'a>, Verdict>, Unknown> {
    let mut names: Vec<&str> = machines
        .iter()
        .filter_map(|machine| machine.kind.auto_scaling_group_name.as_deref())
        .collect();
    names.sort_unstable();
    names.dedup();
    let mut groups = Vec::new();
    for name in names {
        let mut all = facts.snapshot.auto_scaling_groups.iter();
        let group = all.find(|group| {
            group.id.as_str() == name
                && group.account == cluster.account
                && group.region == cluster.region
        });
        let Some(group) = group else {
            return Err(unknown(
                "group-unknown",
                format!("The Auto Scaling group {name} of its machines was not listed."),
                format!("인스턴스가 속한 Auto Scaling 그룹 {name}의 정보가 없습니다."),
                &["inventory:describe-auto-scaling-groups"],
            ));
        };
        if let Some(manager) = ownership::manager(&group.tags).filter(|one| one.replaces()) {
            return Ok(Err(Verdict::Exempt(manager.reason())));
        }
        let is_ours = |id: &ResourceId| machines.iter().any(|machine| machine.id == *id);
        if !group.kind.instance_ids.iter().all(is_ours) {
            return Ok(Err(exempt(
                "group-shared",
                format!("The Auto Scaling group {name} has machines that are not of this cluster."),
                format!(
                    "Auto Scaling 그룹 {name}에 이 클러스터에 속하지 않은 인스턴스도 있습니다."
                ),
            )));
        }
        groups.push((group, group.kind.instance_ids.clone()));
    }
    let alone = machines
        .iter()
        .filter(|machine| machine.kind.auto_scaling_group_name.is_none())
        .map(|machine| machine.id.clone())
        .collect();
    Ok(Ok((alone, groups)))
}

fn cost(
    facts: &Facts<'_>,
    machines: &[&Resource<Instance>],
) -> Result<Vec<CostComponent>, Unknown> {
    machines
        .iter()
        .map(|machine| {
            if let Some(lifecycle) = &machine.kind.instance_lifecycle {
                return Err(unknown(
                    "price-missing",
                    format!("The price list has no price of the life cycle {lifecycle}."),
                    format!("정가표에 수명 주기 {lifecycle}의 가격이 없습니다."),
                    &["billing"],
                ));
            }
            Tariff::of(facts, machine).running_hours(&machine.kind)
        })
        .collect()
}

fn action(
    alone: Vec<ResourceId>,
    groups: Vec<(&Resource<AutoScalingGroup>, Vec<ResourceId>)>,
) -> Action {
    let of = |shrink: fn(GroupSizes) -> GroupSizes| {
        groups
            .iter()
            .map(|(group, members)| MachineGroup {
                name: group.id.clone(),
                members: members.clone(),
                sizes: shrink(sizes(&group.kind)),
            })
            .collect::<Vec<_>>()
    };
    let none = |sizes: GroupSizes| GroupSizes { min_size: 0, desired_capacity: 0, ..sizes };
    let setting = |instance_ids, groups| {
        Configuration::Container(ContainerSetting::Machines { instance_ids, groups })
    };
    Action::Configure { from: setting(alone, of(|sizes| sizes)), to: setting(Vec::new(), of(none)) }
}

fn evidence(cluster: &Resource<EcsCluster>, machines: usize, youngest: u32) -> Evidence {
    let mut evidence = Evidence {
        window_days: Some(youngest),
        figures: vec![
            Figure::number("machines", "Machines", "인스턴스 수", machines as f64, ""),
            Figure::number(
                "running_tasks",
                "Tasks that run",
                "실행 중인 태스크",
                f64::from(cluster.kind.running_tasks),
                "",
            )
            .against(0.0),
            Figure::number(
                "youngest_machine_days",
                "Age of the youngest machine",
                "가장 최근에 시작한 인스턴스의 경과일",
                f64::from(youngest),
                "days",
            ),
        ],
        signals_not_seen: vec![UnseenSignal {
            name: "purpose".to_owned(),
            text: Text::new(
                "Whether the machines stand by for work that comes less than once in the window, or do something beside ECS.",
                "관측 기간보다 드물게 오는 작업을 기다리거나 ECS 외의 용도로 쓰이는 인스턴스인지 알 수 없습니다.",
            ),
        }],
        ..Evidence::default()
    };
    if !cluster.kind.capacity_providers.is_empty() {
        let providers = cluster.kind.capacity_providers.join(", ");
        evidence.notes.push(Text::new(
            format!("Its capacity providers ({providers}) may start machines again where they scale by themselves."),
            format!("용량 공급자({providers})가 자동으로 조정하면 인스턴스가 다시 시작될 수 있습니다."),
        ));
    }
    evidence
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::analyze_with;
    use crate::scene::{Scene, check, days_ago, flat, instance_facts, scene};

    /// A cluster with one machine of its own, and a service elsewhere whose metrics were read.
    fn cluster() -> Scene {
        scene()
            .ecs_cluster(|_| ())
            .instance(|_| ())
            .instance_type(instance_facts("m5.large", 2, 8), "0.096")
            .metric("other/api", "AWS/ECS", "CPUUtilization", Statistic::Maximum, flat(9.0, 14))
    }

    #[test]
    fn a_cluster_without_tasks_fires() {
        check(&CHECK, cluster(), "recommend 43.80 / 70.08 / 70.08");
    }

    #[test]
    fn a_cluster_with_tasks_passes() {
        let mut running = cluster();
        running.snapshot.ecs_clusters[0].kind.running_tasks = 1;
        check(&CHECK, running, "pass in-use");
        let ran = cluster().metric("arena", "AWS/ECS", MEMORY, Statistic::Maximum, flat(3.0, 2));
        check(&CHECK, ran, "pass in-use");
        let wanted = cluster().ecs_service(|_| ());
        check(&CHECK, wanted, "pass tasks-wanted");
    }

    #[test]
    fn a_machine_just_under_two_weeks_old_may_wait_for_its_first_task() {
        let mut scene = cluster();
        scene.snapshot.instances[0].kind.launch_time = Some(days_ago(13));
        check(&CHECK, scene.clone(), "pass too-young");
        scene.snapshot.instances[0].kind.launch_time = Some(days_ago(14));
        check(&CHECK, scene, "recommend 43.80 / 70.08 / 70.08");
    }

    #[test]
    fn without_metrics_of_anything_of_ecs_it_is_unknown() {
        let mut scene = cluster();
        scene.profiles = Default::default();
        check(&CHECK, scene.clone(), "unknown metric-missing");
        let short = flat(9.0, 3);
        let scene = scene.metric("other/api", "AWS/ECS", MEMORY, Statistic::Maximum, short);
        check(&CHECK, scene, "unknown metric-missing");
        let mut unlisted = cluster();
        unlisted.snapshot.ecs_clusters[0].kind.ec2_instance_ids = None;
        check(&CHECK, unlisted, "unknown machines-unknown");
    }

    #[test]
    fn a_group_goes_to_zero_and_is_not_counted_twice() {
        let mut scene = cluster().group(|group| {
            group.kind.instance_ids = vec!["i-1".into()];
            group.kind.desired_capacity = 1;
            group.kind.min_size = 1;
        });
        scene.snapshot.instances[0].kind.auto_scaling_group_name = Some("lobby".into());
        for (metric, statistic) in [
            ("CPUUtilization", Statistic::Maximum),
            ("NetworkIn", Statistic::Sum),
            ("NetworkOut", Statistic::Sum),
        ] {
            scene = scene.metric("i-1", "AWS/EC2", metric, statistic, flat(1.0, 14));
        }
        let checks: Vec<&Check> = crate::checks::ALL
            .iter()
            .copied()
            .filter(|check| ["ecs-cluster-idle", "autoscaling-group-idle"].contains(&check.id))
            .collect();
        let analysis = analyze_with(&checks, &scene.facts());
        let found: Vec<&str> = analysis.items.iter().map(|item| item.check.as_str()).collect();
        assert_eq!(found, ["ecs-cluster-idle"]);
        assert_eq!(analysis.superseded.len(), 1);
    }

    #[test]
    fn a_group_with_other_machines_is_left_alone() {
        let mut scene = cluster().group(|group| {
            group.kind.instance_ids = vec!["i-1".into(), "i-2".into()];
        });
        scene.snapshot.instances[0].kind.auto_scaling_group_name = Some("lobby".into());
        check(&CHECK, scene, "exempt group-shared");
    }
}
