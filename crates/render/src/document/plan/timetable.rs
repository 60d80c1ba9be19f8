//! When each change of a plan would begin, one a row.

use jiff::Timestamp;

use trimtab_model::plan::{Plan, WaveName};
use trimtab_model::text::Reason;

use super::words as plan_words;
use crate::document::words;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// A change and its time.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanSlot {
    /// The change.
    pub change: String,
    /// Its stage.
    pub stage: &'static str,
    /// Its wave.
    pub wave: WaveName,
    /// When it begins at the earliest; absent where it never does.
    pub start: Option<Timestamp>,
    /// When it is made at the latest, in all but rare cases.
    pub made: Option<Timestamp>,
    /// When it was watched for as long as its stage demands.
    pub watched: Option<Timestamp>,
    /// Why it never begins.
    pub reason: Option<Reason>,
}

/// Makes the timetable of a plan.
pub fn plan_slot_table(plan: &Plan, slots: &[PlanSlot], style: &Style) -> Table {
    let locale = style.locale();
    let text = |key, title: String, priority| Column::new(key, title, Kind::Text, priority);
    let moment = |key, title: String, priority| Column::new(key, title, Kind::Timestamp, priority);
    let mut table = Table::new(vec![
        text("change", locale.text("column-change-id"), Priority::Essential),
        text("stage", locale.text("column-stage"), Priority::High),
        text("wave", locale.text("column-wave"), Priority::High),
        text("resource", locale.text("column-resource"), Priority::High),
        moment("start", locale.text("column-begins"), Priority::Essential),
        moment("made", locale.text("column-made"), Priority::High),
        moment("watched", locale.text("column-watched"), Priority::Essential),
        text("reason", locale.text("column-reason"), Priority::High).cut_late(),
        text("code", locale.text("column-code"), Priority::Wide),
    ]);
    let time = |moment: Option<Timestamp>| moment.map_or(Cell::Missing, Cell::Timestamp);
    for slot in slots {
        let change = plan.changes().find(|change| change.id.as_str() == slot.change);
        table.row(vec![
            Cell::text(&slot.change),
            Cell::text(slot.stage),
            Cell::Text(plan_words::wave(slot.wave, locale)),
            Cell::optional(change.map(|change| words::resource_name(&change.resource))),
            time(slot.start),
            time(slot.made),
            time(slot.watched),
            Cell::optional(slot.reason.as_ref().map(|one| one.text.get(style.language))),
            Cell::optional(slot.reason.as_ref().map(|one| one.code.as_str())),
        ]);
    }
    table
}
