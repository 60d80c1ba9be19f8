//! One metric of one resource, and how it was read.

use trimtab_model::evidence::MetricCoverage;
use trimtab_model::metric::Statistic;
use trimtab_model::profile::{UsageProfile, preferred};
use trimtab_model::resource::Resource;

use crate::check::Facts;

/// The least that Compute Optimizer looks at: 30 hours of samples.
pub const MINIMUM_HOURS: f64 = 30.0;

/// A series with enough samples to decide on.
#[derive(Debug, Clone, Copy)]
pub struct Series<'a> {
    /// The namespace, such as `AWS/EC2`, or that of a source that stands in for it.
    pub namespace: &'static str,
    /// The metric.
    pub metric: &'static str,
    /// The statistic that was found.
    pub statistic: Statistic,
    /// The reduced series.
    pub profile: &'a UsageProfile,
}

impl<'a> Series<'a> {
    /// Finds the first of `statistics` that has at least [`MINIMUM_HOURS`] of samples.
    pub fn find<K>(
        facts: &Facts<'a>,
        resource: &Resource<K>,
        namespace: &'static str,
        metric: &'static str,
        statistics: &[Statistic],
    ) -> Option<Self> {
        let found = facts.profiles.each_source(
            &resource.origin(),
            &resource.id,
            (namespace, metric),
            statistics,
            |profile| profile.hours_observed() >= MINIMUM_HOURS,
        );
        let found = preferred(&found)?;
        Some(Self {
            namespace: found.namespace,
            metric,
            statistic: found.statistic,
            profile: found.profile,
        })
    }

    /// Finds another statistic of the metric, of the very source that this one is from.
    pub fn beside<K>(
        &self,
        facts: &Facts<'a>,
        resource: &Resource<K>,
        statistic: Statistic,
    ) -> Option<Self> {
        let (origin, id) = (resource.origin(), &resource.id);
        let profile = facts.profiles.find(&origin, id, self.namespace, self.metric, statistic)?;
        (profile.hours_observed() >= MINIMUM_HOURS).then_some(Self { statistic, profile, ..*self })
    }

    /// Returns how much of the metric there was.
    pub fn coverage(&self) -> MetricCoverage {
        MetricCoverage::of(self.namespace, self.metric, self.statistic, self.profile)
    }

    /// Returns the factor that turns a sum per period into an amount per second.
    pub fn per_second(&self) -> f64 {
        1.0 / f64::from(self.profile.period_seconds.max(1))
    }

    /// Returns the days of the window, rounded to whole days and at least one.
    pub fn window_days(&self) -> u32 {
        let seconds = self.profile.window.seconds().max(0);
        u32::try_from((seconds + 43_200) / 86_400).unwrap_or(u32::MAX).max(1)
    }
}
