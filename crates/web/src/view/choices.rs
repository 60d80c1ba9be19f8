//! What a reader may look at: the accounts, environments and teams that bills, inventory and configuration name.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;

use trimtab_app::config::Settings;
use trimtab_app::failure::Failure;
use trimtab_model::environment::Environment;
use trimtab_store::cost::{CostFilter, GroupBy};

use super::grouping::{Grouping, columns, value};
use crate::register::owner_of;
use crate::shared::Shared;

/// What a reader may look at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Choices {
    /// The accounts, by their name.
    pub(crate) accounts: Vec<NamedAccount>,
    /// The environments that something is in.
    #[schema(value_type = Vec<String>)]
    pub(crate) environments: BTreeSet<Environment>,
    /// The teams, each in the spelling that is first in order.
    pub(crate) teams: Vec<String>,
}

/// An account, and what people call it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub(crate) struct NamedAccount {
    /// What people call it; null where the configuration does not say.
    pub(crate) alias: Option<String>,
    /// Its twelve digits, or what the bill has in their place.
    pub(crate) id: String,
}

/// Returns what people call an account.
pub(crate) fn alias<'a>(settings: &'a Settings, id: &str) -> Option<&'a str> {
    settings.accounts.iter().find(|account| account.id == id)?.alias.as_deref()
}

/// Finds what there is to choose from.
///
/// # Errors
/// Fails if the store cannot be read.
pub(crate) fn choices(shared: &Shared) -> Result<Choices, Failure> {
    let settings = &shared.settings;
    let mut found = Found::default();
    found.accounts.extend(settings.accounts.iter().map(|account| account.id.clone()));
    if let Some(snapshot) = shared.inventory()? {
        for (resource, tags) in snapshot.tags() {
            found.account(resource.account.as_str());
            found.environments.insert(resource.environment);
            found.team(owner_of(tags, &settings.tags.owners));
        }
    }
    if shared.has_bills()? {
        bills(shared, &mut found)?;
    }
    let account = |id: String| NamedAccount { alias: alias(settings, &id).map(str::to_owned), id };
    let mut accounts: Vec<NamedAccount> = found.accounts.into_iter().map(account).collect();
    // Those with a name first, as people look for them.
    accounts.sort_by_key(|one| (one.alias.is_none(), one.alias.clone(), one.id.clone()));
    let teams = found.teams.into_values().collect();
    Ok(Choices { accounts, environments: found.environments, teams })
}

#[derive(Default)]
struct Found {
    accounts: BTreeSet<String>,
    environments: BTreeSet<Environment>,
    /// By their lower case.
    teams: BTreeMap<String, String>,
}

impl Found {
    fn account(&mut self, id: &str) {
        if !id.is_empty() && !self.accounts.contains(id) {
            self.accounts.insert(id.to_owned());
        }
    }

    fn team(&mut self, name: Option<&str>) {
        let Some(name) = name else { return };
        let known = self.teams.entry(name.to_lowercase()).or_insert_with(|| name.to_owned());
        if name < known.as_str() {
            name.clone_into(known);
        }
    }
}

/// Adds what the charges of the bills say.
fn bills(shared: &Shared, found: &mut Found) -> Result<(), Failure> {
    let settings = &shared.settings;
    let mut by: Vec<GroupBy> = Vec::new();
    for grouping in [Grouping::Environment, Grouping::Team] {
        for column in columns(settings, &grouping) {
            if !by.contains(&column) {
                by.push(column);
            }
        }
    }
    let place = |wanted: &GroupBy| by.iter().position(|column| column == wanted);
    let account = place(&GroupBy::Account);
    let owners: Vec<usize> = columns(settings, &Grouping::Team).iter().filter_map(place).collect();
    for group in shared.grouped(&by, &CostFilter::default())?.iter() {
        if let Some(Some(id)) = account.and_then(|place| group.key.get(place)) {
            found.account(id);
        }
        let environment = value(settings, &Grouping::Environment, &by, &group.key);
        let known =
            Environment::ALL.iter().find(|one| Some(one.as_str()) == environment.as_deref());
        found.environments.extend(known);
        let names = owners.iter().filter_map(|place| group.key.get(*place)?.as_deref());
        found.team(names.map(str::trim).find(|name| !name.is_empty()));
    }
    Ok(())
}
