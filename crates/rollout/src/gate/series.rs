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
