//! Which services made the difference between two months.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use trimtab_model::document::{Block, Column, ColumnKind, Row, Rows, Sentence, Tone, Value};
use trimtab_model::money::Money;
use trimtab_model::text::{Text, counted};

use super::bridge::Bridge;
use super::ledger::{Ledger, days_of, month_name, percent_of};

/// Rows of the table; the rest stands in one row, so that it adds up.
const MOST_ROWS: usize = 10;

/// What a service cost in a month and in the one before.
#[derive(Debug, Clone, Copy)]
struct Sums {
    before: Money,
    after: Money,
}

impl Sums {
    fn change(self) -> Option<Money> {
        self.after.checked_sub(self.before).ok()
    }

    fn with(self, other: Self) -> Option<Self> {
        Some(Self {
            before: self.before.checked_add(other.before).ok()?,
            after: self.after.checked_add(other.after).ok()?,
        })
    }
}

/// Makes the table, the largest difference first; absent where an amount is too large.
pub(super) fn table(ledger: Ledger<'_>, before: Date, month: Date) -> Option<Block> {
    let zero = Money::zero(ledger.currency);
    let nothing = Sums { before: zero, after: zero };
    let mut services: BTreeMap<&str, Sums> = BTreeMap::new();
    for (meter, cost) in ledger.meters(before) {
        let sums = services.entry(&meter.service).or_insert(nothing);
        *sums = sums.with(Sums { before: cost, after: zero })?;
    }
    for (meter, cost) in ledger.meters(month) {
        let sums = services.entry(&meter.service).or_insert(nothing);
        *sums = sums.with(Sums { before: zero, after: cost })?;
    }
    let together = services.values().try_fold(nothing, |all, one| all.with(*one))?;
    let mut services: Vec<(&str, Sums)> = services.into_iter().collect();
    services.sort_by_key(|(name, sums)| {
        let size = sums.change().map(|change| change.amount.abs());
        (std::cmp::Reverse(size), std::cmp::Reverse(sums.after.amount), *name)
    });
    let shown = services.iter().take(MOST_ROWS);
    let mut rows: Vec<Row> =
        shown.map(|(name, sums)| row(Value::Name((*name).to_owned()), *sums)).collect();
    let others = services.get(MOST_ROWS..).unwrap_or_default();
    if !others.is_empty() {
        let words = Text::new(
            counted(others.len(), "more service"),
            format!("그 밖의 서비스 {}개", others.len()),
        );
        let sum = others.iter().try_fold(nothing, |all, (_, one)| all.with(*one))?;
        rows.push(row(Value::Text(words), sum));
    }
    rows.push(row(Value::text("Together", "합계"), together).total());
    let of_month = |name: &str, month: Date| Column {
        name: name.to_owned(),
        title: month_name(month),
        kind: ColumnKind::Amount,
    };
    Some(Block::Rows(Rows {
        name: "services".into(),
        title: Some(Text::new("By service", "서비스별")),
        columns: vec![
            Column::new("service", ColumnKind::Text, "Service", "서비스"),
            of_month("before", before),
            of_month("cost", month),
            Column::new("change", ColumnKind::Amount, "Change", "증감"),
            Column::new("percent", ColumnKind::Percent, "%", "%"),
        ],
        rows,
    }))
}

fn row(name: Value, sums: Sums) -> Row {
    let change = sums.change();
    let percent = change.and_then(|change| percent_of(change, sums.before));
    Row::new(vec![
        name,
        Value::Amount(sums.before),
        Value::Amount(sums.after),
        change.map_or_else(
            || Value::Missing(Text::new("the amount is too large", "금액이 너무 큽니다")),
            Value::Change,
        ),
        percent.map_or_else(
            || Value::Missing(Text::new("it cost nothing before", "전달에는 비용이 없었습니다")),
            Value::PercentChange,
        ),
    ])
    .toned(3, change.map_or(Tone::Plain, Tone::of_change))
}

/// Says what a day cost, where one of the months has more of them.
pub(super) fn per_day(bridge: &Bridge, before: Date, month: Date) -> Option<Block> {
    let (days_before, days) = (days_of(before).count(), days_of(month).count());
    if days_before == days {
        return None;
    }
    let a_day = |sum: Money, days: usize| {
        let amount = sum.amount.checked_div(Decimal::from(days))?;
        Some(Money::new(amount, sum.currency))
    };
    let (from, to) = (a_day(bridge.from, days_before)?, a_day(bridge.to, days)?);
    let percent = percent_of(to.checked_sub(from).ok()?, from)?;
    let count = |days: usize| Value::Count(u64::try_from(days).unwrap_or(u64::MAX));
    Some(Block::note(Sentence::plain(
        "The months have {before} and {days} days. A day cost {from}, then {to} ({percent}).",
        "두 달은 각각 {before}일과 {days}일입니다. 하루 평균 비용은 {from}에서 {to}({percent})입니다.",
        &[
            ("before", count(days_before)),
            ("days", count(days)),
            ("from", Value::Amount(from)),
            ("to", Value::Amount(to)),
            ("percent", Value::PercentChange(percent)),
        ],
    )))
}
