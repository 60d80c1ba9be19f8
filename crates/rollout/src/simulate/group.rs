//! Auto Scaling groups.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::action::GroupSizes;
use trimtab_model::id::ResourceId;
use trimtab_model::observed::{GroupObserved, RefreshObserved};
use trimtab_model::plan::{Change, Fingerprint};

use super::answer::{Answer, Refusal, refuse, taken};
use super::state::State;

/// How long a group takes to reach its desired capacity, and how long a refresh takes. Both
/// depend on much that is not simulated.
const SCALES: SignedDuration = SignedDuration::from_mins(3);
const REFRESHES: SignedDuration = SignedDuration::from_mins(20);

/// A group.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its sizes.
    pub sizes: GroupSizes,
    /// Instances in service.
    pub in_service: u32,
    /// The version of its launch template.
    pub version: String,
    /// Whether the tag `trimtab:apply` is `allowed`.
    pub is_opted_in: bool,
    scaled_at: Option<Timestamp>,
    refresh: Option<Refresh>,
}

#[derive(Debug, Clone, PartialEq)]
struct Refresh {
    from: String,
    to: String,
    status: &'static str,
    due: Timestamp,
}

impl Group {
    /// Makes a group that has what it wants.
    pub fn new(sizes: GroupSizes, version: &str) -> Self {
        Self {
            sizes,
            in_service: sizes.desired_capacity,
            version: version.to_owned(),
            is_opted_in: true,
            scaled_at: None,
            refresh: None,
        }
    }
}

impl State {
    fn group_mut(&mut self, id: &ResourceId) -> Result<&mut Group, Refusal> {
        match self.groups.get_mut(id) {
            Some(group) => Ok(group),
            None => refuse("ValidationError", format!("no {id}")),
        }
    }

    pub(super) fn resize_group(&mut self, id: &ResourceId, to: GroupSizes) -> Answer {
        let at = self.now.saturating_add(SCALES).ok();
        let group = self.group_mut(id)?;
        let is_ordered = to.min_size <= to.desired_capacity && to.desired_capacity <= to.max_size;
        if !is_ordered {
            return refuse("ValidationError", "the desired capacity is not between the sizes");
        }
        group.sizes = to;
        group.scaled_at = at;
        taken()
    }

    pub(super) fn start_refresh(&mut self, id: &ResourceId, version: &str) -> Answer {
        let due = self.now.saturating_add(REFRESHES).unwrap_or(Timestamp::MAX);
        let group = self.group_mut(id)?;
        if group.refresh.as_ref().is_some_and(|one| one.status.ends_with("InProgress")) {
            return refuse("InstanceRefreshInProgress", format!("{id} is being refreshed"));
        }
        if version.parse::<u32>().is_err() {
            return refuse("ValidationError", "the version must be a number to be rolled back");
        }
        let (from, to) = (group.version.clone(), version.to_owned());
        group.refresh = Some(Refresh { from, to, status: "InProgress", due });
        taken()
    }

    pub(super) fn roll_refresh_back(&mut self, id: &ResourceId) -> Answer {
        let due = self.now.saturating_add(REFRESHES).unwrap_or(Timestamp::MAX);
        let group = self.group_mut(id)?;
        match group.refresh.as_mut().filter(|one| one.status == "InProgress") {
            Some(refresh) => {
                refresh.status = "RollbackInProgress";
                refresh.due = due;
                taken()
            }
            None => refuse("ActiveInstanceRefreshNotFound", format!("{id} is not being refreshed")),
        }
    }

    pub(super) fn move_groups(&mut self, now: Timestamp) {
        for group in self.groups.values_mut() {
            if group.scaled_at.is_some_and(|at| at <= now) {
                group.in_service = group.sizes.desired_capacity;
                group.scaled_at = None;
            }
            let Some(refresh) = group.refresh.as_mut().filter(|one| one.due <= now) else {
                continue;
            };
            match refresh.status {
                "InProgress" => {
                    refresh.status = "Successful";
                    group.version.clone_from(&refresh.to);
                }
                "RollbackInProgress" => {
                    refresh.status = "RollbackSuccessful";
                    group.version.clone_from(&refresh.from);
                }
                _ => {}
            }
        }
    }

    pub(super) fn group(&self, change: &Change) -> Option<GroupObserved> {
        let id = &change.resource.id;
        let group = self.groups.get(id)?;
        Some(GroupObserved {
            fingerprint: Fingerprint(BTreeMap::from([(
                "AutoScalingGroupName".to_owned(),
                id.to_string(),
            )])),
            obstacles: Vec::new(),
            sizes: group.sizes,
            in_service: group.in_service,
            is_opted_in: group.is_opted_in,
            refresh: group.refresh.as_ref().map(|one| RefreshObserved {
                status: one.status.to_owned(),
                percent: Some(if one.due <= self.now { 100 } else { 0 }),
                version: Some(one.to.clone()),
            }),
        })
    }
}
