//! Samples of one metric of one resource, as they come from a source.

use crate::id::{RegionId, ResourceId, SubAccountId};
use crate::metric::Statistic;
use crate::resource::{ResourceKind, ResourceRef};

/// A metric that is wanted of every resource of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetricNeed {
    /// The kind.
    pub kind: ResourceKind,
    /// The namespace, such as `AWS/EC2`.
    pub namespace: &'static str,
    /// The metric name.
    pub metric: &'static str,
    /// The statistic.
    pub statistic: Statistic,
}

/// Samples of one series, in order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The resource, as its own service names it.
    pub resource_id: ResourceId,
    /// The account it is in.
    pub account: SubAccountId,
    /// The region it is in.
    pub region: RegionId,
    /// The namespace.
    pub namespace: String,
    /// The metric.
    pub metric: String,
    /// The statistic.
    pub statistic: Statistic,
    /// Length of a sample's interval, in seconds.
    pub period_seconds: u32,
    /// When each interval starts, in seconds since 1970.
    pub seconds: Vec<i64>,
    /// The value of each interval, in the metric's own unit.
    pub values: Vec<f64>,
}

impl Series {
    /// Makes a series without samples.
    pub fn empty(resource: &ResourceRef, need: MetricNeed, period_seconds: u32) -> Self {
        Self {
            resource_id: resource.id.clone(),
            account: resource.account.clone(),
            region: resource.region.clone(),
            namespace: need.namespace.to_owned(),
            metric: need.metric.to_owned(),
            statistic: need.statistic,
            period_seconds,
            seconds: Vec::new(),
            values: Vec::new(),
        }
    }
}
