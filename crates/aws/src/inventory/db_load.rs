//! `pi:GetResourceMetrics` and `pi:DescribeDimensionKeys`: the load of DB instances that have
//! Performance Insights on, and which queries it comes from.
//!
//! Seven days are kept without charge. They are read a day at a time, every five minutes, so
//! seven calls for each instance, seven more for the counters of its buffer and two for its digests;
//! the first million of a month is free. Names of wait events and texts of digests are read, never
//! a statement with its values.

mod buffer;
mod digests;

use std::collections::BTreeMap;

use aws_sdk_pi::types::{DimensionGroup, MetricKeyDataPoints, MetricQuery, ServiceType};
use aws_smithy_types::DateTime;
use futures::FutureExt;
use jiff::Timestamp;

use trimtab_model::resource::db_load::{DbLoad, DbWait};
use trimtab_model::resource::{ResourceKind, Tags};

use super::db_instance;
use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::number;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;

const GET: &str = "pi:GetResourceMetrics";
const KEYS: &str = "pi:DescribeDimensionKeys";

/// Engines that list their instances with RDS, and whose classes no check changes.
const OTHERS: &[&str] = &["docdb", "neptune"];

const PERIOD_SECONDS: u32 = 300;
const DAY_SECONDS: i64 = 86_400;
const DAYS: i64 = 7;
/// AWS refuses a start that is more than seven days ago by its own clock.
const MARGIN_SECONDS: i64 = 3_600;

/// Wait events that are named of each day.
const WAITS: i32 = 5;
const WAIT_EVENT: &str = "db.wait_event.name";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::DbLoad,
    reach: Reach::Region,
    actions: &[db_instance::DESCRIBE, GET, KEYS],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let now = part.snapshot.taken_at;
    for db in db_instance::instances(session).await? {
        let ours = !OTHERS.contains(&db.engine.as_deref().unwrap_or_default());
        if !ours || db.performance_insights_enabled != Some(true) {
            continue;
        }
        let (Some(id), Some(resource_id)) = (db.db_instance_identifier, db.dbi_resource_id) else {
            continue;
        };
        let read = samples(session, &resource_id, now).await;
        if let Some(mut load) = part.detail(read).and_then(|samples| samples.load()) {
            let engine = db.engine.unwrap_or_default();
            let counted = buffer::read(session, &resource_id, &engine, now).await;
            load.buffer = part.detail(counted).flatten();
            let named = digests::read(session, &resource_id, &engine, now).await;
            load.digests = part.detail(named).flatten();
            part.snapshot.db_loads.push(session.resource(id, Tags::new(), load));
        }
    }
    Ok(())
}

/// Reads seven days, the oldest first.
async fn samples(
    session: &Session,
    resource_id: &str,
    now: Timestamp,
) -> Result<Samples, AwsError> {
    let mut samples = Samples::default();
    for (start, end) in days(now) {
        let listing = session
            .pi()
            .get_resource_metrics()
            .service_type(ServiceType::Rds)
            .identifier(resource_id)
            .metric_queries(load_by_wait())
            .start_time(DateTime::from_secs(start))
            .end_time(DateTime::from_secs(end))
            .period_in_seconds(PERIOD_SECONDS.cast_signed());
        pages(GET, listing.into_paginator().send(), |page| {
            for series in page.metric_list.unwrap_or_default() {
                samples.take(series);
            }
        })
        .await?;
    }
    Ok(samples)
}

/// Returns the beginning and the end of each day, the oldest first, in seconds.
fn days(now: Timestamp) -> impl Iterator<Item = (i64, i64)> {
    let (oldest, until) = window(now);
    (0..DAYS).rev().map(move |day| {
        let end = until - day * DAY_SECONDS;
        ((end - DAY_SECONDS).max(oldest), end)
    })
}

/// Returns the beginning and the end of all of them, in seconds.
fn window(now: Timestamp) -> (i64, i64) {
    let until = now.as_second();
    (until - DAYS * DAY_SECONDS + MARGIN_SECONDS, until)
}

/// Asks for the whole load, and for the parts of it that wait for the same.
fn load_by_wait() -> MetricQuery {
    let group = DimensionGroup::builder()
        .group("db.wait_event")
        .dimensions(WAIT_EVENT)
        .limit(WAITS)
        .build()
        .expect("the group is set above");
    let query = MetricQuery::builder().metric("db.load.avg").group_by(group).build();
    query.expect("the metric is set above")
}

/// What the answers hold: the load by moment, and the sum of each wait.
#[derive(Debug, Default)]
struct Samples {
    load: BTreeMap<i64, f64>,
    waits: BTreeMap<String, f64>,
}

impl Samples {
    /// Adds a series; one without dimensions is the whole load.
    fn take(&mut self, series: MetricKeyDataPoints) {
        let dimensions = series.key.and_then(|key| key.dimensions).unwrap_or_default();
        let points = series.data_points.unwrap_or_default().into_iter();
        let points = points.filter(|point| point.value.is_finite());
        if dimensions.is_empty() {
            self.load.extend(points.map(|point| (point.timestamp.secs(), point.value)));
        } else if let Some(event) = dimensions.get(WAIT_EVENT) {
            *self.waits.entry(event.clone()).or_default() +=
                points.map(|point| point.value).sum::<f64>();
        }
    }

    /// Returns the load; absent where there was no sample.
    fn load(self) -> Option<DbLoad> {
        // A point is named by the end of its period.
        let first = *self.load.first_key_value()?.0 - i64::from(PERIOD_SECONDS);
        let last = *self.load.last_key_value()?.0;
        let mut values: Vec<f64> = self.load.into_values().collect();
        values.sort_by(f64::total_cmp);
        let count = values.len() as f64;
        let mut waits: Vec<DbWait> = self
            .waits
            .into_iter()
            .map(|(event, sum)| DbWait { event, mean: sum / count })
            .collect();
        waits.sort_by(|a, b| b.mean.total_cmp(&a.mean).then_with(|| a.event.cmp(&b.event)));
        waits.truncate(usize::try_from(WAITS).unwrap_or_default());
        Some(DbLoad {
            from: Timestamp::from_second(first).ok()?,
            until: Timestamp::from_second(last).ok()?,
            period_seconds: PERIOD_SECONDS,
            samples: number::length(values.len()),
            mean: values.iter().sum::<f64>() / count,
            p99_5: p99_5(&values)?,
            max: *values.last()?,
            waits,
            buffer: None,
            digests: None,
        })
    }
}

/// Returns the 99.5th percentile of sorted values: the sample of the nearest rank.
fn p99_5(sorted: &[f64]) -> Option<f64> {
    sorted.get((sorted.len() * 995).div_ceil(1000).saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use aws_sdk_pi::types::{DataPoint, ResponseResourceMetricKey};

    use super::*;

    fn series(event: Option<&str>, values: &[f64]) -> MetricKeyDataPoints {
        let mut key = ResponseResourceMetricKey::builder().metric("db.load.avg");
        if let Some(event) = event {
            key = key.dimensions(WAIT_EVENT, event);
        }
        let points = values.iter().enumerate().map(|(index, value)| {
            let moment = DateTime::from_secs(300 * (i64::try_from(index).expect("few") + 1));
            DataPoint::builder().timestamp(moment).value(*value).build().expect("complete")
        });
        MetricKeyDataPoints::builder()
            .key(key.build().expect("complete"))
            .set_data_points(Some(points.collect()))
            .build()
    }

    #[test]
    fn the_load_is_reduced_to_its_peaks_and_waits() {
        let mut samples = Samples::default();
        samples.take(series(None, &[1.0, 2.0, 6.0]));
        samples.take(series(Some("CPU"), &[1.0, 1.0, 1.0]));
        samples.take(series(Some("io/table/sql/handler"), &[0.0, 1.0, 5.0]));
        let load = samples.load().expect("samples");
        assert_eq!((load.mean, load.p99_5, load.max, load.samples), (3.0, 6.0, 6.0, 3));
        assert_eq!(load.from.as_second(), 0);
        let waits: Vec<(&str, f64)> =
            load.waits.iter().map(|wait| (wait.event.as_str(), wait.mean)).collect();
        assert_eq!(waits, [("io/table/sql/handler", 2.0), ("CPU", 1.0)]);
    }

    #[test]
    fn no_sample_is_no_load() {
        assert_eq!(Samples::default().load(), None);
    }
}
