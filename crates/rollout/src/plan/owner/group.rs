//! Members of Auto Scaling groups, and of node groups of EKS, which are such groups too.

use serde_json::{Value, json};

use trimtab_model::action::Action;
use trimtab_model::environment::Environment;
use trimtab_model::plan::OwnerPatch;
use trimtab_model::resource::auto_scaling_group::AutoScalingGroup;
use trimtab_model::resource::{Resource, ResourceKind, ResourceRef};

use super::{Owned, Ownership, Question, cloudformation, cluster, terraform};
use crate::plan::export::{line, quoted};
use crate::plan::subject::Subject;

/// Returns the group that replaces a resource, and the version of its template that would.
pub(super) fn owner(question: Question<'_>) -> Option<Owned> {
    if let Some((cluster, nodegroup)) = nodegroup(question) {
        let owner = format!("eks-nodegroup:{cluster}/{nodegroup}");
        return Some(Owned::by(&owner, of_nodegroup(question, &owner, &cluster, &nodegroup)));
    }
    let name = group_name(question)?;
    let owner = format!("auto-scaling-group:{name}");
    Some(Owned::by(&owner, of_group(question, &owner, &name)))
}

/// Returns what the owner of a group would change instead.
pub(in crate::plan) fn patch(question: Question<'_>) -> Option<OwnerPatch> {
    owner(question)?.patch
}

/// Returns whether nobody makes a group anew or describes it: no platform, no stack, no module,
/// neither itself nor the launch templates that it launches from.
pub(in crate::plan) fn is_free_group(
    member: Question<'_>,
    group: &Resource<AutoScalingGroup>,
) -> bool {
    let is_of_platform = cluster::environment(member).is_some()
        || cluster::owner(member).is_some()
        || nodegroup(member).is_some();
    let resource = group.reference(ResourceKind::AutoScalingGroup);
    let of_group = Question { resource: &resource, subject: Subject::Group(group), ..member };
    let templates = group.kind.launch_templates.iter().flatten();
    let mut described = templates
        .filter_map(|one| one.launch_template_id.as_ref().or(one.launch_template_name.as_ref()))
        .map(|name| ResourceRef {
            id: name.as_str().into(),
            kind: ResourceKind::LaunchTemplate,
            environment: Environment::Unknown,
            name: None,
            ..resource.clone()
        });
    !is_of_platform
        && matches!(Ownership::of(of_group), Ownership::Free(_))
        && !described.any(|template| is_described(member, &template))
}

/// Returns whether a stack or a module describes a launch template.
fn is_described(question: Question<'_>, template: &ResourceRef) -> bool {
    let is_it = |one: &Resource<_>| {
        let kind: &trimtab_model::resource::launch_template::LaunchTemplate = &one.kind;
        one.account == template.account
            && one.region == template.region
            && (one.id == template.id
                || kind.launch_template_name.as_deref() == Some(template.id.as_str()))
    };
    let listed = question.inventory.snapshot.launch_templates.iter().find(|one| is_it(one));
    let tags = listed.map(|one| &one.tags);
    terraform::describes(question.terraform, template)
        || tags.is_some_and(|tags| cloudformation::is_marked(tags) || terraform::is_marked(tags))
}

/// Returns the group of an instance, or of the instance that a volume hangs on.
pub(in crate::plan) fn group_name(question: Question<'_>) -> Option<String> {
    let instance = match question.subject {
        Subject::Instance(one) => Some(one),
        Subject::Volume(one) => question.inventory.machine(one),
        _ => None,
    }?;
    let tag = || instance.tags.get("aws:autoscaling:groupName");
    instance.kind.auto_scaling_group_name.as_ref().or_else(tag).cloned()
}

/// Returns the cluster and the name of the node group, by its tags or by the group that it made.
fn nodegroup(question: Question<'_>) -> Option<(String, String)> {
    let by_tag = question.tag("eks:cluster-name").zip(question.tag("eks:nodegroup-name"));
    if let Some((cluster, name)) = by_tag {
        return Some((cluster.to_owned(), name.to_owned()));
    }
    let name = match question.subject {
        Subject::Group(group) => group.id.to_string(),
        _ => group_name(question)?,
    };
    let nodegroups = &question.inventory.snapshot.eks_nodegroups;
    let found = nodegroups.iter().find(|one| {
        one.account == question.resource.account
            && one.region == question.resource.region
            && one.kind.auto_scaling_groups.iter().any(|group| group.as_str() == name)
    })?;
    let own = found.id.as_str().rsplit('/').next().unwrap_or(found.id.as_str());
    Some((found.kind.cluster_name.clone(), own.to_owned()))
}

fn of_group(question: Question<'_>, owner: &str, name: &str) -> Option<OwnerPatch> {
    let data = template_data(question)?;
    let region = quoted(question.resource.region.as_str());
    let group = question.inventory.snapshot.auto_scaling_groups.iter().find(|one| {
        one.id.as_str() == name
            && one.account == question.resource.account
            && one.region == question.resource.region
    });
    let (template, version) = template(group);
    let mut text =
        format!("# Auto Scaling group {}: a new version of its launch template\n", line(name));
    if group.is_some_and(|one| one.kind.mixed_instances.is_some()) {
        text.push_str(
            "# The group has a mixed instances policy: change the type in its overrides too.\n",
        );
    }
    text.push_str(&format!(
        "aws ec2 create-launch-template-version {template} --source-version {version} --launch-template-data {} --region {region}\n",
        quoted(&data.to_string())
    ));
    text.push_str("# Then, with the number of the version that this prints, and without updating the group before:\n");
    text.push_str(&format!(
        "# aws autoscaling start-instance-refresh --auto-scaling-group-name {} --desired-configuration {} --preferences {} --region {region}\n",
        quoted(name),
        quoted("{\"LaunchTemplate\":{\"LaunchTemplateId\":\"<the template>\",\"Version\":\"<the number>\"}}"),
        quoted("{\"MinHealthyPercentage\":90,\"AutoRollback\":true}"),
    ));
    super::patch(owner.to_owned(), "awscli", text)
}

/// Returns the options that name a group's template and the version to begin from.
fn template(group: Option<&Resource<AutoScalingGroup>>) -> (String, String) {
    let unknown = || "--launch-template-id '<the launch template of the group>'".to_owned();
    let found = group.and_then(|one| one.kind.launch_templates.as_ref()?.first());
    let Some(found) = found else { return (unknown(), "'<its version>'".to_owned()) };
    let name = match (&found.launch_template_id, &found.launch_template_name) {
        (Some(id), _) => format!("--launch-template-id {}", quoted(id)),
        (None, Some(name)) => format!("--launch-template-name {}", quoted(name)),
        (None, None) => unknown(),
    };
    (name, quoted(found.version.as_deref().unwrap_or("$Default")))
}

/// Returns what differs in the new version; absent for an action that no template carries.
fn template_data(question: Question<'_>) -> Option<Value> {
    match (question.action, question.subject) {
        (Action::ModifyInstanceType { to, .. }, _) => Some(json!({ "InstanceType": to })),
        (Action::ModifyVolume { to, .. }, Subject::Volume(volume)) => {
            let device = volume.kind.attachments.iter().find_map(|at| at.device.as_deref())?;
            let mut disk = json!({ "VolumeType": to.volume_type });
            if let Some(fields) = disk.as_object_mut() {
                fields.extend(to.iops.map(|iops| ("Iops".to_owned(), json!(iops))));
                let throughput = to.throughput_mib_s;
                fields.extend(throughput.map(|each| ("Throughput".to_owned(), json!(each))));
            }
            Some(json!({ "BlockDeviceMappings": [{ "DeviceName": device, "Ebs": disk }] }))
        }
        _ => None,
    }
}

fn of_nodegroup(
    question: Question<'_>,
    owner: &str,
    cluster: &str,
    name: &str,
) -> Option<OwnerPatch> {
    let region = quoted(question.resource.region.as_str());
    let (cluster_word, name_word) = (quoted(cluster), quoted(name));
    let text = match question.action {
        // The types of a node group are fixed when it is made.
        Action::ModifyInstanceType { to, .. } => format!(
            "# Node group {} of {}: its types are fixed, so a new group takes over.\n# What is in angle brackets is that of the present group: aws eks describe-nodegroup --cluster-name {cluster_word} --nodegroup-name {name_word} --region {region}\naws eks create-nodegroup --cluster-name {cluster_word} --nodegroup-name {} --instance-types {} --subnets '<its subnets>' --node-role '<its role>' --scaling-config '<its sizes>' --region {region}\n# Once its nodes are ready, move the pods and remove the old group:\n# aws eks delete-nodegroup --cluster-name {cluster_word} --nodegroup-name {name_word} --region {region}\n",
            line(name),
            line(cluster),
            quoted(&format!("{name}-{}", to.as_str().replace('.', "-"))),
            quoted(to.as_str()),
        ),
        Action::ResizeAutoScalingGroup { to, .. } => format!(
            "aws eks update-nodegroup-config --cluster-name {cluster_word} --nodegroup-name {name_word} --scaling-config minSize={},maxSize={},desiredSize={} --region {region}\n",
            to.min_size, to.max_size, to.desired_capacity
        ),
        _ => return None,
    };
    super::patch(owner.to_owned(), "awscli", text)
}
