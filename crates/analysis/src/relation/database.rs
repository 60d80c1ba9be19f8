//! Databases and caches, their clusters, replicas, snapshots and settings.

use trimtab_model::relation::Bond;
use trimtab_model::resource::ResourceKind;
use trimtab_model::snapshot::Snapshot;

use super::edge::{Edge, End, Visit};

/// A group of caches, which trimtab reads with its members.
const REPLICATION_GROUP: &str = "AWS::ElastiCache::ReplicationGroup";

/// Visits what databases and caches name.
pub(super) fn edges<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    instances(snapshot, visit);
    clusters(snapshot, visit);
    snapshots(snapshot, visit);
    for cache in &snapshot.cache_clusters {
        let from = End::of(cache, ResourceKind::CacheCluster);
        if let Some(id) = &cache.kind.replication_group_id {
            let to = from.beside(REPLICATION_GROUP, id.as_str());
            visit(Edge { from, bond: Bond::Membership, to });
        }
    }
}

fn instances<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    let kind = ResourceKind::DbInstance.as_str();
    for instance in &snapshot.db_instances {
        let from = End::of(instance, ResourceKind::DbInstance);
        let facts = &instance.kind;
        if let Some(id) = &facts.db_cluster_identifier {
            let to = from.beside(ResourceKind::DbCluster.as_str(), id.as_str());
            visit(Edge { from: from.clone(), bond: Bond::Membership, to });
        }
        if let Some(id) = &facts.read_replica_source {
            let to = from.database(kind, id.as_str());
            visit(Edge { from: from.clone(), bond: Bond::Copy, to });
        }
        for id in &facts.read_replicas {
            let replica = from.database(kind, id.as_str());
            visit(Edge { from: replica, bond: Bond::Copy, to: from.clone() });
        }
        for id in &facts.db_parameter_groups {
            let to = from.beside(ResourceKind::DbParameterGroup.as_str(), id.as_str());
            visit(Edge { from: from.clone(), bond: Bond::Setting, to });
        }
    }
}

fn clusters<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    let kind = ResourceKind::DbCluster.as_str();
    for cluster in &snapshot.db_clusters {
        let own = End::of(cluster, ResourceKind::DbCluster);
        for member in &cluster.kind.db_cluster_members {
            let id = member.db_instance_identifier.as_str();
            let from = own.beside(ResourceKind::DbInstance.as_str(), id);
            visit(Edge { from, bond: Bond::Membership, to: own.clone() });
        }
        if let Some(id) = &cluster.kind.replication_source_identifier {
            let to = own.database(kind, id.as_str());
            visit(Edge { from: own.clone(), bond: Bond::Copy, to });
        }
        for id in &cluster.kind.read_replica_identifiers {
            let replica = own.database(kind, id.as_str());
            visit(Edge { from: replica, bond: Bond::Copy, to: own.clone() });
        }
    }
}

fn snapshots<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    for one in &snapshot.db_snapshots {
        let from = End::of(one, ResourceKind::DbSnapshot);
        // A copy keeps the name of a database that may be of another region or account.
        let is_copy = one.kind.source_db_snapshot_identifier.is_some();
        if let Some(id) = one.kind.db_instance_identifier.as_ref().filter(|_| !is_copy) {
            let to = from.beside(ResourceKind::DbInstance.as_str(), id.as_str());
            visit(Edge { from, bond: Bond::Origin, to });
        }
    }
    for one in &snapshot.db_cluster_snapshots {
        let from = End::of(one, ResourceKind::DbClusterSnapshot);
        let is_copy = one.kind.source_db_cluster_snapshot_arn.is_some();
        if let Some(id) = one.kind.db_cluster_identifier.as_ref().filter(|_| !is_copy) {
            let to = from.beside(ResourceKind::DbCluster.as_str(), id.as_str());
            visit(Edge { from, bond: Bond::Origin, to });
        }
    }
}
