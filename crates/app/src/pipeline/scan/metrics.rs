//! The metrics that the checks need, from where the last scan stopped.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use trimtab_analysis::{Need, checks};
use trimtab_aws::error::AwsError;
use trimtab_aws::metrics::{self as cloudwatch, Fetched, Measured, Query};
use trimtab_aws::session::Session;
use trimtab_model::environment::Environment;
use trimtab_model::id::ResourceId;
use trimtab_model::queue;
use trimtab_model::resource::ResourceRef;
use trimtab_model::series::MetricNeed;
use trimtab_model::snapshot::Snapshot;
use trimtab_store::metrics::SeriesFile;
use trimtab_store::state::{MarkedSpan, MetricMark, State};

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
            Need::Kind(_) | Need::Billing | Need::OptionalBilling => None,
        })
        .collect()
}

/// Returns what may have the series of the session's place that `needs` want: resources, and those of
/// their parts that have series of their own.
pub(super) fn resources(
    snapshot: &Snapshot,
    session: &Session,
    needs: &BTreeSet<MetricNeed>,
) -> Measured {
    let wanted: BTreeSet<_> = needs.iter().map(|need| (need.kind, need.namespace)).collect();
    let is_here =
        |one: &ResourceRef| one.account == *session.account() && one.region == *session.region();
    // The same is wanted of a queue, whoever reads it.
    let mut queues = BTreeSet::new();
    wanted
        .into_iter()
        .map(|(kind, namespace)| {
            let mut measured = snapshot.measured(kind, namespace);
            measured.retain(is_here);
            measured.sort();
            measured.dedup();
            if namespace == queue::NAMESPACE {
                measured.retain(|one| queues.insert(one.id.clone()));
            }
            ((kind, namespace), measured)
        })
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
        resources: &Measured,
        window: Window,
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
        let mut by_span: BTreeMap<Span, Vec<Query>> = BTreeMap::new();
        for query in queries {
            for span in spans(&marks, window, &query.resource, query.need) {
                by_span.entry(span).or_default().push(query.clone());
            }
        }
        let work: Vec<Piece<'_>> =
            by_span.iter().flat_map(|(span, queries)| pieces(*span, queries, window.now)).collect();
        let of = work.iter().map(|piece| piece.queries.len() as u64).sum();
        let mut place = PlaceMetrics::default();
        let mut done = 0;
        for piece in work {
            let all = piece.queries.len();
            let (queries, rest) = piece.queries.split_at(self.budget.take(all));
            place.over_budget += rest.len() as u64;
            match self.file(Piece { queries, ..piece }).await? {
                Ok(fetched) => {
                    place.fetched.metrics_requested += fetched.metrics_requested;
                    place.fetched.samples += fetched.samples;
                }
                Err(error) => {
                    place.error = Some(error);
                    return Ok(place);
                }
            }
            done += all as u64;
            watch(done, of);
        }
        Ok(place)
    }

    /// Reads a piece into a file of its own, and marks how far its series are read.
    async fn file(&self, piece: Piece<'_>) -> Result<Result<Fetched, AwsError>, Failure> {
        let Piece { queries, stretch, read: marked } = piece;
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
        let Some(marked) = marked else { return Ok(Ok(fetched)) };
        let marks: Vec<MetricMark> = queries
            .iter()
            .map(|query| MetricMark {
                resource: query.resource.id.clone(),
                series: series(query.need),
                since: marked.since,
                until: marked.until,
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

/// What goes into one file.
#[derive(Debug, Clone, Copy)]
struct Piece<'a> {
    queries: &'a [Query],
    stretch: cloudwatch::Stretch,
    /// What of the series is there after it; absent where that would have a hole.
    read: Option<MarkedSpan>,
}

/// Cuts what is to be read of some series into files. The stretches of a series come in order.
fn pieces(span: Span, queries: &[Query], now: Timestamp) -> Vec<Piece<'_>> {
    let stretches = cloudwatch::stretches(span.from, span.until, now);
    let last = stretches.len();
    queries
        .chunks(SERIES_A_FILE)
        .flat_map(|queries| {
            stretches.iter().enumerate().map(move |(number, stretch)| Piece {
                queries,
                stretch: *stretch,
                read: span.read_until(stretch.end, number + 1 == last),
            })
        })
        .collect()
}

/// Returns how many metrics one place will be asked for, and with how many calls.
pub(super) fn expected(
    state: &State,
    session: &Session,
    needs: &BTreeSet<MetricNeed>,
    resources: &Measured,
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
pub(super) fn oldest(settings: &Settings, now: Timestamp) -> Timestamp {
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
