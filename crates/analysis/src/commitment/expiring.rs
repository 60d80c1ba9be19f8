//! A commitment that ends soon: what it covers will cost its on-demand rates.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::recommendation::{Increase, Onset, Threshold, Unknown, Verdict};
use trimtab_model::resource::Resource;
use trimtab_model::text::{Reason, StaticText, Text, counted};

use super::terms::{Commitment, Terms};
use super::utilization::{Utilization, day, utilization};
use crate::check::{Check, Facts, days_between};
use crate::verdict::{pass, unknown};

/// How long before the end a commitment is told of. CloudBurn's EC2-7 warns at 60 days,
/// Trusted Advisor at 30.
pub const EXPIRING_DAYS: Threshold = Threshold {
    name: "days",
    default: "60",
    unit: "days",
    text: StaticText {
        en: "A commitment is told of when fewer days than these are left.",
        ko: "종료일까지 남은 일수가 이 값보다 적으면 알립니다.",
    },
};

/// What begins this close to the end of another commitment follows on it.
const FOLLOWS_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// Judges whether a commitment among `all` of its kind ends soon, and what that costs.
///
/// # Errors
/// Returns `Unknown` if the end is not known, or if the bill does not tell what is covered.
pub fn judge_expiring<K: Commitment>(
    check: &Check,
    facts: &Facts<'_>,
    all: &[Resource<K>],
    resource: &Resource<K>,
) -> Result<Verdict, Unknown> {
    let terms = resource.kind.terms();
    if terms.state.is_some_and(|state| state != "active") {
        return Ok(pass("not-active", "It is not active.", "활성 상태의 약정이 아닙니다."));
    }
    let Some(end) = terms.end else {
        let source = format!("inventory:{}", K::KIND.operation());
        return Err(unknown(
            "end-unknown",
            "When it ends is not known.",
            "언제 끝나는지 알 수 없습니다.",
            &[&source],
        ));
    };
    if end <= facts.now {
        return Ok(pass("ended", "It has ended.", "이미 끝났습니다."));
    }
    let days = days_between(facts.now, end);
    let threshold = check.threshold(facts, EXPIRING_DAYS.name);
    if Decimal::from(days) >= threshold {
        return Ok(pass(
            "runs-on",
            format!("It runs until {}.", day(end)),
            format!("{}까지 유효합니다.", day(end)),
        ));
    }
    if all.iter().any(|other| is_renewal(other, resource, end)) {
        return Ok(pass(
            "renewal-queued",
            "A purchase that covers as much is queued for its end.",
            "종료 시점에 맞춰 같은 규모의 약정 구매가 예약되어 있습니다.",
        ));
    }
    let seen = utilization(facts, &resource.reference(K::KIND), &terms)
        .map_err(|gap| with_end(gap, end))?;
    increase(&seen, &terms, end, days, threshold).ok_or_else(|| {
        with_end(
            unknown(
                "on-demand-cost-missing",
                "What it covers has no on-demand cost on the bill: export `ListCost` (FOCUS), or `pricing_public_on_demand_cost` (CUR).",
                "청구서에 이 약정이 덮은 사용량의 온디맨드 비용이 없습니다. `ListCost`(FOCUS)나 `pricing_public_on_demand_cost`(CUR)를 포함해 내보내세요.",
                &["billing"],
            ),
            end,
        )
    })
}

/// Returns whether `other` is bought already to take over at `end`.
fn is_renewal<K: Commitment>(other: &Resource<K>, resource: &Resource<K>, end: Timestamp) -> bool {
    let terms = other.kind.terms();
    let follows = terms
        .start
        .is_some_and(|start| start <= end + FOLLOWS_WITHIN && start + FOLLOWS_WITHIN >= end);
    terms.state == Some("queued")
        && follows
        && other.account == resource.account
        && other.region == resource.region
        && other.kind.covers_as_much_as(&resource.kind)
}

/// Returns what the end costs; absent where the bill does not tell.
fn increase(
    seen: &Utilization,
    terms: &Terms<'_>,
    end: Timestamp,
    days: u32,
    threshold: Decimal,
) -> Option<Verdict> {
    let on_demand = seen.on_demand?;
    let cost = seen.cost().ok()?;
    let more = on_demand.checked_sub(cost).ok()?;
    if !more.rounded().is_positive() {
        return Some(pass(
            "costs-no-more",
            format!(
                "It ends on {}, and what it covers would cost no more at on-demand rates.",
                day(end)
            ),
            format!(
                "{}에 끝나지만, 덮고 있는 사용량은 온디맨드 요금으로도 더 비싸지 않습니다.",
                day(end)
            ),
        ));
    }
    let number = |value: Decimal| value.to_f64().unwrap_or_default();
    Some(Verdict::Increase(Box::new(Increase {
        reason: Reason::new(
            "commitment-expiring",
            format!(
                "It ends on {}, in {}: what it covered in {} costs more at on-demand rates.",
                day(end),
                counted(days, "day"),
                seen.month()
            ),
            format!(
                "{}에 끝납니다({days}일 남음). {}에 덮었던 사용량이 온디맨드 요금으로 바뀌면 비용이 늘어납니다.",
                day(end),
                seen.month()
            ),
        ),
        onset: Onset::Coming,
        from: end,
        monthly: more,
        cost_now: cost,
        cost_after: on_demand,
        evidence: Evidence {
            window_days: seen.days().to_u32(),
            figures: vec![
                Figure::word("commitment", "Commitment", "약정", terms.subject.clone()),
                Figure::word("billing_month", "Billing month", "청구 월", seen.month()),
                Figure::word("ends_on", "Ends on", "종료일", day(end)),
                Figure::number("days_left", "Days left", "남은 일수", f64::from(days), "days")
                    .against(number(threshold)),
            ],
            notes: vec![
                Text::new(
                    "The on-demand cost is the `ListCost` of the bill, which knows no negotiated discount.",
                    "온디맨드 비용은 청구서의 `ListCost`이며, 협상 할인이 반영되지 않은 값입니다.",
                ),
                Text::new(
                    "Another commitment with room may take over a part. Decide on the size of a new one after waste is removed.",
                    "여유가 있는 다른 약정이 일부를 덮을 수 있습니다. 새 약정의 규모는 낭비를 걷어 낸 뒤에 정하세요.",
                ),
            ],
            ..Evidence::default()
        },
    })))
}

/// Says when it ends before what is missing.
fn with_end(mut gap: Unknown, end: Timestamp) -> Unknown {
    let text = &mut gap.reason.text;
    *text = Text::new(
        format!("It ends on {}. {}", day(end), text.en),
        format!("{}에 끝납니다. {}", day(end), text.ko),
    );
    gap
}
