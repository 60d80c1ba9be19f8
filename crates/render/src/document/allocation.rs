//! Whose cost a bill is.

use rust_decimal::prelude::ToPrimitive;

use trimtab_model::allocation::Allocations;

use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Makes the table: a row for each owner, and one for what `nobody` owns.
pub fn allocation_table(all: &Allocations, nobody: &Cell, style: &Style) -> Table {
    let locale = style.locale();
    let column = |key, name: String, kind, priority| Column::new(key, name, kind, priority);
    let mut table = Table::new(vec![
        column("by", locale.text("column-allocated-by"), Kind::Text, Priority::Essential),
        column("owner", locale.text("column-owner"), Kind::Text, Priority::Essential),
        column("tagged", locale.text("column-tagged"), Kind::Money, Priority::High),
        column("by_rule", locale.text("column-by-rule"), Kind::Money, Priority::High),
        column("shared", locale.text("column-shared"), Kind::Money, Priority::High),
        column("cost", locale.text("column-cost"), Kind::Money, Priority::Essential),
        column("share", locale.text("column-share"), Kind::Percent, Priority::Normal),
        column("currency", locale.text("column-currency"), Kind::Text, Priority::Low),
        column("basis", locale.text("column-basis"), Kind::Text, Priority::Low),
    ]);
    let basis = if all.is_effective { "effective" } else { "billed" };
    for one in &all.items {
        let amount = |amount| Cell::Amount(one.money(amount));
        let share = |amount| {
            let percent = one.percent(amount).and_then(|percent| percent.to_f64());
            percent.map_or(Cell::Missing, Cell::Percent)
        };
        for row in &one.rows {
            table.row(vec![
                Cell::text(&one.by),
                Cell::text(&row.owner),
                amount(row.tagged),
                amount(row.by_rule),
                amount(row.shared),
                amount(row.cost()),
                share(row.cost()),
                Cell::Currency(one.currency),
                Cell::text(basis),
            ]);
        }
        table.row(vec![
            Cell::text(&one.by),
            nobody.clone(),
            Cell::Missing,
            Cell::Missing,
            Cell::Missing,
            amount(one.unallocated),
            share(one.unallocated),
            Cell::Currency(one.currency),
            Cell::text(basis),
        ]);
    }
    table
}
