//! An amount, in parts whose sum it is.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};

/// The fewest decimals of a part: as many as AWS writes.
const DECIMALS: u32 = 10;

/// Splits an amount by weights; nothing where no weight is above zero or the amount is too large.
///
/// Parts are cut to ten decimals, or to those of the amount where it has more. What remains is the
/// part of the largest weight, so that the parts add up to the amount.
pub(super) fn split(
    amount: Decimal,
    weights: &BTreeMap<String, Decimal>,
) -> Option<BTreeMap<String, Decimal>> {
    let weights: Vec<(&String, Decimal)> = weights
        .iter()
        .map(|(name, weight)| (name, *weight))
        .filter(|(_, weight)| *weight > Decimal::ZERO)
        .collect();
    let whole = weights
        .iter()
        .try_fold(Decimal::ZERO, |sum, (_, weight)| sum.checked_add(*weight))
        .filter(|whole| *whole > Decimal::ZERO)?;
    let (largest, _) = weights.iter().max_by(|one, other| one.1.cmp(&other.1))?;
    let decimals = amount.scale().max(DECIMALS);
    let mut parts = BTreeMap::new();
    let mut given = Decimal::ZERO;
    for (name, weight) in &weights {
        let share = weight.checked_div(whole)?;
        let part =
            amount.checked_mul(share)?.round_dp_with_strategy(decimals, RoundingStrategy::ToZero);
        given = given.checked_add(part)?;
        parts.insert((*name).clone(), part);
    }
    let rest = amount.checked_sub(given)?;
    *parts.get_mut(*largest)? += rest;
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(list: &[(&str, &str)]) -> BTreeMap<String, Decimal> {
        list.iter().map(|(name, weight)| ((*name).to_owned(), weight.parse().unwrap())).collect()
    }

    proptest::proptest! {
        #[test]
        fn parts_add_up_to_the_last_digit(
            amount in -1_000_000_000_000_i64..1_000_000_000_000,
            scale in 0_u32..10,
            all in proptest::collection::vec(0_i64..1_000_000_000, 1..20),
        ) {
            let amount = Decimal::new(amount, scale);
            let weights: BTreeMap<String, Decimal> = all
                .iter()
                .enumerate()
                .map(|(number, weight)| (number.to_string(), Decimal::new(*weight, 4)))
                .collect();
            if let Some(parts) = split(amount, &weights) {
                proptest::prop_assert_eq!(parts.values().sum::<Decimal>(), amount);
                proptest::prop_assert!(parts.keys().all(|name| weights[name] > Decimal::ZERO));
            } else {
                proptest::prop_assert!(all.iter().all(|weight| *weight == 0));
            }
        }
    }

    #[test]
    fn a_third_has_its_rest_with_the_largest() {
        let parts = split(Decimal::ONE, &weights(&[("a", "1"), ("b", "1"), ("c", "1")])).unwrap();
        let told: Vec<String> = parts.values().map(Decimal::to_string).collect();
        assert_eq!(told, ["0.3333333333", "0.3333333333", "0.3333333334"]);
    }

    #[test]
    fn without_a_weight_nobody_bears_it() {
        assert_eq!(split(Decimal::ONE, &weights(&[("a", "0"), ("b", "-3")])), None);
        assert_eq!(split(Decimal::ONE, &weights(&[])), None);
    }
}
