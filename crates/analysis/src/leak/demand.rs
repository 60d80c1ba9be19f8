//! Whether memory grows because the demand does.

use std::collections::BTreeMap;

use trimtab_model::profile::Hours;

use super::floor::{Point, median};

/// The growth of the demand, from its first third to its last, from which on it may matter.
const DEMAND_GREW: f64 = 0.15;

/// The share of the growth of memory that the demand must explain.
const EXPLAINED: f64 = 0.5;

/// Hours that both must have for a comparison.
const LEAST_HOURS: usize = 72;

/// How the demand stands to a growth of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Demand {
    /// It did not grow, or is not comparable.
    Steady,
    /// It grew, and memory does not move with it within a day: it may keep what it once took.
    Grew,
    /// It grew, and what memory does within a day explains what it did since.
    Explains,
}

/// Compares the memory of each hour with the demand of the same hour.
///
/// Within a day memory that follows its users rises and falls with them. What it rises per unit of
/// demand within days, times what the demand grew by, is what the users explain.
pub(super) fn follows(floor: &[Point], demand: &Hours) -> Demand {
    let of_hour: BTreeMap<i64, f64> = demand.iter().map(|(hour, mean, ..)| (hour, mean)).collect();
    let both: Vec<(i64, f64, f64)> = floor
        .iter()
        .filter_map(|point| Some((point.hour, point.value, *of_hour.get(&point.hour)?)))
        .collect();
    if both.len() < LEAST_HOURS {
        return Demand::Steady;
    }
    let third = both.len() / 3;
    let level = |part: &[(i64, f64, f64)], of: fn(&(i64, f64, f64)) -> f64| {
        part.iter().map(of).sum::<f64>() / part.len().max(1) as f64
    };
    let (early, late) =
        (both.get(..third).unwrap_or_default(), both.get(both.len() - third..).unwrap_or_default());
    let memory_grew = level(late, |one| one.1) - level(early, |one| one.1);
    let (before, after) = (level(early, |one| one.2), level(late, |one| one.2));
    let grew = after - before;
    if before <= 0.0 || grew / before < DEMAND_GREW || memory_grew <= 0.0 {
        return Demand::Steady;
    }
    match within_days(&both) * grew >= EXPLAINED * memory_grew {
        true => Demand::Explains,
        false => Demand::Grew,
    }
}

/// Returns the memory per unit of demand within days: the median over days of each day's slope.
fn within_days(both: &[(i64, f64, f64)]) -> f64 {
    let mut days: BTreeMap<i64, Vec<(f64, f64)>> = BTreeMap::new();
    for (hour, memory, demand) in both {
        days.entry(hour.div_euclid(24)).or_default().push((*demand, *memory));
    }
    let slopes: Vec<f64> = days.values().filter_map(|day| slope(day)).collect();
    median(&slopes)
}

fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let n = points.len() as f64;
    if points.len() < 12 {
        return None;
    }
    let mean_x = points.iter().map(|(x, _)| x).sum::<f64>() / n;
    let mean_y = points.iter().map(|(_, y)| y).sum::<f64>() / n;
    let xx: f64 = points.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    let xy: f64 = points.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    (xx > 0.0).then(|| xy / xx)
}
