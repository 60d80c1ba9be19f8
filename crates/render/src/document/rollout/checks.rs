//! What was verified when a rollout was over.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use trimtab_model::journal::ChangeOutcome;

use super::page::{CheckedChange, RolloutPage};
use crate::document::page::Page;
use crate::document::plan::{PlanSaving, words as plan_words};
use crate::document::run::words as run_words;
use crate::document::words;
use crate::sanitise;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table, Tone};

/// Adds what was verified.
pub(super) fn summary(page: &RolloutPage<'_>, text: &mut Page<'_>, style: &Style) {
    let locale = style.locale();
    text.heading(&locale.text("rollout-verified"));
    let agree = page.changes.iter().filter(|one| one.agrees()).count();
    let (count, all) = (agree.to_string(), page.changes.len().to_string());
    let states =
        locale.text_with("rollout-states", &[("count", count.as_str()), ("all", all.as_str())]);
    let states = verdict(agree == page.changes.len(), &states, style);
    text.labelled(&locale.text("rollout-label-states"), &states);
    let in_service = page.stopped.is_empty() && page.drained.is_empty();
    let running = page.running.to_string();
    let lost: Vec<String> =
        page.stopped.iter().chain(&page.drained).map(|name| sanitise(name)).collect();
    let service = if in_service {
        locale.text_with("rollout-in-service", &[("machines", &running)])
    } else {
        locale.text_with("rollout-out-of-service", &[("names", &lost.join(", "))])
    };
    text.labelled(&locale.text("rollout-label-service"), &verdict(in_service, &service, style));
    let reserved = if page.reserved.is_empty() {
        locale.text("rollout-nothing-reserved")
    } else {
        let names: Vec<String> = page.reserved.iter().map(|name| sanitise(name)).collect();
        locale.text_with("rollout-reserved", &[("names", &names.join(", "))])
    };
    let is_free = page.reserved.is_empty();
    text.labelled(&locale.text("rollout-label-reserved"), &verdict(is_free, &reserved, style));
    let (entries, lines) = (page.entries.to_string(), page.audit_lines.to_string());
    let arguments = [("entries", entries.as_str()), ("lines", lines.as_str())];
    let chains = locale.text_with("rollout-chains", &arguments);
    text.labelled(&locale.text("rollout-label-chains"), &verdict(true, &chains, style));
    let announced = page.unannounced == 0 && page.calls == page.audit_intents;
    let (calls, bare) = (page.calls.to_string(), page.unannounced.to_string());
    let logged = page.audit_intents.to_string();
    let arguments =
        [("calls", calls.as_str()), ("bare", bare.as_str()), ("logged", logged.as_str())];
    let calls = locale.text_with("rollout-calls", &arguments);
    text.labelled(&locale.text("rollout-label-calls"), &verdict(announced, &calls, style));
    savings(page, text, style);
    text.gap();
    text.block(&rollout_check_table(page, style).terminal(style));
    text.gap();
    let sentence = if page.holds() {
        locale.text("rollout-holds")
    } else {
        style.red(&locale.text("rollout-does-not-hold"))
    };
    text.strong(&sentence);
}

fn verdict(is_well: bool, text: &str, style: &Style) -> String {
    if is_well { format!("✓ {text}") } else { style.red(&format!("✗ {text}")) }
}

fn savings(page: &RolloutPage<'_>, text: &mut Page<'_>, style: &Style) {
    let locale = style.locale();
    let shown = |savings: &[PlanSaving]| {
        let amounts: Vec<String> =
            savings.iter().map(|one| style.monthly_range(one.likely, one.low, one.high)).collect();
        if amounts.is_empty() { "–".to_owned() } else { amounts.join(" + ") }
    };
    let (planned, confirmed) = (shown(&page.planned), shown(&page.confirmed));
    let taken_back = shown(&page.taken_back);
    let confirmed = style.green(&confirmed);
    let arguments = [
        ("planned", planned.as_str()),
        ("confirmed", confirmed.as_str()),
        ("back", taken_back.as_str()),
    ];
    text.labelled(&locale.text("label-savings"), &locale.text_with("rollout-savings", &arguments));
    let bases: BTreeSet<String> = page
        .changes
        .iter()
        .map(|one| words::price_basis(one.change.estimated_monthly_savings.basis, locale))
        .collect();
    let bases = bases.into_iter().collect::<Vec<_>>().join(", ");
    text.labelled("", &locale.text_with("rollout-savings-basis", &[("basis", &bases)]));
    let currencies = page.planned.iter().map(|one| one.likely.currency);
    for line in style.rate_lines(currencies) {
        text.labelled("", &line);
    }
}

/// Makes the table of the changes: what the journal says, and what the world has.
pub fn rollout_check_table(page: &RolloutPage<'_>, style: &Style) -> Table {
    let locale = style.locale();
    let text = |key, title: String, priority| Column::new(key, title, Kind::Text, priority);
    let mut table = Table::new(vec![
        text("resource", locale.text("column-resource"), Priority::Essential),
        text("stage", locale.text("column-stage"), Priority::High),
        text("outcome", locale.text("rollout-column-journal"), Priority::Essential),
        text("found", locale.text("rollout-column-world"), Priority::Essential),
        text("outages", locale.text("rollout-column-down"), Priority::High),
        text("budget", locale.text("rollout-column-budget"), Priority::High),
        Column::new("saving", locale.text("column-monthly-saving"), Kind::Range, Priority::High),
        text("change", locale.text("column-change-id"), Priority::Wide),
        text("expected", locale.text("rollout-column-expected"), Priority::Wide),
    ]);
    for one in &page.changes {
        let saving = &one.change.estimated_monthly_savings;
        let outcome = one.outcome.map(|outcome| run_words::change_outcome(outcome, locale));
        // What was not confirmed saves nothing.
        let (tone, saved) = match one.outcome {
            Some(ChangeOutcome::Confirmed) => (
                Tone::Plain,
                Cell::Range { likely: saving.likely, low: saving.low, high: saving.high },
            ),
            _ => (Tone::Danger, Cell::Missing),
        };
        table.toned_row(vec![
            (Cell::Text(words::resource_name(&one.change.resource)), Tone::Plain),
            (Cell::text(one.stage.as_str()), Tone::Plain),
            (Cell::optional(outcome), tone),
            (Cell::Text(found(one)), if one.agrees() { Tone::Plain } else { Tone::Danger }),
            (Cell::Text(down(one, style)), Tone::Plain),
            (Cell::Text(budget(one.change.downtime_budget, style)), Tone::Plain),
            (saved, Tone::Saved),
            (Cell::text(one.change.id.as_str()), Tone::Plain),
            (Cell::text(one.expected), Tone::Plain),
        ]);
    }
    table
}

fn found(one: &CheckedChange<'_>) -> String {
    if one.agrees() {
        format!("{} ✓", one.found)
    } else {
        format!("{} ✗ {}", one.found, one.expected)
    }
}

fn down(one: &CheckedChange<'_>, style: &Style) -> String {
    let locale = style.locale();
    match one.longest {
        None => locale.text("rollout-never-down"),
        Some(longest) => {
            let (times, length) = (one.outages.to_string(), plan_words::length(longest, locale));
            let arguments = [("times", times.as_str()), ("length", length.as_str())];
            locale.text_with("rollout-down", &arguments)
        }
    }
}

fn budget(budget: SignedDuration, style: &Style) -> String {
    match budget.is_zero() {
        true => "–".to_owned(),
        false => plan_words::length(budget, style.locale()),
    }
}
