//! `elbv2 describe-target-groups` and `describe-target-health`: what stands behind a load balancer.
//!
//! The health of one target group is printed without the group's name, and groups
//! alone know their load balancers. A health file is therefore matched to its
//! group by a `TargetGroupArn` beside `TargetHealthDescriptions`, else by what
//! the file's name says after the operation, else by being the only group there.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use trimtab_model::resource::load_balancer::{self, TargetCount};

use super::tables::Sourced;

/// One entry of `TargetGroups`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TargetGroup {
    target_group_arn: String,
    target_group_name: Option<String>,
    load_balancer_arns: Option<Vec<String>>,
}

/// One entry of `TargetHealthDescriptions`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Description {
    target: Option<Target>,
    target_health: Option<Health>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Target {
    id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Health {
    state: Option<String>,
}

/// The health of one target group.
#[derive(Debug)]
pub(super) struct TargetHealth {
    /// `TargetGroupArn`, where the file has it.
    target_group_arn: Option<String>,
    /// What the file's name says after `describe-target-health`.
    name: String,
    behind: Behind,
}

/// The targets of a group, or of all the groups of a load balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Behind {
    /// How many there are.
    pub(super) count: TargetCount,
    /// What they are called.
    pub(super) ids: BTreeSet<String>,
    /// How many of them fail their checks.
    unhealthy: u32,
    /// The groups that they are of, where they are of a load balancer.
    pub(super) groups: Vec<load_balancer::TargetGroup>,
}

impl Behind {
    /// Returns nothing behind a load balancer.
    pub(super) fn none() -> Self {
        let count = TargetCount { registered: 0, healthy: Some(0) };
        Self { count, ids: BTreeSet::new(), unhealthy: 0, groups: Vec::new() }
    }
}

impl TargetHealth {
    /// Counts the targets of one group.
    pub(super) fn new(arn: Option<String>, name: String, targets: &[Description]) -> Self {
        let in_state = |wanted: &str| {
            let states =
                targets.iter().filter_map(|one| one.target_health.as_ref()?.state.as_deref());
            u32::try_from(states.filter(|state| *state == wanted).count()).unwrap_or(u32::MAX)
        };
        Self {
            target_group_arn: arn,
            name,
            behind: Behind {
                count: TargetCount {
                    registered: u32::try_from(targets.len()).unwrap_or(u32::MAX),
                    healthy: Some(in_state("healthy")),
                },
                ids: targets.iter().filter_map(|one| one.target.as_ref()?.id.clone()).collect(),
                unhealthy: in_state("unhealthy"),
                groups: Vec::new(),
            },
        }
    }
}

/// What is known of the targets of every load balancer.
#[derive(Debug, Default)]
pub(super) struct Targets {
    /// Per load balancer, each of its groups with its targets, absent without health.
    groups: BTreeMap<String, Vec<(String, Option<Behind>)>>,
    /// Files whose group could not be told.
    pub(super) unmatched: Vec<usize>,
}

/// The targets of one load balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Targeted {
    /// No group that was listed belongs to it.
    NoGroup,
    /// A group's health was not read.
    HealthMissing,
    /// All of its groups together.
    Behind(Behind),
}

impl Targets {
    /// Matches health to groups, and groups to load balancers.
    pub(super) fn new(groups: &[Sourced<TargetGroup>], healths: &[Sourced<TargetHealth>]) -> Self {
        let mut by_group: BTreeMap<&str, &Behind> = BTreeMap::new();
        let mut unmatched = Vec::new();
        for health in healths {
            match group_of(&health.found, groups) {
                Some(group) => {
                    by_group.entry(group).or_insert(&health.found.behind);
                }
                None => unmatched.push(health.source),
            }
        }
        let mut targets = Self { groups: BTreeMap::new(), unmatched };
        // The same group may be listed twice; it has its targets once.
        let distinct: BTreeMap<&str, &TargetGroup> = groups
            .iter()
            .map(|group| (group.found.target_group_arn.as_str(), &group.found))
            .collect();
        for (arn, group) in distinct {
            for balancer in group.load_balancer_arns.iter().flatten() {
                targets
                    .groups
                    .entry(balancer.clone())
                    .or_default()
                    .push((arn.to_owned(), by_group.get(arn).map(|behind| (*behind).clone())));
            }
        }
        targets
    }

    /// Returns the targets of the load balancer with this ARN.
    pub(super) fn of(&self, load_balancer_arn: &str) -> Targeted {
        let Some(groups) = self.groups.get(load_balancer_arn) else {
            return Targeted::NoGroup;
        };
        let mut sum = Behind::none();
        for (arn, group) in groups {
            let Some(behind) = group else { return Targeted::HealthMissing };
            sum.groups.push(load_balancer::TargetGroup {
                target_group_arn: arn.as_str().into(),
                target_ids: behind.ids.iter().cloned().collect(),
                healthy: behind.count.healthy.unwrap_or(0),
                unhealthy: Some(behind.unhealthy),
            });
            let (all, one) = (&mut sum.count, behind.count);
            all.registered = all.registered.saturating_add(one.registered);
            all.healthy =
                all.healthy.zip(one.healthy).map(|(left, right)| left.saturating_add(right));
            sum.ids.extend(behind.ids.iter().cloned());
        }
        Targeted::Behind(sum)
    }
}

fn group_of<'a>(health: &TargetHealth, groups: &'a [Sourced<TargetGroup>]) -> Option<&'a str> {
    let arn_of = |group: &'a Sourced<TargetGroup>| group.found.target_group_arn.as_str();
    if let Some(arn) = &health.target_group_arn {
        return groups.iter().map(arn_of).find(|candidate| candidate == arn);
    }
    if health.name.is_empty() {
        return match groups {
            [only] => Some(arn_of(only)),
            _ => None,
        };
    }
    let mut named = groups.iter().filter(|group| is_named(&group.found, &health.name)).map(arn_of);
    let first = named.next()?;
    // Two regions may use one name; a guess would put targets behind the wrong one.
    named.all(|other| other == first).then_some(first)
}

/// Returns whether `name`, from a file's name, is the group's name, its last part or its ARN.
fn is_named(group: &TargetGroup, name: &str) -> bool {
    let arn = group.target_group_arn.as_str();
    // `…:targetgroup/<name>/<id>`
    let mut last = arn.rsplit('/');
    let id = last.next();
    let in_arn = last.next();
    // A file's name cannot hold the separators of an ARN.
    let plain = |text: &str| text.replace([':', '/', '_', '.'], "-");
    group.target_group_name.as_deref() == Some(name)
        || in_arn == Some(name)
        || id == Some(name)
        || plain(arn) == plain(name)
}
