//! What a scan has read, what it could not, and what it called.

use std::collections::BTreeSet;

use trimtab_model::collection::{Collection, Outcome};
use trimtab_model::id::{RegionId, SubAccountId};
use trimtab_model::money::Money;
use trimtab_model::opinion::OpinionReading;
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::Reason;

use super::page::Page;
use super::scan_holes::scan_holes;
use crate::locale::Locale;
use crate::number;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};
use crate::{money, sanitise};

/// What a scan has read, what it could not, and what it called.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScanReport {
    /// How each listing ended.
    pub collections: Vec<Collection>,
    /// What is missing, once per reason.
    pub holes: Vec<ScanHole>,
    /// Calls to AWS, retries included.
    pub calls: u64,
    /// What was read of metrics.
    pub metrics: ScanMetrics,
    /// How asking AWS's own services ended, place by place.
    pub opinions: Vec<OpinionReading>,
    /// What was read of Prometheus; absent where none was to be asked.
    pub prometheus: Option<ScanPrometheus>,
    /// Whether everything was asked that should be.
    pub finished: bool,
}

/// What a scan read of Prometheus.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScanPrometheus {
    /// The server.
    pub server: String,
    /// Targets that were found.
    pub targets: u64,
    /// Targets of nothing that AWS lists.
    pub strangers: u64,
    /// Machines and databases that are watched, and how many there are.
    pub resources: (u64, u64),
    /// Samples that came.
    pub samples: u64,
    /// What could not be read, and why.
    pub holes: Vec<Reason>,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanHole {
    /// The account.
    pub account: SubAccountId,
    /// The region.
    pub region: RegionId,
    /// Why.
    pub reason: Reason,
    /// What is missing for it.
    pub kinds: Vec<ResourceKind>,
}

/// What a scan read of metrics.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScanMetrics {
    /// Metrics that were asked for: what CloudWatch charges.
    pub requested: u64,
    /// Samples that came.
    pub samples: u64,
    /// What they cost; absent where the catalogue does not say.
    pub cost: Option<MetricCost>,
    /// Where they could not be read, and why.
    pub holes: Vec<(SubAccountId, RegionId, Reason)>,
}

/// What metrics cost, and by which price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricCost {
    /// What they cost.
    pub cost: Money,
    /// The list price of a thousand.
    pub per_thousand: Money,
    /// The region whose price it is.
    pub region: RegionId,
}

/// Returns what was read per account and region, then what is missing and what to do next.
pub fn scan_report(report: &ScanReport, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    let resources: u64 = report.collections.iter().map(|one| one.resources).sum();
    // Listing is free; metrics are not.
    let read = if report.metrics.requested == 0 { "scan-read" } else { "scan-read-metrics" };
    page.strong(&locale.text_with(
        read,
        &[("resources", &number::count(resources)), ("calls", &number::count(report.calls))],
    ));
    if report.metrics.requested > 0 {
        page.sentence(&metrics(&report.metrics, locale));
    }
    if let Some(read) = &report.prometheus {
        page.sentence(&prometheus(read, locale));
    }
    page.block(&places(report, style).terminal(style));
    if !report.finished {
        page.gap();
        page.sentence(&locale.text("scan-interrupted"));
    }
    page.gap();
    page.block(&scan_holes(&report.holes, style));
    if !report.metrics.holes.is_empty() {
        page.heading(&locale.text("scan-metric-holes"));
        for (account, region, reason) in &report.metrics.holes {
            page.bullet(&format!(
                "{} · {}: {}",
                sanitise(account.as_str()),
                sanitise(region.as_str()),
                style.sentence(&reason.text)
            ));
            page.detail(&locale.text("scan-missing-metrics"));
        }
    }
    opinions(&mut page, &report.opinions, style);
    let unread = report.prometheus.iter().flat_map(|read| &read.holes);
    let unread: Vec<String> = unread.map(|reason| style.sentence(&reason.text)).collect();
    if !unread.is_empty() {
        page.heading(&locale.text("scan-prometheus-holes"));
        for reason in &unread {
            page.bullet(reason);
        }
    }
    page.heading(&locale.text("next-commands"));
    page.command("trimtab analyze");
    if !report.holes.is_empty() {
        page.command("trimtab iam policy");
    }
    page.finish()
}

/// How many machines the server watches, and what came.
fn prometheus(read: &ScanPrometheus, locale: Locale) -> String {
    let (have, need) = read.resources;
    locale.text_with(
        "scan-prometheus",
        &[
            ("server", &sanitise(&read.server)),
            ("targets", &number::count(read.targets)),
            ("strangers", &number::count(read.strangers)),
            ("have", &number::count(have)),
            ("need", &number::count(need)),
            ("samples", &number::count(read.samples)),
        ],
    )
}

/// How many metrics were asked for, what that costs, and what came.
fn metrics(metrics: &ScanMetrics, locale: Locale) -> String {
    let requested = number::count(metrics.requested);
    let samples = number::count(metrics.samples);
    match &metrics.cost {
        Some(MetricCost { cost, per_thousand, region }) => locale.text_with(
            "scan-metrics",
            &[
                ("metrics", &requested),
                ("samples", &samples),
                ("cost", &money::precise(*cost)),
                ("price", &money::precise(*per_thousand)),
                ("region", region.as_str()),
            ],
        ),
        None => locale
            .text_with("scan-metrics-unpriced", &[("metrics", &requested), ("samples", &samples)]),
    }
}

/// How many opinions AWS's own services gave, and where they did not answer.
fn opinions(page: &mut Page<'_>, readings: &[OpinionReading], style: &Style) {
    let locale = style.locale();
    if readings.is_empty() {
        return;
    }
    let read: u64 = readings.iter().map(|reading| reading.opinions).sum();
    page.gap();
    page.sentence(&locale.text_with("scan-opinions", &[("count", &read.to_string())]));
    // An account that is not enrolled says so in every region.
    let mut said: BTreeSet<(&str, &str, String)> = BTreeSet::new();
    for reading in readings {
        for reason in &reading.reasons {
            let place = reading.account.as_str();
            said.insert((reading.source.name(), place, style.sentence(&reason.text)));
        }
    }
    for (source, account, reason) in said {
        page.bullet(&format!("{source} · {}: {reason}", sanitise(account)));
    }
}

/// One row per account and region: how many resources, and how the listings ended.
fn places(report: &ScanReport, style: &Style) -> Table {
    let locale = style.locale();
    let mut table = Table::new(vec![
        Column::new("account", locale.text("column-account"), Kind::Text, Priority::Essential),
        Column::new("region", locale.text("column-region"), Kind::Text, Priority::Essential),
        Column::new("resources", locale.text("column-resources"), Kind::Count, Priority::Essential),
        Column::new("complete", locale.text("column-complete"), Kind::Count, Priority::Essential),
        Column::new("holes", locale.text("column-holes"), Kind::Count, Priority::Essential),
    ]);
    let mut rows: Vec<(&Collection, u64, u64, u64)> = Vec::new();
    for one in &report.collections {
        let counts = (
            one.resources,
            u64::from(one.outcome == Outcome::Complete),
            u64::from(one.outcome.is_hole()),
        );
        match rows.last_mut() {
            Some((first, resources, complete, holes))
                if (&first.account, &first.region) == (&one.account, &one.region) =>
            {
                *resources += counts.0;
                *complete += counts.1;
                *holes += counts.2;
            }
            _ => rows.push((one, counts.0, counts.1, counts.2)),
        }
    }
    for (place, resources, complete, holes) in rows {
        table.row(vec![
            Cell::text(place.account.as_str()),
            Cell::text(place.region.as_str()),
            Cell::Count(resources),
            Cell::Count(complete),
            Cell::Count(holes),
        ]);
    }
    table
}

/// Makes the table of listings, for machines.
pub fn scan_table(collections: &[Collection], style: &Style) -> Table {
    let locale = style.locale();
    let mut table = Table::new(vec![
        Column::new("account", locale.text("column-account"), Kind::Text, Priority::Essential),
        Column::new("region", locale.text("column-region"), Kind::Text, Priority::Essential),
        Column::new(
            "resource_type",
            locale.text("column-resource-type"),
            Kind::Text,
            Priority::Essential,
        ),
        Column::new("outcome", locale.text("column-outcome"), Kind::Text, Priority::Essential),
        Column::new("resources", locale.text("column-resources"), Kind::Count, Priority::Essential),
        Column::new("reason", locale.text("column-reason"), Kind::Text, Priority::Normal),
    ]);
    for one in collections {
        let reasons: Vec<&str> =
            one.reasons.iter().map(|reason| reason.text.get(style.language)).collect();
        table.row(vec![
            Cell::text(one.account.as_str()),
            Cell::text(one.region.as_str()),
            Cell::text(one.kind.as_str()),
            Cell::Text(outcome(one.outcome, locale)),
            Cell::Count(one.resources),
            Cell::optional((!reasons.is_empty()).then(|| reasons.join(" "))),
        ]);
    }
    table
}

/// Returns the word for how a listing ended.
fn outcome(outcome: Outcome, locale: Locale) -> String {
    locale.text(match outcome {
        Outcome::Complete => "outcome-complete",
        Outcome::Partial => "outcome-partial",
        Outcome::Denied => "outcome-denied",
        Outcome::Throttled => "outcome-throttled",
        Outcome::OptedOut => "outcome-opted-out",
        Outcome::Failed => "outcome-failed",
    })
}
