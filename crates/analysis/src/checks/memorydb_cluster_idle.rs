//! Finds MemoryDB clusters that nobody uses.
//!
//! **Why it costs.** Every node of every shard is charged by the hour, replicas included.
//!
//! **What we do.** Delete the cluster, which leaves a final snapshot, after a person agreed. Nobody
//! means: on no node was there a key read or written, or a message passed on, in two weeks. The saving is what the bill
//! charges for the cluster; without a bill we say *unknown*.
//!
//! **What could go wrong.** MemoryDB is a durable database, not a cache: its data may matter though
//! nobody reads it now. The snapshot keeps it. A restore has another address. Members of a
//! multi-Region cluster are left alone.
//!
//! **Where others err.** They treat it as a cache and count connections.
//!
//! # 한국어
//!
//! 아무도 사용하지 않는 MemoryDB 클러스터를 찾습니다.
//!
//! **비용이 드는 이유.** 복제본을 포함해 모든 샤드의 모든 노드가 시간당 과금됩니다.
//!
//! **제안하는 조치.** 사람이 동의하면 최종 스냅샷을 남기고 클러스터를 삭제합니다. 2주 동안 어떤 노드에서도 키를 읽거나 쓰거나 메시지를 전달한 적이 없을 때만
//! 해당합니다. 절감액은 청구서에 나온 이 클러스터의 비용이며, 청구서가 없으면 알 수 없다고 답합니다.
//!
//! **주의할 점.** MemoryDB는 캐시가 아니라 내구성 있는 데이터베이스이므로 지금 읽지 않더라도 중요한 데이터일 수 있습니다. 데이터는 스냅샷에
//! 남습니다. 복원하면 주소가 달라집니다. 다중 리전 클러스터는 추천하지 않습니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 캐시처럼 다루며 연결 수를 셉니다.

use trimtab_model::action::{Action, Removal};
use trimtab_model::evidence::{Evidence, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::memory_db_cluster::MemoryDbCluster;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::observation::Observation;
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::quiet::{Signal, Use, seen_use, watch};
use crate::saving::{EVERYTHING_WITH_HOURS, deletion};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

const SUM: &[Statistic] = &[Statistic::Sum];
const NAMESPACE: &str = "AWS/MemoryDB";

/// Every read of a key is a hit or a miss, so these three see every use of keys.
const SIGNALS: &[Signal] = &[
    Signal::any(NAMESPACE, "KeyspaceHits", SUM, ("Keys found", "찾은 키")),
    Signal::any(NAMESPACE, "KeyspaceMisses", SUM, ("Keys not found", "찾지 못한 키")),
    Signal::any(NAMESPACE, "SetTypeCmds", SUM, ("Writes", "쓰기")),
];

/// Messages touch no key. An older export lacks this metric, so it proves use and never the lack of it.
const MESSAGES: Signal =
    Signal::any(NAMESPACE, "PubSubBasedCmds", SUM, ("Commands of messages", "메시지 명령"));

/// The check.
pub static CHECK: Check = Check {
    id: "memorydb-cluster-idle",
    title: StaticText {
        en: "MemoryDB cluster that nobody uses",
        ko: "아무도 사용하지 않는 MemoryDB 클러스터",
    },
    kind: ResourceKind::MemoryDbCluster,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::MemoryDbCluster),
        Need::Metric(NAMESPACE, "KeyspaceHits", SUM),
        Need::Metric(NAMESPACE, "KeyspaceMisses", SUM),
        Need::Metric(NAMESPACE, "SetTypeCmds", SUM),
        Need::OptionalMetric(NAMESPACE, "PubSubBasedCmds", SUM),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        judge_each(
            check,
            facts,
            ResourceKind::MemoryDbCluster,
            &facts.snapshot.memory_db_clusters,
            judge,
        )
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    one: &Resource<MemoryDbCluster>,
) -> Result<Verdict, Unknown> {
    if one.kind.status != "available" {
        return Ok(pass(
            "not-available",
            format!("It is {}.", one.kind.status),
            format!("상태가 {}입니다.", one.kind.status),
        ));
    }
    if one.kind.multi_region_cluster_name.as_deref().is_some_and(|name| !name.is_empty()) {
        return Ok(exempt(
            "multi-region",
            "It is part of a multi-Region cluster.",
            "다중 리전 클러스터에 속해 있습니다.",
        ));
    }
    let subjects = subjects(facts, one);
    if let Some(verdict) = seen_use(facts, one, &subjects, &[MESSAGES]) {
        return Ok(verdict);
    }
    let quiet = match watch(check, facts, one, &subjects, SIGNALS)? {
        Use::Seen(verdict) => return Ok(verdict),
        Use::Quiet(quiet) => quiet,
    };
    let days = quiet.days;
    let reference = one.reference(ResourceKind::MemoryDbCluster);
    let list = Err(unknown(
        "price-missing",
        "MemoryDB nodes have no list price here, and the bill does not name the cluster.",
        "MemoryDB 노드의 가격이 없고 청구서에도 이 클러스터가 없습니다.",
        &["billing"],
    ));
    let savings = deletion(facts, &reference, &names(one), EVERYTHING_WITH_HOURS, list)?;
    Ok(Proposal {
        action: Action::Remove {
            removal: Removal::MemoryDbCluster { node_type: one.kind.node_type.clone() },
        },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new(
            "idle",
            format!("No key was read or written in {days:.0} days."),
            format!("{days:.0}일 동안 키를 읽거나 쓴 적이 없습니다."),
        ),
        savings,
        performance_risk: risk(one.environment, 2),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A restore from the final snapshot is a new cluster with another address.",
            "최종 스냅샷에서 복원하면 주소가 다른 새 클러스터가 됩니다.",
        )),
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: quiet.figures,
            coverage: quiet.coverage,
            signals_not_seen: vec![UnseenSignal {
                name: "purpose".to_owned(),
                text: Text::new(
                    "Whether its data is kept for something that comes less often than the window.",
                    "관측 기간보다 드물게 쓰는 데이터를 보관하는 클러스터인지 알 수 없습니다.",
                ),
            }],
            notes: Vec::new(),
        },
    }
    .into_verdict(check, reference))
}

/// Lists the names of metrics and bill: the identifier and the ARN.
fn names(one: &Resource<MemoryDbCluster>) -> Vec<ResourceId> {
    let arn = one.kind.arn.as_deref().map(ResourceId::new);
    std::iter::once(one.id.clone()).chain(arn).collect()
}

/// Metrics are per node; a series of the whole cluster will do as well.
fn subjects(facts: &Facts<'_>, one: &Resource<MemoryDbCluster>) -> Vec<Vec<ResourceId>> {
    let whole = Observation::find(facts, one, &names(one), NAMESPACE, "KeyspaceHits", SUM);
    match whole {
        Some(_) => vec![names(one)],
        None => one.kind.nodes.iter().map(|node| vec![node.clone()]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, scene};

    fn cluster(subject: &str, hits: f64, days: i64) -> Scene {
        let mut scene = scene().memory_db_cluster(|_| ()).bill(
            "ranks",
            "NodeUsage:db.r6g.large",
            "720",
            "222.48",
        );
        for (metric, value) in
            [("KeyspaceHits", hits), ("KeyspaceMisses", 0.0), ("SetTypeCmds", 0.0)]
        {
            scene =
                scene.metric(subject, "AWS/MemoryDB", metric, Statistic::Sum, flat(value, days));
        }
        scene
    }

    #[test]
    fn a_cluster_that_nobody_uses_fires() {
        check(&CHECK, cluster("ranks-0001-001", 0.0, 14), "recommend 225.57 / 225.57 / 225.57");
        check(&CHECK, cluster("ranks", 0.0, 14), "recommend 225.57 / 225.57 / 225.57");
    }

    #[test]
    fn a_cluster_in_use_passes() {
        check(&CHECK, cluster("ranks-0001-001", 1.0, 14), "pass in-use");
    }

    #[test]
    fn a_cluster_that_only_passes_messages_on_is_in_use() {
        let (series, metric) = (flat(1.0, 14), "PubSubBasedCmds");
        let scene = cluster("ranks", 0.0, 14).metric(
            "ranks",
            "AWS/MemoryDB",
            metric,
            Statistic::Sum,
            series,
        );
        check(&CHECK, scene, "pass in-use");
    }

    #[test]
    fn just_under_two_weeks_nothing_is_proven() {
        check(&CHECK, cluster("ranks", 0.0, 13), "unknown window-too-short");
    }

    #[test]
    fn without_metrics_or_a_bill_it_is_unknown() {
        check(&CHECK, scene().memory_db_cluster(|_| ()), "unknown metric-missing");
        let mut unbilled = cluster("ranks", 0.0, 14);
        unbilled.charges = Default::default();
        check(&CHECK, unbilled, "unknown price-missing");
    }
}
