//! A commitment that is paid for in hours in which nothing uses it.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use trimtab_model::action::{Action, CommitmentUse};
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::money::{Currency, Money, MoneyError};
use trimtab_model::price::{Price, PriceBasis};
use trimtab_model::recommendation::{
    CostComponent, Estimate, Finding, ImplementationEffort, PerformanceRisk, ReasonCode, Restart,
    Threshold, Undo, Unknown, Verdict,
};
use trimtab_model::resource::{Resource, ResourceRef};
use trimtab_model::text::{Reason, StaticText, Text};

use super::terms::{Commitment, Terms};
use super::utilization::{Utilization, day, utilization};
use crate::check::{Check, Facts, days_between};
use crate::verdict::{Proposal, pass, unknown};

/// A commitment that ends within so many days is not worth a change: the work of one, and
/// the month's bill that shows its effect, come too late.
const LAST_DAYS: u32 = 30;

/// How long a commitment must have run within the month.
pub const MIN_RUN_DAYS: Threshold = Threshold {
    name: "min_days",
    default: "14",
    unit: "days",
    text: StaticText {
        en: "Days of the billing month in which the commitment must have run.",
        ko: "청구 월 가운데 약정이 유효했어야 하는 최소 일수.",
    },
};

/// How much of it must be unused: a restart and a deployment leave an hour here and there.
pub const MIN_UNUSED_PERCENT: Threshold = Threshold {
    name: "min_unused_percent",
    default: "5",
    unit: "%",
    text: StaticText {
        en: "Share of the commitment's cost that covers nothing, from which on it counts as unused.",
        ko: "약정 비용 중 쓰이지 않은 비율이 이 값 이상이면 미사용으로 봅니다.",
    },
};

/// What can be done with the unused part of a commitment.
#[derive(Debug, Clone)]
pub struct Outlet {
    /// How.
    pub by: CommitmentUse,
    /// How much of the unused cost is likely to find use a month; nothing where the data
    /// does not tell.
    pub likely: Money,
    /// How much work it is.
    pub effort: ImplementationEffort,
    /// Whether it can be taken back.
    pub undo: Undo,
    /// What to know about it.
    pub note: Text,
}

impl Outlet {
    /// Makes the outlet of every commitment: usage that it could cover is moved under it.
    pub fn moved_usage(unused: Money, note: Text) -> Self {
        Self {
            by: CommitmentUse::MoveUsage,
            likely: Money::zero(unused.currency),
            effort: ImplementationEffort::Medium,
            undo: Undo::Exact,
            note,
        }
    }
}

/// Judges whether a commitment is paid for and not used; `outlet` says what can be done.
///
/// # Errors
/// Returns `Unknown` if the bill does not tell.
pub fn judge_unused<K: Commitment>(
    check: &Check,
    facts: &Facts<'_>,
    resource: &Resource<K>,
    outlet: impl FnOnce(&Utilization) -> Outlet,
) -> Result<Verdict, Unknown> {
    let (terms, reference) = (resource.kind.terms(), resource.reference(K::KIND));
    if let Some(verdict) = not_running(facts, &terms) {
        return Ok(verdict);
    }
    let seen = utilization(facts, &reference, &terms)?;
    if seen.days() < check.threshold(facts, MIN_RUN_DAYS.name) {
        return Ok(pass(
            "too-young",
            "It has not run for long enough within a billing month that is complete.",
            "마감된 청구 월 안에서 유효했던 기간이 아직 짧습니다.",
        ));
    }
    let not_computable = |_: MoneyError| {
        unknown(
            "amounts-not-computable",
            "The amounts of the bill have too many digits to be added.",
            "청구서 금액의 자릿수가 너무 많아 더할 수 없습니다.",
            &["billing"],
        )
    };
    let cost = seen.cost().map_err(not_computable)?;
    let Some(percent) = percent(seen.unused, cost) else {
        return Err(unknown(
            "cost-unknown",
            "The bill has no effective cost for this commitment.",
            "청구서에 이 약정의 실효 비용이 없습니다.",
            &["billing"],
        ));
    };
    let least = check.threshold(facts, MIN_UNUSED_PERCENT.name);
    if percent < least {
        return Ok(pass(
            "used",
            format!("{} % of its cost covers usage.", (Decimal::ONE_HUNDRED - percent).round_dp(1)),
            format!(
                "비용의 {}%가 실제 사용량에 쓰였습니다.",
                (Decimal::ONE_HUNDRED - percent).round_dp(1)
            ),
        ));
    }
    let outlet = outlet(&seen);
    let savings = estimate(&seen, cost, outlet.likely).map_err(not_computable)?;
    let has_likely = savings.likely.rounded().is_positive();
    let proposal = Proposal {
        action: Action::UseCommitment {
            unused_percent: percent.round_dp(1).normalize().to_string(),
            by: outlet.by,
        },
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::Unused],
        reason: reason(&seen, percent),
        savings,
        performance_risk: PerformanceRisk::VERY_LOW,
        effort: outlet.effort,
        restart_needed: Restart::NotNeeded,
        undo: outlet.undo,
        evidence: evidence(&seen, &terms, percent, least, outlet.note),
    };
    Ok(settled(proposal, check, reference, has_likely))
}

fn settled(proposal: Proposal, check: &Check, of: ResourceRef, has_likely: bool) -> Verdict {
    if has_likely {
        proposal.into_verdict(check, of)
    } else {
        proposal.into_bounded_verdict(check, of)
    }
}

/// Returns a verdict about a commitment that does not run, or not for long any more.
fn not_running(facts: &Facts<'_>, terms: &Terms<'_>) -> Option<Verdict> {
    let is_active = terms.state.is_none_or(|state| state == "active");
    if !is_active || terms.end.is_some_and(|end| end <= facts.now) {
        return Some(pass("not-active", "It is not active.", "활성 상태의 약정이 아닙니다."));
    }
    let end = terms.end.filter(|end| days_between(facts.now, *end) < LAST_DAYS)?;
    Some(pass(
        "ends-soon",
        format!("It ends on {}: a change would hardly take effect before.", day(end)),
        format!("{}에 끝나므로 지금 바꿔도 효과를 보기 어렵습니다.", day(end)),
    ))
}

/// Returns what share of the cost is unused; absent where nothing is paid.
fn percent(unused: Money, cost: Money) -> Option<Decimal> {
    if !cost.is_positive() {
        return None;
    }
    let percent = unused
        .amount
        .max(Decimal::ZERO)
        .checked_mul(Decimal::ONE_HUNDRED)?
        .checked_div(cost.amount)?;
    // Both amounts are cut when they become those of a month.
    Some(percent.round_dp(6))
}

fn estimate(seen: &Utilization, cost: Money, likely: Money) -> Result<Estimate, MoneyError> {
    let nothing = Money::zero(cost.currency);
    let likely_amount = likely.amount.min(seen.unused.amount).max(Decimal::ZERO);
    let likely = Money::new(likely_amount, cost.currency);
    let left = seen.unused.checked_sub(likely)?;
    Ok(Estimate {
        low: nothing,
        likely,
        high: seen.unused,
        before_discounts: likely,
        cost_now: cost,
        cost_after: cost.checked_sub(likely)?,
        formula_now: formula(seen.used, seen.unused),
        formula_after: formula(seen.used, left),
        basis: PriceBasis::Bill,
        billed: None,
    })
}

/// Returns what the bill says, as formulas have it: in dollars, or not at all.
fn formula(used: Money, unused: Money) -> Vec<CostComponent> {
    [("used part of the commitment", used), ("unused part of the commitment", unused)]
        .into_iter()
        .filter(|(_, amount)| amount.currency == Currency::USD)
        .map(|(name, amount)| CostComponent {
            name: name.to_owned(),
            quantity: Decimal::ONE,
            price: Price {
                usd: amount.amount,
                unit: "month".to_owned(),
                basis: PriceBasis::Bill,
                source: "bill".to_owned(),
                as_of: None,
            },
        })
        .collect()
}

fn reason(seen: &Utilization, percent: Decimal) -> Reason {
    let (percent, month) = (percent.round_dp(1).normalize(), seen.month());
    Reason::new(
        "commitment-unused",
        format!("In {month} the bill charges {percent} % of it for hours that nothing used."),
        format!("{month} 청구서에서 이 약정 비용의 {percent}%는 쓰이지 않은 시간에 나갔습니다."),
    )
}

fn evidence(
    seen: &Utilization,
    terms: &Terms<'_>,
    percent: Decimal,
    least: Decimal,
    note: Text,
) -> Evidence {
    let number = |value: Decimal| value.to_f64().unwrap_or_default();
    let mut figures = vec![
        Figure::word("commitment", "Commitment", "약정", terms.subject.clone()),
        Figure::word("billing_month", "Billing month", "청구 월", seen.month()),
        Figure::number(
            "unused_percent",
            "Unused part of its cost",
            "쓰이지 않은 비용 비율",
            number(percent.round_dp(2)),
            "%",
        )
        .against(number(least)),
    ];
    figures.extend(terms.end.map(|end| Figure::word("ends_on", "Ends on", "종료일", day(end))));
    Evidence {
        window_days: seen.days().to_u32(),
        figures,
        notes: vec![
            note,
            Text::new(
                "Which hours are unused can change with every resource that starts or stops: look at the use of the coming months before a change that cannot be taken back.",
                "쓰이지 않는 시간은 자원을 켜고 끌 때마다 달라집니다. 되돌릴 수 없는 변경을 하기 전에 앞으로 몇 달의 사용량을 확인하세요.",
            ),
        ],
        ..Evidence::default()
    }
}
