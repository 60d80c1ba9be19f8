//! Metrics as CloudWatch names them, and the sources that may stand in for it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{RegionId, ResourceId, SubAccountId};

/// Metrics that are shares of a whole, counts, bytes or durations: none can be below zero.
const NEVER_NEGATIVE: &[(&str, &[&str])] = &[
    (
        "AWS/EC2",
        &[
            "CPUUtilization",
            "NetworkIn",
            "NetworkOut",
            "EBSReadBytes",
            "EBSWriteBytes",
            "EBSReadOps",
            "EBSWriteOps",
            "CPUSurplusCreditsCharged",
        ],
    ),
    (
        "CWAgent",
        &[
            "mem_used_percent",
            "Memory % Committed Bytes In Use",
            "nvidia_smi_utilization_gpu",
            "nvidia_smi_utilization_memory",
        ],
    ),
    ("AWS/AutoScaling", &["GroupInServiceInstances"]),
    ("AWS/EC2CapacityReservations", &["AvailableInstanceCount"]),
    (
        "AWS/RDS",
        &[
            "CPUUtilization",
            "DatabaseConnections",
            "FreeableMemory",
            "FreeStorageSpace",
            "SwapUsage",
            "CPUCreditBalance",
            "BurstBalance",
            "ReadIOPS",
            "WriteIOPS",
            "ReadThroughput",
            "WriteThroughput",
            "ServerlessDatabaseCapacity",
            "VolumeReadIOPs",
            "VolumeWriteIOPs",
        ],
    ),
    ("AWS/DocDB", &["CPUUtilization", "DatabaseConnections"]),
    ("AWS/Neptune", &["CPUUtilization", "TotalRequestsPerSec"]),
    (
        "AWS/ElastiCache",
        &[
            "CacheHits",
            "CacheMisses",
            "SetTypeCmds",
            "PubSubBasedCmds",
            "GetHits",
            "GetMisses",
            "CmdSet",
            "CPUUtilization",
            "EngineCPUUtilization",
            "DatabaseMemoryUsagePercentage",
            "ElastiCacheProcessingUnits",
            "CurrConnections",
        ],
    ),
    ("AWS/MemoryDB", &["KeyspaceHits", "KeyspaceMisses", "SetTypeCmds", "PubSubBasedCmds"]),
    ("AWS/Redshift", &["CPUUtilization", "DatabaseConnections", "PercentageDiskSpaceUsed"]),
    ("AWS/ES", &["SearchRate", "IndexingRate"]),
    (
        "AWS/DynamoDB",
        &[
            "ConsumedReadCapacityUnits",
            "ConsumedWriteCapacityUnits",
            "ProvisionedReadCapacityUnits",
            "ProvisionedWriteCapacityUnits",
        ],
    ),
    (
        "AWS/EBS",
        &[
            "VolumeReadBytes",
            "VolumeWriteBytes",
            "VolumeReadOps",
            "VolumeWriteOps",
            "VolumeIOPSExceededCheck",
            "VolumeThroughputExceededCheck",
            "FastSnapshotRestoreCreditsBalance",
        ],
    ),
    (
        "AWS/NATGateway",
        &[
            "ActiveConnectionCount",
            "BytesInFromDestination",
            "BytesInFromSource",
            "BytesOutToDestination",
            "BytesOutToSource",
        ],
    ),
    ("AWS/ApplicationELB", &["RequestCount", "RequestCountPerTarget"]),
    (
        "AWS/SQS",
        &[
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesVisible",
            "NumberOfMessagesReceived",
        ],
    ),
    ("AWS/NetworkELB", &["NewFlowCount", "ProcessedBytes"]),
    ("AWS/GatewayELB", &["NewFlowCount", "ProcessedBytes"]),
    ("AWS/ELB", &["EstimatedALBConsumedLCUs", "RequestCount"]),
    ("AWS/PrivateLinkEndpoints", &["BytesProcessed"]),
    ("AWS/TransitGateway", &["BytesIn", "BytesOut"]),
    ("AWS/EFS", &["ClientConnections", "DataReadIOBytes", "DataWriteIOBytes", "MeteredIOBytes"]),
    ("AWS/S3", &["NumberOfObjects"]),
    ("AWS/S3/Storage-Lens", &["NonCurrentVersionStorageBytes"]),
    (
        "AWS/Lambda",
        &[
            "Invocations",
            "Duration",
            "ProvisionedConcurrencyInvocations",
            "ProvisionedConcurrentExecutions",
        ],
    ),
    ("AWS/ElasticMapReduce", &["IsIdle"]),
    ("AWS/SageMaker", &["Invocations"]),
    ("/aws/sagemaker/Endpoints", &["CPUUtilization"]),
    ("AWS/Logs", &["IncomingBytes"]),
    (
        PROMETHEUS,
        &[
            "CPUUtilization",
            "mem_used_percent",
            "Memory % Committed Bytes In Use",
            "swap_used_percent",
            "disk_used_percent",
            "NetworkIn",
            "NetworkOut",
            "EBSReadBytes",
            "EBSWriteBytes",
            "EBSReadOps",
            "EBSWriteOps",
            "DatabaseConnections",
            "max_connections",
            "innodb_buffer_pool_size",
            "innodb_buffer_pool_used_percent",
            "mysql_queries",
        ],
    ),
    ("AWS/ECS", &["CPUUtilization", "MemoryUtilization", "MemoryReservation"]),
    ("AWS/EKS", &["scheduler_schedule_attempts_SCHEDULED"]),
];

/// The namespace of what Prometheus measured. A metric that stands in for one of CloudWatch
/// has its name and its unit.
pub const PROMETHEUS: &str = "Prometheus";

/// The metrics of CloudWatch that Prometheus may stand in for.
const STAND_INS: &[(&str, &[&str])] = &[
    (
        "AWS/EC2",
        &[
            "CPUUtilization",
            "NetworkIn",
            "NetworkOut",
            "EBSReadBytes",
            "EBSWriteBytes",
            "EBSReadOps",
            "EBSWriteOps",
        ],
    ),
    ("CWAgent", &["mem_used_percent", "Memory % Committed Bytes In Use"]),
    ("AWS/RDS", &["DatabaseConnections"]),
];

/// Returns whether Prometheus may stand in for a metric of CloudWatch.
pub fn has_stand_in(namespace: &str, metric: &str) -> bool {
    STAND_INS.iter().any(|(known, metrics)| *known == namespace && metrics.contains(&metric))
}

/// Returns the namespaces that may hold a metric: its own, then that of its stand-in.
pub fn sources<'a>(namespace: &'a str, metric: &str) -> impl Iterator<Item = &'a str> {
    let stand_in = has_stand_in(namespace, metric).then_some(PROMETHEUS);
    std::iter::once(namespace).chain(stand_in)
}

/// Metrics that show in which hours of a week a resource is used.
const HOURS_OF_USE: &[(&str, &[&str])] = &[
    ("AWS/EC2", &["CPUUtilization", "NetworkIn", "NetworkOut"]),
    ("AWS/RDS", &["CPUUtilization", "DatabaseConnections"]),
    ("AWS/ECS", &["CPUUtilization", "MemoryUtilization"]),
    ("AWS/ApplicationELB", &["RequestCountPerTarget"]),
];

/// Metrics whose profiles keep every hour: demand, memory, and what drives them.
const HOUR_BY_HOUR: &[(&str, &[&str])] = &[
    (
        "AWS/EC2",
        &[
            "CPUUtilization",
            "NetworkIn",
            "NetworkOut",
            "EBSReadBytes",
            "EBSWriteBytes",
            "EBSReadOps",
            "EBSWriteOps",
        ],
    ),
    ("CWAgent", &["mem_used_percent", "Memory % Committed Bytes In Use"]),
    (
        PROMETHEUS,
        &[
            "CPUUtilization",
            "mem_used_percent",
            "Memory % Committed Bytes In Use",
            "NetworkIn",
            "NetworkOut",
            "EBSReadBytes",
            "EBSWriteBytes",
            "EBSReadOps",
            "EBSWriteOps",
        ],
    ),
    ("AWS/RDS", &["CPUUtilization", "DatabaseConnections", "FreeableMemory"]),
    ("AWS/ECS", &["CPUUtilization", "MemoryUtilization"]),
    ("AWS/ApplicationELB", &["RequestCount", "RequestCountPerTarget"]),
    ("AWS/SQS", &["NumberOfMessagesReceived"]),
];

/// A statistic of CloudWatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Statistic {
    /// The highest sample of each period.
    Maximum,
    /// The mean of the samples of each period.
    Average,
    /// The sum of the samples of each period.
    Sum,
    /// The lowest sample of each period.
    Minimum,
    /// How many samples each period has.
    SampleCount,
}

impl Statistic {
    /// Every statistic.
    pub const ALL: &'static [Self] =
        &[Self::Maximum, Self::Average, Self::Sum, Self::Minimum, Self::SampleCount];

    /// Returns CloudWatch's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Maximum => "Maximum",
            Self::Average => "Average",
            Self::Sum => "Sum",
            Self::Minimum => "Minimum",
            Self::SampleCount => "SampleCount",
        }
    }

    /// Returns whether the samples are amounts: those of a longer period are larger, and
    /// they may be added.
    pub fn adds_up(self) -> bool {
        match self {
            Self::Sum | Self::SampleCount => true,
            Self::Maximum | Self::Average | Self::Minimum => false,
        }
    }

    /// Returns the statistic that CloudWatch spells so.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|statistic| statistic.as_str() == word)
    }
}

impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Where a series is from.
///
/// Databases, functions, log groups and load balancers are named by their owners, so that
/// a name alone may be that of several.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// The account.
    pub account: SubAccountId,
    /// The region.
    pub region: RegionId,
}

/// One series: a metric of a resource, with one statistic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MetricKey {
    /// Where it is from, if its file says so.
    pub origin: Option<Origin>,
    /// The resource.
    pub resource_id: ResourceId,
    /// The namespace, such as `AWS/EC2`.
    pub namespace: String,
    /// The metric name, such as `CPUUtilization`.
    pub metric: String,
    /// The statistic.
    pub statistic: Statistic,
}

/// Returns whether a metric can have a value.
///
/// Of the metrics that trimtab reads none can be below zero. Shares above 100 % are taken
/// as they are: a sample of a minute may exceed it by what a clock is off, and more of it
/// never makes a machine smaller. Metrics that trimtab does not read are not judged.
pub fn is_possible(namespace: &str, metric: &str, value: f64) -> bool {
    value >= 0.0
        || !NEVER_NEGATIVE
            .iter()
            .any(|(known, metrics)| *known == namespace && metrics.contains(&metric))
}

/// Returns whether schedules are made of the metric, so that its profiles keep the local week.
pub fn shows_hours_of_use(namespace: &str, metric: &str) -> bool {
    HOURS_OF_USE.iter().any(|(known, metrics)| *known == namespace && metrics.contains(&metric))
}

/// Returns whether the profiles of a metric keep how long it stood at which level: shares of
/// a size that a forecast of demand needs as a whole.
pub fn keeps_levels(namespace: &str, metric: &str) -> bool {
    matches!(
        (namespace, metric),
        ("AWS/EC2" | "AWS/RDS" | "AWS/ECS", "CPUUtilization")
            | ("AWS/ECS", "MemoryUtilization")
            | ("CWAgent" | PROMETHEUS, "mem_used_percent" | "Memory % Committed Bytes In Use")
    )
}

/// Returns whether the profiles of a metric keep every hour of their window.
pub fn keeps_hours(namespace: &str, metric: &str) -> bool {
    HOUR_BY_HOUR.iter().any(|(known, metrics)| *known == namespace && metrics.contains(&metric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_trimtab_reads_is_never_below_zero() {
        assert!(!is_possible("AWS/EC2", "CPUUtilization", -0.1));
        assert!(!is_possible("AWS/EBS", "VolumeReadBytes", -1.0));
        assert!(is_possible("AWS/EC2", "CPUUtilization", -0.0));
        assert!(is_possible("AWS/EC2", "CPUUtilization", 100.02));
        assert!(!is_possible(PROMETHEUS, "mem_used_percent", -0.1));
        // Where replication does not run, it is -1.
        assert!(is_possible("AWS/RDS", "ReplicaLag", -1.0));
    }

    #[test]
    fn a_stand_in_comes_after_the_metric_itself() {
        let of = |namespace, metric| sources(namespace, metric).collect::<Vec<_>>();
        assert_eq!(of("CWAgent", "mem_used_percent"), ["CWAgent", PROMETHEUS]);
        assert_eq!(of("AWS/RDS", "FreeableMemory"), ["AWS/RDS"]);
        assert_eq!(of(PROMETHEUS, "mem_used_percent"), [PROMETHEUS]);
    }

    #[test]
    fn what_stands_in_is_never_below_zero_either() {
        for metric in STAND_INS.iter().flat_map(|(_, metrics)| *metrics) {
            assert!(!is_possible(PROMETHEUS, metric, -1.0), "{metric}");
        }
    }
}
