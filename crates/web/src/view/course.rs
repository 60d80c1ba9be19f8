//! How a resource was used, and how it would be after the change: the same samples, scaled.

use jiff::{SignedDuration, Timestamp};

use trimtab_app::failure::Failure;
use trimtab_model::evidence::{Figure, FigureValue, MetricCoverage};
use trimtab_model::period::Period;
use trimtab_model::recommendation::Recommendation;
use trimtab_render::chart::{Caption, LineKind, LineUnit, Lines, Panel, Point, Series, m4};
use trimtab_render::style::Style;

use trimtab_store::metrics::Measured;

use crate::shared::Shared;

/// Columns of a chart that points are reduced for.
const COLUMNS: u32 = 720;

/// What is drawn of a resource by what its decision saw.
const DRAWN: [(&str, &[&str]); 2] = [
    ("cpu_max", &["CPUUtilization"]),
    ("memory_max", &["mem_used_percent", "Memory % Committed Bytes In Use"]),
];

/// What is drawn besides, where it is kept: stable name, metric, statistic and unit. A sum says how much there was a
/// second, which an average of counters does not.
const BESIDES: [(&str, &str, &str, Unit); 4] = [
    ("network_in", "NetworkIn", "Sum", Unit::MegabytesPerSecond),
    ("network_out", "NetworkOut", "Sum", Unit::MegabytesPerSecond),
    ("memory_free", "FreeableMemory", "Minimum", Unit::Gibibytes),
    ("connections", "DatabaseConnections", "Maximum", Unit::Count),
];

/// Bytes of a MB, and of a GiB.
const MEGABYTE: f64 = 1e6;
const GIBIBYTE: f64 = 1_073_741_824.0;

/// What the points of a metric are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Percent of what there is.
    Percent,
    /// Megabytes a second.
    MegabytesPerSecond,
    /// GiB.
    Gibibytes,
    /// How many.
    Count,
}

impl Unit {
    /// Returns the name for machines.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Percent => "%",
            Self::MegabytesPerSecond => "MB/s",
            Self::Gibibytes => "GiB",
            Self::Count => "count",
        }
    }

    fn shown(self) -> LineUnit {
        match self {
            Self::Percent => LineUnit::Percent,
            Self::MegabytesPerSecond | Self::Gibibytes => LineUnit::Plain(self.as_str().to_owned()),
            Self::Count => LineUnit::Plain(String::new()),
        }
    }

    /// Returns a sample of CloudWatch's as a number of this unit.
    fn of(self, value: f64, period_seconds: u32) -> f64 {
        match self {
            Self::Percent | Self::Count => value,
            Self::MegabytesPerSecond => value / f64::from(period_seconds.max(1)) / MEGABYTE,
            Self::Gibibytes => value / GIBIBYTE,
        }
    }
}

/// How a resource was used over the time that its recommendation rests on.
pub(crate) struct Course {
    /// The time.
    pub(crate) window: Period,
    /// What was measured.
    pub(crate) panels: Vec<Measure>,
}

/// One metric of a resource.
pub(crate) struct Measure {
    /// The stable name of its highest value, as the evidence has it.
    pub(crate) name: &'static str,
    /// The namespace.
    pub(crate) namespace: String,
    /// The metric.
    pub(crate) metric: String,
    /// Its statistic.
    pub(crate) statistic: String,
    /// Seconds of an interval.
    pub(crate) period_seconds: u32,
    /// What the points are.
    pub(crate) unit: Unit,
    /// What a point becomes after the change; nothing where that is not known.
    pub(crate) factor: Option<f64>,
    /// The threshold that the decision held it against, in percent.
    pub(crate) limit: Option<f64>,
    /// The points, in order of time; nothing stands for a gap.
    pub(crate) points: Vec<Point>,
}

/// Reads how a resource was used; nothing where none of its samples is kept.
///
/// # Errors
/// Fails if the metrics cannot be read.
pub(crate) fn course(
    shared: &Shared,
    item: &Recommendation,
    as_of: Timestamp,
) -> Result<Option<Course>, Failure> {
    let days = i64::from(item.evidence.window_days.unwrap_or_default());
    let start = as_of.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(as_of);
    let wanted: Vec<(&'static str, &MetricCoverage)> =
        DRAWN.iter().filter_map(|(name, metrics)| Some((*name, seen(item, metrics)?))).collect();
    let Ok(window) = Period::new(start, as_of) else { return Ok(None) };
    if window.seconds() == 0 {
        return Ok(None);
    }
    let decided = wanted.iter().map(|(_, of)| of.metric.as_str());
    let names: Vec<&str> = decided.chain(BESIDES.iter().map(|(_, metric, ..)| *metric)).collect();
    let series = shared.measured(&item.resource, &names, window)?;
    let mut panels: Vec<Measure> = wanted
        .into_iter()
        .filter_map(|(name, of)| {
            let found = series.iter().find(|one| {
                (one.namespace.as_str(), one.metric.as_str()) == (&of.namespace, &of.metric)
                    && one.statistic == of.statistic.as_str()
                    && one.period_seconds.is_none_or(|period| period == of.period_seconds)
            })?;
            let points = with_gaps(&found.points, of.period_seconds);
            let (factor, limit) = (factor(item, name), limit(item, name));
            Some(Measure {
                name,
                namespace: of.namespace.clone(),
                metric: of.metric.clone(),
                statistic: of.statistic.as_str().to_owned(),
                period_seconds: of.period_seconds,
                unit: Unit::Percent,
                factor,
                limit,
                points,
            })
        })
        .collect();
    panels.extend(BESIDES.iter().filter_map(|of| besides(&series, *of)));
    Ok((!panels.is_empty()).then_some(Course { window, panels }))
}

/// Returns a metric that is kept besides what the decision saw, at its finest.
fn besides(
    series: &[Measured],
    (name, metric, statistic, unit): (&'static str, &str, &str, Unit),
) -> Option<Measure> {
    let is_it = |one: &&Measured| {
        one.metric == metric
            && one.namespace.starts_with("AWS/")
            && one.statistic.eq_ignore_ascii_case(statistic)
            && one.points.len() > 1
    };
    let (found, period_seconds) = series
        .iter()
        .filter(is_it)
        .filter_map(|one| Some((one, one.period_seconds.or_else(|| apart(&one.points))?)))
        .min_by_key(|(_, period)| *period)?;
    let scaled: Vec<(Timestamp, f64)> =
        found.points.iter().map(|(at, value)| (*at, unit.of(*value, period_seconds))).collect();
    Some(Measure {
        name,
        namespace: found.namespace.clone(),
        metric: found.metric.clone(),
        statistic: found.statistic.clone(),
        period_seconds,
        unit,
        factor: None,
        limit: None,
        points: with_gaps(&scaled, period_seconds),
    })
}

/// Returns the seconds between two samples where they lie closest.
pub(super) fn apart(points: &[(Timestamp, f64)]) -> Option<u32> {
    let apart = points.iter().zip(points.iter().skip(1));
    let seconds = apart.map(|((first, _), (next, _))| next.as_second() - first.as_second());
    u32::try_from(seconds.filter(|seconds| *seconds > 0).min()?).ok()
}

/// Returns the metric that the decision saw, of those that tell the same.
fn seen<'a>(item: &'a Recommendation, metrics: &[&str]) -> Option<&'a MetricCoverage> {
    item.evidence.coverage.iter().find(|one| metrics.contains(&one.metric.as_str()))
}

fn figure<'a>(item: &'a Recommendation, name: &str) -> Option<&'a Figure> {
    item.evidence.figures.iter().find(|figure| figure.name == name && figure.unit == "%")
}

fn number(value: &FigureValue) -> Option<f64> {
    match value {
        FigureValue::Number(number) => Some(*number),
        FigureValue::Word(_) => None,
    }
}

/// Returns what the highest value becomes by the change, relative to what it is.
fn factor(item: &Recommendation, name: &str) -> Option<f64> {
    let before = number(&figure(item, name)?.value).filter(|before| *before > 0.0)?;
    let after = item.projected.iter().find(|one| one.name == name)?.percent;
    Some(after / before).filter(|factor| factor.is_finite())
}

/// Returns the threshold of a figure of the same metric.
fn limit(item: &Recommendation, name: &str) -> Option<f64> {
    let start = name.split('_').next()?;
    let figures = item.evidence.figures.iter();
    let mut alike = figures.filter(|one| one.unit == "%" && one.name.starts_with(start));
    alike.find_map(|one| number(one.threshold.as_ref()?))
}

/// Returns the threshold that the decision held a metric against, in percent; nothing where it is not
/// one of those that are drawn.
pub(crate) fn threshold(item: &Recommendation, metric: &MetricCoverage) -> Option<f64> {
    let is_it = |(_, metrics): &&(&str, &[&str])| metrics.contains(&metric.metric.as_str());
    let (name, _) = DRAWN.iter().find(is_it)?;
    limit(item, name)
}

/// Marks where points are missing: two that are more than a period and a half apart.
pub(super) fn with_gaps(points: &[(Timestamp, f64)], period_seconds: u32) -> Vec<Point> {
    let mut marked = Vec::with_capacity(points.len());
    let mut last: Option<Timestamp> = None;
    for (at, value) in points {
        let apart = last.map_or(0, |last| at.as_second() - last.as_second());
        if let Some(last) = last
            && apart * 2 > i64::from(period_seconds) * 3
        {
            marked.push(Point { at: last, value: None });
        }
        marked.push(Point { at: *at, value: Some(*value) });
        last = Some(*at);
    }
    marked
}

impl Measure {
    /// Returns the key of the name of its panel.
    fn key(&self) -> &'static str {
        match self.name {
            "cpu_max" => "web-course-cpu",
            "network_in" | "network_out" => "web-course-network",
            "memory_free" => "web-course-free-memory",
            "connections" => "web-course-connections",
            _ => "web-course-memory",
        }
    }

    /// Returns the key of what was measured.
    fn now_key(&self) -> &'static str {
        match self.name {
            "network_in" => "web-course-in",
            "network_out" => "web-course-out",
            _ => "web-course-now",
        }
    }

    /// Returns the points after the change; nothing where that is not known.
    pub(crate) fn after(&self) -> Option<Vec<Point>> {
        let factor = self.factor?;
        let scaled =
            |point: &Point| Point { at: point.at, value: point.value.map(|value| value * factor) };
        Some(self.points.iter().map(scaled).collect())
    }
}

impl Course {
    /// Makes the chart: a panel for each metric, now and after the change.
    pub(crate) fn lines(&self, caption: Caption, style: &Style) -> Lines {
        let locale = style.locale();
        let mut panels: Vec<Panel> = Vec::new();
        for measure in &self.panels {
            let name = locale.text(measure.key());
            // What comes in and what goes out share a panel.
            let shared = panels.last_mut().filter(|panel| panel.name == name);
            let colour = usize::from(shared.is_some());
            let line = |key: &str, kind, points: &[Point]| Series {
                name: locale.text(key),
                colour,
                kind,
                points: m4(points, COLUMNS),
            };
            let now = line(measure.now_key(), LineKind::Measured, &measure.points);
            if let Some(panel) = shared {
                panel.series.push(now);
                continue;
            }
            let mut series = vec![now];
            let after = measure.after();
            series
                .extend(after.map(|points| line("web-course-after", LineKind::Projected, &points)));
            panels.push(Panel {
                name,
                unit: measure.unit.shown(),
                limit: measure.limit.map(|limit| (limit, locale.text("web-course-limit"))),
                is_floor: false,
                band: None,
                series,
            });
        }
        let (from, to) = (self.window.start(), self.window.end());
        Lines { caption, from, to, marks: Vec::new(), panels }
    }

    /// Returns whether a line says how it would be after the change.
    pub(crate) fn has_projection(&self) -> bool {
        self.panels.iter().any(|measure| measure.factor.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_an_interval_are_shown_by_the_second_and_an_average_is_not_taken_for_them() {
        let at = |hour: i64| Timestamp::from_second(hour * 3_600).unwrap();
        let kept = |statistic: &str| Measured {
            namespace: "AWS/EC2".into(),
            metric: "NetworkIn".into(),
            statistic: statistic.into(),
            period_seconds: None,
            points: vec![(at(0), 7.2e9), (at(1), 3.6e9), (at(3), 3.6e9)],
        };
        let found = besides(&[kept("Average"), kept("Sum")], BESIDES[0]).unwrap();
        let values: Vec<Option<f64>> = found.points.iter().map(|point| point.value).collect();
        assert_eq!(values, [Some(2.0), Some(1.0), None, Some(1.0)]);
        assert_eq!((found.period_seconds, found.factor), (3_600, None));
        assert!(besides(&[kept("Average")], BESIDES[0]).is_none());
    }

    #[test]
    fn a_gap_is_where_two_points_are_more_than_a_period_and_a_half_apart() {
        let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
        let points = [(at(0), 1.0), (at(5), 2.0), (at(12), 3.0), (at(20), 4.0)];
        let marked = with_gaps(&points, 300);
        let values: Vec<Option<f64>> = marked.iter().map(|point| point.value).collect();
        assert_eq!(values, [Some(1.0), Some(2.0), Some(3.0), None, Some(4.0)]);
    }
}
