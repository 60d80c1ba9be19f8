//! What reading files brought in.

use trimtab_model::money::Money;
use trimtab_model::text::Text;

use super::cost::total_line;
use super::page::Page;
use crate::locale::Locale;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};
use crate::{money, sanitise};

/// What reading files brought in.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ingested {
    /// The files that were read.
    pub files: Vec<IngestedFile>,
    /// The files, or parts of files, that were not.
    pub failures: Vec<IngestFailure>,
    /// What the bill sums up to, per period and currency.
    pub totals: Vec<PeriodTotal>,
    /// The exports of AWS that were looked at.
    pub exports: Vec<String>,
    /// Billing periods of which nothing is new.
    pub unchanged: Vec<String>,
    /// What was asked of Cost Explorer.
    pub requests: Option<Requests>,
}

/// What was asked of Cost Explorer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requests {
    /// How many requests were made.
    pub count: u64,
    /// What they cost; absent where the catalogue does not say.
    pub cost: Option<Money>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestedFile {
    /// Its path.
    pub file: String,
    /// What it was recognised as, such as `FOCUS 1.2` or `describe-instances`.
    pub format: String,
    /// Rows, resources or samples.
    pub rows: u64,
}

/// A file that was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestFailure {
    /// File, row and column, and what is wrong.
    pub problem: Text,
    /// What to do.
    pub hint: Text,
}

/// The total of one billing period in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodTotal {
    /// The period, such as `2026-10`.
    pub period: String,
    /// `BilledCost`.
    pub billed: Money,
    /// `EffectiveCost`; absent where some of the charges have none.
    pub effective: Option<Money>,
}

/// Returns what was read, what was not, and the totals to compare with the invoice.
pub fn ingest_report(ingested: &Ingested, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    for export in &ingested.exports {
        page.sentence(&locale.text_with("ingest-export", &[("export", &sanitise(export))]));
    }
    if !ingested.unchanged.is_empty() {
        let periods = ingested.unchanged.join(", ");
        page.sentence(&locale.text_with("ingest-unchanged", &[("periods", &periods)]));
    }
    if let Some(requests) = ingested.requests {
        page.sentence(&asked(requests, locale));
    }
    if ingested.files.is_empty() {
        if ingested.unchanged.is_empty() {
            page.sentence(&locale.text("ingest-nothing"));
        }
    } else {
        let rows: u64 = ingested.files.iter().map(|file| file.rows).sum();
        page.strong(&locale.text_with(
            "ingest-read",
            &[
                ("count", &ingested.files.len().to_string()),
                ("rows", &locale.text_with("count-rows", &[("count", &rows.to_string())])),
            ],
        ));
        page.block(&files(ingested, style).terminal(style));
    }
    if !ingested.totals.is_empty() {
        page.heading(&locale.text("ingest-totals"));
        for total in &ingested.totals {
            let Some(effective) = total.effective.map(money::precise) else {
                page.bullet(&total_line(&total.period, total.billed, None, locale));
                continue;
            };
            page.bullet(&locale.text_with(
                "cost-total",
                &[
                    ("period", &sanitise(&total.period)),
                    ("currency", total.billed.currency.code()),
                    ("billed", &money::precise(total.billed)),
                    ("effective", &effective),
                ],
            ));
        }
    }
    if !ingested.failures.is_empty() {
        let count = ingested.failures.len().to_string();
        page.heading(&locale.text_with("ingest-failed", &[("count", &count)]));
        for failure in &ingested.failures {
            page.bullet(&sanitise(failure.problem.get(style.language)));
            let hint = sanitise(failure.hint.get(style.language));
            page.detail(&locale.text_with("ingest-hint", &[("hint", &hint)]));
        }
    }
    if !ingested.files.is_empty() {
        page.gap();
        page.sentence(&locale.text("ingest-next"));
    }
    page.finish()
}

/// How often Cost Explorer was asked, and what that costs.
fn asked(requests: Requests, locale: Locale) -> String {
    let count = requests.count.to_string();
    match requests.cost {
        Some(cost) => locale
            .text_with("ingest-requests", &[("count", &count), ("cost", &money::precise(cost))]),
        None => locale.text_with("ingest-requests-unpriced", &[("count", &count)]),
    }
}

fn files(ingested: &Ingested, style: &Style) -> Table {
    let locale = style.locale();
    let mut table = Table::new(vec![
        Column::new("file", locale.text("column-file"), Kind::Text, Priority::Essential),
        Column::new("format", locale.text("column-format"), Kind::Text, Priority::Essential),
        Column::new("rows", locale.text("column-rows"), Kind::Count, Priority::Essential),
    ]);
    for file in &ingested.files {
        table.row(vec![Cell::text(&file.file), Cell::text(&file.format), Cell::Count(file.rows)]);
    }
    table
}
