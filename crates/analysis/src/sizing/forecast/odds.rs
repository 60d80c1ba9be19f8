//! The pool of pasts of one resource of a machine.

use trimtab_model::policy::Horizon;
use trimtab_model::profile::{Levels, UsageProfile};

use super::curve::Curve;
use super::table::{FACTORS, FLOW_EVER, KNOTS, Table};

/// Days of history from which on the weights of long histories hold alone, and up to which
/// those of short ones do: between them, they mix by the logarithm of the days.
const LONG_DAYS: f64 = 14.0;
const SHORT_DAYS: f64 = 2.0;
/// The fewest days whose peaks tell whether a history is calm.
const FEWEST_DAYS: usize = 5;
/// The spread of the peaks of days up to which a history is calm, and from which it is not.
const CALM: f64 = 0.04;
const CHANGING: f64 = 0.16;
/// Days of history beyond which more of them say nothing more of peaks.
const MOST_DAYS: f64 = 28.0;
/// Use of up to a twentieth of a percent is none.
pub(super) const NOTHING: f64 = 5e-4;
/// The horizon that the weights were fitted for, in days.
const FITTED_DAYS: f64 = 14.0;

/// What is expected of one resource of a machine, in percent of its present size.
#[derive(Debug, Clone)]
pub struct Odds {
    /// The whole window, its last 14 days, its last 3 days, and the peaks of its days.
    experts: [Curve; 4],
    table: &'static Table,
    peaks: Peaks,
    /// How much the weights of short, of changing and of calm histories count; 1 in all.
    mix: [f64; 3],
    /// Days of history.
    days: f64,
    /// Days ahead.
    horizon: f64,
    /// What demand is multiplied with: 1, unless a driver of it is expected to change.
    growth: f64,
}

/// What a series came up to, as shares of the present size.
#[derive(Debug, Clone, Copy)]
struct Peaks {
    /// In all of the window.
    highest: f64,
    /// In its last three days.
    lately: f64,
    /// On a day like any other.
    usual: f64,
    /// On the mean.
    mean: f64,
}

/// What the pool says of a level.
struct Pool {
    /// The share of the time above it, by the pasts.
    share: f64,
    /// What the pasts weigh.
    of_pasts: f64,
    /// What the population weighs.
    of_population: f64,
}

/// What a forecast is made from, in percent of a size.
#[derive(Debug)]
pub(super) struct Past<'a> {
    pub(super) whole: &'a Levels,
    pub(super) last_14_days: &'a Levels,
    pub(super) last_3_days: &'a Levels,
    /// The highest use of each day.
    pub(super) peaks: Vec<f64>,
    pub(super) highest: f64,
    pub(super) mean: f64,
}

impl Odds {
    /// Makes the pool of a series with the weights of `table`.
    pub(super) fn new(profile: &UsageProfile, table: &'static Table, horizon: Horizon) -> Self {
        let history = profile.levels.clone().unwrap_or_default();
        let past = Past {
            whole: &history.whole,
            last_14_days: history.last_14_days(),
            last_3_days: history.last_3_days(),
            peaks: profile.days.iter().map(|day| day.max).collect(),
            highest: profile.max,
            mean: profile.mean,
        };
        Self::of_past(past, table, horizon)
    }

    /// Makes the pool of a past.
    pub(super) fn of_past(past: Past<'_>, table: &'static Table, horizon: Horizon) -> Self {
        let mut peaks = past.peaks;
        let days = (peaks.len() as f64).max(1.0);
        let horizon = f64::from(horizon.days());
        // A month of history says as much of the next one as a fortnight of the next fortnight.
        let length = (days * FITTED_DAYS / horizon).max(1.0);
        let short = (LONG_DAYS / length).ln() / (LONG_DAYS / SHORT_DAYS).ln();
        let short = short.clamp(0.0, 1.0);
        peaks.sort_unstable_by(f64::total_cmp);
        let calm = calmness(&peaks);
        Self {
            experts: [
                Curve::of_levels(past.whole),
                Curve::of_levels(past.last_14_days),
                Curve::of_levels(past.last_3_days),
                Curve::of_values(peaks.iter().copied()),
            ],
            table,
            peaks: Peaks {
                highest: past.highest / 100.0,
                lately: past.last_3_days.highest().unwrap_or(past.highest) / 100.0,
                usual: median(&peaks).unwrap_or(past.highest) / 100.0,
                mean: past.mean / 100.0,
            },
            mix: [short, (1.0 - short) * (1.0 - calm), (1.0 - short) * calm],
            days,
            horizon,
            growth: 1.0,
        }
    }

    /// Returns the same where demand is `by` times as high.
    pub(super) fn grown(&self, by: f64) -> Self {
        Self { growth: self.growth * by, ..self.clone() }
    }

    /// Returns the expected share of the time with demand above `percent` of the present size.
    pub fn share_above(&self, percent: f64) -> f64 {
        let percent = percent / self.growth;
        let pool = self.pool(percent);
        let share = pool.share + pool.of_population * self.table.population_above(percent / 100.0);
        corrected(share, self.table.share_map)
    }

    /// Returns the same by the pasts alone, for what is no share of a size: the population says
    /// nothing of it.
    pub(super) fn pasts_above(&self, percent: f64) -> f64 {
        let pool = self.pool(percent / self.growth);
        pool.share / pool.of_pasts.max(f64::MIN_POSITIVE)
    }

    fn pool(&self, percent: f64) -> Pool {
        let table = self.table;
        let [of_short, of_long, of_calm] = self.mix;
        let tables = table.short.iter().zip(&table.long).zip(&table.calm);
        let mut weights =
            tables.map(|((short, long), calm)| of_short * short + of_long * long + of_calm * calm);
        let (mut share, mut of_pasts) = (0.0, 0.0);
        for expert in &self.experts {
            for factor in FACTORS {
                let weight = weights.next().unwrap_or_default();
                of_pasts += weight;
                if weight > 0.0 {
                    share += weight * expert.above(percent / factor);
                }
            }
        }
        Pool { share, of_pasts, of_population: weights.next().unwrap_or_default() }
    }

    /// Returns the chance that demand is above `percent` of the present size once or more
    /// within the horizon: a logistic regression on how far that is from what was seen.
    pub fn ever_above(&self, percent: f64) -> f64 {
        let size = self.size(percent);
        let beyond = |seen: f64| (size / seen.max(NOTHING)).ln();
        let peak = beyond(self.peaks.highest);
        let days = (self.days.min(MOST_DAYS) / FITTED_DAYS).ln();
        let mut features = vec![1.0, peak.clamp(-3.0, 5.0)];
        features.extend(KNOTS.iter().map(|knot| (peak - knot).max(0.0)));
        features.extend([
            beyond(self.peaks.lately).clamp(-3.0, 5.0),
            beyond(self.peaks.usual).clamp(-3.0, 5.0),
            beyond(self.peaks.mean).clamp(-3.0, 6.0),
            size.ln(),
            days,
            days * peak.clamp(0.0, 2.0),
            days * (-peak).clamp(0.0, 1.0),
        ]);
        self.chance(&features, &self.table.ever, self.table.ever_map)
    }

    /// Returns the same for what is no share of a size: without the size among the features,
    /// and without ends to them, since a capacity may be a million times what was seen.
    pub(super) fn ever_beyond(&self, percent: f64) -> f64 {
        let size = self.size(percent);
        let beyond = |seen: f64| (size / seen.max(NOTHING)).ln();
        let peak = beyond(self.peaks.highest);
        let days = (self.days.min(MOST_DAYS) / FITTED_DAYS).ln();
        let mut features = vec![1.0, peak];
        features.extend(KNOTS.iter().map(|knot| (peak - knot).max(0.0)));
        features.extend([
            beyond(self.peaks.lately),
            beyond(self.peaks.usual),
            beyond(self.peaks.mean),
            days,
            days * peak.clamp(0.0, 2.0),
            days * (-peak).clamp(0.0, 1.0),
        ]);
        self.chance(&features, &FLOW_EVER, &[])
    }

    fn size(&self, percent: f64) -> f64 {
        (percent / 100.0 / self.growth).max(NOTHING)
    }

    fn chance(&self, features: &[f64], coefficients: &[f64], map: &[(f64, f64)]) -> f64 {
        let score: f64 = features.iter().zip(coefficients).map(|(one, by)| one * by).sum();
        let chance = corrected(1.0 / (1.0 + (-score).exp()), map);
        // It was fitted to 14 days; a longer horizon counts as so many fortnights that do not
        // depend on each other, which is the most that it can be.
        1.0 - (1.0 - chance).powf(self.horizon / FITTED_DAYS)
    }

    /// Returns whether nothing was used at all: then the past says nothing of the next use.
    pub fn is_off(&self) -> bool {
        self.peaks.highest <= NOTHING
    }
}

/// Returns how alike the peaks of the days are: 1 up to a spread of 4 %, 0 from 16 %.
///
/// The spread is the standard deviation of their logarithms. A few days do not tell.
fn calmness(peaks: &[f64]) -> f64 {
    let days = peaks.len() as f64;
    if peaks.len() < FEWEST_DAYS {
        return 0.0;
    }
    let logarithms = peaks.iter().map(|peak| (peak / 100.0).max(NOTHING).ln());
    let mean = logarithms.clone().sum::<f64>() / days;
    let squares = logarithms.map(|one| (one - mean).powi(2)).sum::<f64>();
    let spread = (squares / days).sqrt().max(1e-3);
    ((CHANGING / spread).ln() / (CHANGING / CALM).ln()).clamp(0.0, 1.0)
}

/// Moves the logarithm of the odds of a share by what the corrections say, linear between them
/// and constant outside.
fn corrected(share: f64, map: &[(f64, f64)]) -> f64 {
    if share <= 0.0 || share >= 1.0 {
        return share.clamp(0.0, 1.0);
    }
    let odds = (share / (1.0 - share)).ln();
    let above = map.iter().position(|(at, _)| *at > odds).unwrap_or(map.len());
    let shift = match (above.checked_sub(1).and_then(|below| map.get(below)), map.get(above)) {
        (Some((low, from)), Some((high, to))) => from + (to - from) * (odds - low) / (high - low),
        (Some((_, shift)), None) | (None, Some((_, shift))) => *shift,
        (None, None) => 0.0,
    };
    1.0 / (1.0 + (-(odds + shift)).exp())
}

fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    let upper = sorted.get(middle)?;
    let lower =
        if sorted.len().is_multiple_of(2) { sorted.get(middle.checked_sub(1)?)? } else { upper };
    Some(f64::midpoint(*lower, *upper))
}
