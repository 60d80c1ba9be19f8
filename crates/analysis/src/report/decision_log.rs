//! What was decided in a period, and what it was expected to save.

use jiff::Timestamp;

use trimtab_model::document::{Block, Column, ColumnKind, Row, Rows, Section, Sentence, Value};
use trimtab_model::text::Text;

use super::facts::{Decided, DecisionRecord, ReportFacts};

/// Decisions that are shown, the latest first.
const MOST: usize = 40;

/// Makes the section of what was decided from `from` on.
pub(super) fn section(facts: &ReportFacts<'_>, from: Timestamp) -> Section {
    let mut records: Vec<&DecisionRecord> = facts
        .decisions
        .iter()
        .filter(|record| record.at >= from && record.at <= facts.now)
        .collect();
    records.sort_by_key(|record| std::cmp::Reverse(record.at));
    let mut blocks = Vec::new();
    if records.is_empty() {
        blocks.push(Block::note(Sentence::plain(
            "No decision is on record.",
            "기록된 결정이 없습니다.",
            &[],
        )));
    } else {
        let rows = records.iter().take(MOST).map(|record| row(record)).collect();
        blocks.push(Block::Rows(Rows {
            name: "decision_log".into(),
            title: None,
            columns: vec![
                Column::new("at", ColumnKind::Moment, "When", "시각"),
                Column::new("decided", ColumnKind::Text, "Decision", "결정"),
                Column::new("subject", ColumnKind::Text, "About", "대상"),
                Column::new("by", ColumnKind::Text, "By", "결정한 사람"),
                Column::new("expected", ColumnKind::Amount, "Expected a month", "월 예상 절감"),
                Column::new("realized", ColumnKind::Amount, "Realized a month", "월 검증 절감"),
            ],
            rows,
        }));
    }
    let left = records.len().saturating_sub(MOST);
    if left > 0 {
        blocks.push(Block::note(Sentence::plain(
            "{count} earlier decisions are not in the table.",
            "이보다 앞선 결정 {count}건은 표에 없습니다.",
            &[("count", Value::Count(u64::try_from(left).unwrap_or(u64::MAX)))],
        )));
    }
    Section {
        name: "decision_log".into(),
        title: Some(Text::new("Decision log", "결정 기록")),
        blocks,
    }
}

fn row(record: &DecisionRecord) -> Row {
    let expected = record.estimated_monthly_savings.map_or_else(
        || Value::Missing(Text::new("nothing was estimated", "예상치가 없습니다")),
        Value::Monthly,
    );
    Row::new(vec![
        Value::Moment(record.at),
        decided(record.decided),
        Value::Text(record.subject.clone()),
        Value::name_or(record.by.as_deref(), || Text::new("not recorded", "기록되지 않았습니다")),
        expected,
        Value::Missing(Text::new("not verified", "검증되지 않았습니다")),
    ])
}

fn decided(decided: Decided) -> Value {
    match decided {
        Decided::Approved => Value::text("approved", "승인"),
        Decided::Refused => Value::text("refused", "거절"),
        Decided::Dismissed => Value::text("dismissed", "제외"),
        Decided::Snoozed => Value::text("put off", "보류"),
    }
}
