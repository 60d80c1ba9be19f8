//! The floor of a use: its lowest value of each hour, without spikes of one hour.

use trimtab_model::profile::Hours;

/// One hour of a floor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    /// Hours since 1970.
    pub(super) hour: i64,
    /// The lowest use in it.
    pub(super) value: f64,
}

/// Returns the floor of each hour that has samples, as a running median of three.
///
/// What a garbage collector leaves is seen in the lowest use of an hour. The median takes away
/// single hours, and leaves edges where they are.
pub(super) fn floor(hours: &Hours) -> Vec<Point> {
    let raw: Vec<Point> =
        hours.iter().map(|(hour, _, _, min)| Point { hour, value: min }).collect();
    let middle = raw.windows(3).filter_map(|three| match three {
        [a, b, c] => Some(Point {
            hour: b.hour,
            value: a.value.max(b.value).min(a.value.min(b.value).max(c.value)),
        }),
        _ => None,
    });
    let ends = (raw.first().copied(), raw.last().copied());
    match ends {
        (Some(first), Some(last)) if raw.len() > 2 => {
            std::iter::once(first).chain(middle).chain(std::iter::once(last)).collect()
        }
        _ => raw,
    }
}

/// Returns the value at a share of the sorted values, from 0 to 1; zero of none.
pub(super) fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    sorted.get((share * last as f64).round() as usize).copied().unwrap_or_default()
}

/// Returns the median; zero of none.
pub(super) fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}
