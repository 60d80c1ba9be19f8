//! Everything about one run: while it goes on, and as its summary when it is over.

use super::page::{RunChange, RunPage};
use super::words as run_words;
use crate::document::page::Page;
use crate::document::words;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};
use crate::{sanitise, time};

/// Returns everything about one run.
pub fn run_show(run: &RunPage<'_>, style: &Style) -> String {
    let locale = style.locale();
    let mut text = Page::new(style);
    let outcome = run_words::run_outcome(run.outcome, locale);
    text.strong(&format!("{} · {} · {outcome}", run.id, run.plan_id));
    let started = time::date_time(run.started_at, &style.time_zone);
    let operator = run.operator.as_deref().map_or_else(|| "–".to_owned(), sanitise);
    let arguments = [("at", started.as_str()), ("by", operator.as_str())];
    text.sentence(&locale.text_with("run-begun", &arguments));
    if run.is_simulated {
        text.sentence(&locale.text("run-simulated"));
    }
    if let Some(cause) = &run.damaged {
        text.strong(&locale.text("run-damaged"));
        text.sentence(&style.sentence(cause));
    }
    for change in &run.changes {
        show_change(&mut text, change, style);
    }
    if !run.halted.is_empty() {
        text.heading(&locale.text("run-halted"));
        for reason in &run.halted {
            text.bullet(&style.sentence(&reason.text));
        }
    }
    text.gap();
    for command in &run.next {
        text.sentence(&locale.text_with("next-command", &[("command", command)]));
    }
    text.finish()
}

fn show_change(text: &mut Page<'_>, one: &RunChange<'_>, style: &Style) {
    let locale = style.locale();
    let change = one.change;
    text.heading(&format!(
        "{} · {} · {}",
        change.id,
        one.stage,
        words::resource_name(&change.resource)
    ));
    text.labelled(&locale.text("label-change"), &words::change(&change.action, locale));
    let mut phase = run_words::phase(one.phase, locale);
    if let Some(since) = one.since {
        phase.push_str(" · ");
        phase.push_str(&time::date_time(since, &style.time_zone));
    }
    text.labelled(&locale.text("label-phase"), &phase);
    if let Some(reason) = &one.reason {
        text.labelled(&locale.text("label-reason"), &style.sentence(&reason.text));
    }
    if let Some(verdict) = &one.verdict {
        let mut words = vec![run_words::gate_state(verdict.state, locale)];
        words.extend(verdict.reasons.iter().map(|reason| style.sentence(&reason.text)));
        text.labelled(&locale.text("label-gates"), &words.join(" "));
    }
    let saving = &change.estimated_monthly_savings;
    let range = style.monthly_range(saving.likely, saving.low, saving.high);
    let expected = format!("{range} · {}", locale.text("summary-estimated"));
    text.labelled(&locale.text("label-savings"), &expected);
    if !one.manual.is_empty() {
        text.sentence(&locale.text("run-manual"));
        for command in &one.manual {
            text.command(command);
        }
    }
}

/// Makes the table of a run's changes.
pub fn run_change_table(run: &RunPage<'_>, style: &Style) -> Table {
    let locale = style.locale();
    let text = |key, title: String, priority| Column::new(key, title, Kind::Text, priority);
    let mut table = Table::new(vec![
        text("change", locale.text("column-change-id"), Priority::Essential),
        text("stage", locale.text("column-stage"), Priority::High),
        text("resource", locale.text("column-resource"), Priority::Essential),
        text("what", locale.text("column-change"), Priority::High).cut_late(),
        text("phase", locale.text("column-status"), Priority::Essential),
        text("gates", locale.text("column-gates"), Priority::Normal),
        Column::new("since", locale.text("column-since"), Kind::Timestamp, Priority::Normal),
        Column::new("saving", locale.text("column-monthly-saving"), Kind::Range, Priority::High),
        text("reason", locale.text("column-reason"), Priority::Low).cut_late(),
    ]);
    for one in &run.changes {
        let saving = &one.change.estimated_monthly_savings;
        let verdict = one.verdict.as_ref();
        table.row(vec![
            Cell::text(one.change.id.as_str()),
            Cell::text(one.stage),
            Cell::Text(words::resource_name(&one.change.resource)),
            Cell::Text(words::change(&one.change.action, locale)),
            Cell::Text(run_words::phase(one.phase, locale)),
            Cell::optional(verdict.map(|verdict| run_words::gate_state(verdict.state, locale))),
            one.since.map_or(Cell::Missing, Cell::Timestamp),
            Cell::Range { likely: saving.likely, low: saving.low, high: saving.high },
            Cell::optional(one.reason.as_ref().map(|one| one.text.get(style.language))),
        ]);
    }
    table
}
