//! Containers, functions, and what scales them.

use trimtab_model::relation::Bond;
use trimtab_model::resource::ResourceKind;
use trimtab_model::snapshot::Snapshot;

use super::edge::{Edge, End, Visit};

/// What Application Auto Scaling scales, by how its name for it begins.
const SCALED: [(&str, ResourceKind); 4] = [
    ("service/", ResourceKind::EcsService),
    ("table/", ResourceKind::DynamoTable),
    ("cluster:", ResourceKind::DbCluster),
    ("function:", ResourceKind::Function),
];

/// Visits what containers and functions name.
pub(super) fn edges<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    ecs(snapshot, visit);
    eks(snapshot, visit);
    for one in &snapshot.provisioned_concurrency {
        let from = End::of(one, ResourceKind::ProvisionedConcurrency);
        let to = from.beside(ResourceKind::Function.as_str(), one.kind.function_name.as_str());
        visit(Edge { from, bond: Bond::Attachment, to });
    }
    for target in &snapshot.scalable_targets {
        let from = End::of(target, ResourceKind::ScalableTarget);
        let name = target.kind.resource_id.as_str();
        let scaled = SCALED.iter().find_map(|(start, kind)| {
            let name = name.strip_prefix(start)?;
            // An index of a table and an alias of a function belong to what they are of.
            let name = match kind {
                ResourceKind::EcsService => name,
                _ => name.split(['/', ':']).next().unwrap_or(name),
            };
            Some(from.beside(kind.as_str(), name))
        });
        if let Some(to) = scaled {
            visit(Edge { from, bond: Bond::Scaling, to });
        }
    }
}

fn ecs<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    for service in &snapshot.ecs_services {
        let from = End::of(service, ResourceKind::EcsService);
        let to = from.beside(ResourceKind::EcsCluster.as_str(), service.kind.cluster.as_str());
        visit(Edge { from, bond: Bond::Membership, to });
    }
    for cluster in &snapshot.ecs_clusters {
        let to = End::of(cluster, ResourceKind::EcsCluster);
        for id in cluster.kind.ec2_instance_ids.iter().flatten() {
            let from = to.beside(ResourceKind::Instance.as_str(), id.as_str());
            visit(Edge { from, bond: Bond::Membership, to: to.clone() });
        }
    }
}

fn eks<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    for group in &snapshot.eks_nodegroups {
        let own = End::of(group, ResourceKind::EksNodegroup);
        let cluster = own.beside(ResourceKind::EksCluster.as_str(), &*group.kind.cluster_name);
        visit(Edge { from: own.clone(), bond: Bond::Membership, to: cluster });
        for id in &group.kind.auto_scaling_groups {
            let from = own.beside(ResourceKind::AutoScalingGroup.as_str(), id.as_str());
            visit(Edge { from, bond: Bond::Membership, to: own.clone() });
        }
    }
}
