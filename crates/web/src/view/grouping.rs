//! What cost may be kept apart by: a column of the bill, or what tags say in the words of the configuration.

use std::collections::BTreeMap;

use trimtab_app::config::Settings;
use trimtab_app::failure::Failure;
use trimtab_model::resource::Tags;
use trimtab_store::cost::{CostFilter, CostGroup, GroupBy};

use crate::shared::Shared;

/// What cost may be kept apart by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Grouping {
    /// A column of the bill.
    By(GroupBy),
    /// The environment that tags name, else that of the account.
    Environment,
    /// The first tag that names an owner.
    Team,
}

/// Words of an address, and what they stand for.
pub(crate) const GROUPINGS: [(&str, Grouping); 8] = [
    ("service", Grouping::By(GroupBy::Service)),
    ("account", Grouping::By(GroupBy::Account)),
    ("environment", Grouping::Environment),
    ("team", Grouping::Team),
    ("region", Grouping::By(GroupBy::Region)),
    ("usage-type", Grouping::By(GroupBy::UsageType)),
    ("resource", Grouping::By(GroupBy::Resource)),
    ("category", Grouping::By(GroupBy::Category)),
];

/// Returns cost by UTC day and then by a grouping. Groups of one name may be several.
///
/// # Errors
/// Fails if the lake cannot be read.
pub(crate) fn by_day(
    shared: &Shared,
    grouping: &Grouping,
    filter: &CostFilter,
) -> Result<Vec<CostGroup>, Failure> {
    let settings = &shared.settings;
    let keys = match grouping {
        Grouping::By(by) => {
            let groups = shared.grouped(&[GroupBy::Day, by.clone()], filter)?;
            return Ok(groups.as_ref().clone());
        }
        Grouping::Environment => &settings.policy.environments.keys,
        Grouping::Team => &settings.tags.owners,
    };
    let tags = keys.iter().cloned().map(GroupBy::Tag);
    let by: Vec<GroupBy> = [GroupBy::Day, GroupBy::Account].into_iter().chain(tags).collect();
    let groups = shared.grouped(&by, filter)?;
    let spelled = spellings(&groups);
    let named = groups.iter().map(|group| {
        let name = match group.key.as_slice() {
            [_, account, values @ ..] if *grouping == Grouping::Environment => {
                Some(environment(settings, account.as_deref(), keys.iter().zip(values)))
            }
            [_, _, values @ ..] => {
                team(values).map(|name| spelled.get(&name).cloned().unwrap_or(name))
            }
            _ => None,
        };
        CostGroup { key: vec![group.key.first().cloned().flatten(), name], ..group.clone() }
    });
    Ok(named.collect())
}

/// Returns the environment of charges with these tags, as everywhere else.
fn environment<'a>(
    settings: &Settings,
    account: Option<&str>,
    tags: impl Iterator<Item = (&'a String, &'a Option<String>)>,
) -> String {
    let tags: Tags = tags.filter_map(|(key, value)| Some((key.clone(), value.clone()?))).collect();
    let account = account.unwrap_or_default().into();
    settings.policy.environments.environment(&tags, &account).as_str().to_owned()
}

/// Returns the first value of a tag that names an owner: spellings that differ in case are one.
fn team(values: &[Option<String>]) -> Option<String> {
    owner(values).map(str::to_lowercase)
}

fn owner(values: &[Option<String>]) -> Option<&str> {
    values.iter().flatten().map(|value| value.trim()).find(|value| !value.is_empty())
}

/// Returns how each team is written: of several spellings the first in order.
fn spellings(groups: &[CostGroup]) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    for group in groups {
        let Some(name) = group.key.get(2..).and_then(owner) else { continue };
        let known = all.entry(name.to_lowercase()).or_insert_with(|| name.to_owned());
        if name < known.as_str() {
            name.clone_into(known);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_owner_counts_in_any_spelling() {
        let value = |text: &str| Some(text.to_owned());
        assert_eq!(team(&[None, value(" Live-Ops "), value("game")]).as_deref(), Some("live-ops"));
        assert_eq!(team(&[None, value("  ")]), None);
    }
}
