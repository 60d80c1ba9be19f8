//! A DB cluster: its members, and its names on a bill.

use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::{CostComponent, Unknown, Verdict};
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_cluster::DbCluster;
use trimtab_model::resource::db_instance::DbInstance;

use crate::check::Facts;
use crate::database::names;
use crate::pricing::Tariff;
use crate::verdict::{exempt, pass, unknown};

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
