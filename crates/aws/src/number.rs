//! AWS's signed numbers as counts.

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

/// Returns how many there are.
pub(crate) fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
