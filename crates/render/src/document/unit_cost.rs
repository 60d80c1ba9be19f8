//! What a user or a thousand requests cost.

use trimtab_model::unit_cost::{UnitBasis, UnitCosts};

use super::page::Page;
use crate::sanitise;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Makes the table by day or month. Machines read every digit of a unit cost.
pub fn unit_cost_table(costs: &UnitCosts, style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, name: &str, kind, priority| Column::new(key, locale.text(name), kind, priority);
    let time =
        if costs.per.is_monthly() { ("month", "column-month") } else { ("day", "column-day") };
    let units = match costs.per {
        UnitBasis::Dau | UnitBasis::Mau => "column-users",
        UnitBasis::ThousandRequests => "column-requests",
    };
    let has_services = costs.rows.iter().any(|row| row.service.is_some());
    let mut columns = vec![column(time.0, time.1, Kind::Text, Priority::Essential)];
    if has_services {
        columns.push(column("service", "column-service", Kind::Text, Priority::Essential));
    }
    columns.extend([
        column("currency", "column-currency", Kind::Text, Priority::Low),
        column("cost", "column-cost", Kind::Money, Priority::High),
        column("basis", "column-basis", Kind::Text, Priority::Normal),
        column("units", units, Kind::Count, Priority::High),
        column("per_unit", "column-per-unit", Kind::Money, Priority::Essential),
    ]);
    let mut table = Table::new(columns);
    for row in &costs.rows {
        let date = if costs.per.is_monthly() {
            row.date.strftime("%Y-%m").to_string()
        } else {
            row.date.to_string()
        };
        let mut cells = vec![Cell::text(date)];
        if has_services {
            cells.push(Cell::optional(row.service.as_deref()));
        }
        cells.extend([
            Cell::Currency(row.currency),
            Cell::amount(row.cost),
            Cell::optional(row.cost.map(|_| if row.is_effective { "effective" } else { "billed" })),
            row.units.map_or(Cell::Missing, Cell::Count),
            row.per_unit.map_or(Cell::Missing, Cell::UnitCost),
        ]);
        table.row(cells);
    }
    table
}

/// Returns the lines below the table: what was divided by what, and what a dash means.
pub fn unit_cost_note(costs: &UnitCosts, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    let source = sanitise(&costs.counted_in);
    let key = match costs.per {
        UnitBasis::Dau => "unit-cost-dau",
        UnitBasis::Mau => "unit-cost-mau",
        UnitBasis::ThousandRequests => "unit-cost-requests",
    };
    page.sentence(&locale.text_with(key, &[("source", &source)]));
    page.faint(&locale.text("unit-cost-missing"));
    page.finish()
}
