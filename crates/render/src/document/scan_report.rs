//! What a scan has read, what it could not, and what it called.

use trimtab_model::collection::{Collection, Outcome};
use trimtab_model::id::{RegionId, SubAccountId};
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::Reason;

use super::page::Page;
use super::scan_holes::scan_holes;
use crate::locale::Locale;
use crate::number;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// What a scan has read, what it could not, and what it called.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScanReport {
    /// How each listing ended.
    pub collections: Vec<Collection>,
    /// What is missing, once per reason.
    pub holes: Vec<ScanHole>,
    /// Calls to AWS, retries included.
    pub calls: u64,
    /// Whether everything was asked that should be.
    pub finished: bool,
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

/// Returns what was read per account and region, then what is missing and what to do next.
pub fn scan_report(report: &ScanReport, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    let resources: u64 = report.collections.iter().map(|one| one.resources).sum();
    page.strong(&locale.text_with(
        "scan-read",
        &[("resources", &number::count(resources)), ("calls", &number::count(report.calls))],
    ));
    page.block(&places(report, style).terminal(style));
    if !report.finished {
        page.gap();
        page.sentence(&locale.text("scan-interrupted"));
    }
    page.gap();
    page.block(&scan_holes(&report.holes, style));
    page.heading(&locale.text("next-commands"));
    page.command("trimtab analyze");
    if !report.holes.is_empty() {
        page.command("trimtab doctor");
    }
    page.finish()
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
