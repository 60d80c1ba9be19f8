//! Reads what the gates of a change ask for: one query each, whose value at the end of a period is
//! the value of the period.
//!
//! What comes is handed on as it came. What is no number stays none, for a gate must not take it
//! for an absence; an answer in part is said to be one; and a query that gives several series
//! gives none, for nobody knows which is meant.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::gate::{Points, PointsStatus, SignalSource};
use trimtab_model::period::Period;

use crate::answer::{Matrix, MatrixSeries};
use crate::client::Client;
use crate::error::{PrometheusError, shortened};

/// Points of one question: Prometheus gives at most 11,000 of a series.
const MOST_POINTS: i64 = 5_000;

/// Reads the points of a source in some stretches of time, as far as they are over.
pub async fn read(
    client: &Client,
    source: &SignalSource,
    periods: &[Period],
    now: Timestamp,
) -> Points {
    let mut points =
        Points { source: source.clone(), status: PointsStatus::Complete, points: Vec::new() };
    let Some(query) = &source.query else {
        points.status = PointsStatus::Failed("it has no query".to_owned());
        return points;
    };
    let step = i64::from(source.period_seconds.max(1));
    for (first, last) in periods.iter().flat_map(|period| pieces(*period, step, now)) {
        match ask(client, query, first, last, step).await {
            Ok((samples, warnings)) => {
                points.points.extend(samples);
                if !warnings.is_empty() && points.status == PointsStatus::Complete {
                    points.status = PointsStatus::Partial;
                }
            }
            Err(status) => {
                points.status = status;
                return points;
            }
        }
    }
    points
}

/// Returns the first and the last moment of each question of a stretch. A value is of the step
/// before its moment, and moments are whole steps since 1970, so that whoever asks again gets the
/// same ones.
fn pieces(period: Period, step: i64, now: Timestamp) -> Vec<(i64, i64)> {
    let start = period.start().as_second();
    let first = (start + step - 1).div_euclid(step) * step + step;
    let last = period.end().min(now).as_second().div_euclid(step) * step;
    let mut pieces = Vec::new();
    let mut from = first;
    while from <= last {
        let until = last.min(from + (MOST_POINTS - 1) * step);
        pieces.push((from, until));
        from = until + step;
    }
    pieces
}

/// A sample with the beginning of what it is of.
type Sample = (Timestamp, f64);

async fn ask(
    client: &Client,
    query: &str,
    first: i64,
    last: i64,
    step: i64,
) -> Result<(Vec<Sample>, Vec<String>), PointsStatus> {
    let parameters = [
        ("query", query.to_owned()),
        ("start", first.to_string()),
        ("end", last.to_string()),
        ("step", step.to_string()),
        // A part of the truth would be taken for the whole of it.
        ("partial_response", "false".to_owned()),
    ];
    let answer = client
        .ask::<Matrix>("query_range", &parameters)
        .await
        .map_err(|error| status_of(&error))?;
    let failed = |why: &str| Err(PointsStatus::Failed(why.to_owned()));
    let Some(series) = answer.data.into_series() else {
        return failed("a range query gave no matrix");
    };
    let one: Vec<&MatrixSeries> = series.iter().filter(|one| one.len() > 0).collect();
    let samples = match one.as_slice() {
        [] => Vec::new(),
        [one] => one
            .everything()
            .filter(|(moment, _)| (first..=last).contains(moment))
            .filter_map(|(moment, value)| {
                let end = Timestamp::from_second(moment).ok()?;
                Some((end.saturating_sub(SignedDuration::from_secs(step)).ok()?, value))
            })
            .collect(),
        several => {
            let count = several.len();
            return failed(&format!(
                "the query gives {count} series where one is wanted: aggregate it, with sum() or max()"
            ));
        }
    };
    Ok((samples, answer.warnings))
}

fn status_of(error: &PrometheusError) -> PointsStatus {
    match error {
        PrometheusError::Denied { .. } => PointsStatus::Forbidden,
        other => PointsStatus::Failed(shortened(&other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: i64, until: i64, now: i64, expected: &[(i64, i64)]) {
        let at = |second| Timestamp::from_second(second).unwrap();
        let period = Period::new(at(from), at(until)).unwrap();
        assert_eq!(pieces(period, 60, at(now)), expected);
    }

    #[test]
    fn only_whole_steps_that_are_over_are_asked_for() {
        check(600, 900, 2_000, &[(660, 900)]);
        check(601, 899, 2_000, &[(720, 840)]);
        check(600, 900, 700, &[(660, 660)]);
        check(600, 900, 650, &[]);
    }

    #[test]
    fn long_stretches_are_asked_for_in_pieces_that_tile() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let week = Period::new(at(0), at(7 * 86_400)).unwrap();
        let pieces = pieces(week, 60, at(8 * 86_400));
        assert_eq!(pieces.len(), 3);
        assert_eq!((pieces[0].0, pieces[2].1), (60, 7 * 86_400));
        assert!(pieces.windows(2).all(|two| two[0].1 + 60 == two[1].0));
    }
}
