//! How much of a resource was used: every metric that was measured of it, and those that were not.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_analysis::{Need, checks};
use trimtab_app::failure::Failure;
use trimtab_model::metric::Statistic;
use trimtab_model::period::Period;
use trimtab_model::resource::{ResourceKind, ResourceRef};
use trimtab_render::chart::{Caption, LineKind, LineUnit, Lines, Panel, Point, Series, m4};
use trimtab_render::style::Style;
use trimtab_store::metrics::Measured;

use super::course::{apart, with_gaps};
use crate::shared::Shared;

/// Days that are looked at.
const DAYS: i64 = 14;
/// Columns of a chart that points are reduced for.
const COLUMNS: u32 = 720;
/// Panels of the chart at most; the API has all.
const PANELS: usize = 12;
const MEGABYTE: f64 = 1e6;
const GIBIBYTE: f64 = 1_073_741_824.0;

/// What the samples of a metric are, and how they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// Percent.
    Percent,
    /// As they are.
    Plain,
    /// Bytes of an interval, shown as MB a second.
    BytesOfInterval,
    /// Bytes a second, shown as MB a second.
    BytesPerSecond,
    /// Bytes, shown as GiB.
    Bytes,
    /// Events of an interval, shown by the second.
    EventsOfInterval,
}

/// A metric that has a name of its own: panel, metric, the line of its panel, and what its samples are. Metrics of one
/// panel stand beside each other.
const NAMED: [(&str, &str, &str, Shown); 27] = [
    ("cpu", "CPUUtilization", "now", Shown::Percent),
    ("engine_cpu", "EngineCPUUtilization", "now", Shown::Percent),
    ("memory", "mem_used_percent", "now", Shown::Percent),
    ("memory", "Memory % Committed Bytes In Use", "now", Shown::Percent),
    ("memory", "DatabaseMemoryUsagePercentage", "now", Shown::Percent),
    ("memory", "MemoryUtilization", "now", Shown::Percent),
    ("free_memory", "FreeableMemory", "now", Shown::Bytes),
    ("network", "NetworkIn", "in", Shown::BytesOfInterval),
    ("network", "NetworkOut", "out", Shown::BytesOfInterval),
    ("network", "BytesInFromSource", "out", Shown::BytesOfInterval),
    ("network", "BytesInFromDestination", "in", Shown::BytesOfInterval),
    ("network", "ProcessedBytes", "now", Shown::BytesOfInterval),
    ("network", "BytesProcessed", "now", Shown::BytesOfInterval),
    ("operations", "VolumeReadOps", "read", Shown::EventsOfInterval),
    ("operations", "VolumeWriteOps", "write", Shown::EventsOfInterval),
    ("operations", "ReadIOPS", "read", Shown::Plain),
    ("operations", "WriteIOPS", "write", Shown::Plain),
    ("throughput", "VolumeReadBytes", "read", Shown::BytesOfInterval),
    ("throughput", "VolumeWriteBytes", "write", Shown::BytesOfInterval),
    ("throughput", "ReadThroughput", "read", Shown::BytesPerSecond),
    ("throughput", "WriteThroughput", "write", Shown::BytesPerSecond),
    ("free_storage", "FreeStorageSpace", "now", Shown::Bytes),
    ("connections", "DatabaseConnections", "now", Shown::Plain),
    ("connections", "CurrConnections", "now", Shown::Plain),
    ("connections", "ActiveConnectionCount", "now", Shown::Plain),
    ("requests", "RequestCount", "now", Shown::EventsOfInterval),
    ("requests", "Invocations", "now", Shown::EventsOfInterval),
];

/// How much of a resource was used.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Utilisation {
    /// From when on.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) from: Timestamp,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) until: Timestamp,
    /// What was measured.
    pub(crate) panels: Vec<UsedMetric>,
    /// Metrics that a check of this kind of resource reads and that were not measured.
    pub(crate) missing: Vec<String>,
}

/// One metric.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsedMetric {
    /// What it tells, such as `cpu`; the metric where it has no such name. Metrics of one name share a panel.
    pub(crate) name: String,
    /// The namespace.
    pub(crate) namespace: String,
    /// The metric.
    pub(crate) metric: String,
    /// The statistic.
    pub(crate) statistic: String,
    /// Seconds between samples.
    pub(crate) period_seconds: u32,
    /// The unit; empty for a number of things.
    pub(crate) unit: &'static str,
    /// Pairs of a moment and a value; a null value is a gap.
    #[schema(value_type = Vec<Vec<serde_json::Value>>)]
    #[serde(serialize_with = "pairs")]
    pub(crate) measured: Vec<Point>,
    /// The line of its panel.
    #[serde(skip)]
    line: &'static str,
}

fn pairs<S: serde::Serializer>(points: &[Point], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(points.iter().map(|point| (point.at.to_string(), point.value)))
}

/// Reads what was measured of a resource in the two weeks up to a moment.
///
/// # Errors
/// Fails if the metrics cannot be read.
pub(crate) fn utilisation(
    shared: &Shared,
    resource: &ResourceRef,
    until: Timestamp,
) -> Result<Utilisation, Failure> {
    let from = until.checked_sub(SignedDuration::from_hours(24 * DAYS)).unwrap_or(until);
    let mut wanted = wanted(resource.kind);
    wanted.retain(|one| concerns(resource, one.namespace));
    let mut names: Vec<&str> = wanted.iter().map(|want| want.metric).collect();
    names.extend(NAMED.iter().map(|(_, metric, ..)| *metric));
    names.sort_unstable();
    names.dedup();
    let series = match Period::new(from, until) {
        Ok(window) => shared.measured(resource, &names, window)?,
        Err(_) => std::sync::Arc::default(),
    };
    Ok(Utilisation::of(&series, &wanted, (from, until)))
}

/// A metric that a check reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Wanted {
    namespace: &'static str,
    metric: &'static str,
    statistics: &'static [Statistic],
}

/// Returns what checks read of a kind of resource.
fn wanted(kind: ResourceKind) -> BTreeSet<Wanted> {
    let needs = checks::ALL.iter().filter(|check| check.kind == kind).flat_map(|one| one.needs);
    needs
        .filter_map(|need| match need {
            Need::Metric(namespace, metric, statistics)
            | Need::OptionalMetric(namespace, metric, statistics) => {
                Some(Wanted { namespace, metric, statistics })
            }
            Need::Kind(_) | Need::Billing | Need::OptionalBilling => None,
        })
        .collect()
}

/// Returns whether a resource can have metrics of a namespace: load balancers of one kind have four.
fn concerns(resource: &ResourceRef, namespace: &str) -> bool {
    let id = resource.id.as_str();
    match namespace {
        "AWS/ApplicationELB" => !id.contains("loadbalancer/") || id.contains("loadbalancer/app/"),
        "AWS/NetworkELB" => id.contains("loadbalancer/net/"),
        "AWS/GatewayELB" => id.contains("loadbalancer/gwy/"),
        // Series of the queues that it reads, and not its own.
        "AWS/SQS" => false,
        _ => true,
    }
}

impl Utilisation {
    fn of(
        series: &[Measured],
        wanted: &BTreeSet<Wanted>,
        (from, until): (Timestamp, Timestamp),
    ) -> Self {
        let found: BTreeSet<(&str, &str)> =
            series.iter().map(|one| (one.namespace.as_str(), one.metric.as_str())).collect();
        let mut panels: Vec<UsedMetric> = found
            .iter()
            .filter_map(|(namespace, metric)| {
                let of = |one: &&Measured| (&*one.namespace, &*one.metric) == (*namespace, *metric);
                let alike: Vec<&Measured> = series.iter().filter(of).collect();
                let statistics = wanted.iter().filter(|one| one.metric == *metric);
                let statistics = statistics.flat_map(|one| one.statistics).map(|one| one.as_str());
                UsedMetric::of(&alike, &statistics.collect::<Vec<_>>())
            })
            .collect();
        panels.sort_by(|left, right| left.place().cmp(&right.place()));
        // Linux and Windows tell the same by different names; reading is not writing.
        let part = |metric: &str| named(metric).map(|(panel, _, part, _)| (*panel, *part));
        let is_told = |metric: &str| {
            part(metric)
                .is_some_and(|wanted| found.iter().any(|(_, metric)| part(metric) == Some(wanted)))
        };
        let missing: BTreeSet<String> = wanted
            .iter()
            .filter(|one| !found.contains(&(one.namespace, one.metric)) && !is_told(one.metric))
            .map(|one| format!("{} {}", one.namespace, one.metric))
            .collect();
        Self { from, until, panels, missing: missing.into_iter().collect() }
    }

    /// Makes the chart: a panel for each name.
    pub(crate) fn lines(&self, caption: Caption, style: &Style) -> Lines {
        let mut panels: Vec<(&str, Panel)> = Vec::new();
        for used in &self.panels {
            let line = |colour| Series {
                name: used.line_name(style),
                colour,
                kind: LineKind::Measured,
                points: m4(&used.measured, COLUMNS),
            };
            let has_room = panels.len() < PANELS;
            match panels.last_mut().filter(|(name, _)| *name == used.name) {
                Some((_, panel)) => panel.series.push(line(panel.series.len())),
                None if has_room => {
                    let (name, unit) = (used.title(style), used.line_unit());
                    let panel = Panel {
                        name,
                        unit,
                        limit: None,
                        is_floor: false,
                        band: None,
                        series: vec![line(0)],
                    };
                    panels.push((&used.name, panel));
                }
                None => {}
            }
        }
        let panels = panels.into_iter().map(|(_, panel)| panel).collect();
        Lines { caption, from: self.from, to: self.until, marks: Vec::new(), panels }
    }
}

fn named(metric: &str) -> Option<&'static (&'static str, &'static str, &'static str, Shown)> {
    NAMED.iter().find(|(_, name, ..)| *name == metric)
}

/// Returns the panel of a metric: its own where it has no name.
fn panel_of(metric: &str) -> &str {
    named(metric).map_or(metric, |(panel, ..)| panel)
}

impl UsedMetric {
    /// Makes what is shown of one metric: the statistic that checks look at first, at its finest.
    fn of(alike: &[&Measured], statistics: &[&str]) -> Option<Self> {
        let metric = alike.first()?.metric.as_str();
        let known = named(metric);
        let shown = known.map_or(Shown::of_name(metric), |(_, _, _, shown)| *shown);
        let is_sum = matches!(shown, Shown::BytesOfInterval | Shown::EventsOfInterval);
        // A sum says how much there was a second, which an average of counters does not.
        let first = if is_sum { &["Sum"][..] } else { statistics };
        let usual = ["Maximum", "Average", "Minimum", "Sum"];
        let usual = usual.iter().filter(|word| !is_sum || **word == "Sum");
        let (found, period_seconds) = first.iter().chain(usual).find_map(|word| {
            let of = alike.iter().filter(|one| one.statistic.eq_ignore_ascii_case(word));
            let timed = of.filter(|one| one.points.len() > 1);
            timed
                .filter_map(|one| Some((*one, one.period_seconds.or_else(|| apart(&one.points))?)))
                .min_by_key(|(_, period)| *period)
        })?;
        let scaled: Vec<(Timestamp, f64)> = found
            .points
            .iter()
            .map(|(at, value)| (*at, shown.scaled(*value, period_seconds)))
            .collect();
        Some(Self {
            name: panel_of(metric).to_owned(),
            namespace: found.namespace.clone(),
            metric: metric.to_owned(),
            statistic: found.statistic.clone(),
            period_seconds,
            unit: shown.unit(),
            measured: with_gaps(&scaled, period_seconds),
            line: known.map_or("now", |(_, _, line, _)| line),
        })
    }

    /// Returns where it stands: those with names first, in their order.
    fn place(&self) -> (usize, &str) {
        let place = NAMED.iter().position(|(_, metric, ..)| *metric == self.metric);
        (place.unwrap_or(NAMED.len()), &self.metric)
    }

    fn title(&self, style: &Style) -> String {
        let locale = style.locale();
        match self.name.as_str() {
            "cpu" => locale.text("web-course-cpu"),
            "engine_cpu" => locale.text("web-use-engine-cpu"),
            "memory" => locale.text("web-course-memory"),
            "free_memory" => locale.text("web-course-free-memory"),
            "network" => locale.text("web-course-network"),
            "operations" => locale.text("web-use-operations"),
            "throughput" => locale.text("web-use-throughput"),
            "free_storage" => locale.text("web-use-free-storage"),
            "connections" => locale.text("web-course-connections"),
            "requests" => locale.text("web-use-requests"),
            metric => metric.to_owned(),
        }
    }

    fn line_name(&self, style: &Style) -> String {
        let locale = style.locale();
        match self.line {
            "in" => locale.text("web-course-in"),
            "out" => locale.text("web-course-out"),
            "read" => locale.text("web-use-read"),
            "write" => locale.text("web-use-write"),
            _ => locale.text("web-course-now"),
        }
    }

    fn line_unit(&self) -> LineUnit {
        if self.unit == "%" { LineUnit::Percent } else { LineUnit::Plain(self.unit.to_owned()) }
    }
}

impl Shown {
    /// Returns what a metric without a name of its own is: AWS calls shares so.
    fn of_name(metric: &str) -> Self {
        let is_share = ["Utilization", "Percent", "percent"].iter().any(|one| metric.contains(one));
        if is_share { Self::Percent } else { Self::Plain }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Percent => "%",
            Self::Plain => "",
            Self::BytesOfInterval | Self::BytesPerSecond => "MB/s",
            Self::Bytes => "GiB",
            Self::EventsOfInterval => "/s",
        }
    }

    fn scaled(self, value: f64, period_seconds: u32) -> f64 {
        let seconds = f64::from(period_seconds.max(1));
        match self {
            Self::Percent | Self::Plain => value,
            Self::BytesOfInterval => value / seconds / MEGABYTE,
            Self::BytesPerSecond => value / MEGABYTE,
            Self::Bytes => value / GIBIBYTE,
            Self::EventsOfInterval => value / seconds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(hour * 3_600).unwrap()
    }

    fn kept(namespace: &str, metric: &str, statistic: &str) -> Measured {
        Measured {
            namespace: namespace.into(),
            metric: metric.into(),
            statistic: statistic.into(),
            period_seconds: Some(3_600),
            points: vec![(at(0), 7.2e9), (at(1), 3.6e9)],
        }
    }

    fn of(series: &[Measured]) -> Utilisation {
        Utilisation::of(series, &wanted(ResourceKind::Instance), (at(0), at(24)))
    }

    #[test]
    fn what_comes_in_and_goes_out_share_a_panel_and_a_second_statistic_is_not_drawn() {
        let series = [
            kept("AWS/EC2", "NetworkOut", "Sum"),
            kept("AWS/EC2", "CPUUtilization", "Average"),
            kept("AWS/EC2", "CPUUtilization", "Maximum"),
            kept("AWS/EC2", "NetworkIn", "Sum"),
            kept("AWS/EC2", "NetworkIn", "Average"),
        ];
        let used = of(&series);
        let names: Vec<(&str, &str)> =
            used.panels.iter().map(|one| (&*one.metric, &*one.statistic)).collect();
        let expected = [("CPUUtilization", "Maximum"), ("NetworkIn", "Sum"), ("NetworkOut", "Sum")];
        assert_eq!(names, expected);
        assert_eq!(used.panels[1].measured[0].value, Some(2.0));
        let style = Style::plain(trimtab_model::text::Language::En);
        let lines = used.lines(Caption::new("use", "use", ""), &style);
        let series: Vec<usize> = lines.panels.iter().map(|panel| panel.series.len()).collect();
        assert_eq!(series, [1, 2]);
    }

    #[test]
    fn queues_that_a_server_reads_are_not_missed_as_its_own() {
        let server = ResourceRef {
            id: "i-1".into(),
            kind: ResourceKind::Instance,
            account: "111122223333".into(),
            region: "us-east-1".into(),
            environment: trimtab_model::environment::Environment::Dev,
            name: None,
        };
        assert!(!concerns(&server, "AWS/SQS") && concerns(&server, "AWS/EC2"));
    }

    #[test]
    fn what_a_check_reads_and_nobody_measured_is_named_once() {
        let none = of(&[]);
        assert!(none.panels.is_empty());
        assert!(none.missing.contains(&"AWS/EC2 CPUUtilization".to_owned()), "{none:?}");
        assert!(none.missing.contains(&"CWAgent mem_used_percent".to_owned()), "{none:?}");
        // The agent of Windows tells the same.
        let windows = of(&[kept("CWAgent", "Memory % Committed Bytes In Use", "Maximum")]);
        assert!(!windows.missing.contains(&"CWAgent mem_used_percent".to_owned()), "{windows:?}");
    }
}
