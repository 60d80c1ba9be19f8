//! Why a recommendation should be believed.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::metric::Statistic;
use crate::profile::{DayProfile, UsageProfile};
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
    /// How it went by the day; kept of the first metric of a recommendation alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily: Option<DailyUse>,
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
            daily: DailyUse::of(statistic, profile),
        }
    }
}

/// How a metric went by the day: what a line the size of a word is drawn of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DailyUse {
    /// The first day, of UTC.
    pub from: Date,
    /// The highest sample of each day, of amounts their sum; nothing where nothing was measured.
    pub values: Vec<Option<f64>>,
}

/// Days that are kept at most: the last ones.
const MOST_DAYS: usize = 60;
/// Seconds of a day of UTC.
const DAY_SECONDS: i64 = 86_400;

impl DailyUse {
    /// Returns the days of a series; absent where none of them can be told: a profile keeps no
    /// lowest sample of a day, and a sum of a part of a day is none of the day.
    pub fn of(statistic: Statistic, profile: &UsageProfile) -> Option<Self> {
        let window = (profile.window.start().as_second(), profile.window.end().as_second());
        let is_whole = |day: &DayProfile| {
            let start = i64::from(day.day).saturating_mul(DAY_SECONDS);
            start >= window.0 && start.saturating_add(DAY_SECONDS) <= window.1
        };
        let value = |day: &DayProfile| match statistic {
            Statistic::Maximum => Some(day.max),
            Statistic::Average => Some(day.mean),
            Statistic::Sum | Statistic::SampleCount => is_whole(day).then_some(day.sum),
            Statistic::Minimum => None,
        };
        let told: Vec<(i32, f64)> = profile
            .days
            .iter()
            .filter_map(|day| Some((day.day, value(day).filter(|value| value.is_finite())?)))
            .collect();
        let (last, _) = told.last()?;
        let least = last.saturating_sub(i32::try_from(MOST_DAYS).ok()?.saturating_sub(1));
        let (first, _) = *told.iter().find(|(day, _)| *day >= least)?;
        let mut values = Vec::new();
        for (day, value) in told.iter().filter(|(day, _)| *day >= first) {
            let place = usize::try_from(day.saturating_sub(first)).ok()?;
            values.resize(place, None);
            values.push(Some(significant(*value)));
        }
        let from = Date::constant(1970, 1, 1)
            .checked_add(jiff::SignedDuration::from_hours(i64::from(first).saturating_mul(24)))
            .ok()?;
        Some(Self { from, values })
    }

    /// Returns the highest of its values.
    pub fn peak(&self) -> Option<f64> {
        self.values.iter().flatten().copied().reduce(f64::max)
    }
}

/// Returns a number with four significant digits: a picture of a few pixels shows no more.
fn significant(value: f64) -> f64 {
    if value == 0.0 {
        return 0.0;
    }
    format!("{value:.3e}").parse().unwrap_or(value)
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

impl Evidence {
    /// Returns the metric that the decision looks at first, where its days are known.
    pub fn first_use(&self) -> Option<(&MetricCoverage, &DailyUse)> {
        let first = self.coverage.first()?;
        Some((first, first.daily.as_ref()?))
    }

    /// Keeps the days of the first metric alone.
    pub fn keep_first_use(&mut self) {
        for metric in self.coverage.iter_mut().skip(1) {
            metric.daily = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(days: &[(i32, f64)]) -> UsageProfile {
        let day = |(day, max): &(i32, f64)| DayProfile {
            day: *day,
            count: 288,
            mean: max / 2.0,
            max: *max,
            sum: max * 10.0,
        };
        let moment = |day: i64| jiff::Timestamp::from_second(day * DAY_SECONDS).unwrap();
        let window = crate::period::Period::new(
            moment(100),
            moment(103) - jiff::SignedDuration::from_hours(1),
        );
        UsageProfile {
            window: window.unwrap(),
            period_seconds: 300,
            count: 1,
            covered_seconds: 1,
            coverage: 1.0,
            first: moment(100),
            last: moment(101),
            longest_gap_seconds: 0,
            mean: 0.0,
            p50: 0.0,
            p90: 0.0,
            p95: 0.0,
            p99: 0.0,
            p99_5: 0.0,
            max: 0.0,
            min: 0.0,
            sum: 0.0,
            last_value: 0.0,
            trend_per_day: None,
            hour_of_week: Vec::new(),
            local_week: None,
            hours: None,
            levels: None,
            bursts: None,
            days: days.iter().map(day).collect(),
        }
    }

    #[test]
    fn a_day_without_samples_stays_a_gap() {
        let daily = DailyUse::of(Statistic::Maximum, &profile(&[(100, 1.0), (102, 31.23456)]));
        let daily = daily.unwrap();
        assert_eq!(daily.from.to_string(), "1970-04-11");
        assert_eq!(daily.values, [Some(1.0), None, Some(31.23)]);
        assert_eq!(daily.peak(), Some(31.23));
    }

    #[test]
    fn the_sum_of_a_part_of_a_day_is_none_of_the_day() {
        let days = profile(&[(99, 1.0), (100, 2.0), (101, 3.0), (102, 4.0)]);
        let daily = DailyUse::of(Statistic::Sum, &days).unwrap();
        assert_eq!(daily.values, [Some(20.0), Some(30.0)]);
        assert_eq!(DailyUse::of(Statistic::Minimum, &days), None);
        assert_eq!(DailyUse::of(Statistic::Maximum, &profile(&[])), None);
    }
}
