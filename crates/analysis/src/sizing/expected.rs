//! What a size is expected to cost: its price, its credits, and the harm of demand that
//! does not fit.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use trimtab_model::policy::HarmWeights;
use trimtab_model::price::InstanceTypeFacts;
use trimtab_model::recommendation::{ExpectedHarm, PerformanceRisk};

use crate::sizing::forecast::Forecast;
use crate::sizing::performance::Performance;
use crate::sizing::risk::step;

/// Returns what is expected of a size over the horizon, for a machine whose present type costs
/// `monthly_now` United States dollars a month.
///
/// Harm is shares of time times machine-hours, as [`HarmWeights`] says; the type that runs now
/// was never seen short, so that only its time above 80 % counts.
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
    let hours = |weight: Decimal, share: f64| weight.to_f64().unwrap_or_default() * share;
    let machine_months = hours(weights.cpu_above_80, cpu_above_80)
        + hours(weights.cpu_above_100, cpu_above_100)
        + hours(weights.memory_above_100, memory_above_100.unwrap_or_default());
    let monthly_usd = Decimal::from_f64_retain(machine_months)
        .and_then(|months| months.checked_mul(monthly_now))
        .unwrap_or(Decimal::MAX)
        .round_dp(4);
    ExpectedHarm { cpu_above_80, cpu_above_100, memory_above_100, memory_ever, monthly_usd }
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
