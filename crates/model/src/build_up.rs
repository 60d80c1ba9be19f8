//! What a cost is made of: from the price list down to what is paid, before and after a change.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::money::{Currency, Money};
use crate::price::PriceBasis;
use crate::recommendation::{CostComponent, Estimate};

/// Decimals of an amount that comes from a division: far below what a bill shows.
const AMOUNT_DECIMALS: u32 = 10;
/// How far two shares of one use may lie apart that were divided in two ways: half a percent.
const SAME: Decimal = Decimal::from_parts(5, 0, 0, false, 3);

/// What the bill says of a cost on its way down from the price list, per month of 730 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BilledSteps {
    /// `ListCost`: at public prices; absent where a charge lacks it.
    pub list: Option<Money>,
    /// `ContractedCost`: at negotiated prices, before commitments; absent where a charge lacks it.
    pub contracted: Option<Money>,
    /// `EffectiveCost` of the part that a Savings Plan or a reservation covers.
    pub covered: Money,
    /// `ContractedCost` of that part; absent where one of its charges lacks it.
    pub covered_contracted: Option<Money>,
}

impl BilledSteps {
    /// Leaves such a share of every amount.
    #[must_use]
    pub fn share(self, share: Decimal) -> Self {
        let part = |money: Money| Money {
            amount: product(money.amount, share).unwrap_or_default(),
            ..money
        };
        Self {
            list: self.list.map(part),
            contracted: self.contracted.map(part),
            covered: part(self.covered),
            covered_contracted: self.covered_contracted.map(part),
        }
    }

    /// Returns whether a commitment covers a part.
    fn is_covered(&self) -> bool {
        self.covered.is_positive() || self.covered_contracted.is_none_or(Money::is_positive)
    }
}

/// A step on the way from the price list to what is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CostStep {
    /// The cost at public prices.
    List,
    /// What negotiated prices change.
    Contract,
    /// What commitments change on the part that they cover.
    Commitment,
    /// What is paid for commitments that the change leaves without use.
    UnusedCommitment,
    /// What no other step explains, such as a free tier.
    Other,
    /// What is paid, amortised.
    Effective,
}

impl CostStep {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Contract => "contract",
            Self::Commitment => "commitment",
            Self::UnusedCommitment => "unused-commitment",
            Self::Other => "other",
            Self::Effective => "effective",
        }
    }

    /// Returns whether it is a cost and no difference.
    pub fn is_level(self) -> bool {
        match self {
            Self::List | Self::Effective => true,
            Self::Contract | Self::Commitment | Self::UnusedCommitment | Self::Other => false,
        }
    }
}

/// One step, before and after the change; absent where it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostStepAmounts {
    /// Which.
    pub step: CostStep,
    /// Before.
    pub now: Option<Money>,
    /// Afterwards, as the likely saving has it.
    pub after: Option<Money>,
}

/// A cost from its list price down to what is paid, before and after a change.
///
/// The steps between the first and the last are differences: where all are known, they add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildUp {
    /// The steps, in order: each kind once.
    pub steps: [CostStepAmounts; 6],
    /// The share of the use that commitments cover, by its contracted cost, from 0 to 1; absent
    /// where that is not known.
    pub covered_share: Option<Decimal>,
    /// Where the amounts come from.
    pub basis: PriceBasis,
}

impl BuildUp {
    /// Returns what is known of a step.
    pub fn step(&self, step: CostStep) -> CostStepAmounts {
        let nothing = CostStepAmounts { step, now: None, after: None };
        self.steps.iter().find(|one| one.step == step).copied().unwrap_or(nothing)
    }

    /// Returns whether more is known than what is paid in the end.
    pub fn has_steps(&self) -> bool {
        self.steps.iter().any(|one| one.step != CostStep::Effective && one.now.is_some())
    }

    /// Returns what of the cost now a commitment covers, so that no change saves it at once.
    pub fn stays_paid(&self) -> Option<Money> {
        self.step(CostStep::UnusedCommitment).after.filter(|money| money.is_positive())
    }
}

impl Estimate {
    /// Returns what the cost is made of, as far as the bill tells it.
    pub fn build_up(&self) -> BuildUp {
        let known = self.billed.filter(|billed| self.agrees_with(billed));
        let now = match (&known, self.basis) {
            (Some(billed), _) => differences(billed, self.cost_now),
            // Without a bill the price list is all there is.
            (None, PriceBasis::List | PriceBasis::Estimated) => {
                Differences { list: Some(self.cost_now), ..Differences::default() }
            }
            (None, PriceBasis::Bill) => Differences::default(),
        };
        let left = known.map_or_else(
            || ratio(self.cost_after.amount, self.cost_now.amount),
            |billed| self.left(&billed),
        );
        let scaled = |money: Option<Money>| {
            let money = money?;
            Some(Money { amount: product(money.amount, left?)?, ..money })
        };
        let freed = known.and_then(|billed| {
            let amount = product(billed.covered.amount, Decimal::ONE - left?)?;
            Some(Money { amount, ..billed.covered })
        });
        let nothing = known.map(|_| Money::zero(self.cost_now.currency));
        let pair = |step, now, after| CostStepAmounts { step, now, after };
        BuildUp {
            steps: [
                pair(CostStep::List, now.list, scaled(now.list)),
                pair(CostStep::Contract, now.contract, scaled(now.contract)),
                pair(CostStep::Commitment, now.commitment, scaled(now.commitment)),
                pair(CostStep::UnusedCommitment, nothing, freed),
                pair(CostStep::Other, now.other, scaled(now.other)),
                pair(CostStep::Effective, Some(self.cost_now), Some(self.cost_after)),
            ],
            covered_share: known.and_then(|billed| covered_share(&billed)),
            basis: self.basis,
        }
    }

    /// Returns whether the steps are of the very cost: another change may have left less of it.
    fn agrees_with(&self, billed: &BilledSteps) -> bool {
        let is_part = billed.covered.amount <= self.cost_now.amount;
        let is_settled =
            self.cost_now.amount.checked_sub(self.likely.amount) == Some(self.cost_after.amount);
        billed.covered.currency == self.cost_now.currency && is_part && is_settled
    }

    /// Returns the share of the use that is left after the change.
    ///
    /// What is likely saved is of the uncovered part alone: its share of that part is the share of
    /// the use. The two list costs must say the same; of what commitments cover entirely they say
    /// it alone.
    fn left(&self, billed: &BilledSteps) -> Option<Decimal> {
        let of_list = match list_cost(&self.formula_now)? {
            // Formulas are in dollars, so that a bill in another currency may have none.
            nothing if nothing.is_zero() => None,
            now => Some(ratio(list_cost(&self.formula_after)?, now)?),
        };
        let uncovered = self.cost_now.amount.checked_sub(billed.covered.amount)?;
        let left = if uncovered > Decimal::ZERO {
            let left = Decimal::ONE.checked_sub(ratio(self.likely.amount, uncovered)?)?;
            let is_same =
                |other: Decimal| other.checked_sub(left).is_some_and(|apart| apart.abs() <= SAME);
            of_list.is_none_or(is_same).then_some(left)?
        } else {
            of_list?
        };
        (Decimal::ZERO..=Decimal::ONE).contains(&left).then_some(left)
    }
}

/// The steps of the cost now, as differences.
#[derive(Default)]
struct Differences {
    list: Option<Money>,
    contract: Option<Money>,
    commitment: Option<Money>,
    other: Option<Money>,
}

fn differences(billed: &BilledSteps, effective: Money) -> Differences {
    let less = |left: Option<Money>, right: Option<Money>| left?.checked_sub(right?).ok();
    let nothing = Money::zero(effective.currency);
    let list = billed.list;
    if !billed.is_covered() && billed.contracted.is_none() {
        // Without a commitment, prices alone make the difference.
        let contract = less(Some(effective), list);
        let other = list.map(|_| nothing);
        return Differences { list, contract, commitment: Some(nothing), other };
    }
    let contract = less(billed.contracted, list);
    let commitment = less(Some(billed.covered), billed.covered_contracted);
    let other = less(less(Some(effective), billed.contracted), commitment);
    Differences { list, contract, commitment, other }
}

fn covered_share(billed: &BilledSteps) -> Option<Decimal> {
    if !billed.is_covered() {
        return Some(Decimal::ZERO);
    }
    let share = ratio(billed.covered_contracted?.amount, billed.contracted?.amount)?;
    (Decimal::ZERO..=Decimal::ONE).contains(&share).then(|| share.round_dp(4))
}

fn list_cost(formula: &[CostComponent]) -> Option<Decimal> {
    formula.iter().try_fold(Decimal::ZERO, |sum, component| {
        let amount = component.amount().ok()?;
        (amount.currency == Currency::USD).then(|| sum.checked_add(amount.amount))?
    })
}

fn ratio(part: Decimal, whole: Decimal) -> Option<Decimal> {
    if whole.is_zero() {
        return None;
    }
    part.checked_div(whole)
}

fn product(amount: Decimal, share: Decimal) -> Option<Decimal> {
    Some(amount.checked_mul(share)?.round_dp(AMOUNT_DECIMALS).normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(text: &str) -> Money {
        Money::usd(text.parse().unwrap())
    }

    /// A cost of 300 of which commitments cover 100, at half of what that part costs without.
    fn covered() -> Estimate {
        Estimate {
            low: usd("100"),
            likely: usd("100"),
            high: usd("150"),
            before_discounts: usd("220"),
            cost_now: usd("300"),
            cost_after: usd("200"),
            formula_now: Vec::new(),
            formula_after: Vec::new(),
            basis: PriceBasis::Bill,
            billed: Some(BilledSteps {
                list: Some(usd("440")),
                contracted: Some(usd("400")),
                covered: usd("100"),
                covered_contracted: Some(usd("200")),
            }),
        }
    }

    fn check(estimate: &Estimate, expected: &[(&str, &str, &str)]) {
        let shown = |money: Option<Money>| {
            money.map_or_else(|| "?".to_owned(), |money| money.amount.normalize().to_string())
        };
        let build_up = estimate.build_up();
        let found: Vec<(&str, String, String)> = build_up
            .steps
            .iter()
            .map(|one| (one.step.as_str(), shown(one.now), shown(one.after)))
            .collect();
        let expected: Vec<(&str, String, String)> = expected
            .iter()
            .map(|(step, now, after)| (*step, (*now).to_owned(), (*after).to_owned()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_a_commitment_covered_stays_paid_and_all_steps_add_up() {
        let estimate = covered();
        check(
            &estimate,
            &[
                ("list", "440", "220"),
                ("contract", "-40", "-20"),
                ("commitment", "-100", "-50"),
                ("unused-commitment", "0", "50"),
                ("other", "0", "0"),
                ("effective", "300", "200"),
            ],
        );
        let build_up = estimate.build_up();
        assert_eq!(build_up.covered_share, Some(Decimal::new(5, 1)));
        assert_eq!(build_up.stays_paid(), Some(usd("50")));
    }

    #[test]
    fn of_what_is_covered_entirely_the_list_prices_tell_what_is_left() {
        let hours = |price: &str| CostComponent {
            name: "m5.large".to_owned(),
            quantity: Decimal::from(730),
            price: crate::price::Price {
                usd: price.parse().unwrap(),
                unit: "hour".to_owned(),
                basis: PriceBasis::List,
                source: "test".to_owned(),
                as_of: None,
            },
        };
        let estimate = Estimate {
            low: usd("0"),
            likely: usd("0"),
            high: usd("50"),
            cost_now: usd("100"),
            cost_after: usd("100"),
            formula_now: vec![hours("0.2")],
            formula_after: vec![hours("0.1")],
            billed: Some(BilledSteps {
                list: Some(usd("220")),
                contracted: Some(usd("200")),
                covered: usd("100"),
                covered_contracted: Some(usd("200")),
            }),
            ..covered()
        };
        check(
            &estimate,
            &[
                ("list", "220", "110"),
                ("contract", "-20", "-10"),
                ("commitment", "-100", "-50"),
                ("unused-commitment", "0", "50"),
                ("other", "0", "0"),
                ("effective", "100", "100"),
            ],
        );
    }

    #[test]
    fn a_step_that_the_bill_does_not_tell_is_not_known() {
        let mut estimate = covered();
        estimate.billed = estimate.billed.map(|billed| BilledSteps { contracted: None, ..billed });
        check(
            &estimate,
            &[
                ("list", "440", "220"),
                ("contract", "?", "?"),
                ("commitment", "-100", "-50"),
                ("unused-commitment", "0", "50"),
                ("other", "?", "?"),
                ("effective", "300", "200"),
            ],
        );
        assert_eq!(estimate.build_up().covered_share, None);
    }

    #[test]
    fn without_a_bill_only_the_price_list_is_known() {
        let estimate = Estimate { billed: None, basis: PriceBasis::List, ..covered() };
        let build_up = estimate.build_up();
        assert_eq!(build_up.step(CostStep::List).now, Some(usd("300")));
        assert_eq!(build_up.step(CostStep::Commitment).now, None);
        assert!(build_up.has_steps() && build_up.covered_share.is_none());
    }

    #[test]
    fn where_only_a_part_is_likely_saved_the_steps_afterwards_are_not_known() {
        let component = |usd: i64| CostComponent {
            name: "m5.large".to_owned(),
            quantity: Decimal::ONE,
            price: crate::price::Price {
                usd: Decimal::from(usd),
                unit: "month".to_owned(),
                basis: PriceBasis::List,
                source: "test".to_owned(),
                as_of: None,
            },
        };
        let estimate = Estimate {
            formula_now: vec![component(440)],
            formula_after: vec![component(100)],
            ..covered()
        };
        let list = estimate.build_up().step(CostStep::List);
        assert_eq!((list.now, list.after), (Some(usd("440")), None));
    }

    #[test]
    fn steps_of_another_cost_are_not_shown() {
        let estimate = Estimate { cost_now: usd("90"), cost_after: usd("0"), ..covered() };
        assert!(!estimate.build_up().has_steps());
    }

    #[test]
    fn a_share_is_left_of_every_step() {
        let half = covered().billed.unwrap().share(Decimal::new(5, 1));
        assert_eq!((half.list, half.covered), (Some(usd("220")), usd("50")));
    }
}
