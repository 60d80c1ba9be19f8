//! Rows that meet conditions on columns: a filter box above each column.

use super::cell::Cell;
use super::comparison::Condition;
use super::output::{Table, TableError};
use crate::style::Style;

impl Table {
    /// Returns the places of the rows that meet every condition: a column's key, and what stands
    /// in its filter box. Amounts are compared as they are shown, in the currency of `style`.
    ///
    /// # Errors
    /// Fails on a column that the table does not have, and on what its values cannot be compared
    /// with.
    pub fn matching<'a>(
        &self,
        conditions: impl IntoIterator<Item = (&'a str, &'a str)>,
        style: &Style,
    ) -> Result<Vec<usize>, TableError> {
        let mut read = Vec::new();
        for (key, text) in conditions {
            let index = self.index(key)?;
            let Some(column) = self.columns().get(index) else { continue };
            let cells: Vec<&Cell> =
                self.rows().iter().filter_map(|row| row.get(index)).map(|(cell, _)| cell).collect();
            read.push((index, column, Condition::of(text, column, &cells, style)?));
        }
        let meets = |row: &[(Cell, super::Tone)]| {
            read.iter().all(|(index, column, condition)| {
                row.get(*index).is_some_and(|(cell, _)| condition.holds(column, cell, style))
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

    fn of(kind: Kind, cells: Vec<Cell>) -> Table {
        let mut table = Table::new(vec![Column::new("x", "X", kind, Priority::Essential)]);
        for cell in cells {
            table.row(vec![cell]);
        }
        table
    }

    fn korean() -> Style {
        Style {
            time_zone: crate::time::time_zone("Asia/Seoul").unwrap(),
            ..Style::plain(Language::Ko)
        }
    }

    fn held(table: &Table, condition: &str) -> Vec<usize> {
        table.matching([("x", condition)], &korean()).unwrap()
    }

    fn refused(table: &Table, condition: &str) -> String {
        let cause = table.matching([("x", condition)], &korean()).unwrap_err();
        cause.to_string()
    }

    #[test]
    fn a_text_that_looks_like_a_number_is_compared_as_text() {
        let table = of(Kind::Text, vec![Cell::text("111122223333"), Cell::text("11112222333")]);
        assert_eq!(held(&table, "=111122223333"), [0]);
        assert_eq!(held(&table, "!333"), [] as [usize; 0]);
        assert!(refused(&table, ">1").contains("no order"));
    }

    #[test]
    fn dates_are_compared_as_precisely_as_they_are_written() {
        let texts = ["2026-09-30", "2026-10-01", "2026-10-31"].map(Cell::text);
        let table = of(Kind::Text, [texts.to_vec(), vec![Cell::Missing]].concat());
        assert_eq!(held(&table, ">=2026-10-01"), [1, 2]);
        assert_eq!(held(&table, "<2026-10-01"), [0]);
        assert_eq!(held(&table, "=2026-10"), [1, 2]);
        assert_eq!(held(&table, "<= 2026-10-01"), [0, 1]);
        assert!(refused(&table, ">=2026-13-01").contains("2026-10-31"));
        let months = of(Kind::Text, vec![Cell::text("2026-09"), Cell::text("2026-10 (일부)")]);
        assert_eq!(held(&months, ">=2026-10"), [1]);
        // 15:30 UTC is half past midnight of the next day in Seoul.
        let at = |text: &str| Cell::Timestamp(text.parse().unwrap());
        let moments =
            of(Kind::Timestamp, vec![at("2026-10-01T15:30:00Z"), at("2026-10-03T00:00:00Z")]);
        assert_eq!(held(&moments, "<=2026-10-02"), [0]);
        assert_eq!(held(&moments, ">2026-10-02 00:29"), [0, 1]);
        assert!(refused(&moments, ">yesterday").contains("day"));
    }

    #[test]
    fn ranked_words_are_compared_by_their_rank_in_either_name() {
        let scale = vec![
            ("매우 낮음".into(), "very-low"),
            ("낮음".into(), "low"),
            ("보통".into(), "medium"),
        ];
        let mut table = Table::new(vec![
            Column::new("x", "위험", Kind::Text, Priority::Essential).ranked(scale),
        ]);
        for word in ["보통", "매우 낮음", "낮음"] {
            table.row(vec![Cell::text(word)]);
        }
        assert_eq!(held(&table, "<=낮음"), [1, 2]);
        assert_eq!(held(&table, ">low"), [0]);
        assert_eq!(held(&table, "=낮음"), [2]);
        assert_eq!(held(&table, "낮음"), [1, 2]);
        assert!(refused(&table, "<=3").contains("매우 낮음, 낮음, 보통"));
    }

    #[test]
    fn what_is_shown_is_what_is_compared() {
        let won =
            |text: &str| Money::new(text.parse().unwrap(), trimtab_model::money::Currency::KRW);
        let shown = of(Kind::Money, vec![Cell::Money(won("864999.6")), Cell::Money(won("870000"))]);
        assert_eq!(shown.rows()[0][0].0.shown(&korean()), "₩86.5만");
        assert_eq!(held(&shown, "=₩86.5만"), [0]);
        assert_eq!(held(&shown, ">=₩86.5만"), [0, 1]);
        assert_eq!(held(&shown, ">₩86.5만"), [1]);
        assert_eq!(held(&shown, "=865,000원"), [0]);
        assert!(refused(&shown, ">$100").contains("KRW"));
        let exact = of(Kind::Money, vec![Cell::Amount(won("7227074.6"))]);
        assert_eq!(held(&exact, "=₩7,227,075"), [0]);
        let likely = won("864999.6");
        let range =
            of(Kind::Range, vec![Cell::Range { likely, low: won("1"), high: won("900000") }]);
        assert_eq!(held(&range, "<=₩86.5만"), [0]);
        let share = of(Kind::Percent, vec![Cell::Percent(95.7), Cell::Percent(43.2)]);
        assert_eq!(held(&share, "=96%"), [0]);
        assert_eq!(held(&share, ">=43%"), [0, 1]);
        assert_eq!(held(&share, ">43"), [0]);
        assert!(refused(&share, ">₩3").contains("80%"));
        let minus = of(Kind::Money, vec![Cell::Amount(won("-16915"))]);
        assert_eq!(held(&minus, "=−₩16,915"), [0]);
    }

    #[test]
    fn what_cannot_be_compared_is_said_and_not_an_empty_list() {
        let table = of(Kind::Count, vec![Cell::Count(3), Cell::Missing]);
        assert!(refused(&table, ">many").contains("`many`"));
        assert!(refused(&table, ">5%").contains("number"));
        assert_eq!(held(&table, ">"), [0, 1]);
        assert_eq!(held(&table, "!"), [0, 1]);
        assert_eq!(held(&table, "=–"), [1]);
    }
}
