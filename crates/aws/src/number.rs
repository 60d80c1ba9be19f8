//! AWS's numbers as ours: counts without a sign, and exact decimals.

use std::fmt::Display;

use rust_decimal::Decimal;

/// Returns a size; absent where AWS gives none, zero or less.
pub(crate) fn positive(value: Option<i32>) -> Option<u32> {
    value.and_then(|value| u32::try_from(value).ok()).filter(|value| *value > 0)
}

/// Returns a count, which may be zero; absent where AWS gives none, or a negative one.
pub(crate) fn count<From, To>(value: Option<From>) -> Option<To>
where
    To: TryFrom<From>,
{
    value.and_then(|value| To::try_from(value).ok())
}

/// Returns the number that AWS wrote: the shortest one that reads back as the same.
pub(crate) fn decimal(value: impl Display) -> Option<Decimal> {
    value.to_string().parse().ok()
}

/// Returns how many there are.
pub(crate) fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
