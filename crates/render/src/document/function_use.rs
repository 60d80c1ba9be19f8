//! The Lambda functions that are there.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use trimtab_model::function_use::{CostSource, FunctionUse, RemarkCode};
use trimtab_model::text::Text;

use super::page::Page;
use super::words;
use crate::locale::Locale;
use crate::number::count;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Remarks that are told below the list: all of them are in JSON.
const MOST_REMARKS: usize = 20;
/// Digits behind the point of what was measured.
const DIGITS: u32 = 2;

/// Makes the list of functions.
pub fn function_table<'a>(all: impl Iterator<Item = &'a FunctionUse>, style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, title: &str, kind, priority| Column::new(key, locale.text(title), kind, priority);
    let mut table = Table::new(vec![
        column("resource", "column-resource", Kind::Text, Priority::Essential),
        column("account", "column-account", Kind::Text, Priority::Wide),
        column("region", "column-region", Kind::Text, Priority::Wide),
        column("environment", "column-environment", Kind::Text, Priority::Wide),
        column("memory_mb", "column-function-memory", Kind::Count, Priority::High),
        column("architecture", "column-function-architecture", Kind::Text, Priority::Normal),
        column("calls", "column-calls-a-month", Kind::Number, Priority::Essential),
        column("duration_ms", "column-call-duration", Kind::Number, Priority::High),
        column("gb_seconds", "column-gb-seconds", Kind::Number, Priority::Normal),
        column("at_once", "column-at-once", Kind::Number, Priority::Low),
        column("at_once_busiest", "column-at-once-busiest", Kind::Number, Priority::Low),
        column("timeout_seconds", "column-timeout", Kind::Count, Priority::Low),
        column("timeout_times", "column-timeout-times", Kind::Number, Priority::Wide),
        column("errors", "column-call-errors", Kind::Percent, Priority::Wide),
        column("kept_ready", "column-kept-ready", Kind::Count, Priority::Wide),
        column("days", "column-days-read", Kind::Number, Priority::Wide),
        column("cost", "column-function-cost", Kind::Money, Priority::Essential),
        column("cost_source", "column-cost-source", Kind::Text, Priority::Wide),
        column("remarks", "column-remarks", Kind::Text, Priority::Essential),
    ]);
    for function in all {
        table.row(row(function, locale));
    }
    table
}

fn row(function: &FunctionUse, locale: Locale) -> Vec<Cell> {
    let resource = &function.resource;
    let work = function.work.as_ref().ok();
    let month = function.cost.as_ref().ok();
    let count = |count: Option<u32>| count.map_or(Cell::Missing, |count| Cell::Count(count.into()));
    let remarks: Vec<String> =
        function.remarks.iter().map(|remark| remark_word(remark.code, locale)).collect();
    vec![
        Cell::text(resource.id.as_str()),
        Cell::text(resource.account.as_str()),
        Cell::text(resource.region.as_str()),
        Cell::text(resource.environment.as_str()),
        count(function.memory_mb),
        Cell::optional(function.architecture.map(|one| one.as_str())),
        number(work.map(|work| work.calls), 0),
        number(work.and_then(|work| work.duration_ms), DIGITS),
        number(work.and_then(|work| work.gb_seconds), DIGITS),
        number(work.and_then(|work| work.at_once), DIGITS),
        number(work.and_then(|work| work.at_once_busiest), DIGITS),
        count(function.timeout_seconds),
        number(work.and_then(|work| work.timeout_times), 1),
        work.and_then(|work| work.error_share)
            .map_or(Cell::Missing, |share| Cell::Percent(share * 100.0)),
        count(function.kept_ready),
        number(work.map(|work| work.days), 1),
        Cell::amount(month.map(|month| month.cost)),
        Cell::optional(month.map(|month| source_word(month.source, locale))),
        Cell::text(remarks.join(", ")),
    ]
}

/// Returns a figure with so many digits behind the point; what is not zero is never shown as zero.
fn number(value: Option<f64>, digits: u32) -> Cell {
    let Some(value) = value.and_then(|value| Decimal::try_from(value).ok()) else {
        return Cell::Missing;
    };
    let rounded = value.round_dp(digits);
    match rounded.is_zero() {
        true => Cell::Number(value.round_sf(2).unwrap_or(value)),
        false => Cell::Number(rounded),
    }
}

fn source_word(source: CostSource, locale: Locale) -> String {
    locale.text(match source {
        CostSource::Bill => "cost-source-bill",
        CostSource::Metrics => "cost-source-metrics",
    })
}

fn remark_word(code: RemarkCode, locale: Locale) -> String {
    locale.text(match code {
        RemarkCode::Idle => "remark-idle",
        RemarkCode::IdleSoFar => "remark-idle-so-far",
        RemarkCode::TimeoutFarAbove => "remark-timeout-far-above",
        RemarkCode::TimeoutNear => "remark-timeout-near",
        RemarkCode::X86 => "remark-x86",
        RemarkCode::AlwaysBusy => "remark-always-busy",
    })
}

/// Returns what stands below the list: remarks as sentences, and why costs are not known.
pub fn function_notes<'a>(
    all: impl Iterator<Item = &'a FunctionUse> + Clone,
    style: &Style,
) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    let remarks = all.clone().flat_map(|function| {
        function.remarks.iter().map(move |remark| (&function.resource, remark))
    });
    let total = remarks.clone().count();
    if total > 0 {
        page.heading(&locale.text("function-remarks"));
    }
    for (resource, remark) in remarks.take(MOST_REMARKS) {
        let name = words::resource_name(resource);
        page.bullet(&format!("{name}: {}", style.sentence(&remark.text)));
    }
    if let Some(rest) = total.checked_sub(MOST_REMARKS).filter(|rest| *rest > 0) {
        page.bullet(&locale.text_with("function-remarks-more", &[("count", &count(rest as u64))]));
    }
    let mut unknown: BTreeMap<&Text, u64> = BTreeMap::new();
    for function in all {
        // What was not read of a function is a dash, whether its cost is on the bill or not.
        let reasons = [function.work.as_ref().err(), function.cost.as_ref().err()];
        let reasons: BTreeSet<&Text> =
            reasons.into_iter().flatten().map(|reason| &reason.reason.text).collect();
        for reason in reasons {
            *unknown.entry(reason).or_default() += 1;
        }
    }
    if !unknown.is_empty() {
        page.heading(&locale.text("function-cost-unknown"));
    }
    for (reason, functions) in unknown {
        page.bullet(&format!("{} × {}", count(functions), style.sentence(reason)));
    }
    page.finish()
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;
    use trimtab_model::function_use::{FunctionMonth, FunctionWork, Remark};
    use trimtab_model::money::Money;
    use trimtab_model::recommendation::Unknown;
    use trimtab_model::resource::{ResourceKind, ResourceRef, Tags};
    use trimtab_model::text::{Language, Reason};

    use super::*;
    use crate::table::TableOptions;

    fn function(cost: Result<FunctionMonth, Unknown>) -> FunctionUse {
        FunctionUse {
            resource: ResourceRef {
                id: "resize".into(),
                kind: ResourceKind::Function,
                account: "111122223333".into(),
                region: "us-east-1".into(),
                environment: Environment::Dev,
                name: None,
            },
            tags: Tags::new(),
            function_arn: None,
            memory_mb: Some(1024),
            architecture: None,
            timeout_seconds: Some(900),
            kept_ready: None,
            work: Ok(FunctionWork {
                days: 14.0,
                calls: 26_280.0,
                duration_ms: Some(500.0),
                longest_ms: None,
                gb_seconds: Some(13_140.0),
                at_once: Some(0.001),
                at_once_busiest: None,
                error_share: None,
                timeout_times: Some(1800.0),
            }),
            cost,
            remarks: vec![Remark {
                code: RemarkCode::TimeoutFarAbove,
                text: Text::new("Far above.", "훨씬 깁니다."),
                check: None,
                hung_call_usd: None,
            }],
        }
    }

    #[test]
    fn what_is_not_known_is_a_dash_and_its_reason_stands_below() {
        let unknown = Unknown {
            reason: Reason::new("metric-missing", "Duration was not read.", "지표가 없습니다."),
            settled_by: Vec::new(),
        };
        let known = FunctionMonth {
            cost: Money::usd(Decimal::new(224, 3)),
            source: CostSource::Metrics,
            components: Vec::new(),
        };
        let all = [function(Ok(known)), function(Err(unknown))];
        for (language, dear, below) in [
            (Language::En, "timeout-far-above", "Duration was not read."),
            (Language::Ko, "훨씬", "지표가 없습니다."),
        ] {
            let style = Style::plain(language);
            let table = function_table(all.iter(), &style);
            let text = table.render(&style, &TableOptions::default()).expect("a table");
            assert!(text.contains("26,280") && text.contains("$0.22"), "{text}");
            let notes = function_notes(all.iter(), &style);
            assert!(notes.contains(below), "{notes}");
            assert!(text.contains(dear) || notes.contains(dear), "{text}{notes}");
        }
    }

    #[test]
    fn a_figure_that_is_not_zero_is_not_shown_as_zero() {
        assert_eq!(number(Some(0.001), 2), Cell::Number(Decimal::new(1, 3)));
        assert_eq!(number(Some(0.0), 2), Cell::Number(Decimal::ZERO));
        assert_eq!(number(None, 2), Cell::Missing);
    }
}
