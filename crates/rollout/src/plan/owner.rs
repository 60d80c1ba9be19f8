//! Whose a resource is, and what its owner would change instead.
//!
//! What a group, a cluster, a stack or a module made is not changed behind its back: it would
//! be replaced by the old, or be taken back with an outage at a moment that nobody chose.

mod cloudformation;
mod cluster;
mod edit;
mod group;
mod package;
mod terraform;

use serde_json::Value;

use trimtab_model::action::Action;
use trimtab_model::plan::{Ancestry, OwnerPatch};
use trimtab_model::resource::{ResourceRef, Tags};
use trimtab_model::text::Reason;

use super::inventory::Inventory;
use super::subject::Subject;

pub(super) use edit::{Edit, edit};
pub(super) use group::{group_name, is_free_group, patch as group_patch};
pub(super) use package::package;

/// Whose a resource is.
pub(super) enum Ownership {
    /// Somebody's who makes it anew or takes changes back.
    Owned(Owned),
    /// Nobody's, as far as can be seen.
    Free(Ancestry),
}

/// An owner, and what it would change.
pub(super) struct Owned {
    pub(super) reason: Reason,
    pub(super) patch: Option<OwnerPatch>,
}

/// A resource, the change wished of it, and what is known of its owners.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) action: &'a Action,
    pub(super) resource: &'a ResourceRef,
    pub(super) subject: Subject<'a>,
    pub(super) inventory: &'a Inventory<'a>,
    pub(super) terraform: &'a [Value],
}

impl Ownership {
    /// Finds the owner: who replaces a resource comes before who describes it.
    pub(super) fn of(question: Question<'_>) -> Self {
        cluster::environment(question)
            .or_else(|| group::owner(question))
            .or_else(|| cluster::owner(question))
            .or_else(|| cloudformation::owner(question))
            .or_else(|| terraform::owner(question))
            .map_or_else(|| Self::Free(terraform::ancestry(question.terraform)), Self::Owned)
    }
}

impl Question<'_> {
    /// Returns the tags that tell an owner: of a volume, those of its machine too, which makes
    /// it anew together with itself.
    fn tag(&self, key: &str) -> Option<&str> {
        self.tags().find_map(|tags| tags.get(key)).map(String::as_str)
    }

    fn tags(&self) -> impl Iterator<Item = &Tags> {
        let machine = match self.subject {
            Subject::Volume(volume) => self.inventory.machine(volume).map(|one| &one.tags),
            _ => None,
        };
        std::iter::once(self.subject.tags()).chain(machine)
    }
}

impl Owned {
    fn by(name: &str, patch: Option<OwnerPatch>) -> Self {
        let reason = Reason::new(
            "owned",
            format!("{name} owns it: the change belongs there, or it is taken back."),
            format!("관리 주체는 {name}입니다. 그쪽에서 변경하지 않으면 되돌려집니다."),
        );
        Self { reason, patch }
    }
}

fn patch(owner: String, format: &str, text: String) -> Option<OwnerPatch> {
    Some(OwnerPatch { owner, format: format.to_owned(), text })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use trimtab_model::resource::Resource;
    use trimtab_model::resource::ResourceKind;
    use trimtab_model::resource::instance::Instance;
    use trimtab_model::snapshot::Snapshot;

    use super::super::sample;
    use super::*;

    fn resize() -> Action {
        Action::ModifyInstanceType { from: "m5.xlarge".into(), to: "m6i.large".into() }
    }

    fn ownership(snapshot: &Snapshot, instance: &Resource<Instance>, state: &[Value]) -> Ownership {
        Ownership::of(Question {
            action: &resize(),
            resource: &instance.reference(ResourceKind::Instance),
            subject: Subject::Instance(instance),
            inventory: &Inventory::of(snapshot),
            terraform: state,
        })
    }

    fn text(ownership: Ownership) -> String {
        match ownership {
            Ownership::Owned(owned) => owned.patch.expect("a patch").text,
            Ownership::Free(_) => panic!("nobody owns it"),
        }
    }

    #[test]
    fn a_stack_gets_the_property_to_change() {
        let mut instance = sample::instance("i-1", "m5.xlarge");
        for (key, value) in [
            ("aws:cloudformation:stack-id", "arn:aws:cloudformation:r:1:stack/game-api/x"),
            ("aws:cloudformation:stack-name", "game-api"),
            ("aws:cloudformation:logical-id", "Lobby"),
        ] {
            instance.tags.insert(key.to_owned(), value.to_owned());
        }
        let text = text(ownership(&sample::snapshot(), &instance, &[]));
        assert!(text.contains("/Resources/Lobby/Properties/InstanceType"), "{text}");
        assert!(text.contains("InstanceType: \"m6i.large\""), "{text}");
    }

    #[test]
    fn a_member_of_a_group_is_changed_by_a_version_of_its_template() {
        let mut instance = sample::instance("i-1", "m5.xlarge");
        instance.kind.auto_scaling_group_name = Some("web".to_owned());
        let mut snapshot = sample::snapshot();
        snapshot.auto_scaling_groups = vec![sample::group("web", 2, 10, 4)];
        let text = text(ownership(&snapshot, &instance, &[]));
        assert!(text.contains("create-launch-template-version"), "{text}");
        assert!(text.contains("--launch-template-id lt-web --source-version 7"), "{text}");
        assert!(!text.contains("update-auto-scaling-group"), "{text}");
    }

    #[test]
    fn a_node_of_a_managed_group_belongs_to_the_node_group() {
        let mut instance = sample::instance("i-1", "m5.xlarge");
        instance.tags.insert("eks:cluster-name".to_owned(), "game".to_owned());
        instance.tags.insert("eks:nodegroup-name".to_owned(), "workers".to_owned());
        let text = text(ownership(&sample::snapshot(), &instance, &[]));
        assert!(text.contains("aws eks create-nodegroup"), "{text}");
    }

    #[test]
    fn an_environment_of_elastic_beanstalk_comes_before_the_group_that_it_made() {
        let mut instance = sample::instance("i-1", "m5.xlarge");
        instance.kind.auto_scaling_group_name = Some("awseb-web".to_owned());
        let key = "elasticbeanstalk:environment-name".to_owned();
        instance.tags.insert(key, "shop".to_owned());
        let text = text(ownership(&sample::snapshot(), &instance, &[]));
        assert!(text.contains("OptionName=InstanceTypes,Value=m6i.large"), "{text}");
    }

    #[test]
    fn a_volume_of_a_groups_member_is_changed_by_the_template_too() {
        let mut member = sample::instance("i-1", "m5.xlarge");
        member.kind.auto_scaling_group_name = Some("web".to_owned());
        let mut snapshot = sample::snapshot();
        snapshot.instances = vec![member];
        snapshot.auto_scaling_groups = vec![sample::group("web", 2, 10, 4)];
        let volume = sample::volume("vol-1", "gp2", Some("i-1"));
        let action = Action::ModifyVolume {
            from: sample::settings("gp2", None),
            to: sample::settings("gp3", None),
            size_gib: 100,
        };
        let text = text(Ownership::of(Question {
            action: &action,
            resource: &volume.reference(ResourceKind::Volume),
            subject: Subject::Volume(&volume),
            inventory: &Inventory::of(&snapshot),
            terraform: &[],
        }));
        assert!(text.contains("\"DeviceName\":\"/dev/sdf\""), "{text}");
    }

    #[test]
    fn a_node_of_karpenter_belongs_to_its_pool() {
        let mut instance = sample::instance("i-1", "m5.xlarge");
        instance.tags.insert("karpenter.sh/nodepool".to_owned(), "default".to_owned());
        assert!(text(ownership(&sample::snapshot(), &instance, &[])).contains("kind: NodePool"));
    }

    #[test]
    fn a_state_of_terraform_says_the_address_and_the_attribute() {
        let state = json!({"format_version": "1.0", "values": {"root_module": {
            "resources": [],
            "child_modules": [{"address": "module.game", "resources": [{
                "address": "module.game.aws_instance.lobby", "mode": "managed",
                "type": "aws_instance", "name": "lobby", "values": {"id": "i-1"},
            }]}],
        }}});
        let instance = sample::instance("i-1", "m5.xlarge");
        let text = text(ownership(&sample::snapshot(), &instance, std::slice::from_ref(&state)));
        assert!(text.contains("# module.game.aws_instance.lobby"), "{text}");
        assert!(text.contains("instance_type = \"m6i.large\""), "{text}");
        let other = sample::instance("i-2", "m5.xlarge");
        assert!(matches!(
            ownership(&sample::snapshot(), &other, &[state]),
            Ownership::Free(Ancestry::Own)
        ));
    }

    #[test]
    fn without_a_state_terraform_may_own_everything() {
        let instance = sample::instance("i-1", "m5.xlarge");
        assert!(matches!(
            ownership(&sample::snapshot(), &instance, &[]),
            Ownership::Free(Ancestry::Possibly(_))
        ));
    }
}
