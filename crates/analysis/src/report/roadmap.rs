//! What to do next: recommendations by what they save for their effort and their risk.

use std::cmp::Reverse;

use rust_decimal::Decimal;

use trimtab_model::analysis::Total;
use trimtab_model::document::{
    Block, Column, ColumnKind, Link, Row, Rows, Section, Sentence, Target, Tone, Value,
};
use trimtab_model::money::Currency;
use trimtab_model::recommendation::{ImplementationEffort, Recommendation};
use trimtab_model::text::Text;

use super::decisions::{resource_name, risk};
use super::facts::ReportFacts;

/// Recommendations that are shown.
const MOST: usize = 20;

/// Makes the section.
pub(super) fn section(facts: &ReportFacts<'_>) -> Section {
    let blocks = match facts.analysis {
        None => vec![Block::missing(Sentence::plain(
            "No analysis was made; `trimtab analyze` finds what to do next.",
            "분석 결과가 없습니다. `trimtab analyze`가 다음에 할 일을 찾습니다.",
            &[],
        ))],
        Some(analysis) if analysis.items.is_empty() => vec![Block::note(Sentence::plain(
            "The analysis recommends nothing.",
            "분석에서 추천한 항목이 없습니다.",
            &[],
        ))],
        Some(analysis) => {
            let mut items: Vec<&Recommendation> = analysis.items.iter().collect();
            items.sort_by_key(|item| (currency(item), Reverse(score(item)), item.id.clone()));
            let rows = items.iter().take(MOST).map(|item| row(item)).collect();
            let mut blocks = vec![
                Block::Rows(Rows { name: "roadmap".into(), title: None, columns: columns(), rows }),
                ranking(),
            ];
            blocks.extend(shown_of(items.len()));
            blocks.extend(analysis.totals.values().map(|total| Block::note(together(total))));
            blocks
        }
    };
    Section { name: "roadmap".into(), title: Some(Text::new("Roadmap", "로드맵")), blocks }
}

/// Says how many rows are shown, where not all are.
fn shown_of(all: usize) -> Option<Block> {
    let count = |count: usize| Value::Count(u64::try_from(count).unwrap_or(u64::MAX));
    (all > MOST).then(|| {
        Block::note(Sentence::plain(
            "{shown} of {all} recommendations are in the table; `trimtab rec list` has them all.",
            "추천 {all}건 중 {shown}건을 표에 실었습니다. 전체는 `trimtab rec list`에 있습니다.",
            &[("shown", count(MOST)), ("all", count(all))],
        ))
    })
}

/// Says what recommendations of one currency save together, and how many are in that sum.
fn together(total: &Total) -> Sentence {
    let sum = Sentence::plain(
        "{count} together: {range}, the analysis' own sum, which counts no saving twice.",
        "추천 {count}건을 모두 합하면 {range}: 겹치는 절감을 한 번만 센 분석 합계입니다.",
        &[
            ("count", Value::Count(total.recommendations)),
            (
                "range",
                Value::MonthlyRange { low: total.low, likely: total.likely, high: total.high },
            ),
        ],
    );
    if total.conditional_recommendations == 0 {
        return sum;
    }
    sum.then(Sentence::plain(
        "{count} more need a repair of the application and are not in that sum.",
        "애플리케이션을 고쳐야 하는 {count}건은 이 합계에 들어 있지 않습니다.",
        &[("count", Value::Count(total.conditional_recommendations))],
    ))
}

fn currency(item: &Recommendation) -> Currency {
    item.estimated_monthly_savings.currency()
}

/// The likely saving, divided by effort and by risk, both counted from 1 to 5.
fn score(item: &Recommendation) -> Decimal {
    let effort = match item.implementation_effort {
        ImplementationEffort::VeryLow => 1,
        ImplementationEffort::Low => 2,
        ImplementationEffort::Medium => 3,
        ImplementationEffort::High => 4,
        ImplementationEffort::VeryHigh => 5,
    };
    let risk = u32::from(item.performance_risk.value()) + 1;
    let weight = Decimal::from(effort * risk);
    item.estimated_monthly_savings.likely.amount.checked_div(weight).unwrap_or_default()
}

fn ranking() -> Block {
    Block::note(Sentence::plain(
        "Ranked by likely saving ÷ (effort × risk), each from 1 to 5.",
        "예상 절감 ÷ (작업량 × 위험) 순서이며, 작업량과 위험은 각각 1–5입니다.",
        &[],
    ))
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("resource", ColumnKind::Text, "Resource", "자원"),
        Column::new("savings", ColumnKind::Amount, "Saves a month", "월 절감"),
        Column::new("effort", ColumnKind::Text, "Effort", "작업량"),
        Column::new("risk", ColumnKind::Text, "Risk", "위험"),
        Column::new("why", ColumnKind::Text, "Why", "이유"),
    ]
}

fn row(item: &Recommendation) -> Row {
    let words = Text::verbatim(resource_name(&item.resource));
    let estimate = &item.estimated_monthly_savings;
    let why = if item.is_conditional() {
        let condition =
            Text::new("needs a repair of the application", "애플리케이션을 고쳐야 합니다");
        condition.because(&item.reason.text)
    } else {
        item.reason.text.clone()
    };
    Row::new(vec![
        Value::Link(Link { words, target: Target::Recommendation(item.id.clone()) }),
        Value::MonthlyRange { low: estimate.low, likely: estimate.likely, high: estimate.high },
        effort(item.implementation_effort),
        risk(item.performance_risk),
        Value::Text(why),
    ])
    .toned(1, Tone::Fell)
}

fn effort(effort: ImplementationEffort) -> Value {
    match effort {
        ImplementationEffort::VeryLow => Value::text("very low", "매우 적음"),
        ImplementationEffort::Low => Value::text("low", "적음"),
        ImplementationEffort::Medium => Value::text("medium", "보통"),
        ImplementationEffort::High => Value::text("high", "많음"),
        ImplementationEffort::VeryHigh => Value::text("very high", "매우 많음"),
    }
}
