//! The metrics that the checks need, from where the last scan stopped.

use std::cell::Cell;
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

/// Series that share a file: an interrupted scan reads at most as many a second time.
const SERIES_A_FILE: usize = 1_000;

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
            Need::Kind(_) | Need::OptionalBilling | Need::Billing => None,
        })
        .collect()
}

/// Returns the resources of the session's place that `needs` want series of.
pub(super) fn resources(
    snapshot: &Snapshot,
    session: &Session,
    needs: &BTreeSet<MetricNeed>,
) -> Vec<ResourceRef> {
    let kinds: BTreeSet<_> = needs.iter().map(|need| need.kind).collect();
    kinds
        .into_iter()
        .flat_map(|kind| snapshot.references(kind))
        .filter(|one| one.account == *session.account() && one.region == *session.region())
        .collect()
}

/// How many metrics may still be asked for, over all places of a scan.
#[derive(Debug)]
pub(super) struct Budget(Cell<u64>);

impl Budget {
    /// Allows `metrics`.
    pub(super) fn of(metrics: u64) -> Self {
        Self(Cell::new(metrics))
    }

    /// Takes `wanted`, or what is left of it.
    fn take(&self, wanted: usize) -> usize {
        let left = self.0.get();
        let granted = usize::try_from(left).unwrap_or(usize::MAX).min(wanted);
        self.0.set(left.saturating_sub(granted as u64));
        granted
    }
}

/// Reads the metrics of one place.
pub(super) struct Reader<'a> {
    pub(super) settings: &'a Settings,
    pub(super) state: &'a State,
    pub(super) session: &'a Session,
    pub(super) budget: &'a Budget,
}

impl Reader<'_> {
    /// Reads what is new, and says how many series are done of how many.
    ///
    /// Whatever ends it, the files that were finished count, and the next scan goes on behind
    /// them.
    pub(super) async fn read(
        &self,
        needs: &BTreeSet<MetricNeed>,
        resources: &[ResourceRef],
        now: Timestamp,
        mut watch: impl FnMut(u64, u64),
    ) -> Result<PlaceMetrics, Failure> {
        let queries = match cloudwatch::queries(self.session, needs, resources).await {
            Ok(queries) => queries,
            Err(error) => {
                return Ok(PlaceMetrics { error: Some(error), ..PlaceMetrics::default() });
            }
        };
        let marks = self
            .state
            .metric_marks(self.session.account(), self.session.region())
            .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
        let oldest = oldest(self.settings, now);
        let mut by_start: BTreeMap<Timestamp, Vec<Query>> = BTreeMap::new();
        for query in queries {
            let from = first(&marks, oldest, &query.resource, query.need);
            by_start.entry(from).or_default().push(query);
        }
        let work: Vec<(cloudwatch::Stretch, &[Query])> = by_start
            .iter()
            .flat_map(|(from, queries)| {
                let stretches = cloudwatch::stretches(*from, now);
                stretches.into_iter().flat_map(|stretch| {
                    queries.chunks(SERIES_A_FILE).map(move |queries| (stretch, queries))
                })
            })
            .collect();
        let of = work.iter().map(|(_, queries)| queries.len() as u64).sum();
        let mut place = PlaceMetrics::default();
        let mut done = 0;
        for (stretch, queries) in work {
            let (granted, rest) = queries.split_at(self.budget.take(queries.len()));
            place.over_budget += rest.len() as u64;
            match self.file(granted, stretch).await? {
                Ok(fetched) => {
                    place.fetched.metrics_requested += fetched.metrics_requested;
                    place.fetched.samples += fetched.samples;
                }
                Err(error) => {
                    place.error = Some(error);
                    return Ok(place);
                }
            }
            done += queries.len() as u64;
            watch(done, of);
        }
        Ok(place)
    }

    /// Reads one stretch of some series into a file of its own, and marks how far they are read.
    async fn file(
        &self,
        queries: &[Query],
        stretch: cloudwatch::Stretch,
    ) -> Result<Result<Fetched, AwsError>, Failure> {
        if queries.is_empty() {
            return Ok(Ok(Fetched::default()));
        }
        let written = |cause| Failure::from_error(Kind::Failed, &cause);
        let mut file = SeriesFile::create(&self.path(queries, stretch)).map_err(written)?;
        let mut broken = None;
        let read = cloudwatch::fetch(self.session, queries, stretch, |series| {
            if broken.is_none() {
                broken = file.push(&series).err();
            }
        })
        .await;
        if let Some(cause) = broken {
            return Err(written(cause));
        }
        // Nothing half-read is kept: the marks would claim what is not there.
        let fetched = match read {
            Ok(fetched) => fetched,
            Err(error) => return Ok(Err(error)),
        };
        file.finish().map_err(written)?;
        let marks: Vec<MetricMark> = queries
            .iter()
            .map(|query| MetricMark {
                resource: query.resource.id.clone(),
                series: series(query.need),
                until: stretch.end,
            })
            .collect();
        self.state
            .set_metric_marks(self.session.account(), self.session.region(), &marks)
            .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
        Ok(Ok(fetched))
    }

    /// Names the file by what is in it: reading the same again replaces it, and reading what an
    /// interrupted scan left over does not.
    fn path(&self, queries: &[Query], stretch: cloudwatch::Stretch) -> PathBuf {
        let names: Vec<String> = queries
            .iter()
            .map(|query| format!("{} {}\n", query.resource.id, series(query.need)))
            .collect();
        let digest = trimtab_store::digest::of_text(&names.concat());
        let name = format!(
            "cloudwatch-{}-{}-{}-{}.parquet",
            stretch.start.as_second(),
            stretch.end.as_second(),
            stretch.period_seconds,
            digest.get(..12).unwrap_or(&digest)
        );
        self.settings
            .data_dir
            .join("metrics")
            .join(self.session.account().as_str())
            .join(self.session.region().as_str())
            .join(name)
    }
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
            expected.samples += series * cloudwatch::samples(stretch);
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
    /// Samples, at most.
    pub(super) samples: u64,
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
