//! What made a service cost more or less than the week before.

use std::collections::BTreeMap;

use jiff::civil::Date;

use trimtab_analysis::report::{UsageMeter, split};
use trimtab_app::failure::Failure;
use trimtab_model::document::Days;
use trimtab_model::money::{Currency, Money};
use trimtab_store::cost::{CostFilter, CostGroup, GroupBy};

use super::daily::before;
use super::grouping::{Narrowed, narrow};
use super::overview::{Cause, Mover, Spent, WEEK};
use crate::shared::Shared;

/// Finds what made the difference of each service that moved: what is new, what is gone, else its usage types.
pub(super) fn explain(
    shared: &Shared,
    spent: &mut Spent,
    currency: Currency,
    (filter, narrowed): (&CostFilter, &Narrowed),
) -> Result<(), Failure> {
    if spent.movers.is_empty() {
        return Ok(());
    }
    let is_whole = *filter == CostFilter::default() && *narrowed == Narrowed::default();
    let filter = CostFilter {
        from: Some(before(spent.until, 2 * WEEK - 1)),
        until: spent.until.tomorrow().ok(),
        currency: Some(currency),
        ..filter.clone()
    };
    let by = [GroupBy::Day, GroupBy::Service, GroupBy::UsageType];
    let groups = narrow(shared, &by, &filter, narrowed)?;
    let turn = before(spent.until, WEEK - 1);
    let days = |weeks: i32| Days {
        first: before(spent.until, weeks * WEEK - 1),
        last: before(spent.until, (weeks - 1) * WEEK),
    };
    for mover in &mut spent.movers {
        mover.cause = cause(mover, &groups, turn);
    }
    if !is_whole {
        // Meters are of the whole bill.
        return Ok(());
    }
    let (meters_after, meters_before) =
        (shared.meters(currency, days(1))?, shared.meters(currency, days(2))?);
    for mover in &mut spent.movers {
        let is_its = |meter: &&UsageMeter| meter.service == mover.service;
        let (earlier, later) =
            (meters_before.iter().filter(is_its), meters_after.iter().filter(is_its));
        let apart = split(earlier, later, mover.difference);
        mover.usage = apart.map(|apart| apart.usage);
        mover.price = apart.map(|apart| apart.price);
    }
    Ok(())
}

pub(super) fn cause(mover: &Mover, groups: &[CostGroup], turn: Date) -> Option<Cause> {
    if mover.before.amount.is_zero() {
        return Some(Cause::New);
    }
    if mover.after.amount.is_zero() {
        return Some(Cause::Gone);
    }
    let zero = Money::zero(mover.difference.currency);
    let mut moved: BTreeMap<&str, Money> = BTreeMap::new();
    for group in groups {
        let [Some(day), service, Some(usage_type)] = group.key.as_slice() else { continue };
        if *service != mover.service {
            continue;
        }
        // A part of the cost is no cause of the whole.
        let cost = group.whole_effective()?;
        let is_after = day.parse::<Date>().ok()? >= turn;
        let sum = moved.entry(usage_type).or_insert(zero);
        *sum = if is_after { sum.checked_add(cost) } else { sum.checked_sub(cost) }.ok()?;
    }
    let is_less = mover.difference.amount.is_sign_negative();
    let (name, difference) = moved
        .into_iter()
        .filter(|(_, moved)| moved.amount.is_sign_negative() == is_less && !moved.amount.is_zero())
        .max_by_key(|(_, moved)| moved.amount.abs())?;
    Some(Cause::UsageType(name.to_owned(), difference))
}
