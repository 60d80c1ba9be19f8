//! Rows that meet conditions on columns: a filter box above each column.

use std::str::FromStr;

use rust_decimal::Decimal;

use super::cell::Cell;
use super::output::{Table, TableError};
use crate::style::Style;

/// How a number is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

/// What a cell must be.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    /// Its words contain these, in whatever case.
    Contains(String),
    /// Its words do not contain these.
    Lacks(String),
    /// Its words are these.
    Is(String),
    /// Its number compares so. A missing one never does.
    Number(Comparison, Decimal),
}

impl Condition {
    /// Reads what stands in a filter box: `text`, `!text`, `=text`, `>10`, `<=5`.
    fn of(text: &str) -> Self {
        let text = text.trim();
        let operators = [
            (">=", Comparison::AtLeast),
            ("<=", Comparison::AtMost),
            (">", Comparison::More),
            ("<", Comparison::Less),
            ("=", Comparison::Equal),
        ];
        for (sign, comparison) in operators {
            if let Some(number) = text.strip_prefix(sign).and_then(number) {
                return Self::Number(comparison, number);
            }
        }
        if let Some(rest) = text.strip_prefix('=') {
            return Self::Is(rest.trim().to_lowercase());
        }
        match text.strip_prefix('!') {
            Some(rest) => Self::Lacks(rest.trim().to_lowercase()),
            None => Self::Contains(text.to_lowercase()),
        }
    }

    fn holds(&self, cell: &Cell, style: &Style) -> bool {
        let words = || cell.shown(style).to_lowercase();
        match self {
            Self::Contains(text) => words().contains(text),
            Self::Lacks(text) => !words().contains(text),
            Self::Is(text) => words() == *text,
            Self::Number(comparison, wanted) => {
                let Some(found) = cell.number(style) else { return false };
                match comparison {
                    Comparison::Less => found < *wanted,
                    Comparison::AtMost => found <= *wanted,
                    Comparison::Equal => found == *wanted,
                    Comparison::AtLeast => found >= *wanted,
                    Comparison::More => found > *wanted,
                }
            }
        }
    }
}

/// Reads `1,200`, `₩30만` or `80%`: as numbers are shown in a table.
fn number(text: &str) -> Option<Decimal> {
    let text: String = text
        .chars()
        .filter(|character| !matches!(character, ',' | '%' | '$' | '₩' | '¥' | '€' | '£' | ' '))
        .collect();
    let units = [("만", 10_000), ("억", 100_000_000), ("k", 1_000), ("K", 1_000), ("M", 1_000_000)];
    for (unit, factor) in units {
        if let Some(digits) = text.strip_suffix(unit) {
            return Decimal::from_str(digits).ok()?.checked_mul(Decimal::from(factor));
        }
    }
    Decimal::from_str(&text).ok()
}

impl Table {
    /// Returns the places of the rows that meet every condition: a column's key, and what stands
    /// in its filter box. Amounts are compared as they are shown, in the currency of `style`.
    ///
    /// # Errors
    /// Fails on a column that the table does not have.
    pub fn matching<'a>(
        &self,
        conditions: impl IntoIterator<Item = (&'a str, &'a str)>,
        style: &Style,
    ) -> Result<Vec<usize>, TableError> {
        let conditions: Vec<(usize, Condition)> = conditions
            .into_iter()
            .map(|(key, text)| Ok((self.index(key)?, Condition::of(text))))
            .collect::<Result<_, TableError>>()?;
        let meets = |row: &[(Cell, super::Tone)]| {
            conditions.iter().all(|(index, condition)| {
                row.get(*index).is_some_and(|(cell, _)| condition.holds(cell, style))
            })
        };
        let places = self.rows().iter().enumerate();
        Ok(places.filter(|(_, row)| meets(row)).map(|(place, _)| place).collect())
    }

    /// Returns the table with the rows at some places alone, in that order.
    #[must_use]
    pub fn at(&self, places: &[usize]) -> Self {
        let mut view = Self::new(self.columns().to_vec());
        for row in places.iter().filter_map(|place| self.rows().get(*place)) {
            view.toned_row(row.clone());
        }
        view
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::money::Money;
    use trimtab_model::text::Language;

    use super::*;
    use crate::table::{Column, Kind, Priority};

    fn table() -> Table {
        let column = |key, kind| Column::new(key, key, kind, Priority::Essential);
        let mut table = Table::new(vec![column("name", Kind::Text), column("cost", Kind::Money)]);
        let dollars = |amount: i64| Cell::Money(Money::usd(amount.into()));
        table.row(vec![Cell::text("Lobby-1"), dollars(120)]);
        table.row(vec![Cell::text("match-1"), dollars(80)]);
        table.row(vec![Cell::text("user-db"), Cell::Missing]);
        table
    }

    fn found(conditions: &[(&str, &str)]) -> Vec<usize> {
        let style = Style::plain(Language::En);
        table().matching(conditions.iter().copied(), &style).unwrap()
    }

    #[test]
    fn rows_meet_every_condition() {
        assert_eq!(found(&[]), [0, 1, 2]);
        assert_eq!(found(&[("name", "LOBBY")]), [0]);
        assert_eq!(found(&[("name", "!-1")]), [2]);
        assert_eq!(found(&[("name", "=match-1")]), [1]);
        assert_eq!(found(&[("cost", ">=80")]), [0, 1]);
        assert_eq!(found(&[("cost", "> $100"), ("name", "1")]), [0]);
        assert_eq!(found(&[("cost", "<0.1k")]), [1]);
    }

    #[test]
    fn what_is_missing_compares_with_nothing() {
        assert_eq!(found(&[("cost", "<1000")]), [0, 1]);
        assert!(table().matching([("x", "1")], &Style::plain(Language::En)).is_err());
    }

    #[test]
    fn rows_stand_where_they_are_put() {
        let view = table().at(&[2, 0, 9]);
        assert_eq!(view.len(), 2);
    }
}
