//! What was read, what is missing, and what it would unlock.

use trimtab_model::coverage::{Coverage, SourceCoverage, SourceStatus};

use super::page::Page;
use super::words;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};
use crate::{sanitise, time};

/// Returns the page about every source, present and absent.
pub fn coverage(coverage: &Coverage, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    if coverage.sources.is_empty() {
        page.sentence(&locale.text("coverage-empty"));
        return page.finish();
    }
    page.block(&coverage_table(coverage, style).terminal(style));
    exemptions(&mut page, coverage, style);
    let incomplete: Vec<&SourceCoverage> =
        coverage.sources.iter().filter(|source| source.status != SourceStatus::Complete).collect();
    if incomplete.is_empty() {
        page.gap();
        page.sentence(&locale.text("coverage-complete"));
        return page.finish();
    }
    page.heading(&locale.text("coverage-missing"));
    for source in incomplete {
        page.bullet(&format!("{}: {}", sanitise(&source.source), style.sentence(&source.text)));
        if !source.unlocks.is_empty() {
            let checks: Vec<&str> = source.unlocks.iter().map(|check| check.as_str()).collect();
            let text = locale.text_with("coverage-unlocks", &[("checks", &checks.join(", "))]);
            page.detail(&text);
        }
    }
    page.finish()
}

/// Adds what became of each rule that takes resources out of checks.
fn exemptions(page: &mut Page<'_>, coverage: &Coverage, style: &Style) {
    if coverage.exemptions.is_empty() {
        return;
    }
    page.heading(&style.locale().text("coverage-exemptions"));
    for rule in &coverage.exemptions {
        page.bullet(&format!("{}: {}", sanitise(&rule.rule), style.sentence(&rule.text)));
    }
}

/// Makes the table of sources; the rules that take resources out stand behind them.
pub fn coverage_table(coverage: &Coverage, style: &Style) -> Table {
    let locale = style.locale();
    let mut table = Table::new(vec![
        Column::new("source", locale.text("column-source"), Kind::Text, Priority::Essential)
            .cut_late(),
        Column::new("status", locale.text("column-status"), Kind::Text, Priority::Essential)
            .ranked(words::coverage_scale(locale)),
        Column::new("resources", locale.text("column-resources"), Kind::Text, Priority::High),
        Column::new("from", locale.text("column-from"), Kind::Text, Priority::Normal),
        Column::new("until", locale.text("column-until"), Kind::Text, Priority::Normal),
        Column::new("checks", locale.text("column-checks"), Kind::Count, Priority::High),
    ]);
    for source in &coverage.sources {
        let date = |moment| time::date(moment, &style.time_zone);
        table.row(vec![
            Cell::text(&source.source),
            Cell::Text(words::source_status(source.status, locale)),
            Cell::optional(source.resources.map(|(seen, needed)| format!("{seen}/{needed}"))),
            Cell::optional(source.from.map(date)),
            Cell::optional(source.until.map(date)),
            Cell::Count(source.unlocks.len() as u64),
        ]);
    }
    for rule in &coverage.exemptions {
        table.row(vec![
            Cell::text(&rule.rule),
            Cell::Text(words::exemption_status(rule.status, locale)),
            Cell::text(rule.resources.to_string()),
            Cell::Missing,
            Cell::optional(rule.until.map(|last| last.to_string())),
            Cell::Missing,
        ]);
    }
    table
}
