//! What another number of users would change.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::id::CheckId;
use crate::money::Money;
use crate::recommendation::ReasonCode;
use crate::resource::ResourceRef;
use crate::text::Reason;

/// A day with more users than others.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ScenarioEvent {
    /// The day.
    pub date: Date,
    /// How many times the users of that day.
    pub factor: f64,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// How many times today's users.
    pub users: f64,
    /// Days on top.
    pub events: Vec<ScenarioEvent>,
}

/// What becomes of a recommendation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It no longer holds.
    Falls,
    /// Another change is recommended in its place.
    Changes,
    /// The same change saves more or less.
    SavesOtherwise,
    /// It is new.
    Appears,
}

impl Outcome {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Falls => "falls",
            Self::Changes => "changes",
            Self::SavesOtherwise => "saves_otherwise",
            Self::Appears => "appears",
        }
    }
}

/// A recommendation that the scenario moves.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// The check.
    pub check: CheckId,
    /// The resource.
    pub resource: ResourceRef,
    /// What becomes of it.
    pub outcome: Outcome,
    /// The change that is recommended now.
    pub action_now: Option<Action>,
    /// The change that would be recommended.
    pub action_then: Option<Action>,
    /// What it saves a month now, likely.
    pub savings_now: Option<Money>,
    /// What it would save a month.
    pub savings_then: Option<Money>,
}

/// A machine that suffices today and would not.
#[derive(Debug, Clone, PartialEq)]
pub struct TooSmall {
    /// The machine.
    pub resource: ResourceRef,
    /// Its size.
    pub size: String,
    /// What would be short.
    pub short: Vec<ReasonCode>,
    /// The cheapest size that suffices, and what it costs more a month; else why none is named.
    pub remedy: Result<Remedy, Reason>,
}

/// A size that suffices.
#[derive(Debug, Clone, PartialEq)]
pub struct Remedy {
    /// The size.
    pub size: String,
    /// What it costs more a month of 730 hours, at list prices.
    pub extra_monthly: Money,
}

/// A resource whose demand the scenario leaves as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Unchanged {
    /// The resource, as its metrics name it.
    pub resource: String,
    /// The metric, with its namespace.
    pub metric: String,
    /// Why.
    pub reason: Reason,
}

/// What a scenario comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulation {
    /// What was asked.
    pub scenario: Scenario,
    /// Days ahead that sizes must hold; the longest of the environments.
    pub horizon_days: u32,
    /// Events that lie outside of it, and so change nothing.
    pub outside: Vec<ScenarioEvent>,
    /// Series whose demand was scaled.
    pub scaled: u64,
    /// Recommendations that move, the largest loss first.
    pub moved: Vec<Moved>,
    /// How many recommendations stay as they are.
    pub stay: u64,
    /// Machines that become too small.
    pub too_small: Vec<TooSmall>,
    /// What was left as it is.
    pub unchanged: Vec<Unchanged>,
    /// Likely savings a month now and then, per currency.
    pub savings: Vec<(Money, Money)>,
    /// What larger machines cost more a month; of those that have a remedy.
    pub extra_monthly: Money,
}
