//! Money for people: short, exact, as a range, and in another currency for display.

use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};

use trimtab_model::money::{Currency, Money};
use trimtab_model::text::Language;

use crate::number::{exact, grouped};

/// An exchange rate, for display only: nothing is computed or stored with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangeRate {
    /// The currency of one unit.
    pub from: Currency,
    /// The currency it is worth `rate` of.
    pub to: Currency,
    /// How many units of `to` one unit of `from` is worth.
    pub rate: Decimal,
    /// The day the rate held.
    pub date: Date,
    /// Who says so.
    pub source: String,
}

impl ExchangeRate {
    /// Returns `money` in `currency`, where this rate leads there in either direction.
    pub fn convert(&self, money: Money, currency: Currency) -> Option<Money> {
        let amount = if money.currency == self.from && currency == self.to {
            money.amount.checked_mul(self.rate)?
        } else if money.currency == self.to && currency == self.from {
            money.amount.checked_div(self.rate)?
        } else {
            return None;
        };
        Some(Money::new(amount, currency))
    }
}

/// Returns a short amount: `₩1,234만`, `₩2.77억`, `₩27.7M`, `$6,728`, `$12.34`.
///
/// An amount that is not zero is never shown as zero.
pub fn short(money: Money, language: Language) -> String {
    let scale = Scale::of(money, language);
    let smallest = Decimal::new(1, scale.decimals);
    let sign = sign(money.amount);
    let magnitude = money.amount.abs();
    if magnitude.is_zero() {
        return format!("{}0", symbol(money.currency));
    }
    if scale.suffix.is_empty() && magnitude < smallest / Decimal::TWO {
        return format!("<{}{smallest}", symbol(money.currency));
    }
    format!("{sign}{}{}{}", symbol(money.currency), scale.digits(magnitude), scale.suffix)
}

/// Returns the amount with every digit: `₩9,320,123`, `$6,728.1234`.
///
/// At least the currency's minor units are shown.
pub fn precise(money: Money) -> String {
    let amount = money.amount.normalize();
    let sign = sign(amount);
    let decimals = amount.scale().max(money.currency.minor_units());
    format!("{sign}{}{}", symbol(money.currency), grouped(amount.abs(), decimals))
}

/// Digits of a unit cost.
const UNIT_DIGITS: u32 = 4;

/// Returns what one unit costs, with four digits that matter: `₩6.138`, `$0.004436`.
///
/// At least the currency's minor units are shown.
pub fn unit(money: Money) -> String {
    let minor = money.currency.minor_units();
    let amount = money.amount;
    let rounded = if amount.abs() >= Decimal::ONE_THOUSAND {
        amount.round_dp_with_strategy(minor, RoundingStrategy::MidpointAwayFromZero)
    } else {
        let round = RoundingStrategy::MidpointAwayFromZero;
        amount.round_sf_with_strategy(UNIT_DIGITS, round).unwrap_or(amount)
    };
    precise(Money::new(rounded, money.currency))
}

/// Returns the amount rounded to the currency's minor units: `₩9,320,123`, `$6,728.12`.
///
/// An amount that is not zero is never shown as zero.
pub fn full(money: Money) -> String {
    let decimals = money.currency.minor_units();
    let smallest = Decimal::new(1, decimals);
    if !money.amount.is_zero() && money.amount.abs() < smallest / Decimal::TWO {
        return format!("<{}{smallest}", symbol(money.currency));
    }
    let sign = sign(money.amount);
    format!("{sign}{}{}", symbol(money.currency), grouped(money.amount.abs(), decimals))
}

/// Returns an expected amount with its range, all in one unit: `₩932만 (820–988)`.
///
/// Without a range, where the three agree as shown, only the amount.
pub fn range(likely: Money, low: Money, high: Money, language: Language) -> String {
    let scale = Scale::of(likely, language);
    let (low_digits, high_digits) = (scale.digits(low.amount), scale.digits(high.amount));
    let likely_digits = scale.digits(likely.amount);
    let text = short(likely, language);
    if low_digits == likely_digits && high_digits == likely_digits {
        text
    } else {
        format!("{text} ({low_digits}–{high_digits})")
    }
}

/// Returns the sign of an amount below zero.
fn sign(amount: Decimal) -> &'static str {
    if amount.is_sign_negative() && !amount.is_zero() { "−" } else { "" }
}

/// Returns the sign that stands before amounts of `currency`.
pub fn symbol(currency: Currency) -> String {
    match currency.code() {
        "USD" => "$".to_owned(),
        "KRW" => "₩".to_owned(),
        "JPY" => "¥".to_owned(),
        "EUR" => "€".to_owned(),
        "GBP" => "£".to_owned(),
        code => format!("{code} "),
    }
}

/// The unit that keeps an amount to three or four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scale {
    divisor: Decimal,
    decimals: u32,
    suffix: &'static str,
}

/// 10⁴ and 10⁸: the units Korean counts large amounts in.
const MAN: i64 = 10_000;
const EOK: i64 = 100_000_000;

impl Scale {
    fn of(money: Money, language: Language) -> Self {
        let amount = money.amount.abs();
        let plain = Self { divisor: Decimal::ONE, decimals: plain_decimals(money), suffix: "" };
        match (language, money.currency) {
            (Language::Ko, Currency::KRW) => {
                // What rounds to 10,000만 is 1억.
                if amount >= Decimal::from(EOK - MAN / 2) {
                    Self::with_three_digits(amount, EOK, "억")
                } else if amount >= Decimal::from(MAN) {
                    Self::with_three_digits(amount, MAN, "만")
                } else {
                    plain
                }
            }
            (Language::En, _) if amount >= Decimal::from(999_500_000_i64) => {
                Self::with_three_digits(amount, 1_000_000_000, "B")
            }
            (Language::En, _) if amount >= Decimal::from(999_500) => {
                Self::with_three_digits(amount, 1_000_000, "M")
            }
            (Language::En | Language::Ko, _) => plain,
        }
    }

    fn with_three_digits(amount: Decimal, divisor: i64, suffix: &'static str) -> Self {
        let divisor = Decimal::from(divisor);
        let units = amount / divisor;
        let decimals = if units >= Decimal::from(100) {
            0
        } else if units >= Decimal::TEN {
            1
        } else {
            2
        };
        Self { divisor, decimals, suffix }
    }

    fn digits(&self, amount: Decimal) -> String {
        let units = (amount / self.divisor)
            .round_dp_with_strategy(self.decimals, RoundingStrategy::MidpointAwayFromZero);
        // `$12.30` keeps its zero; `₩9.30만` does not need it.
        if self.suffix.is_empty() { grouped(units, self.decimals) } else { exact(units) }
    }
}

/// Cents matter below a hundred.
fn plain_decimals(money: Money) -> u32 {
    if money.amount.abs() >= Decimal::ONE_HUNDRED { 0 } else { money.currency.minor_units() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn krw(amount: &str) -> Money {
        Money::new(amount.parse().unwrap(), Currency::KRW)
    }

    fn usd(amount: &str) -> Money {
        Money::usd(amount.parse().unwrap())
    }

    #[test]
    fn korean_counts_won_in_man_and_eok() {
        let ko = |amount| short(krw(amount), Language::Ko);
        assert_eq!(ko("12340000"), "₩1,234만");
        assert_eq!(ko("277000000"), "₩2.77억");
        assert_eq!(ko("99999999"), "₩1억");
        assert_eq!(ko("12345"), "₩1.23만");
        assert_eq!(ko("9999"), "₩9,999");
        assert_eq!(ko("-12340000"), "−₩1,234만");
        assert_eq!(ko("0.4"), "<₩1");
        assert_eq!(ko("0"), "₩0");
    }

    #[test]
    fn english_counts_in_millions() {
        let en = |money| short(money, Language::En);
        assert_eq!(en(krw("27700000")), "₩27.7M");
        assert_eq!(en(krw("932000")), "₩932,000");
        assert_eq!(en(usd("6728.4")), "$6,728");
        assert_eq!(en(usd("12.34")), "$12.34");
        assert_eq!(en(usd("612.5")), "$613");
        assert_eq!(en(usd("12.3")), "$12.30");
        assert_eq!(en(usd("0.001")), "<$0.01");
        assert_eq!(en(usd("2500000000")), "$2.5B");
    }

    #[test]
    fn a_range_is_in_the_unit_of_its_middle() {
        let text = range(krw("9320000"), krw("8200000"), krw("9880000"), Language::Ko);
        assert_eq!(text, "₩932만 (820–988)");
        assert_eq!(range(usd("5"), usd("5"), usd("5"), Language::En), "$5.00");
        assert_eq!(range(usd("6728"), usd("0"), usd("7000"), Language::En), "$6,728 (0–7,000)");
    }

    #[test]
    fn exact_amounts_keep_their_digits() {
        assert_eq!(precise(usd("6728.12345")), "$6,728.12345");
        assert_eq!(precise(usd("6728")), "$6,728.00");
        assert_eq!(full(krw("9320123.6")), "₩9,320,124");
        assert_eq!(full(krw("-16915")), "−₩16,915");
        assert_eq!(full(krw("-0.2")), "<₩1");
        assert_eq!(full(krw("0")), "₩0");
    }

    #[test]
    fn a_unit_cost_has_the_digits_that_matter() {
        assert_eq!(unit(usd("0.0044361")), "$0.004436");
        assert_eq!(unit(krw("6.137942")), "₩6.138");
        assert_eq!(unit(krw("12345.6")), "₩12,346");
        assert_eq!(unit(usd("3.3333333333")), "$3.333");
        assert_eq!(unit(usd("2")), "$2.00");
    }

    #[test]
    fn a_rate_converts_both_ways_and_nothing_else() {
        let rate = ExchangeRate {
            from: Currency::USD,
            to: Currency::KRW,
            rate: "1385.2".parse().unwrap(),
            date: "2026-11-20".parse().unwrap(),
            source: "fixed".into(),
        };
        assert_eq!(rate.convert(usd("2"), Currency::KRW), Some(krw("2770.4")));
        assert_eq!(rate.convert(krw("2770.4"), Currency::USD), Some(usd("2")));
        assert_eq!(rate.convert(usd("2"), "EUR".parse().unwrap()), None);
    }

    proptest! {
        #[test]
        fn every_amount_can_be_shown_and_none_turns_into_zero(
            mantissa in any::<i64>(),
            scale in 0_u32..=28,
            won in any::<bool>(),
        ) {
            let currency = if won { Currency::KRW } else { Currency::USD };
            let money = Money::new(Decimal::new(mantissa, scale), currency);
            for language in [Language::En, Language::Ko] {
                let text = short(money, language);
                let has_digit = text.chars().any(|c| ('1'..='9').contains(&c));
                prop_assert_eq!(has_digit, !money.amount.is_zero(), "{} {}", money, text);
                prop_assert!(!precise(money).is_empty() && !full(money).is_empty());
                prop_assert!(range(money, money, money, language).contains(&text));
            }
        }
    }
}
