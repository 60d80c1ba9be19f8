//! One machine in one window, and what any type would have meant for it.
//!
//! Cost and harm of a choice, in United States dollars an hour:
//!
//! ```text
//! price(chosen) + credits + price(current) x ( w80 x share of time CPU demand > 80 %
//!     + w100 x share of time CPU demand > 100 % + wm x share of time memory demand > 100 % )
//! ```
//!
//! What demand would have been above the present machine was never observed: a choice that
//! is no cheaper, has more vCPUs, or less memory where memory was not measured, counts as
//! keeping the present type. Memory that runs out on the present type is not known either,
//! so keeping has no such harm.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use trimtab_model::metric::Statistic;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::policy::{HarmWeights, SizingPolicy};
use trimtab_model::price::InstanceTypeFacts;
use trimtab_model::profile::{DayProfile, Levels, Profiles, UsageProfile};
use trimtab_model::resource::Resource;
use trimtab_model::resource::instance::Instance;
use trimtab_model::text::Reason;

use super::window::too_short;
use crate::check::Facts;
use crate::sizing::burstable::surplus_component;
use crate::sizing::credits::{Used, hour_means};
use crate::sizing::demand::{self, Demand, PEAK_THEN_MEAN};
use crate::sizing::fit::{Offer, is_compatible};
use crate::sizing::forecast::Forecast;
use crate::sizing::performance::Performance;
use crate::sizing::series::{MINIMUM_HOURS, Series};

/// One machine in one window.
pub(super) struct Trial<'a> {
    /// The machine.
    pub(super) instance: &'a Resource<Instance>,
    /// Its type.
    pub(super) current: Offer<'a>,
    /// What may be chosen, cheapest first.
    pub(super) offers: &'a [Offer<'a>],
    /// How sizes are chosen in its environment.
    pub(super) policy: SizingPolicy,
    /// What it used in the training part.
    pub(super) demand: Demand,
    /// What is expected of it.
    pub(super) forecast: Forecast,
    /// What a vCPU of each family does.
    pub(super) performance: &'a Performance,
    /// The processor in the training part.
    pub(super) cpu: &'a UsageProfile,
    /// The memory in the training part.
    pub(super) memory: Option<&'a UsageProfile>,
    /// What it used in the test part.
    pub(super) held: Held<'a>,
}

/// What a machine used in the test part.
pub(super) struct Held<'a> {
    cpu: &'a Levels,
    /// Means of hours and days, for credits.
    hours: Vec<f64>,
    days: &'a [DayProfile],
    memory: Option<&'a Levels>,
}

impl Held<'_> {
    fn used(&self, vcpu: u32) -> Used<'_> {
        Used { vcpu, hours: &self.hours, days: self.days }
    }
}

/// What a type would have meant in the test part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Outcome {
    /// United States dollars a month of 730 hours, credits included.
    pub(super) monthly: Decimal,
    /// Share of the time with CPU demand above 80 %.
    pub(super) cpu_above_80: f64,
    /// Share of the time with CPU demand above 100 %.
    pub(super) cpu_above_100: f64,
    /// Share of the time with memory demand above 100 %; absent where it was not measured.
    pub(super) memory_above_100: Option<f64>,
}

impl Outcome {
    /// Returns harm in months of the present machine, a month long.
    pub(super) fn harm(&self, weights: HarmWeights) -> f64 {
        let weight = |weight: Decimal| weight.to_f64().unwrap_or_default();
        weight(weights.cpu_above_80) * self.cpu_above_80
            + weight(weights.cpu_above_100) * self.cpu_above_100
            + weight(weights.memory_above_100) * self.memory_above_100.unwrap_or_default()
    }

    /// Returns cost and harm a month in United States dollars, for a machine that costs `now`.
    pub(super) fn burden(&self, now: Decimal, weights: HarmWeights) -> Decimal {
        let harm = Decimal::from_f64_retain(self.harm(weights)).unwrap_or_default();
        self.monthly.saturating_add(now.saturating_mul(harm.round_dp(12)))
    }
}

impl<'a> Trial<'a> {
    /// Puts a machine together.
    ///
    /// # Errors
    /// Returns why it cannot be judged: too few samples, or a type without facts or price.
    pub(super) fn of(
        facts: &Facts<'a>,
        held: &'a Profiles,
        instance: &'a Resource<Instance>,
        offers: &'a [Offer<'a>],
        performance: &'a Performance,
    ) -> Result<Self, Reason> {
        let name = &instance.kind.instance_type;
        let unpriced = || {
            Reason::new(
                "no-price-in-catalogue",
                format!("The catalogue has no price for {name} in {}.", instance.region),
                format!("카탈로그에 {} 리전의 {name} 가격이 없습니다.", instance.region),
            )
        };
        let own = facts.prices.instance_types.get(name).ok_or_else(unpriced)?;
        let price = facts.prices.instance_hour(&instance.region, name).ok_or_else(unpriced)?;
        let tested = Facts { profiles: held, ..*facts };
        let cpu = series(facts, instance)
            .ok_or_else(|| too_short(("training part", "학습 구간"), hours(facts, instance)))?;
        let test = series(&tested, instance)
            .ok_or_else(|| too_short(("test part", "검증 구간"), hours(&tested, instance)))?;
        let levels = test.profile.levels.as_ref().ok_or_else(unpriced)?;
        let means = test.beside(&tested, instance, Statistic::Average).unwrap_or(test);
        let demand = Demand::of_instance(facts, instance, own).map_err(|unknown| unknown.reason)?;
        let forecast = Forecast::of_instance(facts, instance).map_err(|unknown| unknown.reason)?;
        let memory = demand::memory(facts, instance);
        let held_memory = demand::memory(&tested, instance);
        Ok(Self {
            instance,
            current: Offer { facts: own, price },
            offers,
            policy: facts.policy.sizing(instance.environment),
            demand,
            forecast,
            performance,
            cpu: cpu.profile,
            memory: memory.map(|series| series.profile),
            held: Held {
                cpu: &levels.whole,
                hours: hour_means(means.profile),
                days: &means.profile.days,
                memory: held_memory
                    .and_then(|series| series.profile.levels.as_ref())
                    .map(|levels| &levels.whole),
            },
        })
    }

    /// Returns what the present type costs a month of 730 hours, in United States dollars.
    pub(super) fn monthly_now(&self) -> Decimal {
        self.current.price.usd.saturating_mul(Decimal::from(HOURS_PER_MONTH))
    }

    /// Returns whether choosing a type says anything that the test part can judge.
    pub(super) fn is_judged(&self, offer: Offer<'_>) -> bool {
        offer.price.usd < self.current.price.usd
            && offer.facts.vcpu <= self.current.facts.vcpu
            && (self.memory.is_some() || offer.facts.memory_mib >= self.current.facts.memory_mib)
    }

    /// Returns the types that may be chosen and that the test part can judge.
    pub(super) fn candidates(&self) -> impl Iterator<Item = Offer<'a>> + '_ {
        self.offers.iter().copied().filter(|offer| {
            self.is_judged(*offer)
                && is_compatible(&self.instance.kind, self.current.facts, offer.facts, self.policy)
        })
    }

    /// Returns what keeping the present type would have meant.
    pub(super) fn kept(&self) -> Outcome {
        Outcome {
            monthly: self.monthly_now(),
            cpu_above_80: self.held.cpu.share_above(80.0),
            cpu_above_100: 0.0,
            memory_above_100: self.held.memory.map(|_| 0.0),
        }
    }

    /// Returns what a choice would have meant.
    pub(super) fn outcome(&self, chosen: Option<Offer<'_>>) -> Outcome {
        let Some(offer) = chosen.filter(|offer| self.is_judged(*offer)) else {
            return self.kept();
        };
        let (cpu, memory) = scales(self.current.facts, offer.facts);
        let credits = surplus_component(offer.facts, self.held.used(self.current.facts.vcpu))
            .and_then(|component| component.amount().ok())
            .map_or(Decimal::ZERO, |money| money.amount);
        let hours = offer.price.usd.saturating_mul(Decimal::from(HOURS_PER_MONTH));
        Outcome {
            monthly: hours.saturating_add(credits),
            cpu_above_80: self.held.cpu.share_above(80.0 * cpu),
            cpu_above_100: self.held.cpu.share_above(100.0 * cpu),
            memory_above_100: self.held.memory.map(|levels| levels.share_above(100.0 * memory)),
        }
    }
}

/// Returns what a type offers of the present one's vCPUs and memory, as shares.
pub(super) fn scales(current: &InstanceTypeFacts, offered: &InstanceTypeFacts) -> (f64, f64) {
    (
        f64::from(offered.vcpu) / f64::from(current.vcpu.max(1)),
        offered.memory_mib as f64 / (current.memory_mib as f64).max(1.0),
    )
}

fn series<'a>(facts: &Facts<'a>, instance: &Resource<Instance>) -> Option<Series<'a>> {
    Series::find(facts, instance, "AWS/EC2", "CPUUtilization", PEAK_THEN_MEAN)
        .filter(|series| series.profile.hours_observed() >= MINIMUM_HOURS)
}

fn hours(facts: &Facts<'_>, instance: &Resource<Instance>) -> f64 {
    let of = ("AWS/EC2", "CPUUtilization");
    let (origin, id) = (instance.origin(), &instance.id);
    facts
        .profiles
        .each_source(&origin, id, of, PEAK_THEN_MEAN, |_| true)
        .into_iter()
        .map(|found| found.profile.hours_observed())
        .fold(0.0, f64::max)
}
