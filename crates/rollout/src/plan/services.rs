//! The services of an account, as their tags name them.

use std::collections::{BTreeMap, BTreeSet};

use trimtab_model::environment::Environment;
use trimtab_model::id::ResourceId;
use trimtab_model::resource::instance::{Instance, InstanceState};
use trimtab_model::resource::{Resource, ResourceKind, ResourceRef, Tags};
use trimtab_model::snapshot::Snapshot;

/// How many others are read beside one: their median is what counts.
const MOST_CONTROLS: usize = 5;

/// A service in one environment.
type Key = (String, Environment);

/// Every service, with its members and with those of them that a plan does not change.
#[derive(Debug, Clone)]
pub struct Services<'a> {
    keys: &'a [String],
    members: BTreeMap<Key, u32>,
    unchanged: BTreeMap<Key, Vec<&'a Resource<Instance>>>,
}

impl<'a> Services<'a> {
    /// Finds the services that the first of `keys` names which a resource has. What is stopped
    /// serves nobody and is no member.
    pub fn of(snapshot: &'a Snapshot, keys: &'a [String], changed: &BTreeSet<ResourceRef>) -> Self {
        let mut services = Self { keys, members: BTreeMap::new(), unchanged: BTreeMap::new() };
        let running =
            snapshot.instances.iter().filter(|one| one.kind.state == InstanceState::Running);
        for one in running {
            let Some(name) = name(&one.tags, keys) else { continue };
            let key = (name, one.environment);
            *services.members.entry(key.clone()).or_default() += 1;
            if !changed.contains(&one.reference(ResourceKind::Instance)) {
                services.unchanged.entry(key).or_default().push(one);
            }
        }
        for one in &snapshot.db_instances {
            if let Some(name) = name(&one.tags, keys) {
                *services.members.entry((name, one.environment)).or_default() += 1;
            }
        }
        services
    }

    /// Returns the service that tags name.
    pub(super) fn name(&self, tags: &Tags) -> Option<String> {
        name(tags, self.keys)
    }

    /// Returns how many machines and databases a service has in an environment.
    pub(super) fn members(&self, name: &str, environment: Environment) -> u32 {
        self.members.get(&(name.to_owned(), environment)).copied().unwrap_or_default()
    }

    /// Returns others of an instance's service and environment, near it, that are not changed.
    pub(super) fn controls(&self, instance: &Resource<Instance>) -> Vec<ResourceId> {
        let Some(name) = self.name(&instance.tags) else { return Vec::new() };
        let others = self.unchanged.get(&(name, instance.environment));
        others
            .into_iter()
            .flatten()
            .filter(|one| one.id != instance.id)
            .filter(|one| one.account == instance.account && one.region == instance.region)
            .take(MOST_CONTROLS)
            .map(|one| one.id.clone())
            .collect()
    }
}

fn name(tags: &Tags, keys: &[String]) -> Option<String> {
    keys.iter()
        .find_map(|key| tags.get(key))
        .map(|name| normalised(name))
        .filter(|name| !name.is_empty())
}

/// Returns the one form of a service's name: people write it with capitals, spaces or
/// underscores, and a budget that each spelling had for itself would be none.
pub(super) fn normalised(name: &str) -> String {
    let words = name.split([' ', '_', '-', '\t']).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}
