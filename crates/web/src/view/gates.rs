//! What the gates of a run measured: points beside their limits, and beside what they are compared with.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::runs::Run;
use trimtab_model::gate::{Beside, GateCourse, GateCourses, SignalSource};
use trimtab_model::id::ChangeId;
use trimtab_model::metric::Statistic;
use trimtab_model::period::Period;
use trimtab_model::plan::{Change, Plan};
use trimtab_model::resource::ResourceRef;
use trimtab_render::chart::{
    Caption, LineBand, LineKind, LineMark, LineUnit, Lines, Panel, Point, Series,
};
use trimtab_render::document::plan::words;
use trimtab_render::locale::Locale;
use trimtab_render::sanitise;
use trimtab_render::style::Style;

use crate::shared::Shared;

/// How long before a change its resource is looked at, where its metrics are kept.
const BEFORE: SignedDuration = SignedDuration::from_hours(12);
/// The colour of what a signal is compared with.
const BESIDE: usize = 8;
/// Seconds that counts are added up over, where they are compared with earlier weeks.
const SUMMED: u32 = 300;
const MEBIBYTE: f64 = 1_048_576.0;
const GIBIBYTE: f64 = 1_073_741_824.0;

/// What the gates of a run measured.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct RunGates {
    /// `trimtab/v1/run.gates`.
    schema: &'static str,
    /// The run.
    run: String,
    /// Its changes of which points are kept, in the order of the plan.
    pub(crate) items: Vec<ChangeGates>,
}

/// What the gates of one change measured.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct ChangeGates {
    /// The change.
    pub(crate) change: String,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    began: Timestamp,
    /// Until when points were read.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// Its gates that have points, in the order of the plan.
    pub(crate) gates: Vec<GatePoints>,
}

/// What one gate measured.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct GatePoints {
    /// The signal, as of a plan.
    #[schema(value_type = String)]
    signal: trimtab_model::gate::Signal,
    /// The resource whose metric it is: that of the change, or what stands before it.
    resource: String,
    /// The metric, or the query.
    metric: String,
    /// Whether the values are bytes; else they are in the unit of the signal.
    is_bytes: bool,
    /// The limit; null where it is only compared.
    limit: Option<f64>,
    /// Whether what is low is worse than what is high.
    is_floor: bool,
    /// What was forecast; null where nothing was.
    expected: Option<f64>,
    /// The seconds of a step: each point is the worst of its step.
    step_seconds: u32,
    /// The hours before the change, as far as the metrics of the resource are kept; empty where they are not.
    before: Vec<GatePoint>,
    /// Since the change is watched.
    measured: Vec<GatePoint>,
    /// What it is compared with: `earlier-weeks` or `controls`; null where with nothing.
    beside: Option<String>,
    /// The least and the largest value of that, step by step.
    band: Vec<GateBand>,
}

/// One point.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub(crate) struct GatePoint {
    /// The start of its step.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The value.
    value: f64,
}

/// The values of one step of what a signal is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub(crate) struct GateBand {
    /// The start of the step.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The least.
    low: f64,
    /// The largest.
    high: f64,
}

/// Returns what the gates of a run measured, of those of its changes that are `wanted`.
///
/// # Errors
/// Fails if the state or the metrics cannot be read.
pub(crate) fn run_gates(
    shared: &Shared,
    run: &Run,
    plan: &Plan,
    wanted: impl Fn(&ChangeId) -> bool,
) -> Result<RunGates, Failure> {
    let id = &run.record.id;
    let kept = shared.state().courses_of(id);
    let kept = kept.map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let mut items = Vec::new();
    for change in plan.changes().filter(|change| wanted(&change.id)) {
        let courses: Vec<&GateCourses> =
            kept.iter().filter(|(of, _)| *of == change.id).map(|(_, one)| one).collect();
        if let Some(gates) = ChangeGates::of(shared, change, &courses)? {
            items.push(gates);
        }
    }
    Ok(RunGates { schema: "trimtab/v1/run.gates", run: id.to_string(), items })
}

impl ChangeGates {
    fn of(
        shared: &Shared,
        change: &Change,
        courses: &[&GateCourses],
    ) -> Result<Option<Self>, Failure> {
        let (Some(first), Some(last)) = (courses.first(), courses.last()) else { return Ok(None) };
        let mut gates: Vec<GatePoints> = Vec::new();
        for (courses, course) in
            courses.iter().flat_map(|one| one.gates.iter().map(move |gate| (one, gate)))
        {
            if course.steps.is_empty() {
                continue;
            }
            let is_it = |one: &&mut GatePoints| {
                one.signal == course.signal
                    && one.metric == course.metric
                    && one.resource == course.resource.as_str()
            };
            match gates.iter_mut().find(is_it) {
                Some(known) => known.go_on(course),
                None => {
                    let mut points = GatePoints::of(course);
                    points.before = before(shared, change, course, courses.began)?;
                    gates.push(points);
                }
            }
        }
        let (change, began, until) = (change.id.to_string(), first.began, last.at);
        Ok((!gates.is_empty()).then_some(Self { change, began, until, gates }))
    }

    /// Makes the chart: a panel for each gate, with its limit and what it is compared with.
    pub(crate) fn lines(&self, caption: Caption, style: &Style) -> Lines {
        let firsts = self.gates.iter().flat_map(|gate| gate.before.iter().map(|point| point.at));
        Lines {
            caption,
            from: firsts.min().unwrap_or(self.began).min(self.began),
            to: self.until,
            marks: vec![LineMark {
                at: self.began,
                name: style.locale().text("web-gates-changed"),
            }],
            panels: self
                .gates
                .iter()
                .filter(|gate| !gate.is_quiet())
                .map(|gate| gate.panel(self.is_alone(gate), style))
                .collect(),
        }
    }

    /// Returns whether no other gate is of the same signal.
    fn is_alone(&self, gate: &GatePoints) -> bool {
        self.gates.iter().filter(|one| one.signal == gate.signal).count() == 1
    }

    /// Returns the names of the signals that were zero all the time: there is nothing to be drawn of them.
    pub(crate) fn quiet(&self, locale: Locale) -> Vec<String> {
        let quiet = self.gates.iter().filter(|gate| gate.is_quiet());
        quiet.map(|gate| words::signal(gate.signal, locale)).collect()
    }
}

impl GatePoints {
    fn of(course: &GateCourse) -> Self {
        let mut points = Self {
            signal: course.signal,
            resource: course.resource.to_string(),
            metric: course.metric.clone(),
            is_bytes: course.is_bytes,
            limit: course.limit,
            is_floor: course.signal.is_worse_below(),
            expected: course.expected,
            step_seconds: course.step_seconds,
            before: Vec::new(),
            measured: Vec::new(),
            beside: course.beside.map(|beside| beside_word(beside).to_owned()),
            band: Vec::new(),
        };
        points.go_on(course);
        points
    }

    /// Returns whether every point is zero where that is well, and nothing else lies beside it.
    fn is_quiet(&self) -> bool {
        let all = self.measured.iter().chain(&self.before);
        !self.is_floor
            && all.map(|point| point.value).all(|value| value == 0.0)
            && self.band.iter().all(|step| step.high == 0.0)
    }

    /// Adds what was read later.
    fn go_on(&mut self, course: &GateCourse) {
        let last = self.measured.last().map(|point| point.at);
        let is_new = |at: Timestamp| last.is_none_or(|last| at > last);
        let steps = course.steps.iter().filter(|(at, _)| is_new(*at));
        self.measured.extend(steps.map(|(at, value)| GatePoint { at: *at, value: *value }));
        let band = course.band.iter().filter(|(at, ..)| is_new(*at));
        self.band.extend(band.map(|(at, low, high)| GateBand { at: *at, low: *low, high: *high }));
        self.step_seconds = self.step_seconds.max(course.step_seconds);
    }

    fn panel(&self, is_alone: bool, style: &Style) -> Panel {
        let locale = style.locale();
        let (scale, unit) = self.unit();
        let mut name = words::signal(self.signal, locale);
        if !is_alone {
            name = format!("{name} · {}", sanitise(&self.resource));
        }
        let line = |key: &str, kind, points: &[GatePoint]| Series {
            name: locale.text(key),
            colour: 0,
            kind,
            points: self.with_gaps(points, scale),
        };
        let mut series = Vec::new();
        if !self.before.is_empty() {
            series.push(line("web-gates-before", LineKind::Projected, &self.before));
        }
        series.push(line("web-gates-measured", LineKind::Measured, &self.measured));
        let beside = match self.beside.as_deref() {
            Some("controls") => Some("web-gates-controls"),
            Some(_) => Some("web-gates-weeks"),
            None => None,
        };
        let key = if self.is_floor { "web-gates-floor" } else { "web-gates-limit" };
        Panel {
            name,
            unit,
            limit: self.limit.map(|limit| (limit * scale, locale.text(key))),
            is_floor: self.is_floor,
            band: beside.map(|key| LineBand {
                name: locale.text(key),
                colour: BESIDE,
                runs: self.band_runs(scale),
            }),
            series,
        }
    }

    /// Returns what values are multiplied with to be read, and their unit.
    fn unit(&self) -> (f64, LineUnit) {
        if self.is_bytes {
            let limit = self.limit.into_iter();
            let all = self.measured.iter().map(|point| point.value).chain(limit);
            let is_large = all.fold(0.0, f64::max) >= GIBIBYTE;
            return match is_large {
                true => (1.0 / GIBIBYTE, LineUnit::Plain("GiB".to_owned())),
                false => (1.0 / MEBIBYTE, LineUnit::Plain("MiB".to_owned())),
            };
        }
        // The name of a signal says its unit.
        (1.0, LineUnit::Plain(String::new()))
    }

    fn is_gap(&self, from: Timestamp, to: Timestamp) -> bool {
        (to.as_second() - from.as_second()) * 2 > i64::from(self.step_seconds) * 5
    }

    fn with_gaps(&self, points: &[GatePoint], scale: f64) -> Vec<Point> {
        let mut all: Vec<Point> = Vec::with_capacity(points.len());
        let mut last: Option<Timestamp> = None;
        for point in points {
            if let Some(last) = last.filter(|last| self.is_gap(*last, point.at)) {
                all.push(Point { at: last, value: None });
            }
            all.push(Point { at: point.at, value: Some(point.value * scale) });
            last = Some(point.at);
        }
        all
    }

    fn band_runs(&self, scale: f64) -> Vec<Vec<(Timestamp, f64, f64)>> {
        let mut runs: Vec<Vec<(Timestamp, f64, f64)>> = Vec::new();
        for step in &self.band {
            let point = (step.at, step.low * scale, step.high * scale);
            match runs.last_mut() {
                Some(run) if run.last().is_some_and(|last| !self.is_gap(last.0, step.at)) => {
                    run.push(point);
                }
                _ => runs.push(vec![point]),
            }
        }
        runs
    }
}

fn beside_word(beside: Beside) -> &'static str {
    match beside {
        Beside::EarlierWeeks => "earlier-weeks",
        Beside::Controls => "controls",
    }
}

/// Returns the points of the hours before a change, where a scan has kept the same statistic of the same metric.
fn before(
    shared: &Shared,
    change: &Change,
    course: &GateCourse,
    began: Timestamp,
) -> Result<Vec<GatePoint>, Failure> {
    let is_its = |gate: &&trimtab_model::gate::HealthGate| {
        gate.signal == course.signal
            && gate.source.metric == course.metric
            && gate.source.resource == course.resource
    };
    let source = change.gates.iter().find(is_its).map(|gate| &gate.source);
    let Some(source) = source.filter(|source| source.percentile.is_none()) else {
        return Ok(Vec::new());
    };
    let from = began.saturating_sub(BEFORE).unwrap_or(began);
    let Ok(window) = Period::new(from, began) else { return Ok(Vec::new()) };
    // What is watched may be something else of the same account and region, such as a load balancer.
    let watched = ResourceRef { id: source.resource.clone(), ..change.resource.clone() };
    let kept = shared.measured(&watched, &[&source.metric], window)?;
    let is_same = |one: &&trimtab_store::metrics::Measured| is_same(one, source);
    let finest = kept.iter().filter(is_same).min_by_key(|one| one.period_seconds);
    let points = finest.map(|one| one.points.as_slice()).unwrap_or_default();
    let point = |(at, value): &(Timestamp, f64)| GatePoint { at: *at, value: value * source.scale };
    Ok(points.iter().map(point).collect())
}

fn is_same(one: &trimtab_store::metrics::Measured, source: &SignalSource) -> bool {
    // Sums of an hour are not beside those of five minutes.
    let is_of_length = source.statistic != Statistic::Sum || one.period_seconds == Some(SUMMED);
    is_of_length
        && one.namespace == source.namespace
        && one.metric == source.metric
        && one.statistic.eq_ignore_ascii_case(source.statistic.as_str())
}

#[cfg(test)]
mod tests {
    use trimtab_model::gate::Signal;

    use super::*;

    fn course(hours: std::ops::Range<i64>) -> GateCourse {
        let at = |hour: i64| Timestamp::from_second(hour * 3_600).unwrap();
        GateCourse {
            resource: "i-1".into(),
            signal: Signal::FreeMemory,
            metric: "FreeableMemory".into(),
            is_bytes: true,
            limit: Some(GIBIBYTE),
            expected: None,
            step_seconds: 3_600,
            steps: hours.clone().map(|hour| (at(hour), 4.0 * GIBIBYTE)).collect(),
            beside: Some(Beside::EarlierWeeks),
            band: hours.map(|hour| (at(hour), GIBIBYTE, 5.0 * GIBIBYTE)).collect(),
        }
    }

    #[test]
    fn what_was_read_later_goes_on_and_a_time_that_nobody_read_is_a_gap() {
        let mut points = GatePoints::of(&course(0..4));
        points.go_on(&course(2..6));
        points.go_on(&course(20..22));
        let hours: Vec<i64> =
            points.measured.iter().map(|point| point.at.as_second() / 3_600).collect();
        assert_eq!(hours, [0, 1, 2, 3, 4, 5, 20, 21]);
        let drawn = points.with_gaps(&points.measured, 1.0);
        assert_eq!(drawn.iter().filter(|point| point.value.is_none()).count(), 1);
        assert_eq!(points.band_runs(1.0).iter().map(Vec::len).collect::<Vec<_>>(), [6, 2]);
    }

    #[test]
    fn bytes_are_drawn_in_gibibytes_and_kept_exactly() {
        let points = GatePoints::of(&course(0..2));
        let (scale, unit) = points.unit();
        assert_eq!((scale * GIBIBYTE, unit), (1.0, LineUnit::Plain("GiB".into())));
        assert_eq!(serde_json::to_value(&points).unwrap()["limit"], GIBIBYTE);
    }
}
