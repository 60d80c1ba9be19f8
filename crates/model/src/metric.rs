//! Metrics as CloudWatch names them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

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

/// One series: a metric of a resource, with one statistic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MetricKey {
    /// The resource.
    pub resource_id: ResourceId,
    /// The namespace, such as `AWS/EC2`.
    pub namespace: String,
    /// The metric name, such as `CPUUtilization`.
    pub metric: String,
    /// The statistic.
    pub statistic: Statistic,
}
