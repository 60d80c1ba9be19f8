//! Reads from CloudWatch what the gates of a change ask for.
//!
//! What comes is handed on as it came: gaps stay gaps, and whether a series is all there is said
//! with it. A source that cannot be read is one of the answers, not a failure.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use aws_sdk_cloudwatch::types::{self, ScanBy, StatusCode};
use aws_smithy_types::DateTime;
use jiff::{SignedDuration, Timestamp};

use trimtab_model::gate::{ALARMS, GateQuery, GateReading, Points, PointsStatus, SignalSource};
use trimtab_model::metric::PROMETHEUS;
use trimtab_model::period::Period;

use crate::alarms::{self, Alarms};
use crate::error::AwsError;
use crate::inventory::alarm;
use crate::metrics::{Dimensions, GET_METRIC_DATA, LIST_METRICS, dimensions_of};
use crate::session::Session;

/// What reading gates calls.
pub(crate) const READS: &[&str] =
    &[GET_METRIC_DATA, LIST_METRICS, alarm::DESCRIBE, alarms::DESCRIBE_HISTORY];

/// Series that one call takes (CloudWatch API reference, `GetMetricData`).
const QUERIES_AT_ONCE: usize = 500;
/// More pages than 500 series of any soak have.
const MOST_PAGES: usize = 1_000;
/// Points shorter than this many seconds are kept for so many days (CloudWatch User Guide,
/// "Metrics retention"): less one for clocks.
const KEPT_LONG: u32 = 300;
const KEPT_DAYS: i64 = 14;

/// One series that CloudWatch knows, of one source.
struct Question<'a> {
    source: usize,
    asked: &'a SignalSource,
    dimensions: &'a Dimensions,
}

/// What came of one question.
#[derive(Debug, Clone, PartialEq, Default)]
struct Answer {
    points: Vec<(Timestamp, f64)>,
    /// Absent as long as CloudWatch has not said anything of it.
    status: Option<PointsStatus>,
}

/// Reads the series of a query that are of the session's account and region; those of others are
/// for their own session.
pub async fn read(
    session: &Session,
    known: &Alarms,
    query: &GateQuery,
    now: Timestamp,
) -> GateReading {
    let mut series = metrics(session, &query.sources, &query.periods, now).await;
    if let Some(load) = &query.load {
        series.extend(metrics(session, &load.sources, &[load.weeks], now).await);
    }
    let own: Vec<SignalSource> =
        query.sources.iter().filter(|source| is_here(session, source)).cloned().collect();
    let (alarms, answered) = known.read(session, &own, query.began).await;
    series.extend(answered);
    GateReading { at: now, clock_offset: session.clock_offset(), series, alarms }
}

fn is_here(session: &Session, source: &SignalSource) -> bool {
    source.origin.account == *session.account() && source.origin.region == *session.region()
}

/// A metric of a resource: namespace, name and resource.
type Named<'a> = (&'a str, &'a str, &'a str);

fn named(source: &SignalSource) -> Named<'_> {
    (&source.namespace, &source.metric, source.resource.as_str())
}

/// Reads the metrics among some sources in some stretches of time.
pub(crate) async fn metrics(
    session: &Session,
    sources: &[SignalSource],
    periods: &[Period],
    now: Timestamp,
) -> Vec<Points> {
    let is_metric = |source: &&SignalSource| {
        is_here(session, source) && ![ALARMS, PROMETHEUS].contains(&source.namespace.as_str())
    };
    let sources: Vec<&SignalSource> = sources.iter().filter(is_metric).collect();
    // The same metric may be read in points of several lengths: its series are listed once.
    let mut found: BTreeMap<Named<'_>, Result<Vec<Dimensions>, AwsError>> = BTreeMap::new();
    for source in &sources {
        if let Entry::Vacant(vacant) = found.entry(named(source)) {
            let (namespace, metric, resource) = *vacant.key();
            vacant.insert(dimensions_of(session, namespace, metric, resource).await);
        }
    }
    let mut questions = Vec::new();
    let mut series = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        let dimensions = found.get(&named(source));
        let failed = dimensions.and_then(|one| one.as_ref().err());
        let status = failed.map_or(PointsStatus::Complete, status_of);
        series.push(Points { source: (*source).clone(), status, points: Vec::new() });
        for dimensions in dimensions.into_iter().flatten().flatten() {
            questions.push(Question { source: index, asked: source, dimensions });
        }
    }
    let forgotten = now.saturating_sub(SignedDuration::from_hours(24 * KEPT_DAYS)).unwrap_or(now);
    for period in periods {
        // CloudWatch answers for what it has forgotten by nothing, as if nothing had been.
        let is_kept = |question: &&Question<'_>| {
            question.asked.period_seconds >= KEPT_LONG || period.start() >= forgotten
        };
        let questions: Vec<&Question<'_>> = questions.iter().filter(is_kept).collect();
        for batch in questions.chunks(QUERIES_AT_ONCE) {
            let answers = answers(session, batch, *period).await;
            for (question, answer) in batch.iter().zip(answers) {
                if let Some(points) = series.get_mut(question.source) {
                    merge(points, answer);
                }
            }
        }
    }
    series
}

/// Adds an answer to a series; the worse of two statuses counts.
fn merge(series: &mut Points, answer: Answer) {
    series.points.extend(answer.points);
    let silent = || PointsStatus::Failed("CloudWatch did not answer for it".to_owned());
    let status = answer.status.unwrap_or_else(silent);
    if rank(&status) > rank(&series.status) {
        series.status = status;
    }
}

fn rank(status: &PointsStatus) -> u8 {
    match status {
        PointsStatus::Complete => 0,
        PointsStatus::Partial => 1,
        PointsStatus::Failed(_) => 2,
        PointsStatus::Forbidden => 3,
    }
}

/// Returns what an answer is that did not come.
pub(crate) fn status_of(error: &AwsError) -> PointsStatus {
    match error {
        AwsError::Denied { .. } => PointsStatus::Forbidden,
        other => PointsStatus::Failed(other.to_string()),
    }
}

/// Asks all questions for a stretch of time, page by page.
async fn answers(session: &Session, batch: &[&Question<'_>], period: Period) -> Vec<Answer> {
    let mut answers = vec![Answer::default(); batch.len()];
    let asked: Vec<types::MetricDataQuery> =
        batch.iter().enumerate().map(|(index, one)| question(index, one)).collect();
    if let Err(error) = pages(session, &asked, period, &mut answers).await {
        let status = status_of(&error);
        for answer in &mut answers {
            answer.status = Some(status.clone());
        }
    }
    answers
}

async fn pages(
    session: &Session,
    asked: &[types::MetricDataQuery],
    period: Period,
    answers: &mut [Answer],
) -> Result<(), AwsError> {
    let client = session.cloudwatch();
    let mut token: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let page = client
            .get_metric_data()
            .set_metric_data_queries(Some(asked.to_vec()))
            .start_time(DateTime::from_secs(period.start().as_second()))
            .end_time(DateTime::from_secs(period.end().as_second()))
            .scan_by(ScanBy::TimestampAscending)
            .set_next_token(token.clone())
            .send()
            .await
            .map_err(|error| AwsError::of(GET_METRIC_DATA, &error))?;
        let has_notes = page.messages.is_some_and(|notes| !notes.is_empty());
        let mut samples = 0;
        for result in page.metric_data_results.unwrap_or_default() {
            samples += take(result, answers);
        }
        if has_notes {
            // A message about the whole answer means that some of it is not there.
            for answer in answers.iter_mut() {
                answer.status = Some(PointsStatus::Partial);
            }
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

fn question(index: usize, question: &Question<'_>) -> types::MetricDataQuery {
    let source = question.asked;
    let dimensions = question
        .dimensions
        .iter()
        .map(|(name, value)| types::Dimension::builder().name(name).value(value).build())
        .collect();
    let metric = types::Metric::builder()
        .namespace(&source.namespace)
        .metric_name(&source.metric)
        .set_dimensions(Some(dimensions))
        .build();
    let statistic = types::MetricStat::builder()
        .metric(metric)
        .period(i32::try_from(source.period_seconds).unwrap_or(i32::MAX))
        .stat(source.percentile.as_deref().unwrap_or(source.statistic.as_str()))
        .build();
    types::MetricDataQuery::builder().id(format!("q{index}")).metric_stat(statistic).build()
}

/// Adds what a page says of one series. A page in the middle says `PartialData`, and the last one
/// of a series how it ended, so that the latest word counts.
fn take(result: types::MetricDataResult, answers: &mut [Answer]) -> u64 {
    let index = result.id().and_then(|id| id.strip_prefix('q')?.parse::<usize>().ok());
    let Some(answer) = index.and_then(|index| answers.get_mut(index)) else { return 0 };
    let has_notes = !result.messages().is_empty();
    answer.status = Some(match &result.status_code {
        Some(StatusCode::Complete) if !has_notes => PointsStatus::Complete,
        Some(StatusCode::Complete | StatusCode::PartialData) => PointsStatus::Partial,
        Some(StatusCode::Forbidden) => PointsStatus::Forbidden,
        Some(other) => PointsStatus::Failed(other.as_str().to_owned()),
        None => PointsStatus::Failed("no status".to_owned()),
    });
    let moments = result.timestamps.unwrap_or_default();
    let values = result.values.unwrap_or_default();
    let count = moments.len() as u64;
    if moments.len() != values.len() {
        answer.status = Some(PointsStatus::Partial);
    }
    let pairs = moments.iter().zip(values);
    answer.points.extend(pairs.filter_map(|(at, value)| Some((crate::moment::moment(at)?, value))));
    count
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudwatch::types::MetricDataResult;
    use trimtab_model::gate::LoadQuery;
    use trimtab_model::metric::{Origin, Statistic};

    use super::*;
    use crate::wire::{Answer as Script, Wire, bodies};

    fn page(status: StatusCode, seconds: &[i64]) -> MetricDataResult {
        let moments = seconds.iter().map(|second| DateTime::from_secs(*second)).collect();
        MetricDataResult::builder()
            .id("q0")
            .status_code(status)
            .set_timestamps(Some(moments))
            .set_values(Some(vec![1.0; seconds.len()]))
            .build()
    }

    fn read(pages: Vec<MetricDataResult>) -> Answer {
        let mut answers = vec![Answer::default()];
        for page in pages {
            take(page, &mut answers);
        }
        answers.remove(0)
    }

    /// Writes what RPC v2 sends: CBOR, of text, floats, moments, lists and maps.
    fn text(text: &str) -> Vec<u8> {
        let length = u8::try_from(text.len()).expect("a short text");
        [&[0x78, length], text.as_bytes()].concat()
    }

    fn float(value: f64) -> Vec<u8> {
        [&[0xfb][..], &value.to_be_bytes()].concat()
    }

    fn moment(seconds: f64) -> Vec<u8> {
        [vec![0xc1], float(seconds)].concat()
    }

    fn list(all: &[Vec<u8>]) -> Vec<u8> {
        let length = u8::try_from(all.len()).expect("a short list");
        [vec![0x98, length], all.concat()].concat()
    }

    fn map(all: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let length = u8::try_from(all.len()).expect("a small map");
        let pairs: Vec<u8> =
            all.iter().flat_map(|(name, value)| [text(name), value.clone()].concat()).collect();
        [vec![0xb8, length], pairs].concat()
    }

    fn answer(status: &str, points: &[(f64, f64)], more: Option<&str>) -> Vec<u8> {
        let series = map(&[
            ("Id", text("q0")),
            ("StatusCode", text(status)),
            ("Timestamps", list(&points.iter().map(|one| moment(one.0)).collect::<Vec<_>>())),
            ("Values", list(&points.iter().map(|one| float(one.1)).collect::<Vec<_>>())),
        ]);
        let mut fields = vec![("MetricDataResults", list(&[series]))];
        fields.extend(more.map(|token| ("NextToken", text(token))));
        map(&fields)
    }

    fn source(percentile: Option<&str>) -> SignalSource {
        SignalSource {
            origin: Origin {
                account: crate::wire::ACCOUNT.into(),
                region: crate::wire::REGION.into(),
            },
            resource: "i-1".into(),
            namespace: "AWS/EC2".to_owned(),
            metric: "CPUUtilization".to_owned(),
            statistic: Statistic::Average,
            percentile: percentile.map(str::to_owned),
            period_seconds: 60,
            scale: 1.0,
            query: None,
        }
    }

    async fn reading(wire: &Wire, sources: Vec<SignalSource>) -> GateReading {
        let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
        let now = at("2026-12-01T03:00:00Z");
        let period = Period::new(at("2026-12-01T02:00:00Z"), now).expect("a period");
        let (load, began) = (None, period.start());
        let query = GateQuery { sources, periods: vec![period], load, began };
        super::read(&wire.session(), &Alarms::default(), &query, now).await
    }

    #[tokio::test]
    async fn pages_are_read_to_their_end_with_gaps_and_in_whatever_order() {
        let pages = vec![
            answer("PartialData", &[(1_796_090_520.0, 31.5), (1_796_090_400.0, 30.0)], Some("t")),
            answer("Complete", &[(1_796_091_000.0, f64::NAN)], None),
        ];
        let wire = Wire::new(Script::Bodies([("GetMetricData", pages)].into()));
        let found = reading(&wire, vec![source(Some("p95"))]).await;
        let series = found.series.first().expect("a series");
        assert_eq!(series.status, PointsStatus::Complete);
        let values: Vec<String> = series.points.iter().map(|one| one.1.to_string()).collect();
        assert_eq!(values, ["31.5", "30", "NaN"]);
        let asked = wire.sent();
        assert_eq!(asked.len(), 2);
        assert!(asked.iter().all(|one| one.text.contains("p95") && one.text.contains("i-1")));
    }

    #[tokio::test]
    async fn a_source_that_is_refused_is_forbidden_and_one_elsewhere_is_left_out() {
        let wire = Wire::new(bodies(&[]));
        let mut elsewhere = source(None);
        elsewhere.origin.region = "eu-west-1".into();
        let mut unknown = source(None);
        unknown.namespace = "Game/Server".to_owned();
        let found = reading(&wire, vec![source(None), elsewhere, unknown]).await;
        let [refused, unknown] = found.series.as_slice() else { unreachable!() };
        assert!(refused.points.is_empty());
        assert!(!matches!(refused.status, PointsStatus::Complete | PointsStatus::Partial));
        assert!(matches!(unknown.status, PointsStatus::Failed(_)));
    }

    #[tokio::test]
    async fn what_cloudwatch_has_forgotten_is_not_asked_for_and_the_load_is_by_the_hour() {
        let pages = vec![answer("Complete", &[], None)];
        let wire = Wire::new(Script::Bodies([("GetMetricData", pages)].into()));
        let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
        let day = |text: &str| {
            let start = at(text);
            Period::new(start, start + SignedDuration::from_hours(24)).expect("a period")
        };
        let now = at("2026-12-02T00:00:00Z");
        let coarse = SignalSource { period_seconds: 300, ..source(None) };
        let query = GateQuery {
            sources: vec![source(None), coarse],
            periods: vec![day("2026-12-01T00:00:00Z"), day("2026-11-03T00:00:00Z")],
            load: Some(Box::new(LoadQuery {
                sources: vec![SignalSource { period_seconds: 3600, ..source(None) }],
                weeks: Period::new(at("2026-11-03T00:00:00Z"), at("2026-12-01T00:00:00Z"))
                    .expect("a period"),
            })),
            began: at("2026-12-01T00:00:00Z"),
        };
        let found = super::read(&wire.session(), &Alarms::default(), &query, now).await;
        assert_eq!(found.series.len(), 3);
        // Both of the day; of four weeks ago only the coarse one; the load.
        let counts: Vec<usize> =
            wire.sent().iter().map(|one| one.text.matches("MetricName").count()).collect();
        assert_eq!(counts, [2, 1, 1]);
    }

    #[tokio::test]
    async fn alarms_that_may_not_be_read_are_forbidden_and_not_left_out() {
        let wire = Wire::new(bodies(&[]));
        let mut alarms = source(None);
        (alarms.namespace, alarms.metric) = (ALARMS.to_owned(), "InstanceId".to_owned());
        let found = reading(&wire, vec![alarms]).await;
        let [answered] = found.series.as_slice() else { unreachable!("{found:?}") };
        assert_ne!(answered.status, PointsStatus::Complete);
        assert_eq!(found.alarms, []);
    }

    #[test]
    fn a_page_in_the_middle_does_not_make_a_series_partial() {
        let whole = read(vec![
            page(StatusCode::PartialData, &[60, 120]),
            page(StatusCode::Complete, &[180]),
        ]);
        assert_eq!((whole.status, whole.points.len()), (Some(PointsStatus::Complete), 3));
    }

    #[test]
    fn e04_a_status_that_is_not_complete_stays() {
        let of = |code: &str| read(vec![page(StatusCode::from(code), &[60])]).status;
        assert_eq!(of("PartialData"), Some(PointsStatus::Partial));
        assert_eq!(of("Forbidden"), Some(PointsStatus::Forbidden));
        assert_eq!(of("InternalError"), Some(PointsStatus::Failed("InternalError".to_owned())));
        assert_eq!(of("Whatever"), Some(PointsStatus::Failed("Whatever".to_owned())));
    }

    #[test]
    fn a_series_that_no_answer_names_is_not_complete() {
        let mut series =
            Points { source: source(None), status: PointsStatus::Complete, points: Vec::new() };
        merge(&mut series, Answer::default());
        assert!(matches!(series.status, PointsStatus::Failed(_)));
    }
}
