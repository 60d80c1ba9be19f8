//! What is known of each account and region, which permissions lack, and what asking AWS took.

use trimtab_model::api_use::{ApiMonth, ApiPurpose, ApiUse, PaidUse};
use trimtab_model::coverage::{
    MissingSignal, PermissionGap, PlaceCoverage, PlaceReading, PlaceSource, PlaceStatus,
};
use trimtab_model::money::Money;

use crate::locale::Locale;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};
use crate::{money, number};

/// Returns the word for how much of a source is known of a place.
pub fn place_status(status: PlaceStatus, locale: Locale) -> String {
    match status {
        PlaceStatus::Complete => locale.text("place-complete"),
        PlaceStatus::Partial => locale.text("place-partial"),
        PlaceStatus::None => locale.text("place-none"),
        PlaceStatus::Unknown => locale.text("place-unknown"),
        PlaceStatus::NotNeeded => locale.text("place-not-needed"),
    }
}

fn place_scale(locale: Locale) -> Vec<(String, &'static str)> {
    let all = [
        PlaceStatus::Complete,
        PlaceStatus::NotNeeded,
        PlaceStatus::Partial,
        PlaceStatus::Unknown,
        PlaceStatus::None,
    ];
    all.map(|status| (place_status(status, locale), status.as_str())).to_vec()
}

/// The columns of a source: how much is known, how much was read, when, and the key of the name.
const SOURCES: [(PlaceSource, [&str; 3], &str); 6] = [
    (
        PlaceSource::Inventory,
        ["inventory", "inventory_read", "inventory_at"],
        "column-place-inventory",
    ),
    (
        PlaceSource::CloudWatch,
        ["cloudwatch", "cloudwatch_read", "cloudwatch_at"],
        "column-place-cloudwatch",
    ),
    (
        PlaceSource::AgentMemory,
        ["agent_memory", "agent_memory_read", "agent_memory_at"],
        "column-place-memory",
    ),
    (PlaceSource::Bill, ["bill", "bill_read", "bill_at"], "column-place-bill"),
    (
        PlaceSource::ComputeOptimizer,
        ["compute_optimizer", "compute_optimizer_read", "compute_optimizer_at"],
        "column-place-optimizer",
    ),
    (
        PlaceSource::CostOptimizationHub,
        ["cost_optimization_hub", "cost_optimization_hub_read", "cost_optimization_hub_at"],
        "column-place-hub",
    ),
];

/// Makes the matrix: a row for each account and region, a column for each source.
pub fn place_table(places: &[PlaceCoverage], style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, name: &str, kind, priority| Column::new(key, locale.text(name), kind, priority);
    let mut columns = vec![
        column("account", "column-account", Kind::Text, Priority::Essential),
        column("region", "column-region", Kind::Text, Priority::Essential),
    ];
    columns.extend(SOURCES.iter().map(|(_, [status, ..], name)| {
        column(status, name, Kind::Text, Priority::High).ranked(place_scale(locale))
    }));
    columns.push(column("at", "column-place-at", Kind::Timestamp, Priority::High));
    for (_, [_, read, at], name) in &SOURCES {
        let named = |key: &str| locale.text_with(key, &[("source", &locale.text(name))]);
        columns.push(Column::new(read, named("column-place-read"), Kind::Text, Priority::Wide));
        columns.push(Column::new(at, named("column-place-of"), Kind::Timestamp, Priority::Wide));
    }
    let mut table = Table::new(columns);
    for place in places {
        let reading = |source: &PlaceSource| place.sources.get(source).copied();
        let mut cells = vec![Cell::text(place.account.as_str()), Cell::text(place.region.as_str())];
        cells.extend(SOURCES.iter().map(|(source, ..)| {
            let status = reading(source).map_or(PlaceStatus::Unknown, |reading| reading.status);
            Cell::Text(place_status(status, locale))
        }));
        cells.push(place.latest().map_or(Cell::Missing, Cell::Timestamp));
        for (source, ..) in &SOURCES {
            let found: Option<PlaceReading> = reading(source);
            let read = found.and_then(|reading| reading.read);
            let read =
                read.map(|(read, of)| format!("{}/{}", number::count(read), number::count(of)));
            cells.push(Cell::optional(read));
            let at = found.and_then(|reading| reading.at);
            cells.push(at.map_or(Cell::Missing, Cell::Timestamp));
        }
        table.row(cells);
    }
    table
}

/// Makes the table of permissions that lack.
pub fn permission_table(gaps: &[PermissionGap], style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, name: &str, kind, priority| Column::new(key, locale.text(name), kind, priority);
    let mut table = Table::new(vec![
        column("action", "column-permission", Kind::Text, Priority::Essential),
        column("account", "column-account", Kind::Text, Priority::Essential),
        column("regions", "column-regions", Kind::Text, Priority::High),
        column("resource_types", "column-resource-type", Kind::Text, Priority::High),
        column("checks", "column-waiting-checks", Kind::Count, Priority::High),
        column("found_by", "column-permission-basis", Kind::Text, Priority::High),
        column("at", "column-at", Kind::Timestamp, Priority::Wide),
    ]);
    for gap in gaps {
        let regions: Vec<&str> = gap.regions.iter().map(|region| region.as_str()).collect();
        let kinds: Vec<&str> = gap.kinds.iter().map(|kind| kind.as_str()).collect();
        let basis = if gap.is_exact { "permission-refused" } else { "permission-called" };
        table.row(vec![
            Cell::text(&gap.action),
            Cell::text(gap.account.as_str()),
            Cell::Text(regions.join(", ")),
            Cell::optional(Some(kinds.join(", ")).filter(|kinds| !kinds.is_empty())),
            Cell::Count(gap.unlocks.len() as u64),
            Cell::Text(locale.text(basis)),
            Cell::Timestamp(gap.at),
        ]);
    }
    table
}

/// Makes the table of signals that would settle what could not be judged.
pub fn signal_table(signals: &[MissingSignal], style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, name: &str, kind| Column::new(key, locale.text(name), kind, Priority::Essential);
    let mut table = Table::new(vec![
        column("signal", "column-signal", Kind::Text),
        column("resources", "column-resources", Kind::Count),
        column("checks", "column-waiting-checks", Kind::Text),
    ]);
    for one in signals {
        let checks: Vec<&str> = one.checks.iter().map(|check| check.as_str()).collect();
        table.row(vec![
            Cell::text(&one.signal),
            Cell::Count(one.resources),
            Cell::Text(checks.join(", ")),
        ]);
    }
    table
}

/// Returns the word for what AWS was asked for.
pub fn api_purpose(purpose: ApiPurpose, locale: Locale) -> String {
    match purpose {
        ApiPurpose::Scan => locale.text("api-purpose-scan"),
        ApiPurpose::CostExplorer => locale.text("api-purpose-cost-explorer"),
    }
}

/// Returns a price with what it is of and where it is from.
fn price_words(paid: &PaidUse, locale: Locale) -> Option<String> {
    let price = paid.price.as_ref()?;
    let as_of = price.as_of.map(|day| format!(", {day}")).unwrap_or_default();
    let of = [
        ("price", money::precise(price.price)),
        ("per", crate::unit::name(&price.per, locale)),
        ("region", price.region.clone()),
        ("source", format!("{}{as_of}", crate::sanitise(&price.source))),
    ];
    let of: Vec<(&str, &str)> = of.iter().map(|(key, text)| (*key, text.as_str())).collect();
    Some(locale.text_with("api-price", &of))
}

/// Makes the table of what each run that asked AWS took. Each comes with its cost; none where a price is not known.
pub fn api_use_table(uses: &[(ApiUse, Option<Money>)], style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, name: &str, kind, priority| Column::new(key, locale.text(name), kind, priority);
    let mut table = Table::new(vec![
        column("began_at", "column-api-began", Kind::Timestamp, Priority::Essential),
        column("purpose", "column-api-purpose", Kind::Text, Priority::Essential),
        column("calls", "column-api-calls", Kind::Count, Priority::Essential),
        column("paid", "column-api-paid", Kind::Text, Priority::High),
        column("cost", "column-api-cost", Kind::Money, Priority::Essential),
        column("price", "column-api-price", Kind::Text, Priority::High),
        column("ended_at", "column-api-ended", Kind::Timestamp, Priority::Wide),
        column("finished", "column-api-finished", Kind::Text, Priority::Wide),
        column("operations", "column-api-operations", Kind::Text, Priority::Wide),
    ]);
    for (one, cost) in uses {
        let paid: Vec<String> = one
            .paid
            .iter()
            .map(|paid| {
                let count = number::count(paid.quantity);
                let key = match paid.unit.as_str() {
                    "request" => "api-paid-requests",
                    _ => "api-paid-metrics",
                };
                locale.text_with(key, &[("count", &count)])
            })
            .collect();
        let prices: Vec<String> =
            one.paid.iter().filter_map(|paid| price_words(paid, locale)).collect();
        let operations: Vec<String> = one
            .calls
            .iter()
            .map(|call| {
                format!("{}:{} {}", call.service, call.operation, number::count(call.count))
            })
            .collect();
        let finished = if one.finished { "api-finished" } else { "api-interrupted" };
        table.row(vec![
            Cell::Timestamp(one.began),
            Cell::Text(api_purpose(one.purpose, locale)),
            Cell::Count(one.call_count()),
            Cell::Text(paid.join(", ")),
            cost.map_or(Cell::Missing, Cell::UnitCost),
            Cell::optional(Some(prices.join("; ")).filter(|text| !text.is_empty())),
            Cell::Timestamp(one.ended),
            Cell::Text(locale.text(finished)),
            Cell::Text(operations.join(", ")),
        ]);
    }
    table
}

/// Makes the table of what months of asking took.
pub fn api_month_table(months: &[ApiMonth], style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, name: &str, kind| Column::new(key, locale.text(name), kind, Priority::Essential);
    let mut table = Table::new(vec![
        column("month", "column-month", Kind::Text),
        column("runs", "column-api-runs", Kind::Count),
        column("calls", "column-api-calls", Kind::Count),
        column("metrics", "column-api-metrics", Kind::Count),
        column("requests", "column-api-requests", Kind::Count),
        column("cost", "column-api-cost", Kind::Money),
    ]);
    for one in months {
        table.row(vec![
            Cell::text(&one.month),
            Cell::Count(one.runs),
            Cell::Count(one.calls),
            Cell::Count(one.metrics),
            Cell::Count(one.requests),
            one.cost.map_or(Cell::Missing, Cell::UnitCost),
        ]);
    }
    table
}
