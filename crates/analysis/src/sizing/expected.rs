//! What a size is expected to cost: its price, its credits, and the harm of demand that
//! does not fit.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use trimtab_model::policy::HarmWeights;
use trimtab_model::price::InstanceTypeFacts;
use trimtab_model::recommendation::{ExpectedHarm, PerformanceRisk};

use crate::sizing::forecast::{Flow, Forecast};
use crate::sizing::performance::Performance;
use crate::sizing::risk::step;

/// Returns what is expected of a size over the horizon, for a machine whose present type costs
/// `monthly_now` United States dollars a month.
///
/// Harm is shares of time times machine-hours, as [`HarmWeights`] says; of processor and memory
/// the type that runs now was never seen short, so that only its time above 80 % counts. Of
/// network and EBS a type gives more than it sustains for a while, so that it was seen.
pub fn harm(
    forecast: &Forecast,
    (current, candidate): (&InstanceTypeFacts, &InstanceTypeFacts),
    performance: &Performance,
    weights: HarmWeights,
    monthly_now: Decimal,
) -> ExpectedHarm {
    let cpu = performance.worth(current, candidate) / f64::from(current.vcpu.max(1));
    let memory = candidate.memory_mib as f64 / (current.memory_mib as f64).max(1.0);
    let shrinks = |ratio: f64| ratio < 1.0;
    let cpu_above_80 = forecast.cpu.share_above(80.0 * cpu);
    let cpu_above_100 = if shrinks(cpu) { forecast.cpu.share_above(100.0 * cpu) } else { 0.0 };
    let odds = forecast.memory.as_ref();
    let of_memory = |chance: f64| if shrinks(memory) { chance } else { 0.0 };
    let memory_above_100 = odds.map(|odds| of_memory(odds.share_above(100.0 * memory)));
    let memory_ever = odds.map(|odds| of_memory(odds.ever_above(100.0 * memory)));
    let beyond = |flow: &Option<Flow>, sustained: Option<f64>| {
        flow.as_ref().zip(sustained).map(|(flow, sustained)| flow.beyond(sustained))
    };
    let iops = candidate.ebs_baseline_iops.map(f64::from);
    let mut harm = ExpectedHarm {
        cpu_above_80,
        cpu_above_100,
        memory_above_100,
        memory_ever,
        network: beyond(&forecast.network, candidate.network_baseline_gbps.map(bytes_a_second)),
        ebs_throughput: beyond(
            &forecast.ebs_throughput,
            candidate.ebs_baseline_mb_s.map(|mb| mb * 1e6),
        ),
        ebs_operations: beyond(&forecast.ebs_operations, iops),
        monthly_usd: Decimal::ZERO,
    };
    harm.monthly_usd = Decimal::from_f64_retain(machine_months(&harm, weights))
        .and_then(|months| months.checked_mul(monthly_now))
        .unwrap_or(Decimal::MAX)
        .round_dp(4);
    harm
}

fn bytes_a_second(gigabits: f64) -> f64 {
    gigabits * 1e9 / 8.0
}

/// Returns what shares of time count as, in months of the machine. A flow above what is
/// sustained waits, as work does that finds no processor: it has the same weight.
fn machine_months(harm: &ExpectedHarm, weights: HarmWeights) -> f64 {
    let hours = |weight: Decimal, share: f64| weight.to_f64().unwrap_or_default() * share;
    let flows: f64 = harm.flows().map(|flow| flow.above_100).sum();
    hours(weights.cpu_above_80, harm.cpu_above_80)
        + hours(weights.cpu_above_100, harm.cpu_above_100)
        + hours(weights.memory_above_100, harm.memory_above_100.unwrap_or_default())
        + hours(weights.cpu_above_100, flows)
}

/// Brings the chances to Compute Optimizer's scale of 0 to 4: how likely a size does not
/// meet the need.
pub fn performance_risk(harm: &ExpectedHarm) -> PerformanceRisk {
    let steps = [
        step(harm.cpu_above_80, [0.02, 0.05, 0.10, 0.20]),
        step(harm.cpu_above_100, [0.002, 0.01, 0.02, 0.05]),
        step(harm.memory_ever.unwrap_or_default(), [0.02, 0.05, 0.10, 0.25]),
    ];
    PerformanceRisk::new(steps.into_iter().max().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use trimtab_model::recommendation::Excess;

    use super::*;

    #[test]
    fn a_flow_that_waits_weighs_as_much_as_work_without_a_processor() {
        let none = ExpectedHarm {
            cpu_above_80: 0.0,
            cpu_above_100: 0.0,
            memory_above_100: None,
            memory_ever: None,
            network: None,
            ebs_throughput: None,
            ebs_operations: None,
            monthly_usd: Decimal::ZERO,
        };
        let flow = Some(Excess { above_80: 0.2, above_100: 0.01, ever_above_100: 0.5 });
        let weights = HarmWeights::default();
        let months = |harm: &ExpectedHarm| machine_months(harm, weights);
        assert!(months(&none).abs() < 1e-12);
        let cpu = ExpectedHarm { cpu_above_100: 0.01, ..none.clone() };
        let network = ExpectedHarm { network: flow, ..none.clone() };
        assert!((months(&cpu) - months(&network)).abs() < 1e-12);
        assert!((months(&network) - 0.1).abs() < 1e-12);
        let all = ExpectedHarm { ebs_throughput: flow, ebs_operations: flow, ..network };
        assert!((months(&all) - 0.3).abs() < 1e-12);
    }
}
