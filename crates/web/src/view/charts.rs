//! Charts of cost, from the values that a page shows as numbers too.

use jiff::civil::Date;

use trimtab_model::money::{Money, MoneyError};
use trimtab_render::chart::{
    Caption, DayState, Stack, StackDay, StackRest, Tile, TileGroup, Treemap,
};
use trimtab_store::cost::CostGroup;

use super::daily::{Basis, Daily};
use crate::query::Query;

/// Series that are kept apart at most: there are resources by the ten thousand.
pub(super) const SERIES: usize = 20;

/// Makes the stacked bars of a stretch of days, the largest series first, and what all others come to.
///
/// # Errors
/// Fails if a sum has more digits than an amount can hold.
pub(crate) fn stack(
    daily: &Daily,
    (first, last): (Date, Date),
    provisional_from: Date,
    caption: Caption,
    no_name: &str,
) -> Result<Stack, MoneyError> {
    let mut sums = daily.by_key(first, last)?;
    let others = sums.split_off(sums.len().min(SERIES));
    let mut rest = StackRest { count: others.len() as u64, values: Vec::new() };
    if let Some(more) = &daily.rest {
        rest.count += more.count;
    }
    for (date, costs) in daily.days(first, last) {
        let of_others = others.iter().filter_map(|(key, _)| costs?.get(key).copied());
        let mut parts =
            of_others.chain(daily.rest.as_ref().and_then(|rest| rest.days.get(&date).copied()));
        let sum = parts.next().map(|one| parts.try_fold(one, Money::checked_add)).transpose()?;
        rest.values.push(sum);
    }
    let named = |key: &Option<String>| key.clone().unwrap_or_else(|| no_name.to_owned());
    let days = daily.days(first, last).map(|(date, costs)| {
        let day = date.to_string();
        let link = Query::default().with("from", Some(&day)).with("until", Some(&day));
        let value = |key| costs.and_then(|costs| costs.get(key)).copied();
        StackDay {
            date,
            values: sums.iter().map(|(key, _)| value(key)).collect(),
            state: if date < provisional_from { DayState::Settled } else { DayState::Provisional },
            event: None,
            link: Some(link.on("/cost")),
        }
    });
    Ok(Stack {
        caption,
        series: sums.iter().map(|(key, _)| named(key)).collect(),
        days: days.collect(),
        rest: (rest.count > 0).then_some(rest),
    })
}

/// Makes the areas of two levels of cost: an outer one, and what it is divided by.
pub(crate) fn treemap(
    groups: &[CostGroup],
    basis: Basis,
    of: &Daily,
    caption: Caption,
    no_name: &str,
) -> Treemap {
    let mut areas: Vec<TileGroup> = Vec::new();
    let named = |key: &Option<String>| key.clone().unwrap_or_else(|| no_name.to_owned());
    for group in groups.iter().filter(|group| group.currency == of.currency) {
        let Some(amount) = basis.cost(group).filter(|cost: &Money| cost.is_positive()) else {
            continue;
        };
        let key = |place| group.key.get(place).cloned().flatten();
        let (service, account) = (key(0), key(1));
        // Charges without a name cannot be asked for by it.
        let of_service = service.as_deref().map(|service| {
            let query = Query::default().with("service", Some(service));
            query.with("group_by", Some("usage-type"))
        });
        let within = of_service.as_ref().zip(account.as_deref());
        let within =
            within.map(|(query, account)| query.with("account", Some(account)).on("/cost"));
        let (outer, inner) = (named(&service), named(&account));
        let tile = Tile { name: inner, amount, link: within };
        match areas.iter_mut().find(|area| area.name == outer) {
            Some(area) => area.tiles.push(tile),
            None => {
                let link = of_service.map(|query| query.on("/cost"));
                areas.push(TileGroup { name: outer, link, tiles: vec![tile] });
            }
        }
    }
    Treemap { caption, groups: areas }
}
