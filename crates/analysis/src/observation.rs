//! A metric that was watched long enough and completely enough to judge by.

use std::collections::BTreeMap;

use trimtab_model::evidence::MetricCoverage;
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::profile::{Sourced, UsageProfile, preferred};
use trimtab_model::recommendation::{Threshold, Unknown};
use trimtab_model::resource::Resource;
use trimtab_model::resource::volume::Volume;
use trimtab_model::text::{StaticText, counted};

use crate::check::{Check, Facts};
use crate::verdict::unknown;

/// How long a metric must have been watched.
pub const MIN_DAYS: Threshold = Threshold {
    name: "min_days",
    default: "14",
    unit: "days",
    text: StaticText {
        en: "Days of metrics that must be there: two full weeks show what happens once a week.",
        ko: "필요한 지표 기간입니다. 2주를 모두 봐야 매주 한 번 있는 작업이 드러납니다.",
    },
};

/// How complete a metric must be.
pub const MIN_COVERAGE_PERCENT: Threshold = Threshold {
    name: "min_coverage_percent",
    default: "95",
    unit: "%",
    text: StaticText {
        en: "Share of the window that must have samples: a gap may hide the use.",
        ko: "기간 중 데이터가 있어야 하는 비율입니다. 빈 구간에 사용량이 숨어 있을 수 있습니다.",
    },
};

/// Days, share of samples and seconds of a sample from which throughput may be lowered.
const PROOF_DAYS: f64 = 14.0;
const PROOF_COVERAGE: f64 = 0.95;
const PROOF_SAMPLE_SECONDS: u32 = 300;

/// One series of a resource.
#[derive(Debug, Clone, Copy)]
pub struct Observation<'a> {
    /// The namespace: the one that was asked for, or that of a source that stands in for it.
    pub namespace: &'a str,
    /// The metric.
    pub metric: &'a str,
    /// The statistic that was found.
    pub statistic: Statistic,
    /// The series, reduced.
    pub profile: &'a UsageProfile,
}

impl<'a> Observation<'a> {
    /// Finds the first of `statistics` under any of the names a metric may carry for a resource.
    pub fn find<K>(
        facts: &Facts<'a>,
        resource: &Resource<K>,
        names: &[ResourceId],
        namespace: &'a str,
        metric: &'a str,
        statistics: &[Statistic],
    ) -> Option<Self> {
        let found = Self::each_source(facts, resource, names, (namespace, metric), statistics);
        preferred(&found).map(|found| Self::of(found, metric))
    }

    /// Finds the series with the highest sample, where several sources have the metric: for
    /// what must not be overlooked, whichever of them saw it.
    pub fn find_highest<K>(
        facts: &Facts<'a>,
        resource: &Resource<K>,
        names: &[ResourceId],
        namespace: &'a str,
        metric: &'a str,
        statistics: &[Statistic],
    ) -> Option<Self> {
        Self::each_source(facts, resource, names, (namespace, metric), statistics)
            .into_iter()
            .max_by(|left, right| left.profile.max.total_cmp(&right.profile.max))
            .map(|found| Self::of(found, metric))
    }

    /// Returns the seconds that a series stands for of which nothing is written while nothing happens: from its first sample until
    /// the last one of its namespace, whosever that is.
    pub fn seconds<K>(&self, facts: &Facts<'_>, resource: &Resource<K>) -> f64 {
        self.profile.seconds_until(facts.profiles.until(&resource.origin(), self.namespace))
    }

    fn of(found: Sourced<'a, 'a>, metric: &'a str) -> Self {
        let Sourced { namespace, statistic, profile } = found;
        Self { namespace, metric, statistic, profile }
    }

    fn each_source<K>(
        facts: &Facts<'a>,
        resource: &Resource<K>,
        names: &[ResourceId],
        metric: (&'a str, &'a str),
        statistics: &[Statistic],
    ) -> Vec<Sourced<'a, 'a>> {
        let (profiles, origin) = (facts.profiles, resource.origin());
        let found = |name| profiles.each_source(&origin, name, metric, statistics, |_| true);
        names.iter().map(found).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Finds a series and makes sure that it is long and complete enough.
    ///
    /// # Errors
    /// Returns `Unknown` if the series is absent, shorter than the check's `min_days` or
    /// less complete than its `min_coverage_percent`.
    pub fn complete<K>(
        check: &Check,
        facts: &Facts<'a>,
        resource: &Resource<K>,
        names: &[ResourceId],
        namespace: &'a str,
        metric: &'a str,
        statistics: &[Statistic],
    ) -> Result<Self, Unknown> {
        let Some(found) = Self::find(facts, resource, names, namespace, metric, statistics) else {
            return Err(missing(namespace, metric, statistics));
        };
        found.require(check, facts)?;
        Ok(found)
    }

    /// Makes sure that the series is long and complete enough.
    ///
    /// # Errors
    /// As [`Observation::complete`].
    pub fn require(&self, check: &Check, facts: &Facts<'_>) -> Result<(), Unknown> {
        let source = format!("metrics:{}:{}", self.namespace, self.metric);
        let min_days = check.threshold_f64(facts, MIN_DAYS.name);
        let days = self.days();
        if days < min_days {
            return Err(unknown(
                "window-too-short",
                format!(
                    "{} covers {}; {min_days:.0} are needed.",
                    self.metric,
                    counted(format_args!("{days:.0}"), "day")
                ),
                format!(
                    "{} 지표가 {days:.0}일치뿐입니다. {min_days:.0}일치가 필요합니다.",
                    self.metric
                ),
                &[&source],
            ));
        }
        let min_percent = check.threshold_f64(facts, MIN_COVERAGE_PERCENT.name);
        let percent = self.profile.coverage * 100.0;
        if percent < min_percent {
            return Err(unknown(
                "coverage-too-low",
                format!(
                    "{} has samples for {percent:.1} % of the window; {min_percent:.0} % are needed.",
                    self.metric
                ),
                format!(
                    "{} 지표가 기간의 {percent:.1}%에만 있습니다. {min_percent:.0}%가 필요합니다.",
                    self.metric
                ),
                &[&source],
            ));
        }
        Ok(())
    }

    /// Returns the length of the window in days.
    pub fn days(&self) -> f64 {
        self.profile.window.seconds() as f64 / 86_400.0
    }

    /// Returns how much of the metric was seen, for the evidence.
    pub fn coverage(&self) -> MetricCoverage {
        MetricCoverage::of(self.namespace, self.metric, self.statistic, self.profile)
    }
}

/// Says that a metric was not read.
pub fn missing(namespace: &str, metric: &str, statistics: &[Statistic]) -> Unknown {
    let words: Vec<&str> = statistics.iter().map(|statistic| statistic.as_str()).collect();
    let words = words.join("/");
    unknown(
        "metric-missing",
        format!("{namespace} {metric} ({words}) was not read."),
        format!("{namespace} {metric}({words}) 지표가 없습니다."),
        &[&format!("metrics:{namespace}:{metric}")],
    )
}

/// Returns the highest throughput of a volume in any period, in MiB/s, where it was watched.
///
/// An upper bound: the highest read and the highest write are counted as if at once.
pub fn volume_throughput_mib_s(facts: &Facts<'_>, volume: &Resource<Volume>) -> Option<f64> {
    let rate = |metric| {
        let names = std::slice::from_ref(&volume.id);
        let seen = Observation::find(facts, volume, names, "AWS/EBS", metric, &[Statistic::Sum])?;
        Some(seen.profile.max / f64::from(seen.profile.period_seconds.max(1)) / 1_048_576.0)
    };
    Some(rate("VolumeReadBytes")? + rate("VolumeWriteBytes")?)
}

/// Does what [`volume_throughput_mib_s`] does, where both series are long, complete and fine
/// enough that a volume may be given less throughput than it has.
pub fn proven_throughput_mib_s(facts: &Facts<'_>, volume: &Resource<Volume>) -> Option<f64> {
    let names = std::slice::from_ref(&volume.id);
    let proves = |metric| {
        Observation::find(facts, volume, names, "AWS/EBS", metric, &[Statistic::Sum]).is_some_and(
            |seen| {
                seen.days() >= PROOF_DAYS
                    && seen.profile.coverage >= PROOF_COVERAGE
                    && seen.profile.period_seconds <= PROOF_SAMPLE_SECONDS
            },
        )
    };
    let both = proves("VolumeReadBytes") && proves("VolumeWriteBytes");
    both.then(|| volume_throughput_mib_s(facts, volume)).flatten()
}

/// Returns the largest sum of one UTC day over several series together.
pub fn busiest_day(series: &[Observation<'_>]) -> f64 {
    let mut sums: BTreeMap<i32, f64> = BTreeMap::new();
    for day in series.iter().flat_map(|one| &one.profile.days) {
        *sums.entry(day.day).or_default() += day.sum;
    }
    sums.into_values().fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::is_possible;

    use crate::check::Need;
    use crate::checks::ALL;

    #[test]
    fn no_metric_that_a_check_reads_may_be_below_zero() {
        for need in ALL.iter().flat_map(|check| check.needs) {
            if let Need::Metric(namespace, metric, _) | Need::OptionalMetric(namespace, metric, _) =
                need
            {
                assert!(!is_possible(namespace, metric, -1.0), "{namespace} {metric}");
            }
        }
    }
}
