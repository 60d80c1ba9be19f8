//! What a volume is asked for at most, per second.

use trimtab_model::evidence::{MetricCoverage, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{Threshold, Unknown};
use trimtab_model::resource::Resource;
use trimtab_model::resource::volume::Volume;
use trimtab_model::text::{StaticText, Text};

use crate::check::{Check, Facts};
use crate::observation::Observation;
use crate::verdict::unknown;

/// Bytes in a MiB.
pub const MEBIBYTE: f64 = 1_048_576.0;

/// The longest interval whose mean still says something of a peak.
const MAX_PERIOD_SECONDS: u32 = 300;

/// How much more than the highest interval is kept.
pub const HEADROOM_PERCENT: Threshold = Threshold {
    name: "headroom_percent",
    default: "100",
    unit: "%",
    text: StaticText {
        en: "Kept above the busiest five minutes, whose mean hides shorter bursts.",
        ko: "가장 바쁜 5분의 평균보다 더 남겨 두는 비율입니다. 평균에는 더 짧은 순간의 급증이 가려집니다.",
    },
};

/// The busiest interval of a volume.
#[derive(Debug, Clone)]
pub struct Busiest {
    /// Operations or bytes in a second, reads and writes counted as if at once.
    pub per_second: f64,
    /// Days that were watched.
    pub days: f64,
    /// What was watched.
    pub coverage: Vec<MetricCoverage>,
}

/// Returns the most operations per second.
///
/// # Errors
/// Returns `Unknown` if reads or writes were not watched long, densely or completely enough.
pub fn operations(
    check: &Check,
    facts: &Facts<'_>,
    volume: &Resource<Volume>,
) -> Result<Busiest, Unknown> {
    busiest(check, facts, volume, ["VolumeReadOps", "VolumeWriteOps"])
}

/// Returns the most bytes per second.
///
/// # Errors
/// As [`operations`].
pub fn bytes(
    check: &Check,
    facts: &Facts<'_>,
    volume: &Resource<Volume>,
) -> Result<Busiest, Unknown> {
    busiest(check, facts, volume, ["VolumeReadBytes", "VolumeWriteBytes"])
}

/// Returns whether the volume ran into its own limit, where AWS watched that.
pub fn hit_its_limit(facts: &Facts<'_>, volume: &Resource<Volume>, metric: &'static str) -> bool {
    let names = std::slice::from_ref(&volume.id);
    Observation::find(facts, volume, names, "AWS/EBS", metric, &[Statistic::Maximum])
        .is_some_and(|seen| seen.profile.max > 0.0)
}

fn busiest(
    check: &Check,
    facts: &Facts<'_>,
    volume: &Resource<Volume>,
    metrics: [&'static str; 2],
) -> Result<Busiest, Unknown> {
    let names = std::slice::from_ref(&volume.id);
    let mut busiest = Busiest { per_second: 0.0, days: f64::INFINITY, coverage: Vec::new() };
    for metric in metrics {
        let seen = Observation::complete(
            check,
            facts,
            volume,
            names,
            "AWS/EBS",
            metric,
            &[Statistic::Sum],
        )?;
        let period = seen.profile.period_seconds.max(1);
        if period > MAX_PERIOD_SECONDS {
            return Err(unknown(
                "period-too-long",
                format!(
                    "{metric} has one sample in {period} seconds; {MAX_PERIOD_SECONDS} are needed to see a peak."
                ),
                format!(
                    "{metric} 지표의 간격이 {period}초입니다. 최대 사용량을 보려면 {MAX_PERIOD_SECONDS}초 이하여야 합니다."
                ),
                &[&format!("metrics:AWS/EBS:{metric}")],
            ));
        }
        busiest.per_second += seen.profile.max / f64::from(period);
        busiest.days = busiest.days.min(seen.days());
        busiest.coverage.push(seen.coverage());
    }
    Ok(busiest)
}

/// Says that `metric`, which would tell of bursts between two samples, is not part of the proof.
pub fn unseen_bursts(metric: &str) -> UnseenSignal {
    UnseenSignal {
        name: "bursts".to_owned(),
        text: Text::new(
            format!("Bursts shorter than a sample: {metric} would tell whether the limit was met."),
            format!(
                "지표 간격보다 짧은 급증은 알 수 없습니다. {metric} 지표가 있으면 한도 도달 여부를 알 수 있습니다."
            ),
        ),
    }
}

/// Returns `used` and the headroom, rounded up to a multiple of `step`.
pub fn with_headroom(check: &Check, facts: &Facts<'_>, used: f64, step: u32) -> u32 {
    let headroom = check.threshold_f64(facts, HEADROOM_PERCENT.name).max(0.0);
    let wanted = (used * (1.0 + headroom / 100.0) / f64::from(step.max(1))).ceil();
    // A figure beyond every volume's limit stays the largest number, and is then no change.
    (wanted as u32).saturating_mul(step.max(1))
}
