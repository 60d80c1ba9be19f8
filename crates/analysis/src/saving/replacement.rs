//! What is saved where something of another service takes the place of what ends.

use rust_decimal::Decimal;

use trimtab_model::money::{Currency, Money, MoneyError};
use trimtab_model::recommendation::{CostComponent, Estimate, Unknown};
use trimtab_model::text::Reason;

use super::{not_computable, total};

/// Takes off an estimate of an end what is paid for something of another service in its place.
///
/// Discounts and commitments of what ends do not hold for what takes its place: that costs its list price in full.
/// `cautious` is what it may cost at most: the lower bound counts that.
///
/// # Errors
/// Returns `Unknown` if the bill is in another currency than the price list, or an amount is too large.
pub fn in_place_of(
    estimate: Estimate,
    after: Vec<CostComponent>,
    cautious: Decimal,
) -> Result<Estimate, Unknown> {
    if estimate.cost_now.currency != Currency::USD {
        return Err(Unknown {
            reason: Reason::new(
                "other-currency",
                "The bill is in another currency than the prices of what would take its place.",
                "청구서의 통화가 대신할 자원의 가격과 다릅니다.",
            ),
            settled_by: vec!["billing".to_owned()],
        });
    }
    let replaced = || -> Result<Estimate, MoneyError> {
        let paid = total(&after)?;
        let none = Money::zero(Currency::USD);
        let less = |saved: Money, paid: Money| -> Result<Money, MoneyError> {
            let left = saved.checked_sub(paid)?;
            Ok(if left.is_positive() { left } else { none })
        };
        let likely = less(estimate.likely, paid)?;
        let cautious = Money::usd(cautious.max(paid.amount));
        let list_now = total(&estimate.formula_now)?;
        Ok(Estimate {
            low: less(estimate.low, cautious)?,
            likely,
            high: less(estimate.high, paid)?,
            before_discounts: less(estimate.before_discounts, paid)?,
            cost_after: estimate.cost_now.checked_sub(likely)?,
            // The steps of the bill are told of both sides alike, which holds where the bill is at list prices.
            billed: estimate.billed.filter(|_| list_now == estimate.cost_now),
            formula_after: after.clone(),
            ..estimate.clone()
        })
    };
    replaced().map_err(not_computable)
}

#[cfg(test)]
mod tests {
    use trimtab_model::price::{Price, PriceBasis};

    use super::*;

    fn dollars(value: i64) -> Money {
        Money::usd(Decimal::from(value))
    }

    fn part(usd: i64) -> CostComponent {
        let price = Price {
            usd: Decimal::from(usd),
            unit: "month".to_owned(),
            basis: PriceBasis::List,
            source: "test".to_owned(),
            as_of: None,
        };
        CostComponent { name: "a month".to_owned(), quantity: Decimal::ONE, price }
    }

    /// A server of 140 dollars at list prices that ran half of the time, with half of that covered by a commitment.
    fn ended() -> Estimate {
        Estimate {
            low: dollars(35),
            likely: dollars(35),
            high: dollars(70),
            before_discounts: dollars(140),
            cost_now: dollars(70),
            cost_after: dollars(35),
            formula_now: vec![part(140)],
            formula_after: Vec::new(),
            basis: PriceBasis::Bill,
            billed: None,
        }
    }

    #[test]
    fn what_takes_the_place_costs_in_full_whatever_the_discount_of_what_ends() {
        let after = in_place_of(ended(), vec![part(20)], Decimal::from(40)).expect("dollars");
        assert_eq!((after.low, after.likely, after.high), (dollars(0), dollars(15), dollars(50)));
        assert_eq!(after.cost_after, dollars(55));
        assert_eq!(after.before_discounts, dollars(120));
    }

    #[test]
    fn a_loss_is_no_saving() {
        let after = in_place_of(ended(), vec![part(80)], Decimal::ZERO).expect("dollars");
        assert_eq!((after.low, after.likely, after.high), (dollars(0), dollars(0), dollars(0)));
    }

    #[test]
    fn a_bill_in_another_currency_is_not_compared() {
        let mut estimate = ended();
        estimate.cost_now = Money::new(Decimal::from(90_000), Currency::KRW);
        let unknown = in_place_of(estimate, vec![part(20)], Decimal::ZERO).expect_err("unknown");
        assert_eq!(unknown.reason.code, "other-currency");
    }
}
