//! Machines that suffice today and would not with other users.

use std::collections::BTreeSet;

use trimtab_model::analysis::Analysis;
use trimtab_model::id::CheckId;
use trimtab_model::money::Money;
use trimtab_model::price::InstanceTypeFacts;
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::{Resource, ResourceKind, ResourceRef};
use trimtab_model::simulation::{Remedy, TooSmall};
use trimtab_model::text::Reason;

use crate::check::Facts;
use crate::sizing::burstable::throttles;
use crate::sizing::choice::monthly_formula;
use crate::sizing::demand::Demand;
use crate::sizing::evidence::under;
use crate::sizing::exemption;
use crate::sizing::fit::{MissingFigure, Offer, Spec, is_compatible, offers, shortfalls};
use crate::sizing::headroom::Requirement;
use crate::sizing::licensed::family_at_billed_rate;

/// What checks say of a machine that must not shrink.
const UNDERPROVISIONED: &str = "underprovisioned";

/// Lists the machines that are short of something then and are not now: instances with the
/// cheapest type that suffices, others by the verdict of their check.
pub(super) fn too_small(
    now: &Facts<'_>,
    then: &Facts<'_>,
    analysis_now: &Analysis,
    analysis_then: &Analysis,
) -> Vec<TooSmall> {
    let instances = now.snapshot.instances.iter().filter_map(|one| instance(now, then, one));
    let already = short(analysis_now);
    let others = short(analysis_then)
        .into_iter()
        .filter(|(_, resource)| resource.kind != ResourceKind::Instance)
        .filter(|name| !already.contains(name))
        .map(|(check, resource)| other(then, check, resource));
    instances.chain(others).collect()
}

fn short(analysis: &Analysis) -> BTreeSet<(&CheckId, &ResourceRef)> {
    analysis
        .passed
        .iter()
        .filter(|passed| passed.reason.code == UNDERPROVISIONED)
        .map(|passed| (&passed.check, &passed.resource))
        .collect()
}

fn other(facts: &Facts<'_>, check: &CheckId, resource: &ResourceRef) -> TooSmall {
    let databases = &facts.snapshot.db_instances;
    let size = databases
        .iter()
        .find(|db| db.id == resource.id)
        .map_or_else(|| check.to_string(), |db| db.kind.db_instance_class.to_string());
    TooSmall {
        resource: resource.clone(),
        size,
        short: Vec::new(),
        remedy: Err(Reason::new(
            "larger-size-not-priced",
            "Which larger size suffices is worked out for EC2 instances only.",
            "충분한 크기를 찾는 계산은 EC2 인스턴스에만 있습니다.",
        )),
    }
}

fn instance(now: &Facts<'_>, then: &Facts<'_>, one: &Resource<Instance>) -> Option<TooSmall> {
    if exemption::verdict(one).is_some() {
        return None;
    }
    let current = now.prices.instance_types.get(&one.kind.instance_type)?;
    let missing = |facts: &Facts<'_>| -> Option<(Demand, Requirement, Vec<Spec>)> {
        let demand = Demand::of_instance(facts, one, current).ok()?;
        let policy = facts.policy.sizing(one.environment);
        let requirement = Requirement::new(&demand, policy, current);
        let short = shortfalls(&requirement, current, MissingFigure::Enough);
        Some((demand, requirement, short))
    };
    let (_, _, before) = missing(now)?;
    let (demand, requirement, short) = missing(then)?;
    if short.iter().all(|spec| before.contains(spec)) {
        return None;
    }
    Some(TooSmall {
        resource: one.reference(ResourceKind::Instance),
        size: current.instance_type.to_string(),
        short: short.iter().map(|spec| under(*spec)).collect(),
        remedy: remedy(then, one, current, &demand, &requirement),
    })
}

fn remedy(
    facts: &Facts<'_>,
    one: &Resource<Instance>,
    current: &InstanceTypeFacts,
    demand: &Demand,
    requirement: &Requirement,
) -> Result<Remedy, Reason> {
    let policy = facts.policy.sizing(one.environment);
    let all = offers(facts.prices, &one.region, policy.estimated_prices);
    let licensed =
        family_at_billed_rate(facts, one, current, &all).map_err(|unknown| unknown.reason)?;
    let offers: Vec<Offer<'_>> = match &licensed {
        Some(family) => {
            family.iter().map(|one| Offer { facts: one.facts, price: &one.price }).collect()
        }
        None => all.clone(),
    };
    let price = offers
        .iter()
        .find(|offer| offer.facts.instance_type == current.instance_type)
        .map(|offer| offer.price)
        .or_else(|| facts.prices.instance_hour(&one.region, &current.instance_type));
    let monthly = |offer: Offer<'_>| monthly_formula(offer, demand).map(|(_, monthly)| monthly);
    let monthly_now =
        price.and_then(|price| monthly(Offer { facts: current, price })).ok_or_else(no_type)?;
    offers
        .iter()
        .filter(|offer| shortfalls(requirement, offer.facts, MissingFigure::Short).is_empty())
        .filter(|offer| is_compatible(&one.kind, current, offer.facts, policy))
        .filter(|offer| !throttles(offer.facts, demand.cpu.used()))
        .filter_map(|offer| Some((monthly(*offer)?, offer)))
        .min_by_key(|(monthly, offer)| (*monthly, &offer.facts.instance_type))
        .map(|(monthly, offer)| Remedy {
            size: offer.facts.instance_type.to_string(),
            extra_monthly: Money::usd(monthly - monthly_now),
        })
        .ok_or_else(no_type)
}

fn no_type() -> Reason {
    Reason::new(
        "no-larger-type",
        "No type of the catalogue in its region suffices, or its price is not known.",
        "해당 리전의 카탈로그에 충분한 유형이 없거나 가격을 알 수 없습니다.",
    )
}
