//! A series reduced to what decisions need.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;
use crate::metric::{MetricKey, Statistic};
use crate::period::Period;

/// One UTC day of a series.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DayProfile {
    /// Days since 1970-01-01.
    pub day: i32,
    /// Samples on that day.
    pub count: u32,
    /// Mean of the samples.
    pub mean: f64,
    /// Highest sample.
    pub max: f64,
    /// Sum of the samples.
    pub sum: f64,
}

/// A series over a window, reduced on the engine. Values are in the metric's own unit.
///
/// Quantiles are exact: the sample at rank `ceil(q × count)` of the sorted
/// samples (the "nearest rank" definition, which never invents a value).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsageProfile {
    /// The window that was asked for; samples outside it were not read.
    pub window: Period,
    /// Length of a sample's interval, in seconds: the most common one of the series.
    pub period_seconds: u32,
    /// How many samples the window holds, after removing duplicates of one moment.
    pub count: u64,
    /// Share of the window's intervals that have a sample, from 0 to 1.
    pub coverage: f64,
    /// When the first sample's interval starts.
    pub first: Timestamp,
    /// When the last sample's interval starts.
    pub last: Timestamp,
    /// Longest stretch without a sample inside the window, in seconds, both ends included.
    pub longest_gap_seconds: u64,
    /// Mean of the samples.
    pub mean: f64,
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
    /// 95th percentile.
    pub p95: f64,
    /// 99th percentile.
    pub p99: f64,
    /// 99.5th percentile.
    pub p99_5: f64,
    /// Highest sample.
    pub max: f64,
    /// Lowest sample.
    pub min: f64,
    /// Sum of the samples.
    pub sum: f64,
    /// The latest sample.
    pub last_value: f64,
    /// Least-squares slope over the daily means, in the metric's unit per day.
    /// Absent with fewer than two days.
    pub trend_per_day: Option<f64>,
    /// Mean of the samples per hour of the week in UTC, Monday 00 first: 168
    /// values, absent where an hour has no sample.
    pub hour_of_week: Vec<Option<f64>>,
    /// The days, in order, those without samples left out.
    pub days: Vec<DayProfile>,
}

impl UsageProfile {
    /// Returns how many hours of the window have samples.
    pub fn hours_observed(&self) -> f64 {
        self.count as f64 * f64::from(self.period_seconds) / 3600.0
    }

    /// Returns the largest sum over one UTC day.
    pub fn max_daily_sum(&self) -> f64 {
        self.days.iter().map(|day| day.sum).fold(0.0, f64::max)
    }

    /// Returns the largest mean over one UTC day.
    pub fn max_daily_mean(&self) -> f64 {
        self.days.iter().map(|day| day.mean).fold(0.0, f64::max)
    }
}

/// Every series that was reduced, by resource, metric and statistic.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Profiles {
    #[serde(with = "crate::pairs")]
    series: BTreeMap<MetricKey, UsageProfile>,
}

impl Profiles {
    /// Collects profiles; a later one of the same series replaces an earlier one.
    pub fn new(series: impl IntoIterator<Item = (MetricKey, UsageProfile)>) -> Self {
        Self { series: series.into_iter().collect() }
    }

    /// Returns the profile of one series.
    pub fn find(
        &self,
        resource: &ResourceId,
        namespace: &str,
        metric: &str,
        statistic: Statistic,
    ) -> Option<&UsageProfile> {
        self.series.get(&MetricKey {
            resource_id: resource.clone(),
            namespace: namespace.to_owned(),
            metric: metric.to_owned(),
            statistic,
        })
    }

    /// Returns the profile of the first of `statistics` that was read, and which one it was.
    pub fn find_first(
        &self,
        resource: &ResourceId,
        namespace: &str,
        metric: &str,
        statistics: &[Statistic],
    ) -> Option<(Statistic, &UsageProfile)> {
        statistics.iter().find_map(|statistic| {
            Some((*statistic, self.find(resource, namespace, metric, *statistic)?))
        })
    }

    /// Returns all series in order.
    pub fn into_series(self) -> impl Iterator<Item = (MetricKey, UsageProfile)> {
        self.series.into_iter()
    }

    /// Iterates over all series in order.
    pub fn iter(&self) -> impl Iterator<Item = (&MetricKey, &UsageProfile)> {
        self.series.iter()
    }

    /// Returns how many series there are.
    pub fn len(&self) -> usize {
        self.series.len()
    }

    /// Returns whether no metric was read at all.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// Adds the series of `other`.
    pub fn extend(&mut self, other: Self) {
        self.series.extend(other.series);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_survive_json() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let window = Period::new(at("2026-10-01T00:00:00Z"), at("2026-10-02T00:00:00Z")).unwrap();
        let profile = UsageProfile {
            window,
            period_seconds: 300,
            count: 1,
            coverage: 1.0 / 288.0,
            first: window.start(),
            last: window.start(),
            longest_gap_seconds: 86_100,
            mean: 2.5,
            p50: 2.5,
            p90: 2.5,
            p95: 2.5,
            p99: 2.5,
            p99_5: 2.5,
            max: 2.5,
            min: 2.5,
            sum: 2.5,
            last_value: 2.5,
            trend_per_day: None,
            hour_of_week: vec![None; 168],
            days: Vec::new(),
        };
        let key = MetricKey {
            resource_id: "i-1".into(),
            namespace: "AWS/EC2".to_owned(),
            metric: "CPUUtilization".to_owned(),
            statistic: Statistic::Maximum,
        };
        let profiles = Profiles::new([(key, profile)]);
        let json = serde_json::to_string(&profiles).unwrap();
        assert_eq!(serde_json::from_str::<Profiles>(&json).unwrap(), profiles);
    }
}
