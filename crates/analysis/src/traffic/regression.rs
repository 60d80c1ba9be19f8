//! A line through demand over its driver that outliers do not bend.
//!
//! Theil and Sen: the median of the slopes between pairs of points, and the median of what the
//! slope leaves. All pairs would be a million for six weeks of hours; pairs that lie far apart
//! in the driver say most, so each point is paired with the one a third and a half of the
//! points further on, in the order of the driver.

use super::spread::{quantile, sorted};

/// The least number of points that a line is drawn through.
const LEAST_POINTS: usize = 12;

/// One hour or day: the driver, demand, and the highest sample of demand within it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) driver: f64,
    pub(super) demand: f64,
    pub(super) peak: f64,
}

/// A line, and how well it fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub(super) slope: f64,
    pub(super) intercept: f64,
    /// Share of the variance explained.
    pub(super) r_squared: f64,
    /// Share of the squared spread between the 10th and 90th percentiles explained.
    pub(super) explained: f64,
    /// Quantiles of the residuals: 5 %, half of their sizes, 95 %, and 95 % of the peaks'.
    pub(super) residuals: [f64; 4],
}

/// Draws a line through points; absent with fewer than twelve, or where the driver stands still.
pub(super) fn line(points: &[Point]) -> Option<Line> {
    if points.len() < LEAST_POINTS {
        return None;
    }
    let slope = slope(points)?;
    let intercept =
        quantile(&sorted(points.iter().map(|point| point.demand - slope * point.driver)), 0.5)?;
    let expected = |point: &Point| intercept + slope * point.driver;
    let residuals = sorted(points.iter().map(|point| point.demand - expected(point)));
    let sizes = sorted(residuals.iter().map(|residual| residual.abs()));
    let peaks = sorted(points.iter().map(|point| point.peak - expected(point)));
    let demand = sorted(points.iter().map(|point| point.demand));
    Some(Line {
        slope,
        intercept,
        r_squared: 1.0 - ratio(squares(&residuals, 0.0), squares(&demand, mean(&demand))),
        explained: 1.0 - ratio(spread(&residuals)?.powi(2), spread(&demand)?.powi(2)),
        residuals: [
            quantile(&residuals, 0.05)?,
            quantile(&sizes, 0.5)?,
            quantile(&residuals, 0.95)?,
            quantile(&peaks, 0.95)?,
        ],
    })
}

fn slope(points: &[Point]) -> Option<f64> {
    let mut points = points.to_vec();
    points.sort_by(|one, other| one.driver.total_cmp(&other.driver));
    let count = points.len();
    let between = |apart: usize| {
        points.iter().zip(points.iter().skip(apart)).filter_map(|(low, high)| {
            let run = high.driver - low.driver;
            (run > 0.0).then(|| (high.demand - low.demand) / run)
        })
    };
    let slopes = sorted(between(count / 3).chain(between(count / 2)));
    // Too many of the same value: the driver stands still.
    if slopes.len() * 2 < count { None } else { quantile(&slopes, 0.5) }
}

/// Where there is nothing to explain, nothing is explained.
fn ratio(left: f64, all: f64) -> f64 {
    if all > 0.0 { left / all } else { 1.0 }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / (values.len() as f64).max(1.0)
}

fn squares(values: &[f64], middle: f64) -> f64 {
    values.iter().map(|value| (value - middle).powi(2)).sum()
}

fn spread(sorted: &[f64]) -> Option<f64> {
    Some(quantile(sorted, 0.9)? - quantile(sorted, 0.1)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point(driver: f64, demand: f64) -> Point {
        Point { driver, demand, peak: demand }
    }

    proptest! {
        #[test]
        fn a_planted_line_is_found_under_outliers(
            slope in 0.001_f64..0.1,
            intercept in 0.0_f64..20.0,
            phase in 0_usize..24,
            outliers in prop::collection::vec((0_usize..336, 30.0_f64..100.0), 0..40),
        ) {
            let mut points: Vec<Point> = (0..336)
                .map(|hour| {
                    let driver = 500.0 + 400.0 * ((hour + phase) as f64 * 0.2617).sin();
                    point(driver, intercept + slope * driver)
                })
                .collect();
            for (hour, demand) in outliers {
                points[hour].demand = demand;
            }
            let line = line(&points).unwrap();
            prop_assert!((line.slope - slope).abs() < slope * 0.05 + 1e-9, "{line:?}");
            prop_assert!((line.intercept - intercept).abs() < 1.0, "{line:?}");
        }
    }

    #[test]
    fn a_perfect_line_explains_everything() {
        let points: Vec<Point> =
            (0..48).map(|hour| point(f64::from(hour), 3.0 + 2.0 * f64::from(hour))).collect();
        let line = line(&points).unwrap();
        assert!((line.r_squared - 1.0).abs() < 1e-9 && (line.explained - 1.0).abs() < 1e-9);
        assert!((line.slope - 2.0).abs() < 1e-9 && (line.intercept - 3.0).abs() < 1e-9);
    }

    #[test]
    fn a_driver_that_stands_still_explains_nothing() {
        let points: Vec<Point> = (0..48).map(|hour| point(5.0, f64::from(hour))).collect();
        assert_eq!(line(&points), None);
        assert_eq!(line(&points[..5]), None);
    }
}
