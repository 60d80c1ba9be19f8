//! Money: a decimal amount and its currency, never a float.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::explain::Explain;
use crate::text::Text;

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

    /// Adds two amounts of one currency.
    ///
    /// # Errors
    /// Fails if the currencies differ or the sum overflows.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let sum =
            self.amount.checked_add(other.amount).ok_or(MoneyError::Overflow(self.currency))?;
        Ok(Self::new(sum, self.currency))
    }

    /// Subtracts an amount of the same currency.
    ///
    /// # Errors
    /// Fails if the currencies differ or the difference overflows.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let difference =
            self.amount.checked_sub(other.amount).ok_or(MoneyError::Overflow(self.currency))?;
        Ok(Self::new(difference, self.currency))
    }

    /// Multiplies the amount by a plain number.
    ///
    /// # Errors
    /// Fails if the product overflows.
    pub fn times(self, factor: Decimal) -> Result<Self, MoneyError> {
        let product = self.amount.checked_mul(factor).ok_or(MoneyError::Overflow(self.currency))?;
        Ok(Self::new(product, self.currency))
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

    #[test]
    fn a_currency_code_has_three_letters() {
        assert_eq!("usd".parse::<Currency>(), Ok(Currency::USD));
        assert!("US$".parse::<Currency>().is_err());
        assert!("EURO".parse::<Currency>().is_err());
    }
}
