//! The points of one source, checked and in order.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::gate::{ALARMS, GateReading, PointsStatus, Signal, SignalSource};
use trimtab_model::period::Period;
use trimtab_model::text::Reason;

use super::freshness::SKEW;
use super::signal::{is_possible, is_sparse, name, unit};

/// The code of the reason that the metrics may not be read: only a person can help.
pub const FORBIDDEN: &str = "metrics-forbidden";
/// How many periods the newest point may be old.
const NEWEST: i32 = 3;
/// From how many periods between two points on something is missing there.
const GAP: i32 = 3;

/// The points of one source, each with its start, in its signal's unit.
#[derive(Debug, Clone)]
pub(super) struct Series {
    pub(super) period: SignedDuration,
    pub(super) points: BTreeMap<Timestamp, f64>,
}

impl Series {
    /// Takes the points of a source from a reading, and says what is wrong with them.
    ///
    /// A point whose period is not over is left out, for it will change. Of two points of one
    /// moment the higher counts, so that the order in which they come decides nothing.
    pub(super) fn of(
        signal: Signal,
        source: &SignalSource,
        reading: &GateReading,
    ) -> (Self, Vec<Reason>) {
        let period = SignedDuration::from_secs(i64::from(source.period_seconds.max(1)));
        let mut series = Self { period, points: BTreeMap::new() };
        let mut wrong: Vec<Reason> = Vec::new();
        let mut is_future = false;
        let mut impossible = None;
        for part in reading.series.iter().filter(|part| part.source == *source) {
            wrong.extend(incomplete(signal, source, &part.status));
            for (start, raw) in &part.points {
                let value = raw * source.scale;
                let end = start.saturating_add(period).unwrap_or(*start);
                is_future |= start.duration_since(reading.at) > SKEW;
                if !is_possible(signal, value) {
                    impossible = impossible.or(Some(value));
                } else if end <= reading.at {
                    let kept = series.points.entry(*start).or_insert(value);
                    *kept = kept.max(value);
                }
            }
        }
        wrong.dedup();
        if impossible.is_some() {
            wrong.push(impossible_value(signal));
        }
        if is_future {
            wrong.push(from_the_future(signal));
        }
        (series, wrong)
    }

    /// Returns the values of the points that begin within a period, in order of time.
    pub(super) fn within(&self, period: Period) -> Vec<f64> {
        self.between(period).map(|(_, value)| value).collect()
    }

    /// Returns the points that begin within a period, in order of time.
    pub(super) fn between(&self, period: Period) -> impl Iterator<Item = (Timestamp, f64)> + '_ {
        self.points.range(period.start()..period.end()).map(|(start, value)| (*start, *value))
    }

    /// Returns whether a point tells of a moment.
    pub(super) fn tells_of(&self, moment: Timestamp) -> bool {
        let latest = self.points.range(..=moment).next_back();
        latest.is_some_and(|(start, _)| moment.duration_since(*start) < self.period)
    }

    /// Returns how many points a period has if none is missing.
    pub(super) fn expected(&self, period: Period) -> f64 {
        period.seconds() as f64 / self.period.as_secs_f64()
    }

    /// Returns why the newest point of a period is too old; absent where it is not, or where
    /// there is none.
    pub(super) fn staleness(
        &self,
        signal: Signal,
        period: Period,
        read_at: Timestamp,
    ) -> Option<Reason> {
        let (newest, _) = self.between(period).last()?;
        let end = newest.saturating_add(self.period).ok()?;
        let is_stale = read_at.duration_since(end) > self.period * NEWEST;
        (is_stale && !is_sparse(signal)).then(|| stale(signal, newest))
    }

    /// Returns the end of the last gap of a period.
    pub(super) fn last_gap(&self, period: Period) -> Option<Timestamp> {
        let mut before = period.start().saturating_sub(self.period).ok()?;
        let mut end = None;
        for (start, _) in self.between(period) {
            if start.duration_since(before) >= self.period * GAP {
                end = Some(start);
            }
            before = start;
        }
        end
    }
}

/// Returns why a source has no points, and what to look at.
pub(super) fn missing(signal: Signal, source: &SignalSource) -> Reason {
    let (en, ko) = name(signal);
    if let Some(query) = &source.query {
        return Reason::new(
            "no-data",
            format!("{en}: the query has no points for {}: {query}", source.resource),
            format!("{ko}: {} 쿼리 결과에 데이터가 없습니다: {query}", source.resource),
        );
    }
    let metric = format!("{} {}", source.namespace, source.metric);
    if signal == Signal::Invocations {
        let function = &source.resource;
        return Reason::new(
            "no-invocations",
            format!("{function} has not run since: nothing proves that it does the work."),
            format!("{function} 함수가 그 뒤로 실행되지 않아, 작업을 맡고 있다는 증거가 없습니다."),
        );
    }
    Reason::new(
        "no-data",
        format!(
            "{en}: {metric} of {} has no points. Look whether its agent runs, and whether unit and dimensions are those that it is sent with.",
            source.resource
        ),
        format!(
            "{ko}: {}의 {metric} 지표에 데이터가 없습니다. 에이전트가 동작하는지, 단위와 차원이 전송할 때와 같은지 확인하세요.",
            source.resource
        ),
    )
}

/// Returns what is wrong with an answer that is not whole.
pub(super) fn incomplete(
    signal: Signal,
    source: &SignalSource,
    status: &PointsStatus,
) -> Option<Reason> {
    let (en, ko) = name(signal);
    match status {
        PointsStatus::Complete => None,
        PointsStatus::Partial => Some(Reason::new(
            "partial-data",
            format!("{en}: only a part of the points of {} was answered.", source.metric),
            format!("{ko}: {} 지표의 일부만 조회되었습니다.", source.metric),
        )),
        PointsStatus::Forbidden => {
            let (grant, grant_ko) = remedy(source);
            Some(Reason::new(
                FORBIDDEN,
                format!("{en}: reading {} is not allowed. {grant}", source.metric),
                format!("{ko}: {} 지표를 읽을 권한이 없습니다. {grant_ko}", source.metric),
            ))
        }
        PointsStatus::Failed(why) => Some(Reason::new(
            "read-failed",
            format!("{en}: {} could not be read: {why}", source.metric),
            format!("{ko}: {} 지표를 읽지 못했습니다: {why}", source.metric),
        )),
    }
}

/// Returns what lets us read a source.
fn remedy(source: &SignalSource) -> (&'static str, &'static str) {
    if source.query.is_some() {
        return (
            "Give [prometheus] credentials that its server takes.",
            "[prometheus]에 서버가 받아들이는 자격 증명을 설정하세요.",
        );
    }
    if source.namespace == ALARMS {
        return (
            "Grant cloudwatch:DescribeAlarms and cloudwatch:DescribeAlarmHistory.",
            "cloudwatch:DescribeAlarms와 cloudwatch:DescribeAlarmHistory 권한을 부여하세요.",
        );
    }
    ("Grant cloudwatch:GetMetricData.", "cloudwatch:GetMetricData 권한을 부여하세요.")
}

fn impossible_value(signal: Signal) -> Reason {
    let (en, ko) = name(signal);
    let of = unit(signal);
    Reason::new(
        "impossible-value",
        format!(
            "{en} has a value that cannot be (negative, no number, or more than all{of}). Look at the unit."
        ),
        format!(
            "{ko}에 있을 수 없는 값(음수, 숫자가 아닌 값, 전체를 넘는 값)이 있습니다. 단위를 확인하세요."
        ),
    )
}

fn from_the_future(signal: Signal) -> Reason {
    let (en, ko) = name(signal);
    Reason::new(
        "clock-offset",
        format!(
            "{en} has points of the future: this machine's clock is slow. Set it and read again."
        ),
        format!("{ko}에 미래 시각의 데이터가 있습니다. 이 컴퓨터의 시계를 맞춘 뒤 다시 읽으세요."),
    )
}

fn stale(signal: Signal, newest: Timestamp) -> Reason {
    let (en, ko) = name(signal);
    Reason::new(
        "stale",
        format!("{en}: the newest point is of {newest}, more than {NEWEST} periods ago."),
        format!("{ko}: 최신 데이터가 {newest} 것으로, {NEWEST}주기보다 오래되었습니다."),
    )
}

#[cfg(test)]
mod tests {
    use trimtab_model::gate::Points;

    use super::super::sample::gate;
    use super::*;

    const FIVE: i64 = 300;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn period(from: i64, until: i64) -> Period {
        Period::new(at(from), at(until)).unwrap()
    }

    fn source() -> SignalSource {
        gate(Signal::CpuUtilization).source
    }

    /// What is taken of points, read at second 3000; by second.
    fn taken(points: &[(i64, f64)]) -> (Vec<(i64, f64)>, Vec<String>) {
        let points = points.iter().map(|(second, value)| (at(*second), *value)).collect();
        let status = PointsStatus::Complete;
        let reading = GateReading {
            at: at(3000),
            clock_offset: None,
            series: vec![Points { source: source(), status, points }],
            alarms: Vec::new(),
        };
        let (series, wrong) = Series::of(Signal::CpuUtilization, &source(), &reading);
        let seconds = series
            .points
            .iter()
            .map(|(start, value)| (start.duration_since(at(0)).as_secs(), *value));
        (seconds.collect(), wrong.into_iter().map(|reason| reason.code).collect())
    }

    fn series(seconds: &[i64]) -> Series {
        let points = seconds.iter().map(|second| (at(*second), 1.0)).collect();
        Series { period: SignedDuration::from_secs(FIVE), points }
    }

    #[test]
    fn a_point_whose_period_is_not_over_is_left_out() {
        assert_eq!(taken(&[(2700, 7.0), (2701, 8.0)]).0, [(2700, 7.0)]);
    }

    #[test]
    fn of_two_points_of_one_moment_the_higher_counts() {
        assert_eq!(taken(&[(0, 7.0), (0, 9.0), (0, 8.0)]).0, [(0, 9.0)]);
    }

    #[test]
    fn a_minute_ahead_is_no_future_and_a_second_more_is() {
        assert_eq!(taken(&[(3060, 7.0)]).1, Vec::<String>::new());
        assert_eq!(taken(&[(3061, 7.0)]).1, ["clock-offset"]);
        assert_eq!(taken(&[(3061, 7.0), (0, 7.0)]).1, ["clock-offset"]);
    }

    #[test]
    fn what_cannot_be_is_no_point_and_said_once() {
        let (points, wrong) =
            taken(&[(0, f64::NAN), (300, 100.5), (600, 100.6), (900, -0.1), (1200, 0.0)]);
        assert_eq!(
            (points, wrong),
            (vec![(300, 100.5), (1200, 0.0)], vec!["impossible-value".to_owned()])
        );
    }

    #[test]
    fn a_point_tells_of_its_own_period() {
        let series = series(&[0, FIVE]);
        let tells = [-1, 0, 299, 300, 599, 600].map(|second| series.tells_of(at(second)));
        assert_eq!(tells, [false, true, true, true, true, false]);
    }

    #[test]
    fn an_hour_has_twelve_points_of_five_minutes() {
        assert!((series(&[]).expected(period(0, 3600)) - 12.0).abs() < 1e-9);
    }

    #[test]
    fn e15_the_newest_point_may_be_three_periods_old() {
        let series = series(&[0, FIVE]);
        let stale = |signal, read_at| series.staleness(signal, period(0, 9_000), at(read_at));
        let cpu = Signal::CpuUtilization;
        // It ends at 600.
        assert_eq!(stale(cpu, 1500), None);
        assert_eq!(stale(cpu, 1501).map(|reason| reason.code), Some("stale".to_owned()));
        assert_eq!(stale(Signal::LatencyP95, 9_000), None);
        assert_eq!(series.staleness(cpu, period(3_000, 9_000), at(9_000)), None);
    }

    #[test]
    fn e01_three_periods_between_two_points_are_a_gap() {
        let end = |seconds: &[i64]| {
            let gap = series(seconds).last_gap(period(0, 9_000))?;
            Some(gap.duration_since(at(0)).as_secs())
        };
        assert_eq!(end(&[0, 300, 600, 1200, 1799]), None);
        assert_eq!(end(&[0, 300, 1200, 1500]), Some(1200));
        assert_eq!(end(&[0, 900, 1200, 3000, 3300]), Some(3000));
        // One at the beginning is one as well.
        assert_eq!((end(&[599]), end(&[600])), (None, Some(600)));
    }

    #[test]
    fn a_refusal_says_what_to_grant() {
        let says = |source: &SignalSource, en: &str, ko: &str| {
            let refused = incomplete(Signal::CpuUtilization, source, &PointsStatus::Forbidden);
            let text = refused.unwrap().text;
            assert!(text.en.contains(en) && text.ko.contains(ko), "{text:?}");
        };
        says(&source(), "Grant cloudwatch:GetMetricData", "cloudwatch:GetMetricData 권한");
        let alarms = SignalSource { namespace: ALARMS.to_owned(), ..source() };
        says(&alarms, "Grant cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarms와");
        let query = SignalSource { query: Some("up".to_owned()), ..source() };
        says(&query, "Give [prometheus]", "[prometheus]에");
    }
}
