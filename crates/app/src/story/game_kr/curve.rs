//! How busy the game is: daily and weekly seasons in Korea, growth, and patch days.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::calendar::{AS_OF, DAY, METRIC_DAYS};
use crate::story::metric_file::Grid;

/// Seoul's offset from UTC. South Korea has had no daylight saving time since 1988.
const SEOUL_OFFSET: i64 = 9 * 3600;

/// Days before the end of the story on which a patch came out, at 10:00 in Seoul: every
/// second Thursday.
const PATCH_DAYS_AGO: [i64; 6] = [9, 23, 37, 51, 65, 79];

/// Seconds in which one notice comes.
const NOTICES_APART: i64 = 7_200;

/// What drives a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Curve {
    /// The players: an evening peak, a little more at weekends, patch days.
    Players,
    /// The players, on a service that never gets quiet.
    PlayersAroundTheClock,
    /// The developers: from ten to seven on working days.
    Office,
    /// A build every working night from 18:00 to 22:00 UTC: 03:00 to 07:00 in Seoul.
    NightlyBuild,
    /// A notice now and then: five minutes within every two hours, at no time that a clock would know.
    Notices,
    /// Nothing at all.
    Nothing,
}

/// Load of every hour of the day in Seoul, midnight first, as a share of the peak.
const PLAYERS_BY_HOUR: [f64; 24] = [
    0.42, 0.28, 0.17, 0.10, 0.06, 0.05, 0.06, 0.09, 0.13, 0.16, 0.19, 0.23, 0.30, 0.28, 0.25, 0.26,
    0.30, 0.38, 0.52, 0.70, 0.86, 0.96, 0.92, 0.68,
];

impl Curve {
    /// Returns the load at every moment of `grid`, from 0 to 1.
    pub(super) fn load(self, grid: Grid, moments: usize) -> Vec<f64> {
        let step = i64::from(grid.period_seconds);
        let start = grid.start_ms / 1000;
        let mut load = Vec::with_capacity(moments);
        let mut second = start;
        for _ in 0..moments {
            load.push(self.at(second));
            second += step;
        }
        load
    }

    /// Returns whether nothing but the system itself runs where there is no load.
    pub(super) fn rests(self) -> bool {
        match self {
            Self::Office | Self::NightlyBuild => true,
            Self::Players | Self::PlayersAroundTheClock | Self::Notices | Self::Nothing => false,
        }
    }

    fn at(self, second: i64) -> f64 {
        let local = second + SEOUL_OFFSET;
        let hour = local.rem_euclid(DAY) / 3600;
        // 1970-01-01 was a Thursday; Monday is 0.
        let weekday = (local.div_euclid(DAY) + 3).rem_euclid(7);
        match self {
            Self::Players => players(second, local, weekday),
            Self::PlayersAroundTheClock => 0.72 + 0.28 * players(second, local, weekday),
            Self::Office => {
                if weekday < 5 && (10..19).contains(&hour) {
                    0.88
                } else {
                    0.0
                }
            }
            Self::NightlyBuild => {
                let utc_hour = second.rem_euclid(DAY) / 3600;
                if weekday < 5 && (18..22).contains(&utc_hour) { 1.0 } else { 0.0 }
            }
            Self::Notices => {
                if notice_begins(second).is_some_and(|begin| (begin..begin + 300).contains(&second))
                {
                    0.95
                } else {
                    0.08
                }
            }
            Self::Nothing => 0.0,
        }
    }
}

/// Returns when the notice of the two hours around a moment comes: one of their 24 stretches of five minutes.
fn notice_begins(second: i64) -> Option<i64> {
    let slot = second.div_euclid(NOTICES_APART);
    // A multiplicative hash (Knuth, The Art of Computer Programming, volume 3, 6.4) spreads the slots.
    let hash = u64::try_from(slot).ok()?.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    Some(slot * NOTICES_APART + i64::try_from(hash % 24).ok()? * 300)
}

/// Returns the players' load; it never exceeds the capacity the game was built for.
fn players(second: i64, local: i64, weekday: i64) -> f64 {
    let of_day = local.rem_euclid(DAY);
    let hour = of_day / 3600;
    let share = (of_day % 3600) as f64 / 3600.0;
    let at = |hour: i64| {
        usize::try_from(hour.rem_euclid(24))
            .ok()
            .and_then(|hour| PLAYERS_BY_HOUR.get(hour))
            .copied()
            .unwrap_or_default()
    };
    let season = at(hour) * (1.0 - share) + at(hour + 1) * share;
    let week = if weekday >= 5 { 1.04 } else { 0.97 };
    let days_ago = (AS_OF.as_second() - second) as f64 / DAY as f64;
    let growth = 1.0 - 0.08 * days_ago / METRIC_DAYS as f64;
    let load = season * week * growth + patch(second);
    load.clamp(0.0, 1.0)
}

/// Returns whether a patch came out on the UTC day that starts so many days before the end of the
/// story; the days of the story before its metrics have them too.
pub(super) fn is_patch_day(days_ago: i64) -> bool {
    days_ago.rem_euclid(14) == 9
}

/// Returns what a patch adds: three hours after its release at 10:00 in Seoul.
fn patch(second: i64) -> f64 {
    let released = PATCH_DAYS_AGO.iter().any(|days| {
        let release = AS_OF.as_second() - days * DAY + 3600;
        (release..release + 3 * 3600).contains(&second)
    });
    if released { 0.7 } else { 0.0 }
}

/// Returns a value drawn evenly from `-spread` to `spread`.
pub(super) fn noise(rng: &mut ChaCha8Rng, spread: f64) -> f64 {
    (rng.random::<f64>() * 2.0 - 1.0) * spread
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::game_kr::calendar::fine;

    #[test]
    fn patches_come_every_second_thursday() {
        assert!(PATCH_DAYS_AGO.into_iter().all(is_patch_day));
        assert_eq!((0..93).filter(|days| is_patch_day(*days)).count(), PATCH_DAYS_AGO.len());
    }

    #[test]
    fn players_come_in_the_evening_and_on_patch_days() {
        let (grid, moments) = fine();
        let load = Curve::Players.load(grid, moments);
        let peak = load.iter().copied().fold(0.0, f64::max);
        let mean = load.iter().sum::<f64>() / load.len() as f64;
        assert!((0.93..=1.0).contains(&peak), "{peak}");
        assert!((0.3..0.5).contains(&mean), "{mean}");
    }
}
