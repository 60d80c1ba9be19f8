//! A table before it stands on a sheet.

use std::collections::BTreeSet;

use trimtab_model::document::Tone;

use super::cell::{Cell, Span};
use crate::locale::Locale;
use crate::sanitise;
use crate::width;

/// Characters of the title of a column.
const LONGEST: usize = 100;

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its title, without the unit of its amounts.
    pub(crate) title: String,
    /// Whether it is there for a chart, and matters less to a reader.
    pub(crate) is_for_chart: bool,
}

impl Column {
    /// Makes a column.
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), is_for_chart: false }
    }

    /// Makes a column that a chart is drawn from.
    pub(crate) fn for_chart(title: impl Into<String>) -> Self {
        Self { title: title.into(), is_for_chart: true }
    }
}

/// A row: one cell per column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// The cells.
    pub(crate) cells: Vec<(Cell, Tone)>,
    /// Whether it sums up the rows above.
    pub(crate) is_total: bool,
}

impl Row {
    /// Makes a row without tones.
    pub(crate) fn plain(cells: Vec<Cell>) -> Self {
        Self { cells: cells.into_iter().map(|cell| (cell, Tone::Plain)).collect(), is_total: false }
    }
}

/// A table before it stands on a sheet.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Grid {
    /// The columns.
    pub(crate) columns: Vec<Column>,
    /// The rows.
    pub(crate) rows: Vec<Row>,
}

impl Grid {
    /// Returns the cells of a column.
    pub(super) fn cells(&self, place: usize) -> impl Iterator<Item = &Cell> {
        self.rows.iter().filter_map(move |row| row.cells.get(place)).map(|(cell, _)| cell)
    }

    /// Returns whether the amounts of a column are all of a month.
    pub(super) fn is_monthly(&self, place: usize) -> bool {
        let mut spans = self.cells(place).filter_map(|cell| match cell {
            Cell::Amount { span, .. } => Some(*span),
            _ => None,
        });
        spans.next() == Some(Span::Month) && spans.all(|span| span == Span::Month)
    }

    /// Returns whether a column stands on the right.
    pub(super) fn is_number(&self, place: usize) -> bool {
        self.cells(place).any(Cell::is_number)
    }

    /// Returns the titles with the unit of their amounts, each its own: `월 절감 (KRW/월)`.
    pub(super) fn titles(&self, locale: Locale) -> Vec<String> {
        let mut taken = BTreeSet::new();
        let title = |(place, column): (usize, &Column)| {
            let currencies: BTreeSet<&str> = self
                .cells(place)
                .filter_map(|cell| match cell {
                    Cell::Amount { money, .. } => Some(money.currency.code()),
                    _ => None,
                })
                .collect();
            let mut unit = currencies.into_iter().collect::<Vec<_>>().join(", ");
            if self.is_monthly(place) {
                unit = locale.text_with("per-month", &[("amount", &unit)]);
            }
            // A heading of a table has 255 characters at most.
            let name = width::truncated(sanitise(&column.title).trim(), LONGEST);
            let name = if name.is_empty() { "–".to_owned() } else { name };
            let base = if unit.is_empty() { name } else { format!("{name} ({unit})") };
            let mut title = base.clone();
            let mut number = 1_u32;
            while !taken.insert(title.to_lowercase()) {
                number += 1;
                title = format!("{base} {number}");
            }
            title
        };
        self.columns.iter().enumerate().map(title).collect()
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::money::{Currency, Money};
    use trimtab_model::text::Language;

    use super::*;

    #[test]
    fn a_heading_says_the_currency_and_whether_it_is_a_month() {
        let won = |amount: i64| Money::new(amount.into(), Currency::KRW);
        let row = |cells| Row::plain(cells);
        let grid = Grid {
            columns: ["절감", "비용", "비용", ""].map(Column::new).to_vec(),
            rows: vec![
                row(vec![
                    Cell::monthly(won(5)),
                    Cell::amount(won(1)),
                    Cell::amount(won(2)),
                    Cell::Empty,
                ]),
                row(vec![
                    Cell::Unknown(String::new()),
                    Cell::monthly(won(1)),
                    Cell::amount(Money::usd(1.into())),
                    Cell::Empty,
                ]),
            ],
        };
        assert_eq!(
            grid.titles(Locale::new(Language::Ko)),
            ["절감 (KRW/월)", "비용 (KRW)", "비용 (KRW, USD)", "–"]
        );
    }

    #[test]
    fn no_two_columns_have_one_title() {
        let columns = ["a", "A", "a\u{200b}", &"b".repeat(300)];
        let columns = columns.map(Column::new).to_vec();
        let titles = Grid { columns, rows: Vec::new() }.titles(Locale::new(Language::En));
        assert_eq!(titles.get(..3), Some(&["a", "A 2", "a 3"].map(str::to_owned)[..]));
        assert!(titles.iter().all(|title| title.encode_utf16().count() <= 255));
    }
}
