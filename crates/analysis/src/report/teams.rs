//! Budgets beside what a month cost, where some are configured.

use trimtab_model::document::{
    Block, Column, ColumnKind, Row, Rows, Section, Sentence, Tone, Value,
};
use trimtab_model::text::{StaticText, Text};

use super::facts::{BudgetMonth, ReportFacts};
use super::ledger::percent_of;

/// What the section is called.
pub(super) const BUDGETS: StaticText = StaticText { en: "Budgets", ko: "예산 대비" };

/// Makes the section.
pub(super) fn section(facts: &ReportFacts<'_>) -> Section {
    let block = if facts.budgets.is_empty() {
        Block::missing(Sentence::plain(
            "No budget of a team, an account or a service is configured. A `[[budget]]` table with `team` and `monthly` \
             in the configuration compares them here.",
            "팀·계정·서비스 예산이 설정되어 있지 않습니다. 설정에 `team`과 `monthly`가 있는 `[[budget]]` 테이블을 적으면 \
             여기에서 비교합니다.",
            &[],
        ))
    } else {
        Block::Rows(Rows {
            name: "budgets".into(),
            title: None,
            columns: vec![
                Column::new("budget", ColumnKind::Text, "Budget of", "예산 대상"),
                Column::new("planned", ColumnKind::Amount, "Budget", "예산"),
                Column::new("cost", ColumnKind::Amount, "Cost of the month", "월 비용"),
                Column::new("variance", ColumnKind::Amount, "Variance", "차이"),
                Column::new("percent", ColumnKind::Percent, "Of the budget", "예산 대비"),
            ],
            rows: facts.budgets.iter().map(row).collect(),
        })
    };
    Section { name: "budgets".into(), title: Some(BUDGETS.into()), blocks: vec![block] }
}

fn row(one: &BudgetMonth) -> Row {
    let unknown = || {
        Value::Missing(match one.is_mixed {
            true => {
                Text::new("its charges have several currencies", "통화가 다른 비용이 섞여 있습니다")
            }
            false => Text::new(
                "no charge of the month is one that it counts",
                "이 예산에 해당하는 비용이 없습니다",
            ),
        })
    };
    let variance = one.cost.and_then(|cost| cost.checked_sub(one.budget).ok());
    let percent = one.cost.and_then(|cost| percent_of(cost, one.budget));
    let tone = variance.map_or(Tone::Plain, Tone::of_change);
    Row::new(vec![
        Value::Name(one.name.clone()),
        Value::Amount(one.budget),
        one.cost.map_or_else(unknown, Value::Amount),
        variance.map_or_else(unknown, Value::Change),
        percent.map_or_else(unknown, Value::Percent),
    ])
    .toned(3, tone)
}
