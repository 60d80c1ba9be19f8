//! A DB cluster: all its members together, and clusters to which nobody connects.

use trimtab_model::action::{Action, Removal, RemovedMember};
use trimtab_model::evidence::{Evidence, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::{
    CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::db_cluster::DbCluster;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, Text};

use crate::check::{Check, Facts};
use crate::database::names;
use crate::pricing::Tariff;
use crate::quiet::{Quiet, Signal, Use, watch};
use crate::saving::{EVERYTHING_WITH_HOURS, deletion};
use crate::verdict::{Proposal, exempt, pass, risk, unknown};

/// Returns the members that the inventory has, in the cluster's order.
pub fn members<'a>(
    facts: &Facts<'a>,
    cluster: &Resource<DbCluster>,
) -> Vec<&'a Resource<DbInstance>> {
    cluster
        .kind
        .db_cluster_members
        .iter()
        .filter_map(|member| {
            facts.snapshot.db_instances.iter().find(|db| {
                db.id == member.db_instance_identifier
                    && db.account == cluster.account
                    && db.region == cluster.region
            })
        })
        .collect()
}

/// Returns every name of the cluster and its members on a bill.
pub fn bill_names(facts: &Facts<'_>, cluster: &Resource<DbCluster>) -> Vec<ResourceId> {
    let listed = members(facts, cluster);
    let bare = cluster.kind.db_cluster_members.iter().map(|one| one.db_instance_identifier.clone());
    let mut all = names::of_cluster(cluster);
    all.extend(listed.into_iter().flat_map(names::of_instance));
    all.extend(bare);
    all.sort();
    all.dedup();
    all
}

/// Judges whether anybody connects to a cluster, by its own series or by those of every member.
///
/// # Errors
/// Returns `Unknown` if the metrics do not prove silence or the cost is not known.
pub fn judge_idle(
    check: &Check,
    facts: &Facts<'_>,
    cluster: &Resource<DbCluster>,
    connections: Signal,
    processor: Signal,
) -> Result<Verdict, Unknown> {
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
    let mut quiet = match either(check, facts, cluster, &whole, &each, connections)? {
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
    Ok(proposal(facts, cluster, quiet, savings).into_verdict(check, reference))
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

/// Returns the verdict on a cluster that does not run, or that others depend on.
pub fn not_ours(cluster: &DbCluster) -> Option<Verdict> {
    if cluster.status != "available" {
        return Some(pass(
            "not-available",
            format!("The cluster is {}.", cluster.status),
            format!("클러스터 상태가 {}입니다.", cluster.status),
        ));
    }
    if cluster.db_cluster_members.is_empty() {
        return Some(pass(
            "no-members",
            "The cluster has no instance: only its storage is charged.",
            "클러스터에 인스턴스가 없어 스토리지만 과금됩니다.",
        ));
    }
    let replicates = cluster.replication_source_identifier.is_some()
        || !cluster.read_replica_identifiers.is_empty()
        || cluster.global_cluster_identifier.is_some();
    replicates.then(|| {
        exempt(
            "replication",
            "It replicates from or to another cluster, or is part of a global database.",
            "다른 클러스터와 복제 관계에 있거나 글로벌 데이터베이스에 속해 있습니다.",
        )
    })
}

/// Returns the hours of every member. Storage has no list price here; the bill has it.
pub fn list_cost(
    facts: &Facts<'_>,
    cluster: &Resource<DbCluster>,
) -> Result<Vec<CostComponent>, Unknown> {
    let members = members(facts, cluster);
    if members.len() < cluster.kind.db_cluster_members.len() {
        return Err(unknown(
            "members-not-listed",
            "Not every member of the cluster was listed, so its cost is not known.",
            "클러스터 멤버 중 목록에 없는 것이 있어 비용을 알 수 없습니다.",
            &["inventory:describe-db-instances", "billing"],
        ));
    }
    members
        .into_iter()
        .map(|member| Tariff::of(facts, member).db_instance_hours(&member.kind))
        .collect()
}

fn proposal(
    facts: &Facts<'_>,
    cluster: &Resource<DbCluster>,
    quiet: Quiet,
    savings: trimtab_model::recommendation::Estimate,
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
    let mut notes = vec![Text::new(
        "The final snapshot is charged per GB-month as long as it is kept, which is not taken off here.",
        "최종 스냅샷은 보관하는 동안 GB당 과금되며, 이 비용은 절감액에서 빼지 않았습니다.",
    )];
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
