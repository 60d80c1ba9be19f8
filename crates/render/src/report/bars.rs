//! Bars made of characters, where no picture can be shown.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Eighths of a cell.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Returns a bar of `part` beside one of `most` that fills `cells`.
pub(super) fn bar(part: Decimal, most: Decimal, cells: usize) -> String {
    let share = part.max(Decimal::ZERO).checked_div(most).unwrap_or_default().min(Decimal::ONE);
    let eighths = share * Decimal::from(cells * 8);
    let eighths = eighths.round().to_usize().unwrap_or_default();
    let rest = EIGHTHS.get(eighths % 8).copied().unwrap_or_default();
    format!("{}{rest}", "█".repeat(eighths / 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_share() {
        let of = |part: i64, most: i64| bar(part.into(), most.into(), 4);
        assert_eq!(of(4, 4), "████");
        assert_eq!(of(9, 4), "████");
        assert_eq!(of(1, 8), "▌");
        assert_eq!(of(-1, 8), "");
        assert_eq!(of(1, 0), "");
    }
}
