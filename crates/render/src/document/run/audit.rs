//! The log of every call that changed something, one a row.

use trimtab_model::audit::AuditLine;

use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Makes the table of the log.
pub fn audit_table(entries: &[AuditLine], style: &Style) -> Table {
    let locale = style.locale();
    let text = |key, title: String, priority| Column::new(key, title, Kind::Text, priority);
    let mut table = Table::new(vec![
        Column::new("at", locale.text("column-at"), Kind::Timestamp, Priority::Essential),
        text("what", locale.text("column-call-state"), Priority::Essential),
        text("action", locale.text("column-iam-action"), Priority::Essential),
        text("resource", locale.text("column-resource"), Priority::High).cut_late(),
        text("run", locale.text("column-run"), Priority::Normal),
        text("change", locale.text("column-change-id"), Priority::Normal),
        text("operator", locale.text("column-operator"), Priority::High),
        text("code", locale.text("column-code"), Priority::Low),
        text("request_id", locale.text("column-request-id"), Priority::Wide),
    ]);
    for entry in entries {
        table.row(vec![
            Cell::Timestamp(entry.at),
            Cell::text(&entry.what),
            Cell::text(&entry.action),
            Cell::text(&entry.resource),
            Cell::text(&entry.run),
            Cell::text(&entry.change),
            Cell::text(&entry.operator),
            Cell::optional(entry.code.as_deref()),
            Cell::optional(entry.request_id.as_deref()),
        ]);
    }
    table
}
