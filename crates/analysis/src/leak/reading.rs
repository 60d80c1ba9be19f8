//! One reading of a floor: cut at some restarts, its trend and its shape.

use super::floor::{Point, median, quantile};
use super::shape::{Shape, hinge, shape};
use super::trend::{Stretch, Trend, trend};

/// Standard deviations that Kendall's S is from chance: one in a thousand.
const LEAST_Z: f64 = 3.0;

/// Points of a hundred that a stretch of usual length grows by.
const LEAST_RISE: f64 = 4.0;

/// The same for what is only suspected.
const LEAST_RISE_SUSPECTED: f64 = 2.5;

/// The share of the squares that a line may leave for what is only suspected.
const LINE_LEAVES_SUSPECTED: f64 = 0.7;

/// The growth in the last third in terms of the whole one's: below, it has settled.
const STILL_GROWING: f64 = 0.3;

/// From here on the growth is as fast as before, so that nothing fills up.
const AS_FAST_AS_BEFORE: f64 = 0.9;

/// Below this share of squares two fits are alike.
const ALIKE: f64 = 0.02;

/// What a shape must be to be a leak, for floors that restarts cut and for those that none does.
///
/// They are set on one half of the machines of the benchmark, and rounded.
struct Limits {
    /// The share of the time that lies in stretches that grow.
    growing: f64,
    /// The rise in terms of what remains beside the line.
    rise_to_noise: f64,
    /// The share of the squares that a line may leave.
    line: f64,
    /// What it may leave in terms of what two levels leave.
    line_to_step: f64,
    /// What it may leave in terms of what three levels leave.
    line_to_steps: f64,
    /// What it may leave in terms of what a filling cache leaves.
    line_to_filling: f64,
}

const CUT: Limits = Limits {
    growing: 0.5,
    rise_to_noise: 3.0,
    line: 0.6,
    line_to_step: 2.0,
    line_to_steps: 4.0,
    line_to_filling: 2.0,
};

const UNCUT: Limits = Limits {
    growing: 0.6,
    rise_to_noise: 1.0,
    line: 0.5,
    line_to_step: 1.2,
    line_to_steps: 1.5,
    line_to_filling: 2.0,
};

/// A floor, cut.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reading {
    /// The indexes at which it starts anew.
    pub(super) cuts: Vec<usize>,
    /// The growth of all stretches.
    pub(super) trend: Trend,
    /// What shape it has.
    pub(super) shape: Shape,
    /// Days that the stretches last together.
    pub(super) days: f64,
    /// Points that a stretch of usual length grows by.
    rise: f64,
    /// Points beside the line that two thirds of the parts stay within.
    noise: f64,
    /// Whether it is read as one although it may have been cut.
    uncut: bool,
}

impl Reading {
    /// Reads a floor; absent where it is too short for a shape.
    pub(super) fn of(floor: &[Point], cuts: &[usize]) -> Option<Self> {
        let stretches: Vec<Stretch> = bounds(cuts, floor.len())
            .into_iter()
            .filter_map(|(from, until)| floor.get(from..until).and_then(Stretch::of))
            .collect();
        let trend = trend(&stretches)?;
        let shape = shape(&stretches)?;
        let hours: f64 = stretches.iter().map(|stretch| stretch.hours as f64).sum();
        let squares: f64 = stretches.iter().map(|stretch| (stretch.hours as f64).powi(2)).sum();
        Some(Self {
            cuts: cuts.to_vec(),
            trend,
            shape,
            days: hours / 24.0,
            rise: trend.slope * squares / hours.max(1.0),
            noise: noise(&stretches),
            uncut: cuts.is_empty(),
        })
    }

    /// Returns the indexes of each stretch, the last one excluded.
    pub(super) fn bounds(&self, length: usize) -> Vec<(usize, usize)> {
        bounds(&self.cuts, length)
    }

    /// Returns the hour in which the growth of an uncut floor begins.
    pub(super) fn begin(&self, floor: &[Point]) -> Option<i64> {
        let first = floor.first()?.hour;
        let stretch = Stretch::of(floor)?;
        Some(first + hinge(&stretch.parts)? as i64)
    }

    /// Returns whether more grows than chance explains.
    pub(super) fn grows(&self) -> bool {
        self.trend.z >= LEAST_Z && self.rise >= LEAST_RISE
    }

    /// Returns whether it is a leak.
    pub(super) fn is_leak(&self) -> bool {
        let limits = if self.uncut { &UNCUT } else { &CUT };
        let Shape { line, step, steps, filling, late } = self.shape;
        self.grows()
            && self.trend.growing >= limits.growing
            && self.rise >= limits.rise_to_noise * self.noise
            && line <= limits.line
            && line <= limits.line_to_step * step
            && line <= limits.line_to_steps * steps + ALIKE
            && (line <= limits.line_to_filling * filling + ALIKE || late >= AS_FAST_AS_BEFORE)
            && late >= STILL_GROWING
    }

    /// Returns whether it may be a leak with much else in it.
    pub(super) fn is_suspected(&self) -> bool {
        let Shape { line, step, filling, late, .. } = self.shape;
        self.trend.z >= LEAST_Z
            && self.trend.growing >= UNCUT.growing
            && self.rise >= LEAST_RISE_SUSPECTED
            && self.rise >= self.noise
            && line <= LINE_LEAVES_SUSPECTED
            && line <= step
            && (line <= filling || late >= AS_FAST_AS_BEFORE)
            && late >= STILL_GROWING
    }
}

/// The first hour after a restart is half of one process and half of the next.
fn bounds(cuts: &[usize], length: usize) -> Vec<(usize, usize)> {
    let starts = std::iter::once(0).chain(cuts.iter().map(|cut| cut + 1));
    let ends = cuts.iter().copied().chain(std::iter::once(length));
    starts.zip(ends).filter(|(from, until)| from < until).collect()
}

fn noise(stretches: &[Stretch]) -> f64 {
    let mut beside = Vec::new();
    for stretch in stretches {
        let slope = stretch.slope();
        let starts: Vec<f64> = stretch.parts.iter().map(|(t, v)| v - slope * t).collect();
        let start = median(&starts);
        beside.extend(starts.iter().map(|one| (one - start).abs()));
    }
    quantile(&beside, 0.68)
}
