//! What somebody has to decide: plans, recommendations, and costs that are about to rise.

use jiff::Timestamp;

use trimtab_model::analysis::{Analysis, RisingCost};
use trimtab_model::document::{
    Block, Decision, DecisionKind, Decisions, Link, Section, Sentence, Target, Value,
};
use trimtab_model::id::SubAccountId;
use trimtab_model::recommendation::{Onset, PerformanceRisk, Recommendation};
use trimtab_model::resource::ResourceRef;
use trimtab_model::text::Text;

use super::facts::{ChangeOutcome, PlanStatus, PlanSummary, ReportFacts};
use super::movers::has_owners;
use super::quarterly::environment_name;

/// Decisions that are shown; more are read by nobody.
const MOST: usize = 7;

/// Returns what waits for somebody: plans first, then what has a deadline, then by savings. What
/// only a repair of an application saves is named apart, by the sentence below.
pub(super) fn waiting(facts: &ReportFacts<'_>) -> Vec<Decision> {
    let mut plans: Vec<&PlanSummary> =
        facts.plans.iter().filter(|plan| plan.status == PlanStatus::AwaitingApproval).collect();
    plans.sort_by_key(|plan| (plan.decide_by.is_none(), plan.decide_by, plan.id.clone()));
    let mut decisions: Vec<Decision> = plans.into_iter().map(|plan| of_plan(facts, plan)).collect();
    let Some(analysis) = facts.analysis else { return decisions };
    let coming = analysis.increases.iter();
    decisions.extend(
        coming
            .filter(|rising| {
                rising.increase.onset == Onset::Coming && rising.increase.from > facts.now
            })
            .map(|rising| of_increase(facts, rising)),
    );
    let open =
        analysis.items.iter().filter(|item| !item.is_conditional() && !is_planned(facts, item));
    let mut open: Vec<Decision> = open.map(|item| of_recommendation(facts, item)).collect();
    // The order of the analysis, by savings, stays among those that have none.
    open.sort_by_key(|decision| (decision.deadline.is_none(), decision.deadline));
    decisions.extend(open);
    decisions
}

/// Makes the section.
pub(super) fn section(facts: &ReportFacts<'_>, mut waiting: Vec<Decision>) -> Section {
    let more = waiting.len().saturating_sub(MOST);
    waiting.truncate(MOST);
    let mut blocks = Vec::new();
    if facts.analysis.is_none() {
        blocks.push(Block::missing(Sentence::plain(
            "No analysis of this moment is kept, so it is not known what could be saved. `trimtab analyze` makes one.",
            "이 시점의 분석 결과가 없어 무엇을 줄일 수 있는지 알 수 없습니다. `trimtab analyze`를 실행하면 알 수 있습니다.",
            &[],
        )));
    }
    if !waiting.is_empty() {
        let more = u64::try_from(more).unwrap_or(u64::MAX);
        blocks.push(Block::Decisions(Decisions { items: waiting, more }));
    } else if facts.analysis.is_some() {
        blocks.push(Block::note(Sentence::plain(
            "Nothing waits for a decision.",
            "결정을 기다리는 항목이 없습니다.",
            &[],
        )));
    }
    if let Some(sentence) = facts.analysis.and_then(|analysis| found(facts, analysis)) {
        blocks.push(Block::note(sentence));
    }
    Section {
        name: "decisions".into(),
        title: Some(Text::new("Decisions needed", "결정이 필요합니다")),
        blocks,
    }
}

/// Says what all recommendations together save: the analysis' own sums, which count nothing twice.
fn found(facts: &ReportFacts<'_>, analysis: &Analysis) -> Option<Sentence> {
    let mut sentence: Option<Sentence> = None;
    for total in analysis.totals.values() {
        let next = Sentence::plain(
            "All {count} recommendations together save {range} at current use, overlaps removed.",
            "추천 {count}건을 모두 적용하면 현재 사용량 기준으로 {range} 줄어듭니다. 겹치는 절감은 한 번만 셌습니다.",
            &[
                ("count", Value::Count(total.recommendations)),
                (
                    "range",
                    Value::MonthlyRange { low: total.low, likely: total.likely, high: total.high },
                ),
            ],
        );
        let next = match total.conditional {
            None => next,
            Some(conditional) => next.then(Sentence::plain(
                "Another {amount} of {count} more depends on repairs of applications and is not in that sum.",
                "애플리케이션을 고쳐야 생기는 절감({count}건, {amount})은 이 건수와 합계에 들어 있지 않습니다.",
                &[
                    ("count", Value::Count(total.conditional_recommendations)),
                    ("amount", Value::Monthly(conditional)),
                ],
            )),
        };
        sentence = Some(match sentence {
            Some(before) => before.then(next),
            None => next,
        });
    }
    if facts.hidden == 0 {
        return sentence;
    }
    let dismissed = Sentence::plain(
        "{count} dismissed or snoozed recommendations are not in it.",
        "보류하거나 제외한 추천 {count}건은 들어 있지 않습니다.",
        &[("count", Value::Count(facts.hidden))],
    );
    sentence.map(|sentence| sentence.then(dismissed))
}

/// Returns whether a plan has it that did not end without it.
fn is_planned(facts: &ReportFacts<'_>, item: &Recommendation) -> bool {
    let live = facts.plans.iter().filter(|plan| plan.status != PlanStatus::Ended);
    live.flat_map(|plan| &plan.changes).any(|change| {
        let is_gone = matches!(
            change.outcome,
            ChangeOutcome::TakenBack { .. } | ChangeOutcome::Failed { .. }
        );
        change.recommendation == item.id && !is_gone
    })
}

fn of_plan(facts: &ReportFacts<'_>, plan: &PlanSummary) -> Decision {
    let savings = plan.estimated_monthly_savings.map_or_else(
        || Value::Missing(Text::new("the plan has no estimate", "계획에 예상 절감이 없습니다")),
        |(low, likely, high)| Value::MonthlyRange { low, likely, high },
    );
    let worst = plan.changes.iter().filter_map(|change| {
        let items = &facts.analysis?.items;
        items.iter().find(|item| item.id == change.recommendation)
    });
    let risk = worst.map(|item| item.performance_risk).max().map_or_else(
        || {
            Value::Missing(Text::new(
                "its recommendations are not in the latest analysis",
                "계획의 추천이 최신 분석에 없습니다",
            ))
        },
        risk,
    );
    let state = Sentence::plain(
        "waits for an approval of stage {stage}",
        "{stage} 단계 승인 대기",
        &[("stage", environment_name(plan.stage))],
    );
    let state = match plan.next_window {
        Some(window) => state.then(Sentence::plain(
            "· next window {from}",
            "· 다음 변경 창 {from}",
            &[("from", Value::Moment(window.start()))],
        )),
        None => state,
    };
    let owner = plan.changes.first().map(|change| &change.resource);
    Decision {
        kind: DecisionKind::Plan,
        title: plan.title.clone(),
        link: Some(Link { words: plan.title.clone(), target: Target::Plan(plan.id.clone()) }),
        savings,
        risk,
        owner: owner.and_then(|resource| owner_of(facts, &resource.account)),
        state,
        deadline: plan.decide_by.filter(|by| *by > facts.now),
    }
}

fn of_increase(facts: &ReportFacts<'_>, rising: &RisingCost) -> Decision {
    let name = Text::verbatim(resource_name(&rising.resource));
    Decision {
        kind: DecisionKind::Increase,
        title: name.clone(),
        link: None,
        savings: Value::MonthlyChange(rising.increase.monthly),
        risk: Value::Missing(Text::new("it is no change", "변경이 아닙니다")),
        owner: owner_of(facts, &rising.resource.account),
        state: Sentence::of(Value::Text(rising.increase.reason.text.clone())),
        deadline: Some(rising.increase.from),
    }
}

fn of_recommendation(facts: &ReportFacts<'_>, item: &Recommendation) -> Decision {
    let name = Text::verbatim(resource_name(&item.resource));
    let estimate = &item.estimated_monthly_savings;
    Decision {
        kind: DecisionKind::Recommendation,
        title: name.clone(),
        link: Some(Link { words: name, target: Target::Recommendation(item.id.clone()) }),
        savings: Value::MonthlyRange {
            low: estimate.low,
            likely: estimate.likely,
            high: estimate.high,
        },
        risk: risk(item.performance_risk),
        owner: owner_of(facts, &item.resource.account),
        state: Sentence::of(Value::Text(item.reason.text.clone())),
        deadline: deadline(facts, item),
    }
}

/// Returns the day from which on waiting costs more: the end of a commitment, of an engine's
/// support. Absent where nothing sets a day.
fn deadline(facts: &ReportFacts<'_>, item: &Recommendation) -> Option<Timestamp> {
    let coming = facts.analysis?.increases.iter().filter(|rising| {
        rising.resource == item.resource
            && rising.increase.onset == Onset::Coming
            && rising.increase.from > facts.now
    });
    coming.map(|rising| rising.increase.from).min()
}

/// Returns the name of a resource, else its identifier.
pub(super) fn resource_name(resource: &ResourceRef) -> String {
    resource.name.clone().unwrap_or_else(|| resource.id.to_string())
}

/// Absent where nobody answers for any account.
fn owner_of(facts: &ReportFacts<'_>, account: &SubAccountId) -> Option<Value> {
    let known = facts.bill.accounts.get(account).and_then(|known| known.owner.as_deref());
    has_owners(facts).then(|| {
        Value::name_or(known, || {
            Text::new("this account has no owner", "이 계정에는 담당자가 없습니다")
        })
    })
}

/// Returns the word of a risk.
pub(super) fn risk(risk: PerformanceRisk) -> Value {
    match risk.value() {
        0 => Value::text("very low", "매우 낮음"),
        1 => Value::text("low", "낮음"),
        2 => Value::text("medium", "보통"),
        3 => Value::text("high", "높음"),
        _ => Value::text("very high", "매우 높음"),
    }
}

/// Returns the first deadline among decisions.
pub(super) fn first_deadline(waiting: &[Decision]) -> Option<Timestamp> {
    waiting.iter().filter_map(|decision| decision.deadline).min()
}
