//! Finds Redshift clusters to which nobody connects.
//!
//! **Why it costs.** Every node is charged by the hour while the cluster is available.
//!
//! **What we do.** Pause the cluster: the hours stop, the data and the address stay, and a resume
//! brings everything back in minutes. Nobody means: no connection in two weeks, and no CPU but
//! what Redshift itself uses.
//!
//! **What could go wrong.** Storage and snapshots are charged all the same. Reserved nodes are
//! paid whether the cluster runs or not: what they cover saves nothing. Clusters that share data
//! with others serve queries without a connection of their own; the CPU shows that only in part,
//! so ask before pausing a producer. A cluster in Multi-AZ cannot be paused and is left alone.
//!
//! **Where others err.** They propose to delete it, or say idle after seven days.
//!
//! # 한국어
//!
//! 아무도 접속하지 않는 Redshift 클러스터를 찾습니다.
//!
//! **비용이 드는 이유.** 클러스터가 사용 가능한 동안 모든 노드가 시간당 과금됩니다.
//!
//! **제안하는 조치.** 클러스터를 일시 중지합니다. 시간당 요금이 멈추고 데이터와 주소는 그대로이며, 재개하면 몇 분 안에 원래대로
//! 돌아옵니다. 2주 동안 연결이 없고 CPU 사용량이 Redshift 자체 작업 수준일 때만 해당합니다.
//!
//! **주의할 점.** 스토리지와 스냅샷은 계속 과금됩니다. 예약 노드 요금은 실행 여부와 관계없이 나가므로 예약이 덮는 만큼은 절감되지 않습니다.
//! 다른 클러스터와 데이터를 공유하는 클러스터는 연결 없이도 쿼리를 처리하고 CPU에는 일부만 나타나므로, 공유 원본이라면 먼저 확인하세요.
//! Multi-AZ 클러스터는 일시 중지할 수 없어 추천하지 않습니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 삭제를 제안하거나 7일만 보고 유휴로 판단합니다.

use trimtab_model::action::{Action, Configuration, RunState};
use trimtab_model::evidence::{Evidence, UnseenSignal};
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
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::quiet::{Signal, Use, watch};
use crate::saving::deletion;
use crate::verdict::{Proposal, exempt, judge_each, pass, risk};

const NAMESPACE: &str = "AWS/Redshift";
const PEAK: &[Statistic] = &[Statistic::Maximum, Statistic::Average];

const CONNECTIONS: Signal = Signal::any(
    NAMESPACE,
    "DatabaseConnections",
    PEAK,
    ("Most connections at once", "최대 동시 연결 수"),
);

/// The check.
pub static CHECK: Check = Check {
    id: "redshift-cluster-idle",
    title: StaticText {
        en: "Redshift cluster to which nobody connects",
        ko: "아무도 접속하지 않는 Redshift 클러스터",
    },
    kind: ResourceKind::RedshiftCluster,
    action_type: ActionType::Stop,
    needs: &[
        Need::Kind(ResourceKind::RedshiftCluster),
        Need::Metric(NAMESPACE, "DatabaseConnections", PEAK),
        Need::Metric(NAMESPACE, "CPUUtilization", PEAK),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "max_cpu_percent",
            default: "10",
            unit: "%",
            text: StaticText {
                en: "CPU at the 99th percentile may be this high: vacuum and statistics run by themselves.",
                ko: "CPU 99 백분위가 이 값 이하여야 합니다. 정리 작업과 통계 수집은 저절로 실행됩니다.",
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
    if cluster.kind.multi_az.as_deref().is_some_and(|word| word.eq_ignore_ascii_case("enabled")) {
        return Ok(exempt(
            "multi-az",
            "A cluster in Multi-AZ cannot be paused.",
            "Multi-AZ 클러스터는 일시 중지할 수 없습니다.",
        ));
    }
    let most = check.threshold_f64(facts, "max_cpu_percent");
    let processor = Signal::processor(NAMESPACE, "CPUUtilization", PEAK, most);
    let names = redshift::names(cluster);
    let quiet = match watch(
        check,
        facts,
        cluster,
        std::slice::from_ref(&names),
        &[CONNECTIONS, processor],
    )? {
        Use::Seen(verdict) => return Ok(verdict),
        Use::Quiet(quiet) => quiet,
    };
    let days = quiet.days;
    let reference = cluster.reference(ResourceKind::RedshiftCluster);
    let list = redshift::hours(facts, cluster).map(|hours| vec![hours]);
    let savings = deletion(facts, &reference, &names, NODE_HOURS, list)?;
    Ok(Proposal {
        action: Action::Configure {
            from: Configuration::RedshiftState(RunState::Available),
            to: Configuration::RedshiftState(RunState::Paused),
        },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new(
            "idle",
            format!("Nobody connected in {days:.0} days, and CPU stayed at {most} % or below."),
            format!("{days:.0}일 동안 접속이 없었고 CPU는 {most}% 이하였습니다."),
        ),
        savings,
        performance_risk: risk(cluster.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: quiet.figures,
            coverage: quiet.coverage,
            signals_not_seen: vec![UnseenSignal {
                name: "data_sharing".to_owned(),
                text: Text::new(
                    "Whether other clusters read its shared data.",
                    "다른 클러스터가 이 클러스터의 공유 데이터를 읽는지 알 수 없습니다.",
                ),
            }],
            notes: vec![Text::new(
                "A pause stops the hours only; storage and snapshots are charged on.",
                "일시 중지하면 시간당 요금만 멈추고 스토리지와 스냅샷은 계속 과금됩니다.",
            )],
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, scene};

    fn cluster(connections: f64, cpu: f64, days: i64) -> Scene {
        scene()
            .price("redshift/ra3.xlplus", "1.086")
            .redshift_cluster(|_| ())
            .metric(
                "reports",
                "AWS/Redshift",
                "DatabaseConnections",
                Statistic::Maximum,
                flat(connections, days),
            )
            .metric(
                "reports",
                "AWS/Redshift",
                "CPUUtilization",
                Statistic::Maximum,
                flat(cpu, days),
            )
    }

    #[test]
    fn a_cluster_without_connections_fires() {
        // Four nodes for 730 hours.
        check(&CHECK, cluster(0.0, 4.0, 14), "recommend 1981.95 / 3171.12 / 3171.12");
    }

    #[test]
    fn a_cluster_in_use_passes() {
        check(&CHECK, cluster(1.0, 4.0, 14), "pass in-use");
        let paused = scene().redshift_cluster(|one| one.kind.cluster_status = "paused".into());
        check(&CHECK, paused, "pass not-available");
    }

    #[test]
    fn just_under_the_threshold_of_cpu_it_fires_and_above_it_passes() {
        check(&CHECK, cluster(0.0, 10.0, 14), "recommend 1981.95 / 3171.12 / 3171.12");
        check(&CHECK, cluster(0.0, 10.1, 14), "pass cpu-in-use");
    }

    #[test]
    fn without_metrics_or_a_price_it_is_unknown() {
        check(&CHECK, scene().redshift_cluster(|_| ()), "unknown metric-missing");
        check(
            &CHECK,
            cluster(0.0, 4.0, 14).without_price("redshift/ra3.xlplus"),
            "unknown price-missing",
        );
    }

    #[test]
    fn reserved_nodes_save_nothing_for_now() {
        let scene = cluster(0.0, 4.0, 14).committed("reports", "Node:ra3.xlplus", "2880", "2000");
        check(&CHECK, scene, "pass covered-by-commitment");
    }
}
