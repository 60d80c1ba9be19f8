//! A commitment that ended lately: what it covered is charged at on-demand rates since.

use jiff::Timestamp;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::money::{Money, exact_sum};
use trimtab_model::period::{HOURS_PER_MONTH, Period};
use trimtab_model::recommendation::{Increase, Onset, Threshold, Unknown, Verdict};
use trimtab_model::resource::Resource;
use trimtab_model::text::{Reason, StaticText, Text};

use super::terms::{Commitment, Terms};
use super::usage::Usage;
use super::utilization::{Utilization, day, utilization};
use crate::check::{Check, Facts, days_between};
use crate::saving::AMOUNT_DECIMALS;
use crate::verdict::{pass, unknown};

/// For how long the end of a commitment is told of. CloudBurn's EC2-12 looks back 30 days.
pub const ENDED_DAYS: Threshold = Threshold {
    name: "days",
    default: "30",
    unit: "days",
    text: StaticText {
        en: "A commitment is told of for so many days after its end.",
        ko: "종료 후 이 일수 동안 알립니다.",
    },
};

/// How long after the end the bill must reach.
pub const MIN_DAYS_SINCE: Threshold = Threshold {
    name: "min_days_since",
    default: "2",
    unit: "days",
    text: StaticText {
        en: "Days after the end that the bill must cover.",
        ko: "청구서에 담겨 있어야 하는, 종료 후 최소 일수입니다.",
    },
};

/// Judges whether a commitment ended lately, and what that costs since.
///
/// # Errors
/// Returns `Unknown` if the bill does not tell what it covered, or what of that is still used.
pub fn judge_ended<K: Commitment>(
    check: &Check,
    facts: &Facts<'_>,
    resource: &Resource<K>,
) -> Result<Verdict, Unknown> {
    let terms = resource.kind.terms();
    let ran_out = terms.state.is_none_or(|state| matches!(state, "active" | "retired" | "expired"));
    let Some(end) = terms.end.filter(|end| ran_out && *end <= facts.now) else {
        return Ok(pass("not-ended", "It has not run out.", "만료된 약정이 아닙니다."));
    };
    let days = days_between(end, facts.now);
    let threshold = check.threshold(facts, ENDED_DAYS.name);
    if Decimal::from(days) >= threshold {
        return Ok(pass(
            "ended-long-ago",
            format!("It ended on {}.", day(end)),
            format!("{}에 끝났습니다.", day(end)),
        ));
    }
    judge_end(check, facts, resource, &terms, end).map_err(|gap| with_end(gap, end))
}

fn judge_end<K: Commitment>(
    check: &Check,
    facts: &Facts<'_>,
    resource: &Resource<K>,
    terms: &Terms<'_>,
    end: Timestamp,
) -> Result<Verdict, Unknown> {
    let seen = utilization(facts, &resource.reference(K::KIND), terms)?;
    let on_demand = seen.on_demand.ok_or_else(|| {
        unknown(
            "on-demand-cost-missing",
            "What it covered has no on-demand cost on the bill: export `ListCost` (FOCUS), or `pricing_public_on_demand_cost` (CUR).",
            "청구서에 이 약정이 덮은 사용량의 온디맨드 비용이 없습니다. `ListCost`(FOCUS)나 `pricing_public_on_demand_cost`(CUR)를 포함해 내보내세요.",
            &["billing"],
        )
    })?;
    let before = seen.cost().map_err(|_| not_computable())?;
    let usage = resource.kind.usage(&resource.region).ok_or_else(use_unknown)?;
    let since = since(check, facts, end)?;
    let uncovered = uncovered(facts, &usage, since, before)?;
    // Uncovered use of the same kind may have been there before; more than was covered is not
    // of this commitment.
    let after = Money::new(uncovered.amount.min(on_demand.amount), before.currency);
    let more = after.checked_sub(before).map_err(|_| not_computable())?;
    if !more.rounded().is_positive() {
        return Ok(pass(
            "costs-no-more",
            format!(
                "It ended on {}. What the bill has of such use without a commitment since then costs no more than it did: the rest is gone, or covered otherwise.",
                day(end)
            ),
            format!(
                "{}에 끝났습니다. 그 뒤 청구서에 나온 약정 없는 사용량은 약정 비용보다 비싸지 않습니다. 나머지 사용량은 없어졌거나 다른 약정이 덮고 있습니다.",
                day(end)
            ),
        ));
    }
    Ok(Verdict::Increase(Box::new(Increase {
        reason: reason(end, &seen),
        onset: Onset::Past,
        from: end,
        monthly: more,
        cost_now: before,
        cost_after: after,
        evidence: evidence(terms, &seen, end, since, on_demand, after),
    })))
}

/// Returns the part of the bill that lies after the end.
fn since(check: &Check, facts: &Facts<'_>, end: Timestamp) -> Result<Period, Unknown> {
    let window = facts.charges.window;
    let min_hours = check.threshold(facts, MIN_DAYS_SINCE.name).saturating_mul(Decimal::from(24));
    window
        .and_then(|window| Period::new(end.max(window.start()), window.end()).ok())
        .filter(|since| since.hours() >= min_hours)
        .ok_or_else(|| {
            unknown(
                "bill-ends-before",
                "The bill does not reach far enough past its end to tell what is still used.",
                "종료 후의 청구서가 아직 부족해, 남아 있는 사용량을 알 수 없습니다.",
                &["billing"],
            )
        })
}

/// Returns a month of what the bill charges for such use without a commitment.
///
/// The bill's days before the end are in it too, so it is what may be left at most.
fn uncovered(
    facts: &Facts<'_>,
    usage: &Usage,
    since: Period,
    cost: Money,
) -> Result<Money, Unknown> {
    let meters = &facts.charges.meters;
    if meters.iter().all(|meter| meter.usage_type.is_none()) {
        return Err(use_unknown());
    }
    let mut sum = Decimal::ZERO;
    for meter in meters {
        let counts = meter.commitment_discount_status.is_none() && usage.includes(meter);
        if counts {
            let effective = meter.effective.filter(|amount| amount.currency == cost.currency);
            let amount = effective.ok_or_else(not_computable)?.amount;
            sum = exact_sum(sum, amount).ok_or_else(not_computable)?;
        }
    }
    let monthly = sum
        .max(Decimal::ZERO)
        .checked_mul(Decimal::from(HOURS_PER_MONTH))
        .and_then(|sum| sum.checked_div(since.hours()))
        .ok_or_else(not_computable)?;
    Ok(Money::new(monthly, cost.currency).cut(AMOUNT_DECIMALS))
}

fn use_unknown() -> Unknown {
    unknown(
        "use-since-unknown",
        "Which use without a commitment it would cover now is not known from the usage types of the bill.",
        "청구서의 사용 유형으로는 지금 이 약정이 덮을 사용량이 얼마나 남아 있는지 알 수 없습니다.",
        &["billing"],
    )
}

fn not_computable() -> Unknown {
    unknown(
        "amounts-not-computable",
        "The amounts of the bill since then are missing, in another currency, or too long to be added.",
        "그 뒤의 청구 금액이 없거나, 통화가 다르거나, 자릿수가 너무 많아 더할 수 없습니다.",
        &["billing"],
    )
}

fn reason(end: Timestamp, seen: &Utilization) -> Reason {
    Reason::new(
        "commitment-ended",
        format!(
            "Since {} what it covered in {} is billed at on-demand rates.",
            day(end),
            seen.month()
        ),
        format!(
            "{}부터, {}에 덮었던 사용량이 온디맨드 요금으로 청구되고 있습니다.",
            day(end),
            seen.month()
        ),
    )
}

fn evidence(
    terms: &Terms<'_>,
    seen: &Utilization,
    end: Timestamp,
    since: Period,
    on_demand: Money,
    after: Money,
) -> Evidence {
    let number = |value: Decimal| value.to_f64().unwrap_or_default();
    let share = after.amount.checked_mul(Decimal::ONE_HUNDRED);
    let share = share.and_then(|share| share.checked_div(on_demand.amount)).unwrap_or_default();
    let days = since.hours().checked_div(Decimal::from(24)).unwrap_or_default();
    Evidence {
        window_days: days.to_u32(),
        figures: vec![
            Figure::word("commitment", "Commitment", "약정", terms.subject.clone()),
            Figure::word("billing_month", "Billing month", "청구 월", seen.month()),
            Figure::word("ended_on", "Ended on", "종료일", day(end)),
            Figure::number(
                "still_used_percent",
                "Such use without a commitment since, at most",
                "종료 후 약정 없이 쓰는 비율(최대)",
                number(share.round_dp(1)),
                "%",
            ),
        ],
        notes: vec![
            Text::new(
                "What is still used is the use of the same kind that the bill charges without a commitment, all accounts of the bill together. Some of it may have been there before the end: the increase is an upper bound.",
                "남아 있는 사용량은 청구서에서 약정 없이 과금된 같은 종류의 사용량을 모든 계정에서 더한 값입니다. 일부는 종료 전부터 있었을 수 있으므로, 증가액은 상한입니다.",
            ),
            Text::new(
                "A new commitment is worth what remains after waste is removed, no more.",
                "새 약정은 낭비를 걷어 낸 뒤 남는 사용량만큼만 사세요.",
            ),
        ],
        ..Evidence::default()
    }
}

/// Says when it ended before what is missing.
fn with_end(mut gap: Unknown, end: Timestamp) -> Unknown {
    let text = &mut gap.reason.text;
    *text = Text::new(
        format!("It ended on {}. {}", day(end), text.en),
        format!("{}에 끝났습니다. {}", day(end), text.ko),
    );
    gap
}
