//! What services are asked for, and how much of it need not have been.

use trimtab_model::traffic::{DuplicateKind, EndpointTraffic, ServiceTraffic};

use super::page::Page;
use super::traffic_words as words;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};
use crate::{number, sanitise, time};

/// Groups of one kind that the page shows.
const GROUPS: usize = 2;

/// Makes the table of endpoints, those with most requests first within each service.
pub fn traffic_endpoint_table(services: &[&ServiceTraffic], style: &Style) -> Table {
    let locale = style.locale();
    let column = |key, title: String, kind, priority| Column::new(key, title, kind, priority);
    let mut table = Table::new(vec![
        column("service", locale.text("column-service"), Kind::Text, Priority::High),
        column("method", locale.text("column-method"), Kind::Text, Priority::Essential),
        column("path", locale.text("column-path"), Kind::Text, Priority::Essential),
        column("requests", locale.text("column-requests"), Kind::Count, Priority::Essential),
        column("bots", locale.text("column-bots"), Kind::Count, Priority::Low),
        column("duplicates", locale.text("column-duplicates"), Kind::Count, Priority::High),
        column("duplicate_percent", locale.text("column-share"), Kind::Percent, Priority::High),
        column(
            "server_seconds",
            locale.text("column-server-seconds"),
            Kind::Text,
            Priority::Normal,
        ),
        column(
            "duplicate_seconds",
            locale.text("column-duplicate-seconds"),
            Kind::Text,
            Priority::Wide,
        ),
        column("bytes", locale.text("column-bytes"), Kind::Count, Priority::Low),
        column("server_errors", locale.text("column-server-errors"), Kind::Count, Priority::Normal),
        column("retry", locale.text("traffic-kind-retry"), Kind::Count, Priority::Wide),
        column("repeat", locale.text("traffic-kind-repeat"), Kind::Count, Priority::Wide),
        column("polling", locale.text("traffic-kind-polling"), Kind::Count, Priority::Wide),
        column("fan_out", locale.text("traffic-kind-fan-out"), Kind::Count, Priority::Wide),
        column("herd", locale.text("traffic-kind-herd"), Kind::Count, Priority::Wide),
    ]);
    for service in services {
        for endpoint in &service.endpoints {
            table.row(row(service, endpoint));
        }
    }
    table
}

fn row(service: &ServiceTraffic, endpoint: &EndpointTraffic) -> Vec<Cell> {
    let count = |count: Option<u64>| count.map_or(Cell::Missing, Cell::Count);
    let seconds = |seconds: Option<f64>| Cell::optional(seconds.map(number::significant));
    let mut row = vec![
        Cell::text(&service.service),
        Cell::text(&endpoint.method),
        Cell::text(&endpoint.template),
        Cell::Count(endpoint.total()),
        Cell::Count(endpoint.bot_requests),
        Cell::Count(endpoint.duplicates.total()),
        endpoint.duplicate_share().map_or(Cell::Missing, |share| Cell::Percent(share * 100.0)),
        seconds(endpoint.server_seconds),
        seconds(endpoint.duplicate_seconds),
        count(endpoint.bytes),
        count(endpoint.server_errors),
    ];
    row.extend(DuplicateKind::ALL.map(|kind| Cell::Count(endpoint.duplicates.of(kind))));
    row
}

/// An endpoint with duplicates of one kind.
struct Found<'a> {
    service: &'a ServiceTraffic,
    endpoint: &'a EndpointTraffic,
    kind: DuplicateKind,
    requests: u64,
}

/// Returns the duplicates by endpoint and kind, most first.
fn found<'a>(services: &[&'a ServiceTraffic]) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for service in services {
        for endpoint in &service.endpoints {
            found.extend(DuplicateKind::ALL.into_iter().filter_map(|kind| {
                let requests = endpoint.duplicates.of(kind);
                (requests > 0).then_some(Found { service, endpoint, kind, requests })
            }));
        }
    }
    found.sort_by_key(|one| std::cmp::Reverse(one.requests));
    found
}

/// Makes the table of duplicates by endpoint and kind, most first.
pub fn traffic_duplicate_table(services: &[&ServiceTraffic], style: &Style) -> Table {
    let locale = style.locale();
    let column = |key, title: String, kind, priority| Column::new(key, title, kind, priority);
    let mut table = Table::new(vec![
        column("service", locale.text("column-service"), Kind::Text, Priority::High),
        column("kind", locale.text("column-kind"), Kind::Text, Priority::Essential),
        column("method", locale.text("column-method"), Kind::Text, Priority::Essential),
        column("path", locale.text("column-path"), Kind::Text, Priority::Essential),
        column("duplicates", locale.text("column-duplicates"), Kind::Count, Priority::Essential),
        column("requests", locale.text("column-requests"), Kind::Count, Priority::High),
        column("example", locale.text("column-example"), Kind::Text, Priority::Normal),
        column("example_client", locale.text("column-client"), Kind::Text, Priority::Wide),
        column("example_version", locale.text("column-version"), Kind::Text, Priority::Low),
        column("example_first", locale.text("column-first"), Kind::Timestamp, Priority::Wide),
    ]);
    for one in found(services) {
        let group = one.endpoint.examples.iter().find(|group| group.kind == one.kind);
        table.row(vec![
            Cell::text(&one.service.service),
            Cell::text(words::kind(one.kind)),
            Cell::text(&one.endpoint.method),
            Cell::text(&one.endpoint.template),
            Cell::Count(one.requests),
            Cell::Count(one.endpoint.total()),
            Cell::optional(group.map(|group| format!("{} × {}", group.requests, group.request))),
            Cell::optional(group.and_then(|group| group.client.as_deref())),
            Cell::optional(group.and_then(|group| group.client_version.as_deref())),
            group
                .and_then(|group| group.times.first())
                .map_or(Cell::Missing, |time| Cell::Timestamp(*time)),
        ]);
    }
    table
}

/// Returns the page of duplicates: the first `limit` with examples, and what the kinds mean.
pub fn traffic_duplicates(services: &[&ServiceTraffic], limit: usize, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    let found = found(services);
    let is_looked_for = services.iter().any(|service| service.rules.is_some());
    if !is_looked_for {
        page.sentence(&locale.text("traffic-duplicates-no-log"));
    } else if found.is_empty() {
        page.sentence(&locale.text("traffic-duplicates-none"));
    }
    for one in found.iter().take(limit) {
        section(&mut page, one, style);
    }
    if found.len() > limit {
        page.gap();
        let count = (found.len() - limit).to_string();
        page.bullet(&locale.text_with("and-more", &[("count", &count)]));
    }
    if !found.is_empty() {
        page.gap();
        for kind in DuplicateKind::ALL {
            if found.iter().any(|one| one.kind == kind) {
                page.faint(&meaning(kind, style));
            }
        }
        page.faint(&locale.text("traffic-duplicates-note"));
    }
    page.finish()
}

fn section(page: &mut Page<'_>, one: &Found<'_>, style: &Style) {
    let locale = style.locale();
    let endpoint = one.endpoint;
    page.heading(&sanitise(&format!(
        "{} · {} {} · {}",
        one.service.service,
        endpoint.method,
        endpoint.template,
        words::kind_name(one.kind, locale)
    )));
    let arguments = [
        ("duplicates", number::count(one.requests)),
        ("requests", number::count(endpoint.total())),
    ];
    let arguments = arguments.each_ref().map(|(name, value)| (*name, value.as_str()));
    page.sentence(&locale.text_with("traffic-duplicates-of", &arguments));
    for group in endpoint.examples.iter().filter(|group| group.kind == one.kind).take(GROUPS) {
        let client = match (&group.client, &group.client_version) {
            (Some(client), Some(version)) => format!("{client} ({})", sanitise(version)),
            (Some(client), None) => client.clone(),
            (None, _) => locale.text("traffic-many-clients"),
        };
        let first = group.times.first().map(|time| time::date_time(*time, &style.time_zone));
        let text = locale.text_with(
            "traffic-example",
            &[
                ("count", &number::count(u64::from(group.requests))),
                ("request", &sanitise(&group.request)),
                ("client", &client),
                ("first", &first.unwrap_or_else(|| locale.text("not-known"))),
            ],
        );
        page.bullet(&text);
        if let Some(seconds) = spacing(group.times.as_slice()) {
            page.detail(&locale.text_with("traffic-example-spacing", &[("seconds", &seconds)]));
        }
    }
}

/// Returns the seconds between the times of a group.
fn spacing(times: &[jiff::Timestamp]) -> Option<String> {
    let gaps: Vec<String> = times
        .iter()
        .zip(times.iter().skip(1))
        .map(|(one, next)| number::significant(next.duration_since(*one).as_secs_f64()))
        .collect();
    if gaps.is_empty() { None } else { Some(gaps.join(", ")) }
}

fn meaning(kind: DuplicateKind, style: &Style) -> String {
    let locale = style.locale();
    match kind {
        DuplicateKind::Retry => locale.text("traffic-meaning-retry"),
        DuplicateKind::Repeat => locale.text("traffic-meaning-repeat"),
        DuplicateKind::Polling => locale.text("traffic-meaning-polling"),
        DuplicateKind::FanOut => locale.text("traffic-meaning-fan-out"),
        DuplicateKind::Herd => locale.text("traffic-meaning-herd"),
    }
}
