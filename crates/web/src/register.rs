//! Every resource of the inventory by what people call it, and whose it is: made once for each state of the inventory.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use trimtab_model::id::SubAccountId;
use trimtab_model::resource::{ResourceRef, Tags};
use trimtab_model::snapshot::Snapshot;

use crate::words::{Question, Rank, Words};

/// Every resource of the inventory.
#[derive(Debug, Default)]
pub(crate) struct Register {
    /// By identifier.
    entries: Vec<Entry>,
    /// Their names, in the same order.
    words: Words,
    /// Teams in lower case.
    teams: Vec<String>,
    by_account: BTreeMap<SubAccountId, u64>,
}

#[derive(Debug)]
struct Entry {
    resource: ResourceRef,
    team: Option<usize>,
}

/// Returns whose a resource is: the value of the first tag that names an owner.
pub(crate) fn owner_of<'a>(tags: &'a Tags, owners: &[String]) -> Option<&'a str> {
    owners.iter().find_map(|key| {
        let (_, value) = tags.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(key))?;
        Some(value.trim()).filter(|value| !value.is_empty())
    })
}

impl Register {
    /// Makes it of an inventory. `owners` are the keys of tags that name a team.
    pub(crate) fn of(snapshot: &Snapshot, owners: &[String]) -> Self {
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut entries: Vec<Entry> = snapshot
            .tags()
            .into_iter()
            .map(|(resource, tags)| {
                let team = owner_of(tags, owners).map(|team| {
                    let next = places.len();
                    *places.entry(team.to_lowercase()).or_insert(next)
                });
                Entry { resource, team }
            })
            .collect();
        entries.sort_by(|left, right| order(&left.resource, &right.resource));
        let mut words = Words::default();
        let mut by_account = BTreeMap::new();
        for Entry { resource, .. } in &entries {
            match by_account.get_mut(&resource.account) {
                Some(count) => *count += 1,
                None => drop(by_account.insert(resource.account.clone(), 1)),
            }
            let name = resource.name.as_deref();
            words.push(std::iter::once(resource.id.as_str()).chain(name));
        }
        let mut teams: Vec<(String, usize)> = places.into_iter().collect();
        teams.sort_by_key(|(_, place)| *place);
        let teams = teams.into_iter().map(|(team, _)| team).collect();
        Self { entries, words, teams, by_account }
    }

    /// Returns whose a resource is, in lower case; none where nothing says it.
    pub(crate) fn team(&self, resource: &ResourceRef) -> Option<&str> {
        let found = self.entries.binary_search_by(|entry| order(&entry.resource, resource));
        let team = self.entries.get(found.ok()?)?.team?;
        self.teams.get(team).map(String::as_str)
    }

    /// Returns whether a resource is in the inventory.
    pub(crate) fn has(&self, resource: &ResourceRef) -> bool {
        self.entries.binary_search_by(|entry| order(&entry.resource, resource)).is_ok()
    }

    /// Returns the first resource of an identifier.
    pub(crate) fn named(&self, id: &str) -> Option<&ResourceRef> {
        let place = self.entries.partition_point(|entry| entry.resource.id.as_str() < id);
        let resource = &self.entries.get(place)?.resource;
        (resource.id.as_str() == id).then_some(resource)
    }

    /// Returns how many resources each account has.
    pub(crate) fn by_account(&self) -> &BTreeMap<SubAccountId, u64> {
        &self.by_account
    }

    /// Returns the resources that answer a question, the best first.
    pub(crate) fn find(&self, question: &Question, most: usize) -> Vec<(Rank, &ResourceRef)> {
        let found = self.words.find(question, most).into_iter();
        found.filter_map(|(rank, place)| Some((rank, &self.entries.get(place)?.resource))).collect()
    }
}

/// Compares by what tells a resource from every other, whatever its tags say.
fn order(left: &ResourceRef, right: &ResourceRef) -> Ordering {
    (&left.id, &left.account, &left.region, left.kind).cmp(&(
        &right.id,
        &right.account,
        &right.region,
        right.kind,
    ))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use trimtab_model::environment::Environment;
    use trimtab_model::resource::address::Address;
    use trimtab_model::resource::{Resource, ResourceKind};

    use super::*;

    fn address(id: &str, tags: &[(&str, &str)]) -> Resource<Address> {
        let kind = serde_json::from_str("{}").unwrap();
        let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Resource {
            id: id.into(),
            account: "1".into(),
            region: "ap-northeast-2".into(),
            environment: Environment::Prod,
            tags: tags.collect(),
            kind,
        }
    }

    #[test]
    fn a_resource_is_found_by_its_names_and_belongs_to_the_first_tag_that_names_a_team() {
        let mut snapshot = Snapshot::empty(Timestamp::UNIX_EPOCH);
        snapshot.addresses = vec![
            address("eip-2", &[("Name", "Lobby"), ("team", " Live-Ops "), ("owner", "kim")]),
            address("eip-1", &[("Team", ""), ("Owner", "Kim")]),
            address("eip-3", &[]),
        ];
        let owners = ["Team".to_owned(), "Owner".to_owned()];
        let register = Register::of(&snapshot, &owners);
        let of = |place: usize| snapshot.addresses[place].reference(ResourceKind::Address);
        assert_eq!(register.team(&of(0)), Some("live-ops"));
        assert_eq!(register.team(&of(1)), Some("kim"));
        assert_eq!(register.team(&of(2)), None);
        // What is called otherwise since an analysis is the same resource.
        let renamed = ResourceRef { name: None, environment: Environment::Dev, ..of(0) };
        assert_eq!(register.team(&renamed), Some("live-ops"));
        assert_eq!(register.named("eip-2"), Some(&of(0)));
        assert_eq!(register.named("eip"), None);
        assert!(register.has(&of(2)));
        let found = register.find(&Question::of("lobby").unwrap(), 5);
        assert_eq!(found, [(Rank::Same, &of(0))]);
    }
}
