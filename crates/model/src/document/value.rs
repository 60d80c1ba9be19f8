//! One value of a report.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::{PlanId, RecommendationId};
use crate::money::{Currency, Money};
use crate::text::Text;

/// What a colour says. Colour is never the only sign: the words say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Nothing particular.
    #[default]
    Plain,
    /// Cost that fell, or money saved.
    Fell,
    /// Cost that rose.
    Rose,
    /// Production, or high risk.
    Danger,
    /// Less important than the rest.
    Muted,
}

impl Tone {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Fell => "fell",
            Self::Rose => "rose",
            Self::Danger => "danger",
            Self::Muted => "muted",
        }
    }

    /// Returns the tone of a difference in cost.
    pub fn of_change(change: Money) -> Self {
        if change.amount.is_zero() {
            Self::Plain
        } else if change.is_positive() {
            Self::Rose
        } else {
            Self::Fell
        }
    }
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// To a recommendation.
    Recommendation(RecommendationId),
    /// To a plan.
    Plan(PlanId),
    /// To the costs of these days.
    Costs {
        /// The first day.
        first: Date,
        /// The last day.
        last: Date,
    },
}

/// Words that lead somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The words. They may hold names from outside.
    pub words: Text,
    /// Where they lead.
    pub target: Target,
}

/// One value of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Words.
    Text(Text),
    /// A name from outside: a service, a tag's value, a resource.
    Name(String),
    /// An amount over the period that stands beside it.
    Amount(Money),
    /// An amount a month of 730 hours.
    Monthly(Money),
    /// A difference between two amounts, shown with its sign.
    Change(Money),
    /// A difference between two amounts a month of 730 hours, shown with its sign.
    MonthlyChange(Money),
    /// What a unit costs, such as a user of a day: every digit that matters.
    UnitPrice(Money),
    /// An expected amount a month, and its range.
    MonthlyRange {
        /// The least.
        low: Money,
        /// What is expected.
        likely: Money,
        /// The most.
        high: Money,
    },
    /// An expected amount over the period that stands beside it, and its range.
    Range {
        /// The least.
        low: Money,
        /// What is expected.
        likely: Money,
        /// The most.
        high: Money,
    },
    /// Percent: 50.0 is one half.
    Percent(f64),
    /// A difference in percent, shown with its sign.
    PercentChange(f64),
    /// How many.
    Count(u64),
    /// A plain number.
    Number(Decimal),
    /// A day.
    Date(Date),
    /// A moment.
    Moment(Timestamp),
    /// A currency.
    Currency(Currency),
    /// Words that lead somewhere.
    Link(Link),
    /// It is not known, for this reason. Never shown as zero.
    Missing(Text),
}

impl Value {
    /// Makes a value of our words.
    pub fn text(en: impl Into<String>, ko: impl Into<String>) -> Self {
        Self::Text(Text::new(en, ko))
    }

    /// Makes a name from outside, or says why there is none.
    pub fn name_or(name: Option<&str>, why: impl FnOnce() -> Text) -> Self {
        name.map_or_else(|| Self::Missing(why()), |name| Self::Name(name.to_owned()))
    }

    /// Returns the amounts that it holds.
    pub fn amounts(&self) -> Vec<Money> {
        match self {
            Self::Amount(money)
            | Self::Monthly(money)
            | Self::Change(money)
            | Self::MonthlyChange(money)
            | Self::UnitPrice(money) => vec![*money],
            Self::MonthlyRange { low, likely, high } | Self::Range { low, likely, high } => {
                vec![*low, *likely, *high]
            }
            Self::Text(_)
            | Self::Name(_)
            | Self::Percent(_)
            | Self::PercentChange(_)
            | Self::Count(_)
            | Self::Number(_)
            | Self::Date(_)
            | Self::Moment(_)
            | Self::Currency(_)
            | Self::Link(_)
            | Self::Missing(_) => Vec::new(),
        }
    }
}
