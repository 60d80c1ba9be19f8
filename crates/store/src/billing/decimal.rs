//! Exact decimals: text and binary doubles to integers of 18 decimals, and back to money.

use std::io::Write;

use rust_decimal::Decimal;

use trimtab_model::explain::Explain;
use trimtab_model::money::{Currency, Money, MoneyError};
use trimtab_model::text::Text;

/// Decimals of every cost and quantity in the lake.
pub const SCALE: i8 = 18;
/// Digits of every cost and quantity in the lake: what 128 bits hold.
pub const PRECISION: u8 = 38;
/// One whole unit.
pub const ONE: i128 = 1_000_000_000_000_000_000;
/// No amount or quantity reaches this: ten quintillion units. It leaves room for
/// sums over a whole lake in 128 bits.
pub(super) const TOO_LARGE: i128 = ONE * 1_000_000_000_000_000_000;
/// Digits that fit 128 bits while they are read.
const MAX_DIGITS: u32 = 37;

/// Why a number was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// It is not written as a number.
    #[error("is not a number")]
    NotANumber,
    /// It has digits below the eighteenth decimal.
    #[error("has more than 18 decimals")]
    TooManyDecimals,
    /// It is beyond anything that a bill can hold.
    #[error("is too large for a bill")]
    TooLarge,
}

impl Explain for DecimalError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::NotANumber => "숫자가 아닙니다",
            Self::TooManyDecimals => "소수점 아래가 18자리를 넘습니다",
            Self::TooLarge => "청구 금액으로는 너무 큽니다",
        };
        Text::new(self.to_string(), korean)
    }
}

/// A number as digits and a power of ten: `mantissa × 10^exponent`, its last digit not zero.
struct Digits {
    negative: bool,
    mantissa: i128,
    exponent: i32,
}

/// Reads plain (`-12.50`) or scientific (`1.25E-9`) notation exactly.
///
/// # Errors
/// Fails on anything else, on more than 18 decimals that are not zero, and on absurd size.
pub fn parse(text: &[u8]) -> Result<i128, DecimalError> {
    let digits = digits(text)?;
    let shift = digits.exponent + i32::from(SCALE);
    if digits.mantissa == 0 {
        return Ok(0);
    }
    if shift < 0 {
        return Err(DecimalError::TooManyDecimals);
    }
    finish(scaled_up(digits.mantissa, shift)?, digits.negative)
}

/// Takes a double by its shortest decimal that reads back as the same double.
///
/// The flag says whether digits below the eighteenth decimal were rounded away, half to even.
///
/// # Errors
/// Fails on what is not a finite number and on absurd size.
pub fn from_double(value: f64) -> Result<(i128, bool), DecimalError> {
    if !value.is_finite() {
        return Err(DecimalError::NotANumber);
    }
    let mut buffer = [0_u8; 40];
    let mut rest = &mut buffer[..];
    write!(rest, "{value:e}").map_err(|_| DecimalError::NotANumber)?;
    let unused = rest.len();
    let text = buffer.get(..40 - unused).unwrap_or_default();
    let digits = digits(text)?;
    let shift = digits.exponent + i32::from(SCALE);
    if digits.mantissa == 0 {
        return Ok((0, false));
    }
    if shift >= 0 {
        return Ok((finish(scaled_up(digits.mantissa, shift)?, digits.negative)?, false));
    }
    let rounded = match u32::try_from(-shift).ok().and_then(|places| 10_i128.checked_pow(places)) {
        Some(divisor) => half_even(digits.mantissa, divisor),
        None => 0,
    };
    Ok((finish(rounded, digits.negative)?, true))
}

/// Brings an integer of `scale` decimals to 18 decimals.
///
/// # Errors
/// Fails when digits would be lost, and on absurd size.
pub fn rescale(value: i128, scale: i8) -> Result<i128, DecimalError> {
    let shift = i32::from(SCALE) - i32::from(scale);
    if shift >= 0 {
        return within(scaled_up(value, shift)?);
    }
    let divisor = u32::try_from(-shift)
        .ok()
        .and_then(|places| 10_i128.checked_pow(places))
        .ok_or(DecimalError::TooManyDecimals)?;
    if value % divisor != 0 {
        return Err(DecimalError::TooManyDecimals);
    }
    within(value / divisor)
}

/// Returns an integer of 18 decimals as money, to the last digit.
///
/// # Errors
/// Fails if it has more significant digits than [`Money`] holds.
pub fn money(value: i128, currency: Currency) -> Result<Money, MoneyError> {
    let (digits, scale) = without_zeros(value);
    Decimal::try_from_i128_with_scale(digits, scale)
        .map(|amount| Money::new(amount, currency))
        .map_err(|_| MoneyError::Overflow(currency))
}

/// Returns an integer of 18 decimals as a quantity.
///
/// Exact up to 28 significant digits; beyond them the last decimals are rounded half to
/// even. Quantities go into estimates only: for money there is [`money`].
pub fn quantity(value: i128) -> Decimal {
    let (value, mut scale) = without_zeros(value);
    // Rounded once, to as many decimals as fit.
    let mut divisor: i128 = 1;
    loop {
        let rounded = half_even(value.abs(), divisor) * value.signum();
        if let Ok(decimal) = Decimal::try_from_i128_with_scale(rounded, scale) {
            return decimal;
        }
        if scale == 0 {
            return if value < 0 { Decimal::MIN } else { Decimal::MAX };
        }
        divisor *= 10;
        scale -= 1;
    }
}

/// Returns the digits up to the last that is not zero, and how many of them are decimals.
fn without_zeros(mut value: i128) -> (i128, u32) {
    let mut scale = u32::from(SCALE.unsigned_abs());
    while scale > 0 && value % 10 == 0 {
        value /= 10;
        scale -= 1;
    }
    (value, scale)
}

fn digits(text: &[u8]) -> Result<Digits, DecimalError> {
    let (negative, text) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    };
    let mut mantissa: i128 = 0;
    let mut length: u32 = 0;
    // Zeros that were read but do not stand in the mantissa yet: trailing ones never will.
    let mut zeros: u32 = 0;
    let mut fraction: i32 = 0;
    let mut seen_digit = false;
    let mut seen_point = false;
    let mut written_exponent: i32 = 0;
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'0'..=b'9' => {
                seen_digit = true;
                fraction = fraction.saturating_add(i32::from(seen_point));
                if *byte == b'0' {
                    zeros = zeros.saturating_add(u32::from(mantissa != 0));
                    continue;
                }
                length = length.saturating_add(zeros).saturating_add(1);
                if length > MAX_DIGITS {
                    return Err(if seen_point {
                        DecimalError::TooManyDecimals
                    } else {
                        DecimalError::TooLarge
                    });
                }
                let power = 10_i128.checked_pow(zeros + 1).ok_or(DecimalError::TooLarge)?;
                mantissa = mantissa * power + i128::from(byte - b'0');
                zeros = 0;
            }
            b'.' if !seen_point => seen_point = true,
            b'e' | b'E' if seen_digit => {
                written_exponent = std::str::from_utf8(rest.as_slice())
                    .ok()
                    .filter(|text| text.len() <= 6)
                    .and_then(|text| text.parse().ok())
                    .ok_or(DecimalError::NotANumber)?;
                break;
            }
            _ => return Err(DecimalError::NotANumber),
        }
    }
    if !seen_digit {
        return Err(DecimalError::NotANumber);
    }
    let zeros = i32::try_from(zeros).map_err(|_| DecimalError::TooLarge)?;
    Ok(Digits { negative, mantissa, exponent: zeros - fraction + written_exponent })
}

fn scaled_up(mantissa: i128, shift: i32) -> Result<i128, DecimalError> {
    let places = u32::try_from(shift).map_err(|_| DecimalError::TooManyDecimals)?;
    10_i128
        .checked_pow(places)
        .and_then(|power| mantissa.checked_mul(power))
        .ok_or(DecimalError::TooLarge)
}

fn finish(magnitude: i128, negative: bool) -> Result<i128, DecimalError> {
    within(if negative { -magnitude } else { magnitude })
}

fn within(value: i128) -> Result<i128, DecimalError> {
    if value.unsigned_abs() >= TOO_LARGE.unsigned_abs() {
        Err(DecimalError::TooLarge)
    } else {
        Ok(value)
    }
}

fn half_even(magnitude: i128, divisor: i128) -> i128 {
    let quotient = magnitude / divisor;
    let twice = (magnitude % divisor) * 2;
    let up = twice > divisor || (twice == divisor && quotient % 2 == 1);
    quotient + i128::from(up)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<i128, DecimalError>) {
        assert_eq!(parse(text.as_bytes()), expected, "{text}");
    }

    #[test]
    fn plain_and_scientific_notation_are_exact() {
        check("0", Ok(0));
        check("-0.00", Ok(0));
        check("12.50", Ok(12_500_000_000_000_000_000));
        check("0.000000000000000001", Ok(1));
        check("1.25E-9", Ok(1_250_000_000));
        check("-1e3", Ok(-1000 * ONE));
        check(".5", Ok(ONE / 2));
        check("5.", Ok(5 * ONE));
        check("1.0000000000000000000000000000000000000000", Ok(ONE));
        check("100000000000000000", Ok(100_000_000_000_000_000 * ONE));
    }

    #[test]
    fn what_is_no_number_or_too_fine_is_refused() {
        for text in
            ["", "-", ".", "1,000", "1.2.3", "NaN", "inf", "1e", "e5", "1e99999999", "12a", " 1"]
        {
            check(text, Err(DecimalError::NotANumber));
        }
        check("0.0000000000000000001", Err(DecimalError::TooManyDecimals));
        check("1e30", Err(DecimalError::TooLarge));
        check("99999999999999999999999999999999999999999", Err(DecimalError::TooLarge));
    }

    #[test]
    fn a_double_is_its_shortest_decimal() {
        assert_eq!(from_double(0.1), Ok((ONE / 10, false)));
        assert_eq!(from_double(-4.137e-7), Ok((-413_700_000_000, false)));
        assert_eq!(from_double(1.5e-19), Ok((0, true)));
        assert_eq!(from_double(1.234_567_890_123_456_7e-5), Ok((12_345_678_901_235, true)));
        assert_eq!(from_double(f64::NAN), Err(DecimalError::NotANumber));
    }

    #[test]
    fn money_is_exact_or_an_error() {
        let check = |value: i128, expected: &str| {
            assert_eq!(
                money(value, Currency::USD),
                Ok(Money::usd(expected.parse().unwrap())),
                "{value}"
            );
        };
        check(12_500_000_000_000_000_000, "12.5");
        check(-1, "-0.000000000000000001");
        check(123_456_789_012_345_678_901_234_567_890, "123456789012.34567890123456789");
        check(ONE * 999_999_999_999_999_999, "999999999999999999");
        // 30 significant digits: 96 bits hold 29 of them at most.
        for value in [123_456_789_012_345_678_901_234_567_891, i128::MAX, i128::MIN] {
            assert_eq!(money(value, Currency::USD), Err(MoneyError::Overflow(Currency::USD)));
        }
    }

    #[test]
    fn a_quantity_is_rounded_beyond_its_digits() {
        assert_eq!(quantity(12_500_000_000_000_000_000).to_string(), "12.5");
        assert_eq!(
            quantity(123_456_789_012_345_678_901_234_567_891).to_string(),
            "123456789012.34567890123456789"
        );
    }
}
