//! Which target tells of which resource.
//!
//! A target is of a resource where a label says so: the instance's id that discovery on EC2 can
//! put there, else the address at which the target is scraped, as the inventory has it. Where
//! two could be meant, none is.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use trimtab_model::resource::{ResourceKind, ResourceRef};
use trimtab_model::snapshot::Snapshot;

use crate::answer::Labels;
use crate::exporter::Exporter;
use crate::target::Target;

/// The label that Prometheus itself gives every target: host and port.
const INSTANCE: &str = "instance";

/// The labels that name resources, besides `instance`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameLabels {
    /// Holds the id or a private address of an instance.
    pub instance: String,
    /// Holds the identifier or the endpoint of a DB instance.
    pub database: String,
}

/// A target that tells of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// What it runs.
    pub exporter: Exporter,
    /// The label that names it.
    pub label: String,
    /// What that label holds.
    pub value: String,
    /// The resource.
    pub resource: ResourceRef,
    /// Since when the name is that of this resource: an address may have been another's before.
    pub since: Option<Timestamp>,
}

/// The targets by what they tell of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assignment {
    /// Those of a resource.
    pub subjects: Vec<Subject>,
    /// How many are of none that the inventory has.
    pub strangers: u64,
    /// Names that several resources or several targets bear, in order.
    pub ambiguous: BTreeSet<String>,
}

/// Finds the resource of each target.
pub fn assign(targets: &[Target], snapshot: &Snapshot, labels: &NameLabels) -> Assignment {
    let known = Known::of(snapshot);
    let mut assignment = Assignment::default();
    let mut named: BTreeMap<(Exporter, String, String), (Vec<&Labels>, Bearer)> = BTreeMap::new();
    for target in targets {
        match known.identify(target, labels) {
            Identity::Of(label, value, bearer) => {
                let key = (target.exporter, label.to_owned(), value.to_owned());
                named.entry(key).or_insert_with(|| (Vec::new(), bearer)).0.push(&target.labels);
            }
            Identity::Several(name) => {
                assignment.ambiguous.insert(name.to_owned());
            }
            Identity::Unknown => assignment.strangers += 1,
        }
    }
    for ((exporter, label, value), (bearers, bearer)) in named {
        // An id is one machine's; two networks may have the same address.
        if bearer.is_by_address && contradict(&bearers) {
            assignment.ambiguous.insert(value);
            continue;
        }
        let Bearer { resource, since, .. } = bearer;
        assignment.subjects.push(Subject { exporter, label, value, resource, since });
    }
    assignment
}

/// Returns whether the label sets are of different things. Jobs and the halves of a pair for
/// high availability see the same thing.
fn contradict(sets: &[&Labels]) -> bool {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let mut pairs = sets.iter().flat_map(|labels| labels.iter());
    pairs.any(|(label, value)| {
        let of_collector = label == "job" || label == "monitor" || label.contains("replica");
        !of_collector && *first.entry(label).or_insert(value) != value
    })
}

/// A resource by one of its names.
#[derive(Debug, Clone)]
struct Bearer {
    resource: ResourceRef,
    since: Option<Timestamp>,
    is_by_address: bool,
}

enum Identity<'a> {
    /// The label, its value and the resource.
    Of(&'a str, &'a str, Bearer),
    /// A name that several resources bear.
    Several(&'a str),
    Unknown,
}

/// The resources by their names. A name that several bear has several bearers.
struct Known {
    instances: BTreeMap<String, Vec<Bearer>>,
    databases: BTreeMap<String, Vec<Bearer>>,
}

impl Known {
    fn of(snapshot: &Snapshot) -> Self {
        let mut known = Self { instances: BTreeMap::new(), databases: BTreeMap::new() };
        for instance in &snapshot.instances {
            let resource = instance.reference(ResourceKind::Instance);
            let mut add = |name: &str, since, is_by_address| {
                let bearer = Bearer { resource: resource.clone(), since, is_by_address };
                known.instances.entry(name.to_lowercase()).or_default().push(bearer);
            };
            add(instance.id.as_str(), None, false);
            for address in &instance.kind.private_addresses {
                add(address, instance.kind.launch_time, true);
            }
        }
        for db in &snapshot.db_instances {
            let resource = db.reference(ResourceKind::DbInstance);
            let since = db.kind.instance_create_time;
            for name in [Some(db.id.as_str()), db.kind.endpoint_address.as_deref()] {
                let Some(name) = name else { continue };
                let bearer = Bearer { resource: resource.clone(), since, is_by_address: false };
                known.databases.entry(name.to_lowercase()).or_default().push(bearer);
            }
        }
        known
    }

    fn identify<'a>(&self, target: &'a Target, labels: &'a NameLabels) -> Identity<'a> {
        let (names, own) = match target.exporter {
            Exporter::Node | Exporter::Windows => (&self.instances, labels.instance.as_str()),
            Exporter::Mysqld => (&self.databases, labels.database.as_str()),
        };
        // A label made for it speaks for itself, also where it names what we do not know.
        let label = [own, INSTANCE].into_iter().find_map(|label| {
            let value = target.labels.get(label).filter(|value| !value.is_empty())?;
            Some((label, value.as_str()))
        });
        let Some((label, value)) = label else { return Identity::Unknown };
        match names.get(&host(value).to_lowercase()).map(Vec::as_slice) {
            None | Some([]) => Identity::Unknown,
            Some([bearer]) => Identity::Of(label, value, bearer.clone()),
            Some(_) => Identity::Several(value),
        }
    }
}

/// Returns the host of `host:port`, of `[address]:port` and of a URL.
fn host(value: &str) -> &str {
    let value = value.split_once("://").map_or(value, |(_, rest)| rest);
    let value = value.split('/').next().unwrap_or(value);
    if let Some((address, _)) = value.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address;
    }
    match value.split_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_found_with_and_without_a_port() {
        for (value, expected) in [
            ("10.0.0.1:9100", "10.0.0.1"),
            ("10.0.0.1", "10.0.0.1"),
            ("[fd00::1]:9100", "fd00::1"),
            ("fd00::1", "fd00::1"),
            (
                "game.abc.ap-northeast-2.rds.amazonaws.com:3306",
                "game.abc.ap-northeast-2.rds.amazonaws.com",
            ),
            ("http://10.0.0.1:9100/metrics", "10.0.0.1"),
        ] {
            assert_eq!(host(value), expected);
        }
    }
}
