//! CPU credits, hour by hour.
//!
//! A burstable instance earns what its baseline is worth, spends what it uses, and keeps the
//! rest: at most what it earns in 24 hours. With nothing left, unlimited mode spends what is not
//! earned yet, and what of that exceeds 24 hours of earning is charged at the end of the hour;
//! standard mode falls to the baseline. A new T3, T3a or T4g begins with nothing, a new T2 in
//! standard mode with launch credits. Source: AWS EC2 user guide, "Unlimited mode concepts",
//! "Standard mode concepts" and "Key concepts for burstable performance instances".
//!
//! All amounts are vCPU-hours: 60 credits each.

use trimtab_model::profile::{DayProfile, UsageProfile};

/// Hours of earning that a balance holds, and that may be owed before they are charged.
const HOURS_KEPT: f64 = 24.0;
/// What a T2 begins with for each vCPU: 30 credits.
const LAUNCH: f64 = 0.5;
const HOUR_SECONDS: u32 = 3_600;

/// What a machine used, in percent of `vcpu` vCPUs.
#[derive(Debug, Clone, Copy)]
pub struct Used<'a> {
    /// The vCPUs that percentages are of.
    pub vcpu: u32,
    /// The mean of each hour that has samples, in order. Empty where hours were not kept: then
    /// the days count, each settled on its own.
    pub hours: &'a [f64],
    /// The days.
    pub days: &'a [DayProfile],
}

/// Returns the mean of each hour that has samples; empty where samples are longer than an hour.
pub fn hour_means(profile: &UsageProfile) -> Vec<f64> {
    let hours = profile.hours.iter().filter(|_| profile.period_seconds <= HOUR_SECONDS);
    hours.flat_map(|hours| hours.iter()).map(|(_, mean, ..)| mean).collect()
}

/// Returns what an hour is at least of the busiest twentieth of all hours; absent without hours.
///
/// A health gate waits for such an hour: what only quiet ones were seen of is not proven.
pub fn busy_hour(hours: &[f64]) -> Option<f64> {
    let mut sorted = hours.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let rank = (sorted.len() * 95).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

impl Used<'_> {
    /// Returns the same of the last days only.
    #[must_use]
    pub fn last_days(self, days: usize) -> Self {
        let hours = self.hours.len().saturating_sub(days * 24);
        let before = self.days.len().saturating_sub(days);
        Self {
            vcpu: self.vcpu,
            hours: self.hours.get(hours..).unwrap_or_default(),
            days: self.days.get(before..).unwrap_or_default(),
        }
    }

    /// Returns what unlimited mode charges, on the mean of an hour.
    pub(super) fn charged(self, baseline: f64) -> f64 {
        if self.hours.is_empty() {
            return self.settled_by_day(baseline);
        }
        charged(baseline, self.vcpus()) / self.hours.len() as f64
    }

    /// Returns what standard mode does not serve, on the mean of an hour; `vcpu` are those of
    /// the type.
    pub(super) fn unserved(self, baseline: f64, vcpu: u32) -> f64 {
        if self.hours.is_empty() {
            return self.settled_by_day(baseline);
        }
        unserved(baseline, LAUNCH * f64::from(vcpu), self.vcpus()) / self.hours.len() as f64
    }

    fn vcpus(self) -> impl Iterator<Item = f64> {
        self.hours.iter().map(move |percent| percent / 100.0 * f64::from(self.vcpu))
    }

    /// Each day weighs as much as it has samples.
    fn settled_by_day(self, baseline: f64) -> f64 {
        let samples: f64 = self.days.iter().map(|day| f64::from(day.count)).sum();
        if samples <= 0.0 {
            return 0.0;
        }
        let above = self.days.iter().map(|day| {
            let used = day.mean / 100.0 * f64::from(self.vcpu);
            (used - baseline).max(0.0) * f64::from(day.count)
        });
        above.sum::<f64>() / samples
    }
}

/// What is owed at the end counts as charged, as it is when an instance stops: so that a short
/// past does not hide what a longer one would have come to.
fn charged(baseline: f64, used: impl Iterator<Item = f64>) -> f64 {
    let most = HOURS_KEPT * baseline;
    let (mut balance, mut charged) = (0.0_f64, 0.0_f64);
    for used in used {
        balance = (balance + baseline - used).min(most);
        let beyond = (-most - balance).max(0.0);
        charged += beyond;
        balance += beyond;
    }
    charged + (-balance).max(0.0)
}

/// Launch credits go first, and do not count towards what a balance holds.
fn unserved(baseline: f64, launch: f64, used: impl Iterator<Item = f64>) -> f64 {
    let most = HOURS_KEPT * baseline;
    let (mut launch, mut balance, mut unserved) = (launch, 0.0_f64, 0.0_f64);
    for used in used {
        let above = used - baseline;
        let of_launch = above.clamp(0.0, launch);
        launch -= of_launch;
        balance = (balance - (above - of_launch)).min(most);
        unserved += (-balance).max(0.0);
        balance = balance.max(0.0);
    }
    unserved
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hours(parts: &[(usize, f64)]) -> Vec<f64> {
        parts.iter().flat_map(|(count, percent)| vec![*percent; *count]).collect()
    }

    fn used(vcpu: u32, hours: &[f64]) -> Used<'_> {
        Used { vcpu, hours, days: &[] }
    }

    /// Checks the credits that `baseline` vCPUs are charged for over all of the hours.
    fn check(baseline: f64, vcpu: u32, parts: &[(usize, f64)], credits: f64) {
        let hours = hours(parts);
        let charged = used(vcpu, &hours).charged(baseline) * hours.len() as f64 * 60.0;
        assert!((charged - credits).abs() < 1e-6, "{parts:?}: {charged}, not {credits}");
    }

    #[test]
    fn the_example_of_the_user_guide_comes_to_304_credits() {
        // t3.nano: 6 credits an hour, 144 a day. After a day and a half it holds 144; a day at
        // 7 % takes 57.6, half a day at 2.5 % gives 36 back: 122.4. Five hours at 100 % take 570
        // net: 447.6 more than it has, of which 144 may be owed. A day of rest pays those.
        let day = [(24, 0.0), (12, 2.5), (24, 7.0), (12, 2.5), (5, 100.0), (13, 5.0), (24, 0.0)];
        check(0.1, 2, &day, 303.6);
    }

    #[test]
    fn a_night_pays_for_the_day_in_whatever_order_they_come() {
        // 12 hours at 50 % and 12 at 10 % of 2 vCPUs: 0.4 above and 0.4 below a baseline of 0.6.
        check(0.6, 2, &[(12, 50.0), (12, 10.0)], 0.0);
        check(0.6, 2, &[(12, 10.0), (12, 50.0), (12, 10.0)], 0.0);
        // Days that each are above on their mean, and those between them that are below.
        check(0.6, 2, &[(24, 20.0), (24, 40.0), (24, 20.0), (24, 40.0)], 0.0);
    }

    #[test]
    fn what_is_above_for_long_is_charged_in_full() {
        // 0.4 vCPUs above the baseline over 48 hours are 19.2 vCPU-hours: 1,152 credits.
        check(0.6, 2, &[(48, 50.0)], 1_152.0);
        // Rest beyond a day is lost: 14.4 of three days' 43.2 are there for what follows.
        check(0.6, 2, &[(72, 0.0), (72, 50.0)], (72.0 * 0.4 - 14.4) * 60.0);
    }

    #[test]
    fn standard_mode_serves_what_it_has_and_no_more() {
        let unserved = |parts: &[(usize, f64)]| {
            let hours = hours(parts);
            used(2, &hours).unserved(0.6, 2) * hours.len() as f64
        };
        // Two vCPUs begin with one vCPU-hour, enough for two and a half hours at 0.4 above.
        assert!(unserved(&[(2, 50.0)]).abs() < 1e-9);
        assert!((unserved(&[(4, 50.0)]) - 0.6).abs() < 1e-9);
        // A night earns 12 × 0.4 more.
        assert!(unserved(&[(12, 10.0), (14, 50.0)]).abs() < 1e-9);
        assert!((unserved(&[(12, 10.0), (15, 50.0)]) - 0.2).abs() < 1e-9);
    }

    #[test]
    fn without_hours_each_day_is_settled_on_its_own() {
        let day = |mean: f64| DayProfile { day: 0, count: 288, mean, max: mean, sum: 0.0 };
        let days = [day(50.0), day(10.0)];
        let used = Used { vcpu: 2, hours: &[], days: &days };
        assert!((used.charged(0.6) - 0.2).abs() < 1e-9);
        assert!((used.unserved(0.6, 2) - 0.2).abs() < 1e-9);
        assert!(used.last_days(1).charged(0.6).abs() < 1e-9);
        let none = Used { days: &[], ..used };
        assert!(none.charged(0.6).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn nothing_is_cheaper_than_the_mean_above_the_baseline(
            hours in proptest::collection::vec(0.0_f64..100.0, 1..400),
            baseline in 0.05_f64..4.0,
            vcpu in 1_u32..9,
        ) {
            let used = used(vcpu, &hours);
            let mean = hours.iter().sum::<f64>() / hours.len() as f64 / 100.0 * f64::from(vcpu);
            let charged = used.charged(baseline);
            prop_assert!(charged >= 0.0);
            prop_assert!(charged >= mean - baseline - 1e-9, "{charged} for {mean} at {baseline}");
            // And nothing is dearer than every hour above it.
            let each = hours.iter().map(|one| (one / 100.0 * f64::from(vcpu) - baseline).max(0.0));
            prop_assert!(charged <= each.sum::<f64>() / hours.len() as f64 + 1e-9);
            prop_assert!(used.unserved(baseline, vcpu) >= 0.0);
        }
    }
}
