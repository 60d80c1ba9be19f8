//! What a change saves: the bill where there is one, list prices where there is none.
//!
//! The cost now and the cost afterwards are lists of quantity times price, so that
//! every amount explains itself. Where the bill names the resource, its effective
//! cost replaces the list price and the cost afterwards shrinks in proportion: the
//! customer's own discounts apply to both.

use rust_decimal::Decimal;

use trimtab_model::action::VolumeSettings;
use trimtab_model::build_up::BilledSteps;
use trimtab_model::charge::ResourceCharge;
use trimtab_model::focus::{ChargeCategory, CommitmentDiscountStatus};
use trimtab_model::id::ResourceId;
use trimtab_model::money::{Currency, Money, MoneyError};
use trimtab_model::price::{Price, PriceBasis};
use trimtab_model::recommendation::{CostComponent, Estimate, Unknown};
use trimtab_model::resource::volume::Volume;
use trimtab_model::resource::{Resource, ResourceKind, ResourceRef};
use trimtab_model::text::Reason;

use crate::check::Facts;
use crate::pricing::Tariff;

mod replacement;

pub use replacement::in_place_of;

/// The largest discount that a commitment could already give on hourly compute
/// when no bill says: the 1-year no-upfront EC2 Instance Savings Plan of m5 and t3
/// in us-east-1, 37.5 % (AWS price list of 2026-10-13).
pub const UNSEEN_COMMITMENT_DISCOUNT: &str = "0.375";

/// Decimals of an amount that comes from a division: far below what a bill shows, and
/// short enough to read.
pub const AMOUNT_DECIMALS: u32 = 10;

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

/// Picks every usage charge of a resource whose hours a commitment may cover.
pub const EVERYTHING_WITH_HOURS: Meter =
    Meter { charges: |_| true, commitment: Commitment::Possible };

/// Picks what a bill charges for a function: its name may be that of a log group or of a bucket too.
pub const OF_LAMBDA: Meter = Meter { charges: is_of_lambda, commitment: Commitment::Possible };

/// Picks the hours of an EC2 instance.
pub const INSTANCE_HOURS: Meter =
    Meter { charges: is_instance_hour, commitment: Commitment::Possible };

/// Picks the hours of an EC2 instance and the CPU credits it bought.
pub const INSTANCE_HOURS_AND_CREDITS: Meter = Meter {
    charges: |charge| is_instance_hour(charge) || is_cpu_credit(charge),
    commitment: Commitment::Possible,
};

/// Picks the empty seats of a Capacity Reservation.
pub const EMPTY_SEATS: Meter = Meter { charges: is_empty_seat, commitment: Commitment::Possible };

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

fn is_cpu_credit(charge: &ResourceCharge) -> bool {
    charge.usage_type.as_deref().is_some_and(|usage_type| usage_type.contains("CPUCredits:"))
}

fn is_empty_seat(charge: &ResourceCharge) -> bool {
    charge.usage_type.as_deref().is_some_and(|usage_type| {
        usage_type.contains("UnusedBox") || usage_type.contains("UnusedDed")
    })
}

fn is_db_instance_hour(charge: &ResourceCharge) -> bool {
    match &charge.usage_type {
        Some(usage_type) => ["InstanceUsage", "Multi-AZUsage", "MultiAZUsage"]
            .iter()
            .any(|word| usage_type.contains(word)),
        None => is_hourly(charge),
    }
}

fn is_hourly(charge: &ResourceCharge) -> bool {
    charge.pricing_unit.as_deref().is_some_and(|unit| {
        matches!(unit.to_ascii_lowercase().as_str(), "hrs" | "hours" | "hour" | "hr")
    })
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
/// A change that costs more gives negative amounts; a check says Pass to those. For every
/// other change `0 <= low <= likely <= high <= cost_now`.
///
/// # Errors
/// Returns `Unknown` if neither the formula nor the bill says what the resource costs,
/// if its charges have several currencies, or if an amount overflows.
pub fn estimate(
    facts: &Facts<'_>,
    bill_ids: &[ResourceId],
    meter: Meter,
    formula_now: Vec<CostComponent>,
    formula_after: Vec<CostComponent>,
) -> Result<Estimate, Unknown> {
    estimate_charges(
        facts,
        charges_of(facts, None, bill_ids, meter),
        meter,
        formula_now,
        formula_after,
    )
}

/// Does what [`estimate`] does, with the charges of the resource's own account and region only.
///
/// A DB instance, a log group and a function are known by a name that another account
/// may use too; where the bill says the account and the region, they decide.
///
/// # Errors
/// As [`estimate`].
pub fn estimate_of(
    facts: &Facts<'_>,
    resource: &ResourceRef,
    bill_ids: &[ResourceId],
    meter: Meter,
    formula_now: Vec<CostComponent>,
    formula_after: Vec<CostComponent>,
) -> Result<Estimate, Unknown> {
    let charges = charges_of(facts, Some(resource), bill_ids, meter);
    estimate_charges(facts, charges, meter, formula_now, formula_after)
}

/// Estimates what other settings of a volume save, each priced in its region.
///
/// # Errors
/// As [`estimate`], and if a price of either setting is not known.
pub fn volume_change(
    facts: &Facts<'_>,
    volume: &Resource<Volume>,
    now: &VolumeSettings,
    after: &VolumeSettings,
) -> Result<Estimate, Unknown> {
    let (tariff, size_gib) = (Tariff::of(facts, volume), volume.kind.size_gib);
    estimate_of(
        facts,
        &volume.reference(ResourceKind::Volume),
        std::slice::from_ref(&volume.id),
        EVERYTHING,
        tariff.volume(now, size_gib)?,
        tariff.volume(after, size_gib)?,
    )
}

/// Estimates what the end of a resource saves: its list cost, else what the bill says of it.
///
/// `list` is its cost now at list prices, or why there is none.
///
/// # Errors
/// Returns the reason in `list` if the bill does not name the resource either; else as [`estimate`].
pub fn deletion(
    facts: &Facts<'_>,
    resource: &ResourceRef,
    bill_ids: &[ResourceId],
    meter: Meter,
    list: Result<Vec<CostComponent>, Unknown>,
) -> Result<Estimate, Unknown> {
    let charges = charges_of(facts, Some(resource), bill_ids, meter);
    let formula_now = match list {
        Ok(formula) => formula,
        Err(unknown) if charges.is_empty() => return Err(unknown),
        Err(_) => billed_formula(facts, &charges).map_err(not_computable)?,
    };
    estimate_charges(facts, charges, meter, formula_now, Vec::new())
}

/// Narrows an estimate to shares of its likely saving: `low` and `likely`, each from 0 to 1.
///
/// For changes that free a part that the data does not tell exactly: what a kept
/// snapshot costs, which events are older than the retention.
pub fn narrowed(estimate: Estimate, low: Decimal, likely: Decimal) -> Result<Estimate, Unknown> {
    let share = |value: Decimal| value.clamp(Decimal::ZERO, Decimal::ONE);
    let narrow = || -> Result<Estimate, MoneyError> {
        let narrowed = estimate.likely.times(share(likely))?.cut(AMOUNT_DECIMALS);
        let lowest = estimate.low.times(share(low).min(share(likely)))?.cut(AMOUNT_DECIMALS);
        Ok(Estimate {
            low: lowest,
            likely: narrowed,
            cost_after: estimate.cost_now.checked_sub(narrowed)?,
            ..estimate.clone()
        })
    };
    narrow().map_err(not_computable)
}

fn is_of_lambda(charge: &ResourceCharge) -> bool {
    let usage = charge.usage_type.as_deref();
    charge.service_name.contains("Lambda") || usage.is_some_and(|usage| usage.contains("Lambda"))
}

fn not_computable(cause: MoneyError) -> Unknown {
    Unknown {
        reason: Reason::new(
            "amounts-not-computable",
            format!("The amounts cannot be computed: {cause}."),
            format!("금액을 계산할 수 없습니다: {cause}."),
        ),
        settled_by: vec!["billing".to_owned()],
    }
}

fn not_priced() -> Unknown {
    Unknown {
        reason: Reason::new(
            "cost-unknown",
            "Neither the price list nor the bill says what the resource costs.",
            "정가표에도 청구서에도 이 자원의 비용이 없습니다.",
        ),
        settled_by: vec!["billing".to_owned()],
    }
}

fn estimate_charges(
    facts: &Facts<'_>,
    charges: Vec<&ResourceCharge>,
    meter: Meter,
    formula_now: Vec<CostComponent>,
    formula_after: Vec<CostComponent>,
) -> Result<Estimate, Unknown> {
    let billed = billed_cost(facts, &charges).map_err(not_computable)?;
    let list_now = total(&formula_now).map_err(not_computable)?;
    if list_now.amount.is_zero() && (billed.is_none() || !formula_after.is_empty()) {
        return Err(not_priced());
    }
    estimate_amounts(billed, meter, list_now, formula_now, formula_after).map_err(not_computable)
}

fn estimate_amounts(
    billed: Option<BilledCost>,
    meter: Meter,
    list_now: Money,
    formula_now: Vec<CostComponent>,
    formula_after: Vec<CostComponent>,
) -> Result<Estimate, MoneyError> {
    let list_after = total(&formula_after)?;
    let estimated = formula_now
        .iter()
        .chain(&formula_after)
        .any(|component| component.price.basis == PriceBasis::Estimated);
    // Of two list costs the difference is exact; of anything else it is a proportion.
    let list_saved = list_now.checked_sub(list_after)?;
    let saved = |cost: Money| -> Result<Money, MoneyError> {
        if list_now.amount.is_zero() || cost == list_now {
            return Ok(if list_now.amount.is_zero() { cost } else { list_saved });
        }
        let share = cost.times(list_saved.amount)?.amount.checked_div(list_now.amount);
        let share = share.ok_or(MoneyError::Overflow(cost.currency))?;
        Ok(Money::new(share, cost.currency).cut(AMOUNT_DECIMALS))
    };

    let steps = billed.as_ref().map(BilledCost::steps).transpose()?;
    let (cost_now, uncovered, before_discounts, basis) = match billed {
        Some(billed) => {
            // The bill's own list cost, in the bill's currency, before ours in dollars.
            let before_discounts = match billed.list {
                Some(list) => saved(list)?,
                None if billed.effective.currency == Currency::USD => list_saved,
                None => saved(billed.effective)?,
            };
            (billed.effective, billed.uncovered, before_discounts, PriceBasis::Bill)
        }
        None => {
            let basis = if estimated { PriceBasis::Estimated } else { PriceBasis::List };
            (list_now, list_now, list_saved, basis)
        }
    };
    let high = saved(cost_now)?;
    let likely = saved(uncovered)?;
    let unseen = meter.commitment == Commitment::Possible && basis != PriceBasis::Bill;
    let low = if unseen && likely.is_positive() {
        let discount: Decimal =
            UNSEEN_COMMITMENT_DISCOUNT.parse().expect("a decimal constant of this file");
        likely.times(Decimal::ONE - discount)?.cut(AMOUNT_DECIMALS)
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
        billed: steps,
    })
}

/// Sums components; an empty formula costs nothing, which is what a deletion leaves.
fn total(formula: &[CostComponent]) -> Result<Money, MoneyError> {
    formula
        .iter()
        .try_fold(Money::zero(Currency::USD), |sum, component| sum.checked_add(component.amount()?))
}

/// Finds the usage charges of the meter under any of the names.
pub(crate) fn charges_of<'a>(
    facts: &Facts<'a>,
    resource: Option<&ResourceRef>,
    bill_ids: &[ResourceId],
    meter: Meter,
) -> Vec<&'a ResourceCharge> {
    let charges = facts.charges;
    let mut names: Vec<&ResourceId> = bill_ids.iter().collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .flat_map(|id| charges.of_resource(id))
        .filter(|charge| charge.charge_category == ChargeCategory::Usage && (meter.charges)(charge))
        .filter(|charge| {
            resource.is_none_or(|resource| {
                charge.account.as_ref().is_none_or(|account| *account == resource.account)
                    && charge.region.as_ref().is_none_or(|region| *region == resource.region)
            })
        })
        .collect()
}

struct BilledCost {
    effective: Money,
    uncovered: Money,
    list: Option<Money>,
    contracted: Option<Money>,
    /// Of what a commitment covers.
    covered_contracted: Option<Money>,
}

impl BilledCost {
    fn steps(&self) -> Result<BilledSteps, MoneyError> {
        Ok(BilledSteps {
            list: self.list,
            contracted: self.contracted,
            covered: self.effective.checked_sub(self.uncovered)?,
            covered_contracted: self.covered_contracted,
        })
    }
}

/// Sums charges per month; absent where there is no bill or it names none of them.
fn billed_cost(
    facts: &Facts<'_>,
    charges: &[&ResourceCharge],
) -> Result<Option<BilledCost>, MoneyError> {
    let (Some(factor), Some(first)) = (facts.charges.monthly_factor(), charges.first()) else {
        return Ok(None);
    };
    let nothing = Money::zero(first.cost.effective.currency);
    let mut sum = BilledCost {
        effective: nothing,
        uncovered: nothing,
        list: Some(nothing),
        contracted: Some(nothing),
        covered_contracted: Some(nothing),
    };
    for charge in charges {
        sum.effective = sum.effective.checked_add(charge.cost.effective)?;
        sum.list = both(sum.list, charge.cost.list)?;
        sum.contracted = both(sum.contracted, charge.cost.contracted)?;
        if charge.commitment_discount_status == Some(CommitmentDiscountStatus::Used) {
            sum.covered_contracted = both(sum.covered_contracted, charge.cost.contracted)?;
        } else {
            sum.uncovered = sum.uncovered.checked_add(charge.cost.effective)?;
        }
    }
    let monthly = |money: Money| Ok(money.times(factor)?.cut(AMOUNT_DECIMALS));
    // A credit or a free tier that pays for all of it leaves nothing to save.
    sum.effective.amount = sum.effective.amount.max(Decimal::ZERO);
    // A refund within the usage rows must not make the uncovered part leave its range.
    let uncovered = sum.uncovered.amount.clamp(Decimal::ZERO, sum.effective.amount);
    Ok(Some(BilledCost {
        effective: monthly(sum.effective)?,
        uncovered: monthly(Money::new(uncovered, sum.effective.currency))?,
        list: sum.list.map(monthly).transpose()?,
        contracted: sum.contracted.map(monthly).transpose()?,
        covered_contracted: sum.covered_contracted.map(monthly).transpose()?,
    }))
}

/// Adds what may be absent: a sum over some of the charges would look like a discount.
fn both(sum: Option<Money>, one: Option<Money>) -> Result<Option<Money>, MoneyError> {
    sum.zip(one).map(|(sum, one)| sum.checked_add(one)).transpose()
}

/// Writes what the bill says as quantity times price. Formulas are in dollars, so a
/// bill in another currency gives an empty one.
fn billed_formula(
    facts: &Facts<'_>,
    charges: &[&ResourceCharge],
) -> Result<Vec<CostComponent>, MoneyError> {
    let Some(factor) = facts.charges.monthly_factor() else { return Ok(Vec::new()) };
    charges
        .iter()
        .filter(|charge| charge.cost.effective.currency == Currency::USD)
        .map(|charge| {
            let (quantity, unit) = match (charge.pricing_quantity, &charge.pricing_unit) {
                (Some(quantity), Some(unit)) if quantity > Decimal::ZERO => {
                    (quantity, unit.as_str())
                }
                _ => (Decimal::ONE, "window"),
            };
            let overflow = MoneyError::Overflow(Currency::USD);
            let amount = charge.cost.effective.amount;
            let usd = amount.checked_div(quantity).ok_or(overflow)?.round_dp(12);
            Ok(CostComponent {
                name: charge.usage_type.clone().unwrap_or_else(|| charge.service_name.clone()),
                quantity: quantity
                    .checked_mul(factor)
                    .ok_or(MoneyError::Overflow(Currency::USD))?,
                price: Price {
                    usd,
                    unit: unit.to_owned(),
                    basis: PriceBasis::Bill,
                    source: "bill".to_owned(),
                    as_of: facts.charges.window.map(|window| {
                        window.end().to_zoned_datetime(jiff::tz::TimeZone::UTC).date()
                    }),
                },
            })
        })
        .collect()
}

/// Leaves such a share of an estimate, the cost that it is of included.
///
/// What is left of the cost after the change is for the caller to say.
pub fn keep_share(estimate: &mut Estimate, left: Decimal) {
    for money in [
        &mut estimate.low,
        &mut estimate.likely,
        &mut estimate.high,
        &mut estimate.before_discounts,
        &mut estimate.cost_now,
    ] {
        let part = money.amount.checked_mul(left).unwrap_or_default();
        money.amount = part.trunc_with_scale(AMOUNT_DECIMALS);
    }
    estimate.billed = estimate.billed.map(|billed| billed.share(left));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use trimtab_model::build_up::CostStepAmounts;

    use super::*;
    use crate::scene::{Scene, scene};

    fn component(usd: Decimal) -> CostComponent {
        CostComponent {
            name: "m5.large".to_owned(),
            quantity: Decimal::from(730),
            price: Price {
                usd,
                unit: "hour".to_owned(),
                basis: PriceBasis::List,
                source: "test".to_owned(),
                as_of: None,
            },
        }
    }

    fn halved(scene: &Scene, meter: Meter) -> Estimate {
        estimate(
            &scene.facts(),
            &["i-1".into()],
            meter,
            vec![component(Decimal::new(2, 1))],
            vec![component(Decimal::new(1, 1))],
        )
        .expect("priced")
    }

    fn rounded(estimate: &Estimate) -> [String; 4] {
        [estimate.low, estimate.likely, estimate.high, estimate.cost_now]
            .map(|money| format!("{:.2} {}", money.rounded().amount, money.currency))
    }

    #[test]
    fn without_a_bill_low_allows_for_an_unseen_commitment() {
        let estimate = halved(&scene(), INSTANCE_HOURS);
        assert_eq!(rounded(&estimate), ["45.62 USD", "73.00 USD", "73.00 USD", "146.00 USD"]);
        assert_eq!(estimate.basis, PriceBasis::List);
    }

    #[test]
    fn the_bill_decides_where_it_names_the_resource() {
        let scene = scene().bill("i-1", "APN2-BoxUsage:m5.large", "720", "72");
        let estimate = halved(&scene, INSTANCE_HOURS);
        assert_eq!(rounded(&estimate), ["36.50 USD", "36.50 USD", "36.50 USD", "73.00 USD"]);
        assert_eq!(estimate.before_discounts.rounded(), Money::usd(Decimal::from(73)));
        assert_eq!(estimate.basis, PriceBasis::Bill);
    }

    #[test]
    fn f10_what_a_commitment_covers_counts_in_the_best_case_only() {
        let scene = scene().bill("i-1", "APN2-BoxUsage:m5.large", "720", "72").committed(
            "i-1",
            "APN2-BoxUsage:m5.large",
            "720",
            "36",
        );
        let estimate = halved(&scene, INSTANCE_HOURS);
        assert_eq!(rounded(&estimate), ["36.50 USD", "36.50 USD", "54.75 USD", "109.50 USD"]);
    }

    #[test]
    fn the_bill_tells_its_steps_and_a_share_of_them_adds_up_as_well() {
        let mut scene = scene().bill("i-1", "APN2-BoxUsage:m5.large", "720", "72").committed(
            "i-1",
            "APN2-BoxUsage:m5.large",
            "720",
            "36",
        );
        for charge in &mut scene.charges.resources {
            let twice = Money::usd(Decimal::from(72));
            (charge.cost.list, charge.cost.contracted) = (Some(twice), Some(twice));
        }
        let mut estimate = halved(&scene, INSTANCE_HOURS);
        for _ in 0..2 {
            let build_up = estimate.build_up();
            assert_eq!(build_up.covered_share, Some(Decimal::new(5, 1)));
            for of in [|one: &CostStepAmounts| one.now, |one: &CostStepAmounts| one.after] {
                let amounts: Vec<Decimal> =
                    build_up.steps.iter().map(|one| of(one).expect("known").amount).collect();
                let (paid, steps) = amounts.split_last().expect("six");
                let sum: Decimal = steps.iter().sum();
                assert_eq!(sum.round_dp(6), paid.round_dp(6), "{build_up:?}");
            }
            keep_share(&mut estimate, Decimal::new(25, 2));
            estimate.cost_after = estimate.cost_now.checked_sub(estimate.likely).expect("fits");
        }
    }

    #[test]
    fn a_namesake_in_another_account_is_not_counted() {
        let scene = scene().bill("i-1", "APN2-BoxUsage:m5.large", "720", "72").bill_of_account(
            "999999999999",
            "i-1",
            "APN2-BoxUsage:m5.large",
            "720",
            "7200",
        );
        let estimate = deletion(
            &scene.facts(),
            &scene.reference("i-1"),
            &["i-1".into()],
            INSTANCE_HOURS,
            Err(not_priced()),
        )
        .expect("billed");
        let expected = Money::usd(Decimal::from(73));
        assert_eq!(estimate.likely.rounded(), expected);
        assert_eq!(total(&estimate.formula_now).map(Money::rounded), Ok(expected));
    }

    #[test]
    fn f09_without_price_and_bill_nothing_is_estimated() {
        let scene = scene();
        let reference = scene.reference("i-1");
        let nothing =
            deletion(&scene.facts(), &reference, &["i-1".into()], EVERYTHING, Err(not_priced()));
        assert_eq!(nothing.expect_err("unknown").reason.code, "cost-unknown");
        assert!(
            estimate(&scene.facts(), &["i-1".into()], EVERYTHING, Vec::new(), Vec::new()).is_err()
        );
    }

    proptest! {
        #[test]
        fn a_reduction_is_ordered_and_never_exceeds_the_cost(
            now in 1_i64..10_000_000,
            kept in 0_i64..=100,
            charges in prop::collection::vec((-50_000_i64..1_000_000, any::<bool>()), 0..5),
            covered_possible in any::<bool>(),
        ) {
            let now_price = Decimal::new(now, 6);
            let after_price = now_price * Decimal::new(kept, 2);
            let scene = charges.iter().fold(scene(), |scene, (cents, committed)| {
                let amount = Decimal::new(*cents, 2).to_string();
                if *committed {
                    scene.committed("i-1", "BoxUsage:x", "720", &amount)
                } else {
                    scene.bill("i-1", "BoxUsage:x", "720", &amount)
                }
            });
            let meter = if covered_possible { INSTANCE_HOURS } else { EVERYTHING };
            let estimate = estimate(
                &scene.facts(),
                &["i-1".into(), "i-1".into()],
                meter,
                vec![component(now_price)],
                vec![component(after_price)],
            ).expect("priced");
            prop_assert!(estimate.low.amount >= Decimal::ZERO);
            prop_assert!(estimate.low.amount <= estimate.likely.amount);
            prop_assert!(estimate.likely.amount <= estimate.high.amount);
            prop_assert!(estimate.high.amount <= estimate.cost_now.amount);
            let share = Decimal::new(kept, 2);
            let narrowed = narrowed(estimate, share, share).expect("fits");
            prop_assert!(narrowed.low.amount <= narrowed.likely.amount);
            prop_assert!(narrowed.likely.amount <= narrowed.high.amount);
            let sum = narrowed.cost_after.amount + narrowed.likely.amount;
            prop_assert_eq!(sum.round_dp(15), narrowed.cost_now.amount.round_dp(15));
        }
    }
}
