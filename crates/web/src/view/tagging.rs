//! How resources are tagged.

use std::collections::BTreeMap;
use std::sync::Arc;

use trimtab_app::failure::Failure;
use trimtab_model::environment::Environment;

use crate::scope::Scope;
use crate::shared::Shared;

/// How resources are tagged.
pub(crate) struct Tagging {
    /// How many resources there are.
    pub(crate) resources: u64,
    /// How many have no tag.
    pub(crate) untagged: u64,
    /// Of how many neither a tag nor the account says the environment.
    pub(crate) unknown_environment: u64,
    /// By key: how many resources have it, and how many different values.
    pub(crate) keys: BTreeMap<String, (u64, u64)>,
}

/// Counts the tags of the inventory, of what is looked at; none without an inventory.
///
/// # Errors
/// Fails if the store cannot be read.
pub(crate) fn tagging(shared: &Shared, scope: &Scope) -> Result<Option<Arc<Tagging>>, Failure> {
    shared.tagging(format!("{scope:?}"), || Ok(counted(shared, scope)?.map(Arc::new)))
}

fn counted(shared: &Shared, scope: &Scope) -> Result<Option<Tagging>, Failure> {
    let Some(snapshot) = shared.inventory()? else { return Ok(None) };
    let mut all = snapshot.tags();
    if !scope.is_everything() {
        let sieve = scope.sieve(shared)?;
        all.retain(|resource, _| sieve.keeps(resource));
    }
    let mut values: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    let (mut untagged, mut unknown) = (0, 0);
    for (resource, tags) in &all {
        untagged += u64::from(tags.is_empty());
        unknown += u64::from(resource.environment == Environment::Unknown);
        for (key, value) in tags.iter() {
            *values.entry(key).or_default().entry(value).or_default() += 1;
        }
    }
    let keys = values
        .into_iter()
        .map(|(key, values)| (key.to_owned(), (values.values().sum(), values.len() as u64)));
    Ok(Some(Tagging {
        resources: all.len() as u64,
        untagged,
        unknown_environment: unknown,
        keys: keys.collect(),
    }))
}

/// Returns a part of a whole in percent; none of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts of resources, shown in percent")]
pub(crate) fn percent_of_count(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64 * 100.0)
}
