//! What decides over a change and is measured by the owner's Prometheus, not by CloudWatch.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::gate::{Points, PointsStatus, Signal, SignalSource};
use trimtab_model::metric::PROMETHEUS;
use trimtab_model::observed::{Facts, Inspected};
use trimtab_model::period::Period;
use trimtab_model::plan::Change;
use trimtab_model::text::Reason;
use trimtab_prometheus::client::Client;
use trimtab_prometheus::gate;

/// How far back is looked: every day of the week twice, as in CloudWatch.
const DAYS: i64 = 14;
/// The seconds between two values.
const STEP: u32 = 300;
/// A peak counts only where this share of all values is there: what is off at night has half.
const LEAST_SHARE: f64 = 0.4;

/// Adds the peak of an instance's memory, where the gate of its memory is a query of the owner's.
pub(super) async fn complete(
    client: &Client,
    change: &Change,
    now: Timestamp,
    inspected: &mut Inspected,
) {
    let Facts::Instance(facts) = &mut inspected.facts else { return };
    let Some(asked) = memory(change) else { return };
    let Ok(period) = last_days(now) else { return };
    let found = gate::read(client, &asked, &[period], now).await;
    let percent = peak(&found, asked.scale);
    facts.memory_peak_mib =
        percent.zip(facts.from.memory_mib).map(|(percent, mib)| percent / 100.0 * mib as f64);
    if let PointsStatus::Failed(why) = &found.status {
        inspected.unread.push(Reason::new(
            "prometheus-failed",
            format!("Prometheus did not answer: {why}"),
            format!("Prometheus가 응답하지 않았습니다: {why}"),
        ));
    }
}

/// Returns where the memory of a change is read, if that is a query.
fn memory(change: &Change) -> Option<SignalSource> {
    let mut gates = change.gates.iter();
    let gate = gates.find(|gate| {
        gate.signal == Signal::MemoryUtilization && gate.source.namespace == PROMETHEUS
    })?;
    Some(SignalSource { period_seconds: STEP, ..gate.source.clone() })
}

fn last_days(now: Timestamp) -> Result<Period, trimtab_model::period::PeriodError> {
    let from = now.saturating_sub(SignedDuration::from_hours(24 * DAYS)).unwrap_or(now);
    Period::new(from, now)
}

/// Returns the highest value; nothing where too many are missing, or one is no percentage.
fn peak(found: &Points, scale: f64) -> Option<f64> {
    if found.status != PointsStatus::Complete {
        return None;
    }
    let values: Vec<f64> = found.points.iter().map(|(_, value)| value * scale).collect();
    let all = (DAYS * 86_400) as f64 / f64::from(STEP);
    let is_known = values.len() as f64 >= all * LEAST_SHARE
        && values.iter().all(|value| (0.0..=100.0).contains(value));
    values.into_iter().filter(|_| is_known).reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(status: PointsStatus, values: &[f64]) -> Points {
        let source = SignalSource {
            origin: trimtab_model::metric::Origin {
                account: "111122223333".into(),
                region: "ap-northeast-2".into(),
            },
            resource: "i-1".into(),
            namespace: PROMETHEUS.to_owned(),
            metric: "query".to_owned(),
            statistic: trimtab_model::metric::Statistic::Average,
            percentile: None,
            period_seconds: STEP,
            scale: 1.0,
            query: Some("memory".to_owned()),
        };
        let points = values.iter().map(|value| (Timestamp::UNIX_EPOCH, *value)).collect();
        Points { source, status, points }
    }

    #[test]
    fn a_peak_needs_most_of_two_weeks_and_percentages() {
        let mut values = vec![20.0; 2000];
        values[7] = 61.0;
        assert_eq!(peak(&found(PointsStatus::Complete, &values), 1.0), Some(61.0));
        assert_eq!(peak(&found(PointsStatus::Partial, &values), 1.0), None);
        assert_eq!(peak(&found(PointsStatus::Complete, &values[..1000]), 1.0), None);
        // Bytes, where percent were promised.
        assert_eq!(peak(&found(PointsStatus::Complete, &values), 1000.0), None);
        values[8] = f64::NAN;
        assert_eq!(peak(&found(PointsStatus::Complete, &values), 1.0), None);
    }
}
