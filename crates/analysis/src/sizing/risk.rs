//! How likely users notice a smaller size: 0 to 4 per spec, and the maximum over them.

use trimtab_model::metric::Statistic;
use trimtab_model::price::InstanceTypeFacts;
use trimtab_model::recommendation::PerformanceRisk;

use crate::sizing::burstable::baseline_share;
use crate::sizing::demand::Demand;
use crate::sizing::headroom::Requirement;

/// What the flex families sustain; full speed is there 95 % of the time over 24 hours.
/// Source: AWS EC2 user guide, "Key concepts for flex instances".
pub const FLEX_BASELINE: f64 = 0.40;

/// A window with samples for less than this share is judged one step more carefully.
const THIN_COVERAGE: f64 = 0.75;

/// Returns whether a type is of a flex family.
pub fn is_flex(facts: &InstanceTypeFacts) -> bool {
    facts.family.ends_with("-flex")
}

/// Returns the risk of running `demand` on `candidate` instead of `current`.
pub fn performance_risk(
    demand: &Demand,
    requirement: &Requirement,
    current: &InstanceTypeFacts,
    candidate: &InstanceTypeFacts,
) -> PerformanceRisk {
    let specs =
        [cpu(demand, candidate), memory(demand, current, candidate), sustained(demand, candidate)];
    let rest = unforeseen_risk(requirement, current, candidate);
    PerformanceRisk::new(specs.into_iter().max().unwrap_or(0)).max(rest)
}

/// Returns the risk of what a size must sustain, whatever its chances: network and EBS.
pub fn unforeseen_risk(
    requirement: &Requirement,
    current: &InstanceTypeFacts,
    candidate: &InstanceTypeFacts,
) -> PerformanceRisk {
    let specs = [
        bandwidth(
            requirement.network_gbps,
            current.network_baseline_gbps,
            candidate.network_baseline_gbps,
        ),
        bandwidth(requirement.ebs_mb_s, current.ebs_baseline_mb_s, candidate.ebs_baseline_mb_s),
        bandwidth(
            requirement.ebs_iops,
            current.ebs_baseline_iops.map(f64::from),
            candidate.ebs_baseline_iops.map(f64::from),
        ),
    ];
    PerformanceRisk::new(specs.into_iter().max().unwrap_or(0))
}

/// Returns the step of a share of capacity on a scale of four limits.
pub fn step(share: f64, limits: [f64; 4]) -> u8 {
    limits.iter().map(|limit| u8::from(share > *limit)).sum()
}

fn cpu(demand: &Demand, candidate: &InstanceTypeFacts) -> u8 {
    let scale = f64::from(demand.cpu.observed_vcpu) / 100.0 / f64::from(candidate.vcpu.max(1));
    let highest = step(demand.cpu.percent.max * scale, [0.8, 0.9, 1.0, 1.5]);
    let usual = step(demand.cpu.percent.p99_5 * scale, [0.8, 0.9, 0.95, 1.0]);
    // A machine sized on averages meets peaks above its capacity that nobody saw.
    let hidden = 2 * u8::from(demand.cpu.statistic != Statistic::Maximum);
    let thin = demand.coverage.first().is_some_and(|metric| metric.coverage < THIN_COVERAGE);
    highest.max(usual).saturating_add(hidden).saturating_add(u8::from(thin)).min(4)
}

fn memory(demand: &Demand, current: &InstanceTypeFacts, candidate: &InstanceTypeFacts) -> u8 {
    let Some(percent) = demand.memory_percent else { return 0 };
    let scale = current.memory_mib as f64 / 100.0 / (candidate.memory_mib as f64).max(1.0);
    let hidden = u8::from(
        demand.memory_statistic != Some(Statistic::Maximum)
            && candidate.memory_mib < current.memory_mib,
    );
    step(percent * scale, [0.8, 0.9, 0.95, 1.0]).saturating_add(hidden).min(4)
}

/// Rates a spec by its use where it was measured, else by how much of it goes away.
fn bandwidth(used: Option<f64>, now: Option<f64>, after: Option<f64>) -> u8 {
    match (used, now, after) {
        (Some(used), _, Some(after)) if after > 0.0 => step(used / after, [0.7, 0.85, 0.95, 1.0]),
        (None, Some(now), Some(after)) if now > 0.0 => {
            if after >= now {
                0
            } else if after * 4.0 >= now {
                1
            } else {
                2
            }
        }
        _ => 1,
    }
}

/// Rates how close the busiest day comes to what a burstable or flex type sustains.
fn sustained(demand: &Demand, candidate: &InstanceTypeFacts) -> u8 {
    let busiest = demand.cpu.days.iter().map(|day| day.mean).fold(0.0, f64::max);
    let share =
        busiest / 100.0 * f64::from(demand.cpu.observed_vcpu) / f64::from(candidate.vcpu.max(1));
    match baseline_share(candidate) {
        // T2 throttles at the baseline; the later families bill instead.
        Some(baseline) => {
            let rating = step(share / baseline, [0.7, 0.9, 1.0, 2.0]);
            if candidate.family == "t2" && share > baseline { 4 } else { rating }
        }
        None if is_flex(candidate) => 1 + u8::from(share > FLEX_BASELINE),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_climbs_the_scale() {
        let limits = [0.8, 0.9, 1.0, 1.5];
        assert_eq!([0.8, 0.81, 1.0, 1.2, 2.0].map(|share| step(share, limits)), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn an_unmeasured_spec_is_rated_by_what_goes_away() {
        assert_eq!(bandwidth(None, Some(10.0), Some(10.0)), 0);
        assert_eq!(bandwidth(None, Some(10.0), Some(5.0)), 1);
        assert_eq!(bandwidth(None, Some(10.0), Some(1.0)), 2);
        assert_eq!(bandwidth(Some(0.9), Some(10.0), Some(1.0)), 2);
    }
}
