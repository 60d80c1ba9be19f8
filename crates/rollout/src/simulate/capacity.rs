//! Which machines are to be had: types, capacity per zone, quota, reservations.

use std::collections::BTreeMap;

use jiff::Timestamp;

use trimtab_model::id::{ChangeId, InstanceType, ResourceId};
use trimtab_model::observed::ReservationObserved;

use super::answer::{Answer, made, refuse, taken};
use super::state::State;

/// A type of machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// vCPUs.
    pub vcpus: u32,
    /// Memory in MiB.
    pub memory_mib: u32,
    /// `x86_64` or `arm64`.
    pub architecture: String,
    /// Whether `EnaSupport` is `required`.
    pub needs_ena: bool,
    /// For types with credits: the CPU use that earns as much as it spends, in percent.
    pub baseline_percent: Option<f64>,
}

/// A capacity reservation.
#[derive(Debug, Clone, PartialEq)]
pub struct Reservation {
    /// Its type.
    pub instance_type: InstanceType,
    /// Its zone.
    pub availability_zone: String,
    /// `active`, `cancelled` or `expired`.
    pub state: String,
    /// The change that it is tagged with.
    pub change: ChangeId,
    /// The client token that made it.
    pub token: String,
    /// When it ends by itself.
    pub ends_at: Timestamp,
}

/// How many machines of each type and zone are free; a type that is not here has plenty.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Capacity {
    pub(super) shapes: BTreeMap<InstanceType, Shape>,
    pub(super) free: BTreeMap<(InstanceType, String), u32>,
    /// Types that are gone until a moment, whatever is free.
    pub(super) gone: BTreeMap<InstanceType, Timestamp>,
    /// Most vCPUs that may run at once; one bucket for all types, where AWS has one a family.
    pub(super) quota: Option<u32>,
    pub(super) reservations: BTreeMap<ResourceId, Reservation>,
}

impl State {
    /// Takes one machine of a type out of what is free.
    pub(super) fn take_capacity(&mut self, of: &InstanceType, zone: &str) -> Answer {
        let Some(shape) = self.capacity.shapes.get(of) else {
            return refuse("InvalidParameterValue", format!("no type {of}"));
        };
        let most = self.capacity.quota;
        if most.is_some_and(|most| self.vcpus_in_use().saturating_add(shape.vcpus) > most) {
            return refuse("VcpuLimitExceeded", "more vCPUs than the quota of the family allows");
        }
        let is_gone = self.capacity.gone.get(of).is_some_and(|until| self.now < *until);
        match self.capacity.free.get_mut(&(of.clone(), zone.to_owned())) {
            _ if is_gone => no_capacity(of, zone),
            Some(0) => no_capacity(of, zone),
            Some(free) => {
                *free -= 1;
                taken()
            }
            None => taken(),
        }
    }

    /// Gives one machine of a type back.
    pub(super) fn give_capacity(&mut self, of: &InstanceType, zone: &str) {
        if let Some(free) = self.capacity.free.get_mut(&(of.clone(), zone.to_owned())) {
            *free += 1;
        }
    }

    /// Adds up what runs and what is reserved: AWS counts both.
    pub(super) fn vcpus_in_use(&self) -> u32 {
        let of = |one: &InstanceType| self.capacity.shapes.get(one).map_or(0, |shape| shape.vcpus);
        let running =
            self.machines.values().filter(|one| one.occupies()).map(|one| &one.instance_type);
        let active = self.capacity.reservations.values().filter(|one| one.state == "active");
        running.chain(active.map(|one| &one.instance_type)).map(of).sum()
    }

    pub(super) fn create_reservation(&mut self, wanted: Reservation) -> Answer {
        let known = self.capacity.reservations.iter().find(|(_, one)| one.token == wanted.token);
        if let Some((id, _)) = known {
            return made("reservation", id.as_str());
        }
        if wanted.ends_at <= self.now {
            return refuse("InvalidParameterValue", "the end lies in the past");
        }
        self.take_capacity(&wanted.instance_type, &wanted.availability_zone)?;
        let id = self.new_id("cr");
        self.capacity.reservations.insert(id.clone(), wanted);
        made("reservation", id.as_str())
    }

    pub(super) fn cancel_reservation(&mut self, id: &ResourceId) -> Answer {
        let Some(found) = self.capacity.reservations.get_mut(id) else {
            return refuse("InvalidCapacityReservationId.NotFound", format!("no {id}"));
        };
        if found.state != "active" {
            // What AWS says to the second cancellation is not documented: assumed to be this.
            return refuse("InvalidCapacityReservationState", format!("{id} is {}", found.state));
        }
        "cancelled".clone_into(&mut found.state);
        let (of, zone) = (found.instance_type.clone(), found.availability_zone.clone());
        self.give_capacity(&of, &zone);
        taken()
    }

    pub(super) fn expire_reservations(&mut self, now: Timestamp) {
        let over: Vec<_> = self
            .capacity
            .reservations
            .values_mut()
            .filter(|one| one.state == "active" && one.ends_at <= now)
            .map(|one| {
                "expired".clone_into(&mut one.state);
                (one.instance_type.clone(), one.availability_zone.clone())
            })
            .collect();
        for (of, zone) in over {
            self.give_capacity(&of, &zone);
        }
    }

    pub(super) fn reservations_of(&self, change: &ChangeId) -> Vec<ReservationObserved> {
        let ours = self.capacity.reservations.iter().filter(|(_, one)| one.change == *change);
        ours.map(|(id, one)| ReservationObserved {
            id: id.clone(),
            instance_type: one.instance_type.clone(),
            state: one.state.clone(),
        })
        .collect()
    }
}

fn no_capacity(of: &InstanceType, zone: &str) -> Answer {
    refuse("InsufficientInstanceCapacity", format!("there is no {of} in {zone} now"))
}
