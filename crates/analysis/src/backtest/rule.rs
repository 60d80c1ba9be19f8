//! What each rule chooses.

use rust_decimal::Decimal;

use trimtab_model::backtest::SizingRule;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::policy::{Preset, SizingMethod, SizingPolicy};
use trimtab_model::profile::UsageProfile;

use super::trial::Trial;
use crate::sizing::choice::{Question, choices, monthly_formula_now};
use crate::sizing::fit::Offer;
use crate::sizing::headroom::Requirement;

/// Where the guide wants the mean of the processor.
const MEAN_TARGET: f64 = 0.65;
/// What the Vertical Pod Autoscaler covers, adds, and forgets.
/// Source: its recommender's flags, `target-cpu-percentile`, `recommendation-margin-fraction`
/// and `cpu-histogram-decay-half-life`.
const VPA_PERCENTILE: f64 = 0.90;
const VPA_MARGIN: f64 = 1.15;
const VPA_HALF_LIFE_HOURS: f64 = 24.0;
/// The headroom on a maximum of memory where a rule speaks of the processor only.
const MEMORY_HEADROOM: f64 = 1.0 / (1.0 - 0.2);

/// Returns the type that a rule chooses; absent where it keeps the present one.
pub(super) fn choose<'a>(rule: SizingRule, trial: &Trial<'a>) -> Option<Offer<'a>> {
    let needed = |cpu_percent: f64, memory_percent: Option<f64>| {
        covering(trial, SizingMethod::Percentile, requirement(trial, cpu_percent, memory_percent))
    };
    let memory = trial.memory;
    match rule {
        SizingRule::Keep => None,
        SizingRule::Policy => {
            let requirement = Requirement::new(&trial.demand, trial.policy, trial.current.facts);
            covering(trial, trial.policy.method, requirement)
        }
        SizingRule::ComputeOptimizerDefault => preset(trial, Preset::Default),
        SizingRule::ComputeOptimizerBalanced => preset(trial, Preset::Balanced),
        SizingRule::ComputeOptimizerMaximumSavings => preset(trial, Preset::MaximumSavings),
        SizingRule::VpaLike => needed(
            faded(hours_of(trial.cpu)) * VPA_MARGIN,
            memory.map(|memory| faded(days_of(memory)) * VPA_MARGIN),
        ),
        SizingRule::Maximum => needed(trial.cpu.max, memory.map(|memory| memory.max)),
        SizingRule::MeanTarget => needed(
            trial.demand.cpu.percent.mean / MEAN_TARGET,
            memory.map(|memory| memory.max * MEMORY_HEADROOM),
        ),
        SizingRule::Percentile98 => needed(
            quantile(trial.cpu, 0.98) * 1.25,
            memory.map(|memory| quantile(memory, 0.999) * 1.1),
        ),
        SizingRule::Oracle => oracle(trial),
    }
}

fn preset<'a>(trial: &Trial<'a>, preset: Preset) -> Option<Offer<'a>> {
    let policy = SizingPolicy::preset(preset);
    let requirement = Requirement::new(&trial.demand, policy, trial.current.facts);
    covering(trial, SizingMethod::Percentile, requirement)
}

fn requirement(trial: &Trial<'_>, cpu_percent: f64, memory_percent: Option<f64>) -> Requirement {
    let current = trial.current.facts;
    let memory = current.memory_mib as f64;
    Requirement {
        vcpu: (cpu_percent / 100.0).min(1.0) * f64::from(current.vcpu),
        memory_mib: memory_percent.map_or(memory, |percent| (percent / 100.0).min(1.0) * memory),
        network_gbps: None,
        ebs_mb_s: None,
        ebs_iops: None,
    }
}

/// Returns the cheapest type that covers a requirement, or has the least expected cost.
fn covering<'a>(
    trial: &Trial<'a>,
    method: SizingMethod,
    requirement: Requirement,
) -> Option<Offer<'a>> {
    let question = Question {
        instance: &trial.instance.kind,
        current: trial.current.facts,
        demand: &trial.demand,
        forecast: &trial.forecast,
        performance: trial.performance,
        requirement: &requirement,
        policy: SizingPolicy { method, ..trial.policy },
    };
    let now = monthly_formula_now(trial.current, &trial.demand)
        .map(|(_, monthly)| monthly)
        .or_else(|| trial.current.price.usd.checked_mul(Decimal::from(HOURS_PER_MONTH)))?;
    choices(question, trial.offers, now).first().map(|choice| choice.offer)
}

fn oracle<'a>(trial: &Trial<'a>) -> Option<Offer<'a>> {
    let (now, harm) = (trial.monthly_now(), trial.policy.harm);
    let kept = trial.kept().burden(now, harm);
    trial
        .candidates()
        .map(|offer| (trial.outcome(Some(offer)).burden(now, harm), offer))
        .min_by_key(|(burden, _)| *burden)
        .filter(|(burden, _)| *burden < kept)
        .map(|(_, offer)| offer)
}

fn quantile(profile: &UsageProfile, share: f64) -> f64 {
    profile.levels.as_ref().and_then(|levels| levels.whole.quantile(share)).unwrap_or(profile.max)
}

/// Returns the hours of a series with how old they are: lowest, mean and highest sample stand
/// for those between them.
fn hours_of(profile: &UsageProfile) -> Vec<(f64, f64)> {
    let end = profile.window.end().as_second() / 3_600;
    profile
        .hours
        .iter()
        .flat_map(|hours| hours.iter())
        .flat_map(|(hour, mean, max, min)| {
            let weight = weight((end - hour) as f64);
            [(min, weight), (mean, 2.0 * weight), (max, weight)]
        })
        .collect()
}

/// Returns the peaks of days with how old they are.
fn days_of(profile: &UsageProfile) -> Vec<(f64, f64)> {
    let end = profile.window.end().as_second() / 3_600;
    profile
        .days
        .iter()
        .map(|day| (day.max, weight(end as f64 - f64::from(day.day) * 24.0)))
        .collect()
}

fn weight(age_hours: f64) -> f64 {
    (-age_hours / VPA_HALF_LIFE_HOURS).exp2()
}

/// Returns the percentile of a history that fades.
fn faded(mut values: Vec<(f64, f64)>) -> f64 {
    values.sort_unstable_by(|left, right| left.0.total_cmp(&right.0));
    let all: f64 = values.iter().map(|(_, weight)| weight).sum();
    let mut reached = 0.0;
    let found = values.iter().find(|(_, weight)| {
        reached += weight;
        reached >= VPA_PERCENTILE * all
    });
    found.or(values.last()).map_or(0.0, |(value, _)| *value)
}
