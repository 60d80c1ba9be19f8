//! Runs the reduction on the engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{Array, Float64Array, ListArray, RecordBatch, StringViewArray};
use datafusion::logical_expr::{AggregateUDF, ident};
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use trimtab_model::calendar::Calendar;
use trimtab_model::id::ResourceId;
use trimtab_model::metric::{
    MetricKey, Origin, Statistic, is_possible, keeps_hours, keeps_levels, shows_hours_of_use,
};
use trimtab_model::period::Period;
use trimtab_model::profile::{Profiles, UsageProfile};

use super::aggregate::{Counter, ProfileAggregate};
use super::figures::{self, Outcome};
use super::share::{SAMPLES_AT_ONCE, Share};
use super::window::Window;
use crate::engine::Engine;
use crate::error::InputError;
use crate::metrics::{GROUP, Metrics, MetricsError, ORIGIN, SAMPLE, STATISTIC, WithOrigin};

/// How far a reduction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Samples read so far.
    pub rows: u64,
    /// Samples that the files hold; those outside the window are never read.
    pub of: u64,
}

/// Is told how far a reduction is, from several threads.
pub type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// A statistic that profiles are not made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedStatistic {
    /// The statistic as the files write it, such as `p99`.
    pub statistic: String,
    /// How many series have it.
    pub series: u64,
}

/// What a reduction gives.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Reduction {
    /// The profiles.
    pub profiles: Profiles,
    /// Files that were left out because a row of theirs cannot be read.
    pub errors: Vec<InputError>,
    /// Statistics that were left out, sorted.
    pub skipped: Vec<SkippedStatistic>,
}

/// Reduces all samples in `window` to one profile per series. Blocks until the engine is done.
///
/// One pass, if the samples fit into memory; else one pass for each share of the resources.
///
/// `calendar` says which hours of the owner's week the hours of the window are.
///
/// A file with a row that cannot be read is left out as a whole, and the others
/// are read again without it. Of several
/// samples of one second the largest counts, in whatever files they are.
///
/// # Errors
/// Fails if the window is longer than 136 years, or if the engine fails and no
/// file is to blame.
pub fn reduce(
    engine: &Engine,
    metrics: &mut Metrics,
    window: Period,
    calendar: &Calendar,
    progress: OnProgress,
) -> Result<Reduction, MetricsError> {
    reduce_in_shares(engine, metrics, window, calendar, progress, SAMPLES_AT_ONCE)
}

fn reduce_in_shares(
    engine: &Engine,
    metrics: &mut Metrics,
    window: Period,
    calendar: &Calendar,
    progress: OnProgress,
    at_once: u64,
) -> Result<Reduction, MetricsError> {
    if u32::try_from(window.seconds()).is_err() {
        return Err(MetricsError::Window);
    }
    let window = Window::new(window, calendar);
    let mut errors = Vec::new();
    loop {
        let cause = match engine.wait(passes(engine, metrics, &window, &progress, at_once)) {
            Ok(pass) if pass.bad == 0 => {
                let skipped = pass
                    .skipped
                    .into_iter()
                    .map(|(statistic, series)| SkippedStatistic { statistic, series })
                    .collect();
                return Ok(Reduction { profiles: Profiles::new(pass.profiles), errors, skipped });
            }
            // The engine saw a row that a second look finds sound.
            Ok(_) => MetricsError::Malformed,
            Err(cause) => cause,
        };
        let rejected = metrics.reject_bad();
        if rejected.is_empty() {
            return Err(cause);
        }
        errors.extend(rejected);
    }
}

/// What one pass over the files gives.
#[derive(Default)]
struct Pass {
    profiles: Vec<(MetricKey, UsageProfile)>,
    skipped: BTreeMap<String, u64>,
    bad: u64,
}

async fn passes(
    engine: &Engine,
    metrics: &Metrics,
    window: &Window,
    progress: &OnProgress,
    at_once: u64,
) -> Result<Pass, MetricsError> {
    let mut all = Pass::default();
    let (progress, of) = (progress.clone(), metrics.rows());
    let counter = Counter::new(Arc::new(move |rows| progress(Progress { rows, of })));
    for share in Share::all(metrics.rows(), at_once) {
        let pass = pass(engine, metrics, window, &counter, share).await?;
        all.profiles.extend(pass.profiles);
        for (statistic, series) in pass.skipped {
            *all.skipped.entry(statistic).or_default() += series;
        }
        all.bad += pass.bad;
    }
    Ok(all)
}

async fn pass(
    engine: &Engine,
    metrics: &Metrics,
    window: &Window,
    counter: &Counter,
    share: Share,
) -> Result<Pass, MetricsError> {
    let mut pass = Pass::default();
    let Some(table) = metrics.table(engine.session(), Some(window.period)).await? else {
        return Ok(pass);
    };
    let table = match share.condition() {
        Some(condition) => table.filter(condition)?,
        None => table,
    };
    let profile = AggregateUDF::from(ProfileAggregate::new(window.clone(), counter.clone()));
    let arguments = SAMPLE.iter().chain([&STATISTIC]).map(|name| ident(*name)).collect();
    let origin: &[&str] = match metrics.with_origin() {
        WithOrigin::Yes => &ORIGIN,
        WithOrigin::No => &[],
    };
    let by = GROUP.iter().chain(origin).map(|name| ident(*name)).collect();
    let mut rows = table.aggregate(by, vec![profile.call(arguments)])?.execute_stream().await?;
    while let Some(batch) = rows.next().await {
        pass.read(&batch?, window.period)?;
    }
    Ok(pass)
}

impl Pass {
    fn read(&mut self, batch: &RecordBatch, window: Period) -> Result<(), MetricsError> {
        let texts: Vec<&StringViewArray> = GROUP
            .iter()
            .map(|name| {
                let column = batch.column_by_name(name).ok_or(MetricsError::Malformed)?;
                column.as_any().downcast_ref().ok_or(MetricsError::Malformed)
            })
            .collect::<Result<_, _>>()?;
        let [resource, namespace, metric, statistic] = texts.as_slice() else {
            return Err(MetricsError::Malformed);
        };
        let lists: &ListArray = batch
            .columns()
            .last()
            .and_then(|column| column.as_any().downcast_ref())
            .ok_or(MetricsError::Malformed)?;
        for row in 0..batch.num_rows() {
            let list = lists.value(row);
            let list: &Float64Array =
                list.as_any().downcast_ref().ok_or(MetricsError::Malformed)?;
            let Outcome { bad, lowest, profile } =
                figures::read(list.values(), window).ok_or(MetricsError::Malformed)?;
            self.bad += bad;
            if texts.iter().any(|text| text.is_null(row)) {
                self.bad += 1;
                continue;
            }
            let Some(mut profile) = profile else { continue };
            if !shows_hours_of_use(namespace.value(row), metric.value(row)) {
                profile.local_week = None;
            }
            if !keeps_hours(namespace.value(row), metric.value(row)) {
                profile.hours = None;
            }
            if !keeps_levels(namespace.value(row), metric.value(row)) {
                profile.levels = None;
                profile.bursts = None;
            }
            if !is_possible(namespace.value(row), metric.value(row), lowest) {
                self.bad += 1;
                continue;
            }
            let word = statistic.value(row);
            let Some(statistic) = Statistic::from_word(word) else {
                *self.skipped.entry(word.to_owned()).or_default() += 1;
                continue;
            };
            let key = MetricKey {
                origin: origin_at(batch, row)?,
                resource_id: ResourceId::new(resource.value(row)),
                namespace: namespace.value(row).to_owned(),
                metric: metric.value(row).to_owned(),
                statistic,
            };
            self.profiles.push((key, profile));
        }
        Ok(())
    }
}

/// Returns where a series is from; absent where its files do not say so.
fn origin_at(batch: &RecordBatch, row: usize) -> Result<Option<Origin>, MetricsError> {
    let [account, region] = ORIGIN.map(|name| -> Result<Option<&str>, MetricsError> {
        let Some(column) = batch.column_by_name(name) else { return Ok(None) };
        let texts: &StringViewArray =
            column.as_any().downcast_ref().ok_or(MetricsError::Malformed)?;
        Ok(texts.is_valid(row).then(|| texts.value(row)))
    });
    let said = account?.zip(region?);
    Ok(said.map(|(account, region)| Origin { account: account.into(), region: region.into() }))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::input;

    #[test]
    fn share_by_share_gives_what_one_pass_gives() {
        let dir = tempfile::tempdir().expect("a directory");
        let metrics = dir.path().join("metrics");
        std::fs::create_dir(&metrics).expect("a directory of our own");
        let mut text =
            "resource_id,namespace,metric,statistic,period_seconds,timestamp,value\n".to_owned();
        for (minute, resource) in (0..60).flat_map(|minute| (0..40).map(move |one| (minute, one))) {
            let value = (minute * 7 + resource * 3) % 97;
            writeln!(
                text,
                "i-{resource},AWS/EC2,CPUUtilization,Maximum,60,2026-10-05T00:{minute:02}:00Z,{value}"
            )
            .expect("a text");
        }
        std::fs::write(metrics.join("a.csv"), text).expect("a file of our own");
        let window = Period::new(
            "2026-10-05T00:00:00Z".parse().expect("a moment"),
            "2026-10-06T00:00:00Z".parse().expect("a moment"),
        )
        .expect("a period");
        let reduced = |at_once| {
            let (files, errors) = input::list(dir.path(), "metrics");
            assert_eq!(errors, []);
            let (mut metrics, errors) = Metrics::open(&files);
            assert_eq!(errors, []);
            assert_eq!(metrics.rows(), 2_400);
            let engine = Engine::new(2).expect("an engine");
            let silent: OnProgress = Arc::new(|_| {});
            let calendar = Calendar::default();
            reduce_in_shares(&engine, &mut metrics, window, &calendar, silent, at_once)
                .expect("sound files")
        };
        let whole = reduced(SAMPLES_AT_ONCE);
        assert_eq!(whole.profiles.iter().count(), 40);
        assert_eq!(reduced(300), whole);
    }
}
