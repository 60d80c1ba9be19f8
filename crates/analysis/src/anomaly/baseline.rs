//! What a day usually costs, from the weeks before it.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use trimtab_model::document::Days;

/// Weeks before a day that are looked at.
const MOST_WEEKS: i32 = 8;
/// Weeks before a day without which nothing is said of it.
pub const LEAST_WEEKS: usize = 4;
/// A median absolute deviation times this is the standard deviation of a normal distribution.
const TO_DEVIATION: Decimal = Decimal::from_parts(14_826, 0, 0, false, 4);

/// What a day usually costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Baseline {
    /// The median of its weekday.
    pub(super) usual: Decimal,
    /// How far days lie from the medians of their weekdays.
    pub(super) spread: Decimal,
}

impl Baseline {
    /// Looks at the weeks before `date` that the bill covers; absent where they are too few.
    ///
    /// A covered day without an amount cost nothing.
    pub(super) fn of(amounts: &BTreeMap<Date, Decimal>, covered: Days, date: Date) -> Option<Self> {
        let mut by_weekday: [Vec<Decimal>; 7] = Default::default();
        for back in 1..=MOST_WEEKS.checked_mul(7)? {
            let Ok(earlier) = date.checked_sub(back.days()) else { break };
            if !covered.contains(earlier) {
                break;
            }
            let place = usize::try_from(back.rem_euclid(7)).ok()?;
            let amount = amounts.get(&earlier).copied().unwrap_or_default();
            by_weekday.get_mut(place)?.push(amount);
        }
        let of_day = by_weekday.first_mut()?;
        if of_day.len() < LEAST_WEEKS {
            return None;
        }
        let usual = median(of_day)?;
        let mut off: Vec<Decimal> = Vec::new();
        for days in &mut by_weekday {
            let Some(middle) = median(days) else { continue };
            off.extend(days.iter().map(|amount| (amount - middle).abs()));
        }
        let spread = median(&mut off)?.checked_mul(TO_DEVIATION)?;
        Some(Self { usual, spread })
    }
}

/// Returns the middle of amounts, which it sorts; absent where there are none.
pub(super) fn median(amounts: &mut [Decimal]) -> Option<Decimal> {
    amounts.sort_unstable();
    let middle = amounts.len() / 2;
    let upper = amounts.get(middle).copied()?;
    if !amounts.len().is_multiple_of(2) {
        return Some(upper);
    }
    let lower = amounts.get(middle.checked_sub(1)?).copied()?;
    lower.checked_add(upper)?.checked_div(Decimal::TWO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// Five on Saturdays and Sundays, ten else, from the first of September on.
    fn weeks() -> (BTreeMap<Date, Decimal>, Days) {
        let covered = Days { first: date("2026-09-01"), last: date("2026-10-31") };
        let amount = |date: Date| if date.weekday().to_monday_zero_offset() > 4 { 5 } else { 10 };
        (covered.iter().map(|date| (date, Decimal::from(amount(date)))).collect(), covered)
    }

    #[test]
    fn a_day_is_compared_with_its_weekday() {
        let (amounts, covered) = weeks();
        let usual = |day: &str| Baseline::of(&amounts, covered, date(day)).map(|one| one.usual);
        assert_eq!(usual("2026-10-30"), Some(Decimal::from(10)));
        assert_eq!(usual("2026-10-31"), Some(Decimal::from(5)));
    }

    #[test]
    fn one_bad_day_does_not_become_usual() {
        let (mut amounts, covered) = weeks();
        amounts.insert(date("2026-10-23"), Decimal::from(900));
        let baseline = Baseline::of(&amounts, covered, date("2026-10-30")).unwrap();
        assert_eq!((baseline.usual, baseline.spread), (Decimal::from(10), Decimal::ZERO));
    }

    #[test]
    fn three_weeks_are_too_few() {
        let (amounts, covered) = weeks();
        assert_eq!(Baseline::of(&amounts, covered, date("2026-09-28")), None);
        assert!(Baseline::of(&amounts, covered, date("2026-09-29")).is_some());
    }
}
