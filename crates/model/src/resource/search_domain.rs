//! OpenSearch Service domains, Elasticsearch ones included.

use serde::{Deserialize, Serialize};

/// What `describe-domains` says of one domain. The resource's id is `DomainName`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchDomain {
    /// `ARN`.
    pub arn: Option<String>,
    /// `EngineVersion`, such as `OpenSearch_2.11` or `Elasticsearch_7.10`.
    pub engine_version: Option<String>,
    /// Whether it is being made, changed or deleted: `Processing`, `UpgradeProcessing` or `Deleted`.
    pub is_changing: bool,
    /// `ClusterConfig.InstanceType`, such as `r6g.large.search`.
    pub instance_type: Option<String>,
    /// `ClusterConfig.InstanceCount`.
    pub instance_count: Option<u32>,
    /// `ClusterConfig.DedicatedMasterType`, where masters are enabled.
    pub dedicated_master_type: Option<String>,
    /// `ClusterConfig.DedicatedMasterCount`, where masters are enabled.
    pub dedicated_master_count: Option<u32>,
    /// `ClusterConfig.WarmType`, where UltraWarm is enabled.
    pub warm_type: Option<String>,
    /// `ClusterConfig.WarmCount`, where UltraWarm is enabled.
    pub warm_count: Option<u32>,
    /// `EBSOptions`; absent where the instances have disks of their own.
    pub ebs_options: Option<EbsOptions>,
}

/// `EBSOptions` of a domain, per data node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EbsOptions {
    /// `VolumeType`: `gp2`, `gp3`, `io1` or `standard`.
    pub volume_type: Option<String>,
    /// `VolumeSize` in GiB.
    pub volume_size_gib: Option<u32>,
    /// `Iops`.
    pub iops: Option<u32>,
    /// `Throughput` in MiB/s.
    pub throughput_mib_s: Option<u32>,
}
