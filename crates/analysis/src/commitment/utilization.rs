//! What the bill says of a commitment, per month of 730 hours.

use jiff::Timestamp;
use rust_decimal::Decimal;

use trimtab_model::commitment::{BillState, CommitmentMonth};
use trimtab_model::explain::Explain;
use trimtab_model::money::{Money, MoneyError};
use trimtab_model::period::{HOURS_PER_MONTH, Period};
use trimtab_model::recommendation::Unknown;
use trimtab_model::resource::ResourceRef;

use super::terms::Terms;
use crate::check::Facts;
use crate::saving::AMOUNT_DECIMALS;
use crate::verdict::unknown;

/// What a commitment costs and covers a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Utilization {
    /// The part of the billing month in which the commitment ran.
    pub period: Period,
    /// Effective cost of what it covers.
    pub used: Money,
    /// Effective cost of what it is paid for and does not cover.
    pub unused: Money,
    /// What it covers, at public on-demand rates; absent where the bill does not tell.
    pub on_demand: Option<Money>,
}

impl Utilization {
    /// Returns how many days were looked at.
    pub fn days(&self) -> Decimal {
        self.period.hours() / Decimal::from(24)
    }

    /// Returns what the commitment costs.
    ///
    /// # Errors
    /// Fails if the sum has more digits than an amount can hold.
    pub fn cost(&self) -> Result<Money, MoneyError> {
        self.used.checked_add(self.unused)
    }

    /// Returns the billing month, as `2026-10`.
    pub fn month(&self) -> String {
        self.period.start().strftime("%Y-%m").to_string()
    }
}

/// Returns what the last billing month that the bill covers whole says of a commitment.
///
/// # Errors
/// Returns `Unknown` if there is no such month, or if it does not tell what was used.
pub fn utilization(
    facts: &Facts<'_>,
    resource: &ResourceRef,
    terms: &Terms<'_>,
) -> Result<Utilization, Unknown> {
    if facts.charges.window.is_none() {
        return Err(unknown(
            "bill-missing",
            "What a commitment covers is on the bill only, and no recent one was read.",
            "약정이 덮은 사용량은 청구서에만 나오는데, 최근 청구서를 읽지 않았습니다.",
            &["billing"],
        ));
    }
    let known: Vec<&CommitmentMonth> = facts
        .charges
        .commitments
        .iter()
        .filter(|month| is_of(&month.commitment_discount_id, resource, terms.arn))
        .collect();
    if known.is_empty() {
        return Err(not_named(facts));
    }
    let ran = |month: &&CommitmentMonth| within(month.period, terms);
    let whole = known.into_iter().filter(|month| month.state == BillState::Whole);
    let last = whole.filter_map(|month| Some((ran(&month)?, month))).max_by_key(|(ran, _)| *ran);
    let Some((period, month)) = last else {
        return Err(unknown(
            "bill-month-not-whole",
            "The bill covers no whole billing month of this commitment: the fee of a reservation is charged for the month.",
            "이 약정이 유효했던 달을 온전히 담은 청구서가 없습니다. 예약 요금은 월 단위로 청구됩니다.",
            &["billing"],
        ));
    };
    let (Some(used), Some(unused)) = (month.used, month.unused) else {
        return Err(unknown(
            "unused-not-on-bill",
            "The bill does not tell what this commitment paid for and did not cover: export `CommitmentDiscountStatus` and `EffectiveCost` (FOCUS), or the reservation and savingsPlan columns (CUR).",
            "청구서에 이 약정에서 쓰지 못한 금액이 없습니다. `CommitmentDiscountStatus`와 `EffectiveCost`(FOCUS) 또는 reservation, savingsPlan 열(CUR)을 포함해 내보내세요.",
            &["billing"],
        ));
    };
    // Real exports have covered usage with a list cost and an effective cost of zero.
    if !used.is_positive() && month.on_demand.is_some_and(Money::is_positive) {
        return Err(unknown(
            "effective-cost-zero",
            "The bill says that what this commitment covers costs nothing: its `EffectiveCost` is not amortised.",
            "청구서에는 이 약정이 덮은 사용량의 비용이 0으로 나옵니다. `EffectiveCost`가 상각되지 않은 값입니다.",
            &["billing"],
        ));
    }
    monthly(period, used, unused, month.on_demand).map_err(|cause| {
        let text = cause.text();
        unknown(
            "amounts-not-computable",
            format!("The amounts cannot be computed: {}.", text.en),
            format!("금액을 계산할 수 없습니다: {}.", text.ko),
            &["billing"],
        )
    })
}

fn monthly(
    period: Period,
    used: Money,
    unused: Money,
    on_demand: Option<Money>,
) -> Result<Utilization, MoneyError> {
    let hours = period.hours();
    let factor = Decimal::from(HOURS_PER_MONTH)
        .checked_div(hours)
        .ok_or(MoneyError::Overflow(used.currency))?;
    let times = |amount: Money| amount.times(factor).map(|amount| amount.cut(AMOUNT_DECIMALS));
    Ok(Utilization {
        period,
        used: times(used)?,
        unused: times(unused)?,
        on_demand: on_demand.map(times).transpose()?,
    })
}

fn not_named(facts: &Facts<'_>) -> Unknown {
    if facts.charges.commitments.is_empty() {
        return unknown(
            "bill-without-commitments",
            "The bill names no commitment at all: export the column `CommitmentDiscountId` (FOCUS), or the reservation and savingsPlan columns (CUR).",
            "청구서에 약정이 하나도 없습니다. `CommitmentDiscountId` 열(FOCUS)이나 reservation, savingsPlan 열(CUR)을 포함해 내보내세요.",
            &["billing"],
        );
    }
    unknown(
        "commitment-not-on-bill",
        "The bill does not name this commitment: the bill of the account that pays for it does.",
        "이 약정은 읽은 청구서에 없습니다. 약정 비용을 내는 계정의 청구서가 필요합니다.",
        &["billing"],
    )
}

/// Returns the part of a period in which the commitment ran; absent where it did not.
fn within(period: Period, terms: &Terms<'_>) -> Option<Period> {
    let start = terms.start.map_or(period.start(), |start| start.max(period.start()));
    let end = terms.end.map_or(period.end(), |end| end.min(period.end()));
    Period::new(start, end).ok().filter(|ran| ran.seconds() > 0)
}

/// Returns whether the bill's identifier is that of a commitment.
///
/// A bill writes ARNs. Where the API tells none, the last part of the bill's is the
/// identifier, and account and region must be those of the commitment.
pub(super) fn is_of(bill: &str, resource: &ResourceRef, arn: Option<&str>) -> bool {
    if arn == Some(bill) {
        return true;
    }
    let parts: Vec<&str> = bill.splitn(6, ':').collect();
    let [_, _, _, region, account, name] = parts.as_slice() else {
        return bill == resource.id.as_str();
    };
    let name = name.rsplit([':', '/']).next().unwrap_or_default();
    name == resource.id.as_str()
        && (account.is_empty() || *account == resource.account.as_str())
        && (region.is_empty() || *region == resource.region.as_str())
}

/// Returns a moment's day, UTC, as the texts of commitments write it.
pub(super) fn day(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;
    use trimtab_model::resource::ResourceKind;

    use super::*;

    fn check(bill: &str, arn: Option<&str>, expected: bool) {
        let resource = ResourceRef {
            id: "0a1b".into(),
            kind: ResourceKind::ReservedInstances,
            account: "111122223333".into(),
            region: "us-east-1".into(),
            environment: Environment::Unknown,
            name: None,
        };
        assert_eq!(is_of(bill, &resource, arn), expected, "{bill}");
    }

    #[test]
    fn a_bill_names_a_commitment_by_its_arn_or_its_last_part() {
        let plan = "arn:aws:savingsplans::111122223333:savingsplan/0a1b";
        check(plan, Some(plan), true);
        check(plan, None, true);
        check("arn:aws:ec2:us-east-1:111122223333:reserved-instances/0a1b", None, true);
        check("arn:aws:rds:us-east-1:111122223333:ri:0a1b", None, true);
        check("0a1b", None, true);
    }

    #[test]
    fn a_namesake_elsewhere_is_another_commitment() {
        check("arn:aws:rds:eu-west-1:111122223333:ri:0a1b", None, false);
        check("arn:aws:rds:us-east-1:444455556666:ri:0a1b", None, false);
        check("arn:aws:rds:us-east-1:111122223333:ri:0a1bc", None, false);
        check("0a1", None, false);
    }
}
