//! Charts of cost, from the values that a page shows as numbers too.

use jiff::civil::Date;

use trimtab_model::money::{Money, MoneyError};
use trimtab_render::chart::{Caption, DayState, Stack, StackDay, Tile, TileGroup, Treemap};
use trimtab_store::cost::CostGroup;

use super::daily::{Basis, Daily};
use crate::query::Query;

/// Makes the stacked bars of a stretch of days, the largest series first.
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
    let sums = daily.by_key(first, last)?;
    let named = |key: &Option<String>| key.clone().unwrap_or_else(|| no_name.to_owned());
    let days = daily.between(first, last).map(|(date, costs)| {
        let day = date.to_string();
        let link = Query::default().with("from", Some(&day)).with("until", Some(&day));
        StackDay {
            date,
            values: sums.iter().map(|(key, _)| costs.get(key).copied()).collect(),
            state: if date < provisional_from { DayState::Settled } else { DayState::Provisional },
            event: None,
            link: Some(link.on("/cost")),
        }
    });
    Ok(Stack {
        caption,
        series: sums.iter().map(|(key, _)| named(key)).collect(),
        days: days.collect(),
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
    let named = |key: Option<&Option<String>>| {
        key.and_then(Clone::clone).unwrap_or_else(|| no_name.to_owned())
    };
    for group in groups.iter().filter(|group| group.currency == of.currency) {
        let Some(amount) = basis.cost(group).filter(|cost: &Money| cost.is_positive()) else {
            continue;
        };
        let (outer, inner) = (named(group.key.first()), named(group.key.get(1)));
        let to = Query::default().with("service", Some(&outer));
        let within = to.with("account", Some(&inner)).with("group_by", Some("usage-type"));
        let tile = Tile { name: inner, amount, link: Some(within.on("/cost")) };
        match areas.iter_mut().find(|area| area.name == outer) {
            Some(area) => area.tiles.push(tile),
            None => {
                let link = Some(to.with("group_by", Some("usage-type")).on("/cost"));
                areas.push(TileGroup { name: outer, link, tiles: vec![tile] });
            }
        }
    }
    Treemap { caption, groups: areas }
}
