//! Growth by the week, from days.
//!
//! Weekends would bend a line through all days, and a launch day would tilt it. So only days of
//! the same weekday are compared, the median of the changes counts (Sen's slope, by season as
//! Hirsch, Slack and Smith have it), and the interval is that of Kendall's statistic.

use jiff::civil::Date;
use trimtab_model::traffic_summary::Growth;

use super::spread::{quantile, sorted};

const DAYS_OF_WEEK: i64 = 7;
/// Days without which nothing is said: each weekday twice.
const LEAST_DAYS: usize = 14;
/// Quantile of the normal distribution for 95 % between both ends.
const Z: f64 = 1.959_964;

/// Returns the growth of days, which must be sorted; absent with less than two weeks of them.
pub(super) fn growth(days: &[(Date, f64)]) -> Option<Growth> {
    if days.len() < LEAST_DAYS {
        return None;
    }
    let median_day = quantile(&sorted(days.iter().map(|(_, value)| *value)), 0.5)?;
    if median_day <= 0.0 {
        return None;
    }
    let mut slopes = Vec::new();
    let mut variance = 0.0;
    for season in 0..DAYS_OF_WEEK {
        let of_season: Vec<(i64, f64)> = days
            .iter()
            .map(|(date, value)| (number(*date), *value))
            .filter(|(day, _)| day.rem_euclid(DAYS_OF_WEEK) == season)
            .collect();
        for (index, (day, value)) in of_season.iter().enumerate() {
            slopes.extend(of_season.iter().skip(index + 1).map(|(later, grown)| {
                let weeks = (later - day) as f64 / DAYS_OF_WEEK as f64;
                (grown - value) / weeks / median_day
            }));
        }
        let count = of_season.len() as f64;
        variance += count * (count - 1.0) * (2.0 * count + 5.0) / 18.0;
    }
    let slopes = sorted(slopes.into_iter());
    let spread = Z * variance.sqrt();
    let count = slopes.len() as f64;
    let at = |rank: f64| {
        let last = slopes.len().saturating_sub(1);
        slopes.get((rank.max(0.0) as usize).min(last)).copied()
    };
    Some(Growth {
        per_week: quantile(&slopes, 0.5)?,
        low: at(((count - spread) / 2.0).floor() - 1.0)?,
        high: at(((count + spread) / 2.0).ceil())?,
        days: days.len() as u64,
    })
}

fn number(date: Date) -> i64 {
    date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    /// Days with `weekend` times the users on Saturday and Sunday, growing by `weekly` of the
    /// first day each week.
    fn days(count: i64, weekly: f64, weekend: f64) -> Vec<(Date, f64)> {
        let first = Date::constant(2026, 8, 3);
        (0..count)
            .map(|day| {
                let date = first.checked_add(day.days()).unwrap();
                let season = if day % 7 >= 5 { weekend } else { 1.0 };
                (date, 1_000.0 * season * (1.0 + weekly * day as f64 / 7.0))
            })
            .collect()
    }

    #[test]
    fn growth_is_that_of_the_same_weekdays() {
        let flat = growth(&days(35, 0.0, 2.0)).unwrap();
        assert!(flat.per_week.abs() < 1e-9 && flat.is_unclear());
        let grown = growth(&days(35, 0.05, 2.0)).unwrap();
        assert!(grown.per_week > 0.03 && grown.per_week < 0.06, "{grown:?}");
        assert!(grown.low > 0.0 && grown.low <= grown.per_week && grown.high >= grown.per_week);
        assert!(!grown.is_unclear());
        let falling = growth(&days(35, -0.05, 0.5)).unwrap();
        assert!(falling.high < 0.0, "{falling:?}");
    }

    #[test]
    fn one_day_of_a_launch_changes_nothing_much() {
        let mut days = days(35, 0.0, 1.0);
        days[30].1 *= 20.0;
        let growth = growth(&days).unwrap();
        assert!(growth.per_week.abs() < 1e-9 && growth.is_unclear(), "{growth:?}");
    }

    #[test]
    fn less_than_two_weeks_say_nothing() {
        assert_eq!(growth(&days(13, 0.1, 1.0)), None);
        assert!(growth(&days(14, 0.1, 1.0)).is_some());
        let nobody: Vec<(Date, f64)> =
            days(30, 0.0, 1.0).into_iter().map(|(date, _)| (date, 0.0)).collect();
        assert_eq!(growth(&nobody), None);
    }
}
