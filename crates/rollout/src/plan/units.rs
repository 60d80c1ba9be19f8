//! What a resource serves together with others, and how many of them there are.

use std::collections::BTreeSet;

use trimtab_model::environment::Environment;
use trimtab_model::id::ResourceId;
use trimtab_model::plan::{BudgetUnit, UnitKind};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::load_balancer::LoadBalancer;
use trimtab_model::resource::{Resource, Tags};
use trimtab_model::snapshot::Snapshot;

use super::inventory::Inventory;
use super::services::Services;
use super::subject::Subject;

/// Returns the wholes that a resource is part of.
///
/// A target group is not in the snapshot; the load balancer in front of it is, and stands for
/// all of its groups.
pub(super) fn units(
    subject: Subject<'_>,
    inventory: &Inventory<'_>,
    services: &Services<'_>,
) -> Vec<BudgetUnit> {
    let mut units: BTreeSet<BudgetUnit> = BTreeSet::new();
    match subject {
        Subject::Instance(one) => {
            units.insert(machine(&one.id));
            units.extend(service(&one.tags, one.environment, services));
            units.extend(behind(one, inventory.snapshot).map(balanced));
        }
        Subject::Volume(one) => {
            units.extend(inventory.machine(one).map(|machine_| machine(&machine_.id)));
        }
        Subject::DbInstance(one) => {
            units.extend(service(&one.tags, one.environment, services));
            units.extend(cluster(one, inventory.snapshot));
        }
        Subject::DbCluster(_)
        | Subject::Function(_)
        | Subject::Address(_)
        | Subject::LogGroup(_) => {}
        Subject::Group(one) => {
            let members = u32::try_from(one.kind.instance_ids.len()).unwrap_or(u32::MAX);
            let name = one.id.to_string();
            units.insert(BudgetUnit { kind: UnitKind::Cluster, name, members });
        }
    }
    units.into_iter().collect()
}

/// Returns the load balancers that send to an instance.
pub(super) fn behind<'a>(
    instance: &'a Resource<Instance>,
    snapshot: &'a Snapshot,
) -> impl Iterator<Item = &'a Resource<LoadBalancer>> {
    snapshot.load_balancers.iter().filter(|balancer| {
        balancer.account == instance.account
            && balancer.region == instance.region
            && balancer.kind.target_ids.iter().flatten().any(|target| {
                target == instance.id.as_str() || instance.kind.private_addresses.contains(target)
            })
    })
}

fn machine(instance: &ResourceId) -> BudgetUnit {
    BudgetUnit { kind: UnitKind::Machine, name: instance.to_string(), members: 1 }
}

fn service(tags: &Tags, environment: Environment, services: &Services<'_>) -> Option<BudgetUnit> {
    let service = services.name(tags)?;
    Some(BudgetUnit {
        kind: UnitKind::Service,
        name: format!("{service}/{environment}"),
        members: services.members(service, environment),
    })
}

fn balanced(balancer: &Resource<LoadBalancer>) -> BudgetUnit {
    let listed = balancer.kind.target_ids.as_ref().map_or(0, Vec::len);
    let healthy = balancer.kind.targets.and_then(|targets| targets.healthy);
    BudgetUnit {
        kind: UnitKind::TargetGroup,
        name: balancer.id.to_string(),
        // Those that are ill carry nothing while another is out of service.
        members: healthy.unwrap_or_else(|| u32::try_from(listed).unwrap_or(u32::MAX)),
    }
}

/// Returns the cluster of a database: that of Aurora, or a source with its replicas.
fn cluster(database: &Resource<DbInstance>, snapshot: &Snapshot) -> Option<BudgetUnit> {
    let kind = &database.kind;
    let is_near = |one: &&Resource<DbInstance>| {
        one.account == database.account && one.region == database.region
    };
    let of = |name: &ResourceId, members: usize| BudgetUnit {
        kind: UnitKind::Cluster,
        name: name.to_string(),
        members: u32::try_from(members).unwrap_or(u32::MAX),
    };
    if let Some(name) = &kind.db_cluster_identifier {
        let members = snapshot
            .db_instances
            .iter()
            .filter(is_near)
            .filter(|one| one.kind.db_cluster_identifier.as_ref() == Some(name));
        return Some(of(name, members.count()));
    }
    if let Some(source) = &kind.read_replica_source {
        let replicas = snapshot
            .db_instances
            .iter()
            .filter(is_near)
            .filter(|one| one.kind.read_replica_source.as_ref() == Some(source));
        return Some(of(source, replicas.count() + 1));
    }
    (!kind.read_replicas.is_empty()).then(|| of(&database.id, kind.read_replicas.len() + 1))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn an_instance_is_counted_with_those_of_its_service_and_environment() {
        let mut snapshot = sample::snapshot();
        snapshot.instances = ["i-1", "i-2", "i-3"]
            .map(|id| sample::tagged(sample::instance(id, "m5.large"), "Service", "lobby"))
            .into();
        snapshot.instances[2].environment = Environment::Dev;
        let keys = ["Service".to_owned()];
        let services = Services::of(&snapshot, &keys, &BTreeSet::new());
        let units =
            units(Subject::Instance(&snapshot.instances[0]), &Inventory::of(&snapshot), &services);
        let found: Vec<_> =
            units.iter().map(|unit| (unit.kind, unit.name.as_str(), unit.members)).collect();
        assert_eq!(found, [(UnitKind::Service, "lobby/prod", 2), (UnitKind::Machine, "i-1", 1)]);
    }

    #[test]
    fn a_volume_is_of_the_machine_that_it_hangs_on() {
        let mut snapshot = sample::snapshot();
        snapshot.instances = vec![sample::instance("i-1", "m5.large")];
        let volume = sample::volume("vol-1", "gp2", Some("i-1"));
        let services = Services::of(&snapshot, &[], &BTreeSet::new());
        let units = units(Subject::Volume(&volume), &Inventory::of(&snapshot), &services);
        assert_eq!(units, [machine(&"i-1".into())]);
    }

    #[test]
    fn the_healthy_targets_of_a_load_balancer_are_its_members() {
        let mut snapshot = sample::snapshot();
        snapshot.instances = vec![sample::instance("i-1", "m5.large")];
        snapshot.load_balancers = vec![sample::balancer(&["i-1", "i-2"], 1)];
        let services = Services::of(&snapshot, &[], &BTreeSet::new());
        let units =
            units(Subject::Instance(&snapshot.instances[0]), &Inventory::of(&snapshot), &services);
        assert!(units.iter().any(|u| u.kind == UnitKind::TargetGroup && u.members == 1));
    }
}
