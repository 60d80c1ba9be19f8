//! One value of a table.

use std::cmp::Ordering;

use jiff::Timestamp;
use rust_decimal::Decimal;

use trimtab_model::money::{Currency, Money};

use crate::style::Style;
use crate::{money, number, sanitise, time};

/// One value of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words. They may come from outside: they are sanitised when shown.
    Text(String),
    /// The currency that amounts of the row are in; shown as the one they are shown in.
    Currency(Currency),
    /// How many.
    Count(u64),
    /// An exact number.
    Number(Decimal),
    /// An amount, shown short.
    Money(Money),
    /// An amount, shown to its minor unit, so that a column adds up.
    Amount(Money),
    /// A unit price, shown with every digit and never converted.
    Price(Money),
    /// What one unit costs: converted, and shown with the digits that small amounts need.
    UnitCost(Money),
    /// An expected amount and its range.
    Range {
        /// What is expected.
        likely: Money,
        /// The least.
        low: Money,
        /// The most.
        high: Money,
    },
    /// Percent: 50.0 is one half.
    Percent(f64),
    /// A moment.
    Timestamp(Timestamp),
    /// Nothing is known. Shown as a dash, never as zero.
    Missing,
}

/// What a cell's colour says. Colour is never the only sign: the words say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing particular.
    #[default]
    Plain,
    /// Money saved: green.
    Saved,
    /// Production, or high risk: red.
    Danger,
}

impl Cell {
    /// Makes a text cell.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Makes a text cell, or a missing one.
    pub fn optional(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Missing, |text| Self::Text(text.into()))
    }

    /// Makes an amount cell, or a missing one.
    pub fn amount(money: Option<Money>) -> Self {
        money.map_or(Self::Missing, Self::Amount)
    }

    /// Returns the cell as a reader sees it.
    pub fn shown(&self, style: &Style) -> String {
        match self {
            Self::Text(text) => sanitise(text),
            Self::Currency(currency) => {
                let shown = style.conversion(*currency).map_or(*currency, |(_, to)| to);
                shown.code().to_owned()
            }
            Self::Count(count) => number::count(*count),
            Self::Number(number) => number::exact(*number),
            Self::Money(money) => style.amount(*money),
            Self::Amount(money) => money::full(style.displayed(*money)),
            Self::Price(money) => money::precise(*money),
            Self::UnitCost(money) => money::unit(style.displayed(*money)),
            Self::Range { likely, low, high } => style.amount_range(*likely, *low, *high),
            Self::Percent(percent) => number::percent(*percent),
            Self::Timestamp(moment) => time::date_time(*moment, &style.time_zone),
            Self::Missing => "–".to_owned(),
        }
    }

    /// Returns the cell's fields as a machine reads them: exact, unconverted, amounts
    /// followed by their currency.
    pub(super) fn fields(&self) -> Vec<String> {
        match self {
            Self::Text(text) => vec![text.clone()],
            Self::Currency(currency) => vec![currency.code().to_owned()],
            Self::Count(count) => vec![count.to_string()],
            Self::Number(number) => vec![number::decimal_text(*number)],
            Self::Money(money)
            | Self::Amount(money)
            | Self::Price(money)
            | Self::UnitCost(money) => {
                vec![number::decimal_text(money.amount), money.currency.code().to_owned()]
            }
            Self::Range { likely, low, high } => vec![
                number::decimal_text(likely.amount),
                number::decimal_text(low.amount),
                number::decimal_text(high.amount),
                likely.currency.code().to_owned(),
            ],
            Self::Percent(percent) => vec![percent.to_string()],
            Self::Timestamp(moment) => vec![moment.to_string()],
            Self::Missing => Vec::new(),
        }
    }

    /// Orders cells of one column; missing ones come last in both directions.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            (Self::Currency(left), Self::Currency(right)) => left.cmp(right),
            (Self::Count(left), Self::Count(right)) => left.cmp(right),
            (Self::Number(left), Self::Number(right)) => left.cmp(right),
            (Self::Percent(left), Self::Percent(right)) => left.total_cmp(right),
            (Self::Timestamp(left), Self::Timestamp(right)) => left.cmp(right),
            _ => match (self.money(), other.money()) {
                // Currencies do not mix: they stand in groups.
                (Some(left), Some(right)) => {
                    left.currency.cmp(&right.currency).then_with(|| left.amount.cmp(&right.amount))
                }
                _ => Ordering::Equal,
            },
        }
    }

    /// Returns the number that a filter compares: of an amount, as it is shown.
    pub(super) fn number(&self, style: &Style) -> Option<Decimal> {
        match self {
            Self::Count(count) => Some(Decimal::from(*count)),
            Self::Number(number) => Some(*number),
            Self::Percent(percent) => Decimal::from_f64_retain(*percent),
            Self::Money(_)
            | Self::Amount(_)
            | Self::Price(_)
            | Self::UnitCost(_)
            | Self::Range { .. } => self.displayed(style).map(|money| money.amount),
            Self::Text(_) | Self::Currency(_) | Self::Timestamp(_) | Self::Missing => None,
        }
    }

    /// Returns the amount that is shown: converted, but for a price.
    pub(super) fn displayed(&self, style: &Style) -> Option<Money> {
        match self {
            Self::Price(money) => Some(*money),
            _ => self.money().map(|money| style.displayed(money)),
        }
    }

    pub(super) fn is_missing(&self) -> bool {
        *self == Self::Missing
    }

    fn money(&self) -> Option<Money> {
        match self {
            Self::Money(money)
            | Self::Amount(money)
            | Self::Price(money)
            | Self::UnitCost(money) => Some(*money),
            Self::Range { likely, .. } => Some(*likely),
            Self::Text(_)
            | Self::Currency(_)
            | Self::Count(_)
            | Self::Number(_)
            | Self::Percent(_)
            | Self::Timestamp(_)
            | Self::Missing => None,
        }
    }
}
