//! How much of its average day a meter sees on each day: players, patches, and two accidents.
//!
//! The bill and the metrics take it from here, so that what is charged is what was measured.

use std::sync::LazyLock;

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::calendar::{AS_OF, DAY, hourly_throughout};
use super::curve::{Curve, is_patch_day};
use crate::story::metric_file::Grid;

/// The day on which servers fetched a patch through the NAT gateway, in days before the end of the
/// story: a patch day.
const PATCH_THROUGH_GATEWAY: i64 = 9;

/// Of a usual hour's bytes, those that went through the gateway on that day.
const GATEWAY_SURGE: f64 = 75.0;

/// The days on which debug logging stayed on after a release, in days before the end of the story.
const DEBUG_LOGGING: std::ops::RangeInclusive<i64> = 8..=11;

/// Of a usual hour's log lines, those that were written on these days.
const DEBUG_SURGE: f64 = 9.0;

/// Downloads on the day of a patch, on the day after, at weekends with their events, and on any
/// other day; a fortnight of them has this mean.
const DOWNLOADS: [f64; 4] = [2.2, 1.4, 1.25, 0.75];
const DOWNLOADS_MEAN: f64 = 14.6 / 14.0;

/// The mean load of the players over the days of the metrics.
static MEAN_LOAD: LazyLock<f64> = LazyLock::new(|| {
    let (grid, moments) = hourly_throughout();
    let load = Curve::Players.load(grid, moments);
    load.iter().sum::<f64>() / load.len().max(1) as f64
});

/// What decides how much of a meter is used on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Season {
    /// The players, above what runs without them.
    Players,
    /// Players who fetch a patch, and come for the events of a weekend.
    Downloads,
    /// The players' traffic through the NAT gateway, and a patch that took this way once.
    Gateway,
    /// What machines do, players or not.
    Steady,
    /// The players' log lines, and debug logging that stayed on for some days.
    DebugLogs,
}

impl Season {
    /// Returns the use of every moment of a grid, beside 1 for the average.
    pub(super) fn shares(self, grid: Grid, moments: usize) -> Vec<f64> {
        let step = i64::from(grid.period_seconds);
        let seconds = (grid.start_ms / 1000..).step_by(usize::try_from(step).unwrap_or(1));
        let load = Curve::Players.load(grid, moments);
        let share = |(load, second): (f64, i64)| {
            let usual = match self {
                Self::Steady => 1.0,
                Self::Players | Self::Downloads | Self::Gateway | Self::DebugLogs => {
                    0.3 + 0.7 * load / *MEAN_LOAD
                }
            };
            usual * self.surge(days_ago(second))
        };
        load.into_iter().zip(seconds).map(share).collect()
    }

    /// Returns the use of the UTC day that starts at a second, of what an average day uses.
    pub(super) fn of_day(self, start: i64, average: Decimal) -> Decimal {
        let shares = self.shares(Grid { start_ms: start * 1000, period_seconds: 3600 }, 24);
        let mean = shares.iter().sum::<f64>() / shares.len().max(1) as f64;
        let share = Decimal::from_f64(mean).unwrap_or(Decimal::ONE).round_dp(6);
        // What is counted one by one has no parts.
        let digits = if average >= Decimal::ONE_THOUSAND { 0 } else { 6 };
        (average * share).round_dp(digits)
    }

    fn surge(self, days_ago: i64) -> f64 {
        match self {
            Self::Players | Self::Steady => 1.0,
            Self::Downloads => downloads(days_ago) / DOWNLOADS_MEAN,
            Self::Gateway if days_ago == PATCH_THROUGH_GATEWAY => GATEWAY_SURGE,
            Self::DebugLogs if DEBUG_LOGGING.contains(&days_ago) => DEBUG_SURGE,
            Self::Gateway | Self::DebugLogs => 1.0,
        }
    }
}

/// Returns how many days before the end of the story the UTC day of a second starts.
fn days_ago(second: i64) -> i64 {
    (AS_OF.as_second() - second + DAY - 1).div_euclid(DAY)
}

fn downloads(days_ago: i64) -> f64 {
    let [patch, after, weekend, usual] = DOWNLOADS;
    // The story ends where a Saturday begins in UTC: a week before is a Saturday too.
    let is_weekend = matches!(days_ago.rem_euclid(7), 0 | 6);
    match (is_patch_day(days_ago), is_patch_day(days_ago + 1), is_weekend) {
        (true, _, _) => patch,
        (_, true, _) => after,
        (_, _, true) => weekend,
        (false, false, false) => usual,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::game_kr::calendar::{days_ago as moment_days_ago, start_of};

    fn share(season: Season, day: &str) -> f64 {
        let start = start_of(day.parse().unwrap()).as_second();
        let shares = season.shares(Grid { start_ms: start * 1000, period_seconds: 3600 }, 24);
        shares.iter().sum::<f64>() / 24.0
    }

    #[test]
    fn an_average_day_is_one_and_weekends_and_patches_are_more() {
        for season in [Season::Players, Season::Downloads] {
            let (grid, moments) = hourly_throughout();
            let shares = season.shares(grid, moments);
            let mean = shares.iter().sum::<f64>() / shares.len() as f64;
            assert!((0.97..1.03).contains(&mean), "{season:?} {mean}");
        }
        // A Saturday, a Monday, and the Thursday of a patch.
        assert!(share(Season::Players, "2026-10-24") > share(Season::Players, "2026-10-26"));
        assert!(share(Season::Downloads, "2026-10-24") > share(Season::Downloads, "2026-10-26"));
        assert!(share(Season::Downloads, "2026-10-22") > 1.8);
    }

    #[test]
    fn the_accidents_are_on_their_days_and_on_no_other() {
        let is_accident = |season, day: &str| share(season, day) > 6.0;
        assert!(is_accident(Season::Gateway, "2026-10-22"));
        assert!(!is_accident(Season::Gateway, "2026-10-08"));
        let debug = |day: &str| is_accident(Season::DebugLogs, day);
        assert_eq!(
            ["2026-10-19", "2026-10-20", "2026-10-23", "2026-10-24"].map(debug),
            [false, true, true, false]
        );
        assert_eq!(moment_days_ago(9).to_string(), "2026-10-22T00:00:00Z");
    }

    #[test]
    fn what_is_counted_one_by_one_has_no_parts() {
        let start = moment_days_ago(3).as_second();
        assert!(Season::Players.of_day(start, 260_000.into()).fract().is_zero());
        assert!(!Season::Players.of_day(start, 24.into()).fract().is_zero());
    }
}
