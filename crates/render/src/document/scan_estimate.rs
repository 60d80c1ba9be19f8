//! What a scan would call, cost and take.

use std::time::Duration;

use trimtab_model::id::{RegionId, SubAccountId};
use trimtab_model::text::Reason;

use super::page::Page;
use super::scan_report::MetricCost;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};
use crate::{money, number, sanitise};

/// What a scan would call, cost and take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanEstimate {
    /// What is expected in each account and region.
    pub places: Vec<ScanPlace>,
    /// Accounts that cannot be entered, and why.
    pub closed: Vec<(SubAccountId, Reason)>,
    /// What the known metrics cost; absent where the catalogue does not say.
    pub cost: Option<MetricCost>,
    /// How long it takes at least.
    pub time: Duration,
}

/// What a scan would do in one account and region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanPlace {
    /// The account.
    pub account: SubAccountId,
    /// The region.
    pub region: RegionId,
    /// Calls that list, at least.
    pub listings: u64,
    /// Metrics; absent where nothing was scanned yet.
    pub metrics: Option<u64>,
}

impl ScanEstimate {
    /// Returns the calls that list, at least.
    pub fn listings(&self) -> u64 {
        self.places.iter().map(|place| place.listings).sum()
    }

    /// Returns the metrics of the places that were scanned before.
    pub fn known_metrics(&self) -> u64 {
        self.places.iter().filter_map(|place| place.metrics).sum()
    }

    /// Returns how many places were never scanned, so that their metrics are unknown.
    pub fn unknown_places(&self) -> usize {
        self.places.iter().filter(|place| place.metrics.is_none()).count()
    }
}

/// Returns calls, money and time, then what is expected where.
pub fn scan_estimate(estimate: &ScanEstimate, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    let minutes = estimate.time.as_secs_f64() / 60.0;
    page.strong(&locale.text_with(
        "estimate-listings",
        &[
            ("calls", &number::count(estimate.listings())),
            ("places", &number::count(estimate.places.len() as u64)),
        ],
    ));
    let metrics = number::count(estimate.known_metrics());
    page.sentence(&match &estimate.cost {
        Some(MetricCost { cost, per_thousand, region }) => locale.text_with(
            "estimate-metrics",
            &[
                ("metrics", &metrics),
                ("cost", &money::precise(*cost)),
                ("price", &money::precise(*per_thousand)),
                ("region", region.as_str()),
            ],
        ),
        None => locale.text_with("estimate-metrics-unpriced", &[("metrics", &metrics)]),
    });
    let unknown = estimate.unknown_places();
    if unknown > 0 {
        let places = number::count(unknown as u64);
        page.sentence(&locale.text_with("estimate-unknown", &[("places", &places)]));
    }
    page.sentence(&if minutes < 1.0 {
        locale.text("estimate-under-a-minute")
    } else {
        locale.text_with("estimate-minutes", &[("minutes", &format!("{:.0}", minutes.ceil()))])
    });
    page.block(&estimate_table(estimate, style).terminal(style));
    if !estimate.closed.is_empty() {
        page.heading(&locale.text("scan-holes"));
        for (account, reason) in &estimate.closed {
            let account = sanitise(account.as_str());
            page.bullet(&format!("{account}: {}", style.sentence(&reason.text)));
        }
    }
    page.heading(&locale.text("next-commands"));
    page.command("trimtab scan");
    page.finish()
}

/// Makes the table of what is expected where.
pub fn estimate_table(estimate: &ScanEstimate, style: &Style) -> Table {
    let locale = style.locale();
    let column = |name, title, kind| Column::new(name, title, kind, Priority::Essential);
    let mut table = Table::new(vec![
        column("account", locale.text("column-account"), Kind::Text),
        column("region", locale.text("column-region"), Kind::Text),
        column("listing_calls", locale.text("column-listing-calls"), Kind::Count),
        column("metrics", locale.text("column-metrics"), Kind::Text),
    ]);
    for place in &estimate.places {
        table.row(vec![
            Cell::text(place.account.as_str()),
            Cell::text(place.region.as_str()),
            Cell::Count(place.listings),
            place.metrics.map_or_else(
                || Cell::Text(locale.text("estimate-metrics-unknown")),
                |metrics| Cell::Text(number::count(metrics)),
            ),
        ]);
    }
    table
}
