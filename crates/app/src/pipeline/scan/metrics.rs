//! The metrics that the checks need, from where the last scan stopped.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use trimtab_analysis::{Need, checks};
use trimtab_aws::error::AwsError;
use trimtab_aws::metrics::{self as cloudwatch, Fetched, Query};
use trimtab_aws::session::Session;
use trimtab_model::environment::Environment;
use trimtab_model::id::ResourceId;
use trimtab_model::resource::ResourceRef;
use trimtab_model::series::MetricNeed;
use trimtab_model::snapshot::Snapshot;
use trimtab_store::metrics::SeriesFile;
use trimtab_store::state::{MetricMark, State};

use crate::config::Settings;
use crate::failure::{Failure, Kind};

/// What reading the metrics of one place gave.
#[derive(Debug, Default)]
pub(super) struct PlaceMetrics {
    /// What was read and what it costs.
    pub(super) fetched: Fetched,
    /// Why the rest was not, if there is a rest.
    pub(super) error: Option<AwsError>,
    /// Metrics that were not asked for because they cost more than was left.
    pub(super) over_budget: u64,
}

/// Returns the series that the enabled checks read, the preferred statistic of each.
pub(super) fn needs(settings: &Settings) -> BTreeSet<MetricNeed> {
    let disabled = &settings.policy.disabled_checks;
    checks::ALL
        .iter()
        .filter(|check| !disabled.contains(&check.check_id()))
        .flat_map(|check| check.needs.iter().map(move |need| (check.kind, need)))
        .filter_map(|(kind, need)| match need {
            Need::Metric(namespace, metric, statistics)
            | Need::OptionalMetric(namespace, metric, statistics) => {
                Some(MetricNeed { kind, namespace, metric, statistic: *statistics.first()? })
            }
            Need::Kind(_) | Need::OptionalBilling => None,
        })
        .collect()
}

/// Returns the resources of the session's place that `needs` want series of, and those of their
/// parts that have series of their own.
pub(super) fn resources(
    snapshot: &Snapshot,
    session: &Session,
    needs: &BTreeSet<MetricNeed>,
) -> Vec<ResourceRef> {
    let wanted: BTreeSet<_> = needs.iter().map(|need| (need.kind, need.namespace)).collect();
    let measured: BTreeSet<ResourceRef> = wanted
        .into_iter()
        .flat_map(|(kind, namespace)| snapshot.measured(kind, namespace))
        .filter(|one| one.account == *session.account() && one.region == *session.region())
        .collect();
    measured.into_iter().collect()
}

/// Reads what is new in one place into a file of its own, at most `affordable` metrics.
pub(super) async fn read(
    settings: &Settings,
    state: &State,
    session: &Session,
    needs: &BTreeSet<MetricNeed>,
    resources: &[ResourceRef],
    now: Timestamp,
    affordable: u64,
) -> Result<PlaceMetrics, Failure> {
    let failed = |cause| Failure::from_error(Kind::Failed, &cause);
    let queries = match cloudwatch::queries(session, needs, resources).await {
        Ok(queries) => queries,
        Err(error) => return Ok(PlaceMetrics { error: Some(error), ..PlaceMetrics::default() }),
    };
    let marks = state.metric_marks(session.account(), session.region()).map_err(failed)?;
    let oldest = oldest(settings, now);
    let mut by_start: BTreeMap<Timestamp, Vec<Query>> = BTreeMap::new();
    for query in queries {
        let from = first(&marks, oldest, &query.resource, query.need);
        by_start.entry(from).or_default().push(query);
    }
    let mut place = PlaceMetrics::default();
    for (from, queries) in by_start {
        for stretch in cloudwatch::stretches(from, now) {
            let left = affordable.saturating_sub(place.fetched.metrics_requested);
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(queries.len());
            let (queries, rest) = queries.split_at(count);
            place.over_budget += rest.len() as u64;
            if queries.is_empty() {
                continue;
            }
            let path = path(settings, session, from, &stretch);
            let written = |cause| Failure::from_error(Kind::Failed, &cause);
            let mut file = SeriesFile::create(&path).map_err(written)?;
            let mut broken = None;
            let read = cloudwatch::fetch(session, queries, stretch, |series| {
                if broken.is_none() {
                    broken = file.push(&series).err();
                }
            })
            .await;
            if let Some(cause) = broken {
                return Err(written(cause));
            }
            // Nothing half-read is kept: the marks would claim what is not there.
            match read {
                Ok(fetched) => {
                    file.finish().map_err(written)?;
                    place.fetched.metrics_requested += fetched.metrics_requested;
                    place.fetched.samples += fetched.samples;
                }
                Err(error) => {
                    place.error = Some(error);
                    return Ok(place);
                }
            }
            let until = stretch.end;
            let marks: Vec<MetricMark> = queries
                .iter()
                .map(|query| MetricMark {
                    resource: query.resource.id.clone(),
                    series: series(query.need),
                    until,
                })
                .collect();
            state.set_metric_marks(session.account(), session.region(), &marks).map_err(failed)?;
        }
    }
    Ok(place)
}

/// Returns how many metrics one place will be asked for, and with how many calls.
pub(super) fn expected(
    settings: &Settings,
    state: &State,
    session: &Session,
    needs: &BTreeSet<MetricNeed>,
    resources: &[ResourceRef],
    now: Timestamp,
) -> Result<Expected, Failure> {
    let marks = state
        .metric_marks(session.account(), session.region())
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let oldest = oldest(settings, now);
    let mut by_start: BTreeMap<Timestamp, u64> = BTreeMap::new();
    for (resource, need) in cloudwatch::expected(needs, resources) {
        *by_start.entry(first(&marks, oldest, resource, need)).or_default() += 1;
    }
    let mut expected = Expected::default();
    for (from, series) in by_start {
        for stretch in cloudwatch::stretches(from, now) {
            expected.metrics += series;
            expected.calls += cloudwatch::calls(series, stretch);
        }
    }
    Ok(expected)
}

/// What reading the metrics of one place will take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Expected {
    /// Metrics: what CloudWatch charges.
    pub(super) metrics: u64,
    /// Calls, at least.
    pub(super) calls: u64,
}

/// Returns from when on a series is to be read.
fn first(
    marks: &BTreeMap<(ResourceId, String), Timestamp>,
    oldest: Timestamp,
    resource: &ResourceRef,
    need: MetricNeed,
) -> Timestamp {
    let key = (resource.id.clone(), series(need));
    marks.get(&key).copied().unwrap_or(oldest).max(oldest)
}

/// Returns the oldest moment that any environment's look-back wants.
fn oldest(settings: &Settings, now: Timestamp) -> Timestamp {
    let days = Environment::ALL
        .iter()
        .map(|environment| settings.policy.sizing(*environment).lookback.days())
        .max()
        .unwrap_or(14);
    now.saturating_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(now)
}

fn series(need: MetricNeed) -> String {
    format!("{} {} {}", need.namespace, need.metric, need.statistic)
}

/// Returns the file of one stretch. Reading the same again replaces it.
fn path(
    settings: &Settings,
    session: &Session,
    from: Timestamp,
    stretch: &cloudwatch::Stretch,
) -> PathBuf {
    let name = format!(
        "cloudwatch-{}-{}-{}-{}.parquet",
        from.as_second(),
        stretch.start.as_second(),
        stretch.end.as_second(),
        stretch.period_seconds
    );
    settings
        .data_dir
        .join("metrics")
        .join(session.account().as_str())
        .join(session.region().as_str())
        .join(name)
}
