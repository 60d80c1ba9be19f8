//! Machines, their disks, images, addresses and groups.

use trimtab_model::relation::Bond;
use trimtab_model::resource::ResourceKind;
use trimtab_model::snapshot::Snapshot;

use super::edge::{Edge, End, Visit};

/// The volume that a copied snapshot names: there is none.
const NO_VOLUME: &str = "vol-ffffffff";

/// Visits what machines and their parts name.
pub(super) fn edges<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    instances(snapshot, visit);
    volumes(snapshot, visit);
    addresses(snapshot, visit);
    images(snapshot, visit);
    groups(snapshot, visit);
}

fn instances<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    for instance in &snapshot.instances {
        let from = End::of(instance, ResourceKind::Instance);
        let facts = &instance.kind;
        for volume in &facts.volume_ids {
            let volume = from.beside(ResourceKind::Volume.as_str(), volume.as_str());
            visit(Edge { from: volume, bond: Bond::Attachment, to: from.clone() });
        }
        let named = [
            (Bond::Origin, ResourceKind::Image, facts.image_id.as_ref().map(|id| id.as_str())),
            (Bond::Location, ResourceKind::Host, facts.host_id.as_ref().map(|id| id.as_str())),
            (
                Bond::Membership,
                ResourceKind::AutoScalingGroup,
                facts.auto_scaling_group_name.as_deref(),
            ),
        ];
        for (bond, kind, id) in named {
            if let Some(id) = id {
                visit(Edge { from: from.clone(), bond, to: from.beside(kind.as_str(), id) });
            }
        }
    }
    for host in &snapshot.hosts {
        let to = End::of(host, ResourceKind::Host);
        for instance in &host.kind.instance_ids {
            let from = to.beside(ResourceKind::Instance.as_str(), instance.as_str());
            visit(Edge { from, bond: Bond::Location, to: to.clone() });
        }
    }
}

fn volumes<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    for volume in &snapshot.volumes {
        let from = End::of(volume, ResourceKind::Volume);
        for attachment in &volume.kind.attachments {
            let to = from.beside(ResourceKind::Instance.as_str(), attachment.instance_id.as_str());
            visit(Edge { from: from.clone(), bond: Bond::Attachment, to });
        }
        // A volume that was made of nothing has an empty name here.
        if let Some(id) = volume.kind.snapshot_id.as_ref().filter(|id| !id.as_str().is_empty()) {
            let to = from.beside(ResourceKind::Snapshot.as_str(), id.as_str());
            visit(Edge { from, bond: Bond::Origin, to });
        }
    }
    for one in &snapshot.snapshots {
        let from = End::of(one, ResourceKind::Snapshot);
        if let Some(id) = one.kind.volume_id.as_ref().filter(|id| id.as_str() != NO_VOLUME) {
            let to = from.beside(ResourceKind::Volume.as_str(), id.as_str());
            visit(Edge { from, bond: Bond::Origin, to });
        }
    }
    for restore in &snapshot.fast_snapshot_restores {
        let from = End::of(restore, ResourceKind::FastSnapshotRestore);
        let id = restore.kind.snapshot_id.as_str();
        let to = from.beside(ResourceKind::Snapshot.as_str(), id);
        visit(Edge { from, bond: Bond::Attachment, to });
    }
}

fn addresses<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    for address in &snapshot.addresses {
        let from = End::of(address, ResourceKind::Address);
        let holders = [
            (ResourceKind::Instance, &address.kind.instance_id),
            (ResourceKind::NetworkInterface, &address.kind.network_interface_id),
        ];
        for (kind, id) in holders {
            if let Some(id) = id.as_deref().filter(|id| !id.is_empty()) {
                let to = from.beside(kind.as_str(), id);
                visit(Edge { from: from.clone(), bond: Bond::Attachment, to });
            }
        }
    }
}

fn images<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    for image in &snapshot.images {
        let from = End::of(image, ResourceKind::Image);
        for id in &image.kind.snapshot_ids {
            let to = from.beside(ResourceKind::Snapshot.as_str(), id.as_str());
            visit(Edge { from: from.clone(), bond: Bond::Origin, to });
        }
        if let Some(id) = &image.kind.source_image_id {
            let to = from.beside(ResourceKind::Image.as_str(), id.as_str());
            visit(Edge { from, bond: Bond::Copy, to });
        }
    }
    for template in &snapshot.launch_templates {
        let from = End::of(template, ResourceKind::LaunchTemplate);
        let versions = template.kind.versions.iter().flatten();
        // A template may name a parameter that names an image.
        let images = versions.filter_map(|version| version.image_id.as_deref());
        for id in images.filter(|id| id.starts_with("ami-")) {
            let to = from.beside(ResourceKind::Image.as_str(), id);
            visit(Edge { from: from.clone(), bond: Bond::Origin, to });
        }
    }
}

fn groups<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    for group in &snapshot.auto_scaling_groups {
        let to = End::of(group, ResourceKind::AutoScalingGroup);
        for instance in &group.kind.instance_ids {
            let from = to.beside(ResourceKind::Instance.as_str(), instance.as_str());
            visit(Edge { from, bond: Bond::Membership, to: to.clone() });
        }
        let templates = group.kind.launch_templates.iter().flatten();
        for id in templates.filter_map(|one| one.launch_template_id.as_deref()) {
            let template = to.beside(ResourceKind::LaunchTemplate.as_str(), id);
            visit(Edge { from: to.clone(), bond: Bond::Origin, to: template });
        }
    }
}
