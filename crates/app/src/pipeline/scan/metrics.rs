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
use trimtab_store::state::{MarkedSpan, MetricMark, State};

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

/// Reads what is new in one place into files of its own, at most `affordable` metrics.
pub(super) async fn read(
    settings: &Settings,
    state: &State,
    session: &Session,
    needs: &BTreeSet<MetricNeed>,
    resources: &[ResourceRef],
    window: Window,
    affordable: u64,
) -> Result<PlaceMetrics, Failure> {
    let failed = |cause| Failure::from_error(Kind::Failed, &cause);
    let queries = match cloudwatch::queries(session, needs, resources).await {
        Ok(queries) => queries,
        Err(error) => return Ok(PlaceMetrics { error: Some(error), ..PlaceMetrics::default() }),
    };
    let marks = state.metric_marks(session.account(), session.region()).map_err(failed)?;
    let mut by_span: BTreeMap<Span, Vec<Query>> = BTreeMap::new();
    for query in queries {
        for span in spans(&marks, window, &query.resource, query.need) {
            by_span.entry(span).or_default().push(query.clone());
        }
    }
    let mut place = PlaceMetrics::default();
    for (span, queries) in by_span {
        let stretches = cloudwatch::stretches(span.from, span.until, window.now);
        let last = stretches.len();
        for (number, stretch) in stretches.into_iter().enumerate() {
            let left = affordable.saturating_sub(place.fetched.metrics_requested);
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(queries.len());
            let (queries, rest) = queries.split_at(count);
            place.over_budget += rest.len() as u64;
            if queries.is_empty() {
                continue;
            }
            let path = path(settings, session, span.from, &stretch);
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
            let Some(read) = span.read_until(stretch.end, number + 1 == last) else { continue };
            let marks: Vec<MetricMark> = queries
                .iter()
                .map(|query| MetricMark {
                    resource: query.resource.id.clone(),
                    series: series(query.need),
                    since: read.since,
                    until: read.until,
                })
                .collect();
            state.set_metric_marks(session.account(), session.region(), &marks).map_err(failed)?;
        }
    }
    Ok(place)
}

/// Returns how many metrics one place will be asked for, and with how many calls.
pub(super) fn expected(
    state: &State,
    session: &Session,
    needs: &BTreeSet<MetricNeed>,
    resources: &[ResourceRef],
    window: Window,
) -> Result<Expected, Failure> {
    let marks = state
        .metric_marks(session.account(), session.region())
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let mut by_span: BTreeMap<Span, u64> = BTreeMap::new();
    for (resource, need) in cloudwatch::expected(needs, resources) {
        for span in spans(&marks, window, resource, need) {
            *by_span.entry(span).or_default() += 1;
        }
    }
    let mut expected = Expected::default();
    for (span, series) in by_span {
        for stretch in cloudwatch::stretches(span.from, span.until, window.now) {
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

/// From when to when metrics are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// The first moment.
    pub(super) from: Timestamp,
    /// The present.
    pub(super) now: Timestamp,
}

impl Window {
    /// Starts where `since` says, as far as CloudWatch remembers; without it, at the oldest
    /// moment that any environment's look-back wants.
    pub(super) fn new(settings: &Settings, since: Option<Timestamp>, now: Timestamp) -> Self {
        let from = since.unwrap_or_else(|| oldest(settings, now));
        Self { from: from.max(cloudwatch::earliest(now)).min(now), now }
    }
}

/// A stretch of a series that is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    from: Timestamp,
    until: Timestamp,
    /// What was read before, where this comes in front of it.
    before: Option<(Timestamp, Timestamp)>,
    /// From when the series is there once this is read.
    since: Option<Timestamp>,
}

impl Span {
    /// Returns what of the series is there after `end` was reached; absent where it must not
    /// be said yet, because it would have a hole.
    fn read_until(&self, end: Timestamp, is_last: bool) -> Option<MarkedSpan> {
        match self.before {
            None => Some(MarkedSpan { since: self.since, until: end }),
            Some((_, until)) => is_last.then_some(MarkedSpan { since: Some(self.from), until }),
        }
    }
}

/// Returns what of a series is still to be read: what is older than what is there, and what
/// is newer.
fn spans(
    marks: &BTreeMap<(ResourceId, String), MarkedSpan>,
    window: Window,
    resource: &ResourceRef,
    need: MetricNeed,
) -> Vec<Span> {
    let Window { from, now } = window;
    let whole = Span { from, until: now, before: None, since: Some(from) };
    let Some(mark) = marks.get(&(resource.id.clone(), series(need))) else { return vec![whole] };
    // What was read ended before the window begins: it is of no use any more.
    if mark.until < from {
        return vec![whole];
    }
    let newer = |since| Span { from: mark.until, until: now, before: None, since };
    match mark.since.filter(|since| from < *since) {
        Some(since) => {
            let before = Some((since, mark.until));
            vec![Span { from, until: since, before, since: Some(from) }, newer(Some(from))]
        }
        None => vec![newer(mark.since)],
    }
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

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::resource::ResourceKind;

    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_second(day * 86_400).expect("a moment")
    }

    fn check(mark: Option<(Option<i64>, i64)>, from: i64, expected: &[(i64, i64)]) {
        let need = MetricNeed {
            kind: ResourceKind::Instance,
            namespace: "AWS/EC2",
            metric: "CPUUtilization",
            statistic: Statistic::Maximum,
        };
        let resource = ResourceRef {
            id: "i-1".into(),
            kind: ResourceKind::Instance,
            account: "111122223333".into(),
            region: "us-east-1".into(),
            environment: Environment::Unknown,
            name: None,
        };
        let marks = mark.map(|(since, until)| {
            let span = MarkedSpan { since: since.map(at), until: at(until) };
            ((resource.id.clone(), series(need)), span)
        });
        let window = Window { from: at(from), now: at(100) };
        let found = spans(&marks.into_iter().collect(), window, &resource, need);
        let found: Vec<(Timestamp, Timestamp)> =
            found.iter().map(|span| (span.from, span.until)).collect();
        let expected: Vec<(Timestamp, Timestamp)> =
            expected.iter().map(|(from, until)| (at(*from), at(*until))).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_older_and_what_is_newer_is_read_and_nothing_twice() {
        check(None, 86, &[(86, 100)]);
        check(Some((Some(80), 99)), 86, &[(99, 100)]);
        check(Some((Some(90), 99)), 60, &[(60, 90), (99, 100)]);
        check(Some((None, 99)), 60, &[(99, 100)]);
        check(Some((Some(10), 50)), 86, &[(86, 100)]);
    }

    #[test]
    fn a_gap_in_front_is_closed_before_it_is_said() {
        let span = Span {
            from: at(60),
            until: at(90),
            before: Some((at(90), at(99))),
            since: Some(at(60)),
        };
        assert_eq!(span.read_until(at(70), false), None);
        let whole = MarkedSpan { since: Some(at(60)), until: at(99) };
        assert_eq!(span.read_until(at(90), true), Some(whole));
    }
}
