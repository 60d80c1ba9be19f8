//! Which metrics there are, from when to when, and of how many resources.

use std::collections::BTreeMap;

use datafusion::arrow::array::{Array, Int64Array, RecordBatch, StringViewArray};
use datafusion::functions_aggregate::expr_fn::{count, max, min};
use datafusion::logical_expr::{ident, lit};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::columns::{GROUP, ORIGIN, PERIOD, SECOND, WithOrigin};
use super::error::MetricsError;
use super::open::Metrics;
use crate::engine::Engine;

/// One metric with one statistic and one period, over all resources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesSummary {
    /// `namespace`.
    pub namespace: String,
    /// `metric`.
    pub metric: String,
    /// `statistic`, as the files write it: also one that trimtab does not read, such as `p99`.
    pub statistic: String,
    /// `period_seconds`, where the files have it.
    pub period_seconds: Option<u32>,
    /// Start of the first sample's interval.
    pub first: Timestamp,
    /// Start of the last sample's interval.
    pub last: Timestamp,
    /// How many resources have it.
    pub resources: u64,
    /// How many samples there are, duplicates included.
    pub samples: u64,
}

/// What the metrics hold, sorted by namespace, metric, statistic and period.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Summary {
    /// One entry per metric, statistic and period.
    pub series: Vec<SeriesSummary>,
}

impl Summary {
    /// Returns when the earliest sample's interval begins. Absent without samples.
    pub fn start(&self) -> Option<Timestamp> {
        self.series.iter().map(|series| series.first).min()
    }

    /// Returns the first moment after the latest sample's interval: the natural
    /// date of an analysis. Absent without samples.
    pub fn end(&self) -> Option<Timestamp> {
        let end = |series: &SeriesSummary| {
            let period = i64::from(series.period_seconds.unwrap_or_default());
            Timestamp::from_second(series.last.as_second().saturating_add(period)).ok()
        };
        self.series.iter().filter_map(end).max()
    }
}

/// Summarises all samples, whatever their time. Blocks until the engine is done.
///
/// # Errors
/// Fails if the engine cannot read a file that looked sound when it was opened.
pub fn summarise(engine: &Engine, metrics: &Metrics) -> Result<Summary, MetricsError> {
    let mut merged = Merged::default();
    for batch in engine.wait(per_resource(engine, metrics))? {
        merge(&batch, &mut merged)?;
    }
    Ok(Summary { series: merged.into_values().collect() })
}

/// Returns first, last and number of samples for every series and period.
async fn per_resource(
    engine: &Engine,
    metrics: &Metrics,
) -> Result<Vec<RecordBatch>, MetricsError> {
    let Some(table) = metrics.table(engine.session(), None).await? else {
        return Ok(Vec::new());
    };
    let origin: &[&str] = match metrics.with_origin() {
        WithOrigin::Yes => &ORIGIN,
        WithOrigin::No => &[],
    };
    let by = GROUP.iter().chain([&PERIOD]).chain(origin).map(|name| ident(*name)).collect();
    let figures = vec![min(ident(SECOND)), max(ident(SECOND)), count(lit(1_i64))];
    Ok(table.aggregate(by, figures)?.collect().await?)
}

type Merged = BTreeMap<(String, String, String, Option<u32>), SeriesSummary>;

/// Adds up what the resources have in common.
fn merge(batch: &RecordBatch, merged: &mut Merged) -> Result<(), MetricsError> {
    let texts: Vec<&StringViewArray> = columns(batch, 1..4)?;
    // Between the period and the figures there may be the origin.
    let figures = batch.num_columns().saturating_sub(3);
    let mut numbers: Vec<&Int64Array> = columns(batch, 4..5)?;
    numbers.extend(columns::<Int64Array>(batch, figures..figures + 3)?);
    let ([namespace, metric, statistic], [period, first, last, samples]) =
        (texts.as_slice(), numbers.as_slice())
    else {
        return Err(MetricsError::Malformed);
    };
    for row in 0..batch.num_rows() {
        // Rows without a time or a name are told when profiles are made.
        if first.is_null(row) || texts.iter().any(|text| text.is_null(row)) {
            continue;
        }
        let moment =
            |second: i64| Timestamp::from_second(second).map_err(|_| MetricsError::Malformed);
        let (first, last) = (moment(first.value(row))?, moment(last.value(row))?);
        let period_seconds =
            (!period.is_null(row)).then(|| u32::try_from(period.value(row)).ok()).flatten();
        let [namespace, metric, statistic] =
            [namespace, metric, statistic].map(|text| text.value(row).to_owned());
        let key = (namespace.clone(), metric.clone(), statistic.clone(), period_seconds);
        let entry = merged.entry(key).or_insert_with(|| SeriesSummary {
            namespace,
            metric,
            statistic,
            period_seconds,
            first,
            last,
            resources: 0,
            samples: 0,
        });
        entry.first = entry.first.min(first);
        entry.last = entry.last.max(last);
        entry.resources += 1;
        entry.samples += u64::try_from(samples.value(row)).unwrap_or_default();
    }
    Ok(())
}

fn columns<T: Array + 'static>(
    batch: &RecordBatch,
    range: std::ops::Range<usize>,
) -> Result<Vec<&T>, MetricsError> {
    let columns = batch.columns().get(range).ok_or(MetricsError::Malformed)?;
    columns
        .iter()
        .map(|column| column.as_any().downcast_ref().ok_or(MetricsError::Malformed))
        .collect()
}
