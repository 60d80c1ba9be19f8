//! What commitments did in a month.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use trimtab_model::commitment::{BillState, CommitmentMonth, CoveredUsage};
use trimtab_model::document::{
    Block, Column, ColumnKind, Row, Rows, Section, Sentence, Tone, Value,
};
use trimtab_model::money::Money;
use trimtab_model::text::Text;

use super::facts::ReportFacts;
use super::ledger::percent_of;

/// What the figures of one commitment in one billing period come to. Reports and pages show the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CommitmentFigures {
    /// What was paid for it, used and unused; absent where the bill does not tell both.
    pub paid: Option<Money>,
    /// The share of `paid` that covered use, in percent.
    pub used_percent: Option<f64>,
    /// 1 − paid ÷ the on-demand cost of what it covered, in percent. Below zero it cost more than it saved.
    pub below_on_demand_percent: Option<f64>,
}

impl CommitmentFigures {
    /// Computes them.
    pub fn of(month: &CommitmentMonth) -> Self {
        Self::from_sums(month.used, month.unused, month.on_demand)
    }

    /// Computes them of several commitments together.
    pub fn together(months: &[&CommitmentMonth]) -> Self {
        let sum = |amount: fn(&CommitmentMonth) -> Option<Money>| {
            let mut amounts = months.iter().map(|month| amount(month));
            let first = amounts.next()??;
            amounts.try_fold(first, |sum, next| sum.checked_add(next?).ok())
        };
        Self::from_sums(sum(|one| one.used), sum(|one| one.unused), sum(|one| one.on_demand))
    }

    fn from_sums(used: Option<Money>, unused: Option<Money>, on_demand: Option<Money>) -> Self {
        let paid = used.zip(unused).and_then(|(used, unused)| used.checked_add(unused).ok());
        Self {
            paid,
            used_percent: used.zip(paid).and_then(|(used, paid)| percent_of(used, paid)),
            below_on_demand_percent: paid.zip(on_demand).and_then(|(paid, on_demand)| {
                percent_of(on_demand.checked_sub(paid).ok()?, on_demand)
            }),
        }
    }
}

/// Returns the share of usage that commitments covered, in percent of its list cost; absent where there is none.
pub fn coverage_percent(covered: Money, uncovered: Money) -> Option<f64> {
    percent_of(covered, covered.checked_add(uncovered).ok()?)
}

/// Makes the section of the commitments of a month.
pub(super) fn section(facts: &ReportFacts<'_>, month: Date) -> Section {
    let of_month = |commitment: &&CommitmentMonth| {
        let start = commitment.period.start().to_zoned_datetime(TimeZone::UTC).date();
        start.first_of_month() == month
    };
    let rows: Vec<Row> = facts.bill.commitments.iter().filter(of_month).map(row).collect();
    let mut blocks = Vec::new();
    if rows.is_empty() {
        blocks.push(Block::missing(Sentence::plain(
            "The bill names no commitment in this month. Where there are Savings Plans or reservations, a bill with \
             commitment columns (FOCUS 1.2 or CUR) would show them.",
            "이 달 청구 데이터에 약정이 없습니다. Savings Plans나 예약이 있다면 약정 열이 있는 청구 데이터(FOCUS 1.2 또는 CUR)에 \
             나타납니다.",
            &[],
        )));
    } else {
        blocks.push(Block::Rows(Rows {
            name: "commitments".into(),
            title: None,
            columns: columns(),
            rows,
        }));
        blocks.push(Block::note(Sentence::plain(
            "The effective savings rate is 1 − paid ÷ on-demand cost of what the commitment covered.",
            "실효 절감률은 1 − 지불액 ÷ 약정이 덮은 사용량의 온디맨드 비용입니다.",
            &[],
        )));
        blocks.extend(coverage(facts, month));
    }
    Section { name: "commitments".into(), title: Some(Text::new("Commitments", "약정")), blocks }
}

/// Says how much of the compute commitments covered, currency by currency.
fn coverage(facts: &ReportFacts<'_>, month: Date) -> Vec<Block> {
    let name = month.strftime("%Y-%m").to_string();
    let of_month = facts.bill.covered_compute.iter().filter(|usage| usage.month == name);
    let known: Option<Vec<Block>> = of_month.map(covered).collect();
    known.filter(|blocks| !blocks.is_empty()).unwrap_or_else(|| {
        vec![Block::missing(Sentence::plain(
            "Compute coverage is not known: the bill has no list cost of all of that usage.",
            "컴퓨팅 커버리지는 알 수 없습니다. 청구 데이터에 정가(ListCost)가 없는 사용량이 있습니다.",
            &[],
        ))]
    })
}

/// Returns none where a cost is not known.
fn covered(usage: &CoveredUsage) -> Option<Block> {
    let (covered, uncovered) = (usage.covered?, usage.uncovered?);
    let values = [
        ("share", Value::Percent(coverage_percent(covered, uncovered)?)),
        ("uncovered", Value::Amount(uncovered)),
    ];
    Some(Block::note(Sentence::plain(
        "Compute coverage is {share} of list cost: EC2, Fargate and Lambda without Spot. {uncovered} of it ran without \
         a commitment. The bill does not tell which other usage one could have covered.",
        "컴퓨팅 커버리지는 정가 기준 {share}입니다(EC2, Fargate, Lambda, 스팟 제외). 약정 없이 쓴 금액은 {uncovered}입니다. \
         그 밖에 약정으로 덮을 수 있었던 사용량은 청구 데이터로 알 수 없습니다.",
        &values,
    )))
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("commitment", ColumnKind::Text, "Commitment", "약정"),
        Column::new("utilization", ColumnKind::Percent, "Used", "사용률"),
        Column::new("unused", ColumnKind::Amount, "Paid for nothing", "쓰지 못한 금액"),
        Column::new("on_demand", ColumnKind::Amount, "On-demand cost", "온디맨드 비용"),
        Column::new("rate", ColumnKind::Percent, "Effective savings rate", "실효 절감률"),
    ]
}

fn row(commitment: &CommitmentMonth) -> Row {
    let figures = CommitmentFigures::of(commitment);
    let not_told = || Text::new("the bill does not tell", "청구 데이터에 없습니다");
    let amount =
        |money: Option<Money>| money.map_or_else(|| Value::Missing(not_told()), Value::Amount);
    let percent =
        |share: Option<f64>| share.map_or_else(|| Value::Missing(not_told()), Value::Percent);
    let name = match commitment.state {
        BillState::Whole => Value::Name(commitment.commitment_discount_id.clone()),
        BillState::Part => {
            let id = commitment.commitment_discount_id.as_str();
            let end = id.rsplit([':', '/']).next().unwrap_or(id);
            Value::Text(Text::new(
                format!("{end} (part of the month)"),
                format!("{end} (달의 일부)"),
            ))
        }
    };
    let is_idle = commitment.unused.is_some_and(Money::is_positive);
    let tone = if is_idle { Tone::Rose } else { Tone::Plain };
    Row::new(vec![
        name,
        percent(figures.used_percent),
        amount(commitment.unused),
        amount(commitment.on_demand),
        percent(figures.below_on_demand_percent),
    ])
    .toned(2, tone)
}
