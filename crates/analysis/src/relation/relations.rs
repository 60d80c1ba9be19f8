//! Finds everything that names a resource, and everything that it names.

use std::collections::BTreeSet;

use trimtab_model::relation::{Relation, Side};
use trimtab_model::resource::{ResourceKey, ResourceKind, ResourceRef};
use trimtab_model::snapshot::Snapshot;

use super::edge::{Edge, End, Visit};
use super::{compute, container, database, network, watching};

/// Returns what a resource is attached to and what depends on it, each once, as far as the inventory says.
///
/// A kind that was not listed names nobody, so an absent relation proves nothing.
pub fn relations(snapshot: &Snapshot, of: &ResourceRef) -> Vec<Relation> {
    let is_it = |end: &End<'_>| {
        end.id == of.id.as_str()
            && end.kind == of.kind.as_str()
            && end.region == of.region.as_str()
            && end.account == of.account.as_str()
    };
    let mut found: BTreeSet<Relation> = BTreeSet::new();
    let mut visit = |edge: Edge<'_>| {
        let (side, other) = if is_it(&edge.from) {
            (Side::Naming, edge.to)
        } else if is_it(&edge.to) {
            (Side::Named, edge.from)
        } else {
            return;
        };
        let resource = known(snapshot, &other);
        let (kind, id) = (other.kind, other.id.into_owned());
        found.insert(Relation { bond: edge.bond, side, kind, id, resource });
    };
    edges(snapshot, &mut visit);
    found.into_iter().collect()
}

fn edges<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    compute::edges(snapshot, visit);
    network::edges(snapshot, visit);
    database::edges(snapshot, visit);
    container::edges(snapshot, visit);
    watching::edges(snapshot, visit);
}

fn known(snapshot: &Snapshot, end: &End<'_>) -> Option<ResourceRef> {
    let kind = ResourceKind::ALL.iter().copied().find(|kind| kind.as_str() == end.kind)?;
    let key: ResourceKey = (end.account.into(), end.region.into(), kind, end.id.as_ref().into());
    Some(snapshot.find(&key)?.0)
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::load_balancer::TargetGroup;
    use trimtab_model::resource::volume::VolumeAttachment;

    use super::*;
    use crate::scene::{Scene, scene};

    fn check(scene: &Scene, kind: ResourceKind, id: &str, expected: &[&str]) {
        let of = ResourceRef { kind, ..scene.reference(id) };
        let found: Vec<String> = relations(&scene.snapshot, &of)
            .into_iter()
            .map(|one| {
                let mark = if one.resource.is_some() { "" } else { " ?" };
                format!("{} {}{mark}", one.as_str(), one.id)
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn nothing_is_related_to_what_is_alone() {
        check(&scene().volume(|_| ()), ResourceKind::Volume, "vol-1", &[]);
    }

    #[test]
    fn an_instance_has_its_disks_once_and_its_image_group_and_load_balancer() {
        let scene = scene()
            .instance(|one| {
                one.kind.volume_ids = vec!["vol-1".into(), "vol-9".into()];
                one.kind.auto_scaling_group_name = Some("lobby".to_owned());
            })
            .volume(|one| {
                one.kind.attachments =
                    vec![VolumeAttachment { instance_id: "i-1".into(), device: None, state: None }];
                one.kind.snapshot_id = Some("snap-1".into());
            })
            .volume_snapshot(|_| ())
            .group(|one| one.kind.instance_ids = vec!["i-1".into()])
            .load_balancer(|one| one.kind.target_ids = Some(vec!["i-1".into(), "10.0.0.1".into()]));
        let balancer = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188";
        check(
            &scene,
            ResourceKind::Instance,
            "i-1",
            &[
                "has-attached vol-1",
                "has-attached vol-9 ?",
                "member-of lobby",
                "made-from ami-1 ?",
                &format!("receives-from {balancer}"),
            ],
        );
        check(&scene, ResourceKind::Volume, "vol-1", &["attached-to i-1", "made-from snap-1"]);
        check(
            &scene,
            ResourceKind::Snapshot,
            "snap-1",
            &["made-from vol-gone ?", "origin-of vol-1"],
        );
        // A name is of its kind and its place alone.
        check(&scene, ResourceKind::Volume, "i-1", &[]);
    }

    #[test]
    fn a_database_knows_its_replica_and_its_snapshot() {
        let scene = scene()
            .db_instance(|one| one.kind.read_replicas = vec!["db-copy".into()])
            .db_instance(|one| {
                one.id = "db-copy".into();
                one.kind.read_replica_source = Some("db".into());
            });
        let settings = "configured-by default.mysql8.0 ?";
        check(&scene, ResourceKind::DbInstance, "db", &["copied-by db-copy", settings]);
        check(&scene, ResourceKind::DbInstance, "db-copy", &["copy-of db", settings]);
    }

    #[test]
    fn a_gateway_holds_an_address_and_lies_in_a_network() {
        let scene = scene()
            .nat_gateway(|one| one.kind.allocation_ids = vec!["eipalloc-1".into()])
            .address(|_| ());
        check(
            &scene,
            ResourceKind::NatGateway,
            "nat-1",
            &["has-attached eipalloc-1", "located-in subnet-1 ?", "located-in vpc-1 ?"],
        );
        check(&scene, ResourceKind::Address, "eipalloc-1", &["attached-to nat-1"]);
    }

    #[test]
    fn a_service_and_a_load_balancer_meet_at_a_target_group() {
        let scene = scene()
            .load_balancer(|one| {
                one.id = "lb".into();
                one.kind.target_groups = Some(vec![TargetGroup {
                    target_group_arn: "tg".into(),
                    target_ids: Vec::new(),
                    healthy: 0,
                    unhealthy: None,
                }]);
            })
            .ecs_service(|one| {
                one.id = "game/lobby".into();
                one.kind.cluster = "game".to_owned();
                one.kind.target_groups = vec!["tg".into()];
            });
        let expected = ["member-of game ?", "receives-from lb"];
        check(&scene, ResourceKind::EcsService, "game/lobby", &expected);
        check(&scene, ResourceKind::LoadBalancer, "lb", &["sends-to game/lobby"]);
    }
}
