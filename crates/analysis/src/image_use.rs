//! Who made an image, and what starts from it.

use trimtab_model::recommendation::Unknown;
use trimtab_model::resource::auto_scaling_group::LaunchTemplateSpecification;
use trimtab_model::resource::image::Image;
use trimtab_model::resource::{Resource, ResourceKind};

use crate::check::Facts;
use crate::verdict::unknown;

/// How a launch template names an image by a parameter of Systems Manager.
const PARAMETER: &str = "resolve:ssm:";

/// How the parameters begin in which AWS publishes its own images.
const PUBLIC_PARAMETER: &str = "resolve:ssm:/aws/service/";

/// Starts of tag keys by which a service marks the images it made.
const OWNERS: &[(&str, &str)] = &[
    ("aws:backup:", "AWS Backup"),
    ("aws:dlm:", "Data Lifecycle Manager"),
    ("dlm:managed", "Data Lifecycle Manager"),
    ("Ec2ImageBuilderArn", "EC2 Image Builder"),
];

/// Returns the service that made the image, where it left its mark.
pub fn owner(image: &Resource<Image>) -> Option<&'static str> {
    let tagged = OWNERS.iter().find_map(|(mark, owner)| {
        image.tags.keys().any(|key| key.starts_with(mark)).then_some(*owner)
    });
    let named = image.kind.name.as_deref().is_some_and(|name| name.starts_with("AwsBackup_"));
    tagged.or(named.then_some("AWS Backup"))
}

/// Returns the first resource that starts from the image, as a phrase.
///
/// # Errors
/// Returns `Unknown` if something that could start from it was not read.
pub fn user(facts: &Facts<'_>, image: &Resource<Image>) -> Result<Option<String>, Unknown> {
    for (kind, source) in [
        (ResourceKind::Instance, "inventory:describe-instances"),
        (ResourceKind::LaunchTemplate, "inventory:describe-launch-templates"),
        (ResourceKind::AutoScalingGroup, "inventory:describe-auto-scaling-groups"),
    ] {
        if !facts.snapshot.was_listed(kind, &image.account, &image.region) {
            return Err(unknown(
                "users-not-listed",
                format!("What may start from the image was not read: {kind}."),
                format!("이미지를 쓰고 있을 수 있는 자원의 목록이 없습니다: {kind}."),
                &[source],
            ));
        }
    }
    let used = instance(facts, image)?;
    let used = if used.is_some() { used } else { template(facts, image)? };
    if used.is_some() { Ok(used) } else { group(facts, image) }
}

fn is_near<K>(image: &Resource<Image>, other: &Resource<K>) -> bool {
    image.account == other.account && image.region == other.region
}

fn instance(facts: &Facts<'_>, image: &Resource<Image>) -> Result<Option<String>, Unknown> {
    let mut unseen = None;
    for one in facts.snapshot.instances.iter().filter(|one| is_near(image, one)) {
        match &one.kind.image_id {
            Some(id) if *id == image.id => return Ok(Some(one.id.to_string())),
            Some(_) => {}
            None => unseen = Some(&one.id),
        }
    }
    unseen.map_or(Ok(None), |id| {
        Err(unknown(
            "instance-image-unknown",
            format!("Which image {id} was started from is not known."),
            format!("어떤 이미지로 시작했는지 알 수 없는 인스턴스가 있습니다: {id}."),
            &["inventory:describe-instances"],
        ))
    })
}

fn template(facts: &Facts<'_>, image: &Resource<Image>) -> Result<Option<String>, Unknown> {
    let mut unseen = None;
    for one in facts.snapshot.launch_templates.iter().filter(|one| is_near(image, one)) {
        let Some(versions) = &one.kind.versions else {
            unseen = Some(one.id.to_string());
            continue;
        };
        for named in versions.iter().filter_map(|version| version.image_id.as_deref()) {
            if named == image.id.as_str() {
                return Ok(Some(one.id.to_string()));
            }
            if is_open(named) {
                unseen = Some(one.id.to_string());
            }
        }
    }
    unseen.map_or(Ok(None), |name| Err(template_unknown(&name)))
}

fn group(facts: &Facts<'_>, image: &Resource<Image>) -> Result<Option<String>, Unknown> {
    let mut unseen = None;
    for one in facts.snapshot.auto_scaling_groups.iter().filter(|one| is_near(image, one)) {
        let templates = &one.kind.launch_templates;
        if one.kind.launch_configuration_name.is_some() || templates.is_none() {
            unseen = Some(one.id.to_string());
        }
        for specification in templates.iter().flatten() {
            match specification.image_id.as_deref() {
                Some(named) if named == image.id.as_str() => return Ok(Some(one.id.to_string())),
                Some(named) if is_open(named) => unseen = Some(one.id.to_string()),
                Some(_) => {}
                None if is_read(facts, image, specification) => {}
                None => unseen = Some(one.id.to_string()),
            }
        }
    }
    unseen.map_or(Ok(None), |name| Err(template_unknown(&name)))
}

/// Returns whether an image is named by a parameter that could name any of the account's.
fn is_open(named: &str) -> bool {
    named.starts_with(PARAMETER) && !named.starts_with(PUBLIC_PARAMETER)
}

/// Returns whether the version is among those that were read with its template.
fn is_read(
    facts: &Facts<'_>,
    image: &Resource<Image>,
    specification: &LaunchTemplateSpecification,
) -> bool {
    let template = facts.snapshot.launch_templates.iter().find(|one| {
        is_near(image, one)
            && (specification.launch_template_id.as_deref() == Some(one.id.as_str())
                || (specification.launch_template_id.is_none()
                    && specification.launch_template_name == one.kind.launch_template_name))
    });
    let Some(versions) = template.and_then(|one| one.kind.versions.as_ref()) else { return false };
    match specification.version.as_deref() {
        None | Some("$Default" | "$Latest") => true,
        Some(number) => versions.iter().any(|version| version.version_number.to_string() == number),
    }
}

fn template_unknown(name: &str) -> Unknown {
    unknown(
        "template-image-unknown",
        format!("Which image {name} starts from is not known."),
        format!("어떤 이미지로 시작하는지 알 수 없는 자원이 있습니다: {name}."),
        &["inventory:describe-launch-templates", "inventory:describe-launch-template-versions"],
    )
}
