//! Writes the players of every day.

use std::path::Path;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::calendar::{DAY, METRIC_DAYS, days_ago};
use super::curve::{Curve, noise};
use crate::story::error::StoryError;
use crate::story::metric_file::Grid;

/// Players of an average day at the end of the story.
const DAILY_PLAYERS: f64 = 48_000.0;

/// Players at once when every seat is taken.
const SEATS: f64 = 9_600.0;

/// Writes `users.csv` below `dir`. Days are those of UTC.
pub(super) fn write(dir: &Path, seed: u64) -> Result<(), StoryError> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(2);
    let mean_of = |load: &[f64]| load.iter().sum::<f64>() / load.len().max(1) as f64;
    let of_day = |days: i64| {
        let start_ms = days_ago(days).as_millisecond();
        Curve::Players.load(
            Grid { start_ms, period_seconds: 300 },
            usize::try_from(DAY / 300).unwrap_or_default(),
        )
    };
    let usual = mean_of(&of_day(5));
    let mut text = String::from("date,dau,new_users,peak_concurrent_users\n");
    for days in (1..=METRIC_DAYS).rev() {
        let load = of_day(days);
        let peak = load.iter().copied().fold(0.0, f64::max);
        let players = DAILY_PLAYERS * mean_of(&load) / usual * (1.0 + noise(&mut rng, 0.015));
        let newcomers = players * (0.031 + noise(&mut rng, 0.004));
        let date = days_ago(days).strftime("%Y-%m-%d");
        text.push_str(&format!("{date},{players:.0},{newcomers:.0},{:.0}\n", SEATS * peak));
    }
    let path = dir.join("users.csv");
    std::fs::write(&path, text).map_err(StoryError::write(&path))
}
