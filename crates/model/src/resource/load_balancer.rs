//! Load balancers, classic and current.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;
use crate::resource::ResourceKind;

/// What `describe-load-balancers` (either API) and `describe-target-health` say of one load balancer.
///
/// The resource's id is the name for a Classic one, the ARN for the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadBalancer {
    /// `LoadBalancerName`.
    pub load_balancer_name: String,
    /// Which of the four it is.
    pub load_balancer_type: LoadBalancerType,
    /// `State.Code`; Classic ones have none.
    pub state: Option<String>,
    /// `Scheme`.
    pub scheme: Option<String>,
    /// `CreatedTime`.
    pub created_time: Option<Timestamp>,
    /// Registered targets and how many of them are healthy. Absent when target
    /// health was not read.
    pub targets: Option<TargetCount>,
    /// `Target.Id` of what stands behind it, sorted, each once: instances, addresses, functions or
    /// other load balancers. Absent when target health was not read.
    #[serde(default)]
    pub target_ids: Option<Vec<String>>,
    /// Its target groups, in order of their ARNs. Absent when target health was not read; Classic
    /// ones have none.
    #[serde(default)]
    pub target_groups: Option<Vec<TargetGroup>>,
    /// Whether it sends to targets in every zone. Absent when its attributes were not read;
    /// they are read of Network and Gateway Load Balancers.
    pub cross_zone: Option<bool>,
}

/// What `describe-target-groups` and `describe-target-health` say of one target group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetGroup {
    /// `TargetGroupArn`.
    pub target_group_arn: ResourceId,
    /// `Target.Id` of its targets, sorted, each once.
    pub target_ids: Vec<String>,
    /// How many of its targets are healthy.
    pub healthy: u32,
    /// How many of its targets fail their checks: not those that leave it, are new to it or are
    /// stopped. Absent in what was read before this was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unhealthy: Option<u32>,
}

/// The four kinds of load balancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LoadBalancerType {
    /// Classic Load Balancer.
    Classic,
    /// Application Load Balancer.
    Application,
    /// Network Load Balancer.
    Network,
    /// Gateway Load Balancer.
    Gateway,
}

impl LoadBalancerType {
    /// Returns the kind of resource: Classic ones have an API of their own.
    pub fn resource_kind(self) -> ResourceKind {
        match self {
            Self::Classic => ResourceKind::ClassicLoadBalancer,
            Self::Application | Self::Network | Self::Gateway => ResourceKind::LoadBalancer,
        }
    }

    /// Returns the word of the API, `classic` for the older kind.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::Application => "application",
            Self::Network => "network",
            Self::Gateway => "gateway",
        }
    }
}

/// Targets over all target groups of a load balancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetCount {
    /// Registered targets.
    pub registered: u32,
    /// Those whose health is `healthy`. Absent where health is not reported (Classic).
    pub healthy: Option<u32>,
}
