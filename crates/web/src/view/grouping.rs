//! What cost may be kept apart by: a column of the bill, or what tags say in the words of the configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use trimtab_app::config::Settings;
use trimtab_app::failure::Failure;
use trimtab_model::resource::Tags;
use trimtab_store::cost::{CostFilter, CostGroup, GroupBy};

use crate::query::Query;
use crate::scope::{Scope, wanted};
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

/// What is left of the cost besides what a filter of the bill leaves: values of groupings that are no column of it
/// that filters know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Narrowed {
    wanted: Vec<(Grouping, String)>,
}

/// Words of an address that narrow so.
pub(crate) const NARROWING: [(&str, Grouping); 3] = [
    ("environment", Grouping::Environment),
    ("team", Grouping::Team),
    ("usage_type", Grouping::By(GroupBy::UsageType)),
];

impl Narrowed {
    /// Reads what an address asks for.
    pub(crate) fn of(query: &Query) -> Self {
        let asked = NARROWING
            .into_iter()
            .filter_map(|(word, grouping)| Some((grouping, wanted(query, word)?.to_owned())));
        Self { wanted: asked.collect() }
    }

    /// Reads what is looked at, but for the account: that is a column which filters know.
    pub(crate) fn in_scope(scope: &Scope) -> Self {
        Self::of(&scope.onto(&Query::default()))
    }
}

/// Returns cost by UTC day and then by a grouping. Groups of one name may be several.
///
/// # Errors
/// Fails if the lake cannot be read.
pub(crate) fn by_day(
    shared: &Shared,
    grouping: &Grouping,
    filter: &CostFilter,
    narrowed: &Narrowed,
) -> Result<Vec<CostGroup>, Failure> {
    let settings = &shared.settings;
    let by: Vec<GroupBy> =
        std::iter::once(GroupBy::Day).chain(columns(settings, grouping)).collect();
    let groups = narrow(shared, &by, filter, narrowed)?;
    if matches!(grouping, Grouping::By(_)) {
        return Ok(groups.as_ref().clone());
    }
    let spelled = spellings(settings, &by, &groups);
    let named = groups.iter().map(|group| {
        let name = value(settings, grouping, &by, &group.key);
        let name = match grouping {
            Grouping::Team => name.map(|name| spelled.get(&name).cloned().unwrap_or(name)),
            Grouping::By(_) | Grouping::Environment => name,
        };
        CostGroup { key: vec![group.key.first().cloned().flatten(), name], ..group.clone() }
    });
    Ok(named.collect())
}

/// Returns cost by columns of the bill, of the charges that are left.
///
/// # Errors
/// Fails if the lake cannot be read.
pub(crate) fn narrow(
    shared: &Shared,
    by: &[GroupBy],
    filter: &CostFilter,
    narrowed: &Narrowed,
) -> Result<Arc<Vec<CostGroup>>, Failure> {
    let all = narrowed.with_columns(&shared.settings, by);
    let groups = shared.grouped(&all, filter)?;
    if narrowed.wanted.is_empty() {
        return Ok(groups);
    }
    Ok(Arc::new(left(shared, &all, by.len(), &groups, narrowed)))
}

/// Answers the same without keeping it, as [`Shared::asked`] does.
///
/// # Errors
/// Fails if the lake cannot be read.
pub(crate) fn narrow_unkept(
    shared: &Shared,
    by: &[GroupBy],
    filter: &CostFilter,
    narrowed: &Narrowed,
) -> Result<Vec<CostGroup>, Failure> {
    let all = narrowed.with_columns(&shared.settings, by);
    let groups = shared.asked(&all, filter)?;
    if narrowed.wanted.is_empty() {
        return Ok(groups);
    }
    Ok(left(shared, &all, by.len(), &groups, narrowed))
}

impl Narrowed {
    /// Returns columns with those that tell what is left.
    fn with_columns(&self, settings: &Settings, by: &[GroupBy]) -> Vec<GroupBy> {
        let mut all = by.to_vec();
        for column in self.wanted.iter().flat_map(|(grouping, _)| columns(settings, grouping)) {
            if !all.contains(&column) {
                all.push(column);
            }
        }
        all
    }
}

/// Returns the groups that are left, by their first columns.
fn left(
    shared: &Shared,
    all: &[GroupBy],
    columns: usize,
    groups: &[CostGroup],
    narrowed: &Narrowed,
) -> Vec<CostGroup> {
    let settings = &shared.settings;
    let is_wanted = |group: &&CostGroup| {
        narrowed.wanted.iter().all(|(grouping, wanted)| {
            let found = value(settings, grouping, all, &group.key);
            found.is_some_and(|found| match grouping {
                Grouping::Team => found == wanted.to_lowercase(),
                Grouping::By(_) | Grouping::Environment => found == *wanted,
            })
        })
    };
    let left = groups.iter().filter(is_wanted).map(|group| {
        let mut group = group.clone();
        group.key.truncate(columns);
        group
    });
    left.collect()
}

/// Returns the columns that a grouping is read from.
pub(super) fn columns(settings: &Settings, grouping: &Grouping) -> Vec<GroupBy> {
    let tags = |keys: &[String]| keys.iter().cloned().map(GroupBy::Tag).collect::<Vec<_>>();
    match grouping {
        Grouping::By(column) => vec![column.clone()],
        Grouping::Environment => {
            let tags = tags(&settings.policy.environments.keys);
            std::iter::once(GroupBy::Account).chain(tags).collect()
        }
        Grouping::Team => tags(&settings.tags.owners),
    }
}

/// Reads the value of a grouping from columns; a team in lower case.
pub(super) fn value(
    settings: &Settings,
    grouping: &Grouping,
    by: &[GroupBy],
    key: &[Option<String>],
) -> Option<String> {
    let wanted = columns(settings, grouping);
    let column = |wanted: &GroupBy| {
        let place = by.iter().position(|column| column == wanted)?;
        key.get(place)?.clone()
    };
    let values: Vec<Option<String>> = wanted.iter().map(column).collect();
    match grouping {
        Grouping::By(_) => values.into_iter().next().flatten(),
        Grouping::Environment => {
            let (account, tags) = values.split_first()?;
            let keys = &settings.policy.environments.keys;
            Some(environment(settings, account.as_deref(), keys.iter().zip(tags)))
        }
        Grouping::Team => team(&values),
    }
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
fn spellings(
    settings: &Settings,
    by: &[GroupBy],
    groups: &[CostGroup],
) -> BTreeMap<String, String> {
    let tags = columns(settings, &Grouping::Team);
    let places: Vec<usize> =
        tags.iter().filter_map(|tag| by.iter().position(|column| column == tag)).collect();
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    for group in groups {
        let values: Vec<Option<String>> =
            places.iter().filter_map(|place| group.key.get(*place).cloned()).collect();
        let Some(name) = owner(&values) else { continue };
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
