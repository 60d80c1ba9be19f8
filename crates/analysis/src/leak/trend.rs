//! How fast a floor grows between restarts: the median of the slopes of all pairs (Theil and Sen),
//! pairs of the same hour of the day where a stretch is long, so that no season counts as growth.

use super::floor::{Point, median, quantile};

/// Hours from which on a stretch is compared day by day.
const DAY_BY_DAY: i64 = 72;

/// Parts into which a short stretch is cut.
const PARTS: i64 = 12;

/// Hours below which a stretch shows nothing.
const LEAST_POINTS: usize = 8;

/// Slopes that stand for one stretch at most.
const MOST_SLOPES: usize = 2000;

/// 97.5th percentile of the normal distribution.
const Z_95: f64 = 1.96;

/// A stretch between two restarts, in equal parts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stretch {
    /// Hours that it lasts.
    pub(super) hours: i64,
    /// The middle of each part in hours from the start, and its level.
    pub(super) parts: Vec<(f64, f64)>,
    /// Slopes of its pairs, per hour.
    slopes: Vec<f64>,
}

impl Stretch {
    /// Reads a stretch; absent where it is too short to grow.
    pub(super) fn of(points: &[Point]) -> Option<Self> {
        let (first, last) = (points.first()?.hour, points.last()?.hour);
        let hours = last - first + 1;
        if points.len() < LEAST_POINTS {
            return None;
        }
        let width = if hours >= DAY_BY_DAY { 24 } else { (hours / PARTS).max(1) };
        let parts = parts(points, first, width);
        let slopes = if hours >= DAY_BY_DAY { same_hours(points) } else { pairs(&parts) };
        Some(Self { hours, parts, slopes })
    }

    /// Returns the median slope, per hour.
    pub(super) fn slope(&self) -> f64 {
        median(&self.slopes)
    }

    /// Returns Kendall's S of the parts, and its variance where nothing grows.
    fn kendall(&self) -> (f64, f64) {
        let mut score = 0.0;
        for (at, (_, earlier)) in self.parts.iter().enumerate() {
            for (_, later) in self.parts.iter().skip(at + 1) {
                score += match later.total_cmp(earlier) {
                    std::cmp::Ordering::Greater => 1.0,
                    std::cmp::Ordering::Equal => 0.0,
                    std::cmp::Ordering::Less => -1.0,
                };
            }
        }
        let n = self.parts.len() as f64;
        (score, n * (n - 1.0) * (2.0 * n + 5.0) / 18.0)
    }
}

/// Levels of equal parts: the lower quartile of their hours.
fn parts(points: &[Point], first: i64, width: i64) -> Vec<(f64, f64)> {
    let mut parts = Vec::new();
    let mut values: Vec<f64> = Vec::new();
    let mut part = 0;
    let mut close = |part: i64, values: &mut Vec<f64>| {
        // Half a part does not stand for all of it.
        if values.len() * 2 >= usize::try_from(width).unwrap_or(1) {
            let middle = part as f64 * width as f64 + width as f64 / 2.0;
            parts.push((middle, quantile(values, 0.25)));
        }
        values.clear();
    };
    for point in points {
        let of = (point.hour - first) / width;
        if of != part {
            close(part, &mut values);
            part = of;
        }
        values.push(point.value);
    }
    close(part, &mut values);
    parts
}

fn pairs(parts: &[(f64, f64)]) -> Vec<f64> {
    let mut slopes = Vec::new();
    for (at, (t0, v0)) in parts.iter().enumerate() {
        slopes.extend(parts.iter().skip(at + 1).map(|(t1, v1)| (v1 - v0) / (t1 - t0)));
    }
    slopes
}

fn same_hours(points: &[Point]) -> Vec<f64> {
    let mut of_day: Vec<Vec<&Point>> = vec![Vec::new(); 24];
    for point in points {
        let hour = usize::try_from(point.hour.rem_euclid(24)).unwrap_or_default();
        if let Some(list) = of_day.get_mut(hour) {
            list.push(point);
        }
    }
    let mut slopes = Vec::new();
    for list in of_day {
        for (at, earlier) in list.iter().enumerate() {
            slopes.extend(
                list.iter().skip(at + 1).map(|later| {
                    (later.value - earlier.value) / (later.hour - earlier.hour) as f64
                }),
            );
        }
    }
    slopes
}

/// The growth over all stretches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Trend {
    /// Per hour.
    pub(super) slope: f64,
    /// The 95 % interval of it.
    pub(super) low: f64,
    /// Its upper end.
    pub(super) high: f64,
    /// How many standard deviations Kendall's S is from no growth.
    pub(super) z: f64,
    /// The share of the time in stretches that grow, from 0 to 1.
    pub(super) growing: f64,
}

/// Measures the growth over stretches; absent without any.
pub(super) fn trend(stretches: &[Stretch]) -> Option<Trend> {
    let slopes: Vec<f64> =
        stretches.iter().flat_map(|stretch| weighted(stretch).into_iter()).collect();
    if slopes.is_empty() {
        return None;
    }
    let slope = median(&slopes);
    let (score, variance) = stretches
        .iter()
        .map(Stretch::kendall)
        .fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let deviation = f64::max(variance, 1.0).sqrt();
    // Sen's interval: as many pairs on each side as chance moves the median.
    let count: f64 = stretches
        .iter()
        .map(|s| (s.parts.len() * s.parts.len().saturating_sub(1)) as f64 / 2.0)
        .sum();
    let off = (Z_95 * deviation / count.max(1.0) / 2.0).min(0.5);
    let all: i64 = stretches.iter().map(|stretch| stretch.hours).sum();
    let growing: i64 = stretches
        .iter()
        .filter(|stretch| stretch.slope() > 0.3 * slope.max(0.0))
        .map(|stretch| stretch.hours)
        .sum();
    Some(Trend {
        slope,
        low: quantile(&slopes, 0.5 - off),
        high: quantile(&slopes, 0.5 + off),
        z: score / deviation,
        growing: growing as f64 / all.max(1) as f64,
    })
}

/// Slopes of a stretch, thinned so that each hour of every stretch has the same weight.
fn weighted(stretch: &Stretch) -> Vec<f64> {
    let wanted = usize::try_from(stretch.hours).unwrap_or(1).clamp(1, MOST_SLOPES);
    let mut sorted = stretch.slopes.clone();
    sorted.sort_by(f64::total_cmp);
    (0..wanted)
        .filter_map(|at| {
            let share = (at as f64 + 0.5) / wanted as f64;
            sorted.get((share * sorted.len() as f64) as usize).copied()
        })
        .collect()
}

/// Returns the median slope over all pairs of parts, per hour.
pub(super) fn median_slope(parts: &[(f64, f64)]) -> f64 {
    median(&pairs(parts))
}
