//! What was changed, what gates said of it, and when the next changes may come.

use jiff::Timestamp;

use trimtab_model::document::{
    Block, Column, ColumnKind, Row, Rows, Section, Sentence, Tone, Value,
};
use trimtab_model::text::Text;

use super::decisions::resource_name;
use super::facts::{ChangeOutcome, ChangeSummary, PlanStatus, PlanSummary, ReportFacts};
use super::quarterly::environment_name;

/// Rows of a table of changes.
const MOST_ROWS: usize = 20;

/// Makes the section of changes made from `from` until the moment of the report, and says that
/// nothing of what they save is verified.
pub(super) fn section(facts: &ReportFacts<'_>, from: Timestamp) -> Section {
    let mut section = without_note(facts, from);
    let is_table = |block: &Block| matches!(block, Block::Rows(rows) if rows.name == "changes");
    if section.blocks.iter().any(is_table) {
        section.blocks.push(not_verified());
    }
    section
}

/// Makes the section for a report that says elsewhere that nothing is verified.
pub(super) fn without_note(facts: &ReportFacts<'_>, from: Timestamp) -> Section {
    let mut rows: Vec<(Timestamp, Row)> = facts
        .plans
        .iter()
        .flat_map(|plan| plan.changes.iter().map(move |change| (plan, change)))
        .filter_map(|(plan, change)| row(plan, change))
        .filter(|(at, _)| *at >= from && *at <= facts.now)
        .collect();
    rows.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let left = rows.len().saturating_sub(MOST_ROWS);
    let mut blocks = Vec::new();
    if rows.is_empty() {
        blocks.push(Block::note(Sentence::plain(
            "No change was made.",
            "적용한 변경이 없습니다.",
            &[],
        )));
    } else {
        let rows = rows.into_iter().take(MOST_ROWS).map(|(_, row)| row).collect();
        blocks.push(Block::Rows(Rows {
            name: "changes".into(),
            title: None,
            columns: columns(),
            rows,
        }));
        if left > 0 {
            blocks.push(Block::note(Sentence::plain(
                "{count} earlier changes are not in the table.",
                "이보다 앞선 변경 {count}건은 표에 없습니다.",
                &[("count", Value::Count(u64::try_from(left).unwrap_or(u64::MAX)))],
            )));
        }
    }
    blocks.extend(gates(facts));
    Section {
        name: "changes".into(),
        title: Some(Text::new("Changes and gates", "적용한 변경과 관문")),
        blocks,
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("at", ColumnKind::Moment, "When", "시각"),
        Column::new("resource", ColumnKind::Text, "Resource", "자원"),
        Column::new("plan", ColumnKind::Text, "Plan", "계획"),
        Column::new("outcome", ColumnKind::Text, "Outcome", "결과"),
        Column::new("estimated", ColumnKind::Amount, "Estimated a month", "월 예상 절감"),
    ]
}

/// Absent for a change that was not made yet.
fn row(plan: &PlanSummary, change: &ChangeSummary) -> Option<(Timestamp, Row)> {
    let (at, outcome, tone) = match &change.outcome {
        ChangeOutcome::Waiting => return None,
        ChangeOutcome::UnderWay { since } => {
            (*since, Text::new("under way", "진행 중"), Tone::Plain)
        }
        ChangeOutcome::Applied { at } => (*at, Text::new("applied", "적용"), Tone::Plain),
        ChangeOutcome::NeedsPerson { at, reason } => {
            (*at, Text::new("needs a person", "사람의 확인 필요").because(reason), Tone::Danger)
        }
        ChangeOutcome::TakenBack { at, reason, .. } => {
            (*at, Text::new("taken back", "되돌림").because(reason), Tone::Danger)
        }
        ChangeOutcome::Failed { at, reason } => {
            (*at, Text::new("failed", "실패").because(reason), Tone::Danger)
        }
    };
    let estimated = match &change.outcome {
        ChangeOutcome::Applied { .. } => change.estimated_monthly_savings.map_or_else(
            || Value::Missing(Text::new("the change has no estimate", "예상 절감이 없습니다")),
            Value::Monthly,
        ),
        ChangeOutcome::UnderWay { .. } => {
            Value::Missing(Text::new("the change is not over", "변경이 끝나지 않았습니다"))
        }
        ChangeOutcome::NeedsPerson { .. } => Value::Missing(Text::new(
            "what is left of the change is not known until a person has looked",
            "사람이 확인하기 전에는 무엇이 바뀌어 있는지 알 수 없습니다",
        )),
        ChangeOutcome::Waiting | ChangeOutcome::TakenBack { .. } | ChangeOutcome::Failed { .. } => {
            Value::Missing(Text::new("nothing stayed changed", "바뀐 채로 남은 것이 없습니다"))
        }
    };
    let row = Row::new(vec![
        Value::Moment(at),
        Value::Name(resource_name(&change.resource)),
        Value::Text(plan.title.clone()),
        Value::Text(outcome),
        estimated,
    ]);
    Some((at, row.toned(3, tone)))
}

/// Says that no saving is verified, and what that needs.
pub(super) fn not_verified() -> Block {
    Block::missing(Sentence::plain(
        "These savings are estimates. None is verified: that needs at least 14 settled days of the bill after a change, \
         beside what the same use would have cost without it.",
        "여기 적힌 절감은 예상치이며 검증된 값은 없습니다. 검증하려면 변경 뒤 확정된 청구 데이터가 14일 이상 있어야 하고, \
         변경하지 않았다면 같은 사용량에 얼마가 들었을지와 비교해야 합니다.",
        &[],
    ))
}

fn gates(facts: &ReportFacts<'_>) -> Option<Block> {
    let live = facts.plans.iter().filter(|plan| plan.status != PlanStatus::Ended);
    let rows: Vec<Row> = live
        .flat_map(|plan| plan.gates.iter().map(move |gate| (plan, gate)))
        .take(MOST_ROWS)
        .map(|(plan, gate)| {
            let tone = if gate.failed > 0 { Tone::Danger } else { Tone::Plain };
            Row::new(vec![
                Value::Name(resource_name(&gate.resource)),
                Value::Text(plan.title.clone()),
                Value::Count(gate.passed),
                Value::Count(gate.failed),
                Value::Count(gate.undecided),
            ])
            .toned(3, tone)
        })
        .collect();
    (!rows.is_empty()).then(|| {
        Block::Rows(Rows {
            name: "gates".into(),
            title: Some(Text::new("What gates said", "관문 결과")),
            columns: vec![
                Column::new("resource", ColumnKind::Text, "Resource", "자원"),
                Column::new("plan", ColumnKind::Text, "Plan", "계획"),
                Column::new("passed", ColumnKind::Count, "Passed", "통과"),
                Column::new("failed", ColumnKind::Count, "Failed", "실패"),
                Column::new("undecided", ColumnKind::Count, "Undecided", "판단 보류"),
            ],
            rows,
        })
    })
}

/// Makes the section of the times in which plans may go on.
pub(super) fn windows(facts: &ReportFacts<'_>) -> Section {
    let mut live: Vec<&PlanSummary> = facts
        .plans
        .iter()
        .filter(|plan| !matches!(plan.status, PlanStatus::Done | PlanStatus::Ended))
        .collect();
    live.sort_by_key(|plan| {
        let from = plan.next_window.map(|window| window.start());
        (from.is_none(), from, plan.id.clone())
    });
    let rows: Vec<Row> = live.into_iter().take(MOST_ROWS).map(window_row).collect();
    let block = if rows.is_empty() {
        Block::note(Sentence::plain(
            "No plan is open.",
            "진행 중이거나 대기 중인 계획이 없습니다.",
            &[],
        ))
    } else {
        Block::Rows(Rows {
            name: "windows".into(),
            title: None,
            columns: vec![
                Column::new("plan", ColumnKind::Text, "Plan", "계획"),
                Column::new("stage", ColumnKind::Text, "Stage", "단계"),
                Column::new("status", ColumnKind::Text, "Status", "상태"),
                Column::new("from", ColumnKind::Moment, "From", "시작"),
                Column::new("until", ColumnKind::Moment, "Until", "끝"),
            ],
            rows,
        })
    };
    Section {
        name: "windows".into(),
        title: Some(Text::new("Open plans and their windows", "열린 계획과 변경 창")),
        blocks: vec![block],
    }
}

fn window_row(plan: &PlanSummary) -> Row {
    let none = || {
        Value::Missing(Text::new("no window is long enough", "길이가 충분한 변경 창이 없습니다"))
    };
    let moment = |moment: Option<Timestamp>| moment.map_or_else(none, Value::Moment);
    Row::new(vec![
        Value::Text(plan.title.clone()),
        environment_name(plan.stage),
        status(plan.status),
        moment(plan.next_window.map(|window| window.start())),
        moment(plan.next_window.map(|window| window.end())),
    ])
}

fn status(status: PlanStatus) -> Value {
    match status {
        PlanStatus::AwaitingApproval => Value::text("waits for approval", "승인 대기"),
        PlanStatus::Waiting => Value::text("waits for its window", "창 대기"),
        PlanStatus::UnderWay => Value::text("under way", "진행 중"),
        PlanStatus::Done => Value::text("done", "완료"),
        PlanStatus::Stopped => Value::text("stopped", "중단"),
        PlanStatus::Ended => Value::text("ended", "종료"),
    }
}
