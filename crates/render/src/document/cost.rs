//! Costs per group, and how they changed.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use trimtab_model::money::{Currency, Money};

use super::page::Page;
use crate::locale::Locale;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// The cost of one group in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostRow {
    /// The group: a service, an account, a currency, a day.
    pub key: String,
    /// `BilledCost`.
    pub billed: Money,
    /// `EffectiveCost` of the charges that have one; absent where none has.
    pub effective: Option<Money>,
    /// Whether every charge has an `EffectiveCost`; else the sum is a part of the truth.
    pub effective_complete: bool,
    /// `ListCost`; absent where some of the charges have none.
    pub list: Option<Money>,
    /// `ContractedCost`; absent where some of the charges have none.
    pub contracted: Option<Money>,
}

/// The cost of one group in two periods, in one basis and currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostChange {
    /// The group.
    pub key: String,
    /// The cost in the earlier period; absent where the group has none.
    pub before: Option<Money>,
    /// The cost in the later period; absent where the group has none.
    pub after: Option<Money>,
}

/// Makes the table of costs. `key_title` names the grouping in the reader's language.
///
/// Shares are of the effective cost of `whole`, of which `rows` may be a part, within one
/// currency.
pub fn cost_table(rows: &[CostRow], whole: &[CostRow], key_title: &str, style: &Style) -> Table {
    let locale = style.locale();
    let mut table = Table::new(vec![
        Column::new("key", key_title, Kind::Text, Priority::Essential),
        Column::new("billed", locale.text("column-billed"), Kind::Money, Priority::Essential),
        Column::new("effective", locale.text("column-effective"), Kind::Money, Priority::Essential),
        Column::new("share", locale.text("column-share"), Kind::Percent, Priority::High),
        Column::new("list", locale.text("column-list"), Kind::Money, Priority::Normal),
        Column::new("contracted", locale.text("column-contracted"), Kind::Money, Priority::Wide),
    ]);
    for row in rows {
        let share = row.effective.and_then(|effective| {
            percent_of(effective.amount, effective_sum(whole, effective.currency)?.amount)
        });
        table.row(vec![
            Cell::text(&row.key),
            Cell::Amount(row.billed),
            Cell::amount(row.effective),
            share.map_or(Cell::Missing, Cell::Percent),
            Cell::amount(row.list),
            Cell::amount(row.contracted),
        ]);
    }
    table
}

/// Makes the table of changes, with the difference and its share of the earlier cost.
pub fn cost_changes(changes: &[CostChange], key_title: &str, style: &Style) -> Table {
    let locale = style.locale();
    let mut table = Table::new(vec![
        Column::new("key", key_title, Kind::Text, Priority::Essential),
        Column::new("before", locale.text("column-before"), Kind::Money, Priority::High),
        Column::new("after", locale.text("column-after"), Kind::Money, Priority::High),
        Column::new(
            "difference",
            locale.text("column-difference"),
            Kind::Money,
            Priority::Essential,
        ),
        Column::new("percent", locale.text("column-percent"), Kind::Percent, Priority::Normal),
    ]);
    for change in changes {
        let difference = difference(change);
        let percent = difference
            .zip(change.before)
            .and_then(|(difference, before)| percent_of(difference.amount, before.amount));
        table.row(vec![
            Cell::text(&change.key),
            Cell::amount(change.before),
            Cell::amount(change.after),
            Cell::amount(difference),
            percent.map_or(Cell::Missing, Cell::Percent),
        ]);
    }
    table
}

/// Returns the lines below a cost table: totals with their basis and period, and the rate.
///
/// `period` says what the amounts cover, such as `2026-10-01..2026-11-01`.
pub fn cost_total(rows: &[CostRow], period: &str, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    let currencies: BTreeSet<Currency> = rows.iter().map(|row| row.billed.currency).collect();
    for currency in &currencies {
        let Some(billed) = billed_sum(rows, *currency) else { continue };
        let effective = effective_sum(rows, *currency).map(|money| style.displayed(money));
        page.sentence(&total_line(period, style.displayed(billed), effective, locale));
    }
    for line in style.rate_lines(currencies) {
        page.faint(&line);
    }
    page.finish()
}

/// Returns one total with its period, basis and currency, every digit shown.
pub(super) fn total_line(
    period: &str,
    billed: Money,
    effective: Option<Money>,
    locale: Locale,
) -> String {
    let effective = effective.map_or_else(|| locale.text("not-known"), crate::money::full);
    locale.text_with(
        "cost-total",
        &[
            ("period", &crate::sanitise(period)),
            ("currency", billed.currency.code()),
            ("billed", &crate::money::full(billed)),
            ("effective", &effective),
        ],
    )
}

/// A group that one period lacks cost nothing in it: both periods were read.
fn difference(change: &CostChange) -> Option<Money> {
    let currency = change.before.or(change.after)?.currency;
    let before = change.before.unwrap_or(Money::zero(currency));
    change.after.unwrap_or(Money::zero(currency)).checked_sub(before).ok()
}

fn billed_sum(rows: &[CostRow], currency: Currency) -> Option<Money> {
    rows.iter()
        .map(|row| row.billed)
        .filter(|billed| billed.currency == currency)
        .try_fold(Money::zero(currency), |sum, billed| sum.checked_add(billed).ok())
}

/// Absent where one row's effective cost is: a part of a sum is not the sum.
fn effective_sum(rows: &[CostRow], currency: Currency) -> Option<Money> {
    rows.iter()
        .filter(|row| row.billed.currency == currency)
        .try_fold(Money::zero(currency), |sum, row| sum.checked_add(row.effective?).ok())
}

fn percent_of(part: Decimal, whole: Decimal) -> Option<f64> {
    part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)?.to_f64()
}
