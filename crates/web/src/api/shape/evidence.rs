//! What a recommendation rests on.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::recommendation::{ReasonOf, SecondOpinionOf};

/// What a recommendation rests on.
#[derive(ToSchema)]
pub(in crate::api) struct EvidenceOf {
    /// `trimtab/v1/rec.evidence`.
    schema: String,
    /// The recommendation.
    id: String,
    /// The reason.
    reason: ReasonOf,
    /// The figures.
    evidence: Evidence,
    /// How AWS stands to it; null where AWS was not asked.
    second_opinion: Option<SecondOpinionOf>,
}

/// Figures, and what they rest on.
#[derive(ToSchema)]
pub(super) struct Evidence {
    /// Days looked at; null where time plays no part.
    window_days: Option<u32>,
    /// By stable name.
    figures: BTreeMap<String, FigureOf>,
    /// Metrics, and how much of the time they cover.
    coverage: Vec<MetricOf>,
    /// What could have changed the decision and was not there.
    signals_not_seen: Vec<SignalOf>,
    /// Rules applied, limits, assumptions.
    notes: Vec<String>,
}

/// A figure.
#[derive(ToSchema)]
struct FigureOf {
    /// Its name, for people.
    label: String,
    /// A number or a word.
    #[schema(value_type = Value)]
    value: Value,
    /// The unit.
    unit: String,
    /// What it was held against: a number, a word or null.
    #[schema(value_type = Value)]
    threshold: Value,
}

/// A metric that was read.
#[derive(ToSchema)]
struct MetricOf {
    /// The namespace.
    namespace: String,
    /// The metric.
    metric: String,
    /// The statistic.
    statistic: String,
    /// How many samples.
    samples: u64,
    /// Seconds between samples.
    period_seconds: u32,
    /// The share of the window that they cover, from 0 to 1.
    coverage: f64,
    /// The longest stretch without one.
    longest_gap_seconds: u64,
    /// How it went by the day; null of all but the first metric, and where no day can be told.
    daily: Option<DailyOf>,
}

/// A metric by the day.
#[derive(ToSchema)]
struct DailyOf {
    /// The first day, of UTC.
    from: String,
    /// The highest sample of each day, of amounts their sum; null where nothing was measured.
    values: Vec<Option<f64>>,
}

/// Something that was not seen.
#[derive(ToSchema)]
struct SignalOf {
    /// Its name.
    name: String,
    /// What it would have told.
    message: String,
}
