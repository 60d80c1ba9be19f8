//! The samples of one resource, as they were measured.

use std::collections::BTreeMap;

use datafusion::arrow::array::{Array, Float64Array, Int64Array, RecordBatch, StringViewArray};
use datafusion::logical_expr::{ident, lit};
use jiff::Timestamp;
use trimtab_model::period::Period;
use trimtab_model::resource::ResourceRef;

use super::columns::{GROUP, ORIGIN, PERIOD, SECOND, VALUE, WithOrigin};
use super::error::MetricsError;
use super::open::Metrics;
use crate::engine::Engine;

/// One metric of a resource with one statistic and one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// `namespace`.
    pub namespace: String,
    /// `metric`.
    pub metric: String,
    /// `statistic`, as the files write it.
    pub statistic: String,
    /// `period_seconds`, where the files have it.
    pub period_seconds: Option<u32>,
    /// Start of each interval and value, in order of time. Of several of one second it is the largest.
    pub points: Vec<(Timestamp, f64)>,
}

type Key = (String, String, String, Option<u32>);

/// Reads the samples of some metrics of a resource in `window`, sorted by metric, statistic and
/// period. Blocks until the engine is done.
///
/// Samples that say that they are from another account or region are of another resource. Values that are no finite numbers are left out.
///
/// # Errors
/// Fails if the engine cannot read a file that looked sound when it was opened.
pub fn measured(
    engine: &Engine,
    metrics: &Metrics,
    resource: &ResourceRef,
    names: &[&str],
    window: Period,
) -> Result<Vec<Measured>, MetricsError> {
    let mut series: BTreeMap<Key, BTreeMap<i64, f64>> = BTreeMap::new();
    for batch in engine.wait(rows(engine, metrics, (resource, names), window))? {
        read(&batch, &mut series)?;
    }
    series
        .into_iter()
        .map(|((namespace, metric, statistic, period_seconds), points)| {
            let points = points
                .into_iter()
                .map(|(second, value)| {
                    let at = Timestamp::from_second(second).map_err(|_| MetricsError::Malformed)?;
                    Ok((at, value))
                })
                .collect::<Result<_, MetricsError>>()?;
            Ok(Measured { namespace, metric, statistic, period_seconds, points })
        })
        .collect()
}

async fn rows(
    engine: &Engine,
    metrics: &Metrics,
    (resource, names): (&ResourceRef, &[&str]),
    window: Period,
) -> Result<Vec<RecordBatch>, MetricsError> {
    let Some(table) = metrics.table(engine.session(), Some(window)).await? else {
        return Ok(Vec::new());
    };
    let [of_resource, namespace, metric, statistic] = GROUP;
    let columns = [namespace, metric, statistic, PERIOD, SECOND, VALUE];
    let named = names.iter().map(|name| lit(*name)).collect();
    let id = ident(of_resource).eq(lit(resource.id.as_str()));
    let wanted = id.and(ident(metric).in_list(named, false));
    let wanted = match metrics.with_origin() {
        WithOrigin::No => wanted,
        WithOrigin::Yes => {
            let [account, region] = ORIGIN;
            let is = |column, value: &str| ident(column).is_null().or(ident(column).eq(lit(value)));
            let account = is(account, resource.account.as_str());
            wanted.and(account).and(is(region, resource.region.as_str()))
        }
    };
    let table = table.filter(wanted)?.select(columns.map(ident).to_vec())?;
    Ok(table.collect().await?)
}

fn read(
    batch: &RecordBatch,
    series: &mut BTreeMap<Key, BTreeMap<i64, f64>>,
) -> Result<(), MetricsError> {
    let (namespaces, metrics, statistics): (&StringViewArray, &StringViewArray, &StringViewArray) =
        (column(batch, 0)?, column(batch, 1)?, column(batch, 2)?);
    let (periods, seconds): (&Int64Array, &Int64Array) = (column(batch, 3)?, column(batch, 4)?);
    let values: &Float64Array = column(batch, 5)?;
    for row in 0..batch.num_rows() {
        let is_whole =
            !namespaces.is_null(row) && !metrics.is_null(row) && !statistics.is_null(row);
        let value = (!values.is_null(row)).then(|| values.value(row)).filter(|it| it.is_finite());
        let (Some(value), true) = (value, is_whole && !seconds.is_null(row)) else { continue };
        let period = (!periods.is_null(row)).then(|| u32::try_from(periods.value(row)).ok());
        let key = (
            namespaces.value(row).to_owned(),
            metrics.value(row).to_owned(),
            statistics.value(row).to_owned(),
            period.flatten(),
        );
        let point = series.entry(key).or_default().entry(seconds.value(row)).or_insert(value);
        *point = point.max(value);
    }
    Ok(())
}

fn column<T: 'static>(batch: &RecordBatch, place: usize) -> Result<&T, MetricsError> {
    batch
        .columns()
        .get(place)
        .and_then(|column| column.as_any().downcast_ref())
        .ok_or(MetricsError::Malformed)
}
