//! Every call that a plan would make, and nothing made.

use jiff::Timestamp;

use trimtab_model::environment::Environment;
use trimtab_model::plan::{Change, ChangeClass};
use trimtab_model::resource::ResourceKind;

use super::page::PlanPage;
use super::words as plan_words;
use crate::document::page::Page;
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
    /// Each call: the IAM action, absent where it only waits or reads, and the command.
    pub calls: Vec<(Option<&'static str>, String)>,
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
        for (number, (action, command)) in one.calls.iter().enumerate() {
            let action = match action {
                Some(action) => (*action).to_owned(),
                None => locale.text("dry-run-looks"),
            };
            text.step(number + 1, &action);
            text.command(command);
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

/// Makes the table of calls.
pub fn dry_run_table(planned: &[PlannedCalls<'_>], style: &Style) -> Table {
    let locale = style.locale();
    let text = |key, title: String, priority| Column::new(key, title, Kind::Text, priority);
    let mut table = Table::new(vec![
        text("change", locale.text("column-change-id"), Priority::Essential),
        text("stage", locale.text("column-stage"), Priority::High),
        Column::new("number", locale.text("column-number"), Kind::Count, Priority::Essential),
        text("action", locale.text("column-iam-action"), Priority::Essential),
        text("command", locale.text("column-command"), Priority::Essential).cut_late(),
    ]);
    for one in planned {
        for (number, (action, command)) in one.calls.iter().enumerate() {
            table.row(vec![
                Cell::text(one.change.id.as_str()),
                Cell::text(one.stage.as_str()),
                Cell::Count(number as u64 + 1),
                Cell::optional(*action),
                Cell::text(command),
            ]);
        }
    }
    table
}
