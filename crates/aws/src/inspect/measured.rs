//! What was measured of a resource in the last two weeks, through the reading of gates.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::gate::{Points, PointsStatus, SignalSource};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::{Origin, Statistic};
use trimtab_model::period::Period;

use super::whole::Reading;
use crate::error::AwsError;
use crate::gate;
use crate::metrics::{GET_METRIC_DATA, LIST_METRICS};

/// What is read.
pub(super) const READS: [&str; 2] = [GET_METRIC_DATA, LIST_METRICS];

/// How far back is looked: every day of the week twice.
const DAYS: i64 = 14;
/// The seconds of a point.
pub(super) const PERIOD: u32 = 300;
/// A peak counts only where this share of all points is there: what is off at night has half.
const LEAST_SHARE: f64 = 0.4;

/// One metric of one resource.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) resource: ResourceId,
    pub(super) namespace: String,
    pub(super) metric: String,
    pub(super) statistic: Statistic,
}

impl Asked {
    pub(super) fn of(
        resource: &ResourceId,
        namespace: &str,
        metric: &str,
        statistic: Statistic,
    ) -> Self {
        Self {
            resource: resource.clone(),
            namespace: namespace.to_owned(),
            metric: metric.to_owned(),
            statistic,
        }
    }
}

/// What came of all questions.
#[derive(Debug)]
pub(super) struct Measured {
    series: Vec<Points>,
}

impl Measured {
    /// Asks for two weeks of each.
    pub(super) async fn of(reading: &mut Reading<'_>, asked: &[Asked]) -> Self {
        Self::since(reading, asked, SignedDuration::from_hours(24 * DAYS)).await
    }

    /// Asks for a stretch of time up to now.
    pub(super) async fn since(
        reading: &mut Reading<'_>,
        asked: &[Asked],
        length: SignedDuration,
    ) -> Self {
        Self::by(reading, asked, length, PERIOD).await
    }

    /// Asks for the same in points of so many seconds: CloudWatch keeps long ones for longer.
    pub(super) async fn by(
        reading: &mut Reading<'_>,
        asked: &[Asked],
        length: SignedDuration,
        period_seconds: u32,
    ) -> Self {
        let origin = Origin {
            account: reading.session.account().clone(),
            region: reading.session.region().clone(),
        };
        let source = |one: &Asked| SignalSource {
            origin: origin.clone(),
            resource: one.resource.clone(),
            namespace: one.namespace.clone(),
            metric: one.metric.clone(),
            statistic: one.statistic,
            percentile: None,
            period_seconds,
            scale: 1.0,
            query: None,
        };
        let from = reading.now.saturating_sub(length).unwrap_or(reading.now);
        let Ok(period) = Period::new(from, reading.now) else { return Self { series: Vec::new() } };
        let sources: Vec<SignalSource> = asked.iter().map(source).collect();
        let series = gate::metrics(reading.session, &sources, &[period], reading.now).await;
        for one in &series {
            if let Some(error) = failure(&one.status) {
                reading.note(error);
            }
        }
        Self { series }
    }

    /// Returns the values of a metric, of all resources that were asked for together at each
    /// moment; absent where any of it is not there whole.
    fn together(&self, metrics: &[&str]) -> Option<Vec<f64>> {
        let mut at: BTreeMap<Timestamp, f64> = BTreeMap::new();
        for metric in metrics {
            let mut is_there = false;
            for series in self.series.iter().filter(|one| one.source.metric == *metric) {
                if series.status != PointsStatus::Complete {
                    return None;
                }
                is_there |= !series.points.is_empty();
                for (moment, value) in &series.points {
                    // What is no number makes the whole unknown.
                    if !value.is_finite() || *value < 0.0 {
                        return None;
                    }
                    *at.entry(*moment).or_default() += value;
                }
            }
            if !is_there {
                return None;
            }
        }
        let values: Vec<f64> = at.into_values().collect();
        let all = (DAYS * 86_400) as f64 / f64::from(PERIOD);
        (values.len() as f64 >= all * LEAST_SHARE).then_some(values)
    }

    /// Returns the 99th percentile of metrics together.
    pub(super) fn p99(&self, metrics: &[&str]) -> Option<f64> {
        let mut values = self.together(metrics)?;
        values.sort_by(f64::total_cmp);
        let rank = (values.len() as f64 * 0.99).ceil() as usize;
        values.get(rank.saturating_sub(1)).copied()
    }

    /// Returns the highest value of a metric.
    pub(super) fn highest(&self, metric: &str) -> Option<f64> {
        self.together(&[metric])?;
        self.values(metric).reduce(f64::max)
    }

    /// Returns the lowest value of a metric.
    pub(super) fn lowest(&self, metric: &str) -> Option<f64> {
        self.together(&[metric])?;
        self.values(metric).reduce(f64::min)
    }

    /// Returns the highest value that was seen, however few there were; absent where anything of
    /// the metric is missing or is no measure, such as the -1 of a replica that does not replicate.
    pub(super) fn latest_highest(&self, metric: &str) -> Option<f64> {
        let is_whole = self.of_metric(metric).all(|one| one.status == PointsStatus::Complete);
        let is_measure = |value: f64| value.is_finite() && value >= 0.0;
        if !is_whole || !self.values(metric).all(is_measure) {
            return None;
        }
        self.values(metric).reduce(f64::max)
    }

    /// Returns the same; absent also where one of so many resources has no value at all.
    pub(super) fn latest_highest_of_each(&self, metric: &str, resources: usize) -> Option<f64> {
        let measured = self.of_metric(metric).filter(|one| !one.points.is_empty()).count();
        if measured < resources {
            return None;
        }
        self.latest_highest(metric)
    }

    /// Returns all values of a metric together, however few there were; absent where anything of it
    /// is missing or is no measure.
    pub(super) fn total(&self, metric: &str) -> Option<f64> {
        let mut series = self.of_metric(metric).peekable();
        series.peek()?;
        let is_measure = |value: f64| value.is_finite() && value >= 0.0;
        let is_whole = series.all(|one| one.status == PointsStatus::Complete);
        (is_whole && self.values(metric).all(is_measure)).then(|| self.values(metric).sum())
    }

    fn of_metric(&self, metric: &str) -> impl Iterator<Item = &Points> {
        self.series.iter().filter(move |one| one.source.metric == metric)
    }

    fn values(&self, metric: &str) -> impl Iterator<Item = f64> {
        self.of_metric(metric).flat_map(|one| &one.points).map(|(_, value)| *value)
    }

    /// Returns the mean of the busiest day of a metric.
    pub(super) fn busiest_day(&self, metric: &str) -> Option<f64> {
        self.together(&[metric])?;
        let mut days: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
        for series in self.series.iter().filter(|one| one.source.metric == metric) {
            for (moment, value) in &series.points {
                let day = days.entry(moment.as_second().div_euclid(86_400)).or_default();
                *day = (day.0 + value, day.1 + 1.0);
            }
        }
        days.into_values().map(|(sum, count)| sum / count).reduce(f64::max)
    }
}

fn failure(status: &PointsStatus) -> Option<AwsError> {
    match status {
        PointsStatus::Complete => None,
        PointsStatus::Forbidden => Some(AwsError::Denied { action: GET_METRIC_DATA.to_owned() }),
        PointsStatus::Partial => Some(failed("PartialData", "some of a series is missing")),
        PointsStatus::Failed(why) => Some(failed("NoSeries", why)),
    }
}

fn failed(code: &str, message: &str) -> AwsError {
    AwsError::Failed {
        action: GET_METRIC_DATA.to_owned(),
        code: code.to_owned(),
        message: message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(metric: &str, status: PointsStatus, values: &[f64]) -> Points {
        let points = values.iter().enumerate().map(|(at, value)| {
            let second = i64::try_from(at).expect("few") * i64::from(PERIOD);
            (Timestamp::from_second(second).expect("a moment"), *value)
        });
        Points {
            source: SignalSource {
                origin: Origin { account: "1".into(), region: "r".into() },
                resource: "i-1".into(),
                namespace: "AWS/EC2".to_owned(),
                metric: metric.to_owned(),
                statistic: Statistic::Sum,
                percentile: None,
                period_seconds: PERIOD,
                scale: 1.0,
                query: None,
            },
            status,
            points: points.collect(),
        }
    }

    fn whole(value: f64) -> Vec<f64> {
        vec![value; 4032]
    }

    #[test]
    fn what_is_there_whole_is_added_up_moment_by_moment() {
        let mut reads = whole(10.0);
        // One in a hundred is higher, and just not more.
        for value in reads.iter_mut().take(40) {
            *value = 500.0;
        }
        let measured = Measured {
            series: vec![
                series("Reads", PointsStatus::Complete, &reads),
                series("Writes", PointsStatus::Complete, &whole(5.0)),
            ],
        };
        assert_eq!(measured.p99(&["Reads", "Writes"]), Some(15.0));
        assert_eq!(measured.highest("Reads"), Some(500.0));
        assert_eq!(measured.lowest("Reads"), Some(10.0));
    }

    #[test]
    fn what_is_missing_partly_or_wholly_gives_no_figure() {
        let of =
            |status, values: &[f64]| Measured { series: vec![series("Reads", status, values)] };
        assert_eq!(of(PointsStatus::Complete, &[1.0; 100]).highest("Reads"), None);
        assert_eq!(of(PointsStatus::Partial, &whole(1.0)).highest("Reads"), None);
        assert_eq!(of(PointsStatus::Complete, &whole(f64::NAN)).highest("Reads"), None);
        assert_eq!(of(PointsStatus::Complete, &whole(1.0)).p99(&["Reads", "Writes"]), None);
        assert_eq!(of(PointsStatus::Complete, &whole(1.0)).highest("Reads"), Some(1.0));
    }

    #[test]
    fn e04_a_replica_that_does_not_replicate_or_is_not_measured_has_no_lag() {
        let lag = |replicas: Vec<(PointsStatus, &[f64])>| {
            let count = replicas.len();
            let all = replicas.into_iter().map(|(status, values)| series("Lag", status, values));
            Measured { series: all.collect() }.latest_highest_of_each("Lag", count)
        };
        let whole = |values: &'static [f64]| (PointsStatus::Complete, values);
        assert_eq!(lag(vec![whole(&[1.0, 3.0]), whole(&[2.0])]), Some(3.0));
        // RDS reports -1 while replication is not running.
        assert_eq!(lag(vec![whole(&[1.0]), whole(&[2.0, -1.0])]), None);
        assert_eq!(lag(vec![whole(&[1.0]), whole(&[f64::NAN])]), None);
        assert_eq!(lag(vec![whole(&[1.0]), whole(&[])]), None);
        assert_eq!(lag(vec![whole(&[1.0]), (PointsStatus::Partial, [2.0].as_slice())]), None);
        // The same replica asked for, and nothing of it there.
        assert_eq!(Measured { series: Vec::new() }.latest_highest_of_each("Lag", 1), None);
    }

    #[test]
    fn e04_the_longest_of_a_series_that_is_there_partly_is_unknown() {
        let of =
            |status, values: &[f64]| Measured { series: vec![series("Duration", status, values)] };
        assert_eq!(of(PointsStatus::Complete, &[3.0, 9.0]).latest_highest("Duration"), Some(9.0));
        assert_eq!(of(PointsStatus::Partial, &[3.0]).latest_highest("Duration"), None);
        assert_eq!(of(PointsStatus::Complete, &[]).latest_highest("Duration"), None);
    }

    #[test]
    fn all_of_a_metric_is_added_up_and_of_one_without_a_point_that_is_none() {
        let of = |status, values: &[f64]| Measured { series: vec![series("Runs", status, values)] };
        assert_eq!(of(PointsStatus::Complete, &[3.0, 9.0]).total("Runs"), Some(12.0));
        assert_eq!(of(PointsStatus::Complete, &[]).total("Runs"), Some(0.0));
        assert_eq!(of(PointsStatus::Partial, &[3.0]).total("Runs"), None);
        assert_eq!(of(PointsStatus::Complete, &[f64::NAN]).total("Runs"), None);
        assert_eq!(Measured { series: Vec::new() }.total("Runs"), None);
    }

    #[test]
    fn the_busiest_day_counts_by_its_mean() {
        let mut values = whole(10.0);
        for value in values.iter_mut().skip(288).take(288) {
            *value = 30.0;
        }
        let measured = Measured { series: vec![series("Cpu", PointsStatus::Complete, &values)] };
        assert_eq!(measured.busiest_day("Cpu"), Some(30.0));
    }
}
