//! Clusters that nobody uses: what their checks share, whatever the engine.

use rust_decimal::Decimal;

use trimtab_model::action::{Action, Removal, RemovedMember};
use trimtab_model::evidence::{Evidence, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    Estimate, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown, Verdict,
};
use trimtab_model::resource::db_cluster::DbCluster;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::billed::Billed;
use crate::check::{Check, Facts, Judgement, Need};
use crate::database::cluster::{bill_names, list_cost, members, not_ours};
use crate::database::names;
use crate::database::storage::less_kept;
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::pricing::{Tariff, usage_name};
use crate::quiet::{Quiet, Signal, Use, watch};
use crate::saving::{EVERYTHING_WITH_HOURS, deletion};
use crate::verdict::{Proposal, judge_each, risk};

const PEAKS: &[Statistic] = &[Statistic::Maximum, Statistic::Average];

const MAX_CPU_PERCENT: Threshold = Threshold {
    name: "max_cpu_percent",
    default: "20",
    unit: "%",
    text: StaticText {
        en: "CPU of every member at the 99th percentile may be this high: the engine's own work peaks above it now and then.",
        ko: "모든 멤버의 CPU 99 백분위가 이 값 이하여야 합니다. 엔진 자체 작업은 이따금 그보다 높을 수 있습니다.",
    },
};

/// The thresholds of a check of idle clusters.
pub const THRESHOLDS: &[Threshold] = &[MAX_CPU_PERCENT, MIN_DAYS, MIN_COVERAGE_PERCENT];

/// The storage of a cluster as bills of Aurora, DocumentDB and Neptune name it.
const STORAGE: &[&str] = &[
    "Aurora:StorageUsage",
    "Aurora:IO-OptimizedStorageUsage",
    "StorageUsage",
    "IO-OptimizedStorageUsage",
];

/// The clusters of one service, and what shows that somebody uses them.
#[derive(Debug, Clone, Copy)]
pub struct Watched {
    /// Whether a cluster of this engine is one of them.
    pub is_ours: fn(&str) -> bool,
    /// The metric that is above nothing while it is used.
    pub used: Signal,
}

/// Returns what a check of such clusters reads.
pub const fn needs(watched: &Watched) -> [Need; 5] {
    let used = &watched.used;
    [
        Need::Kind(ResourceKind::DbCluster),
        Need::Kind(ResourceKind::DbInstance),
        Need::Metric(used.namespace, used.metric, used.statistics),
        Need::Metric(used.namespace, "CPUUtilization", PEAKS),
        Need::OptionalBilling,
    ]
}

/// Judges the clusters of one service.
pub fn judge(check: &Check, facts: &Facts<'_>, watched: &Watched) -> Vec<Judgement> {
    let clusters = &facts.snapshot.db_clusters;
    let ours = clusters.iter().filter(|cluster| (watched.is_ours)(&cluster.kind.engine));
    judge_each(check, facts, ResourceKind::DbCluster, ours, |check, facts, cluster| {
        judge_one(check, facts, cluster, watched.used)
    })
}

/// Judges whether anybody uses a cluster, by its own series or by those of every member.
fn judge_one(
    check: &Check,
    facts: &Facts<'_>,
    cluster: &Resource<DbCluster>,
    used: Signal,
) -> Result<Verdict, Unknown> {
    let most = check.threshold_f64(facts, MAX_CPU_PERCENT.name);
    let processor = Signal::processor(used.namespace, "CPUUtilization", PEAKS, most);
    if let Some(verdict) = not_ours(&cluster.kind) {
        return Ok(verdict);
    }
    let whole = vec![names::of_cluster(cluster)];
    let each: Vec<Vec<ResourceId>> = cluster
        .kind
        .db_cluster_members
        .iter()
        .map(|member| vec![member.db_instance_identifier.clone()])
        .collect();
    let mut quiet = match either(check, facts, cluster, &whole, &each, used)? {
        Use::Seen(verdict) => return Ok(verdict),
        Use::Quiet(quiet) => quiet,
    };
    match either(check, facts, cluster, &each, &whole, processor)? {
        Use::Seen(verdict) => return Ok(verdict),
        Use::Quiet(Quiet { days, figures, coverage }) => {
            quiet.days = quiet.days.min(days);
            quiet.figures.extend(figures);
            quiet.coverage.extend(coverage);
        }
    }
    let reference = cluster.reference(ResourceKind::DbCluster);
    let names = bill_names(facts, cluster);
    let savings =
        deletion(facts, &reference, &names, EVERYTHING_WITH_HOURS, list_cost(facts, cluster))?;
    let (savings, kept) = less_kept(savings, snapshot_cost(facts, cluster, &names))?;
    Ok(proposal(facts, cluster, quiet, savings, kept).into_verdict(check, reference))
}

/// Returns what a snapshot of the cluster costs a month, in dollars: the storage on its bill at
/// the price of backups. The listing does not say how much is stored.
fn snapshot_cost(
    facts: &Facts<'_>,
    cluster: &Resource<DbCluster>,
    names: &[ResourceId],
) -> Option<Decimal> {
    let billed = Billed::find(facts, &cluster.reference(ResourceKind::DbCluster), names)?;
    let stored = billed.quantity(STORAGE).filter(|size| *size > Decimal::ZERO)?;
    let (meter, usage, service) = match cluster.kind.engine.as_str() {
        "docdb" => ("documentdb/backup", "BackupUsage", "DocumentDB"),
        "neptune" => ("neptune/backup", "BackupUsage", "Neptune"),
        _ => ("aurora/backup", "Aurora:BackupUsage", ""),
    };
    let price = Tariff::of(facts, cluster).price_or_billed(meter, |charge| {
        charge.service_name.contains(service)
            && charge.usage_type.as_deref().is_some_and(|name| usage_name(name) == usage)
    });
    price.ok()?.usd.checked_mul(stored)
}

/// Watches a signal in two views: the series of the cluster, and those of every member.
///
/// A use seen in either view counts, even where the other is silent or missing.
fn either(
    check: &Check,
    facts: &Facts<'_>,
    cluster: &Resource<DbCluster>,
    first: &[Vec<ResourceId>],
    second: &[Vec<ResourceId>],
    signal: Signal,
) -> Result<Use, Unknown> {
    let by_first = watch(check, facts, cluster, first, &[signal]);
    if matches!(by_first, Ok(Use::Seen(_))) {
        return by_first;
    }
    match (by_first, watch(check, facts, cluster, second, &[signal])) {
        (_, Ok(Use::Seen(verdict))) => Ok(Use::Seen(verdict)),
        (Ok(quiet), _) => Ok(quiet),
        (Err(_), Ok(quiet)) => Ok(quiet),
        (Err(unknown), Err(_)) => Err(unknown),
    }
}

fn proposal(
    facts: &Facts<'_>,
    cluster: &Resource<DbCluster>,
    quiet: Quiet,
    savings: Estimate,
    kept: Text,
) -> Proposal {
    let days = quiet.days;
    let listed = members(facts, cluster);
    let members = cluster.kind.db_cluster_members.iter().map(|member| RemovedMember {
        db_instance_identifier: member.db_instance_identifier.clone(),
        db_instance_class: listed
            .iter()
            .find(|db| db.id == member.db_instance_identifier)
            .map(|db| db.kind.db_instance_class.clone()),
    });
    let mut notes = vec![kept];
    if cluster.kind.deletion_protection == Some(true) {
        notes.push(Text::new(
            "Deletion protection is on: somebody wanted it to stay. Ask before it is switched off.",
            "삭제 방지가 켜져 있습니다. 끄기 전에 담당자에게 확인하세요.",
        ));
    }
    Proposal {
        action: Action::Remove {
            removal: Removal::DbCluster {
                engine: cluster.kind.engine.clone(),
                members: members.collect(),
            },
        },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new(
            "idle",
            format!("Nobody connected to any member in {days:.0} days."),
            format!("{days:.0}일 동안 어떤 멤버에도 접속이 없었습니다."),
        ),
        savings,
        performance_risk: risk(cluster.environment, 2),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A restore from the final snapshot is a new cluster: instances, parameter groups and monitoring must be made again.",
            "최종 스냅샷에서 복원하면 새 클러스터가 되어 인스턴스와 파라미터 그룹, 모니터링을 다시 설정해야 합니다.",
        )),
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: quiet.figures,
            coverage: quiet.coverage,
            signals_not_seen: vec![UnseenSignal {
                name: "purpose".to_owned(),
                text: Text::new(
                    "Whether it is kept for a report or an audit that comes less often than the window.",
                    "관측 기간보다 드물게 실행되는 보고서나 감사용 클러스터인지 알 수 없습니다.",
                ),
            }],
            notes,
        },
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::*;
    use crate::scene::{Scene, check, flat, watched_cluster};

    const WATCHED: Watched = Watched {
        is_ours: |engine| engine == "aurora-mysql",
        used: Signal::any("AWS/RDS", "DatabaseConnections", &[Statistic::Maximum], ("", "")),
    };

    static CHECK: Check = Check {
        id: "cluster-idle",
        title: StaticText { en: "", ko: "" },
        kind: ResourceKind::DbCluster,
        action_type: trimtab_model::recommendation::ActionType::Delete,
        needs: &needs(&WATCHED),
        thresholds: THRESHOLDS,
        judge: |check, facts| judge(check, facts, &WATCHED),
    };

    fn quiet() -> Scene {
        watched_cluster("aurora-mysql", "AWS/RDS", "DatabaseConnections", (0.0, 4.0, 14))
    }

    #[test]
    fn the_final_snapshot_that_is_kept_is_taken_off_low() {
        check(&CHECK, quiet(), "recommend 0.00 / 199.94 / 199.94");
        // 101.39 GB-months at 0.021 USD, the rate of another cluster's backups.
        let priced = quiet().bill("other", "Aurora:BackupUsage", "10", "0.21");
        check(&CHECK, priced, "recommend 197.81 / 199.94 / 199.94");
    }

    #[test]
    fn a_cluster_without_a_price_is_unknown() {
        let mut unbilled = quiet();
        unbilled.charges = Default::default();
        check(&CHECK, unbilled, "unknown price-missing");
    }

    #[test]
    fn a_use_of_one_member_is_a_use_of_the_cluster() {
        let (metric, series) = ("DatabaseConnections", flat(1.0, 1));
        let scene = quiet().metric("db", "AWS/RDS", metric, Statistic::Maximum, series);
        check(&CHECK, scene, "pass in-use");
    }

    #[test]
    fn a_member_of_a_global_database_is_exempt_and_other_engines_are_not_ours() {
        let mut global = quiet();
        global.snapshot.db_clusters[0].kind.global_cluster_identifier = Some("world".into());
        check(&CHECK, global, "exempt replication");
        let mut other = quiet();
        other.snapshot.db_clusters[0].kind.engine = "aurora-postgresql".into();
        check(&CHECK, other, "nothing");
    }
}
