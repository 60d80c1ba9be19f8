//! A DB cluster: its members, and its names on a bill.

use trimtab_model::id::ResourceId;
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_cluster::DbCluster;
use trimtab_model::resource::db_instance::DbInstance;

use crate::check::Facts;
use crate::database::names;

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
