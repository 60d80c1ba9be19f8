//! How a resource was used, and how it would be after the change: the same samples, scaled.

use jiff::{SignedDuration, Timestamp};

use trimtab_app::failure::Failure;
use trimtab_model::evidence::{Figure, FigureValue, MetricCoverage};
use trimtab_model::period::Period;
use trimtab_model::recommendation::Recommendation;
use trimtab_render::chart::{Caption, LineKind, LineUnit, Lines, Panel, Point, Series, m4};
use trimtab_render::style::Style;

use crate::shared::Shared;

/// Columns of a chart that points are reduced for.
const COLUMNS: u32 = 720;

/// What is drawn of a resource.
const DRAWN: [(&str, &[&str]); 2] = [
    ("cpu_max", &["CPUUtilization"]),
    ("memory_max", &["mem_used_percent", "Memory % Committed Bytes In Use"]),
];

/// How a resource was used over the time that its recommendation rests on.
pub(crate) struct Course {
    /// The time.
    pub(crate) window: Period,
    /// What was measured, each in percent.
    pub(crate) panels: Vec<Measure>,
}

/// One metric of a resource.
pub(crate) struct Measure {
    /// The stable name of its highest value, as the evidence has it.
    pub(crate) name: &'static str,
    /// The metric and its statistic.
    pub(crate) of: MetricCoverage,
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
    if wanted.is_empty() || window.seconds() == 0 {
        return Ok(None);
    }
    let names: Vec<&str> = wanted.iter().map(|(_, of)| of.metric.as_str()).collect();
    let series = shared.measured(item.resource.id.as_str(), &names, window)?;
    let panels: Vec<Measure> = wanted
        .into_iter()
        .filter_map(|(name, of)| {
            let found = series.iter().find(|one| {
                (one.namespace.as_str(), one.metric.as_str()) == (&of.namespace, &of.metric)
                    && one.statistic == of.statistic.as_str()
                    && one.period_seconds.is_none_or(|period| period == of.period_seconds)
            })?;
            let points = with_gaps(&found.points, of.period_seconds);
            let (factor, limit) = (factor(item, name), limit(item, name));
            Some(Measure { name, of: of.clone(), factor, limit, points })
        })
        .collect();
    Ok((!panels.is_empty()).then_some(Course { window, panels }))
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

/// Marks where points are missing: two that are more than a period and a half apart.
fn with_gaps(points: &[(Timestamp, f64)], period_seconds: u32) -> Vec<Point> {
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
        let panel = |(colour, measure): (usize, &Measure)| {
            let line = |key: &str, kind, points: &[Point]| Series {
                name: locale.text(key),
                colour,
                kind,
                points: m4(points, COLUMNS),
            };
            let name =
                if measure.name == "cpu_max" { "web-course-cpu" } else { "web-course-memory" };
            let mut series = vec![line("web-course-now", LineKind::Measured, &measure.points)];
            let after = measure.after();
            series
                .extend(after.map(|points| line("web-course-after", LineKind::Projected, &points)));
            Panel {
                name: locale.text(name),
                unit: LineUnit::Percent,
                limit: measure.limit.map(|limit| (limit, locale.text("web-course-limit"))),
                series,
            }
        };
        Lines {
            caption,
            from: self.window.start(),
            to: self.window.end(),
            panels: self.panels.iter().map(|measure| panel((0, measure))).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_where_two_points_are_more_than_a_period_and_a_half_apart() {
        let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
        let points = [(at(0), 1.0), (at(5), 2.0), (at(12), 3.0), (at(20), 4.0)];
        let marked = with_gaps(&points, 300);
        let values: Vec<Option<f64>> = marked.iter().map(|point| point.value).collect();
        assert_eq!(values, [Some(1.0), Some(2.0), Some(3.0), None, Some(4.0)]);
    }
}
