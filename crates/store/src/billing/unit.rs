//! Decimals in 64 bits.
//!
//! The lake counts in units of 10⁻¹⁸, and few amounts need units that small. Where the
//! values of a column are whole numbers of a larger one, of 18 digits at most, a file
//! holds those: half the bytes, and nothing to unpack.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::Decimal128Type;

use super::decimal::SCALE;
use super::page::Rows;
use super::schema::{COLUMNS, Kind};

/// Digits of a 64-bit decimal.
pub(super) const DIGITS: u8 = 18;
/// One more than the largest number of 18 digits.
const END: i128 = 1_000_000_000_000_000_000;
/// Rows that a choice of units is made by.
const SAMPLE: usize = 1024;

/// The unit of a column: ten to the power of minus its scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    scale: u8,
    /// How many times the lake's unit is doubled in this one.
    twos: u32,
    /// What undoes multiplication by as many fives.
    fives: i128,
}

impl Unit {
    /// Makes the unit of a scale, which is the lake's at most.
    fn new(scale: u8) -> Self {
        let twos = u32::from(SCALE.unsigned_abs().saturating_sub(scale));
        let five = 5_i128.wrapping_pow(twos);
        // Each step doubles the number of bits in which the product is one.
        let fives = (0..7).fold(five, |inverse, _| {
            inverse.wrapping_mul(2_i128.wrapping_sub(five.wrapping_mul(inverse)))
        });
        Self { scale, twos, fives }
    }

    /// Returns the scale.
    pub(super) fn scale(self) -> u8 {
        self.scale
    }

    /// Returns how many of this unit a value is; nothing where it is no whole number of
    /// them, or one of too many digits.
    #[inline]
    pub(super) fn count(self, value: i128) -> Option<i64> {
        let halved = value >> self.twos;
        // Were the value no multiple of the fives, the product would have to be so large
        // that five times itself, as often, leaves 128 bits.
        let count = halved.wrapping_mul(self.fives);
        (halved << self.twos == value && -END < count && count < END).then_some(count as i64)
    }
}

/// The unit of every column of a file; nothing where the lake's own stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Units(Vec<Option<Unit>>);

impl Units {
    /// Keeps the lake's own, which every value fits.
    pub(super) fn widest() -> Self {
        Self(vec![None; COLUMNS.len()])
    }

    /// Chooses the units that the first rows fit best.
    pub(super) fn suited(batch: &RecordBatch, rows: Rows<'_>) -> Self {
        let unit = |((_, kind), column): (&(&str, Kind), &ArrayRef)| match kind {
            Kind::Decimal => suited(column, rows).map(Unit::new),
            Kind::Text | Kind::Moment | Kind::Day => None,
        };
        Self(COLUMNS.iter().zip(batch.columns()).map(unit).collect())
    }

    /// Returns the units in the order of columns.
    pub(super) fn each(&self) -> impl Iterator<Item = Option<Unit>> {
        self.0.iter().copied()
    }

    /// Parts rows into those that fit and those that do not; nothing where all fit.
    pub(super) fn parted(
        &self,
        batch: &RecordBatch,
        rows: Rows<'_>,
    ) -> Option<(Vec<u32>, Vec<u32>)> {
        let mut is_unfit = Vec::new();
        for (unit, column) in self.0.iter().zip(batch.columns()) {
            let (Some(unit), Some(column)) = (unit, column.as_primitive_opt::<Decimal128Type>())
            else {
                continue;
            };
            let fits = |row: usize| {
                let value = column.values().get(row).copied().unwrap_or_default();
                unit.count(value).is_some() || column.is_null(row)
            };
            let mut all_fit = true;
            rows.each(|row| all_fit &= fits(row));
            if !all_fit {
                is_unfit.resize(batch.num_rows(), false);
                rows.each(|row| {
                    if let Some(is_unfit) = is_unfit.get_mut(row) {
                        *is_unfit |= !fits(row);
                    }
                });
            }
        }
        if is_unfit.is_empty() {
            return None;
        }
        let (mut fit, mut unfit) = (Vec::new(), Vec::new());
        rows.each(|row| {
            let is_unfit = is_unfit.get(row).copied().unwrap_or_default();
            let part = if is_unfit { &mut unfit } else { &mut fit };
            part.push(u32::try_from(row).unwrap_or(u32::MAX));
        });
        Some((fit, unfit))
    }
}

/// Returns the scale that most of the first values fit, if that is most of them.
fn suited(column: &ArrayRef, rows: Rows<'_>) -> Option<u8> {
    let column = column.as_primitive_opt::<Decimal128Type>()?;
    let mut seen = 0_usize;
    let mut fits = [0_usize; DIGITS as usize + 1];
    rows.first(SAMPLE).each(|row| {
        if column.is_null(row) {
            return;
        }
        seen += 1;
        let (least, most) = scales(column.values().get(row).copied().unwrap_or_default());
        for (scale, fits) in (0..).zip(&mut fits) {
            *fits += usize::from(least <= scale && scale <= most);
        }
    });
    let best = *fits.iter().max()?;
    if 2 * best <= seen {
        return None;
    }
    // Of equals the one in the middle: it has room for finer values and for larger ones.
    let equals: Vec<u8> =
        (0..).zip(&fits).filter(|(_, fits)| **fits == best).map(|(scale, _)| scale).collect();
    equals.get(equals.len() / 2).copied()
}

/// Returns the smallest and the largest scale by which a value has 18 digits at most.
/// The first is above the second where none will do.
fn scales(value: i128) -> (u32, u32) {
    let Some(last) = value.unsigned_abs().checked_ilog10() else { return (0, u32::from(DIGITS)) };
    let most = (2 * u32::from(DIGITS)).saturating_sub(last + 1).min(u32::from(DIGITS));
    let mut least = u32::from(DIGITS);
    let mut rest = value;
    while least > 0 && rest % 10 == 0 {
        rest /= 10;
        least -= 1;
    }
    (least, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_counted_exactly_or_not_at_all() {
        for scale in 0..=DIGITS {
            let unit = Unit::new(scale);
            let one = 10_i128.pow(u32::from(DIGITS - scale));
            for count in [0, 1, -1, 7, 123_456_789, END as i64 - 1, 1 - END as i64] {
                assert_eq!(unit.count(i128::from(count) * one), Some(count));
            }
            for value in [END * one, -END * one, i128::MAX, i128::MIN, i128::MIN / one * one] {
                assert_eq!(unit.count(value), None, "{value} at {scale}");
            }
            for off in [1, -1, 2, 5, one / 2, one / 5, one - 1] {
                if off % one != 0 {
                    assert_eq!(unit.count(41 * one + off), None, "{off} at {scale}");
                }
            }
        }
    }

    #[test]
    fn scales_leave_room_for_every_digit() {
        assert_eq!(scales(0), (0, 18));
        assert_eq!(scales(1), (18, 18));
        assert_eq!(scales(END), (0, 17));
        assert_eq!(scales(-END * 1000 - END / 100), (2, 14));
        assert_eq!(scales(END * 100 + 1), (18, 15));
    }
}
