//! What each resource carries, and what its users cost.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use trimtab_model::driver::{DriverUnit, Fit, Link, LoadCost, ResourceLoad};
use trimtab_model::environment::Environment;
use trimtab_model::id::{RegionId, ResourceId};
use trimtab_model::money::Money;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::price::{InstanceTypeFacts, PriceBasis};

use crate::check::Facts;
use crate::saving::AMOUNT_DECIMALS;

use super::link::{is_percent, links};

/// What the inventory says of a resource of that name.
#[derive(Debug, Clone, Copy)]
struct Known<'a> {
    environment: Environment,
    region: &'a RegionId,
    size: &'a str,
    instance_type: Option<&'a InstanceTypeFacts>,
}

/// Returns what each resource with metrics follows, carries and costs.
pub fn loads(facts: &Facts<'_>) -> Vec<ResourceLoad> {
    let links = links(facts.traffic, facts.profiles, &facts.policy.calendar);
    let inventory = inventory(facts);
    let priced = priced(&links);
    links
        .into_iter()
        .enumerate()
        .map(|(place, link)| {
            let known = inventory.get(&link.resource).copied();
            load(facts, link, known, priced.contains(&place))
        })
        .collect()
}

fn inventory<'a>(facts: &Facts<'a>) -> BTreeMap<&'a ResourceId, Known<'a>> {
    let instances = facts.snapshot.instances.iter().map(|instance| {
        let known = Known {
            environment: instance.environment,
            region: &instance.region,
            size: instance.kind.instance_type.as_str(),
            instance_type: facts.prices.instance_types.get(&instance.kind.instance_type),
        };
        (&instance.id, known)
    });
    let databases = facts.snapshot.db_instances.iter().map(|db| {
        let known = Known {
            environment: db.environment,
            region: &db.region,
            size: db.kind.db_instance_class.as_str(),
            instance_type: None,
        };
        (&db.id, known)
    });
    instances.chain(databases).collect()
}

/// Returns the places of the links that bear the cost of their resource: of each resource one,
/// the first that follows its driver, else the first.
fn priced(links: &[Link]) -> BTreeSet<usize> {
    let mut places: BTreeMap<_, (bool, usize)> = BTreeMap::new();
    for (place, link) in links.iter().enumerate() {
        let follows = link.explained().is_some();
        let known = places.entry((&link.origin, &link.resource)).or_insert((follows, place));
        if follows && !known.0 {
            *known = (follows, place);
        }
    }
    places.into_values().map(|(_, place)| place).collect()
}

fn load(facts: &Facts<'_>, link: Link, known: Option<Known<'_>>, is_priced: bool) -> ResourceLoad {
    let fit = link.explained().map(|(_, fit)| *fit);
    let is_cpu = link.metric == "CPUUtilization";
    let vcpu = known
        .and_then(|known| known.instance_type)
        .filter(|_| is_cpu)
        .map(|facts| f64::from(facts.vcpu));
    let ceiling = known.filter(|_| is_percent(&link.metric)).map(|known| {
        let policy = facts.policy.sizing(known.environment);
        let headroom = if is_cpu { policy.cpu_headroom } else { policy.memory_headroom };
        (1.0 - headroom.share()) * 100.0
    });
    let cost = known.filter(|_| is_priced).and_then(|known| cost(facts, &link, known));
    ResourceLoad {
        size: known.map(|known| known.size.to_owned()),
        vcpu_per_thousand: fit.zip(vcpu).map(|(fit, vcpu)| fit.slope * 1_000.0 / 100.0 * vcpu),
        holds: fit.zip(ceiling).map(|(fit, ceiling)| holds(&fit, ceiling)),
        ceiling_percent: ceiling,
        cost,
        link,
    }
}

/// Returns how much of the driver brings the peaks within an hour to the ceiling: nineteen of
/// twenty of them lie below.
fn holds(fit: &Fit, ceiling: f64) -> f64 {
    ((ceiling - fit.intercept - fit.residuals.peak_p95.max(0.0)) / fit.slope).max(0.0)
}

fn cost(facts: &Facts<'_>, link: &Link, known: Known<'_>) -> Option<LoadCost> {
    let billed = facts.charges.monthly_effective(&link.resource);
    let (monthly, basis) = match billed {
        // A sum over several currencies would be none of them.
        Some(sums) if sums.len() == 1 => (sums.into_values().next()?, PriceBasis::Bill),
        Some(_) => return None,
        None => {
            let hour =
                facts.prices.instance_hour(known.region, &known.instance_type?.instance_type)?;
            let month = hour.usd.checked_mul(Decimal::from(HOURS_PER_MONTH))?;
            (Money::usd(month), hour.basis)
        }
    };
    let per_thousand = link.explained().and_then(|(driver, fit)| {
        let hours = if driver.unit == DriverUnit::RequestsPerHour { HOURS_PER_MONTH } else { 1 };
        let units = Decimal::from_f64(fit.mean_driver)?.checked_mul(Decimal::from(hours))?;
        let thousands = units.checked_div(Decimal::ONE_THOUSAND)?;
        let amount = monthly.amount.checked_div(thousands)?;
        Some(Money::new(amount, monthly.currency).cut(AMOUNT_DECIMALS))
    });
    Some(LoadCost { monthly, per_thousand, basis })
}

#[cfg(test)]
mod tests {
    use super::*;

    use trimtab_model::driver::Residuals;

    #[test]
    fn a_machine_holds_what_its_peaks_allow() {
        let fit = Fit {
            slope: 0.01,
            intercept: 10.0,
            lag_hours: 0,
            r_squared: 1.0,
            explained: 1.0,
            residuals: Residuals { p5: 0.0, absolute_p50: 0.0, p95: 0.0, peak_p95: 20.0 },
            points: 100,
            saturated: 0,
            mean_driver: 1_000.0,
            recent_peak: 2_000.0,
        };
        assert!((holds(&fit, 80.0) - 5_000.0).abs() < 1e-6);
        assert!(holds(&fit, 25.0).abs() < 1e-9);
    }
}
