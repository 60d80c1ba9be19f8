//! What other users would change.

use std::collections::BTreeSet;

use trimtab_model::simulation::{Moved, Outcome, Simulation, TooSmall};

use super::page::Page;
use super::words;
use crate::locale::Locale;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};
use crate::{number, sanitise};

/// Lines that the page shows of a long list.
const LINES: usize = 15;

/// Makes the table: recommendations that move, then machines that become too small.
pub fn simulation_table(simulation: &Simulation, style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, name: &str, kind, priority| Column::new(key, locale.text(name), kind, priority);
    let mut table = Table::new(vec![
        column("outcome", "column-outcome", Kind::Text, Priority::Essential),
        column("resource", "column-resource", Kind::Text, Priority::Essential),
        column("check", "column-check", Kind::Text, Priority::Normal),
        column("now", "column-change-now", Kind::Text, Priority::High),
        column("then", "column-change-then", Kind::Text, Priority::Essential),
        column("savings_now", "column-savings-now", Kind::Money, Priority::High),
        column("savings_then", "column-savings-then", Kind::Money, Priority::Essential),
        column("extra_monthly", "column-extra-monthly", Kind::Money, Priority::Essential),
    ]);
    for moved in &simulation.moved {
        table.row(moved_row(moved, locale));
    }
    for one in &simulation.too_small {
        table.row(too_small_row(one, style));
    }
    table
}

fn moved_row(moved: &Moved, locale: Locale) -> Vec<Cell> {
    let change = |action: Option<&trimtab_model::action::Action>| {
        Cell::optional(action.map(|action| words::change(action, locale)))
    };
    vec![
        Cell::text(outcome(moved.outcome, locale)),
        Cell::text(words::resource_name(&moved.resource)),
        Cell::text(moved.check.as_str()),
        change(moved.action_now.as_ref()),
        change(moved.action_then.as_ref()),
        Cell::amount(moved.savings_now),
        Cell::amount(moved.savings_then),
        Cell::Missing,
    ]
}

fn too_small_row(one: &TooSmall, style: &Style) -> Vec<Cell> {
    let (then, extra) = match &one.remedy {
        Ok(remedy) => (remedy.size.clone(), Some(remedy.extra_monthly)),
        Err(reason) => (reason.text.get(style.language).to_owned(), None),
    };
    vec![
        Cell::text(style.locale().text("simulation-too-small")),
        Cell::text(words::resource_name(&one.resource)),
        Cell::Missing,
        Cell::text(&one.size),
        Cell::text(then),
        Cell::Missing,
        Cell::Missing,
        Cell::amount(extra),
    ]
}

fn outcome(outcome: Outcome, locale: Locale) -> String {
    match outcome {
        Outcome::Falls => locale.text("simulation-falls"),
        Outcome::Changes => locale.text("simulation-changes"),
        Outcome::SavesOtherwise => locale.text("simulation-saves-otherwise"),
        Outcome::Appears => locale.text("simulation-appears"),
    }
}

/// Makes the page.
pub fn simulation_page(simulation: &Simulation, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    page.strong(&locale.text_with(
        "simulation-title",
        &[
            ("users", &number::significant(simulation.scenario.users)),
            ("days", &number::count(u64::from(simulation.horizon_days))),
        ],
    ));
    for event in &simulation.scenario.events {
        let (date, factor) = (event.date.to_string(), number::significant(event.factor));
        let key = if simulation.outside.contains(event) {
            "simulation-event-outside"
        } else {
            "simulation-event"
        };
        page.bullet(&locale.text_with(key, &[("date", &date), ("factor", &factor)]));
    }
    page.sentence(&locale.text_with(
        "simulation-scaled",
        &[
            ("scaled", &number::count(simulation.scaled)),
            ("left", &number::count(simulation.unchanged.len() as u64)),
        ],
    ));
    for (now, then) in &simulation.savings {
        let (now, then) = (style.monthly(*now), style.monthly(*then));
        page.sentence(&locale.text_with("simulation-savings", &[("now", &now), ("then", &then)]));
    }
    page.sentence(&locale.text_with(
        "simulation-extra",
        &[
            ("machines", &number::count(simulation.too_small.len() as u64)),
            ("extra", &style.monthly(simulation.extra_monthly)),
        ],
    ));
    if !simulation.moved.is_empty() || !simulation.too_small.is_empty() {
        page.gap();
        page.block(&simulation_table(simulation, style).terminal(style));
    }
    page.sentence(
        &locale.text_with("simulation-stay", &[("stay", &number::count(simulation.stay))]),
    );
    left_alone(&mut page, simulation, style);
    page.gap();
    page.faint(&locale.text("simulation-basis"));
    let currencies: BTreeSet<_> = simulation
        .savings
        .iter()
        .map(|(now, _)| now.currency)
        .chain([simulation.extra_monthly.currency])
        .collect();
    for line in style.rate_lines(currencies) {
        page.faint(&line);
    }
    page.finish()
}

fn left_alone(page: &mut Page<'_>, simulation: &Simulation, style: &Style) {
    let locale = style.locale();
    if simulation.unchanged.is_empty() {
        return;
    }
    page.heading(&locale.text("simulation-unchanged"));
    for one in simulation.unchanged.iter().take(LINES) {
        let reason = one.reason.text.get(style.language);
        page.bullet(&sanitise(&format!("{} {} · {reason}", one.resource, one.metric)));
    }
    let more = simulation.unchanged.len().saturating_sub(LINES);
    if more > 0 {
        page.bullet(&locale.text_with("and-more", &[("count", &more.to_string())]));
    }
}
