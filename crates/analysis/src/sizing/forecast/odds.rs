//! The pool of pasts of one resource of a machine.

use trimtab_model::policy::Horizon;
use trimtab_model::profile::UsageProfile;

use super::curve::Curve;
use super::table::{FACTORS, KNOTS, Table};

/// Days of history from which on the weights of long histories hold alone, and up to which
/// those of short ones do: between them, they mix by the logarithm of the days.
const LONG_DAYS: f64 = 14.0;
const SHORT_DAYS: f64 = 2.0;
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
    /// How much the weights of short histories count, from 0 to 1.
    shortness: f64,
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

impl Odds {
    /// Makes the pool of a series with the weights of `table`.
    pub(super) fn new(profile: &UsageProfile, table: &'static Table, horizon: Horizon) -> Self {
        let history = profile.levels.clone().unwrap_or_default();
        let days = (profile.days.len() as f64).max(1.0);
        let horizon = f64::from(horizon.days());
        // A month of history says as much of the next one as a fortnight of the next fortnight.
        let length = (days * FITTED_DAYS / horizon).max(1.0);
        let shortness = (LONG_DAYS / length).ln() / (LONG_DAYS / SHORT_DAYS).ln();
        let mut peaks: Vec<f64> = profile.days.iter().map(|day| day.max).collect();
        peaks.sort_unstable_by(f64::total_cmp);
        Self {
            experts: [
                Curve::of_levels(&history.whole),
                Curve::of_levels(history.last_14_days()),
                Curve::of_levels(history.last_3_days()),
                Curve::of_values(peaks.iter().copied()),
            ],
            table,
            peaks: Peaks {
                highest: profile.max / 100.0,
                lately: history.last_3_days().highest().unwrap_or(profile.max) / 100.0,
                usual: median(&peaks).unwrap_or(profile.max) / 100.0,
                mean: profile.mean / 100.0,
            },
            shortness: shortness.clamp(0.0, 1.0),
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
        let table = self.table;
        let weight =
            |(short, long): (&f64, &f64)| self.shortness * short + (1.0 - self.shortness) * long;
        let mut weights = table.short.iter().zip(&table.long).map(weight);
        let mut share = 0.0;
        for expert in &self.experts {
            for factor in FACTORS {
                let weight = weights.next().unwrap_or_default();
                if weight > 0.0 {
                    share += weight * expert.above(percent / factor);
                }
            }
        }
        let of_population = weights.next().unwrap_or_default();
        (share + of_population * table.population_above(percent / 100.0)).clamp(0.0, 1.0)
    }

    /// Returns the chance that demand is above `percent` of the present size once or more
    /// within the horizon: a logistic regression on how far that is from what was seen.
    pub fn ever_above(&self, percent: f64) -> f64 {
        let size = (percent / 100.0 / self.growth).max(NOTHING);
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
            (self.horizon / FITTED_DAYS).ln(),
        ]);
        let score: f64 = features.iter().zip(&self.table.ever).map(|(one, by)| one * by).sum();
        1.0 / (1.0 + (-score).exp())
    }

    /// Returns whether nothing was used at all: then the past says nothing of the next use.
    pub fn is_off(&self) -> bool {
        self.peaks.highest <= NOTHING
    }
}

fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    let upper = sorted.get(middle)?;
    let lower =
        if sorted.len().is_multiple_of(2) { sorted.get(middle.checked_sub(1)?)? } else { upper };
    Some(f64::midpoint(*lower, *upper))
}
