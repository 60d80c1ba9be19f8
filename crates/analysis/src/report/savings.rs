//! Savings of a report: found, planned and applied, and the waste that is left.

use jiff::Timestamp;

use trimtab_model::document::{
    Block, ChartBlock, ChartData, Column, ColumnKind, FunnelStep, Row, Rows, Section, Sentence,
    Tone, Value,
};
use trimtab_model::money::Currency;
use trimtab_model::recommendation::{Finding, Recommendation};
use trimtab_model::text::Text;

use super::changes::not_verified;
use super::decisions::{resource_name, risk};
use super::facts::ReportFacts;
use super::realised;
use super::rest::smaller;
use super::stages::{SavingsStage, SavingsStages};

/// Rows of a ledger.
const MOST_ROWS: usize = 15;

/// Makes the section of what was found, planned, applied and verified.
pub(super) fn funnel(facts: &ReportFacts<'_>, currency: Currency, from: Timestamp) -> Section {
    let stages = SavingsStages::of(facts, currency, from);
    let step = |name: &str, label: Text, stage: Option<SavingsStage>, why: Text| {
        let amount = stage.and_then(|stage| stage.amount);
        FunnelStep {
            name: name.to_owned(),
            label,
            missing: amount.is_none().then_some(why),
            amount,
        }
    };
    let too_large = || {
        Text::new("a plan or a change has no estimate", "예상 절감이 없는 계획이나 변경이 있습니다")
    };
    let steps = vec![
        step(
            "found",
            Text::new("Found", "찾음"),
            stages.found,
            Text::new("no analysis was made", "분석 결과가 없습니다"),
        ),
        step("planned", Text::new("Planned", "계획"), Some(stages.planned), too_large()),
        step("applied", Text::new("Applied", "적용"), Some(stages.applied), too_large()),
        step(
            "verified",
            Text::new("Verified", "검증"),
            stages.verified,
            Text::new("not verified yet", "검증 전"),
        ),
    ];
    let mut blocks = vec![Block::chart(ChartBlock {
        name: "funnel".into(),
        title: Text::new("Savings a month", "월 절감"),
        caption: Some(Sentence::plain(
            "Found: the analysis' own sum, overlaps removed. Planned: of plans that live. Applied: estimates \
                     of changes made in the period that stayed.",
            "찾음은 겹침을 없앤 분석 합계, 계획은 진행 중인 계획, 적용은 기간 안에 적용되어 남은 변경의 예상치입니다.",
            &[],
        )),
        data: ChartData::Funnel(steps),
    })];
    blocks.extend(realised::items(facts));
    blocks.push(not_verified());
    Section {
        name: "savings".into(),
        title: Some(Text::new("Verified against estimated", "예상과 검증")),
        blocks,
    }
}

/// Makes the section of what is paid for and not used.
pub(super) fn waste(facts: &ReportFacts<'_>) -> Section {
    let is_waste = |item: &&Recommendation| match item.finding {
        Finding::Idle | Finding::Unattached | Finding::Unused => true,
        Finding::Overprovisioned | Finding::Underprovisioned | Finding::NotOptimized => false,
    };
    let blocks = match facts.analysis {
        None => vec![Block::missing(Sentence::plain(
            "No analysis was made; `trimtab analyze` finds what is paid for and not used.",
            "분석 결과가 없습니다. `trimtab analyze`가 쓰지 않으면서 비용이 드는 것을 찾습니다.",
            &[],
        ))],
        Some(analysis) => {
            let items: Vec<&Recommendation> = analysis.items.iter().filter(is_waste).collect();
            waste_blocks(&items)
        }
    };
    Section {
        name: "waste".into(),
        title: Some(Text::new("Waste ledger", "유휴·낭비 장부")),
        blocks,
    }
}

fn waste_blocks(items: &[&Recommendation]) -> Vec<Block> {
    if items.is_empty() {
        return vec![Block::note(Sentence::plain(
            "Nothing idle, unattached or unused was found.",
            "유휴·미연결·미사용 자원을 찾지 못했습니다.",
            &[],
        ))];
    }
    let rows = items.iter().take(MOST_ROWS).map(|item| {
        Row::new(vec![
            Value::Name(resource_name(&item.resource)),
            finding(item.finding),
            Value::Monthly(item.estimated_monthly_savings.cost_now),
            Value::Monthly(item.estimated_monthly_savings.likely),
            risk(item.performance_risk),
        ])
        .toned(3, Tone::Fell)
    });
    let mut blocks = vec![Block::Rows(Rows {
        name: "waste".into(),
        title: None,
        columns: vec![
            Column::new("resource", ColumnKind::Text, "Resource", "자원"),
            Column::new("finding", ColumnKind::Text, "Finding", "판정"),
            Column::new("cost", ColumnKind::Amount, "Costs a month", "월 비용"),
            Column::new("savings", ColumnKind::Amount, "Could save a month", "월 절감 가능"),
            Column::new("risk", ColumnKind::Text, "Risk", "위험"),
        ],
        rows: rows.collect(),
    })];
    blocks.extend(smaller(items.len(), MOST_ROWS));
    blocks
}

fn finding(finding: Finding) -> Value {
    match finding {
        Finding::Idle => Value::text("idle", "유휴"),
        Finding::Unattached => Value::text("unattached", "연결 안 됨"),
        Finding::Unused => Value::text("unused", "미사용"),
        Finding::Overprovisioned => Value::text("overprovisioned", "과다 할당"),
        Finding::Underprovisioned => Value::text("underprovisioned", "과소 할당"),
        Finding::NotOptimized => Value::text("not optimized", "최적화 안 됨"),
    }
}
