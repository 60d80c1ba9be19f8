//! What follows users: how much each resource carries, and what its users cost.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use trimtab_model::driver::{Driver, DriverUnit, LinkVerdict, ResourceLoad};

use super::page::Page;
use super::words;
use crate::locale::Locale;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};
use crate::{number, sanitise};

/// Makes the table of resources and metrics.
pub fn user_load_table(loads: &[ResourceLoad], style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, name: &str, kind, priority| Column::new(key, locale.text(name), kind, priority);
    let mut table = Table::new(vec![
        column("resource", "column-resource", Kind::Text, Priority::Essential),
        column("size", "column-size", Kind::Text, Priority::Normal),
        column("metric", "column-metric", Kind::Text, Priority::Essential),
        column("verdict", "column-follows-users", Kind::Text, Priority::Essential),
        column("driver", "column-driver", Kind::Text, Priority::High),
        column("explained", "column-explained", Kind::Percent, Priority::High),
        column("r_squared", "column-r-squared", Kind::Number, Priority::Wide),
        column("per_thousand", "column-per-thousand", Kind::Number, Priority::High),
        column("unit", "column-unit", Kind::Text, Priority::Normal),
        column("intercept", "column-intercept", Kind::Number, Priority::Normal),
        column("lag_hours", "column-lag-hours", Kind::Count, Priority::Wide),
        column("vcpu_per_thousand", "column-vcpu-per-thousand", Kind::Number, Priority::Normal),
        column("holds", "column-holds", Kind::Number, Priority::Normal),
        column("headroom", "column-headroom-times", Kind::Number, Priority::High),
        column("monthly", "column-monthly-cost", Kind::Money, Priority::Normal),
        column("cost_per_thousand", "column-cost-per-thousand", Kind::Money, Priority::High),
        column("price_basis", "column-price-basis", Kind::Text, Priority::Wide),
    ]);
    for load in loads {
        table.row(row(load, locale));
    }
    table
}

fn row(load: &ResourceLoad, locale: Locale) -> Vec<Cell> {
    let link = &load.link;
    let nearest = link.nearest();
    let figure = |value: Option<f64>| value.and_then(rounded).map_or(Cell::Missing, Cell::Number);
    let scale = scale(&link.metric, link.period_seconds);
    vec![
        Cell::text(link.resource.as_str()),
        Cell::optional(load.size.as_deref()),
        Cell::text(&link.metric),
        Cell::text(verdict(&link.verdict, locale)),
        Cell::optional(nearest.map(|(driver, _)| driver_name(driver, locale))),
        nearest.map_or(Cell::Missing, |(_, fit)| Cell::Percent(fit.explained.max(0.0) * 100.0)),
        figure(nearest.map(|(_, fit)| fit.r_squared)),
        figure(link.explained().map(|(_, fit)| fit.slope * 1_000.0 * scale)),
        Cell::text(unit(&link.metric)),
        figure(link.explained().map(|(_, fit)| fit.intercept * scale)),
        link.explained().map_or(Cell::Missing, |(_, fit)| Cell::Count(u64::from(fit.lag_hours))),
        figure(load.vcpu_per_thousand),
        figure(load.holds),
        figure(load.headroom()),
        Cell::amount(load.cost.map(|cost| cost.monthly)),
        load.cost.and_then(|cost| cost.per_thousand).map_or(Cell::Missing, Cell::Amount),
        Cell::optional(load.cost.map(|cost| words::price_basis(cost.basis, locale))),
    ]
}

/// Returns a figure with three or four digits that matter; absent where it is no number.
fn rounded(value: f64) -> Option<Decimal> {
    let decimals = match value.abs() {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        _ => 4,
    };
    Some(Decimal::from_f64(value)?.round_dp(decimals).normalize())
}

/// Makes the page: the table, and what its figures are.
pub fn user_load_page(loads: &[ResourceLoad], style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    let following = loads.iter().filter(|load| load.link.explained().is_some()).count();
    page.strong(&locale.text_with(
        "user-load-title",
        &[
            ("following", &number::count(following as u64)),
            ("all", &number::count(loads.len() as u64)),
        ],
    ));
    page.gap();
    page.block(&user_load_table(loads, style).terminal(style));
    page.gap();
    for key in ["user-load-line", "user-load-holds", "user-load-cost", "user-load-not-seen"] {
        page.faint(&locale.text(key));
    }
    let currencies = loads.iter().filter_map(|load| load.cost).map(|cost| cost.monthly.currency);
    for line in style.rate_lines(currencies.collect::<std::collections::BTreeSet<_>>()) {
        page.faint(&line);
    }
    page.finish()
}

/// Returns the verdict in a word.
fn verdict(verdict: &LinkVerdict, locale: Locale) -> String {
    match verdict {
        LinkVerdict::Explained { .. } => locale.text("user-load-explained"),
        LinkVerdict::NotExplained { .. } => locale.text("user-load-not-explained"),
        LinkVerdict::Unknown { .. } => locale.text("not-known"),
    }
}

/// Returns what is counted, and of which service.
pub(super) fn driver_name(driver: &Driver, locale: Locale) -> String {
    let unit = unit_name(driver.unit, locale);
    match &driver.service {
        Some(service) => sanitise(&format!("{unit} ({service})")),
        None => unit,
    }
}

fn unit_name(unit: DriverUnit, locale: Locale) -> String {
    match unit {
        DriverUnit::RequestsPerHour => locale.text("driver-requests-per-hour"),
        DriverUnit::UsersPerHour => locale.text("driver-users-per-hour"),
        DriverUnit::PeakConcurrentUsers => locale.text("driver-peak-concurrent-users"),
        DriverUnit::DailyUsers => locale.text("driver-daily-users"),
    }
}

/// Returns what a step of a forecast counts, and of which service.
pub(super) fn counted_name(driver: &Driver, is_hourly: bool, locale: Locale) -> String {
    let unit = match (driver.unit, is_hourly) {
        (DriverUnit::RequestsPerHour, false) => locale.text("driver-requests-per-day"),
        (DriverUnit::UsersPerHour, false) => locale.text("driver-daily-users"),
        (unit, _) => unit_name(unit, locale),
    };
    match &driver.service {
        Some(service) => sanitise(&format!("{unit} ({service})")),
        None => unit,
    }
}

/// Returns the unit of the figures: bytes are shown by the second.
pub(crate) fn unit(metric: &str) -> &'static str {
    match metric {
        "NetworkOut" | "NetworkIn" => "bytes/s",
        "DatabaseConnections" => "connections",
        _ => "%",
    }
}

/// Returns the factor from a sample's amount to the unit of the figures.
pub(crate) fn scale(metric: &str, period_seconds: u32) -> f64 {
    match metric {
        "NetworkOut" | "NetworkIn" => 1.0 / f64::from(period_seconds.max(1)),
        _ => 1.0,
    }
}
