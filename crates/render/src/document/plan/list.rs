//! Plans, one a row.

use super::page::PlanPage;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Makes the table of plans.
pub fn plan_table(plans: &[PlanPage<'_>], style: &Style) -> Table {
    let locale = style.locale();
    let text = |key, title: String, priority| Column::new(key, title, Kind::Text, priority);
    let mut table = Table::new(vec![
        text("plan", locale.text("column-plan"), Priority::Essential),
        Column::new("changes", locale.text("column-changes"), Kind::Count, Priority::Essential),
        text("stages", locale.text("column-stages"), Priority::High),
        Column::new(
            "saving",
            locale.text("column-monthly-saving"),
            Kind::Range,
            Priority::Essential,
        ),
        text("approved", locale.text("column-approved"), Priority::High),
        text("runs", locale.text("column-plan-runs"), Priority::Normal),
        Column::new("left_out", locale.text("column-left-out"), Kind::Count, Priority::Low),
        text("created_by", locale.text("column-created-by"), Priority::Normal),
        Column::new("created_at", locale.text("column-created-at"), Kind::Timestamp, Priority::Low),
        Column::new(
            "expires_at",
            locale.text("column-expires-at"),
            Kind::Timestamp,
            Priority::High,
        ),
        text("hash", locale.text("column-hash"), Priority::Wide),
    ]);
    for page in plans {
        let plan = page.plan;
        let stages: Vec<&str> = plan.stages.iter().map(|one| one.environment.as_str()).collect();
        let mut approved: Vec<&str> = page.approvals.iter().map(|one| one.stage.as_str()).collect();
        approved.dedup();
        // Amounts of several currencies are not one amount.
        let saving = match page.savings.as_slice() {
            [one] => Cell::Range { likely: one.likely, low: one.low, high: one.high },
            _ => Cell::Missing,
        };
        let words = |words: &[&str]| Cell::optional((!words.is_empty()).then(|| words.join(", ")));
        let runs: Vec<&str> = page.runs.iter().map(String::as_str).collect();
        table.row(vec![
            Cell::text(page.id),
            Cell::Count(plan.changes().count() as u64),
            words(&stages),
            saving,
            words(&approved),
            words(&runs),
            Cell::Count(plan.left_out.len() as u64),
            Cell::text(&plan.created_by),
            Cell::Timestamp(plan.created_at),
            Cell::Timestamp(plan.expires_at),
            Cell::text(page.hash),
        ]);
    }
    table
}
