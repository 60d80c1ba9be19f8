//! EKS clusters.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `eks describe-cluster` says of one cluster, with the names of what runs its pods.
///
/// The resource's id is `name`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EksCluster {
    /// `arn`.
    pub arn: Option<String>,
    /// `status`, such as `ACTIVE`.
    pub status: Option<String>,
    /// `version` of Kubernetes, such as `1.34`.
    pub version: Option<String>,
    /// `platformVersion`, such as `eks.12`.
    pub platform_version: Option<String>,
    /// `upgradePolicy.supportType`: `EXTENDED` or `STANDARD`.
    pub support_type: Option<String>,
    /// `endOfStandardSupportDate` of its version, by `describe-cluster-versions`.
    pub end_of_standard_support: Option<Timestamp>,
    /// `endOfExtendedSupportDate` of its version.
    pub end_of_extended_support: Option<Timestamp>,
    /// `createdAt`.
    pub created_at: Option<Timestamp>,
    /// Where its control plane and nodes are.
    pub hosting: Hosting,
    /// `computeConfig.enabled`: EKS Auto Mode makes nodes as pods come.
    pub auto_mode: bool,
    /// `deletionProtection`.
    pub deletion_protection: Option<bool>,
    /// `list-nodegroups`, sorted. Absent when they were not read.
    pub nodegroups: Option<Vec<String>>,
    /// `list-fargate-profiles`, sorted. Absent when they were not read.
    pub fargate_profiles: Option<Vec<String>>,
}

/// Where a cluster is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hosting {
    /// All of it in AWS.
    Cloud,
    /// `remoteNetworkConfig`: nodes may be outside AWS.
    Hybrid,
    /// `outpostConfig`: the control plane is on an Outpost.
    Outpost,
    /// `connectorConfig`: a cluster of another provider, which EKS only shows.
    Connected,
}
