//! EMR clusters on EC2.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `emr describe-cluster` says of one cluster that is not terminated. The resource's id is `Id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmrCluster {
    /// `ClusterArn`.
    pub cluster_arn: Option<String>,
    /// `Name`.
    pub name: Option<String>,
    /// `Status.State`, such as `WAITING`.
    pub state: String,
    /// `Status.Timeline.ReadyDateTime`.
    pub ready_date_time: Option<Timestamp>,
    /// `ReleaseLabel`, such as `emr-6.15.0`.
    pub release_label: Option<String>,
    /// The names of `Applications`, such as `Spark`.
    pub applications: Vec<String>,
    /// `TerminationProtected`.
    pub termination_protected: Option<bool>,
    /// `AutoTerminationPolicy`; absent where it could not be read.
    pub auto_termination: Option<AutoTermination>,
    /// `InstanceGroups` or `InstanceFleets`; absent where they could not be read.
    pub capacity: Option<EmrCapacity>,
}

/// Whether a cluster ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AutoTermination {
    /// It does, after so many seconds without work.
    AfterIdleSeconds(u64),
    /// It does not.
    Never,
}

/// What a cluster runs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EmrCapacity {
    /// Groups of one type each.
    Groups(Vec<EmrInstanceGroup>),
    /// Fleets of several types each.
    Fleets(Vec<EmrInstanceFleet>),
}

/// One entry of `InstanceGroups`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmrInstanceGroup {
    /// `InstanceGroupType`: `MASTER`, `CORE` or `TASK`.
    pub instance_group_type: Option<String>,
    /// `InstanceType`.
    pub instance_type: String,
    /// `Market`: `ON_DEMAND` or `SPOT`.
    pub market: Option<String>,
    /// `RunningInstanceCount`.
    pub running_instance_count: u32,
}

/// One entry of `InstanceFleets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmrInstanceFleet {
    /// `InstanceFleetType`: `MASTER`, `CORE` or `TASK`.
    pub instance_fleet_type: Option<String>,
    /// The types of `InstanceTypeSpecifications`.
    pub instance_types: Vec<String>,
    /// `ProvisionedOnDemandCapacity`, in units that the owner weighs.
    pub provisioned_on_demand_capacity: Option<u32>,
    /// `ProvisionedSpotCapacity`, in units that the owner weighs.
    pub provisioned_spot_capacity: Option<u32>,
}
