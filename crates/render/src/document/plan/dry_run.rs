//! Every call that a plan would make, and nothing made.

use jiff::Timestamp;

use trimtab_model::environment::Environment;
use trimtab_model::journal::Direction;
use trimtab_model::plan::{Change, ChangeClass};
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::Reason;

use super::page::PlanPage;
use super::words as plan_words;
use crate::document::page::Page;
use crate::document::run::words as run_words;
use crate::document::words;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};
use crate::time;

/// The calls of one change.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedCalls<'a> {
    /// The stage.
    pub stage: Environment,
    /// The change.
    pub change: &'a Change,
    /// When it begins at the earliest, if its stage is approved at once; absent where it never
    /// does.
    pub begins: Option<Timestamp>,
    /// Why it would be refused, where it would.
    pub refused: Option<Reason>,
    /// Its calls, in order.
    pub calls: Vec<PlannedCall>,
}

/// One call that would be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedCall {
    /// The change.
    pub change: String,
    /// When.
    pub at: Timestamp,
    /// Until when the window is open in which it is made; absent outside of every window.
    pub window_until: Option<Timestamp>,
    /// Which way it goes.
    pub direction: Direction,
    /// Its IAM action.
    pub action: &'static str,
    /// The command that makes it.
    pub command: String,
}

/// Returns the page of a dry run.
pub fn dry_run(page: &PlanPage<'_>, planned: &[PlannedCalls<'_>], style: &Style) -> String {
    let locale = style.locale();
    let mut text = Page::new(style);
    text.strong(&locale.text_with("dry-run-title", &[("plan", page.id)]));
    for saving in &page.savings {
        let range = style.monthly_range(saving.likely, saving.low, saving.high);
        text.labelled(&locale.text("label-savings"), &style.green(&range));
    }
    text.labelled(&locale.text("label-hash"), page.hash);
    text.sentence(&locale.text("dry-run-basis"));
    for one in planned {
        let change = one.change;
        text.heading(&format!(
            "{} · {} · {}",
            change.id,
            one.stage,
            words::resource_name(&change.resource)
        ));
        text.sentence(&words::change(&change.action, locale));
        text.sentence(&match one.begins {
            Some(at) => {
                let at = time::date_time(at, &style.time_zone);
                locale.text_with("dry-run-begins", &[("at", &at)])
            }
            None => locale.text("dry-run-never"),
        });
        if let Some(reason) = &one.refused {
            text.sentence(&style.sentence(&reason.text));
        }
        for (number, call) in one.calls.iter().enumerate() {
            text.step(number + 1, &format!("{} · {}", call_time(call, style), call.action));
            text.command(&call.command);
        }
        let gates: Vec<String> =
            change.gates.iter().map(|gate| plan_words::gate(gate, locale)).collect();
        if !gates.is_empty() {
            text.detail(&locale.text_with("dry-run-gates", &[("gates", &gates.join(" · "))]));
        }
        let is_kept_first =
            matches!(change.resource.kind, ResourceKind::Volume | ResourceKind::Address);
        if change.class == ChangeClass::Destructive && is_kept_first {
            let quarantine = plan_words::length(page.plan.rules.quarantine, locale);
            text.detail(&locale.text_with("dry-run-quarantine", &[("length", &quarantine)]));
        }
        let soak = plan_words::length(change.soak, locale);
        text.detail(&locale.text_with("dry-run-watched", &[("length", &soak)]));
    }
    text.gap();
    text.strong(&locale.text("dry-run-nothing"));
    for command in &page.next {
        text.sentence(&locale.text_with("next-command", &[("command", command)]));
    }
    text.finish()
}

/// Returns when a call is made, and whether a window is open then.
fn call_time(call: &PlannedCall, style: &Style) -> String {
    let locale = style.locale();
    let local = |at: Timestamp| at.to_zoned_datetime(style.time_zone.clone());
    let at = local(call.at).strftime("%m-%d %H:%M:%S").to_string();
    match call.window_until {
        Some(until) => {
            let until = local(until).strftime("%m-%d %H:%M").to_string();
            locale.text_with("dry-run-window", &[("at", &at), ("until", &until)])
        }
        None => locale.text_with("dry-run-no-window", &[("at", &at)]),
    }
}

/// Makes the table of calls, in the order in which they are made.
pub fn dry_run_table(planned: &[PlannedCalls<'_>], style: &Style) -> Table {
    let mut calls: Vec<&PlannedCall> = planned.iter().flat_map(|one| &one.calls).collect();
    calls.sort_by_key(|call| call.at);
    planned_call_table(&calls, style)
}

/// Makes a table of calls.
pub fn planned_call_table(calls: &[&PlannedCall], style: &Style) -> Table {
    let locale = style.locale();
    let text = |key, title: String, priority| Column::new(key, title, Kind::Text, priority);
    let moment = |key, title: String, priority| Column::new(key, title, Kind::Timestamp, priority);
    let mut table = Table::new(vec![
        Column::new("number", locale.text("column-number"), Kind::Count, Priority::High),
        moment("at", locale.text("column-at"), Priority::Essential),
        moment("window_until", locale.text("column-window-until"), Priority::High),
        text("change", locale.text("column-change-id"), Priority::Essential),
        text("direction", locale.text("column-direction"), Priority::Normal),
        text("action", locale.text("column-iam-action"), Priority::Essential),
        text("command", locale.text("column-command"), Priority::Normal).cut_late(),
    ]);
    for (number, call) in calls.iter().enumerate() {
        table.row(vec![
            Cell::Count(number as u64 + 1),
            Cell::Timestamp(call.at),
            call.window_until.map_or(Cell::Missing, Cell::Timestamp),
            Cell::text(&call.change),
            Cell::Text(
                run_words::direction(call.direction, locale).trim_end_matches(':').to_owned(),
            ),
            Cell::text(call.action),
            Cell::text(&call.command),
        ]);
    }
    table
}
