//! The log of every call that changed something, one a row.

use jiff::Timestamp;

use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who runs it, and where.
    pub operator: String,
    /// The run.
    pub run: String,
    /// The change.
    pub change: String,
    /// `intent` before a call, `accepted`, `refused` or `unknown` after it.
    pub what: String,
    /// The IAM action.
    pub action: String,
    /// The account, the region and the resource.
    pub resource: String,
    /// AWS's identifier of the request.
    pub request_id: Option<String>,
    /// AWS's error code.
    pub code: Option<String>,
}

/// Makes the table of the log.
pub fn audit_table(entries: &[AuditEntry], style: &Style) -> Table {
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
