//! What is put into a world before anything happens, and what can be seen of it afterwards.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::call::Target;
use trimtab_model::id::{DbInstanceClass, InstanceType, ResourceId};

use super::capacity::{Reservation, Shape};
use super::db_instance::Database;
use super::demand::Demand;
use super::function::Function;
use super::group::Group;
use super::instance::Machine;
use super::metrics::Workload;
use super::setting::Address;
use super::snapshot::Snapshot;
use super::target_group::TargetGroup;
use super::volume::Volume;
use super::world::World;

/// When a machine ran, and as what: since when, and which type, or none while it did not run.
pub type Runs = [(Timestamp, Option<InstanceType>)];

impl World {
    /// Lets what is described be so old.
    pub fn set_lag(&mut self, lag: SignedDuration) {
        self.lag = lag;
    }

    /// Returns whether descriptions are never old, but for faults.
    pub fn is_consistent(&self) -> bool {
        self.lag.is_zero()
    }

    /// Adds a type of machine.
    pub fn offer(&mut self, instance_type: &str, shape: Shape) {
        self.state.capacity.shapes.insert(InstanceType::new(instance_type), shape);
    }

    /// Sets how many machines of a type are free in a zone; without it, there are plenty.
    pub fn stock(&mut self, instance_type: &str, zone: &str, free: u32) {
        let key = (InstanceType::new(instance_type), zone.to_owned());
        self.state.capacity.free.insert(key, free);
    }

    /// Sets how many vCPUs may run.
    pub fn set_quota(&mut self, vcpus: u32) {
        self.state.capacity.quota = Some(vcpus);
    }

    /// Adds an instance; its volumes become attached to it.
    pub fn add_machine(&mut self, id: &str, machine: Machine) {
        let id = ResourceId::new(id);
        for volume in &machine.volumes {
            if let Some(volume) = self.state.volumes.get_mut(volume) {
                volume.attached_to = Some(id.clone());
                "in-use".clone_into(&mut volume.state);
            }
        }
        self.state.machines.insert(id, machine);
    }

    /// Adds a volume.
    pub fn add_volume(&mut self, id: &str, volume: Volume) {
        self.state.volumes.insert(ResourceId::new(id), volume);
    }

    /// Adds a target group.
    pub fn add_target_group(&mut self, id: &str, group: TargetGroup) {
        self.state.target_groups.insert(ResourceId::new(id), group);
    }

    /// Registers a target that has been healthy for long.
    pub fn add_registration(&mut self, target: Target) {
        self.state.add_target(target);
    }

    /// Adds a database.
    pub fn add_database(&mut self, id: &str, database: Database) {
        self.state.databases.insert(ResourceId::new(id), database);
    }

    /// Adds a class that databases can have, with its memory.
    pub fn offer_db_class(&mut self, class: &str, memory_mib: u32) {
        self.state.db_classes.insert(DbInstanceClass::new(class), memory_mib);
    }

    /// Lets there be no machine of a class any more.
    pub fn withdraw_db_class(&mut self, class: &str) {
        self.state.db_classes_gone.insert(DbInstanceClass::new(class));
    }

    /// Lets somebody put a class change off to the maintenance window.
    pub fn defer_db_class(&mut self, id: &str, class: &str) {
        self.state.defer_class(&ResourceId::new(id), &DbInstanceClass::new(class));
    }

    /// Adds a function.
    pub fn add_function(&mut self, id: &str, function: Function) {
        self.state.functions.insert(ResourceId::new(id), function);
    }

    /// Adds an Auto Scaling group.
    pub fn add_group(&mut self, id: &str, group: Group) {
        self.state.groups.insert(ResourceId::new(id), group);
    }

    /// Adds an Elastic IP address.
    pub fn add_address(&mut self, id: &str, address: Address) {
        self.state.addresses.insert(ResourceId::new(id), address);
    }

    /// Adds a log group that keeps its events for so many days, or for ever.
    pub fn add_log_group(&mut self, id: &str, days: Option<u32>) {
        self.state.log_groups.insert(ResourceId::new(id), days);
    }

    /// Says what users ask of a resource.
    pub fn add_workload(&mut self, id: &str, workload: Workload) {
        self.workloads.insert(ResourceId::new(id), workload);
    }

    /// Says how what users ask of a resource follows the week, and what its size does to it.
    pub fn set_demand(&mut self, id: &str, demand: Demand) {
        self.demands.insert(ResourceId::new(id), demand);
    }

    /// Iterates over the instances.
    pub fn machines(&self) -> impl Iterator<Item = (&ResourceId, &Machine)> {
        self.state.machines.iter()
    }

    /// Returns an instance as it is, however stale a description would be.
    pub fn machine(&self, id: &ResourceId) -> Option<&Machine> {
        self.state.machines.get(id)
    }

    /// Returns when an instance ran.
    pub fn runs(&self, id: &ResourceId) -> &Runs {
        self.state.machines.get(id).map_or(&[], |one| &one.runs)
    }

    /// Returns whether a target is registered and not on its way out.
    pub fn is_registered(&self, target: &Target) -> bool {
        let id = &target.instance;
        self.state.targets_of(id).iter().any(|one| {
            one.target == *target && one.health != trimtab_model::observed::TargetHealth::Draining
        })
    }

    /// Returns the snapshots.
    pub fn snapshots(&self) -> &BTreeMap<ResourceId, Snapshot> {
        &self.state.snapshots
    }

    /// Returns the capacity reservations.
    pub fn reservations(&self) -> &BTreeMap<ResourceId, Reservation> {
        &self.state.capacity.reservations
    }

    /// Returns a database as it is.
    pub fn database(&self, id: &str) -> Option<&Database> {
        self.state.databases.get(&ResourceId::new(id))
    }

    /// Returns an Auto Scaling group as it is.
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.state.groups.get(&ResourceId::new(id))
    }

    /// Returns a volume as it is.
    pub fn volume(&self, id: &str) -> Option<&Volume> {
        self.state.volumes.get(&ResourceId::new(id))
    }
}
