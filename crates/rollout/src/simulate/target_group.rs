//! Target groups of load balancers.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::call::Target;
use trimtab_model::id::ResourceId;
use trimtab_model::observed::{TargetHealth, TargetObserved};
use trimtab_model::resource::instance::InstanceState;

use super::answer::{Answer, refuse, taken};
use super::fault::Ailment;
use super::state::State;

/// How long a target drains that never gets rid of its connections: the most that AWS allows.
const LONGEST_DRAIN: SignedDuration = SignedDuration::from_secs(3600);

/// A target group.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TargetGroup {
    /// Healthy targets besides those that are simulated.
    pub others: u32,
}

/// A registration.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Registration {
    since: Timestamp,
    draining_until: Option<Timestamp>,
}

impl State {
    /// Registers a target that has been healthy for long.
    pub(super) fn add_target(&mut self, target: Target) {
        let registration = Registration { since: Timestamp::MIN, draining_until: None };
        self.members.entry(target.group.clone()).or_default().insert(target.instance.clone());
        self.targets.insert(target, registration);
    }

    /// A target that drains may be registered again, which ends the draining; AWS documents it
    /// for a target that was deregistered, and it is assumed of one that still drains.
    pub(super) fn register(&mut self, target: &Target) -> Answer {
        if !self.target_groups.contains_key(&target.group) {
            return refuse("TargetGroupNotFound", format!("no {}", target.group));
        }
        let machine = self.machines.get(&target.instance);
        if machine.is_none_or(|one| one.state != InstanceState::Running) {
            return refuse("InvalidTarget", format!("{} is not running", target.instance));
        }
        let is_in = self.targets.get(target).is_some_and(|one| one.draining_until.is_none());
        if !is_in {
            let since = self.now;
            self.targets.insert(target.clone(), Registration { since, draining_until: None });
        }
        taken()
    }

    /// Succeeds for a target that is not registered, as AWS documents.
    pub(super) fn deregister(&mut self, target: &Target) -> Answer {
        if !self.target_groups.contains_key(&target.group) {
            return refuse("TargetGroupNotFound", format!("no {}", target.group));
        }
        let is_stuck = self.ails(&target.instance, Ailment::StuckDraining);
        let length = self.times.draining;
        let until = if is_stuck {
            self.now.saturating_add(LONGEST_DRAIN).unwrap_or(Timestamp::MAX)
        } else {
            self.after(length)
        };
        if let Some(found) = self.targets.get_mut(target) {
            found.draining_until.get_or_insert(until);
        }
        taken()
    }

    pub(super) fn finish_draining(&mut self, now: Timestamp) {
        self.targets.retain(|_, one| one.draining_until.is_none_or(|until| now < until));
    }

    /// Lists where an instance is registered.
    pub(super) fn targets_of(&self, instance: &ResourceId) -> Vec<TargetObserved> {
        let its = self.targets.iter().filter(|(target, _)| target.instance == *instance);
        its.map(|(target, one)| TargetObserved {
            target: target.clone(),
            health: self.health(target, one),
            healthy_others: self.healthy_others(target),
        })
        .collect()
    }

    fn healthy_others(&self, target: &Target) -> u32 {
        let fixed = self.target_groups.get(&target.group).map_or(0, |group| group.others);
        let others = self.targets.iter().filter(|(other, one)| {
            other.group == target.group
                && other.instance != target.instance
                && self.health(other, one) == TargetHealth::Healthy
        });
        fixed + u32::try_from(others.count()).unwrap_or(u32::MAX)
    }

    /// Counts the members of a target group that are in it at a moment and do not answer: those
    /// that are ill, and those that stopped without having been taken out first. Who is taken out
    /// or under way is not counted.
    pub(super) fn unhealthy_hosts(&self, group: &ResourceId, at: Timestamp) -> Option<f64> {
        self.target_groups.get(group)?;
        let members = self.targets.iter().filter(|(target, one)| {
            target.group == *group && one.since <= at && one.draining_until.is_none()
        });
        let is_ill = |instance: &ResourceId| {
            self.type_at(instance, at).is_none() || self.ails(instance, Ailment::NeverHealthy)
        };
        let ill = members.filter(|(target, _)| is_ill(&target.instance)).count();
        Some(f64::from(u32::try_from(ill).ok()?))
    }

    fn health(&self, target: &Target, one: &Registration) -> TargetHealth {
        if one.draining_until.is_some() {
            return TargetHealth::Draining;
        }
        let Some(machine) = self.machines.get(&target.instance) else {
            return TargetHealth::Unused;
        };
        if machine.state != InstanceState::Running {
            return TargetHealth::Unused;
        }
        let since = one.since.max(machine.running_since);
        let due = since.saturating_add(self.times.healthy).unwrap_or(Timestamp::MAX);
        if self.ails(&target.instance, Ailment::NeverHealthy) {
            TargetHealth::Unhealthy
        } else if self.now < due {
            TargetHealth::Initial
        } else {
            TargetHealth::Healthy
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::instance::Machine;
    use super::super::state::Times;
    use super::*;

    #[test]
    fn who_is_in_a_target_group_and_does_not_answer_is_counted() {
        let now: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
        let mut state = State::new(now, 1, Times::default());
        let group = ResourceId::new("tg-web");
        state.target_groups.insert(group.clone(), TargetGroup { others: 2 });
        let target = |id: &str| Target { group: group.clone(), instance: id.into(), port: None };
        for id in ["i-1", "i-2"] {
            state.machines.insert(id.into(), Machine::running("m5.large", "r-a", now));
            state.add_target(target(id));
        }
        assert_eq!(state.unhealthy_hosts(&group, now), Some(0.0));
        state.ailments.push(("i-1".into(), Ailment::NeverHealthy, None));
        assert_eq!(state.unhealthy_hosts(&group, now), Some(1.0));
        // Who is taken out is not counted.
        assert!(state.deregister(&target("i-1")).is_ok());
        assert_eq!(state.unhealthy_hosts(&group, now), Some(0.0));
        state.machines.remove(&ResourceId::new("i-2"));
        assert_eq!(state.unhealthy_hosts(&group, now), Some(1.0));
        assert_eq!(state.unhealthy_hosts(&"tg-other".into(), now), None);
    }
}
