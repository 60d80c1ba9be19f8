//! Alarms, and what they watch.

use trimtab_model::relation::Bond;
use trimtab_model::resource::ResourceKind;
use trimtab_model::snapshot::Snapshot;

use super::edge::{Edge, End, Visit};

/// The kind of what a dimension of CloudWatch names.
const DIMENSIONS: [(&str, ResourceKind); 10] = [
    ("InstanceId", ResourceKind::Instance),
    ("VolumeId", ResourceKind::Volume),
    ("AutoScalingGroupName", ResourceKind::AutoScalingGroup),
    ("DBInstanceIdentifier", ResourceKind::DbInstance),
    ("DBClusterIdentifier", ResourceKind::DbCluster),
    ("CacheClusterId", ResourceKind::CacheCluster),
    ("FunctionName", ResourceKind::Function),
    ("TableName", ResourceKind::DynamoTable),
    ("NatGatewayId", ResourceKind::NatGateway),
    ("FileSystemId", ResourceKind::FileSystem),
];
/// The dimension that names a load balancer by the end of its ARN.
const BALANCER: &str = "LoadBalancer";

/// Visits what alarms name.
pub(super) fn edges<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    for alarm in &snapshot.alarms {
        let from = End::of(alarm, ResourceKind::Alarm);
        for (dimension, value) in &alarm.kind.dimensions {
            let kind = DIMENSIONS.iter().find(|(name, _)| name == dimension);
            let to = match kind {
                Some((_, kind)) => Some(from.beside(kind.as_str(), value.as_str())),
                None if dimension == BALANCER => balancer(snapshot, &from, value),
                None => service(&from, dimension, alarm.kind.dimensions.get("ClusterName"), value),
            };
            if let Some(to) = to {
                visit(Edge { from: from.clone(), bond: Bond::Watch, to });
            }
        }
    }
}

fn balancer<'a>(snapshot: &'a Snapshot, from: &End<'a>, name: &str) -> Option<End<'a>> {
    let found = snapshot.load_balancers.iter().find(|one| {
        one.account.as_str() == from.account
            && one.region.as_str() == from.region
            && one.id.as_str().strip_suffix(name).is_some_and(|start| start.ends_with('/'))
    })?;
    Some(End::of(found, found.kind.load_balancer_type.resource_kind()))
}

/// A service of ECS has its cluster's name before its own.
fn service<'a>(
    from: &End<'a>,
    dimension: &str,
    cluster: Option<&String>,
    name: &str,
) -> Option<End<'a>> {
    let cluster = cluster.filter(|_| dimension == "ServiceName")?;
    Some(from.beside(ResourceKind::EcsService.as_str(), format!("{cluster}/{name}")))
}
