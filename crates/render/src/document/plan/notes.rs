//! What is wrong with a plan, one a row.

use super::page::PlanNote;
use super::words;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Makes the table of what was found in a plan, the worst first.
pub fn plan_note_table(notes: &[PlanNote], style: &Style) -> Table {
    let locale = style.locale();
    let text = |key, title: String, priority| Column::new(key, title, Kind::Text, priority);
    let mut table = Table::new(vec![
        text("severity", locale.text("column-severity"), Priority::Essential).ranked(
            ["note", "warning", "error"].map(|name| (words::severity(name, locale), name)).to_vec(),
        ),
        text("change", locale.text("column-change-id"), Priority::High),
        text("message", locale.text("column-found"), Priority::Essential).cut_late(),
        text("code", locale.text("column-code"), Priority::Wide),
    ]);
    for note in notes {
        table.row(vec![
            Cell::Text(words::severity(note.severity, locale)),
            Cell::optional(note.change.as_deref()),
            Cell::text(note.reason.text.get(style.language)),
            Cell::text(&note.reason.code),
        ]);
    }
    table
}
