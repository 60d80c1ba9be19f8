//! What a change saves: the bill where there is one, list prices where there is none.
//!
//! The cost now and the cost afterwards are lists of quantity times price, so that
//! every amount explains itself. Where the bill names the resource, its effective
//! cost replaces the list price and the cost afterwards shrinks in proportion: the
//! customer's own discounts apply to both.

use rust_decimal::Decimal;

use trimtab_model::charge::ResourceCharge;
use trimtab_model::focus::{ChargeCategory, CommitmentDiscountStatus};
use trimtab_model::id::ResourceId;
use trimtab_model::money::{Currency, Money, MoneyError};
use trimtab_model::price::PriceBasis;
use trimtab_model::recommendation::{CostComponent, Estimate, Unknown};
use trimtab_model::text::Reason;

use crate::check::Facts;

/// The largest discount that a commitment could already give on hourly compute
/// when no bill says: the 1-year no-upfront EC2 Instance Savings Plan of m5 and t3
/// in us-east-1, 37.5 % (AWS price list of 2026-10-13).
pub const UNSEEN_COMMITMENT_DISCOUNT: &str = "0.375";

/// Which of a resource's meters a change affects, and how they are discounted.
#[derive(Debug, Clone, Copy)]
pub struct Meter {
    /// Picks the charges that the change affects.
    pub charges: fn(&ResourceCharge) -> bool,
    /// Whether a Savings Plan or reservation can cover them.
    pub commitment: Commitment,
}

/// Whether a Savings Plan or reservation can cover a meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commitment {
    /// It can: instance hours.
    Possible,
    /// It cannot: storage, addresses, gateways.
    Impossible,
}

/// Picks every usage charge of a resource: for deletions.
pub const EVERYTHING: Meter = Meter { charges: |_| true, commitment: Commitment::Impossible };

/// Picks the hours of an EC2 instance.
pub const INSTANCE_HOURS: Meter =
    Meter { charges: is_instance_hour, commitment: Commitment::Possible };

/// Picks the hours of an RDS DB instance.
pub const DB_INSTANCE_HOURS: Meter =
    Meter { charges: is_db_instance_hour, commitment: Commitment::Possible };

fn is_instance_hour(charge: &ResourceCharge) -> bool {
    match &charge.usage_type {
        Some(usage_type) => {
            ["BoxUsage", "SpotUsage", "DedicatedUsage", "HostBoxUsage", "UnusedBox"]
                .iter()
                .any(|word| usage_type.contains(word))
        }
        None => is_hourly(charge),
    }
}

fn is_db_instance_hour(charge: &ResourceCharge) -> bool {
    match &charge.usage_type {
        Some(usage_type) => {
            ["InstanceUsage", "Multi-AZUsage", "MultiAZUsage"].iter().any(|word| usage_type.contains(word))
        }
        None => is_hourly(charge),
    }
}

fn is_hourly(charge: &ResourceCharge) -> bool {
    charge
        .pricing_unit
        .as_deref()
        .is_some_and(|unit| matches!(unit.to_ascii_lowercase().as_str(), "hrs" | "hours" | "hour" | "hr"))
}

/// Estimates the monthly saving of replacing `formula_now` by `formula_after` on a resource.
///
/// `bill_ids` are the names under which the bill may know the resource. Quantities in
/// the formulas are per month of 730 hours.
///
/// - With charges on the bill: the cost now is their effective cost per month; the cost
///   afterwards is that, in the proportion of the two list costs. What a commitment covers
///   saves nothing until the commitment finds other use, so `low` and `likely` count the
///   uncovered part only and `high` counts all.
/// - Without: list prices. `low` allows for a commitment that we cannot see.
///
/// # Errors
/// Returns `Unknown` if the list cost now is zero, or an amount overflows.
pub fn estimate(
    facts: &Facts<'_>,
    bill_ids: &[ResourceId],
    meter: Meter,
    formula_now: Vec<CostComponent>,
    formula_after: Vec<CostComponent>,
) -> Result<Estimate, Unknown> {
    estimate_amounts(facts, bill_ids, meter, formula_now, formula_after).map_err(|cause| Unknown {
        reason: Reason::new(
            "amount-overflow",
            format!("The amounts cannot be computed: {cause}."),
            format!("금액을 계산할 수 없습니다: {cause}."),
        ),
        settled_by: vec!["billing".to_owned()],
    })
}

fn estimate_amounts(
    facts: &Facts<'_>,
    bill_ids: &[ResourceId],
    meter: Meter,
    formula_now: Vec<CostComponent>,
    formula_after: Vec<CostComponent>,
) -> Result<Estimate, MoneyError> {
    let list_now = total(&formula_now)?;
    let list_after = total(&formula_after)?;
    let before_discounts = list_now.checked_sub(list_after)?;
    let estimated = formula_now
        .iter()
        .chain(&formula_after)
        .any(|component| component.price.basis == PriceBasis::Estimated);

    let billed = billed_cost(facts, bill_ids, meter)?;
    let (cost_now, uncovered, basis) = match billed {
        Some(billed) => (billed.effective, billed.uncovered, PriceBasis::Bill),
        None => (
            list_now,
            list_now,
            if estimated { PriceBasis::Estimated } else { PriceBasis::List },
        ),
    };
    let kept_share = if list_now.amount.is_zero() {
        Decimal::ZERO
    } else {
        list_after.amount / list_now.amount
    };
    let saved_share = (Decimal::ONE - kept_share).min(Decimal::ONE);
    let high = cost_now.times(saved_share)?;
    let likely = uncovered.times(saved_share)?;
    let unseen = meter.commitment == Commitment::Possible && basis != PriceBasis::Bill;
    let low = if unseen && likely.is_positive() {
        let discount: Decimal =
            UNSEEN_COMMITMENT_DISCOUNT.parse().expect("a decimal constant of this file");
        likely.times(Decimal::ONE - discount)?
    } else {
        likely
    };
    Ok(Estimate {
        low,
        likely,
        high,
        before_discounts,
        cost_now,
        cost_after: cost_now.checked_sub(likely)?,
        formula_now,
        formula_after,
        basis,
    })
}

/// Sums components; an empty formula costs nothing, which is what a deletion leaves.
fn total(formula: &[CostComponent]) -> Result<Money, MoneyError> {
    formula.iter().try_fold(Money::zero(Currency::USD), |sum, component| {
        sum.checked_add(component.amount()?)
    })
}

struct BilledCost {
    effective: Money,
    uncovered: Money,
}

/// Sums what the bill says of the meter, per month; absent when it names none of the ids.
fn billed_cost(
    facts: &Facts<'_>,
    bill_ids: &[ResourceId],
    meter: Meter,
) -> Result<Option<BilledCost>, MoneyError> {
    let Some(factor) = facts.charges.monthly_factor() else { return Ok(None) };
    let mut sums: Option<BilledCost> = None;
    let charges = bill_ids.iter().flat_map(|id| facts.charges.of_resource(id));
    for charge in charges {
        if charge.charge_category != ChargeCategory::Usage || !(meter.charges)(charge) {
            continue;
        }
        let effective = charge.cost.effective;
        let sum = sums.get_or_insert_with(|| BilledCost {
            effective: Money::zero(effective.currency),
            uncovered: Money::zero(effective.currency),
        });
        sum.effective = sum.effective.checked_add(effective)?;
        if charge.commitment_discount_status != Some(CommitmentDiscountStatus::Used) {
            sum.uncovered = sum.uncovered.checked_add(effective)?;
        }
    }
    sums.filter(|sum| sum.effective.is_positive())
        .map(|sum| {
            Ok(BilledCost {
                effective: sum.effective.times(factor)?,
                uncovered: sum.uncovered.times(factor)?,
            })
        })
        .transpose()
}
