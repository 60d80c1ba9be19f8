//! What a daily user cost, month by month.

use jiff::civil::Date;

use trimtab_model::commitment::BillState;
use trimtab_model::document::{
    Block, Column, ColumnKind, Row, Rows, Section, Sentence, Tone, Value,
};
use trimtab_model::money::Money;
use trimtab_model::text::Text;

use super::facts::{MonthCharge, ReportFacts};
use super::figures::user_cost;
use super::ledger::{Ledger, days_of, month_before, month_name, percent_of};

/// Months that are shown.
const MOST: usize = 13;

/// Makes the section of the months that the bill covers as a whole, the oldest first.
pub(super) fn section(facts: &ReportFacts<'_>, ledger: Option<Ledger<'_>>) -> Section {
    let mut months: Vec<(&MonthCharge, Money)> = ledger
        .map(|ledger| {
            let whole = facts.course.iter().filter(|one| one.state == BillState::Whole);
            whole.filter_map(|one| Some((one, ledger.of_month(one)?))).collect()
        })
        .unwrap_or_default();
    months.sort_by_key(|(one, _)| one.month);
    let from = months.len().saturating_sub(MOST);
    let unit = |one: &MonthCharge, cost: Money| user_cost(facts, days_of(one.month), cost);
    let has_units = months.iter().any(|(one, cost)| unit(one, *cost).is_some());
    let mut last: Option<(Date, Money)> = None;
    let mut rows = Vec::new();
    for (one, cost) in months.get(from..).unwrap_or_default() {
        let now = unit(one, *cost);
        // A month that is not whole stands between two that are no neighbours.
        let before = last.filter(|(month, _)| month_before(one.month) == Some(*month));
        rows.push(row(one, *cost, now, before.map(|(_, unit)| unit)));
        last = now.map(|unit| (one.month, unit));
    }
    let block = if has_units {
        Block::Rows(Rows {
            name: "unit_trend".into(),
            title: None,
            columns: vec![
                Column::new("month", ColumnKind::Text, "Month", "월"),
                Column::new("cost", ColumnKind::Amount, "Cost of the month", "월 비용"),
                Column::new("unit", ColumnKind::Amount, "Per daily user", "DAU당 비용"),
                Column::new("change", ColumnKind::Percent, "Than the month before", "전달 대비"),
            ],
            rows,
        })
    } else {
        Block::missing(Sentence::plain(
            "Cost per daily user by month is not known: it needs whole months of the bill and the users of each of their \
             days, from `users.csv` or traffic logs.",
            "월별 DAU당 비용을 알 수 없습니다. 한 달치 청구 데이터와 그달 모든 날의 사용자 수(`users.csv`나 트래픽 로그)가 \
             필요합니다.",
            &[],
        ))
    };
    Section {
        name: "unit_trend".into(),
        title: Some(Text::new("Unit cost by month", "월별 단위당 비용")),
        blocks: vec![block],
    }
}

fn row(one: &MonthCharge, cost: Money, now: Option<Money>, before: Option<Money>) -> Row {
    let change =
        now.zip(before).and_then(|(now, before)| percent_of(now.checked_sub(before).ok()?, before));
    let tone = now
        .zip(before)
        .and_then(|(now, before)| now.checked_sub(before).ok())
        .map_or(Tone::Plain, Tone::of_change);
    Row::new(vec![
        Value::Text(month_name(one.month)),
        Value::Amount(cost),
        now.map_or_else(
            || {
                Value::Missing(Text::new(
                    "users of some of its days are not known",
                    "사용자 수를 모르는 날이 있습니다",
                ))
            },
            Value::UnitPrice,
        ),
        change.map_or_else(
            || Value::Missing(Text::new("nothing to compare with", "비교할 달이 없습니다")),
            Value::PercentChange,
        ),
    ])
    .toned(3, tone)
}
