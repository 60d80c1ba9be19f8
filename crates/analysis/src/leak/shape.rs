//! What kind of growth it is: a line, one step, or a cache that fills up.

use super::trend::{Stretch, median_slope};

/// The squares that a shape leaves of the parts of a stretch.
type Fit = fn(&[(f64, f64)]) -> f64;

/// How well three shapes explain the levels of all stretches, as shares of their variance left
/// unexplained, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    /// By a line in each stretch.
    pub(super) line: f64,
    /// By two levels in each stretch.
    pub(super) step: f64,
    /// By three levels in each stretch.
    pub(super) steps: f64,
    /// By a level that is approached in each stretch.
    pub(super) filling: f64,
    /// The slope of the last third of the stretches in terms of the whole one's.
    pub(super) late: f64,
}

/// Fits the shapes; absent where no stretch has the parts for it.
pub(super) fn shape(stretches: &[Stretch]) -> Option<Shape> {
    let fits: Vec<&Stretch> = stretches.iter().filter(|stretch| stretch.parts.len() >= 5).collect();
    if fits.is_empty() {
        return None;
    }
    let sum = |of: Fit| -> f64 { fits.iter().map(|stretch| of(&stretch.parts)).sum() };
    let total = sum(|parts| left(parts, |_| 1.0)).max(1e-9);
    Some(Shape {
        line: sum(|parts| left(parts, |t| t)) / total,
        step: sum(step) / total,
        steps: sum(steps) / total,
        filling: sum(filling) / total,
        late: late(&fits),
    })
}

/// Returns the squares left after the best a + b × f(t); constants leave the variance.
fn left(parts: &[(f64, f64)], f: impl Fn(f64) -> f64) -> f64 {
    let n = (parts.len() as f64).max(1.0);
    let mean_x = parts.iter().map(|(t, _)| f(*t)).sum::<f64>() / n;
    let mean_y = parts.iter().map(|(_, v)| v).sum::<f64>() / n;
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (t, v) in parts {
        let (x, y) = (f(*t) - mean_x, v - mean_y);
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    // Only growth explains growth.
    if xx > 0.0 && xy > 0.0 { (yy - xy * xy / xx).max(0.0) } else { yy }
}

fn step(parts: &[(f64, f64)]) -> f64 {
    let at = |cut: f64| left(parts, move |t| if t < cut { 0.0 } else { 1.0 });
    parts.iter().skip(1).map(|(t, _)| at(*t)).fold(f64::INFINITY, f64::min)
}

/// The best three levels: the mean of each of three parts.
fn steps(parts: &[(f64, f64)]) -> f64 {
    let level =
        |from: usize, until: usize| left(parts.get(from..until).unwrap_or_default(), |_| 1.0);
    let mut best = f64::INFINITY;
    for first in 1..parts.len() {
        for second in first..parts.len() {
            let sum = level(0, first) + level(first, second) + level(second, parts.len());
            best = best.min(sum);
        }
    }
    best
}

/// The time in which a cache fills is tried from a twelfth to half of the stretch, from each of
/// its first beginnings.
fn filling(parts: &[(f64, f64)]) -> f64 {
    let (Some((first, _)), Some((last, _))) = (parts.first(), parts.last()) else { return 0.0 };
    let span = last - first;
    let mut best = f64::INFINITY;
    for begin in [0.0, 0.15, 0.3, 0.45, 0.6] {
        let begin = first + begin * span;
        for share in [0.04, 0.08, 0.15, 0.25, 0.4] {
            let tau = share * span;
            let curve =
                move |t: f64| if t < begin { 0.0 } else { 1.0 - (-(t - begin) / tau).exp() };
            best = best.min(left(parts, curve));
        }
    }
    best
}

/// Compares the growth in the last third of each stretch with that of the whole.
fn late(stretches: &[&Stretch]) -> f64 {
    let (mut late, mut whole) = (0.0, 0.0);
    for stretch in stretches {
        let parts = &stretch.parts;
        let from = parts.len() - (parts.len() / 3).max(2);
        let tail = parts.get(from..).unwrap_or_default();
        let weight = stretch.hours as f64;
        late += median_slope(tail) * weight;
        whole += median_slope(parts) * weight;
    }
    if whole > 0.0 { late / whole } else { 0.0 }
}

/// Returns the hours from the start at which the growth of a stretch begins: the bend of the best
/// line that is level before it.
pub(super) fn hinge(parts: &[(f64, f64)]) -> Option<f64> {
    let bends = parts.iter().take(parts.len().saturating_sub(3)).map(|(t, _)| *t);
    let mut best: Option<(f64, f64)> = None;
    for bend in bends {
        let squares = left(parts, |t| (t - bend).max(0.0));
        // A later bend must be better by more than rounding.
        if best.is_none_or(|(least, _)| squares < 0.98 * least) {
            best = Some((squares, bend));
        }
    }
    let (first, _) = parts.first()?;
    best.map(|(_, bend)| if bend <= *first { 0.0 } else { bend })
}
