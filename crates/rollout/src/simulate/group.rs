//! Auto Scaling groups, and their launch templates.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::action::GroupSizes;
use trimtab_model::id::{ChangeId, InstanceType, ResourceId};
use trimtab_model::observed::{GroupObserved, RefreshObserved, TemplateVersionObserved};
use trimtab_model::plan::{Change, Fingerprint};

use super::answer::{Answer, Refusal, made, refuse, taken};
use super::fault::{Ailment, ForeignChange};
use super::state::State;

/// How long a group takes to reach its desired capacity, and how long until a new instance
/// stands for an old one. Both depend on much that is not simulated.
const SCALES: SignedDuration = SignedDuration::from_mins(3);
const REPLACES: SignedDuration = SignedDuration::from_mins(2);
/// How long AWS tries before a refresh fails whose instances do not come up.
const TRIES: SignedDuration = SignedDuration::from_mins(30);

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
    /// Versions of its launch template: the type of each, and the change that made it.
    pub versions: BTreeMap<u64, (InstanceType, Option<ChangeId>)>,
    /// How many instances of each version serve.
    pub launched_from: BTreeMap<String, u32>,
    tokens: BTreeMap<String, u64>,
    scaled_at: Option<Timestamp>,
    refresh: Option<Refresh>,
}

#[derive(Debug, Clone, PartialEq)]
struct Refresh {
    from: String,
    to: String,
    status: &'static str,
    started_at: Timestamp,
    ended_at: Option<Timestamp>,
    /// When the next instance is replaced, or it fails.
    due: Timestamp,
    /// The shares at which it pauses that are still ahead, and how long.
    checkpoints: Vec<u8>,
    pause: SignedDuration,
}

/// How a refresh is to go.
pub(super) struct Wanted<'a> {
    pub(super) version: &'a str,
    pub(super) checkpoints: &'a [u8],
    pub(super) pause: SignedDuration,
}

impl Group {
    /// Makes a group that has what it wants.
    pub fn new(sizes: GroupSizes, version: &str) -> Self {
        Self::of("m5.xlarge", sizes, version)
    }

    /// Makes a group that has what it wants, of a type.
    pub fn of(instance_type: &str, sizes: GroupSizes, version: &str) -> Self {
        let number = version.parse().unwrap_or(1);
        Self {
            sizes,
            in_service: sizes.desired_capacity,
            version: version.to_owned(),
            is_opted_in: true,
            versions: BTreeMap::from([(number, (InstanceType::new(instance_type), None))]),
            launched_from: BTreeMap::from([(version.to_owned(), sizes.desired_capacity)]),
            tokens: BTreeMap::new(),
            scaled_at: None,
            refresh: None,
        }
    }

    /// Returns the status of the latest refresh.
    pub fn refresh_status(&self) -> Option<&'static str> {
        self.refresh.as_ref().map(|one| one.status)
    }

    fn is_refreshing(&self) -> bool {
        self.refresh.as_ref().is_some_and(|one| {
            matches!(one.status, "InProgress" | "RollbackInProgress" | "Cancelling")
        })
    }

    fn replaced(&self, version: &str) -> u32 {
        self.launched_from.get(version).copied().unwrap_or(0)
    }

    /// Replaces one instance by one of a version; nothing where all are.
    fn replace_one(&mut self, version: &str) -> bool {
        let old = self.launched_from.keys().find(|one| *one != version).cloned();
        let Some(old) = old else { return false };
        if let Some(count) = self.launched_from.get_mut(&old) {
            *count = count.saturating_sub(1);
        }
        self.launched_from.retain(|_, count| *count > 0);
        *self.launched_from.entry(version.to_owned()).or_default() += 1;
        true
    }

    fn scale(&mut self) {
        let (wanted, version) = (self.sizes.desired_capacity, self.version.clone());
        while self.launched_from.values().sum::<u32>() > wanted {
            let Some((_, count)) = self.launched_from.iter_mut().find(|(_, count)| **count > 0)
            else {
                break;
            };
            *count -= 1;
        }
        let left = self.launched_from.values().sum::<u32>();
        *self.launched_from.entry(version).or_default() += wanted.saturating_sub(left);
        self.launched_from.retain(|_, count| *count > 0);
        self.in_service = wanted;
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

    /// Makes a version of the launch template of the group that launches from it; the same token
    /// makes one only.
    pub(super) fn create_version(
        &mut self,
        source: &str,
        instance_type: &InstanceType,
        change: &ChangeId,
        token: &str,
    ) -> Answer {
        let number = source.parse::<u64>().unwrap_or(0);
        let group = self.groups.values_mut().find(|one| one.versions.contains_key(&number));
        let Some(group) = group else {
            return refuse("InvalidLaunchTemplateId.VersionNotFound", format!("no {source}"));
        };
        if let Some(known) = group.tokens.get(token) {
            return made("version", &known.to_string());
        }
        let next = group.versions.keys().next_back().map_or(1, |last| last + 1);
        group.versions.insert(next, (instance_type.clone(), Some(change.clone())));
        group.tokens.insert(token.to_owned(), next);
        made("version", &next.to_string())
    }

    pub(super) fn start_refresh(&mut self, id: &ResourceId, wanted: &Wanted<'_>) -> Answer {
        let now = self.now;
        let group = self.group_mut(id)?;
        if group.is_refreshing() {
            return refuse("InstanceRefreshInProgress", format!("{id} is being refreshed"));
        }
        let Ok(_) = wanted.version.parse::<u64>() else {
            return refuse("ValidationError", "the version must be a number to be rolled back");
        };
        group.refresh = Some(Refresh {
            from: group.version.clone(),
            to: wanted.version.to_owned(),
            status: "InProgress",
            started_at: now,
            ended_at: None,
            due: now.saturating_add(REPLACES).unwrap_or(now),
            checkpoints: wanted.checkpoints.iter().copied().filter(|one| *one < 100).collect(),
            pause: wanted.pause,
        });
        taken()
    }

    pub(super) fn roll_refresh_back(&mut self, id: &ResourceId) -> Answer {
        let due = self.now.saturating_add(REPLACES).unwrap_or(Timestamp::MAX);
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
        let ailments = &self.ailments;
        for (id, group) in &mut self.groups {
            if group.scaled_at.is_some_and(|at| at <= now) {
                group.scale();
                group.scaled_at = None;
            }
            while let Some(at) = group.refresh.as_ref().map(|one| one.due) {
                if at > now || !group.is_refreshing() {
                    break;
                }
                let versions = group.versions.clone();
                step(group, at, |ailment, version| {
                    let number = version.parse::<u64>().unwrap_or(0);
                    let of = versions.get(&number).map(|(instance_type, _)| instance_type.clone());
                    ailments.iter().any(|(on, found, only)| {
                        on == id
                            && *found == ailment
                            && only.as_ref().is_none_or(|only| Some(only) == of.as_ref())
                    })
                });
            }
        }
    }

    pub(super) fn disturb_group(&mut self, id: &ResourceId, change: &ForeignChange) {
        let now = self.now;
        if *change == ForeignChange::Terminate {
            self.groups.remove(id);
            return;
        }
        let Some(group) = self.groups.get_mut(id) else { return };
        match change {
            ForeignChange::RemoveTag => group.is_opted_in = false,
            // Somebody ends the refresh, and leaves it at that.
            ForeignChange::Stop => {
                if let Some(refresh) =
                    group.refresh.as_mut().filter(|one| one.status == "InProgress")
                {
                    refresh.status = "Cancelled";
                    refresh.ended_at = Some(now);
                }
            }
            // Somebody sets another version, which the next instances come from.
            ForeignChange::Replace => "99".clone_into(&mut group.version),
            ForeignChange::Start
            | ForeignChange::SetType(_)
            | ForeignChange::MoveHost
            | ForeignChange::Attach(_)
            | ForeignChange::Detach(_)
            | ForeignChange::Protect
            | ForeignChange::Terminate => {}
        }
    }

    pub(super) fn group(&self, change: &Change) -> Option<GroupObserved> {
        let id = &change.resource.id;
        let group = self.groups.get(id)?;
        let wanted = group.sizes.desired_capacity.max(1);
        let versions = group.versions.iter().filter_map(|(number, (instance_type, of))| {
            let change = of.as_ref().filter(|of| **of == change.id)?.clone();
            Some(TemplateVersionObserved {
                number: number.to_string(),
                instance_type: Some(instance_type.clone()),
                change,
            })
        });
        Some(GroupObserved {
            fingerprint: Fingerprint(BTreeMap::from([
                ("AutoScalingGroupName".to_owned(), id.to_string()),
                ("LaunchTemplate".to_owned(), format!("lt-1:{}", group.version)),
            ])),
            obstacles: Vec::new(),
            sizes: group.sizes,
            in_service: group.in_service,
            is_opted_in: group.is_opted_in,
            refresh: group.refresh.as_ref().map(|one| RefreshObserved {
                status: one.status.to_owned(),
                percent: u8::try_from(group.replaced(&one.to) * 100 / wanted).ok(),
                version: Some(one.to.clone()),
                started_at: Some(one.started_at),
                ended_at: one.ended_at,
                reason: None,
            }),
            version: Some(group.version.clone()),
            launched_from: group.launched_from.clone(),
            versions: versions.collect(),
        })
    }
}

/// Lets a refresh do its next thing. AWS rolls back by itself what fails, for it is told to.
fn step(group: &mut Group, at: Timestamp, ails: impl Fn(Ailment, &str) -> bool) {
    let Some(mut refresh) = group.refresh.clone() else { return };
    let later = |by: SignedDuration| at.saturating_add(by).unwrap_or(Timestamp::MAX);
    match refresh.status {
        "InProgress" if ails(Ailment::NeverHealthy, &refresh.to) => {
            if refresh.due < later(TRIES) && at.duration_since(refresh.started_at) < TRIES {
                refresh.due = refresh.started_at.saturating_add(TRIES).unwrap_or(at);
            } else {
                refresh.status = "RollbackInProgress";
                refresh.due = later(REPLACES);
            }
        }
        "InProgress" => {
            if group.replace_one(&refresh.to) {
                let wanted = group.sizes.desired_capacity.max(1);
                let percent = group.replaced(&refresh.to) * 100 / wanted;
                let before = refresh.checkpoints.len();
                refresh.checkpoints.retain(|one| u32::from(*one) > percent);
                let pauses = refresh.checkpoints.len() < before;
                refresh.due = later(if pauses { refresh.pause + REPLACES } else { REPLACES });
            } else {
                refresh.status = "Successful";
                refresh.ended_at = Some(at);
                group.version.clone_from(&refresh.to);
            }
        }
        "RollbackInProgress" if ails(Ailment::RollbackFails, &refresh.to) => {
            refresh.status = "RollbackFailed";
            refresh.ended_at = Some(at);
        }
        _ => {
            if group.replace_one(&refresh.from) {
                refresh.due = later(REPLACES);
            } else {
                refresh.status = "RollbackSuccessful";
                refresh.ended_at = Some(at);
                group.version.clone_from(&refresh.from);
            }
        }
    }
    group.refresh = Some(refresh);
}
