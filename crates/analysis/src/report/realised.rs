//! What changes were expected to save beside what the bill shows since.

use jiff::Timestamp;

use trimtab_model::document::{Block, Column, ColumnKind, Row, Rows, Section, Sentence, Value};
use trimtab_model::money::Currency;
use trimtab_model::text::Text;

use super::changes::not_verified;
use super::decisions::resource_name;
use super::facts::{ChangeOutcome, ChangeSummary, PlanSummary, ReportFacts};
use super::stages::SavingsStages;

/// Rows of the table.
const MOST: usize = 30;

/// Makes the table of every change that was made and stayed, the latest first; absent where there is
/// none.
pub(super) fn items(facts: &ReportFacts<'_>) -> Option<Block> {
    let changes = |plan: &'_ PlanSummary| -> Vec<(Timestamp, Row)> {
        plan.changes.iter().filter_map(|change| row(plan, change)).collect()
    };
    let mut rows: Vec<(Timestamp, Row)> = facts.plans.iter().flat_map(changes).collect();
    rows.retain(|(at, _)| *at <= facts.now);
    rows.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    rows.truncate(MOST);
    (!rows.is_empty()).then(|| {
        Block::Rows(Rows {
            name: "realised".into(),
            title: Some(Text::new("Applied, change by change", "적용한 변경별 예상 절감")),
            columns: vec![
                Column::new("resource", ColumnKind::Text, "Resource", "자원"),
                Column::new("plan", ColumnKind::Text, "Plan", "계획"),
                Column::new("at", ColumnKind::Moment, "Applied", "적용 시각"),
                Column::new("estimated", ColumnKind::Amount, "Estimated a month", "월 예상 절감"),
            ],
            rows: rows.into_iter().map(|(_, row)| row).collect(),
        })
    })
}

fn row(plan: &PlanSummary, change: &ChangeSummary) -> Option<(Timestamp, Row)> {
    let ChangeOutcome::Applied { at } = &change.outcome else { return None };
    let estimated = change.estimated_monthly_savings.map_or_else(
        || Value::Missing(Text::new("the change has no estimate", "예상 절감이 없습니다")),
        Value::Monthly,
    );
    let cells = vec![
        Value::Name(resource_name(&change.resource)),
        Value::Text(plan.title.clone()),
        Value::Moment(*at),
        estimated,
    ];
    Some((*at, Row::new(cells)))
}

/// Makes the section of a quarter: expected against realised.
pub(super) fn section(facts: &ReportFacts<'_>, currency: Currency, from: Timestamp) -> Section {
    let mut blocks = vec![so_far(facts, currency, from)];
    blocks.extend(items(facts));
    blocks.push(not_verified());
    Section {
        name: "realised".into(),
        title: Some(Text::new("Expected against realised", "예상 대비 실현")),
        blocks,
    }
}

/// Says what was applied since a moment, and what of all that is verified.
pub(super) fn so_far(facts: &ReportFacts<'_>, currency: Currency, from: Timestamp) -> Block {
    let stages = SavingsStages::of(facts, currency, from);
    let unknown =
        || Value::Missing(Text::new("some without an estimate", "예상 절감이 없는 변경 포함"));
    let applied = stages.applied.amount.map_or_else(unknown, Value::Monthly);
    let count = ("count", Value::Count(stages.applied.count));
    if stages.applied.count == 0 {
        return Block::missing(Sentence::plain(
            "Verified savings so far: nothing was applied yet.",
            "지금까지 검증된 절감: 아직 적용한 변경이 없습니다.",
            &[],
        ));
    }
    Block::missing(Sentence::plain(
        "Verified savings so far: nothing is verified yet. Applied: {count} changes, {applied} by estimate.",
        "지금까지 검증된 절감: 아직 검증된 것이 없습니다. 적용한 변경 {count}건의 예상치는 {applied}입니다.",
        &[count, ("applied", applied)],
    ))
}
