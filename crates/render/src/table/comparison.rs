//! What stands in a filter box, and how a cell is held against it.

use std::cmp::Ordering;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use rust_decimal::{Decimal, RoundingStrategy};

use trimtab_model::text::Text;

use super::cell::Cell;
use super::column::{Column, Kind};
use super::output::TableError;
use crate::money;
use crate::style::Style;

/// What a column may be compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparable {
    /// Its words have no order.
    Words,
    /// One of these words.
    Ranks(String),
    /// A number or an amount.
    Number,
    /// A share.
    Percent,
    /// A day, a month or a minute.
    Moment,
    /// An amount in the currency that is shown.
    Currency(String),
}

impl Comparable {
    pub(super) fn text(&self) -> Text {
        match self {
            Self::Words => Text::new(
                "its words have no order; write a part of a word, =word or !word",
                "순서가 없는 글자입니다. 일부만 쓰거나 =값, !값으로 쓰세요",
            ),
            Self::Ranks(words) => Text::new(
                format!("write one of {words}"),
                format!("다음 중 하나로 쓰세요: {words}"),
            ),
            Self::Number => Text::new(
                "write a number or an amount such as 1,200, ₩300,000 or 30만",
                "1,200, ₩300,000, 30만처럼 수나 금액으로 쓰세요",
            ),
            Self::Percent => Text::new("write a share such as 80%", "80%처럼 비율로 쓰세요"),
            Self::Moment => Text::new(
                "write a day such as 2026-10-31 or a month such as 2026-10",
                "2026-10-31이나 2026-10처럼 날짜나 달로 쓰세요",
            ),
            Self::Currency(shown) => Text::new(
                format!("its amounts are shown in {shown}; compare in that currency"),
                format!("이 열은 {shown} 단위로 표시됩니다. 같은 통화로 쓰세요"),
            ),
        }
    }
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Comparison {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Equal => order.is_eq(),
            Self::AtLeast => order.is_ge(),
            Self::More => order.is_gt(),
        }
    }
}

/// A sign and what stands behind it: the longer signs first.
const SIGNS: [(&str, Comparison); 5] = [
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    (">", Comparison::More),
    ("<", Comparison::Less),
    ("=", Comparison::Equal),
];

/// What a cell must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    /// Nothing is asked yet: a sign stands alone.
    Anything,
    /// Its words contain these, in whatever case.
    Contains(String),
    /// Its words do not contain these.
    Lacks(String),
    /// Its words are these.
    Is(String),
    /// Its number compares so. A missing one never does.
    Number(Comparison, Number),
    /// Its moment compares so, as precisely as it is written.
    Moment(Comparison, String),
    /// Its word compares so in the order of the column.
    Rank(Comparison, usize),
}

impl Condition {
    /// Reads what stands in the filter box of a column: `text`, `!text`, `=text`, `>10`, `<=5`.
    ///
    /// # Errors
    /// Fails where the column cannot be compared with it.
    pub(super) fn of(
        text: &str,
        column: &Column,
        cells: &[&Cell],
        style: &Style,
    ) -> Result<Self, TableError> {
        let text = text.trim();
        let signed = SIGNS.iter().find_map(|(sign, how)| Some((*how, text.strip_prefix(*sign)?)));
        let Some((comparison, wanted)) = signed else {
            return Ok(match text.strip_prefix('!') {
                Some(rest) if rest.trim().is_empty() => Self::Anything,
                Some(rest) => Self::Lacks(rest.trim().to_lowercase()),
                None => Self::Contains(text.to_lowercase()),
            });
        };
        let wanted = wanted.trim();
        if wanted.is_empty() {
            return Ok(Self::Anything);
        }
        let is_equal = comparison == Comparison::Equal;
        let missing = Cell::Missing.shown(style);
        if is_equal && wanted == missing {
            return Ok(Self::Is(missing));
        }
        let refused = |expected| TableError::NotComparable {
            column: column.key,
            value: wanted.to_owned(),
            expected,
        };
        match column.kind {
            Kind::Text if !column.scale.is_empty() => match column.rank(wanted) {
                Some(rank) => Ok(Self::Rank(comparison, rank)),
                None => {
                    let words: Vec<&str> =
                        column.scale.iter().map(|(word, _)| word.as_str()).collect();
                    Err(refused(Comparable::Ranks(words.join(", "))))
                }
            },
            Kind::Text => {
                let has_moments = cells.iter().any(|cell| moment_of(cell, style).is_some());
                match moment(wanted) {
                    Some(wanted) if has_moments => Ok(Self::Moment(comparison, wanted)),
                    _ if is_equal => Ok(Self::Is(wanted.to_lowercase())),
                    _ if has_moments => Err(refused(Comparable::Moment)),
                    _ => Err(refused(Comparable::Words)),
                }
            }
            Kind::Timestamp => moment(wanted)
                .map(|wanted| Self::Moment(comparison, wanted))
                .ok_or_else(|| refused(Comparable::Moment)),
            Kind::Percent => Number::read(wanted)
                .filter(|number| number.currency.is_none())
                .map(|number| Self::Number(comparison, number))
                .ok_or_else(|| refused(Comparable::Percent)),
            Kind::Count | Kind::Number | Kind::Money | Kind::Range => {
                let number = Number::read(wanted).filter(|number| !number.is_percent);
                let number = number.ok_or_else(|| refused(Comparable::Number))?;
                if let Some(shown) = number.other_currency(cells, style) {
                    return Err(refused(Comparable::Currency(shown)));
                }
                Ok(Self::Number(comparison, number))
            }
        }
    }

    /// Returns whether a cell of the column is what is asked for.
    pub(super) fn holds(&self, column: &Column, cell: &Cell, style: &Style) -> bool {
        let words = || cell.shown(style).to_lowercase();
        match self {
            Self::Anything => true,
            Self::Contains(text) => words().contains(text),
            Self::Lacks(text) => !words().contains(text),
            Self::Is(text) => words() == *text,
            Self::Number(comparison, wanted) => {
                wanted.order(cell, style).is_some_and(|order| comparison.holds(order))
            }
            Self::Moment(comparison, wanted) => {
                let Some(found) = moment_of(cell, style) else { return false };
                // The day of a moment is compared with a day, its month with a month.
                let length = found.len().min(wanted.len());
                comparison.holds(found.get(..length).cmp(&wanted.get(..length)))
            }
            Self::Rank(comparison, wanted) => {
                column.rank_of(cell).is_some_and(|rank| comparison.holds(rank.cmp(wanted)))
            }
        }
    }
}

/// A number as it is written: with or without a currency, or as a share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    value: Decimal,
    currency: Option<&'static str>,
    is_percent: bool,
}

const SYMBOLS: [&str; 5] = ["$", "₩", "¥", "€", "£"];
const UNITS: [(&str, i64); 6] = [
    ("만", 10_000),
    ("억", 100_000_000),
    ("k", 1_000),
    ("K", 1_000),
    ("M", 1_000_000),
    ("B", 1_000_000_000),
];

impl Number {
    /// Reads `1,200`, `₩30만` or `80%`: as numbers are shown in a table.
    fn read(text: &str) -> Option<Self> {
        let mut text: String = text
            .chars()
            .filter(|character| !matches!(character, ',' | ' '))
            .map(|character| if character == '−' { '-' } else { character })
            .collect();
        for ending in ["/월", "/mo"] {
            if let Some(rest) = text.strip_suffix(ending) {
                text = rest.to_owned();
            }
        }
        let is_percent = text.ends_with('%');
        let mut currency = SYMBOLS.into_iter().find(|symbol| text.contains(*symbol));
        if let Some(rest) = text.strip_suffix('원') {
            currency = Some("₩");
            text = rest.to_owned();
        }
        text.retain(|character| !matches!(character, '%' | '$' | '₩' | '¥' | '€' | '£'));
        let unit =
            UNITS.iter().find_map(|(unit, factor)| Some((text.strip_suffix(*unit)?, *factor)));
        let value = match unit {
            Some((digits, factor)) => {
                Decimal::from_str(digits).ok()?.checked_mul(Decimal::from(factor))?
            }
            None => Decimal::from_str(&text).ok()?,
        };
        Some(Self { value, currency, is_percent })
    }

    /// Returns how the number of a cell stands to this one. It is the same where it is shown so:
    /// a reader compares with what the page says.
    fn order(&self, cell: &Cell, style: &Style) -> Option<Ordering> {
        let found = cell.number(style)?;
        let displayed = cell.displayed(style);
        if let (Some(symbol), Some(amount)) = (self.currency, displayed)
            && money::symbol(amount.currency) != symbol
        {
            return None;
        }
        let shown = cell.shown(style);
        let shown = shown.split(" (").next().and_then(Self::read).map(|number| number.value);
        let rounded = displayed.map(|amount| {
            let units = amount.currency.minor_units();
            found.round_dp_with_strategy(units, RoundingStrategy::MidpointAwayFromZero)
        });
        if shown == Some(self.value) || rounded == Some(self.value) {
            return Some(Ordering::Equal);
        }
        Some(found.cmp(&self.value))
    }

    /// Returns the currency of a column where it is another than that of this amount.
    fn other_currency(&self, cells: &[&Cell], style: &Style) -> Option<String> {
        let wanted = self.currency?;
        let mut shown = cells.iter().filter_map(|cell| cell.displayed(style)).peekable();
        let first = shown.peek()?.currency;
        let is_there = shown.any(|amount| money::symbol(amount.currency) == wanted);
        (!is_there).then(|| first.code().to_owned())
    }
}

/// Reads a month, a day or a minute: `2026-10`, `2026-10-31`, `2026-10-31 09:00`.
fn moment(text: &str) -> Option<String> {
    let (found, rest) = beginning(text)?;
    let is_whole = rest.is_empty() || found.len() == MINUTE;
    is_whole.then_some(found)
}

/// Returns the moment that a cell shows.
fn moment_of(cell: &Cell, style: &Style) -> Option<String> {
    match cell {
        Cell::Text(_) | Cell::Timestamp(_) => Some(beginning(&cell.shown(style))?.0),
        _ => None,
    }
}

const MONTH: usize = 7;
const DAY: usize = 10;
const MINUTE: usize = 16;

/// Returns the moment that a text begins with, and the rest of the text.
fn beginning(text: &str) -> Option<(String, String)> {
    let text = text.replacen('T', " ", 1);
    let is_moment = |length: usize| {
        let part = text.get(..length)?;
        let is_one = match length {
            MONTH => Date::from_str(&format!("{part}-01")).is_ok(),
            DAY => Date::from_str(part).is_ok(),
            _ => DateTime::from_str(part).is_ok(),
        };
        (is_one && part.len() == length).then(|| part.to_owned())
    };
    let found = [MINUTE, DAY, MONTH].into_iter().find_map(is_moment)?;
    let rest = text.get(found.len()..)?.to_owned();
    // A longer run of digits is no month: it is an account or a version.
    let runs_on = rest.starts_with(|character: char| character.is_ascii_digit());
    (!runs_on).then_some((found, rest))
}
