//! Addresses, log groups and schedules: what has no states to speak of.

use std::collections::BTreeMap;

use jiff::Timestamp;

use trimtab_model::id::ResourceId;
use trimtab_model::observed::{AddressObserved, LogGroupObserved, ScheduleObserved};
use trimtab_model::plan::{Change, Fingerprint};

use super::answer::{Answer, made, refuse, taken};
use super::state::State;

/// Days for which log events can be kept.
const RETENTIONS: &[u32] = &[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

/// An Elastic IP address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The address.
    pub public_ip: String,
    /// Whether something uses it.
    pub is_associated: bool,
    /// Whether the tag `trimtab:apply` is `allowed`.
    pub is_opted_in: bool,
    /// The tag `trimtab:quarantine-until`.
    pub quarantine_until: Option<Timestamp>,
}

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Schedule {
    pub(super) expression: String,
    pub(super) input: String,
}

impl State {
    pub(super) fn release_address(&mut self, id: &ResourceId) -> Answer {
        match self.addresses.get(id) {
            None => refuse("InvalidAllocationID.NotFound", format!("no {id}")),
            Some(one) if one.is_associated => {
                refuse("InvalidIPAddress.InUse", format!("{id} is used"))
            }
            Some(one) => {
                self.released.insert(one.public_ip.clone());
                self.addresses.remove(id);
                taken()
            }
        }
    }

    /// Has an address back that nobody took meanwhile. Its tags are lost, and its identifier is
    /// a new one. The code of a failure is assumed.
    pub(super) fn recover_address(&mut self, public_ip: &str) -> Answer {
        if !self.released.remove(public_ip) {
            return refuse("InvalidAddress.NotFound", format!("{public_ip} cannot be had back"));
        }
        let id = self.new_id("eipalloc");
        let address = Address {
            public_ip: public_ip.to_owned(),
            is_associated: false,
            is_opted_in: false,
            quarantine_until: None,
        };
        self.addresses.insert(id.clone(), address);
        made("allocation", id.as_str())
    }

    pub(super) fn set_retention(&mut self, id: &ResourceId, days: Option<u32>) -> Answer {
        let Some(retention) = self.log_groups.get_mut(id) else {
            return refuse("ResourceNotFoundException", format!("no {id}"));
        };
        if days.is_some_and(|days| !RETENTIONS.contains(&days)) {
            return refuse("InvalidParameterException", "no such retention");
        }
        *retention = days;
        taken()
    }

    pub(super) fn create_schedule(&mut self, name: &str, schedule: Schedule) -> Answer {
        if self.schedules.contains_key(name) {
            return refuse("ConflictException", format!("there is a {name}"));
        }
        self.schedules.insert(name.to_owned(), schedule);
        taken()
    }

    pub(super) fn create_schedule_group(&mut self) -> Answer {
        if self.has_schedule_group {
            return refuse("ConflictException", "there is such a group");
        }
        self.has_schedule_group = true;
        taken()
    }

    pub(super) fn delete_schedule(&mut self, name: &str) -> Answer {
        match self.schedules.remove(name) {
            Some(_) => taken(),
            None => refuse("ResourceNotFoundException", format!("no {name}")),
        }
    }

    pub(super) fn address(&self, change: &Change) -> Option<AddressObserved> {
        let address = self.addresses.get(&change.resource.id)?;
        Some(AddressObserved {
            fingerprint: identity("AllocationId", &change.resource.id),
            obstacles: Vec::new(),
            public_ip: Some(address.public_ip.clone()),
            is_associated: address.is_associated,
            is_opted_in: address.is_opted_in,
            quarantine_until: address.quarantine_until,
        })
    }

    pub(super) fn log_group(&self, change: &Change) -> Option<LogGroupObserved> {
        let retention = self.log_groups.get(&change.resource.id)?;
        Some(LogGroupObserved {
            fingerprint: identity("logGroupName", &change.resource.id),
            obstacles: Vec::new(),
            retention_days: *retention,
            is_opted_in: true,
        })
    }

    /// Lists the schedules that name a resource in their input.
    pub(super) fn schedule(&self, change: &Change) -> ScheduleObserved {
        let id = &change.resource.id;
        let ours = self.schedules.iter().filter(|(_, one)| one.input.contains(id.as_str()));
        ScheduleObserved {
            fingerprint: identity("ResourceId", id),
            obstacles: Vec::new(),
            schedules: ours.map(|(name, one)| (name.clone(), one.expression.clone())).collect(),
            roles: BTreeMap::new(),
            has_group: self.has_schedule_group,
            is_running: None,
            is_opted_in: true,
        }
    }
}

fn identity(name: &str, id: &ResourceId) -> Fingerprint {
    Fingerprint(BTreeMap::from([(name.to_owned(), id.to_string())]))
}
