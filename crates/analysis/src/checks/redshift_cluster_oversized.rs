//! Finds Redshift clusters whose work and data fit on fewer nodes.
//!
//! **Why it costs.** Every node is charged by the hour. Clusters are sized for the first load of
//! data and keep that size.
//!
//! **What we do.** Propose the fewest nodes that the cluster can be resized to in place, on which
//! the CPU at its 99.5th percentile and the fullest disk both keep room. One node is never
//! proposed: it has nobody to take over.
//!
//! **What could go wrong.** An elastic resize interrupts queries for minutes and spreads the data
//! anew. Long queries take longer on fewer nodes, though the CPU had room; queues of the workload
//! manager may fill. Reserved nodes beyond the new number are paid on.
//!
//! **Where others err.** They take a mean of the CPU over a month, in which the nightly load
//! disappears, and forget the disks.
//!
//! # 한국어
//!
//! 작업량과 데이터가 더 적은 노드에 들어가는 Redshift 클러스터를 찾습니다.
//!
//! **비용이 드는 이유.** 모든 노드가 시간당 과금됩니다. 클러스터는 최초 데이터 적재에 맞춰 크기를 정한 뒤 그대로 남는 경우가 많습니다.
//!
//! **제안하는 조치.** 그 자리에서 조정할 수 있는 노드 수 중에서 CPU 99.5 백분위와 가장 찬 디스크에 모두 여유가 있는 가장 적은 수를
//! 제안합니다. 노드 한 개는 대신할 노드가 없으므로 제안하지 않습니다.
//!
//! **주의할 점.** 탄력적 크기 조정은 몇 분간 쿼리를 중단시키고 데이터를 다시 분산합니다. CPU에 여유가 있었더라도 긴 쿼리는 더 오래 걸리고
//! 워크로드 관리자의 대기열이 찰 수 있습니다. 줄어든 노드만큼의 예약은 계속 비용이 나갑니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 야간 작업이 드러나지 않는 한 달 평균 CPU만 보고 디스크를 빠뜨립니다.

use trimtab_model::action::{Action, Configuration};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::redshift_cluster::RedshiftCluster;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::nodes::{NODE_HOURS, redshift};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::saving::estimate_of;
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

const NAMESPACE: &str = "AWS/Redshift";
const PEAK: &[Statistic] = &[Statistic::Maximum, Statistic::Average];

/// The fewest nodes of a cluster that survives the loss of one.
const FEWEST: u32 = 2;

/// The check.
pub static CHECK: Check = Check {
    id: "redshift-cluster-oversized",
    title: StaticText {
        en: "Redshift cluster with more nodes than its work needs",
        ko: "작업량에 비해 노드가 많은 Redshift 클러스터",
    },
    kind: ResourceKind::RedshiftCluster,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::RedshiftCluster),
        Need::Metric(NAMESPACE, "CPUUtilization", PEAK),
        Need::Metric(NAMESPACE, "PercentageDiskSpaceUsed", PEAK),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "max_cpu_percent",
            default: "70",
            unit: "%",
            text: StaticText {
                en: "CPU at the 99.5th percentile that the fewer nodes may have.",
                ko: "노드를 줄인 뒤 허용하는 CPU 99.5 백분위입니다.",
            },
        },
        Threshold {
            name: "max_disk_percent",
            default: "70",
            unit: "%",
            text: StaticText {
                en: "Share of the disks that may be full on fewer nodes: sorts and joins need the rest.",
                ko: "노드를 줄인 뒤 허용하는 디스크 사용률입니다. 나머지는 정렬과 조인에 필요합니다.",
            },
        },
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
    judge: |check, facts| {
        let kind = ResourceKind::RedshiftCluster;
        judge_each(check, facts, kind, &facts.snapshot.redshift_clusters, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    cluster: &Resource<RedshiftCluster>,
) -> Result<Verdict, Unknown> {
    let status = &cluster.kind.cluster_status;
    if status != "available" {
        return Ok(pass(
            "not-available",
            format!("The cluster is {status}."),
            format!("클러스터 상태가 {status}입니다."),
        ));
    }
    let Some(now) = cluster.kind.number_of_nodes else { return Err(nodes_unknown()) };
    if now <= FEWEST {
        return Ok(pass(
            "fewest-nodes",
            format!("It has {now} nodes; fewer than {FEWEST} are not proposed."),
            format!("노드가 {now}개입니다. {FEWEST}개 미만은 제안하지 않습니다."),
        ));
    }
    if cluster.kind.elastic_resize_node_options.is_empty() {
        return Err(nodes_unknown());
    }
    let names = redshift::names(cluster);
    let seen =
        |metric| Observation::complete(check, facts, cluster, &names, NAMESPACE, metric, PEAK);
    let (cpu, disk) = (seen("CPUUtilization")?, seen("PercentageDiskSpaceUsed")?);
    let max_cpu = check.threshold_f64(facts, "max_cpu_percent");
    let max_disk = check.threshold_f64(facts, "max_disk_percent");
    let on = |nodes: u32| f64::from(now) / f64::from(nodes.max(1));
    let fits = |nodes: u32| {
        cpu.profile.p99_5 * on(nodes) <= max_cpu && disk.profile.max * on(nodes) <= max_disk
    };
    let fewer = cluster
        .kind
        .elastic_resize_node_options
        .iter()
        .copied()
        .filter(|nodes| (FEWEST..now).contains(nodes) && fits(*nodes))
        .min();
    let Some(fewer) = fewer else {
        return Ok(pass(
            "optimized",
            format!(
                "CPU at {:.0} % and disks at {:.0} % need its nodes.",
                cpu.profile.p99_5, disk.profile.max
            ),
            format!(
                "CPU {:.0}%, 디스크 {:.0}%로 현재 노드 수가 필요합니다.",
                cpu.profile.p99_5, disk.profile.max
            ),
        ));
    };
    let tariff = Tariff::of(facts, cluster);
    let node = redshift::node(cluster);
    let reference = cluster.reference(ResourceKind::RedshiftCluster);
    let savings = estimate_of(
        facts,
        &reference,
        &names,
        NODE_HOURS,
        vec![node.hours(facts, &tariff, now)?],
        vec![node.hours(facts, &tariff, fewer)?],
    )?;
    let days = cpu.days().min(disk.days());
    let setting = |number_of_nodes| Configuration::RedshiftNodes {
        node_type: cluster.kind.node_type.clone(),
        number_of_nodes,
    };
    Ok(Proposal {
        action: Action::Configure { from: setting(now), to: setting(fewer) },
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::CPUOverprovisioned],
        reason: Reason::new(
            "fewer-nodes-suffice",
            format!("In {days:.0} days CPU was at {:.0} % (P99.5) and the disks at {:.0} %: {fewer} of {now} nodes suffice.", cpu.profile.p99_5, disk.profile.max),
            format!("{days:.0}일 동안 CPU P99.5 {:.0}%, 디스크 {:.0}%였습니다. 노드 {now}개 중 {fewer}개로 충분합니다.", cpu.profile.p99_5, disk.profile.max),
        ),
        savings,
        performance_risk: risk(cluster.environment, 2),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::Needed,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![
                Figure::number("cpu_p99_5_after", "CPU afterwards, 99.5th percentile", "변경 후 CPU 99.5 백분위", (cpu.profile.p99_5 * on(fewer)).round(), "%").against(max_cpu),
                Figure::number("disk_after", "Disks afterwards, maximum", "변경 후 최대 디스크 사용률", (disk.profile.max * on(fewer)).round(), "%").against(max_disk),
            ],
            coverage: vec![cpu.coverage(), disk.coverage()],
            signals_not_seen: vec![UnseenSignal {
                name: "query_time".to_owned(),
                text: Text::new(
                    "Whether the longest queries may take longer.",
                    "가장 긴 쿼리가 더 오래 걸려도 되는지 알 수 없습니다.",
                ),
            }],
            notes: Vec::new(),
        },
    }
    .into_verdict(check, reference))
}

fn nodes_unknown() -> Unknown {
    unknown(
        "nodes-unknown",
        "The listing does not say how many nodes there are, or to which numbers it can be resized.",
        "목록에 노드 수나 조정할 수 있는 노드 수가 없습니다.",
        &["inventory:describe-clusters"],
    )
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, scene};

    fn cluster(cpu: f64, disk: f64) -> Scene {
        scene()
            .price("redshift/ra3.xlplus", "1.086")
            .redshift_cluster(|_| ())
            .metric("reports", "AWS/Redshift", "CPUUtilization", Statistic::Maximum, flat(cpu, 14))
            .metric(
                "reports",
                "AWS/Redshift",
                "PercentageDiskSpaceUsed",
                Statistic::Maximum,
                flat(disk, 14),
            )
    }

    #[test]
    fn a_cluster_with_room_fires() {
        // Two of four nodes.
        check(&CHECK, cluster(30.0, 20.0), "recommend 990.98 / 1585.56 / 1585.56");
    }

    #[test]
    fn a_busy_or_full_cluster_passes() {
        check(&CHECK, cluster(80.0, 20.0), "pass optimized");
        check(&CHECK, cluster(20.0, 60.0), "pass optimized");
    }

    #[test]
    fn just_under_the_room_of_two_nodes_it_takes_them_and_above_it_three() {
        check(&CHECK, cluster(35.0, 20.0), "recommend 990.98 / 1585.56 / 1585.56");
        check(&CHECK, cluster(35.1, 20.0), "recommend 495.49 / 792.78 / 792.78");
    }

    #[test]
    fn without_metrics_or_options_it_is_unknown() {
        check(&CHECK, scene().redshift_cluster(|_| ()), "unknown metric-missing");
        let mut scene = cluster(30.0, 20.0);
        scene.snapshot.redshift_clusters[0].kind.elastic_resize_node_options.clear();
        check(&CHECK, scene, "unknown nodes-unknown");
    }
}
