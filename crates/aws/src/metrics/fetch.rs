//! `GetMetricData`: 500 series a call, page by page.

use aws_sdk_cloudwatch::types::{self, ScanBy, StatusCode};
use aws_smithy_types::DateTime;

use trimtab_model::series::Series;

use super::plan::{GET_METRIC_DATA, Query};
use super::retention::Stretch;
use crate::error::AwsError;
use crate::session::Session;

/// Series that one call takes (CloudWatch API reference, `GetMetricData`).
const QUERIES_AT_ONCE: usize = 500;
/// More pages than 500 series of any window have.
const MOST_PAGES: usize = 5_000;

/// Samples that one answer holds (CloudWatch API reference, `GetMetricData`, `MaxDatapoints`).
const SAMPLES_A_PAGE: u64 = 100_800;

/// Returns how many samples one series has in a stretch, if it has no gap.
pub fn samples(stretch: Stretch) -> u64 {
    let seconds = stretch.end.as_second().saturating_sub(stretch.start.as_second());
    u64::try_from(seconds).unwrap_or(0) / u64::from(stretch.period_seconds.max(1))
}

/// Returns how many calls reading `series` series in one stretch takes, if none has a gap.
pub fn calls(series: u64, stretch: Stretch) -> u64 {
    let samples = samples(stretch);
    let of_batch = |series: u64| (series * samples).div_ceil(SAMPLES_A_PAGE).max(1);
    let at_once = QUERIES_AT_ONCE as u64;
    let rest = series % at_once;
    let of_rest = if rest == 0 { 0 } else { of_batch(rest) };
    series / at_once * of_batch(at_once) + of_rest
}

/// How much was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fetched {
    /// Metrics that were asked for: what CloudWatch charges.
    pub metrics_requested: u64,
    /// Samples that came.
    pub samples: u64,
}

/// Reads the samples of `queries` in one stretch of time and hands each series to `each`.
///
/// A series without samples in the stretch is not handed over.
///
/// # Errors
/// Fails when CloudWatch does; what was handed over before counts.
pub async fn fetch(
    session: &Session,
    queries: &[Query],
    stretch: Stretch,
    mut each: impl FnMut(Series),
) -> Result<Fetched, AwsError> {
    let mut fetched = Fetched::default();
    for batch in queries.chunks(QUERIES_AT_ONCE) {
        let mut series: Vec<Series> = batch
            .iter()
            .map(|query| Series::empty(&query.resource, query.need, stretch.period_seconds))
            .collect();
        fetched.metrics_requested += batch.len() as u64;
        read(session, batch, stretch, &mut series).await?;
        for one in series.into_iter().filter(|one| !one.values.is_empty()) {
            fetched.samples += one.values.len() as u64;
            each(one);
        }
    }
    Ok(fetched)
}

async fn read(
    session: &Session,
    batch: &[Query],
    stretch: Stretch,
    series: &mut [Series],
) -> Result<(), AwsError> {
    let questions: Vec<types::MetricDataQuery> =
        batch.iter().enumerate().map(|(index, query)| question(index, query, stretch)).collect();
    let client = session.cloudwatch();
    let mut token: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let page = client
            .get_metric_data()
            .set_metric_data_queries(Some(questions.clone()))
            .start_time(DateTime::from_secs(stretch.start.as_second()))
            .end_time(DateTime::from_secs(stretch.end.as_second()))
            .scan_by(ScanBy::TimestampAscending)
            .set_next_token(token.clone())
            .send()
            .await
            .map_err(|error| AwsError::of(GET_METRIC_DATA, &error))?;
        let mut samples = 0;
        for result in page.metric_data_results.unwrap_or_default() {
            samples += take(result, series)?;
        }
        session.earn_samples(samples).await;
        match page.next_token {
            None => return Ok(()),
            Some(next) if token.as_ref() == Some(&next) => break,
            next => token = next,
        }
    }
    Err(AwsError::Endless { action: GET_METRIC_DATA.to_owned() })
}

fn question(index: usize, query: &Query, stretch: Stretch) -> types::MetricDataQuery {
    let dimensions = query
        .dimensions
        .iter()
        .map(|(name, value)| types::Dimension::builder().name(name).value(value).build())
        .collect();
    let metric = types::Metric::builder()
        .namespace(query.need.namespace)
        .metric_name(query.need.metric)
        .set_dimensions(Some(dimensions))
        .build();
    let period = i32::try_from(stretch.period_seconds).unwrap_or(i32::MAX);
    let statistic = types::MetricStat::builder()
        .metric(metric)
        .period(period)
        .stat(query.need.statistic.as_str())
        .build();
    types::MetricDataQuery::builder().id(format!("q{index}")).metric_stat(statistic).build()
}

/// Adds the samples of one result to the series that asked for it; returns how many there were.
fn take(result: types::MetricDataResult, series: &mut [Series]) -> Result<u64, AwsError> {
    if let Some(code @ (StatusCode::Forbidden | StatusCode::InternalError)) = &result.status_code {
        return Err(match code {
            StatusCode::Forbidden => AwsError::Denied { action: GET_METRIC_DATA.to_owned() },
            _ => AwsError::Failed {
                action: GET_METRIC_DATA.to_owned(),
                code: code.as_str().to_owned(),
                message: "CloudWatch could not read a metric".to_owned(),
            },
        });
    }
    let index = result.id.as_deref().and_then(|id| id.strip_prefix('q')?.parse::<usize>().ok());
    let Some(series) = index.and_then(|index| series.get_mut(index)) else { return Ok(0) };
    let moments = result.timestamps.unwrap_or_default();
    let values = result.values.unwrap_or_default();
    for (moment, value) in moments.iter().zip(values) {
        series.seconds.push(moment.secs());
        series.values.push(value);
    }
    Ok(moments.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_by_series_and_by_samples() {
        let at = |text: &str| text.parse().expect("a moment");
        let (start, end) = (at("2026-10-17T00:00:00Z"), at("2026-10-31T00:00:00Z"));
        let stretch = Stretch { start, end, period_seconds: 300 };
        assert_eq!(calls(0, stretch), 0);
        // 14 days of 5 minutes are 4,032 samples: 25 series fill a page.
        assert_eq!(calls(25, stretch), 1);
        assert_eq!(calls(26, stretch), 2);
        assert_eq!(calls(500, stretch), 20);
        assert_eq!(calls(501, stretch), 21);
    }
}
