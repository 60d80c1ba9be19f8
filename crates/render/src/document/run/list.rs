//! Runs, one a row.

use super::page::{RunPage, RunPhase};
use super::words;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Makes the table of runs.
pub fn run_table(runs: &[RunPage<'_>], style: &Style) -> Table {
    let locale = style.locale();
    let text = |key, title: String, priority| Column::new(key, title, Kind::Text, priority);
    let mut table = Table::new(vec![
        text("run", locale.text("column-run"), Priority::Essential),
        text("plan", locale.text("column-plan"), Priority::High),
        text("status", locale.text("column-status"), Priority::Essential),
        Column::new("closed", locale.text("column-closed"), Kind::Count, Priority::High),
        Column::new("changes", locale.text("column-changes"), Kind::Count, Priority::Essential),
        text("operator", locale.text("column-operator"), Priority::Normal),
        Column::new(
            "started_at",
            locale.text("column-started-at"),
            Kind::Timestamp,
            Priority::High,
        ),
    ]);
    for run in runs {
        let is_closed = |phase| matches!(phase, RunPhase::Closed(_));
        let closed = run.changes.iter().filter(|one| is_closed(one.phase)).count();
        let status = match &run.damaged {
            Some(_) => locale.text("run-damaged"),
            None => words::run_outcome(run.outcome, locale),
        };
        let counted = |count: usize| match &run.damaged {
            Some(_) => Cell::Missing,
            None => Cell::Count(count as u64),
        };
        table.row(vec![
            Cell::text(run.id),
            Cell::text(run.plan_id),
            Cell::Text(status),
            counted(closed),
            counted(run.changes.len()),
            Cell::optional(run.operator.as_deref()),
            Cell::Timestamp(run.started_at),
        ]);
    }
    table
}
