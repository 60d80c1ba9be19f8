//! What a resource serves together with others, and how many of them there are.

use std::collections::BTreeSet;

use trimtab_model::environment::Environment;
use trimtab_model::id::ResourceId;
use trimtab_model::plan::{BudgetUnit, UnitKind};
use trimtab_model::resource::auto_scaling_group::AutoScalingGroup;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::instance::{Instance, InstanceState};
use trimtab_model::resource::load_balancer::{LoadBalancer, TargetGroup};
use trimtab_model::resource::{Resource, Tags};
use trimtab_model::snapshot::Snapshot;

use super::inventory::Inventory;
use super::services::Services;
use super::subject::Subject;

/// Returns the wholes that a resource is part of.
///
/// Where the inventory has no target groups, the load balancer in front stands for all of its own.
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
            units.extend(behind(one, inventory.snapshot).flat_map(|of| balanced(one, of)));
            units.extend(group_of(one, inventory.snapshot));
            units.extend(containers(one, inventory.snapshot));
            units.extend(nodes(one, inventory.snapshot));
        }
        Subject::Volume(one) => {
            units.extend(inventory.machine(one).map(|machine_| machine(&machine_.id)));
        }
        Subject::DbInstance(one) => {
            units.extend(service(&one.tags, one.environment, services));
            units.extend(cluster(one, inventory.snapshot));
        }
        Subject::DbCluster(_) | Subject::Address(_) | Subject::LogGroup(_) => {}
        Subject::Function(one) => units.extend(service(&one.tags, one.environment, services)),
        Subject::Group(one) => {
            let group = group(one);
            // Its instances may not have the tag, and a group of many is not the only one.
            let service = service(&one.tags, one.environment, services);
            units.extend(service.map(|service| BudgetUnit {
                members: service.members.max(group.members),
                ..service
            }));
            units.insert(group);
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
        members: services.members(&service, environment),
    })
}

/// Returns the target groups of a load balancer that an instance is registered in.
pub(super) fn groups<'a>(
    instance: &'a Resource<Instance>,
    balancer: &'a Resource<LoadBalancer>,
) -> impl Iterator<Item = &'a TargetGroup> {
    let groups = balancer.kind.target_groups.iter().flatten();
    groups.filter(|group| {
        group.target_ids.iter().any(|target| {
            target == instance.id.as_str() || instance.kind.private_addresses.contains(target)
        })
    })
}

/// Returns the target groups through which a load balancer sends to an instance, each by itself:
/// two services behind one balancer do not wait for each other.
fn balanced(instance: &Resource<Instance>, balancer: &Resource<LoadBalancer>) -> Vec<BudgetUnit> {
    let known: Vec<BudgetUnit> = groups(instance, balancer)
        .map(|group| BudgetUnit {
            kind: UnitKind::TargetGroup,
            name: group.target_group_arn.to_string(),
            // Those that are ill carry nothing while another is out of service.
            members: group.healthy,
        })
        .collect();
    if known.is_empty() { vec![whole(balancer)] } else { known }
}

fn group(one: &Resource<AutoScalingGroup>) -> BudgetUnit {
    BudgetUnit {
        kind: UnitKind::AutoScalingGroup,
        name: one.id.to_string(),
        members: u32::try_from(one.kind.instance_ids.len()).unwrap_or(u32::MAX),
    }
}

/// Returns the Auto Scaling group that an instance is in.
fn group_of(instance: &Resource<Instance>, snapshot: &Snapshot) -> Option<BudgetUnit> {
    let near = snapshot.auto_scaling_groups.iter().filter(|one| is_near(one, instance));
    let name = instance.kind.auto_scaling_group_name.as_deref();
    let holds = |one: &&Resource<AutoScalingGroup>| {
        name == Some(one.id.as_str()) || one.kind.instance_ids.contains(&instance.id)
    };
    near.into_iter().find(holds).map(group)
}

/// Returns the clusters of ECS that an instance has joined.
fn containers(
    instance: &Resource<Instance>,
    snapshot: &Snapshot,
) -> impl Iterator<Item = BudgetUnit> {
    let near = snapshot.ecs_clusters.iter().filter(|one| is_near(one, instance));
    near.filter_map(|one| {
        let machines = one.kind.ec2_instance_ids.as_ref()?;
        machines.contains(&instance.id).then(|| BudgetUnit {
            kind: UnitKind::Cluster,
            name: format!("ecs/{}", one.id),
            members: u32::try_from(machines.len()).unwrap_or(u32::MAX),
        })
    })
}

/// Returns the cluster of EKS that an instance is a node of, as its tags say.
fn nodes(instance: &Resource<Instance>, snapshot: &Snapshot) -> Option<BudgetUnit> {
    let name = eks_cluster(&instance.tags)?;
    let members = snapshot
        .instances
        .iter()
        .filter(|one| is_near(one, instance) && one.kind.state == InstanceState::Running)
        .filter(|one| eks_cluster(&one.tags) == Some(name));
    Some(BudgetUnit {
        kind: UnitKind::Cluster,
        name: format!("eks/{name}"),
        members: u32::try_from(members.count()).unwrap_or(u32::MAX),
    })
}

/// Returns the cluster that the tags of a node name: those of EKS itself, and of Kubernetes.
fn eks_cluster(tags: &Tags) -> Option<&str> {
    let own =
        ["eks:cluster-name", "aws:eks:cluster-name"].into_iter().find_map(|key| tags.get(key));
    own.map(String::as_str)
        .or_else(|| tags.keys().find_map(|key| key.strip_prefix("kubernetes.io/cluster/")))
}

fn is_near<A, B>(one: &Resource<A>, other: &Resource<B>) -> bool {
    one.account == other.account && one.region == other.region
}

/// Returns a load balancer of whose groups nothing is known.
fn whole(balancer: &Resource<LoadBalancer>) -> BudgetUnit {
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
    use trimtab_model::resource::function::Function;

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
    fn groups_and_functions_are_of_the_service_that_their_tags_name() {
        let mut scaling = sample::tagged(sample::group("web", 1, 4, 2), "Service", "lobby");
        scaling.kind.instance_ids = vec!["i-1".into(), "i-2".into()];
        let kind = Function {
            function_arn: None,
            runtime: None,
            architectures: Vec::new(),
            memory_size_mb: None,
            timeout_seconds: None,
            package_type: None,
            layer_count: 0,
            code_size_bytes: None,
            versions: None,
            aliases: None,
        };
        let function = sample::tagged(sample::function("resize", kind), "Service", "lobby");
        let snapshot = sample::snapshot();
        let keys = ["Service".to_owned()];
        let services = Services::of(&snapshot, &keys, &BTreeSet::new());
        let of = |subject| {
            let units = units(subject, &Inventory::of(&snapshot), &services);
            let found = units.into_iter().map(|unit| (unit.kind, unit.name, unit.members));
            found.collect::<Vec<_>>()
        };
        let service = |members| (UnitKind::Service, "lobby/prod".to_owned(), members);
        let group = (UnitKind::AutoScalingGroup, "web".to_owned(), 2);
        assert_eq!(of(Subject::Group(&scaling)), [service(2), group]);
        assert_eq!(of(Subject::Function(&function)), [service(0)]);
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

    #[test]
    fn b06_each_target_group_cluster_and_scaling_group_has_a_budget_of_its_own() {
        let mut snapshot = sample::snapshot();
        let mut machine =
            sample::tagged(sample::instance("i-1", "m5.large"), "eks:cluster-name", "arena");
        machine.kind.auto_scaling_group_name = Some("web".to_owned());
        snapshot.instances = vec![machine, sample::instance("i-2", "m5.large")];
        let mut balancer = sample::balancer(&["i-1", "i-2", "i-3"], 3);
        let group = |name: &str, targets: &[&str]| TargetGroup {
            target_group_arn: name.into(),
            target_ids: targets.iter().map(|&target| target.to_owned()).collect(),
            healthy: u32::try_from(targets.len()).unwrap(),
            unhealthy: Some(0),
        };
        balancer.kind.target_groups =
            Some(vec![group("tg/chat", &["i-2", "i-3"]), group("tg/lobby", &["i-1", "i-2"])]);
        snapshot.load_balancers = vec![balancer];
        let mut scaling = sample::group("web", 1, 4, 2);
        scaling.kind.instance_ids = vec!["i-1".into(), "i-2".into()];
        snapshot.auto_scaling_groups = vec![scaling];
        let services = Services::of(&snapshot, &[], &BTreeSet::new());
        let units =
            units(Subject::Instance(&snapshot.instances[0]), &Inventory::of(&snapshot), &services);
        let found: Vec<_> =
            units.iter().map(|unit| (unit.kind, unit.name.as_str(), unit.members)).collect();
        assert_eq!(
            found,
            [
                (UnitKind::TargetGroup, "tg/lobby", 2),
                (UnitKind::Cluster, "eks/arena", 1),
                (UnitKind::Machine, "i-1", 1),
                (UnitKind::AutoScalingGroup, "web", 2),
            ]
        );
    }

    #[test]
    fn a_service_is_the_same_however_its_name_is_written() {
        let mut snapshot = sample::snapshot();
        snapshot.instances = [("i-1", "Game Lobby"), ("i-2", "game_lobby "), ("i-3", "game-lobby")]
            .map(|(id, name)| sample::tagged(sample::instance(id, "m5.large"), "Service", name))
            .into();
        let keys = ["Service".to_owned()];
        let services = Services::of(&snapshot, &keys, &BTreeSet::new());
        for machine in &snapshot.instances {
            let units = units(Subject::Instance(machine), &Inventory::of(&snapshot), &services);
            let service = units.iter().find(|unit| unit.kind == UnitKind::Service).unwrap();
            assert_eq!((service.name.as_str(), service.members), ("game-lobby/prod", 3));
        }
    }
}
