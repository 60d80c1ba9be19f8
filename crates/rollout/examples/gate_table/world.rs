//! A service of a few machines: the response time of each, minute by minute.
//!
//! It has what makes before and after differ by themselves: a cycle of the day and one of the
//! week, days that are good or bad for all machines together, and minutes that depend on the
//! minute before.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The level of the response time, in milliseconds.
const LEVEL: f64 = 100.0;
/// How much of it the hour of the day moves, up and down.
const DAILY: f64 = 0.25;
/// How much of it the day of the week moves.
const WEEKLY: f64 = 0.08;
/// The deviation of days, in logarithms, which all machines share.
const DAYS: f64 = 0.06;
/// The deviation of minutes, in logarithms, of each machine by itself.
const MINUTES: f64 = 0.10;
/// How much of a minute's deviation the next minute keeps.
const KEPT: f64 = 0.8;
/// How far machines lie apart, in logarithms.
const MACHINES: f64 = 0.10;

/// Minutes of a week.
pub(crate) const WEEK: i64 = 7 * 1440;
/// Minutes before the change that are simulated.
pub(crate) const BEFORE: i64 = 180;
/// Minutes from the change on: a quarter of an hour in which it settles, and a day.
pub(crate) const AFTER: i64 = 15 + 1440;
/// How many weeks there are besides that of the change.
pub(crate) const WEEKS: i64 = 4;

/// What a change does to responses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effect {
    /// By how much it makes them slower; 0.2 is a fifth.
    pub(crate) slower: f64,
    /// In how many minutes of each hour.
    pub(crate) minutes: i64,
}

impl Effect {
    /// Returns what it multiplies the response time of a minute behind the change with.
    fn factor(self, minute: i64) -> f64 {
        if minute >= 0 && minute % 60 < self.minutes { 1.0 + self.slower } else { 1.0 }
    }
}

/// One run: the machines before and after a change of the first.
#[derive(Debug)]
pub(crate) struct World {
    /// By machine and week, 0 for that of the change: the minutes from [`BEFORE`] on.
    machines: Vec<Vec<Vec<f64>>>,
}

impl World {
    /// Makes the world of a run. The changed machine is the first; three others are not changed.
    pub(crate) fn new(run: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(run);
        // The minute of the week at which the change is made.
        let change = random.random_range(0..WEEK);
        let days: Vec<f64> = (0..7 * (WEEKS + 2) + 2).map(|_| normal(&mut random) * DAYS).collect();
        let machines = (0..4)
            .map(|_| {
                let level = LEVEL * (normal(&mut random) * MACHINES).exp();
                (0..=WEEKS)
                    .map(|week| {
                        let start = change + (WEEKS - week) * WEEK + WEEK - BEFORE;
                        minutes(start, level, &days, &mut random)
                    })
                    .collect()
            })
            .collect();
        Self { machines }
    }

    /// Returns the response times of a machine from a minute to another, counted from the
    /// change, so many weeks earlier. The effect is that of the change.
    pub(crate) fn read(
        &self,
        machine: usize,
        week: i64,
        minutes: std::ops::Range<i64>,
        effect: Effect,
    ) -> Vec<f64> {
        let week_of = usize::try_from(week).ok();
        let values = week_of.and_then(|week| self.machines.get(machine)?.get(week));
        let is_changed = machine == 0 && week == 0;
        minutes
            .filter_map(|minute| {
                let place = usize::try_from(minute + BEFORE).ok()?;
                let value = *values?.get(place)?;
                let factor = if is_changed { effect.factor(minute) } else { 1.0 };
                Some(value * factor)
            })
            .collect()
    }
}

fn minutes(start: i64, level: f64, days: &[f64], random: &mut ChaCha8Rng) -> Vec<f64> {
    let innovation = MINUTES * (1.0 - KEPT * KEPT).sqrt();
    let mut deviation = normal(random) * MINUTES;
    (start..start + BEFORE + AFTER)
        .map(|minute| {
            deviation = KEPT * deviation + innovation * normal(random);
            let turn = |length: i64| minute as f64 / length as f64 * std::f64::consts::TAU;
            let season = 1.0 + DAILY * turn(1440).sin() + WEEKLY * turn(WEEK).sin();
            let day = usize::try_from(minute / 1440).ok().and_then(|day| days.get(day));
            level * season * (day.copied().unwrap_or(0.0) + deviation).exp()
        })
        .collect()
}

/// Draws from the standard normal distribution (Box and Muller, 1958).
fn normal(random: &mut ChaCha8Rng) -> f64 {
    let (first, second): (f64, f64) = (random.random(), random.random());
    // One minus it, for a logarithm of zero there is none.
    (-2.0 * (1.0 - first).ln()).sqrt() * (second * std::f64::consts::TAU).cos()
}
