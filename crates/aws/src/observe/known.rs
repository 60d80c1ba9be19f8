//! What need not be asked for with every look.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use super::surroundings::Surroundings;
use super::type_traits::KnownType;

/// How long the list of target groups, and of those that an instance is in, is believed.
const GROUPS_LAST: Duration = Duration::from_secs(600);
/// How long what surrounds an instance is believed: stop protection, alarms, its group.
const SURROUNDINGS_LAST: Duration = Duration::from_secs(300);

/// A target group.
#[derive(Debug, Clone)]
pub(super) struct TargetGroup {
    pub(super) arn: String,
    pub(super) vpc: Option<String>,
    pub(super) target_type: String,
}

/// A value, and when it was read.
#[derive(Debug, Clone)]
struct Dated<T> {
    at: Instant,
    value: T,
}

/// What was read before in the same run.
#[derive(Debug, Default)]
pub(crate) struct Known {
    groups: Option<Dated<Vec<TargetGroup>>>,
    memberships: BTreeMap<String, Dated<BTreeSet<String>>>,
    surroundings: BTreeMap<String, Dated<Surroundings>>,
    pub(super) types: BTreeMap<String, KnownType>,
    pub(super) offered: BTreeMap<(String, String), bool>,
    pub(super) zones: BTreeMap<String, String>,
}

impl<T> Dated<T> {
    fn new(value: T) -> Self {
        Self { at: Instant::now(), value }
    }

    fn young(&self, lasts: Duration) -> Option<&T> {
        (self.at.elapsed() < lasts).then_some(&self.value)
    }
}

impl Known {
    pub(super) fn groups(&self) -> Option<&[TargetGroup]> {
        self.groups.as_ref()?.young(GROUPS_LAST).map(Vec::as_slice)
    }

    pub(super) fn set_groups(&mut self, groups: Vec<TargetGroup>) {
        self.groups = Some(Dated::new(groups));
    }

    /// Returns the groups that an instance was seen in, if they were all looked at of late.
    pub(super) fn membership(&self, instance: &str) -> Option<&BTreeSet<String>> {
        self.memberships.get(instance)?.young(GROUPS_LAST)
    }

    /// Notes the groups that an instance is in. It stays among those that it was in before, for
    /// it may have left them for a while only.
    pub(super) fn set_membership(&mut self, instance: &str, groups: BTreeSet<String>) {
        let before = self.memberships.remove(instance).map(|dated| dated.value);
        let all = before.into_iter().flatten().chain(groups).collect();
        self.memberships.insert(instance.to_owned(), Dated::new(all));
    }

    pub(super) fn surroundings(&self, instance: &str) -> Option<&Surroundings> {
        self.surroundings.get(instance)?.young(SURROUNDINGS_LAST)
    }

    pub(super) fn set_surroundings(&mut self, instance: &str, found: Surroundings) {
        self.surroundings.insert(instance.to_owned(), Dated::new(found));
    }
}
