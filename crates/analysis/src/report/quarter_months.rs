//! What each month of a quarter cost.

use jiff::civil::Date;

use trimtab_model::document::{Block, Column, ColumnKind, Row, Rows, Section, Tone, Value};
use trimtab_model::money::Money;
use trimtab_model::text::Text;

use super::ledger::{Ledger, month_before, month_name, percent_of, total};
use super::monthly::whole_month;
use super::movers::missing_bill;

/// Makes the section. A month that the bill covers in part has no cost here.
pub(super) fn section(ledger: Option<Ledger<'_>>, months: [Date; 3]) -> Section {
    let block = ledger.map_or_else(missing_bill, |ledger| table(ledger, months));
    Section {
        name: "months".into(),
        title: Some(Text::new("Month by month", "월별 비용")),
        blocks: vec![block],
    }
}

fn table(ledger: Ledger<'_>, months: [Date; 3]) -> Block {
    let mut rows: Vec<Row> = months.iter().map(|month| row(ledger, *month)).collect();
    let known: Vec<Money> = months.iter().filter_map(|month| whole_month(ledger, *month)).collect();
    let words = if known.len() == months.len() {
        Text::new("Together", "합계")
    } else {
        Text::new("Together, as far as the bill goes", "합계(청구 데이터가 있는 달)")
    };
    let sum = total(ledger.currency, known.iter().copied()).filter(|_| !known.is_empty());
    if let Some(sum) = sum {
        let none = || Value::text("", "");
        rows.push(Row::new(vec![Value::Text(words), Value::Amount(sum), none(), none()]).total());
    }
    Block::Rows(Rows {
        name: "months".into(),
        title: None,
        columns: vec![
            Column::new("month", ColumnKind::Text, "Month", "월"),
            Column::new("cost", ColumnKind::Amount, "Cost", "비용"),
            Column::new("change", ColumnKind::Amount, "Change", "증감"),
            Column::new("percent", ColumnKind::Percent, "%", "%"),
        ],
        rows,
    })
}

fn row(ledger: Ledger<'_>, month: Date) -> Row {
    let cost = whole_month(ledger, month);
    let before = month_before(month).and_then(|month| whole_month(ledger, month));
    let change = cost.zip(before).and_then(|(cost, before)| cost.checked_sub(before).ok());
    let percent = change.zip(before).and_then(|(change, before)| percent_of(change, before));
    let not_whole = || {
        Value::Missing(Text::new(
            "the bill does not cover all of it",
            "청구 데이터가 다 있지 않습니다",
        ))
    };
    let no_before = || {
        Value::Missing(Text::new(
            "one of the two months is not whole in the bill",
            "두 달 중 청구 데이터가 다 있지 않은 달이 있습니다",
        ))
    };
    Row::new(vec![
        Value::Text(month_name(month)),
        cost.map_or_else(not_whole, Value::Amount),
        change.map_or_else(no_before, Value::Change),
        percent.map_or_else(no_before, Value::PercentChange),
    ])
    .toned(2, change.map_or(Tone::Plain, Tone::of_change))
}
