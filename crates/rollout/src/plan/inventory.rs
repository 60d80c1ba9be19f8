//! A snapshot, with a way to find what it has.

use std::collections::BTreeMap;

use trimtab_model::id::{RegionId, ResourceId, SubAccountId};
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::volume::Volume;
use trimtab_model::resource::{Resource, ResourceKind, ResourceRef};
use trimtab_model::snapshot::Snapshot;

use super::subject::Subject;

/// A resource without what its tags say.
type Place<'a> = (ResourceKind, &'a SubAccountId, &'a RegionId, &'a ResourceId);

/// A snapshot whose resources are found by name.
#[derive(Debug, Clone)]
pub struct Inventory<'a> {
    /// The snapshot.
    pub snapshot: &'a Snapshot,
    subjects: BTreeMap<Place<'a>, Subject<'a>>,
    /// The machine of each volume.
    machines: BTreeMap<Place<'a>, &'a Resource<Instance>>,
}

impl<'a> Inventory<'a> {
    /// Notes where everything is that can be changed.
    pub fn of(snapshot: &'a Snapshot) -> Self {
        let mut subjects = BTreeMap::new();
        add(&mut subjects, ResourceKind::Instance, &snapshot.instances, Subject::Instance);
        add(&mut subjects, ResourceKind::Volume, &snapshot.volumes, Subject::Volume);
        add(&mut subjects, ResourceKind::DbInstance, &snapshot.db_instances, Subject::DbInstance);
        add(&mut subjects, ResourceKind::DbCluster, &snapshot.db_clusters, Subject::DbCluster);
        add(&mut subjects, ResourceKind::Address, &snapshot.addresses, Subject::Address);
        add(&mut subjects, ResourceKind::Function, &snapshot.functions, Subject::Function);
        add(&mut subjects, ResourceKind::LogGroup, &snapshot.log_groups, Subject::LogGroup);
        let groups = &snapshot.auto_scaling_groups;
        add(&mut subjects, ResourceKind::AutoScalingGroup, groups, Subject::Group);
        let mut machines = BTreeMap::new();
        for machine in &snapshot.instances {
            for volume in &machine.kind.volume_ids {
                let kind = ResourceKind::Volume;
                machines.insert((kind, &machine.account, &machine.region, volume), machine);
            }
        }
        Self { snapshot, subjects, machines }
    }

    /// Returns the resource that a reference names, if it can be changed and is there.
    pub(super) fn subject(&self, of: &ResourceRef) -> Option<Subject<'a>> {
        self.subjects.get(&(of.kind, &of.account, &of.region, &of.id)).copied()
    }

    /// Returns the instance that has a volume, by its own listing or by the volume's.
    pub(super) fn machine(&self, volume: &Resource<Volume>) -> Option<&'a Resource<Instance>> {
        let (account, region) = (&volume.account, &volume.region);
        let listed = self.machines.get(&(ResourceKind::Volume, account, region, &volume.id));
        listed.copied().or_else(|| {
            volume.kind.attachments.iter().find_map(|at| {
                let place = (ResourceKind::Instance, account, region, &at.instance_id);
                match self.subjects.get(&place) {
                    Some(Subject::Instance(machine)) => Some(*machine),
                    _ => None,
                }
            })
        })
    }
}

fn add<'a, K>(
    subjects: &mut BTreeMap<Place<'a>, Subject<'a>>,
    kind: ResourceKind,
    table: &'a [Resource<K>],
    subject: fn(&'a Resource<K>) -> Subject<'a>,
) {
    let placed = |one: &'a Resource<K>| ((kind, &one.account, &one.region, &one.id), subject(one));
    subjects.extend(table.iter().map(placed));
}
