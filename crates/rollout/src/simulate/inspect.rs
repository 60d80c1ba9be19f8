//! What of a world can stand in the way of a change, told as facts.

use trimtab_model::action::Action;
use trimtab_model::id::{InstanceType, ResourceId};
use trimtab_model::observed::{
    DbInstancePreflight, Facts, FunctionPreflight, GroupPreflight, Inspected, InstancePreflight,
    KeyFacts, TypeTraits, VolumePreflight,
};
use trimtab_model::plan::Change;
use trimtab_model::resource::ResourceKind;

use super::plain;
use super::state::State;
use super::world::World;

const BYTES_OF_A_MIB: u64 = 1 << 20;

impl World {
    /// Reads everything that can stand in the way of a change, as AWS would tell it now.
    pub fn inspect(&self, change: &Change) -> Inspected {
        let id = &change.resource.id;
        let facts = match (&change.action, change.resource.kind) {
            (_, ResourceKind::Instance) => {
                let found = self.state.instance_facts(change);
                found.map(|facts| Facts::Instance(Box::new(self.with_load(facts, id))))
            }
            (Action::ModifyDbStorage { .. }, ResourceKind::DbInstance) => {
                let found = self.state.databases.get(id);
                found.map(|one| {
                    let mut facts = plain::db_storage();
                    facts.status = Some(one.status.clone());
                    facts.pending = Some(one.pending.clone());
                    Facts::DbStorage(facts)
                })
            }
            (Action::SwitchDatabase(_), _) => self.state.databases.get(id).map(|one| {
                let mut facts = plain::switch();
                facts.status = Some(one.status.clone());
                facts.pending = Some(one.pending.clone());
                Facts::Switch(facts)
            }),
            (Action::RefreshInstances(plan), _) => self.state.group(change).map(|one| {
                let mut facts = plain::refresh(plan);
                if let Some(refresh) = one.refresh {
                    facts.refresh_status = Some(refresh.status);
                }
                facts.template_version = one.version;
                Facts::Refresh(Box::new(facts))
            }),
            (action, ResourceKind::DbInstance) => {
                let found = self.state.database_facts(id, action);
                found.map(|facts| Facts::DbInstance(Box::new(facts)))
            }
            (_, ResourceKind::Volume) => self.state.volume_facts(change).map(Facts::Volume),
            (_, ResourceKind::Address) => self.state.addresses.get(id).map(|one| {
                let mut facts = plain::address();
                facts.is_associated = Some(one.is_associated);
                Facts::Address(facts)
            }),
            (_, ResourceKind::Function) => self.state.function_facts(change).map(Facts::Function),
            (_, ResourceKind::AutoScalingGroup) => self.state.group_facts(change).map(Facts::Group),
            (_, ResourceKind::LogGroup) => {
                self.state.log_groups.get(id).map(|_| Facts::LogGroup(plain::log_group()))
            }
            _ => None,
        };
        Inspected { facts: facts.unwrap_or_default(), ..Inspected::default() }
    }

    /// Adds what users ask of a machine, where somebody said it.
    fn with_load(&self, mut facts: InstancePreflight, id: &ResourceId) -> InstancePreflight {
        if let Some(load) = self.workloads.get(id) {
            facts.memory_peak_mib = load.memory_mib;
            facts.busy_vcpu = Some((load.quiet_vcpus + load.busy_vcpus) / 2.0);
        }
        facts
    }
}

impl State {
    fn instance_facts(&self, change: &Change) -> Option<InstancePreflight> {
        let id = &change.resource.id;
        let machine = self.machines.get(id)?;
        let to = match &change.action {
            Action::ModifyInstanceType { to, .. } => to,
            _ => &machine.instance_type,
        };
        let key = |volume: &ResourceId| {
            let key = self.volumes.get(volume)?.key.clone()?;
            let state = if self.has_dead_key(volume) { "Disabled" } else { "Enabled" };
            Some(KeyFacts { id: key, state: state.to_owned(), may_grant: Some(true) })
        };
        Some(InstancePreflight {
            from: self.traits(&machine.instance_type),
            to: self.traits(to),
            architecture: Some(machine.architecture.clone()),
            ena_support: Some(machine.has_ena),
            platform: Some(machine.platform.clone()),
            volumes: u32::try_from(machine.volumes.len()).ok(),
            is_stop_protected: Some(machine.is_stop_protected),
            is_offered: Some(self.capacity.shapes.contains_key(to)),
            vcpu_running: Some(self.vcpus_in_use().saturating_sub(self.vcpus_held(change))),
            is_same_quota: Some(machine.occupies()),
            vcpu_quota: Some(self.capacity.quota.unwrap_or(u32::MAX)),
            keys: Some(machine.volumes.iter().filter_map(key).collect()),
            targets: Some(self.targets_of(id)),
            cpu_credits: Some(machine.cpu_credits.clone().unwrap_or_else(|| "none".to_owned())),
            ..plain::instance()
        })
    }

    /// Adds up what is reserved for a change: it will run in that.
    fn vcpus_held(&self, change: &Change) -> u32 {
        let held = self.reservations_of(&change.id).into_iter();
        let active = held.filter(|one| one.state == "active");
        let vcpus = active.filter_map(|one| self.capacity.shapes.get(&one.instance_type));
        vcpus.map(|shape| shape.vcpus).sum()
    }

    /// Returns what a type is; one that there is none of has no traits.
    fn traits(&self, of: &InstanceType) -> TypeTraits {
        let Some(shape) = self.capacity.shapes.get(of) else { return TypeTraits::default() };
        let needs_ena = if shape.needs_ena { "required" } else { "supported" };
        let share = shape.baseline_percent.map(|percent| percent / 100.0);
        TypeTraits {
            architectures: Some(vec![shape.architecture.clone()]),
            ena: Some(needs_ena.to_owned()),
            is_burstable: Some(share.is_some()),
            sustained_vcpu: share.map(|share| share * f64::from(shape.vcpus)),
            ..plain::traits(shape.vcpus, u64::from(shape.memory_mib))
        }
    }

    fn database_facts(&self, id: &ResourceId, action: &Action) -> Option<DbInstancePreflight> {
        let database = self.databases.get(id)?;
        let to = match action {
            Action::ModifyDbInstanceClass { to, .. } => to,
            _ => &database.class,
        };
        let memory = |class| self.db_classes.get(class).map(|mib| u64::from(*mib) * BYTES_OF_A_MIB);
        let fixed = u64::from(database.needs_memory_mib) * BYTES_OF_A_MIB;
        let has = memory(&database.class);
        Some(DbInstancePreflight {
            status: Some(database.status.clone()),
            pending: Some(database.pending.clone()),
            is_multi_az: Some(database.is_multi_az),
            is_orderable: Some(self.db_classes.contains_key(to)),
            to_memory_bytes: memory(to),
            fixed_memory: Some([("innodb_buffer_pool_size".to_owned(), fixed)].into()),
            memory_bytes: has,
            least_freeable_bytes: has.map(|bytes| bytes as f64 * 0.9),
            ..plain::db_instance()
        })
    }

    fn volume_facts(&self, change: &Change) -> Option<VolumePreflight> {
        let observed = self.volume(change)?;
        let latest = observed.modification.map(|one| one.state);
        let mut facts = plain::volume();
        facts.state = Some(observed.state);
        facts.modification = Some(latest.unwrap_or_else(|| "none".to_owned()));
        if observed.is_recycled != Some(true) {
            facts.recycle_bin_days = Some(0);
        }
        Some(facts)
    }

    fn function_facts(&self, change: &Change) -> Option<FunctionPreflight> {
        let observed = self.function(change)?;
        let mut facts = plain::function();
        facts.last_update_status = Some(observed.last_update_status);
        facts.memory_mb = Some(observed.memory_mb);
        facts.aliases = u32::try_from(observed.aliases.len()).ok();
        Some(facts)
    }

    fn group_facts(&self, change: &Change) -> Option<GroupPreflight> {
        let observed = self.group(change)?;
        let mut facts = plain::group();
        facts.refresh_status =
            Some(observed.refresh.map_or_else(|| "none".to_owned(), |refresh| refresh.status));
        facts.peak_in_service = Some(observed.in_service);
        Some(facts)
    }
}
