//! `trimtab cost`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{self, CostQuery};
use trimtab_model::money::{Currency, Money};
use trimtab_render::contract::cost_summary_json;
use trimtab_render::document::{CostChange, CostRow, cost_changes, cost_table, cost_total};
use trimtab_store::cost::{CostFilter, CostGroup, GroupBy};

use crate::cli::{
    CostBy, CostCommand, CostDiffArgs, CostFilterArgs, CostSummaryArgs, CostTopArgs, Output,
};
use crate::commands::analyze::isolation;
use crate::console::{Console, no_such_column};
use crate::terminal::{Printed, ProgressBar, print_json, print_text};

/// Rows of `cost top` where `--limit` says nothing.
const TOP: usize = 10;

/// Runs `trimtab cost …`.
pub fn run(console: &Console, command: &CostCommand) -> Result<Printed, Failure> {
    match command {
        CostCommand::Summary(args) => summary(console, args),
        CostCommand::Top(args) => top(console, args),
        CostCommand::Diff(args) => diff(console, args),
        CostCommand::Allocation(args) => super::allocation::run(console, args),
        CostCommand::Unit(args) => super::unit_cost::run(console, args),
    }
}

fn summary(console: &Console, args: &CostSummaryArgs) -> Result<Printed, Failure> {
    let (mut answers, printed) =
        ask(console, &args.filter, vec![query(args.by, filter(&args.filter))])?;
    let groups = answers.pop().unwrap_or_default();
    let mut rows = rows(console, &groups);
    // Days and months read forwards in time, everything else by weight.
    if !matches!(args.by, CostBy::Day | CostBy::Month) {
        rows.sort_by(by_weight);
    }
    let shown = console.options.limit.unwrap_or(rows.len());
    print(console, &rows, shown, args.by, &args.filter, printed)
}

fn top(console: &Console, args: &CostTopArgs) -> Result<Printed, Failure> {
    let (mut answers, printed) =
        ask(console, &args.filter, vec![query(args.by, filter(&args.filter))])?;
    let groups = answers.pop().unwrap_or_default();
    let mut rows = rows(console, &groups);
    rows.sort_by(by_weight);
    let shown = console.options.limit.unwrap_or(TOP);
    print(console, &rows, shown, args.by, &args.filter, printed)
}

/// Prints the first `shown` of `rows`; shares and the total are of all of them.
fn print(
    console: &Console,
    rows: &[CostRow],
    shown: usize,
    by: CostBy,
    filter: &CostFilterArgs,
    printed: Printed,
) -> Result<Printed, Failure> {
    let first: Vec<CostRow> = in_order(console, rows, by)?.into_iter().take(shown).collect();
    if rows.iter().any(|row| !row.effective_complete) {
        console.say(&console.style.locale().text("cost-effective-incomplete"));
    }
    say_coarse(console, filter)?;
    if console.output == Some(Output::Json) {
        print_json(&cost_summary_json(&first))?;
        return Ok(printed);
    }
    let table = cost_table(&first, rows, &title(console, by), &console.style);
    console.print_table("cost.summary", &table)?;
    if console.is_table() {
        print_text(&format!("\n{}", cost_total(rows, &period(console, filter), &console.style)))?;
    }
    Ok(printed)
}

/// Says which months are Cost Explorer's: they have no resources, and no days of their own.
pub(super) fn say_coarse(console: &Console, filter: &CostFilterArgs) -> Result<(), Failure> {
    if filter.from.is_some() {
        return Ok(());
    }
    let months = pipeline::cost_explorer_months(&console.settings)?;
    if !months.is_empty() {
        let months = months.join(", ");
        let locale = console.style.locale();
        console.say(&locale.text_with("cost-from-cost-explorer", &[("months", &months)]));
    }
    Ok(())
}

/// Returns the rows in the order that was asked for; without one, as they are.
fn in_order(console: &Console, rows: &[CostRow], by: CostBy) -> Result<Vec<CostRow>, Failure> {
    let Some(sort) = &console.options.sort else { return Ok(rows.to_vec()) };
    let places = cost_table(rows, rows, &title(console, by), &console.style)
        .sorted(sort)
        .map_err(|cause| no_such_column(&cause))?;
    Ok(places.into_iter().filter_map(|place| rows.get(place).cloned()).collect())
}

fn diff(console: &Console, args: &CostDiffArgs) -> Result<Printed, Failure> {
    let queries = [&args.before, &args.after]
        .into_iter()
        .map(|text| {
            let (from, until) = span(text)?;
            let filter =
                CostFilter { from: Some(from), until: Some(until), ..filter(&args.filter) };
            Ok(query(args.by, filter))
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    let (mut answers, printed) = ask(console, &args.filter, queries)?;
    let after = answers.pop().unwrap_or_default();
    let before = answers.pop().unwrap_or_default();
    let mut sides: BTreeMap<(String, Currency), (Option<Money>, Option<Money>)> = BTreeMap::new();
    for group in &before {
        sides.entry((key(console, group), group.currency)).or_default().0 = group.effective;
    }
    for group in &after {
        sides.entry((key(console, group), group.currency)).or_default().1 = group.effective;
    }
    let mut changes: Vec<CostChange> = sides
        .into_iter()
        .map(|((key, _), (before, after))| CostChange { key, before, after })
        .collect();
    changes.sort_by_key(|change| {
        let amount = |money: Option<Money>| money.map(|money| money.amount).unwrap_or_default();
        std::cmp::Reverse((amount(change.after) - amount(change.before)).abs())
    });
    console.print_table(
        "cost.diff",
        &cost_changes(&changes, &title(console, args.by), &console.style),
    )?;
    if console.is_table() {
        let locale = console.style.locale();
        let currencies: BTreeSet<Currency> = changes
            .iter()
            .filter_map(|change| change.before.or(change.after))
            .map(|money| money.currency)
            .collect();
        let rates = console.style.rate_lines(currencies);
        if !rates.is_empty() {
            print_text(&rates.join("\n"))?;
        }
        console.say(
            &locale
                .text_with("cost-diff-basis", &[("before", &args.before), ("after", &args.after)]),
        );
    }
    Ok(printed)
}

/// Asks what was ingested, or a directory alone.
pub(super) fn ask(
    console: &Console,
    filter: &CostFilterArgs,
    queries: Vec<CostQuery>,
) -> Result<(Vec<Vec<CostGroup>>, Printed), Failure> {
    console.explain_currency();
    match &filter.from {
        None => Ok((pipeline::cost_groups(&console.settings, &queries)?, Printed::Complete)),
        Some(dir) => {
            let locale = console.style.locale();
            let bar = ProgressBar::start(&locale.text("progress-ingest"), locale, console.quiet);
            let (answers, errors) =
                pipeline::query_exports(dir, &isolation()?, &queries, &|progress| {
                    bar.show(progress);
                })?;
            drop(bar);
            console.problems(&errors, &[]);
            let printed = if errors.is_empty() { Printed::Complete } else { Printed::Partial };
            Ok((answers, printed))
        }
    }
}

fn query(by: CostBy, filter: CostFilter) -> CostQuery {
    let by = match by {
        CostBy::Currency => GroupBy::Currency,
        CostBy::Service => GroupBy::Service,
        CostBy::Account => GroupBy::Account,
        CostBy::Region => GroupBy::Region,
        CostBy::Resource => GroupBy::Resource,
        CostBy::Day => GroupBy::Day,
        CostBy::Month => GroupBy::Month,
        CostBy::Category => GroupBy::Category,
        CostBy::UsageType => GroupBy::UsageType,
    };
    CostQuery { by, then: None, filter }
}

pub(super) fn filter(args: &CostFilterArgs) -> CostFilter {
    CostFilter {
        from: args.since,
        until: args.until,
        account: args.account.clone(),
        service: args.service.clone(),
        region: args.region.clone(),
        ..CostFilter::default()
    }
}

fn rows(console: &Console, groups: &[CostGroup]) -> Vec<CostRow> {
    groups
        .iter()
        .map(|group| CostRow {
            key: key(console, group),
            billed: group.billed,
            effective: group.effective,
            effective_complete: group.effective_complete,
            list: group.list,
            contracted: group.contracted,
        })
        .collect()
}

/// Names a group; in machine formats a group without a name is empty.
fn key(console: &Console, group: &CostGroup) -> String {
    match group.key.first() {
        None => group.currency.to_string(),
        Some(Some(key)) => key.clone(),
        Some(None) if console.is_table() => console.style.locale().text("cost-unnamed"),
        Some(None) => String::new(),
    }
}

fn by_weight(left: &CostRow, right: &CostRow) -> std::cmp::Ordering {
    let amount = |row: &CostRow| row.effective.unwrap_or(row.billed).amount;
    left.billed
        .currency
        .cmp(&right.billed.currency)
        .then_with(|| amount(right).cmp(&amount(left)))
        .then_with(|| left.key.cmp(&right.key))
}

fn title(console: &Console, by: CostBy) -> String {
    let locale = console.style.locale();
    match by {
        CostBy::Currency => locale.text("cost-by-currency"),
        CostBy::Service => locale.text("cost-by-service"),
        CostBy::Account => locale.text("cost-by-account"),
        CostBy::Region => locale.text("cost-by-region"),
        CostBy::Resource => locale.text("cost-by-resource"),
        CostBy::Day => locale.text("cost-by-day"),
        CostBy::Month => locale.text("cost-by-month"),
        CostBy::Category => locale.text("cost-by-category"),
        CostBy::UsageType => locale.text("cost-by-usage-type"),
    }
}

pub(super) fn period(console: &Console, filter: &CostFilterArgs) -> String {
    match (filter.since, filter.until) {
        (None, None) => console.style.locale().text("cost-whole-period"),
        (since, until) => {
            let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
            format!("{}..{}", day(since), day(until))
        }
    }
}

/// Reads `2026-09`, or `2026-09-01..2026-09-15`, whose last day is left out.
fn span(text: &str) -> Result<(Date, Date), Failure> {
    let wrong = || {
        Failure::usage(
            (format!("`{text}` is not a period"), format!("`{text}`: 기간이 아닙니다")),
            (
                "write a month such as 2026-09, or two days such as 2026-09-01..2026-09-15 (the second is left out)",
                "2026-09와 같은 월이나 2026-09-01..2026-09-15와 같은 두 날짜를 쓰세요(뒤의 날짜는 들어가지 않습니다)",
            ),
        )
    };
    if let Some((from, until)) = text.split_once("..") {
        let from: Date = from.parse().map_err(|_| wrong())?;
        let until: Date = until.parse().map_err(|_| wrong())?;
        return if from < until { Ok((from, until)) } else { Err(wrong()) };
    }
    let from: Date = format!("{text}-01").parse().map_err(|_| wrong())?;
    let until = from.saturating_add(jiff::Span::new().months(1));
    Ok((from, until))
}
