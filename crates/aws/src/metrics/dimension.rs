//! By which dimensions CloudWatch knows a resource.

use trimtab_model::queue;
use trimtab_model::resource::{ResourceKind, ResourceRef};

/// A dimension's name and value.
pub(super) type Dimension = (String, String);

/// How the series of a resource is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lookup {
    /// These are all of its dimensions.
    Exactly(Vec<Dimension>),
    /// It has this one, and others that only a listing tells: the agent adds the image and the
    /// type of an instance, and an endpoint's metrics its VPC. Where the number of all of them
    /// is given, series with more are of a part of it, such as a zone.
    Among(Dimension, Option<usize>),
    /// It is a cluster that has this one, and each of its nodes has another of this name beside
    /// it. A listing tells the nodes, and whether there are series of the whole as well.
    Nodes(Dimension, &'static str),
}

/// Returns whose series one with the dimensions `known` is, if it belongs to the cluster of the
/// dimension `of`: the node's that `node` names, or the cluster's own.
pub(super) fn node<'a>(of: &'a Dimension, node: &str, known: &'a [Dimension]) -> Option<&'a str> {
    match known {
        [one] => (one == of).then_some(of.1.as_str()),
        [one, other] | [other, one] if one == of && other.0 == node => Some(other.1.as_str()),
        _ => None,
    }
}

/// Returns how the metrics of `namespace` name a resource or a part of it, as the snapshot lists
/// what is measured; absent where they do not.
pub(super) fn lookup(namespace: &str, resource: &ResourceRef) -> Option<Lookup> {
    let id = resource.id.as_str();
    let one = |name: &str, value: &str| exactly([(name, value)]);
    match (namespace, resource.kind) {
        ("CWAgent", ResourceKind::Instance) => {
            Some(Lookup::Among(("InstanceId".to_owned(), id.to_owned()), None))
        }
        ("AWS/EC2", ResourceKind::Instance) => one("InstanceId", id),
        // The agent sums up by the group where it is told to aggregate by that dimension alone.
        ("AWS/EC2" | "AWS/AutoScaling" | "CWAgent", ResourceKind::AutoScalingGroup) => {
            one("AutoScalingGroupName", id)
        }
        ("AWS/EBS", ResourceKind::Volume) => one("VolumeId", id),
        ("AWS/EBS", ResourceKind::FastSnapshotRestore) => {
            // The id is the snapshot's and the zone's.
            let (snapshot, zone) = id.split_once('/')?;
            exactly([("AvailabilityZone", zone), ("SnapshotId", snapshot)])
        }
        ("AWS/EC2CapacityReservations", ResourceKind::CapacityReservation) => {
            one("CapacityReservationId", id)
        }
        ("AWS/RDS", ResourceKind::DbInstance) => one("DBInstanceIdentifier", id),
        ("AWS/RDS" | "AWS/DocDB" | "AWS/Neptune", ResourceKind::DbCluster) => {
            one("DBClusterIdentifier", id)
        }
        ("AWS/ElastiCache", ResourceKind::CacheCluster) => one("CacheClusterId", id),
        ("AWS/ElastiCache", ResourceKind::ServerlessCache) => one("clusterId", id),
        // "Metrics for MemoryDB": each metric is calculated at the node level.
        ("AWS/MemoryDB", ResourceKind::MemoryDbCluster) => {
            Some(Lookup::Nodes(("ClusterName".to_owned(), id.to_owned()), "NodeName"))
        }
        ("AWS/Redshift", ResourceKind::RedshiftCluster) => one("ClusterIdentifier", id),
        ("AWS/ES", ResourceKind::SearchDomain) => {
            exactly([("DomainName", id), ("ClientId", resource.account.as_str())])
        }
        ("AWS/DynamoDB", ResourceKind::DynamoTable) => match id.split_once("/index/") {
            None => one("TableName", id),
            Some((table, index)) => {
                exactly([("TableName", table), ("GlobalSecondaryIndexName", index)])
            }
        },
        ("AWS/ECS", ResourceKind::EcsCluster) => one("ClusterName", id),
        ("AWS/ECS", ResourceKind::EcsService) => {
            let (cluster, service) = id.split_once('/')?;
            exactly([("ClusterName", cluster), ("ServiceName", service)])
        }
        // Requests are counted by the target group, not by the service behind it.
        ("AWS/ApplicationELB", ResourceKind::EcsService) => {
            one("TargetGroup", id.rsplit_once(':')?.1)
        }
        // Messages are counted by the queue, not by the servers that read it.
        (queue::NAMESPACE, ResourceKind::Instance | ResourceKind::EcsService) => {
            one(queue::DIMENSION, id)
        }
        ("AWS/EKS", ResourceKind::EksCluster) => one("ClusterName", id),
        ("AWS/NATGateway", ResourceKind::NatGateway) => one("NatGatewayId", id),
        ("AWS/ELB", ResourceKind::ClassicLoadBalancer) => one("LoadBalancerName", id),
        (
            "AWS/ApplicationELB" | "AWS/NetworkELB" | "AWS/GatewayELB",
            ResourceKind::LoadBalancer,
        ) => {
            let name = id.split_once(":loadbalancer/")?.1;
            // The ARN says which of the three it is; the others have no such series.
            let is = |part: &str| name.starts_with(part);
            let own = match namespace {
                "AWS/ApplicationELB" => is("app/"),
                "AWS/NetworkELB" => is("net/"),
                _ => is("gwy/"),
            };
            own.then(|| exactly([("LoadBalancer", name)])).flatten()
        }
        ("AWS/Lambda", ResourceKind::Function) => one("FunctionName", id),
        ("AWS/Lambda", ResourceKind::ProvisionedConcurrency) => {
            // The id is the function's and the qualifier's, which is what Lambda calls it too.
            let (function, _) = id.split_once(':')?;
            Some(Lookup::Exactly(vec![
                ("FunctionName".to_owned(), function.to_owned()),
                ("Resource".to_owned(), id.to_owned()),
            ]))
        }
        ("AWS/ElasticMapReduce", ResourceKind::EmrCluster) => one("JobFlowId", id),
        // The endpoint and each of its variants; a container would be a third.
        ("AWS/SageMaker" | "/aws/sagemaker/Endpoints", ResourceKind::ModelEndpoint) => {
            Some(Lookup::Among(("EndpointName".to_owned(), id.to_owned()), Some(2)))
        }
        ("AWS/Logs", ResourceKind::LogGroup) => one("LogGroupName", id),
        ("AWS/EFS", ResourceKind::FileSystem) => one("FileSystemId", id),
        // The endpoint's type, its service, its VPC and itself; a subnet would be a fifth.
        ("AWS/PrivateLinkEndpoints", ResourceKind::VpcEndpoint) => {
            Some(Lookup::Among(("VPC Endpoint Id".to_owned(), id.to_owned()), Some(4)))
        }
        ("AWS/TransitGateway", ResourceKind::TransitGatewayAttachment) => {
            Some(Lookup::Among(("TransitGatewayAttachment".to_owned(), id.to_owned()), Some(2)))
        }
        // Objects are counted over all classes together.
        ("AWS/S3", ResourceKind::Bucket) => {
            exactly([("BucketName", id), ("StorageType", "AllStorageTypes")])
        }
        _ => None,
    }
}

fn exactly<const N: usize>(pairs: [(&str, &str); N]) -> Option<Lookup> {
    let owned = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Some(Lookup::Exactly(owned.into()))
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;

    use super::*;

    fn check(namespace: &str, kind: ResourceKind, id: &str, expected: &[(&str, &str)]) {
        let resource = ResourceRef {
            id: id.into(),
            kind,
            account: "111122223333".into(),
            region: "ap-northeast-2".into(),
            environment: Environment::Dev,
            name: None,
        };
        let expected: Vec<Dimension> = expected
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        assert_eq!(lookup(namespace, &resource), Some(Lookup::Exactly(expected)));
    }

    #[test]
    fn a_table_and_its_index_are_told_apart() {
        let table = ResourceKind::DynamoTable;
        check("AWS/DynamoDB", table, "scores", &[("TableName", "scores")]);
        check(
            "AWS/DynamoDB",
            table,
            "scores/index/by-day",
            &[("TableName", "scores"), ("GlobalSecondaryIndexName", "by-day")],
        );
    }

    #[test]
    fn a_service_is_known_by_its_cluster_and_its_target_group() {
        let service = ResourceKind::EcsService;
        check(
            "AWS/ECS",
            service,
            "arena/match",
            &[("ClusterName", "arena"), ("ServiceName", "match")],
        );
        check(
            "AWS/ApplicationELB",
            service,
            "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:targetgroup/match/0a1b",
            &[("TargetGroup", "targetgroup/match/0a1b")],
        );
    }

    #[test]
    fn a_queue_is_known_by_its_name_whoever_reads_it() {
        for reader in [ResourceKind::EcsService, ResourceKind::Instance] {
            check("AWS/SQS", reader, "jobs", &[("QueueName", "jobs")]);
        }
    }

    fn dimension(name: &str, value: &str) -> Dimension {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn a_series_belongs_to_the_node_that_it_names_or_to_the_cluster() {
        let (of, first) =
            (dimension("ClusterName", "ranks"), dimension("NodeName", "ranks-0001-001"));
        let subject = |known: &[Dimension]| node(&of, "NodeName", known).map(str::to_owned);
        assert_eq!(subject(&[of.clone(), first.clone()]).as_deref(), Some("ranks-0001-001"));
        assert_eq!(subject(&[first.clone(), of.clone()]).as_deref(), Some("ranks-0001-001"));
        assert_eq!(subject(std::slice::from_ref(&of)).as_deref(), Some("ranks"));
        assert_eq!(subject(&[dimension("ClusterName", "other"), first.clone()]), None);
        assert_eq!(subject(&[of.clone(), first, dimension("Tier", "SSD")]), None);
    }
}
