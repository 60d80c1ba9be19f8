//! Why a recommendation should be believed.

use serde::{Deserialize, Serialize};

use crate::metric::Statistic;
use crate::profile::UsageProfile;
use crate::text::Text;

/// The name of the figure that says after which recommendation the amounts are counted.
pub const COUNTED_AFTER: &str = "counted_after";

/// One figure that the decision rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// A stable name, such as `cpu_p99_5`.
    pub name: String,
    /// What it is called in each language.
    pub label: Text,
    /// The value as it is shown: a number without unit, or a word.
    pub value: FigureValue,
    /// The unit, such as `%`, `GiB` or `days`; empty for words.
    pub unit: String,
    /// The threshold it was compared with, in the same unit.
    pub threshold: Option<FigureValue>,
}

/// A number or a word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FigureValue {
    /// A number.
    Number(f64),
    /// A word, a date or an identifier.
    Word(String),
}

impl Figure {
    /// Makes a figure from a number.
    pub fn number(name: &str, en: &str, ko: &str, value: f64, unit: &str) -> Self {
        Self {
            name: name.to_owned(),
            label: Text::new(en, ko),
            value: FigureValue::Number(value),
            unit: unit.to_owned(),
            threshold: None,
        }
    }

    /// Makes a figure from a word.
    pub fn word(name: &str, en: &str, ko: &str, value: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            label: Text::new(en, ko),
            value: FigureValue::Word(value.into()),
            unit: String::new(),
            threshold: None,
        }
    }

    /// Adds the threshold that the figure was compared with.
    pub fn against(mut self, threshold: f64) -> Self {
        self.threshold = Some(FigureValue::Number(threshold));
        self
    }
}

/// How much of one metric the decision saw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricCoverage {
    /// The namespace, such as `AWS/EC2`.
    pub namespace: String,
    /// The metric, such as `CPUUtilization`.
    pub metric: String,
    /// The statistic that was used.
    pub statistic: Statistic,
    /// Samples in the window.
    pub samples: u64,
    /// Length of a sample's interval, in seconds.
    pub period_seconds: u32,
    /// Share of the window that has samples, from 0 to 1.
    pub coverage: f64,
    /// Longest stretch without a sample, in seconds.
    pub longest_gap_seconds: u64,
}

impl MetricCoverage {
    /// Returns how much of a series there was.
    pub fn of(namespace: &str, metric: &str, statistic: Statistic, profile: &UsageProfile) -> Self {
        Self {
            namespace: namespace.to_owned(),
            metric: metric.to_owned(),
            statistic,
            samples: profile.count,
            period_seconds: profile.period_seconds,
            coverage: profile.coverage,
            longest_gap_seconds: profile.longest_gap_seconds,
        }
    }
}

/// Something that could have changed the decision and was not there to be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnseenSignal {
    /// A stable name, such as `memory` or `network`.
    pub name: String,
    /// What it would have told, and how to provide it.
    pub text: Text,
}

/// The figures, how complete they are, and what is missing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// Days of metrics or age that the decision looked at; absent where time plays no part.
    pub window_days: Option<u32>,
    /// The figures.
    pub figures: Vec<Figure>,
    /// The metrics, and how much of each was there.
    pub coverage: Vec<MetricCoverage>,
    /// What was not seen.
    pub signals_not_seen: Vec<UnseenSignal>,
    /// Sentences that a reader must know: rules applied, limits, assumptions.
    pub notes: Vec<Text>,
}
