//! What a series with a daily or weekly season will do next.
//!
//! Seasons are taken apart by MSTL and the rest goes on by exponential smoothing, on the values
//! and on their logarithms; both are tried on a part that they have not seen, beside repeating
//! the last week, and the best of the three is used. So a forecast is seldom worse than the
//! simplest one.

use augurs::ets::AutoETS;
use augurs::mstl::MSTLModel;
use augurs::prelude::*;

use trimtab_model::driver::{ForecastError, ForecastMethod};

use super::spread::{quantile, sorted};

/// The share of outcomes between low and high.
const LEVEL: f64 = 0.9;

/// What is expected of each step: likely, low, high.
pub(super) type Steps = Vec<(f64, f64, f64)>;

/// What comes next.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Next {
    pub(super) method: ForecastMethod,
    pub(super) error: Option<ForecastError>,
    pub(super) steps: Steps,
}

/// Forecasts `horizon` steps; `seasons` ascend, the longest is that of the naive forecast.
///
/// Absent where there is not one whole season. Half of the past is never held out.
pub(super) fn next(values: &[f64], seasons: &[usize], horizon: usize) -> Option<Next> {
    let season = *seasons.last()?;
    if season == 0 || values.len() < season || horizon == 0 {
        return None;
    }
    let held = horizon.min(values.len() / 4);
    let trial = (held >= season.min(7) && values.len() - held >= 2 * season)
        .then(|| trial(values, seasons, held));
    let (method, error) = match trial.flatten() {
        Some((method, error)) => (method, Some(error)),
        None => (ForecastMethod::SeasonalNaive, None),
    };
    let steps =
        forecast(method, values, seasons, horizon).or_else(|| naive(values, season, horizon))?;
    Some(Next { method, error, steps })
}

/// Returns the best method on what it has not seen.
fn trial(
    values: &[f64],
    seasons: &[usize],
    held: usize,
) -> Option<(ForecastMethod, ForecastError)> {
    let (past, future) = values.split_at_checked(values.len() - held)?;
    let error = |method| {
        let steps = forecast(method, past, seasons, held)?;
        let off: f64 =
            steps.iter().zip(future).map(|((likely, ..), value)| (likely - value).abs()).sum();
        let all: f64 = future.iter().map(|value| value.abs()).sum();
        (all > 0.0 && off.is_finite()).then(|| off / all)
    };
    let seasonal_naive = error(ForecastMethod::SeasonalNaive)?;
    let mut best = (ForecastMethod::SeasonalNaive, seasonal_naive);
    for method in [ForecastMethod::LogMstl, ForecastMethod::Mstl] {
        if let Some(chosen) = error(method)
            && chosen < best.1
        {
            best = (method, chosen);
        }
    }
    let (method, chosen) = best;
    Some((method, ForecastError { steps: held as u64, chosen, seasonal_naive }))
}

fn forecast(
    method: ForecastMethod,
    values: &[f64],
    seasons: &[usize],
    horizon: usize,
) -> Option<Steps> {
    match method {
        ForecastMethod::SeasonalNaive => naive(values, *seasons.last()?, horizon),
        ForecastMethod::Mstl => mstl(values, seasons, horizon),
        ForecastMethod::LogMstl => {
            let logs: Vec<f64> = values.iter().map(|value| value.max(0.0).ln_1p()).collect();
            let back = |log: f64| log.exp_m1();
            let steps = mstl(&logs, seasons, horizon)?;
            Some(steps.into_iter().map(|(a, b, c)| (back(a), back(b), back(c))).collect())
        }
    }
    .map(|steps| {
        let least = |value: f64| value.max(0.0);
        steps.into_iter().map(|(a, b, c)| (least(a), least(b), least(c))).collect()
    })
    .filter(|steps: &Steps| {
        steps.iter().all(|(a, b, c)| a.is_finite() && b.is_finite() && c.is_finite())
    })
}

fn mstl(values: &[f64], seasons: &[usize], horizon: usize) -> Option<Steps> {
    // A season that does not come twice cannot be told from a trend.
    let seasons: Vec<usize> =
        seasons.iter().copied().filter(|season| season * 2 <= values.len()).collect();
    if seasons.is_empty() {
        return None;
    }
    let trend = AutoETS::non_seasonal().into_trend_model();
    let fitted = MSTLModel::new(seasons, trend).fit(values).ok()?;
    let forecast = fitted.predict(horizon, LEVEL).ok()?;
    let intervals = forecast.intervals?;
    let steps = forecast.point.into_iter().zip(intervals.lower).zip(intervals.upper);
    Some(steps.map(|((likely, low), high)| (likely, low, high)).collect())
}

/// Repeats the last season; how far it may be off is read from how far each season was from
/// the one before.
fn naive(values: &[f64], season: usize, horizon: usize) -> Option<Steps> {
    let last = values.get(values.len().checked_sub(season)?..)?;
    let changes =
        sorted(values.iter().zip(values.iter().skip(season)).map(|(one, next)| next - one));
    let low = quantile(&changes, (1.0 - LEVEL) / 2.0).unwrap_or_default().min(0.0);
    let high = quantile(&changes, f64::midpoint(1.0, LEVEL)).unwrap_or_default().max(0.0);
    let steps = last.iter().cycle().take(horizon).enumerate().map(|(step, value)| {
        // Each season further on adds its own change.
        let further = ((step / season + 1) as f64).sqrt();
        (*value, (value + low * further).max(0.0), value + high * further)
    });
    Some(steps.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Days with twice the users at weekends, growing by one percent a day.
    fn growing(days: usize) -> Vec<f64> {
        (0..days)
            .map(|day| {
                let weekend = if day % 7 >= 5 { 2.0 } else { 1.0 };
                1_000.0 * weekend * 1.01_f64.powi(day as i32)
            })
            .collect()
    }

    #[test]
    fn growth_goes_on_and_beats_last_week() {
        let all = growing(98);
        let next = next(&all[..84], &[7], 14).unwrap();
        let error = next.error.unwrap();
        assert!(error.chosen < error.seasonal_naive / 2.0, "{error:?}");
        for ((likely, low, high), value) in next.steps.iter().zip(&all[84..]) {
            assert!((likely - value).abs() < value * 0.1, "{likely} for {value}");
            assert!(low <= likely && likely <= high);
        }
    }

    #[test]
    fn a_week_is_repeated_where_there_is_no_more() {
        let next = next(&growing(8), &[7], 3).unwrap();
        assert_eq!((next.method, next.error), (ForecastMethod::SeasonalNaive, None));
        assert_eq!(next.steps.len(), 3);
        assert_eq!(super::next(&growing(6), &[7], 3), None);
    }
}
