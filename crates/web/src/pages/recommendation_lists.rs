//! The lists of a recommendation's page: what else would do, and the figures that the decision rests on.

use std::mem::discriminant;

use maud::{Markup, PreEscaped, html};
use rust_decimal::Decimal;

use trimtab_model::action::Action;
use trimtab_model::id::{DbInstanceClass, InstanceType};
use trimtab_model::money::Money;
use trimtab_model::recommendation::{CostComponent, Recommendation};
use trimtab_render::chart::{Caption, Size};
use trimtab_render::document::{build_up_chart, build_up_notes, build_up_table, words};
use trimtab_render::style::Style;
use trimtab_render::table::{Cell, Column, Kind, Priority, Table, Tone};
use trimtab_store::catalog;

use crate::reader::Reader;
use crate::ui::{Sheet, card, sheet};

/// The name of the list of options in an address.
pub(super) const OPTIONS: &str = "options";
/// The name of the list of figures.
pub(super) const FIGURES: &str = "figures";

/// The name of the list of the steps of the cost.
pub(super) const BUILD_UP: &str = "build-up";

/// Mebibytes of a gibibyte.
const MEBIBYTES: u64 = 1024;

/// Makes the table of options: the first row is what there is now.
pub(super) fn options_table(item: &Recommendation, style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, title: &str, kind, priority| Column::new(key, locale.text(title), kind, priority);
    let sizes = size_before(&item.action);
    // Without a size, nothing stands in these columns.
    let sized = if sizes.is_some() { Priority::High } else { Priority::Wide };
    let mut table = Table::new(vec![
        column("option", "column-option", Kind::Text, Priority::Essential),
        column("choice", "column-choice", Kind::Text, Priority::Essential),
        column("vcpu", "column-vcpu", Kind::Count, sized),
        column("memory_gib", "column-memory-gib", Kind::Number, sized),
        column("price_hour", "column-price-hour", Kind::Money, sized),
        column("cost", "column-monthly-cost", Kind::Money, Priority::Essential),
        column("saving", "column-monthly-saving", Kind::Range, Priority::Essential),
        column("risk", "column-risk", Kind::Text, Priority::High).ranked(words::risk_scale(locale)),
        column("effort", "column-effort", Kind::Text, Priority::High)
            .ranked(words::effort_scale(locale)),
        column("projected", "column-projected", Kind::Text, Priority::Wide),
    ]);
    let estimate = &item.estimated_monthly_savings;
    let change = words::change(&item.action, locale);
    let now = change.split(" → ").next().unwrap_or(&change).to_owned();
    let plain = |cell| (cell, Tone::Plain);
    let (vcpu, memory) = size(sizes.as_deref());
    table.toned_row(vec![
        plain(Cell::Text(now)),
        plain(Cell::Text(locale.text("option-now"))),
        plain(vcpu),
        plain(memory),
        plain(hourly(&estimate.formula_now)),
        plain(Cell::Money(estimate.cost_now)),
    ]);
    for option in &item.options {
        let saving = &option.estimated_monthly_savings;
        let change = words::change(&option.action, locale);
        let after = change.split(" → ").nth(1).unwrap_or(&change).to_owned();
        let choice =
            if option.action == item.action { "option-recommended" } else { "option-other" };
        let (vcpu, memory) = size(size_after(&option.action).as_deref());
        // How much work it is was said of the change that is recommended, and of its like.
        let is_alike = discriminant(&option.action) == discriminant(&item.action);
        let effort = is_alike.then(|| words::effort(item.implementation_effort, locale));
        let projected = words::projections(&option.projected, locale);
        table.toned_row(vec![
            plain(Cell::Text(after)),
            plain(Cell::Text(locale.text(choice))),
            plain(vcpu),
            plain(memory),
            plain(hourly(&saving.formula_after)),
            plain(Cell::Money(saving.cost_after)),
            (
                Cell::Range { likely: saving.likely, low: saving.low, high: saving.high },
                Tone::Saved,
            ),
            (
                Cell::Text(words::risk(option.performance_risk, locale)),
                words::risk_tone(option.performance_risk),
            ),
            plain(Cell::optional(effort)),
            plain(Cell::optional(Some(projected).filter(|text| !text.is_empty()))),
        ]);
    }
    table
}

/// Returns what a machine is before a change: an instance type or a class of a database.
fn size_before(action: &Action) -> Option<String> {
    match action {
        Action::ModifyInstanceType { from, .. } | Action::MigrateInstance { from, .. } => {
            Some(from.to_string())
        }
        Action::ModifyDbInstanceClass { from, .. } => Some(from.to_string()),
        _ => None,
    }
}

/// Returns what a machine is after a change.
fn size_after(action: &Action) -> Option<String> {
    match action {
        Action::ModifyInstanceType { to, .. } | Action::MigrateInstance { to, .. } => {
            Some(to.to_string())
        }
        Action::ModifyDbInstanceClass { to, .. } => Some(to.to_string()),
        _ => None,
    }
}

/// Returns virtual CPUs and GiB of memory, as the catalogue knows them.
fn size(name: Option<&str>) -> (Cell, Cell) {
    let Some(name) = name else { return (Cell::Missing, Cell::Missing) };
    if let Some(facts) = catalog::instance_types().get(&InstanceType::from(name)) {
        let memory = Decimal::from(facts.memory_mib) / Decimal::from(MEBIBYTES);
        return (Cell::Count(facts.vcpu.into()), Cell::Number(memory));
    }
    match catalog::db_classes().get(&DbInstanceClass::from(name)) {
        Some(facts) => (Cell::Count(facts.vcpu.into()), Cell::Number(facts.memory_gib)),
        None => (Cell::Missing, Cell::Missing),
    }
}

/// Returns the price of an hour of what is paid by the hour.
fn hourly(components: &[CostComponent]) -> Cell {
    let hour = components.iter().find(|component| component.price.unit == "hour");
    hour.map_or(Cell::Missing, |component| Cell::UnitCost(Money::usd(component.price.usd)))
}

/// The options, with what there is now above them.
pub(super) fn options(reader: &Reader, item: &Recommendation) -> Markup {
    if item.options.is_empty() {
        return html! {};
    }
    let table = options_table(item, &reader.style);
    let title = reader.text("show-options");
    let body = sheet(reader, &list(OPTIONS, &title, &table));
    card(&title, Some(&reader.text("web-options-about")), &body)
}

/// Makes the table of figures.
pub(super) fn figures_table(item: &Recommendation, style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, title: &str| Column::new(key, locale.text(title), Kind::Text, Priority::Essential);
    let mut table = Table::new(vec![
        column("figure", "column-figure"),
        column("value", "column-value"),
        column("threshold", "column-threshold"),
    ]);
    for figure in &item.evidence.figures {
        let threshold = figure.threshold.as_ref();
        table.row(vec![
            Cell::text(figure.label.get(style.language)),
            Cell::Text(words::figure_value(&figure.value, &figure.unit, locale)),
            Cell::optional(threshold.map(|one| words::figure_value(one, &figure.unit, locale))),
        ]);
    }
    table
}

/// The figures that the decision rests on.
pub(super) fn figures(reader: &Reader, item: &Recommendation) -> Markup {
    if item.evidence.figures.is_empty() {
        return html! {};
    }
    let table = figures_table(item, &reader.style);
    let title = reader.text("web-figures");
    sheet(reader, &list(FIGURES, &title, &table))
}

/// What the cost is made of, now and after the change: as far as the bill tells it.
pub(super) fn build_up(reader: &Reader, item: &Recommendation) -> Markup {
    let (estimate, style) = (&item.estimated_monthly_savings, &reader.style);
    let steps = estimate.build_up();
    let title = reader.text("show-build-up");
    let about = reader.text("web-saving-about");
    let chart = build_up_chart(estimate, Caption::new("build-up", &title, &about), style);
    let table = build_up_table(&steps, style);
    let body = html! {
        @for note in build_up_notes(estimate, style) { p { (note) } }
        @if let Some(chart) = &chart {
            div class="chart-wide" { (PreEscaped(chart.draw(Size::WIDE, style).to_string())) }
            div class="chart-narrow" { (PreEscaped(chart.draw(Size::NARROW, style).to_string())) }
        }
        @if steps.has_steps() { (sheet(reader, &list(BUILD_UP, &title, &table))) }
    };
    card(&title, Some(&about), &body)
}

fn list<'a>(id: &'a str, caption: &'a str, table: &'a Table) -> Sheet<'a> {
    Sheet { id, caption, table, link: None, choose: None, has_files: true }
}
