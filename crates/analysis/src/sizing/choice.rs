//! The cheapest types that cover a demand.

use rust_decimal::Decimal;

use trimtab_model::metric::Statistic;
use trimtab_model::money::exact_sum;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::policy::{SizingMethod, SizingPolicy};
use trimtab_model::price::InstanceTypeFacts;
use trimtab_model::recommendation::{CostComponent, ExpectedHarm, PerformanceRisk, Projection};
use trimtab_model::resource::instance::Instance;

use crate::sizing::burstable::{surplus_component, throttles};
use crate::sizing::credits::busy_hour;
use crate::sizing::demand::Demand;
use crate::sizing::expected;
use crate::sizing::fit::{MissingFigure, Offer, Spec, is_compatible, shortfalls};
use crate::sizing::forecast::Forecast;
use crate::sizing::headroom::Requirement;
use crate::sizing::performance::Performance;
use crate::sizing::risk::{performance_risk, unforeseen_risk};

/// How many options a recommendation shows, as Compute Optimizer does.
pub const OPTIONS: usize = 3;

/// Days that CPU credits are expected from.
const CREDIT_DAYS: usize = 28;

/// A type that covers the demand and costs less than the current one.
#[derive(Debug, Clone)]
pub struct Choice<'a> {
    /// The type and its price.
    pub offer: Offer<'a>,
    /// The expected monthly cost: hours, and CPU credits where there are any.
    pub formula: Vec<CostComponent>,
    /// The sum of the formula, in United States dollars.
    pub monthly_usd: Decimal,
    /// What is expected not to fit; absent where sizes are chosen by a percentile.
    pub expected: Option<ExpectedHarm>,
    /// Its performance risk.
    pub risk: PerformanceRisk,
    /// The use it would see.
    pub projected: Vec<Projection>,
}

/// The question: one instance, what it is and what it needs.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The instance.
    pub instance: &'a Instance,
    /// The facts of its type.
    pub current: &'a InstanceTypeFacts,
    /// What it used.
    pub demand: &'a Demand,
    /// What is expected of it.
    pub forecast: &'a Forecast,
    /// What a vCPU of each family does.
    pub performance: &'a Performance,
    /// What a size must offer.
    pub requirement: &'a Requirement,
    /// How sizes are chosen.
    pub policy: SizingPolicy,
}

/// Returns the expected monthly cost of running on `offer`, CPU credits included.
///
/// Absent if the amount overflows.
pub fn monthly_formula(offer: Offer<'_>, demand: &Demand) -> Option<(Vec<CostComponent>, Decimal)> {
    // Older days are no guide to credits.
    let credits = surplus_component(offer.facts, demand.cpu.used().last_days(CREDIT_DAYS));
    summed(hours(offer).chain(credits).collect())
}

/// Returns the monthly cost of the type that runs now.
///
/// Its CPU credits count only where means were measured: means of maxima overstate
/// them, which would overstate the saving.
pub fn monthly_formula_now(
    offer: Offer<'_>,
    demand: &Demand,
) -> Option<(Vec<CostComponent>, Decimal)> {
    if demand.cpu.days_statistic == Statistic::Average {
        monthly_formula(offer, demand)
    } else {
        summed(hours(offer).collect())
    }
}

fn hours(offer: Offer<'_>) -> impl Iterator<Item = CostComponent> {
    std::iter::once(CostComponent {
        name: offer.facts.instance_type.as_str().to_owned(),
        quantity: Decimal::from(HOURS_PER_MONTH),
        price: offer.price.clone(),
    })
}

fn summed(formula: Vec<CostComponent>) -> Option<(Vec<CostComponent>, Decimal)> {
    let monthly = formula.iter().try_fold(Decimal::ZERO, |sum, component| {
        exact_sum(sum, component.amount().ok()?.amount)
    })?;
    Some((formula, monthly))
}

/// Returns up to [`OPTIONS`] types that would do for less than `monthly_now`, the best first;
/// among equals the less risky, the newer, the name.
///
/// By a percentile, a type would do if it covers the requirement, and the best is the
/// cheapest. By expected cost, the best has the least sum of price, credits and harm, and
/// would do if that is less than the sum of the type that runs now.
///
/// `offers` are sorted by price, so the search ends at the first that is too dear.
pub fn choices<'a>(
    question: Question<'_>,
    offers: &[Offer<'a>],
    monthly_now: Decimal,
) -> Vec<Choice<'a>> {
    let hours = Decimal::from(HOURS_PER_MONTH);
    let forecast = question.forecast;
    let is_off = forecast.cpu.is_off() && forecast.memory.is_none();
    if question.policy.method == SizingMethod::ExpectedCost && is_off {
        return Vec::new();
    }
    let by_harm = question.policy.method == SizingMethod::ExpectedCost;
    let harm = |facts: &InstanceTypeFacts| {
        let (pair, weights) = ((question.current, facts), question.policy.harm);
        let performance = question.performance;
        by_harm.then(|| expected::harm(forecast, pair, performance, weights, monthly_now))
    };
    let total = |monthly: Decimal, harm: Option<&ExpectedHarm>| {
        harm.map_or(monthly, |harm| monthly.saturating_add(harm.monthly_usd))
    };
    let total_now = total(monthly_now, harm(question.current).as_ref());
    let mut choices: Vec<(Decimal, Choice<'a>)> = offers
        .iter()
        .take_while(|offer| offer.price.usd.saturating_mul(hours) < monthly_now)
        .filter(|offer| suffices(question, offer.facts))
        .filter(|offer| {
            is_compatible(question.instance, question.current, offer.facts, question.policy)
        })
        .filter(|offer| !throttles(offer.facts, question.demand.cpu.used()))
        .filter_map(|offer| {
            let (formula, monthly_usd) = monthly_formula(*offer, question.demand)?;
            let expected = harm(offer.facts);
            let total = total(monthly_usd, expected.as_ref());
            (monthly_usd < monthly_now && total < total_now).then(|| {
                let risk = risk(question, offer.facts, expected.as_ref());
                let projected = projected(question.demand, question.current, offer.facts);
                let choice =
                    Choice { offer: *offer, formula, monthly_usd, expected, risk, projected };
                (total, choice)
            })
        })
        .collect();
    choices.sort_by(|(a_total, a), (b_total, b)| {
        let newer = b.offer.facts.generation.cmp(&a.offer.facts.generation);
        (a_total, a.risk)
            .cmp(&(b_total, b.risk))
            .then(newer)
            .then_with(|| a.offer.facts.instance_type.cmp(&b.offer.facts.instance_type))
    });
    choices.truncate(OPTIONS);
    choices.into_iter().map(|(_, choice)| choice).collect()
}

/// Returns whether a type is worth pricing: it covers the requirement, or by expected cost
/// that part of it which no chance may undercut: network, EBS, and all memory where none was
/// measured.
fn suffices(question: Question<'_>, candidate: &InstanceTypeFacts) -> bool {
    let mut short = shortfalls(question.requirement, candidate, MissingFigure::Short);
    if question.policy.method == SizingMethod::ExpectedCost {
        let measured = question.forecast.memory.is_some();
        short.retain(|spec| match spec {
            Spec::Cpu => false,
            Spec::Memory => !measured,
            Spec::Network | Spec::EbsThroughput | Spec::EbsIops => true,
        });
    }
    short.is_empty()
}

fn risk(
    question: Question<'_>,
    candidate: &InstanceTypeFacts,
    expected: Option<&ExpectedHarm>,
) -> PerformanceRisk {
    let Question { demand, requirement, current, .. } = question;
    let Some(harm) = expected else {
        return performance_risk(demand, requirement, current, candidate);
    };
    let rest = unforeseen_risk(requirement, current, candidate);
    // Averages hide what a smaller size would meet within five minutes.
    let hidden = demand.cpu.statistic != Statistic::Maximum && candidate.vcpu < current.vcpu;
    let step = expected::performance_risk(harm).max(rest).value() + u8::from(hidden);
    PerformanceRisk::new(step)
}

/// Returns the use that a type would see, in percent of what it offers.
///
/// One vCPU counts as one vCPU of any type.
pub fn projected(
    demand: &Demand,
    current: &InstanceTypeFacts,
    candidate: &InstanceTypeFacts,
) -> Vec<Projection> {
    let cpu = f64::from(demand.cpu.observed_vcpu) / f64::from(candidate.vcpu.max(1));
    let memory = current.memory_mib as f64 / (candidate.memory_mib as f64).max(1.0);
    let of = |used: Option<f64>, offered: Option<f64>| Some(used? / offered? * 100.0);
    let percents = [
        ("cpu_p99_5", Some(demand.cpu.percent.p99_5 * cpu)),
        ("cpu_max", Some(demand.cpu.percent.max * cpu)),
        ("cpu_mean", Some(demand.cpu.percent.mean * cpu)),
        ("cpu_busy_hour", busy_hour(&demand.cpu.hours).map(|percent| percent * cpu)),
        ("memory_max", demand.memory_percent.map(|percent| percent * memory)),
        ("network_p99_5", of(demand.network_gbps, candidate.network_baseline_gbps)),
        ("ebs_throughput_p99_5", of(demand.ebs_mb_s, candidate.ebs_baseline_mb_s)),
        ("ebs_iops_p99_5", of(demand.ebs_iops, candidate.ebs_baseline_iops.map(f64::from))),
    ];
    percents
        .into_iter()
        .filter_map(|(name, percent)| {
            let percent = percent.filter(|percent| percent.is_finite())?;
            Some(Projection { name: name.to_owned(), percent: (percent * 100.0).round() / 100.0 })
        })
        .collect()
}
