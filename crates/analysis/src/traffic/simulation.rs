//! What another number of users would change: sizes, recommendations and money.

use std::collections::{BTreeMap, BTreeSet};

use trimtab_model::analysis::Analysis;
use trimtab_model::environment::Environment;
use trimtab_model::id::CheckId;
use trimtab_model::money::{Currency, Money};
use trimtab_model::recommendation::Recommendation;
use trimtab_model::resource::ResourceRef;
use trimtab_model::simulation::{Moved, Outcome, Scenario, Simulation};

use crate::analyze::analyze_with;
use crate::check::{Check, Facts};

use super::scenario::{lies_within, stage};
use super::too_small::too_small;

type Name<'a> = (&'a CheckId, &'a ResourceRef);

/// Judges everything again with the users of a scenario, and compares.
pub fn simulate(
    checks: &[&Check],
    facts: &Facts<'_>,
    now: &Analysis,
    scenario: Scenario,
) -> Simulation {
    let staged = stage(facts, &scenario);
    let then_facts = Facts { profiles: &staged.profiles, ..*facts };
    let then = analyze_with(checks, &then_facts);
    let horizon_days = Environment::ALL
        .iter()
        .map(|environment| facts.policy.sizing(*environment).horizon.days())
        .max()
        .unwrap_or_default();
    let today = facts.policy.calendar.day_of(facts.now);
    let outside = scenario
        .events
        .iter()
        .copied()
        .filter(|event| !lies_within(event.date, today, horizon_days))
        .collect();
    let too_small = too_small(facts, &then_facts, now, &then);
    let (moved, stay) = moved(now, &then);
    let zero = Money::zero(Currency::USD);
    let extra_monthly = too_small
        .iter()
        .filter_map(|one| one.remedy.as_ref().ok())
        .try_fold(zero, |sum, remedy| sum.checked_add(remedy.extra_monthly))
        .unwrap_or(zero);
    Simulation {
        scenario,
        horizon_days,
        outside,
        scaled: staged.scaled,
        moved,
        stay,
        too_small,
        unchanged: staged.unchanged,
        savings: savings(now, &then),
        extra_monthly,
    }
}

/// Returns the recommendations that move, the largest loss first, and how many stay.
fn moved(now: &Analysis, then: &Analysis) -> (Vec<Moved>, u64) {
    let (before, after) = (by_name(now), by_name(then));
    let names: BTreeSet<Name<'_>> = before.keys().chain(after.keys()).copied().collect();
    let mut stay = 0;
    let mut moved: Vec<Moved> = Vec::new();
    for name in names {
        let (one, other) = (before.get(&name).copied(), after.get(&name).copied());
        match outcome(one, other) {
            Some(outcome) => moved.push(moved_one(name, outcome, one, other)),
            None => stay += 1,
        }
    }
    moved.sort_by(|a, b| (loss(b), &a.check, &a.resource).cmp(&(loss(a), &b.check, &b.resource)));
    (moved, stay)
}

fn by_name(analysis: &Analysis) -> BTreeMap<Name<'_>, &Recommendation> {
    analysis.items.iter().map(|item| ((&item.check, &item.resource), item)).collect()
}

fn outcome(now: Option<&Recommendation>, then: Option<&Recommendation>) -> Option<Outcome> {
    match (now, then) {
        (Some(_), None) => Some(Outcome::Falls),
        (None, Some(_)) => Some(Outcome::Appears),
        (Some(now), Some(then)) if now.action != then.action => Some(Outcome::Changes),
        (Some(now), Some(then)) => {
            let likely = |one: &Recommendation| one.estimated_monthly_savings.likely;
            (likely(now) != likely(then)).then_some(Outcome::SavesOtherwise)
        }
        (None, None) => None,
    }
}

fn moved_one(
    (check, resource): Name<'_>,
    outcome: Outcome,
    now: Option<&Recommendation>,
    then: Option<&Recommendation>,
) -> Moved {
    Moved {
        check: check.clone(),
        resource: resource.clone(),
        outcome,
        action_now: now.map(|one| one.action.clone()),
        action_then: then.map(|one| one.action.clone()),
        savings_now: now.map(|one| one.estimated_monthly_savings.likely),
        savings_then: then.map(|one| one.estimated_monthly_savings.likely),
    }
}

fn loss(moved: &Moved) -> rust_decimal::Decimal {
    let amount = |money: Option<Money>| money.map(|money| money.amount).unwrap_or_default();
    amount(moved.savings_now) - amount(moved.savings_then)
}

fn savings(now: &Analysis, then: &Analysis) -> Vec<(Money, Money)> {
    let currencies: BTreeSet<Currency> =
        now.totals.keys().chain(then.totals.keys()).copied().collect();
    let of = |analysis: &Analysis, currency: Currency| {
        analysis.totals.get(&currency).map_or(Money::zero(currency), |total| total.likely)
    };
    currencies.into_iter().map(|currency| (of(now, currency), of(then, currency))).collect()
}
