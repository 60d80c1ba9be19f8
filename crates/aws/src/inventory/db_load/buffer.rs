//! The counters of an engine's buffer: how many pages statements read, and how many it holds.

use std::collections::BTreeMap;

use aws_sdk_pi::types::{MetricKeyDataPoints, MetricQuery, ServiceType};
use aws_smithy_types::DateTime;
use jiff::Timestamp;

use trimtab_model::resource::db_load::DbBufferUse;

use super::{GET, PERIOD_SECONDS, days, p99_5};
use crate::error::AwsError;
use crate::page::pages;
use crate::session::Session;

/// The page of InnoDB, which RDS does not let anybody change.
const INNODB_PAGE_BYTES: f64 = 16_384.0;

/// The counters of an engine.
#[derive(Debug, Clone, Copy)]
struct Counters {
    /// Pages a second that statements read: the sum of these.
    asked: &'static [&'static str],
    /// Pages in the buffer.
    held: Option<&'static str>,
}

/// Reads seven days of an engine's counters; absent for an engine that has none of them, and where
/// there was no sample.
pub(super) async fn read(
    session: &Session,
    resource_id: &str,
    engine: &str,
    now: Timestamp,
) -> Result<Option<DbBufferUse>, AwsError> {
    let Some(counters) = counters(engine) else { return Ok(None) };
    let mut samples = Samples::default();
    for (start, end) in days(now) {
        let queries = counters.asked.iter().copied().chain(counters.held).map(query).collect();
        let listing = session
            .pi()
            .get_resource_metrics()
            .service_type(ServiceType::Rds)
            .identifier(resource_id)
            .set_metric_queries(Some(queries))
            .start_time(DateTime::from_secs(start))
            .end_time(DateTime::from_secs(end))
            .period_in_seconds(PERIOD_SECONDS.cast_signed());
        pages(GET, listing.into_paginator().send(), |page| {
            for series in page.metric_list.unwrap_or_default() {
                samples.take(counters, series);
            }
        })
        .await?;
    }
    Ok(samples.buffer(counters))
}

/// Returns the counters of an engine. Source: RDS and Aurora user guides, "Performance Insights
/// counter metrics".
fn counters(engine: &str) -> Option<Counters> {
    match engine {
        "mysql" | "mariadb" | "aurora-mysql" => Some(Counters {
            asked: &["db.Cache.Innodb_buffer_pool_read_requests.avg"],
            held: Some("db.Cache.Innodb_buffer_pool_pages_data.avg"),
        }),
        "postgres" | "aurora-postgresql" => {
            Some(Counters { asked: &["db.Cache.blks_hit.avg", "db.IO.blks_read.avg"], held: None })
        }
        _ => None,
    }
}

fn query(metric: &str) -> MetricQuery {
    MetricQuery::builder().metric(metric).build().expect("the metric is set")
}

/// What the answers hold: each counter by moment.
#[derive(Debug, Default)]
struct Samples {
    asked: BTreeMap<i64, Vec<f64>>,
    held: Option<f64>,
}

impl Samples {
    fn take(&mut self, counters: Counters, series: MetricKeyDataPoints) {
        let Some(metric) = series.key.map(|key| key.metric) else { return };
        let points = series.data_points.unwrap_or_default().into_iter();
        for point in points.filter(|point| point.value.is_finite()) {
            if counters.held == Some(metric.as_str()) {
                self.held = Some(self.held.unwrap_or_default().max(point.value));
            } else if counters.asked.contains(&metric.as_str()) {
                self.asked.entry(point.timestamp.secs()).or_default().push(point.value);
            }
        }
    }

    /// Returns the use; a moment of which a counter is missing is left out.
    fn buffer(self, counters: Counters) -> Option<DbBufferUse> {
        let complete = self.asked.into_values().filter(|all| all.len() == counters.asked.len());
        let mut sums: Vec<f64> = complete.map(|all| all.iter().sum()).collect();
        sums.sort_by(f64::total_cmp);
        Some(DbBufferUse {
            page_reads_p99_5: p99_5(&sums)?,
            held_bytes_max: self.held.map(|pages| pages * INNODB_PAGE_BYTES),
        })
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_pi::types::{DataPoint, ResponseResourceMetricKey};

    use super::*;

    fn series(metric: &str, values: &[f64]) -> MetricKeyDataPoints {
        let points = values.iter().enumerate().map(|(index, value)| {
            let moment = DateTime::from_secs(300 * (i64::try_from(index).expect("few") + 1));
            DataPoint::builder().timestamp(moment).value(*value).build().expect("complete")
        });
        let key = ResponseResourceMetricKey::builder().metric(metric).build().expect("complete");
        MetricKeyDataPoints::builder().key(key).set_data_points(Some(points.collect())).build()
    }

    fn check(engine: &str, answers: &[(&str, &[f64])], expected: Option<(f64, Option<f64>)>) {
        let counters = counters(engine).expect("an engine with counters");
        let mut samples = Samples::default();
        for (metric, values) in answers {
            samples.take(counters, series(metric, values));
        }
        let found = samples.buffer(counters);
        assert_eq!(found.map(|found| (found.page_reads_p99_5, found.held_bytes_max)), expected);
    }

    #[test]
    fn pages_in_memory_and_from_storage_are_added_by_moment() {
        let hits: (&str, &[f64]) = ("db.Cache.blks_hit.avg", &[100.0, 900.0, 5000.0]);
        let reads: (&str, &[f64]) = ("db.IO.blks_read.avg", &[10.0, 20.0]);
        // The third moment has no count of reads, so that its sum is not known.
        check("postgres", &[hits, reads], Some((920.0, None)));
        check("postgres", &[hits], None);
    }

    #[test]
    fn a_buffer_holds_pages_of_16_kib() {
        let asked: (&str, &[f64]) = ("db.Cache.Innodb_buffer_pool_read_requests.avg", &[7.0]);
        let held: (&str, &[f64]) = ("db.Cache.Innodb_buffer_pool_pages_data.avg", &[64.0, 32.0]);
        check("mysql", &[asked, held], Some((7.0, Some(1_048_576.0))));
        check("aurora-mysql", &[asked], Some((7.0, None)));
    }

    #[test]
    fn other_engines_have_no_such_counters() {
        assert!(counters("sqlserver-se").is_none());
    }
}
