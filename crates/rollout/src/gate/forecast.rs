//! Whether use after a change is what was forecast.
//!
//! A machine of half the size has twice the use, as it should: use is compared with what the
//! recommendation promised and never with what it was before. Above that, though under its
//! limit, the forecast was wrong, and so it may be for the rest of the wave: a person decides.

/// How far above its forecast use may be, relatively. As far as the comparison with earlier
/// weeks allows: days differ by as much.
const RELATIVE: f64 = 0.25;
/// How far above its forecast use may be in any case, in percentage points: a quarter of a few
/// percent is nothing.
const POINTS: f64 = 10.0;

/// Returns the most that use may be for a forecast, the figure itself included.
pub(super) fn most(expected: f64) -> f64 {
    (expected * (1.0 + RELATIVE)).max(expected + POINTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_is_a_quarter_and_ten_points_at_least() {
        assert!((most(60.0) - 75.0).abs() < 1e-9);
        assert!((most(20.0) - 30.0).abs() < 1e-9);
    }
}
