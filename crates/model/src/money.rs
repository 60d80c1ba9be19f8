//! Money: a decimal amount and its currency, never a float.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::explain::Explain;
use crate::text::Text;

/// Decimals that a product keeps at most: as many as a bill's amounts have, so that
/// products and sums of them fit 28 digits.
const PRODUCT_DECIMALS: u32 = 18;
/// Decimals that a product keeps at least; a product too large for them is an overflow.
const LEAST_PRODUCT_DECIMALS: u32 = 12;

/// An ISO 4217 currency code such as `USD` or `KRW`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// United States dollar: the currency of AWS's price lists.
    pub const USD: Self = Self(*b"USD");
    /// South Korean won.
    pub const KRW: Self = Self(*b"KRW");

    /// Returns the three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("three ASCII letters by construction")
    }

    /// Returns how many decimals an amount of this currency is shown with.
    ///
    /// ISO 4217 minor units of the currencies AWS bills in.
    pub fn minor_units(&self) -> u32 {
        match &self.0 {
            b"KRW" | b"JPY" => 0,
            _ => 2,
        }
    }
}

/// A currency code that is not three ASCII letters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a currency code of three letters such as USD")]
pub struct CurrencyError(String);

impl Explain for CurrencyError {
    fn text(&self) -> Text {
        let korean = format!("`{}`: USD처럼 세 글자로 된 통화 코드가 아닙니다", self.0);
        Text::new(self.to_string(), korean)
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let upper = text.trim().to_ascii_uppercase();
        match <[u8; 3]>::try_from(upper.as_bytes()) {
            Ok(letters) if letters.iter().all(u8::is_ascii_uppercase) => Ok(Self(letters)),
            _ => Err(CurrencyError(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = CurrencyError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// An amount in one currency.
///
/// Amounts of different currencies are never added: [`Money::checked_add`] says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// The amount, exact.
    pub amount: Decimal,
    /// Its currency.
    pub currency: Currency,
}

/// Two amounts that cannot be combined, or a result that has too many digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The two amounts have different currencies.
    #[error("{left} and {right} cannot be added")]
    CurrencyMismatch {
        /// Currency of the left amount.
        left: Currency,
        /// Currency of the right amount.
        right: Currency,
    },
    /// The result does not fit 28 significant digits.
    #[error("an amount in {0} has more than 28 significant digits")]
    Overflow(Currency),
}

impl Explain for MoneyError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::CurrencyMismatch { left, right } => {
                format!("통화가 서로 달라 더할 수 없습니다({left}, {right})")
            }
            Self::Overflow(currency) => {
                format!("{currency} 금액의 유효 숫자가 28자리를 넘습니다")
            }
        };
        Text::new(self.to_string(), korean)
    }
}

impl Money {
    /// Makes an amount.
    pub fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Makes an amount of United States dollars.
    pub fn usd(amount: Decimal) -> Self {
        Self::new(amount, Currency::USD)
    }

    /// Returns nothing of `currency`.
    pub fn zero(currency: Currency) -> Self {
        Self::new(Decimal::ZERO, currency)
    }

    /// Adds two amounts of one currency, exactly.
    ///
    /// # Errors
    /// Fails if the currencies differ or the sum has more digits than an amount can hold.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let sum =
            exact_sum(self.amount, other.amount).ok_or(MoneyError::Overflow(self.currency))?;
        Ok(Self::new(sum, self.currency))
    }

    /// Subtracts an amount of the same currency, exactly.
    ///
    /// # Errors
    /// Fails if the currencies differ or the difference has more digits than an amount can hold.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let difference = exactly(Decimal::checked_sub, self.amount, other.amount)
            .ok_or(MoneyError::Overflow(self.currency))?;
        Ok(Self::new(difference, self.currency))
    }

    /// Multiplies the amount by a plain number, for estimates: what a bill says is never a product.
    ///
    /// Exact up to 18 decimals. Further decimals are cut, towards zero, so that parts never
    /// add up to more than the whole. A product of more than ten digits before the point
    /// keeps as many decimals as fit, rounded at the last one, and never fewer than 12.
    ///
    /// # Errors
    /// Fails if the product overflows, or has no room for 12 decimals that it needs.
    pub fn times(self, factor: Decimal) -> Result<Self, MoneyError> {
        let overflow = MoneyError::Overflow(self.currency);
        let (amount, factor) = (self.amount.normalize(), factor.normalize());
        let product = amount.checked_mul(factor).ok_or(overflow.clone())?;
        let is_exact = product.scale() >= amount.scale() + factor.scale();
        // What is too small for 28 decimals comes back as a zero without decimals.
        if !is_exact && !product.is_zero() && product.scale() < LEAST_PRODUCT_DECIMALS {
            return Err(overflow);
        }
        Ok(Self::new(product, self.currency).cut(PRODUCT_DECIMALS))
    }

    /// Returns whether the amount is above zero.
    pub fn is_positive(self) -> bool {
        self.amount > Decimal::ZERO
    }

    /// Returns the amount rounded to the currency's minor unit, half to even.
    pub fn rounded(self) -> Self {
        Self::new(self.amount.round_dp(self.currency.minor_units()), self.currency)
    }

    /// Cuts the amount to `decimals`, towards zero.
    ///
    /// A sum of cut amounts never exceeds the cut sum, which rounding would not promise.
    pub fn cut(self, decimals: u32) -> Self {
        Self::new(self.amount.trunc_with_scale(decimals), self.currency)
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
        }
    }
}

/// Adds two amounts exactly; absent where the sum has more digits than a decimal can hold.
///
/// The addition of the decimals themselves would give up the last decimals in silence.
pub fn exact_sum(left: Decimal, right: Decimal) -> Option<Decimal> {
    exactly(Decimal::checked_add, left, right)
}

fn exactly(
    combine: fn(Decimal, Decimal) -> Option<Decimal>,
    left: Decimal,
    right: Decimal,
) -> Option<Decimal> {
    // Decimals that were given up show as a smaller scale.
    let exact = |left: Decimal, right: Decimal| {
        combine(left, right).filter(|sum| sum.scale() >= left.scale().max(right.scale()))
    };
    exact(left, right).or_else(|| exact(left.normalize(), right.normalize()))
}

impl fmt::Display for Money {
    /// Writes the exact amount and its currency, for logs and errors: `12.3400 USD`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_stay_apart() {
        let dollars = Money::usd(Decimal::ONE);
        let won = Money::new(Decimal::ONE, Currency::KRW);
        assert!(matches!(dollars.checked_add(won), Err(MoneyError::CurrencyMismatch { .. })));
    }

    fn dollars(text: &str) -> Money {
        Money::usd(text.parse().unwrap())
    }

    fn overflow<T>() -> Result<T, MoneyError> {
        Err(MoneyError::Overflow(Currency::USD))
    }

    #[test]
    fn a_sum_is_exact_or_an_error() {
        let large = dollars("79228162514264337593543950335");
        let fine = dollars("0.0000000000000000000000000001");
        for (left, right) in [
            (large, fine),
            (large, dollars("0.5")),
            (large, dollars("1")),
            (dollars("10"), fine),
            (dollars("7.9228162514264337593543950335"), dollars("0.0000000000000000000000000001")),
        ] {
            assert_eq!(left.checked_add(right), overflow(), "{left} + {right}");
            assert_eq!(right.checked_add(left), overflow(), "{right} + {left}");
            let other = Money::usd(-right.amount);
            assert_eq!(left.checked_sub(other), overflow(), "{left} - {other}");
        }
        assert_eq!(
            dollars("9999999999.000000000000000001").checked_add(dollars("0.999999999999999999")),
            Ok(dollars("10000000000.000000000000000000"))
        );
        assert_eq!(dollars("1").checked_sub(fine), Ok(dollars("0.9999999999999999999999999999")));
    }

    #[test]
    fn zeros_behind_the_last_decimal_need_no_room() {
        let large = dollars("79228162514264337593543950330");
        assert_eq!(
            large.checked_add(dollars("1.000000")),
            Ok(dollars("79228162514264337593543950331"))
        );
        assert_eq!(large.checked_add(dollars("0.000000")), Ok(large));
        assert_eq!(dollars("1.50").checked_sub(dollars("1.5")), Ok(dollars("0")));
    }

    #[test]
    fn a_product_keeps_eighteen_decimals_and_never_fewer_than_twelve() {
        let product = |left: &str, right: &str| dollars(left).times(right.parse().unwrap());
        assert_eq!(product("0.0116", "730"), Ok(dollars("8.468")));
        assert_eq!(product("0.0000000015", "0.3333333333"), Ok(dollars("0.000000000499999999")));
        assert_eq!(product("0.0000000000000000000000000001", "0.1"), Ok(dollars("0")));
        let large = product("123456789012345.1", "1.000000000000001").unwrap();
        assert!(large.amount.scale() >= 12, "{large}");
        assert_eq!(product("123456789012345678.1", "1.00000000001"), overflow());
        assert_eq!(product("12345678901234567.1", "10"), Ok(dollars("123456789012345671")));
    }

    #[test]
    fn a_currency_code_has_three_letters() {
        assert_eq!("usd".parse::<Currency>(), Ok(Currency::USD));
        assert!("US$".parse::<Currency>().is_err());
        assert!("EURO".parse::<Currency>().is_err());
    }
}
