//! What a chart shows: names and numbers, never marks.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::sentence::Sentence;
use crate::money::Money;
use crate::text::Text;

/// A chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChartBlock {
    /// A stable name, unique within the report, such as `daily`.
    pub name: String,
    /// What it shows.
    pub title: Text,
    /// How to read it: what the tones are, basis and unit.
    pub caption: Option<Sentence>,
    /// What it shows, as data.
    pub data: ChartData,
}

/// What a chart shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChartData {
    /// One bar a day.
    DailyBars(Vec<Bar>),
    /// From one amount to another by steps that add up.
    Bridge {
        /// The first amount.
        from: BridgeStep,
        /// What lies between.
        steps: Vec<BridgeStep>,
        /// The last amount.
        to: BridgeStep,
    },
    /// One stacked bar a day.
    Stack {
        /// The days.
        days: Vec<Date>,
        /// Those of them that may still change.
        provisional: Vec<Date>,
        /// The series, the largest first.
        series: Vec<StackSeries>,
    },
    /// Less and less of something.
    Funnel(Vec<FunnelStep>),
    /// What was estimated, and what it came to.
    Dumbbell(Vec<Pair>),
    /// What is expected, with its range.
    Fan(Vec<FanPoint>),
    /// A value for each hour of each day of a week.
    Heat {
        /// What the values are.
        unit: Text,
        /// Seven days from Monday on, 24 hours each; absent where it was not measured.
        values: Vec<Vec<Option<f64>>>,
    },
}

/// Which of two stretches of time a bar belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BarGroup {
    /// The one before.
    Previous,
    /// The one that the report is about.
    Current,
}

/// One day of a chart of days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// The day, in UTC.
    pub date: Date,
    /// How much; absent where the bill does not cover the day.
    pub amount: Option<Money>,
    /// To which stretch it belongs.
    pub group: BarGroup,
    /// Whether it may still change.
    pub is_provisional: bool,
}

/// An amount of a bridge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BridgeStep {
    /// A stable name, such as `usage`.
    pub name: String,
    /// What it is called.
    pub label: Text,
    /// How much.
    pub amount: Money,
}

/// One series of a stack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StackSeries {
    /// What it is called; it may be a name from outside.
    pub label: Text,
    /// One amount a day; absent where the bill does not cover it.
    pub amounts: Vec<Option<Money>>,
}

/// One step of a funnel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FunnelStep {
    /// A stable name, such as `applied`.
    pub name: String,
    /// What it is called.
    pub label: Text,
    /// How much.
    pub amount: Option<Money>,
    /// Why it is not known, where it is not.
    pub missing: Option<Text>,
}

/// Two amounts of one thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// What it is called; it may be a name from outside.
    pub label: Text,
    /// What was estimated.
    pub estimated: Money,
    /// What it came to; absent where that was not verified.
    pub realized: Option<Money>,
}

/// What is known or expected of a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FanPoint {
    /// The day, in UTC.
    pub date: Date,
    /// What is expected, or what it was.
    pub likely: Money,
    /// The range; absent for a day that is over.
    pub range: Option<(Money, Money)>,
}
