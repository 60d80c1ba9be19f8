//! Nodes of Redshift clusters.

use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::{CostComponent, Unknown};
use trimtab_model::resource::Resource;
use trimtab_model::resource::redshift_cluster::RedshiftCluster;

use super::{NodeService, NodeType};
use crate::check::Facts;
use crate::pricing::Tariff;
use crate::verdict::unknown;

/// Lists the names of metrics and bill: the identifier and the two ARNs.
pub fn names(cluster: &Resource<RedshiftCluster>) -> Vec<ResourceId> {
    let others = [&cluster.kind.arn, &cluster.kind.cluster_namespace_arn];
    std::iter::once(cluster.id.clone())
        .chain(others.into_iter().flatten().map(|name| ResourceId::new(name.clone())))
        .collect()
}

/// Returns the node type.
pub fn node(cluster: &Resource<RedshiftCluster>) -> NodeType<'static> {
    NodeType { service: NodeService::Redshift, engine: "", name: cluster.kind.node_type.clone() }
}

/// Returns a month of all its nodes.
///
/// # Errors
/// Returns `Unknown` if their number or their price is not known.
pub fn hours(
    facts: &Facts<'_>,
    cluster: &Resource<RedshiftCluster>,
) -> Result<CostComponent, Unknown> {
    let Some(count) = cluster.kind.number_of_nodes else {
        return Err(unknown(
            "nodes-unknown",
            "The listing does not say how many nodes there are.",
            "목록에 노드 수가 없습니다.",
            &["inventory:describe-clusters", "billing"],
        ));
    };
    node(cluster).hours(facts, &Tariff::of(facts, cluster), count)
}
