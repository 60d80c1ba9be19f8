//! A series reduced to what decisions need.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::calendar::WeekHour;
use crate::id::ResourceId;
use crate::metric::{MetricKey, Origin, Statistic, sources};
use crate::period::Period;

mod bursts;
mod hours;
mod levels;

pub use bursts::Bursts;
pub use hours::Hours;
pub use levels::{LevelHistory, Levels};

/// One UTC day of a series.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DayProfile {
    /// Days since 1970-01-01.
    pub day: i32,
    /// Samples on that day that count.
    pub count: u32,
    /// Mean of the samples, weighted by the time they cover.
    pub mean: f64,
    /// Highest sample.
    pub max: f64,
    /// Sum of the samples.
    pub sum: f64,
}

/// What each hour of the local week saw, over all the weeks of a window: 168 values each,
/// Monday 00 first. A holiday counts as a Sunday.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LocalWeek {
    /// Highest sample of the hour; absent where none lies in it.
    pub max: Vec<Option<f64>>,
    /// How many times samples cover the hour from end to end.
    pub complete: Vec<u16>,
}

impl LocalWeek {
    /// Returns the highest sample of an hour.
    pub fn max(&self, hour: WeekHour) -> Option<f64> {
        self.max.get(hour.index()).copied().flatten()
    }

    /// Returns how many times an hour was seen from end to end.
    pub fn complete(&self, hour: WeekHour) -> u16 {
        self.complete.get(hour.index()).copied().unwrap_or_default()
    }
}

/// A series over a window, reduced on the engine. Values are in the metric's own unit.
///
/// Quantiles are exact: the sample at rank `ceil(q × count)` of the sorted
/// samples (the "nearest rank" definition, which never invents a value).
///
/// A series may have samples of several periods, such as 14 days of 5 minutes and 93 days
/// of hours. Then the finest period wins wherever it covers: a sample whose interval
/// overlaps one of a shorter period that counts is left out of every figure, so that no
/// moment counts twice. Of what is left,
///
/// - quantiles and means are weighted by the time a sample covers: an hourly maximum
///   stands for its hour, as twelve samples of 5 minutes would;
/// - amounts ([`Statistic::adds_up`]) are brought to the finest period before they are
///   compared: an hour's sum counts as a twelfth of it in each 5 minutes. Only `sum`, and
///   the sums of days, are of the amounts as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsageProfile {
    /// The window that was asked for; samples outside it were not read.
    pub window: Period,
    /// Length of a sample's interval, in seconds: the shortest one of the series.
    pub period_seconds: u32,
    /// How many samples the window holds that count: each moment once.
    pub count: u64,
    /// Seconds of the window that samples cover.
    pub covered_seconds: u64,
    /// Share of the window that samples cover, from 0 to 1.
    pub coverage: f64,
    /// When the first sample's interval starts.
    pub first: Timestamp,
    /// When the last sample's interval starts.
    pub last: Timestamp,
    /// Longest stretch without a sample inside the window, in seconds, both ends included.
    pub longest_gap_seconds: u64,
    /// Mean of the samples, weighted by the time they cover.
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
    /// The local week, in the metric's unit at the shortest period. Absent for metrics that no
    /// schedule reads: see [`shows_hours_of_use`](crate::metric::shows_hours_of_use).
    pub local_week: Option<LocalWeek>,
    /// The hours of the window. Absent for metrics of which nothing asks for them: see
    /// [`keeps_hours`](crate::metric::keeps_hours).
    #[serde(default)]
    pub hours: Option<Hours>,
    /// How long the series stood at which level. Absent for metrics that are no percentages
    /// of a size: see [`keeps_levels`](crate::metric::keeps_levels).
    #[serde(default)]
    pub levels: Option<LevelHistory>,
    /// Stretches of work between stretches of waiting, of the samples of the shortest period. Absent like `levels`, and in
    /// profiles of before they were looked for.
    #[serde(default)]
    pub bursts: Option<Bursts>,
    /// The days, in order, those without samples left out.
    pub days: Vec<DayProfile>,
}

impl UsageProfile {
    /// Returns the seconds from its first sample to the end of its last one.
    pub fn span_seconds(&self) -> f64 {
        let between = self.last.as_second().saturating_sub(self.first.as_second()).max(0);
        between as f64 + f64::from(self.period_seconds)
    }

    /// Returns when its last sample ends.
    pub fn end(&self) -> Timestamp {
        let length = SignedDuration::from_secs(i64::from(self.period_seconds));
        self.last.saturating_add(length).unwrap_or(self.last)
    }

    /// Returns the seconds from its first sample to a moment, or to the end of its last one where that is later.
    ///
    /// For a metric of which nothing is written while nothing happens: it may not have been there before its first sample, and was
    /// silent after its last one, as far as others of its kind were read ([`Profiles::until`]).
    pub fn seconds_until(&self, until: Option<Timestamp>) -> f64 {
        let end = until.map_or(self.end(), |until| until.max(self.end()));
        end.as_second().saturating_sub(self.first.as_second()).max(0) as f64
    }

    /// Returns how many hours of the window samples cover.
    pub fn hours_observed(&self) -> f64 {
        self.covered_seconds as f64 / 3600.0
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

/// Share of the window from which on a series needs no stand-in: the gaps of a day in two weeks.
const ENOUGH: f64 = 0.95;

/// A series, and which of a metric's sources it is from.
#[derive(Debug, Clone, Copy)]
pub struct Sourced<'n, 'p> {
    /// The namespace: the metric's own, or that of its stand-in.
    pub namespace: &'n str,
    /// The statistic that was found.
    pub statistic: Statistic,
    /// The series, reduced.
    pub profile: &'p UsageProfile,
}

/// Every series that was reduced, by origin, resource, metric and statistic.
///
/// A series without an origin is taken for that of any resource of its name. Who collects
/// profiles leaves it out where several resources bear the name.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Profiles {
    #[serde(with = "crate::pairs")]
    series: BTreeMap<MetricKey, UsageProfile>,
    /// When the last sample of a namespace ends.
    #[serde(skip)]
    until: BTreeMap<(Option<Origin>, String), Timestamp>,
}

/// Profiles as they are written down.
#[derive(Deserialize)]
struct Written {
    #[serde(with = "crate::pairs")]
    series: BTreeMap<MetricKey, UsageProfile>,
}

impl From<Written> for Profiles {
    fn from(written: Written) -> Self {
        Self::new(written.series)
    }
}

impl Profiles {
    /// Collects profiles; a later one of the same series replaces an earlier one.
    pub fn new(series: impl IntoIterator<Item = (MetricKey, UsageProfile)>) -> Self {
        let series: BTreeMap<MetricKey, UsageProfile> = series.into_iter().collect();
        let mut until = BTreeMap::new();
        for (key, profile) in &series {
            let latest = until.entry((key.origin.clone(), key.namespace.clone()));
            let end = profile.end();
            latest.and_modify(|latest| *latest = end.max(*latest)).or_insert(end);
        }
        Self { series, until }
    }

    /// Returns until when there are samples of a namespace in an account and region, of whatever resource: of a metric of which
    /// nothing is written while nothing happens, silence tells that nothing happened until then.
    pub fn until(&self, origin: &Origin, namespace: &str) -> Option<Timestamp> {
        let of = |origin: Option<Origin>| self.until.get(&(origin, namespace.to_owned()));
        of(Some(origin.clone())).max(of(None)).copied()
    }

    /// Returns the profile of one series: that of the resource's own origin, else the one
    /// that does not say where it is from.
    pub fn find(
        &self,
        origin: &Origin,
        resource: &ResourceId,
        namespace: &str,
        metric: &str,
        statistic: Statistic,
    ) -> Option<&UsageProfile> {
        let mut key = MetricKey {
            origin: Some(origin.clone()),
            resource_id: resource.clone(),
            namespace: namespace.to_owned(),
            metric: metric.to_owned(),
            statistic,
        };
        self.series.get(&key).or_else(|| {
            key.origin = None;
            self.series.get(&key)
        })
    }

    /// Returns the profile of the first of `statistics` that was read, and which one it was.
    pub fn find_first(
        &self,
        origin: &Origin,
        resource: &ResourceId,
        namespace: &str,
        metric: &str,
        statistics: &[Statistic],
    ) -> Option<(Statistic, &UsageProfile)> {
        statistics.iter().find_map(|statistic| {
            Some((*statistic, self.find(origin, resource, namespace, metric, *statistic)?))
        })
    }

    /// Returns the series of every source of a metric, each with the first of `statistics`
    /// that it has and that `suits`.
    pub fn each_source<'n, 'p>(
        &'p self,
        origin: &Origin,
        resource: &ResourceId,
        (namespace, metric): (&'n str, &str),
        statistics: &[Statistic],
        suits: impl Fn(&UsageProfile) -> bool,
    ) -> Vec<Sourced<'n, 'p>> {
        let of_source = |source: &'n str| {
            statistics.iter().find_map(|statistic| {
                let profile = self.find(origin, resource, source, metric, *statistic)?;
                suits(profile).then_some(Sourced {
                    namespace: source,
                    statistic: *statistic,
                    profile,
                })
            })
        };
        sources(namespace, metric).filter_map(of_source).collect()
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
        for (of, end) in other.until {
            let latest = self.until.entry(of);
            latest.and_modify(|latest| *latest = end.max(*latest)).or_insert(end);
        }
    }
}

/// Returns the series to decide by, of those that [`Profiles::each_source`] gives.
///
/// They are of one thing and are never added. CloudWatch's counts, unless it has a gap that
/// matters and its stand-in covers more.
pub fn preferred<'n, 'p>(found: &[Sourced<'n, 'p>]) -> Option<Sourced<'n, 'p>> {
    let (own, others) = found.split_first()?;
    let fuller = others.iter().find(|other| {
        own.profile.coverage < ENOUGH && other.profile.coverage > own.profile.coverage
    });
    Some(*fuller.unwrap_or(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> UsageProfile {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let window = Period::new(at("2026-10-01T00:00:00Z"), at("2026-10-02T00:00:00Z")).unwrap();
        UsageProfile {
            window,
            period_seconds: 300,
            count: 1,
            covered_seconds: 300,
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
            local_week: Some(LocalWeek { max: vec![Some(2.5); 168], complete: vec![2; 168] }),
            hours: Some(Hours {
                first: 494_376,
                mean: vec![Some(2.5), None],
                max: vec![Some(2.5), None],
                min: vec![Some(2.5), None],
            }),
            levels: Some(LevelHistory {
                whole: Levels::new([(2.5, 300)]),
                ..LevelHistory::default()
            }),
            bursts: None,
            days: Vec::new(),
        }
    }

    fn origin(region: &str) -> Origin {
        Origin { account: "111122223333".into(), region: region.into() }
    }

    fn key(origin: Option<Origin>) -> MetricKey {
        MetricKey {
            origin,
            resource_id: "api".into(),
            namespace: "AWS/Lambda".to_owned(),
            metric: "Invocations".to_owned(),
            statistic: Statistic::Sum,
        }
    }

    #[test]
    fn a_series_of_the_own_origin_comes_before_one_without() {
        let max = |max: f64| UsageProfile { max, ..profile() };
        let profiles =
            Profiles::new([(key(None), max(1.0)), (key(Some(origin("eu-west-1"))), max(2.0))]);
        let found = |region: &str| {
            let origin = origin(region);
            let id = "api".into();
            profiles
                .find(&origin, &id, "AWS/Lambda", "Invocations", Statistic::Sum)
                .map(|profile| profile.max)
        };
        assert_eq!(found("eu-west-1"), Some(2.0));
        assert_eq!(found("us-east-1"), Some(1.0));
        let elsewhere = Profiles::new([(key(Some(origin("eu-west-1"))), max(2.0))]);
        let id = "api".into();
        let found =
            elsewhere.find(&origin("us-east-1"), &id, "AWS/Lambda", "Invocations", Statistic::Sum);
        assert_eq!(found, None);
    }

    /// Returns the namespace that decides where the two sources cover these shares.
    fn decides(cloudwatch: Option<f64>, prometheus: Option<f64>) -> Option<&'static str> {
        let of = |namespace: &str, coverage: Option<f64>| {
            let key = MetricKey {
                namespace: namespace.to_owned(),
                metric: "mem_used_percent".to_owned(),
                statistic: Statistic::Maximum,
                ..key(None)
            };
            coverage.map(|coverage| (key, UsageProfile { coverage, ..profile() }))
        };
        let both = [of("CWAgent", cloudwatch), of("Prometheus", prometheus)];
        let profiles = Profiles::new(both.into_iter().flatten());
        let found = profiles.each_source(
            &origin("eu-west-1"),
            &"api".into(),
            ("CWAgent", "mem_used_percent"),
            &[Statistic::Maximum, Statistic::Average],
            |_| true,
        );
        preferred(&found).map(|found| found.namespace)
    }

    #[test]
    fn a_stand_in_decides_where_the_metric_itself_is_absent_or_full_of_gaps() {
        assert_eq!(decides(Some(1.0), Some(1.0)), Some("CWAgent"));
        assert_eq!(decides(Some(0.96), Some(1.0)), Some("CWAgent"));
        assert_eq!(decides(None, Some(0.2)), Some("Prometheus"));
        assert_eq!(decides(Some(0.5), Some(0.9)), Some("Prometheus"));
        assert_eq!(decides(Some(0.5), Some(0.4)), Some("CWAgent"));
        assert_eq!(decides(None, None), None);
    }

    #[test]
    fn profiles_survive_json() {
        let profiles =
            Profiles::new([(key(None), profile()), (key(Some(origin("eu-west-1"))), profile())]);
        let json = serde_json::to_string(&profiles).unwrap();
        assert_eq!(serde_json::from_str::<Profiles>(&json).unwrap(), profiles);
    }
}
