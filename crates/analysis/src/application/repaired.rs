//! The size that suffices once a fault of the application is repaired.

use trimtab_model::action::{Action, ApplicationFault, Repair};
use trimtab_model::id::InstanceType;
use trimtab_model::price::InstanceTypeFacts;
use trimtab_model::recommendation::{
    Estimate, ExpectedHarm, PerformanceRisk, Projection, RecommendationOption, Unknown,
};
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::{Resource, ResourceKind};

use crate::check::Facts;
use crate::saving::{self, INSTANCE_HOURS_AND_CREDITS};
use crate::sizing::choice::{Question, choices, monthly_formula_now};
use crate::sizing::demand::Demand;
use crate::sizing::fit::{Offer, offers};
use crate::sizing::forecast::Forecast;
use crate::sizing::headroom::Requirement;
use crate::sizing::licensed::family_at_billed_rate;
use crate::sizing::performance::Performance;
use crate::verdict::unknown;

/// What an instance would use without its faults.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Without {
    /// The highest memory use, in percent of the current type; absent where it stays.
    pub memory_percent: Option<f64>,
    /// The share of the processor that is left; absent where it stays.
    pub processor_left: Option<f64>,
}

impl Without {
    /// Returns the demand that is left.
    fn of(self, demand: &Demand) -> Demand {
        let mut left = demand.clone();
        if let (Some(without), Some(measured)) = (self.memory_percent, demand.memory_percent) {
            left.memory_percent = Some(without.min(measured));
        }
        if let Some(share) = self.processor_left {
            let percent = &mut left.cpu.percent;
            for figure in [
                &mut percent.p90,
                &mut percent.p95,
                &mut percent.p99_5,
                &mut percent.max,
                &mut percent.mean,
            ] {
                *figure *= share;
            }
            for hour in &mut left.cpu.hours {
                *hour *= share;
            }
            for day in &mut left.cpu.days {
                day.mean *= share;
                day.max *= share;
                day.sum *= share;
            }
        }
        left
    }

    /// Returns what is expected of that demand.
    fn forecast(self, forecast: Forecast, measured: &Demand) -> Forecast {
        let memory = self.memory_percent.zip(measured.memory_percent);
        let memory_left = memory.map_or(1.0, |(without, with)| (without / with.max(0.1)).min(1.0));
        forecast.grown(self.processor_left.unwrap_or(1.0), memory_left)
    }
}

/// A type that suffices after a repair.
#[derive(Debug, Clone, PartialEq)]
pub struct Suffices {
    /// The type now.
    pub from: InstanceType,
    /// The type that suffices.
    pub to: InstanceType,
    /// What it saves.
    pub savings: Estimate,
    /// Its risk.
    pub risk: PerformanceRisk,
    /// The use it would see.
    pub projected: Vec<Projection>,
    /// What is expected not to fit.
    pub expected: Option<ExpectedHarm>,
}

impl Suffices {
    /// Returns the repair and the change of size behind it.
    pub fn action(&self, faults: &[ApplicationFault], endpoint: Option<String>) -> Action {
        Action::FixApplication(Repair {
            faults: faults.to_vec(),
            endpoint,
            from: self.from.clone(),
            to: self.to.clone(),
        })
    }

    /// Returns it as an option of a recommendation.
    pub fn option(
        &self,
        faults: &[ApplicationFault],
        endpoint: Option<String>,
    ) -> RecommendationOption {
        RecommendationOption {
            action: self.action(faults, endpoint),
            estimated_monthly_savings: self.savings.clone(),
            performance_risk: self.risk,
            projected: self.projected.clone(),
            expected: self.expected.clone(),
        }
    }
}

/// Returns the facts of the type that runs.
///
/// # Errors
/// Returns `Unknown` if the catalogue does not have it.
pub fn current<'a>(
    facts: &Facts<'a>,
    instance: &Resource<Instance>,
) -> Result<&'a InstanceTypeFacts, Unknown> {
    let name = &instance.kind.instance_type;
    facts.prices.instance_types.get(name).ok_or_else(|| {
        unknown(
            "no-type-in-catalogue",
            format!("The catalogue has no facts for {name}."),
            format!("카탈로그에 {name}의 사양 정보가 없습니다."),
            &[&format!("prices:ec2:{name}")],
        )
    })
}

/// Returns the cheapest type that suffices for what is left; absent where none costs less.
///
/// # Errors
/// Returns `Unknown` if processor metrics or a price are missing, as for any size.
pub fn suffices(
    facts: &Facts<'_>,
    instance: &Resource<Instance>,
    current: &InstanceTypeFacts,
    without: Without,
) -> Result<Option<Suffices>, Unknown> {
    let policy = facts.policy.sizing(instance.environment);
    let offered = offers(facts.prices, &instance.region, policy.estimated_prices);
    let licensed = family_at_billed_rate(facts, instance, current, &offered)?;
    let family: Option<Vec<Offer<'_>>> = licensed
        .as_ref()
        .map(|all| all.iter().map(|one| Offer { facts: one.facts, price: &one.price }).collect());
    let offered = family.unwrap_or(offered);
    let measured = Demand::of_instance(facts, instance, current)?;
    let demand = without.of(&measured);
    let forecast = without.forecast(Forecast::of_instance(facts, instance)?, &measured);
    let performance = Performance::of(facts.prices);
    let requirement = Requirement::new(&demand, policy, current);
    let question = Question {
        instance: &instance.kind,
        current,
        demand: &demand,
        forecast: &forecast,
        performance: &performance,
        requirement: &requirement,
        policy,
    };
    let name = &current.instance_type;
    let price = offered
        .iter()
        .find(|offer| offer.facts.instance_type == *name)
        .map(|offer| offer.price)
        .or_else(|| facts.prices.instance_hour(&instance.region, name));
    let now =
        price.and_then(|price| monthly_formula_now(Offer { facts: current, price }, &measured));
    let Some((formula_now, monthly_now)) = now else {
        return Err(unknown(
            "no-price-in-catalogue",
            format!("The catalogue has no price in its region for {name}."),
            format!("카탈로그에 {name}의 해당 리전 가격 정보가 없습니다."),
            &[&format!("prices:ec2:{name}")],
        ));
    };
    let found = choices(question, &offered, monthly_now);
    let Some(best) = found.first() else { return Ok(None) };
    let savings = saving::estimate_of(
        facts,
        &instance.reference(ResourceKind::Instance),
        std::slice::from_ref(&instance.id),
        INSTANCE_HOURS_AND_CREDITS,
        formula_now,
        best.formula.clone(),
    )?;
    Ok(Some(Suffices {
        from: name.clone(),
        to: best.offer.facts.instance_type.clone(),
        savings,
        risk: best.risk,
        projected: best.projected.clone(),
        expected: best.expected.clone(),
    }))
}
