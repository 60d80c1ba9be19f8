//! Metrics that stayed at nothing: the proof that nobody uses a resource.

use trimtab_model::evidence::{Figure, MetricCoverage};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{Unknown, Verdict};
use trimtab_model::resource::Resource;

use crate::check::{Check, Facts};
use crate::observation::Observation;
use crate::verdict::pass;

/// A metric that would show use.
#[derive(Debug, Clone, Copy)]
pub struct Signal {
    /// The namespace.
    pub namespace: &'static str,
    /// The metric.
    pub metric: &'static str,
    /// The statistics that will do, the best first.
    pub statistics: &'static [Statistic],
    /// Which figure of the series is compared.
    pub measure: Measure,
    /// The highest value at which nobody uses the resource.
    pub at_most: f64,
    /// What the metric is called in English and in Korean.
    pub label: (&'static str, &'static str),
    /// The unit that is shown.
    pub unit: &'static str,
}

/// Which figure of a series is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// The highest sample: one use is a use.
    Maximum,
    /// The 99th percentile: what the service does by itself peaks above it.
    P99,
}

/// What the metrics say.
#[derive(Debug, Clone, PartialEq)]
pub enum Use {
    /// Every signal was watched long enough and stayed at nothing.
    Quiet(Quiet),
    /// One of them shows use.
    Seen(Verdict),
}

/// The proof that nobody used a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Quiet {
    /// Days for which every signal was watched.
    pub days: f64,
    /// The figures, for the evidence.
    pub figures: Vec<Figure>,
    /// The metrics, and how much of each was there.
    pub coverage: Vec<MetricCoverage>,
}

impl Signal {
    /// Makes a signal of which any value above zero is a use.
    pub const fn any(
        namespace: &'static str,
        metric: &'static str,
        statistics: &'static [Statistic],
        label: (&'static str, &'static str),
    ) -> Self {
        Self {
            namespace,
            metric,
            statistics,
            measure: Measure::Maximum,
            at_most: 0.0,
            label,
            unit: "",
        }
    }

    /// Makes a signal of work inside: a share of the processor that the service itself may use.
    pub const fn processor(
        namespace: &'static str,
        metric: &'static str,
        statistics: &'static [Statistic],
        at_most: f64,
    ) -> Self {
        Self {
            namespace,
            metric,
            statistics,
            measure: Measure::P99,
            at_most,
            label: ("CPU, 99th percentile", "CPU 99 백분위"),
            unit: "%",
        }
    }

    fn value(&self, seen: &Observation<'_>) -> f64 {
        match self.measure {
            Measure::Maximum => seen.profile.max,
            Measure::P99 => seen.profile.p99,
        }
    }
}

/// Watches every signal of every subject, each of which may carry several names.
///
/// One use in any series, however short, is a use. Silence counts only where every series is
/// long and complete enough.
///
/// # Errors
/// Returns `Unknown` if nothing shows use and a series is missing, short or incomplete, or if
/// there is nothing to watch.
pub fn watch<K>(
    check: &Check,
    facts: &Facts<'_>,
    resource: &Resource<K>,
    subjects: &[Vec<ResourceId>],
    signals: &[Signal],
) -> Result<Use, Unknown> {
    if let Some(verdict) = seen_use(facts, resource, subjects, signals) {
        return Ok(Use::Seen(verdict));
    }
    let mut quiet = Quiet { days: f64::INFINITY, figures: Vec::new(), coverage: Vec::new() };
    for signal in signals {
        let mut highest = 0.0_f64;
        for names in subjects {
            let seen = Observation::complete(
                check,
                facts,
                resource,
                names,
                signal.namespace,
                signal.metric,
                signal.statistics,
            )?;
            quiet.days = quiet.days.min(seen.days());
            highest = highest.max(signal.value(&seen));
            quiet.coverage.push(seen.coverage());
        }
        let (en, ko) = signal.label;
        let figure = Figure::number(signal.metric, en, ko, highest, signal.unit);
        quiet.figures.push(figure.against(signal.at_most));
    }
    match quiet.days.is_finite() {
        true => Ok(Use::Quiet(quiet)),
        false => Err(nothing_to_watch()),
    }
}

/// Returns the verdict if any of `signals` shows use in any series that was read.
///
/// For signals that prove use where they are, and whose absence proves nothing.
pub fn seen_use<K>(
    facts: &Facts<'_>,
    resource: &Resource<K>,
    subjects: &[Vec<ResourceId>],
    signals: &[Signal],
) -> Option<Verdict> {
    signals.iter().find_map(|signal| {
        let (namespace, metric) = (signal.namespace, signal.metric);
        subjects.iter().find_map(|names| {
            let seen = Observation::find_highest(
                facts,
                resource,
                names,
                namespace,
                metric,
                signal.statistics,
            )?;
            let value = signal.value(&seen);
            (value > signal.at_most).then(|| in_use(signal, value))
        })
    })
}

fn in_use(signal: &Signal, value: f64) -> Verdict {
    let (metric, unit) = (signal.metric, signal.unit);
    match signal.measure {
        Measure::Maximum => pass(
            "in-use",
            format!("{metric} went up to {value:.0}."),
            format!("{metric} 지표가 {value:.0}까지 올라간 적이 있습니다."),
        ),
        Measure::P99 => pass(
            "cpu-in-use",
            format!("{metric} is at {value:.1} {unit}: something runs inside."),
            format!("{metric} 값이 {value:.1} {unit}로, 내부에서 작업이 돌고 있습니다."),
        ),
    }
}

fn nothing_to_watch() -> Unknown {
    crate::verdict::unknown(
        "nothing-to-watch",
        "The listing names no node whose metrics could be watched.",
        "목록에 지표를 확인할 노드가 없습니다.",
        &["inventory"],
    )
}
