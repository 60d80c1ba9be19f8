//! One value of a sheet, and how its number is shown.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};

use trimtab_model::money::{Currency, Money};

/// What an amount is an amount of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Span {
    /// The period that stands beside it.
    Period,
    /// A month of 730 hours.
    Month,
    /// One unit, such as a user of a day.
    Unit,
}

/// Whether a number is shown with its sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sign {
    /// Only where it is negative.
    Minus,
    /// Always: it is a difference.
    Both,
}

/// One value of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// There is nothing to say here.
    Empty,
    /// Words. They may come from outside.
    Text(String),
    /// Words that lead to an address of the web.
    Link {
        /// The words.
        words: String,
        /// The address.
        address: String,
    },
    /// It is not known, for this reason.
    Unknown(String),
    /// An amount.
    Amount {
        /// How much.
        money: Money,
        /// Of what.
        span: Span,
        /// Whether its sign is shown.
        sign: Sign,
    },
    /// Percent: 50.0 is one half.
    Percent {
        /// The number.
        percent: f64,
        /// Whether its sign is shown.
        sign: Sign,
    },
    /// An exact number.
    Number(Decimal),
    /// What was measured.
    Measured(f64),
    /// A day.
    Day(Date),
    /// A moment.
    Moment(Timestamp),
}

impl Cell {
    /// Makes an amount of a period.
    pub(crate) fn amount(money: Money) -> Self {
        Self::Amount { money, span: Span::Period, sign: Sign::Minus }
    }

    /// Makes an amount a month.
    pub(crate) fn monthly(money: Money) -> Self {
        Self::Amount { money, span: Span::Month, sign: Sign::Minus }
    }

    /// Makes a share: 50.0 is one half.
    pub(crate) fn percent(percent: f64) -> Self {
        Self::Percent { percent, sign: Sign::Minus }
    }

    /// Makes it a difference.
    #[must_use]
    pub(crate) fn signed(self) -> Self {
        match self {
            Self::Amount { money, span, .. } => Self::Amount { money, span, sign: Sign::Both },
            Self::Percent { percent, .. } => Self::Percent { percent, sign: Sign::Both },
            other => other,
        }
    }

    /// Returns whether it stands on the right.
    pub(crate) fn is_number(&self) -> bool {
        match self {
            Self::Amount { .. } | Self::Percent { .. } | Self::Number(_) | Self::Measured(_) => {
                true
            }
            Self::Empty
            | Self::Text(_)
            | Self::Link { .. }
            | Self::Unknown(_)
            | Self::Day(_)
            | Self::Moment(_) => false,
        }
    }
}

/// Returns the nearest number that a cell can hold: some 15 digits of it.
pub(crate) fn double(value: Decimal) -> f64 {
    // By its digits, which rounds once.
    value.to_string().parse().unwrap_or(f64::NAN)
}

/// Returns how many decimals an amount is shown with: its currency's, and more where it
/// would be shown as zero otherwise; for a unit three digits that matter.
pub(super) fn decimals(money: Money, span: Span) -> u32 {
    let least = money.currency.minor_units();
    let matters = match span {
        Span::Unit => 3,
        Span::Period | Span::Month => 1,
    };
    let rounded =
        money.amount.round_dp_with_strategy(least, RoundingStrategy::MidpointAwayFromZero);
    if money.amount.is_zero() || (span != Span::Unit && !rounded.is_zero()) {
        return least;
    }
    let digits = money.amount.round_sf(matters).unwrap_or(money.amount).normalize().scale();
    digits.max(least)
}

/// Returns the format of an amount, such as `[$₩-412]#,##0`; `ending` stands behind the number.
pub(super) fn money_code(currency: Currency, decimals: u32, sign: Sign, ending: &str) -> String {
    let number = format!("{}{}{}", symbol(currency), grouped(decimals), quoted(ending));
    with_sign(&number, sign)
}

/// Decimals of an amount at most; one that needs more is less than the smallest coin.
pub(super) const MOST_DECIMALS: u32 = 8;

/// Returns the format of an amount that is not zero and less than anything that matters: `<₩1`.
pub(super) fn less_code(currency: Currency) -> String {
    let smallest = Decimal::new(1, currency.minor_units());
    let shown = format!("{}\"{smallest}\"", symbol(currency));
    format!("\"<\"{shown};\"-<\"{shown}")
}

/// Returns the format of percent: one decimal, more where it would be shown as zero.
pub(super) fn percent_code(percent: f64, sign: Sign) -> String {
    let magnitude = percent.abs();
    let decimals = if magnitude == 0.0 || magnitude >= 0.05 {
        1
    } else if magnitude >= 0.0005 {
        3
    } else {
        6
    };
    with_sign(&format!("0{}%", fraction(decimals)), sign)
}

/// Returns the format of a number with all of its decimals.
pub(super) fn number_code(value: Decimal) -> String {
    grouped(value.normalize().scale().min(10))
}

/// Returns the format of what was measured: three digits that matter.
pub(super) fn measured_code(value: f64) -> String {
    let magnitude = value.abs();
    let decimals = if magnitude >= 100.0 || magnitude == 0.0 {
        0
    } else if magnitude >= 10.0 {
        1
    } else if magnitude >= 1.0 {
        2
    } else {
        4
    };
    grouped(decimals)
}

/// Returns the format of a moment, with the name of its zone.
pub(super) fn moment_code(zone: &str) -> String {
    format!("yyyy-mm-dd hh:mm{}", quoted(&format!(" {zone}")))
}

/// The format of a day.
pub(super) const DAY: &str = "yyyy-mm-dd";

/// Returns the sign of a currency as formats write it, with where it is at home.
fn symbol(currency: Currency) -> String {
    match currency.code() {
        "USD" => "[$$-409]".to_owned(),
        "KRW" => "[$₩-412]".to_owned(),
        "JPY" => "[$¥-411]".to_owned(),
        "EUR" => "[$€-2]".to_owned(),
        "GBP" => "[$£-809]".to_owned(),
        code => format!("[${code}] "),
    }
}

fn grouped(decimals: u32) -> String {
    format!("#,##0{}", fraction(decimals))
}

fn fraction(decimals: u32) -> String {
    if decimals == 0 { String::new() } else { format!(".{}", "0".repeat(decimals as usize)) }
}

fn quoted(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!("\"{}\"", words.replace('"', "")) }
}

fn with_sign(number: &str, sign: Sign) -> String {
    match sign {
        Sign::Minus => number.to_owned(),
        Sign::Both => format!("+{number};-{number};{number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str, currency: Currency) -> Money {
        Money::new(text.parse().unwrap(), currency)
    }

    fn code(money: Money, span: Span) -> String {
        money_code(money.currency, decimals(money, span), Sign::Minus, "")
    }

    #[test]
    fn an_amount_has_the_format_of_its_currency() {
        let of = |text, currency| code(money(text, currency), Span::Period);
        assert_eq!(of("9320123.6", Currency::KRW), "[$₩-412]#,##0");
        assert_eq!(of("-6728.1", Currency::USD), "[$$-409]#,##0.00");
        assert_eq!(of("5", "EUR".parse().unwrap()), "[$€-2]#,##0.00");
        assert_eq!(of("5", "CHF".parse().unwrap()), "[$CHF] #,##0.00");
        assert_eq!(
            money_code(Currency::KRW, 0, Sign::Both, "/월"),
            "+[$₩-412]#,##0\"/월\";-[$₩-412]#,##0\"/월\";[$₩-412]#,##0\"/월\""
        );
    }

    #[test]
    fn an_amount_that_is_not_zero_is_not_shown_as_zero() {
        assert_eq!(decimals(money("0.0004", Currency::USD), Span::Period), 4);
        assert_eq!(decimals(money("0.4", Currency::KRW), Span::Period), 1);
        assert_eq!(decimals(money("0.6", Currency::KRW), Span::Period), 0);
        assert_eq!(decimals(money("0", Currency::USD), Span::Period), 2);
        assert_eq!(decimals(money("5.9234", Currency::KRW), Span::Unit), 2);
        assert_eq!(decimals(money("0.0042765", Currency::USD), Span::Unit), 5);
        assert_eq!(less_code(Currency::KRW), "\"<\"[$₩-412]\"1\";\"-<\"[$₩-412]\"1\"");
        assert_eq!(less_code(Currency::USD), "\"<\"[$$-409]\"0.01\";\"-<\"[$$-409]\"0.01\"");
        assert_eq!(percent_code(0.04, Sign::Minus), "0.000%");
        assert_eq!(percent_code(-3.6, Sign::Both), "+0.0%;-0.0%;0.0%");
    }

    #[test]
    fn a_number_is_the_nearest_one() {
        assert!((double("11.4000000001".parse().unwrap()) - 11.400_000_000_1).abs() < f64::EPSILON);
        assert!(double(Decimal::MAX).is_finite());
        assert_eq!(number_code("1385.20".parse().unwrap()), "#,##0.0");
        assert_eq!(measured_code(12.5), "#,##0.0");
    }
}
